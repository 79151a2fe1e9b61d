"""Documents that are edited as text before something is done with them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from amltui.kinds.format import one_line
from amltui.kinds.kind import Unusable

_MEMBERS = 6
"""Members that differ, told one by one."""


def written(documents: Sequence[dict[str, Any]]) -> str:
    """One document by itself, several as an array."""
    whole: Any = documents[0] if len(documents) == 1 else list(documents)
    # Escapes of other characters than ASCII would be hard to edit; those that act on a terminal
    # stay escaped, for JSON allows no control characters in a text.
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def read_back(text: str, count: int) -> list[dict[str, Any]]:
    """The documents of an edited text; Unusable in one sentence if it holds none."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Unusable(f"This is no JSON: {error.msg} in {where}") from error
    except RecursionError as error:
        raise Unusable("This is nested too deeply") from error
    found = whole if isinstance(whole, list) else [whole]
    if len(found) != count:
        raise Unusable(f"There are {len(found)} documents in the text; {count} are wanted")
    if not all(isinstance(each, dict) for each in found):
        raise Unusable("A job is a JSON object in braces")
    return found


def differing(before: Any, after: Any) -> list[str]:
    """The members that are not the same, as paths."""
    return list(_paths(before, after, ""))


def differences(before: Any, after: Any) -> str:
    """`command, resources.instanceCount` or how many more; empty where nothing differs."""
    paths = differing(before, after)
    more = f" and {len(paths) - _MEMBERS} more" if len(paths) > _MEMBERS else ""
    return one_line(", ".join(paths[:_MEMBERS]) + more)


def _paths(before: Any, after: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in [*before, *(each for each in after if each not in before)]:
            below = f"{path}.{name}" if path else name
            if (name in before) != (name in after):
                yield below
            else:
                yield from _paths(before[name], after[name], below)
    elif before != after:
        yield path
