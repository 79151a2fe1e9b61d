"""Which failures are the same one."""

from __future__ import annotations

import re

import pytest

from amltui.domain.failure import signature


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("KeyError: 'label_smoothing'", "KeyError: 'label_smoothing'", True),
        ("KeyError: 'label_smoothing'", "KeyError: 'lr'", False),
        (
            "CUDA out of memory. Tried to allocate 2.50 GiB (GPU 3; 31.74 GiB total)",
            "CUDA out of memory. Tried to allocate 128.00 MiB (GPU 0; 31.74 GiB total)",
            False,
        ),
        (
            "CUDA out of memory. Tried to allocate 2.50 GiB (GPU 3)",
            "RuntimeError: CUDA out of memory. Tried to allocate 4.00 GiB (GPU 0)",
            True,
        ),
        ("node 0xdeadbeef of 8 is lost", "node 0x01 of 16 is lost", True),
        ("a(b[c*", "a(b[c*", True),
    ],
)
def test_numbers_differ_and_words_do_not(one: str, other: str, same: bool) -> None:
    """What is matched elsewhere in a message is the same error; brackets are no syntax."""
    found = signature(one)
    assert " " not in found
    assert bool(re.search(found, other)) is same
