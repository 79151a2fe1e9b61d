"""A walk through the dashboard by chance, seen on two terminals.

A short one is among the tests. `python -m tests.ui.frames.walk 1000 1 2 3` walks a thousand steps
from each of these seeds.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import pytest
from textual import events, screen
from textual.geometry import Size

from tests.stage import Stage
from tests.ui.deck import WIDE, Deck
from tests.ui.frames.screens import Both

PAUSE = 0.002
"""Seconds after each step: more than a frame takes."""
SCENARIOS = ("busy_night", "everything_broken")
SIZES = [(80, 24), (100, 30), (120, 36), (120, 36), (132, 40), (61, 17), (200, 50)]
MOVES = "j j j k G g pagedown pageup home end down up left right tab shift+tab"
SCREENS = "2 2 2 2 enter l m l m 0 1 3 4 5 6 7 8 9 at minus question_mark ctrl+p colon slash w"
LEAVING = "escape escape enter"
REST = (
    f"{' '.join('ABCDEFHIJKLMNOPQRSTUVWXYZabcdefhilmnoprstuvxyz')} space asterisk ctrl+r ctrl+d"
    " ctrl+u ctrl+l plus comma full_stop greater_than_sign less_than_sign backspace"
    " left_square_bracket right_square_bracket left_square_bracket right_square_bracket"
)
"""Nearly every other letter; not `q`, which would end the walk."""
TEXTS = ["resnet", "数据集", "e\u0301te\u0301", "🙂🚀", "向x", "~fail", "1"]
JUNK = [
    "\x1b[5;5Hgarbage from elsewhere",
    "\x1b[2J\x1b[31mno\r\n",
    "\x1b[3;9r\x1b[3H\x1b[2M向\x1b[r",
]


async def walk(both: Both, stage: Stage, steps: int, seed: int) -> None:
    """So many keys, resizes, answers and interruptions; after each both show the same cells."""
    chance = random.Random(seed)
    async with Deck.open(stage) as deck:
        for step in range(steps):
            done = await _step(both, stage, deck, chance)
            await asyncio.sleep(PAUSE)
            await deck.settle()
            if others := both.other_cells():
                told = "\n".join([f"{len(others)} cells differ", *others[:8]])
                raise AssertionError(f"seed {seed}, step {step}, {done}: {told}")


async def _step(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    """Do something, and say what it was."""
    kind = chance.choices(list(_STEPS), [each.weight for each in _STEPS.values()])[0]
    return f"{kind} {await _STEPS[kind].act(both, stage, deck, chance)}"


async def _press(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    group = chance.choices([MOVES, SCREENS, LEAVING, REST], [6, 3, 2, 4])[0]
    key = chance.choice(group.split())
    deck.send(key)
    return key


async def _type(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    """Into whatever takes it; a filter is opened for it, as often as not."""
    text = chance.choice(TEXTS)
    deck.send(*("/" if chance.random() < 0.5 else ""), *text)
    return text


async def _resize(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    size = chance.choice([each for each in SIZES if each != both.size])
    both.resize(size)
    deck.app.post_message(events.Resize(Size(*size), Size(*size)))
    return f"to {size}"


async def _wait(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    seconds = chance.choice([1.0, 4.0, 15.0, 70.0])
    await stage.advance(seconds)
    return f"{seconds} s"


async def _garble(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    junk = chance.choice(JUNK)
    both.garble(junk)
    await deck.press("ctrl+l")
    return repr(junk)


async def _suspend(both: Both, stage: Stage, deck: Deck, chance: random.Random) -> str:
    """Away and back: the terminal has been somebody else's meanwhile."""
    both.resize(both.size)
    deck.app.app_resume_signal.publish(deck.app)
    return "and come back"


class _Kind(NamedTuple):
    """What may happen, and how often it does."""

    weight: float
    act: Callable[[Both, Stage, Deck, random.Random], Awaitable[str]]


_STEPS = {
    "press": _Kind(80, _press),
    "type": _Kind(6, _type),
    "wait": _Kind(8, _wait),
    "resize": _Kind(4, _resize),
    "garble": _Kind(1, _garble),
    "suspend": _Kind(1, _suspend),
}


def hurried(patch: pytest.MonkeyPatch) -> None:
    """Frames as soon as there is something to show: sixty a second would only be waited for."""
    patch.setattr(screen, "UPDATE_PERIOD", 0.001)


async def _main(steps: int, seeds: list[int]) -> None:
    for seed in seeds:
        for scenario in SCENARIOS:
            with pytest.MonkeyPatch.context() as patch:
                both = Both.listen(patch, WIDE)
                hurried(patch)
                await walk(both, Stage(scenario), steps, seed)
                ours, theirs = both.differing.written, both.whole.written
                told = f"seed {seed}, {scenario}: {steps} steps, {both.frames} frames"
                told += f", {ours:,} bytes instead of {theirs:,}: not one cell differs"
                sys.stdout.write(f"{told}\n")
                sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]), [int(seed) for seed in sys.argv[2:]]))
