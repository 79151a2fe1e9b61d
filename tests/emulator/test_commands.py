"""What commands would do is read from them, and never run."""

from __future__ import annotations

import pytest

from amltui.emulator.jobs.commands import SCRIPT, read


def said(command: str) -> list[str]:
    return [line for _, line in read(command).said]


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ('echo "hello world"', ["hello world"]),
        ("echo one && echo two; echo three", ["one", "two", "three"]),
        ("python -c \"print('x', 2 * 3)\"", ["x 6"]),
        ("for i in 1 2; do echo turn $i; done", ["turn 1", "turn 2"]),
        ("for i in $(seq 2 3); do echo ${i}; done", ["2", "3"]),
        ('bash -c "echo inside"', ["inside"]),
        ("echo hidden > ${{outputs.o}}/f.txt", []),
        ("false || echo rescued", ["rescued"]),
        ("true || echo never", []),
        ("exit 1 && echo never", []),
        ('echo "open quote', ['"open quote']),
        ("", []),
        (";;;", []),
    ],
)
def test_what_a_command_prints(command: str, lines: list[str]) -> None:
    assert said(command) == lines


def test_lines_come_when_the_program_says_them() -> None:
    """A loop with a sleep in it prints one line after the other."""
    code = "import time\nfor i in range(3):\n    print(f'step {i}')\n    time.sleep(2)"
    told = read(f'python -c "{code}"')
    assert told.said == ((0.0, "step 0"), (2.0, "step 1"), (4.0, "step 2"))
    assert told.seconds == 6.0


@pytest.mark.parametrize(
    ("command", "seconds"),
    [
        ("sleep 5", 5.0),
        ("sleep 1m", 60.0),
        ("sleep 0.5; sleep 2", 2.5),
        ("python train.py --lr 0.1", SCRIPT),
        ("mkdir -p out && python train.py", SCRIPT),
    ],
)
def test_how_long_a_command_takes(command: str, seconds: float) -> None:
    assert read(command).seconds == seconds


@pytest.mark.parametrize(
    ("command", "status", "error"),
    [
        ("exit 3", 3, None),
        ("echo fine; exit 1", 1, None),
        ("exit 1; echo", 1, None),
        ("python -c \"raise ValueError('boom')\"", 1, "ValueError: boom"),
        ('python -c "import sys; sys.exit(4)"', 4, None),
        ('python -c "assert False"', 1, "AssertionError"),
        ('python -c "this is no python"', 1, "SyntaxError: invalid syntax"),
        ("exit 1 || echo saved", 1, None),
        ("false; true", 0, None),
        ("sleep 1", 0, None),
    ],
)
def test_how_a_command_ends(command: str, status: int, error: str | None) -> None:
    told = read(command)
    assert (told.status, told.error) == (status, error)


def test_inputs_are_put_in() -> None:
    inputs = {"lr": {"jobInputType": "literal", "value": "0.1"}, "data": {"uri": "azureml:d:1"}}
    told = read("echo ${{inputs.lr}} ${{ inputs.data }} ${{inputs.none}}", inputs)
    assert told.said == ((0.0, "0.1 azureml:d:1 ${{inputs.none}}"),)


def test_a_program_without_an_end_is_left() -> None:
    """Loops within loops are followed to a limit."""
    loops = "for i in range(10**9):\n  for j in range(10**9):\n    print(i)"
    assert len(said(f'python -c "{loops}"')) <= 10_000
