"""Files come whole or not at all: resumed, renewed links, and nothing written over."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from amltui.domain.artifact import Artifact
from amltui.feeds.download import Download, Progress
from tests.azure.answers import PLACE, Reply, Rig
from tests.azure.answers import rig as made_rig

WORDS = b"0123456789" * 100
BLOB = "https://store.blob.core.windows.net/azureml/ExperimentRun/dcid.train/"


@pytest.fixture
def rig() -> Rig:
    return made_rig()


def file(path: str = "outputs/net.bin", size: int | None = len(WORDS)) -> Artifact:
    return Artifact(PLACE, "train", path, size=size)


def serving(rig: Rig, *before: Any, most: int = 400) -> list[str | None]:
    """Links to a blob that gives so many bytes at once; the ranges that were asked for."""
    rig.service.data_plane()
    asked: list[str | None] = []

    def link(request: httpx.Request) -> Reply:
        return Reply(200, {"contentUri": f"{BLOB}{request.url.params['path']}?sig=x"})

    def blob(request: httpx.Request) -> Reply:
        told = request.headers.get("x-ms-range") or request.headers["Range"]
        asked.append(told)
        found = re.search(r"(\d+)-", told)
        assert found is not None
        start = int(found[1])
        if start >= len(WORDS):
            return Reply(416, b"", {"Content-Range": f"bytes */{len(WORDS)}"})
        data = WORDS[start : start + most]
        end = start + len(data) - 1
        return Reply(206, data, {"Content-Range": f"bytes {start}-{end}/{len(WORDS)}"})

    rig.service.on("GET", "/contentinfo", link)
    rig.service.on("GET", "/outputs/net.bin", *before, blob)
    return asked


def below(folder: Path) -> list[Path]:
    return list(folder.rglob("*"))


async def fetched(rig: Rig, folder: Path, *files: Artifact) -> list[Progress]:
    return [step async for step in Download(rig.place, files, folder).progress()]


async def test_a_file_comes_in_pieces_and_is_named_when_it_is_whole(rig: Rig, tmp_path: Path):
    serving(rig)
    steps = await fetched(rig, tmp_path, file())
    assert [step.done for step in steps] == [400, 800, 1000, 1000]
    assert steps[-1].path == tmp_path / "outputs/net.bin"
    assert (tmp_path / "outputs/net.bin").read_bytes() == WORDS
    assert [each.name for each in (tmp_path / "outputs").iterdir()] == ["net.bin"]


async def test_what_is_here_is_not_asked_for_again(rig: Rig, tmp_path: Path):
    """A download that was broken off goes on where it was."""
    asked = serving(rig)
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs/net.bin.part").write_bytes(WORDS[:700])
    await fetched(rig, tmp_path, file())
    assert (tmp_path / "outputs/net.bin").read_bytes() == WORDS
    assert [told.partition("-")[0] for told in asked if told] == ["bytes=700"]


async def test_a_part_of_another_file_is_begun_anew(rig: Rig, tmp_path: Path):
    """What is longer than the file cannot be a part of it."""
    serving(rig)
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs/net.bin.part").write_bytes(b"x" * 5000)
    await fetched(rig, tmp_path, file())
    assert (tmp_path / "outputs/net.bin").read_bytes() == WORDS


async def test_nothing_is_written_over(rig: Rig, tmp_path: Path):
    """A file of the same name and another size stays; one of the same size was here before."""
    serving(rig)
    (tmp_path / "outputs").mkdir()
    mine = tmp_path / "outputs/net.bin"
    mine.write_bytes(b"mine")
    [step] = await fetched(rig, tmp_path, file())
    assert "is there and differs" in step.problem
    assert mine.read_bytes() == b"mine"
    mine.write_bytes(WORDS)
    [step] = await fetched(rig, tmp_path, file())
    assert step.was_there
    assert not rig.service.requests


async def test_an_expired_link_is_renewed(rig: Rig, tmp_path: Path):
    serving(
        rig, Reply(403, b"<?xml version='1.0'?><Error><Code>AuthenticationFailed</Code></Error>")
    )
    await fetched(rig, tmp_path, file())
    assert (tmp_path / "outputs/net.bin").read_bytes() == WORDS
    assert len(rig.service.sent("GET", "/contentinfo")) == 2


async def test_no_token_goes_to_the_storage(rig: Rig, tmp_path: Path):
    serving(rig)
    await fetched(rig, tmp_path, file())
    for request, bearer in zip(rig.service.requests, rig.service.bearers, strict=True):
        assert (bearer is None) == (
            request.url.host == "store.blob.core.windows.net"
            or (request.url.path.endswith("/discovery"))
        )


@pytest.mark.parametrize(
    "path", ["../../.ssh/authorized_keys", "/etc/passwd", "a/../../b", "C:\\x", "a\x1b[31m", ""]
)
async def test_no_path_leads_out_of_the_folder(rig: Rig, tmp_path: Path, path: str):
    """Whatever a training script called its files."""
    serving(rig)
    (tmp_path / "in").mkdir()
    steps = await fetched(rig, tmp_path / "in", file(path))
    assert all("leads out" in step.problem for step in steps)
    assert below(tmp_path) == [tmp_path / "in"]


async def test_what_fails_is_told_and_the_rest_goes_on(rig: Rig, tmp_path: Path):
    serving(rig)
    rig.service.on("GET", "/outputs/gone.bin", Reply(404))
    steps = await fetched(rig, tmp_path, file("outputs/gone.bin"), file())
    assert [step.file.name for step in steps if step.problem] == ["gone.bin"]
    assert steps[-1].path == tmp_path / "outputs/net.bin"


async def test_a_folder_is_what_is_in_it(rig: Rig, tmp_path: Path):
    """A file that is also chosen by itself comes once."""
    serving(rig)
    inside = {"files": [{"path": "outputs/net.bin", "is_dir": False, "file_size": len(WORDS)}]}
    rig.service.on("GET", "/artifacts/list", Reply(200, inside))
    folder = Artifact(PLACE, "train", "outputs", is_folder=True)
    steps = await fetched(rig, tmp_path, folder, file())
    assert [step.path for step in steps if step.path] == [tmp_path / "outputs/net.bin"]


async def test_a_folder_that_cannot_be_written_is_a_sentence(rig: Rig, tmp_path: Path):
    serving(rig)
    (tmp_path / "outputs").write_text("a file where the folder should be")
    [step] = await fetched(rig, tmp_path, file())
    assert "outputs" in step.problem


async def test_an_empty_file_is_a_file(rig: Rig, tmp_path: Path):
    serving(rig)
    nothing: Callable[[httpx.Request], Reply] = lambda _: Reply(416, b"")  # noqa: E731
    rig.service.on("GET", "/outputs/net.bin", nothing)
    await fetched(rig, tmp_path, file(size=0))
    assert (tmp_path / "outputs/net.bin").read_bytes() == b""
