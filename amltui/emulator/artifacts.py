"""Artifacts: blobs of the artifact store, known by origin, container and path.

Those of a run have the origin ExperimentRun and the container `dcid.{run}`. An artifact can be
registered before any byte of it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from amltui.emulator.blobs.account import Account
from amltui.emulator.blobs.address import SUFFIX, suffix_of
from amltui.emulator.blobs.blob import Blob
from amltui.emulator.blobs.run_files import CONTAINER
from amltui.emulator.blobs.runs import LAST
from amltui.emulator.blobs.written import PROMISED, REMOVED, Key
from amltui.emulator.jobs.wiretime import iso

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

RUNS = "ExperimentRun"


@dataclass(frozen=True)
class Artifact:
    """One of them: `blob` is None as long as it is only registered."""

    path: str
    created: float
    blob: Blob | None = None


@dataclass(frozen=True)
class Box:
    """All artifacts of one container of one origin, as they are now."""

    call: Call
    origin: str
    container: str

    @cached_property
    def account(self) -> Account:
        return Account(self.call.world, self.call.workspace.account)

    @property
    def root(self) -> str:
        """What the names of its blobs begin with."""
        return f"{self.origin}/{self.container}/"

    def key(self, path: str) -> Key:
        return Key(self.account.name, CONTAINER, f"{self.root}{path}")

    def get(self, path: str) -> Artifact | None:
        blob = self.account.get(CONTAINER, f"{self.root}{path}")
        if blob is not None:
            return Artifact(path, blob.created, blob)
        written = self.call.world.storage.blobs.get(self.key(path))
        if written is None or written.kind != PROMISED:
            return None
        return Artifact(path, written.created)

    def walk(self, prefix: str, start: str = "") -> Iterator[Artifact]:
        """Those whose paths begin so, in order, from one path on."""
        first, last = self.root + max(prefix, start), f"{self.root}{prefix}{LAST}"
        blobs = {each.name: each for each in self.account.walk(CONTAINER, first, last)}
        store = self.call.world.storage.blobs
        promised = {
            each.key.name: each.created
            for each in store.within(self.account.name, CONTAINER, first, last)
            if each.kind == PROMISED
        }
        for name in sorted({*blobs, *promised}):
            path, blob = name.removeprefix(self.root), blobs.get(name)
            created = promised[name] if blob is None else blob.created
            yield Artifact(path, created, blob)

    def register(self, path: str) -> Artifact:
        """Keep that there is to be one."""
        self.call.world.storage.blobs.note(self.key(path), PROMISED, self.call.now)
        return Artifact(path, self.call.now)

    def drop(self, path: str) -> None:
        """Forget one; what is computed stays away."""
        key = self.key(path)
        if self.account.computed(CONTAINER, key.name) is None:
            self.call.world.storage.blobs.forget(key)
        else:
            self.call.world.storage.blobs.note(key, REMOVED, self.call.now)

    # As the service shows them

    def body(self, found: Artifact) -> dict[str, Any]:
        """Without its size: that is asked of the blob."""
        return {
            "artifactId": self.root + found.path,
            "origin": self.origin,
            "container": self.container,
            "path": found.path,
            "etag": f'"{found.blob.etag}"' if found.blob else None,
            "createdTime": iso(found.created),
            "dataPath": None,
            "tags": {},
        }

    def content(self, path: str, may: str = "r") -> dict[str, Any]:
        """Where it is read, or written."""
        return {
            "contentUri": self.link(path, may),
            "origin": self.origin,
            "container": self.container,
            "path": path,
            "tags": None,
        }

    def link(self, path: str, may: str) -> str:
        """A signed link to the blob.

        azureml-mlflow takes none that lacks `.blob.{suffix}/`, with the suffix of the cloud that
        it was pointed at, or of Azure's: the path has both.
        """
        signed = self.call.link(f"{CONTAINER}/{self.root}{path}", may)
        base, name = self.call.base, self.account.name
        here = f"{base}/{name}.blob.{suffix_of(base)}"
        return signed.replace(f"{base}/{name}.{SUFFIX}", f"{here}/{name}.{SUFFIX}", 1)
