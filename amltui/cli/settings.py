"""Which cloud, which sign-in, which place: flags, then environment, then file, then defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from amltui.cli.exits import Usage
from amltui.domain.place import Wish

AUTH = ("auto", "cli", "device-code", "managed-identity", "environment", "browser")
COLORS = ("auto", "truecolor", "256", "16", "none")
SWITCHED = ("off", "on")
DISPLAY = ("colors", "ascii", "low_bandwidth")
CACHE = ("on", "off")
TOLD = ("bell", "notes", "watch_hook")
KEYS = (
    "cloud",
    "auth",
    "tenant",
    "subscription",
    "resource_group",
    "workspace",
    "cache",
    "cache_dir",
    "charts",
    "home",
    "read_only",
    *TOLD,
    *DISPLAY,
)
LISTS = ("protected", "read_only_workspaces")
"""Keys whose values are lists of workspaces' names."""
HOMES = ("auto", "pulse", "jobs")
CHARTS = ("braille", "blocks", "ascii")
PLACE = ("subscription", "resource_group", "workspace")


class Settings(Struct, frozen=True):
    """What every command works with."""

    cloud: str = "AzureCloud"
    """A name, or the URL of a Resource Manager endpoint."""
    auth: str = "auto"
    tenant: str | None = None
    subscription: str | None = None
    resource_group: str | None = None
    workspace: str | None = None
    cache: str = "on"
    """Whether the dashboard remembers its rows from one run to the next."""
    cache_dir: str | None = None
    """Where cache and state go; None is the platform's own place."""
    colors: str = "auto"
    """How many the terminal is to be sent: one of COLORS."""
    ascii: str = "off"
    """Whether only ASCII is painted; this and the next are one of SWITCHED."""
    low_bandwidth: str = "off"
    """Whether few frames are sent, in sixteen colours and ASCII."""
    charts: str | None = None
    """What the curves of charts are made of; None is the finest that the locale can write."""
    read_only: str = "off"
    """Whether nothing at all may be changed: one of SWITCHED."""
    bell: str = "on"
    """Whether the terminal's bell tells of what is watched: this and the next are of SWITCHED."""
    notes: str = "on"
    """Whether the terminal is asked for a note on the desktop."""
    watch_hook: str = ""
    """A command that is run for what is watched, without a shell."""
    protected: tuple[str, ...] = ()
    """Workspaces in which every change is confirmed by typing."""
    read_only_workspaces: tuple[str, ...] = ()
    """Workspaces in which nothing may be changed."""
    home: str = "auto"
    """The screen that opens first: one of HOMES; auto is Pulse unless a workspace is named."""
    config: Path | None = None
    """The file that was read; None if there was none."""
    all_workspaces: bool = False

    @property
    def wish(self) -> Wish:
        return Wish(self.subscription, self.resource_group, self.workspace)

    @property
    def opens_pulse(self) -> bool:
        """Whether the screen about all workspaces opens first."""
        return self.home == "pulse" or (self.home == "auto" and self.workspace is None)

    @classmethod
    def gather(cls, flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
        """The settings in effect; Usage if one of them cannot be understood."""
        everywhere = bool(flags.get("all_workspaces"))
        if everywhere and flags.get("workspace"):
            raise Usage("--all-workspaces and --workspace exclude each other: give one of them")
        path, values = _from_file(flags.get("config") or environment.get("AMLTUI_CONFIG"))
        for key in KEYS:
            if set_in_environment := environment.get(f"AMLTUI_{key.upper()}"):
                values[key] = set_in_environment
        for key in LISTS:
            if set_in_environment := environment.get(f"AMLTUI_{key.upper()}"):
                values[key] = tuple(set_in_environment.replace(",", " ").split())
        if everywhere:
            # A place that is only the usual one gives way; one that was asked for now narrows.
            values = {key: value for key, value in values.items() if key not in PLACE}
        given = {
            key: value for key, value in flags.items() if key in cls.__struct_fields__ and value
        }
        settings = cls(**{**values, **given, "config": path})
        _check(settings)
        return settings


def state_directory(settings: Settings) -> Path:
    """Where what the user has chosen on the screen is kept."""
    if settings.cache_dir is not None:
        return Path(settings.cache_dir).expanduser()
    from platformdirs import user_state_path

    return user_state_path("amltui")


def default_file() -> Path:
    """Where this platform keeps a program's configuration."""
    from platformdirs import user_config_path

    return user_config_path("amltui") / "config.toml"


def _from_file(named: str | None) -> tuple[Path | None, dict[str, Any]]:
    path = Path(named).expanduser() if named else default_file()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if named is None:
            return None, {}
        raise Usage(f"there is no file {path}: correct --config or AMLTUI_CONFIG") from None
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"cannot read {path}: {error}") from None
    if not text.strip():
        return path, {}
    import tomllib

    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Usage(f"{path} is not valid TOML: {error}") from None
    for key in LISTS:
        if key in values:
            values[key] = _names(path, key, values[key])
    for key, value in values.items():
        if key in LISTS:
            continue
        if key not in KEYS:
            raise Usage(f"{path}: unknown key {key!r}; the keys are {', '.join((*KEYS, *LISTS))}")
        if not isinstance(value, str):
            raise Usage(f'{path}: {key} must be text in quotes, as in {key} = "…"')
    return path, {key: value for key, value in values.items() if value}


def _names(path: Path, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise Usage(f'{path}: {key} must be a list of names, as in {key} = ["vision-prod"]')
    return tuple(value)


def _check(settings: Settings) -> None:
    for key, known in (
        ("colors", COLORS),
        ("ascii", SWITCHED),
        ("low_bandwidth", SWITCHED),
        ("read_only", SWITCHED),
        ("bell", SWITCHED),
        ("notes", SWITCHED),
    ):
        if (value := getattr(settings, key)) not in known:
            raise Usage(f"{key} cannot be {value!r}: it is {', '.join(known)}")
    if settings.auth not in AUTH:
        raise Usage(f"there is no sign-in named {settings.auth!r}; they are {', '.join(AUTH)}")
    if settings.cache not in CACHE:
        raise Usage(f"cache is {' or '.join(CACHE)}, not {settings.cache!r}")
    if settings.home not in HOMES:
        raise Usage(f"home is {', '.join(HOMES)}, not {settings.home!r}")
    if settings.charts not in (None, *CHARTS):
        raise Usage(f"charts are made of {', '.join(CHARTS)}, not {settings.charts!r}")
