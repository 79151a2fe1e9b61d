"""Where the emulator's answers differ from the official description, and why."""

from __future__ import annotations

STATUSES: dict[tuple[str, int], str] = {
    (
        "Registries_CreateOrUpdate",
        202,
    ): "so the service answers: azure-ai-ml sends this request by hand because of it",
}
"""Statuses that the description does not have, by operation."""

KNOWN: dict[tuple[str, str], str] = {
    (
        "Jobs_Get",
        '"properties" is a required property',
    ): "of a pipeline's child ARM tells no properties: recorded 50 times",
    ("Compute_Get", '"Resizing" is not one of'): "a state since 2025-12-01",
    ("Compute_Get", '"Resize" is not one of'): "an operation since 2025-12-01",
    ("Compute_List", '"Resizing" is not one of'): "a state since 2025-12-01",
    ("Compute_List", '"Resize" is not one of'): "an operation since 2025-12-01",
    **{
        (
            f"ServerlessEndpoints_{verb}",
            '"AAD" is not one of "Key"',
        ): "later versions of the description have this mode"
        for verb in ("CreateOrUpdate", "Get", "List", "Update")
    },
    **{
        (
            f"Datastores_{verb}",
            '"secrets" is a required property',
        ): "what opens a datastore is not shown: so in every recording"
        for verb in ("CreateOrUpdate", "Get", "List")
    },
}
"""How a validator's words on an operation's answer begin, and why it is let through."""
