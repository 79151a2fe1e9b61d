"""Computes as ARM writes them: doubly nested properties, sizes in capitals, explicit nulls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amltui.emulator.computes.record import CLUSTER, INSTANCE, Compute
from amltui.emulator.jobs.book import Occupant
from amltui.emulator.jobs.wiretime import iso
from amltui.emulator.places import PROVIDER, Workspace, guid


def body(
    compute: Compute, place: Workspace, jobs: Sequence[Occupant], now: float
) -> dict[str, Any]:
    """The resource at this moment, with the jobs that hold its nodes."""
    if compute.type == INSTANCE:
        inner = _instance(compute, place, jobs, now)
    elif compute.type == CLUSTER:
        inner = _cluster(compute, jobs, now)
    else:
        inner = _attached(compute)
    failed = compute.provisioning == "Failed"
    return {
        "id": f"{place.id}/computes/{compute.name}",
        "name": compute.name,
        "type": f"{PROVIDER}/workspaces/computes",
        "location": place.location,
        "tags": compute.tags,
        "identity": None,
        "sku": None,
        "properties": {
            "createdOn": iso(compute.created),
            "modifiedOn": iso(compute.created + 4.38),
            "disableLocalAuth": compute.type == INSTANCE,
            "description": None,
            "resourceId": compute.resource,
            "computeType": compute.type,
            "computeLocation": place.location,
            "provisioningState": compute.provisioning,
            "provisioningErrors": [_error(*each) for each in compute.errors] if failed else None,
            "isAttachedCompute": compute.resource is not None,
            "properties": inner,
        },
        "systemData": {
            "createdAt": iso(compute.created),
            "createdBy": compute.owner,
            "createdByType": "User",
            "lastModifiedAt": iso(compute.created),
        }
        if compute.owner
        else None,
    }


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "details": []}}


def state_of(compute: Compute, jobs: Sequence[Occupant], now: float) -> str:
    """An instance that is up and has a job says so."""
    state = compute.state_at(now)
    return "JobRunning" if state == "Running" and jobs else state


def _instance(
    compute: Compute, place: Workspace, jobs: Sequence[Occupant], now: float
) -> dict[str, Any]:
    operation = compute.operation_at(now)
    person: dict[str, Any] = {
        "userOrgId": place.subscription.tenant,
        "userId": guid("person", compute.owner or ""),
    }
    if compute.owner_is_named:
        person["userName"] = compute.owner
    host = f"{compute.name}.{place.location}.instances.azureml.ms"
    return {
        "vmSize": (compute.size or "").upper(),
        "subnet": None,
        "applicationSharingPolicy": "Personal",
        "sshSettings": {
            "sshPublicAccess": "Disabled",
            "adminUserName": "azureuser",
            "sshPort": 22,
            "adminPublicKey": None,
        },
        "osImageMetadata": {
            "currentImageVersion": "24.10.2",
            "latestImageVersion": "24.10.2",
            "isLatestOsImageVersion": True,
        },
        "connectivityEndpoints": {"publicIpAddress": None, "privateIpAddress": "10.0.0.4"},
        "applications": [
            {"displayName": "Jupyter", "endpointUri": f"https://{host}/tree/"},
            {"displayName": "Jupyter Lab", "endpointUri": f"https://{host}/lab"},
        ],
        "createdBy": person,
        "errors": [_error(*each) for each in compute.errors],
        "state": state_of(compute, jobs, now),
        "computeInstanceAuthorizationType": "personal",
        "personalComputeInstanceSettings": None,
        "setupScripts": None,
        "lastOperation": operation
        and {
            "operationName": operation[0],
            "operationTime": iso(operation[1]),
            "operationStatus": operation[2],
            "operationTrigger": operation[3],
        },
        "schedules": {"computeStartStop": []},
        "idleTimeBeforeShutdown": compute.idle_shutdown,
        "enableNodePublicIp": True,
        "containers": [],
        "dataDisks": [{"caching": "ReadWrite", "diskSizeGB": 128, "lun": 0}],
        "dataMounts": [],
        "versions": {"runtime": "3.0.02640.0001"},
        "autologgerSettings": None,
    }


def nodes_of(compute: Compute, jobs: Sequence[Occupant]) -> dict[str, int]:
    """A cluster's machines: those of its jobs, and those it keeps without any."""
    running = sum(job.nodes for job in jobs if job.status in {"Running", "Finalizing"})
    preparing = sum(job.nodes for job in jobs if job.status in {"Preparing", "Provisioning"})
    leaving = sum(job.nodes for job in jobs if job.status == "CancelRequested")
    idle = max(0, compute.min_nodes - running - preparing - leaving)
    return {
        "preparingNodeCount": preparing,
        "runningNodeCount": running,
        "idleNodeCount": idle,
        "unusableNodeCount": 0,
        "leavingNodeCount": leaving,
        "preemptedNodeCount": compute.preempted,
    }


def _cluster(compute: Compute, jobs: Sequence[Occupant], now: float) -> dict[str, Any]:
    scale = {
        "maxNodeCount": compute.max_nodes,
        "minNodeCount": compute.min_nodes,
        "nodeIdleTimeBeforeScaleDown": "PT2M",
    }
    fixed = {
        "vmSize": (compute.size or "").upper(),
        "scaleSettings": scale,
        "subnet": None,
        "remoteLoginPortPublicAccess": "Disabled",
        "osType": "Linux",
        "virtualMachineImage": None,
        "isolatedNetwork": False,
        "propertyBag": {},
    }
    if compute.provisioning != "Succeeded":
        unknown = ("nodeStateCounts", "currentNodeCount", "targetNodeCount", "allocationState")
        return {**fixed, **dict.fromkeys(unknown), "vmPriority": None, "errors": None}
    counts = nodes_of(compute, jobs)
    current = sum(counts.values()) - counts["preemptedNodeCount"]
    resizing = counts["preparingNodeCount"] or counts["leavingNodeCount"]
    return {
        **fixed,
        "vmPriority": "LowPriority" if compute.low_priority else "Dedicated",
        "currentNodeCount": current,
        "targetNodeCount": current - counts["leavingNodeCount"],
        "nodeStateCounts": counts,
        "allocationState": "Resizing" if resizing else "Steady",
        "allocationStateTransitionTime": iso(now - now % 300),
        "errors": [_error(*each) for each in compute.errors] or None,
    }


def _attached(compute: Compute) -> dict[str, Any]:
    if compute.type == "Kubernetes":
        return {
            "relayConnectionString": None,
            "serviceBusConnectionString": None,
            "extensionPrincipalId": guid(compute.name, "extension"),
            "extensionInstanceReleaseTrain": "stable",
            "vcName": None,
            "namespace": "azureml",
            "defaultInstanceType": "defaultinstancetype",
            "instanceTypes": {"defaultinstancetype": {"nodeSelector": None, "resources": None}},
        }
    return {
        "databricksAccessToken": None,
        "workspaceUrl": f"adb-{compute.name}.azuredatabricks.net",
    }


def nodes(compute: Compute, jobs: Sequence[Occupant]) -> list[dict[str, Any]]:
    """A cluster's machines one by one, with the run on each."""
    states = {
        "Running": "running",
        "Finalizing": "running",
        "Preparing": "preparing",
        "Provisioning": "preparing",
        "CancelRequested": "leaving",
    }
    busy = [
        (states.get(job.status, "running"), job.job.name) for job in jobs for _ in range(job.nodes)
    ]
    idle = nodes_of(compute, jobs)["idleNodeCount"]
    everything: list[tuple[str, str | None]] = [*busy, *([("idle", None)] * idle)]
    return [
        {
            "nodeId": f"tvmps_{guid(compute.key, str(number)).replace('-', '')}_d",
            "privateIpAddress": f"10.0.0.{4 + number}",
            "publicIpAddress": None,
            "port": 50000 + number,
            "nodeState": state,
            "runId": run,
        }
        for number, (state, run) in enumerate(everything)
    ]
