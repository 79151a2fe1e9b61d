"""What can be typed after `:`; what makes no sense is answered with a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amltui.domain.query.parse import parse
from amltui.domain.target import target
from amltui.domain.watch import SINGLE, Condition, Rule, wanted
from amltui.feeds.views import SavedView, Unkept
from amltui.kinds.arrange import Arrangement
from amltui.kinds.choosing import possible
from amltui.kinds.fields import complaint
from amltui.kinds.groups import groupable
from amltui.kinds.job import JOB
from amltui.kinds.registry import ENTRIES
from amltui.ui.going import Nowhere, go
from amltui.ui.panes import OPENINGS

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard

LOOKED_AT = 1000
"""Rows whose tags are offered."""

Run = Callable[["Dashboard", str], Awaitable[None]]


class Command(Struct, frozen=True):
    """A word, and what it does with the rest of the line."""

    name: str
    about: str
    run: Run
    aliases: Sequence[str] = ()
    arguments: Callable[[Dashboard], Sequence[str]] = lambda dashboard: ()
    """What can stand behind it, as far as that is known."""
    needs: str = ""
    """What must stand behind it, for the sentence that asks for it."""


async def run(dashboard: Dashboard, line: str) -> None:
    """Do what a line says; Nowhere says why that cannot be done."""
    word, _, rest = line.strip().partition(" ")
    if not word:
        return
    found = _by_word().get(word.lower())
    if found is None and target(line) is not None and not _is_word(line):
        await go(dashboard, line)
        return
    if found is None:
        near = get_close_matches(word.lower(), _by_word(), n=1, cutoff=0.5)
        hint = f"did you mean :{near[0]}?" if near else f"there are {', '.join(_names())}"
        raise Nowhere(f"there is no command :{word}, {hint}")
    rest = rest.strip()
    if found.needs and not rest:
        raise Nowhere(f":{found.name} needs {found.needs}")
    await found.run(dashboard, rest)


def offer(dashboard: Dashboard, line: str) -> list[str]:
    """Lines that this one could become."""
    word, blank, rest = line.partition(" ")
    if not blank:
        return [f"{each.name} " if each.needs else each.name for each in COMMANDS
                if each.name.startswith(word.lower())]  # fmt: skip
    found = _by_word().get(word.lower())
    known = found.arguments(dashboard) if found is not None else ()
    return [f"{word} {each}" for each in known if each.lower().startswith(rest.strip().lower())]


def _is_word(line: str) -> bool:
    """Whether it could be a mistyped command as well as the id of a run."""
    return line.strip().replace("_", "").replace("-", "").isalnum()


def _by_word() -> dict[str, Command]:
    return {word: each for each in COMMANDS for word in (each.name, *each.aliases)}


def _names() -> list[str]:
    return [each.name for each in COMMANDS]


def _pane(name: str) -> Run:
    async def show(dashboard: Dashboard, text: str) -> None:
        await dashboard.action_pane(name)
        if text and (pane := dashboard.list_pane) is not None:
            pane.arrangement = replace(pane.arrangement, text=text)

    return show


async def _workspace(dashboard: Dashboard, name: str) -> None:
    if name.lower() in {"all", "*"}:
        dashboard.look_at(None)
        return
    known = dashboard.scope.workspaces
    found = [place for place in known if place.name.lower() == name.lower()]
    if len(found) > 1:
        groups = ", ".join(place.resource_group for place in found)
        raise Nowhere(f"{len(found)} workspaces are called {name}, in {groups}: choose with w")
    if not found:
        names = {place.name.lower(): place.name for place in known}
        near = get_close_matches(name.lower(), names, n=1, cutoff=0.5)
        hint = f"did you mean {names[near[0]]}?" if near else "w lists those that can be read"
        raise Nowhere(f"there is no workspace {name}: {hint}")
    dashboard.look_at(found[0])


async def _filter(dashboard: Dashboard, text: str) -> None:
    if (pane := dashboard.list_pane) is not None:
        pane.arrangement = replace(pane.arrangement, text=text)


def _views(dashboard: Dashboard) -> dict[str, SavedView]:
    try:
        return dashboard.views.all()
    except Unkept as trouble:
        raise Nowhere(str(trouble)) from trouble


async def _view(dashboard: Dashboard, name: str) -> None:
    known = _views(dashboard)
    found = known.get(name)
    if found is None or found.kind not in {entry.name for entry in ENTRIES}:
        hint = f"there are {', '.join(known)}" if known else ":save NAME keeps what is shown now"
        raise Nowhere(f"there is no view {name}: {hint}")
    await dashboard.action_pane(found.kind)
    if (pane := dashboard.list_pane) is not None:
        pane.arrangement = Arrangement(found.text, found.column, found.descending, found.columns)


async def _save(dashboard: Dashboard, name: str) -> None:
    pane = dashboard.list_pane
    if pane is None:
        return
    shown = pane.arrangement
    view = SavedView(pane.KIND.name, shown.text, shown.column, shown.descending, shown.columns)
    try:
        dashboard.views.save(name, view)
    except Unkept as trouble:
        raise Nowhere(str(trouble)) from trouble
    dashboard.notify(f":view {name} shows this again", markup=False)


async def _forget(dashboard: Dashboard, name: str) -> None:
    try:
        if not dashboard.views.forget(name):
            raise Nowhere(f"there is no view {name}")
    except Unkept as trouble:
        raise Nowhere(str(trouble)) from trouble


def view_names(dashboard: Dashboard) -> list[str]:
    """Those that were saved, as far as they can be read."""
    try:
        return sorted(dashboard.views.all())
    except Unkept:
        return []


async def _group(dashboard: Dashboard, name: str) -> None:
    pane = dashboard.list_pane
    if pane is None:
        return
    if groupable(pane.KIND, name) is None:
        known = ", ".join(_groups(dashboard))
        raise Nowhere(f"{pane.KIND.noun[1]} cannot be grouped by {name}: there are {known}")
    pane.show_groups(name)


async def _watch(dashboard: Dashboard, text: str) -> None:
    """Of the chosen jobs without a filter; with one, or `any`, of all jobs everywhere."""
    conditions, rest = wanted(text.split())
    if rest:
        filtered = "" if rest.lower() in {"any", "all", "*"} else rest
        conditions = conditions or (Condition(Rule.FINISHED), Condition(Rule.FAILED))
        if odd := next((each for each in conditions if each.rule in SINGLE), None):
            raise Nowhere(f"{odd.text} needs the history of one job: choose it with b")
        query = parse(filtered, [field.spec for field in JOB.fields])
        if wrong := complaint(query, JOB.fields, dashboard.asker):
            raise Nowhere(wrong)
        dashboard.watcher.start_general(conditions, filtered)
        return
    pane = dashboard.list_pane
    rows = pane.table.window.chosen if pane is not None and pane.KIND is JOB else ()
    jobs = [row.resource for row in rows if not row.resource.ended_for_good]
    if not jobs:
        raise Nowhere("no job is chosen that goes on: any or a filter is about all workspaces")
    dashboard.watcher.start(jobs, conditions)


def _groups(dashboard: Dashboard) -> list[str]:
    pane = dashboard.list_pane
    if pane is None:
        return []
    kind = pane.KIND
    by_name = [name for name in possible(kind, pane.table.rows[:LOOKED_AT]) if "." in name]
    names = [*(field.spec.name for field in kind.fields), *by_name]
    return [name for name in names if groupable(kind, name) is not None]


async def _help(dashboard: Dashboard, _: str) -> None:
    dashboard.action_help()


async def _quit(dashboard: Dashboard, _: str) -> None:
    dashboard.action_leave()


def _places(dashboard: Dashboard) -> list[str]:
    return ["all", *sorted({place.name for place in dashboard.scope.workspaces})]


_SHORT = {"job": ("jobs", "runs"), "compute": ("ci", "clusters"), "workspace": ("workspaces",)}

COMMANDS: tuple[Command, ...] = (
    *(
        Command(
            entry.title.lower(),
            f"{entry.title}; a filter may follow",
            _pane(entry.name),
            tuple({*_SHORT.get(entry.name, ()), entry.name} - {entry.title.lower()}),
        )
        for entry in OPENINGS
    ),
    Command(
        "go",
        "land on a studio URL, ARM id, azureml:// URI, run id or `az ml` line",
        go,
        needs="a studio URL, an ARM id, an azureml:// URI or a run id",
    ),
    Command(
        "ws",
        "look at a workspace, or at all",
        _workspace,
        arguments=_places,
        needs="a workspace's name, or all",
    ),
    Command(
        "view",
        "show a list as it was saved",
        _view,
        arguments=view_names,
        needs="the name of a view that was saved",
    ),
    Command("save", "keep filter, order and columns", _save, needs="a name for what is shown now"),
    Command("forget", "drop a saved view", _forget, arguments=view_names, needs="a view's name"),
    Command(
        "group",
        "totals by experiment, user, tag …",
        _group,
        ("by",),
        _groups,
        "what to group by: experiment, user, tag.team …",
    ),
    Command(
        "watch",
        "be told of jobs: rules, and a filter for all workspaces",
        _watch,
        arguments=lambda dashboard: [rule.value for rule in Rule],
        needs="rules, such as failed stalled:45m cost:20, and a filter or any for all workspaces",
    ),
    Command("filter", "show only what matches", _filter),
    Command("help", "keys and filters", _help),
    Command("quit", "leave amltui", _quit, ("q", "exit")),
)
