"""JSON is read by what a member is, not by what it was documented to be."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.azure import loose

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Running", "Running"),
        (" x ", " x "),
        (5, "5"),
        (1.5, "1.5"),
        ("", None),
        (" \t", None),
        (None, None),
        (math.nan, None),
        (True, None),
        (["Running"], None),
        ({"code": 1}, None),
    ],
)
def test_text_is_text_or_a_number(value, text):
    assert loose.text({"a": {"b": value}}, "a", "b") == text


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (1, 1.0),
        ("1", 1.0),
        (" -1.5e3 ", -1500.0),
        ("Infinity", math.inf),
        ("-inf", -math.inf),
        ("1_000", None),
        ("١", None),
        ("", None),
        ("1.2.3", None),
        (True, None),
        ([1], None),
        (10**400, None),
    ],
)
def test_a_number_may_come_as_text(value, number):
    assert loose.number(value) == number


def test_nan_is_a_number():
    found = loose.number({"loss": "NaN"}, "loss")
    assert found is not None
    assert math.isnan(found)


@pytest.mark.parametrize(
    ("value", "whole"),
    [("1", 1), (2.0, 2), (-3, -3), (1.5, None), ("NaN", None), ("inf", None), (1e300, None)],
)
def test_whole_numbers(value, whole):
    assert loose.whole(value) == whole


def test_a_count_is_never_negative():
    assert loose.count({"nodes": "3"}, "nodes") == 3
    assert loose.count({"nodes": -1}, "nodes") is None


def test_values_of_tags_that_are_not_text_are_shown_as_json():
    tags = {"a": None, "b": "", "c": True, "d": 1, "e": {"x": [None]}, "f": "é"}
    assert loose.tags({"tags": tags}, "tags") == {
        "a": None,
        "b": "",
        "c": "true",
        "d": "1",
        "e": '{"x": [null]}',
        "f": "é",
    }
    assert loose.texts(tags) == {"b": "", "c": "true", "d": "1", "e": '{"x": [null]}', "f": "é"}


@given(JSON, st.lists(st.text(max_size=6), max_size=3))
def test_nothing_that_json_holds_makes_a_reader_fail(value, path):
    for read in (loose.obj, loose.objects, loose.text, loose.number, loose.whole, loose.count):
        read(value, *path)
    loose.moment(value, *path)
    assert all(isinstance(each, str | None) for each in loose.tags(value, *path).values())
    assert all(isinstance(each, str) for each in loose.texts(value, *path).values())


def test_a_document_may_stand_behind_a_byte_order_mark():
    assert loose.document(b'\xef\xbb\xbf{"value": []}') == {"value": []}


def test_half_a_character_becomes_a_question_mark_and_a_whole_one_stays():
    raw = rb'{"name": "a\ud83d\ude00b\ud800c\uDFFFd"}'
    found = loose.document(raw)
    assert found == {"name": "a😀b?c?d"}
    found["name"].encode()


def test_bytes_that_are_no_text_do_not_hide_the_rest():
    assert loose.document(b'{"name": "caf\xe9"}') == {"name": "caf�"}


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html>",
        b'{"value": [',
        b"nonsense",
        b"[" * 100_000,
        b"\xff\xfe{\x00}\x00",
        b"1" * 5000,
    ],
    ids=["empty", "html", "truncated", "word", "deep", "utf-16", "endless number"],
)
def test_what_is_no_document_is_a_value_error(raw):
    with pytest.raises(ValueError, match=r"."):
        loose.document(raw)


@given(JSON)
def test_any_document_can_be_printed(value):
    json.dumps(loose.document(json.dumps(value).encode()), ensure_ascii=False).encode()
