"""`amltui files` and `amltui download`: what a job has left, and copies of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service

LOG = "user_logs/std_log.txt"


@pytest.fixture
def name(on_calm: Amltui, calm: Service) -> str:
    """A job that has ended."""
    listed = on_calm("jobs", *calm.place, "-o", "json").json
    return str(next(job["name"] for job in listed if job["status"] == "Completed"))


def test_files_are_listed_folder_by_folder(on_calm: Amltui, calm: Service, name: str) -> None:
    """Folders end in a slash; -o json has sizes in bytes."""
    assert "user_logs/" in on_calm("files", name, *calm.place).out.split()
    told = on_calm("files", name, "user_logs", *calm.place, "-o", "json").json
    assert [each["path"] for each in told] == [LOG]
    assert told[0]["size"] > 0


def test_a_file_is_downloaded_once(
    on_calm: Amltui, calm: Service, name: str, tmp_path: Path
) -> None:
    """It prints where the copy is; a second time there is nothing to do."""
    asked = ("download", name, LOG, "--to", str(tmp_path), *calm.place)
    first = on_calm(*asked)
    assert (first.code, first.out.strip()) == (0, str(tmp_path / LOG))
    assert (tmp_path / LOG).stat().st_size > 0
    again = on_calm(*asked)
    assert (again.code, again.out) == (0, "")
    assert "was there already" in again.err


def test_what_would_be_overwritten_stays(
    on_calm: Amltui, calm: Service, name: str, tmp_path: Path
) -> None:
    """One sentence, exit code 1, and the file is as it was."""
    mine = tmp_path / LOG
    mine.parent.mkdir()
    mine.write_text("mine")
    ended = on_calm("download", name, LOG, "--to", str(tmp_path), *calm.place)
    assert ended.code == 1
    assert "is there and differs" in ended.complaint
    assert mine.read_text() == "mine"


def test_everything_is_downloaded(
    on_calm: Amltui, calm: Service, name: str, tmp_path: Path
) -> None:
    """Without a path, all folders with all that is in them."""
    ended = on_calm("download", name, "--to", str(tmp_path), *calm.place)
    assert ended.code == 0
    assert str(tmp_path / LOG) in ended.out.splitlines()
    assert len(ended.out.splitlines()) > 1


def test_a_file_that_is_not_there(on_calm: Amltui, calm: Service, name: str) -> None:
    """The sentence names a file like it."""
    ended = on_calm("download", name, "user_logs/std_log.tx", *calm.place)
    assert ended.code == 4
    assert f"did you mean {LOG}" in ended.complaint


def test_a_refusal_is_a_sentence(on_calm: Amltui, calm: Service, name: str) -> None:
    calm.plan("Mlflow_ArtifactsList", "403")
    ended = on_calm("files", name, *calm.place)
    assert ended.code == 3
    assert ended.complaint
