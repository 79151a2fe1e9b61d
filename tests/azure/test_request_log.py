"""The log of requests holds what a person wants to know, and no secret."""

from __future__ import annotations

import httpx
import pytest

from amltui.azure.errors import AzureError
from amltui.azure.request_log import KEPT
from tests.azure.answers import API, Reply

SAS = "https://sa1.blob.core.windows.net/azureml/std_log.txt?sv=1&sig=SECRET%2b&sp=r"


async def test_an_exchange_is_recorded(rig):
    headers = {"x-ms-correlation-request-id": "c-1"}
    rig.service.on("GET", "/computes", Reply(200, {"value": []}, headers))
    await rig.place.get("/computes")
    [record] = rig.client.requests
    assert (record.method, record.status, record.bytes) == ("GET", 200, len(b'{"value": []}'))
    assert (record.request_id, record.error) == ("c-1", None)
    assert record.url == (
        "https://management.azure.com" + rig.place.path + "/computes?api-version=2025-12-01"
    )
    assert record.seconds >= 0


async def test_every_try_is_recorded_also_the_one_without_an_answer(rig):
    rig.service.on("GET", "/computes", httpx.ConnectError("no"), Reply(503), Reply(200, {}))
    await rig.place.get("/computes")
    records = list(rig.client.requests)
    assert [record.status for record in records] == [None, 503, 200]
    assert records[0].error == "management.azure.com cannot be reached: no"
    assert rig.client.requests.count == 3


async def test_it_keeps_the_newest(rig):
    rig.service.on("GET", "/computes", Reply(200, {}))
    for _ in range(KEPT + 5):
        await rig.place.get("/computes")
    assert len(rig.client.requests) == KEPT
    assert rig.client.requests.count == KEPT + 5


async def test_neither_a_signature_nor_a_token_is_in_it(rig):
    rig.service.data_plane()
    rig.service.on("GET", "std_log.txt", httpx.ConnectError("no"), Reply(403), Reply(206, b"x"))
    rig.service.on("GET", "/computes", Reply(401), Reply(403, {"error": {"code": "x"}}))
    rig.service.on("GET", "/runs/r1", Reply(200, {"runId": "r1"}))
    with pytest.raises(AzureError):
        await rig.client.read_blob(SAS, 0)
    await rig.client.read_blob(SAS, 0)
    with pytest.raises(AzureError):
        await rig.place.get("/computes")
    await rig.place.history("GET", "/runs/r1")
    with pytest.raises(AzureError):
        await rig.client.send("GET", f"{API.replace('api', 'evil')}/x?sig=SECRET")
    written = repr(list(rig.client.requests))
    assert "std_log.txt?sv=…&sig=…&sp=…" in written
    assert "SECRET" not in written
    assert "token-" not in written
    assert "Bearer" not in written
