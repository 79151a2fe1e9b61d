"""The storage account of the laboratory's workspace, opened by a signature of its own service."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import httpx

from tests.emulator.lab import WORKSPACE, Lab

BLOCK = {"x-ms-blob-type": "BlockBlob"}
APPEND = {"x-ms-blob-type": "AppendBlob"}


class StorageAccount:
    """Requests to an account, signed for one container or by what else is given."""

    def __init__(self, lab: Lab, container: str = "azureml") -> None:
        place = lab.world.workspace("s1", "rg1", "calm-ws")
        assert place is not None
        assert place.id == WORKSPACE
        self.lab = lab
        self.name = place.account
        self.container = container
        self.store = f"azureml-blobstore-{place.guid}"
        self.url = f"/{self.name}.blob.core.windows.net"

    def token(self, may: str = "racwdl") -> str:
        world = self.lab.world
        return world.signer.token(self.name, self.container, world.now, may)

    async def ask(
        self,
        method: str,
        path: str,
        query: str = "",
        *,
        token: str | None = None,
        content: bytes | None = None,
        **headers: str,
    ) -> httpx.Response:
        """A request on a blob of the container; `x_ms_…` are headers."""
        signed = self.token() if token is None else token
        whole = "&".join(each for each in (query, signed) if each)
        url = f"{self.url}/{self.container}" + (f"/{path}" if path else "")
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return await self.lab.client.request(
            method, f"{url}?{whole}", headers=named, content=content, auth=None
        )

    async def put(self, path: str, data: bytes, **headers: str) -> httpx.Response:
        response = await self.ask("PUT", path, content=data, x_ms_blob_type="BlockBlob", **headers)
        assert response.status_code == 201, response.text
        return response

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, **headers)

    async def names(self, query: str = "") -> list[str]:
        """What a page of the list names: of blobs, and of what they begin with."""
        response = await self.ask("GET", "", f"restype=container&comp=list&{query}")
        assert response.status_code == 200, response.text
        return [str(each.text) for each in parsed(response).iter("Name")]


def parsed(response: httpx.Response) -> Any:
    """The XML of an answer, which begins with a byte-order mark."""
    text = response.content.decode()
    assert text.startswith('\ufeff<?xml version="1.0" encoding="utf-8"?>')
    return ElementTree.fromstring(text.removeprefix("\ufeff").partition("?>")[2])
