"""Index tags of blobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import quote

import pytest

from tests.emulator.lab import laboratory
from tests.emulator.storage_account import StorageAccount, parsed

TAGS = "<Tags><TagSet>{}</TagSet></Tags>"


def written(**tags: str) -> bytes:
    each = (f"<Tag><Key>{name}</Key><Value>{text}</Value></Tag>" for name, text in tags.items())
    return TAGS.format("".join(each)).encode()


@pytest.fixture
async def account() -> AsyncIterator[StorageAccount]:
    async with laboratory() as lab:
        yield StorageAccount(lab)


async def tags(account: StorageAccount, path: str) -> dict[str, str]:
    response = await account.ask("GET", path, "comp=tags", token=account.token("rt"))
    assert response.status_code == 200, response.text
    each = parsed(response).iter("Tag")
    return {str(tag.findtext("Key")): str(tag.findtext("Value")) for tag in each}


async def find(account: StorageAccount, where: str) -> list[str]:
    query = f"restype=container&comp=blobs&where={quote(where)}"
    response = await account.ask("GET", "", query, token=account.token("f"))
    assert response.status_code == 200, response.text
    return [str(each.findtext("Name")) for each in parsed(response).iter("Blob")]


async def test_tags_come_with_a_blob_and_go_with_it(account: StorageAccount) -> None:
    """What is written without tags has none; a list of tags replaces those that were there."""
    await account.put("a", b"1", x_ms_tags="year=2026&team=vision%20lab")
    assert await tags(account, "a") == {"year": "2026", "team": "vision lab"}
    assert (await account.ask("HEAD", "a")).headers["x-ms-tag-count"] == "2"
    before = (await account.get("a")).headers["etag"]
    changed = await account.ask(
        "PUT", "a", "comp=tags", token=account.token("t"), content=written(year="2027")
    )
    assert changed.status_code == 204, changed.text
    assert await tags(account, "a") == {"year": "2027"}
    assert (await account.get("a")).headers["etag"] == before
    await account.put("a", b"2")
    assert await tags(account, "a") == {}
    assert "x-ms-tag-count" not in (await account.get("a")).headers


async def test_blobs_are_found_by_their_tags(account: StorageAccount) -> None:
    for name, year in (("a", "2024"), ("b", "2025"), ("c", "2026")):
        await account.put(name, b"x", x_ms_tags=f"year={year}&kind=set")
    assert await find(account, "\"year\" >= '2025' AND kind = 'set'") == ["b", "c"]
    assert await find(account, "\"year\" = '2025' and @container = 'azureml'") == ["b"]
    assert await find(account, "year < '2025' AND @container = 'other'") == []
    await account.ask("DELETE", "b")
    assert await find(account, "kind = 'set'") == ["a", "c"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<Tags",
        b"<Other/>",
        b'<!DOCTYPE x [<!ENTITY a "b">]><Tags/>',
        written(**{f"k{number}": "v" for number in range(11)}),
        written(a="x" * 257),
        written(a="ü"),
        written(a="1").replace(b"<Key>a</Key>", b""),
    ],
)
async def test_what_are_no_tags_is_refused(account: StorageAccount, body: bytes) -> None:
    await account.put("a", b"1")
    refused = await account.ask("PUT", "a", "comp=tags", token=account.token("t"), content=body)
    assert refused.status_code == 400
    assert await tags(account, "a") == {}


@pytest.mark.parametrize(
    "where", ["", "a", "a = 1", "a = '1' AND", "a = '1' OR b = '2'", "\"a = '"]
)
async def test_what_is_no_question_is_refused(account: StorageAccount, where: str) -> None:
    query = f"restype=container&comp=blobs&where={quote(where)}"
    refused = await account.ask("GET", "", query, token=account.token("f"))
    assert refused.status_code == 400
