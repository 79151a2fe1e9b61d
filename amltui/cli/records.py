"""Records for scripts: JSON, CSV and TSV of the same keys."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, TextIO

FORMATS = ("table", "json", "csv", "tsv")

_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What JSON need not escape, but a terminal may act on, or UTF-8 cannot write."""
_TSV = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def write(records: Sequence[Mapping[str, object]], form: str, out: TextIO | None = None) -> None:
    """Print records in one of the formats for scripts."""
    out = out or sys.stdout
    if form == "json":
        print(to_json(records), file=out)
    elif records:
        rows = [list(records[0]), *([_plain(value) for value in r.values()] for r in records)]
        if form == "csv":
            csv.writer(out, lineterminator="\n").writerows(rows)
        else:
            for row in rows:
                print("\t".join(text.translate(_TSV) for text in row), file=out)


def to_json(value: object, indent: int | None = 2) -> str:
    """JSON that every reader accepts: values that are no numbers become text."""
    text = json.dumps(_finite(value), indent=indent, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, Mapping):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    return value


def _plain(value: object) -> str:
    """A value in one cell; nested ones as JSON, unknown ones empty."""
    if value is None:
        return ""
    return value if isinstance(value, str) else to_json(value, indent=None)
