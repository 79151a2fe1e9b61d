"""The dashboard's watches: the key that sets them, the looking, and how an event is told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from textual.notifications import SeverityLevel

from amltui.domain.health import Health
from amltui.kinds.format import one_line
from amltui.kinds.kind import Row
from amltui.ui.underway import LONG, SHORT

if TYPE_CHECKING:
    from collections.abc import Callable

    from amltui.domain.arm_id import WorkspaceId
    from amltui.domain.job import Job
    from amltui.domain.overview import Overview
    from amltui.domain.watch import Condition
    from amltui.feeds.watches import Visit, Watches
    from amltui.feeds.watching import News, Watching
    from amltui.ui.app import Dashboard
    from amltui.ui.session import Session

JUST = 10.0
"""Seconds in which what a list was told needs no question of its own."""
_WRONG = {Health.BAD, Health.ATTENTION, Health.STALLED, Health.UNKNOWN}


class Tells(Struct, frozen=True):
    """How events are told besides on the screen."""

    bell: bool = True
    notes: bool = True
    """On the desktop, by the terminal."""
    hook: str = ""
    """The user's own command; empty for none."""


class Watcher:
    """Goes on whatever screen is open."""

    def __init__(
        self, dashboard: Dashboard, kept: Callable[[], Watches] | None, tells: Tells | None
    ) -> None:
        """`kept` makes what holds the watches when they are first wanted: the start needs none."""
        self.dashboard = dashboard
        self.tells = tells or Tells()
        self._make = kept
        self._begun = False
        self.headline: tuple[str, ...] = ()
        """For the terminal's title: what was told last, until somebody looks at the watches."""
        self._complained = ""
        self._visited = False
        self._visit: Visit | None = None

    @cached_property
    def kept(self) -> Watches:
        """What is watched, and when the last visit was."""
        from amltui.feeds.watches import Watches

        return self._make() if self._make is not None else Watches()

    @cached_property
    def watching(self) -> Watching:
        """Looks at it; the first frame is there before."""
        from amltui.feeds.watching import Watching

        self._begun = True
        return Watching(self.dashboard.clock, self.kept, self._told, self._changed)

    def watches(self, key: str) -> bool:
        """Whether the user is told what becomes of a job."""
        return self.watching.watches_job(key)

    @property
    def keys(self) -> frozenset[str]:
        """Of the jobs that are watched."""
        if not self._begun:
            return frozenset()
        return frozenset(each.key for each in self.watching.active if not each.is_general)

    async def run(self, session: Session, places: Sequence[WorkspaceId]) -> None:
        """Look at what is watched, until there is another session."""
        await self.watching.run(session.azure, places, lambda key: self._listed(session, key))

    def _listed(self, session: Session, key: str) -> Job | None:
        """The job as a list that is open has just told it."""
        now = self.dashboard.clock.now()
        for (kind, place), feed in session.store.feeds.items():
            at = feed.latest.at
            if kind != "job" or at is None or not key.startswith(f"{place}/"):
                continue
            if not feed.latest.recalled and (now - at).total_seconds() <= JUST:
                found: Job | None = next((j for j in feed.latest.items if j.key == key), None)
                return found
        return None

    def hear(self, overview: Overview) -> None:
        """What all workspaces have told, for the watches that are about all of them."""
        session = self.dashboard.session
        if session is None or not any(each.is_general for each in self.watching.active):
            return
        rates = {cost.key: cost.per_hour for cost in overview.costs}
        parts = session.overview.view("jobs").failing
        failing = {key: part.error for key, part in parts.items() if part.error is not None}
        self.watching.hear(overview.jobs, self._passes, rates, failing)

    def _passes(self, text: str, job: Job) -> bool:
        passes = _sieve(text, self.dashboard.asker)
        return bool(passes(Row(job, self.dashboard.clock.now())))

    # Setting a watch

    def toggle(self, rows: Sequence[Row[Any]]) -> None:
        """Watch these jobs; of those that are watched already, choose for what."""
        going = [row for row in rows if not row.resource.ended_for_good]
        if not going:
            what = f"{rows[0].title} has" if len(rows) == 1 else "they have all"
            self._say(f"{what} already ended: there is nothing to watch", warning=True)
            return
        if all(self.watches(row.resource.key) for row in going):
            self._choose(going)
        else:
            from amltui.domain.watch import USUAL

            self.start([row.resource for row in going], USUAL)

    def _choose(self, rows: Sequence[Row[Any]]) -> None:
        from amltui.domain.watch import USUAL
        from amltui.ui.screens.watch_menu import WatchMenu

        jobs = [row.resource for row in rows]
        first = self.kept.of(jobs[0].key)
        title = rows[0].title if len(rows) == 1 else f"{len(rows)} jobs"

        def chosen(conditions: tuple[Condition, ...] | None) -> None:
            if conditions is None:
                return
            if conditions:
                self.start(jobs, conditions)
                return
            for job in jobs:
                self.watching.end(job.key)
            self._say(f"{title}: not watched any more")

        held = first.conditions if first is not None else USUAL
        self.dashboard.push_screen(WatchMenu(title, held), chosen)

    def start(self, jobs: Sequence[Job], conditions: Sequence[Condition]) -> None:
        """Watch these jobs for this, and say so."""
        for job in jobs:
            self.watching.start(job, conditions)
        name = jobs[0].title if len(jobs) == 1 else f"{len(jobs)} jobs"
        self._say(f"watching {name}: {_words(conditions)}  (b chooses, @ lists)")

    def start_general(self, conditions: Sequence[Condition], text: str) -> None:
        """Watch all workspaces for jobs that pass a filter."""
        self.watching.start_general(conditions, text)
        if self.dashboard.overview is not None:
            self.hear(self.dashboard.overview)
        self._say(f"watching {text or 'every job'}: {_words(conditions)}  (@ lists)")

    @property
    def visit(self) -> Visit | None:
        """The last one, until its digest has been put away."""
        if not self._visited:
            self._visited, self._visit = True, self.kept.visit
        return self._visit

    def dismiss(self) -> None:
        """The user has read what is new."""
        self._visited, self._visit = True, None

    # Telling

    def _told(self, news: News) -> None:
        event, name = news.event, one_line(news.name)
        text = one_line(event.text)
        wrong = event.health in _WRONG
        calm: SeverityLevel = "warning" if wrong else "information"
        severity: SeverityLevel = "error" if event.health is Health.BAD else calm
        self.dashboard.notify(text, title=name, severity=severity, timeout=LONG, markup=False)
        self.headline = (f"{'! ' * wrong}{name} {text}",)
        if self.tells.bell:
            self.dashboard.bell()
        if self.tells.notes:
            self.dashboard.note("amltui", f"{name} {text}")
        if self.tells.hook:
            self.dashboard.run_worker(self._hook(news), group="watch-hook")

    async def _hook(self, news: News) -> None:
        from amltui.feeds import hook

        try:
            await hook.run(self.tells.hook, told_to_hook(news))
        except hook.Unrunnable as trouble:
            self._say(str(trouble), warning=True)

    def looked(self) -> None:
        """The user has the watches before them."""
        self.headline = ()

    def leave(self) -> None:
        """Remember what there is, so that the next visit can be told what is new."""
        overview = self.dashboard.overview
        if overview is not None:
            from amltui.feeds.watches import Visit
            from amltui.kinds.digest import burn_key

            costing = tuple(sorted({burn_key(each) for each in overview.burns}))
            places = tuple(each.key for each in overview.places if each.key not in overview.silent)
            self.kept.leave(Visit(self.dashboard.clock.now(), costing, places))

    def _changed(self) -> None:
        if self.kept.problem and self.kept.problem != self._complained:
            self._complained = self.kept.problem
            self._say(self.kept.problem, warning=True)
        if self.dashboard.is_running:
            self.dashboard.repaint_rows()

    def _say(self, text: str, *, warning: bool = False) -> None:
        self.dashboard.notify(
            one_line(text),
            severity="warning" if warning else "information",
            timeout=LONG if warning else SHORT,
            markup=False,
        )


def told_to_hook(news: News) -> dict[str, str]:
    """Variables of the user's command, without their prefix."""
    job, watch = news.job, news.watch
    place = job.workspace if job is not None else watch.workspace
    return {
        "EVENT": news.event.rule.value if news.event.rule else news.event.key,
        "TEXT": one_line(news.event.text),
        "JOB": job.name if job is not None else watch.name,
        "TITLE": one_line(news.name),
        "STATUS": (job.status if job is not None else None) or "",
        "EXPERIMENT": (job.experiment if job is not None else None) or "",
        "WORKSPACE": place.name if place is not None else "",
        "URL": (job.studio_url if job is not None else None) or "",
        "AT": news.at.isoformat(timespec="seconds"),
    }


def _words(conditions: Sequence[Condition]) -> str:
    return ", ".join(each.text for each in conditions)


@lru_cache(32)
def _sieve(text: str, asker: Any) -> Any:
    from amltui.domain.query.parse import parse
    from amltui.kinds.fields import sieve
    from amltui.kinds.job import JOB

    query = parse(text, [field.spec for field in JOB.fields])
    return sieve(query, JOB.columns, JOB.fields, asker)
