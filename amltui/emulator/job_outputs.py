"""The outputs of jobs that have a name: each is an asset once its job is completed.

Nothing waits for that moment. Whoever looks into a workspace first after it finds the asset, dated
to the end of its job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amltui.emulator.assets.kinds import KINDS, Kind
from amltui.emulator.assets.record import next_version
from amltui.emulator.datastores.paths import uri_of
from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.arm_body import output_body
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.places import Workspace
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.world import World

_MODEL, _DATA = (
    next(each for each in KINDS if each.segment == segment) for segment in ("models", "data")
)


def register(world: World, place: Workspace) -> None:
    """Make assets of what the jobs that have completed by now were to register."""
    history = world.jobs.histories.get(place.id.lower())
    if history is None or not history.unregistered:
        return
    ended = [each for each in history.unregistered.values() if timeline.is_over(each, world.now)]
    for record in sorted(ended, key=timeline.ends_at):
        if timeline.status_at(record, world.now) == "Completed":
            # A version that the service chooses is written down, so that a restart finds it.
            versions = dict(_versions(world, place, record))
            outputs = {
                name: {**asked, "assetVersion": versions[name]} if name in versions else asked
                for name, asked in record.outputs.items()
            }
            if outputs != record.outputs:
                world.jobs.put(replace(record, outputs=outputs))
        history.unregistered.pop(record.name.lower(), None)


def _versions(world: World, place: Workspace, record: JobRecord) -> Iterator[tuple[str, str]]:
    """Which version each output has become."""
    for name, asked in record.named_outputs():
        kind = _kind(asked)
        container = f"{place.id}/{kind.segment}/{asked['assetName']}"
        held = world.resources.within(f"{container}/versions", world.now)
        version = str(asked.get("assetVersion") or next_version(held))
        _put(world, place, record, kind, f"{container}/versions/{version}", name)
        yield name, version


def _put(
    world: World, place: Workspace, record: JobRecord, kind: Kind, identity: str, output: str
) -> None:
    """The version and its container: what is there is left as it is, and what is deleted, too."""
    if world.resources.any(identity) is not None:
        return
    ended = timeline.ends_at(record)
    told = output_body(record, output, record.outputs[output])
    uri = _full_uri(place, str(told["uri"]))
    special = (
        {"modelType": told["jobOutputType"], "modelUri": uri, "jobName": record.name}
        if kind is _MODEL
        else {"dataType": told["jobOutputType"], "dataUri": uri}
    )
    properties = {**kind.usual_version, **special, "description": told.get("description")}
    container = identity.rpartition("/versions/")[0]
    if world.resources.get(container, world.now) is None:
        usual = kind.usual_container(properties)
        world.resources.put(Resource(container, ended, record.created_by, usual))
    world.resources.put(Resource(identity, ended, record.created_by, properties))


def _full_uri(place: Workspace, uri: str) -> str:
    """A place in a datastore with the workspace that it is of, as assets name it."""
    store, found, path = uri.removeprefix("azureml://datastores/").partition("/paths/")
    is_short = uri.startswith("azureml://datastores/") and found
    return uri_of(place, store, path) if is_short else uri


def _kind(asked: Mapping[str, Any]) -> Kind:
    return _MODEL if str(asked.get("jobOutputType")).lower().endswith("_model") else _DATA
