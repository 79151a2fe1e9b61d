"""One storage account at a moment: written blobs, files of runs and stock in one namespace."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from amltui.emulator import registries
from amltui.emulator.blobs import run_files
from amltui.emulator.blobs.blob import Blob, of_log, of_written
from amltui.emulator.blobs.containers import Container
from amltui.emulator.blobs.run_files import CONTAINER, blob_path
from amltui.emulator.blobs.written import PROMISED, Key, Written

if TYPE_CHECKING:
    from amltui.emulator.jobs.record import JobRecord
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World

LAST = "\U0010ffff"
"""Behind every name that begins alike."""
_RUNS = "ExperimentRun/dcid."


class Account:
    """A storage account as it is now."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name.lower()
        self.world = world
        self.now = world.now
        self.storage = world.storage

    @cached_property
    def workspaces(self) -> list[Workspace]:
        """Those that keep their files here."""
        return self.world.workspaces_of_account(self.name)

    @property
    def is_there(self) -> bool:
        if self.workspaces or self.storage.containers.knows(self.name):
            return True
        made = self.world.resources.everywhere("storageAccounts", self.now)
        if any(each.name.lower() == self.name for each in made):
            return True
        return any(registries.account(each) == self.name for each in self.world.registries())

    # Containers

    def container(self, name: str) -> Container | None:
        made = self.storage.containers.get(self.name, name)
        if made is not None:
            return made
        owner = next((each for each in self.workspaces if name in containers_of(each)), None)
        return None if owner is None else Container(name, owner.created, "0x8D0000000000000")

    def containers(self) -> list[Container]:
        """By name."""
        made = {each.name: each for each in self.storage.containers.of(self.name)}
        own = chain.from_iterable(containers_of(each) for each in self.workspaces)
        names = sorted({*made, *own})
        return [each for each in map(self.container, names) if each is not None]

    # Blobs

    def get(self, container: str, name: str) -> Blob | None:
        key = Key(self.name, container, name)
        written = self.storage.blobs.get(key)
        if written is not None and written.kind != PROMISED:
            return self._shown(written)
        return self.computed(container, name)

    def computed(self, container: str, name: str) -> Blob | None:
        """What is there as long as no client writes or deletes it."""
        stocked = self.storage.stocked(self.name, container, name, self.now)
        if stocked is not None:
            return stocked
        place = run_files.run_and_file(f"{container}/{name}")
        if place is None:
            return None
        record = self._run(place[0])
        files = {} if record is None else self._files(record)
        return files.get(name)

    def walk(self, container: str, start: str, stop: str) -> Iterator[Blob]:
        """The blobs named in [start, stop), in the order of their names."""
        written = self.storage.blobs.within(self.name, container, start, stop)
        stocked = self.storage.stocked_from(self.name, container, start, stop, self.now)
        last = None
        for name, _, blob in heapq.merge(
            ((each.key.name, 0, self._shown(each)) for each in written if each.kind != PROMISED),
            ((each.name, 1, each) for each in stocked),
            ((each.name, 1, each) for each in self._run_files(container, start, stop)),
            key=lambda each: each[:2],
        ):
            # What a client wrote, or deleted, comes before what is computed.
            if name != last and blob is not None:
                yield blob
            last = name

    def _shown(self, written: Written) -> Blob | None:
        return of_written(written, self.storage.blobs) if written.is_there else None

    # Files of runs

    def _run_files(self, container: str, start: str, stop: str) -> Iterator[Blob]:
        if container != CONTAINER or stop <= _RUNS or start > _RUNS + LAST:
            return
        for record in self._runs(start, stop):
            for name, blob in sorted(self._files(record).items()):
                if start <= name < stop:
                    yield blob

    def _runs(self, start: str, stop: str) -> Iterator[JobRecord]:
        """The runs with files in [start, stop). One that is named costs no look at the others."""
        if start.startswith(_RUNS) and stop.startswith(_RUNS):
            first, slash, _ = start.removeprefix(_RUNS).partition("/")
            if slash and stop.removeprefix(_RUNS).startswith(f"{first}/"):
                found = self._run(first)
                yield from [found] if found is not None else []
                return
        for index in range(bisect_left(self._run_names, start), len(self._run_names)):
            name = self._run_names[index]
            if name.removesuffix(LAST) >= stop:
                return
            found = self._run(name.removesuffix(LAST).removeprefix(_RUNS).removesuffix("/"))
            if found is not None:
                yield found

    @cached_property
    def _run_names(self) -> list[str]:
        """Where each run's files end, in order."""
        histories = (self.world.jobs.of(each.id) for each in self.workspaces)
        records = chain.from_iterable(
            each.newest_first(self.now, with_children=True) for each in histories
        )
        return sorted(f"{_RUNS}{each.name}/{LAST}" for each in records)

    def _run(self, name: str) -> JobRecord | None:
        found = (self.world.jobs.of(each.id).get(name, self.now) for each in self.workspaces)
        return next((each for each in found if each is not None), None)

    def _files(self, record: JobRecord) -> dict[str, Blob]:
        metrics = self.world.jobs.metrics(record, self.now)
        modified = run_files.modified(record, self.now)
        return {
            name: of_log(name, log, modified, self.now)
            for path, log in run_files.run_files(record, metrics, self.now).items()
            for name in [blob_path(record.name, path).removeprefix(f"{CONTAINER}/")]
        }


def containers_of(place: Workspace) -> tuple[str, ...]:
    """The containers that a workspace brings along."""
    return (CONTAINER, f"azureml-blobstore-{place.guid}")
