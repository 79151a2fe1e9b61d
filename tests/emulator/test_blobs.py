"""The blob service: what Azure Storage answers to reading and writing."""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import AsyncIterator
from hashlib import md5
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from amltui.emulator.blobs.address import place_of, storage_path, suffix_of
from amltui.emulator.blobs.store import BlobStore
from amltui.emulator.blobs.written import APPEND, BLOCK, Key, Written
from amltui.emulator.clock import ManualClock
from amltui.emulator.state import StateFile
from amltui.emulator.world import World
from tests.emulator.lab import WORKSPACE, Lab, laboratory
from tests.emulator.storage_account import StorageAccount, parsed

BLOCKS = "<Latest>{}</Latest><Latest>{}</Latest>"
ONE, TWO = b64encode(b"1").decode(), b64encode(b"2").decode()


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as held:
        yield held


@pytest.fixture
def account(lab: Lab) -> StorageAccount:
    return StorageAccount(lab)


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of an error, which the body and a header both name."""
    code = response.headers["x-ms-error-code"]
    assert parsed(response).findtext("Code") == code
    return response.status_code, code


async def test_what_is_put_is_read(account: StorageAccount) -> None:
    """Bytes, type, metadata, tag and digest of a blob come back as they were put."""
    put = await account.put("a/b c.txt", b"hello", content_type="text/plain", x_ms_meta_kind="x")
    digest = b64encode(md5(b"hello").digest()).decode()
    assert put.headers["content-md5"] == digest
    for method in ("GET", "HEAD"):
        found = await account.ask(method, "a/b%20c.txt", x_ms_version="2023-11-03")
        assert found.status_code == 200
        assert found.headers["content-length"] == "5"
        assert found.headers["content-type"] == "text/plain"
        assert found.headers["content-md5"] == digest
        assert found.headers["etag"] == put.headers["etag"]
        assert found.headers["x-ms-meta-kind"] == "x"
        assert found.headers["x-ms-blob-type"] == "BlockBlob"
        assert found.headers["x-ms-lease-state"] == "available"
        assert found.headers["x-ms-server-encrypted"] == "true"
        assert found.headers["x-ms-version"] == "2023-11-03"
    assert (await account.get("a/b c.txt")).content == b"hello"


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=2-4", 206, b"234", "bytes 2-4/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-3", 206, b"789", "bytes 7-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, None, "bytes */10"),
        ("bytes=x", 200, b"0123456789", None),
        (f"bytes={'9' * 5000}-", 200, b"0123456789", None),
    ],
)
async def test_a_range_is_that_part(
    account: StorageAccount, asked: str, status: int, content: bytes | None, told: str | None
) -> None:
    await account.put("n", b"0123456789")
    for header in ("range", "x_ms_range"):
        found = await account.get("n", **{header: asked})
        assert found.status_code == status
        assert found.headers.get("content-range") == told
        if content is not None:
            assert found.content == content


async def test_a_range_of_an_empty_blob_is_refused(account: StorageAccount) -> None:
    await account.put("empty", b"")
    assert (await account.get("empty")).content == b""
    found = await account.get("empty", x_ms_range="bytes=0-100")
    assert refusal(found) == (416, "InvalidRange")


async def test_conditions_of_reading(account: StorageAccount) -> None:
    tag = (await account.put("n", b"x")).headers["etag"]
    seen = (await account.get("n")).headers["last-modified"]
    assert (await account.get("n", if_none_match=tag)).status_code == 304
    assert (await account.get("n", if_modified_since=seen)).status_code == 304
    assert (await account.get("n", if_match=tag)).status_code == 200
    assert refusal(await account.get("n", if_match='"0x1"')) == (412, "ConditionNotMet")
    await account.put("n", b"y")
    assert (await account.get("n", if_none_match=tag)).status_code == 200


async def test_conditions_of_writing(account: StorageAccount) -> None:
    """`If-None-Match: *` is for what is not there, If-Match for what has not changed."""
    first = {"content": b"1", "x_ms_blob_type": "BlockBlob"}
    new = await account.ask("PUT", "n", **first, if_none_match="*")  # type: ignore[arg-type]
    assert new.status_code == 201
    again = await account.ask("PUT", "n", **first, if_none_match="*")  # type: ignore[arg-type]
    assert refusal(again) == (409, "BlobAlreadyExists")
    other = await account.ask("PUT", "n", **first, if_match='"0x1"')  # type: ignore[arg-type]
    assert refusal(other) == (412, "ConditionNotMet")
    gone = await account.ask("PUT", "none", **first, if_match="*")  # type: ignore[arg-type]
    assert refusal(gone) == (412, "ConditionNotMet")
    await account.put("n", b"2", if_match=new.headers["etag"])
    stale = await account.ask("DELETE", "n", if_match=new.headers["etag"])
    assert refusal(stale) == (412, "ConditionNotMet")
    assert (await account.get("n")).content == b"2"


async def test_a_blob_is_put_in_blocks(account: StorageAccount) -> None:
    """It is there when the list is, not before; the list tells what it was made of."""
    for block, data in ((ONE, b"one,"), (TWO, b"two")):
        await account.ask("PUT", "n", f"comp=block&blockid={block}", content=data)
    assert refusal(await account.get("n")) == (404, "BlobNotFound")
    waiting = parsed(await account.ask("GET", "n", "comp=blocklist&blocklisttype=uncommitted"))
    assert [each.text for each in waiting.iter("Size")] == ["4", "3"]
    listed = f"<BlockList>{BLOCKS.format(TWO, ONE)}</BlockList>".encode()
    done = await account.ask("PUT", "n", "comp=blocklist", content=listed, x_ms_meta_a="b")
    assert done.status_code == 201
    assert (await account.get("n")).content == b"twoone,"
    assert (await account.get("n", x_ms_range="bytes=2-4")).content == b"oon"
    blocks = parsed(await account.ask("GET", "n", "comp=blocklist&blocklisttype=all"))
    assert [each.text for each in blocks.iter("Name")] == [TWO, ONE]
    await account.ask("PUT", "n", f"comp=block&blockid={ONE}", content=b"1")
    listed = f"<BlockList><Uncommitted>{ONE}</Uncommitted><Committed>{TWO}</Committed></BlockList>"
    await account.ask("PUT", "n", "comp=blocklist", content=listed.encode())
    assert (await account.get("n")).content == b"1two"


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        (b"<BlockList><Latest>bm9uZQ==</Latest></BlockList>", "InvalidBlockList"),
        (b"<BlockList><Other>MQ==</Other></BlockList>", "InvalidXmlDocument"),
        (b"<List/>", "InvalidXmlDocument"),
        (b"not xml", "InvalidXmlDocument"),
        (b"\xff\xfe", "InvalidXmlDocument"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><BlockList/>', "InvalidXmlDocument"),
    ],
)
async def test_a_list_of_blocks_that_is_none_changes_nothing(
    account: StorageAccount, listed: bytes, code: str
) -> None:
    await account.put("n", b"before")
    refused = await account.ask("PUT", "n", "comp=blocklist", content=listed)
    assert refusal(refused) == (400, code)
    assert (await account.get("n")).content == b"before"


async def test_bytes_are_appended(account: StorageAccount) -> None:
    await account.ask("PUT", "log", x_ms_blob_type="AppendBlob")
    for text, offset in ((b"one\n", "0"), (b"two\n", "4")):
        done = await account.ask("PUT", "log", "comp=appendblock", content=text)
        assert done.status_code == 201
        assert done.headers["x-ms-blob-append-offset"] == offset
    assert done.headers["x-ms-blob-committed-block-count"] == "2"
    found = await account.get("log")
    assert found.content == b"one\ntwo\n"
    assert found.headers["x-ms-blob-type"] == "AppendBlob"
    assert (await account.get("log", range="bytes=2-5")).content == b"e\ntw"


async def test_an_append_says_where_it_belongs(account: StorageAccount) -> None:
    await account.ask("PUT", "log", x_ms_blob_type="AppendBlob")

    async def append(**headers: str) -> httpx.Response:
        return await account.ask("PUT", "log", "comp=appendblock", content=b"four", **headers)

    assert (await append(x_ms_blob_condition_appendpos="0")).status_code == 201
    late = await append(x_ms_blob_condition_appendpos="0")
    assert refusal(late) == (412, "AppendPositionConditionNotMet")
    full = await append(x_ms_blob_condition_maxsize="7")
    assert refusal(full) == (412, "MaxBlobSizeConditionNotMet")
    assert refusal(await append(x_ms_blob_condition_maxsize="9" * 9000))[0] == 400
    await account.put("block", b"")
    other = await account.ask("PUT", "block", "comp=appendblock", content=b"x")
    assert refusal(other) == (409, "InvalidBlobType")
    none = await account.ask("PUT", "none", "comp=appendblock", content=b"x")
    assert refusal(none) == (404, "BlobNotFound")


async def test_metadata_and_properties_are_replaced(account: StorageAccount) -> None:
    tag = (await account.put("n", b"x", x_ms_meta_a="1", content_type="a/b")).headers["etag"]
    set_ = await account.ask("PUT", "n", "comp=metadata", x_ms_meta_b="2")
    assert set_.status_code == 200
    assert set_.headers["etag"] != tag
    told = await account.ask("GET", "n", "comp=metadata")
    assert told.headers["x-ms-meta-b"] == "2"
    assert "x-ms-meta-a" not in told.headers
    await account.ask("PUT", "n", "comp=properties", x_ms_blob_content_type="c/d")
    found = await account.get("n")
    assert found.headers["content-type"] == "c/d"
    assert found.headers["x-ms-meta-b"] == "2"
    bad = await account.ask("PUT", "n", "comp=metadata", **{"x_ms_meta_1 -": "x"})
    assert refusal(bad) == (400, "InvalidMetadata")


async def test_a_deleted_blob_is_gone(account: StorageAccount) -> None:
    await account.put("n", b"x")
    assert (await account.ask("DELETE", "n")).status_code == 202
    assert refusal(await account.get("n")) == (404, "BlobNotFound")
    assert refusal(await account.ask("DELETE", "n")) == (404, "BlobNotFound")
    assert (await account.ask("HEAD", "n")).status_code == 404


@pytest.mark.parametrize(
    ("method", "query", "headers", "code"),
    [
        ("PUT", "", {}, "MissingRequiredHeader"),
        ("PUT", "", {"x_ms_blob_type": "PageBlob"}, "InvalidHeaderValue"),
        ("PUT", "", {"x_ms_blob_type": "BlockBlob", "content_md5": "AAAA"}, "Md5Mismatch"),
        ("PUT", "comp=block&blockid=%00", {}, "InvalidQueryParameterValue"),
        ("PUT", "comp=block", {}, "InvalidQueryParameterValue"),
        ("PUT", "comp=lease", {}, "MissingRequiredHeader"),
        ("PUT", "comp=tier", {}, "InvalidQueryParameterValue"),
        ("GET", "comp=%01", {}, "InvalidQueryParameterValue"),
        ("GET", "comp=blocklist&blocklisttype=x", {}, "InvalidQueryParameterValue"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    account: StorageAccount, method: str, query: str, headers: dict[str, str], code: str
) -> None:
    await account.put("n", b"before")
    refused = await account.ask(method, "n", query, content=b"x", **headers)
    assert refusal(refused) == (400, code)
    assert (await account.get("n")).content == b"before"


async def test_a_blob_is_copied(account: StorageAccount, lab: Lab) -> None:
    """From an address: in the same account as is, from elsewhere by its signature."""
    await account.put("from", b"bytes", x_ms_meta_a="b", content_type="a/b")
    signed = lab.world.signer.link("http://lab", account.name, "azureml/from", lab.world.now)
    for source, headers, status in (
        (signed, {}, 202),
        (signed.partition("?")[0], {"x_ms_blob_type": "BlockBlob"}, 201),
        (f"https://{account.name}.blob.core.windows.net/azureml/from", {}, 202),
    ):
        copied = await account.ask("PUT", "to", x_ms_copy_source=source, **headers)
        assert copied.status_code == status
        found = await account.get("to")
        assert (found.content, found.headers["x-ms-meta-a"]) == (b"bytes", "b")
        await account.ask("DELETE", "to")
    for source in (signed[:-8], signed.replace("/from", "/none"), "https://example.com/x", "x"):
        refused = await account.ask("PUT", "to", x_ms_copy_source=source)
        assert refusal(refused) == (404, "CannotVerifyCopySource")


# Lists


async def test_a_list_is_in_order_and_paged(account: StorageAccount) -> None:
    for name in ("x/b", "x/a/2", "x/a/1", "x/ä", "x/a", "y"):
        await account.put(name, b"")
    assert await account.names("prefix=x/") == ["x/a", "x/a/1", "x/a/2", "x/b", "x/ä"]
    assert await account.names("prefix=x/&delimiter=/") == ["x/a", "x/a/", "x/b", "x/ä"]
    for query in ("prefix=x/", "prefix=x/&delimiter=/"):
        pages, marker = [], ""
        while True:
            asked = f"{query}&maxresults=2&marker={marker}"
            page = await account.ask("GET", "", f"restype=container&comp=list&{asked}")
            names = [each.text for each in parsed(page).iter("Name")]
            assert 0 < len(names) <= 2
            pages += names
            marker = parsed(page).findtext("NextMarker") or ""
            if not marker:
                break
        assert pages == await account.names(query)


async def test_a_list_tells_what_a_blob_is(account: StorageAccount) -> None:
    tag = (await account.put("x/a&b", b"four", x_ms_meta_k="<v>")).headers["etag"]
    query = "restype=container&comp=list&prefix=x/&include=metadata"
    listed = parsed(await account.ask("GET", "", query))
    assert listed.attrib["ContainerName"] == "azureml"
    blob = listed.find("Blobs/Blob")
    assert blob.findtext("Name") == "x/a&b"
    assert blob.findtext("Properties/Content-Length") == "4"
    assert blob.findtext("Properties/Etag") == tag.strip('"')
    assert blob.findtext("Properties/BlobType") == "BlockBlob"
    assert blob.findtext("Metadata/k") == "<v>"
    plain = parsed(await account.ask("GET", "", query.removesuffix("&include=metadata")))
    assert plain.find("Blobs/Blob/Metadata") is None


@pytest.mark.parametrize("query", ["maxresults=0", "maxresults=x", "maxresults=" + "9" * 5000,
                                   "marker=x", "marker=Ilx1ZDgwMCI"])  # fmt: skip
async def test_a_page_that_is_none_is_refused(account: StorageAccount, query: str) -> None:
    listed = await account.ask("GET", "", f"restype=container&comp=list&{query}")
    assert listed.status_code == 400
    refusal(listed)


async def test_a_name_that_xml_cannot_hold_is_encoded(account: StorageAccount) -> None:
    await account.put("odd/%01", b"")
    listed = parsed(await account.ask("GET", "", "restype=container&comp=list&prefix=odd/%01"))
    name = listed.find("Blobs/Blob/Name")
    assert (name.text, name.attrib["Encoded"]) == ("odd/%01", "true")


# Files of runs


async def test_files_of_runs_and_written_blobs_are_one_namespace(account: StorageAccount) -> None:
    lab = account.lab
    run = await lab.named("train-first")
    root = f"ExperimentRun/dcid.{run}/"
    before = await account.names(f"prefix={root}")
    log = next(name for name in before if name.endswith("std_log.txt"))
    await account.put(f"{root}mine.txt", b"x")
    assert await account.names(f"prefix={root}") == sorted([*before, f"{root}mine.txt"])
    tops = await account.names(f"prefix={root}&delimiter=/")
    assert f"{root}mine.txt" in tops
    assert f"{root}user_logs/" in tops
    assert root in await account.names("prefix=ExperimentRun/&delimiter=/")
    assert set(before) < set(await account.names("prefix=ExperimentRun/dcid"))

    computed = await account.get(log)
    assert computed.content
    await account.ask("PUT", log, "comp=metadata", x_ms_meta_seen="yes")
    kept = await account.get(log)
    assert (kept.content, kept.headers["x-ms-meta-seen"]) == (computed.content, "yes")
    await account.ask("PUT", log, "comp=appendblock", content=b"more")
    assert (await account.get(log)).content == computed.content + b"more"
    await account.ask("DELETE", log)
    assert refusal(await account.get(log)) == (404, "BlobNotFound")
    assert log not in await account.names(f"prefix={root}")
    await account.put(log, b"new")
    assert (await account.get(log)).content == b"new"
    assert (await account.names(f"prefix={root}")).count(log) == 1


async def test_what_was_written_and_deleted_survives_a_restart(account: StorageAccount) -> None:
    lab = account.lab
    run = await lab.named("train-first")
    root = f"ExperimentRun/dcid.{run}/"
    log = next(n for n in await account.names(f"prefix={root}") if n.endswith("std_log.txt"))
    await account.put(f"{root}mine.bin", bytes(range(256)), x_ms_meta_a="b")
    await account.ask("PUT", "half", f"comp=block&blockid={ONE}", content=b"one")
    await account.ask("DELETE", log)
    async with laboratory(state=lab.world.state) as later:
        again = StorageAccount(later)
        found = await again.get(f"{root}mine.bin")
        assert (found.content, found.headers["x-ms-meta-a"]) == (bytes(range(256)), "b")
        assert (await again.get(log)).status_code == 404
        listed = f"<BlockList><Latest>{ONE}</Latest></BlockList>".encode()
        await again.ask("PUT", "half", "comp=blocklist", content=listed)
        assert (await again.get("half")).content == b"one"


def test_the_bytes_are_in_the_state_file(tmp_path: Path) -> None:
    key = Key("account", "container", "name")
    data = bytes(range(256)) * 100
    for turn in range(2):
        world = World(ManualClock(), state=StateFile(f"{tmp_path}/state"))
        if not turn:
            world.storage.blobs.put(Written(key, BLOCK, 1.0, 2.0, ""), data)
        found = world.storage.blobs.get(key)
        assert found is not None
        assert world.storage.blobs.read(found, 0, found.size) == data


@given(st.lists(st.binary(max_size=9), max_size=6), st.integers(0, 60), st.integers(0, 60))
def test_any_range_of_what_was_appended_is_that_part(
    pieces: list[bytes], one: int, two: int
) -> None:
    store = BlobStore(StateFile(":memory:").database)
    blob = store.put(Written(Key("a", "c", "n"), APPEND, 0.0, 0.0, ""), b"")
    for piece in pieces:
        blob = store.append(blob, piece, 0.0)
    whole, (start, stop) = b"".join(pieces), sorted((one, two))
    assert blob.size == len(whole)
    assert store.read(blob, start, stop) == whole[start:stop]


# Addresses


def test_an_account_is_named_by_the_path_or_by_the_host() -> None:
    known = "/acct1.blob.core.windows.net/c/b%20c"
    assert storage_path("127.0.0.1:1", known) == known
    assert storage_path("acct1.blob.localhost:1", "/c/b%20c") == known
    assert storage_path("h", "/acct1.blob.localhost:1/c/b%20c") == known
    assert storage_path("h", "/acct1.blob.localhost:1/acct1.blob.core.windows.net/c/b%20c") == known
    assert storage_path("127.0.0.1:1", "/subscriptions/a.blob.b/c") is None
    assert place_of("https://acct1.blob.x/c/b%20c?sig=1") == ("acct1", "c", "b c")
    assert place_of("https://example.com/c/b") is None


@pytest.mark.parametrize(
    ("base", "suffix"),
    [
        ("https://127.0.0.1:8443", "localhost:8443"),
        ("http://[::1]:80", "localhost:80"),
        ("https://localhost", "localhost"),
        ("https://aml.example.com:1", "aml.example.com:1"),
    ],
)
def test_the_suffix_of_storage_resolves_to_the_service(base: str, suffix: str) -> None:
    assert suffix_of(base) == suffix


async def test_the_host_may_name_the_account(account: StorageAccount) -> None:
    await account.put("n", b"x")
    found = await account.lab.client.get(
        f"/azureml/n?{account.token()}",
        headers={"host": f"{account.name}.blob.localhost:8443"},
        auth=None,
    )
    assert found.content == b"x"


# Containers


async def test_containers_are_made_described_and_deleted(lab: Lab) -> None:
    account = StorageAccount(lab, "mine-1")
    bearer = lab.world.mint.issue("https://storage.azure.com")[0]

    async def ask(method: str, query: str, **headers: str) -> httpx.Response:
        return await account.ask(
            method, "", query, token="", Authorization=f"Bearer {bearer}", **headers
        )

    one = "restype=container"
    assert refusal(await ask("GET", one)) == (404, "ContainerNotFound")
    assert (await ask("PUT", one, x_ms_meta_a="1")).status_code == 201
    assert refusal(await ask("PUT", one)) == (409, "ContainerAlreadyExists")
    assert (await ask("GET", one)).headers["x-ms-meta-a"] == "1"
    await ask("PUT", f"{one}&comp=metadata", x_ms_meta_b="2")
    assert "x-ms-meta-a" not in (await ask("HEAD", one)).headers
    await account.put("n", b"x")
    assert (await ask("DELETE", one)).status_code == 202
    assert refusal(await account.get("n")) == (404, "ContainerNotFound")
    await ask("PUT", one)
    assert refusal(await account.get("n")) == (404, "BlobNotFound")
    account.container = "azureml"
    assert refusal(await ask("DELETE", one)) == (409, "OperationNotAllowedOnContainer")
    account.container = "Not_A_Name"
    assert refusal(await ask("PUT", one)) == (400, "InvalidResourceName")


async def test_containers_are_listed(lab: Lab) -> None:
    account = StorageAccount(lab)
    bearer = lab.world.mint.issue("https://management.azure.com")[0]
    lab.world.storage.containers.put(account.name, "mine", lab.world.now)

    async def listed(query: str) -> httpx.Response:
        return await lab.client.get(
            f"{account.url}/?comp=list&{query}",
            headers={"Authorization": f"Bearer {bearer}"},
            auth=None,
        )

    names = [each.text for each in parsed(await listed("")).iter("Name")]
    assert {"azureml", account.store, "mine"} <= set(names)
    assert names == sorted(names)
    first = parsed(await listed("maxresults=2"))
    rest = parsed(await listed(f"maxresults=2&marker={first.findtext('NextMarker')}"))
    assert [each.text for each in rest.iter("Name")] == names[2:4]


async def test_an_account_of_nobody_has_nothing(account: StorageAccount) -> None:
    bearer = account.lab.world.mint.issue("https://storage.azure.com")[0]
    found = await account.lab.client.get(
        "/nobody1.blob.core.windows.net/c/b",
        headers={"Authorization": f"Bearer {bearer}"},
        auth=None,
    )
    assert refusal(found) == (404, "ResourceNotFound")


async def test_a_job_leaves_what_its_outputs_say(lab: Lab) -> None:
    """In the store for uploads, once the job is completed."""
    account = StorageAccount(lab)
    account.container = account.store
    asked = {
        "properties": {
            "jobType": "Command",
            "command": "python train.py",
            "environmentId": "azureml:train-env:1",
            "computeId": f"{WORKSPACE}/computes/cpu-cluster",
            "outputs": {
                "model": {"jobOutputType": "mlflow_model"},
                "table": {"jobOutputType": "uri_file"},
                "mine": {"jobOutputType": "uri_folder", "uri": "azureml://datastores/x/paths/y"},
            },
        }
    }
    made = await lab.client.put(f"{WORKSPACE}/jobs/leaves", json=asked)
    assert made.status_code == 201
    assert await account.names("prefix=azureml/leaves/") == []
    lab.pass_time(600)
    names = await account.names("prefix=azureml/leaves/")
    assert "azureml/leaves/model/MLmodel" in names
    assert "azureml/leaves/table/table" in names
    assert not any("/mine/" in each for each in names)
    assert "azureml/leaves/" in await account.names("prefix=azureml/&delimiter=/")
    assert b"mlflow" in (await account.get("azureml/leaves/model/MLmodel")).content


# Junk

_WORDS = (
    *("", "0", "-1", "x", "*", "ä", "\x7f", "%00", "9" * 40, "bytes=5-1", "bytes=--", "MQ=="),
    *("list", "block", "blocklist", "metadata", "properties", "appendblock", "container"),
    *("BlockBlob", "AppendBlob", "Tue, 99 Foo 2023", "https://a.blob.b/c/d?sig=ä"),
)
_QUERY = (
    *("comp", "restype", "blockid", "blocklisttype", "prefix", "marker", "maxresults"),
    *("delimiter", "include", "sv", "se", "sr", "sdd", "ss", "srt", "sig", "rsct", "timeout"),
)
_HEADERS = (
    *("range", "x-ms-range", "if-match", "if-none-match", "if-modified-since", "x-ms-version"),
    *("if-unmodified-since", "x-ms-blob-type", "x-ms-copy-source", "content-md5", "x-ms-date"),
    *("x-ms-blob-condition-appendpos", "x-ms-blob-condition-maxsize", "x-ms-meta-a"),
    "x-ms-blob-content-md5",
)


async def test_whatever_is_asked_storage_answers_and_never_fails(account: StorageAccount) -> None:
    """Any mixture of parameters and headers, signed or not, on a blob, a container, an account."""
    chance = random.Random(3)
    await account.put("n", b"0123456789")
    for _ in range(1500):
        query = {name: chance.choice(_WORDS) for name in chance.sample(_QUERY, 3)}
        headers = {name: chance.choice(_WORDS).encode() for name in chance.sample(_HEADERS, 3)}
        if chance.random() < 0.3:
            headers["authorization"] = chance.choice(
                (b"", b"Bearer", b"Bearer a.b.c", b"SharedKey", b"SharedKey a:b", b"x \xff")
            )
        path = chance.choice(("/azureml/n", "/azureml/%FF%00/x/", "/azureml", "/none/n", "/", ""))
        signed = f"&{account.token()}" if chance.random() < 0.6 else ""
        response = await account.lab.client.request(
            chance.choice(("GET", "HEAD", "PUT", "DELETE", "POST")),
            f"{account.url}{path}?{urlencode(query)}{signed}",
            headers=headers,
            content=chance.choice((b"", b"x", b"<BlockList><Latest>MQ==</Latest></BlockList>")),
            auth=None,
        )
        assert response.status_code < 500
        if response.status_code >= 400 and response.content:
            assert parsed(response).findtext("Code") == response.headers["x-ms-error-code"]
