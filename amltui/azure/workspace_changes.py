"""The end of a workspace, what it takes with it, and what the service finds wrong with one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from amltui.azure import loose, operations
from amltui.azure.errors import AzureError, NotSignedIn
from amltui.azure.operation import Operation
from amltui.domain.health import Health

if TYPE_CHECKING:
    from amltui.azure.answer import Answer
    from amltui.azure.workspace_client import WorkspaceClient
    from amltui.domain.workspace import Workspace

_LEVELS = {"error": Health.BAD, "warning": Health.ATTENTION, "information": Health.DONE}
_ORDER = tuple(_LEVELS.values())


class Finding(Struct, frozen=True):
    """One thing that a diagnosis has found."""

    area: str
    """What it is about: storage account, key vault, dns resolution …"""
    level: str
    """As the service wrote it: Error, Warning or Information."""
    code: str
    message: str

    @property
    def health(self) -> Health:
        return _LEVELS.get(self.level.lower(), Health.UNKNOWN)


async def delete(place: WorkspaceClient, *, purge: bool) -> Operation:
    """Its end. Unless it is purged the service keeps it for some days, to be put back.

    `forceToPurge` is what Microsoft's client sends for `--permanently-delete`.
    """
    params = {"forceToPurge": "true"} if purge else None
    answer = await place.send("DELETE", "", params=params)
    return Operation.from_answer("delete", place.id.name, answer)


async def contents(place: WorkspaceClient) -> tuple[str, ...]:
    """What is in it now and ends with it, a sentence each; `!` where that is in use."""
    from amltui.azure import computes, jobs

    told: list[str] = []
    try:
        machines = (await computes.list_all(place)).items
        on = [each.name for each in machines if each.health is Health.GOOD]
        if machines:
            mark = "! " if on else ""
            told.append(f"{mark}{_count(len(machines), 'compute')} in it, {len(on)} of them on")
        listing = await jobs.newest(place, 100)
        going = sum(not job.ended_for_good for job in listing.items)
        more = " or more" if listing.more else ""
        if listing.items:
            mark = "! " if going else ""
            count = _count(len(listing.items), "job")
            told.append(f"{mark}{count}{more} in it, {going} not over")
    except NotSignedIn:
        raise
    except AzureError as error:
        told.append(f"! what is in it could not be asked for: {error}")
    return tuple(told)


async def bill(place: WorkspaceClient, workspace: Workspace) -> tuple[str, ...]:
    """What this month's bill says of it, and of what would stay, a sentence each."""
    from amltui.azure import dependents

    ids = [workspace.id.path, *workspace.stands_on.values()]
    try:
        told = await dependents.bills(place.client, ids)
    except NotSignedIn:
        raise
    except AzureError as error:
        return (f"! what it was billed could not be asked for: {error}",)

    def cost(identity: str) -> str:
        found = told.get(identity.rstrip("/").lower())
        return f"{found.month:,.2f} {found.currency}" if found else "nothing told"

    stays = [f"{what} {cost(identity)}" for what, identity in workspace.stands_on.items()]
    billed = f"billed since the 1st: the workspace {cost(workspace.id.path)}"
    return (f"{billed}; what stays: {', '.join(stays)}" if stays else billed,)


async def diagnose(place: WorkspaceClient) -> tuple[Finding, ...]:
    """What the service finds, the worst first; nothing changes by it."""
    last: list[Answer] = []

    async def read(url: str) -> Answer:
        answer = await place.client.send("GET", url)
        last.append(answer)
        return answer

    answer = await place.send("POST", "/diagnose", json={"value": {}}, reads=True)
    last.append(answer)
    operation = Operation.from_answer("diagnosis", place.id.name, answer)
    await operations.follow(operation, read, place.client.sleep)
    return findings(last[-1].body)


def findings(body: Any) -> tuple[Finding, ...]:
    """Of an answer to `diagnose`, whose value has a list for each area."""
    value = loose.obj(body, "value")
    found = [
        Finding(
            _area(name),
            loose.text(item, "level") or "?",
            loose.text(item, "code") or "?",
            loose.text(item, "message") or "no message",
        )
        for name in value
        for item in loose.objects(value, name)
    ]
    return tuple(sorted(found, key=lambda each: _rank(each.health)))


def _rank(health: Health) -> int:
    return _ORDER.index(health) if health in _ORDER else len(_ORDER)


def _area(name: str) -> str:
    """`storage account` of `storageAccountResults`."""
    bare = name.removesuffix("Results")
    return "".join(f" {each.lower()}" if each.isupper() else each for each in bare).strip()


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def told_of(found: Sequence[Finding]) -> str:
    """In one line."""
    bad = sum(each.health is Health.BAD for each in found)
    return f"{_count(len(found), 'finding')}, {_count(bad, 'error')}" if found else "nothing found"
