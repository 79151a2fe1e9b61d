"""How busy machines are, in words."""

from __future__ import annotations

from datetime import timedelta

from amltui.domain.machine_load import CPU, GPU, MachineLoad, Trace
from amltui.kinds import machine_load
from tests.stage import START

LOAD = MachineLoad(
    START,
    60.0,
    (
        Trace(GPU, "n1", "0", (10.0, 20.0, None)),
        Trace(GPU, "n1", "1", (30.0, 60.0, None)),
        Trace(GPU, "n2", "0", (90.0, None, None)),
        Trace(CPU, "n1", "", (5.0, 7.0, None)),
    ),
)


def test_a_machine_is_as_busy_as_its_gpus_are_now():
    """The newest sample, not the first; one that tells none has a dash."""
    assert machine_load.last_of(LOAD, GPU, "n1") == "40%"
    assert machine_load.last_of(LOAD, GPU, "n2") == "90%"
    assert machine_load.last_of(LOAD, CPU, "n1") == "7%"
    assert machine_load.last_of(LOAD, CPU, "n2") == "-"
    assert machine_load.last_of(None, GPU, "n1") == "-"


def test_all_machines_in_a_line_with_the_age_of_the_newest_sample():
    """Means over those that tell something at each step."""
    gpu, cpu = machine_load.busy(LOAD, START + timedelta(minutes=4))
    assert (gpu.name, cpu.name) == ("GPU", "CPU")
    assert "40%  mean 42%  peak 43%  3 GPUs, 1 h, 3m ago" in str(gpu.value)
    assert "1 machine, 1 h" in str(cpu.value)


def test_no_sample_is_said_to_be_none():
    """Which is not nothing done."""
    (fact,) = machine_load.busy(MachineLoad(START, 60.0), START)
    assert "no sample" in str(fact.value)
