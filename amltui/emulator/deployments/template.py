"""What a template deploys: its resources, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amltui.emulator.deployments import functions
from amltui.emulator.deployments.expression import TemplateError
from amltui.emulator.deployments.scope import Scope, members, nested

MOST = 800
"""Resources in one template."""
_ABOUT = {
    "type", "name", "apiVersion", "condition", "dependsOn", "copy", "scope", "resourceGroup",
    "subscriptionId", "comments", "metadata", "resources",
}  # fmt: skip
"""Members of a resource that are for the deployment, not for the resource."""


@dataclass(frozen=True)
class Planned:
    """One resource to deploy. Its body is evaluated when its turn has come."""

    id: str
    type: str
    name: str
    version: str
    needs: Sequence[str]
    """Ids, names or types-and-names of others, in lower case."""
    told: Mapping[str, Any]
    scope: Scope

    def body(self) -> dict[str, Any]:
        """As it is put: expressions of an inner template may be for later."""
        body = {name: value for name, value in self.told.items() if name not in _ABOUT}
        properties: Any = body.get("properties")
        if self.type.lower() == "microsoft.resources/deployments" and _is_inner(properties):
            outer = {name: each for name, each in properties.items() if name != "template"}
            evaluated: dict[str, Any] = self.scope.value({**body, "properties": outer})
            evaluated["properties"]["template"] = properties.get("template")
            return evaluated
        whole: dict[str, Any] = self.scope.value(body)
        return whole


def planned(template: Mapping[str, Any], scope: Scope) -> list[Planned]:
    """The resources of a template in order; TemplateError for what makes no sense."""
    resources = template.get("resources")
    if isinstance(resources, dict):  # newer templates name their resources
        resources = list(resources.values())
    if not isinstance(resources, list):
        raise TemplateError("The template's 'resources' is not an array.")
    found: list[Planned] = []
    for each in resources:
        found += _of(each, scope, "", "")
        if len(found) > MOST:
            raise TemplateError(f"The template has more than {MOST} resources.")
    return _in_order(found)


def _of(told: Any, scope: Scope, kind: str, name: str) -> Iterator[Planned]:
    """A resource, its copies, and those within it."""
    if not isinstance(told, dict) or not isinstance(told.get("type"), str):
        raise TemplateError("A resource of the template has no type.")
    copies = members(told, "copy")
    count = scope.value(copies.get("count")) if copies else 1
    if not isinstance(count, int) or not 0 <= count <= MOST:
        raise TemplateError("The count of copies is not a number.")
    for index in range(count):
        here = scope.copy(index)
        if not functions.is_true(here.value(told.get("condition", True))):
            continue
        types = f"{kind}/{told['type']}" if kind else told["type"]
        own = here.value(told.get("name"))
        if not isinstance(own, str) or not own:
            raise TemplateError(f"A resource of type '{types}' has no name.")
        names = f"{name}/{own}" if name else own
        identity = _id(told, here, types, names)
        needs = here.value(told.get("dependsOn") or [])
        if not isinstance(needs, list):
            raise TemplateError(f"The 'dependsOn' of '{names}' is not an array.")
        lower = [str(each).lower() for each in needs]
        if name:
            lower.append(f"{kind}/{name}".lower())
        version = str(here.value(told.get("apiVersion") or ""))
        yield Planned(identity, types, names, version, lower, told, here)
        for child in told.get("resources") or ():
            yield from _of(child, here, types, names)


def _id(told: Mapping[str, Any], scope: Scope, kind: str, names: str) -> str:
    holder = scope.value(told.get("subscriptionId")) or scope.subscription["subscriptionId"]
    group = scope.value(told.get("resourceGroup")) or scope.group["name"]
    try:
        tail = nested(kind, names.split("/"))
    except ValueError as error:
        raise TemplateError(
            f"The template resource '{names}' for type '{kind}' has incorrect segment lengths."
        ) from error
    above = scope.value(told.get("scope"))
    if isinstance(above, str) and above.startswith("/"):
        return f"{above}/providers/{tail}"
    return f"/subscriptions/{holder}/resourceGroups/{group}/providers/{tail}"


def _in_order(found: Sequence[Planned]) -> list[Planned]:
    """Each after those that it needs; one that is not deployed is there already."""
    waiting, done = list(found), list[Planned]()
    while waiting:
        ready = [each for each in waiting if not any(needs(each, other) for other in waiting)]
        if not ready:
            raise TemplateError("Circular dependency detected among the template's resources.")
        done += ready
        kept = {id(each) for each in ready}
        waiting = [each for each in waiting if id(each) not in kept]
    return done


def needs(one: Planned, other: Planned) -> bool:
    """Whether a resource has to be put after another."""
    if one is other:
        return False
    names = {other.id.lower(), other.name.lower(), f"{other.type}/{other.name}".lower()}
    return any(each in names for each in one.needs)


def _is_inner(properties: Any) -> bool:
    """Whether the expressions of a nested template are evaluated where it is, not here."""
    options = properties.get("expressionEvaluationOptions") if isinstance(properties, dict) else {}
    return isinstance(options, dict) and str(options.get("scope", "")).lower() == "inner"
