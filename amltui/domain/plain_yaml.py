"""The part of YAML that `az ml` files are written in: mappings, lists and scalars by indentation.

Anchors, tags, several documents and folded texts are refused by their line, not misread.
"""

from __future__ import annotations

import json
import re
from typing import Any

_KEY = re.compile(
    r"""(?P<key>"[^"]*"|'[^']*'|[^\s:#\[\]{},&*!|>'"][^:#]*?)\s*:(?:\s+(?P<rest>.*))?$"""
)
_WHOLE, _REAL = re.compile(r"[-+]?\d+"), re.compile(r"[-+]?\d+\.\d*(?:e[-+]?\d+)?", re.IGNORECASE)
_WORDS = {"": None, "null": None, "~": None, "true": True, "false": False}
DEEPEST = 32


class NoYaml(ValueError):
    """What is no YAML, or more of it than is read here; `str()` is one sentence with the line."""


def parse(text: str) -> Any:
    """The document; JSON is one as well."""
    if text.lstrip().startswith(("{", "[")):
        return _flow(text.strip(), 1)
    lines = [
        (number, len(line) - len(line.lstrip(" ")), _plain(line, number))
        for number, line in enumerate(text.splitlines(), 1)
    ]
    kept = [line for line in lines if line[2] and line[2] != "---"]
    if not kept:
        return None
    value, rest = _block(kept, kept[0][1], 0)
    if rest:
        raise NoYaml(f"line {rest[0][0]} is not indented like those before it")
    return value


Lines = list[tuple[int, int, str]]
"""Number, indentation and what stands there."""


def _plain(line: str, number: int) -> str:
    """Without indentation and comment."""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        raise NoYaml(f"line {number} is indented by a tab")
    quote, kept = "", ""
    for character in line.strip():
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"" and (not kept or kept[-1] in " :[{,-"):
            quote = character
        elif character == "#" and (not kept or kept[-1] == " "):
            break
        kept += character
    return kept.rstrip()


def _block(lines: Lines, indent: int, depth: int) -> tuple[Any, Lines]:
    if depth > DEEPEST:
        raise NoYaml(f"line {lines[0][0]} is nested too deeply")
    first = lines[0][2]
    if first == "-" or first.startswith("- "):
        return _list(lines, indent, depth)
    if _KEY.match(first):
        return _mapping(lines, indent, depth)
    return _scalar(first, lines[0][0]), lines[1:]


def _list(lines: Lines, indent: int, depth: int) -> tuple[list[Any], Lines]:
    found = []
    while lines and lines[0][1] == indent and (lines[0][2] + " ").startswith("- "):
        number, _, text = lines[0]
        inner = text[1:].lstrip()
        if inner:
            deeper = indent + len(text) - len(inner)
            lines = [(number, deeper, inner), *lines[1:]]
            value, lines = _block(lines, deeper, depth + 1)
        else:
            value, lines = _below(lines[1:], indent, depth)
        found.append(value)
    return found, lines


def _mapping(lines: Lines, indent: int, depth: int) -> tuple[dict[str, Any], Lines]:
    found: dict[str, Any] = {}
    while lines and lines[0][1] == indent:
        number, _, text = lines[0]
        pair = _KEY.match(text)
        if pair is None:
            raise NoYaml(f"line {number} has no `name: value`: {text[:40]}")
        key, rest = pair["key"].strip("'\""), (pair["rest"] or "").strip()
        if key in found:
            raise NoYaml(f"line {number} tells {key} a second time")
        if rest:
            found[key], lines = _scalar(rest, number), lines[1:]
        else:
            found[key], lines = _below(lines[1:], indent, depth, listed=True)
    return found, lines


def _below(lines: Lines, indent: int, depth: int, *, listed: bool = False) -> tuple[Any, Lines]:
    """What is indented deeper; lists below a name may stand right under it."""
    if lines and lines[0][1] > indent:
        return _block(lines, lines[0][1], depth + 1)
    if listed and lines and lines[0][1] == indent and (lines[0][2] + " ").startswith("- "):
        return _list(lines, indent, depth + 1)
    return None, lines


def _scalar(text: str, number: int) -> Any:
    if text[0] in "&*!|>%@`":
        raise NoYaml(f"line {number} uses `{text[0]}`, which is not read here")
    if text[0] in "[{":
        return _flow(text, number)
    if text[0] in "'\"":
        if len(text) < 2 or text[-1] != text[0]:
            raise NoYaml(f"line {number} has a quote that does not end")
        return text[1:-1]
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if _WHOLE.fullmatch(text) and len(text) < 18:
        return int(text)
    return float(text) if _REAL.fullmatch(text) else text


def _flow(text: str, number: int) -> Any:
    """In brackets or braces, as JSON has them; bare words in a list are read as well."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        inner = text[1:-1].strip()
        if text[0] != "[" or text[-1] != "]" or any(each in inner for each in "[]{}\n"):
            raise NoYaml(f"line {number} has brackets that are no JSON: {text[:40]}") from None
        return [_scalar(each.strip(), number) for each in inner.split(",") if each.strip()]
