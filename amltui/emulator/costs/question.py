"""What is asked of Cost Management: a time, aggregations, groups and a filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from amltui.emulator.costs.charges import Charge
from amltui.emulator.http.asked import Malformed, mapping, object_of, one_of, text_of
from amltui.emulator.places import Workspace

Bill = tuple[Workspace, Charge]
TYPES = ("Usage", "ActualCost", "AmortizedCost")
FRAMES = (
    "MonthToDate",
    "BillingMonthToDate",
    "TheLastMonth",
    "TheLastBillingMonth",
    "WeekToDate",
    "Custom",
)
AMOUNTS = ("Cost", "PreTaxCost", "CostUSD", "PreTaxCostUSD", "UsageQuantity")
LONGEST = timedelta(days=366)
DEEPEST = 20

DIMENSIONS: dict[str, Callable[[Workspace, Charge], str]] = {
    "ResourceId": lambda place, charge: charge.resource.lower(),
    "ResourceType": lambda place, charge: charge.type.lower(),
    "ResourceGroup": lambda place, charge: place.group.lower(),
    "ResourceGroupName": lambda place, charge: place.group.lower(),
    "ResourceLocation": lambda place, charge: place.location,
    "SubscriptionId": lambda place, charge: place.subscription.id,
    "SubscriptionName": lambda place, charge: place.subscription.name,
    "ServiceName": lambda place, charge: charge.service,
    "MeterCategory": lambda place, charge: charge.service,
    "MeterSubCategory": lambda place, charge: charge.subcategory,
    "Meter": lambda place, charge: charge.meter,
    "ChargeType": lambda place, charge: "Usage",
    "PublisherType": lambda place, charge: "Azure",
}
"""What charges can be told apart by."""


@dataclass(frozen=True)
class Question:
    """A question that makes sense."""

    start: float
    end: float
    granularity: str
    """Daily, Monthly or None."""
    amounts: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    """(Dimension or TagKey, name)."""
    wants: Callable[[Bill], bool]


def read(body: Mapping[str, Any], now: float) -> Question:
    """The question of a request's body; Malformed where it makes no sense."""
    one_of(body.get("type"), "type", TYPES)
    frame = one_of(body.get("timeframe"), "timeframe", FRAMES)
    dataset = object_of(body, "dataset")
    start, end = _span(frame, object_of(body, "timePeriod"), now)
    granularity = one_of(
        dataset.get("granularity"), "granularity", ("Daily", "Monthly", "None"), "None"
    )
    return Question(
        start,
        end,
        granularity,
        _amounts(object_of(dataset, "aggregation")),
        _groups(dataset.get("grouping")),
        _filter(dataset.get("filter"), 0),
    )


def _span(frame: str, period: Mapping[str, Any], now: float) -> tuple[float, float]:
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    month = today.replace(day=1)
    if frame in {"MonthToDate", "BillingMonthToDate"}:
        return month.timestamp(), now
    if frame.startswith("TheLast"):
        before = (month - timedelta(days=1)).replace(day=1)
        return before.timestamp(), month.timestamp()
    if frame == "WeekToDate":
        return (today - timedelta(days=today.weekday())).timestamp(), now
    first, last = _moment(period, "from"), _moment(period, "to")
    if last < first or last - first > LONGEST:
        raise Malformed("The timePeriod must end after its start, and within a year of it.")
    if (last.hour, last.minute, last.second) == (0, 0, 0):
        last += timedelta(days=1)  # the last day is meant as a whole
    return first.timestamp(), last.timestamp()


def _moment(period: Mapping[str, Any], name: str) -> datetime:
    told = text_of(period, name)
    try:
        found = datetime.fromisoformat(told)
    except ValueError as error:
        raise Malformed(f"The field {name} of timePeriod must be a time.") from error
    return found.replace(tzinfo=found.tzinfo or UTC)


def _amounts(asked: Mapping[str, Any]) -> tuple[str, ...]:
    if len(asked) > 2:
        raise Malformed("At most two aggregations can be asked for.")
    found = []
    for name, each in asked.items():
        entry = mapping(each, name)
        found.append(one_of(entry.get("name"), "name", AMOUNTS))
        one_of(entry.get("function"), "function", ("Sum",))
    return tuple(found) or ("Cost",)


def _groups(value: Any) -> tuple[tuple[str, str], ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > 2:
        raise Malformed("The field grouping must be a list of at most two.")
    found = []
    for each in value:
        entry = mapping(each, "grouping")
        kind = one_of(entry.get("type"), "type", ("Dimension", "TagKey"))
        if kind == "Dimension":
            found.append((kind, one_of(entry.get("name"), "name", tuple(DIMENSIONS))))
        else:
            found.append((kind, text_of(entry, "name") or ""))
    return tuple(found)


def _filter(value: Any, depth: int) -> Callable[[Bill], bool]:
    if value is None:
        return lambda bill: True
    if depth > DEEPEST:
        raise Malformed("The filter is nested too deeply.")
    asked = mapping(value, "filter")
    checks = [_part(name.lower(), each, depth) for name, each in asked.items()]
    return lambda bill: all(check(bill) for check in checks)


def _part(name: str, value: Any, depth: int) -> Callable[[Bill], bool]:
    if name in {"and", "or"}:
        if not isinstance(value, list):
            raise Malformed(f"The field {name} must be a list.")
        parts = [_filter(each, depth + 1) for each in value]
        joined = all if name == "and" else any
        return lambda bill: joined(part(bill) for part in parts)
    if name == "not":
        inner = _filter(value, depth + 1)
        return lambda bill: not inner(bill)
    if name not in {"dimensions", "dimension", "tags", "tag"}:
        raise Malformed(f"The field {name} of the filter is not known.")
    return _comparison(mapping(value, name), is_tag=name.startswith("tag"))


def _comparison(asked: Mapping[str, Any], *, is_tag: bool) -> Callable[[Bill], bool]:
    one_of(asked.get("operator"), "operator", ("In",))
    values = asked.get("values")
    if not isinstance(values, list):
        raise Malformed("The field values must be a list.")
    wanted = {str(each).lower() for each in values}
    if is_tag:
        tag = text_of(asked, "name") or ""
        return lambda bill: (bill[0].tags.get(tag) or "").lower() in wanted
    of = DIMENSIONS[one_of(asked.get("name"), "name", tuple(DIMENSIONS))]
    return lambda bill: of(*bill).lower() in wanted
