"""Resource Graph: what its language means, what it refuses, and its pages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.emulator.graph.rows import COLUMNS
from amltui.emulator.graph.steps import read
from amltui.emulator.graph.tokens import QueryError
from tests.emulator.lab import WORKSPACE, Lab, laboratory

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
AML = "microsoft.machinelearningservices/workspaces"
ROWS: list[dict[str, Any]] = [
    {"id": "/1", "name": "Alpha-One", "type": "a/x", "location": "eastus", "tags": {"team": "red"},
     "properties": {"state": "Succeeded", "size": 3, "at": "2024-01-01T00:00:00.1234567Z"}},
    {"id": "/2", "name": "beta", "type": "a/x", "location": "westus", "tags": {},
     "properties": {"state": "Failed", "size": 10, "list": ["p", "q"], "at": "2025-01-01"}},
    {"id": "/3", "name": "gamma two", "type": "a/y", "location": "eastus", "tags": None,
     "properties": {"state": None, "at": None}},
]  # fmt: skip


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def ran(text: str) -> list[dict[str, Any]]:
    return read(f"Resources | {text}").run([dict(each) for each in ROWS], 1_735_689_600.0)


def ids(condition: str) -> str:
    return "".join(each["id"].strip("/") for each in ran(f"where {condition}"))


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("type == 'a/x'", "12"),
        ("type == 'A/X'", ""),
        ("type =~ 'A/X'", "12"),
        ("type != 'a/x'", "3"),
        ("type !~ 'A/X'", "3"),
        ("location in ('eastus', 'x')", "13"),
        ("location in ('EASTUS')", ""),
        ("location in~ ('EASTUS')", "13"),
        ("location !in ('eastus')", "2"),
        ("location !in~ ('EastUS')", "2"),
        ("name contains 'PHA'", "1"),
        ("name contains_cs 'PHA'", ""),
        ("name !contains 'a'", ""),
        ("name has 'one'", "1"),
        ("name has 'on'", ""),
        ("name !has 'one'", "23"),
        ("name has_any ('one', 'TWO')", "13"),
        ("name startswith 'ALPHA'", "1"),
        ("name startswith_cs 'alpha'", ""),
        ("name !startswith 'alpha'", "23"),
        ("name endswith 'TWO'", "3"),
        ("name matches regex '^b.ta$'", "2"),
        ("properties.state == 'Failed'", "2"),
        ("properties['state'] == 'Failed'", "2"),
        ("properties.none.deeper == 'x'", ""),
        ("properties.list[1] == 'q'", "2"),
        ("isempty(properties.state)", "3"),
        ("isnotnull(properties.size)", "12"),
        ("properties.size > 3", "2"),
        ("properties.size <= 3", "1"),
        ("properties.size + 1 == 4", "1"),
        ("properties.at < datetime(2024-06-01)", "1"),
        ("todatetime(properties.at) > ago(30d)", "2"),
        ("tags.team =~ 'RED'", "1"),
        ("tags['team'] == 'red' or name == 'beta'", "12"),
        ("type == 'a/x' and not(name == 'beta')", "1"),
        ("(type == 'a/y' or location == 'westus') and name != 'beta'", "3"),
        ("tolower(name) == 'alpha-one'", "1"),
        ("strlen(name) == 4", "2"),
        ("iff(location == 'eastus', 1, 0) == 0", "2"),
        ("array_length(properties.list) == 2", "2"),
        ('name == "beta" // a remark', "2"),
        ("split(id, '/')[1] == '3'", "3"),
        ("coalesce(properties.state, 'none') == 'none'", "3"),
    ],
)
def test_what_a_condition_keeps(condition: str, found: str) -> None:
    assert ids(condition) == found


@pytest.mark.parametrize(
    ("steps", "found"),
    [
        ("project name, at = toupper(location) | take 1", [{"name": "Alpha-One", "at": "EASTUS"}]),
        ("project properties.size | limit 1", [{"properties_size": 3}]),
        ("project-away properties, tags, t*, name | take 1", [{"id": "/1", "location": "eastus"}]),
        ("project-keep id, n* | take 1", [{"id": "/1", "name": "Alpha-One"}]),
        ("project id | project-rename key = id | take 1", [{"key": "/1"}]),
        ("extend a = 1, b = a + 1 | project a, b | take 1", [{"a": 1, "b": 2}]),
        ("count", [{"Count": 3}]),
        ("where name == 'x' | count", [{"Count": 0}]),
        ("summarize count() by location | order by count_ asc",
         [{"location": "westus", "count_": 1}, {"location": "eastus", "count_": 2}]),
        ("summarize n = count(), most = max(properties.size) by type",
         [{"type": "a/x", "n": 2, "most": 10}, {"type": "a/y", "n": 1, "most": None}]),
        ("summarize sum(properties.size)", [{"sum_properties_size": 13}]),
        ("summarize countif(location == 'eastus'), dcount(type)",
         [{"countif_": 2, "dcount_type": 2}]),
        ("summarize by location", [{"location": "eastus"}, {"location": "westus"}]),
        ("summarize count() by tostring(properties.state) | top 1 by count_",
         [{"properties_state": "Succeeded", "count_": 1}]),
        ("distinct type", [{"type": "a/x"}, {"type": "a/y"}]),
        ("order by name | project name | take 1", [{"name": "gamma two"}]),
        ("sort by location asc, name desc | project id",
         [{"id": "/3"}, {"id": "/1"}, {"id": "/2"}]),
        ("order by properties.size asc | project id", [{"id": "/3"}, {"id": "/1"}, {"id": "/2"}]),
        ("order by properties.size asc nulls last | project id",
         [{"id": "/1"}, {"id": "/2"}, {"id": "/3"}]),
        ("top 2 by properties.size desc | project id", [{"id": "/2"}, {"id": "/1"}]),
        ("summarize make_set(location)", [{"make_set_location": ["eastus", "westus"]}]),
    ],
)  # fmt: skip
def test_what_steps_make_of_rows(steps: str, found: list[dict[str, Any]]) -> None:
    if "countif" in steps:
        assert [list(each.values()) for each in ran(steps)] == [[2, 2]]
    else:
        assert ran(steps) == found


@pytest.mark.parametrize(
    "text",
    [
        "Resources | where", "Resources | where type =", "Resources | join x", "Nothing", "",
        "Resources | where type == 'a", "Resources where", "Resources | project", "Resources |",
        "Resources | take x", "Resources | where (type == 'a'", "Resources | summarize name",
        "Resources | where ~", "Resources | order name", "Resources | where " + "(" * 90,
        "Resources | where not(" * 30, "Resources | where in ('a')", "Resources | project a b",
        "Resources" + " | take 1" * 60, "Resources | where name matches 'x'",
        "Resources | project-away", "Resources | project-none a", "Resources | mv-expand tags",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(QueryError):
        read(text)


async def ask(lab: Lab, query: str, **more: Any) -> dict[str, Any]:
    told: dict[str, Any] = await lab.post(GRAPH, {"query": query, **more})
    return told


async def test_workspaces_have_their_types_and_groups_in_lower_case(lab: Lab) -> None:
    found = await ask(lab, f"Resources | where type =~ '{AML.upper()}'", subscriptions=["S1"])
    assert (found["totalRecords"], found["count"], found["resultTruncated"]) == (1, 1, "false")
    assert found["facets"] == []
    row = found["data"][0]
    assert row["id"] == WORKSPACE
    assert (row["type"], row["resourceGroup"], row["subscriptionId"]) == (AML, "rg1", "s1")
    assert row["properties"]["provisioningState"] == "Succeeded"
    assert row["managedBy"] == ""


async def test_everything_that_is_tracked_is_there(lab: Lab) -> None:
    registry = "/subscriptions/s1/resourceGroups/rg1/providers/Microsoft.MachineLearningServices"
    await lab.client.put(f"{registry}/registries/r", json={"location": "eastus"})
    found = await ask(lab, "resources | summarize count() by type")
    counts = {each["type"]: each["count_"] for each in found["data"]}
    assert counts["microsoft.storage/storageaccounts"] == 1
    assert counts["microsoft.keyvault/vaults"] == 1
    assert counts["microsoft.insights/components"] == 1
    assert counts["microsoft.machinelearningservices/registries"] == 1
    assert counts[f"{AML}/onlineendpoints"] > 0
    assert counts[f"{AML}/onlineendpoints/deployments"] > 0


async def test_what_a_client_changes_is_in_the_graph(lab: Lab) -> None:
    await lab.client.patch(WORKSPACE, json={"tags": {"a": "b"}})
    assert (await ask(lab, f"Resources | where type == '{AML}' and tags.a == 'b'"))["count"] == 1
    await lab.client.delete(WORKSPACE)
    lab.pass_time(60)
    assert (await ask(lab, f"Resources | where type == '{AML}'"))["count"] == 0
    assert (await ask(lab, "Resources | where type endswith 'storageAccounts'"))["count"] == 1


async def test_containers_are_subscriptions_and_groups(lab: Lab) -> None:
    found = (await ask(lab, "ResourceContainers | project type, name, properties"))["data"]
    assert [each["type"].rpartition("/")[2] for each in found] == [
        "subscriptions", "resourcegroups"
    ]  # fmt: skip
    assert found[0]["properties"]["state"] == "Enabled"
    kind = "microsoft.resources/subscriptions/resourcegroups"
    only = (await ask(lab, f"resourcecontainers | where type == '{kind}'"))["data"]
    assert [each["name"] for each in only] == ["rg1"]


async def test_no_workspace_is_filled_for_the_graph_and_once_it_is_the_rows_are_the_same() -> None:
    async with laboratory() as lab:
        told = (await ask(lab, "Resources | order by id asc"))["data"]
        assert {each["type"] for each in told} > {
            f"{AML}/onlineendpoints", f"{AML}/onlineendpoints/deployments", f"{AML}/batchendpoints"
        }  # fmt: skip
        assert lab.world._unfilled
        await lab.get(f"{WORKSPACE}/computes")
        assert not lab.world._unfilled
        assert (await ask(lab, "Resources | order by id asc"))["data"] == told


async def test_pages_need_an_id_to_go_on(lab: Lab) -> None:
    query, seen = "Resources | project id | order by id asc", list[str]()
    options: dict[str, Any] = {"$top": 2}
    while True:
        told = await ask(lab, query, options=options)
        seen += [each["id"] for each in told["data"]]
        assert told["totalRecords"] > 4
        if "$skipToken" not in told:
            break
        options = {"$top": 2, "$skipToken": told["$skipToken"]}
    assert len(seen) == len(set(seen)) == told["totalRecords"]
    bare = await ask(lab, "Resources | project name", options={"$top": 2})
    assert "$skipToken" not in bare
    assert bare["resultTruncated"] == "true"
    skipped = await ask(lab, query, options={"$skip": 1, "$top": 1})
    assert skipped["data"] == [{"id": seen[1]}]


async def test_a_table_has_typed_columns(lab: Lab) -> None:
    query = f"Resources | where type == '{AML}' | project name, tags, n = strlen(name), b = true"
    told = (await ask(lab, query, options={"resultFormat": "table"}))["data"]
    assert told["columns"] == [
        {"name": "name", "type": "string"},
        {"name": "tags", "type": "object"},
        {"name": "n", "type": "integer"},
        {"name": "b", "type": "boolean"},
    ]
    assert told["rows"] == [["calm-ws", {}, 7, True]]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("Resources | where", "ParserFailure"),
        ("Resources | join kind=inner (x) on id", "ParserFailure"),
        ("Resources | where nothing == 'x'", "Default"),
        ("Resources | where type == 'none' | project nothing", "Default"),
        ("Resources | where magic(name)", "Default"),
        ("Resources | where tolower(name, name, name)", "Default"),
    ],
)
async def test_a_query_that_is_not_understood_is_refused_as_the_graph_does(
    lab: Lab, query: str, code: str
) -> None:
    response = await lab.client.post(GRAPH, json={"query": query})
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "BadRequest"
    assert error["message"].startswith("Please provide below info when asking for support")
    assert [each["code"] for each in error["details"]] == ["InvalidQuery", code]


async def test_where_a_query_breaks_is_told(lab: Lab) -> None:
    response = await lab.client.post(GRAPH, json={"query": "Resources\n| where name ~ 'x'"})
    detail = response.json()["error"]["details"][1]
    assert (detail["line"], detail["characterPositionInLine"], detail["token"]) == (2, 13, "~")


async def test_a_subscription_that_is_not_there_is_refused(lab: Lab) -> None:
    response = await lab.client.post(GRAPH, json={"query": "Resources", "subscriptions": ["none"]})
    assert response.status_code == 400
    details = response.json()["error"]["details"]
    assert details[0]["code"] == "NoValidSubscriptionsInQueryRequest"


@pytest.mark.parametrize(
    "body",
    [
        [], 3, {"query": 3}, {"query": "Resources", "options": 3},
        {"query": "Resources", "options": {"$top": "x"}},
        {"query": "Resources", "options": {"$top": 0}},
        {"query": "Resources", "options": {"$skip": -1}},
        {"query": "Resources", "options": {"$skipToken": 3}},
        {"query": "Resources", "options": {"resultFormat": []}},
        {"query": "Resources", "subscriptions": 3}, {"query": "Resources", "subscriptions": [[]]},
    ],
)  # fmt: skip
async def test_a_body_of_another_shape_is_refused(lab: Lab, body: Any) -> None:
    response = await lab.client.post(GRAPH, json=body)
    assert response.status_code == 400
    assert response.json()["error"]["code"]


WORDS = """Resources ResourceContainers | where project extend summarize order by top take count
    distinct - away ( ) [ ] , . = == =~ != in in~ has contains and or not type name properties 'x'
    "y" 3 1.5 7d ago now true null * ~ ; : // asc desc nulls first dynamic datetime iff strcat %
    ¬ é"""


@given(st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join) | st.text(max_size=60))
def test_whatever_is_asked_is_answered_or_refused(text: str) -> None:
    try:
        query = read(text)
        query.check(COLUMNS, 0.0)
        query.run([dict(COLUMNS), {**COLUMNS, "name": "x", "properties": {"a": [1]}}], 0.0)
    except QueryError:
        pass
