"""Artifacts: of runs and of other things, written and computed, in one list."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from json import dumps
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.emulator.lab import HISTORY, WORKSPACE, Lab, laboratory

ARTIFACTS = f"/artifact/v2.0{WORKSPACE}/artifacts"
MLFLOW_TAKES = (
    r"^https?://(.*)\.blob\.core\.windows\.net/(.*)/(.*)\?(.*)",
    r"^https?://(.*)\.blob\.lab/(.*)/(.*)\?(.*)",
)
"""azureml-mlflow downloads from what looks so, in Azure and in the cloud that is told here."""


@pytest_asyncio.fixture
async def lab() -> AsyncIterator[Lab]:
    async with laboratory() as held:
        yield held


@pytest_asyncio.fixture
async def run(lab: Lab) -> str:
    return await lab.named("train-first")


@pytest.fixture(params=["service", "run", "experiment"])
def box(request: pytest.FixtureRequest, run: str) -> str:
    """The artifacts of a run, as each of the three services addresses them."""
    return {
        "service": f"{ARTIFACTS}/ExperimentRun/dcid.{run}",
        "run": f"{HISTORY}/runs/{run}/artifacts",
        "experiment": f"{HISTORY}/experiments/demand/runs/{run}/artifacts",
    }[str(request.param)]


@pytest.fixture
def service(run: str) -> str:
    return f"{ARTIFACTS}/ExperimentRun/dcid.{run}"


async def paths(lab: Lab, box: str, query: str = "") -> list[str]:
    return [each["path"] for each in (await lab.get(f"{box}?{query}"))["value"]]


async def write(lab: Lab, link: str, data: bytes) -> httpx.Response:
    headers = {"x-ms-blob-type": "BlockBlob", "if-none-match": "*"}
    return await lab.client.put(link, content=data, headers=headers, auth=None)


async def registered(lab: Lab, box: str, *names: str) -> dict[str, Any]:
    body = {"paths": [{"path": each} for each in names]}
    answer: dict[str, Any] = await lab.post(f"{box}/batch/metadata", body)
    return answer


async def test_what_a_client_logs_is_listed_with_what_the_job_left(lab: Lab, box: str) -> None:
    """Registered, written by the link, listed, and read by another link."""
    before = await paths(lab, box)
    assert "user_logs/std_log.txt" in before
    answer = await registered(lab, box, "sub/note 1.txt", "top.bin")
    assert answer["errors"] is None
    assert set(answer["artifacts"]) == set(answer["artifactContentInformation"])
    for path in answer["artifacts"]:
        link = answer["artifactContentInformation"][path]["contentUri"]
        assert (await write(lab, link, path.encode())).status_code == 201
    assert await paths(lab, box) == sorted([*before, "sub/note 1.txt", "top.bin"])
    for path in ("sub/note 1.txt", "user_logs/std_log.txt"):
        told = await lab.get(f"{box}/contentinfo", path=path)
        assert all(re.match(pattern, told["contentUri"]) for pattern in MLFLOW_TAKES)
        found = await lab.blob(told["contentUri"])
        assert found.status_code == 200
        assert found.content
        assert (found.content == b"sub/note 1.txt") is (path == "sub/note 1.txt")


async def test_an_artifact_that_is_there_is_not_registered_again(lab: Lab, box: str) -> None:
    """The others of the same request are."""
    first = await registered(lab, box, "a")
    again = await registered(lab, box, "a")
    assert again["errors"] is None, "as long as no byte is there it may be tried again"
    await write(lab, first["artifactContentInformation"]["a"]["contentUri"], b"x")
    both = await registered(lab, box, "a", "b")
    assert list(both["artifacts"]) == ["b"]
    assert "already exists" in both["errors"]["a"]["error"]["message"]


async def test_metadata_of_an_artifact(lab: Lab, box: str, run: str) -> None:
    found = await lab.get(f"{box}/metadata", path="user_logs/std_log.txt")
    assert found["artifactId"] == f"ExperimentRun/dcid.{run}/user_logs/std_log.txt"
    assert found["container"] == f"dcid.{run}"
    assert found["createdTime"].startswith("2023-11-14T")
    missing = await lab.client.get(f"{box}/metadata", params={"path": "none"})
    assert missing.status_code == 404
    assert missing.json()["error"]["innerError"]["code"] == "NotFoundError"


async def test_links_by_what_paths_begin_with(lab: Lab, box: str) -> None:
    found = (await lab.get(f"{box}/prefix/contentinfo", path="system_logs/"))["value"]
    assert len(found) > 1
    assert all(each["path"].startswith("system_logs/") for each in found)
    assert (await lab.blob(found[0]["contentUri"])).status_code == 200


async def test_a_link_alone(lab: Lab, run: str) -> None:
    url = f"{HISTORY}/runs/{run}/artifacts"
    link = await lab.get(f"{url}/artifacturi", path="user_logs/std_log.txt")
    assert (await lab.blob(link)).status_code == 200
    within = await paths(lab, f"{url}/path", "path=user_logs/")
    assert within == ["user_logs/std_log.txt"]


async def test_bytes_go_through_the_service(lab: Lab, service: str) -> None:
    async def put(query: str, data: bytes) -> httpx.Response:
        return await lab.client.post(f"{service}/content?path=n.txt{query}", content=data)

    assert (await put("", b"one")).status_code == 200
    assert (await put("", b"two")).status_code == 409
    assert (await put("&append=true", b"+two")).status_code == 200
    read = await lab.client.get(f"{service}/content", params={"path": "n.txt"})
    assert read.content == b"one+two"
    await put("&allowOverwrite=true", b"new")
    read = await lab.client.get(f"{service}/content", params={"path": "n.txt"})
    assert read.content == b"new"
    none = await lab.client.get(f"{service}/content", params={"path": "none"})
    assert none.status_code == 404


async def test_a_link_to_write_is_given_for_what_is_not_there(lab: Lab, service: str) -> None:
    told = await lab.get(f"{service}/write", path="new.txt")
    assert (await write(lab, told["contentUri"], b"x")).status_code == 201
    assert "new.txt" in await paths(lab, service)
    read = await lab.get(f"{service}/contentinfo", path="new.txt")
    refused = await write(lab, read["contentUri"], b"y")
    assert refused.headers["x-ms-error-code"] == "AuthorizationPermissionMismatch"
    stored = await lab.get(f"{service}/contentinfo/storageuri", path="new.txt")
    assert "?" not in stored["contentUri"]


async def test_artifacts_are_deleted(lab: Lab, service: str) -> None:
    """Also what the job left: it stays away, after a restart, too."""
    await registered(lab, service, "a", "b", "c")
    log = "user_logs/std_log.txt"
    for path in ("a", log, "none"):
        gone = await lab.client.delete(f"{service}/metadata", params={"path": path})
        assert gone.status_code == 200
    await lab.client.post(f"{service}/batch/metadata:delete", json={"paths": [{"path": "b"}]})
    left = await paths(lab, service)
    assert "c" in left
    assert not {"a", "b", log} & set(left)
    async with laboratory(state=lab.world.state) as later:
        assert await paths(later, service) == left
    await lab.client.delete(f"{service}/batch")
    assert await paths(lab, service) == []


async def test_artifacts_of_other_origins(lab: Lab, run: str) -> None:
    """A container of theirs is there as soon as something is in it."""
    box = f"{ARTIFACTS}/LocalUpload/mine"
    assert await paths(lab, box) == []
    answer = await registered(lab, box, "a.txt")
    await write(lab, answer["artifactContentInformation"]["a.txt"]["contentUri"], b"x")
    asked = {"origin": "LocalUpload", "container": "mine", "path": "b.txt"}
    made = await lab.post(f"{ARTIFACTS}/metadata", asked)
    assert made["artifactId"] == "LocalUpload/mine/b.txt"
    assert (await lab.client.post(f"{ARTIFACTS}/register", json=asked)).status_code == 409
    assert await paths(lab, box) == ["a.txt", "b.txt"]
    ids = ["LocalUpload/mine/a.txt", f"ExperimentRun/dcid.{run}/user_logs/std_log.txt", "x"]
    many = await lab.post(f"{ARTIFACTS}/batch/metadata", {"artifactIds": ids})
    assert list(many["artifacts"]) == ids[:2]
    assert list(many["errors"]) == ["x"]


async def test_a_long_list_is_paged(lab: Lab, service: str) -> None:
    for part in range(2):
        await registered(lab, service, *(f"p/{part}{number:03d}" for number in range(400)))
    first = await lab.get(service, path="p/")
    assert len(first["value"]) == 500
    rest = await lab.get(service, path="p/", continuationToken=first["continuationToken"])
    assert len(rest["value"]) == 300
    assert rest["continuationToken"] is None
    both = [each["path"] for each in first["value"] + rest["value"]]
    assert both == sorted(set(both))


async def test_a_run_that_is_not_there_has_no_artifacts(lab: Lab) -> None:
    for box in (f"{ARTIFACTS}/ExperimentRun/dcid.none", f"{HISTORY}/runs/none/artifacts"):
        assert (await lab.client.get(box)).status_code == 404
        asked = {"paths": [{"path": "a"}]}
        assert (await lab.client.post(f"{box}/batch/metadata", json=asked)).status_code == 404


JUNK: tuple[Any, ...] = (None, [], "x", 7, {}, {"paths": None}, {"paths": []}, {"paths": "x"},
        {"paths": [None]}, {"paths": ["x"]}, {"paths": [{"path": 7}]}, {"paths": [{"path": ""}]},
        {"paths": [{"path": "/"}]}, {"paths": [{"path": "x" * 2000}]},
        {"paths": [{"path": "\ud800"}]}, {"paths": [{}] * 2000}, {"artifactIds": 7},
        {"artifactIds": [7]}, {"origin": 7}, {"origin": "o", "container": []})  # fmt: skip


@pytest.mark.parametrize("body", JUNK)
async def test_a_body_of_another_shape_is_a_bad_request(lab: Lab, service: str, body: Any) -> None:
    before = await paths(lab, service)
    urls = (f"{service}/batch/metadata", f"{service}/batch/metadata:delete",
            f"{ARTIFACTS}/metadata", f"{ARTIFACTS}/batch/metadata")  # fmt: skip
    for url in urls:
        refused = await lab.client.post(
            url, content=dumps(body), headers={"content-type": "application/json"}
        )
        assert refused.status_code == 400, url
        assert refused.json()["error"]["code"]
    assert await paths(lab, service) == before


@pytest.mark.parametrize("query", ["", "path=", "path=/", f"path={'x' * 2000}"])
async def test_a_path_is_required(lab: Lab, service: str, query: str) -> None:
    for part in ("metadata", "contentinfo", "content", "write"):
        assert (await lab.client.get(f"{service}/{part}?{query}")).status_code == 400


async def test_a_strange_token_begins_at_the_beginning(lab: Lab, service: str) -> None:
    for token in ("x", "Nw", "Ilx1ZDgwMCI"):
        listed = await lab.client.get(f"{service}?continuationToken={token}")
        assert listed.status_code == 200
        assert listed.json()["value"]
