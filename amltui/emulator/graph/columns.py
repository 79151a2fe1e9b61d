"""Steps that choose, name and add columns."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping

from amltui.emulator.graph import meaning
from amltui.emulator.graph.expression import Column
from amltui.emulator.graph.step import Rows, Step, named
from amltui.emulator.graph.tokens import QueryError, Words


def project(words: Words) -> Step:
    columns = named(words)
    return lambda rows, now: [
        {name: meaning.value(node, each, now) for name, node in columns} for each in rows
    ]


def other_project(words: Words) -> Step:
    """project-away, project-keep, project-rename and project-reorder."""
    words.expect("-")
    how = words.expect("away", "keep", "rename", "reorder").word.lower()
    if how == "rename":
        return _renamed({old: new for new, old in _pairs(words)})
    patterns = _patterns(words)

    def is_named(name: str) -> bool:
        return any(fnmatch.fnmatchcase(name, each) for each in patterns)

    if how == "reorder":
        return lambda rows, _: [
            {**{name: each[name] for name in each if is_named(name)}, **each} for each in rows
        ]
    keeps = how == "keep"
    return lambda rows, _: [
        {name: each[name] for name in each if is_named(name) is keeps} for each in rows
    ]


def _renamed(names: Mapping[str, str]) -> Step:
    def step(rows: Rows, now: float) -> Rows:
        del now
        for each in rows[:1]:
            for name in names:
                meaning.value(Column(name), each, 0.0)
        return [{names.get(name, name): value for name, value in each.items()} for each in rows]

    return step


def extend(words: Words) -> Step:
    columns = named(words)

    def step(rows: Rows, now: float) -> Rows:
        extended: Rows = []
        for each in rows:
            row = dict(each)
            for name, node in columns:
                row[name] = meaning.value(node, row, now)
            extended.append(row)
        return extended

    return step


def _pairs(words: Words) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    while True:
        new = words.name()
        words.expect("=")
        found.append((new, words.name()))
        if not words.take_if(","):
            return found


def _patterns(words: Words) -> list[str]:
    """Names in which a star stands for anything."""
    found: list[str] = []
    while True:
        name = ""
        while words.next.kind == "name" or words.next.word == "*":
            name += words.take().word
        if not name:
            raise QueryError("expected a name", words.next)
        found.append(name)
        if not words.take_if(","):
            return found
