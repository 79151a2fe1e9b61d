"""Filters that the service looks at: what it is asked, what it brings, and what if it refuses."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from amltui.azure import run_search
from amltui.azure.errors import Throttled
from amltui.azure.run_question import NOTHING, PLAIN, UNTIMED, question
from amltui.domain.query.parse import parse
from amltui.emulator.tokens import Principal
from amltui.kinds.job import JOB
from tests.stage import START, Stage

ME = Principal().oid
SPECS = [field.spec for field in JOB.fields]
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def conditions(text: str):  # type: ignore[no-untyped-def]
    query = parse(text, SPECS)
    assert not query.complaint
    return query.conditions


async def search(place, text: str, limit: int = 100, me: str = ME):  # type: ignore[no-untyped-def]
    from amltui.kinds.job import _is_named

    return await run_search.search(place, conditions(text), _is_named, me, lambda: START, limit)


@pytest.mark.parametrize(
    ("text", "statuses", "clauses"),
    [
        ("status:failed", ("FAILED",), ()),
        ("status:queued,preparing,running", ("SCHEDULED", "RUNNING"), ()),
        ("metrics.val/loss<=0.4", (), ("metrics.`val/loss` <= 0.4",)),
        ("params.lr=0.1", (), ("params.`lr` = '0.1'",)),
        ("tag:team=vision", (), ("tags.`team` = 'vision'",)),
        ('tag:said="it\'s"', (), ('tags.`said` = "it\'s"',)),
        ("after:2026-11-01", (), ("attributes.created >= 1793491200000",)),
        ("user:me", (), (f"attributes.user_id = '{ME}'",)),
    ],
)
def test_a_condition_is_put_into_mlflow_s_words(text, statuses, clauses):
    found = question(conditions(text), ME, NOW)
    assert (found.statuses, found.clauses) == (statuses, clauses)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    ["!status:failed", "status:~fail", "status:*", "user:kim", "user:me,kim", "metrics.loss=nan",
     "params.lr>0.1", "!tag:a=b", "tag:a=~b", "name:x", "compute:c", "error:~x", "resnet"],
)  # fmt: skip
def test_what_it_has_no_words_for_is_filtered_here(text):
    """An answer that lacks rows would be worse than a longer one."""
    assert not question(conditions(text), ME, NOW).served


@pytest.mark.parametrize(
    ("text", "listing"),
    [
        ("type:sweep", {"jobType": "Sweep"}),
        ("archived:all", {"listViewType": "All"}),
        ("tag:team", {"tag": "team"}),
        ("type:sweep archived:yes", {"jobType": "Sweep", "listViewType": "ArchivedOnly"}),
    ],
)
def test_what_the_list_itself_can_look_for_is_asked_there(text, listing):
    found = question(conditions(text), ME, NOW)
    assert (found.listing, found.is_search, found.text) == (listing, False, text)


def test_each_rung_asks_for_less():
    asked = conditions("status:failed after:2d metrics.acc>0.9")
    fields = [
        [each.field for each in question(asked, ME, NOW, rung).served]
        for rung in (0, UNTIMED, PLAIN, NOTHING)
    ]
    assert fields == [
        ["status", "after", "metrics"],
        ["status", "metrics"],
        ["metrics"],
        [],
    ]


@pytest.mark.scenario("five_thousand_runs")
async def test_the_failures_among_five_thousand_are_found_in_few_requests(stage: Stage, place):
    """Whole jobs with their errors, newest first, and older ones behind them."""
    listing = await search(place, "status:failed", 50)
    assert {job.status for job in listing.items} == {"Failed"}
    assert all(job.error and job.experiment and job.created_by for job in listing.items)
    assert (listing.more, listing.served) == (True, ("status:failed",))
    moments = [job.created for job in listing.items]
    assert moments == sorted(moments, reverse=True)
    assert len(stage.sent("POST", "/runs/search")) == 1
    assert len(stage.sent("GET", "/jobs")) == 0
    assert listing.older is not None
    older = await listing.older()
    assert older.items
    assert max(job.created for job in older.items) < min(moments)
    assert len(stage.sent("POST", "/experiments/search")) <= 2


@pytest.mark.scenario("busy_night")
@pytest.mark.parametrize(
    "text",
    ["status:running", "status:running,failed", "user:me", "experiment:img-cls",
     "experiment:~^img", "!experiment:img-cls", "after:6h status:failed", "archived:all",
     "type:sweep", "metrics.val/loss<1"],
)  # fmt: skip
async def test_it_brings_all_that_filtering_here_would_find(stage: Stage, place, text):
    """The service is quicker, and never leaves out a row."""
    from amltui.azure import jobs
    from amltui.kinds.fields import Asker, sieve
    from amltui.kinds.kind import Row

    everything = await jobs.newest(place, None, {"listViewType": "All"})
    asked = parse(text, SPECS)
    passes = sieve(asked, JOB.columns, JOB.fields, Asker({"kim lang"}, ME))
    found = {j.name for j in (await search(place, text, 1000)).items if passes(Row(j, START))}
    archived = text.startswith("archived")
    expected = {
        job.name
        for job in everything.items
        if passes(Row(job, START)) and (archived or not job.is_archived)
    }
    if text.startswith("metrics"):
        assert found  # the list knows no metrics
    else:
        assert found == expected
        assert found


@pytest.mark.scenario("five_thousand_runs")
async def test_where_attributes_cannot_be_searched_the_rest_is_and_that_is_remembered(
    stage: Stage, place
):
    """As the older edition of Microsoft's page has it; what was served is told."""
    stage.world.mlflow_attribute_filters = False
    listing = await search(place, "status:failed metrics.val/loss>0")
    assert listing.served == ("metrics.val/loss>0",)
    asked = len(stage.sent("POST", "/runs/search"))
    listing = await search(place, "status:failed")
    assert listing.served == ()
    assert len(listing.items) == 100
    assert len(stage.sent("POST", "/runs/search")) == asked


async def test_a_service_that_has_had_too_much_is_not_asked_for_less(stage: Stage, place):
    """429 says nothing about filters."""
    stage.world.faults.add("Mlflow_RunsSearch", "429", retry_after=60)
    with pytest.raises(Throttled):
        await search(place, "status:failed")
    assert place.search_rung == 0


async def test_steps_and_trials_are_not_listed(stage: Stage, place):
    listing = await search(place, "after:2020-01-01", 1000)
    assert listing.items
    assert all(job.parent is None for job in listing.items)
    sent = json.loads(stage.sent("POST", "/runs/search")[0].content)
    assert sent["order_by"] == ["attributes.start_time DESC"]


@pytest.mark.parametrize(
    "run",
    [
        None,
        {},
        {"info": None, "data": None},
        {
            "info": {"run_id": "a", "start_time": None, "status": "UNHEARD"},
            "data": {"tags": [None]},
        },
        {"info": {"run_id": "a", "start_time": 1e300}, "data": {"metrics": [{"key": None}]}},
        {"info": {"run_id": "a"}, "data": {"params": [{"key": "lr", "value": None}], "tags": 3}},
    ],
)
def test_a_run_of_nulls_is_a_job_of_which_little_is_known_or_none(place, run):
    found = run_search._job(place, run, {})
    assert found is None or (found.name, found.created, found.status) == ("a", None, None)


async def test_nothing_of_mine_is_not_believed_of_the_service_alone(place):
    """Whose id it compares is not documented: the rows are looked through here."""
    listing = await search(place, "user:me status:completed", me="an id that no run bears")
    assert listing.served == ("status:completed",)
    assert listing.items
