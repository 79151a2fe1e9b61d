"""Template deployments: their language, their order, and what becomes of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amltui.emulator.deployments.expression import TemplateError
from amltui.emulator.deployments.scope import Scope
from amltui.emulator.deployments.template import planned
from tests.emulator.lab import WORKSPACE, Lab, laboratory

GROUP = "/subscriptions/s1/resourceGroups/rg1"
DEPLOYMENTS = f"{GROUP}/providers/Microsoft.Resources/deployments"
MINE = f"{DEPLOYMENTS}/mine"
AML = "Microsoft.MachineLearningServices/workspaces"
STORAGE = "Microsoft.Storage/storageAccounts"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


def resource(type_: str, name: str, *needs: str, **more: Any) -> dict[str, Any]:
    return {"type": type_, "name": name, "apiVersion": "2023-01-01", "location": "eastus",
            "dependsOn": list(needs), **more}  # fmt: skip


def body(*resources: Any, parameters: Any = None, given: Any = None, **more: Any) -> dict[str, Any]:
    template = {"$schema": "x", "parameters": parameters or {}, "resources": resources, **more}
    return {"properties": {"mode": "incremental", "template": template, "parameters": given or {}}}


def scope(**more: Any) -> Scope:
    subscription = {"subscriptionId": "s1", "tenantId": "t"}
    return Scope(subscription, {"name": "rg1", "location": "eastus"}, "d", lambda _: None, **more)


# The language


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("[[bracket]", "[bracket]"),
        ("['it''s']", "it's"),
        ("[concat('a', 'b', string(3))]", "ab3"),
        ("[concat(createArray(1), createArray(2))]", [1, 2]),
        ("[if(equals('A', 'a'), 'yes', unknown())]", "yes"),
        ("[and(true(), not(false()))]", True),
        ("[or(equals(1, 2), bool('True'))]", True),
        ("[resourceId('M.X/a', 'n')]", "/subscriptions/s1/resourceGroups/rg1/providers/M.X/a/n"),
        (
            "[resourceId('rg2', 'M.X/a/b', 'n', 'm')]",
            "/subscriptions/s1/resourceGroups/rg2/providers/M.X/a/n/b/m",
        ),
        (
            "[resourceId('s2', 'rg2', 'M.X/a', 'n')]",
            "/subscriptions/s2/resourceGroups/rg2/providers/M.X/a/n",
        ),
        ("[subscriptionResourceId('M.X/a', 'n')]", "/subscriptions/s1/providers/M.X/a/n"),
        ("[resourceGroup().location]", "eastus"),
        ("[subscription().tenantId]", "t"),
        ("[json('{\"a\": [1, 2]}').A[1]]", 2),
        ("[toLower(substring('HELLO', 1, 3))]", "ell"),
        ("[length(split('a-b-c', '-'))]", 3),
        ("[empty('')]", True),
        ("[contains(createArray('x'), 'x')]", True),
        ("[format('{0}-{1}', 'a', 2)]", "a-2"),
        ("[coalesce(null(), 'x')]", "x"),
        ("[add(2, mul(3, 4))]", 14),
        ("[json('null')]", None),
    ],
)
def test_what_an_expression_means(text: str, value: Any) -> None:
    assert scope().value(text) == value


PIECES = """concat( if( equals( resourceId( parameters( variables( json( split( substring( mul(
    range( 'x' 'a/b' '' 3 -1 , ) ) ) . [ ] resourceGroup() subscription() name true() null()
    createArray("""


@given(st.lists(st.sampled_from(PIECES.split()), max_size=12).map("".join) | st.text(max_size=40))
def test_whatever_is_written_means_something_or_is_an_error(text: str) -> None:
    try:
        scope().value(f"[{text}]")
    except TemplateError:
        pass


def test_a_unique_string_follows_from_its_parts() -> None:
    first, again, other = (
        scope().value(f"[uniqueString('{text}', 'x')]") for text in ("a", "a", "b")
    )
    assert first == again != other
    assert len(first) == 13


@pytest.mark.parametrize(
    "text",
    [
        "[concat('a']", "[concat('a',)]", "['a' 'b']", "[nothing()]", "[parameters('x')]",
        "[variables('x')]", "[toLower(3)]", "[resourceId('a', 'b')]", "[resourceId('M.X/a')]",
        "[reference('/x')]", "[resourceGroup().none]", "[createArray(1)[7]]", "[json('{')]",
        "[div(1, 0)]", "[]", "[%]", "[" + "not(" * 60 + "true()" + ")" * 60 + "]",
        "[if(true(), 'x')]",
    ],
)  # fmt: skip
def test_what_means_nothing_is_an_error_for_the_author(text: str) -> None:
    with pytest.raises(TemplateError):
        scope().value(text)


def test_parameters_are_checked_and_evaluated_once() -> None:
    template = {
        "parameters": {
            "a": {"type": "string", "defaultValue": "[newGuid()]"},
            "b": {"type": "string", "allowedValues": ["One", "Two"]},
            "c": {"type": "string", "defaultValue": "[concat(parameters('a'), 'x')]"},
        }
    }
    inside = scope().of(template, {"b": {"value": "two"}, "a": {"value": None}})
    assert inside.value("[parameters('A')]") == inside.parameter("a")
    assert inside.parameter("c") == f"{inside.parameter('a')}x"
    assert inside.parameter("b") == "Two"
    for told in ({}, {"b": {"value": "three"}}, {"b": {"value": 3}},
                  {"b": {"value": "One"}, "z": {"value": 1}}):  # fmt: skip
        with pytest.raises(TemplateError):
            scope().of(template, told)


@pytest.mark.parametrize("kind", ["parameters", "variables"])
def test_what_depends_on_itself_is_an_error(kind: str) -> None:
    told = {
        "parameters": {"a": {"type": "string", "defaultValue": f"[{kind}('a')]"}},
        "variables": {"a": "[variables('a')]"},
    }
    with pytest.raises(TemplateError, match="depends on itself"):
        scope().of(told, {}).value(f"[{kind}('a')]")


def test_resources_come_after_those_that_they_need() -> None:
    first = resource("M.X/a", "1", "[resourceId('M.X/a', '2')]")
    second = resource("M.X/a", "2", "3")
    third = resource("M.X/a", "3", "[resourceId('M.X/a', 'not here')]")
    found = planned({"resources": [first, second, third]}, scope())
    assert [each.name for each in found] == ["3", "2", "1"]
    with pytest.raises(TemplateError, match="Circular"):
        planned({"resources": [first, resource("M.X/a", "2", "1")]}, scope())


def test_conditions_copies_and_children() -> None:
    copied = resource("M.X/a", "[concat('n', copyIndex(1))]", copy={"name": "c", "count": 2})
    child = resource("b", "child", properties={"x": "[resourceGroup().name]"})
    parent = resource("M.X/a", "p", resources=[child])
    left_out = resource("M.X/a", "[unknown()]", condition="[equals(1, 2)]")
    found = planned({"resources": [copied, parent, left_out]}, scope())
    assert [each.name for each in found] == ["n1", "n2", "p", "p/child"]
    assert found[3].id == f"{GROUP}/providers/M.X/a/p/b/child"
    assert found[3].body() == {"location": "eastus", "properties": {"x": "rg1"}}


# Deployments


async def test_resources_are_put_and_the_deployment_follows_them(lab: Lab) -> None:
    asked = body(
        resource(AML, "new-ws", f"[resourceId('{STORAGE}', 'acc')]",
                 properties={"storageAccount": f"[resourceId('{STORAGE}', parameters('name'))]"}),
        resource(STORAGE, "[parameters('name')]"),
        parameters={"name": {"type": "string"}, "secret": {"type": "securestring"}},
        given={"name": {"value": "acc"}, "secret": {"value": "hidden"}},
        outputs={"id": {"type": "string",
                        "value": f"[reference(resourceId('{STORAGE}', 'acc'))"
                                 ".primaryEndpoints.blob]"}},
    )  # fmt: skip
    response = await lab.client.put(MINE, json=asked)
    assert response.status_code == 201
    assert response.json()["properties"]["provisioningState"] == "Accepted"
    status = response.headers["azure-asyncoperation"]
    assert "/operationStatuses/" in status
    assert (await lab.get(status))["status"] == "Running"
    lab.pass_time(5)
    steps = {
        each["properties"]["targetResource"]["resourceName"]: each["properties"]
        for each in (await lab.get(f"{GROUP}/deployments/mine/operations"))["value"]
    }
    assert steps["acc"]["provisioningState"] == "Succeeded"
    assert steps["new-ws"]["provisioningState"] == "Running"
    again = await lab.client.put(MINE, json=asked)
    assert again.json()["error"]["code"] == "DeploymentActive"
    lab.pass_time(60)
    assert (await lab.get(status))["status"] == "Succeeded"
    shown = (await lab.get(MINE))["properties"]
    assert shown["provisioningState"] == "Succeeded"
    assert shown["parameters"]["name"] == {"type": "String", "value": "acc"}
    assert "hidden" not in str(shown)
    assert shown["outputs"]["id"]["value"] == "https://acc.blob.core.windows.net/"
    assert {each["id"] for each in shown["outputResources"]} == {
        f"{GROUP}/providers/{STORAGE}/acc", f"{GROUP}/providers/{AML}/new-ws"
    }  # fmt: skip
    place = await lab.get(f"{GROUP}/providers/{AML}/new-ws")
    assert place["properties"]["storageAccount"] == f"{GROUP}/providers/{STORAGE}/acc"
    exported = (await lab.post(f"{MINE}/exportTemplate"))["template"]
    assert len(exported["resources"]) == 2
    listed = await lab.get(DEPLOYMENTS, **{"$filter": "provisioningState eq 'Succeeded'"})
    assert [each["name"] for each in listed["value"]] == ["mine"]


async def test_a_resource_that_is_refused_fails_the_deployment(lab: Lab) -> None:
    bad = resource(AML, "bad-kind", kind="Castle")
    after = resource(STORAGE, "after", "bad-kind")
    response = await lab.client.put(MINE, json=body(bad, after, resource(STORAGE, "apart")))
    assert response.status_code == 201
    lab.pass_time(10)
    status = await lab.get(response.headers["azure-asyncoperation"])
    assert status["status"] == "Failed"
    assert status["error"]["code"] == "DeploymentFailed"
    assert "Castle" in status["error"]["details"][0]["message"]
    assert (await lab.client.head(f"{GROUP}/providers/{STORAGE}/apart")).status_code == 204
    assert (await lab.client.head(f"{GROUP}/providers/{STORAGE}/after")).status_code == 404
    steps = (await lab.get(f"{MINE}/operations"))["value"]
    failed = next(each for each in steps if each["properties"]["provisioningState"] == "Failed")
    assert failed["properties"]["statusMessage"]["error"]["code"] == "UserError"
    one = await lab.get(f"{MINE}/operations/{failed['operationId']}")
    assert one == failed


async def test_a_planned_fault_of_a_workspace_fails_its_deployment(lab: Lab) -> None:
    lab.world.faults.add("Workspaces_CreateOrUpdate", "operation-fails")
    response = await lab.client.put(MINE, json=body(resource(AML, "new-ws")))
    lab.pass_time(60)
    assert (await lab.get(response.headers["azure-asyncoperation"]))["status"] == "Failed"
    shown = await lab.get(f"{GROUP}/providers/{AML}/new-ws")
    assert shown["properties"]["provisioningState"] == "Failed"


async def test_nested_templates_are_deployments_of_their_own(lab: Lab) -> None:
    inner = {"parameters": {"n": {"type": "string"}},
             "resources": [resource(STORAGE, "[parameters('n')]")]}  # fmt: skip
    nested = resource(
        "Microsoft.Resources/deployments", "inner",
        properties={"mode": "Incremental", "template": inner,
                    "expressionEvaluationOptions": {"scope": "inner"},
                    "parameters": {"n": {"value": "[concat('in', 'side')]"}}},
    )  # fmt: skip
    outer = resource(
        "Microsoft.Resources/deployments", "outer",
        properties={"mode": "Incremental",
                    "template": {"resources": [resource(STORAGE, "[variables('v')]")]}},
    )  # fmt: skip
    response = await lab.client.put(MINE, json=body(nested, outer, variables={"v": "outside"}))
    lab.pass_time(30)
    assert (await lab.get(response.headers["azure-asyncoperation"]))["status"] == "Succeeded"
    for name in ("inside", "outside"):
        assert (await lab.client.head(f"{GROUP}/providers/{STORAGE}/{name}")).status_code == 204
    names = [each["name"] for each in (await lab.get(DEPLOYMENTS))["value"]]
    assert sorted(names) == ["inner", "mine", "outer"]


async def test_what_is_in_a_workspace_can_be_deployed(lab: Lab) -> None:
    model = resource(f"{AML}/models/versions", "calm-ws/mine/1",
                     properties={"modelUri": "azureml://x"})  # fmt: skip
    await lab.client.put(MINE, json=body(model))
    assert (await lab.get(f"{WORKSPACE}/models/mine/versions/1"))["name"] == "1"


async def test_validation_does_nothing(lab: Lab) -> None:
    asked = body(resource(STORAGE, "acc"))
    told = await lab.post(f"{MINE}/validate", asked)
    assert told["properties"]["validatedResources"]
    assert (await lab.client.head(f"{GROUP}/providers/{STORAGE}/acc")).status_code == 404
    assert (await lab.client.head(MINE)).status_code == 404
    response = await lab.client.post(f"{MINE}/validate", json=body(resource(STORAGE, "[x()]")))
    assert response.json()["error"]["code"] == "InvalidTemplate"


async def test_a_deployment_is_canceled_only_while_it_runs(lab: Lab) -> None:
    await lab.client.put(MINE, json=body(resource(AML, "new-ws")))
    assert (await lab.client.post(f"{MINE}/cancel")).status_code == 204
    assert (await lab.get(MINE))["properties"]["provisioningState"] == "Canceled"
    assert (await lab.client.post(f"{MINE}/cancel")).status_code == 409


async def test_deleting_a_deployment_leaves_what_it_put(lab: Lab) -> None:
    await lab.client.put(MINE, json=body(resource(STORAGE, "acc")))
    lab.pass_time(10)
    response = await lab.client.delete(MINE)
    assert response.status_code == 202
    lab.pass_time(10)
    assert (await lab.client.get(response.headers["location"])).status_code == 200
    assert (await lab.client.get(MINE)).json()["error"]["code"] == "DeploymentNotFound"
    assert (await lab.client.delete(MINE)).status_code == 204
    assert (await lab.client.head(f"{GROUP}/providers/{STORAGE}/acc")).status_code == 204


DEEP: dict[str, Any] = {}
for _ in range(400):
    DEEP = {"a": DEEP}
JUNK: tuple[Any, ...] = (
    [], {}, {"properties": 3}, {"properties": {"template": []}}, {"properties": {"template": "x"}},
    {"properties": {"template": {"resources": 3}}}, body(3), body({}), body({"type": 3}),
    body(resource("M.X", "n")), body(resource("M.X/a", "n/m")), body({"type": "M.X/a"}),
    body(resource("M.X/a", "n"), parameters=[3]), body(resource("M.X/a", "n"), given=[3]),
    body(resource("M.X/a", "n"), parameters={"a": 3}), body({**resource("M.X/a", "n"), "copy": 3}),
    body({**resource("M.X/a", "n"), "dependsOn": 3}),
    body({**resource("M.X/a", "n"), "condition": "[x"}),
    {"properties": {"mode": "sideways", "template": {"resources": []}}},
    {"properties": {"templateLink": {"uri": "https://x"}}},
    body({**resource("M.X/a", "n"), "copy": {"count": 10**9}}),
    body(resource("M.X/a", "n"), parameters={"a": {"type": "object", "defaultValue": DEEP}}),
)  # fmt: skip


@pytest.mark.parametrize("asked", JUNK)
async def test_a_template_that_makes_no_sense_is_refused(lab: Lab, asked: Any) -> None:
    for method, path in (("PUT", MINE), ("POST", f"{MINE}/validate")):
        response = await lab.client.request(method, path, json=asked)
        assert response.status_code in {200, 201, 400}, response.text
        if response.status_code == 400:
            assert response.json()["error"]["code"] in {"InvalidTemplate", "InvalidRequestContent"}
