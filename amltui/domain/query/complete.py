"""What could be typed next in a filter."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from amltui.domain.query.condition import Shape, Spec

_BEGUN = re.compile(r"(?P<mark>!?)(?P<word>[A-Za-z_$]*)(?P<rest>(?:[.:=<>!].*)?)", re.DOTALL)
_LAST = re.compile(r"(?P<before>(?:.*[:=,<>])?)(?P<begun>[^:=,<>]*)", re.DOTALL)


class Offer(Struct, frozen=True):
    """The words that fit, and what the filter is with the first of them."""

    words: tuple[str, ...] = ()
    text: str = ""


def offer(text: str, specs: Sequence[Spec], known: Callable[[Spec], Sequence[str]]) -> Offer:
    """For what stands at the end of the filter; `known` are values or names seen of a field."""
    before, begun = _split(text)
    found = _BEGUN.fullmatch(begun)
    if found is None:
        return Offer()
    by_name = {name: spec for spec in specs for name in (spec.name, *spec.aliases)}
    word, rest = found["word"], found["rest"]
    if not rest:
        words = [spec.example for spec in specs if spec.name.startswith(word.lower())]
        return Offer(tuple(words), _text(before + found["mark"], words))
    spec = by_name.get(word.lower())
    if spec is None:
        return Offer()
    if spec.shape.has_key and rest[0] == ".":
        if re.search("[:=<>]", rest):
            return Offer()
        words = [_quoted(name) for name in known(spec) if _begins(name, rest[1:])]
        return Offer(tuple(words), _text(f"{before}{found['mark']}{word}.", words))
    last = _LAST.fullmatch(rest)
    assert last is not None
    seen = [*spec.options, *_always(spec), *known(spec)]
    words = [_quoted(each) for each in dict.fromkeys(seen) if _begins(each, last["begun"])]
    return Offer(tuple(words), _text(before + found["mark"] + word + last["before"], words))


def _split(text: str) -> tuple[str, str]:
    """What is done, and the word at the end that is being typed."""
    end = len(text)
    quoted = False
    for index, letter in enumerate(text):
        quoted ^= letter == '"'
        if letter.isspace() and not quoted:
            end = index + 1
    if not text or not any(letter.isspace() for letter in text[:end]):
        return "", text
    return text[:end], text[end:]


def _always(spec: Spec) -> Sequence[str]:
    match spec.shape:
        case Shape.PERSON:
            return ("me",)
        case Shape.AFTER | Shape.BEFORE:
            return ("1h", "today", "yesterday", "2d", "1w")
    return ()


def _begins(word: str, begun: str) -> bool:
    return word.lower().startswith(begun.strip('"').lower())


def _quoted(word: str) -> str:
    return f'"{word}"' if re.search(r"[\s,]", word) else word


def _text(before: str, words: Sequence[str]) -> str:
    return before + words[0] if words else ""
