"""Steps and trials in the list of jobs, below the job they belong to."""

from __future__ import annotations

import pytest

from amltui.ui.screens.job import JobScreen
from tests.stage import Stage
from tests.ui.deck import Deck


def asked(stage: Stage) -> int:
    """Questions for children so far."""
    return len(stage.sent("GET", "/children"))


def tree(deck: Deck) -> list[tuple[int, str]]:
    """Depth and title of each row."""
    return [(row.depth, row.title) for row in deck.pane.table.rows]


async def opened(deck: Deck, title: str) -> None:
    """Open a row and wait for what lies below it."""
    await deck.go_to(title)
    await deck.press("right")
    await deck.wait(
        lambda: any(row.title == title and row.below not in {None, "…"} for row in rows(deck)),
        f"what lies below {title}",
    )


def rows(deck: Deck):  # type: ignore[no-untyped-def]
    return deck.pane.table.rows


async def test_children_are_asked_for_when_a_row_is_opened_and_not_before(stage: Stage):
    """The arrow opens a sweep in place; closed and opened again it is there at once."""
    async with Deck.loaded(stage) as deck:
        assert asked(stage) == 0
        before = tree(deck)
        assert "▸ depth-sweep" in deck.text
        await opened(deck, "depth-sweep")
        assert asked(stage) == 1
        await deck.shows("▾ 4 depth-sweep", "  trial_00")
        at = tree(deck).index((0, "depth-sweep"))
        below = tree(deck)[at + 1 : at + 5]
        assert below == [(1, f"trial_0{n}") for n in range(4)]
        await deck.press("left")
        assert tree(deck) == before
        await deck.press("right")
        assert tree(deck)[at + 1 : at + 5] == below
        assert asked(stage) == 1


async def test_arrows_go_down_into_a_tree_and_up_again(stage: Stage):
    """Right on an open row is its first child, left on a child its parent."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "weekly-features")
        await deck.press("right")
        assert deck.pane.table.cursor_row.title == "extract"
        await deck.press("j", "left")
        assert deck.pane.table.cursor_row.title == "weekly-features"


async def test_keys_on_a_child_are_about_the_child(stage: Stage):
    """Enter opens it, a mark is its own, and the copied name is its name."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "depth-sweep")
        await deck.press("right", "space", "space")
        await deck.shows("marked 2")
        await deck.press("c")
        copied = deck.app.clipboard.split("\n")
        assert [name.rpartition("_")[2] for name in copied] == ["0", "1"]
        await deck.press("U", "enter")
        await deck.wait(lambda: isinstance(deck.app.screen, JobScreen), "the trial's screen")
        assert deck.app.screen.job.title == "trial_02"  # type: ignore[attr-defined]


async def test_marks_live_on_while_their_parent_is_closed(stage: Stage):
    """They are counted as not shown, and nothing is done to them."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "depth-sweep")
        await deck.press("right", "space", "left", "left")
        await deck.shows("marked 1", "1 not shown")
        await deck.press("right")
        await deck.wait(lambda: "not shown" not in deck.text)


async def test_a_filter_finds_children_and_keeps_their_parent(stage: Stage):
    """A match shows all that is open below it; a match below shows the way to it; rows that are
    no jobs of the list are not counted as such."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "weekly-features")
        whole = len(deck.pane.view.items)
        await deck.press("slash")
        await deck.type("transform")
        await deck.wait(lambda: tree(deck) == [(0, "weekly-features"), (1, "transform")])
        assert f"1 of {whole}" in deck.text
        for _ in "transform":
            await deck.press("backspace")
        await deck.type("type:pipeline")
        await deck.wait(lambda: len(tree(deck)) == 4, "the pipeline with its three steps")


async def test_a_sorted_list_is_sorted_below_too(stage: Stage):
    """By the same column, each child below its own parent."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "weekly-features")
        await deck.press("greater_than_sign", "greater_than_sign", "backslash")
        await deck.wait(lambda: "by NAME ▼" in deck.text)
        found = tree(deck)
        at = found.index((0, "weekly-features"))
        assert found[at + 1 : at + 4] == [(1, "transform"), (1, "load"), (1, "extract")]
        roots = [title.lower() for depth, title in found if not depth]
        assert roots == sorted(roots, reverse=True)


async def test_what_cannot_be_read_is_told_and_asked_again(stage: Stage):
    """The row says so, one message says why, and r asks again."""
    stage.world.faults.add("Runs_GetChildren", "403", times=1)
    async with Deck.loaded(stage) as deck:
        await opened(deck, "depth-sweep")
        await deck.shows("▾ ! depth-sweep", "children cannot be read")
        await deck.press("r")
        await deck.until_shows("▾ 4 depth-sweep")


async def test_only_what_may_have_children_is_opened(stage: Stage):
    """On a command job the arrow says that there are none, and nothing is asked."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("right")
        await deck.shows("train-first has no children")
        assert asked(stage) == 0


@pytest.mark.scenario("busy_night")
async def test_pipelines_of_pipelines_open_level_by_level(stage: Stage):
    """A step that is a pipeline has a mark of its own, and its steps stand two levels down."""
    async with Deck.loaded(stage) as deck:
        await deck.press("slash")
        await deck.type("nightly-retrain")
        await deck.press("enter")
        await deck.wait(lambda: len(tree(deck)) == 1)
        for title in ("nightly-retrain", "train", "tune"):
            await opened(deck, title)
        assert tree(deck) == [
            (0, "nightly-retrain"),
            (1, "prepare"),
            (1, "train"),
            (2, "tune"),
            (3, "coarse"),
            (3, "fine"),
            (2, "fit"),
            (2, "evaluate"),
            (1, "register"),
        ]
        await deck.shows("  ▸ prepare", "    ▾ 2 tune")


@pytest.mark.scenario("busy_night")
async def test_a_large_sweep_comes_page_by_page(stage: Stage):
    """200 trials: what is loaded has a plus; at its end the rest is asked for, and counted."""
    async with Deck.loaded(stage) as deck:
        await deck.press("slash")
        await deck.type("depth-grid")
        await deck.press("enter")
        await deck.wait(lambda: len(tree(deck)) == 1)
        await opened(deck, "depth-grid")
        (grid, *first) = rows(deck)
        assert 0 < len(first) < 200
        assert grid.below == f"{len(first)}+"
        before = asked(stage)
        await deck.press("G")
        await deck.wait(lambda: len(rows(deck)) > 1 + len(first), "a further page")
        assert asked(stage) == before + 1
        await deck.press("G")
        await deck.wait(lambda: rows(deck)[0].below == "200", "all of them")
        assert len({row.resource.key for row in rows(deck)}) == 201
