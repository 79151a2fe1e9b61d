"""Everything that a job's screen tells of it, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from amltui.domain.health import Health
from amltui.domain.job import Job
from amltui.domain.job_cost import ORCHESTRATED, spent
from amltui.domain.job_details import Binding, ErrorLine, JobDetails, Service
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Fact, Row

SHORT_COMMIT = 12


def detail_facts(row: Row[Job], details: JobDetails) -> Sequence[Fact]:
    """What is told below the facts that lists know too."""
    facts = [
        *_errors(details.errors),
        *(Fact("warning", Cell(fmt.one_line(each), Health.ATTENTION)) for each in details.warnings),
        Fact("cost", cost(row, details)),
        *(_binding("input", each) for each in details.inputs),
        *(_binding("output", each) for each in details.outputs),
        Fact("environment", details.environment or fmt.NONE),
        Fact("code", details.code or fmt.NONE),
        Fact("git", git(details)),
        Fact("distribution", details.distribution or fmt.NONE),
        Fact("machine", details.instance_type or fmt.NONE),
        Fact("timeout", details.timeout or fmt.NONE),
        Fact("queue tier", details.tier or fmt.NONE),
        Fact("identity", details.identity or fmt.NONE),
        Fact("on compute", fmt.duration(details.compute_seconds)),
        Fact("attempt", fmt.NONE if details.attempt is None else str(details.attempt)),
        Fact("cancelled", fmt.one_line(details.cancelled_why or fmt.NONE)),
        *(_service(each) for each in details.services),
    ]
    return [fact for fact in facts if fact.value != fmt.NONE]


def fuller(facts: Sequence[Fact], details: Sequence[Fact]) -> list[Fact]:
    """The facts with the details: those about the same in their place, the others below."""
    groups: dict[str, list[Fact]] = {}
    name = ""
    for fact in details:
        name = fact.name or name  # a line without a name goes on with the one above
        groups.setdefault(name, []).append(fact)
    told = [each for fact in facts for each in groups.pop(fact.name, [fact])]
    return told + [fact for group in groups.values() for fact in group]


def cost(row: Row[Job], details: JobDetails) -> str:
    """An estimate from retail prices; unknown is said to be, with the reason."""
    job = row.resource
    if (job.type or "").lower() in ORCHESTRATED:
        return f"{fmt.UNKNOWN} (its children hold the nodes: each has a cost of its own)"
    seconds = job.seconds(row.now)
    if not seconds:
        return "nothing yet: it has not started" if job.started is None else fmt.UNKNOWN
    if details.price_per_hour is None:
        on = f"the price of {job.compute}" if job.compute else "the price of serverless compute"
        return f"{fmt.UNKNOWN} ({on} is unknown)"
    nodes = job.node_count or 1
    dollars = spent(job, details.price_per_hour, row.now)
    so_far = "" if job.ended_for_good else " so far"
    machines = f"{nodes} node{'s' * (nodes != 1)}"
    rate = f"{machines} × ${details.price_per_hour:,.2f}/h × {fmt.duration(seconds)}"
    return f"~${fmt.money(dollars)}{so_far}   {rate}, retail"


def git(details: JobDetails) -> str:
    """`4f2c1d91aa0c on main, with changes not committed   https://…`"""
    known = details.git
    if not known.known:
        return fmt.NONE
    words = [(known.commit or fmt.UNKNOWN)[:SHORT_COMMIT]]
    if known.branch:
        words.append(f"on {known.branch}")
    if known.dirty:
        words.append("with changes that are not committed")
    if known.repository:
        words.append(known.repository)
    return fmt.one_line("  ".join(words))


def _errors(lines: Sequence[ErrorLine]) -> Iterator[Fact]:
    """A tree; a link that says what the one above has said is left out."""
    said: set[tuple[str | None, str | None]] = set()
    for line in lines:
        if (line.code, line.message) in said:
            continue
        said.add((line.code, line.message))
        indent = "  " * (line.depth - 1) + "└ " if line.depth else ""
        words = ": ".join(part for part in (line.code, line.message) if part)
        name = "error" if not line.depth else ""
        yield Fact(name, Cell(indent + fmt.one_line(words), Health.BAD if not line.depth else None))


def _binding(name: str, told: Binding) -> Fact:
    about = ", ".join(part for part in (told.type, told.mode) if part)
    registered = f" as {told.asset}" if told.asset else ""
    where = told.uri or "no address yet"
    return Fact(name, fmt.one_line(f"{told.name}{registered} ({about or fmt.UNKNOWN})  {where}"))


def _service(told: Service) -> Fact:
    words = [told.name, f"({told.type or fmt.UNKNOWN})", told.status or "", told.endpoint or ""]
    text = fmt.one_line("  ".join(word for word in words if word))
    if told.error:
        return Fact("service", Cell(f"{text}  {fmt.one_line(told.error)}", Health.BAD))
    return Fact("service", Cell(text, link=told.endpoint))
