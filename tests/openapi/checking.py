"""Holds every answer of the emulator against Azure's own description of the operation.

Nulls are taken out first: real answers have them where the description has nothing (see
`deviations.py` for everything else that is let through).
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema_rs import Draft7Validator

from amltui.emulator.http.table import TABLE
from tests.openapi.deviations import KNOWN, STATUSES

FOLDER = Path(__file__).parent


class Checked(httpx.AsyncBaseTransport):
    """A transport that fails the test whose answer is not as described."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self.inner.handle_async_request(request)
        await response.aread()
        path = request.url.raw_path.decode().partition("?")[0]
        if found := complaints(request.method, path, response.status_code, response.content):
            raise AssertionError(f"{request.method} {path}: " + "; ".join(found[:5]))
        return response


@lru_cache(maxsize=256)
def complaints(method: str, path: str, status: int, content: bytes) -> list[str]:
    """What an answer has against its description; nothing where there is none.

    The same world answers the same to many tests, so what was read is remembered.
    """
    match = TABLE.match(method, path)
    if match is None or status >= 400:
        return []
    template = re.sub(r"\{[^}]+\}", "{}", match.route.path)
    described = _operations().get(f"{method} {template}".lower())
    if described is None:
        return []
    if str(status) not in described:
        if (match.route.operation, status) in STATUSES:
            return []
        return [f"{match.route.operation} is not described to answer {status}"]
    schema = described[str(status)]
    if schema is None or not content:
        return []
    try:
        value = json.loads(content)
    except ValueError:
        return []  # a planned fault
    if value is None:
        return []
    errors = _validator(schema).iter_errors(_without_nulls(value))
    return [
        f"{'/'.join(str(part) for part in error.instance_path)}: {error.message[:200]}"
        for error in errors
        if not _is_known(match.route.operation, error.message)
    ]


def _is_known(operation: str, message: str) -> bool:
    return any(each == operation and message.startswith(said) for each, said in KNOWN)


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_nulls(each) for name, each in value.items() if each is not None}
    return [_without_nulls(each) for each in value] if isinstance(value, list) else value


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = json.loads((FOLDER / "spec.json").read_text(encoding="utf-8"))
    return spec


@cache
def _operations() -> dict[str, dict[str, str | None]]:
    return {name.lower(): told for name, told in _spec()["operations"].items()}


@cache
def _validator(schema: str) -> Draft7Validator:
    return Draft7Validator(
        {"$ref": f"#/definitions/{schema}", "definitions": _spec()["definitions"]}
    )
