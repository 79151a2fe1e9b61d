"""Where the jobs of a story are written: one workspace, one beginning."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from amltui.emulator.jobs import names, noise, plans
from amltui.emulator.jobs.plans import Timeline
from amltui.emulator.jobs.record import JobRecord

ENVIRONMENT = "azureml:acpt-pytorch-2.4-cuda12.4:12"


@dataclass
class Desk:
    """Writes jobs down; times are seconds after the story's beginning, mostly negative."""

    workspace: str
    """The workspace's id, in lower case."""
    seed: int
    epoch: float
    jobs: list[JobRecord] = field(default_factory=list)

    def write(
        self, display_name: str | None, created: float, timeline: Timeline, **members: Any
    ) -> JobRecord:
        """One job, and the name the service would have given it."""
        index = len(self.jobs)
        seed = noise.seeded(self.seed, self.workspace, "story")
        record = JobRecord(
            name=members.pop("name", None) or names.job_name(seed, index),
            workspace=self.workspace,
            created=self.epoch + created + noise.uniform(seed, index),
            display_name=display_name,
            seed=noise.mixed(seed, index),
            timeline=timeline,
            **{"environment": ENVIRONMENT, **members},
        )
        self.jobs.append(record)
        return record

    def train(
        self,
        display_name: str | None,
        age: float,
        *,
        runs: float,
        queued: float = 60.0,
        preparing: float = 90.0,
        last: str = "Completed",
        pace: float = 1.0,
        **members: Any,
    ) -> JobRecord:
        """A training job that was submitted `age` seconds ago and runs for `runs` seconds.

        `pace` is the seconds a step takes; all its steps fit into that time.
        """
        steps = max(1, int(runs / pace))
        if last == "Failed":
            steps = int(steps * 1.6)
        return self.write(
            display_name,
            -age,
            plans.command(queued, preparing, runs, last),
            **{"steps": steps, "step_seconds": pace, **members},
        )

    def sweep(
        self,
        display_name: str,
        age: float,
        *,
        trials: int,
        at_once: int,
        each: float,
        **members: Any,
    ) -> JobRecord:
        """A sweep whose trials run some at once, one after the other."""
        rounds = -(-trials // at_once)
        objective = {"goal": "Minimize", "primaryMetric": "val/loss"}
        limits = {
            "jobLimitsType": "Sweep",
            "maxConcurrentTrials": at_once,
            "maxTotalTrials": trials,
            "timeout": "P1D",
            "trialTimeout": "PT4H",
        }
        parent = self.write(
            display_name,
            -age,
            plans.orchestration(rounds * each + 60.0),
            type="Sweep",
            specification={"objective": objective, "limits": limits},
            **members,
        )
        for trial in range(trials):
            starts = -age + 10.0 + trial // at_once * each + trial % at_once * 7.0
            rate = 10 ** noise.between(parent.seed, -4.5, -2.5, trial)
            decay = noise.between(parent.seed + 1, 0.0, 0.1, trial)
            self.write(
                f"trial_{trial:02d}",
                starts,
                plans.command(15.0, 30.0, each - 60.0),
                name=f"{parent.name}_{trial}",
                parent=parent.name,
                script="trial",
                parameters={"lr": f"{rate:.2e}", "weight_decay": f"{decay:.3f}"},
                steps=int(each - 60.0),
                command="python train.py --lr ${{search_space.lr}}",
                **members,
            )
        return parent

    def pipeline(
        self,
        display_name: str,
        age: float,
        steps: list[tuple[str, float, str]],
        *,
        inner: dict[str, list[tuple[str, float, str]]] | None = None,
        above: dict[str, Any] | None = None,
        **members: Any,
    ) -> JobRecord:
        """A pipeline of steps (name, seconds, last status), one after the other.

        Those that `inner` names are pipelines themselves; `above` says what one belongs to.
        """
        inner = inner or {}
        total = sum(seconds for _, seconds, _ in steps)
        specification = {
            "jobs": {
                name: {"name": name, "type": "pipeline" if name in inner else "command"}
                for name, _, _ in steps
            },
            "settings": {
                "default_datastore": "workspaceblobstore",
                "continue_on_step_failure": False,
                "force_rerun": False,
                "_source": "YAML.JOB",
            },
        }
        last = next((status for _, _, status in steps if status != "Completed"), "Completed")
        parent = self.write(
            display_name,
            -age,
            plans.orchestration(total + 6.0, last),
            type="Pipeline",
            specification=specification,
            **(above or {}),
            **members,
        )
        begins = -age + 6.0
        for name, seconds, status in steps:
            runs = max(1.0, seconds - 26.0)
            place = {"name": f"{parent.name}-{name}", "parent": parent.name, "step": name}
            if name in inner:
                self.pipeline(name, -begins, inner[name], inner=inner, above=place, **members)
            else:
                self.write(
                    name,
                    begins,
                    plans.command(5.0, 15.0, runs, status),
                    **place,
                    script="preparation",
                    steps=int(runs),
                    command=f"python steps/{name}.py",
                    failure="key-error" if status == "Failed" else None,
                    **members,
                )
            begins += seconds
            if status != "Completed":
                break
        return parent

    def archived(self, record: JobRecord) -> None:
        """The job just written is out of sight."""
        self.jobs[self.jobs.index(record)] = replace(record, is_archived=True)
