"""`amltui files NAME`, `amltui download NAME PATH…`: what a job has left, and copies of it."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from amltui.azure.errors import NotFound
from amltui.azure.places import near
from amltui.cli import find, records, session, table
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, FAILED, say
from amltui.cli.settings import Settings
from amltui.kinds.artifact import size
from amltui.kinds.format import one_line
from amltui.kinds.job import JOB

if TYPE_CHECKING:
    from amltui.azure.client import WorkspaceClient
    from amltui.domain.artifact import Artifact


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "files", "list the files of a job")
    made.add_argument("name", metavar="NAME")
    made.add_argument("folder", metavar="FOLDER", nargs="?", default="", help="what is in this one")
    made.add_argument("-o", "--output", choices=records.FORMATS, default="table")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_list(asked, settings)))

    made = command(parsers, "download", "copy files of a job to this machine")
    made.add_argument("name", metavar="NAME")
    made.add_argument("path", metavar="PATH", nargs="*", help="files and folders; none means all")
    made.add_argument("--to", metavar="FOLDER", type=Path, help="instead of a folder named NAME")
    made.set_defaults(run=lambda asked, settings: asyncio.run(_download(asked, settings)))


async def _list(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.azure import artifacts

    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        place = client.workspace(job.workspace)
        listing = await artifacts.listed(place, job.name, asked.folder.strip("/"))
    if not listing.items:
        say(f"{job.name} has no files{f' in {asked.folder}' if asked.folder else ''}")
    if listing.more:
        say("there are more files than are listed here")
    if asked.output == "table":
        rows = [(each.path + "/" * each.is_folder, _size(each)) for each in listing.items]
        for line in table.columns(("FILE", "SIZE"), rows):
            print(line)
    else:
        told = [
            {"path": each.path, "is_folder": each.is_folder, "size": each.size}
            for each in listing.items
        ]
        records.write(told, asked.output)
    return DONE


async def _download(asked: argparse.Namespace, settings: Settings) -> int:
    from amltui.feeds.download import Download

    failed = False
    async with session.signed_in(settings) as client:
        job = await find.one(client, JOB, await session.scope(client, settings), asked.name)
        place = client.workspace(job.workspace)
        chosen = await _chosen(place, job.name, asked.path)
        folder = asked.to or Path.cwd() / job.name
        async for step in Download(place, chosen, folder).progress():
            if step.problem:
                failed = True
                say(f"{one_line(step.file.path)}: {one_line(step.problem)}")
            elif step.was_there:
                say(f"{one_line(step.file.path)} was there already")
            elif step.path is not None:
                print(step.path)
    return FAILED if failed else DONE


async def _chosen(place: WorkspaceClient, name: str, paths: list[str]) -> list[Artifact]:
    """What the paths name; NotFound if one of them names nothing."""
    from amltui.azure import artifacts

    if not paths:
        return list((await artifacts.listed(place, name)).items)
    found = []
    for path in (path.strip("/") for path in paths):
        beside = (await artifacts.listed(place, name, path.rpartition("/")[0])).items
        named = [each for each in beside if each.path == path]
        if not named:
            raise NotFound(f"{name} has no file {path}{near(path, [e.path for e in beside])}")
        found += named
    return found


def _size(file: Artifact) -> str:
    return "" if file.is_folder else size(file.size)
