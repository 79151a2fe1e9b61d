"""Leases: whoever has one writes, everybody else waits."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from amltui.emulator.state import StateFile
from tests.emulator.lab import Lab, laboratory
from tests.emulator.storage_account import StorageAccount, parsed

MINE, YOURS = "00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as lab:
        yield lab


@pytest.fixture
async def account(lab: Lab) -> StorageAccount:
    account = StorageAccount(lab)
    await account.put("note.txt", b"note")
    return account


async def lease(account: StorageAccount, action: str, **headers: str) -> httpx.Response:
    return await account.ask("PUT", "note.txt", "comp=lease", x_ms_lease_action=action, **headers)


async def acquire(account: StorageAccount, seconds: int = 15, lease_id: str = MINE) -> None:
    response = await lease(
        account,
        "acquire",
        x_ms_lease_duration=str(seconds),
        x_ms_proposed_lease_id=lease_id,
    )
    assert response.status_code == 201, response.text
    assert response.headers["x-ms-lease-id"] == lease_id


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.headers.get("x-ms-error-code", "")


async def test_only_the_holder_writes_and_anybody_reads(account: StorageAccount) -> None:
    await acquire(account)
    block = {"x_ms_blob_type": "BlockBlob"}
    other = await account.ask("PUT", "note.txt", content=b"other", **block)
    assert code(other) == (412, "LeaseIdMissing")
    wrong = await account.ask("PUT", "note.txt", content=b"x", x_ms_lease_id=YOURS, **block)
    assert code(wrong) == (412, "LeaseIdMismatchWithBlobOperation")
    assert code(await account.ask("DELETE", "note.txt")) == (412, "LeaseIdMissing")
    assert (await account.get("note.txt")).content == b"note"
    await account.put("note.txt", b"mine", x_ms_lease_id=MINE)
    read = await account.get("note.txt")
    assert read.content == b"mine"
    assert read.headers["x-ms-lease-status"] == "locked"
    assert read.headers["x-ms-lease-state"] == "leased"
    assert read.headers["x-ms-lease-duration"] == "fixed"


async def test_a_lease_ends_and_another_begins(lab: Lab, account: StorageAccount) -> None:
    """Renewed it lasts as long again; then anybody writes, and an old id is of no use."""
    await acquire(account)
    lab.pass_time(10.0)
    assert (await lease(account, "renew", x_ms_lease_id=MINE)).status_code == 200
    lab.pass_time(10.0)
    second = await lease(account, "acquire", x_ms_lease_duration="-1")
    assert code(second) == (409, "LeaseAlreadyPresent")
    lab.pass_time(6.0)
    late = await account.ask(
        "PUT", "note.txt", content=b"x", x_ms_lease_id=MINE, x_ms_blob_type="BlockBlob"
    )
    assert code(late) == (412, "LeaseLost")
    head = await account.ask("HEAD", "note.txt")
    assert head.headers["x-ms-lease-state"] == "expired"
    await account.put("note.txt", b"free")
    await acquire(account, -1, YOURS)
    lab.pass_time(1e6)
    head = await account.ask("HEAD", "note.txt")
    assert head.headers["x-ms-lease-duration"] == "infinite"


async def test_a_lease_is_changed_released_and_broken(lab: Lab, account: StorageAccount) -> None:
    await acquire(account, 60)
    changed = await lease(account, "change", x_ms_lease_id=MINE, x_ms_proposed_lease_id=YOURS)
    assert changed.headers["x-ms-lease-id"] == YOURS
    gone = await lease(account, "release", x_ms_lease_id=MINE)
    assert code(gone) == (409, "LeaseIdMismatchWithLeaseOperation")
    broken = await lease(account, "break", x_ms_lease_break_period="10")
    assert broken.status_code == 202
    assert broken.headers["x-ms-lease-time"] == "10"
    renewed = await lease(account, "renew", x_ms_lease_id=YOURS)
    assert code(renewed) == (409, "LeaseIsBrokenAndCannotBeRenewed")
    listed = await account.ask("GET", "", "restype=container&comp=list&prefix=note")
    (blob,) = parsed(listed).iter("Blob")
    assert blob.find("Properties/LeaseState").text == "breaking"
    lab.pass_time(11.0)
    await account.put("note.txt", b"free")
    assert (await lease(account, "release", x_ms_lease_id=YOURS)).status_code == 200
    none = await lease(account, "break")
    assert code(none) == (409, "LeaseNotPresentWithLeaseOperation")


async def test_a_deleted_blob_leaves_no_lease(account: StorageAccount) -> None:
    await acquire(account, -1)
    gone = await account.ask("DELETE", "note.txt", x_ms_lease_id=MINE)
    assert gone.status_code == 202
    await account.put("note.txt", b"new")


@pytest.mark.parametrize(
    ("action", "headers", "status"),
    [
        ("steal", {}, 400),
        ("acquire", {}, 400),
        ("acquire", {"x_ms_lease_duration": "14"}, 400),
        ("acquire", {"x_ms_lease_duration": "99999999999999999999"}, 400),
        ("acquire", {"x_ms_lease_duration": "15", "x_ms_proposed_lease_id": "me"}, 400),
        ("renew", {}, 400),
        ("renew", {"x_ms_lease_id": MINE}, 409),
        ("change", {"x_ms_lease_id": MINE}, 400),
        ("change", {"x_ms_lease_id": MINE, "x_ms_proposed_lease_id": YOURS}, 409),
        ("break", {"x_ms_lease_break_period": "61"}, 400),
    ],
)
async def test_what_is_no_lease_is_refused(
    account: StorageAccount, action: str, headers: dict[str, str], status: int
) -> None:
    assert (await lease(account, action, **headers)).status_code == status


async def test_leases_survive_a_restart() -> None:
    """A blob that was leased for ever is so after the service has been started again."""
    state = StateFile(":memory:")
    async with laboratory(state=state) as lab:
        account = StorageAccount(lab)
        await account.put("note.txt", b"note")
        await acquire(account, -1)
    async with laboratory(state=state) as lab:
        refused = await StorageAccount(lab).ask("DELETE", "note.txt")
        assert code(refused) == (412, "LeaseIdMissing")
