"""The samples of `wire/`, by file and name."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

WIRE = Path(__file__).parent / "wire"


def sample(file: str, name: str | None = None) -> Any:
    """A body as it was on the wire; a fresh copy each time."""
    found = _file(file)
    return deepcopy(found if name is None else found[name])


@cache
def _file(name: str) -> Any:
    return json.loads((WIRE / f"{name}.json").read_text(encoding="utf-8"))
