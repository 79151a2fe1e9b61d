"""`amltui start|stop|cancel|archive|tag … NAME…`: the actions that the kinds declare."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from amltui.azure import identity
from amltui.azure.errors import AzureError, Conflict, OperationFailed
from amltui.cli import find, gather, records, session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, Usage, code_of, say, sentence, worst
from amltui.cli.settings import Settings
from amltui.domain.query.condition import Shape
from amltui.domain.query.parse import parse
from amltui.feeds.editor import Manuscript, NoEditor
from amltui.kinds.drafts import read_back, written
from amltui.kinds.fields import Asker, complaint, sieve
from amltui.kinds.format import literal
from amltui.kinds.kind import Action, Draft, Edited, Form, Kind, Row, Unusable
from amltui.kinds.registry import KINDS

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient, WorkspaceClient
    from amltui.domain.arm_id import WorkspaceId

MOST = 600
"""Looks at a resource whose operation is over but which is still in transition."""
PAUSE = 1.0
ABOUT = {
    "idle-shutdown": "set after how long without use instances stop",
    "schedule": "add, change or take away when instances start and stop by themselves",
    "scale": "set the least and most nodes of clusters",
    "scale-down": "let the idle nodes of clusters go: least nodes 0",
    "resize": "give stopped instances another size",
    "delete-compute": "delete computes; detach those that are only attached",
    "traffic": "set the share of the requests of deployments",
    "scale-deployment": "set how many machines deployments have",
    "delete-deployment": "delete deployments",
    "delete-workspace": "delete workspaces, which can be put back for some days",
    "purge-workspace": "delete workspaces for good",
}
"""Where the name and the kind alone say too little."""


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    for kind in KINDS:
        for action in kind.actions:
            about = ABOUT.get(action.name) or f"{action.name} {kind.noun[1]}"
            made = command(parsers, action.name, about)
            whole = _for_all_of_mine(kind, action)
            made.add_argument("names", metavar="NAME", nargs="*" if whole else "+")
            if whole:
                made.add_argument(
                    "--mine",
                    action="store_true",
                    help=f"every one of yours that can be {action.done}, instead of names",
                )
            made.add_argument("--wait", action="store_true", help="until it is done")
            made.add_argument("--dry-run", action="store_true", help="only say what would be sent")
            made.add_argument("--confirm", metavar="WORKSPACE", action="append", default=[],
                              help="also change this protected workspace")  # fmt: skip
            made.add_argument("-o", "--output", choices=("table", "json"), default="table")
            if action.prompt is not None:
                made.add_argument(
                    action.prompt.flag,
                    dest="words",
                    metavar="WORDS",
                    help=action.prompt.label,
                    required=True,
                )
            for blank in action.form.blanks if action.form is not None else ():
                about = f"{blank.label}; as it is where not given"
                made.add_argument(f"--{blank.name}", metavar="WORDS", help=about)
            if action.typed:
                made.add_argument("--yes", action="store_true", help="it cannot be undone")
            if action.draft is not None:
                made.add_argument("--edit", action="store_true", help="in $EDITOR before")
            made.set_defaults(run=partial(_run, kind, action))


def _for_all_of_mine(kind: Kind[Any], action: Action[Any]) -> bool:
    """Whether it can be done to everything of one's own: where nothing has to be told or typed."""
    asks = action.prompt or action.draft or action.form or action.typed
    return not asks and _whose(kind) is not None


def _whose(kind: Kind[Any]) -> str | None:
    """The condition that tells whose something is."""
    return next((f.spec.name for f in kind.fields if f.spec.shape is Shape.PERSON), None)


async def _mine(
    client: AzureClient, kind: Kind[Any], action: Action[Any], places: Sequence[WorkspaceId]
) -> tuple[list[Any], int]:
    """Everything of the signed-in user that this can be done to, and how the asking went."""
    query = parse(f"{_whose(kind)}:me", [field.spec for field in kind.fields])
    asker = Asker(*await identity.names(client))
    if wrong := complaint(query, kind.fields, asker):
        raise Usage(f"--mine: {wrong}")
    found = await gather.listed(client, kind, places, None, query, asker)
    passes, now = sieve(query, kind.columns, kind.fields, asker), datetime.now(UTC)
    mine = [item for item in found.items if passes(Row(item, now))]
    able = [item for item in mine if action.refusal(item) is None]
    if not able:
        say(f"nothing of yours can be {action.done}: {len(mine)} {kind.noun[1]} looked at")
    return able, found.report() if found.failures else DONE


def _run(
    kind: Kind[Any], action: Action[Any], asked: argparse.Namespace, settings: Settings
) -> int:
    if (prompt := action.prompt) is not None:
        try:
            action = prompt.made(asked.words)
        except Unusable as error:
            raise Usage(f"{prompt.flag}: {error}") from error
    if _for_all_of_mine(kind, action) and bool(asked.names) is asked.mine:
        hint = f"see `amltui {action.name} --help`"
        raise Usage(f"{action.name} takes names, or --mine for all of yours; {hint}")
    if action.typed and not (asked.yes or asked.dry_run):
        raise Usage(f"{action.name} cannot be undone: say --yes if you mean it")
    return asyncio.run(_perform(kind, action, asked, settings))


async def _perform(
    kind: Kind[Any], action: Action[Any], asked: argparse.Namespace, settings: Settings
) -> int:
    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)

        async def one(name: str, known: Any = None) -> tuple[dict[str, Any], int]:
            told: dict[str, Any] = {"name": name, "workspace": None, "action": action.name}
            try:
                resource = known or await find.one(client, kind, places, name)
                told["workspace"] = resource.workspace.name
                _check_protection(resource, asked, settings)
                result = await _act(client, kind, action, resource, asked)
            except AzureError as error:
                ended = "uncertain" if error.uncertain else "failed"
                told |= {"result": ended, "error": str(error), "request_id": error.request_id}
                said = sentence(error)
                if error.uncertain:
                    said = f"{literal(name)}: uncertain whether it was {action.done}: {said}"
                say(said if name in said else f"{literal(name)}: {said}")
                return told, code_of(error)
            told |= {"result": result, "error": None, "request_id": None}
            if asked.output == "table":
                print(f"{literal(name)}: {result}")
            return told, DONE

        codes: list[int] = []
        wanted: list[tuple[str, Any]] = [(name, None) for name in dict.fromkeys(asked.names)]
        if getattr(asked, "mine", False):
            able, code = await _mine(client, kind, action, places)
            wanted, codes = [(each.name, each) for each in able], [code]
        ends = await asyncio.gather(*(one(*each) for each in wanted))
    if asked.output == "json":
        print(records.to_json([told for told, _ in ends]))
    return worst([*codes, *(code for _, code in ends)])


def _check_protection(resource: Any, asked: argparse.Namespace, settings: Settings) -> None:
    """Conflict where a protected workspace was not named a second time."""
    place = resource.workspace.name
    if place in settings.protected and not asked.dry_run and place not in asked.confirm:
        raise Conflict(f"{place} is protected: repeat with --confirm {place}")


async def _act(
    client: AzureClient,
    kind: Kind[Any],
    action: Action[Any],
    resource: Any,
    asked: argparse.Namespace,
) -> str:
    """Do it to one resource; how far it came."""
    refusal = action.refusal(resource)
    if refusal is not None:
        raise Conflict(refusal)
    place = client.workspace(resource.workspace)
    text: Manuscript | None = None
    if action.draft is not None:
        action, text = await _drafted(place, action.draft, resource, edits=asked.edit)
    if action.form is not None:
        action = _filled(action.form, resource, asked)
        if (refusal := action.refusal(resource)) is not None:
            raise Conflict(refusal)
    if action.check is not None:
        for told in await action.check(place, [resource]):
            if asked.dry_run or told.startswith("! "):
                say(f"{literal(resource.name)}: {told.removeprefix('! ')}")
    if asked.dry_run:
        if text is not None:
            say(f"the text is kept in {text.path}")
        return f"would send {action.request(resource)}  # {action.command(resource)}"
    try:
        operation = await action.run(place, resource)
    except AzureError:
        if text is not None:
            say(f"the text is kept in {text.path}")
        raise
    if text is not None:
        text.drop()
    if operation is None:
        return action.done
    if not asked.wait:
        return f"{action.doing}, accepted"
    await client.wait_for(operation)
    if action.typed:
        return action.done
    for _ in range(MOST):
        now = await find.one(client, kind, (resource.workspace,), resource.name)
        if not now.health.moving:
            return action.done
        await asyncio.sleep(PAUSE)
    raise OperationFailed(f"{resource.name} is still {action.doing}: not waited for any longer")


def _filled(form: Form[Any], resource: Any, asked: argparse.Namespace) -> Action[Any]:
    """The action with the flags that were given; what was not stays as it is."""
    words = {
        blank.name: getattr(asked, blank.name) or blank.before(resource) for blank in form.blanks
    }
    try:
        return form.filled(words)
    except Unusable as error:
        raise Usage(str(error)) from error


async def _drafted(
    place: WorkspaceClient, draft: Draft[Any], resource: Any, *, edits: bool
) -> tuple[Action[Any], Manuscript | None]:
    """The action with the resource's document, as it is or as the user's editor leaves it.

    With the text of the editor, which is kept until it has been sent.
    """
    before = await draft.read(place, resource)
    if not edits:
        return draft.made({resource.key: Edited(before, before)}), None
    manuscript = Manuscript(written([before]))
    try:
        after = read_back(manuscript.edit(), 1)[0]
        return draft.made({resource.key: Edited(before, after)}), manuscript
    except (NoEditor, Unusable) as error:
        raise Usage(f"{error}; the text is kept in {manuscript.path}") from error
