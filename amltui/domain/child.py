"""A job below a job: a step of a pipeline, a trial of a sweep or of AutoML."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct, field

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.metric import LastValue, lower_is_better, primary

_EVER = datetime.max.replace(tzinfo=UTC)


class Child(Struct, frozen=True):
    """One child with what it was given and what it reached."""

    job: Job
    metrics: Mapping[str, LastValue] = field(default_factory=dict)
    """Last values by name; empty also where they could not be asked for, which is noted."""

    @property
    def key(self) -> str:
        return self.job.key

    @property
    def name(self) -> str:
        return self.job.name

    @property
    def title(self) -> str:
        return self.job.title

    @property
    def workspace(self) -> WorkspaceId:
        return self.job.workspace

    @property
    def health(self) -> Health:
        return self.job.health

    def score(self, metric: str | None) -> float | None:
        """Its last value of the metric; None where it has none, or NaN."""
        last = self.metrics.get(metric) if metric is not None else None
        return last.value if last is not None and last.value == last.value else None


class Leaderboard(Struct, frozen=True):
    """What a list of children is compared by."""

    metric: str | None = None
    parameters: tuple[str, ...] = ()
    """Those in which the children differ, the most varied first."""

    @classmethod
    def of(cls, children: Sequence[Child], declared: str | None = None) -> Leaderboard:
        """Judged by the declared metric of the sweep, else by the most telling one they have."""
        names = {name for child in children for name in child.metrics}
        return cls(primary(names, declared), _varying(children))

    @property
    def is_one(self) -> bool:
        """Whether the children compete; the steps of a pipeline do not."""
        return bool(self.parameters) and self.metric is not None

    def ranked(self, children: Iterable[Child]) -> list[Child]:
        """The best first and those without a value last; steps in the order they began."""
        if not self.is_one:
            return sorted(children, key=lambda child: child.job.started or _EVER)
        sign = 1 if lower_is_better(self.metric or "") else -1

        def rank(child: Child) -> tuple[bool, float]:
            score = child.score(self.metric)
            return score is None, sign * score if score is not None else 0.0

        return sorted(children, key=rank)


def _varying(children: Sequence[Child]) -> tuple[str, ...]:
    """Parameters with more than one value among the children that have them."""
    values: dict[str, set[str]] = {}
    for child in children:
        for name, value in child.job.parameters.items():
            values.setdefault(name, set()).add(value)
    varied = [name for name in values if len(values[name]) > 1]
    return tuple(sorted(varied, key=lambda name: (-len(values[name]), name)))
