"""What expressions mean for a row. What regards case and what does not is as in Kusto."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from amltui.emulator.graph.expression import Apply, Column, Const, Member, Node, Span
from amltui.emulator.graph.tokens import QueryError
from amltui.emulator.jobs.wiretime import iso

Row = Mapping[str, Any]
_PART = re.compile(r"\w+")


def value(node: Node, row: Row, now: float) -> Any:
    """What an expression means for a row; QueryError for a column or function there is not."""
    match node:
        case Const():
            return node.value
        case Span():
            return node.seconds
        case Column():
            if node.name not in row:
                raise QueryError(
                    f"Failed to resolve column or scalar expression named '{node.name}'"
                )
            return row[node.name]
        case Member():
            return _member(value(node.of, row, now), value(node.key, row, now))
    return _applied(node, row, now)


def _applied(node: Apply, row: Row, now: float) -> Any:
    name, arguments = node.name, node.arguments
    if name in {"and", "or"} and len(arguments) == 2:
        first = is_true(value(arguments[0], row, now))
        if first is (name == "or"):
            return first
        return is_true(value(arguments[1], row, now))
    if name in {"iff", "iif"} and len(arguments) == 3:
        return value(arguments[1 if is_true(value(arguments[0], row, now)) else 2], row, now)
    values = [value(each, row, now) for each in arguments]
    if name == "now":
        return iso(now)
    if name == "ago" and len(values) == 1 and isinstance(values[0], float):
        return iso(now - values[0])
    bare = name.removeprefix("!").removesuffix("_cs")
    if bare in _TEXTUAL and len(values) == 2:
        found = _textual(bare, values[0], values[1], with_case=name.endswith("_cs"))
        return found is not name.startswith("!")
    if name in _MEMBERSHIP and values:
        return _MEMBERSHIP[name](values[0], _flat(values[1:]))
    known = _FUNCTIONS.get(name)
    if known is None:
        raise QueryError(f"Unknown function: '{name}'")
    try:
        return known(*values)
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError):
        if not _takes(known, len(values)):
            raise QueryError(f"{name}(): function expects another number of arguments") from None
        return None  # as Kusto has it: what cannot be computed is null


def _takes(known: Callable[..., Any], count: int) -> bool:
    code = getattr(known, "__code__", None)
    if code is None or code.co_flags & 4:  # built in, or any number
        return True
    least = code.co_argcount - len(known.__defaults__ or ())
    return bool(least <= count <= code.co_argcount)


def is_true(found: Any) -> bool:
    return found is True or (isinstance(found, str) and found.lower() == "true")


def text(found: Any) -> str:
    """As a text: nothing is an empty one."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return str(found).lower()
    return found if isinstance(found, str) else json.dumps(found, separators=(",", ":"))


def _member(holder: Any, key: Any) -> Any:
    if isinstance(holder, str) and holder[:1] in {"{", "["}:
        holder = _parsed(holder)
    if isinstance(holder, Mapping):
        return holder.get(str(key))
    if isinstance(holder, list) and isinstance(key, int) and -len(holder) <= key < len(holder):
        return holder[key]
    return None


def _parsed(found: Any) -> Any:
    try:
        return json.loads(found) if isinstance(found, str) else found
    except ValueError:
        return found


def same(left: Any, right: Any, *, with_case: bool = True) -> bool:
    """Whether two values are equal: a text equals what it is the text of."""
    if left is None or right is None:
        return left is right or (text(left) == text(right) == "")
    if type(left) is type(right) and not isinstance(left, str):
        return bool(left == right)
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right
    first, second = text(left), text(right)
    return first == second if with_case else first.lower() == second.lower()


def order(found: Any) -> tuple[int, Any]:
    """A key to sort by: nothing first, then numbers, then texts."""
    if found is None or found == "":
        return (0, 0)
    if isinstance(found, (bool, int, float)):
        return (1, found)
    return (2, text(found))


def _less(left: Any, right: Any) -> bool:
    if left is None or right is None:
        return False
    moments = _moment(left), _moment(right)
    if moments[0] is not None and moments[1] is not None:
        return moments[0] < moments[1]
    return order(left) < order(right)


def _moment(found: Any) -> datetime | None:
    """A moment in time, whatever the number of its digits."""
    if not isinstance(found, str) or not re.match(r"\d{4}-\d\d-\d\d", found):
        return None
    whole = re.sub(r"(\.\d{6})\d+", r"\1", found).replace("Z", "+00:00")
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_TEXTUAL: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda holder, part: part in holder,
    "startswith": str.startswith,
    "endswith": str.endswith,
    "has": lambda holder, part: _has(holder, part),
    "hasprefix": lambda holder, part: any(each.startswith(part) for each in _PART.findall(holder)),
    "hassuffix": lambda holder, part: any(each.endswith(part) for each in _PART.findall(holder)),
}


def _textual(name: str, holder: Any, part: Any, *, with_case: bool) -> bool:
    first, second = text(holder), text(part)
    if not with_case:
        first, second = first.lower(), second.lower()
    return _TEXTUAL[name](first, second)


def _has(holder: str, part: str) -> bool:
    """Whether whole words are in a text."""
    before = r"(?<!\w)" if part[:1].isalnum() else ""
    after = r"(?!\w)" if part[-1:].isalnum() else ""
    return re.search(before + re.escape(part) + after, holder) is not None


def _flat(values: Sequence[Any]) -> list[Any]:
    return [each for one in values for each in (one if isinstance(one, list) else [one])]


_MEMBERSHIP: dict[str, Callable[[Any, list[Any]], bool]] = {
    "in": lambda one, many: any(same(one, each) for each in many),
    "in~": lambda one, many: any(same(one, each, with_case=False) for each in many),
    "!in": lambda one, many: not any(same(one, each) for each in many),
    "!in~": lambda one, many: not any(same(one, each, with_case=False) for each in many),
    "has_any": lambda one, many: any(_textual("has", one, each, with_case=False) for each in many),
    "has_all": lambda one, many: all(_textual("has", one, each, with_case=False) for each in many),
}


def _matches(holder: Any, pattern: Any) -> bool:
    try:
        return re.search(text(pattern)[:200], text(holder)) is not None
    except re.error as error:
        raise QueryError(f"the regular expression is invalid: {error}") from error


def _split(found: Any, sign: Any, place: int | None = None) -> Any:
    parts = text(found).split(text(sign))
    return parts if place is None else parts[place : place + 1]


def _pieces(*values: Any) -> list[Any]:
    return list(values)


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "==": same,
    "!=": lambda left, right: not same(left, right),
    "=~": lambda left, right: same(left, right, with_case=False),
    "!~": lambda left, right: not same(left, right, with_case=False),
    "<": _less,
    ">": lambda left, right: _less(right, left),
    "<=": lambda left, right: _less(left, right) or same(left, right),
    ">=": lambda left, right: _less(right, left) or same(left, right),
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: float(left) * right if isinstance(left, float) else int(left) * right,
    "/": lambda left, right: left / right,
    "%": lambda left, right: int(left) % right,
    "not": lambda found: not is_true(found),
    "matches": _matches,
    "tolower": lambda found: text(found).lower(),
    "toupper": lambda found: text(found).upper(),
    "tostring": text,
    "toint": lambda found: int(float(found)),
    "tolong": lambda found: int(float(found)),
    "toreal": float,
    "todouble": float,
    "tobool": lambda found: is_true(found),
    "todatetime": lambda found: found if _moment(found) else None,
    "datetime": lambda found: found if _moment(found) else None,
    "dynamic": lambda *found: _parsed(found[0]) if len(found) == 1 else list(found),
    "parse_json": _parsed,
    "todynamic": _parsed,
    "isempty": lambda found: text(found) == "",
    "isnotempty": lambda found: text(found) != "",
    "isnull": lambda found: found is None,
    "isnotnull": lambda found: found is not None,
    "strlen": lambda found: len(text(found)),
    "strcat": lambda *found: "".join(text(each) for each in found),
    "coalesce": lambda *found: next((each for each in found if each not in (None, "")), None),
    "split": _split,
    "substring": lambda found, start, length=None: (
        text(found)[start:] if length is None else text(found)[start : start + length]
    ),
    "trim": lambda pattern, found: text(found).strip(text(pattern)),
    "replace_string": lambda found, old, new: text(found).replace(old, new),
    "array_length": lambda found: len(found) if isinstance(found, list) else None,
    "bag_keys": lambda found: list(found) if isinstance(found, Mapping) else None,
    "pack_array": _pieces,
    "abs": abs,
    "round": round,
}
