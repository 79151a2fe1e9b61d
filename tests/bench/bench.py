"""`make bench`: amltui beside a minimal Textual app, on this machine, in this minute.

Absolute times say more of the machine than of the program, so the table is of ratios: medians of
rounds in which the programs take turns.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench import episodes
from tests.bench.goals import verdicts
from tests.bench.measure import ROWS, Case, Length, Run, run
from tests.bench.report import table
from tests.cli.service import Service, command_line, serving, surroundings

HELLO = Path(__file__).with_name("hello.py")
QUICK = Length(presses=3, pages=2, idle=0.1, settle=0.1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and keep the figures where that was asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures here")
    parser.add_argument("--quick", action="store_true", help="only see that it can be measured")
    asked = parser.parse_args(arguments)
    length = QUICK if asked.quick else Length()
    with ExitStack() as stack:
        calm = stack.enter_context(serving("--scenario", "calm"))
        many = calm
        if not asked.quick:
            many = stack.enter_context(serving("--scenario", "hundred_thousand_runs"))
        cases = list(_cases(stack, calm, many))
        figures = _measured(cases, asked.rounds, length, warm=not asked.quick)
        told = episodes.tell(calm, many, quick=asked.quick)
    for line in [*table(figures), "", *verdicts(figures, told)]:
        print(line)
    if asked.json is not None:
        about = {"python": platform.python_version(), "rounds": asked.rounds}
        found = {**about, "figures": figures, "episodes": told}
        asked.json.write_text(json.dumps(found, indent=2) + "\n")
    return 0


def _cases(stack: ExitStack, calm: Service, many: Service) -> Iterator[Case]:
    """The floor, and the dashboard on a small and on a large workspace that are already there.

    The last finds the large one's rows as its run before has left them.
    """
    yield Case("hello", (sys.executable, str(HELLO)), surroundings({}), "READY")
    folder = stack.enter_context(TemporaryDirectory())
    kept = {"AMLTUI_CACHE": "on", "AMLTUI_CACHE_DIR": folder}
    for name, environment in (
        ("calm", calm.environment),
        ("100,000 runs", many.environment),
        ("from cache", {**many.environment, **kept}),
    ):
        yield Case(
            name,
            command_line(),
            surroundings(environment),
            ROWS,
            still=("4",),
            restful="LATEST",
            home=("2",),
        )


def _measured(
    cases: Sequence[Case], rounds: int, length: Length, *, warm: bool
) -> dict[str, dict[str, Any]]:
    """By case and measure: the median of the rounds."""
    if warm:
        for case in cases:  # compiles what is to be imported, and fills the service's workspace
            run(case, QUICK)
    runs: dict[str, list[Run]] = {case.name: [] for case in cases}
    for turn in range(rounds):
        for case in cases if turn % 2 == 0 else reversed(cases):
            runs[case.name].append(run(case, length))
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return {name: _medians(each) for name, each in runs.items()}


def _medians(runs: Sequence[Run]) -> dict[str, float]:
    presses = [press for each in runs for press in each.presses]
    return {
        **{name: median(each.values[name] for each in runs) for name in runs[0].values},
        "key to paint, ms p50": median(presses),
        "key to paint, ms p95": quantiles(presses, n=20)[-1],
    }


if __name__ == "__main__":
    sys.exit(main())
