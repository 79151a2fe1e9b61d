"""Jobs nobody tells a story about: the history of a workspace, and those that keep arriving."""

from __future__ import annotations

from dataclasses import dataclass

from amltui.emulator.jobs import noise, plans
from amltui.emulator.jobs.generated import Generated
from amltui.emulator.jobs.record import JobRecord, quickly


@dataclass(frozen=True)
class Routine:
    """The everyday work of a workspace."""

    experiments: tuple[str, ...]
    titles: tuple[str, ...]
    computes: tuple[str | None, ...]
    """None is serverless."""
    scripts: tuple[str, ...]
    people: tuple[str, ...]
    shortest: float = 120.0
    longest: float = 900.0
    """Seconds of running."""


FAILURES = ("key-error", "data-access-403", "import-error", "nonzero-exit", "preempted")
_SERVERLESS = {"resources": {"instanceType": "Standard_DS3_v2"}}
_TIERS = ("dev", "nightly", "ablation", "release", "")


def generated(
    routine: Routine, workspace: str, seed: int, first: float, pace: float, length: int | None
) -> Generated:
    """The jobs of a routine, from a moment on."""

    def experiment(seed: int, index: int) -> str:
        return routine.experiments[noise.mixed(seed + 8, index) % len(routine.experiments)]

    def write(seed: int, index: int, created: float, name: str) -> JobRecord:
        def pick(options: tuple[str, ...], purpose: int) -> str:
            return options[noise.mixed(seed + purpose, index) % len(options)]

        luck = noise.uniform(seed + 1, index)
        last = "Completed" if luck < 0.84 else "Failed" if luck < 0.95 else "Canceled"
        runs = noise.between(seed + 2, routine.shortest, routine.longest, index)
        compute = routine.computes[noise.mixed(seed + 3, index) % len(routine.computes)]
        queued = noise.between(seed + 4, 3.0, 25.0, index)
        preparing = noise.between(seed + 5, 10.0, 40.0, index)
        if last != "Completed":
            runs *= 0.4
        life = (
            plans.serverless(queued, preparing, runs, last)
            if compute is None
            else plans.command(queued, preparing, runs, last)
        )
        tier = pick(_TIERS, 6)
        return quickly(
            name=name,
            workspace=workspace,
            created=created,
            display_name=f"{pick(routine.titles, 7)}-{index:04d}",
            experiment=experiment(seed, index),
            compute=compute,
            specification=_SERVERLESS if compute is None else {},
            created_by=pick(routine.people, 9),
            tags={"tier": tier} if tier else {},
            parameters={
                "lr": f"{10 ** noise.between(seed + 10, -4, -2, index):.1e}",
                "seed": str(index),
            },
            environment="azureml:sklearn-1.5-py310:33",
            command=f"python train.py --seed {index}",
            seed=noise.mixed(seed + 11, index),
            timeline=life,
            failure=pick(FAILURES, 12) if last == "Failed" else None,
            script=pick(routine.scripts, 13),
            steps=max(1, int(runs / (1.0 if last == "Completed" else 0.6))),
            has_services=luck > 0.05,
        )

    return Generated(
        seed=noise.seeded(seed, workspace, int(first), pace) % (1 << 40),
        first=first,
        pace=pace,
        write=write,
        experiments=routine.experiments,
        experiment=experiment,
        length=length,
    )
