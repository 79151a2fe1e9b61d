"""What filters find among rows of the real kinds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.job import Job, JobError
from amltui.domain.query.parse import parse
from amltui.kinds.arrange import Arrangement
from amltui.kinds.fields import Asker, Texts, complaint, seen
from amltui.kinds.job import JOB
from amltui.kinds.kind import Column, Row
from amltui.kinds.registry import KINDS
from tests.kinds.anything import NOW, OF_KIND

PLACE = WorkspaceId("s", "g", "w")
BASE = Job(
    PLACE,
    "gray_pig",
    "resnet50-aug",
    "img-cls",
    "Command",
    "Failed",
    compute="gpu-a100",
    created=NOW - timedelta(hours=30),
    started=NOW - timedelta(hours=30),
    ended=NOW - timedelta(hours=27),
    created_by="Kim Lang",
    creator="0000-KIM",
    tags={"team": "vision", "bare": None},
    error=JobError("CUDA out of memory", "UserError"),
    parameters={"lr": "1e-1", "opt": "adam"},
    metrics={"acc": 0.93, "loss": float("nan")},
)
UNKNOWN = Job(PLACE, "bare", None, None, None, None)
ME = Asker({"kim@contoso.com", "0000-kim"})


def found(text: str, *jobs: Job, asker: Asker = ME) -> list[str]:
    rows = [Row(job, NOW) for job in jobs or (BASE, UNKNOWN)]
    kept = Arrangement(text).apply(JOB.columns, rows, None, JOB.fields, asker)
    return [row.resource.name for row in kept]


@pytest.mark.parametrize(
    "text",
    [
        "status:failed",
        "status:running,FAILED",
        "experiment:IMG-*",
        "exp:~^img",
        "compute:gpu-a100",
        "user:me",
        "user:kim",
        "user:lang",
        'user:"Kim Lang"',
        "type:command",
        "tag:team",
        "tag:bare",
        "tag:team=Vision",
        "tag:team=~^vis",
        "after:2d",
        "before:1d",
        "metrics.acc>0.9",
        "metrics.acc>=0.93",
        "metrics.loss=nan",
        "params.lr=0.1",
        "params.lr<0.2",
        "params.opt:~AD",
        "time>2h",
        "time:3h",
        "error:~memory",
        "archived:no",
        "archived:all",
        "name:*aug",
        "name:gray_pig",
        "/resnet\\d+/ !bert",
        "status:failed user:me after:2d metrics.acc>0.9 params.opt:adam",
    ],
)
def test_a_job_is_found_by_what_it_is_and_one_of_which_nothing_is_known_is_not(text):
    """Nulls match nothing; the opposite condition finds what this one does not."""
    expected = ["gray_pig"]
    if text.startswith("archived"):
        expected.append("bare")
    assert found(text) == expected
    if " " not in text:
        assert set(found("!" + text)) == {"gray_pig", "bare"} - set(expected)


@pytest.mark.parametrize(
    "text",
    ["status:running", "user:li", "after:1d", "metrics.acc>0.93", "metrics.f1>0", "params.lr>0.1",
     "tag:team=vis", "experiment:img", "time>3h", "archived:yes", "name:resnet"],
)  # fmt: skip
def test_a_job_is_not_found_by_what_it_is_not(text):
    assert found(text) == []


def test_what_rows_have_is_offered():
    """Names of tags, metrics and parameters, and values, the most frequent first."""
    rows = [Row(BASE, NOW), Row(replace(BASE, experiment="other"), NOW), Row(BASE, NOW)]
    fields = {field.spec.name: field for field in JOB.fields}
    assert seen(fields["experiment"], rows) == ["img-cls", "other"]
    assert set(seen(fields["tag"], rows)) == {"team", "bare"}
    assert set(seen(fields["metrics"], rows)) == {"acc", "loss"}
    assert seen(fields["user"], rows) == ["Kim Lang"]


def test_me_is_whom_the_service_means_by_object_id():
    """Two people may have one name, and one of them is not me."""
    other = replace(BASE, creator="other")
    assert found("user:me", other, asker=Asker({"0000-kim"})) == []
    assert found("user:me", other, asker=Asker({"kim lang"})) == ["gray_pig"]


def test_without_a_name_in_the_sign_in_me_is_nobody_and_that_is_said():
    query = parse("x user:me", [field.spec for field in JOB.fields])
    said = complaint(query, JOB.fields, Asker())
    assert "character 3" in said
    assert "write a name" in said
    assert not complaint(query, JOB.fields, ME)


@given(st.data())
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_field_of_every_kind_can_be_asked_of_the_strangest_row(kind, data):
    """A row either has it or has it not."""
    row = Row(data.draw(OF_KIND[kind.name]), NOW)
    for field in kind.fields:
        spec = field.spec
        value = {"after": "2d", "before": "2d", "one of": "*", "number": "1", "span": "1h",
                 "numbers": "1", "texts": "1"}.get(spec.shape.value, "a")  # fmt: skip
        text = f"{spec.name}{'.a' if spec.shape.has_key else ''}:{value}"
        for each in (text, "!" + text):
            assert not parse(each, [f.spec for f in kind.fields]).complaint
        kept = [
            len(Arrangement(each).apply(kind.columns, [row], None, kind.fields))
            for each in (text, "!" + text)
        ]
        assert sum(kept) == 1


def test_the_names_of_fields_and_their_aliases_are_unique():
    for kind in KINDS:
        names = [name for f in kind.fields for name in (f.spec.name, *f.spec.aliases)]
        assert len(names) == len(set(names))


def test_texts_are_made_once_as_long_as_a_row_shows_the_same():
    """A new answer, another column or a pending mark makes them anew."""
    made: list[str] = []

    def cell(row: Row[Job]) -> str:
        made.append(row.resource.name)
        return row.pending or row.title

    columns = (Column("NAME", cell, 9),)
    texts = Texts()
    row = Row(BASE, NOW)
    for text in ("r", "re", "res"):
        assert Arrangement(text).apply(columns, [row], texts=texts) == [row]
    assert len(made) == 1
    assert not Arrangement("res").apply(columns, [replace(row, pending="cancelling")], texts=texts)
    renamed = replace(row, resource=replace(BASE, display_name="bert", name="b2"))
    assert not Arrangement("res").apply(columns, [renamed], texts=texts)
    assert not Arrangement("res").apply((Column("X", lambda r: "x", 9),), [row], texts=texts)
