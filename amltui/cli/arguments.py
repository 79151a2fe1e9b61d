"""The command line: every command adds its own part; what all share is here."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from amltui import __version__
from amltui.cli.exits import USAGE, Usage

COMMANDS = (
    "dashboard",
    "demo",
    "lists",
    "job",
    "metrics",
    "compare",
    "diff",
    "logs",
    "follow",
    "wait",
    "watch",
    "files",
    "actions",
    "money",
    "quota",
    "create_compute",
    "create_workspace",
    "diagnose",
    "doctor",
    "cache",
    "emulator",
)
"""Modules of `amltui.cli.commands`, in the order of the help."""

PLACE = (
    ("--cloud", "NAME|URL", "a cloud's name, or an ARM endpoint"),
    ("--auth", "HOW", "auto, cli, device-code, managed-identity, environment or browser"),
    ("--tenant", "ID", "the directory to sign in to"),
    ("--subscription", "ID", None),
    ("--resource-group", "NAME", None),
    ("--workspace", "NAME", None),
    ("--config", "FILE", "settings in TOML"),
)
"""Flags with a value that stand before the command or after it."""
COLORS = "--colors"
DISPLAY = (
    ("--ascii", "paint only ASCII: for old fonts and screen readers"),
    ("--low-bandwidth", "five frames a second, 16 colours, ASCII"),
)
"""Flags of what opens a screen."""
SWITCHES = (
    "--all-workspaces",
    "--read-only",
    "--no-cache",
    "--help",
    "--version",
    "-h",
    *(flag for flag, _ in DISPLAY),
)
"""Flags without one that may stand before the command."""

TWO_WORDS = {
    "workspace": {
        "create": "create-workspace",
        "delete": "delete-workspace",
        "purge": "purge-workspace",
        "diagnose": "diagnose",
        "list": "workspaces",
    },
    "compute": {
        "create": "create-compute",
        "delete": "delete-compute",
        "start": "start",
        "stop": "stop",
        "restart": "restart",
        "resize": "resize",
        "list": "compute",
    },
}
"""What `az ml` says in two words, and these commands in one."""

Parsers = Any
"""What argparse's add_subparsers returns: it has no public name."""


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, like everything else in this program."""

    def error(self, message: str) -> NoReturn:
        print(f"amltui: {message}; see `{self.prog} --help`", file=sys.stderr)
        sys.exit(USAGE)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; Usage for what makes no sense. Ends the program on --help, --version."""
    if arguments[:1] == ["help"]:
        arguments = [*arguments[1:2], "--help"]
    at = _command(arguments)
    if at is not None:
        arguments = _as_one_word(arguments, at)
    word = None if at is None else arguments[at]
    modules = _modules(word, helping=not {"-h", "--help"}.isdisjoint(arguments))
    parser, known = _parser(modules)
    if word is not None and word not in known:
        _, known = _parser(COMMANDS)
        hint = _near(word, known) or f"; there are {', '.join(known)}"
        raise Usage(f"there is no command {word}{hint}")
    asked, left = parser.parse_known_args(arguments)
    if left:
        raise Usage(f"{asked.command} does not take {' '.join(left)}; see `{_help(asked.command)}`")
    return asked


def _as_one_word(arguments: Sequence[str], at: int) -> Sequence[str]:
    """`delete-workspace` for `workspace delete`: `az ml` puts it that way."""
    verbs = TWO_WORDS.get(arguments[at], {})
    name = verbs.get(arguments[at + 1]) if len(arguments) > at + 1 else None
    return arguments if name is None else [*arguments[:at], name, *arguments[at + 2 :]]


def command(
    parsers: Parsers, name: str, about: str, *more: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    """A sub-command that takes the flags of the place, before its name or after it, and more."""
    made: argparse.ArgumentParser = parsers.add_parser(
        name, help=about, description=about, parents=[place_flags(), *more], allow_abbrev=False
    )
    made.set_defaults(command=name)
    return made


def place_flags() -> argparse.ArgumentParser:
    """Which cloud, sign-in and place. Suppressed defaults, so that a flag holds wherever it is."""
    flags = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    place = flags.add_argument_group("place and sign-in")
    for flag, value, about in PLACE:
        place.add_argument(flag, metavar=value, help=about)
    place.add_argument("--all-workspaces", action="store_true", help="every readable workspace")
    place.add_argument(
        "--read-only", action="store_const", const="on", help="send nothing that changes anything"
    )
    return flags


def display_flags() -> argparse.ArgumentParser:
    """How the dashboard is painted."""
    flags = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    display = flags.add_argument_group("display")
    display.add_argument(COLORS, metavar="HOW", help="auto, truecolor, 256, 16 or none")
    for flag, about in DISPLAY:
        display.add_argument(flag, action="store_const", const="on", help=about)
    return flags


def count(text: str) -> int:
    """A number of things; 0 is all of them."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is not a whole number; 0 is all")
    return int(text)


def _command(arguments: Sequence[str]) -> int | None:
    """Where the word is that names the command, if there is one.

    Usage if what leads up to it makes no sense: argparse would blame the wrong word.
    """
    valued = [*(flag for flag, _, _ in PLACE), COLORS]
    words = iter(enumerate(arguments))
    for at, word in words:
        flag, sign, _ = word.partition("=")
        if not word.startswith("-"):
            return at
        if flag in valued:
            if not sign:
                next(words, None)
        elif flag not in SWITCHES:
            hint = _near(flag, [*valued, *SWITCHES]) if flag.startswith("--") else ""
            hint = hint or "; a command's own flags come after it"
            raise Usage(f"{flag} is no flag that comes before a command{hint}")
    return None


def _modules(word: str | None, *, helping: bool) -> Sequence[str]:
    """The modules that have a say: the dashboard does not wait for those of the other commands."""
    if word is None:
        return COMMANDS if helping else ("dashboard",)
    return (word,) if word in COMMANDS else COMMANDS


def _parser(modules: Sequence[str]) -> tuple[Parser, Collection[str]]:
    """The command line, and the names of the commands, as far as these modules declare them."""
    parser = Parser(
        prog="amltui",
        description="A terminal dashboard for Azure Machine Learning, and commands for scripts.",
        epilog="Without a command, the dashboard opens. `amltui demo` needs no Azure.",
        parents=[place_flags(), display_flags()],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"amltui {__version__}")
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for name in modules:
        importlib.import_module(f"amltui.cli.commands.{name}").add(parsers, parser)
    return parser, parsers.choices


def _near(word: str, known: Collection[str]) -> str:
    from amltui.azure.places import near

    return near(word, known)


def _help(name: str) -> str:
    return "amltui --help" if name == "dashboard" else f"amltui {name} --help"
