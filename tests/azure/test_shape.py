"""What is decoded of an answer is all that is read of it, and read alike, whatever it holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.azure import graph, jobs, loose, metrics, run_facts, run_search, runs, workspaces
from amltui.azure.protocol import next_link
from amltui.azure.shape import Each, Members, Shape
from tests.azure.answers import PLACE, rig
from tests.azure.mutations import mutations
from tests.azure.samples import sample
from tests.azure.test_loose import JSON

_MLFLOW = {
    "runs": [
        {
            "info": {
                "run_id": "r",
                "run_uuid": "r",
                "run_name": "n",
                "experiment_id": "7",
                "status": "FINISHED",
                "start_time": 1700000000000,
                "end_time": 1700000001000,
                "user_id": "u",
                "lifecycle_stage": "deleted",
                "artifact_uri": "azureml://x",
            },
            "data": {
                "tags": [{"key": "mlflow.user", "value": "a"}],
                "params": [{"key": "lr", "value": "1"}],
                "metrics": [{"key": "loss", "value": 1.5, "timestamp": 1, "step": 1}],
            },
        }
    ],
    "next_page_token": "t",
}
_POINTS = {
    "value": [{"step": 1, "createdUtc": "2023-01-01T00:00:00Z", "metricId": "x", "data": {"l": 1}}],
    "numValuesLogged": 1,
    "continuationToken": "t",
}


def _mlflow(body: Any) -> Any:
    found = [run_search._job(rig().place, run, {"7": "e"}) for run in loose.objects(body, "runs")]
    return found, loose.text(body, "next_page_token")


ANSWERS: dict[str, tuple[Shape, Callable[[Any], Any], list[Any]]] = {
    "jobs": (
        jobs.PAGE,
        lambda body: (
            [jobs.parse(PLACE, item) for item in loose.objects(body, "value")],
            next_link(body),
        ),
        [
            *({"value": [each]} for each in sample("jobs").values() if "value" not in each),
            sample("jobs", "official_list"),
        ],
    ),
    "runs": (
        runs.PAGE,
        lambda body: (
            [run_facts.parse(item) for item in loose.objects(body, "value")],
            loose.text(body, "continuationToken"),
        ),
        [sample("runs", "children"), {"value": [sample("runs", "reused_step")]}],
    ),
    "mlflow": (run_search.PAGE, _mlflow, [_MLFLOW]),
    "graph": (
        workspaces.GRAPH,
        lambda body: (
            [workspaces.parse(row) for row in graph.objects(body)],
            loose.text(body, "$skipToken"),
        ),
        [
            {"data": [sample("workspaces", "workspace")], "$skipToken": "t"},
            {
                "data": {
                    "columns": [{"name": "id", "type": "string"}],
                    "rows": [[sample("workspaces", "workspace")["id"]]],
                }
            },
        ],
    ),
    "workspaces": (
        workspaces.LIST,
        lambda body: [workspaces.parse(item) for item in loose.objects(body, "value")],
        [sample("workspaces", "list"), sample("workspaces", "official_list")],
    ),
    "points": (
        metrics.POINTS,
        lambda body: (
            metrics.parse_points("l", body, 0),
            loose.whole(body, "numValuesLogged"),
            loose.text(body, "continuationToken"),
        ),
        [_POINTS],
    ),
}
"""What is decoded of a body, how it is read, and bodies."""


def _raw(body: Any) -> bytes:
    return json.dumps(body).encode()


@pytest.mark.parametrize("name", ANSWERS)
def test_a_body_with_one_thing_wrong_is_read_as_if_all_of_it_were_decoded(name):
    shape, read, bodies = ANSWERS[name]
    for body in bodies:
        assert repr(read(loose.document(_raw(body), shape))) == repr(read(body))
        for what in mutations(body):
            raw = _raw(body)
            assert repr(read(loose.document(raw, shape))) == repr(read(json.loads(raw))), what


@pytest.mark.parametrize("name", ANSWERS)
def test_any_json_is_read_as_if_all_of_it_were_decoded(name):
    shape, read, bodies = ANSWERS[name]
    array = next(iter(bodies[0]))
    item = bodies[0][array][0]

    @given(JSON, st.sampled_from(sorted(item)), JSON)
    def whatever(value: Any, member: str, other: Any) -> None:
        for body in (value, {array: value}, {array: [value, {**item, member: other}]}):
            raw = _raw(body)
            whole = loose._tolerantly(raw)
            assert repr(read(loose.document(raw, shape))) == repr(read(whole))

    whatever()


@given(JSON)
@example("\ud800")
@example(2**64)
@example(-(2**70))
@example(1e308)
def test_a_document_is_what_the_standard_library_reads(value):
    """Also where the quick reader gives up: NaN, half characters, numbers beyond 64 bits."""
    raw = _raw(value)
    assert repr(loose.document(raw)) == repr(loose._tolerantly(raw))


def test_half_an_answer_is_none():
    """A connection that breaks leaves no document, wherever it breaks."""
    raw = _raw(_POINTS)
    for cut in range(1, len(raw)):
        with pytest.raises(json.JSONDecodeError):
            loose.document(raw[:cut], metrics.POINTS)


@pytest.mark.parametrize("raw", [b'\xef\xbb\xbf{"a": 1}', b'{"a": 1, "b": NaN}'])
def test_what_is_not_quite_json_is_read_all_the_same(raw):
    assert loose.whole(loose.document(raw, Shape({"a": ...})), "a") == 1


def test_what_is_not_read_is_not_decoded():
    """Of a job's 1.4 kB some hundred bytes are: that is what makes long lists cheap."""
    found = loose.document(
        b'{"a": {"x": 1, "y": [2]}, "b": {"any": {"x": 3, "z": 4}}, "c": 5}',
        Shape({"a": {"x": ..., "not-a-name": ...}, "b": Each({"x": ...})}),
    )
    assert isinstance(found, Members)
    assert loose.at(found, "a") == {"x": 1}
    assert loose.at(found, "b", "any", "x") == 3
    assert loose.at(found, "b", "any", "z") is None
    assert loose.at(found, "c") is None


def test_a_shape_is_told_in_its_own_words():
    with pytest.raises(TypeError, match="no shape"):
        _ = Shape({"a": "text"}).decoder
