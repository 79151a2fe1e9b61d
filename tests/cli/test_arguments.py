"""The command line as somebody types it who has not read the help."""

from __future__ import annotations

import pytest

from amltui import __version__
from tests.cli.conftest import Amltui

COMMANDS = [
    *("demo", "doctor", "jobs", "compute", "models", "workspaces"),
    *("cache", "job", "metrics", "logs", "cancel", "start", "stop", "restart"),
]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("jbos",), "there is no command jbos; did you mean jobs"),
        (("xyzzy",), "there are demo, jobs, compute"),
        (("dashboard",), "there are demo, jobs, compute"),
        (("lists",), "there is no command lists"),
        (("workspace",), "there is no command workspace; did you mean workspaces"),
        (("workspace", "jump"), "there is no command workspace; did you mean workspaces"),
        (("--workspac", "x", "jobs"), "--workspac is no flag"),
        (("--workspac", "x", "jobs"), "did you mean --workspace"),
        (("-o", "json", "jobs"), "a command's own flags come after it"),
        (("jobs", "list"), "jobs does not take list; see `amltui jobs --help`"),
        (("jobs", "--limt", "3"), "jobs does not take --limt 3"),
        (("jobs", "--limit", "many"), "many is not a whole number"),
        (("jobs", "--limit", "-1"), "-1 is not a whole number"),
        (("jobs", "-o", "yaml"), "'yaml' (choose from"),
        (("jobs", "--workspace"), "expected one argument"),
        (("jobs", "--auth", "password"), "no sign-in named 'password'"),
        (("stop",), "amltui stop --help"),
        (("cache",), "amltui cache --help"),
        (("cache", "empty"), "'empty' (choose from"),
        (("jobs", "--no-cache"), "jobs does not take --no-cache"),
        (("demo", "--speed", "0"), "0 is not a number above 0"),
        (("demo", "--speed", "nan"), "nan is not a number above 0"),
        (("demo", "--scenario", "noisy"), "there is no scenario noisy: choose "),
        (("--auth=cli", "emulator"), "`emulator` comes first"),
        ((), "needs a terminal"),
        (("demo",), "needs a terminal"),
    ],
)
def test_a_mistake_is_named(arguments: tuple[str, ...], said: str, amltui: Amltui) -> None:
    """Exit code 2, nothing on stdout, and one sentence with the word that is wrong."""
    ended = amltui(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.complaint


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("workspace", "delete"), "delete-workspace"),
        (("workspace", "create"), "create-workspace"),
        (("compute", "stop"), "stop"),
        (("compute", "list"), "compute"),
    ],
)
def test_two_words_of_az_ml_are_one_here(words: tuple[str, str], word: str, amltui: Amltui) -> None:
    """Also behind flags, whose values are no commands."""
    ended = amltui("--subscription", "workspace", *words, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"usage: amltui {word} ")


def test_the_version(amltui: Amltui) -> None:
    """--version prints the version alone, so that scripts can compare it."""
    ended = amltui("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"amltui {__version__}\n", "")


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("help",)])
def test_the_help_names_every_command(arguments: tuple[str, ...], amltui: Amltui) -> None:
    """However help is asked for, it goes to stdout and lists what there is."""
    ended = amltui(*arguments)
    assert (ended.code, ended.err) == (0, "")
    assert [name for name in COMMANDS if f"    {name} " not in ended.out] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, amltui: Amltui) -> None:
    """`amltui COMMAND --help` and `amltui help COMMAND` are the same, and need no sign-in."""
    ended = amltui(command, "--help")
    assert ended.code == 0
    assert ended.out.startswith(f"usage: amltui {command} ")
    assert amltui("help", command) == ended
