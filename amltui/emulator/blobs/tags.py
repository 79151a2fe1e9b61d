"""Index tags of blobs: words by which they are found, across containers."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from amltui.emulator.blobs.written import Key

TABLE = """
CREATE TABLE IF NOT EXISTS blob_tags (
    account TEXT, container TEXT, name TEXT, tags TEXT, PRIMARY KEY (account, container, name));
"""
_HERE = "account = ? AND container = ? AND name = ?"
_WORD = re.compile(r"[a-zA-Z0-9 +\-./:=_]*")
_CLAUSE = re.compile(
    r"""\s*(?:(?P<container>@container)|"(?P<quoted>[^"]+)"|(?P<plain>[a-zA-Z_]\w*))"""
    r"""\s*(?P<word>>=|<=|=|>|<)\s*'(?P<value>[^']*)'\s*(?P<and>and\s|$)""",
    re.IGNORECASE,
)
MOST = 10
"""Tags of one blob."""


class BadTags(ValueError):
    """Tags, or a question about them, that storage does not take."""


@dataclass(frozen=True)
class Clause:
    """One comparison of a question; the name None stands for the container."""

    name: str | None
    word: str
    value: str

    def holds(self, container: str, tags: Mapping[str, str]) -> bool:
        held = container if self.name is None else tags.get(self.name)
        if held is None:
            return False
        match self.word:
            case "=":
                return held == self.value
            case ">":
                return held > self.value
            case ">=":
                return held >= self.value
            case "<":
                return held < self.value
        return held <= self.value


def checked(tags: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(tags)
    if len(found) < len(tags):
        raise BadTags("a tag is there twice")
    if len(found) > MOST:
        raise BadTags(f"a blob has at most {MOST} tags")
    for name, value in found.items():
        fits = 0 < len(name) <= 128 and len(value) <= 256
        if not fits or not _WORD.fullmatch(name) or not _WORD.fullmatch(value):
            raise BadTags(f"'{name}' is no tag")
    return found


def of_header(text: str) -> dict[str, str]:
    """`project=vision&year=2026`, as the header of a Put Blob has them."""
    return checked(parse_qsl(text, keep_blank_values=True))


def question(text: str) -> list[Clause]:
    """`"project" = 'vision' AND @container = 'data'`."""
    found, at = [], 0
    while at < len(text):
        match = _CLAUSE.match(text, at)
        if match is None:
            raise BadTags(f"cannot read '{text[at : at + 40]}'")
        name = None if match["container"] else match["quoted"] or match["plain"]
        found.append(Clause(name, match["word"], match["value"]))
        at = match.end()
        if match["and"] and at == len(text):
            raise BadTags("nothing follows the last AND")
    if not found:
        raise BadTags("the question is empty")
    return found


class Tags:
    """The tags of every blob that has any."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._data = database
        self._data.executescript(TABLE)

    def get(self, key: Key) -> dict[str, str]:
        row = self._data.execute(
            f"SELECT tags FROM blob_tags WHERE {_HERE}", (key.account, key.container, key.name)
        ).fetchone()
        return dict(json.loads(row[0])) if row else {}

    def put(self, key: Key, tags: Mapping[str, str]) -> None:
        """All tags of a blob, in place of what was there."""
        here = (key.account, key.container, key.name)
        if tags:
            self._data.execute(
                "INSERT OR REPLACE INTO blob_tags VALUES (?, ?, ?, ?)", (*here, json.dumps(tags))
            )
        else:
            self._data.execute(f"DELETE FROM blob_tags WHERE {_HERE}", here)

    def found(
        self, account: str, container: str | None, asked: list[Clause]
    ) -> Iterator[tuple[Key, dict[str, str]]]:
        """The blobs that answer a question, in the order of their names."""
        rows = self._data.execute(
            "SELECT container, name, tags FROM blob_tags WHERE account = ?"
            " ORDER BY container, name",
            (account,),
        )
        for place, name, text in rows:
            tags = json.loads(text)
            is_here = container is None or place == container
            if is_here and all(each.holds(place, tags) for each in asked):
                yield Key(account, place, name), tags
