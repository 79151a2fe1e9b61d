"""`amltui burn|cost|idle|stop-idle`: what runs, what it costs, and stopping it from a script."""

from __future__ import annotations

import argparse
import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from amltui.cli import records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, code_of, say, sentence, worst
from amltui.cli.settings import Settings
from amltui.kinds.format import literal

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.domain.burn import Rate
    from amltui.domain.overview import Overview
    from amltui.domain.waste import Waste
    from amltui.feeds.overview import OverviewFeed

_SPAN = re.compile(r"(\d{1,6})([mhd])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    for name, about, run, formats in (
        ("burn", "tell what is running and what it costs an hour", _burn, ("table", "json")),
        ("cost", "tell estimates beside what was billed", _cost, ("table", "json")),
        ("idle", "list what costs money and gives nothing for it", _idle, records.FORMATS),
        ("stop-idle", "stop instances that are on without a job", _stop, ("table", "json")),
    ):
        made = command(parsers, name, about)
        made.add_argument("-o", "--output", choices=formats, default="table")
        if name in {"idle", "stop-idle"}:
            made.add_argument(
                "--older-than",
                metavar="SPAN",
                type=span,
                default=timedelta(0),
                help="only what has lasted so long for certain: 30m, 12h, 2d",
            )
        if name == "stop-idle":
            made.add_argument("--dry-run", action="store_true", help="only say what would be sent")
            made.add_argument("--confirm", metavar="WORKSPACE", action="append", default=[],
                              help="also change this protected workspace")  # fmt: skip
        made.set_defaults(run=partial(_run, run))


def span(text: str) -> timedelta:
    """`30m`, `12h`, `2d`."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text} is no span of time: write 30m, 12h or 2d")
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def _run(
    run: Callable[[AzureClient, OverviewFeed, argparse.Namespace, Settings], Any],
    asked: argparse.Namespace,
    settings: Settings,
) -> int:
    async def signed_in() -> int:
        from amltui.feeds.clock import SystemClock
        from amltui.feeds.overview import OverviewFeed

        async with session.signed_in(settings) as client:
            places = await session.scope(client, settings)
            feed = OverviewFeed(client, SystemClock(), places)
            reading = feed.overviews()
            async for _ in reading:
                if feed.is_settled:
                    break
            await reading.aclose()  # type: ignore[attr-defined]
            code: int = await run(client, feed, asked, settings)
            return worst([code, _report(feed)])

    return asyncio.run(signed_in())


def _report(feed: OverviewFeed) -> int:
    """Say what could not be read; the exit code that follows from it."""
    told: dict[str, int] = {}
    names = {place.key: place.name for place in feed.places}
    for board in feed.boards:
        for key, part in feed.view(board).failing.items():
            if part.error is not None:
                told[f"{names[key]}: {sentence(part.error)}"] = code_of(part.error)
    for text in told:
        say(text)
    return worst(list(told.values()))


async def _burn(
    client: AzureClient, feed: OverviewFeed, asked: argparse.Namespace, settings: Settings
) -> int:
    from amltui.domain import burn
    from amltui.kinds import format as fmt
    from amltui.kinds import money

    told = feed.latest
    groups: dict[str, Mapping[str, Rate]] = {
        "class": {each.value: rate for each, rate in burn.by(told.burns, _spending).items()},
        "owner": burn.by(told.burns, lambda each: each.owner or fmt.UNKNOWN),
        "workspace": burn.by(told.burns, lambda each: each.workspace.name),
    }
    if asked.output == "json":
        sums = {f"by_{name}": _rates(group) for name, group in groups.items()}
        print(records.to_json({"per_hour": _rate(told.rate), "currency": "USD",
                               "prices": money.RETAIL, **sums}))  # fmt: skip
        return DONE
    rows = [("all", "", money.rate(told.rate))]
    rows += [(name, key, money.rate(rate)) for name, g in groups.items() for key, rate in g.items()]
    _columns(("BY", "WHAT", "$/h"), rows)
    say(money.RETAIL)
    return DONE


def _spending(each: Any) -> Any:
    return each.spending


async def _cost(
    client: AzureClient, feed: OverviewFeed, asked: argparse.Namespace, settings: Settings
) -> int:
    from amltui.azure import costs
    from amltui.azure.errors import AzureError
    from amltui.kinds import cost, money

    told = feed.latest
    billed: list[dict[str, Any]] = []
    codes = []
    for subscription in sorted({place.subscription_id for place in feed.places}):
        one: dict[str, Any] = {"subscription_id": subscription, "error": None}
        try:
            listing = await costs.of_month(client, subscription, datetime.now(UTC))
            for each in listing.items:
                one |= {"month": each.month, "yesterday": each.yesterday, "currency": each.currency}
        except AzureError as error:
            one["error"] = str(error)
            codes.append(code_of(error))
            say(f"billed, {subscription}: {sentence(error)}")
        billed.append(one)
    jobs = [
        {"name": each.job.name, "workspace": each.job.workspace.name,
         "per_hour": each.per_hour, "so_far": each.so_far, "projected": each.projected}
        for each in told.costs
    ]  # fmt: skip
    if asked.output == "json":
        estimate = {"per_hour": _rate(told.rate), "prices": money.RETAIL, "jobs": jobs}
        print(records.to_json({"estimate": estimate, "billed": billed}))
        return worst(codes)
    rows = [("burn now, estimate", money.rate(told.rate))]
    rows += [(fact.name, _text(fact.value)) for fact in cost.broken_down(told, "job")]
    for one in billed:
        known = one["error"] or f"month {one.get('month', '?')}, yesterday {one.get('yesterday')}"
        rows.append((f"billed, {one['subscription_id']}", str(known)))
    _columns(("WHAT", "USD"), rows)
    say(money.RETAIL)
    return worst(codes)


async def _idle(
    client: AzureClient, feed: OverviewFeed, asked: argparse.Namespace, settings: Settings
) -> int:
    from amltui.kinds import format as fmt
    from amltui.kinds import remedy

    told = feed.latest
    found = _old(told.wastes, asked.older_than, told)
    if asked.output != "table":
        records.write([remedy.record(each, told.now) for each in found], asked.output)
        return DONE
    rows = [
        (remedy.title_of(each), remedy.noun_of(each.resource), each.workspace.name,
         remedy.why(each, told.now), fmt.money(each.per_hour), remedy.action_of(each).name)
        for each in found
    ]  # fmt: skip
    _columns(("NAME", "KIND", "WORKSPACE", "WHY", "$/h", "FIX"), rows)
    return DONE


async def _stop(
    client: AzureClient, feed: OverviewFeed, asked: argparse.Namespace, settings: Settings
) -> int:
    from amltui.domain.waste import Remedy

    told = feed.latest
    instances = [each for each in told.wastes if each.remedy is Remedy.STOP]
    found = _old(instances, asked.older_than, told)
    if left := len(instances) - len(found):
        say(f"{left} left alone: not on for long enough, or since nobody knows when")
    ends = await asyncio.gather(*(_stopped(client, each, asked, settings) for each in found))
    if asked.output == "json":
        print(records.to_json([one for one, _ in ends]))
    else:
        for one, _ in ends:
            print(literal(f"{one['workspace']} / {one['name']}: {one['result']}"))
    return worst([code for _, code in ends])


async def _stopped(
    client: AzureClient, waste: Waste, asked: argparse.Namespace, settings: Settings
) -> tuple[dict[str, Any], int]:
    """What came of one; the others go on whatever it is."""
    from amltui.azure.errors import AzureError
    from amltui.kinds import remedy

    action, resource = remedy.action_of(waste), waste.resource
    told = remedy.record(waste, datetime.now(UTC)) | {"error": None, "request_id": None}
    place = resource.workspace.name
    if asked.dry_run:
        return told | {"result": f"would send {action.request(resource)}"}, DONE
    if place in settings.protected and place not in asked.confirm:
        error = f"{place} is protected: repeat with --confirm {place}"
        return told | {"result": f"left alone: {error}", "error": error}, 1
    try:
        operation = await action.run(client.workspace(resource.workspace), resource)
        if operation is not None:
            await client.wait_for(operation)
    except AzureError as error:
        word = "uncertain" if error.uncertain else "failed"
        say(f"{resource.name}: {sentence(error)}")
        return told | {
            "result": word, "error": str(error), "request_id": error.request_id
        }, code_of(error)  # fmt: skip
    return told | {"result": action.done}, DONE


def _old(wastes: Sequence[Waste], least: timedelta, told: Overview) -> list[Waste]:
    """Those that have lasted so long for certain; all of them where no age was asked for."""
    return [each for each in wastes if not least or each.is_older(least, told.now)]


def _rates(group: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: _rate(rate) for name, rate in group.items()}


def _rate(rate: Rate) -> dict[str, Any]:
    return {"known": rate.known, "unknown_parts": rate.unknown}


def _text(value: Any) -> str:
    return str(getattr(value, "text", value))


def _columns(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for line in table.columns(titles, rows):
        print(line)
