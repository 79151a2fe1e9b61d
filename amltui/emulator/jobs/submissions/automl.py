"""AutoML: it prepares, then tries one algorithm after the other, scores in its children's tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amltui.emulator.jobs import noise, series
from amltui.emulator.jobs.capacity import FOR_EVER
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.command import command, duration
from amltui.emulator.jobs.submissions.intake import Intake, whole

USUAL, MOST = 6, 30
_ALGORITHMS = (
    ("MaxAbsScaler", "LightGBM"),
    ("MaxAbsScaler", "XGBoostClassifier"),
    ("StandardScalerWrapper", "RandomForest"),
    ("SparseNormalizer", "LogisticRegression"),
    ("MinMaxScaler", "ExtremeRandomTrees"),
    ("", "VotingEnsemble"),
)


def automl(intake: Intake, name: str, asked: Mapping[str, Any], **members: Any) -> list[JobRecord]:
    """The job, its preparation, and its trials."""
    details = asked.get("taskDetails") or {}
    metric = _metric(str(details.get("primaryMetric") or "Accuracy"))
    goal = "Minimize" if re.search("error|loss|rmse", metric, re.IGNORECASE) else "Maximize"
    task = str(details.get("taskType") or "Classification")
    parent = intake.record(name, asked, **members)
    setup = _child(intake.at(parent.created + 2.0), parent, "setup", {})
    trials = _trials(intake, parent, setup, details, {"primaryMetric": metric, "goal": goal})
    ends = [each.created + duration(each) for each in (setup, *trials)]
    over = max(ends) - parent.created + 3.0
    marks = [("NotStarted", 0.0), ("Running", 2.0)]
    if over < FOR_EVER:
        marks.append(("Completed", over))
    best = (max if goal == "Maximize" else min)(trials, key=lambda each: _score(each, metric))
    parent = replace(
        parent,
        timeline=tuple(marks),
        nodes=1,
        properties={
            "num_iterations": str(len(trials)),
            "training_type": "TrainFull",
            "primary_metric": metric,
            "task_type": task.lower(),
            "runTemplate": "AutoML",
            "azureml.runsource": "automl",
            **parent.properties,
        },
        tags_at_end={
            **best.tags_at_end,
            "automl_best_child_run_id": best.name,
            "model_explain_best_run_child_id": best.name,
        },
    )
    return [parent, setup, *trials]


def _trials(
    intake: Intake,
    parent: JobRecord,
    setup: JobRecord,
    details: Mapping[str, Any],
    objective: Mapping[str, str],
) -> list[JobRecord]:
    limits = details.get("limitSettings") or {}
    count = min(whole(limits.get("maxTrials"), USUAL), MOST)
    at_once = min(whole(limits.get("maxConcurrentTrials"), 2), count)
    slots = [setup.created + duration(setup) + 1.0] * at_once
    made = []
    for index in range(count):
        slot = min(range(at_once), key=slots.__getitem__)
        begins = slots[slot] if slots[slot] < FOR_EVER else parent.created + 30.0
        quality = noise.between(parent.seed, 0.55, 0.97, index)
        extra = {"objective": objective, "demo.quality": f"{quality:.4f}"}
        trial = _child(intake.at(begins), parent, str(index), extra)
        made.append(_scored(trial, index, objective["primaryMetric"]))
        slots[slot] = begins + duration(trial) + 1.0
    return made


def _child(intake: Intake, parent: JobRecord, ending: str, extra: Mapping[str, Any]) -> JobRecord:
    quality = extra.get("demo.quality")
    return command(
        intake,
        f"{parent.name}_{ending}",
        {
            "jobType": "Command",
            "command": f"python driver.py --run {ending}",
            "computeId": parent.compute,
            "objective": extra.get("objective"),
            "properties": {"azureml.runsource": "automl"}
            | ({"demo.quality": quality} if quality else {}),
        },
        display_name=f"{parent.display_name}_{ending}",
        experiment=parent.experiment,
        parent=parent.name,
        root=parent.root or parent.parent,
        script="objective" if quality else None,
    )


def _scored(trial: JobRecord, index: int, metric: str) -> JobRecord:
    """AutoML wraps what it puts into tags."""
    scaler, algorithm = _ALGORITHMS[index % len(_ALGORITHMS)]
    first = {
        "iteration": f"<{index}>;",
        "run_preprocessor": f"<{scaler}>;",
        "run_algorithm": f"<{algorithm}>;",
        "pipeline_id": f"<{noise.seeded(trial.seed, algorithm):016x}>;",
        "predicted_cost": "<0>;",
        "training_percent": "<100>;",
        "score": "<NaN>;",
        "fit_time": "<NaN>;",
    }
    marks = dict(trial.timeline)
    took = marks.get("Finalizing", 0.0) - marks.get("Running", 0.0)
    done = {"score": f"<{_score(trial, metric)}>;", "fit_time": f"<{round(took)}>;"}
    return replace(trial, tags={**(trial.tags or {}), **first}, tags_at_end={**first, **done})


def _score(trial: JobRecord, metric: str) -> float:
    last = series.last(trial, metric, FOR_EVER)
    return float("nan") if last is None else last.value


def _metric(name: str) -> str:
    """As runs spell it: AUCWeighted is AUC_weighted, NormalizedMeanAbsoluteError all small."""
    if name.startswith("AUC"):
        return "AUC_" + name[3:].lower()
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
