"""Copying into the clipboard of the user's own machine: OSC 52, through whatever is between.

xterm's control sequences name OSC 52. tmux takes it from programs only with `set-clipboard on`, and
lets wrapped sequences through only with `allow-passthrough on`, neither of which is its default;
but as its own command it does both: it keeps the text and tells the terminal.
"""

from __future__ import annotations

import base64
import subprocess

from amltui.ui.terminal.around import Around

CHUNK = 240
"""Characters that GNU screen passes on at once: its buffer holds 256 in old versions."""
DEEPEST = 3
"""Multiplexers in one another that are reckoned with."""
PATIENCE = 2.0
"""Seconds that tmux gets for an answer."""


def osc52(text: str) -> str:
    """What sets the clipboard."""
    return f"\x1b]52;c;{base64.b64encode(text.encode()).decode()}\x07"


def through_tmux(sequence: str) -> str:
    """A sequence that tmux hands to the terminal it runs in."""
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def through_screen(sequence: str) -> str:
    """The same for GNU screen, which takes it in pieces and puts them together again."""
    pieces = [sequence[at : at + CHUNK] for at in range(0, len(sequence), CHUNK)]
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def sequences(text: str, around: Around, depth: int = 1, *, told: bool = False) -> str:
    """All that may reach the clipboard from here; setting it twice does no harm.

    `depth` is how many tmux lie in one another, `told` whether the innermost has the text already.
    """
    plain = osc52(text)
    out = [] if told else [plain]
    if around.may_be_tmux:
        wrapped = plain
        for _ in range(min(depth, DEEPEST)):
            wrapped = through_tmux(wrapped)
            out.append(wrapped)
    elif around.may_be_screen:
        out.append(through_screen(plain))
    return "".join(out)


def tell_tmux(text: str) -> tuple[bool, int]:
    """Give the text to the tmux that this runs in; whether it took it, and how deep tmux lies."""
    # Since 3.2 it knows -w: tell the terminal too.
    command = ["tmux", "load-buffer", "-w", "-"]
    ask = [";", "display-message", "-p", "#{client_termname}"]
    try:
        done = subprocess.run(
            [*command, *ask],
            input=text.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False, 1
    inside = done.stdout.startswith((b"tmux", b"screen"))
    return done.returncode == 0, 2 if inside else 1
