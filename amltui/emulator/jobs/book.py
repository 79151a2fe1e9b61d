"""The jobs of the whole world: one history for each workspace, and what clients wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.written import WrittenMetrics

TABLES = frozenset({"jobs", "metrics", "experiments"})
"""What is saved of jobs."""
Save = Callable[[str, str, dict[str, Any]], None]
"""(table, key, value): keeps it for the next start."""


def _forget(table: str, key: str, value: dict[str, Any]) -> None:
    del table, key, value


@dataclass(frozen=True)
class Occupant:
    """A job that holds, or waits for, nodes of a cluster."""

    job: JobRecord
    status: str
    nodes: int


@dataclass
class JobBook:
    """Every workspace's jobs. Workspaces are known by their ARM id, in any case."""

    histories: dict[str, JobHistory] = field(default_factory=dict)
    save: Save = _forget
    written: WrittenMetrics = field(default_factory=WrittenMetrics)
    experiments: dict[str, dict[str, float]] = field(default_factory=dict)
    """Experiments that clients made, and when, by workspace."""
    _batches: int = 0

    def of(self, workspace: str) -> JobHistory:
        history = self.histories.get(workspace.lower())
        if history is None:
            history = self.histories[workspace.lower()] = JobHistory()
        return history

    def put(self, record: JobRecord) -> JobRecord:
        """Keep a job, new or changed."""
        self.of(record.workspace).put(record)
        self.save("jobs", f"{record.workspace}/{record.name.lower()}", record.to_json())
        return record

    def metrics(self, record: JobRecord, now: float) -> RunMetrics:
        return RunMetrics(record, self.written, now)

    def log(self, record: JobRecord, points: list[tuple[str, Point]]) -> None:
        """Keep points that a client logged."""
        if not points:
            return
        for name, point in points:
            self.written.add(record.workspace, record.name, name, point)
        self._batches += 1
        batch = [[name, each.step, each.value, each.time] for name, each in points]
        value = {"workspace": record.workspace, "run": record.name, "points": batch}
        self.save("metrics", f"{record.workspace}/{self._batches:012d}", value)

    def begin_experiment(self, workspace: str, name: str, now: float) -> None:
        self.experiments.setdefault(workspace.lower(), {})[name] = now
        value = {"workspace": workspace.lower(), "name": name, "created": now}
        self.save("experiments", f"{workspace.lower()}/{name}", value)

    def experiments_of(self, workspace: str, now: float) -> dict[str, float]:
        """Names of experiments and when they began, newest first."""
        begun = {**self.experiments.get(workspace.lower(), {})}
        for name, at in self.of(workspace).experiments(now).items():
            begun[name] = min(at, begun.get(name, at))
        return dict(sorted(begun.items(), key=lambda each: each[1], reverse=True))

    def running_on(self, workspace: str, compute: str, now: float) -> list[Occupant]:
        """The jobs that hold nodes of a cluster now."""
        return [
            each
            for each in self._on(workspace, compute, now)
            if each.status in timeline.ON_NODES or each.status == "CancelRequested"
        ]

    def waiting_for(self, workspace: str, compute: str, now: float) -> list[Occupant]:
        """The jobs that are queued for a cluster now."""
        return [
            each for each in self._on(workspace, compute, now) if each.status in timeline.WAITING
        ]

    def forget(self, workspace: str) -> None:
        """Forget the jobs of a workspace that is gone for good."""
        self.histories.pop(workspace.lower(), None)
        self.experiments.pop(workspace.lower(), None)
        self.written.forget(workspace)

    def restore(self, table: str, value: dict[str, Any]) -> None:
        """Take back what was saved."""
        if table == "jobs":
            record = JobRecord.from_json(value)
            self.of(record.workspace).put(record)
        elif table == "experiments":
            made = self.experiments.setdefault(value["workspace"], {})
            made[value["name"]] = value["created"]
        elif table == "metrics":
            self._batches += 1
            for name, step, number, time in value["points"]:
                point = Point(int(step), float(number), float(time))
                self.written.add(value["workspace"], value["run"], name, point)

    def _on(self, workspace: str, compute: str, now: float) -> Iterator[Occupant]:
        for record in self.of(workspace).alive(now):
            if (record.compute or "").lower() != compute.lower():
                continue
            if record.type in {"Sweep", "Pipeline"}:  # their children hold the nodes
                continue
            yield Occupant(record, timeline.status_at(record, now), record.nodes)
