"""One request to the service, and what a handler may want to know of it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from amltui.emulator.faults import HANGS
from amltui.emulator.http import errors
from amltui.emulator.http.asked import Malformed, mapping
from amltui.emulator.jobs.place import Place
from amltui.emulator.places import PROVIDER, Subscription, Workspace

if TYPE_CHECKING:
    from amltui.emulator.faults import Fault
    from amltui.emulator.jobs.history import JobHistory
    from amltui.emulator.jobs.metrics import RunMetrics
    from amltui.emulator.jobs.record import JobRecord
    from amltui.emulator.resources import Resource
    from amltui.emulator.world import World

FOREVER = 1e12
"""Seconds that an operation takes which never ends."""


Put = Callable[[str, str, Any], Awaitable[Response]]
"""Puts a resource in the caller's name: by path, api-version and body."""


@dataclass(frozen=True)
class Call:
    """One request, at one moment of the world."""

    world: World
    request: Request
    base: str
    """Scheme and host that the client used: every link in the answer starts with it."""
    params: Mapping[str, str]
    """The named parts of the path."""
    now: float
    who: str = ""
    """The name in the caller's token."""
    fault: Fault | None = None
    """What is to become of the operation that this call begins."""
    put: Put | None = None
    """For handlers that put other resources: templates."""

    @cached_property
    def query(self) -> Mapping[str, str]:
        """Query parameters by lower-case name."""
        return {name.lower(): value for name, value in self.request.query_params.items()}

    @property
    def version(self) -> str:
        """The api-version that the client speaks; links in the answer carry it on."""
        return self.query.get("api-version", "")

    async def body(self) -> dict[str, Any]:
        """The JSON object of the request; empty where there is none, a 400 for another value."""
        return mapping(await self.json(), "body")

    def malformed(self, error: Malformed) -> errors.Refusal:
        """To be raised: what was asked for cannot be meant."""
        if "ws" in self.params or "reg" in self.params:
            return self.refused(400, str(error), "BadArgument", "ArgumentInvalid")
        message = f"The request content is invalid: {error}"
        return errors.Refusal(errors.gateway(400, "InvalidRequestContent", message))

    async def json(self) -> Any:
        """The JSON of the request, whatever it is; None where there is none."""
        data = await self.request.body()
        try:
            value = json.loads(data) if data.strip() else None
            if rb"\u" in data:
                json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair is no text
            return value
        except (ValueError, RecursionError) as error:
            raise errors.Refusal(
                errors.gateway(400, "InvalidRequestContent", "The request's body is not JSON.")
            ) from error

    @cached_property
    def subscription(self) -> Subscription:
        """The subscription of the path; a 404 where there is none."""
        found = self.world.subscription(self.params["sub"])
        if found is None:
            message = f"The subscription '{self.params['sub']}' could not be found."
            raise errors.Refusal(errors.gateway(404, "SubscriptionNotFound", message))
        return found

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace of the path; a 404 from the gateway where there is none."""
        sub, group, name = (self.params[part] for part in ("sub", "rg", "ws"))
        found = self.world.workspace(sub, group, name)
        if found is None:
            raise self._no_such("workspaces", name)
        return found

    @cached_property
    def registry(self) -> Resource:
        """The registry of the path; a 404 from the gateway where there is none."""
        sub, group, name = (self.params[part] for part in ("sub", "rg", "reg"))
        found = self.world.registry(sub, group, name)
        if found is None:
            raise self._no_such("registries", name)
        return found

    def _no_such(self, kind: str, name: str) -> errors.Refusal:
        message = (
            f"The Resource '{PROVIDER}/{kind}/{name}' under resource group '{self.params['rg']}'"
            " was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix"
        )
        return errors.Refusal(errors.gateway(404, "ResourceNotFound", message))

    @property
    def home(self) -> str:
        """The id of the workspace or registry of the path: what holds assets."""
        return self.registry.id if "reg" in self.params else self.workspace.id

    @property
    def location(self) -> str:
        """The region that answers."""
        sub, group = self.params.get("sub", ""), self.params.get("rg", "")
        if registry := self.world.registry(sub, group, self.params.get("reg", "")):
            return str(registry.members["location"])
        place = self.world.workspace(sub, group, self.params.get("ws", ""))
        return place.location if place else "eastus2"

    @cached_property
    def place(self) -> Place:
        """The workspace as the caller sees it."""
        held = self.workspace
        titles = self.world.jobs.experiments.titles(held.id)
        return Place(self.base, held.id, held.location, held.subscription.tenant, titles)

    def fate(self, takes: float, error: str | None = None) -> tuple[float, str | None]:
        """How long what this call begins takes, and why it fails: as planned by a fault, or as is.

        Ask it for the operation and for the resource's own change alike.
        """
        if self.fault is None:
            return takes, error
        if self.fault.kind == HANGS:
            return FOREVER, error
        return takes, self.fault.message or "An internal error occurred: the operation failed."

    @property
    def history(self) -> JobHistory:
        """The jobs of the workspace."""
        return self.world.jobs.of(self.workspace.id)

    def metrics(self, record: JobRecord) -> RunMetrics:
        return self.world.jobs.metrics(record, self.now)

    def link(self, path: str, may: str = "r") -> str:
        """A signed link to `container/blob…` in the workspace's storage account."""
        return self.world.signer.link(self.base, self.workspace.account, path, self.now, may)

    def dropped(self, held: Resource | None) -> Response:
        """Forget a resource at once: 200, or 204 where there is none."""
        if held is None:
            return Response(status_code=204)
        self.world.resources.drop(held)
        return Response(status_code=200)

    def refused(
        self,
        status: int,
        message: str,
        *inner: str,
        code: str = "UserError",
        details: tuple[tuple[str, str], ...] = (),
    ) -> errors.Refusal:
        """To be raised: a resource provider's envelope, with the useful code innermost."""
        answer = errors.provider(status, code, message, self.location, self.now, inner, details)
        return errors.Refusal(answer)

    def data_refused(
        self, status: int, message: str, *inner: str, code: str = "UserError"
    ) -> errors.Refusal:
        """To be raised: the envelope of the services behind the data plane."""
        answer = errors.service(status, code, message, self.location, self.now, inner)
        return errors.Refusal(answer)
