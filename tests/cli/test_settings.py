"""Which cloud, sign-in and place are in effect: flags, then environment, then file."""

from __future__ import annotations

from pathlib import Path

import pytest

from amltui.cli.arguments import parse
from amltui.cli.exits import Usage
from amltui.cli.settings import Settings
from tests.cli.conftest import Amltui
from tests.cli.service import Service


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.toml"
    path.write_text('cloud = "file-cloud"\nauth = "cli"\nworkspace = "file-ws"\n')
    return path


def test_flags_beat_the_environment_which_beats_the_file(config: Path) -> None:
    """Each setting comes from the nearest place that has it."""
    environment = {"AMLTUI_AUTH": "browser", "AMLTUI_WORKSPACE": "env-ws"}
    flags = {"config": str(config), "workspace": "flag-ws"}
    settings = Settings.gather(flags, environment)
    assert (settings.cloud, settings.auth, settings.workspace) == (
        "file-cloud",
        "browser",
        "flag-ws",
    )
    assert settings.config == config


def test_charts_are_made_of_what_the_terminal_can_show() -> None:
    """By the file or the environment; anything else is refused by its name."""
    assert Settings.gather({}, {"AMLTUI_CHARTS": "ascii"}).charts == "ascii"
    with pytest.raises(Usage, match="braille, blocks, ascii, not 'sixel'"):
        Settings.gather({}, {"AMLTUI_CHARTS": "sixel"})


def test_an_empty_variable_is_not_set(config: Path) -> None:
    """`AMLTUI_AUTH=` takes nothing away."""
    settings = Settings.gather({"config": str(config)}, {"AMLTUI_AUTH": ""})
    assert settings.auth == "cli"


def test_the_file_is_named_by_the_environment_too(config: Path) -> None:
    """AMLTUI_CONFIG is where the file is, unless --config says otherwise."""
    assert Settings.gather({}, {"AMLTUI_CONFIG": str(config)}).workspace == "file-ws"


def test_the_platform_has_a_place_for_the_file(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without being named the file is read where this platform keeps such files, if it is there."""
    monkeypatch.setattr("amltui.cli.settings.default_file", lambda: config)
    assert Settings.gather({}, {}).workspace == "file-ws"
    monkeypatch.setattr("amltui.cli.settings.default_file", lambda: tmp_path / "none.toml")
    assert Settings.gather({}, {}) == Settings()


def test_all_workspaces_overrides_the_usual_place(config: Path) -> None:
    """A place from the file gives way; one that was asked for beside it still narrows."""
    flags = {"config": str(config), "all_workspaces": True, "resource_group": "rg"}
    settings = Settings.gather(flags, {"AMLTUI_SUBSCRIPTION": "s"})
    assert (settings.workspace, settings.subscription) == (None, None)
    assert settings.resource_group == "rg"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cloud = ", "not valid TOML"),
        ('clowd = "x"', "unknown key 'clowd'"),
        ("workspace = 5", "must be text in quotes"),
        ('auth = "password"', "no sign-in named 'password'"),
        (b"\xff\xfe", "cannot read"),
    ],
)
def test_a_file_that_is_wrong(text: str | bytes, said: str, tmp_path: Path, amltui: Amltui) -> None:
    """The mistake is named in one sentence, and it is one of usage."""
    path = tmp_path / "wrong.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    ended = amltui("jobs", "--config", str(path))
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint


def test_a_file_that_is_not_there(tmp_path: Path, amltui: Amltui) -> None:
    """A file that was named has to be there; a directory is none."""
    ended = amltui("jobs", "--config", str(tmp_path / "none.toml"))
    assert ended.code == 2
    assert "there is no file" in ended.complaint
    assert amltui("jobs", "--config", str(tmp_path)).code == 2


def test_a_place_and_everywhere_exclude_each_other() -> None:
    """--all-workspaces beside --workspace is a contradiction, and refused."""
    with pytest.raises(Usage, match="exclude each other"):
        Settings.gather({"all_workspaces": True, "workspace": "w", "config": "/dev/null"}, {})


def test_the_order_holds_on_the_wire(
    on_busy: Amltui, bare: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The jobs that come are those of the workspace that the flag, variable or file names."""
    path = tmp_path / "config.toml"
    path.write_text('workspace = "edu-lab"\n')

    def seen(*arguments: str) -> set[str]:
        jobs = on_busy("jobs", "--config", str(path), "-o", "json", *arguments).json
        return {job["workspace"] for job in jobs}

    assert seen() == {"edu-lab"}
    bare.setenv("AMLTUI_WORKSPACE", "nlp-dev")
    assert seen() == {"nlp-dev"}
    assert seen("--workspace", "risk-prod") == {"risk-prod"}
    assert len(seen("--all-workspaces")) == 5


def test_flags_of_the_place_stand_anywhere(on_busy: Amltui) -> None:
    """Before the command or after it, with a blank or an equals sign: it is the same."""
    before = on_busy("--workspace", "edu-lab", "compute", "-o", "csv")
    after = on_busy("compute", "-o", "csv", "--workspace=edu-lab")
    assert before.code == 0
    assert before.out.splitlines()[1].split(",")[0] == after.out.splitlines()[1].split(",")[0]


def test_an_exact_place_is_not_looked_for(on_calm: Amltui, calm: Service) -> None:
    """Where subscription, group and workspace are given, nothing is listed to find them."""
    looking = ("ResourceGraph_Query", "Subscriptions_List", "Workspaces_ListBySubscription")
    before = calm.calls()
    for command in ("jobs", "compute", "models"):
        assert on_calm(command, *calm.place, "-o", "json").code == 0
    after = calm.calls()
    assert [after.get(each) for each in looking] == [before.get(each) for each in looking]
    assert after["Jobs_List"] > before.get("Jobs_List", 0)


def test_an_exact_place_of_the_environment(
    on_calm: Amltui, calm: Service, bare: pytest.MonkeyPatch
) -> None:
    """The three variables do the same as the three flags."""
    bare.setenv("AMLTUI_SUBSCRIPTION", calm.subscription_id)
    bare.setenv("AMLTUI_RESOURCE_GROUP", calm.resource_group)
    bare.setenv("AMLTUI_WORKSPACE", calm.workspace)
    before = calm.calls().get("ResourceGraph_Query")
    ended = on_calm("compute", "-o", "json")
    assert {each["workspace"] for each in ended.json} == {calm.workspace}
    assert calm.calls().get("ResourceGraph_Query") == before


def test_how_the_dashboard_is_painted(tmp_path: Path) -> None:
    """By file, environment and flag, as everything else."""
    path = tmp_path / "config.toml"
    path.write_text('colors = "16"\nascii = "on"\n')
    settings = Settings.gather({"config": str(path)}, {"AMLTUI_LOW_BANDWIDTH": "on"})
    assert (settings.colors, settings.ascii, settings.low_bandwidth) == ("16", "on", "on")
    asked = vars(parse(["--colors", "none", "demo", "--ascii"]))
    assert Settings.gather(asked, {"AMLTUI_COLORS": "256"}).colors == "none"
    assert asked["ascii"] == "on"


@pytest.mark.parametrize(("key", "value"), [("colors", "many"), ("ascii", "yes")])
def test_a_display_that_is_unknown(key: str, value: str) -> None:
    """The sentence names what there is."""
    with pytest.raises(Usage, match=f"{key} cannot be '{value}': it is .*o"):
        Settings.gather({key: value}, {})
