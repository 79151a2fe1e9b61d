"""`amltui start|stop|restart|cancel`: what is done to the service, and what is said of it."""

from __future__ import annotations

import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from amltui.cli.commands import actions
from tests.cli.conftest import Amltui
from tests.cli.service import Service, run

_numbers = count()


@pytest.fixture(autouse=True)
def _brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time goes ten times as fast there."""
    monkeypatch.setattr(actions, "PAUSE", 0.1)


def _state(service: Service, name: str) -> Any:
    """The state of an instance, from the service itself."""
    body = service.ask("GET", f"{service.workspace_id}/computes/{name}")
    return body["properties"]["properties"]["state"]


def _status(service: Service, name: str) -> Any:
    return service.ask("GET", f"{service.workspace_id}/jobs/{name}")["properties"]["status"]


def test_an_instance_is_stopped_and_started(on_calm: Amltui, calm: Service) -> None:
    """With --wait the command ends when the instance has arrived, and the service agrees."""
    stopped = on_calm("stop", "kim-dev", "--wait")
    assert (stopped.code, stopped.out) == (0, "kim-dev: stopped\n")
    assert _state(calm, "kim-dev") == "Stopped"
    started = on_calm("start", "kim-dev", "--wait")
    assert (started.code, started.out) == (0, "kim-dev: started\n")
    assert _state(calm, "kim-dev") == "Running"


def test_restart_ends_where_it_began(on_calm: Amltui, calm: Service) -> None:
    """A restarted instance runs again once it has been waited for."""
    ended = on_calm("restart", "kim-dev", "--wait")
    assert (ended.code, ended.out) == (0, "kim-dev: restarted\n")
    assert _state(calm, "kim-dev") == "Running"


def test_without_wait_the_service_has_only_accepted(on_calm: Amltui, calm: Service) -> None:
    """The command ends while the instance is still on its way, and does not claim more."""
    ended = on_calm("start", "li-nb")
    assert (ended.code, ended.out) == (0, "li-nb: starting, accepted\n")
    assert _state(calm, "li-nb") == "Starting"
    assert on_calm("stop", "li-nb").code == 1, "it is on its way up"


def test_a_job_is_cancelled(on_calm: Amltui, calm: Service) -> None:
    """Cancelling a running job ends it, and a second time it is refused with its status."""
    name = f"cancelled-{next(_numbers)}"
    calm.put_job(name, command="sleep 3000")
    ended = on_calm("cancel", name, "--wait")
    assert (ended.code, ended.out) == (0, f"{name}: cancelled\n")
    assert _status(calm, name) == "Canceled"
    again = on_calm("cancel", name)
    assert (again.code, again.out) == (1, "")
    assert "Canceled" in again.complaint


def test_several_are_done_at_once(on_calm: Amltui, calm: Service) -> None:
    """One that cannot be done is told apart, and does not keep the others from being done."""
    name = f"several-{next(_numbers)}"
    calm.put_job(name, command="sleep 3000")
    ended = on_calm("cancel", name, "no-such-job", name, "--wait", "-o", "json")
    results = {each["name"]: each for each in ended.json}
    assert len(ended.json) == 2
    assert results[name]["result"] == "cancelled"
    assert results[name]["error"] is None
    assert results["no-such-job"]["result"] == "failed"
    assert "no-such-job" in results["no-such-job"]["error"]
    assert ended.code == 4
    assert _status(calm, name) == "Canceled"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("start", "kim-dev"), 1, "kim-dev is Running, not Stopped"),
        (("stop", "cpu-cluster"), 1, "is a cluster"),
        (("stop", "kim-de"), 4, "did you mean kim-dev"),
        (("cancel", "nothing-like-it"), 4, "there is no job nothing-like-it"),
    ],
)
def test_what_cannot_be_done_is_not_sent(
    arguments: tuple[str, ...], code: int, said: str, on_calm: Amltui, calm: Service
) -> None:
    """The reason is one sentence, the exit code its kind, and the service is not bothered."""
    before = calm.calls()
    ended = on_calm(*arguments)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.complaint
    changing = ("Compute_Start", "Compute_Stop", "Jobs_Cancel")
    assert [calm.calls().get(each) for each in changing] == [before.get(each) for each in changing]


def test_a_rehearsal_sends_nothing(on_calm: Amltui, calm: Service) -> None:
    """--dry-run names the request and the az command, and leaves the instance alone."""
    ended = on_calm("restart", "kim-dev", "--dry-run")
    assert ended.code == 0
    assert f"POST {calm.workspace_id}/computes/kim-dev/restart" in ended.out
    assert "az ml compute restart -n kim-dev" in ended.out
    assert _state(calm, "kim-dev") == "Running"


def test_an_operation_that_fails(on_busy: Amltui) -> None:
    """The service accepted it and failed later: exit code 1, with the reason it gave."""
    ended = on_busy("start", "gpu-demo", "--wait", "-o", "json")
    told = ended.json[0]
    assert ended.code == 1
    assert told["result"] == "failed"
    assert told["error"]
    assert told["error"] in ended.complaint


def test_waiting_has_an_end(on_calm: Amltui, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still on its way after all looks is not claimed to be done."""
    monkeypatch.setattr(actions, "MOST", 0)
    ended = on_calm("restart", "kim-dev", "--wait")
    assert (ended.code, ended.out) == (1, "")
    assert "restarting" in ended.complaint


def test_a_refused_action_is_not_repeated(on_calm: Amltui, calm: Service) -> None:
    """A start that the service failed may have arrived, so it is sent once; it is told as 1."""
    before = calm.calls().get("Compute_Restart", 0)
    calm.plan("Compute_Restart", "500")
    ended = on_calm("restart", "kim-dev")
    assert ended.code == 1
    assert "internal error" in ended.complaint
    assert calm.calls()["Compute_Restart"] == before + 1


def test_results_go_to_stdout_and_reasons_to_stderr(calm: Service) -> None:
    """Of a real process: one line of result, nothing else."""
    ended = run("stop", "kim-dev", "--dry-run", environment=calm.environment)
    assert ended.code == 0
    assert len(ended.out.splitlines()) == 1
    assert ended.err == ""


def test_a_job_is_archived_restored_renamed_and_tagged(on_calm: Amltui, calm: Service) -> None:
    """Each is done when the command ends, and the service has it."""
    name = f"changed-{next(_numbers)}"
    calm.put_job(name, command="echo")

    def now() -> Any:
        return calm.ask("GET", f"{calm.workspace_id}/jobs/{name}")["properties"]

    assert on_calm("archive", name).out == f"{name}: archived\n"
    assert now()["isArchived"] is True
    assert "archived already" in on_calm("archive", name).complaint
    assert on_calm("restore", name).code == 0
    assert now()["isArchived"] is False
    assert on_calm("rename", name, "--to", "another name").out == f"{name}: renamed\n"
    assert now()["displayName"] == "another name"
    assert on_calm("describe", name, "--to", "a second try").code == 0
    assert now()["description"] == "a second try"
    assert on_calm("tag", name, "--tags", "a=1 'b=two words'").code == 0
    assert {"a": "1", "b": "two words"}.items() <= now()["tags"].items()
    assert on_calm("untag", name, "--tags", "a").out == f"{name}: untagged\n"
    assert "a" not in now()["tags"]


def test_a_job_is_deleted_when_that_is_meant(on_calm: Amltui, calm: Service) -> None:
    """Without --yes nothing is sent; with it the job is gone."""
    name = f"deleted-{next(_numbers)}"
    calm.put_job(name, command="sleep 3000")
    assert on_calm("cancel", name, "--wait").code == 0
    refused = on_calm("delete", name)
    assert (refused.code, refused.out) == (2, "")
    assert "--yes" in refused.complaint
    assert on_calm("delete", name, "--yes").out == f"{name}: deleted\n"
    assert on_calm("delete", name, "--yes").code == 4


def test_a_job_is_submitted_again(
    on_calm: Amltui, calm: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As it was, or with what the editor made of it; a broken text is kept and nothing sent."""
    name = f"again-{next(_numbers)}"
    calm.put_job(name, command="sleep 3000")
    assert on_calm("resubmit", name, "--dry-run").out.count(f"/jobs/{name}-r") == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("VISUAL", "sed -i -e 's/sleep 3000/sleep 1000/'")
    ended = on_calm("resubmit", name, "--edit")
    assert (ended.code, ended.out) == (0, f"{name}: submitted again\n")
    assert not list(tmp_path.glob("amltui-*"))
    listed = on_calm("jobs", "-o", "json").json
    (made,) = [each["name"] for each in listed if each["name"].startswith(f"{name}-r")]
    new = calm.ask("GET", f"{calm.workspace_id}/jobs/{made}")["properties"]
    assert new["command"] == "sleep 1000"
    before = calm.calls().get("Jobs_CreateOrUpdate")
    monkeypatch.setenv("VISUAL", "sed -i -e 1d")
    broken = on_calm("resubmit", name, "--edit")
    assert broken.code == 2
    assert "no JSON" in broken.complaint
    assert "the text is kept in" in broken.complaint
    assert calm.calls().get("Jobs_CreateOrUpdate") == before
    on_calm("cancel", name, made)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tag", "train-first", "--tags", "=1"), "no name before the ="),
        (("tag", "train-first", "--tags", "'a"), "a quote is opened and not closed"),
        (("rename", "train-first", "--to", " "), "at least one letter"),
        (("tag", "train-first"), "--tags"),
    ],
)
def test_words_that_make_no_sense_are_refused(
    arguments: tuple[str, ...], said: str, on_calm: Amltui
) -> None:
    """One sentence, exit code 2, before anything is asked of the service."""
    ended = on_calm(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said.lower() in ended.complaint.lower()


def test_an_answer_that_never_came_is_uncertain(on_calm: Amltui, calm: Service) -> None:
    """The connection is cut after the request: it is neither done nor failed."""
    name = f"uncertain-{next(_numbers)}"
    calm.put_job(name, command="echo")
    calm.plan("Runs_AddOrModify", "reset")
    ended = on_calm("archive", name, "-o", "json")
    assert (ended.code, ended.json[0]["result"]) == (1, "uncertain")
    assert "uncertain whether it was archived" in ended.complaint
