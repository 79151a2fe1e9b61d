"""What goes wrong ends in one clear sentence and the right exit code, never in a traceback."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service, run

PLACE = "--workspace=vision-prod"


def test_an_unknown_cloud(amltui: Amltui) -> None:
    """The clouds that there are get named, and that an URL would do as well."""
    ended = amltui("jobs", "--cloud", "AzureMoon")
    assert (ended.code, ended.out) == (4, "")
    assert "AzureMoon" in ended.complaint
    assert "AzureUSGovernment" in ended.complaint


def test_a_cloud_that_is_none(calm: Service, on_calm: Amltui) -> None:
    """An address that does not describe itself as a cloud is told from one that is silent."""
    calm.plan("Metadata_Endpoints", "html502")
    ended = on_calm("jobs")
    assert (ended.code, ended.out) == (1, "")
    assert "is it an ARM endpoint?" in ended.complaint


def test_plain_http_beyond_this_machine_is_refused(amltui: Amltui) -> None:
    """No token goes over the network in the clear."""
    ended = amltui("jobs", "--cloud", "http://example.com")
    assert (ended.code, ended.out) == (1, "")
    assert "https" in ended.complaint


def test_an_unknown_workspace(on_busy: Amltui) -> None:
    """Exit code 4, and the workspace that was probably meant."""
    ended = on_busy("jobs", "--workspace", "vision-prd")
    assert (ended.code, ended.out) == (4, "")
    assert "did you mean vision-prod" in ended.complaint


def test_an_unknown_subscription(on_busy: Amltui) -> None:
    """Nothing to be read there: exit code 4, and which subscription was meant."""
    ended = on_busy("jobs", "--subscription", "00000000-0000-0000-0000-000000000000")
    assert (ended.code, ended.out) == (4, "")
    assert "subscription" in ended.complaint
    assert "00000000-0000" in ended.complaint


def test_an_exact_workspace_that_is_not_there(on_calm: Amltui, calm: Service) -> None:
    """A place that was named in full is not looked up, and its absence still is exit code 4."""
    subscription, group, _ = calm.place
    ended = on_calm("jobs", subscription, group, "--workspace=gone")
    assert (ended.code, ended.out) == (4, "")
    assert "gone" in ended.complaint


def test_no_credential(
    bare: pytest.MonkeyPatch, amltui: Amltui, calm: Service, tmp_path: Path
) -> None:
    """Nothing is set up to sign in with: exit code 3, and what to do."""
    bare.setenv("PATH", str(tmp_path))
    ended = amltui("jobs", "--cloud", calm.arm)
    assert (ended.code, ended.out) == (3, "")
    assert "az login" in ended.complaint


def test_a_credential_that_is_refused(bare: pytest.MonkeyPatch, on_calm: Amltui) -> None:
    """The machine's identity is there, and its endpoint says no."""
    bare.setenv("IDENTITY_HEADER", "wrong")
    ended = on_calm("jobs")
    assert (ended.code, ended.out) == (3, "")
    assert "managed-identity" in ended.complaint


@pytest.mark.parametrize(
    ("kind", "code", "said"),
    [
        ("401", 3, "sign in"),
        ("403", 3, "authorization"),
        ("404", 4, "not found"),
        ("409", 1, "in progress"),
        ("429", 1, "throttled"),
        ("500", 1, "internal error"),
        ("html502", 1, "502"),
        ("truncated", 1, "not JSON"),
        ("reset", 1, "broke off"),
    ],
)
def test_a_service_that_fails(
    kind: str, code: int, said: str, on_busy: Amltui, busy: Service
) -> None:
    """However the list of jobs fails: nothing on stdout, one sentence, its exit code."""
    busy.plan("Jobs_List", kind)
    ended = on_busy("jobs", PLACE)
    assert (ended.code, ended.out) == (code, "")
    assert said in ended.complaint
    assert "<html" not in ended.err


@pytest.mark.parametrize("kind", ["429", "500", "html502", "reset"])
def test_a_fault_that_passes_is_not_told(kind: str, on_busy: Amltui, busy: Service) -> None:
    """One failed answer is asked for again, and nobody need know."""
    busy.plan("Jobs_List", kind, times=1)
    ended = on_busy("jobs", PLACE, "--limit", "1", "-o", "json")
    assert (ended.code, len(ended.json)) == (0, 1)
    assert len(ended.err.splitlines()) == 1  # that there are more


def test_a_token_that_has_expired_is_renewed(on_busy: Amltui, busy: Service) -> None:
    """A single 401 is answered with a new token."""
    busy.plan("Jobs_List", "401", times=1)
    assert on_busy("jobs", PLACE, "--limit", "1", "-o", "json").code == 0


def test_the_wait_that_the_service_asks_for_is_kept(on_busy: Amltui, busy: Service) -> None:
    """A long Retry-After is not waited for: the command ends and tells."""
    busy.plan("Jobs_List", "429", retry_after=600)
    before = busy.calls().get("Jobs_List", 0)
    ended = on_busy("jobs", PLACE)
    assert ended.code == 1
    assert busy.calls()["Jobs_List"] == before + 1


def test_an_error_carries_its_request_id(on_busy: Amltui, busy: Service) -> None:
    """What Azure support asks for is in the sentence."""
    busy.plan("Jobs_List", "403")
    assert "(request " in on_busy("jobs", PLACE).complaint


def test_one_workspace_of_several_fails(on_busy: Amltui, busy: Service) -> None:
    """The others are listed all the same; which one failed is said, and the exit code is 1."""
    busy.plan("Compute_List", "403", times=1)
    ended = on_busy("compute", "-o", "json")
    assert ended.code == 1
    assert len({each["workspace"] for each in ended.json}) == 4
    failed = {"vision-prod", "nlp-dev", "edu-lab", "risk-prod", "contoso-dev"} - {
        each["workspace"] for each in ended.json
    }
    assert failed.pop() in ended.complaint


def test_a_silent_run_history_leaves_the_jobs(on_busy: Amltui, busy: Service) -> None:
    """Times come from another service; where it fails, the jobs come without, and that is said."""
    busy.plan("Runs_Query", "500")
    ended = on_busy("jobs", PLACE, "-o", "json")
    assert ended.code == 0
    assert ended.json
    assert ended.err
    assert all("times and errors are missing" in line for line in ended.err.splitlines())


def test_no_one_answers(amltui: Amltui, bare: pytest.MonkeyPatch) -> None:
    """A port on which nobody listens: exit code 1 and its address."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        ended = amltui("jobs", "--cloud", f"http://127.0.0.1:{port}")
    assert (ended.code, ended.out) == (1, "")
    assert f"127.0.0.1:{port}" in ended.complaint


def test_a_host_without_a_name(amltui: Amltui) -> None:
    """A name that does not resolve is told as such."""
    ended = amltui("jobs", "--cloud", "https://nowhere.invalid")
    assert (ended.code, ended.out) == (1, "")
    assert "nowhere.invalid" in ended.complaint


@pytest.mark.parametrize(("kind", "code"), [("403", 3), ("truncated", 1)])
def test_a_real_process_ends_the_same(kind: str, code: int, busy: Service) -> None:
    """Outside of this process too: exit code, empty JSON or nothing, one line, no traceback."""
    busy.plan("ResourceGraph_Query", kind)
    busy.plan("Subscriptions_List", kind)
    ended = run("jobs", PLACE, "-o", "json", environment=busy.environment)
    assert ended.code == code
    assert ended.out == ""
    assert ended.complaint.startswith("amltui: ")


@pytest.mark.parametrize("command", ["job", "metrics", "logs"])
def test_commands_about_one_job_fail_alike(command: str, on_busy: Amltui, busy: Service) -> None:
    """A 403 on the job is not told as a job that is not there."""
    busy.plan("Jobs_Get", "403")
    ended = on_busy(command, "anything", PLACE)
    assert (ended.code, ended.out) == (3, "")
    assert "authorization" in ended.complaint


def test_a_failed_action_is_told_in_json_too(on_busy: Amltui, busy: Service) -> None:
    """The record holds the reason and the request id; the exit code is that of the reason."""
    busy.plan("Compute_Stop", "403")
    ended = on_busy("stop", "kim-dev", PLACE, "-o", "json")
    told = json.loads(ended.out)[0]
    assert ended.code == 3
    assert (told["result"], told["workspace"]) == ("failed", "vision-prod")
    assert told["request_id"] in ended.complaint
