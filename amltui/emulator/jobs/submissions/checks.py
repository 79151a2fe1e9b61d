"""What is wrong with the body of a job."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amltui.emulator.jobs import wiretime
from amltui.emulator.jobs.submissions.intake import KINDS
from amltui.emulator.jobs.submissions.pipeline import order

_TEXTS = ("displayName", "experimentName", "computeId", "environmentId", "command", "description",
          "codeId", "componentId")  # fmt: skip
_OBJECTS = ("tags", "properties", "inputs", "outputs", "resources", "limits", "distribution",
            "environmentVariables", "services", "jobs", "settings", "searchSpace", "objective",
            "samplingAlgorithm", "earlyTermination", "trial", "taskDetails", "entry", "conf",
            "identity", "queueSettings", "notificationSetting")  # fmt: skip
_LONGEST_EXPERIMENT = 255
_NAME = re.compile(r"[A-Za-z0-9_][\w.\-]{0,254}")
"""What assets and their versions can be called."""


def complaint(asked: Any) -> str | None:
    """Why a job cannot be made of these properties; None if it can."""
    if not isinstance(asked, Mapping):
        return "The request has no properties."
    kind = asked.get("jobType")
    if not isinstance(kind, str) or kind.lower() not in KINDS:
        return "The field jobType is required: AutoML, Command, Sweep, Pipeline or Spark."
    return misshapen(asked) or next(_missing(kind.lower(), asked), None)


def misshapen(asked: Mapping[str, Any]) -> str | None:
    """The first property that is of another kind than it must be."""
    for name in _TEXTS:
        if not isinstance(asked.get(name), (str, type(None))):
            return f"The field {name} must be a string."
    for name in _OBJECTS:
        if not isinstance(asked.get(name), (Mapping, type(None))):
            return f"The field {name} must be an object."
    tags = asked.get("tags") or {}
    if not all(isinstance(each, (str, type(None))) for each in tags.values()):
        return "The field tags must hold strings."
    for name, output in (asked.get("outputs") or {}).items():
        if isinstance(output, Mapping) and not _can_be_named(output):
            return f"The name or version of the asset of output {name} is not valid."
    if len(asked.get("experimentName") or "") > _LONGEST_EXPERIMENT:
        return "The name of the experiment is too long."
    resources = asked.get("resources") or {}
    count = resources.get("instanceCount", 1)
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 1):
        return "The field resources.instanceCount must be a positive number."
    for name in ("timeout", "trialTimeout"):
        if not _is_duration((asked.get("limits") or {}).get(name)):
            return f"The field limits.{name} must be a duration such as PT1H."
    return None


def _can_be_named(output: Mapping[str, Any]) -> bool:
    """Whether an asset can be called as the output asks, if it does."""
    asked = (output.get("assetName"), output.get("assetVersion"))
    return all(
        each is None or (isinstance(each, str) and _NAME.fullmatch(each) is not None)
        for each in asked
    )


def _missing(kind: str, asked: Mapping[str, Any]) -> Iterator[str]:
    yield from _CHECKS.get(kind, _nothing)(asked)


def _nothing(asked: Mapping[str, Any]) -> Iterator[str]:
    del asked
    yield from ()


def _command(asked: Mapping[str, Any]) -> Iterator[str]:
    if not asked.get("command"):
        yield "The field command is required."


def _sweep(asked: Mapping[str, Any]) -> Iterator[str]:
    trial, objective = asked.get("trial") or {}, asked.get("objective") or {}
    if (wrong := misshapen(trial)) is not None:
        yield wrong
    yield from _needed(trial, "trial", "command", "environmentId")
    yield from _needed(objective, "objective", "goal", "primaryMetric")
    if str(objective.get("goal")).lower() not in {"minimize", "maximize"}:
        yield "The field objective.goal must be Minimize or Maximize."
    if not asked.get("searchSpace"):
        yield "The field searchSpace is required."
    sampling = asked.get("samplingAlgorithm") or {}
    if str(sampling.get("samplingAlgorithmType")).lower() not in {"grid", "random", "bayesian"}:
        yield "The field samplingAlgorithm.samplingAlgorithmType is required."


def _needed(held: Mapping[str, Any], name: str, *parts: str) -> Iterator[str]:
    for part in parts:
        if not isinstance(held.get(part), str) or not held[part]:
            yield f"The field {name}.{part} is required."


def _pipeline(asked: Mapping[str, Any]) -> Iterator[str]:
    nodes = asked.get("jobs") or {}
    for name, node in nodes.items():
        if not isinstance(node, Mapping):
            yield f"The step {name} must be an object."
            return
        for part in ("compute", "computeId", "command", "type", "display_name"):
            if not isinstance(node.get(part), (str, Mapping, type(None))):
                yield f"The field {part} of step {name} must be a string."
    try:
        order(nodes)
    except ValueError as error:
        yield str(error)


def _automl(asked: Mapping[str, Any]) -> Iterator[str]:
    details = asked.get("taskDetails")
    if not details:
        yield "The field taskDetails is required."
        return
    yield from _needed(details, "taskDetails", "taskType")
    if not isinstance(details.get("trainingData"), Mapping):
        yield "The field taskDetails.trainingData is required."
    if not isinstance(details.get("limitSettings"), (Mapping, type(None))):
        yield "The field taskDetails.limitSettings must be an object."


def _spark(asked: Mapping[str, Any]) -> Iterator[str]:
    if not asked.get("codeId"):
        yield "The field codeId is required."
    entry = asked.get("entry") or {}
    scala = str(entry.get("sparkJobEntryType")).lower() == "sparkjobscalaentry"
    yield from _needed(entry, "entry", "sparkJobEntryType", "className" if scala else "file")


_CHECKS: dict[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "command": _command,
    "sweep": _sweep,
    "pipeline": _pipeline,
    "automl": _automl,
    "spark": _spark,
}


def _is_duration(value: Any) -> bool:
    if value is None:
        return True
    try:
        wiretime.duration(value)
    except (ValueError, AttributeError):
        return False
    return True
