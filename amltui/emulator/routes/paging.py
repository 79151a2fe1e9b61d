"""Pages and their opaque tokens."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

from amltui.emulator.routes.call import Call

T = TypeVar("T")


def token(position: Any) -> str:
    return urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def position(text: str | None) -> Any:
    """What a token stands for; None for no token, or for one that is none of ours."""
    if not text:
        return None
    try:
        return json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return None


def page(items: Sequence[T], start: int, size: int) -> tuple[Sequence[T], int | None]:
    """Some items, and where the next page starts."""
    following = start + size
    return items[start:following], following if following < len(items) else None


def next_link(call: Call, following: Any) -> str:
    """The same question with a token: absolute, and on the host that was asked."""
    kept = [
        (name, value)
        for name, value in call.request.query_params.multi_items()
        if name.lower() not in {"$skip", "$skiptoken"}
    ]
    query = urlencode([*kept, ("$skipToken", token(following))], safe="$")
    return f"{call.place.base}{call.request.url.path}?{query}"


def start_of(call: Call) -> Any:
    """Where the asked page starts, from either spelling of the parameter."""
    asked = {name.lower(): value for name, value in call.query.items()}
    return position(asked.get("$skiptoken") or asked.get("$skip"))


def listing(call: Call, bodies: list[dict[str, Any]], following: Any) -> dict[str, Any]:
    """ARM's list: `nextLink` is absent on the last page."""
    answer: dict[str, Any] = {"value": bodies}
    if following is not None:
        answer["nextLink"] = next_link(call, following)
    return answer
