"""A refusal in any format becomes an error named by what to do, and one sentence that says so."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amltui.azure import errors
from amltui.azure.envelope import LONGEST, error_for, read
from tests.azure.answers import API, PLACE
from tests.azure.samples import sample
from tests.azure.test_loose import JSON

ARM = "https://management.azure.com"
JOB = f"{ARM}{PLACE.path}/jobs/train1?api-version=2025-12-01"
STOP = f"{ARM}{PLACE.path}/computes/ci-anna/stop?api-version=2025-12-01"
NOW = datetime(2026, 11, 24, tzinfo=UTC)
HTML = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<center>nginx</center>\r\n</html>"
STORAGE = (
    '﻿<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code>'
    "<Message>Server failed to authenticate the request.\nRequestId:1</Message></Error>"
).encode()
SERVICE = {
    "error": {
        "code": "UserError",
        "severity": None,
        "message": "Run train1\r\nwas not found",
        "messageFormat": "Run {runId} was not found",
        "messageParameters": {"runId": "train1"},
        "details": [],
        "innerError": {"code": "NotFound", "innerError": {"code": "RunNotFound"}},
    },
    "correlation": {"operation": "op-1", "request": "r-1"},
    "environment": "eastus",
    "location": "eastus",
    "time": "2023-03-08T23:04:57.7947683+00:00",
    "componentName": "run-history",
}


def error(status: int, body: object = b"", headers=(), url: str = JOB, method: str = "GET"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return error_for(status, dict(headers), raw, method=method, url=url, now=NOW)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.NotSignedIn),
        (403, errors.NotAllowed),
        (404, errors.NotFound),
        (405, errors.BadRequest),
        (408, errors.ServiceBroken),
        (409, errors.Conflict),
        (410, errors.NotFound),
        (412, errors.Conflict),
        (423, errors.Conflict),
        (429, errors.Throttled),
        (302, errors.ServiceBroken),
        (500, errors.ServiceBroken),
        (502, errors.ServiceBroken),
        (503, errors.ServiceBroken),
        (504, errors.ServiceBroken),
    ],
)
def test_the_error_is_named_by_what_to_do(status, kind):
    assert type(error(status)) is kind
    assert error(status).status == status


@pytest.mark.parametrize(
    ("name", "status", "url", "kind", "sentence", "code", "request_id"),
    [
        (
            "job_not_found",
            404,
            JOB.replace("train1", "test_594403285257"),
            errors.NotFound,
            "Job test_594403285257 not found",
            "JobNotFound",
            "f98e140ad5e5cd643aee133c890dfca8",
        ),
        (
            "pipeline_over",
            400,
            JOB.replace("train1", "000000000000000000000/cancel"),
            errors.Conflict,
            "The pipeline run 000000000000000000000 is in terminal status, it can't be canceled",
            "CancelPipelineRunInTerminalStatus",
            "fc938db43d9837c22c74a2509582020d",
        ),
        (
            "model_not_found",
            404,
            f"{ARM}{PLACE.path}/models/test_198453716381",
            errors.NotFound,
            "The specified resource was not found (model test_198453716381)",
            "ModelNotFound",
            "517b12bc82c9b9f8834a8c36853a9cb0",
        ),
        (
            "workspace_not_found",
            404,
            f"{ARM}{PLACE.path.removesuffix('00000')}e2etest_test_372788544249",
            errors.NotFound,
            "The Resource 'Microsoft.MachineLearningServices/workspaces/e2etest_test_372788544249'"
            " under resource group '00000' was not found. For more details please go to"
            " https://aka.ms/ARMResourceNotFoundFix",
            "ResourceNotFound",
            None,
        ),
    ],
)
def test_recorded_refusals(name, status, url, kind, sentence, code, request_id):
    found = error(status, sample("refusals", name), url=url)
    assert type(found) is kind
    assert str(found) == sentence
    assert (found.code, found.request_id) == (code, request_id)


def test_the_services_own_envelope_also_through_resource_manager():
    found = error(404, SERVICE)
    assert type(found) is errors.NotFound
    assert str(found) == "Run train1 was not found"
    assert (found.code, found.request_id) == ("RunNotFound", "op-1")


def test_the_request_id_of_the_headers_is_what_support_asks_for():
    headers = {"X-Ms-Correlation-Request-Id": "c-1", "x-ms-request-id": "r-1"}
    assert error(404, SERVICE, headers).request_id == "c-1"
    assert error(500, HTML, {"x-ms-request-id": "r-1"}).request_id == "r-1"


@pytest.mark.parametrize(
    ("status", "body", "url", "method", "sentence"),
    [
        (404, b"", STOP.replace("/stop", ""), "GET", "compute ci-anna does not exist"),
        (404, b"null", JOB, "GET", "job train1 does not exist"),
        (502, HTML, JOB, "GET", "management.azure.com answered 502 to GET job train1"),
        (504, HTML, STOP, "POST", "management.azure.com answered 504 to POST the stop of compute"
         " ci-anna"),
        (500, b'{"value": [', JOB, "GET", "management.azure.com answered 500 to GET job train1"),
        (403, b"", STOP, "POST", "management.azure.com does not allow this account to POST the stop"
         " of compute ci-anna"),
        (429, b"", JOB, "GET", "management.azure.com has had too many requests, the last for job"
         " train1"),
        (302, b"", JOB, "GET", "management.azure.com answered 302 to GET job train1"),
        (502, {"error": {"code": "BadGatewayConnection", "message": "The network connectivity issue"
         " cannot be fulfilled."}}, JOB, "GET", "The network connectivity issue cannot be fulfilled"
         " (job train1)"),
        (409, {"error": {"code": "Conflict", "message": "Please stop it first."}}, STOP, "POST",
         "Please stop it first (the stop of compute ci-anna)"),
        (500, {"error": {"code": "ServiceError"}}, JOB, "GET",
         "management.azure.com answered 500, ServiceError to GET job train1"),
        (400, {"error_code": "INVALID_PARAMETER_VALUE", "message": "Bad filter"}, f"{API}/runs/r1",
         "POST", "Bad filter (run r1)"),
        (400, {"Message": None}, JOB, "GET", "management.azure.com answered 400 to GET job train1"),
        (500, {}, "nonsense", "GET", "the service answered 500 to GET nonsense"),
    ],
)  # fmt: skip
def test_the_sentence(status, body, url, method, sentence):
    assert str(error(status, body, url=url, method=method)) == sentence


def test_storage_answers_xml_behind_a_byte_order_mark():
    found = error(403, STORAGE, url="https://sa1.blob.core.windows.net/azureml/std_log.txt")
    assert type(found) is errors.NotAllowed
    assert found.code == "AuthenticationFailed"
    assert str(found) == (
        "Server failed to authenticate the request. RequestId:1 (azureml/std_log.txt)"
    )
    assert error(404, b"", {"x-ms-error-code": "BlobNotFound"}).code == "BlobNotFound"


def test_401_that_means_no_right_does_not_send_the_user_to_sign_in():
    body = {"error": {"code": "UserError", "message": "User/tenant/subscription is not allowed to"
            " access registry ireg"}}  # fmt: skip
    assert type(error(401, body)) is errors.NotAllowed


@pytest.mark.parametrize(
    ("body", "challenge", "sentence"),
    [
        (b"", "", "the service did not accept the sign-in: sign in again"),
        (
            {"error": {"code": "ExpiredAuthenticationToken", "message": "It has expired."}},
            "",
            "the service did not accept the sign-in: sign in again (It has expired)",
        ),
        (
            b"",
            'Bearer error="invalid_token", error_description="Bad\tsignature."',
            "the service did not accept the sign-in: sign in again (Bad signature)",
        ),
        (
            {"error": {"code": "InvalidAuthenticationTokenTenant", "message": "Wrong issuer"}},
            'Bearer authorization_uri="https://login.windows.net/tenant-2", error="invalid_token"',
            "the sign-in is for another tenant: name the right one with --tenant tenant-2",
        ),
    ],
)
def test_who_must_sign_in_again_is_told_why(body, challenge, sentence):
    found = error(401, body, {"WWW-Authenticate": challenge})
    assert type(found) is errors.NotSignedIn
    assert str(found) == sentence


def test_the_wait_of_a_throttled_request_may_stand_in_the_text_only():
    body = {
        "error": {
            "code": "UserError",
            "message": "Rate exceeded. Retry again after 20 seconds.",
            "additionalInfo": [
                {"type": "InnerError", "info": {"value": {"code": "RequestThrottled"}}}
            ],
        }
    }
    found = error(429, body)
    assert type(found) is errors.Throttled
    assert (found.retry_after, found.code) == (20.0, "RequestThrottled")
    assert error(429, body, {"Retry-After": "7"}).retry_after == 7.0


@pytest.mark.parametrize(
    ("details", "code"),
    [
        ([{"code": "ModelNotFound"}], "ModelNotFound"),
        ([{"code": "Message", "message": "again"}], "UserError"),
        ([None, "text"], "UserError"),
        ("text", "UserError"),
        ([], "UserError"),
    ],
)
def test_details_may_hold_the_useful_code_or_a_mere_heading(details, code):
    assert read({"error": {"code": "UserError", "message": "m", "details": details}}).code == code


def test_a_message_is_one_printable_line_of_readable_length():
    body = {"error": {"code": "x", "message": "a\r\nb\x1b[31m\x00c\x9b2J" + "y" * 5000}}
    text = str(error(400, body))
    assert text.startswith("a b [31m c 2Jyyy")
    assert len(text) < LONGEST + 50
    assert text.isprintable()


def test_inner_errors_without_end_are_cut():
    inner: dict[str, object] = {"code": "deepest"}
    for number in range(900):
        inner = {"code": f"c{number}", "innerError": inner}
    assert read({"error": {"code": "UserError", "innerError": inner}}).code is not None


@example(409, None, "https://h/computes/a%0Ab%1B[31m/stop")
@given(st.integers(300, 599), JSON | st.builds(lambda inner: {"error": inner}, JSON), st.text())
def test_any_refusal_is_one_line(status, body, url):
    text = str(error(status, body, url=url))
    assert text
    assert not set(text) & {chr(code) for code in (*range(32), *range(127, 160))}


@given(st.integers(300, 599), st.binary())
def test_any_bytes_are_a_refusal(status, body):
    assert isinstance(error(status, body), errors.AzureError)


def test_a_deployment_tells_which_of_its_resources_failed():
    """The message of the whole only says that one has; a service's own answer is JSON in a text."""
    quoted = json.dumps({"error": {"code": "VaultAlreadyExists", "message": "The name is taken."}})
    told = read(
        {
            "error": {
                "code": "DeploymentFailed",
                "message": "At least one resource deployment operation failed.",
                "details": [
                    {"code": "Conflict", "target": "/s/vaults/kv1", "message": quoted},
                    {"code": "Denied", "details": [{"target": "/s/x/ws", "message": "No right."}]},
                    {"code": "Odd", "target": 3, "message": None, "details": "none"},
                ],
            }
        }
    )
    assert told.message == "kv1: The name is taken.; ws: No right."
    bare = {"error": {"code": "DeploymentFailed", "message": "It failed.", "details": [{}]}}
    assert read(bare).message == "It failed."
