"""What every declaration must do, whatever the service tells: show, sort, record, refuse."""

from __future__ import annotations

import json
import shlex
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from amltui.domain.health import Health
from amltui.feeds.cache.codec import Codec
from amltui.feeds.cache.secrets import may_hold_secrets
from amltui.kinds.arrange import Arrangement, text_of
from amltui.kinds.format import NONE
from amltui.kinds.kind import BRISK, Cell, Kind, Row, brief
from amltui.kinds.plan import Plan
from amltui.kinds.registry import KINDS
from tests.kinds.anything import NOW, OF_KIND, bare

of_every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
slowly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def resources(data: st.DataObject, kind: Kind[Any]) -> list[Any]:
    return data.draw(st.lists(OF_KIND[kind.name], max_size=5))


@of_every_kind
@slowly
@given(st.data())
def test_every_row_is_shown_whatever_is_in_it(kind: Kind[Any], data: st.DataObject):
    """Columns, facts and tally take None, unknown states, empty text and odd times."""
    listed = resources(data, kind)
    for resource in listed:
        row = Row(resource, NOW, pending=data.draw(st.sampled_from([None, "stopping"])))
        for column in kind.columns:
            assert isinstance(column.cell(row), Cell | str)
        facts = kind.facts(row)
        assert facts
        assert all(fact.name for fact in facts)
        assert all((f.value if isinstance(f.value, str) else f.value.text) != "None" for f in facts)
        if kind.link is not None:
            kind.link(resource)
    assert all(isinstance(cell, Cell) for cell in kind.tally(listed))
    assert kind.pace(listed) in {BRISK, kind.calm}


@of_every_kind
@slowly
@given(st.data())
def test_a_record_is_plain_json_with_the_same_keys_for_every_resource(
    kind: Kind[Any], data: st.DataObject
):
    """Scripts can rely on every key being there; unknown is null."""
    keys = {frozenset(kind.record(bare(kind.name), NOW))}
    for resource in resources(data, kind):
        record = kind.record(resource, NOW)
        json.dumps(record, allow_nan=False)
        keys.add(frozenset(record))
    assert len(keys) == 1


@of_every_kind
@slowly
@given(st.data())
def test_every_column_sorts_and_the_own_order_is_total(kind: Kind[Any], data: st.DataObject):
    """Neither None nor an odd state breaks an order; no row is lost."""
    rows = [Row(resource, NOW) for resource in resources(data, kind)]
    for column in [None, *(column.title for column in kind.columns)]:
        for descending in (False, True):
            arranged = Arrangement(column=column, descending=descending)
            assert len(arranged.apply(kind.columns, rows, kind.order)) == len(rows)


@of_every_kind
@slowly
@given(st.data())
def test_every_action_is_planned_for_any_resource(kind: Kind[Any], data: st.DataObject):
    """Each row is either to be touched or refused with a reason; requests name their object."""
    rows = [Row(resource, NOW) for resource in resources(data, kind)]
    for action in kind.actions:
        plan = Plan.of(action, rows)
        assert len(plan.rows) + len(plan.refused) == len(rows)
        assert all(reason for _, reason in plan.refused)
        for row in plan.rows:
            assert all(action.effect(row))
            assert row.resource.name in action.request(row.resource)
            words = shlex.split(action.command(row.resource))
            assert any(row.resource.name in word for word in words)


@of_every_kind
def test_what_is_unknown_is_told_as_unknown(kind: Kind[Any]):
    """Nothing is invented for a resource that has only a name."""
    row = Row(bare(kind.name), NOW)
    texts = [text_of(column, row) for column in kind.columns]
    assert any(text.rpartition("/")[2] == "bare" for text in texts)
    assert "None" not in texts
    assert all(value != "0.00" for value in texts)
    record = kind.record(row.resource, NOW)
    assert record["name"] == "bare"
    assert [fact for fact in brief(kind.facts(row)) if fact.value == NONE] == []


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.actions], ids=lambda kind: kind.name
)
def test_what_is_being_done_stands_in_the_state(kind: Kind[Any]):
    """A pending mark is seen in the list of every kind that has actions."""
    row = Row(bare(kind.name), NOW, pending="stopping")
    assert any(text_of(column, row) == "stopping" for column in kind.columns)
    for action in kind.actions:
        assert "already stopping" in Plan.of(action, [row]).refused[0][1]


@of_every_kind
@slowly
@given(st.data())
def test_every_kind_is_remembered(kind: Kind[Any], data: st.DataObject):
    """A row that is kept for the next start comes back as it was."""
    assert kind.resource is not None
    codec = Codec(kind.resource)
    listed = resources(data, kind)
    assume(not may_hold_secrets(repr(listed)))  # what looks like one is hidden
    assert codec.decode(codec.encode(listed)) == tuple(listed)


@of_every_kind
def test_many_places_are_asked_as_often_together_as_some(kind: Kind[Any]):
    """Each of a thousand a twentieth as often; one in which something moves as often as ever."""
    moving = SimpleNamespace(health=Health.BUSY)
    few, many = kind.pace_among(7), kind.pace_among(1000)
    assert few([bare(kind.name)]) == kind.pace([bare(kind.name)])
    assert many([]) == 20 * few([]) == 20 * kind.calm
    assert many([moving]) == few([moving]) == BRISK


@of_every_kind
def test_a_declaration_is_complete(kind: Kind[Any]):
    """Keys are single and apart, one column never leaves, an empty list says what to do."""
    keys = [action.key for action in kind.actions if action.key] + [part.key for part in kind.parts]
    assert len(set(keys)) == len(keys)
    assert sum(column.importance == 9 for column in kind.columns) == 1
    assert len({column.title for column in kind.columns}) == len(kind.columns)
    assert kind.empty.endswith((".", "`."))
    assert kind.noun[0] != kind.noun[1]
