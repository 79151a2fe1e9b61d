"""`amltui cache`, and when the dashboard remembers anything at all."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amltui.cli import remembering
from amltui.cli.arguments import parse
from amltui.cli.commands import dashboard
from amltui.cli.settings import Settings
from amltui.feeds.cache import tables
from amltui.feeds.cache.file import CacheFile
from amltui.feeds.cache.tables import Answer
from tests.cli.conftest import Amltui


@pytest.fixture
def folder(tmp_path: Path, bare: pytest.MonkeyPatch) -> Path:
    """Where AMLTUI_CACHE_DIR says that it is."""
    folder = tmp_path / "kept"
    bare.setenv("AMLTUI_CACHE_DIR", str(folder))
    return folder


def test_the_path_is_told_where_a_script_reads_it(folder: Path, amltui: Amltui) -> None:
    """On stdout, whether or not there is a file yet; none is made by asking."""
    ended = amltui("cache", "path")
    assert (ended.code, ended.out, ended.err) == (0, f"{folder / 'cache.sqlite3'}\n", "")
    assert not folder.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="every platform has its own place")
def test_without_a_setting_it_is_where_the_platform_keeps_such_files(
    tmp_path: Path, amltui: Amltui, bare: pytest.MonkeyPatch
) -> None:
    """Under XDG_CACHE_HOME, in a folder of our own."""
    bare.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert amltui("cache", "path").out == f"{tmp_path}/amltui/cache.sqlite3\n"


def test_clear_forgets_and_says_how_much(folder: Path, amltui: Amltui) -> None:
    """Nothing on stdout; a second time there is nothing left."""
    assert amltui("cache", "clear").complaint == "amltui: there was nothing to forget"
    file = CacheFile(folder / "cache.sqlite3")
    with file.writing() as db:
        tables.keep(db, Answer("kim", "job", "ws", datetime.now(UTC), "1", b"private" * 9000))
    ended = amltui("cache", "clear")
    assert (ended.code, ended.out) == (0, "")
    assert ended.complaint.endswith(" K forgotten")
    assert b"private" not in file.path.read_bytes()


def test_what_cannot_be_cleared_is_said(folder: Path, amltui: Amltui) -> None:
    """A folder in the place of the file is neither."""
    (folder / "cache.sqlite3").mkdir(parents=True)
    ended = amltui("cache", "clear")
    assert (ended.code, ended.out) == (1, "")
    assert "cannot be cleared" in ended.complaint


@pytest.mark.parametrize(
    ("flags", "environment", "remembers"),
    [
        ([], {}, True),
        (["--no-cache"], {}, False),
        ([], {"AMLTUI_CACHE": "off"}, False),
        (["--no-cache"], {"AMLTUI_CACHE": "on"}, False),
        ([], {"AMLTUI_CACHE": "on"}, True),
    ],
)
def test_the_dashboard_remembers_unless_it_is_told_not_to(
    flags: list[str],
    environment: dict[str, str],
    remembers: bool,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The flag beats the variable."""
    given: list[object] = []
    monkeypatch.setattr(dashboard, "need_terminal", lambda: None)
    monkeypatch.setattr(
        dashboard, "show", lambda connect, settings, pins, memory, watches: given.append(memory)
    )
    asked = parse(flags)
    asked.run(asked, Settings.gather({**vars(asked), "config": "/dev/null"}, environment))
    assert [each is not None for each in given] == [remembers]


def test_a_setting_that_is_neither(amltui: Amltui, bare: pytest.MonkeyPatch) -> None:
    """The two words are named."""
    bare.setenv("AMLTUI_CACHE", "maybe")
    ended = amltui("jobs")
    assert ended.code == 2
    assert "cache is on or off, not 'maybe'" in ended.complaint


def test_starts_that_may_lead_elsewhere_are_told_apart() -> None:
    """Cloud, sign-in, tenant, place and the variables that choose an identity."""
    plain = Settings()
    others = [
        Settings(cloud="http://127.0.0.1:8000"),
        Settings(auth="browser"),
        Settings(tenant="t"),
        Settings(subscription="s"),
        Settings(resource_group="g"),
        Settings(workspace="w"),
        Settings(all_workspaces=True),
    ]
    told = [remembering.entrance(each, {}) for each in (plain, *others)]
    told += [
        remembering.entrance(plain, {name: "x"})
        for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CONFIG_DIR")
    ]
    assert len(set(told)) == len(told)
    assert remembering.entrance(plain, {"AZURE_CLIENT_SECRET": "x"}) == told[0]
    assert remembering.entrance(Settings(cloud=" azurecloud "), {}) == told[0]


def test_another_user_of_the_azure_cli_is_another_start(tmp_path: Path) -> None:
    """Its profile tells who would be signed in; one that cannot be read tells nothing."""
    profile = tmp_path / "azureProfile.json"
    here = {"AZURE_CONFIG_DIR": str(tmp_path)}
    told = [remembering.entrance(Settings(), here)]
    for tenant, user in (("t", "kim"), ("t", "li"), ("u", "kim")):
        chosen = {"isDefault": True, "tenantId": tenant, "user": {"name": user}}
        document = {"subscriptions": [{"isDefault": False}, chosen]}
        profile.write_text(json.dumps(document), encoding="utf-8-sig")
        told.append(remembering.entrance(Settings(), here))
    assert len(set(told)) == 4
    assert remembering.entrance(Settings(auth="cli"), here) != told[0]
    for junk in ("{", "[]", '{"subscriptions": 5}', '{"subscriptions": [5]}', "\xff"):
        profile.write_bytes(junk.encode("latin-1"))
        assert remembering.entrance(Settings(), here) == told[0]


async def test_the_account_is_the_cloud_the_tenant_and_the_subject(stage, azure) -> None:  # type: ignore[no-untyped-def]
    """The same for each of its tokens, and nobody's where a token does not tell."""
    from amltui.azure.identity import account

    first = await account(azure)
    assert first is not None
    assert first.startswith("http://127.0.0.1:8000 ")
    assert len(first.split()) == 3
    azure.auth._held.clear()
    assert await account(azure) == first
    azure.auth._held.clear()
    azure.auth.credential.get_token = lambda *scopes, **options: Opaque()
    assert await account(azure) is None


class Opaque:
    """A token that tells nothing."""

    token = "opaque"
    expires_on = 2**40
