"""`amltui doctor`: each check succeeds or fails by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Amltui
from tests.cli.service import Service, command_line, surroundings
from tests.e2e.terminal import Terminal


def _found(report: list[dict[str, Any]]) -> dict[str, Any]:
    return {each["what"]: each for each in report}


def test_all_is_well(on_busy: Amltui, busy: Service) -> None:
    """Who is signed in and how, and that every workspace answers, with its time."""
    ended = on_busy("doctor", "-o", "json")
    found = _found(ended.json)
    assert ended.code == 0
    assert "managed-identity" in found["sign-in"]["told"]
    assert busy.tenant_id in found["sign-in"]["told"]
    assert busy.arm in found["cloud"]["told"]
    assert "5 can be read" in found["workspaces"]["told"]
    for place in ("vision-prod", "nlp-dev", "edu-lab", "risk-prod", "contoso-dev"):
        assert found[place]["ok"] is True
        assert found[place]["milliseconds"] > 0


def test_a_report_for_people(on_calm: Amltui, calm: Service) -> None:
    """The table has a mark, a name and a sentence for each check, and never the token."""
    ended = on_calm("doctor")
    assert ended.code == 0
    assert any(line.startswith("ok   sign-in") for line in ended.out.splitlines())
    assert "FAIL" not in ended.out
    assert "eyJ" not in ended.out


def test_a_sign_in_that_fails_ends_it(on_calm: Amltui, bare: pytest.MonkeyPatch) -> None:
    """Exit code 3; what does not need a sign-in is told all the same."""
    bare.setenv("IDENTITY_HEADER", "wrong")
    ended = on_calm("doctor", "-o", "json")
    found = _found(ended.json)
    assert ended.code == 3
    assert found["sign-in"]["ok"] is False
    assert found["cloud"]["ok"] is True
    assert "workspaces" not in found


def test_a_cloud_that_is_silent(amltui: Amltui) -> None:
    """Where the cloud does not answer, that is the finding, not the sign-in."""
    ended = amltui("doctor", "--cloud", "http://127.0.0.1:1", "-o", "json")
    found = _found(ended.json)
    assert ended.code == 1
    assert "127.0.0.1:1" in found["cloud"]["told"]
    assert "sign-in" not in found


def test_one_failure_does_not_hide_the_rest(on_busy: Amltui, busy: Service) -> None:
    """Subscriptions that cannot be listed are one finding; the workspaces are asked anyway."""
    busy.plan("Subscriptions_List", "403")
    ended = on_busy("doctor", "-o", "json")
    found = _found(ended.json)
    assert ended.code == 3
    assert found["subscriptions"]["ok"] is False
    assert found["sign-in"]["ok"] is True
    assert found["vision-prod"]["ok"] is True


def test_a_workspace_that_fails(on_busy: Amltui, busy: Service) -> None:
    """It is told by its name, and the exit code is that of its failure."""
    busy.plan("Compute_List", "html502")
    ended = on_busy("doctor", "--workspace", "nlp-dev", "-o", "json")
    found = _found(ended.json)
    assert ended.code == 1
    assert found["nlp-dev"]["ok"] is False
    assert "502" in found["nlp-dev"]["told"]


def test_a_workspace_that_is_not_there(on_busy: Amltui) -> None:
    """The place that was named is part of what is examined: exit code 4."""
    ended = on_busy("doctor", "--workspace", "vision-prd", "-o", "json")
    assert ended.code == 4
    assert "did you mean vision-prod" in _found(ended.json)["workspaces"]["told"]


def test_a_small_terminal_is_a_finding(calm: Service) -> None:
    """On a terminal in which the dashboard is of no use, that is said."""
    line = command_line("doctor")
    with Terminal(line, surroundings(calm.environment), 40, 10) as terminal:
        assert terminal.ended() == 1
        assert "60×16" in terminal.written.decode()
