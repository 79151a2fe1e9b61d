"""Snapshots of blobs."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.emulator.lab import laboratory
from tests.emulator.storage_account import StorageAccount, parsed


@pytest.fixture
async def account() -> AsyncIterator[StorageAccount]:
    async with laboratory() as lab:
        yield StorageAccount(lab)


async def take(account: StorageAccount, path: str, **headers: str) -> str:
    response = await account.ask("PUT", path, "comp=snapshot", **headers)
    assert response.status_code == 201, response.text
    return str(response.headers["x-ms-snapshot"])


async def listed(account: StorageAccount) -> list[tuple[str, str | None]]:
    query = "restype=container&comp=list&include=snapshots&prefix=a"
    response = await account.ask("GET", "", query)
    each = parsed(response).iter("Blob")
    return [(str(blob.findtext("Name")), blob.findtext("Snapshot")) for blob in each]


async def test_a_snapshot_stays_as_the_blob_was(account: StorageAccount) -> None:
    """Each is read by its moment, listed only when asked for, and never written."""
    await account.put("a", b"one", x_ms_meta_k="v")
    first = await take(account, "a")
    await account.put("a", b"two")
    second = await take(account, "a", x_ms_meta_k="w")
    assert first < second
    old = await account.ask("GET", "a", f"snapshot={first}")
    assert (old.content, old.headers["x-ms-meta-k"]) == (b"one", "v")
    newer = await account.ask("HEAD", "a", f"snapshot={second}")
    assert newer.headers["x-ms-meta-k"] == "w"
    assert (await account.get("a")).content == b"two"
    assert await listed(account) == [("a", first), ("a", second), ("a", None)]
    assert await account.names("prefix=a") == ["a"]
    written = await account.ask("PUT", "a", f"comp=metadata&snapshot={first}")
    assert written.status_code == 400


async def test_a_blob_does_not_go_without_its_snapshots(account: StorageAccount) -> None:
    await account.put("a", b"one")
    first, second = await take(account, "a"), await take(account, "a")
    kept = await account.ask("DELETE", "a")
    assert (kept.status_code, kept.headers["x-ms-error-code"]) == (409, "SnapshotsPresent")
    assert (await account.ask("DELETE", "a", f"snapshot={first}")).status_code == 202
    assert await listed(account) == [("a", second), ("a", None)]
    only = await account.ask("DELETE", "a", x_ms_delete_snapshots="only")
    assert only.status_code == 202
    assert await listed(account) == [("a", None)]
    await take(account, "a")
    assert (await account.ask("DELETE", "a", x_ms_delete_snapshots="include")).status_code == 202
    assert await listed(account) == []


@pytest.mark.parametrize("stamp", ["x", "2026-11-25T00:00:00Z", "%00"])
async def test_what_is_no_moment_is_refused(account: StorageAccount, stamp: str) -> None:
    await account.put("a", b"one")
    assert (await account.ask("GET", "a", f"snapshot={stamp}")).status_code == 400
    missing = await account.ask("GET", "a", "snapshot=2026-11-25T00:00:00.0000000Z")
    assert missing.status_code == 404
    wrong = await account.ask("DELETE", "a", x_ms_delete_snapshots="some")
    assert wrong.status_code == 400
