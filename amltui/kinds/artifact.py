"""Files of a run as a tree."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from amltui.domain.artifact import Artifact
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column, Row

_UNITS = ("B", "kB", "MB", "GB", "TB")


def columns(opened: Collection[str]) -> Sequence[Column[Artifact]]:
    """Name and size; `opened` holds the paths of folders that show what is in them."""

    def name(row: Row[Artifact]) -> Cell:
        file = row.resource
        glyph = ("▾ " if file.path in opened else "▸ ") if file.is_folder else "  "
        slash = "/" if file.is_folder else ""
        return Cell("  " * file.depth + glyph + fmt.one_line(file.name) + slash)

    return (
        Column("FILE", name, 20, sort=lambda r: r.resource.path, flex=1, importance=9),
        Column("SIZE", _size, 9, sort=lambda r: r.resource.size, importance=8, right=True),
    )


def _size(row: Row[Artifact]) -> str:
    return "" if row.resource.is_folder else size(row.resource.size)


def size(count: int | None) -> str:
    """Bytes in a unit that leaves three digits: 812 B, 3.4 MB; a question mark where unknown."""
    if count is None:
        return fmt.UNKNOWN
    value, unit = float(count), 0
    while value >= 999.5 and unit < len(_UNITS) - 1:
        value, unit = value / 1000, unit + 1
    digits = 0 if unit == 0 or value >= 99.95 else 1
    return f"{value:.{digits}f} {_UNITS[unit]}"


def tree(listings: Mapping[str, Sequence[Artifact]], opened: Collection[str]) -> list[Artifact]:
    """The rows: each opened folder followed by what is in it. `""` is the run's root."""
    rows: list[Artifact] = []

    def add(folder: str) -> None:
        for each in listings.get(folder, ()):
            # What is not below its folder could make the tree its own branch.
            if folder and not each.path.startswith(f"{folder}/"):
                continue
            rows.append(each)
            if each.is_folder and each.path in opened:
                add(each.path)

    add("")
    return rows
