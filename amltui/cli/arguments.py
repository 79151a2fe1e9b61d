"""The command line: every command adds its own part; what all share is here."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from amltui import __version__
from amltui.cli.exits import USAGE

COMMANDS = (
    "dashboard",
    "demo",
    "lists",
    "job",
    "metrics",
    "logs",
    "actions",
    "doctor",
    "emulator",
)
"""Modules of `amltui.cli.commands`, in the order of the help."""

Parsers = Any
"""What argparse's add_subparsers returns: it has no public name."""


class Parser(argparse.ArgumentParser):
    """Refuses in one sentence, like everything else in this program."""

    def error(self, message: str) -> NoReturn:
        print(f"amltui: {message}; see `{self.prog} --help`", file=sys.stderr)
        sys.exit(USAGE)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked for; ends the program on --help, --version and mistakes."""
    return _parser().parse_args(arguments)


def _parser() -> Parser:
    parser = Parser(
        prog="amltui",
        description="A terminal dashboard for Azure Machine Learning, and commands for scripts.",
        epilog="Without a command, the dashboard opens. `amltui demo` needs no Azure.",
        parents=[place_flags()],
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"amltui {__version__}")
    parsers = parser.add_subparsers(title="commands", metavar="COMMAND", parser_class=Parser)
    for name in COMMANDS:
        importlib.import_module(f"amltui.cli.commands.{name}").add(parsers, parser)
    return parser


def command(parsers: Parsers, name: str, about: str) -> argparse.ArgumentParser:
    """A sub-command that takes the flags of the place, before its name or after it."""
    made: argparse.ArgumentParser = parsers.add_parser(
        name, help=about, description=about, parents=[place_flags()], allow_abbrev=False
    )
    made.set_defaults(command=name)
    return made


def place_flags() -> argparse.ArgumentParser:
    """Which cloud, sign-in and place. Suppressed defaults, so that a flag holds wherever it is."""
    flags = Parser(add_help=False, argument_default=argparse.SUPPRESS)
    place = flags.add_argument_group("place and sign-in")
    place.add_argument("--cloud", metavar="NAME|URL", help="a cloud's name, or an ARM endpoint")
    place.add_argument("--auth", metavar="HOW", help="auto, cli, device-code, managed-identity …")
    place.add_argument("--tenant", metavar="ID", help="the directory to sign in to")
    place.add_argument("--subscription", metavar="ID")
    place.add_argument("--resource-group", metavar="NAME")
    place.add_argument("--workspace", metavar="NAME")
    place.add_argument("--all-workspaces", action="store_true", help="every readable workspace")
    place.add_argument("--config", metavar="FILE", help="settings in TOML")
    return flags


def count(text: str) -> int:
    """A number of things; 0 is all of them."""
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is less than none")
    return number
