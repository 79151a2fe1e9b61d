"""`:` and what follows it: typed, completed, brought back, and answered when it makes no sense."""

from __future__ import annotations

import pytest

from tests.stage import Stage
from tests.ui.deck import Deck

pytestmark = pytest.mark.scenario("busy_night")

STUDIO = "https://ml.azure.com"


async def command(deck: Deck, line: str) -> None:
    """Typed in one breath, as a paste is."""
    deck.send("colon", *line, "enter")
    await deck.settle()


async def test_a_screen_is_opened_with_a_filter(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await command(deck, "compute owner:me")
        await deck.wait(lambda: deck.pane.KIND.name == "compute" and deck.is_loaded())
        assert deck.pane.arrangement.text == "owner:me"


async def test_tab_completes_and_the_arrow_brings_back_what_was_typed(stage: Stage):
    async with Deck.loaded(stage) as deck:
        await deck.press(":")
        await deck.shows("go", "filter")
        await deck.type("ws vis")
        await deck.shows("ws vision-prod")
        await deck.press("tab", "enter")
        await deck.wait(lambda: deck.app.scope.title == "vision-prod")
        await deck.press(":", "up")
        await deck.wait(lambda: deck.line("ws vision-prod"))
        await deck.press("escape")
        await command(deck, "ws all")
        await deck.wait(lambda: deck.app.scope.current is None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("jbos", "there is no command :jbos, did you mean :jobs?"),
        ("go", ":go needs a studio URL, an ARM id, an azureml:// URI or a run id"),
        ("go http://example.com/x", "is no address"),
        ("go no_such_run", "there is no job no_such_run in 5 workspaces"),
        ("ws vision-prot", "did you mean vision-prod?"),
        ("go azureml://datastores/blobs/paths/x", "there is no screen for datastores yet: blobs"),
        ("go azureml:nothing:3", "there is no model nothing"),
        ("az ml job show -n j -w not-here", "workspace not-here is none of the 5"),
        ("az ml job show -n j -g rg-none", "is none of the 5"),
    ],
)
async def test_what_makes_no_sense_is_answered_with_a_sentence(stage: Stage, line: str, said: str):
    async with Deck.loaded(stage) as deck:
        await command(deck, line)
        await deck.shows(said)


async def test_a_pasted_studio_address_lands_on_the_job(stage: Stage):
    """From any screen, with and without the word before it."""
    async with Deck.loaded(stage, first="compute") as deck:
        place = next(p for p in stage.world.workspaces.values() if p.name == "vision-prod")
        job = next(stage.world.jobs.of(place.id).newest_first(stage.world.now))
        url = f"{STUDIO}/runs/{job.name}?wsid={place.id}&tid=t"
        await command(deck, f"go {url}")
        await deck.shows("[Overview]", job.display_name)
        await deck.press("escape")
        await deck.shows("3 Compute")
        await command(deck, url)
        await deck.shows("[Overview]", job.display_name)
        await deck.press("escape")
        await deck.shows("3 Compute")
        await command(deck, f"go {job.name}")
        await deck.shows("[Overview]", job.display_name)


async def test_a_compute_is_under_the_cursor_in_its_list(stage: Stage):
    """Also where another workspace was looked at, and another filter was in the way."""
    async with Deck.loaded(stage) as deck:
        await command(deck, "ws vision-prod")
        await command(deck, "compute nothing-like-it")
        await deck.wait(lambda: deck.pane.KIND.name == "compute" and deck.is_loaded())
        place = next(p for p in stage.world.workspaces.values() if p.name == "contoso-dev")
        await command(deck, f"go {STUDIO}/compute/noor-nb/details?wsid={place.id}")
        await deck.wait(lambda: deck.app.scope.title == "contoso-dev" and deck.cursor == "noor-nb")


async def test_a_line_of_the_cli_lands_where_it_is_about(stage: Stage):
    """As it was typed in a shell: what it leaves out of the place is what is known here."""
    async with Deck.loaded(stage, first="compute") as deck:
        place = next(p for p in stage.world.workspaces.values() if p.name == "vision-prod")
        job = next(stage.world.jobs.of(place.id).newest_first(stage.world.now))
        await command(deck, f"az ml job show -n {job.name} -w vision-prod")
        await deck.shows("[Overview]", job.display_name)


async def test_what_has_no_screen_leads_to_its_workspace(stage: Stage):
    """The place is right, and one sentence says that there is no more to be seen of it."""
    async with Deck.loaded(stage) as deck:
        place = next(p for p in stage.world.workspaces.values() if p.name == "contoso-dev")
        await command(deck, f"go {place.id}/environments/sklearn/versions/3")
        await deck.shows("there is no screen for environments yet: sklearn")
        await deck.wait(lambda: deck.app.scope.title == "contoso-dev")


async def test_a_workspace_becomes_the_current_one(stage: Stage):
    async with Deck.loaded(stage) as deck:
        place = next(p for p in stage.world.workspaces.values() if p.name == "nlp-dev")
        await command(deck, f"go {place.id.lower()}")
        await deck.wait(lambda: deck.app.scope.title == "nlp-dev" and deck.is_loaded())
        await command(deck, f"go {place.id}x")
        await deck.shows("workspace nlp-devx is none of the 5 that are looked at here")
