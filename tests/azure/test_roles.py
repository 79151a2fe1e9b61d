"""A refusal that names the action names the role that has it."""

from __future__ import annotations

import json

import pytest

from amltui.azure import envelope, roles
from amltui.azure.errors import NotAllowed

WHO = "The client 'kim@contoso.com' with object id '1111' does not have authorization to perform"
ML = "Microsoft.MachineLearningServices"


@pytest.mark.parametrize(
    ("action", "role"),
    [
        (f"{ML}/workspaces/computes/stop/action", "AzureML Compute Operator"),
        (f"{ML}/workspaces/computes/write", "AzureML Compute Operator"),
        (f"{ML}/workspaces/computes/read", "Reader"),
        (f"{ML}/workspaces/read", "Reader"),
        (f"{ML}/workspaces/jobs/cancel/action", "AzureML Data Scientist"),
        (f"{ML}/workspaces/onlineEndpoints/deployments/delete", "AzureML Data Scientist"),
        (f"{ML}/workspaces/delete", "Contributor"),
        (f"{ML.lower()}/locations/usages/read", "Reader on the subscription"),
        ("Microsoft.Insights/metrics/read", "Monitoring Reader"),
        ("Microsoft.CostManagement/query/action", "Cost Management Reader"),
        ("Microsoft.Resources/deployments/write", "Contributor"),
    ],
)
def test_the_role_of_an_action(action: str, role: str):
    """The least that has it, in the sentence of the error."""
    message = f"{WHO} action '{action}' over scope '/subscriptions/s' or the scope is invalid."
    body = json.dumps({"error": {"code": "AuthorizationFailed", "message": message}}).encode()
    url = "https://management.azure.com/subscriptions/s"
    error = envelope.error_for(403, {}, body, method="POST", url=url)
    assert isinstance(error, NotAllowed)
    assert f"; the role {role} has this right" in str(error)


@pytest.mark.parametrize(
    "message",
    [
        None,
        "",
        "no",
        f"{WHO} this action",
        f"{WHO} action 'Contoso.Own/things/read' over scope 's'",
    ],
)
def test_what_names_no_known_action_names_no_role(message: str | None):
    """Nothing is guessed."""
    assert roles.needed(message) is None
