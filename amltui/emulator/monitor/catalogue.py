"""Which metrics Azure Monitor has for which resources, with their dimensions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from amltui.emulator.places import PROVIDER

WORKSPACES = f"{PROVIDER}/workspaces"
ONLINE_ENDPOINTS = f"{WORKSPACES}/onlineEndpoints"
DEPLOYMENTS = f"{ONLINE_ENDPOINTS}/deployments"

AGGREGATIONS = ("Average", "Minimum", "Maximum", "Total", "Count")
GRAINS = {
    "PT1M": 1,
    "PT5M": 5,
    "PT15M": 15,
    "PT30M": 30,
    "PT1H": 60,
    "PT6H": 360,
    "PT12H": 720,
    "P1D": 1440,
}
"""Minutes of each interval there is."""


@dataclass(frozen=True)
class Metric:
    """One metric, as its definition tells of it."""

    name: str
    description: str
    dimensions: tuple[str, ...] = ()
    unit: str = "Count"
    primary: str = "Average"
    category: str = ""

    def dimension(self, text: str) -> str | None:
        """The dimension that a filter means, however it is spelled."""
        lower = text.lower()
        return next((each for each in self.dimensions if each.lower() == lower), None)


_NODE = ("RunId", "InstanceId", "ComputeName")
_DEVICE = ("RunId", "InstanceId", "DeviceId", "ComputeName")
_QUOTA = ("Scenario", "ClusterName")
_RUNS = (
    "Scenario",
    "RunType",
    "PublishedPipelineId",
    "ComputeType",
    "PipelineStepType",
    "ExperimentName",
)


def _node(device: bool, *told: tuple[str, str]) -> Iterable[Metric]:
    for name, description in told:
        primary = "Total" if name == "GpuEnergyJoules" else "Average"
        dimensions = _DEVICE if device else _NODE
        yield Metric(name, description, dimensions, primary=primary, category="Resource")


def _quota() -> Iterable[Metric]:
    for what in ("Active", "Idle", "Leaving", "Preempted", "Total", "Unusable"):
        for unit in ("Cores", "Nodes"):
            text = f"Number of {what.lower()} {unit.lower()} of clusters"
            yield Metric(f"{what} {unit}", text, _QUOTA, category="Quota")
    yield Metric(
        "Quota Utilization Percentage",
        "Percent of quota utilized",
        (*_QUOTA, "VmFamilyName", "VmPriority"),
        category="Quota",
    )


RUN_STATES = (
    "Cancel Requested",
    "Cancelled",
    "Completed",
    "Failed",
    "Finalizing",
    "Not Responding",
    "Not Started",
    "Preparing",
    "Provisioning",
    "Queued",
    "Started",
    "Starting",
)


def _runs() -> Iterable[Metric]:
    for state in RUN_STATES:
        text = f"Number of runs that became {state.lower()} for this workspace"
        yield Metric(f"{state} Runs", text, _RUNS, primary="Total", category="Run")
    for name in ("Errors", "Warnings"):
        text = f"Number of run {name.lower()} in this workspace"
        yield Metric(name, text, ("Scenario",), primary="Total", category="Run")


def _models() -> Iterable[Metric]:
    for name, dimensions in (
        ("Model Register Succeeded", ("Scenario",)),
        ("Model Register Failed", ("Scenario", "StatusCode")),
        ("Model Deploy Started", ("Scenario",)),
        ("Model Deploy Succeeded", ("Scenario",)),
        ("Model Deploy Failed", ("Scenario", "StatusCode")),
    ):
        text = f"Number of times: {name.lower()}"
        yield Metric(name, text, dimensions, primary="Total", category="Model")


_LATENCY = tuple(
    (f"RequestLatency_{each}", f"The {each} request latency")
    for each in ("P50", "P90", "P95", "P99")
)

NAMESPACES: dict[str, tuple[Metric, ...]] = {
    WORKSPACES: (
        *_node(
            False,
            ("CpuUtilizationPercentage", "Utilization percentage of a CPU node"),
            ("CpuUtilizationMillicores", "Utilization of a CPU node in millicores"),
            ("CpuCapacityMillicores", "Maximum capacity of a CPU node in millicores"),
            ("CpuMemoryUtilizationPercentage", "Memory utilization percentage of a CPU node"),
            ("CpuMemoryUtilizationMegabytes", "Memory utilization of a CPU node in megabytes"),
            ("CpuMemoryCapacityMegabytes", "Maximum memory of a CPU node in megabytes"),
            ("DiskAvailMegabytes", "Available disk space in megabytes"),
            ("DiskUsedMegabytes", "Used disk space in megabytes"),
            ("DiskReadMegabytes", "Data read from disk in megabytes"),
            ("DiskWriteMegabytes", "Data written to disk in megabytes"),
            ("StorageAPISuccessCount", "Successful calls to blob storage"),
            ("StorageAPIFailureCount", "Failed calls to blob storage"),
        ),
        *_node(
            True,
            ("GpuUtilizationPercentage", "Utilization percentage of a GPU device"),
            ("GpuUtilizationMilliGPUs", "Utilization of a GPU device in milli-GPUs"),
            ("GpuCapacityMilliGPUs", "Maximum capacity of a GPU device in milli-GPUs"),
            ("GpuMemoryUtilizationPercentage", "Memory utilization percentage of a GPU device"),
            ("GpuMemoryUtilizationMegabytes", "Memory utilization of a GPU device in megabytes"),
            ("GpuMemoryCapacityMegabytes", "Maximum memory of a GPU device in megabytes"),
            ("GpuEnergyJoules", "Energy in joules of a GPU device in the interval"),
            ("NetworkInputMegabytes", "Network data received in megabytes"),
            ("NetworkOutputMegabytes", "Network data sent in megabytes"),
            ("IBReceiveMegabytes", "Network data received over InfiniBand in megabytes"),
            ("IBTransmitMegabytes", "Network data sent over InfiniBand in megabytes"),
        ),
        *(
            Metric(name, text, ("Scenario", "runId", "NodeId", "ClusterName"), category="Resource")
            for name, text in (
                ("CpuUtilization", "Percentage of utilization on a CPU node"),
                ("GpuUtilization", "Percentage of utilization on a GPU node"),
                ("GpuMemoryUtilization", "Percentage of memory utilization on a GPU node"),
            )
        ),
        *_quota(),
        *_runs(),
        *_models(),
    ),
    ONLINE_ENDPOINTS: (
        Metric("RequestLatency", "The complete time taken for a request to be responded to",
               ("deployment",), "Milliseconds", category="Traffic"),
        *(Metric(name, text, ("deployment",), "Milliseconds", category="Traffic")
          for name, text in _LATENCY),
        Metric("RequestsPerMinute", "The number of requests sent to the endpoint within a minute",
               ("deployment", "statusCode", "statusCodeClass", "modelStatusCode"),
               category="Traffic"),
        Metric("ConnectionsActive", "The total number of concurrent TCP connections active",
               category="Traffic"),
        Metric("NewConnectionsPerSecond", "The average number of new TCP connections per second",
               unit="CountPerSecond", category="Traffic"),
        Metric("NetworkBytes", "The bytes per second served for the endpoint",
               unit="BytesPerSecond", category="Traffic"),
        Metric("DataCollectionEventsPerMinute", "The number of data collection events per minute",
               ("deployment", "reason", "type"), category="Traffic"),
        Metric("DataCollectionErrorsPerMinute", "The number of data collection events dropped",
               ("deployment", "reason", "type"), category="Traffic"),
    ),
    DEPLOYMENTS: (
        *(Metric(name, text, ("instanceId",), "Percent", category="Resource") for name, text in (
            ("CpuUtilizationPercentage", "Percentage of CPU utilization on an instance"),
            ("CpuMemoryUtilizationPercentage", "Percentage of memory utilization on an instance"),
            ("GpuUtilizationPercentage", "Percentage of GPU utilization on an instance"),
            ("GpuMemoryUtilizationPercentage", "Percentage of GPU memory on an instance"),
        )),
        Metric("GpuEnergyJoules", "Interval energy in joules on a GPU node", ("instanceId",),
               primary="Total", category="Resource"),
        Metric("DiskUtilization", "Percentage of disk utilization on an instance",
               ("instanceId", "disk"), "Percent", "Maximum", "Resource"),
        Metric("DeploymentCapacity", "The number of instances in the deployment",
               ("instanceId", "State"), "Count", "Minimum", "Resource"),
        *(Metric(name, text, (), "Milliseconds", category="Traffic") for name, text in _LATENCY),
        Metric("RequestsPerMinute", "The number of requests to the deployment within a minute",
               ("envoy_response_code",), category="Traffic"),
    ),
}  # fmt: skip


def find(namespace: str, name: str) -> Metric | None:
    """The metric of a name, however it is spelled."""
    lower = name.strip().lower()
    return next((each for each in NAMESPACES[namespace] if each.name.lower() == lower), None)
