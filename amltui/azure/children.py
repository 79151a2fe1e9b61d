"""The children of a run, with what each has reached: run history and MLflow side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.azure import loose, metrics, runs
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.domain.child import Child
from amltui.domain.listing import Listing
from amltui.domain.metric import LastValue

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

AT_ONCE = 500
"""Runs in one answer of MLflow's search."""
MOST_PAGES = 10

Reached = Mapping[str, tuple[dict[str, LastValue], dict[str, str]]]
"""Metrics and parameters by run id."""


async def of(place: WorkspaceClient, run_id: str) -> Listing[Child]:
    """Direct children. Without MLflow's word there are no metrics, and a note says why."""
    listing, reached = await asyncio.gather(runs.children(place, run_id), _or_error(place, run_id))
    notes = listing.notes
    if isinstance(reached, AzureError):
        notes = (*notes, f"metrics of the children are missing: {reached}")
        reached = {}
    children = []
    for job in listing.items:
        values, parameters = reached.get(job.name, ({}, {}))
        children.append(Child(replace(job, parameters=job.parameters or parameters), values))
    return Listing(tuple(children), listing.more, notes)


async def _or_error(place: WorkspaceClient, run_id: str) -> Reached | AzureError:
    try:
        return await _reached(place, run_id)
    except NotSignedIn:
        raise
    except AzureError as error:
        return error


async def _reached(place: WorkspaceClient, run_id: str) -> Reached:
    parent = await place.mlflow("GET", "/runs/get", params={"run_id": run_id})
    experiment = loose.text(parent, "run", "info", "experiment_id")
    question: dict[str, Any] = {
        "experiment_ids": [experiment] if experiment else [],
        "filter": f"tags.mlflow.parentRunId = '{run_id}'",
        "max_results": AT_ONCE,
    }
    found: dict[str, tuple[dict[str, LastValue], dict[str, str]]] = {}
    for _ in range(MOST_PAGES):
        body = await place.mlflow("POST", "/runs/search", question, reads=True)
        for run in loose.objects(body, "runs"):
            name = loose.text(run, "info", "run_id")
            if name is not None:
                found[name] = (metrics.parse_last_values(run), _parameters(run))
        token = loose.text(body, "next_page_token")
        if token is None or token == question.get("page_token"):
            break
        question["page_token"] = token
    return found


def _parameters(run: Any) -> dict[str, str]:
    pairs = (
        (loose.text(item, "key"), loose.text(item, "value"))
        for item in loose.objects(run, "data", "params")
    )
    return {name: value for name, value in pairs if name is not None and value is not None}
