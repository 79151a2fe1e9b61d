"""`amltui quota`: limits with what is used, free, and by whom."""

from __future__ import annotations

from tests.cli.conftest import Amltui


def test_quota_tells_what_is_full_first(on_busy: Amltui):
    """Numbers that agree, and the holders with their ids."""
    ended = on_busy("quota", "--all-workspaces", "-o", "json")
    assert ended.code == 0
    shares = [each["share"] for each in ended.json if each["share"] is not None]
    assert shares == sorted(shares, reverse=True)
    full = next(each for each in ended.json if each["family"] == "NVADSA10v5" and each["used"])
    assert (full["used"], full["limit"], full["free"]) == (36, 36, 0)
    assert [(each["name"], each["vcpus"]) for each in full["holders"]] == [("kim-a10", 36)]
    assert full["holders"][0]["id"].endswith("/computes/kim-a10")


def test_quota_of_a_family_as_a_table(on_busy: Amltui):
    """Only what is asked for; a region without a compute is told when it is named."""
    lines = on_busy("quota", "--all-workspaces", "--family", "NCSv3", "--used").out.splitlines()
    assert lines[0].split() == ["FAMILY", "REGION", "OF", "USED", "LIMIT", "FREE", "HELD", "BY"]
    assert all(line.startswith("NCSv3") for line in lines[1:])
    assert any("nlp-gpu 12" in line for line in lines)
    other = on_busy("quota", "--workspace", "nlp-dev", "--region", "Japan East", "-o", "json")
    assert {each["region"] for each in other.json} == {"japaneast"}
    assert sum(each["used"] for each in other.json) == 0
