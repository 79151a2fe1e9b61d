"""What differs between two documents, member by member."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from amltui.domain.health import Health
from amltui.domain.job import Job

OWN = "(its name)"
"""What stands for a run's own name, which is in many addresses of its document."""
_OWN_MEMBERS = frozenset({
    "id", "name", "runid", "rootrunid", "runuuid", "rootrunuuid", "parentrunuuid", "runnumber",
    "etag", "revision", "createdat", "createdutc", "createdtime", "starttimeutc", "starttime",
    "endtimeutc", "endtime", "lastmodifiedat", "lastmodifiedutc", "submittedtime", "duration",
    "computeduration", "effectivestarttimeutc", "token", "tokenexpirytimeutc", "artifactid",
    "containerid", "snapshotid",
})  # fmt: skip
"""Members, in lower case, in which any two runs differ: names and moments."""
_MISSING = object()


class Difference(Struct, frozen=True):
    """One member that two documents do not have alike; None where one has none."""

    path: str
    before: str | None
    after: str | None
    is_own: bool = False
    """Whether any two runs differ in it."""


def differences(before: Any, after: Any, names: tuple[str, str] = ("", "")) -> list[Difference]:
    """In the order of the second document, then what only the first has; own members last.

    `names` are those of the two runs: where each has its own in a text, nothing differs.
    """
    old, new = (
        dict(_leaves(document, name)) for document, name in zip((before, after), names, strict=True)
    )
    found = [
        Difference(
            path,
            _word(old.get(path, _MISSING)),
            _word(new.get(path, _MISSING)),
            path.rpartition(".")[2].lower() in _OWN_MEMBERS,
        )
        for path in dict.fromkeys([*new, *old])
        if old.get(path, _MISSING) != new.get(path, _MISSING)
    ]
    return sorted(found, key=lambda each: each.is_own)


def told(found: Sequence[Difference]) -> str:
    """A path, and below it what was and what is."""
    lines: list[str] = []
    for each in (each for each in found if not each.is_own):
        lines.append(each.path)
        if each.before is not None:
            lines.append(f"- {each.before}")
        if each.after is not None:
            lines.append(f"+ {each.after}")
        lines.append("")
    if own := [each.path.rpartition(".")[2] for each in found if each.is_own]:
        lines.append(f"  as in any two runs: {', '.join(dict.fromkeys(own))}")
    return "\n".join(lines)


def last_that_worked(job: Job, others: Iterable[Job]) -> Job | None:
    """The newest completed run of the experiment before this one, if there is one with its title.

    Else with one that begins like it: people count runs at the end of their titles.
    """
    able = [
        other
        for other in others
        if other.health is Health.DONE
        and other.key != job.key
        and other.workspace == job.workspace
        and other.experiment == job.experiment
        and other.created is not None
        and (job.created is None or other.created < job.created)
    ]

    def likeness(other: Job) -> tuple[bool, bool, datetime | None]:
        half = len(job.title) // 2 + 1
        begins_alike = other.title[:half] == job.title[:half]
        return other.title == job.title, begins_alike, other.created

    return max(able, key=likeness, default=None)


def _leaves(value: Any, own: str, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every member that holds no others, by its path; an empty one counts as missing."""
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _leaves(each, own, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _leaves(each, own, f"{path}[{index}]")
    elif value is not None and value != "":
        yield path, value.replace(own, OWN) if own and isinstance(value, str) else value


def _word(value: Any) -> str | None:
    if value is _MISSING:
        return None
    return value if isinstance(value, str) else json.dumps(value)
