"""The containers of assets: one is there as soon as it has a version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator.assets import asked, record
from amltui.emulator.assets.kinds import Kind
from amltui.emulator.assets.listed import in_view
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.views import view
from amltui.emulator.resources import Resource

PAGE = 20


@dataclass(frozen=True)
class Containers:
    """The handlers for the containers of one kind."""

    kind: Kind

    async def listing(self, call: Call) -> Response:
        held = call.world.resources.within(f"{call.home}/{self.kind.segment}", call.now)
        asked_view = view(call)
        found = [each for each in held if in_view(asked_view, each)]
        size = paging.count(call.query.get("count"), PAGE)
        return paging.listed(call, found, size, body=lambda each: _body(call, each))

    async def get(self, call: Call) -> Response:
        return JSONResponse(_body(call, self.asked(call)))

    async def put(self, call: Call) -> Response:
        given, identity = await asked.properties(call), self.kind.container_id(call)
        held = call.world.resources.get(identity, call.now)
        made = record.put(call, held, identity, self.kind.usual_container({}), given)
        return record.answer(call, held, made, _body(call, made))

    async def delete(self, call: Call) -> Response:
        identity = self.kind.container_id(call)
        return record.drop(call, call.world.resources.get(identity, call.now))

    def asked(self, call: Call) -> Resource:
        """The container of the path."""
        found = call.world.resources.get(self.kind.container_id(call), call.now)
        if found is None:
            raise record.none(call, self.kind, "container")
        return found


def _body(call: Call, held: Resource) -> dict[str, Any]:
    """With the names of the newest version, and of the one to come."""
    versions = call.world.resources.within(f"{held.id}/versions", call.now)
    latest = record.latest(call, f"{held.id}/versions")
    return record.shown(
        call,
        held,
        latestVersion=latest.name if latest else None,
        nextVersion=record.next_version(versions),
        provisioningState="Succeeded",
    )
