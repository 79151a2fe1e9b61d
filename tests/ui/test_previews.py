"""A look inside files of every kind, good and bad, by the keyboard."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from amltui.emulator.blobs import run_files
from amltui.emulator.jobs.log_file import LogFile
from amltui.ui.widgets.log_view import LogView
from tests.stage import Stage
from tests.ui.deck import WIDE, Deck
from tests.ui.test_files import open_all, open_files, paths

PARQUET = (Path(__file__).parents[1] / "domain" / "three.parquet").read_bytes()


def png(colour: str) -> bytes:
    image = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    image.new("RGB", (40, 20), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What every job has left in its outputs."""
    held: dict[str, bytes] = {}
    monkeypatch.setattr(
        run_files,
        "outputs",
        lambda record, metrics, now: {
            f"outputs/{name}": LogFile(head=[(now - 60, data)]) for name, data in held.items()
        },
    )
    return held


async def look_at(deck: Deck, name: str) -> LogView:
    table = await open_files(deck)
    await open_all(deck, table)
    table.go_to(paths(table).index(f"outputs/{name}"))
    await deck.press("enter")
    view = deck.app.screen.query_one("FilesTab LogView", LogView)
    await deck.wait(lambda: name in view.frame_title and "Asking" not in deck.text, name)
    return view


async def test_a_table_has_columns(stage: Stage, files: dict[str, bytes]):
    """Separated values under each other."""
    files["predictions.csv"] = b"name,loss\nfirst,0.25\nsecond,12\n"
    async with Deck.loaded(stage, size=WIDE) as deck:
        await look_at(deck, "predictions.csv")
        await deck.shows("name    loss", "first   0.25", "second    12")


async def test_the_columns_of_a_parquet_file(stage: Stage, files: dict[str, bytes]):
    """Types, rows and row groups, of which only the end of the file is asked for."""
    files["big.parquet"] = b"PAR1" + bytes(300_000) + PARQUET[4:]
    async with Deck.loaded(stage, size=WIDE) as deck:
        await look_at(deck, "big.parquet")
        await deck.shows("3 rows in 2 row groups", "timestamp (INT64)", "element")
        ranges = [
            each.headers.get("x-ms-range") or each.headers.get("range")
            for each in stage.requests
            if "big.parquet" in str(each.url) and "blob" in str(each.url)
        ]
        assert ranges
        assert all(each and not each.startswith("bytes=0-") for each in ranges)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("bad.parquet", b"PAR1 and nothing more", "does not end"),
        ("cut.parquet", b"PAR1" + b"\x15\x02" + b"\x08\0\0\0PAR1", "claims to be"),
        ("odd.parquet", b"PAR1" + b"\x15\x02" + b"\x06\0\0\0PAR1", "its footer cannot be read"),
        ("bad.png", b"\x89PNG and nothing more", "broken"),
        ("wild.csv", b"a,b\n\x1b]0;owned\x07x,2\n", "x  2"),
    ],
)
async def test_a_bad_file_is_one_sentence(
    stage: Stage, files: dict[str, bytes], name: str, data: bytes, words: str
):
    """Nothing that is in a file ends the program, or acts on the terminal."""
    files[name] = data
    async with Deck.loaded(stage, size=WIDE) as deck:
        await look_at(deck, name)
        await deck.shows(words)
        assert "owned" not in deck.text
        assert "Traceback" not in deck.text


async def test_a_picture_is_drawn_in_its_colours(stage: Stage, files: dict[str, bytes]):
    """Two pixels in each cell, the proportions kept."""
    files["plot.png"] = png("#ff0000")
    async with Deck.loaded(stage, size=WIDE) as deck:
        view = await look_at(deck, "plot.png")
        await deck.shows("▀" * 40)
        assert "▀" * 41 not in deck.text
        assert sum("▀" * 40 in line for line in deck.lines) == 10
        styles = [
            s.style for y in range(view.size.height) for s in view.render_line(y) if "▀" in s.text
        ]
        assert all(style and style.color and style.color.triplet == (255, 0, 0) for style in styles)


async def test_without_pillow_it_says_what_to_install(
    stage: Stage, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
):
    """Pictures are an extra: text and tables need nothing."""
    files["plot.png"] = png("#ff0000")
    monkeypatch.setitem(sys.modules, "PIL", None)
    async with Deck.loaded(stage, size=WIDE) as deck:
        await look_at(deck, "plot.png")
        await deck.shows("amltui[images]")
