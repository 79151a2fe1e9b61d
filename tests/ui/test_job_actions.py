"""What can be done to jobs: from the menu of actions, with words, with an editor, to many."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amltui.feeds.editor import Manuscript, NoEditor
from amltui.ui.app import Dashboard
from tests.stage import Stage
from tests.ui.deck import Deck


async def chosen(deck: Deck, title: str, *keys: str) -> None:
    await deck.go_to(title)
    await deck.press(*keys)


async def from_menu(deck: Deck, title: str, action: str) -> None:
    """Choose an action in the menu by moving to it."""
    await chosen(deck, title, "a")
    await deck.shows(f"actions on {title}")
    table = deck.app.screen.query_one("ResourceTable")
    names = [row.resource.name for row in table.rows]
    table.go_to(names.index(action))
    await deck.press("enter")


async def test_the_menu_names_every_action_and_why_one_cannot_be_done(stage: Stage):
    """A finished job: cancelling is refused with the reason, and nothing has been sent."""
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "a")
        await deck.shows("actions on train-first")
        assert "has already ended: Completed" in deck.line("Cancel", " x ")
        assert "is not archived" in deck.line("Restore")
        for title in ("Resubmit", "Tag", "Untag", "Rename", "Describe", "Archive", "Delete"):
            assert deck.line(title)
        await deck.press("1")
        await deck.shows("train-first has already ended")
        assert not stage.sent("POST", "/cancel")


async def test_the_menu_is_there_for_every_kind_with_actions(stage: Stage):
    """Of an instance: the keys of its actions work in the menu too."""
    async with Deck.loaded(stage, first="compute") as deck:
        await chosen(deck, "kim-dev", "a")
        await deck.shows("actions on kim-dev", "is Running, not Stopped")
        await deck.press("S")
        await deck.shows("S  Stop kim-dev?")


async def test_a_job_is_archived_and_leaves_the_list(stage: Stage):
    """The service hides it, the list loses it, and one line says that it was done."""
    async with Deck.loaded(stage) as deck:
        await from_menu(deck, "train-first", "Archive")
        await deck.shows("Archive train-first?", "nothing is deleted")
        await deck.agree()
        await deck.until_shows("train-first archived")
        await deck.until(lambda: not deck.line("train-first", "Completed"))
        (sent,) = [request for request in stage.requests if request.method == "PATCH"]
        assert json.loads(sent.content) == {"hidden": True}


async def test_a_job_is_renamed_to_whatever_is_typed(stage: Stage):
    """The dialog says what it will be called; the list shows it, brackets and all."""
    async with Deck.loaded(stage) as deck:
        await from_menu(deck, "train-first", "Rename")
        await deck.shows("is shown as train-first")
        await deck.press("ctrl+u")
        await deck.shows("A name has at least one letter")
        await deck.agree()
        assert not [request for request in stage.requests if request.method == "PATCH"]
        await deck.type("[red]x[/]")
        await deck.shows("is shown as [red]x[/]")
        await deck.agree()
        await deck.until(lambda: deck.line("[red]x[/]", "Completed"))


async def test_a_job_is_described(stage: Stage):
    """The line begins with what is there; the dialog says what is written over."""
    async with Deck.loaded(stage) as deck:
        for text, more in (("first try", "is described as"), (" again", "! instead of first try")):
            await from_menu(deck, "train-first", "Describe")
            await deck.shows("Describe train-first?")
            await deck.press("end")
            await deck.type(text)
            await deck.shows(more)
            await deck.agree()
            await deck.until_shows("train-first described")
            await deck.until(
                lambda text=text: any(
                    (row.resource.description or "").endswith(text.strip())
                    for row in deck.pane.table.rows
                )
            )
        (_, sent) = [request for request in stage.requests if request.method == "PATCH"]
        assert json.loads(sent.content) == {"description": "first try again"}


async def test_tags_are_added_and_taken_away(stage: Stage):
    """`e` merges tags; the menu's Untag offers those that the job has."""
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "e")
        await deck.shows("Tag train-first?", "At least one is wanted")
        await deck.type("team=vision note='two words'")
        await deck.shows("has the tags team=vision note=two words")
        await deck.agree()
        await deck.until_shows("train-first tagged")
        await deck.until(lambda: "team=vision" in deck.text and "two words" in deck.line("tags"))
        await from_menu(deck, "train-first", "Untag")
        await deck.shows("Untag train-first?")
        assert "team" in deck.text
        await deck.press("ctrl+u")
        await deck.type("team")
        await deck.shows("loses the tags team")
        await deck.agree()
        await deck.until_shows("train-first untagged")
        await deck.until(lambda: "team=vision" not in deck.line("tags", "note"))


async def test_a_job_is_deleted_only_by_typing_its_name(stage: Stage):
    """Enter alone does nothing; the name does; then it is gone from the service."""
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "X")
        await deck.shows("X  Delete train-first?", "are gone for good", "DELETE …")
        await deck.agree()
        await deck.type("train-firs")
        await deck.press("enter")
        assert not stage.sent("DELETE", "")
        await deck.type("t")
        await deck.agree()
        await deck.until_shows("train-first deleted")
        await deck.until(lambda: not deck.line("train-first", "Completed"))
        assert len([each for each in stage.requests if each.method == "DELETE"]) == 1


async def test_a_running_job_is_not_deleted(stage: Stage):
    """The refusal says what to do before."""
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-baseline", "X")
        await deck.shows("train-baseline is Running: cancel it before deleting it")


def kept() -> list[Path]:
    """Texts for an editor that are still there."""
    return list(Path(tempfile.gettempdir()).glob("amltui-*.json"))


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Texts for an editor are made in a folder of the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], str]], list[str]]:
    """Does to the text what it is told to; what it was given is kept."""

    def set_up(change: Callable[[str], str]) -> list[str]:
        given: list[str] = []

        def edited(app: Dashboard, manuscript: Manuscript) -> str:
            given.append(manuscript.path.read_text())
            manuscript.path.write_text(change(given[-1]))
            return manuscript.path.read_text()

        monkeypatch.setattr(Dashboard, "edited", edited)
        return given

    return set_up


async def test_a_job_is_submitted_again_as_edited(stage: Stage, editor: Any):
    """The editor has what was asked for; what comes back is put under a new name."""
    given = editor(lambda text: text.replace("python train.py", "python train.py --lr 1"))
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("Resubmit train-first?", "edited: command", "a new job")
        document = json.loads(given[0])
        assert "status" not in document["properties"]
        assert "Studio" not in given[0]
        await deck.agree()
        await deck.until_shows("train-first submitted again")
        assert not kept()
        (sent,) = [request for request in stage.requests if request.method == "PUT"]
        assert sent.url.path.endswith(f"/jobs/{document['name']}")
        assert "--lr 1" in json.loads(sent.content)["properties"]["command"]
        await deck.until(lambda: document["name"] in deck.names)


async def test_an_unchanged_text_is_asked_about_too(stage: Stage, editor: Any):
    """Leaving the editor without a change does not submit anything by itself."""
    editor(lambda text: text)
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("not edited: the same job again")
        await deck.press("escape")
        await deck.shows("Nothing was sent")
        assert not kept()
        assert not [request for request in stage.requests if request.method == "PUT"]


async def test_what_was_typed_and_not_sent_is_kept(stage: Stage, editor: Any):
    """Esc in the dialog after an edit: one line says where the text is."""
    editor(lambda text: text.replace("python train.py", "python other.py"))
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("edited: command")
        await deck.press("escape")
        (text,) = kept()
        await deck.shows("Nothing was sent. The text is in")
        assert "other.py" in text.read_text()


async def test_what_the_service_refused_is_kept(stage: Stage, editor: Any):
    """A text that was sent in vain is not lost: where it is stands on the screen."""
    editor(lambda text: text.replace("python train.py", "python other.py"))
    stage.world.faults.add("Jobs_CreateOrUpdate", "403", times=1)
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("edited: command")
        await deck.agree()
        await deck.until_shows("train-first was not submitted again", "The text is kept in")
        (text,) = kept()
        assert "other.py" in text.read_text()


async def test_a_broken_text_is_one_sentence_and_is_kept(stage: Stage, editor: Any):
    """What was typed is in the file the dialog names, and is edited again from there."""
    rounds = iter(("broken", "mended"))
    given = editor(lambda text: "{" + text if next(rounds) == "broken" else text.removeprefix("{"))
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("This is no JSON", "column 2", "The text is kept in")
        await deck.press("enter")
        await deck.shows("not edited: the same job again")
        assert given[1] == "{" + given[0]


async def test_an_editor_that_is_missing_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """No editor: one sentence, and nothing is sent."""

    def edited(app: Dashboard, manuscript: Manuscript) -> str:
        return manuscript.edit()

    monkeypatch.setenv("VISUAL", "no-such-editor --wait")
    monkeypatch.setattr(Dashboard, "edited", edited)
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "R")
        await deck.shows("There is no no-such-editor: set EDITOR")


async def test_the_name_of_another_job_is_refused(stage: Stage, editor: Any):
    """A PUT on a job that exists would change it: nothing is put."""
    async with Deck.loaded(stage) as deck:
        taken = next(name for name in deck.names if name != deck.cursor)
        editor(lambda text: json.dumps(json.loads(text) | {"name": taken}))
        await chosen(deck, "train-first", "R")
        await deck.shows("Resubmit train-first?")
        await deck.agree()
        await deck.until_shows(f"there is a job {taken} already")
        assert not [request for request in stage.requests if request.method == "PUT"]


async def test_an_answer_that_never_came_is_uncertain(stage: Stage):
    """A connection that is cut after the request: it is sent once, and nothing is claimed."""
    stage.world.faults.add("Runs_AddOrModify", "reset", times=10)
    async with Deck.loaded(stage) as deck:
        await from_menu(deck, "train-first", "Archive")
        await deck.shows("Archive train-first?")
        await deck.agree()
        await deck.until_shows("uncertain whether train-first was archived", "Look before")
        assert len([each for each in stage.requests if each.method == "PATCH"]) == 1


@pytest.mark.scenario("busy_night")
async def test_many_jobs_are_reported_together_and_failures_apart(stage: Stage):
    """Every one is accounted for: what was tagged, and what was not, with the reason."""
    async with Deck.loaded(stage) as deck:
        for _ in range(5):
            await deck.press("space")
        await deck.shows("marked 5")
        stage.world.faults.add("Runs_AddOrModify", "403", times=1)
        await deck.press("e")
        await deck.shows("Tag 5?")
        await deck.type("night=1")
        await deck.agree()
        await deck.until_shows("4 of 5 tagged", "1 of 5: not tagged")


def test_an_editor_that_fails_keeps_the_text(monkeypatch: pytest.MonkeyPatch):
    """An exit code is an editor that was left with an error, as `:cq` does."""
    monkeypatch.setenv("VISUAL", "false")
    manuscript = Manuscript("{}")
    with pytest.raises(NoEditor, match="false ended with code 1"):
        manuscript.edit()
    assert manuscript.path.read_text() == "{}"
    assert manuscript.path.stat().st_mode & 0o077 == 0
    manuscript.drop()
    assert not Path(manuscript.path).exists()


async def test_a_trial_is_not_deleted_without_its_sweep(stage: Stage):
    """Of a row that lies below another: the refusal names what it belongs to, nothing is asked."""
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "depth-sweep", "right")
        await deck.wait(lambda: any(row.title == "trial_00" for row in deck.pane.table.rows))
        await deck.press("right", "X")
        await deck.shows("trial_00 belongs to", "and goes with it")


async def test_two_new_jobs_of_one_name_are_refused(stage: Stage, editor: Any):
    """The second would be a change of the first."""

    def same(text: str) -> str:
        return json.dumps([each | {"name": "twin"} for each in json.loads(text)])

    editor(same)
    async with Deck.loaded(stage) as deck:
        await chosen(deck, "train-first", "space")
        await chosen(deck, "train-broken", "space", "R")
        await deck.shows("Each of the new jobs needs a name of its own")
        assert not [request for request in stage.requests if request.method == "PUT"]
