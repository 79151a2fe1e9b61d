"""What the machines of jobs are doing: CPU, GPU, memory, disk and network of each run's nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from amltui.emulator import vm_sizes
from amltui.emulator.computes.nodes import node_id
from amltui.emulator.jobs import noise, timeline
from amltui.emulator.jobs.record import JobRecord
from amltui.emulator.monitor.catalogue import Metric
from amltui.emulator.monitor.question import MINUTE, Question
from amltui.emulator.monitor.series import Series
from amltui.emulator.vm_sizes import Size

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

MEGABYTE_OF = {"A100": 81_920, "A10": 24_576, "T4": 16_384}
USUAL_GPU = 16_384
WATTS = 300.0
LAZY = 0.12
"""The share of jobs that keep their GPUs waiting for data."""
STRAGGLING = 0.25
"""The share of jobs on several GPUs of which one does much less than the others."""
_USUAL_SIZE = vm_sizes.SIZES["standard_ds3_v2"]


@dataclass(frozen=True)
class Machine:
    """One node of one run."""

    job: JobRecord
    size: Size
    id: str
    """As the list of its cluster's nodes has it."""
    number: int
    """Among the nodes of its run."""
    seed: int


def series(call: Call, question: Question, metric: Metric) -> Iterator[Series]:
    """A series for each node, or for each GPU of it."""
    is_of_gpus = "DeviceId" in metric.dimensions and metric.name.startswith("Gpu")
    for machine in _machines(call, question):
        devices = range(machine.size.gpus) if is_of_gpus else range(1)
        for device in devices:
            if metric.name.startswith("IB") and machine.job.nodes < 2:
                continue
            labels = {
                "RunId": machine.job.name,
                "runId": machine.job.name,
                "InstanceId": machine.id,
                "NodeId": machine.id,
                "ComputeName": machine.job.compute or "serverless",
                "ClusterName": machine.job.compute or "serverless",
                "DeviceId": str(device),
                "Scenario": "Run",
            }
            yield Series(labels, partial(_sample, metric.name, machine, device))


def _machines(call: Call, question: Question) -> Iterator[Machine]:
    start, end = question.start * MINUTE, question.end * MINUTE
    for job in _jobs(call, question, start, min(end, call.now)):
        if job.type in {"Sweep", "Pipeline"} or job.is_tracked:
            continue  # their children hold the nodes, or nobody's are known
        compute = call.world.compute(call.workspace, job.compute) if job.compute else None
        size = vm_sizes.SIZES.get((compute.size or "").lower() if compute else "", _USUAL_SIZE)
        cluster, is_spot = (compute.key, compute.low_priority) if compute else ("serverless", False)
        for number in range(job.nodes):
            known = node_id(cluster, f"{job.name}/{number}", is_spot)
            yield Machine(job, size, known, number, noise.seeded(job.seed, "node", number))


def _jobs(call: Call, question: Question, start: float, end: float) -> Iterator[JobRecord]:
    named = {each.value for each in question.conditions if each.dimension == "runid"}
    if (
        named
        and "*" not in named
        and all(each.how == "eq" for each in question.conditions if each.dimension == "runid")
    ):
        found = (call.history.get(name, call.now) for name in named)
        yield from (each for each in found if each is not None)
        return
    yield from call.history.during(start, end)


def _sample(name: str, machine: Machine, device: int, minute: int) -> float | None:
    """None while the run holds no node."""
    moment = (minute + 0.5) * MINUTE
    status = timeline.status_at(machine.job, moment)
    if machine.job.created > moment or status not in timeline.ON_NODES:
        return None
    known = _FIXED.get(name)
    if known is not None:
        return known(machine)
    busy = _busy(machine, status, moment)
    if name.startswith("Gpu") and _straggles(machine, device):
        busy *= 0.4
    seed = noise.seeded(machine.seed, name, device)
    wobble = noise.bell(seed, minute)
    return round(max(0.0, _level(name, machine, busy, seed, wobble)), 4)


def _busy(machine: Machine, status: str, moment: float) -> float:
    """How hard it works, from 0 to 1."""
    job = machine.job
    if status != "Running":
        return 0.04
    began = timeline.started_at(job, moment)
    if job.stalls_at is not None and began is not None and moment - began > job.stalls_at:
        return 0.02
    lazy = noise.uniform(noise.seeded(job.seed, "lazy")) < LAZY
    return noise.between(job.seed, 0.08, 0.18) if lazy else noise.between(job.seed, 0.74, 0.97)


def _straggles(machine: Machine, device: int) -> bool:
    """Whether this is the slow GPU of its job."""
    job, gpus = machine.job, machine.size.gpus * machine.job.nodes
    if gpus < 2 or noise.uniform(noise.seeded(job.seed, "straggling")) >= STRAGGLING:
        return False
    slow = int(noise.between(noise.seeded(job.seed, "straggler"), 0, gpus))
    return slow == machine.number * machine.size.gpus + device


def _level(name: str, machine: Machine, busy: float, seed: int, wobble: float) -> float:
    size = machine.size
    own = noise.uniform(noise.seeded(machine.job.seed, "share"))
    cpu = min(100.0, 100 * (0.08 + 0.6 * busy * (0.5 + own)) + 2.5 * wobble)
    gpu = min(100.0, 100 * busy + 2.0 * wobble) if size.gpus else 0.0
    memory = min(97.0, 18 + 55 * own + 8 * busy + 0.5 * wobble)
    kept = min(98.0, (45 + 50 * own) * min(1.0, busy * 6) + 0.3 * wobble)
    disk = size.disk_gb * 1024
    return {
        "CpuUtilizationPercentage": cpu,
        "CpuUtilization": cpu,
        "CpuUtilizationMillicores": cpu * size.vcpus * 10,
        "CpuMemoryUtilizationPercentage": memory,
        "CpuMemoryUtilizationMegabytes": memory / 100 * size.memory_gb * 1024,
        "GpuUtilizationPercentage": gpu,
        "GpuUtilization": gpu,
        "GpuUtilizationMilliGPUs": gpu * 10,
        "GpuMemoryUtilizationPercentage": kept,
        "GpuMemoryUtilization": kept,
        "GpuMemoryUtilizationMegabytes": kept / 100 * _gpu_memory(size),
        "GpuEnergyJoules": (45 + (WATTS - 45) * gpu / 100) * MINUTE,
        "DiskUsedMegabytes": disk * (0.2 + 0.3 * own),
        "DiskAvailMegabytes": disk * (0.8 - 0.3 * own),
        "DiskReadMegabytes": 900 * busy * (0.4 + own) + 40 * wobble,
        "DiskWriteMegabytes": 60 * busy + 8 * wobble,
        "NetworkInputMegabytes": 700 * busy * (0.3 + own) + 30 * wobble,
        "NetworkOutputMegabytes": 45 * busy + 6 * wobble,
        "IBReceiveMegabytes": 24_000 * busy + 500 * wobble,
        "IBTransmitMegabytes": 24_000 * busy + 500 * wobble,
        "StorageAPISuccessCount": 120 * busy + 12 * wobble,
        "StorageAPIFailureCount": float(noise.uniform(seed) < 0.02),
    }[name]


def _gpu_memory(size: Size) -> int:
    return next((each for name, each in MEGABYTE_OF.items() if name in size.name), USUAL_GPU)


_FIXED: dict[str, Callable[[Machine], float]] = {
    "CpuCapacityMillicores": lambda machine: machine.size.vcpus * 1000.0,
    "CpuMemoryCapacityMegabytes": lambda machine: machine.size.memory_gb * 1024.0,
    "GpuCapacityMilliGPUs": lambda machine: 1000.0,
    "GpuMemoryCapacityMegabytes": lambda machine: float(_gpu_memory(machine.size)),
}
