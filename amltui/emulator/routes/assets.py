"""Assets with versions: models, data, environments, components, codes.

Workspaces have them, and registries. All five work alike: a container is there as soon as it has
a version, and archiving is a PUT of what a GET brought, with `isArchived` set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import JSONResponse, Response

from amltui.emulator import registries
from amltui.emulator.change import CREATING, DELETING, Change
from amltui.emulator.http import paging
from amltui.emulator.http.call import Call
from amltui.emulator.http.errors import Refusal
from amltui.emulator.http.route import FRONT_END, REGISTRY, WORKSPACE, Plane, Route
from amltui.emulator.resources import Resource

PAGE = 20
_COMMON: dict[str, Any] = {
    "description": None,
    "tags": {},
    "properties": {},
    "isArchived": False,
    "isAnonymous": False,
}


@dataclass(frozen=True)
class Kind:
    """One kind of asset."""

    segment: str
    """In the path: models."""
    noun: str
    """In operations and refusals: Model."""
    version: Mapping[str, Any]
    """The properties of a version that its client did not put."""
    needs: str = ""
    """The property without which there is no version."""
    fixed: Sequence[str] = field(default=())
    """Properties that no later PUT can change."""
    common: Sequence[str] = field(default=())
    """Properties that a container has of its versions."""

    # Containers

    async def containers(self, call: Call) -> Response:
        held = call.world.resources.within(f"{call.home}/{self.segment}", call.now)
        found = [each for each in held if in_view(call, each)]
        size = paging.count(call.query.get("count"), PAGE)
        page, following = paging.page(found, paging.index(paging.asked_token(call)), size)
        bodies = [self._container(call, each) for each in page]
        return JSONResponse(paging.listing(call, bodies, following))

    async def container(self, call: Call) -> Response:
        return JSONResponse(self._container(call, self._asked(call)))

    async def put_container(self, call: Call) -> Response:
        asked = await _properties(call)
        held = call.world.resources.get(self._id(call), call.now)
        made = _put(call, held, self._id(call), {"isArchived": False, **_EDITABLE}, asked)
        return _answer(call, held, made, self._container(call, made))

    async def delete_container(self, call: Call) -> Response:
        return _drop(call, call.world.resources.get(self._id(call), call.now))

    # Versions

    async def versions(self, call: Call) -> Response:
        """Of one container; of all of them where what they hold is asked for by its hash."""
        if "hash" in call.query:
            held = self._all_versions(call)
        else:
            if "reg" not in call.params:  # a registry lists nothing of what is not there
                self._asked(call)
            held = call.world.resources.within(f"{self._id(call)}/versions", call.now)
        found = [each for each in held if in_view(call, each) and _wanted(call, each)]
        if call.query.get("$orderby", "createdtime desc").lower().endswith("asc"):
            found.reverse()
        return paging.listed(
            call, [_shown(call, each) for each in found], paging.count(call.query.get("$top"), PAGE)
        )

    async def get_version(self, call: Call) -> Response:
        return JSONResponse(_shown(call, self._asked_version(call)))

    async def put_version(self, call: Call) -> Response:
        """A new version, or what can be edited of an old one."""
        asked = await _properties(call)
        identity = f"{self._id(call)}/versions/{call.params['version']}"
        held = call.world.resources.get(identity, call.now)
        wanted = call.object if self.needs == "componentSpec" else call.text
        if self.needs and not wanted(asked, self.needs) and held is None:
            raise call.refused(400, f"The field {self.needs} is required.", "BadArgument")
        for name in self.fixed if held is not None else ():
            if name in asked and asked[name] != held.properties.get(name):  # type: ignore[union-attr]
                message = f"The {name} of {call.params['name']} cannot be changed."
                raise call.refused(400, message, "BadArgument", "ImmutableProperty")
        if self.needs == "componentSpec" and held is not None:
            _unchanged(call, held.properties.get(self.needs) or {}, asked.get(self.needs) or {})
        if call.world.resources.get(self._id(call), call.now) is None:
            common = {name: asked.get(name, self.version.get(name)) for name in self.common}
            usual = {"isArchived": False, **_EDITABLE, **common}
            _put(call, None, self._id(call), usual, {})
        made = _put(call, held, identity, {**_COMMON, **self.version}, asked)
        return _answer(call, held, made, _shown(call, made))

    async def delete_version(self, call: Call) -> Response:
        identity = f"{self._id(call)}/versions/{call.params['version']}"
        return _drop(call, call.world.resources.get(identity, call.now))

    # What they share

    def _all_versions(self, call: Call) -> list[Resource]:
        held = call.world.resources
        containers = held.within(f"{call.home}/{self.segment}", call.now)
        return [
            version
            for each in containers
            for version in held.within(f"{each.id}/versions", call.now)
        ]

    def _id(self, call: Call) -> str:
        return f"{call.home}/{self.segment}/{call.params['name']}"

    def _asked(self, call: Call) -> Resource:
        found = call.world.resources.get(self._id(call), call.now)
        if found is None:
            raise self._none(call, "container")
        return found

    def _asked_version(self, call: Call) -> Resource:
        identity = f"{self._id(call)}/versions/{call.params['version']}"
        found = call.world.resources.get(identity, call.now)
        if found is None:
            raise self._none(call, f"version {call.params['version']}")
        return found

    def _none(self, call: Call, what: str) -> Refusal:
        code = f"{self.noun}NotFound"
        message = f"{self.noun} {what} with name: {call.params['name']} not found."
        return call.refused(
            404,
            "The specified resource was not found.",
            "NotFound",
            code,
            details=((code, message),),
        )

    def _container(self, call: Call, held: Resource) -> dict[str, Any]:
        """With the names of the newest version, and of the one to come."""
        versions = call.world.resources.within(f"{held.id}/versions", call.now)
        latest = next((each for each in versions if not each.properties.get("isArchived")), None)
        return _shown(
            call,
            held,
            latestVersion=latest.name if latest else None,
            nextVersion=next_version(versions),
            provisioningState="Succeeded",
        )


_EDITABLE: dict[str, Any] = {"description": None, "tags": {}, "properties": {}}

KINDS = (
    Kind(
        "models",
        "Model",
        {
            "flavors": {},
            "modelType": "custom_model",
            "modelUri": None,
            "jobName": None,
            "stage": None,
            "provisioningState": "Succeeded",
            "datasets": [],
        },
        needs="modelUri",
        fixed=("modelUri", "modelType"),
    ),
    Kind(
        "data",
        "Data",
        {"dataType": "uri_folder"},
        needs="dataUri",
        fixed=("dataUri", "dataType"),
        common=("dataType",),
    ),
    Kind(
        "environments",
        "Environment",
        {
            "image": None,
            "build": None,
            "condaFile": None,
            "environmentType": "UserCreated",
            "osType": "Linux",
            "autoRebuild": "Disabled",
            "inferenceConfig": None,
            "stage": None,
            "provisioningState": "Succeeded",
        },
    ),
    Kind(
        "components",
        "Component",
        {"stage": None, "provisioningState": "Succeeded"},
        needs="componentSpec",
    ),
    Kind("codes", "Code", {"provisioningState": "Succeeded"}, needs="codeUri", fixed=("codeUri",)),
)


def next_version(versions: Sequence[Resource]) -> str:
    """One more than the highest version that is a number."""
    return str(max((int(each.name) for each in versions if each.name.isdigit()), default=0) + 1)


def in_view(call: Call, held: Resource) -> bool:
    """Whether `listViewType` asks for it: ActiveOnly unless said otherwise."""
    view = call.query.get("listviewtype", "ActiveOnly").lower()
    return view == "all" or bool(held.properties.get("isArchived")) is (view == "archivedonly")


def _wanted(call: Call, held: Resource) -> bool:
    """Whether it is the version, and has the tags, that are asked for."""
    version = call.query.get("version")
    if version is not None and held.name != version:
        return False
    known = held.properties.get("properties") or {}
    for parameter, name in (("hash", "hash_sha256"), ("hashversion", "hash_version")):
        asked = call.query.get(parameter)
        if asked is not None and str(known.get(name)) != asked:
            return False
    tags = call.query.get("tags") or call.query.get("$tags") or ""
    return _has(held.properties.get("tags") or {}, tags) and _has(
        known, call.query.get("properties", "")
    )


def _has(held: Mapping[str, Any], asked: str) -> bool:
    """Whether all of `name=value,name` is among them."""
    pairs = [part.partition("=") for part in asked.split(",") if part]
    return all(
        name in held and (not equals or held[name] == value) for name, equals, value in pairs
    )


def _unchanged(call: Call, before: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Refuse to change what a component does: that takes a new version."""
    for name in ("command", "code"):
        if name in before and name in asked and before[name] != asked[name]:
            message = (
                f'Failed to update component {call.params["name"]} since field "{name}" is'
                " immutable, try specifying a new version."
            )
            raise call.refused(400, message, "BadArgument", "ImmutableProperty")


def _put(
    call: Call,
    held: Resource | None,
    identity: str,
    usual: Mapping[str, Any],
    asked: Mapping[str, Any],
) -> Resource:
    """Keep what was put, over what was there or what is usual."""
    before = usual if held is None else held.properties
    properties = {**before, **{name: value for name, value in asked.items() if value is not None}}
    if held is None:
        change = (
            Change(CREATING, call.now, *call.fate(registries.TAKES))
            if "reg" in call.params
            else None
        )
        made = Resource(identity, call.now, call.who, properties, change=change)
    else:
        made = replace(held, properties=properties, modified=call.now, modified_by=call.who)
    return call.world.resources.put(made)


def _drop(call: Call, held: Resource | None) -> Response:
    if "reg" in call.params:
        registries.may_write(call, call.registry)
    if held is None:
        return Response(status_code=204)
    if "reg" not in call.params:
        call.world.resources.drop(held)
        return Response(status_code=200)
    call.world.resources.drop(held, Change(DELETING, call.now, *call.fate(registries.TAKES)))
    return registries.dropped(call)


def _shown(call: Call, held: Resource, **properties: Any) -> dict[str, Any]:
    body = held.body(**properties)
    return registries.shown(call, held, body) if "reg" in call.params else body


async def _properties(call: Call) -> Mapping[str, Any]:
    """What a PUT says of an asset."""
    if "reg" in call.params:
        registries.may_write(call, call.registry)
    asked = call.object(await call.body(), "properties")
    for name in ("tags", "properties"):
        call.object(asked, name)
    return registries.placed(call, asked) if "reg" in call.params else asked


def _answer(call: Call, held: Resource | None, made: Resource, body: dict[str, Any]) -> Response:
    if "reg" in call.params:
        return registries.kept(call, body)
    location = f"{call.base}{made.id}?api-version={call.version}"
    return JSONResponse(body, 200 if held else 201, {"Location": location})


def _routes(kind: Kind, home: str, prefix: str, plane: Plane) -> list[Route]:
    kinds = f"{home}/{kind.segment}"
    container = f"{kinds}/{{name}}"
    version = f"{container}/versions/{{version}}"
    noun = f"{prefix}{kind.noun}"
    return [
        Route("GET", kinds, kind.containers, f"{noun}Containers_List", plane),
        Route("GET", container, kind.container, f"{noun}Containers_Get", plane),
        Route("PUT", container, kind.put_container, f"{noun}Containers_CreateOrUpdate", plane),
        Route("DELETE", container, kind.delete_container, f"{noun}Containers_Delete", plane),
        Route("GET", f"{container}/versions", kind.versions, f"{noun}Versions_List", plane),
        Route("GET", version, kind.get_version, f"{noun}Versions_Get", plane),
        Route("PUT", version, kind.put_version, f"{noun}Versions_CreateOrUpdate", plane),
        Route("DELETE", version, kind.delete_version, f"{noun}Versions_Delete", plane),
    ]


ROUTES = [
    route
    for home, prefix, plane in (
        (WORKSPACE, "", Plane.ARM),
        (REGISTRY, "Registry", Plane.ARM),
        (f"{FRONT_END}{REGISTRY}", "Registry", Plane.DATA),
    )
    for kind in KINDS
    for route in _routes(kind, home, prefix, plane)
]
