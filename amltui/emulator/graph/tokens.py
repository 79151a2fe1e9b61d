"""The words of a query."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""(?P<blank>\s+|//[^\n]*)
    |(?P<text>@?"(?:[^"\\\n]|\\.)*"|@?'(?:[^'\\\n]|\\.)*')
    |(?P<span>\d+(?:\.\d+)?(?:d|h|m|s|ms)\b)
    |(?P<number>\d+(?:\.\d+)?)
    |(?P<name>!?[A-Za-z_$][\w$]*~?)
    |(?P<sign>==|!=|=~|!~|<=|>=|[-=<>+*/%(),.\[\]|;:])""",
    re.VERBOSE,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


class QueryError(Exception):
    """A query that Resource Graph, or this part of it, does not understand."""

    def __init__(self, message: str, token: Token | None = None) -> None:
        super().__init__(message)
        self.token = token


@dataclass(frozen=True)
class Token:
    """One word, and where it stands."""

    kind: str
    """text, span, number, name, sign or end."""
    word: str
    at: int


def tokens(text: str) -> list[Token]:
    """The words of a query, with one at the end that stands for its end."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise QueryError("Syntax error", Token("sign", text[at], at))
        if match.lastgroup not in {None, "blank"}:
            found.append(Token(str(match.lastgroup), match[0], at))
        at = match.end()
    return [*found, Token("end", "<EOF>", len(text))]


def string(word: str) -> str:
    """What a quoted word says; after @ nothing is escaped."""
    if word.startswith("@"):
        return word[2:-1]
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), word[1:-1])


class Words:
    """A queue of tokens."""

    def __init__(self, found: Sequence[Token]) -> None:
        self._found = found
        self._at = 0

    @property
    def next(self) -> Token:
        return self._found[self._at]

    def take(self) -> Token:
        token = self.next
        self._at = min(self._at + 1, len(self._found) - 1)
        return token

    def take_if(self, *words: str) -> Token | None:
        """The next token if it is one of these words: names are compared without regard to case."""
        token = self.next
        if token.kind in {"name", "sign"} and token.word.lower() in words:
            return self.take()
        return None

    def expect(self, *words: str) -> Token:
        token = self.take_if(*words)
        if token is None:
            raise QueryError(f"expected {' or '.join(words)}", self.next)
        return token

    def name(self) -> str:
        """A name: of a column or a function."""
        if self.next.kind != "name" or not self.next.word[0].isalpha() | (
            self.next.word[0] in "_$"
        ):
            raise QueryError("expected a name", self.next)
        return self.take().word
