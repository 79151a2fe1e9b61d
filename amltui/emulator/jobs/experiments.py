"""Experiments: those that clients made or changed, over those that have runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from amltui.emulator.jobs.history import JobHistory
from amltui.emulator.jobs.place import AGAIN, experiment_id, first_name
from amltui.emulator.state import Save, save_nothing

TABLE = "experiments"


@dataclass(frozen=True)
class Experiment:
    """What is known of an experiment besides its runs."""

    workspace: str
    """The workspace's id, in lower case."""
    name: str
    """What its runs are filed under. Its id follows from it, so it stays when it is renamed."""
    created: float
    title: str | None = None
    """Its name since it was renamed."""
    description: str | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    modified: float | None = None
    archived: float | None = None
    is_retained: bool = False
    """For the lifetime of the workspace."""
    is_deleted: bool = False

    @property
    def shown(self) -> str:
        """The name that everybody sees."""
        return self.title or first_name(self.name)

    @property
    def id(self) -> str:
        return experiment_id(self.workspace, self.name)

    @property
    def changed(self) -> float:
        return self.created if self.modified is None else self.modified


@dataclass
class Experiments:
    """The experiments of every workspace."""

    save: Save = save_nothing
    _held: dict[str, dict[str, Experiment]] = field(default_factory=dict)

    def all(self, workspace: str, history: JobHistory, now: float) -> list[Experiment]:
        """Newest first."""
        held = self._held.get(workspace.lower(), {})
        begun = history.experiments(now)
        found = [
            replace(held[name], created=min(at, held[name].created))
            if name in held
            else Experiment(workspace.lower(), name, at)
            for name, at in begun.items()
        ]
        found += [each for name, each in held.items() if name not in begun]
        # One that was deleted, and has runs again, is there again.
        alive = (each for each in found if not each.is_deleted or each.name in begun)
        return sorted(alive, key=lambda each: each.created, reverse=True)

    def put(self, experiment: Experiment) -> Experiment:
        """Keep an experiment, new or changed."""
        self._held.setdefault(experiment.workspace, {})[experiment.name] = experiment
        self.save(TABLE, f"{experiment.workspace}/{experiment.name}", asdict(experiment))
        return experiment

    def forget(self, workspace: str) -> None:
        """Forget those of a workspace that is gone for good."""
        self._held.pop(workspace.lower(), None)

    def restore(self, value: Mapping[str, Any]) -> None:
        """Take back what was saved."""
        experiment = Experiment(**value)
        self._held.setdefault(experiment.workspace, {})[experiment.name] = experiment

    def titles(self, workspace: str) -> dict[str, str]:
        """The names of renamed experiments by those that their runs are filed under."""
        held = self._held.get(workspace.lower(), {}).values()
        return {each.name: each.title for each in held if each.title is not None}

    def filed(self, workspace: str, shown: str) -> str:
        """What the runs of an experiment of that name are filed under, now or once it is made."""
        held = self._held.get(workspace.lower(), {})
        for each in held.values():
            if each.title == shown:
                return each.name
        name = shown
        while name in held and held[name].title is not None:
            name += AGAIN
        return name

    def is_archived(self, workspace: str, name: str) -> bool:
        held = self._held.get(workspace.lower(), {}).get(name)
        return held is not None and held.archived is not None
