"""Limits and what they leave: which one decides, who holds it, and what nobody has told."""

from __future__ import annotations

import pytest

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.quota import Limit, Need, Usage, fit, parts_of, pressing
from amltui.kinds.fitting import sentence

PLACE = WorkspaceId("s1", "rg", "nlp-dev")
FAMILY = "standardNCSv3Family"


def usage(used: int, limit: int, name: str = FAMILY, **more: object) -> Usage:
    return Usage("s1", "westeurope", name, used, limit, **more)  # type: ignore[arg-type]


def part(path: str, used: int, limit: int = 99) -> Usage:
    return usage(used, limit, holder=f"{PLACE.path}{path}")


def need(vcpus: int, **more: object) -> Need:
    return Need(PLACE, "westeurope", FAMILY, vcpus, **more)  # type: ignore[arg-type]


WHOLE = usage(24, 48)


def test_what_fits_tells_what_is_free():
    """The number that is free, of how many, where, and how old that is."""
    told = sentence(fit(need(6), [WHOLE]), 40.0)
    assert told == "fits: 24 of 48 vCPU of NCSv3 free in westeurope, 6 needed (read 40s ago)"


def test_what_does_not_fit_names_what_to_ask_for_and_what_to_stop():
    """The largest holder first; workspaces are not things that stop."""
    held = [part("", 24, 48), part("/computes/a", 6), part("/computes/b", 18)]
    told = fit(need(30), [WHOLE, *held])
    assert (told.fits, told.missing) == (False, 6)
    assert sentence(told, 0.0).endswith(
        "ask for 6 vCPU more in the portal's Quotas, or stop b (holds 18 in nlp-dev) or"
        " a (holds 6 in nlp-dev)"
    )


@pytest.mark.parametrize(
    ("usages", "vcpus", "fits"),
    [
        ([WHOLE], 24, True),
        ([WHOLE], 25, False),
        ([usage(0, -1)], 9_999, True),
        ([usage(99, 48)], 1, False),
        ([WHOLE, usage(349, 350, "all", counts=Limit.DEDICATED)], 2, False),
        ([WHOLE, part("", 6, 8)], 6, False),
        ([WHOLE, usage(99, 100, "x", counts=Limit.LOW_PRIORITY)], 6, True),
        ([WHOLE, usage(100, 100, "standardDSv2Family")], 6, True),
    ],
)
def test_the_tightest_limit_that_counts_it_decides(usages: list[Usage], vcpus: int, fits: bool):
    """Of the family, of all families, and of the workspace; no limit is no limit."""
    assert fit(need(vcpus), usages).fits is fits


def test_preemptible_machines_have_a_limit_of_their_own():
    """However full the family is."""
    usages = [usage(48, 48), usage(90, 100, "x", counts=Limit.LOW_PRIORITY)]
    assert fit(need(10, low_priority=True), usages).fits
    assert not fit(need(11, low_priority=True), usages).fits


@pytest.mark.parametrize(
    "usages",
    [[], [usage(0, 350, "all", counts=Limit.DEDICATED)], [usage(1, 9, "standardDSv2Family")]],
)
def test_a_family_that_nobody_tells_of_is_unknown(usages: list[Usage]):
    """That there is room for some family says nothing of this one."""
    told = fit(need(6), usages)
    assert not told.is_known
    assert not told.fits
    assert sentence(told, 0.0).startswith("! whether it fits is unknown: westeurope tells no quota")


def test_a_family_has_two_spellings():
    """That of VM sizes, and that of usages."""
    told = fit(need(6), [usage(0, 48, "Standard NCSv3 Family Cluster Dedicated vCPUs")])
    assert told.fits
    assert told.limit is not None
    assert told.limit.title == "NCSv3"


def test_parts_are_no_pressure_of_their_own():
    """What is used counts once, with those that hold it below."""
    held = [part("", 24, 48), part("/computes/a", 24)]
    assert pressing((WHOLE, *held)) == [WHOLE]
    assert [each.who for each in parts_of(WHOLE, held)] == ["a"]
