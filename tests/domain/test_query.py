"""The grammar of filters: whatever is typed, it says what it understood and what not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.domain.query import values
from amltui.domain.query.complete import offer
from amltui.domain.query.condition import Shape, Spec
from amltui.domain.query.parse import holds, parse, toggled

NOW = datetime(2026, 11, 24, 19, 42, tzinfo=UTC)
SPECS = (
    Spec("status", Shape.CHOICE, "", ("running", "failed", "completed")),
    Spec("name", Shape.TEXT, ""),
    Spec("user", Shape.PERSON, "", aliases=("by",)),
    Spec("after", Shape.AFTER, ""),
    Spec("time", Shape.SPAN, ""),
    Spec("metrics", Shape.NUMBERS, "", aliases=("metric",)),
    Spec("params", Shape.TEXTS, ""),
    Spec("tag", Shape.TAG, ""),
)


def only(text: str):  # type: ignore[no-untyped-def]
    query = parse(text, SPECS)
    assert not query.complaint
    [condition] = query.conditions
    return condition


@pytest.mark.parametrize(
    ("text", "field", "key", "compare", "wanted"),
    [
        ("status:failed,Running", "status", "", ":", ("failed", "Running")),
        ('name:"a b",c', "name", "", ":", ("a b", "c")),
        ("by:me", "user", "", ":", ("me",)),
        ("after:2d", "after", "", ":", ("2d",)),
        ("time>2h", "time", "", ">", ("2h",)),
        ("metrics.val/loss<=0.4", "metrics", "val/loss", "<=", ("0.4",)),
        ('metric."val loss">0', "metrics", "val loss", ">", ("0",)),
        ("params.lr=0.1", "params", "lr", ":", ("0.1",)),
        ("tag:team=vision", "tag", "team", ":", ("vision",)),
        ("tag:team", "tag", "team", "?", ()),
        ("resnet", "", "", ":", ("resnet",)),
        ('"status:failed now"', "", "", ":", ("status:failed now",)),
        ("/mnt/data", "", "", ":", ("/mnt/data",)),
        ("lr=0.1", "", "", ":", ("lr=0.1",)),
        ("12:30", "", "", ":", ("12:30",)),
    ],
)
def test_what_is_typed_is_understood(text, field, key, compare, wanted):
    found = only(text)
    assert (found.field, found.key, found.compare, found.values) == (field, key, compare, wanted)
    assert not found.unwanted
    negated = only("!" + text)
    assert (negated.field, negated.values, negated.unwanted) == (field, wanted, True)


def test_patterns_are_regular_expressions_in_either_case():
    assert only("/res.*50 x/").pattern.search("a ResNet50 X")
    assert only("name:~^res").pattern.search("RESNET")
    assert only("!/a/").unwanted
    assert only("status!=failed").unwanted


@pytest.mark.parametrize(
    ("text", "place", "advice"),
    [
        ("x status:faild", "status:faild (character 3)", "did you mean failed?"),
        ("status:fin", "character 1", "running, failed, completed"),
        ("status:", "character 1", "one of running, failed, completed"),
        ("stauts:failed", "character 1", "no field stauts, did you mean status:"),
        ("azureml:env:3", "character 1", "in quotes it is looked for as text"),
        ("after:soon", "character 1", "2026-11-24"),
        ("after:2d,3d", "character 1", "leave out the comma"),
        ("metrics>3", "character 1", "metrics.NAME"),
        ("metrics.acc>high", "character 1", "metrics.NAME>0.9"),
        ("name>3", "character 1", "write name:"),
        ("name:~(", "character 1", "the pattern is not complete"),
        ("name:~", "character 1", "name:~^resnet"),
        ("status.a:failed", "character 1", "status has no parts"),
        ('""', "character 1", "type what to look for"),
        ("after:~2", "character 1", "no text that a pattern could match"),
    ],
)
def test_what_is_not_understood_is_told_with_its_place_and_what_to_do(text, place, advice):
    """The other conditions hold all the same."""
    query = parse(f"{text} good", SPECS)
    assert place in query.complaint
    assert advice in query.complaint
    assert "\n" not in query.complaint
    assert query.conditions[-1].values == ("good",)


@given(st.text(max_size=60) | st.lists(st.sampled_from(
    ["status:", "failed", ",", "!", "/", "~", "metrics.", "a", ">", "=", '"', " ", "tag:", "("]
)).map("".join))  # fmt: skip
def test_no_text_is_too_strange(text):
    """Every piece is either a condition or complained of, and completing never fails."""
    query = parse(text, SPECS)
    pieces = len(query.conditions) + bool(query.complaint)
    assert pieces or not text.strip()
    for condition in query.conditions:
        assert text[condition.at :].startswith(condition.text)
    offer(text, SPECS, lambda spec: ["a b", "c"])


@given(st.text(max_size=30))
def test_a_toggle_twice_changes_no_condition(text):
    once = toggled(text, "user:me")
    if not holds(text, "user:me") and "user:" not in text:
        assert holds(once, "user:me")
        assert not holds(toggled(once, "user:me"), "user:me")


def test_a_toggle_takes_the_place_of_another_condition_on_its_field():
    assert toggled("a status:running b", "status:failed") == "a b status:failed"
    assert toggled("a b status:failed", "status:failed") == "a b"


def test_times_are_told_in_several_ways():
    assert values.moment("2d", NOW) == NOW - timedelta(days=2)
    assert values.moment("today", NOW) == datetime(2026, 11, 24, tzinfo=UTC)
    assert values.moment("yesterday", NOW) == datetime(2026, 11, 23, tzinfo=UTC)
    assert values.moment("2026-11-01", NOW) == datetime(2026, 11, 1, tzinfo=UTC)
    assert values.moment("2026-11-01T12:00+02:00", NOW) == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert values.moment("99999999w", NOW) is None
    assert values.seconds("1.5h") == 5400


@given(st.text(max_size=20))
def test_no_value_is_too_strange(text):
    found = values.moment(text, NOW)
    assert found is None or found.tzinfo is not None
    values.seconds(text)
    values.number(text)


@pytest.mark.parametrize(
    ("text", "words", "completed"),
    [
        ("sta", ("status:",), "status:"),
        ("x !sta", ("status:",), "x !status:"),
        ("status:", ("running", "failed", "completed"), "status:running"),
        ("status:failed,r", ("running",), "status:failed,running"),
        ("user:m", ("me",), "user:me"),
        ("metrics.", ("c", '"a b"'), "metrics.c"),
        ("after:y", ("yesterday",), "after:yesterday"),
        ("nothing:", (), ""),
    ],
)
def test_what_could_come_next_is_offered(text, words, completed):
    found = offer(text, SPECS, lambda spec: ["c", "a b"] if spec.shape is Shape.NUMBERS else [])
    assert (found.words, found.text) == (words, completed)
