"""What a client puts of an asset, and whether it may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amltui.emulator import registries
from amltui.emulator.assets.kinds import Kind
from amltui.emulator.blobs.address import as_azure_has_it
from amltui.emulator.http.asked import object_of, text_of, wrong
from amltui.emulator.resources import Resource

if TYPE_CHECKING:
    from amltui.emulator.http.call import Call


async def properties(call: Call) -> Mapping[str, Any]:
    """What a PUT says of an asset."""
    if "reg" in call.params:
        registries.may_write(call, call.registry)
    asked = object_of(await call.body(), "properties")
    for name in ("tags", "properties"):
        object_of(asked, name)
    if "reg" in call.params:
        return registries.placed(asked)
    if text_of(asked, "dataType") not in {"", "uri_file", "uri_folder", "mltable"}:
        raise wrong("dataType", "uri_file, uri_folder or mltable")
    addresses = {
        name: as_azure_has_it(asked[name], call.base)
        for name in ("modelUri", "dataUri", "codeUri")
        if isinstance(asked.get(name), str)
    }
    return {**asked, **addresses}


def version(
    call: Call, kind: Kind, asked: Mapping[str, Any], held: Resource | None
) -> Mapping[str, Any]:
    """What a PUT says of a version, which may be there; a 400 where it needs more, or changes
    what it cannot, and a 409 where it is about another thing."""
    if held is None:
        wanted = object_of if kind.needs == "componentSpec" else text_of
        if kind.needs and not wanted(asked, kind.needs):
            raise call.refused(400, f"The field {kind.needs} is required.", "BadArgument")
    else:
        for name in kind.fixed:
            if name in asked and asked[name] != held.properties.get(name):
                message = f"The {name} of {call.params['name']} cannot be changed."
                raise call.refused(400, message, "BadArgument", "ImmutableProperty")
        if kind.needs == "componentSpec":
            before = held.properties.get(kind.needs) or {}
            _unchanged(call, before, object_of(asked, kind.needs))
    if build := object_of(asked, "build"):
        asked = {**asked, "build": {"dockerfilePath": "Dockerfile", **build}}
    if held is not None and any(asked.get(name) for name in kind.identity):
        for name in kind.identity:
            if _plain(asked.get(name)) != _plain(held.properties.get(name)):
                message = f"{kind.noun} {held.name} of {call.params['name']} has another {name}."
                raise call.refused(409, message, "Conflict", f"{kind.noun}VersionExists")
    return asked


def _plain(value: Any) -> Any:
    """A text without its layout: clients write the YAML that they have read in another one."""
    if not isinstance(value, str):
        return value
    lines = ("".join(line.split()) for line in value.splitlines())
    return sorted(line for line in lines if line)


def _unchanged(call: Call, before: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    """Refuse to change what a component does: that takes a new version."""
    for name in ("command", "code"):
        if name in before and name in asked and before[name] != asked[name]:
            message = (
                f'Failed to update component {call.params["name"]} since field "{name}" is'
                " immutable, try specifying a new version."
            )
            raise call.refused(400, message, "BadArgument", "ImmutableProperty")
