"""One storage account at a moment: written blobs, files of runs and stock in one namespace."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from amltui.emulator import registries
from amltui.emulator.blobs import runs
from amltui.emulator.blobs.blob import FREE, Blob, of_written
from amltui.emulator.blobs.containers import Container
from amltui.emulator.blobs.leases import Lease
from amltui.emulator.blobs.run_files import CONTAINER
from amltui.emulator.blobs.runs import RunBlobs
from amltui.emulator.blobs.written import PROMISED, Key, Written

if TYPE_CHECKING:
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World


class Account:
    """A storage account as it is now."""

    def __init__(self, world: World, name: str) -> None:
        self.name = name.lower()
        self.world = world
        self.now = world.now
        self.storage = world.storage
        self._run_blobs: dict[str, RunBlobs | None] = {}

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
        return made or self._own_containers.get(name)

    def containers(self) -> list[Container]:
        """By name."""
        made = {each.name: each for each in self.storage.containers.of(self.name)}
        return [each for _, each in sorted((self._own_containers | made).items())]

    @cached_property
    def _own_containers(self) -> dict[str, Container]:
        """Those that no client made."""
        own = {
            name: Container(name, place.created, "0x8D0000000000000")
            for place in self.workspaces
            for name in containers_of(place)
        }
        return {each.name: each for each in self.storage.stocked_containers(self.name)} | own

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
        left = self._runs(container)
        return left.get(name) if left else None

    def walk(self, container: str, start: str, stop: str) -> Iterator[Blob]:
        """The blobs named in [start, stop), in the order of their names."""
        written = self.storage.blobs.within(self.name, container, start, stop)
        stocked = self.storage.stocked_from(self.name, container, start, stop, self.now)
        left, last = self._runs(container), None
        for name, _, blob in heapq.merge(
            ((each.key.name, 0, self._shown(each)) for each in written if each.kind != PROMISED),
            ((each.name, 1, each) for each in stocked),
            ((each.name, 1, each) for each in (left.walk(start, stop) if left else ())),
            key=lambda each: each[:2],
        ):
            # What a client wrote, or deleted, comes before what is computed.
            if name != last and blob is not None:
                yield blob
            last = name

    def _shown(self, written: Written) -> Blob | None:
        if not written.is_there:
            return None
        lease = self._leases.get(written.key)
        told = FREE if lease is None else lease.headers(self.now)
        return of_written(written, self.storage.blobs, told)

    @cached_property
    def _leases(self) -> dict[Key, Lease]:
        return self.storage.leases.of(self.name)

    def _runs(self, container: str) -> RunBlobs | None:
        """What runs leave in a container."""
        if container not in self._run_blobs:
            owner = next((each for each in self.workspaces if container == store_of(each)), None)
            made = None if owner is None else runs.outputs(self.world, owner)
            if container == CONTAINER:
                made = runs.artifacts(self.world, self.workspaces)
            self._run_blobs[container] = made
        return self._run_blobs[container]


def containers_of(place: Workspace) -> tuple[str, ...]:
    """The containers that a workspace brings along."""
    return (CONTAINER, store_of(place))


def store_of(place: Workspace) -> str:
    """The container that uploads go to."""
    return f"azureml-blobstore-{place.guid}"
