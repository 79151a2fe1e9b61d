"""What happened in a minute: runs that changed state, models registered and deployed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from amltui.emulator.endpoints import load
from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.monitor.catalogue import RUN_STATES, Metric
from amltui.emulator.monitor.question import MINUTE, Question
from amltui.emulator.monitor.series import Series

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

RUNS = {f"{state} Runs" for state in RUN_STATES} | {"Errors", "Warnings"}
_STATUS = {
    "Cancel Requested": "CancelRequested",
    "Cancelled": "Canceled",
    "Not Responding": "NotResponding",
    "Not Started": "NotStarted",
    "Started": "Running",
}
"""Where the metric's word is not the status."""


def runs(call: Call, question: Question, metric: Metric) -> Iterator[Series]:
    """A series for each experiment and type; no sample in minutes without any."""
    state = "Failed" if metric.name == "Errors" else metric.name.removesuffix(" Runs")
    wanted = _STATUS.get(state, state)
    found: dict[tuple[str, str, str], Counter[int]] = {}
    for job in call.history.during(question.start * MINUTE, min(question.end * MINUTE, call.now)):
        if metric.name == "Warnings":
            break
        key = (job.experiment, job.type, "AmlCompute" if job.compute else "Serverless")
        found.setdefault(key, Counter()).update(_entered(job, wanted))
    for (experiment, kind, compute), minutes in found.items():
        labels = {
            "Scenario": "Run",
            "RunType": kind,
            "PublishedPipelineId": "",
            "ComputeType": compute,
            "PipelineStepType": "",
            "ExperimentName": experiment,
        }
        yield _counted(labels, minutes)


def models(call: Call, metric: Metric) -> Iterator[Series]:
    """Registrations and deployments, from what there is."""
    what = metric.name.rpartition(" ")[2]
    moments = _registered(call) if "Register" in metric.name else _deployed(call, what)
    if metric.name == "Model Register Failed":
        moments = ()
    minutes = Counter(int(moment // MINUTE) for moment in moments if moment <= call.now)
    labels = {"Scenario": "Model", "StatusCode": "400" if what == "Failed" else "200"}
    if minutes:
        yield _counted(labels, minutes)


def _counted(labels: dict[str, str], minutes: Counter[int]) -> Series:
    return Series(labels, lambda minute: float(minutes[minute]) if minute in minutes else None)


def _entered(job: JobRecord, status: str) -> Iterable[int]:
    return (int(phase.start // MINUTE) for phase in timeline.phases(job) if phase.status == status)


def _registered(call: Call) -> Iterable[float]:
    for model in call.world.resources.within(f"{call.workspace.id}/models", call.now):
        for version in call.world.resources.within(f"{model.id}/versions", call.now):
            yield version.created


def _deployed(call: Call, what: str) -> Iterable[float]:
    for endpoint in call.world.resources.within(f"{call.workspace.id}/onlineEndpoints", call.now):
        for each in call.world.resources.within(f"{endpoint.id}/deployments", call.now):
            began = float(each.kept.get("started") or each.created)
            broken = each.change is not None and each.change.error is not None
            if what == "Started":
                yield began
            elif what == "Succeeded" and not broken:
                yield load.ready_at(each)
            elif what == "Failed" and broken and each.change is not None:
                yield each.change.began + each.change.takes
