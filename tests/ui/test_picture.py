"""Pictures for terminals without blocks or colours, and pictures that are none."""

from __future__ import annotations

import io

import pytest

from amltui.ui.tabs import picture

Image = pytest.importorskip("PIL.Image")


def test_letters_have_more_ink_where_it_is_light():
    """Left black, right white; nothing but ASCII."""
    made = Image.new("L", (8, 4), 0)
    made.paste(255, (4, 0, 8, 4))
    out = io.BytesIO()
    made.save(out, "PNG")
    text = picture.drawn(out.getvalue(), 80, 20, letters=True)
    assert text.split("\n") == ["    @@@@", "    @@@@"]


def test_a_large_picture_fits_the_room():
    """Not wider, not higher."""
    out = io.BytesIO()
    Image.new("RGB", (1000, 700), "blue").save(out, "JPEG")
    lines = picture.drawn(out.getvalue(), 30, 10, letters=True).split("\n")
    assert len(lines) <= 10
    assert 25 <= max(map(len, lines)) <= 30


def test_a_picture_that_claims_to_be_huge(monkeypatch: pytest.MonkeyPatch):
    """It is refused by its size before a pixel of it is made."""
    monkeypatch.setattr(picture, "MOST_PIXELS", 10)
    out = io.BytesIO()
    Image.new("RGB", (100, 70), "blue").save(out, "PNG")
    with pytest.raises(picture.NotShown, match="too large"):
        picture.drawn(out.getvalue(), 30, 10, letters=False)
