"""The models of a workspace as MLflow's registry shows them: the very resources ARM has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from amltui.emulator.jobs import mlflow_body
from amltui.emulator.jobs.mlflow_body import milliseconds
from amltui.emulator.jobs.mlflow_clauses import BadSearch
from amltui.emulator.jobs.place import Place, person_id
from amltui.emulator.resources import Resource

STAGES = ("None", "Staging", "Production", "Archived")
_ARTIFACTS = re.compile(r"/runs/(?P<run>[^/]+)/artifacts/?(?P<path>.*)$")


def model(
    held: Resource, versions: Sequence[Resource], place: Place, *, with_latest: bool = True
) -> dict[str, Any]:
    """A registered model; `versions` are its own, newest first."""
    modified = held.created if held.modified is None else held.modified
    newest = max([modified, *(_changed(each) for each in versions)])
    body: dict[str, Any] = {
        "name": held.name,
        "creation_timestamp": milliseconds(held.created),
        "last_updated_timestamp": milliseconds(newest),
        "user_id": person_id(held.created_by or ""),
        "tags": mlflow_body.pairs(_texts(held.properties.get("tags"))),
        "aliases": [{"alias": k, "version": v} for k, v in aliases(held).items()],
    }
    if description := held.properties.get("description"):
        body["description"] = description
    if with_latest:
        latest = latest_versions(versions)
        body["latest_versions"] = [version(each, held, place) for each in latest]
    return body


def version(held: Resource, container: Resource | None, place: Place) -> dict[str, Any]:
    """A version of a registered model."""
    run = held.properties.get("jobName")
    names = aliases(container) if container is not None else {}
    return {
        "name": held.id.split("/")[-3],
        "version": held.name,
        "creation_timestamp": milliseconds(held.created),
        "last_updated_timestamp": milliseconds(_changed(held)),
        "user_id": person_id(held.created_by or ""),
        "current_stage": stage(held),
        "description": held.properties.get("description") or "",
        "source": source(held),
        "run_id": run or "",
        "run_link": f"https://ml.azure.com/runs/{run}?wsid={place.short}" if run else "",
        "status": "READY",
        "status_message": "",
        "tags": mlflow_body.pairs(_texts(held.properties.get("tags"))),
        "aliases": [alias for alias, number in names.items() if number == held.name],
        **({"model_id": held.kept["model_id"]} if held.kept.get("model_id") else {}),
    }


def latest_versions(
    versions: Sequence[Resource], stages: Sequence[str] | None = None
) -> list[Resource]:
    """The newest one of each stage."""
    wanted = {each.lower() for each in stages or ()}
    found: dict[str, Resource] = {}
    for each in versions:
        name = stage(each)
        if not wanted or name.lower() in wanted:
            found.setdefault(name, each)
    return list(found.values())


def stage(held: Resource) -> str:
    return str(held.properties.get("stage") or "None")


def source(held: Resource) -> str:
    """Where its files are, as its client said."""
    return str(held.kept.get("source") or held.properties.get("modelUri") or "")


def aliases(container: Resource) -> Mapping[str, str]:
    return container.kept.get("aliases") or {}


def model_uri(place: Place, told: str) -> str:
    """The place of a run's artifacts as ARM names it; other places are left as they are."""
    found = _ARTIFACTS.search(told)
    parts = place.workspace.split("/")
    store = (
        f"azureml://subscriptions/{parts[2]}/resourceGroups/{parts[4]}/workspaces/{parts[8]}"
        "/datastores/workspaceartifactstore/paths"
    )
    if found is not None:
        return f"{store}/ExperimentRun/dcid.{found['run']}/{found['path']}"
    if told.startswith("azureml://artifacts/"):
        return f"{store}/{told.removeprefix('azureml://artifacts/')}"
    return told


def value(held: Resource, kind: str, name: str) -> Any:
    """What a search over models or versions looks at."""
    if kind == "tag":
        return _texts(held.properties.get("tags")).get(name)
    if kind != "attribute":
        raise BadSearch(f"Models have no {kind}s.")
    is_version = held.collection.endswith("/versions")
    match name.lower():
        case "name":
            return held.id.split("/")[-3] if is_version else held.name
        case "version_number" | "version" if is_version:
            return int(held.name) if held.name.isdigit() else held.name
        case "run_id" if is_version:
            return held.properties.get("jobName") or ""
        case "source_path" | "source" if is_version:
            return source(held)
        case "creation_timestamp" | "timestamp":
            return milliseconds(held.created)
        case "last_updated_timestamp":
            return milliseconds(_changed(held))
    raise BadSearch(f"Invalid attribute name: {name}")


def _changed(held: Resource) -> float:
    return held.created if held.modified is None else held.modified


def _texts(values: Any) -> dict[str, str]:
    tags = values if isinstance(values, Mapping) else {}
    return {str(key): "" if each is None else str(each) for key, each in tags.items()}
