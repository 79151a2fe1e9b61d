"""The start of a file as something to look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.preview import preview


@given(st.text(), st.text())
def test_text_stays_text_wherever_it_is_cut(text: str, path: str):
    """A character that is cut by the end of what was read does not make it binary."""
    data = text.encode("utf-8", "replace").replace(b"\0", b"")
    for cut in range(len(data) + 1):
        start = data[:cut]
        found = preview("notes.txt", start, len(data) + 1)
        assert found == start


@given(st.binary(), st.sampled_from(["a.json", "a.txt", "a.ipynb", "a"]))
def test_whatever_is_in_it(data: bytes, path: str):
    """Bytes that are no text are none; nothing raises."""
    found = preview(path, data, len(data))
    assert found is None or b"\0" not in found


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b'{"a":[1]}', b'{\n  "a": [\n    1\n  ]\n}'),
        (b'{"a":', b'{"a":'),
        (b"[" * 100_000, b"[" * 100_000),
        (b"\x89PNG\0", None),
        (b"caf\xe9", None),
    ],
)
def test_json_is_laid_out_where_it_is_whole(data: bytes, shown: bytes | None):
    assert preview("x.json", data, len(data)) == shown


def test_json_that_goes_on_is_shown_as_it_is():
    assert preview("x.json", b'{"a":1}', 900) == b'{"a":1}'
