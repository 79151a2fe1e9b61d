"""Choosing one of a job's many log files by a few letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.log import LogFile
from amltui.kinds.format import size
from amltui.kinds.kind import Column
from amltui.ui.screens.lookup import Lookup
from amltui.ui.widgets.log_list import GROUPS


class Choice(Struct, frozen=True):
    """A line of the list."""

    file: LogFile
    workspace: WorkspaceId
    octets: int | None
    health: Health = Health.DONE

    @property
    def name(self) -> str:
        return self.file.path

    @property
    def key(self) -> str:
        return self.file.path


COLUMNS: tuple[Column[Choice], ...] = (
    Column("FILE", lambda r: r.resource.file.path, 30, flex=2, importance=9),
    Column("RANK", lambda r: _rank(r.resource.file), 5),
    Column("OF", lambda r: GROUPS[r.resource.file.kind], 12, importance=3),
    Column("SIZE", lambda r: _size(r.resource.octets), 7),
)


def _rank(file: LogFile) -> str:
    return "" if file.rank is None else str(file.rank)


def _size(octets: int | None) -> str:
    return "" if octets is None else size(octets)


class LogPicker(Lookup[str]):
    """A number finds a rank."""

    COLUMNS = COLUMNS
    LETTERS = "letters of the path, or the number of a rank"
    HEADING = "open a log"
    NONE = "No log is called like “{}”."

    def __init__(
        self,
        place: WorkspaceId,
        files: Sequence[LogFile],
        opened: str | None,
        sizes: Mapping[str, int],
    ) -> None:
        super().__init__()
        self.choices = [Choice(file, place, sizes.get(file.path)) for file in files]
        self.current = opened

    def exactly(self, text: str) -> Sequence[Choice]:
        return [choice for choice in self.choices if _rank(choice.file) == text]

    def result(self, choice: Choice) -> str:
        return choice.file.path
