"""`amltui create-compute`: an instance or a cluster, from flags or from a file for `az ml`."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from amltui.cli import session
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import Usage
from amltui.cli.making import make
from amltui.cli.settings import Settings
from amltui.feeds.editor import Manuscript, NoEditor
from amltui.kinds.kind import Unusable

if TYPE_CHECKING:
    from amltui.domain.arm_id import WorkspaceId
    from amltui.kinds.compute_draft import Draft

TEMPLATE = """\
# What az ml compute create -f reads. A cluster; for an instance: type: computeinstance
name: my-cluster
type: amlcompute
size: Standard_DS3_v2
min_instances: 0
max_instances: 4
idle_time_before_scale_down: 120
tier: dedicated
"""
_FLAGS = (
    ("--type", "cluster", "instance or cluster"),
    ("--size", "Standard_DS3_v2", "its machines"),
    ("--min", "0", "least nodes of a cluster"),
    ("--max", "4", "most nodes of a cluster"),
    ("--idle", "", "a node stays, or an instance runs, unused for so long: 120s, 1h"),
    ("--tier", "dedicated", "dedicated or low_priority"),
)


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "create-compute", "make an instance or a cluster")
    made.add_argument("name", metavar="NAME", nargs="?")
    made.add_argument("--file", metavar="YAML", type=Path, help="as for az ml, in place of flags")
    made.add_argument("--edit", action="store_true", help="in $EDITOR before: the file, or one new")
    for flag, usual, about in _FLAGS:
        made.add_argument(flag, metavar="WORD", default=usual, help=f"{about} ({usual or 'usual'})")
    made.add_argument("--wait", action="store_true", help="until it is done")
    made.add_argument("--dry-run", action="store_true", help="only say what would be sent")
    made.add_argument("--confirm", metavar="WORKSPACE", action="append", default=[],
                      help="also change this protected workspace")  # fmt: skip
    made.add_argument("-o", "--output", choices=("table", "json"), default="table")
    made.set_defaults(run=_run)


def _run(asked: argparse.Namespace, settings: Settings) -> int:
    if bool(asked.name) is bool(asked.file or asked.edit):
        raise Usage("create-compute takes a NAME with flags, or --file, or --edit")
    return asyncio.run(_create(asked, settings, _text(asked)))


def _text(asked: argparse.Namespace) -> str | None:
    """Of the file, as it is or as the user's editor leaves it."""
    if asked.name:
        return None
    text = TEMPLATE
    if asked.file is not None:
        try:
            text = asked.file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Usage(f"{asked.file} cannot be read: {error}") from error
    if not asked.edit:
        return text
    manuscript = Manuscript(text, ".yml")
    try:
        return manuscript.edit()
    except NoEditor as error:
        raise Usage(f"{error}; the text is kept in {manuscript.path}") from error


def _draft(asked: argparse.Namespace, place: WorkspaceId, text: str | None) -> Draft:
    from amltui.kinds import compute_draft

    try:
        if text is not None:
            return compute_draft.read(place, text)
        return compute_draft.Draft(
            compute_draft.of(
                place, asked.type, asked.name, asked.size, tier=asked.tier, least=asked.min,
                most=asked.max, idle=asked.idle,
            )
        )  # fmt: skip
    except Unusable as error:
        raise Usage(f"{asked.file}: {error}" if asked.file else str(error)) from error


async def _create(asked: argparse.Namespace, settings: Settings, text: str | None) -> int:
    from amltui.kinds.creating import create

    async with session.signed_in(settings) as client:
        places = await session.scope(client, settings)
        if len(places) != 1:
            raise Usage(f"a compute is made in one workspace: name it with --workspace, of"
                        f" {', '.join(place.name for place in places)}")  # fmt: skip
        (place,) = places
        draft = _draft(asked, place, text)
        barred = place.name in settings.protected and place.name not in asked.confirm
        why = f"{place.name} is protected: repeat with --confirm {place.name}" if barred else None
        return await make(client, create(draft), draft.compute, asked, why)
