"""The files of a job: a tree, a look inside, a copy here."""

from __future__ import annotations

from pathlib import Path

import pytest

from amltui.ui.widgets.log_view import LogView
from amltui.ui.widgets.resource_table import ResourceTable
from tests.stage import Stage
from tests.ui.deck import Deck

FIRST = "train-first"


async def open_files(deck: Deck, name: str = FIRST) -> ResourceTable:
    await deck.go_to(name)
    await deck.press("enter")
    await deck.shows("[Over")
    await deck.press("[", "[", "[", "[")
    await deck.shows("[Files]")
    table = deck.app.screen.query_one("FilesTab ResourceTable", ResourceTable)
    await deck.wait(lambda: table.rows or "no files" in table.message, "the files")
    return table


def paths(table: ResourceTable) -> list[str]:
    return [row.resource.path for row in table.rows]


async def open_all(deck: Deck, table: ResourceTable) -> list[str]:
    """Open every folder by keys; the files."""
    place = 0
    while place < len(table.rows):
        row = table.rows[place].resource
        table.go_to(place)
        if row.is_folder:
            before = len(table.rows)
            await deck.press("right")
            await deck.wait(lambda n=before: len(table.rows) > n, row.path)
        place += 1
    return [row.resource.path for row in table.rows if not row.resource.is_folder]


async def test_folders_open_and_close(stage: Stage):
    """`→` asks for what is in a folder, `←` closes it, also from inside."""
    async with Deck.loaded(stage) as deck:
        table = await open_files(deck)
        roots = paths(table)
        files = await open_all(deck, table)
        assert "user_logs/std_log.txt" in files
        table.go_to(paths(table).index("user_logs/std_log.txt"))
        await deck.press("left")
        await deck.wait(lambda: "user_logs/std_log.txt" not in paths(table), "a closed folder")
        assert set(roots) <= set(paths(table))
        assert table.cursor_row is not None
        assert table.cursor_row.resource.path == "user_logs"


async def test_enter_shows_the_start_of_a_file(stage: Stage):
    """What stands in the log stands in the preview."""
    async with Deck.loaded(stage) as deck:
        table = await open_files(deck)
        await open_all(deck, table)
        table.go_to(paths(table).index("user_logs/std_log.txt"))
        await deck.press("enter")
        view = deck.app.screen.query_one("FilesTab LogView", LogView)
        await deck.wait(lambda: view.frame_title.startswith("user_logs/std_log.txt"))
        await deck.shows("python train.py")


async def test_marked_files_are_downloaded(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Into a folder with the job's name, below where amltui was started."""
    monkeypatch.chdir(tmp_path)
    async with Deck.loaded(stage) as deck:
        table = await open_files(deck)
        await open_all(deck, table)
        name = table.rows[0].resource.run_id
        table.go_to(paths(table).index("user_logs/std_log.txt"))
        await deck.press("space", "D")
        await deck.wait(lambda: any("1 file in" in news for news in deck.news), "the download")
        copy = tmp_path / name / "user_logs/std_log.txt"
        assert b"python train.py" in copy.read_bytes()
        await deck.press("up", "D")
        await deck.wait(lambda: any("had been there" in news for news in deck.news), "the second")


async def test_a_refused_folder_says_why(stage: Stage):
    """The tree stays, and the status line says what was refused."""
    async with Deck.loaded(stage) as deck:
        table = await open_files(deck)
        roots = paths(table)
        stage.world.faults.add("Mlflow_ArtifactsList", "403", times=100)
        await deck.press("right")
        await deck.wait(lambda: roots[0] in deck.status, "why it does not open")
        assert paths(table) == roots


async def test_a_job_without_files_says_so(stage: Stage):
    async with Deck.loaded(stage) as deck:
        stage.world.faults.add("Mlflow_ArtifactsList", "404", times=100)
        await deck.go_to(FIRST)
        await deck.press("enter")
        await deck.shows("[Over")
        await deck.press("[", "[", "[", "[")
        await deck.wait(lambda: "files" in deck.status, "the trouble")
        assert "no data yet" in deck.status
