"""What the functions of templates mean: those that Azure ML's templates use, and their like."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from amltui.emulator.deployments.expression import TemplateError


def guid(*parts: Any) -> str:
    return str(uuid5(NAMESPACE_URL, "-".join(str(each) for each in parts)))


def unique_string(*parts: Any) -> str:
    """13 letters and digits that follow from the parts."""
    number = uuid5(NAMESPACE_URL, "/".join(str(each) for each in parts)).int
    return "".join("abcdefghijklmnopqrstuvwxyz234567"[(number >> 5 * at) & 31] for at in range(13))


def concat(*parts: Any) -> Any:
    """Strings one after the other, or lists."""
    if parts and all(isinstance(each, list) for each in parts):
        return [item for each in parts for item in each]
    return "".join(text(each) for each in parts)


def text(value: Any) -> str:
    """A value as a template writes it in a string."""
    if isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))


def equals(left: Any, right: Any) -> bool:
    """Strings are compared without regard to case."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    return bool(left == right)


def is_true(value: Any) -> bool:
    if isinstance(value, str):
        return value.lower() == "true"
    return bool(value)


def contains(holder: Any, item: Any) -> bool:
    if isinstance(holder, dict):
        return any(equals(name, item) for name in holder)
    return item in holder if isinstance(holder, (list, str)) else False


def formatted(pattern: str, *values: Any) -> str:
    for place, value in enumerate(values):
        pattern = pattern.replace(f"{{{place}}}", text(value))
    return pattern


def union(*holders: Any) -> Any:
    if all(isinstance(each, dict) for each in holders):
        return {name: value for each in holders for name, value in each.items()}
    found: list[Any] = []
    for holder in holders:
        found += [each for each in holder if each not in found]
    return found


def from_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as error:
        raise TemplateError(f"The value '{value}' passed to json() is not valid.") from error


def create_object(*pairs: Any) -> dict[str, Any]:
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "add": lambda left, right: left + right,
    "array": lambda value: value if isinstance(value, list) else [value],
    "base64": lambda value: b64encode(value.encode()).decode(),
    "bool": is_true,
    "coalesce": lambda *values: next((each for each in values if each is not None), None),
    "concat": concat,
    "contains": contains,
    "createarray": lambda *values: list(values),
    "createobject": create_object,
    "div": lambda left, right: left // right,
    "empty": lambda value: not value,
    "endswith": lambda value, end: value.lower().endswith(end.lower()),
    "equals": equals,
    "false": lambda: False,
    "first": lambda value: value[0] if value else None,
    "format": formatted,
    "greater": lambda left, right: left > right,
    "greaterorequals": lambda left, right: left >= right,
    "guid": guid,
    "indexof": lambda value, part: value.lower().find(part.lower()),
    "int": int,
    "join": lambda values, sign: sign.join(text(each) for each in values),
    "json": from_json,
    "last": lambda value: value[-1] if value else None,
    "length": len,
    "less": lambda left, right: left < right,
    "lessorequals": lambda left, right: left <= right,
    "max": lambda *values: max(values),
    "min": lambda *values: min(values),
    "mod": lambda left, right: left % right,
    "mul": lambda left, right: int(left) * int(right),
    "newguid": lambda: str(uuid4()),
    "not": lambda value: not is_true(value),
    "null": lambda: None,
    "range": lambda start, count: list(range(start, start + min(count, 800))),
    "replace": lambda value, old, new: value.replace(old, new),
    "skip": lambda value, count: value[count:],
    "split": lambda value, sign: value.split(sign),
    "startswith": lambda value, start: value.lower().startswith(start.lower()),
    "string": text,
    "sub": lambda left, right: left - right,
    "substring": lambda value, start, count=None: (
        value[start:] if count is None else value[start : start + count]
    ),
    "take": lambda value, count: value[:count],
    "tolower": str.lower,
    "toupper": str.upper,
    "trim": str.strip,
    "true": lambda: True,
    "union": union,
    "uniquestring": unique_string,
}
"""By name in lower case. Those that need to know where they are evaluated are in `scope.py`."""
