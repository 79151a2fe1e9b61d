"""Choosing the run that another one is compared with."""

from __future__ import annotations

from collections.abc import Sequence

from amltui.domain.job import Job
from amltui.kinds import format as fmt
from amltui.kinds.kind import Cell, Column
from amltui.ui.screens.lookup import Lookup


class OtherJob(Lookup[Job]):
    """The runs that are known, those of the same experiment first."""

    COLUMNS: Sequence[Column[Job]] = (
        Column("NAME", lambda row: row.resource.title, 30, flex=1, importance=9),
        Column("EXPERIMENT", lambda row: row.resource.experiment or fmt.UNKNOWN, 20, importance=5),
        Column("STATUS", lambda row: Cell(row.resource.status or "", row.resource.health), 12),
        Column("AGE", lambda row: fmt.age(row.resource.created, row.now), 8, right=True),
    )
    LETTERS = "letters of the run's name"
    HEADING = "what differs from"
    NONE = "No run that is known is called like “{}”."

    def __init__(self, job: Job, known: Sequence[Job]) -> None:
        super().__init__()
        others = [each for each in known if each.key != job.key]
        self.choices = sorted(others, key=lambda each: each.experiment != job.experiment)

    def words(self, choice: Job) -> str:
        return f"{choice.title} {choice.name}"

    def result(self, choice: Job) -> Job:
        return choice
