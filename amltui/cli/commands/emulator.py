"""`amltui emulator`: the embedded service, for other programs and for tests."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from amltui.cli.arguments import Parsers
from amltui.cli.exits import Usage
from amltui.cli.settings import Settings


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = parsers.add_parser(
        "emulator", help="serve an imitation of Azure ML on a loopback port", add_help=False
    )
    made.set_defaults(run=_misplaced)


def serve(arguments: Sequence[str]) -> int:
    """Hand every flag to the service's own command line."""
    from amltui.emulator.__main__ import main

    return main(arguments)


def _misplaced(asked: argparse.Namespace, settings: Settings) -> int:
    raise Usage("`emulator` comes first, then its own flags: amltui emulator --help")
