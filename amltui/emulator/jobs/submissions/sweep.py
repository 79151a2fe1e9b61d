"""A sweep: trials of one command with other parameters, some at a time, judged by one metric."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amltui.emulator.jobs import sampling, series
from amltui.emulator.jobs.capacity import FOR_EVER
from amltui.emulator.jobs.plans import Timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.command import command, duration, limit
from amltui.emulator.jobs.submissions.intake import Intake, whole

BEGINS = 3.0
"""Seconds until the first trial is created."""
MOST_TRIALS = 200
USUAL_TRIALS = 8
_WANTED = re.compile(r"\$\{\{\s*search_space\.([\w\-]+)\s*\}\}")


def sweep(intake: Intake, name: str, asked: Mapping[str, Any], **members: Any) -> list[JobRecord]:
    """The sweep, and all its trials."""
    parent = intake.record(name, asked, **members)
    trials = _trials(intake, parent, asked)
    best = _best(trials, asked.get("objective") or {})
    failed = bool(trials) and all(each.timeline[-1][0] == "Failed" for each in trials)
    ends = [each.created - parent.created + duration(each) for each in trials]
    over = min([*ends, BEGINS] if not ends else [max(ends)]) + 2.0
    parent = replace(
        parent,
        timeline=_marks(over, "Failed" if failed else "Completed"),
        failure="step-failed" if failed else None,
        reason="All trials of the sweep have failed." if failed else None,
        nodes=1,
        tags_at_end={"best_child_run_id": best.name} if best is not None and not failed else {},
    )
    return [parent, *trials]


def _marks(over: float, last: str) -> Timeline:
    if over == FOR_EVER:
        return (("NotStarted", 0.0), ("Running", 2.0))
    return (("NotStarted", 0.0), ("Running", 2.0), (last, over))


def _trials(intake: Intake, parent: JobRecord, asked: Mapping[str, Any]) -> list[JobRecord]:
    limits = asked.get("limits") or {}
    most = min(whole(limits.get("maxTotalTrials"), USUAL_TRIALS), MOST_TRIALS)
    at_once = min(whole(limits.get("maxConcurrentTrials"), most), most)
    space = asked.get("searchSpace") or {}
    algorithm = str((asked.get("samplingAlgorithm") or {}).get("samplingAlgorithmType") or "Random")
    slots = [parent.created + BEGINS + place * 0.2 for place in range(at_once)]
    until = parent.created + limit(asked)
    made: list[JobRecord] = []
    for index, choice in enumerate(sampling.trials(space, algorithm, most, parent.seed)):
        slot = min(range(at_once), key=slots.__getitem__)
        if slots[slot] == FOR_EVER or slots[slot] > until:
            break
        trial = _trial(intake.at(slots[slot]), parent, asked, index, choice)
        trial = _stopped_early(trial, asked, made)
        if until < trial.created + duration(trial):
            trial = replace(trial, cancel_requested_at=until)
        slots[slot] = trial.created + duration(trial) + 1.0
        made.append(trial)
    return made


def _trial(
    intake: Intake,
    parent: JobRecord,
    asked: Mapping[str, Any],
    index: int,
    choice: Mapping[str, Any],
) -> JobRecord:
    trial = asked.get("trial") or {}
    space = asked.get("searchSpace") or {}

    def value(match: re.Match[str]) -> str:
        return str(choice.get(match[1], match[0]))

    return command(
        intake,
        f"{parent.name}_{index}",
        {
            **trial,
            "jobType": "Command",
            "command": _WANTED.sub(value, str(trial.get("command") or "python train.py")),
            "computeId": asked.get("computeId"),
            "inputs": asked.get("inputs"),
            "limits": {"jobLimitsType": "Command", "timeout": _trial_limit(asked)},
            "objective": asked.get("objective"),
        },
        display_name=f"{parent.display_name}_{index}",
        experiment=parent.experiment,
        parent=parent.name,
        root=parent.root or parent.parent,
        parameters={name: str(given) for name, given in choice.items()},
        tags={"hyperparameters": json.dumps(choice)},
        properties={"demo.quality": f"{sampling.quality(choice, space, parent.seed):.4f}"},
        script="objective",
    )


def _trial_limit(asked: Mapping[str, Any]) -> Any:
    limits = asked.get("limits") or {}
    return limits.get("trialTimeout")


def _stopped_early(
    trial: JobRecord, asked: Mapping[str, Any], before: list[JobRecord]
) -> JobRecord:
    """A policy ends trials that are far behind the others."""
    policy = asked.get("earlyTermination")
    if not isinstance(policy, Mapping) or not policy.get("policyType") or len(before) < 3:
        return trial
    mean = sum(_quality(each) for each in before) / len(before)
    marks = dict(trial.timeline)
    if _quality(trial) >= mean - 0.12 or "Running" not in marks or "Completed" not in marks:
        return trial
    stopped = marks["Running"] + max(2.0, 0.4 * (marks["Finalizing"] - marks["Running"]))
    kept = [mark for mark in trial.timeline if mark[1] <= stopped]
    return replace(
        trial,
        timeline=(*kept, ("Finalizing", stopped), ("Canceled", stopped + 1.0)),
        reason=f"The {policy['policyType']} policy stopped the trial early.",
    )


def _quality(trial: JobRecord) -> float:
    return float(trial.properties.get("demo.quality", 0.0))


def _best(trials: list[JobRecord], objective: Mapping[str, Any]) -> JobRecord | None:
    """The trial that ends with the best value of the primary metric."""
    metric = str(objective.get("primaryMetric") or "")
    scores = []
    for each in trials:
        last = series.last(each, metric, FOR_EVER)
        if last is not None and each.timeline[-1][0] == "Completed":
            scores.append((last.value, each))
    if not scores:
        return None
    pick = min if str(objective.get("goal")).lower() == "minimize" else max
    return pick(scores, key=lambda score: score[0])[1]
