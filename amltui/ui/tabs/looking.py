"""A look inside a file, by what it is: a picture, a table, the columns of a Parquet file, text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from amltui.azure import artifacts
from amltui.domain import parquet
from amltui.domain.artifact import Artifact
from amltui.domain.csv_table import aligned
from amltui.domain.preview import MOST, preview
from amltui.kinds.artifact import size
from amltui.kinds.format import one_line
from amltui.ui.tabs.picture import NotShown, drawn

if TYPE_CHECKING:
    from amltui.azure.workspace_client import WorkspaceClient

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp")
TABLES = (".csv", ".tsv")
LARGEST_PICTURE = 4 * 1024 * 1024
FIRST_END = 64 * 1024
"""Bytes of a Parquet file's end that are read at once: most footers are shorter."""
LONGEST_FOOTER = 4 * 1024 * 1024


class Look(Struct, frozen=True):
    """What there is to see."""

    text: bytes = b""
    says: str = ""
    """A sentence in place of it."""
    note: str = ""
    """What of the file is shown; empty for all."""


async def look(
    place: WorkspaceClient, file: Artifact, room: tuple[int, int], *, letters: bool
) -> Look:
    """What the file holds, in this many columns and lines; AzureError where it cannot be read."""
    path = file.path.lower()
    url = await artifacts.link(place, file)
    if path.endswith(".parquet"):
        return await _parquet(place, file, url)
    chunk = await artifacts.read(place, url, 0)
    whole = file.size if chunk.size is None else chunk.size
    if path.endswith(PICTURES):
        if whole is None or whole > len(chunk.data) or whole > LARGEST_PICTURE:
            return Look(says=f"a picture of {size(whole)}: only those up to 4 M are shown")
        try:
            text = await asyncio.to_thread(drawn, chunk.data, *room, letters=letters)
        except NotShown as why:
            return Look(says=f"{why}; ctrl+s downloads it")
        return Look(text.encode())
    start = chunk.data[:MOST]
    shown = preview(file.path, start, whole)
    if shown is None:
        return Look(says=f"not text: {size(whole)}, ctrl+s downloads it")
    if not shown:
        return Look(says="the file is empty")
    cut = whole is None or len(start) < whole
    note = f"the first {size(len(start))}" if cut else ""
    if path.endswith(TABLES):
        table = aligned(path, shown.decode("utf-8", "replace"), cut=cut)
        if table is not None:
            return Look(table.encode(), note=note)
    return Look(shown, note=note)


async def _parquet(place: WorkspaceClient, file: Artifact, url: str) -> Look:
    """Its columns, from the end of the file alone."""
    whole = file.size
    if whole is None:
        whole = (await artifacts.read(place, url, 0, 1)).size or 0
    try:
        end = (await artifacts.read(place, url, max(0, whole - FIRST_END))).data
        wanted = parquet.length(end)
        if wanted + parquet.END > whole:
            raise parquet.Broken("its footer claims to be longer than the file")
        if wanted > LONGEST_FOOTER:
            return Look(says=f"a Parquet file whose footer says {size(wanted)}: it is not read")
        if wanted + parquet.END > len(end):
            end = (await artifacts.read(place, url, whole - wanted - parquet.END)).data
        schema = parquet.read(end[-wanted - parquet.END : -parquet.END])
    except parquet.Broken as why:
        return Look(says=f"no Parquet file that can be read: {why}")
    return Look(_told(schema, whole).encode(), note="its columns, from the footer")


def _told(schema: parquet.Schema, whole: int) -> str:
    names = [f"{'  ' * each.depth}{one_line(each.name)}" for each in schema.columns]
    wide = max((len(name) for name in names), default=0)
    kinds = max((len(each.type) for each in schema.columns), default=0)
    groups = len(schema.groups)
    lines = [
        f"{schema.rows:,} rows in {groups:,} row group{'s' * (groups != 1)}, {size(whole)}",
        f"written by {one_line(schema.writer) or 'nobody who says so'}",
        "",
        *(
            f"{name:<{wide}}  {each.type:<{kinds}}  {each.rule}"
            for name, each in zip(names, schema.columns, strict=True)
        ),
    ]
    return "\n".join(lines)
