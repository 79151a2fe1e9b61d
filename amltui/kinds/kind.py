"""What a kind declares: where its rows come from, how they look, what can be done to them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.health import Health
from amltui.domain.listing import Listing
from amltui.domain.once import Once
from amltui.feeds.pace import times
from amltui.feeds.pages import Pages
from amltui.kinds.ranking import Ranking

if TYPE_CHECKING:
    from amltui.azure.client import AzureClient, WorkspaceClient
    from amltui.azure.operation import Operation
    from amltui.domain.query.condition import Query
    from amltui.feeds.clock import Clock
    from amltui.feeds.store import Paged
    from amltui.kinds.fields import Asker, Field

BRISK = 3.0
"""Seconds between questions while something is in transition."""


class Resource(Protocol):
    """What every row has, whatever its kind."""

    @property
    def key(self) -> str:
        """Unique over all workspaces and equal from one answer to the next."""
        ...

    @property
    def name(self) -> str: ...

    @property
    def workspace(self) -> WorkspaceId: ...

    @property
    def health(self) -> Health: ...


R = TypeVar("R", bound=Resource)


class Cell(Struct, frozen=True, gc=False):
    """What is painted in one column of one row. Remote text is shown literally."""

    text: str
    health: Health | None = None
    """Adds the health's glyph and colour."""
    dim: bool = False
    trend: tuple[float, ...] = ()
    """Values painted as bars before the text, as wide as the room allows."""
    bar: str = ""
    """Glyphs painted before the text in the quiet colour of trends."""
    link: str | None = None
    """Where a click leads in a terminal that knows hyperlinks."""


class Row(Struct, Generic[R], frozen=True, gc=False):
    """A resource with what else its cells may show. As jobs, it can be part of no circle."""

    resource: R
    now: datetime
    """The moment of the answer: ages are told as of then, so that idle rows do not change."""
    extra: Any = None
    """What the kind's supplement fetched for this row; None until then."""
    pending: str | None = None
    """What the user has just asked for: starting, stopping …"""
    stale: bool = False
    """Whether the place it comes from has failed to answer since."""
    depth: int = 0
    """How many rows it lies below."""
    below: str | None = None
    """How many rows are known below it; None where it is not open."""
    watched: bool = False
    """Whether the user is told what becomes of it."""

    @property
    def title(self) -> str:
        """What people call the resource."""
        return str(getattr(self.resource, "title", self.resource.name))


class Column(Struct, Generic[R], frozen=True):
    """One column: how to paint it, how to sort by it, how much room it gets."""

    title: str
    cell: Callable[[Row[R]], Cell | str]
    width: int
    sort: Callable[[Row[R]], Any] | None = None
    """Sort key by value, not by text; None sorts by the text shown."""
    flex: int = 0
    """Share of the room left over once every column has its width."""
    importance: int = 5
    """Columns of low importance leave first when the terminal is narrow; 9 never leaves."""
    right: bool = False
    """Numbers align right."""
    scattered: bool = False
    """Shown only where rows of several workspaces are mixed."""
    tree: bool = False
    """Whether its cells are indented where rows lie below rows."""


class Fact(Struct, frozen=True, gc=False):
    """One line of a preview."""

    name: str
    value: Cell | str
    aside: bool = False
    """Left to the full screen: a preview has no room for it."""


def brief(facts: Sequence[Fact]) -> list[Fact]:
    """What a preview shows: facts that say something, without the asides."""
    return [fact for fact in facts if not fact.aside and fact.value not in ("", "-")]


class Toggle(Struct, frozen=True):
    """A key that puts a condition into the filter, and takes it out again."""

    key: str
    title: str
    condition: str


class Part(Struct, frozen=True):
    """What a key opens of a resource without a detour: its logs, its metrics."""

    name: str
    key: str
    title: str


class Unusable(Exception):
    """What the user has typed makes no sense there; `str()` is one sentence that says why."""


class Prompt(Struct, Generic[R], frozen=True):
    """The words that an action has to be given, and what they make of it."""

    label: str
    """What is asked for: a new name."""
    flag: str
    """Of the command: --to."""
    made: Callable[[str], Action[R]]
    """The action with these words; Unusable where they make no sense."""
    before: Callable[[R], str] = field(default=lambda _: "")
    """What stands in the line at first, for a single resource."""


class Blank(Struct, Generic[R], frozen=True):
    """One line of a form."""

    name: str
    """Of the value, and of the command's flag: --max."""
    label: str
    """What is asked for, with an example or what is possible."""
    read: Callable[[str], Any]
    """What the words mean; Unusable with one sentence where they mean nothing."""
    before: Callable[[R], str] = field(default=lambda _: "")
    """What stands there at first, and what a command takes where its flag is not given."""


class Form(Struct, Generic[R], frozen=True):
    """Several things that an action has to be told, and what they make of it together."""

    blanks: Sequence[Blank[R]]
    made: Callable[[Mapping[str, Any]], Action[R]]
    """The action with these values; Unusable where they make no sense beside each other."""

    def filled(self, words: Mapping[str, str]) -> Action[R]:
        """The action with what was typed; Unusable with the first thing that is wrong."""
        return self.made({each.name: each.read(words[each.name]) for each in self.blanks})


class Edited(Struct, frozen=True):
    """A document before and after somebody has been at it."""

    before: dict[str, Any]
    after: dict[str, Any]


class Draft(Struct, Generic[R], frozen=True):
    """A document that can be edited before an action is done with it."""

    read: Callable[[WorkspaceClient, R], Awaitable[dict[str, Any]]]
    made: Callable[[Mapping[str, Edited]], Action[R]]
    """The action with what was edited, by the keys of the resources; Unusable if that is none."""


class Action(Struct, Generic[R], frozen=True):
    """Something a key does to a resource in Azure. Nothing else changes anything."""

    name: str
    """Of the verb and the command: stop."""
    key: str
    """Empty where it is in the menu of actions only."""
    title: str
    doing: str
    """Marks the row until it is done: stopping."""
    done: str
    """Ends the report: stopped."""
    run: Callable[[WorkspaceClient, R], Awaitable[Operation | None]]
    request: Callable[[R], str]
    """The REST request, shown in the dialog: POST …/computes/kim-dev/stop."""
    command: Callable[[R], str]
    """The same for `az ml`."""
    effect: Callable[[Row[R]], Sequence[str]]
    """What will happen and what it costs or saves; one sentence each, for one resource."""
    refusal: Callable[[R], str | None] = field(default=lambda _: None)
    """Why it cannot be done to this resource now; None when it can."""
    saves: Callable[[R], float | None] = field(default=lambda _: None)
    """USD per hour that are no longer spent; negative when it starts to cost; None if unknown."""
    typed: bool = False
    """Whether what is to go has to be typed first: it cannot be undone."""
    prompt: Prompt[R] | None = None
    draft: Draft[R] | None = None
    form: Form[R] | None = None
    check: Callable[[WorkspaceClient, Sequence[R]], Awaitable[Sequence[str]]] | None = None
    """What a service has to be asked before it can be said of several in one workspace: whether
    there is room for them. Raises NotSignedIn only."""


class Supplement(Struct, Generic[R], frozen=True):
    """What is asked for row by row, and only for rows on the screen: a trend, a first error."""

    fetch: Callable[[WorkspaceClient, R, Any], Awaitable[Any]]
    """Takes the last result, so that only what grew is read again."""
    wanted: Callable[[R], bool]
    final: Callable[[R], bool]
    """Whether the result can never change, so that it is asked for once."""
    pace: float = 10.0
    """Seconds between questions for a row whose result may still change."""


class Children(Struct, Generic[R], frozen=True):
    """What a row can be opened into where it stands: steps of a pipeline, trials of a sweep."""

    possible: Callable[[R], bool]
    page: Callable[[WorkspaceClient, R], Awaitable[Listing[R]]]
    """The first of them; those behind are asked for when the end of these is looked at."""
    order: Callable[[R], Any]
    """Sort key as long as the user has chosen no column."""
    over: Callable[[R], bool]
    """Whether a resource will not change any more."""


class Search(Struct, Generic[R], frozen=True):
    """How the service is asked for what a filter means."""

    served: Callable[[Query, Asker], str]
    """The conditions that are asked for, as they were typed; empty where there is none."""
    ask: Callable[[WorkspaceClient, Query, Asker, int | None], Awaitable[Listing[R]]]


class PerWorkspace(Struct, Generic[R], frozen=True):
    """Listed workspace by workspace."""

    fetch: Callable[[WorkspaceClient], Awaitable[Listing[R]]]
    newest: Callable[[WorkspaceClient, int | None], Awaitable[Listing[R]]] | None = None
    """Another number of the newest, or all; None where `fetch` holds everything anyway."""
    get: Callable[[WorkspaceClient, str], Awaitable[R]] | None = None
    """One by its name; None where it is looked up in the list."""
    moment: Callable[[R], datetime | None] | None = None
    """What makes one newer than another, where the newest come first; else None."""
    renew: Callable[[WorkspaceClient, Sequence[R]], Awaitable[Sequence[R]]] | None = None
    """Looks again at rows of older pages that may have changed since."""
    search: Search[R] | None = None
    """Where the service can look for what a filter means."""

    def found(
        self,
        azure: AzureClient,
        workspaces: Sequence[WorkspaceId],
        query: Query,
        asker: Asker,
        limit: int | None = None,
    ) -> tuple[str, Mapping[str, Callable[[], Awaitable[Listing[R]]]]] | None:
        """The questions for a filter, and what equal filters have in common.

        None where the service cannot look for any of it.
        """
        search = self.search
        asked = search.served(query, asker) if search is not None else ""
        if search is None or not asked:
            return None
        return asked, {
            workspace.key: lambda workspace=workspace: search.ask(
                azure.workspace(workspace), query, asker, limit
            )
            for workspace in workspaces
        }

    def paged(self, azure: AzureClient, workspaces: Sequence[WorkspaceId]) -> Paged | None:
        """How a question of a workspace becomes a list of pages; None where there is one page."""
        moment, renew = self.moment, self.renew
        if moment is None:
            return None
        clients = {workspace.key: azure.workspace(workspace) for workspace in workspaces}

        def pages(
            key: str, question: Callable[[], Awaitable[Listing[R]]], clock: Clock
        ) -> Pages[R]:
            place = clients.get(key)
            again = None if renew is None or place is None else partial(renew, place)
            return Pages(question, moment, again, clock)

        return pages

    def questions(
        self, azure: AzureClient, workspaces: Sequence[WorkspaceId]
    ) -> Mapping[str, Callable[[], Awaitable[Listing[R]]]]:
        """One question for each workspace, by its key."""
        return {
            workspace.key: lambda workspace=workspace: self.fetch(azure.workspace(workspace))  # type: ignore[misc]
            for workspace in workspaces
        }

    def places(self, workspaces: Sequence[WorkspaceId]) -> Sequence[str]:
        """The keys of the questions, which need no client."""
        return [workspace.key for workspace in workspaces]

    def limited(self, limit: int | None) -> PerWorkspace[R]:
        """The same, asking for that many of each workspace where the service can."""
        newest = self.newest
        if newest is None:
            return self
        return replace(self, fetch=lambda place: newest(place, limit))


class PerCloud(Struct, Generic[R], frozen=True):
    """Listed once for everything that the signed-in user can read."""

    fetch: Callable[[AzureClient], Awaitable[Listing[R]]]
    moment = None

    def found(
        self,
        azure: AzureClient,
        workspaces: Sequence[WorkspaceId],
        query: Query,
        asker: Asker,
        limit: int | None = None,
    ) -> None:
        """The list is all here: it is filtered here."""
        return

    def paged(self, azure: AzureClient, workspaces: Sequence[WorkspaceId]) -> None:
        """There is one page."""
        return

    def questions(
        self, azure: AzureClient, workspaces: Sequence[WorkspaceId]
    ) -> Mapping[str, Callable[[], Awaitable[Listing[R]]]]:
        """The one question, whatever workspaces are chosen."""
        return {"": lambda: self.fetch(azure)}

    def places(self, workspaces: Sequence[WorkspaceId]) -> Sequence[str]:
        """The one question's key, whatever workspaces are chosen."""
        return [""]

    def limited(self, limit: int | None) -> PerCloud[R]:
        """The same: one answer holds everything."""
        return self


class Kind(Struct, Generic[R], frozen=True):
    """A kind of resource as the user sees it. Describes lists; what wants an `if` is a screen."""

    name: str
    """Singular, lower case: compute."""
    title: str
    """Of the screen: Compute."""
    key: str
    """Opens the screen."""
    noun: tuple[str, str]
    """Singular and plural, for counting: compute, computes."""
    source: PerWorkspace[R] | PerCloud[R]
    columns: Sequence[Column[R]]
    record: Callable[[R, datetime], dict[str, object]]
    """The resource for scripts: snake_case keys, times ISO 8601 UTC, durations in seconds."""
    facts: Callable[[Row[R]], Sequence[Fact]]
    """What the preview under the list says of one row."""
    tally: Callable[[Sequence[R]], Sequence[Cell]]
    """Counts for the header: run 12, queue 3, fail 2."""
    empty: str
    """Why the list may be empty and what to do about it."""
    actions: Sequence[Action[R]] = ()
    parts: Sequence[Part] = ()
    fields: Sequence[Field[R]] = ()
    """What filters can ask for besides words."""
    toggles: Sequence[Toggle] = ()
    link: Callable[[R], str | None] | None = None
    """Its page in the studio; None of the kind or of one resource where the service tells none."""
    order: Callable[[R], Any] | None = None
    """Sort key of the list as long as the user has chosen no column; None keeps the service's."""
    supplement: Supplement[R] | None = None
    children: Children[R] | None = None
    """Where rows of this kind lie below rows of this kind."""
    calm: float = 15.0
    """Seconds between questions while nothing is moving."""
    resource: type[R] | None = None
    """The dataclass of its rows, so that they are remembered from one run to the next."""

    def pace(self, resources: Sequence[R]) -> float:
        """Seconds until the next question, given the last answer."""
        return BRISK if _moves(resources) else self.calm

    def pace_among(self, places: int) -> Callable[[Sequence[R]], float]:
        """The pace of each of so many places; where something moves it stays what it is."""
        longer = times(places)

        def pace(resources: Sequence[R]) -> float:
            seconds = self.pace(resources)
            return seconds if seconds < self.calm else seconds * longer

        return pace

    def ranks(self, resources: Sequence[R]) -> Iterator[Sequence[int] | None]:
        """Where the resources stand in the kind's own order; None as long as that takes."""
        return _ranking(self.order).steps(resources)


_moves = Once(lambda resources: any(resource.health.moving for resource in resources))


@cache
def _ranking(order: Callable[[Any], Any] | None) -> Ranking:
    return Ranking(order)
