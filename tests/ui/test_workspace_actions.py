"""Deleting and diagnosing workspaces from their list."""

from __future__ import annotations

from tests.stage import Stage
from tests.ui.deck import Deck


async def test_a_workspace_is_deleted_once_its_name_is_typed(stage: Stage):
    """The plan names what goes, what stays and is billed on, and what is in use now."""
    name = stage.place.name
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("X")
        await deck.shows(
            f"X  Delete {name}?",
            "jobs, metrics, models, data, endpoints and computes go with it",
            "it can be put back for some days",
            "stays, and goes on being billed: storage",
            f"DELETE …/workspaces/{name}",
            f"az ml workspace delete -n {name}",
        )
        await deck.until_shows("of them on", "not over")
        await deck.press("enter")
        assert not stage.sent("DELETE", name)
        await deck.type(name)
        await deck.press("enter")
        await deck.until(lambda: stage.sent("DELETE", name), "the request")
        await deck.until_shows(f"{name} deleted")
        await deck.until(
            lambda: name not in [place.name for place in deck.app.scope.workspaces],
            "lists that are about the others",
        )
        assert deck.app.session is not None
        assert name not in [place.name for place in deck.app.session.overview.places]
        await deck.press("1")
        await deck.until(lambda: not deck.line(name), "an overview of them")


async def test_a_diagnosis_that_finds_nothing_says_so(stage: Stage):
    """With the time of it: nothing changes, so nothing is asked first."""
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("D")
        await deck.until_shows("nothing found", "The service finds nothing.")
        await deck.press("escape")
        await deck.shows("9 Workspaces")


async def test_what_is_missing_is_shown(stage: Stage):
    """A storage account that is gone is an error with its name."""
    async with Deck.loaded(stage, first="workspace") as deck:
        path = deck.pane.table.rows[0].resource.stands_on["storage"]
        assert deck.app.session is not None
        await deck.app.session.azure.send("DELETE", path, api_version="2023-01-01")
        await deck.press("D")
        await deck.until_shows("1 finding, 1 error", "storage account", "has been removed")


async def test_a_diagnosis_that_is_refused_is_told(stage: Stage):
    stage.world.faults.add("Workspaces_Diagnose", "403", times=None)
    async with Deck.loaded(stage, first="workspace") as deck:
        await deck.press("D")
        await deck.until_shows("was not diagnosed")
