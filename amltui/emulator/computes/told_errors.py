"""Errors as computes tell them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def told(errors: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """From codes and messages."""
    return [
        {"error": {"code": code, "message": message, "details": []}} for code, message in errors
    ]
