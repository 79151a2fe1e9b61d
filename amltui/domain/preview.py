"""The beginning of a file as something to look at."""

from __future__ import annotations

import json

MOST = 64 * 1024
"""Bytes of a file that are looked at."""


def preview(path: str, start: bytes, size: int | None) -> bytes | None:
    """Text of the file's start; JSON laid out where it is all there. None for what is no text."""
    whole = size is not None and len(start) >= size
    if b"\0" in start:
        return None
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut by the end of what was read.
        if whole or error.start < len(start) - 4:
            return None
    if whole and path.lower().endswith((".json", ".ipynb")):
        try:
            laid_out = json.dumps(json.loads(start), indent=2, ensure_ascii=False)
        except (ValueError, RecursionError):
            return start
        return laid_out.encode("utf-8", "replace")
    return start
