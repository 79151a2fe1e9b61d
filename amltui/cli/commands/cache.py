"""`amltui cache`: where the dashboard's memory is, and forgetting it."""

from __future__ import annotations

import argparse

from amltui.cli import remembering
from amltui.cli.arguments import Parsers, command
from amltui.cli.exits import DONE, FAILED, say
from amltui.cli.settings import Settings


def add(parsers: Parsers, root: argparse.ArgumentParser) -> None:
    made = command(parsers, "cache", "the rows that the dashboard keeps on this machine")
    made.add_argument(
        "what", choices=("path", "clear"), help="print where they are, or forget them"
    )
    made.set_defaults(run=run)


def run(asked: argparse.Namespace, settings: Settings) -> int:
    path = remembering.place(settings)
    if asked.what == "path":
        print(path)
        return DONE
    from amltui.feeds.cache.file import Busy, CacheFile
    from amltui.kinds.format import size

    try:
        held = CacheFile(path).clear()
    except Busy:
        say(f"{path} is being written to: try again")
        return FAILED
    except OSError as error:
        say(f"{path} cannot be cleared: {error.strerror}")
        return FAILED
    say(f"{size(held)} forgotten" if held else "there was nothing to forget")
    return DONE
