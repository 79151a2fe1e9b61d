"""What a command loads: no screen for a script, and nothing slow before it is known what for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.cli.service import PATIENCE, ROOT, Service, surroundings

REPORT = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"


def _loaded(code: str, service: Service | None = None) -> set[str]:
    """The names of the modules that are loaded once the code has run."""
    ended = subprocess.run(
        [sys.executable, "-c", f"{code}; {REPORT}"],
        env=surroundings(service.environment if service else {}),
        cwd=ROOT,
        capture_output=True,
        timeout=PATIENCE,
        text=True,
        check=True,
    )
    return set(json.loads(ended.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [["jobs"], ["metrics", "resnet34-distill"], ["doctor"]],
)
def test_a_command_needs_no_screen(arguments: list[str], busy: Service) -> None:
    """A command for scripts does its work without Textual and without plotext.

    Where a token is to be had just so, also without azure-identity and what httpx's own command
    line needs.
    """
    loaded = _loaded(f"from amltui.cli import main; assert main({arguments!r}) == 0", busy)
    assert "httpx" in loaded
    assert not loaded & {"textual", "plotext", "amltui.ui.app"}
    assert not loaded & {"azure.identity", "azure.core", "msal", "cryptography", "pygments"}


def test_the_package_itself_loads_nothing() -> None:
    """`import amltui.cli` is next to nothing: no client, no kinds, no event loop."""
    loaded = _loaded("import amltui.cli")
    assert not loaded & {"httpx", "azure.identity", "textual", "asyncio", "argparse"}
    assert not {name for name in loaded if name.startswith(("amltui.kinds", "amltui.azure"))}


def test_help_is_not_kept_waiting() -> None:
    """The command line is built without the HTTP client, the sign-in library or the screen."""
    code = "from amltui.cli.arguments import parse; parse(['jobs'])"
    assert not _loaded(code) & {"httpx", "azure.identity", "azure.core", "textual", "rich"}


def test_the_dashboard_does_not_wait_for_other_commands() -> None:
    """Without a command, only what the dashboard declares is loaded, and no TOML without a file."""
    code = "from amltui.cli.arguments import parse; import amltui.cli.settings; parse([])"
    loaded = _loaded(code)
    assert "amltui.cli.commands.dashboard" in loaded
    assert not loaded & {"amltui.cli.commands.lists", "amltui.cli.commands.doctor", "tomllib"}


def test_the_dashboard_paints_before_it_connects() -> None:
    """Loading the dashboard loads neither httpx nor azure-identity nor plotext."""
    code = "import amltui.cli.commands.demo, amltui.ui.app"
    loaded = _loaded(code)
    assert "textual" in loaded
    assert not loaded & {"httpx", "azure.identity", "azure.core", "plotext", "starlette"}
