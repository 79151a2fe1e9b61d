"""The logs of a job as a reader uses them: long ones, many ranks, searches, and trouble."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amltui.azure import jobs
from amltui.emulator.blobs.blob import Blob
from amltui.emulator.jobs.log_file import LogFile
from amltui.kinds.kind import Row
from amltui.ui.screens.job import JobScreen
from amltui.ui.screens.log_picker import LogPicker
from amltui.ui.widgets.log_view import LogView
from tests.stage import Stage
from tests.ui.deck import NARROW, WIDE, Deck
from tests.ui.test_hostile import assert_harmless

FAILED = "resnet152-bs512"
LINE = 100
busy = pytest.mark.scenario("busy_night")


def view(deck: Deck) -> LogView:
    return deck.app.screen.query_one("LogsTab LogView", LogView)


def numbered(count: int, first: int = 0) -> bytes:
    """Lines of exactly 100 bytes, each with its number."""
    return b"".join(b"%-99d\n" % number for number in range(first, first + count))


class Written:
    """What the log of the job under the cursor holds, in place of what is computed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.data = b""
        self.created = 1.0
        made = "amltui.emulator.blobs.runs.of_log"
        monkeypatch.setattr(made, self._blob)

    def _blob(self, name: str, log: LogFile, modified: float, now: float, kind: str) -> Blob:
        data = self.data
        return Blob(
            name,
            kind,
            len(data),
            self.created,
            modified,
            f"0x{len(data)}",
            lambda start, stop: data[start:stop],
        )


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Written:
    return Written(monkeypatch)


async def opened(deck: Deck, title: str = "") -> None:
    if title:
        await deck.go_to(title)
    await deck.press("l")
    await deck.shows("read ·")


def ranges(stage: Stage) -> list[tuple[int, int]]:
    """What was asked of the user's log, as [start, stop)."""
    asked = [str(request.headers["range"]) for request in stage.sent("GET", "/std_log.txt")]
    pairs = [each.removeprefix("bytes=").split("-") for each in asked]
    return [(int(start), int(last) + 1) for start, last in pairs]


async def deck_on_gigabyte(deck: Deck) -> None:
    """The log of a gigabyte, which is not among the newest runs."""
    await deck_on_endless(deck)
    await deck.shows("last 256 K of 1.0 G read")


async def deck_on_endless(deck: Deck) -> None:
    """A run that trains for weeks."""
    world, session = deck.stage.world, deck.app.session
    history = world.jobs.of(next(iter(world.workspaces.values())).id)
    everything = history.newest_first(world.now)
    name = next(each.name for each in everything if each.display_name == "gigabyte-log")
    assert session is not None
    job = await jobs.get(session.azure.workspace(deck.stage.place), name)
    deck.app.push_screen(JobScreen(session, Row(job, deck.stage.clock.now()), "logs"))


# Files


@busy
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_enter_finds_a_rank_by_its_number(stage: Stage, size: tuple[int, int]):
    """Two keys and Enter, however many files there are."""
    async with Deck.loaded(stage, size=size) as deck:
        await opened(deck, FAILED)
        await deck.press("enter")
        await deck.wait(lambda: isinstance(deck.app.screen, LogPicker))
        await deck.shows("your code", "node")
        await deck.press("2")
        await deck.wait(lambda: "std_log_process_3" not in deck.text)
        await deck.press("enter")
        await deck.shows("user_logs/std_log_process_2.txt", "[rank 2]")


@busy
async def test_files_stand_beside_the_log_by_who_wrote_them(stage: Stage):
    """Tab leads there, Enter opens one, its size is told; on a narrow screen there is no room."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        await opened(deck, FAILED)
        await deck.shows("8 files", "your code", "> rank 0", "node", "lifecycler")
        await deck.press("tab", "j", "enter")
        await deck.shows("> rank 1", "[rank 1]")
        await deck.wait(lambda: deck.line("rank 1", " K"))


@busy
async def test_the_image_build_is_one_of_the_files(stage: Stage):
    """Its bars and colours are shown at their last state."""
    async with Deck.loaded(stage, size=WIDE) as deck:
        await opened(deck, "resnet50-aug-lr3e4")
        await deck.shows("image build", "20_image_build_log")
        await deck.press("enter")
        await deck.wait(lambda: isinstance(deck.app.screen, LogPicker))
        await deck.type("build")
        await deck.press("enter")
        await deck.shows("Step 2/4", "━━━━ 100% 0:00:00", "Pull complete")
        assert_harmless(deck.text)


# A gigabyte


@pytest.mark.scenario("hundred_thousand_runs")
async def test_a_gigabyte_opens_at_its_end(stage: Stage):
    """Two questions and less than half a megabyte; scrolling up reads a megabyte more."""
    async with Deck.loaded(stage) as deck:
        await deck_on_gigabyte(deck)
        asked = ranges(stage)
        assert len(asked) == 2
        assert sum(stop - start for start, stop in asked) < 400_000
        await deck.press("g")
        await deck.shows("first 64 K of 1.0 G read")
        assert "train.py" in deck.lines[2]
        await deck.press("G")
        await deck.shows("last 256 K of 1.0 G read", "follow ·")


async def test_scrolling_up_reads_what_is_older_and_leaves_the_reader_there(
    stage: Stage, written: Written
):
    """The line that was at the top of the screen is where it was, the one before it above."""
    written.data = numbered(50_000)
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        await deck.shows("last 256 K of 4.8 M read")
        first = int(view(deck).text.split("\n")[0])
        view(deck).go_to(view(deck).window.starts[0])
        await deck.press("k")
        await deck.shows("last 1.2 M of 4.8 M read")
        assert deck.lines[3][2:].split()[0] == str(first)
        await deck.press("k")
        assert deck.lines[3][2:].split()[0] == str(first - 1)
        held = view(deck).text.split("\n")
        assert [int(each) for each in held] == list(range(50_000 - len(held), 50_000))


async def test_memory_is_bounded_and_the_end_is_read_again(
    stage: Stage, written: Written, monkeypatch: pytest.MonkeyPatch
):
    """Who goes far back drops the end, is told so, reads forwards again, and finds it with G."""
    monkeypatch.setattr("amltui.domain.log_window.MOST_BYTES", 400_000)
    monkeypatch.setattr("amltui.domain.log_window.KEPT", 300_000)
    monkeypatch.setattr("amltui.feeds.open_log.PIECE", 150_000)
    written.data = numbered(20_000)
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        for _ in range(3):
            base = view(deck).window.base
            view(deck).go_to(view(deck).window.starts[0])
            await deck.press("k")
            await deck.wait(lambda before=base: view(deck).window.base < before)
        assert len(view(deck).window.data) < 460_000
        await deck.shows(" on of 1.9 M read")
        end = view(deck).window.end
        view(deck).go_to(view(deck).window.starts[-2])
        await deck.press("j", "pagedown")
        await deck.wait(lambda: view(deck).window.end > end)
        await deck.press("G")
        await deck.shows("last 256 K of 1.9 M read", "19999")


# Trouble


async def test_a_log_that_was_replaced_is_read_anew(stage: Stage, written: Written):
    """The old lines are gone from the screen, and it says why."""
    written.data = b"old\n" * 50
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await deck.shows("old")
        written.data, written.created = b"new\n" * 80, 2.0
        await deck.until_shows("not the same any more")
        assert set(view(deck).text.split("\n")) == {"new"}


async def test_a_log_that_shrinks_and_grows_again(stage: Stage, written: Written):
    """To nothing, and on from there."""
    written.data = b"old\n" * 50
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        written.data = b""
        await deck.until_shows("The file is empty so far")
        written.data = b"again\n"
        await deck.until(lambda: view(deck).text == "again")


@pytest.mark.parametrize("kind", ["403", "404", "409", "500", "503", "html502", "reset"])
async def test_whatever_the_storage_answers_the_lines_stay_and_the_reason_is_told(
    stage: Stage, kind: str
):
    """With the time of the last byte, and when it is tried again; then it goes on."""
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        text = view(deck).text
        stage.world.faults.add("Blobs_Get", kind, times=10_000)
        await deck.until(lambda: "log: " in deck.status and "again in" in deck.status)
        assert "last byte" in deck.status
        assert view(deck).text.startswith(text)
        stage.world.faults.faults.clear()
        await deck.until(lambda: len(view(deck).text) > len(text))
        assert view(deck).text.startswith(text)
        assert "log: " not in deck.status


@pytest.mark.scenario("hundred_thousand_runs")
async def test_hours_pass_and_the_log_is_still_followed(stage: Stage, written: Written):
    """Links and tokens expire again and again; each time the next bytes come."""
    written.data = numbered(1_000)
    async with Deck.loaded(stage) as deck:
        await deck_on_endless(deck)
        await deck.shows("999 ")
        for hours in range(1, 4):
            stage.world_clock.advance(9 * 3600)
            await stage.clock.advance(9 * 3600)
            written.data += numbered(1, 1_000 * hours)
            await deck.until_shows(f"{1_000 * hours} ")
        await deck.until(lambda: "link renewed" in deck.status and "log: " not in deck.status)


async def test_a_failure_to_read_older_lines_is_told(stage: Stage, written: Written):
    """The reader may try again by going on."""
    written.data = numbered(50_000)
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        stage.world.faults.add("Blobs_Get", "404", times=10_000)
        view(deck).go_to(view(deck).window.starts[0])
        await deck.press("k")
        await deck.shows("Reading older lines failed")
        stage.world.faults.faults.clear()
        await deck.press("k")
        await deck.until_shows("last 1.2 M of 4.8 M read")


# Searching


async def test_a_search_counts_goes_on_and_says_how_far_it_looked(stage: Stage, written: Written):
    """`/`, `n`, `N`; beyond what was searched `N` reads on."""
    written.data = numbered(100_000)
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        await deck.press("slash")
        await deck.type("^[0-9]*500 ")
        await deck.press("enter")
        await deck.until_shows("in the last 4.2 M of 9.5 M")
        await deck.wait(lambda: not view(deck).sifting and view(deck).matches)
        count = len(view(deck).find.hits)
        assert count == sum(
            1 for each in range(100_000 - len(view(deck).window), 100_000) if each % 1000 == 500
        )
        await deck.shows(f"{count}/{count}")
        await deck.press("N")
        await deck.shows(f"{count - 1}/{count}")
        await deck.press("n")
        await deck.shows(f"{count}/{count}")
        view(deck).go_to(view(deck).find.hits[0])
        base = view(deck).window.base
        await deck.press("N")
        await deck.wait(lambda: view(deck).window.base < base and not view(deck).sifting)
        at = view(deck).find.hits.index(view(deck).current)
        assert view(deck).find.hits[at + 1] > base
        await deck.press("escape")
        assert view(deck).find is None
        assert isinstance(deck.app.screen, JobScreen)


async def test_a_filter_shows_matching_lines_and_follows_them(stage: Stage, written: Written):
    """`&` as it is typed, `!` for the others, new lines too; the very next key is none of it."""
    written.data = b"good\nbad one\n" * 20
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        await deck.press("ampersand")
        await deck.type("bad")
        await deck.shows("&bad 20 of 40 lines")
        assert "good" not in deck.text
        written.data += b"good\nbad two\n"
        await deck.until_shows("bad two")
        await deck.press("enter", "escape")
        await deck.shows("42 lines")
        deck.send("ampersand", "!", "b", "a", "d", "enter", "w")
        await deck.shows("&!bad 21 of 42 lines", "· wrap")
        assert "bad one" not in deck.text
        await deck.press("escape", "escape")
        await deck.shows("2 Jobs")


async def test_what_matches_nothing_says_so(stage: Stage, written: Written):
    """No blank screen without a reason."""
    written.data = b"good\n"
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        await deck.press("ampersand")
        await deck.type("nothing")
        await deck.shows("No line of those held matches &nothing")


# How lines look


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_escapes_colours_tabs_wide_letters_and_bytes_that_are_no_text(
    stage: Stage, written: Written, size: tuple[int, int]
):
    """Colours are shown, everything else is harmless, and columns stay columns."""
    written.data = (
        b"\x1b[31mred\x1b[0m\x1b[2J\x1b]0;own\x07 \x1b]52;c;eA==\x07title\n"
        b"10%\r55%\rdone 100%\n" + "日本語\tx\u202eevil\n".encode() + b"\xff\xfe broken \x00\n"
    )
    async with Deck.loaded(stage, size=size) as deck:
        await opened(deck)
        await deck.shows("red title", "done 100%", "日本語", "broken ␀")
        assert "10%" not in deck.text
        assert_harmless(deck.text)
        strips = [view(deck).render_line(y) for y in range(view(deck).size.height)]
        assert {strip.cell_length for strip in strips} == {view(deck).size.width}
        red = next(s for strip in strips for s in strip if s.text == "red")
        assert red.style is not None
        assert red.style.color is not None
        assert red.style.color.number == 1


async def test_times_are_shown_as_written_relative_or_not(stage: Stage):
    """`t` goes round; relative ones count from the start of the job."""
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        assert deck.line("2026-11-24 19:4", "INFO")
        await deck.press("t")
        await deck.shows("time relative")
        assert deck.line("+00:1", "INFO")
        assert not deck.line("2026-11-24 19:4", "INFO")
        await deck.press("t")
        await deck.shows("time off")
        assert not deck.line("+00:1", "INFO")
        await deck.press("t")
        assert deck.line("2026-11-24 19:4", "INFO")


async def test_a_long_line_is_seen_whole_wrapped_or_sideways(stage: Stage, written: Written):
    """Wrapped, a line longer than the screen can be scrolled through."""
    written.data = b"begin\n" + b"x" * 3000 + b"END\n"
    async with Deck.loaded(stage, size=NARROW) as deck:
        await opened(deck)
        assert "END" not in deck.text
        await deck.press("w")
        await deck.shows("END")
        assert "begin" not in deck.text
        await deck.press("pageup", "pageup", "pageup", "pageup")
        await deck.shows("begin")
        await deck.press("w")
        for _ in range(160):
            deck.send("right")
        await deck.shows("END", "from column")


# Errors and ranks


@busy
@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_e_goes_to_the_error_of_the_rank_that_failed_first(
    stage: Stage, size: tuple[int, int]
):
    """Not to what the others said when it had died."""
    async with Deck.loaded(stage, size=size) as deck:
        await opened(deck, FAILED)
        await deck.shows("first error in rank 3 of 4", "RuntimeError: CUDA out of")
        await deck.press("E")
        await deck.shows("std_log_process_3.txt", "▶RuntimeError: CUDA out of memory")
        assert "Traceback (most recent call last)" in deck.text


async def test_e_in_a_log_without_errors_says_how_much_was_looked_at(stage: Stage):
    """Nothing found is not nothing there."""
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await deck.press("E")
        await deck.shows("No error in the last 64 K of 1 log")


@busy
async def test_ranks_are_merged_by_time_and_m_leads_back(stage: Stage):
    """Each line says whose it is; their times only ever go up; the labels survive progress bars."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, FAILED)
        await deck.press("M")
        await deck.shows("all ranks by time", "4 ranks by time", "3│ RuntimeError", "0│ [E Process")
        lines = view(deck).text.split("\n")
        times = [line[3:26] for line in lines if line[3:7] == "2026"]
        assert times == sorted(times)
        assert {line[:2] for line in lines} == {"0│", "1│", "2│", "3│"}
        await deck.press("M")
        await deck.shows("std_log_process_0.txt", "K read")


@busy
async def test_merged_ranks_are_followed(stage: Stage):
    """New lines of all of them come at the end."""
    async with Deck.loaded(stage) as deck:
        await opened(deck, "resnet50-aug-lr3e4")
        await deck.press("M")
        await deck.shows("2 ranks by time")
        count = len(view(deck).window)
        await deck.until(lambda: len(view(deck).window) > count + 4)
        await deck.press("g")
        top = deck.lines[2:20]
        count = len(view(deck).window)
        await deck.until(lambda: len(view(deck).window) > count + 4)
        assert deck.lines[2:20] == top


# Leaving with it


async def test_a_log_is_saved_whole_and_never_over_another_file(
    stage: Stage, written: Written, tmp_path: Path
):
    """The whole file although only its end is held; the same name again replaces it."""
    written.data = numbered(60_000)
    target = tmp_path / "my log.txt"
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await _save(deck, target)
        await deck.shows("Saved 5.7 M")
        assert target.read_bytes() == written.data
        target.write_bytes(b"precious")
        await _save(deck, target)
        await deck.shows("is there already")
        assert target.read_bytes() == b"precious"
        await _save(deck, target)
        await deck.wait(lambda: target.read_bytes() == written.data)
        assert not target.with_name("my log.txt.part").exists()


async def test_a_log_that_cannot_be_saved_says_why(stage: Stage, written: Written, tmp_path: Path):
    """A directory that is not there, and a storage that fails half way."""
    written.data = numbered(60_000)
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await _save(deck, tmp_path / "nowhere" / "log.txt")
        await deck.shows("was not saved")
        stage.world.faults.add("Blobs_Get", "404", times=10_000, after=1)
        await _save(deck, tmp_path / "log.txt")
        await deck.wait(lambda: any("log.txt was not saved" in n for n in deck.news[1:]))
        assert not (tmp_path / "log.txt").exists()


async def _save(deck: Deck, target: Path) -> None:
    from amltui.ui.widgets.filter_line import FilterLine

    await deck.press("ctrl+s")
    line = deck.app.screen.query_one(FilterLine)
    assert line.value.endswith("std_log.txt")
    line.value = str(target)
    await deck.press("enter")


async def test_lines_are_copied(stage: Stage, written: Written):
    """All on the screen, or those that are selected."""
    written.data = b"one\ntwo\n\x1b[31mthree\x1b[0m\nfour\n"
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await deck.press("c")
        await deck.shows("Copied 4 lines")
        assert deck.app.clipboard == "one\ntwo\nthree\nfour"
        await deck.press("V", "k", "c")
        assert deck.app.clipboard == "three\nfour"
        await deck.press("escape")
        assert view(deck).chosen_from is None


async def test_a_pager_that_cannot_be_opened_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch):
    """Where the terminal cannot be left, nothing happens to the screen."""
    async with Deck.loaded(stage) as deck:
        await opened(deck)
        await deck.press("vertical_line")
        await deck.shows("cannot be left to a pager")


def test_the_pager_gets_plain_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """$PAGER with its flags, on a file that is gone afterwards."""
    from contextlib import nullcontext
    from types import SimpleNamespace

    from amltui.ui.tabs import log_leaving

    seen: list[Any] = []

    def run(command: list[str], *, check: bool) -> None:
        seen.append((command[:-1], Path(command[-1]).read_text()))

    monkeypatch.setenv("PAGER", "most -w")
    monkeypatch.setattr(log_leaving.subprocess, "run", run)
    tab: Any = SimpleNamespace(
        app=SimpleNamespace(suspend=nullcontext), view=SimpleNamespace(text="one\ntwo")
    )
    log_leaving.leave_to_pager(tab)
    assert seen == [(["most", "-w"], "one\ntwo\n")]


async def test_jobs_that_failed_alike_are_a_key_away(stage: Stage):
    """`F` is the list of jobs with the same error, whatever was looked at before."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-broken")
        await deck.press("l")
        await deck.shows("[Logs]", "label_smoothing")
        await deck.press("F")
        await deck.shows("/status:failed error:~KeyError...label_smoothing.")
        await deck.wait(
            lambda: (
                deck.is_loaded() and "train-broken" in [row.title for row in deck.pane.table.rows]
            )
        )
        assert all("label_smoothing" in row.resource.error.message for row in deck.pane.table.rows)


async def test_a_job_without_an_error_is_like_no_other(stage: Stage):
    """It is said, and nothing is left."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("l")
        await deck.shows("[Logs]", "complete")
        await deck.press("F")
        await deck.shows("The service names no error of this job")
        assert "[Logs]" in deck.header


async def test_what_a_script_prints_is_drawn(stage: Stage):
    """`L` is the charts of what is held; keys go through them, Esc goes back to the log."""
    async with Deck.loaded(stage) as deck:
        await deck.go_to("train-first")
        await deck.press("l")
        await deck.shows("[Logs]", "complete")
        await deck.press("L")
        await deck.shows("curves from the log", "lines looked at", "chart 1 of", "loss")
        await deck.press("right")
        await deck.shows("chart 2 of")
        await deck.press("escape")
        await deck.wait(lambda: "curves from the log" not in deck.text)
        assert "[Logs]" in deck.header


async def test_a_log_without_values_says_so(stage: Stage, written: Written):
    """Nothing repeats itself: one sentence, and no chart."""
    written.data = b"hello\nworld\n"
    async with Deck.loaded(stage) as deck:
        await deck.press("l")
        await deck.shows("[Logs]", "world")
        await deck.press("L")
        await deck.shows("No value is printed again and again")
