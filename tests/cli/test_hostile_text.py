"""Names that were written to do harm: shown as they are, and never obeyed."""

from __future__ import annotations

import re

import pytest

from amltui.cli import records
from tests.cli.conftest import Amltui
from tests.cli.service import Service, command_line, surroundings
from tests.e2e.terminal import Terminal

MARKUP = "[bold red]x[/]"
ESCAPES = "\x1b[31mred\x1b[0m \x1b]0;owned\x07 \x9b2J"
REORDERED = "\u202egnp.exe\u2066"
NAME = f"{MARKUP} {ESCAPES} {REORDERED}"
TAGS = {"note": f"a\tb\r\n{ESCAPES}", MARKUP: "[link=x]y[/link]"}


@pytest.fixture
def hostile(calm: Service) -> str:
    """The name of a job whose texts are hostile."""
    calm.put_job("hostile", displayName=NAME, tags=TAGS, experimentName=MARKUP, description=ESCAPES)
    return "hostile"


def _screen(service: Service, *arguments: str) -> tuple[str, list[int]]:
    """What a terminal got from a command, and the lengths of its lines."""
    with Terminal(command_line(*arguments), surroundings(service.environment), 80, 24) as terminal:
        assert terminal.ended() == 0
        got = terminal.written.decode()
    return got, [len(line) for line in got.split("\r\n")]


def test_json_keeps_every_character(on_calm: Amltui, hostile: str) -> None:
    """Scripts get what the service holds, once the JSON is read."""
    job = on_calm("job", hostile, "-o", "json").json
    assert job["display_name"] == NAME
    assert job["tags"] == TAGS
    assert job["experiment"] == MARKUP


def test_json_itself_is_harmless(on_calm: Amltui, hostile: str) -> None:
    """Printed to a terminal, the JSON holds no control character but its line ends."""
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", _json(on_calm))


def _json(amltui: Amltui) -> str:
    return amltui("job", "hostile", "-o", "json").out


@pytest.mark.parametrize("arguments", [("job", "hostile"), ("jobs", "--limit", "0")])
def test_a_terminal_is_not_acted_upon(
    arguments: tuple[str, ...], calm: Service, hostile: str
) -> None:
    """On a terminal the markup stands as it was written, and no escape reaches it."""
    got, _ = _screen(calm, *arguments)
    assert MARKUP in got
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", got)
    assert "␛[31m" in got


def test_a_table_fits_the_terminal(calm: Service, hostile: str) -> None:
    """No line is longer than the terminal is wide, whatever the names."""
    _, lengths = _screen(calm, "jobs", "--limit", "0")
    assert max(lengths) <= 80


def test_a_hostile_name_in_an_error(on_calm: Amltui) -> None:
    """A complaint about a name repeats it harmlessly, in one line."""
    ended = on_calm("job", f"no\nsuch {ESCAPES}")
    assert ended.code == 4
    assert "no such" in ended.complaint
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", ended.err)


def test_tabs_and_line_ends_stay_in_their_field(on_calm: Amltui, hostile: str) -> None:
    """TSV has one line for each job, with as many fields as its heading."""
    heading, *lines = on_calm("jobs", "--limit", "0", "-o", "tsv").out.splitlines()
    jobs = on_calm("jobs", "--limit", "0", "-o", "json").json
    assert len(lines) == len(jobs)
    assert {line.count("\t") for line in lines} == {heading.count("\t")}


def test_what_is_no_character_is_still_json() -> None:
    """Half of a surrogate pair, which JSON can hold and UTF-8 cannot, stays escaped."""
    text = records.to_json({"name": "\ud800", "nan": float("nan")})
    assert r"\ud800" in text
    assert text.encode()
