"""What endpoints and deployments of every kind have in common: each change takes a while."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import operations
from amltui.emulator.change import CREATING, UPDATING
from amltui.emulator.endpoints import changes, naming
from amltui.emulator.http import paging
from amltui.emulator.http.asked import words
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call

PAGE = 20


@dataclass(frozen=True)
class Kind:
    """One kind: where it lies, how long its changes take, and the handlers that all kinds share."""

    segment: str
    """In the path: onlineEndpoints, deployments."""
    noun: str
    """In refusals, and the parameter of the path: endpoint, deployment."""
    mark: str
    """In the ids of its operations: oe, od, be, bd."""
    body: Callable[[Call, Resource], dict[str, Any]]
    """As ARM shows it."""
    create: float
    """Seconds, as the next two."""
    update: float
    end: float
    within: Kind | None = None
    """What it lies in; None for the workspace."""

    # Handlers

    async def listing(self, call: Call) -> Response:
        """Newest first, or by `$orderBy=createdtime asc`."""
        held = call.world.resources.within(self.collection(call), call.now)
        if call.query.get("$orderby", "").lower().endswith("asc"):
            held.reverse()
        return self.page(call, held)

    async def get(self, call: Call) -> Response:
        return JSONResponse(self.body(call, self.asked(call)))

    async def delete(self, call: Call) -> Response:
        """202, or 204 where there is none."""
        held = call.world.resources.get(self.id(call), call.now)
        if held is None:
            return Response(status_code=204)
        changes.settled(call, held)
        return changes.delete(call, held, self.mark, self.end)

    # What handlers are made of

    def collection(self, call: Call) -> str:
        """What it lies in: `…/onlineEndpoints`."""
        holder = self.within.asked(call).id if self.within else call.workspace.id
        return f"{holder}/{self.segment}"

    def id(self, call: Call) -> str:
        """The id that the path names."""
        return f"{self.collection(call)}/{call.params[self.noun]}"

    def asked(self, call: Call) -> Resource:
        """The one of the path; a 404 where there is none."""
        found = call.world.resources.get(self.id(call), call.now)
        if found is not None:
            return found
        holder = self.within.asked(call).name if self.within else call.workspace.name
        message = f"There is no {self.noun} with name: {call.params[self.noun]} in {holder}"
        raise call.refused(
            404,
            "The specified resource was not found.",
            code="NotFound",
            details=((f"NoSuch{self.noun.capitalize()}", message),),
        )

    def page(self, call: Call, held: Sequence[Resource]) -> Response:
        """The page that is asked for: of `count` endpoints, `$top` deployments."""
        size = paging.count(call.query.get("$top") or call.query.get("count"), PAGE)
        return paging.listed(call, held, size, body=lambda each: self.body(call, each))

    def before(self, call: Call) -> Resource | None:
        """What a PUT is about to replace, None if it makes a new one; refused where it cannot."""
        held = call.world.resources.get(self.id(call), call.now)
        if held is not None:
            changes.settled(call, held)
        elif complaint := naming.complaint(call.params[self.noun], self.noun):
            raise changes.bad(call, complaint)
        return held

    def made(
        self,
        call: Call,
        held: Resource | None,
        properties: Mapping[str, Any],
        members: Mapping[str, Any],
        **kept: Any,
    ) -> Resource:
        """What a PUT makes: a new one, or another in the place of `held`."""
        if held is None:
            return Resource(self.id(call), call.now, call.who, properties, members, kept)
        return replace(
            held,
            properties=properties,
            members=members,
            kept={**held.kept, **kept},
            modified=call.now,
            modified_by=call.who,
        )

    def put(
        self,
        call: Call,
        held: Resource | None,
        made: Resource,
        *,
        error: str | None = None,
        shown: str | None = None,
        mark: str | None = None,
    ) -> Response:
        """Begin to make it, and answer 201 or 200.

        `error` is why it will fail, `shown` a provisioning state that the answer has instead of
        Creating, `mark` another one than usual.
        """
        word, takes = (CREATING, self.create) if held is None else (UPDATING, self.update)
        changing, begun = changes.begin(call, made, mark or self.mark, word, takes, error)
        headers = operations.creating(call, begun, call.workspace.location, changing.id)
        body = self.body(call, changing)
        if shown is not None:
            body["properties"]["provisioningState"] = shown
        return JSONResponse(body, 200 if held else 201, headers)

    async def patching(self, call: Call) -> tuple[Resource, dict[str, Any]]:
        """The one of the path, which nothing else is changing, and what is asked of it."""
        held, wanted = self.asked(call), await call.body()
        changes.settled(call, held)
        return held, wanted

    def patch(self, call: Call, made: Resource, takes: float | None = None) -> Response:
        """Begin to change it, and answer 202."""
        made = replace(made, modified=call.now, modified_by=call.who)
        takes = self.update if takes is None else takes
        return changes.accepted(call, changes.begin(call, made, self.mark, UPDATING, takes)[1])


def tagged(held: Resource, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a resource with the tags that a PATCH gives it, if it gives any."""
    tags = {"tags": words(wanted["tags"], "tags")} if "tags" in wanted else {}
    return {**held.members, **tags}
