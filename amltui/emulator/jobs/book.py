"""The jobs of the whole world: one history for each workspace, and what clients wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from amltui.emulator.jobs import capacity, experiments, timeline
from amltui.emulator.jobs.experiments import Experiment, Experiments
from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.metrics import RunMetrics
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.series import Point
from amltui.emulator.jobs.sources import Source
from amltui.emulator.jobs.written import WrittenMetrics, WrittenTable
from amltui.emulator.state import Save, save_nothing

TABLES = frozenset({"jobs", "metrics", "metric tables", experiments.TABLE})
"""What is saved of jobs."""


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
    save: Save = save_nothing
    written: WrittenMetrics = field(default_factory=WrittenMetrics)
    experiments: Experiments = field(default_factory=Experiments)
    scheduled: Callable[[str], Source] | None = None
    """The jobs that a workspace's schedules create."""
    _batches: int = 0

    def of(self, workspace: str) -> JobHistory:
        lower = workspace.lower()
        history = self.histories.get(lower)
        if history is None:
            history = self.histories[lower] = JobHistory()
        if self.scheduled is not None and not history.follows_schedules:
            history.follows_schedules = True
            history.sources.append(self.scheduled(workspace))
        return history

    def put(self, record: JobRecord) -> JobRecord:
        """Keep a job, new or changed."""
        self.of(record.workspace).put(record)
        self.save("jobs", f"{record.workspace}/{record.name.lower()}", record.to_json())
        return record

    # Metrics

    def metrics(self, record: JobRecord, now: float) -> RunMetrics:
        return RunMetrics(record, self.written, now)

    def log(self, record: JobRecord, points: list[tuple[str, Point]]) -> None:
        """Keep points that a client logged."""
        if not points:
            return
        self.of(record.workspace).touched[record.name.lower()] = None
        columns: dict[str, tuple[list[int], list[float], list[float]]] = {}
        for name, point in points:
            self.written.add(record.workspace, record.name, name, point)
            steps, values, times = columns.setdefault(name, ([], [], []))
            steps.append(point.step)
            values.append(point.value)
            times.append(point.time)
        self._save_batch("metrics", record, {"points": columns})

    def log_rows(self, record: JobRecord, name: str, table: WrittenTable) -> None:
        """Keep rows of a metric that is no series of numbers."""
        self.written.add_rows(record.workspace, record.name, name, table)
        self._save_batch("metric tables", record, {"name": name, **asdict(table)})

    def forget_metrics(self, record: JobRecord) -> None:
        """Drop what clients logged for a run."""
        self.of(record.workspace).touched[record.name.lower()] = None
        self.written.forget(record.workspace, record.name)
        self._save_batch("metrics", record, {"points": None})

    def _save_batch(self, table: str, record: JobRecord, value: dict[str, Any]) -> None:
        self._batches += 1
        about = {"workspace": record.workspace, "run": record.name}
        self.save(table, f"{record.workspace}/{self._batches:012d}", {**about, **value})

    # Experiments

    def begin_experiment(self, workspace: str, name: str, now: float) -> Experiment:
        filed = self.experiments.filed(workspace, name)
        made = Experiment(workspace.lower(), filed, now)
        return self.experiments.put(made if made.shown == name else replace(made, title=name))

    def experiments_of(self, workspace: str, now: float) -> list[Experiment]:
        """Newest first."""
        return self.experiments.all(workspace, self.of(workspace), now)

    # Computes

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

    def move_up(self, workspace: str, compute: str, most: int | None, now: float) -> None:
        """Let those that wait for a compute begin earlier, if nodes have become free."""
        unfinished = self.of(workspace).unfinished(now)
        for record in capacity.sooner(unfinished, compute, most, now):
            self.put(record)

    def _on(self, workspace: str, compute: str, now: float) -> Iterator[Occupant]:
        for record in self.of(workspace).alive(now):
            if record.holds(compute):
                yield Occupant(record, timeline.status_at(record, now), record.nodes)

    def forget(self, workspace: str) -> None:
        """Forget the jobs of a workspace that is gone for good."""
        self.histories.pop(workspace.lower(), None)
        self.experiments.forget(workspace)
        self.written.forget_all(workspace)

    def restore(self, table: str, value: dict[str, Any]) -> None:
        """Take back what was saved."""
        if table == "jobs":
            record = JobRecord.from_json(value)
            self.of(record.workspace).put(record)
        elif table == experiments.TABLE:
            self.experiments.restore(value)
        elif table == "metric tables":
            self._batches += 1
            rows = [(int(step), float(at), data) for step, at, data in value["rows"]]
            made = WrittenTable(value["columns"], value["kind"], rows)
            self.written.add_rows(value["workspace"], value["run"], value["name"], made)
        elif table == "metrics":
            self._batches += 1
            if value["points"] is None:
                self.written.forget(value["workspace"], value["run"])
                return
            for name, columns in value["points"].items():
                for step, number, time in zip(*columns, strict=True):
                    point = Point(int(step), float(number), float(time))
                    self.written.add(value["workspace"], value["run"], name, point)
