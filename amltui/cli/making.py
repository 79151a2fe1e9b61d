"""Making something from the command line: what is checked before, and how far it came."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amltui.cli import records
from amltui.cli.exits import DONE, code_of, say, sentence
from amltui.kinds.format import literal
from amltui.kinds.kind import Row

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient
    from amltui.kinds.kind import Action


async def make(
    client: AzureClient,
    action: Action[Any],
    resource: Any,
    asked: argparse.Namespace,
    forbidden: str | None = None,
) -> int:
    """Say what a service knows of it, make it, and tell that; the exit code.

    `forbidden` is why it may not be made, which is told as an error.
    """
    from amltui.azure.errors import AzureError, Conflict

    told: dict[str, Any] = {"name": resource.name, "workspace": resource.workspace.name,
                            "action": action.name}  # fmt: skip
    try:
        if forbidden is not None:
            raise Conflict(forbidden)
        told["checks"] = await _checked(client, action, resource, asked)
        told["result"] = await _made(client, action, resource, asked)
        told |= {"error": None, "request_id": None}
        code = DONE
    except AzureError as error:
        result = "uncertain" if error.uncertain else "failed"
        told |= {"result": result, "error": str(error), "request_id": error.request_id}
        say(sentence(error))
        code = code_of(error)
    if asked.output == "json":
        print(records.to_json(told))
    elif code == DONE:
        print(f"{literal(told['name'])}: {told['result']}")
    return code


async def _checked(
    client: AzureClient, action: Action[Any], resource: Any, asked: argparse.Namespace
) -> list[str]:
    """What is said before anything is sent: its price, and whether it fits."""
    place = client.workspace(resource.workspace)
    checks = await action.check(place, [resource]) if action.check is not None else ()
    for each in [*action.effect(Row(resource, datetime.now(UTC))), *checks]:
        if asked.dry_run or each.startswith("! "):
            say(f"{literal(resource.name)}: {each.removeprefix('! ')}")
    return [each.removeprefix("! ") for each in checks]


async def _made(
    client: AzureClient, action: Action[Any], resource: Any, asked: argparse.Namespace
) -> str:
    """How far it came."""
    if asked.dry_run:
        return f"would send {action.request(resource)}  # {action.command(resource)}"
    operation = await action.run(client.workspace(resource.workspace), resource)
    if operation is None or not asked.wait:
        return f"{action.doing}, accepted"
    await client.wait_for(operation)
    return action.done
