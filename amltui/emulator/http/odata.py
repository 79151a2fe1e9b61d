"""`$filter` of Resource Manager's own lists: comparisons, `substringof`, `and`, `or`.

`resourceType eq 'Microsoft.MachineLearningServices/workspaces' and location ne 'eastus'`
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amltui.emulator.http import errors

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

_TERM = re.compile(
    r"\s*(?:(?P<field>\w+)\s+(?P<sign>eq|ne)\s+'(?P<value>(?:[^']|'')*)'"
    r"|substringof\s*\(\s*'(?P<part>(?:[^']|'')*)'\s*,\s*(?P<of>\w+)\s*\)"
    r"|startswith\s*\(\s*(?P<field2>\w+)\s*,\s*'(?P<start>(?:[^']|'')*)'\s*\))\s*",
    re.IGNORECASE,
)
_JOINT = re.compile(r"\s*\b(and|or)\b\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Term:
    """One comparison."""

    field: str
    sign: str
    """eq, ne, part or start."""
    value: str

    def holds(self, body: dict[str, Any]) -> bool:
        values = [each.lower() for each in _values(body, self.field)]
        match self.sign:
            case "part":
                return any(self.value in each for each in values)
            case "start":
                return any(each.startswith(self.value) for each in values)
            case "ne":
                return self.value not in values
        return self.value in values


@dataclass(frozen=True)
class Condition:
    """A filter: alternatives, each of which is a list of terms that all hold."""

    alternatives: Sequence[Sequence[Term]]

    @classmethod
    def of(cls, call: Call) -> Condition:
        """The filter of a request; a 400 for one that is not understood."""
        text = call.query.get("$filter", "").strip()
        if not text:
            return cls([[]])
        alternatives: list[list[Term]] = [[]]
        at = 0
        while True:
            found = _TERM.match(text, at)
            if found is None:
                raise _refused(text)
            alternatives[-1].append(_term(found))
            at = found.end()
            if at >= len(text):
                return cls(alternatives)
            joint = _JOINT.match(text, at)
            if joint is None:
                raise _refused(text)
            if joint[1].lower() == "or":
                alternatives.append([])
            at = joint.end()

    def holds(self, body: dict[str, Any]) -> bool:
        return any(all(term.holds(body) for term in terms) for terms in self.alternatives)

    def may_be(self, kind: str) -> bool:
        """Whether resources of a type, in lower case, may be among those that are wanted."""
        return any(
            all(term.holds({"type": kind}) for term in terms if term.field == "resourcetype")
            for terms in self.alternatives
        )


def filtered(call: Call, bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that the request's filter lets through."""
    condition = Condition.of(call)
    return [each for each in bodies if condition.holds(each)]


def _term(found: re.Match[str]) -> Term:
    if found["part"] is not None:
        return Term(found["of"].lower(), "part", _plain(found["part"]))
    if found["start"] is not None:
        return Term(found["field2"].lower(), "start", _plain(found["start"]))
    return Term(found["field"].lower(), found["sign"].lower(), _plain(found["value"]))


def _plain(text: str) -> str:
    return text.replace("''", "'").lower()


def _values(body: dict[str, Any], field: str) -> list[str]:
    tags = body.get("tags") or {}
    match field:
        case "resourcetype":
            return [str(body.get("type"))]
        case "resourcegroup":
            return str(body.get("id")).split("/")[4:5]
        case "tagname":
            return [str(each) for each in tags]
        case "tagvalue":
            return [str(each) for each in tags.values()]
    return [str(value) for name, value in body.items() if name.lower() == field]


def _refused(text: str) -> errors.Refusal:
    message = f"The $filter query parameter '{text}' is invalid."
    return errors.Refusal(errors.gateway(400, "InvalidFilterInQueryString", message))
