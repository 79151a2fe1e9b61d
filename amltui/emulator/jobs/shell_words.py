"""A command line cut into simple commands, its loops unrolled."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

MOST_TURNS = 1000
SEPARATORS = {";", "&&", "||", "&", "|"}
_SPAN = re.compile(r"\{(\d+)\.\.(\d+)\}")
_SEQUENCE = re.compile(r"\$\(seq (?:(\d+) )?(\d+)\)|`seq (?:(\d+) )?(\d+)`")

Piece = tuple[list[str], str]
"""The words of a simple command, and what separates it from the next."""


def pieces(command: str) -> list[Piece]:
    """The simple commands of a line in the order they run, were none to fail."""
    return list(_unrolled(_cut(_words(_SEQUENCE.sub(_spelled_out, command)))))


def _words(command: str) -> list[str]:
    lexer = shlex.shlex(_one_line(command), posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that nobody closes
        return command.split()


def _one_line(command: str) -> str:
    """Line ends outside of quotes become semicolons."""
    quote, out, escaped = "", [], False
    for glyph in command.replace("\\\n", " "):
        if escaped:
            escaped = False
        elif glyph == "\\" and quote != "'":
            escaped = True
        elif quote:
            quote = "" if glyph == quote else quote
        elif glyph in "'\"":
            quote = glyph
        out.append(" ; " if glyph == "\n" and not quote else glyph)
    return "".join(out)


def _cut(words: list[str]) -> list[Piece]:
    found: list[Piece] = []
    piece: list[str] = []
    for word in words:
        if word in SEPARATORS or set(word) == {";"}:
            found.append((piece, word[:2]))
            piece = []
        else:
            piece.append(word)
    return [each for each in [*found, (piece, ";")] if each[0]]


def _unrolled(found: list[Piece]) -> Iterator[Piece]:
    """`for i in 1 2; do echo $i; done` is two commands."""
    at = 0
    while at < len(found):
        words, separator = found[at]
        if words[0] == "for" and len(words) > 3 and words[2] == "in":
            end = next((i for i in range(at, len(found)) if found[i][0] == ["done"]), len(found))
            body = [_without(each, "do") for each in found[at + 1 : end]]
            for item in _items(words[3:])[:MOST_TURNS]:
                for piece, after in body:
                    yield [_put_in(word, words[1], item) for word in piece], after
            at = end + 1
        else:
            yield words, separator
            at += 1


def _without(piece: Piece, keyword: str) -> Piece:
    words, separator = piece
    return (words[1:] if words[:1] == [keyword] and len(words) > 1 else words), separator


def _items(words: list[str]) -> list[str]:
    items: list[str] = []
    for word in words:
        span = _SPAN.fullmatch(word)
        if span is None:
            items.append(word)
        else:
            last = min(int(span[2]), int(span[1]) + MOST_TURNS)
            items += [str(number) for number in range(int(span[1]), last + 1)]
    return items


def _put_in(word: str, name: str, item: str) -> str:
    return word.replace(f"${{{name}}}", item).replace(f"${name}", item)


def _spelled_out(match: re.Match[str]) -> str:
    first, last = int(match[1] or match[3] or 1), int(match[2] or match[4])
    return " ".join(str(number) for number in range(first, min(last, first + MOST_TURNS) + 1))
