"""Few colours, none, only ASCII, few frames: whatever is left, the screens still say it all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual.drivers.headless_driver import HeadlessDriver

from amltui.domain.health import Health
from amltui.kinds.registry import KINDS
from amltui.ui.app import Dashboard
from amltui.ui.terminal.ascii import in_ascii
from amltui.ui.terminal.display import Display
from amltui.ui.theme import GLYPHS
from tests.stage import Stage
from tests.ui.deck import WIDE, Deck

COLOUR = re.compile(r"\x1b\[(?:[0-9;]*;)?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;[0-9;]*)?m")
RICH_COLOUR = re.compile(r"[34]8;[25];")


@pytest.mark.parametrize(
    ("wanted", "environment", "detected", "colors"),
    [
        ("auto", {}, ColorSystem.TRUECOLOR, "truecolor"),
        ("auto", {}, ColorSystem.EIGHT_BIT, "256"),
        ("auto", {}, ColorSystem.STANDARD, "16"),
        ("auto", {}, None, "none"),
        ("auto", {"NO_COLOR": "1"}, ColorSystem.TRUECOLOR, "none"),
        ("auto", {"NO_COLOR": ""}, ColorSystem.TRUECOLOR, "truecolor"),
        ("256", {"NO_COLOR": "1"}, ColorSystem.TRUECOLOR, "256"),
        ("truecolor", {}, ColorSystem.STANDARD, "truecolor"),
    ],
)
def test_how_many_colours(
    wanted: str, environment: dict[str, str], detected: ColorSystem | None, colors: str
) -> None:
    """What is asked for holds; else what the terminal says; an empty NO_COLOR says nothing."""
    assert Display(wanted).in_terminal(environment, detected).colors == colors


def test_low_bandwidth_is_all_of_it_unless_told_otherwise() -> None:
    done = Display(low_bandwidth=True).in_terminal({}, ColorSystem.TRUECOLOR)
    assert (done.colors, done.ascii) == ("16", True)
    kept = Display("256", low_bandwidth=True).in_terminal({}, ColorSystem.TRUECOLOR)
    assert kept.colors == "256"


@given(st.text(max_size=40))
def test_ascii_takes_as_many_columns(text: str) -> None:
    """Character by character, so that no frame is bent."""
    columns = sum(get_character_cell_size(each) for each in text)
    said = in_ascii(text)
    assert said.isascii()
    if text.isprintable():
        assert cell_len(said) == columns


def test_every_mark_of_health_is_another_one() -> None:
    """In ASCII too: a state is never told by its colour alone."""
    marks = [in_ascii(GLYPHS[health]) for health in Health]
    assert len(set(marks)) == len(Health)


def test_a_curve_keeps_its_course() -> None:
    """High dots become high strokes."""
    assert in_ascii("⠉⠒⠤⣀⡇⠀") == "'--_| "


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    pieces: list[str] = []
    render = Style.render

    def anew(style: Style, *arguments: Any, **options: Any) -> str:
        """Rich makes a style's codes once; here terminals of all sorts share a process."""
        style._ansi = None
        return render(style, *arguments, **options)

    monkeypatch.setattr(Style, "render", anew)
    monkeypatch.setattr(HeadlessDriver, "is_headless", property(lambda self: False))
    monkeypatch.setattr(HeadlessDriver, "write", lambda self, data: pieces.append(data))
    return pieces


async def shown(stage: Stage, display: Display, kind: str) -> str:
    """The text of a list that is painted so."""
    app = Dashboard(stage.connect, clock=stage.clock, first=kind, display=display)
    async with app.run_test(size=WIDE) as pilot:
        deck = Deck(stage, app, pilot)
        await deck.wait(deck.is_loaded)
        await pilot.pause()
        return deck.text


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_without_colour_and_glyphs(stage: Stage, written: list[str], kind) -> None:  # type: ignore[no-untyped-def]
    """No colour is sent, every character is ASCII, and the rows say what they said."""
    text = await shown(stage, Display("none", ascii=True), kind.name)
    assert text.isascii()
    assert not COLOUR.search("".join(written))
    assert "* live" in text


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize(("colors", "sent"), [("16", False), ("256", True)])
async def test_fewer_colours(stage: Stage, written: list[str], colors: str, sent: bool) -> None:
    """Sixteen are the terminal's own; of 256 none is given in full."""
    await shown(stage, Display(colors), "job")
    data = "".join(written)
    assert COLOUR.search(data)
    assert bool(RICH_COLOUR.search(data)) == sent
    assert "8;2;" not in data


async def test_few_frames_end_with_the_same_screen(stage: Stage, written: list[str]) -> None:
    """Ten keys at once are one or two frames; the last of them shows where the cursor is."""
    app = Dashboard(
        stage.connect, clock=stage.clock, first="compute", display=Display(low_bandwidth=True)
    )
    async with app.run_test(size=WIDE) as pilot:
        deck = Deck(stage, app, pilot)
        await deck.wait(deck.is_loaded)
        await pilot.pause(0.5)
        written.clear()
        for _ in range(5):
            await deck.press("j", "k")
        await deck.press("j")
        name = deck.cursor
        await deck.wait(lambda: name in "".join(written), "the row under the cursor")
        await pilot.pause(0.3)
        assert 0 < len([piece for piece in written if ">" in piece]) <= 4
