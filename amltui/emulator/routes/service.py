"""Jobs, their data, models and endpoints of all workspaces, as one thing to mount."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from json import JSONDecodeError
from typing import Any
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from amltui.emulator.assets.endpoints import EndpointBook
from amltui.emulator.assets.models import ModelShelf
from amltui.emulator.blobs.sas import Signer
from amltui.emulator.jobs.book import JobBook
from amltui.emulator.jobs.place import Place
from amltui.emulator.routes import blobs, jobs, refusals, table
from amltui.emulator.routes.call import Call


@dataclass(frozen=True)
class Site:
    """What must be known of a workspace to serve its jobs."""

    id: str
    """Its ARM id, as the service spells it."""
    location: str
    tenant: str
    guid: str
    account: str
    """Its storage account."""
    computes: Callable[[], set[str]] = field(default=lambda: set[str]())
    """The names of its computes, in lower case."""


@dataclass
class JobService:
    """Answers what concerns jobs and assets; everything else is somebody else's."""

    sites: Callable[[], Iterable[Site]]
    now: Callable[[], float]
    signer: Signer
    book: JobBook = field(default_factory=JobBook)
    models: ModelShelf = field(default_factory=ModelShelf)
    endpoints: EndpointBook = field(default_factory=EndpointBook)
    page_size: int = 10

    def answers(self, request: Request) -> bool:
        return table.match(request.method, raw_path(request)) is not None

    async def answer(self, request: Request, base: str, who: str) -> Response | None:
        """None where the path is not one of these, or the workspace is unknown."""
        found = table.match(request.method, raw_path(request))
        site = self.site(found.workspace) if found is not None else None
        if found is None or site is None:
            return None
        request.scope["path_params"] = found.params
        call = Call(
            request=request,
            place=Place(base, site.id, site.location, site.tenant),
            now=self.now(),
            who=who,
            book=self.book,
            models=self.models,
            endpoints=self.endpoints,
            signer=self.signer,
            account=site.account,
            workspace_guid=site.guid,
            computes=site.computes,
            page_size=self.page_size,
        )
        try:
            return await found.route.handler(call)
        except JSONDecodeError:
            return refusals.arm(call, 400, "UserError", "The body of the request is not JSON.")

    def blob(self, request: Request) -> Response:
        """Answer a request to a storage account; `account` and `path` are in its path."""
        account = request.path_params["account"]
        found = (each.id for each in self.sites() if each.account == account)
        return blobs.read(request, self.book, self.signer, next(found, None), self.now())

    def cancellation(self, operation: str) -> Response | None:
        """The state of `jc:{workspace guid}:{job}`; None where there is no such operation."""
        kind, _, rest = operation.partition(":")
        guid, _, name = rest.partition(":")
        site = next((each for each in self.sites() if each.guid == guid), None)
        if kind != "jc" or site is None:
            return None
        record = self.book.of(site.id).get(name, self.now())
        return None if record is None else jobs.cancellation(record, self.now())

    def site(self, workspace: str) -> Site | None:
        wanted = unquote(workspace).lower()
        return next((each for each in self.sites() if each.id.lower() == wanted), None)

    def restore(self, name: str, value: dict[str, Any]) -> None:
        """Take back one thing that was saved."""
        self.book.restore(name, value)
        self.models.restore(name, value)


def raw_path(request: Request) -> str:
    """The path before decoding: an experiment's name may hold a slash."""
    raw = request.scope.get("raw_path")
    if isinstance(raw, bytes):
        return raw.decode("latin-1").partition("?")[0]
    return request.url.path
