"""What a job's command line would do: what it prints, how long it takes, how it ends."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amltui.emulator.jobs import python_code, shell_words

SCRIPT = 14.0
"""Seconds that a script takes of which nothing is known."""
_PYTHON = re.compile(r"(.*/)?python[\d.]*$")
_QUIET = frozenset(
    ["mkdir", "ls", "cd", "cat", "cp", "mv", "rm", "touch", "export", "set", "true", "env", "pwd",
     "which", "nvidia-smi", "date", "hostname", "whoami", "chmod", "test", "["]
)  # fmt: skip
"""Commands that take no time, and whose output nobody knows."""
_INPUT = re.compile(r"\$\{\{\s*inputs\.([\w\-]+)\s*\}\}")


@dataclass(frozen=True)
class Reading:
    """What is known of a command before it runs."""

    said: tuple[tuple[float, str], ...] = ()
    """Seconds after it began, and the line it prints."""
    seconds: float = 0.0
    status: int = 0
    error: str | None = None
    """The last line of a traceback."""
    is_script: bool = False
    """Whether something runs that only its own code would tell of."""

    @property
    def fails(self) -> bool:
        return self.status != 0


def read(command: str, inputs: Mapping[str, Any] | None = None) -> Reading:
    """Follow a command line, piece by piece, as a shell would."""
    told = Reading()
    before = ";"
    for words, separator in shell_words.pieces(filled(command, inputs or {})):
        skipped = (before == "&&" and told.fails) or (before == "||" and not told.fails)
        if not skipped and before != "|":
            told = _after(replace(told, status=0, error=None), words)
            if words[0] == "exit":
                break
        before = separator
    return told


def filled(command: str, inputs: Mapping[str, Any]) -> str:
    """The command with its inputs in place."""

    def value(match: re.Match[str]) -> str:
        given = inputs.get(match[1])
        if isinstance(given, Mapping):
            given = given.get("value", given.get("uri"))
        return match[0] if given is None else str(given)

    return _INPUT.sub(value, command)


def _after(told: Reading, words: list[str]) -> Reading:
    name, arguments = words[0], words[1:]
    if _PYTHON.match(name) and "-c" in arguments[:-1]:
        return _after_python(told, arguments[arguments.index("-c") + 1])
    match name.rpartition("/")[2]:
        case "echo" | "printf":
            return _after_echo(told, arguments)
        case "bash" | "sh" if arguments[:1] == ["-c"] and len(arguments) > 1:
            return _after_shell(told, read(arguments[1]))
        case "sleep":
            return replace(told, seconds=told.seconds + _seconds(arguments))
        case "exit":
            return replace(told, status=_status(arguments))
        case "false":
            return replace(told, status=1)
        case quiet if quiet in _QUIET or "=" in quiet:
            return told
    return replace(told, seconds=told.seconds + SCRIPT, is_script=True)


def _after_echo(told: Reading, words: list[str]) -> Reading:
    if any(word.startswith((">", "1>")) for word in words):
        return told
    text = " ".join(word for word in words if word not in {"-e", "-n"})
    lines = text.replace("\\n", "\n").split("\n")
    return replace(told, said=(*told.said, *((told.seconds, line) for line in lines)))


def _after_python(told: Reading, code: str) -> Reading:
    program = python_code.read(code)
    if program is None:
        return replace(told, status=1, error="SyntaxError: invalid syntax")
    return replace(
        told,
        said=(*told.said, *((told.seconds + at, line) for at, line in program.said)),
        seconds=told.seconds + program.seconds,
        status=program.status,
        error=program.error,
    )


def _after_shell(told: Reading, inner: Reading) -> Reading:
    return replace(
        inner,
        said=(*told.said, *((told.seconds + at, line) for at, line in inner.said)),
        seconds=told.seconds + inner.seconds,
        is_script=told.is_script or inner.is_script,
    )


def _seconds(arguments: list[str]) -> float:
    """Of `sleep 1m 30`: numbers with or without a unit."""
    units = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0}
    total = 0.0
    for word in arguments:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", word)
        if match is not None:
            total += float(match[1]) * units[match[2] or "s"]
    return total


def _status(arguments: list[str]) -> int:
    return int(arguments[0]) % 256 if arguments and arguments[0].isdigit() else 0
