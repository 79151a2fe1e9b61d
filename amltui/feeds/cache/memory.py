"""What one run of the program remembers of the one before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from sqlite3 import Connection
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.listing import Listing
from amltui.feeds.cache import tables
from amltui.feeds.cache.codec import Codec
from amltui.feeds.cache.file import Busy, CacheFile, Damaged, Unusable
from amltui.feeds.cache.tables import Answer, LastVisit
from amltui.feeds.cache.writer import FIRST, FIRST_ROWS, Told, Writer
from amltui.feeds.clock import Clock
from amltui.feeds.feed import Snapshot

T = TypeVar("T")

LEAVING = 0.1
"""Seconds that quitting may take longer for what is still to be written."""


class Visit(Struct, frozen=True):
    """Where the user was when the program was left."""

    screen: str
    """Name of the kind that was shown."""
    workspaces: tuple[WorkspaceId, ...] = ()
    current: WorkspaceId | None = None
    """The one chosen; None is all."""
    cursor: str | None = None
    """Key of the row under it."""
    text: str = ""
    """What the list was filtered by."""
    column: str | None = None
    descending: bool = False
    columns: tuple[str, ...] = ()
    """Those that were chosen."""


class Behind(Struct, frozen=True):
    """What was read of long lists behind their first rows, by kind and place."""

    account: str | None
    rows: dict[tuple[str, str], tuple[Any, ...]] = field(default_factory=dict)


class Memory:
    """Rows and places by account: what one account has read is never shown to another.

    Who signs in is known only once that has happened. Until then the account is the one that the
    same entrance, the same settings of cloud, sign-in and place, led to the last time.
    """

    def __init__(
        self,
        file: CacheFile,
        entrance: str,
        resource: Callable[[str], type[Any] | None],
        clock: Clock,
        *,
        first: float = FIRST,
    ) -> None:
        self.account: str | None = None
        self._file = file
        self._entrance = entrance
        self._resource = resource
        self._clock = clock
        self._codecs: dict[str, Codec[Any] | None] = {}
        self._visits = Codec(Visit)
        self._writer = Writer(file, self._tell, clock.now, first=first)
        self._recalled: dict[str, dict[str, Snapshot[Any]]] = {}
        """By kind and place: what the file held, until the service has answered."""
        self._here: Visit | None = None
        self._untold: list[str] = []
        self._listener: Callable[[str], None] | None = None

    def listen(self, listener: Callable[[str], None]) -> None:
        """Who is told of trouble with the file, also from the thread that writes."""
        self._listener = listener
        while self._untold:
            listener(self._untold.pop(0))

    def last_visit(self) -> Visit | None:
        """Where the user was when the program was left; from now on that account is recalled."""
        found = self._ask(lambda db: tables.visit(db, self._entrance), None)
        if found is None:
            return None
        self.account = found.account
        if found.shape != self._visits.shape:
            return None
        try:
            (self._here,) = self._visits.decode(found.view)
        except ValueError:
            return None
        return self._here

    def signed_in(self, account: str | None) -> bool:
        """Say who it is; whether that is who was thought. None, whom nobody can tell, is nobody."""
        right = self.account is None or account == self.account
        if not right:
            self._recalled.clear()
        self.account = account
        return right

    def recall(self, kind: str, places: Iterable[str]) -> dict[str, Snapshot[Any]]:
        """The last known rows of these places, as far as there are any."""
        codec = self._codec(kind)
        if self.account is None or codec is None:
            return {}
        if kind not in self._recalled:
            self._recalled[kind] = self._read(kind, self.account, codec)
        held = self._recalled[kind]
        return {place: held[place] for place in places if place in held}

    def behind(self) -> Behind:
        """The rows behind the first ones of every list. Takes its time, on any thread."""
        account = self.account
        if account is None:
            return Behind(account)
        nothing: dict[tuple[str, str], list[bytes]] = {}
        rows: dict[tuple[str, str], tuple[Any, ...]] = {}
        for key, parts in self._ask(lambda db: tables.rest(db, account), nothing).items():
            codec = self._codec(key[0])
            try:
                if codec is not None:
                    rows[key] = tuple(item for part in parts for item in codec.decode(part))
            except ValueError:
                continue
        return Behind(account, rows)

    def join(self, behind: Behind) -> None:
        """Recall these rows too, of lists that the service has not told of meanwhile."""
        if behind.account != self.account:
            return
        for kind, place in behind.rows:
            held = self.recall(kind, [place]).get(place)
            if held is not None and len(held.items) == FIRST_ROWS:
                items = held.items + behind.rows[kind, place]
                self._recalled[kind][place] = replace(held, items=items)

    def keep(self, kind: str, place: str, listing: Listing[Any], at: datetime) -> None:
        """The service has answered."""
        self._recalled.get(kind, {}).pop(place, None)
        codec = self._codec(kind)
        if self.account is None or codec is None:
            return
        answer = Answer(
            self.account, kind, place, at, codec.shape, b"", listing.more, listing.notes
        )
        self._writer.keep(Told(answer, codec, listing.items))

    def stand(self, here: Visit) -> None:
        """Where the user is now."""
        if self.account is None or here == self._here:
            return
        self._here = here
        self._writer.enter(
            LastVisit(
                self._entrance,
                self.account,
                self._clock.now(),
                self._visits.shape,
                self._visits.encode([here]),
            )
        )

    def leave(self, patience: float = LEAVING) -> None:
        """The program ends: write what is left, as far as that goes quickly."""
        self._writer.leave(patience)

    def _read(self, kind: str, account: str, codec: Codec[Any]) -> dict[str, Snapshot[Any]]:
        nothing: list[Answer] = []
        found = {}
        for each in self._ask(lambda db: tables.answers(db, account, kind), nothing):
            if each.shape != codec.shape:
                continue  # another version of the program has written it
            try:
                items = codec.decode(each.rows)
            except ValueError:
                continue
            found[each.place] = Snapshot(
                items, each.at, more=each.more, notes=each.notes, recalled=True
            )
        return found

    def _ask(self, question: Callable[[Connection], T], nothing: T) -> T:
        """What the file says; nothing where there is none, or none that can be read."""
        try:
            with self._file.reading() as db:
                return nothing if db is None else question(db)
        except Busy:
            return nothing
        except (Damaged, Unusable) as trouble:
            self._tell(str(trouble))
            return nothing

    def _codec(self, kind: str) -> Codec[Any] | None:
        """None for a kind that is not remembered."""
        if kind not in self._codecs:
            resource = self._resource(kind)
            self._codecs[kind] = None if resource is None else Codec(resource)
        return self._codecs[kind]

    def _tell(self, sentence: str) -> None:
        if self._listener is None:
            self._untold.append(sentence)
        else:
            self._listener(sentence)
