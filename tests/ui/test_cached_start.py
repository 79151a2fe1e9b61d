"""A start shows what the last run knew, says how old that is, and asks again."""

from __future__ import annotations

import asyncio
import zlib
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual.screen import Screen

from amltui.azure import jobs
from amltui.azure.client import AzureClient
from amltui.azure.errors import Unreachable
from amltui.domain.job import Job
from amltui.domain.listing import Listing
from amltui.emulator.tokens import Principal
from amltui.feeds.cache.file import CacheFile
from amltui.feeds.cache.memory import Memory
from amltui.kinds.registry import KINDS
from amltui.ui.app import Dashboard
from amltui.ui.session import Scope
from tests.stage import Stage
from tests.ui.deck import Deck
from tests.waiting import PATIENCE

RESOURCE = {kind.name: kind.resource for kind in KINDS}.__getitem__
HOURS = 3 * 3600


@pytest.fixture
def file(tmp_path: Path) -> CacheFile:
    return CacheFile(tmp_path / "amltui" / "cache.sqlite3")


def memory_of(stage: Stage, file: CacheFile, entrance: str = "plainly") -> Memory:
    return Memory(file, entrance, RESOURCE, stage.clock)


async def visit(stage: Stage, file: CacheFile, *screens: str, entrance: str = "plainly") -> Memory:
    """A run that fills its first screen and some others, and is left."""
    memory = memory_of(stage, file, entrance)
    async with Deck.loaded(stage, memory=memory) as deck:
        for key in screens:
            await deck.pane_of(key)
        deck.app.exit()
    memory.leave(PATIENCE)
    return memory


async def never() -> None:
    await asyncio.Event().wait()


async def test_the_rows_of_the_last_run_are_there_before_anybody_has_answered(
    stage: Stage, file: CacheFile
):
    """Names, counts and workspace as they were, dimmed, with their age; nothing was asked."""
    await visit(stage, file)
    await stage.advance(HOURS)
    stage.requests.clear()
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline")
        assert "cached 3h ago" in deck.header
        assert "calm-ws" in deck.header
        assert "signing in" in deck.status
        assert all(row.stale for row in deck.pane.table.rows)
        assert not stage.requests


async def test_the_first_frame_has_the_rows_and_is_laid_out_once(
    stage: Stage, file: CacheFile, monkeypatch: pytest.MonkeyPatch
):
    """No empty list is laid out, styled or painted on the way to the rows."""
    await visit(stage, file)
    done: list[str] = []
    lay_out, display = Screen._refresh_layout, Dashboard._display

    def watched_layout(self: Screen[object], *sizes: Any, **options: Any) -> None:
        done.append("laid out")
        lay_out(self, *sizes, **options)

    def watched_display(self: Dashboard, screen: Screen[object], update: Any) -> None:
        if isinstance(update, LayoutUpdate):
            done.append("\n".join(part.text for line in update.strips for part in line))
        display(self, screen, update)

    monkeypatch.setattr(Screen, "_refresh_layout", watched_layout)
    monkeypatch.setattr(Dashboard, "_display", watched_display)
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)):
        first, frame = done[:2]
    assert first == "laid out"
    assert "train-baseline" in frame


async def test_the_answer_takes_their_place(stage: Stage, file: CacheFile):
    """Once the service has answered, nothing is old any more, and what changed is as it is now."""
    await visit(stage, file)
    await stage.advance(HOURS)
    gate = asyncio.Event()

    async def connect() -> AzureClient:
        await gate.wait()
        return await stage.connect()

    async with Deck.open(stage, connect=connect, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline", "cached 3h ago")
        await deck.press("j")
        cursor = deck.cursor
        gate.set()
        await deck.shows("live 10s")
        assert "cached" not in deck.text
        assert not any(row.stale for row in deck.pane.table.rows)
        assert deck.cursor == cursor


async def test_a_network_that_fails_leaves_the_rows_with_their_age_and_the_reason(
    stage: Stage, file: CacheFile
):
    """Both are on the screen at once, and it is asked again."""
    await visit(stage, file)
    await stage.advance(HOURS)
    tries = []

    async def connect() -> AzureClient:
        tries.append(1)
        if len(tries) < 3:
            raise Unreachable("management.azure.com cannot be reached: no route to host")
        return await stage.connect()

    async with Deck.open(stage, connect=connect, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline", "cached 3h ago", "no route to host")
        assert "no session" in deck.status
        assert "Asking again in 2 s" in deck.status
        await deck.until_shows("live 10s")
        assert "no route to host" not in deck.text


async def test_a_list_that_is_refused_leaves_the_rows_too(stage: Stage, file: CacheFile):
    """Signed in is not answered: the age stays that of the rows, and the reason is told."""
    await visit(stage, file)
    await stage.advance(HOURS)
    stage.world.faults.add("Jobs_List", "500", times=100)
    async with Deck.open(stage, memory=memory_of(stage, file)) as deck:
        await deck.until_shows("retry in")
        assert "cached 3h ago" in deck.header
        assert "cached 3h ago, retry in" in deck.status
        assert "train-baseline" in deck.text
        stage.world.faults.faults.clear()
        await deck.until_shows("live 10s")


@pytest.mark.scenario("busy_night")
async def test_places_are_refreshed_one_by_one(stage: Stage, file: CacheFile):
    """A workspace that does not answer keeps its old rows beside the new ones of the others."""
    await visit(stage, file)
    await stage.clock.advance(HOURS)
    stage.world.faults.add("Jobs_List", "500", times=100, path="/workspaces/edu-lab/")
    async with Deck.open(stage, memory=memory_of(stage, file)) as deck:
        await deck.until_shows("edu-lab cached 3h ago, retry in", "4 ok")
        stale = {row.resource.workspace.name for row in deck.pane.table.rows if row.stale}
        assert stale == {"edu-lab"}


@pytest.mark.scenario("busy_night")
async def test_it_opens_where_it_was_left(stage: Stage, file: CacheFile):
    """Screen, workspace, filter, order and cursor, before the sign-in and after it."""
    memory = memory_of(stage, file)
    async with Deck.loaded(stage, memory=memory) as deck:
        everywhere = deck.app.scope.workspaces
        chosen = next(each for each in everywhere if each.name == "contoso-dev")
        deck.app.look_at(chosen)
        await deck.pane_of("3")
        await deck.press("/", "n", "enter", "greater_than_sign", "backslash")
        await deck.wait(lambda: deck.pane.arrangement.descending)
        await deck.press("j")
        left = (deck.names, deck.cursor, deck.pane.arrangement)
        await deck.press("q")
    memory.leave(PATIENCE)
    assert left[1] == left[0][1]
    gate = asyncio.Event()

    async def connect() -> AzureClient:
        await gate.wait()
        return await stage.connect()

    async with Deck.open(stage, connect=connect, memory=memory_of(stage, file)) as deck:
        await deck.wait(lambda: deck.names)
        assert deck.pane.KIND.name == "compute"
        assert "contoso-dev" in deck.header
        assert "/n" in deck.text
        assert (deck.names, deck.cursor, deck.pane.arrangement) == left
        gate.set()
        await deck.shows("live")
        assert (deck.names, deck.cursor, deck.pane.arrangement) == left
        assert deck.app.scope == Scope(everywhere, chosen)


async def test_another_screen_has_its_rows_before_the_sign_in(stage: Stage, file: CacheFile):
    """What was looked at in the last run can be looked at in this one."""
    await visit(stage, file, "3", "2")
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline")
        await deck.press("3")
        await deck.shows("kim-dev", "cached")
        await deck.press("4")
        await deck.shows("Signing in …")


async def test_rows_of_one_account_are_never_shown_to_another(stage: Stage, file: CacheFile):
    """The guess that it is the one of the last time ends with the sign-in, before any answer."""
    await visit(stage, file)
    stage.credential.who = Principal(user="li@contoso.com")
    stage.world.faults.add("Jobs_List", "500", times=100)
    async with Deck.open(stage, memory=memory_of(stage, file)) as deck:
        await deck.until_shows("retry in")
        assert "train-baseline" not in deck.text
        assert "cached" not in deck.text
        deck.app.exit()


async def test_another_way_in_knows_nothing(stage: Stage, file: CacheFile):
    """Other settings may lead to another account or cloud: nothing is guessed from these."""
    await visit(stage, file)
    other = memory_of(stage, file, "by another way")
    async with Deck.open(stage, connect=never, memory=other) as deck:
        await deck.settle()
        assert "Signing in …" in deck.text
        assert "train-baseline" not in deck.text


async def test_a_row_that_is_only_remembered_opens_nothing_and_says_why(
    stage: Stage, file: CacheFile
):
    """Enter, a part and an action: each is answered, and none is done."""
    await visit(stage, file)
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline")
        for key in ("enter", "m", "x", "d"):
            await deck.press(key)
            await deck.wait(lambda: "Signing in …" in deck.news)
            deck.app.clear_notifications()
            await deck.wait(lambda: not deck.news)
        assert deck.app.screen is deck.app.screen_stack[0]


async def test_nothing_of_a_session_that_is_kept_opens_anything(stage: Stage, file: CacheFile):
    """No token, signature, key or password is in the bytes; the rest of the row is."""
    secrets = {
        "signed": "Jq1xvN0signature%2Bof",
        "key": "9f8e7d6c5b4a",
        "password": "hunter2hunter2",
        "bearer": "opaque-0123456789",
        "member": "hf_AbCdEfGhIjKl",
    }
    azure = await stage.connect()
    command = (
        f"curl 'https://acc.blob.core.windows.net/c/b?sv=2024&sig={secrets['signed']}&se=2027'"
        f" && WANDB_API_KEY={secrets['key']} python train.py --password {secrets['password']}"
        f' -H "Authorization: Bearer {secrets["bearer"]}"'
    )
    await azure.put(
        f"{stage.place.path}/jobs/chatty",
        json={
            "properties": {
                "jobType": "Command",
                "command": command,
                "environmentId": "e",
                "tags": {"hf_token": secrets["member"], "team": "vision"},
            }
        },
    )
    await azure.aclose()
    await visit(stage, file, "3", "4", "9", "2")
    with file.reading() as db:
        assert db is not None
        packed = [*db.execute("SELECT rows FROM answers"), *db.execute("SELECT view FROM visits")]
    files = [each.read_bytes() for each in file.path.parent.iterdir()]
    kept = b"".join([*files, *(zlib.decompress(each) for (each,) in packed)])
    assert b"python train.py" in kept
    assert b"vision" in kept
    tokens = [request.headers.get("Authorization", "")[7:] for request in stage.requests]
    assert any(tokens)
    for secret in {*secrets.values(), *filter(None, tokens)}:
        assert secret.encode() not in kept
    assert b"eyJ" not in kept


async def test_a_folder_that_cannot_be_written_to_costs_one_sentence(stage: Stage, tmp_path: Path):
    """The dashboard goes on without a memory."""
    (tmp_path / "in-the-way").write_text("a file")
    file = CacheFile(tmp_path / "in-the-way" / "cache.sqlite3")
    memory = Memory(file, "plainly", RESOURCE, stage.clock, first=0.0)
    async with Deck.loaded(stage, memory=memory) as deck:
        await deck.shows("is not used: ")
        assert "train-baseline" in deck.text
        assert len(deck.news) == 1
        deck.app.exit()
    memory.leave(PATIENCE)


async def test_a_damaged_file_is_put_aside_and_said_so(stage: Stage, file: CacheFile):
    """The start is like the first one, and the next has its rows again."""
    await visit(stage, file)
    file.path.write_bytes(b"nothing that SQLite ever wrote" * 400)
    async with Deck.open(stage, memory=(memory := memory_of(stage, file))) as deck:
        await deck.shows("The cache was damaged")
        await deck.shows("live 10s")
        deck.app.exit()
    memory.leave(PATIENCE)
    assert file.aside.read_bytes().startswith(b"nothing that SQLite")
    async with Deck.open(stage, connect=never, memory=memory_of(stage, file)) as deck:
        await deck.shows("train-baseline", "cached")


@pytest.mark.scenario("five_thousand_runs")
async def test_thousands_of_rows_are_there_again_and_stay_with_the_answer(
    stage: Stage, file: CacheFile
):
    """A screenful at first, then all; filtered and sorted whole; the answer joins them."""
    await visit(stage, file)
    azure = await stage.connect()
    read: list[Job] = []
    async for page in azure.workspace(stage.place).pages("/jobs", params={"$top": "1000"}):
        read += [job for item in page.items if (job := jobs.parse(stage.place, item))]
        if len(read) >= 3000:
            break
    listing = Listing(tuple(read[:3000]), True)
    memory = memory_of(stage, file)
    assert memory.last_visit() is not None
    memory.keep("job", stage.place.key, listing, stage.clock.now())
    memory.leave(PATIENCE)
    gate = asyncio.Event()

    async def connect() -> AzureClient:
        await gate.wait()
        return await stage.connect()

    async with Deck.open(stage, connect=connect, memory=memory_of(stage, file)) as deck:
        await deck.until(lambda: len(deck.names) == 3000)
        sought = deck.names[2500]
        await deck.press("slash")
        await deck.type(sought)
        await deck.press("enter")
        await deck.until(lambda: sought in deck.names and len(deck.names) < 3000)
        await deck.press("escape")
        await deck.until(lambda: len(deck.names) == 3000)
        await deck.press("greater_than_sign", "greater_than_sign")
        titles = [row.title.lower() for row in deck.pane.table.rows]
        await deck.until(
            lambda: [row.title.lower() for row in deck.pane.table.rows] == sorted(titles)
        )
        gate.set()
        await deck.until(lambda: deck.pane.view.answered and "cached" not in deck.header)
        assert len(deck.names) >= 3000
        assert not any(row.stale for row in deck.pane.table.rows)
