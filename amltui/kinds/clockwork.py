"""Schedules of instances: started and stopped by the clock."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from amltui.domain.compute import Compute, ComputeKind, StartStop
from amltui.kinds import format as fmt
from amltui.kinds.compute_words import az_compute, not_settled, only, request
from amltui.kinds.kind import Action, Prompt, Row, Unusable

if TYPE_CHECKING:
    from amltui.azure.operation import Operation
    from amltui.azure.workspace_client import WorkspaceClient

MOST = 4
"""Schedules that an instance can have."""
_FIELD = re.compile(r"[0-9A-Za-z*,/-]+", re.ASCII)
_SAY = "add stop 0 19 * * 1-5, or enable 1, disable 1, delete 1"


def told(each: StartStop) -> str:
    """`stop 0 19 * * 1-5 UTC`, and whether it is off or in trouble."""
    words = f"{each.action.lower()} {each.when} {each.zone or 'UTC'}"
    words += "" if each.is_enabled else ", disabled"
    return fmt.one_line(words + (f", {each.problem}" if each.problem else ""))


def brief(compute: Compute) -> str:
    """All that are in force in a few words; a dash where there is none."""
    held = [each for each in compute.schedules if each.is_enabled]
    return " · ".join(told(each) for each in held) or fmt.NONE


def cannot_schedule(compute: Compute) -> str | None:
    """Why this compute has no schedules that could be changed now."""
    return only(ComputeKind.INSTANCE, compute, "have schedules") or not_settled(compute)


def scheduling(words: str) -> Action[Compute]:
    """What is typed: a verb, and a schedule or the number of one."""
    verb, _, rest = words.strip().partition(" ")
    if verb == "add":
        return _schedule(add=_cron(rest))
    if verb not in {"enable", "disable", "delete"}:
        raise Unusable(f"Write: {_SAY}")
    if not rest.strip().isdecimal() or not 1 <= int(rest) <= MOST:
        raise Unusable(f"{verb} which? Its number stands in front of each schedule")
    return _schedule(verb=verb, number=int(rest))


def _cron(words: str) -> StartStop:
    """`stop 0 19 * * 1-5 W. Europe Standard Time`."""
    action, *fields = words.split() or [""]
    if action.lower() not in {"start", "stop"}:
        raise Unusable(f"add start or stop, not {action or 'nothing'}")
    if len(fields) < 5 or not all(_FIELD.fullmatch(each) for each in fields[:5]):
        raise Unusable("After start or stop come minute, hour, day, month, weekday: 0 19 * * 1-5")
    return StartStop(action.capitalize(), " ".join(fields[:5]), " ".join(fields[5:]) or None)


def _body(each: StartStop) -> dict[str, Any]:
    """As it is put; of a recurrence only the words are known here."""
    status = "Enabled" if each.is_enabled else "Disabled"
    told: dict[str, Any] = {"action": each.action, "status": status}
    if not each.is_cron:
        return {**told, "triggerType": "Recurrence", "recurrence": each.when}
    cron = {"expression": each.when, "timeZone": each.zone or "UTC"}
    return {**told, "triggerType": "Cron", "cron": cron}


def _schedule(add: StartStop | None = None, verb: str = "", number: int = 0) -> Action[Compute]:
    def changed(held: tuple[StartStop, ...]) -> tuple[StartStop, ...]:
        """What the schedules are afterwards."""
        if add is not None:
            return (*held, add)
        if verb == "delete":
            return tuple(each for at, each in enumerate(held, 1) if at != number)
        on = verb == "enable"
        return tuple(
            replace(each, is_enabled=on) if at == number and verb else each
            for at, each in enumerate(held, 1)
        )

    def refusal(compute: Compute) -> str | None:
        held = compute.schedules
        if (reason := cannot_schedule(compute)) is not None or not (add or verb):
            return reason
        if add is not None and len(held) >= MOST:
            return f"{compute.name} has {MOST} schedules, and cannot have more: delete one"
        if verb and number > len(held):
            return f"{compute.name} has {len(held) or 'no'} schedule{'s' * (len(held) != 1)}"
        if changed(held) == held:
            return f"schedule {number} of {compute.name} is {verb}d already"
        return None

    def effect(row: Row[Compute]) -> Sequence[str]:
        held = row.resource.schedules
        if not (add or verb):
            return [f"{at}  {told(each)}" for at, each in enumerate(held, 1)] or ["none yet"]
        if changed(held) == held:
            return [f"{at}  {told(each)}" for at, each in enumerate(held, 1)]
        lines = [f"{at}  {told(each)}" for at, each in enumerate(changed(held), 1)]
        if add is not None:
            lines[-1] += "   ← new"
        return ["the schedules are then:", *(lines or ["none"])]

    async def run(place: WorkspaceClient, compute: Compute) -> Operation:
        from amltui.azure import compute_changes

        def change(held: list[dict[str, Any]]) -> None:
            if add is not None:
                held.append(compute_changes.schedule_body(add))
            elif verb == "delete":
                del held[number - 1 : number]
            elif number <= len(held):
                held[number - 1]["status"] = "Enabled" if verb == "enable" else "Disabled"

        return await compute_changes.change_schedules(place, compute.name, change)

    def said(compute: Compute) -> str:
        """The whole compute is put; what is told is what of it changes."""
        held = [_body(each) for each in changed(compute.schedules)]
        wanted = json.dumps({"computeStartStop": held}, ensure_ascii=False)
        return f"{request('PUT', compute)} as it is, with schedules {wanted}"

    return Action(
        name="schedule",
        key="H",
        title="Schedules",
        doing="changing schedules",
        done="scheduled",
        run=run,
        request=said,
        command=lambda c: (
            az_compute("show", c, " -o yaml")
            + " > ci.yml; edit its schedules; az ml compute update -f ci.yml"
        ),
        effect=effect,
        refusal=refusal,
        prompt=Prompt(_SAY, "--change", scheduling),
    )


SCHEDULE = _schedule()
