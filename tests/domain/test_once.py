"""A long list is looked through once, as long as it is the same list."""

from __future__ import annotations

from amltui.domain.once import KEPT, SHORT, Once

LONG = tuple(range(SHORT))


def test_the_same_tuple_is_looked_through_once_and_an_equal_one_again():
    """Equal lists are other lists: to compare them would cost what is to be saved."""
    looked: list[int] = []
    counted = Once(lambda items: looked.append(len(items)) or len(looked))
    assert (counted(LONG), counted(LONG)) == (1, 1)
    assert counted((*LONG,)[:-1] + LONG[-1:]) == 2
    assert counted(LONG) == 1


def test_what_could_change_is_looked_through_each_time():
    counted = Once(len)
    items = list(LONG)
    assert counted(items) == SHORT
    items.append(0)
    assert counted(items) == SHORT + 1


def test_old_lists_are_let_go():
    """A list of a hundred thousand rows is not kept because it was counted once."""
    counted = Once(len)
    for more in range(KEPT + 3):
        counted((*LONG, more))
    assert len(counted._held) == KEPT
