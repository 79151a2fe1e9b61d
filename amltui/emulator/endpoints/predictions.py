"""What a model answers: one prediction for each row, the same for the same row."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from amltui.emulator.jobs import noise

_ROWS = ("input_data", "data", "inputs", "instances", "dataframe_records", "dataframe_split")
_WRAPPED = ("data", "index", "rows")
_REPLIES = (
    "The short answer is yes, and the reasons are in the question.",
    "There are three things to look at first: the data, the labels, and the baseline.",
    "Start small, measure, and keep what helps.",
)


class Unreadable(Exception):
    """An input with which the scoring script fails."""


def predict(asked: Any, seed: int) -> Any:
    """The answer to an input of any usual shape.

    MLflow's `input_data`, AutoML's `Inputs`, a scoring script's `data`, a bare list; a chat gets a
    message back.
    """
    if isinstance(asked, dict):
        if isinstance(asked.get("messages"), list):
            return chat(asked, seed)
        if "Inputs" in asked:
            return {"Results": _predicted(_rows(_inner(asked["Inputs"])), seed)}
        for name in _ROWS:
            if name in asked:
                return _predicted(_rows(_inner(asked[name])), seed)
        return _predicted([asked], seed)
    if isinstance(asked, list):
        return _predicted(asked, seed)
    raise Unreadable(f"'{type(asked).__name__}' object is not subscriptable")


def chat(asked: dict[str, Any], seed: int) -> dict[str, Any]:
    """One completion, in the shape of the chat API."""
    messages = asked["messages"]
    said = messages[-1].get("content") if messages and isinstance(messages[-1], dict) else ""
    mixed = noise.seeded(seed, json.dumps(messages, sort_keys=True, default=str))
    text = _REPLIES[mixed % len(_REPLIES)]
    read, written = len(str(said).split()) + 8, len(text.split())
    return {
        "id": f"chatcmpl-{mixed:016x}",
        "object": "chat.completion",
        "model": str(asked.get("model") or "model"),
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": text},
            }
        ],
        "usage": {
            "prompt_tokens": read,
            "completion_tokens": written,
            "total_tokens": read + written,
        },
    }


def _inner(value: Any) -> Any:
    """The rows within `{"columns": …, "data": …}`."""
    if isinstance(value, dict):
        for name in _WRAPPED:
            if isinstance(value.get(name), list):
                return value[name]
    return value


def _rows(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]


def _predicted(rows: Sequence[Any], seed: int) -> list[Any]:
    """Numbers for rows of numbers, which one model answers with scores and another with classes."""
    answer: Callable[[int], Any] = _score if seed % 2 else _class
    return [
        answer(noise.seeded(seed, json.dumps(row, sort_keys=True, default=str))) for row in rows
    ]


def _score(mixed: int) -> float:
    return round(noise.uniform(mixed), 6)


def _class(mixed: int) -> int:
    return mixed % 3
