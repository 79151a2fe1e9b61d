"""azure-storage-blob, unmodified: leases, tags, conditions, ranges, copies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from amltui.emulator.process import Service


@pytest.fixture
def container(ml: Any, service: Service, credential: Any) -> Iterator[Any]:
    """A container of its own, opened by a token."""
    from azure.storage.blob import BlobServiceClient

    account = ml.datastores.get("workspaceblobstore").account_name
    client = BlobServiceClient(
        f"{service.arm}/{account}.blob.core.windows.net", credential=credential
    )
    made = client.create_container(f"c-{uuid4().hex}")
    yield made
    made.delete_container()


def test_leases_keep_others_out(container: Any) -> None:
    from azure.core.exceptions import HttpResponseError

    blob = container.upload_blob("a", b"1")
    lease = blob.acquire_lease(15)
    with pytest.raises(HttpResponseError, match="LeaseIdMissing"):
        blob.upload_blob(b"2", overwrite=True)
    blob.upload_blob(b"3", overwrite=True, lease=lease)
    assert blob.download_blob().readall() == b"3"
    assert blob.get_blob_properties().lease.state == "leased"
    lease.renew()
    lease.change(str(uuid4()))
    lease.release()
    blob.acquire_lease(-1)
    with pytest.raises(HttpResponseError, match="LeaseAlreadyPresent"):
        blob.acquire_lease(-1)
    from azure.storage.blob import BlobLeaseClient

    assert BlobLeaseClient(blob).break_lease(0) == 0
    blob.delete_blob()
    held = container.acquire_lease(15)
    assert container.get_container_properties().lease.status == "locked"
    with pytest.raises(HttpResponseError, match="LeaseIdMissing"):
        container.delete_container()
    held.release()


def test_tags_find_blobs(container: Any) -> None:
    word = uuid4().hex
    blob = container.upload_blob("a", b"1", tags={"word": word})
    assert blob.get_blob_tags() == {"word": word}
    container.upload_blob("b", b"2", tags={"word": "other"})
    found = list(container.find_blobs_by_tags(f"\"word\" = '{word}'"))
    assert [(each.name, each.tags) for each in found] == [("a", {"word": word})]
    blob.set_blob_tags({"year": "2026"})
    assert blob.get_blob_properties().tag_count == 1
    assert list(container.find_blobs_by_tags(f"\"word\" = '{word}'")) == []


def test_conditions_and_ranges(container: Any) -> None:
    from azure.core import MatchConditions
    from azure.core.exceptions import HttpResponseError, ResourceModifiedError

    blob = container.upload_blob("a", b"0123456789")
    etag = blob.get_blob_properties().etag
    assert blob.download_blob(offset=2, length=3).readall() == b"234"
    blob.upload_blob(
        b"new", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified
    )
    with pytest.raises(ResourceModifiedError):
        blob.upload_blob(
            b"lost", overwrite=True, etag=etag, match_condition=MatchConditions.IfNotModified
        )
    now = blob.get_blob_properties()
    with pytest.raises(HttpResponseError):
        blob.download_blob(etag=now.etag, match_condition=MatchConditions.IfModified)
    with pytest.raises(HttpResponseError):
        blob.download_blob(if_modified_since=now.last_modified)


def test_blocks_appends_and_copies(container: Any) -> None:
    from azure.storage.blob import BlobBlock

    blob = container.get_blob_client("blocks")
    blob.stage_block("b-1", b"one,")
    blob.stage_block("b-2", b"two")
    _, waiting = blob.get_block_list("all")
    assert [each.id for each in waiting] == ["b-1", "b-2"]
    blob.commit_block_list([BlobBlock("b-1"), BlobBlock("b-2")])
    committed, _ = blob.get_block_list("committed")
    assert [each.size for each in committed] == [4, 3]
    copy = container.get_blob_client("copy")
    copy.start_copy_from_url(blob.url)
    assert copy.download_blob().readall() == b"one,two"
    log = container.get_blob_client("log")
    log.create_append_blob()
    assert log.append_block(b"one\n")["blob_append_offset"] == "0"
    log.append_block(b"two\n", appendpos_condition=4)
    assert log.get_blob_properties().append_blob_committed_block_count == 2


def test_snapshots_stay_as_blobs_were(container: Any) -> None:
    from azure.core.exceptions import HttpResponseError

    blob = container.upload_blob("a", b"one")
    taken = blob.create_snapshot()
    blob.upload_blob(b"two", overwrite=True)
    old = container.get_blob_client("a", snapshot=taken["snapshot"])
    assert old.download_blob().readall() == b"one"
    listed = [(each.name, each.snapshot) for each in container.list_blobs(include=["snapshots"])]
    assert listed == [("a", taken["snapshot"]), ("a", None)]
    with pytest.raises(HttpResponseError, match="SnapshotsPresent"):
        blob.delete_blob()
    blob.delete_blob(delete_snapshots="include")
    assert list(container.list_blobs(include=["snapshots"])) == []


def test_a_signature_for_one_snapshot_opens_that_one(
    container: Any, ml: Any, service: Service, credential: Any
) -> None:
    from datetime import UTC, datetime, timedelta

    import requests
    from azure.storage.blob import generate_blob_sas

    token = credential.get_token("https://management.azure.com/.default").token
    key = requests.post(
        f"{service.arm}{service.workspace_id}/listKeys?api-version=2024-04-01",
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    ).json()["userStorageKey"]
    blob = container.upload_blob("a", b"one")
    first, second = (blob.create_snapshot()["snapshot"] for _ in range(2))
    account = ml.datastores.get("workspaceblobstore").account_name
    signed = generate_blob_sas(
        account,
        container.container_name,
        "a",
        snapshot=first,
        account_key=key,
        permission="r",
        expiry=datetime.now(UTC) + timedelta(minutes=5),
    )
    url = f"{service.arm}/{account}.blob.core.windows.net/{container.container_name}/a"
    opened = requests.get(f"{url}?snapshot={first}&{signed}", timeout=10)
    assert (opened.status_code, opened.content) == (200, b"one")
    assert requests.get(f"{url}?snapshot={second}&{signed}", timeout=10).status_code == 403
    blob.delete_blob(delete_snapshots="include")
