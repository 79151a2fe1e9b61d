"""Pages and their opaque tokens."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

T = TypeVar("T")


def token(position: Any) -> str:
    return urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def position(text: str | None) -> Any:
    """What a token stands for; None for no token, or for one that is none of ours."""
    if not text:
        return None
    try:
        value = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
        return value
    except (ValueError, RecursionError):
        return None


def index(text: str | None) -> int:
    """The index that a token stands for; 0 for no token, or for one that is none of ours."""
    found = position(text)
    return found if isinstance(found, int) and found > 0 else 0


def page(items: Sequence[T], start: int, size: int) -> tuple[Sequence[T], int | None]:
    """Some items, and where the next page starts."""
    following = start + size
    return items[start:following], following if following < len(items) else None


def count(text: str | None, usual: int, most: int = 1000) -> int:
    """How many items a client wants on a page."""
    return max(1, min(int(text), most)) if text and text.isdigit() else usual


def asked_token(call: Call) -> str | None:
    """The token of the page that is asked for, by either name of the parameter."""
    return call.query.get("$skiptoken") or call.query.get("$skip")


def next_link(call: Call, following: Any) -> str:
    """The same question with a token: absolute, and on the host that was asked."""
    kept = [
        (name, value)
        for name, value in call.request.query_params.multi_items()
        if name.lower() not in {"$skip", "$skiptoken"}
    ]
    query = urlencode([*kept, ("$skipToken", token(following))], safe="$")
    return f"{call.base}{call.request.url.path}?{query}"


def listing(call: Call, bodies: list[dict[str, Any]], following: Any) -> dict[str, Any]:
    """ARM's list: `nextLink` is absent on the last page."""
    answer: dict[str, Any] = {"value": bodies}
    if following is not None:
        answer["nextLink"] = next_link(call, following)
    return answer


def listed(
    call: Call,
    items: Sequence[T],
    size: int | None = None,
    array: str = "value",
    body: Callable[[T], Any] = lambda item: item,
) -> Response:
    """The page that is asked for of a list that is all here: bodies are made for it only."""
    size = size or call.world.page_size
    found, following = page(items, index(asked_token(call)), size)
    answer = listing(call, [body(each) for each in found], following)
    if array != "value":
        answer[array] = answer.pop("value")
    return JSONResponse(answer)
