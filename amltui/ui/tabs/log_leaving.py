"""Ways out of the logs tab: into a file, into a pager, to jobs that failed alike."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from textual.app import SuspendNotSupported

from amltui.azure.errors import AzureError
from amltui.feeds import saved_log
from amltui.kinds.format import one_line, size

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard
    from amltui.ui.tabs.logs import LogsTab

LONG = 10.0
"""Seconds that a message stays which tells where something is."""


def save_as(tab: LogsTab, name: str) -> None:
    """Save the whole file under a name; the same name again replaces what is there."""
    target = Path(name).expanduser()
    anew = tab.refused == target
    tab.refused = None
    if target.exists() and not anew:
        tab.refused = target
        _warn(tab, f"{target} is there already: ^S and the same name again replace it")
        return
    tab.run_worker(_save(tab, target, anew), group="save", exclusive=True)


async def _save(tab: LogsTab, target: Path, anew: bool) -> None:
    log = tab.open_log
    try:
        if log is None:
            written = await asyncio.to_thread(_write, target, tab.view.text + "\n", anew)
        else:

            def told(done: int, whole: int | None) -> None:
                tab.doing = f"saving {size(done)} of {size(whole)}"
                tab.post_message(tab.News())

            written = await saved_log.save(log.tail, target, told, anew=anew)
    except (AzureError, OSError) as error:
        _warn(tab, f"{target} was not saved: {error}")
    else:
        tab.notify(f"Saved {size(written)} to {target}", timeout=LONG, markup=False)
    finally:
        tab.doing = ""
        tab.post_message(tab.News())


def _write(target: Path, text: str, anew: bool) -> int:
    with target.open("w" if anew else "x", encoding="utf-8") as file:
        file.write(text)
    return target.stat().st_size


def leave_to_pager(tab: LogsTab) -> None:
    """The lines that are held, as plain text, in $PAGER; the dashboard is back when that ends."""
    command = shlex.split(os.environ.get("PAGER") or "less")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "log.txt"
        copy.write_text(tab.view.text + "\n", encoding="utf-8")
        try:
            with tab.app.suspend():
                subprocess.run([*command, str(copy)], check=False)
        except SuspendNotSupported:
            _warn(tab, "This terminal cannot be left to a pager")
        except OSError as error:
            _warn(tab, f"{command[0]} could not be run: {error}; $PAGER names another one")


def show_alike(tab: LogsTab, pattern: str) -> None:
    """The list of jobs, of those whose error matches; the job's own screen is closed."""
    from amltui.kinds.arrange import Arrangement

    dashboard = cast("Dashboard", tab.app)

    async def show() -> None:
        await dashboard.action_pane("job")
        if (pane := dashboard.list_pane) is not None:
            pane.arrangement = Arrangement(f"status:failed error:~{pattern}")

    dashboard.run_worker(show())


def _warn(tab: LogsTab, text: str) -> None:
    tab.notify(one_line(text), severity="warning", timeout=LONG, markup=False)
