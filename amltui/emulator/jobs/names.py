"""Job names as the service invents them, reversibly: the index of a name costs no search."""

from __future__ import annotations

from amltui.emulator.jobs import noise


def _words(text: str) -> list[str]:
    return text.split()


_COLOURS = _words(
    "amiable amusing blue bold brave bright busy calm careful clever cool coral dreamy dynamic "
    "eager elated epic fun gentle gifted good gray great green happy helpful honest icy jolly "
    "joyful keen khaki kind lemon lime loyal lucid magenta maroon mango neat nice olive orange "
    "patient plum polite purple quiet red sad salmon serene sharp sincere sleepy stoic strong "
    "sweet teal tender tidy tough wheat yellow zen"
)
_THINGS = _words(
    "angle apple arch atemoya bag balloon basil bean beach boat book bread brick camera carpet "
    "cartoon chaconia cherry circle cloud collar crayon drawer door eagle energy eye fig floor "
    "flower fork garage garden glass guitar hand hat heart house island jelly kettle kitchen "
    "lamp leaf leg lemon lizard lobster machine mango market moon music neck net night nose nut "
    "oil onion orange oven parcel parrot pea peach pear pencil pig plane plate plum queen quince "
    "rabbit rain rhythm river rocket roof root sail shampoo snail soca spade sprout square "
    "station steelpan stem street sugar tail tent ticket toe tongue train truck turnip vase "
    "vulture wall whale wing wolf worm yacht yam zebra"
)
_LETTERS = "bcdfghjklmnpqrstvwxyz0123456789"
_LENGTH = 10
_PAIRS = [first + second for second in _LETTERS for first in _LETTERS]
_SPACE = len(_LETTERS) ** _LENGTH
_FACTOR = 387_420_489  # a power of 3, and 3 does not divide the number of letters: invertible
_INVERSE = pow(_FACTOR, -1, _SPACE)


def job_name(seed: int, index: int) -> str:
    """`calm_pear_k3v…`: the ending is the index, stirred."""
    bits = noise.mixed(seed, index)
    code = (index * _FACTOR + seed) % _SPACE
    ending = ""
    for _ in range(_LENGTH // 2):
        code, pair = divmod(code, len(_PAIRS))
        ending += _PAIRS[pair]
    colour, thing = _COLOURS[bits % len(_COLOURS)], _THINGS[(bits >> 16) % len(_THINGS)]
    return f"{colour}_{thing}_{ending}"


def index_of(seed: int, name: str) -> int | None:
    """The index that has this name; None where no job could have it."""
    ending = name.lower().rpartition("_")[2]
    if len(ending) != _LENGTH or any(letter not in _LETTERS for letter in ending):
        return None
    code = 0
    for letter in reversed(ending):
        code = code * len(_LETTERS) + _LETTERS.index(letter)
    index = (code - seed) * _INVERSE % _SPACE
    return index if job_name(seed, index) == name.lower() else None
