"""Endpoints from the command line: listed, and changed by name."""

from __future__ import annotations

from tests.cli.conftest import Amltui


def test_what_nobody_asks_is_found(on_busy: Amltui) -> None:
    """With what it costs; scripts see why it is listed."""
    ended = on_busy("endpoints", "--all-workspaces", "--filter", "traffic:none", "-o", "json")
    assert ended.code == 0
    (ghost,) = ended.json
    assert (ghost["endpoint"], ghost["name"], ghost["no_traffic"]) == ("asr-ep", "main", True)
    assert ghost["burn_per_hour"] > 0


def test_a_deployment_is_meant_by_its_endpoint_too(on_busy: Amltui) -> None:
    """Several are called green; a rehearsal says what would be sent and costs nothing."""
    place = ("--all-workspaces", "--dry-run")
    alone = on_busy("traffic", "green", "--to", "0", *place)
    assert alone.code == 2
    named = on_busy("traffic", "credit-ep/blue", "--to", "40", *place)
    assert named.code == 0
    assert "/onlineEndpoints/credit-ep" in named.out
    assert '"blue": 40' in named.out


def test_nonsense_and_the_irrevocable_are_not_begun(on_busy: Amltui) -> None:
    """A share above 100 is no share, and without --yes nothing is deleted."""
    assert on_busy("traffic", "credit-ep/blue", "--to", "140").code == 2
    assert on_busy("delete-deployment", "credit-ep/green").code == 2
    refused = on_busy(
        "--read-only", "scale-deployment", "credit-ep/blue", "--to", "3", "--all-workspaces"
    )
    assert refused.code != 0
    assert "read-only" in refused.complaint
