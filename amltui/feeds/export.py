"""Records as files of the folder that the program was started in, never over others."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

MOST = 100
"""Names that are tried before it is given up."""


def as_json(records: Sequence[Mapping[str, object]]) -> str:
    """Values that are no numbers become text, for every reader to accept it."""
    told = [{name: _finite(value) for name, value in record.items()} for record in records]
    return json.dumps(told, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def as_csv(records: Sequence[Mapping[str, object]]) -> str:
    """One line each, below a line of names."""
    out = io.StringIO()
    if records:
        writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    return out.getvalue()


def save(
    records: Sequence[Mapping[str, object]],
    stem: str,
    now: datetime,
    also: Mapping[str, str] = MappingProxyType({}),
) -> list[Path]:
    """Write both, and other texts by their suffix; OSError if the folder takes none."""
    made = []
    for suffix, text in {".csv": as_csv(records), ".json": as_json(records), **also}.items():
        made.append(_written(f"{stem}-{now.astimezone():%Y%m%d-%H%M%S}", suffix, text))
    return made


def _written(stem: str, suffix: str, text: str) -> Path:
    for number in range(MOST):
        path = Path(f"{stem}{f'-{number}' if number else ''}{suffix}")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{stem}{suffix} and others like it are there already")


def _finite(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value
