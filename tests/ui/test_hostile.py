"""What the service writes is shown literally: no markup, no escapes, no reordering."""

from __future__ import annotations

import unicodedata

import pytest

from tests.stage import Stage
from tests.ui.deck import NARROW, Deck

pytestmark = pytest.mark.scenario("busy_night")
HOSTILE = "[bold red]x[/]"


def assert_harmless(text: str) -> None:
    """Nothing on the screen acts on a terminal or hides what follows."""
    odd = {
        glyph
        for glyph in text
        if glyph != "\n" and unicodedata.category(glyph) in {"Cc", "Cf", "Zl", "Zp"}
    }
    assert not odd


@pytest.mark.parametrize("size", [(120, 36), NARROW])
async def test_a_job_with_escapes_in_its_name_is_a_row_like_any_other(
    stage: Stage, size: tuple[int, int]
):
    """In the list, the preview, the frame and the dialog."""
    async with Deck.loaded(stage, size=size) as deck:
        await deck.go_to(HOSTILE)
        assert deck.line(">", HOSTILE)
        await deck.shows(f"┌─ {HOSTILE} ␛[31mred")
        assert_harmless(deck.text)
        await deck.press("x")
        await deck.shows(f"Cancel {HOSTILE}")
        assert_harmless(deck.text)


async def test_its_screens_show_it_literally(stage: Stage):
    """Overview with tags and command, metrics, a log full of escapes, and the facts."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to(HOSTILE)
        await deck.press("enter")
        await deck.shows("[Overview]", "[b]Mallory[/b]", "[reverse]key=␛[5mblink", "echo '[/]'")
        assert_harmless(deck.text)
        await deck.press("m")
        await deck.shows("[Metrics]")
        assert_harmless(deck.text)
        await deck.press("l")
        await deck.shows("[Logs]", "read")
        assert_harmless(deck.text)
        await deck.press("escape", "d")
        await deck.shows("Jobs › ", HOSTILE)
        assert_harmless(deck.text)


async def test_a_toast_about_it_is_literal(stage: Stage):
    """News has no markup either."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to(HOSTILE)
        await deck.press("x")
        await deck.shows(f"Cancel {HOSTILE}")
        await deck.agree()
        await deck.until_shows("cancelled")
        assert any(HOSTILE in news for news in deck.news)
        assert_harmless(deck.text)


async def test_a_filter_with_brackets_finds_it(stage: Stage):
    """What is typed is text, too."""
    async with Deck.loaded(stage) as deck:
        await deck.press("slash")
        await deck.type("[bold")
        await deck.wait(lambda: len(deck.names) == 1)
        assert deck.line("/[bold")
