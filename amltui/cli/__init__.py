"""The composition root: builds the client, and runs the dashboard, a command or the emulator.

May import everything; each command imports what it needs, when it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from amltui.cli import exits, streams


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it ended."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    streams.prepare()
    if arguments[:1] == ["emulator"]:
        from amltui.cli.commands import emulator

        return emulator.serve(arguments[1:])

    from amltui.azure.errors import AzureError

    try:
        code = _run(arguments)
        sys.stdout.flush()
    except (exits.Usage, AzureError) as error:
        exits.say(exits.sentence(error))
        return exits.code_of(error)
    except KeyboardInterrupt:
        return exits.INTERRUPTED
    except OSError as error:
        if not streams.is_unwritable(error):
            raise
        streams.abandon_output()
        if isinstance(error, BrokenPipeError):
            return exits.BROKEN_PIPE
        exits.say(f"the output cannot be written: {error.strerror}")
        return exits.FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    """Nothing asked for is the dashboard, which does not wait for a command line to be made."""
    from amltui.cli.settings import Settings

    if not arguments:
        from amltui.cli.commands import dashboard

        return dashboard.run(None, Settings.gather({}, os.environ))
    from amltui.cli.arguments import parse

    asked = parse(arguments)
    code: int = asked.run(asked, Settings.gather(vars(asked), os.environ))
    return code
