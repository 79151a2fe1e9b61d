"""A pipeline's node as the job that it is: its own words over those of its component."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.jobs.submissions.intake import Intake

_NO: Mapping[str, Any] = {}
_FALSE = {"false", "0"}


@dataclass(frozen=True)
class Settings:
    """What holds for all steps of a pipeline."""

    continues: bool
    """Whether steps that need nothing of a failed one still run."""
    compute: str | None


def settings_of(asked: Mapping[str, Any]) -> Settings:
    settings = asked.get("settings") or _NO
    continues = settings.get("continue_on_step_failure", True)
    compute = settings.get("default_compute") or settings.get("defaultCompute")
    return Settings(
        continues=str(continues).lower() not in _FALSE,
        compute=asked.get("computeId") or (compute if isinstance(compute, str) else None),
    )


def as_job(
    intake: Intake, node: Mapping[str, Any], parent: JobRecord, settings: Settings
) -> dict[str, Any]:
    """The properties of a job, as a client would put them, from a node's snake case."""
    component = node.get("componentId") or node.get("component")
    held: Mapping[str, Any] | None = component if isinstance(component, Mapping) else None
    if held is None and isinstance(component, str):
        held = intake.component(component)
    spec: Mapping[str, Any] = {**(held or _NO), **{k: v for k, v in node.items() if v}}
    kind = str(spec.get("type") or "command").lower()
    asked: dict[str, Any] = {
        "computeId": node.get("computeId") or _text(node.get("compute")) or settings.compute,
        "environmentId": _text(spec.get("environment") or spec.get("environmentId")),
        "inputs": _inputs(_mapping(node.get("inputs")), parent),
        "outputs": _outputs(_mapping(node.get("outputs")), _mapping((held or _NO).get("outputs"))),
        "resources": _resources(_mapping(spec.get("resources"))),
        "limits": _limits(_mapping(spec.get("limits"))),
        "distribution": _distribution(spec.get("distribution")),
        "codeId": _text(spec.get("code") or spec.get("codeId")),
        "componentId": component if isinstance(component, str) else None,
    }
    if kind == "pipeline":
        inner = _mapping((held or _NO).get("jobs")) or _mapping(node.get("jobs"))
        defaults = {
            "settings": {"default_compute": settings.compute, **_mapping(spec.get("settings"))}
        }
        return {**asked, **defaults, "jobType": "Pipeline", "jobs": inner}
    if kind == "sweep":
        return {**asked, "jobType": "Sweep", **_sweep(spec, intake)}
    return {**asked, "jobType": "Command", "command": _command(spec)}


def _command(spec: Mapping[str, Any]) -> str:
    task = _mapping(spec.get("task"))
    told = spec.get("command") or task.get("entry_script")
    return str(told or f"python {spec.get('name') or 'step'}.py")


def _sweep(spec: Mapping[str, Any], intake: Intake) -> dict[str, Any]:
    trial = spec.get("trial")
    told = intake.component(trial) if isinstance(trial, str) else trial
    objective, limits = _mapping(spec.get("objective")), _mapping(spec.get("limits"))
    return {
        "trial": {"command": _command(_mapping(told)), "resources": {}},
        "objective": {
            "goal": str(objective.get("goal") or "Minimize").title(),
            "primaryMetric": objective.get("primary_metric"),
        },
        "searchSpace": {
            name: _space(_mapping(each))
            for name, each in _mapping(spec.get("search_space")).items()
        },
        "samplingAlgorithm": {"samplingAlgorithmType": _sampling(spec.get("sampling_algorithm"))},
        "limits": {
            "maxTotalTrials": limits.get("max_total_trials"),
            "maxConcurrentTrials": limits.get("max_concurrent_trials"),
        },
    }


def _space(each: Mapping[str, Any]) -> list[Any]:
    kind = str(each.get("type") or "choice")
    if kind == "choice":
        return [kind, [each.get("values") or []]]
    names = ("upper", "min_value", "max_value", "mu", "sigma", "q")
    return [kind, [each[name] for name in names if name in each]]


def _sampling(told: Any) -> str:
    return str(told.get("type") if isinstance(told, Mapping) else told or "random").title()


def _inputs(inputs: Mapping[str, Any], parent: JobRecord) -> dict[str, Any]:
    """With the pipeline's own inputs put in."""
    return {name: _input(value, parent) for name, value in inputs.items()}


def _input(value: Any, parent: JobRecord) -> Any:
    told = value.get("value", value.get("uri")) if isinstance(value, Mapping) else value
    name = str(told).removeprefix("${{parent.inputs.").removesuffix("}}").strip()
    if str(told).startswith("${{parent.inputs.") and name in parent.inputs:
        return parent.inputs[name]
    return {"jobInputType": "literal", "value": None if told is None else str(told)}


def _outputs(outputs: Mapping[str, Any], declared: Mapping[str, Any]) -> dict[str, Any]:
    """Those that are to become assets; what they are may be said by the component."""
    named = {
        name: each
        for name, each in outputs.items()
        if isinstance(each, Mapping) and _text(each.get("name"))
    }
    return {
        name: {
            "assetName": each["name"],
            "assetVersion": str(each["version"]) if each.get("version") else None,
            "mode": each.get("mode"),
            "jobOutputType": _output_type(each, _mapping(declared.get(name))),
        }
        for name, each in named.items()
    }


def _output_type(told: Mapping[str, Any], declared: Mapping[str, Any]) -> str:
    kinds = (told.get("job_output_type"), told.get("type"), declared.get("type"))
    known = (each for each in kinds if isinstance(each, str) and each != "literal")
    return next(known, "uri_folder")


def _resources(told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "instanceCount": told.get("instance_count", told.get("instanceCount")),
        "instanceType": told.get("instance_type", told.get("instanceType")),
    }


def _limits(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Steps say their limit in seconds."""
    timeout = told.get("timeout")
    if isinstance(timeout, (int, float)) and timeout > 0:
        return {"jobLimitsType": "Command", "timeout": f"PT{timeout:g}S"}
    return None


def _distribution(told: Any) -> dict[str, Any] | None:
    if not isinstance(told, Mapping):
        return None
    kind = str(told.get("type") or told.get("distribution_type") or "mpi")
    count = told.get("process_count_per_instance")
    return {"distributionType": kind, "processCountPerInstance": count}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else _NO


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
