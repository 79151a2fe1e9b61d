"""The versions of assets: archiving is a PUT of what a GET brought, with `isArchived` set."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from amltui.emulator.assets import asked, record
from amltui.emulator.assets.kinds import Kind
from amltui.emulator.assets.listed import in_view, is_wanted
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.views import view
from amltui.emulator.resources import Resource
from amltui.emulator.routes.asset_containers import PAGE, Containers

DEFAULT = "azureml_default"
"""What azure-ai-ml asks for where its caller names no version of a component."""


@dataclass(frozen=True)
class Versions:
    """The handlers for the versions of one kind."""

    kind: Kind

    async def listing(self, call: Call) -> Response:
        """Of one container; of all of them where what they hold is asked for by its hash."""
        if "hash" in call.query:
            held = self._all(call)
        else:
            if "reg" not in call.params:  # a registry lists nothing of what is not there
                Containers(self.kind).asked(call)
            held = call.world.resources.within(f"{self.kind.container_id(call)}/versions", call.now)
        asked_view = view(call)
        found = [each for each in held if in_view(asked_view, each) and is_wanted(call, each)]
        if call.query.get("$orderby", "createdtime desc").lower().endswith("asc"):
            found.reverse()
        size = paging.count(call.query.get("$top"), PAGE)
        return paging.listed(call, found, size, body=lambda each: record.shown(call, each))

    async def get(self, call: Call) -> Response:
        if call.params["version"] == DEFAULT:
            found = record.latest(call, f"{self.kind.container_id(call)}/versions")
        else:
            found = call.world.resources.get(self.kind.version_id(call), call.now)
        if found is None:
            raise record.none(call, self.kind, f"version {call.params['version']}")
        return JSONResponse(record.shown(call, found))

    async def put(self, call: Call) -> Response:
        """A new version, and its container with it, or what can be edited of an old one."""
        given, identity = await asked.properties(call), self.kind.version_id(call)
        held = call.world.resources.get(identity, call.now)
        given = asked.version(call, self.kind, given, held)
        container = self.kind.container_id(call)
        if call.world.resources.get(container, call.now) is None:
            record.put(call, None, container, self.kind.usual_container(given), {})
        made = record.put(call, held, identity, self.kind.usual_version, given)
        return record.answer(call, held, made, record.shown(call, made))

    async def delete(self, call: Call) -> Response:
        return record.drop(call, call.world.resources.get(self.kind.version_id(call), call.now))

    def _all(self, call: Call) -> list[Resource]:
        held = call.world.resources
        containers = held.within(f"{call.home}/{self.kind.segment}", call.now)
        return [
            version
            for each in containers
            for version in held.within(f"{each.id}/versions", call.now)
        ]
