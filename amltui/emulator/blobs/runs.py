"""Blobs that runs leave in a container: computed for the runs whose names are asked for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from amltui.emulator.blobs import run_files
from amltui.emulator.blobs.blob import Blob, of_log
from amltui.emulator.blobs.written import APPEND, BLOCK
from amltui.emulator.jobs.log_file import LogFile

if TYPE_CHECKING:
    from amltui.emulator.jobs.record import JobRecord
    from amltui.emulator.places import Workspace
    from amltui.emulator.world import World

LAST = "\U0010ffff"
"""Behind every name that begins alike."""


class RunBlobs:
    """The files of all runs of some workspaces, below `{root}{run}/`, as they are now."""

    def __init__(
        self,
        world: World,
        places: Sequence[Workspace],
        root: str,
        kind: str,
        files: Callable[[JobRecord], dict[str, LogFile]],
    ) -> None:
        self.world, self.places, self.root, self.kind = world, places, root, kind
        self._files = files

    def get(self, name: str) -> Blob | None:
        run, slash, _ = name.removeprefix(self.root).partition("/")
        record = self._run(run) if slash and name.startswith(self.root) else None
        return None if record is None else next(self._blobs(record, name, f"{name}\0"), None)

    def walk(self, start: str, stop: str) -> Iterator[Blob]:
        """Those named in [start, stop), in the order of their names."""
        for record in self._between(start, stop):
            yield from self._blobs(record, start, stop)

    def _between(self, start: str, stop: str) -> Iterator[JobRecord]:
        """The runs with files there. One that is named costs no look at the others."""
        if stop <= self.root or start > self.root + LAST:
            return
        if start.startswith(self.root) and stop.startswith(self.root):
            first, slash, _ = start.removeprefix(self.root).partition("/")
            if slash and stop.removeprefix(self.root).startswith(f"{first}/"):
                found = self._run(first)
                yield from [found] if found is not None else []
                return
        folders = self._folders
        at = bisect_right(folders, start, key=lambda folder: f"{self.root}{folder}{LAST}")
        for index in range(at, len(folders)):
            if f"{self.root}{folders[index]}" >= stop:
                return
            found = self._run(folders[index].removesuffix("/"))
            if found is not None:
                yield found

    @cached_property
    def _folders(self) -> Sequence[str]:
        """Of all runs, in order."""
        histories = [self.world.jobs.of(each.id) for each in self.places]
        lists = [each.folders.until(self.world.now) for each in histories]
        return lists[0] if len(lists) == 1 else sorted(chain.from_iterable(lists))

    def _run(self, name: str) -> JobRecord | None:
        now = self.world.now
        found = (self.world.jobs.of(each.id).get(name, now) for each in self.places)
        return next((each for each in found if each is not None), None)

    def _blobs(self, record: JobRecord, start: str, stop: str) -> Iterator[Blob]:
        """A run's, in order; the size of a file is worked out when its turn has come."""
        now = self.world.now
        modified = run_files.modified(record, now)
        for path, log in sorted(self._files(record).items(), key=lambda each: each[0]):
            name = f"{self.root}{record.name}/{path}"
            if start <= name < stop:
                yield of_log(name, log, modified, now, self.kind)


def artifacts(world: World, places: Sequence[Workspace]) -> RunBlobs:
    """Logs and outputs, in the artifact store."""

    def files(record: JobRecord) -> dict[str, LogFile]:
        return run_files.run_files(record, world.jobs.metrics(record, world.now), world.now)

    return RunBlobs(world, places, "ExperimentRun/dcid.", APPEND, files)


def outputs(world: World, place: Workspace) -> RunBlobs:
    """What jobs write to their outputs, in the store for blobs."""

    def files(record: JobRecord) -> dict[str, LogFile]:
        return run_files.named_outputs(record, world.now)

    return RunBlobs(world, [place], "azureml/", BLOCK, files)
