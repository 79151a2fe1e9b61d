"""Behind a private endpoint: a refusal, or no answer, says what it is about."""

from __future__ import annotations

import httpx
import pytest

from amltui.azure.errors import NotAllowed, Unreachable
from tests.azure.answers import API, PLACE, Answer, Reply, Rig

RUN = f"/history/v1.0{PLACE.path}/runs/r"
REFUSED = Reply(403, {"error": {"code": "Forbidden", "message": "Public access is not allowed."}})
LOG = "https://sa1.blob.core.windows.net/logs/std_log.txt"
SAID = "is closed to public networks"


def workspace(rig: Rig, access: str | None) -> None:
    rig.service.data_plane()
    told = {"discoveryUrl": f"{API}/discovery", "publicNetworkAccess": access}
    rig.service.on("GET", f"/workspaces/{PLACE.name}", Reply(body={"properties": told}))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (REFUSED, NotAllowed),
        (httpx.ConnectError("name or service not known"), Unreachable),
        (httpx.ConnectTimeout("timed out"), Unreachable),
    ],
)
async def test_the_data_plane_of_a_closed_workspace(
    rig: Rig, answer: Answer, kind: type[Exception]
):
    """The reason is in the same sentence, and the service's own words stay."""
    workspace(rig, "Disabled")
    rig.service.on("GET", RUN, answer)
    with pytest.raises(kind, match=SAID) as caught:
        await rig.place.history("GET", "/runs/r")
    assert "private endpoint" in str(caught.value)


@pytest.mark.parametrize("access", ["Enabled", None, "SomethingNew"])
async def test_an_open_workspace_is_not_blamed(rig: Rig, access: str | None):
    """There a refusal is about rights."""
    workspace(rig, access)
    rig.service.on("GET", RUN, REFUSED)
    with pytest.raises(NotAllowed) as caught:
        await rig.place.history("GET", "/runs/r")
    assert SAID not in str(caught.value)


async def test_discovery_that_cannot_be_reached(rig: Rig):
    """Its host is private as well; what is refused for another reason keeps its own words."""
    workspace(rig, "disabled")
    rig.service.on("GET", "/discovery", httpx.ConnectError("no route"))
    with pytest.raises(Unreachable, match=SAID):
        await rig.place.history("GET", "/runs/r")


async def test_the_firewall_of_a_storage_account(rig: Rig):
    """It refuses with a code of its own, and not for the age of the link."""
    said = b"<?xml version='1.0'?><Error><Code>AuthorizationFailure</Code></Error>"
    headers = {"x-ms-error-code": "AuthorizationFailure", "Content-Type": "application/xml"}
    rig.service.on("GET", "/logs/std_log.txt", Reply(403, said, headers))
    with pytest.raises(NotAllowed, match="firewall of storage account sa1 does not let") as caught:
        await rig.client.read_blob(
            "https://sa1.blob.core.windows.net/logs/std_log.txt?sig=secret", 0
        )
    assert "secret" not in str(caught.value)
