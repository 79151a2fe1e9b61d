"""`amltui create-workspace NAME --region R`: a workspace with what it stands on."""

from __future__ import annotations

import argparse
import asyncio

from amltui.cli import session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import Usage
from amltui.cli.making import make
from amltui.cli.settings import Settings
from amltui.kinds.kind import Unusable
from amltui.kinds.workspace_making import FLAGS

_ELSE = dict.fromkeys(FLAGS, "one is made") | {"registry": "the service makes one when it builds"}


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "create-workspace", "make a workspace with storage, vault and insights")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--region", required=True, help="where: westeurope, eastus2 …")
    made.add_argument("--group", metavar="NAME", help="resource group; else --resource-group's,"
                      " that of --workspace, or the only one")  # fmt: skip
    made.add_argument("--kind", choices=("default", "hub"), default="default")
    made.add_argument("--description", default="")
    for what, flag in FLAGS.items():
        made.add_argument(f"--{flag}", metavar="ID", default="",
                          help=f"{what} that is there already; else " + _ELSE[what])  # fmt: skip
    made.add_argument("--wait", action="store_true", help="until it is done")
    made.add_argument("--dry-run", action="store_true", help="only say what would be sent")
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_create(asked, settings)))


async def _create(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import places
    from amltui.azure.errors import NotFound
    from amltui.kinds.workspace_making import create, of

    group = asked.group or settings.resource_group
    subscription = settings.subscription
    async with session.signed_in(settings) as client:
        if not (group and subscription):
            try:
                known = await places.find(client, settings.wish, all_workspaces=True)
            except NotFound:
                known = ()
            subscription = subscription or _only(
                {each.subscription_id for each in known}, "subscription", "--subscription"
            )
            group = group or _only({each.resource_group for each in known}, "group", "--group")
        try:
            uses = " ".join(getattr(asked, flag.replace("-", "_")) for flag in FLAGS.values())
            workspace = of(subscription, group, asked.name, asked.region, asked.kind, uses)
        except Unusable as error:
            raise Usage(str(error)) from error
        for what, flag in FLAGS.items():
            if getattr(asked, flag.replace("-", "_")) and what not in workspace.stands_on:
                raise Usage(f"what --{flag} names is something else: it wants the id of a {flag}")
        return await make(client, create(asked.description), workspace, asked)


def _only(found: set[str], what: str, flag: str) -> str:
    """The only one there is, without regard to case."""
    names = {each.lower(): each for each in sorted(found)}
    if len(names) != 1:
        some = ", ".join(sorted(names.values())[:4]) or "none is known"
        raise Usage(f"say in which {what} with {flag}: {some}")
    return next(iter(names.values()))
