"""What can be copied of a resource, for wherever it is to be pasted."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from amltui.azure import address
from amltui.kinds.format import one_line
from amltui.kinds.kind import Cell, Kind, Row
from amltui.kinds.shell import az_ml, group

_PATHS = {"job": "jobs", "compute": "computes", "model": "models"}
"""Where a kind's resources lie in their workspace."""
TOKEN = '-H "Authorization: Bearer $(az account get-access-token --query accessToken -o tsv)"'


class Copy(Struct, frozen=True):
    """One of the texts."""

    what: str
    text: str


def copies(kind: Kind[Any], rows: Sequence[Row[Any]], arm: str, api_version: str) -> list[Copy]:
    """Of one resource or several, a line for each; `arm` is the cloud's Resource Manager."""
    resources = [row.resource for row in rows]
    found = [Copy("name", _lines(resource.name for resource in resources))]
    titles = _lines(row.title for row in rows)
    if titles != found[0].text:
        found.append(Copy("display name", titles))
    links = [link for each in resources if kind.link is not None and (link := kind.link(each))]
    if links:
        found.append(Copy("studio link", _lines(links)))
    ids = [path for each in resources if (path := arm_id(kind, each))]
    if ids:
        found.append(Copy("ARM id", _lines(ids)))
        found.append(Copy("az command", _lines(_az(kind, each) for each in resources)))
        urls = [f"{arm}{address.path(path)}?api-version={api_version}" for path in ids]
        found.append(Copy("curl", _lines(f"curl {TOKEN} {shlex.quote(url)}" for url in urls)))
    found.append(Copy("markdown", _markdown(kind, rows)))
    return found


def arm_id(kind: Kind[Any], resource: Any) -> str | None:
    """The path in Resource Manager; None for what has none there."""
    if kind.name == "workspace":
        return str(resource.workspace.path)
    part = None if getattr(resource, "is_serverless", False) else _PATHS.get(kind.name)
    return f"{resource.workspace.path}/{part}/{resource.name}" if part else None


def _az(kind: Kind[Any], resource: Any) -> str:
    """What shows it on the command line."""
    place = resource.workspace
    name = shlex.quote(resource.name)
    if kind.name == "workspace":
        if place.is_registry:
            return f"az ml registry show -n {name} {group(place)}"
        return f"az ml workspace show -n {name} {group(place)}"
    shown = f"-n {name}"
    if kind.name == "model" and resource.latest_version:
        shown += f" --version {shlex.quote(resource.latest_version)}"
    return az_ml(f"{kind.name} show", place, shown)


def _markdown(kind: Kind[Any], rows: Sequence[Row[Any]]) -> str:
    """A table, for an issue or a pull request."""
    titles = [column.title for column in kind.columns]
    lines = [[_text(column.cell(row)) for column in kind.columns] for row in rows]
    return "\n".join(_bar(line) for line in (titles, ["---"] * len(titles), *lines))


def _text(cell: Cell | str) -> str:
    text = one_line(cell if isinstance(cell, str) else cell.text)
    return text.replace("|", "\\|")


def _bar(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lines(texts: Any) -> str:
    return "\n".join(one_line(text) for text in texts)
