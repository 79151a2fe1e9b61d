"""Which built-in role has a right that was refused.

https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/ai-machine-learning
"""

from __future__ import annotations

import re

_ACTION = re.compile(r"perform action '([\w./*-]{3,200})'", re.IGNORECASE)
_ML = r"microsoft\.machinelearningservices/"
_ROLES = tuple(
    (re.compile(pattern), role)
    for pattern, role in (
        (_ML + r"workspaces/([\w-]+/)*read$", "Reader"),
        (_ML + r"locations/.*read$", "Reader on the subscription"),
        (_ML + r"workspaces/computes/", "AzureML Compute Operator"),
        (_ML + r"workspaces/(write|delete|diagnose)", "Contributor"),
        (_ML + r"workspaces/", "AzureML Data Scientist"),
        (_ML + r"registries/", "AzureML Registry User"),
        (r"microsoft\.insights/", "Monitoring Reader"),
        (r"microsoft\.costmanagement/", "Cost Management Reader"),
        (r"microsoft\.resources/deployments/", "Contributor"),
        (r"microsoft\.storage/.*/blobs/read", "Storage Blob Data Reader"),
        (r"microsoft\.storage/.*/blobs/", "Storage Blob Data Contributor"),
    )
)
"""The least of the roles that have it, by what the action's name begins with."""


def needed(message: str | None) -> str | None:
    """`Monitoring Reader`, for a refusal that names the action; None where it names none."""
    found = _ACTION.search(message or "")
    if found is None:
        return None
    action = found[1].lower()
    return next((role for pattern, role in _ROLES if pattern.match(action)), None)
