"""Which part of a filter the services can look at, and in whose words. Pure: nothing is asked.

Two editions of Microsoft's page on MLflow searches disagree on whether attributes can be searched.
So there are rungs: a workspace that refuses a question is asked for less, and the rest is filtered
here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct, field

from amltui.domain.query import values
from amltui.domain.query.condition import Condition

ALL, UNTIMED, PLAIN, NOTHING = range(4)
"""Rungs: everything; without times; without attributes; no search at all."""

_STATUSES = {
    "completed": "FINISHED",
    "finished": "FINISHED",
    "failed": "FAILED",
    "canceled": "KILLED",
    "running": "RUNNING",
    "finalizing": "RUNNING",
    "cancelrequested": "RUNNING",
    "notresponding": "RUNNING",
    "notstarted": "SCHEDULED",
    "queued": "SCHEDULED",
    "preparing": "SCHEDULED",
    "provisioning": "SCHEDULED",
    "starting": "SCHEDULED",
}
"""MLflow's words for what run history calls otherwise; coarser, so the rows are looked at again."""
_TYPES = {
    "command": "Command",
    "sweep": "Sweep",
    "pipeline": "Pipeline",
    "automl": "AutoML",
    "spark": "Spark",
    "finetuning": "FineTuning",
}
_VIEWS = {
    "yes": ("ArchivedOnly", "DELETED_ONLY"),
    "all": ("All", "ALL"),
    "no": ("ActiveOnly", "ACTIVE_ONLY"),
}


class Question(Struct, frozen=True):
    """What is asked of Resource Manager's list or, where that cannot look for it, of MLflow."""

    served: tuple[Condition, ...] = ()
    """The conditions that the service looks at."""
    listing: dict[str, str] = field(default_factory=dict)
    """Parameters of the list."""
    experiments: tuple[Condition, ...] = ()
    """What the names of the experiments must be."""
    statuses: tuple[str, ...] = ()
    """One search for each; one without where empty."""
    clauses: tuple[str, ...] = ()
    """MLflow's, joined by AND."""
    view: str = "ACTIVE_ONLY"
    with_metrics: bool = False
    """Whether the metrics of all jobs are to be told, which only searches do."""

    @property
    def is_search(self) -> bool:
        """Whether the list cannot answer it."""
        return bool(self.experiments or self.statuses or self.clauses or self.with_metrics)

    @property
    def text(self) -> str:
        """Equal for equal questions; empty where nothing but the newest jobs is asked for."""
        told = [condition.text for condition in self.served]
        return " ".join([*told, "with metrics"] if self.with_metrics else told)


def question(
    conditions: Sequence[Condition],
    me: str | None,
    now: datetime,
    rung: int = ALL,
    *,
    with_metrics: bool = False,
) -> Question:
    """The part of a filter that can be asked for. `me` is the user's object id."""
    listed = _listed(conditions)
    if rung >= NOTHING:
        return listed
    served: list[Condition] = []
    clauses: list[str] = []
    statuses: tuple[str, ...] = ()
    experiments = tuple(each for each in conditions if each.field == "experiment")
    for each in conditions:
        if each.field == "status" and not statuses and rung < PLAIN:
            statuses = _statuses(each)
            served += [each] if statuses else []
        elif (clause := _clause(each, me, now, rung)) is not None:
            clauses.append(clause)
            served.append(each)
        elif each.field in {"experiment", "archived"}:
            served += [each] if each in experiments or _view(each) else []
    view = next((_VIEWS[found][1] for each in conditions if (found := _view(each))), "ACTIVE_ONLY")
    search = Question(tuple(served), {}, experiments, statuses, tuple(clauses), view, with_metrics)
    return search if search.is_search else listed


def _listed(conditions: Sequence[Condition]) -> Question:
    """What Resource Manager's list takes: one type, one tag by its name, archived or not."""
    served: dict[str, Condition] = {}
    params: dict[str, str] = {}
    for each in conditions:
        name, value = "", ""
        if found := _view(each):
            name, value = "listViewType", _VIEWS[found][0]
        elif each.field == "type" and _is_simple(each) and each.value.lower() in _TYPES:
            name, value = "jobType", _TYPES[each.value.lower()]
        elif each.field == "tag" and each.compare == "?" and not each.unwanted:
            name, value = "tag", each.key
        if name and name not in params:
            params[name] = value
            served[name] = each
    return Question(tuple(served.values()), params)


def _view(condition: Condition) -> str:
    """Which jobs are meant by being archived or not; empty where that is not the condition."""
    if condition.field != "archived" or not _is_simple(condition):
        return ""
    return condition.value.lower() if condition.value.lower() in _VIEWS else ""


def _is_simple(condition: Condition) -> bool:
    """Whether it asks for one value, spelled out."""
    return condition.is_plain and len(condition.values) == 1 and not condition.unwanted


def _statuses(condition: Condition) -> tuple[str, ...]:
    """Empty where one of them is none that MLflow has a word for."""
    if condition.unwanted or not condition.is_plain:
        return ()
    words = [_STATUSES.get(value.lower(), "") for value in condition.values]
    return tuple(dict.fromkeys(words)) if all(words) else ()


def _clause(condition: Condition, me: str | None, now: datetime, rung: int) -> str | None:
    """The condition as MLflow writes it; None where it has no words for it."""
    value = condition.value
    match condition.field:
        case "after" | "before" if rung < UNTIMED and not condition.unwanted:
            moment = values.moment(value, now)
            if moment is None:
                return None
            sign = ">=" if condition.field == "after" else "<"
            return f"attributes.created {sign} {round(moment.timestamp() * 1000)}"
        case "user" if rung < PLAIN and _is_simple(condition) and value.lower() == "me" and me:
            return f"attributes.user_id = '{me}'"
        case "metrics" if not condition.unwanted and len(condition.values) == 1:
            number = values.number(value)
            if number is None or number - number != 0:
                return None  # NaN and Infinity have no literal
            return _comparison("metrics", condition, value)
        case "params" if _is_simple(condition) and condition.compare == ":":
            return _comparison("params", condition, value)
        case "tag" if _is_simple(condition) and condition.compare == ":":
            return _comparison("tags", condition, value)
    return None


def _comparison(kind: str, condition: Condition, value: str) -> str | None:
    if "`" in condition.key or ('"' in value and "'" in value):
        return None
    sign = "=" if condition.compare == ":" else condition.compare
    quote = "" if kind == "metrics" else '"' if "'" in value else "'"
    return f"{kind}.`{condition.key}` {sign} {quote}{value}{quote}"
