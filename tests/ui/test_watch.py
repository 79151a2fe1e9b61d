"""`b`: watching jobs, being told once, and looking at what is watched."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from amltui.feeds.watches import Watches
from amltui.feeds.watching import PACE
from amltui.ui.screens.watch_menu import WatchMenu
from amltui.ui.watcher import Tells
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck


async def watched(deck: Deck, title: str) -> None:
    """Watch a job by its key."""
    await deck.go_to(title)
    await deck.press("b")
    await deck.shows(f"watching {title}", f"◆ {title}")


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_watched_job_tells_of_its_failure_wherever_one_is(
    stage: Stage, size: tuple[int, int]
):
    """The key marks the row; another screen and workspace are shown when the news comes."""
    async with Deck.loaded(stage, size=size) as deck:
        await watched(deck, "vit-b16-lr1e4")
        await deck.press("3")
        await deck.until_shows("vit-b16-lr1e4", "failed: ")
        assert deck.app.watcher.headline[0].startswith("! vit-b16-lr1e4 failed")
        count = len(deck.news)
        await stage.advance(3 * PACE)
        assert len([each for each in deck.news if "failed: " in each]) <= count


@pytest.mark.scenario("busy_night")
async def test_a_second_press_chooses_the_rules(stage: Stage):
    """Space and digits switch, + doubles a limit, Enter takes it; X ends the watch."""
    async with Deck.loaded(stage) as deck:
        await watched(deck, "resnet50-base")
        await deck.press("b")
        await deck.shows("[x] finished", "[x] stalled:30m", "[ ] cost:50")
        await deck.press("space", "6", "j", "j", "j", "j", "plus")
        await deck.shows("[ ] finished", "[x] cost:50", "stalled:1h")
        await deck.press("enter")
        watch = deck.app.watcher.kept.all[0]
        assert [each.text for each in watch.conditions] == [
            "failed", "nan", "stalled:1h", "cost:50", "preempted"
        ]  # fmt: skip
        await deck.press("b", "X")
        await deck.wait(lambda: not deck.app.watcher.kept.all, "no watch")
        await deck.shows("not watched any more")
        assert "◆" not in "".join(deck.lines)


@pytest.mark.scenario("busy_night")
async def test_all_marked_jobs_are_watched(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await deck.go_to("resnet50-base")
        await deck.press("space")
        await deck.go_to("resnet50-fp16")
        await deck.press("space", "b")
        await deck.shows("watching 2 jobs")
        await deck.until_shows("is NaN at step")
        assert {each.title for each in deck.app.watcher.kept.all} == {
            "resnet50-base", "resnet50-fp16"
        }  # fmt: skip


async def test_what_has_ended_cannot_be_watched(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("b")
        await deck.shows("train-first has already ended")
        assert not deck.app.watcher.kept.all


async def test_a_job_is_watched_on_its_own_screen(stage: Stage):
    """The mark is in the header; a second press opens the menu."""
    async with Deck.loaded(stage) as deck:
        going = next(r for r in deck.pane.table.rows if not r.resource.ended_for_good)
        await deck.go_to(going.title)
        await deck.press("enter")
        await deck.shows("Overview")
        await deck.press("b")
        await deck.wait(lambda: "◆" in deck.header)
        await deck.press("b")
        await deck.wait(lambda: isinstance(deck.app.screen, WatchMenu))


@pytest.mark.scenario("busy_night")
async def test_activity_lists_watches_and_ends_one(stage: Stage):
    """When it looked last; X where the cursor is."""
    async with Deck.loaded(stage) as deck:
        await watched(deck, "resnet50-base")
        await deck.until(lambda: any(
            deck.app.watcher.watching.sight(w.key).looked for w in deck.app.watcher.kept.all
        ))  # fmt: skip
        await deck.press("at")
        await deck.shows("watches", "resnet50-base", "Running", "ago")
        await deck.press("tab", "enter")
        await deck.shows("resnet50-base ›")
        await deck.press("escape", "X")
        await deck.wait(lambda: not deck.app.watcher.kept.all, "no watch")


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize("kind", ["403", "429", "500", "reset"])
async def test_that_it_cannot_look_is_told(stage: Stage, kind: str):
    """A watch is never dead in silence: since when, and why; it goes on when it can again."""
    async with Deck.loaded(stage) as deck:
        await watched(deck, "resnet50-base")
        (watch,) = deck.app.watcher.kept.all
        sight = deck.app.watcher.watching.sight(watch.key)
        await deck.until(lambda: sight.looked, "a first look")
        await deck.press("3")
        stage.world.faults.plan({"operation": "*", "kind": kind, "path": "/jobs/", "times": None})
        stage.world.faults.plan(
            {"operation": "*", "kind": kind, "path": "/history/", "times": None}
        )
        await deck.until(lambda: sight.error, "a look that fails")
        await deck.press("at")
        await deck.shows("could not look since")
        stage.world.faults.faults.clear()
        await deck.until(lambda: sight.error is None, "a look that succeeds")


@pytest.mark.scenario("busy_night")
async def test_a_deleted_job_ends_its_watch_with_a_word(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await watched(deck, "resnet50-base")
        (watch,) = deck.app.watcher.kept.all
        await deck.until(lambda: deck.app.watcher.watching.sight(watch.key).looked)
        await deck.press("3")
        stage.world.faults.plan(
            {"operation": "*", "kind": "404", "path": f"/{watch.name}", "times": None}
        )
        await deck.until_shows("is not there any more")
        assert deck.app.watcher.kept.all[0].over == "gone"


@pytest.mark.scenario("busy_night")
async def test_a_filter_watches_all_workspaces(stage: Stage):
    """`:watch failed` and a filter: what fails later is told, what had failed before is not."""
    async with Deck.loaded(stage) as deck:
        await deck.press(":")
        await deck.type("watch failed any")
        await deck.press("enter")
        await deck.shows("watching every job: failed")
        await deck.until(lambda: deck.app.watcher.headline, "news")
        assert "vit-b16-lr1e4 failed" in deck.app.watcher.headline[0]


async def test_what_makes_no_sense_is_answered(stage: Stage):
    async with Deck.loaded(stage) as deck:
        for typed, said in (("diverging user:x", "one job"), ("failed status:odd", "status")):
            await deck.press(":")
            await deck.type(f"watch {typed}")
            await deck.press("enter")
            await deck.shows(said)
        assert not deck.app.watcher.kept.all


def test_watches_survive_in_a_private_file(tmp_path: Path):
    """And one of another version, or damaged, is told and never written over."""
    from tests.feeds.test_watching import a_watch

    path = tmp_path / "state" / "watches.json"
    Watches(lambda: path).put(a_watch())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Watches(lambda: path).all == (a_watch(),)
    for text in (json.dumps({"version": 99}), "{", '{"watches": [1]}'):
        path.write_text(text)
        held = Watches(lambda: path)
        held.put(a_watch())
        assert held.problem.startswith("watches are not kept")
        assert held.all == (a_watch(),)
        assert path.read_text() == text


@pytest.mark.scenario("busy_night")
async def test_progress_is_told_with_its_source(stage: Stage):
    """In the preview as far as metrics count; in the overview also by the bar in the log."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("nlp-sft-7b-r2")
        await deck.until_shows("epoch 0 of 3")
        await deck.go_to("resnet50-base")
        await deck.press("enter")
        await deck.wait(lambda: "bar in the log" in deck.line("progress"), "progress")
        assert "left" in deck.line("progress")


@pytest.mark.scenario("busy_night")
async def test_an_event_rings_notes_and_runs_the_hook(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Each as far as the settings say; a hook that fails is told on the screen."""
    out = tmp_path / "out"
    async with Deck.loaded(stage) as deck:
        heard: list[str] = []
        monkeypatch.setattr(deck.app, "bell", lambda: heard.append("bell"))
        monkeypatch.setattr(deck.app, "note", lambda title, text: heard.append(text))
        deck.app.watcher.tells = Tells(bell=False, hook=f"sh -c 'echo $AMLTUI_EVENT > {out}'")
        await watched(deck, "resnet50-fp16")
        await deck.until_shows("is NaN at step")
        await deck.wait(lambda: out.exists() and out.read_text() == "nan\n", "the hook")
        (note,) = heard
        assert note.startswith("resnet50-fp16 ")
        deck.app.watcher.tells = Tells(notes=False, hook="false")
        await watched(deck, "vit-b16-lr1e4")
        await deck.until_shows("watch_hook false ended with exit code 1")
        assert heard == [note, "bell"]
