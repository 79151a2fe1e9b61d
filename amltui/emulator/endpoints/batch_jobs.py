"""The jobs that batch endpoints start: pipelines with one step, which any client of jobs sees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator.http.asked import Malformed, mapping, object_of, text_of
from amltui.emulator.jobs import timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

ENDPOINT, DEPLOYMENT = "azureml.batchendpoint", "azureml.batchdeployment"
"""The properties of a job by which its endpoint is known."""
STEP = "batchscoring"
_COMPONENT = "azureml://registries/azureml/components/batch_score/versions/1"


def request(body: Mapping[str, Any]) -> dict[str, Any]:
    """What an invocation asks for, its members spelled with a small letter at first."""
    asked = mapping(body.get("properties") or body.get("Properties"), "properties")
    return {f"{name[:1].lower()}{name[1:]}": value for name, value in asked.items()}


def specification(
    asked: Mapping[str, Any], endpoint: Resource, deployment: Resource
) -> dict[str, Any]:
    """The body of the job; Malformed where inputs or outputs are no objects."""
    held = deployment.properties
    more = object_of(asked, "properties")
    inputs = _described(asked.get("inputData") or asked.get("dataset"), "inputData")
    outputs = _described(asked.get("outputData"), "outputData")
    resources = object_of(asked, "resources") or held["resources"]
    environment = held["environmentId"]
    return {
        "properties": {
            "jobType": "Pipeline",
            "displayName": text_of(asked, "displayName") or endpoint.name,
            "experimentName": text_of(more, "experimentName")
            or text_of(asked, "experimentName")
            or endpoint.name,
            "description": text_of(asked, "description", None),
            "computeId": held["compute"],
            "environmentId": environment,
            "tags": {},
            "properties": {
                ENDPOINT: endpoint.name,
                DEPLOYMENT: deployment.name,
                "azureml.jobtype": "azureml.batchjob",
            },
            "inputs": inputs,
            "outputs": outputs or _USUAL_OUTPUT,
            "resources": {"instanceCount": resources.get("instanceCount") or 1},
            "settings": {"force_rerun": True},
            "jobs": {
                STEP: {
                    "type": "parallel",
                    "name": STEP,
                    "componentId": _COMPONENT,
                    "computeId": held["compute"],
                    "resources": {"instance_count": str(resources.get("instanceCount") or 1)},
                    "mini_batch_size": str(held["miniBatchSize"]),
                    "max_concurrency_per_instance": held["maxConcurrencyPerInstance"],
                    "error_threshold": held["errorThreshold"],
                }
            },
        }
    }


_USUAL_OUTPUT = {"score": {"jobOutputType": "uri_folder", "mode": "ReadWriteMount", "uri": None}}
_TYPES = {"urifile": "uri_file", "urifolder": "uri_folder", "literal": "literal"}


def _described(value: Any, name: str) -> dict[str, Any]:
    """Inputs or outputs, their types as jobs spell them."""
    found = {}
    for key, each in mapping(value, name).items():
        if not isinstance(each, dict):
            raise Malformed(f"The field {name}.{key} must be an object.")
        entry = {f"{part[:1].lower()}{part[1:]}": held for part, held in each.items()}
        for kind in ("jobInputType", "jobOutputType"):
            if kind in entry:
                entry[kind] = _TYPES.get(str(entry[kind]).lower(), str(entry[kind]))
        found[key] = entry
    return found


def of(call: Call, endpoint: str, deployment: str | None = None) -> Iterator[JobRecord]:
    """The jobs that an endpoint has started, newest first."""
    for record in call.history.newest_first(call.now):
        if record.properties.get(ENDPOINT, "").lower() != endpoint.lower():
            continue
        if deployment and record.properties.get(DEPLOYMENT, "").lower() != deployment.lower():
            continue
        yield record


def body(call: Call, record: JobRecord) -> dict[str, Any]:
    """As the batch service writes it; its name is the job's in the workspace."""
    endpoint = record.properties.get(ENDPOINT, "")
    return {
        "id": f"{call.workspace.id}/batchEndpoints/{endpoint}/jobs/{record.name}",
        "name": record.name,
        "type": "Microsoft.MachineLearningServices/workspaces/batchEndpoints/jobs",
        "properties": {
            "status": timeline.status_at(record, call.now),
            "displayName": record.display_name,
            "experimentName": record.experiment,
            "endpointName": endpoint,
            "deploymentName": record.properties.get(DEPLOYMENT),
            "compute": record.compute,
            "inputData": record.inputs,
            "outputData": record.outputs,
            "interactionEndpoints": {},
            "properties": record.properties,
            "tags": record.tags,
        },
        "systemData": {"createdBy": record.created_by},
    }
