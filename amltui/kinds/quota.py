"""The lines of the quota screen: limits near and far, and who holds what they count."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.compute import Compute
from amltui.domain.health import Health
from amltui.domain.overview import Overview
from amltui.domain.quota import Limit, Usage, nearest, parts_of
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Row

BAR = 10
NEAR = 0.8
"""The share of a limit from which on it is pressing."""
NAMED = 3
"""Holders that are named in the line of a limit."""
SHORT = 8
"""Characters of a subscription's id that tell it from the others."""


class Limited(Struct, frozen=True):
    """A limit, or a region that does not tell its limits."""

    key: str
    name: str
    workspace: WorkspaceId
    health: Health
    usage: Usage | None
    holders: tuple[Usage, ...] = ()
    region: str = ""
    why: str = ""


def matching(lines: Sequence[Limited], text: str) -> list[Limited]:
    """Those whose family and region have each of the words, and none after an exclamation mark."""
    wanted = [(word.lstrip("!"), word.startswith("!")) for word in text.lower().split()]
    return [
        line
        for line in lines
        if all(
            (word in f"{line.name} {line.region}".lower()) is not hidden
            for word, hidden in wanted
            if word
        )
    ]


class Holder(Struct, frozen=True):
    """Somebody who holds vCPUs of a limit."""

    key: str
    name: str
    workspace: WorkspaceId
    health: Health
    usage: Usage
    target: Any
    """The compute or deployment, as far as it is known; Enter opens it."""
    jobs: str = ""


def is_listed(usage: Usage, usages: Iterable[Usage]) -> bool:
    """Whether it is a limit on vCPUs: a workspace's part only where it is less than the whole."""
    if usage.counts is Limit.OTHER:
        return False
    if usage.holder is None:
        return True
    same = (usage.family, usage.region, usage.subscription_id)
    wholes = [
        each
        for each in usages
        if each.holder is None and (each.family, each.region, each.subscription_id) == same
    ]
    return usage.is_of_workspace and all(usage.limit < e.limit for e in wholes if e.limit >= 0)


def limits(usages: Sequence[Usage], refused: Mapping[str, str] | None = None) -> list[Limited]:
    """What is near its limit first; the regions that told nothing above all, with the reason."""
    lines = []
    for key, why in (refused or {}).items():
        subscription, _, region = key.partition("/")
        place = WorkspaceId(subscription, "", "")
        lines.append(Limited(key, "not told", place, Health.BAD, None, (), region, why))
    for usage in nearest(each for each in usages if is_listed(each, usages)):
        held = parts_of(usage, usages)
        if usage.holder is not None:
            held = [each for each in held if each.place == usage.place]
        place = WorkspaceId(usage.subscription_id, "", usage.place)
        health = Health.ATTENTION if usage.share >= NEAR else Health.DONE
        lines.append(Limited(usage.key, usage.title, place, health, usage, tuple(held),
                             usage.region))  # fmt: skip
    return lines


def holders(line: Limited, overview: Overview | None) -> list[Holder]:
    """Who holds it, with the jobs that run there, the largest first."""
    found = []
    for usage in line.holders:
        place = WorkspaceId.parse(usage.holder or "")
        target = _target(usage, overview)
        jobs = _jobs(target, overview) if overview is not None else fmt.UNKNOWN
        health = target.health if target is not None else Health.UNKNOWN
        found.append(Holder(usage.key, usage.who, place, health, usage, target, jobs))
    return found


def why_none(line: Limited | None, overview: Overview | None) -> str:
    """Why nobody is named: of preemptible machines the service tells no holders."""
    if line is None or line.usage is None:
        return line.why if line is not None else ""
    if line.usage.counts is not Limit.LOW_PRIORITY or not line.usage.used:
        return "Nobody holds any of it now."
    clusters = [
        f"{each.name} ({each.nodes.billed} nodes)"
        for each in (overview.computes if overview is not None else ())
        if each.low_priority
        and each.nodes is not None
        and each.nodes.billed
        and (each.location or "").replace(" ", "").lower() == line.region
    ]
    told = ", ".join(clusters) or "none"
    return f"Not told by the service. Preemptible clusters with nodes: {told}"


def _target(usage: Usage, overview: Overview | None) -> Any:
    if overview is None:
        return None
    held, place = (usage.holder or "").lower(), WorkspaceId.parse(usage.holder or "")
    listed: Sequence[Any] = overview.computes if "/computes/" in held else overview.deployments
    for each in listed:
        if each.workspace.key == place.key and each.name.lower() == usage.who.lower():
            return each
    return None


def _jobs(target: Any, overview: Overview) -> str:
    """`resnet50 ×2, nlp-sft ×1`; unknown and none are told apart."""
    if not isinstance(target, Compute):
        return fmt.NONE
    running = [
        each.job
        for each in overview.jobs
        if each.job.is_running
        and each.job.workspace.key == target.workspace.key
        and (each.job.compute or "").lower() == target.name.lower()
    ]
    told = [f"{job.title} ×{job.node_count or 1}" for job in running]
    more = f" and {len(told) - NAMED} more" if len(told) > NAMED else ""
    return fmt.one_line(", ".join(told[:NAMED]) + more) or "no job"


def _of(row: Row[Limited], text: Any) -> Any:
    return text(row.resource.usage) if row.resource.usage is not None else ""


def _free(usage: Usage) -> str:
    return fmt.NONE if usage.free is None else f"{usage.free}"


def _limit(usage: Usage) -> str:
    return "none" if usage.limit < 0 else f"{usage.limit}"


def _bar(usage: Usage) -> Cell:
    full = min(BAR, round(usage.share * BAR))
    full = max(full, int(usage.used > 0))
    return Cell(
        f"{usage.share:.0%}" if usage.limit >= 0 else "", bar="█" * full + "·" * (BAR - full)
    )


def _who(row: Row[Limited]) -> Cell:
    line = row.resource
    if line.usage is None:
        return Cell(line.why, Health.BAD)
    told = [f"{each.who} {each.used}" for each in line.holders[:NAMED]]
    more = f" +{len(line.holders) - NAMED}" if len(line.holders) > NAMED else ""
    return Cell(fmt.one_line(", ".join(told)) + more, dim=True)


def _near(usage: Usage) -> Cell:
    return Cell(f"{usage.used}", Health.ATTENTION if usage.share >= NEAR else None)


LIMITS: Sequence[Column[Limited]] = (
    Column("FAMILY", lambda r: r.resource.name, 16, flex=1, importance=9),
    Column("REGION", lambda r: r.resource.region, 14, importance=8),
    Column("OF", lambda r: r.resource.workspace.name or "all", 11, importance=4),
    Column("USED", lambda r: _of(r, _near), 7, lambda r: _of(r, lambda u: u.used) or 0,
           importance=8, right=True),
    Column("LIMIT", lambda r: _of(r, _limit), 6, lambda r: _of(r, lambda u: u.limit) or 0,
           importance=7, right=True),
    Column("FREE", lambda r: _of(r, _free), 6, lambda r: _of(r, lambda u: u.free or 0) or 0,
           importance=8, right=True),
    Column("", lambda r: _of(r, _bar), BAR + 5, lambda r: _of(r, lambda u: u.share) or 0.0,
           importance=6),
    Column("HELD BY (vCPU)", _who, 20, flex=3, importance=5),
    Column("SUB", lambda r: r.resource.workspace.subscription_id[:SHORT], 8, importance=1),
)  # fmt: skip
HOLDERS: Sequence[Column[Holder]] = (
    Column("WHO", lambda r: Cell(r.resource.name, r.resource.health), 20, flex=2, importance=9),
    Column("WORKSPACE", lambda r: r.resource.workspace.name, 13, importance=7),
    Column("vCPU", lambda r: f"{r.resource.usage.used}", 6, lambda r: r.resource.usage.used,
           importance=8, right=True),
    Column("UP TO", lambda r: _limit(r.resource.usage), 6, importance=4, right=True),
    Column("OWNER", lambda r: fmt.person(getattr(r.resource.target, "owner", None)), 8,
           importance=5),
    Column("RUNNING THERE", lambda r: r.resource.jobs, 24, flex=3, importance=6),
)  # fmt: skip


def record(line: Limited) -> dict[str, object]:
    """A limit for scripts."""
    usage = line.usage
    assert usage is not None
    return {
        "family": usage.title,
        "name": usage.name,
        "counts": usage.counts.value,
        "region": usage.region,
        "subscription_id": usage.subscription_id,
        "workspace": usage.place or None,
        "used": usage.used,
        "limit": None if usage.limit < 0 else usage.limit,
        "free": usage.free,
        "share": usage.share if usage.limit >= 0 else None,
        "holders": [
            {"name": each.who, "workspace": each.place, "vcpus": each.used, "id": each.holder}
            for each in line.holders
        ],
    }
