"""Where a template is evaluated: its parameters, variables, resource group and subscription."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amltui.emulator.deployments import functions
from amltui.emulator.deployments.expression import (
    Access,
    Invocation,
    Literal,
    Node,
    TemplateError,
    is_expression,
    parsed,
)

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "securestring": str,
    "int": int,
    "bool": bool,
    "array": list,
    "object": dict,
    "secureobject": dict,
}


@dataclass(frozen=True)
class Scope:
    """What the expressions of one template may ask for."""

    subscription: Mapping[str, Any]
    group: Mapping[str, Any]
    deployment: str
    look_up: Callable[[str], Mapping[str, Any] | None]
    """The properties of a resource by its id."""
    declared: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    index: int = 0
    """Which copy of a resource that is."""
    known: dict[str, Any] = field(default_factory=dict)
    """Parameters by lower-case name, once they are evaluated: some are never twice the same."""
    asked: frozenset[str] = frozenset()
    """Parameters and variables that are being evaluated."""

    def of(self, template: Mapping[str, Any], given: Mapping[str, Any]) -> Scope:
        """For a template and the parameters that it is given; TemplateError for a wrong one."""
        declared = members(template, "parameters")
        for name in given:
            if not any(name.lower() == each.lower() for each in declared):
                raise TemplateError(
                    f"The template parameters '{name}' in the parameters file are not valid;"
                    " they are not present in the original template and can therefore not be"
                    " provided at deployment time."
                )
        scope = replace(
            self, declared=declared, given=given, variables=members(template, "variables"), known={}
        )
        for name in declared:
            scope.parameter(name)
        return scope

    def copy(self, index: int) -> Scope:
        return replace(self, index=index)

    def value(self, template: Any) -> Any:
        """What a piece of a template means."""
        match template:
            case dict():
                return {str(self.value(name)): self.value(each) for name, each in template.items()}
            case list():
                return [self.value(each) for each in template]
            case str() if is_expression(template):
                return self._node(parsed(template[1:-1]))
            case str() if template.startswith("[["):
                return template[1:]
        return template

    def parameter(self, name: str) -> Any:
        """The value of a parameter: as given, or its default where that is nothing or null."""
        if name.lower() not in self.known:
            self.known[name.lower()] = self._checked(name)
        return self.known[name.lower()]

    def _checked(self, name: str) -> Any:
        told = _member(self.declared, name)
        if not isinstance(told, dict):
            raise TemplateError(f"The template parameter '{name}' is not found.")
        given = _member(self.given, name)
        if isinstance(given, dict) and given.get("value") is not None:
            value = given["value"]
        elif "defaultValue" in told:
            value = self._within(f"parameter '{name}'").value(told["defaultValue"])
        else:
            raise TemplateError(f"The value for the template parameter '{name}' is not provided.")
        wanted = _TYPES.get(str(told.get("type", "")).lower(), object)
        if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            raise TemplateError(
                f"The provided value for the template parameter '{name}' is not valid."
                f" Expected a value of type '{told.get('type')}'."
            )
        allowed = told.get("allowedValues")
        if not isinstance(allowed, list):
            return value
        # azure-ai-ml writes PublicNetworkAccessType.ENABLED, the member of an enumeration.
        word = value.rpartition(".")[2] if isinstance(value, str) else value
        for each in allowed:
            if functions.equals(word, each):
                return each
        raise TemplateError(
            f"The provided value '{value}' for the template parameter '{name}' is not valid."
            f" The parameter value is not part of the allowed value(s):"
            f" '{','.join(str(each) for each in allowed)}'."
        )

    def _within(self, what: str) -> Scope:
        """For the inside of a parameter or variable, which cannot ask for itself."""
        if what.lower() in self.asked:
            raise TemplateError(f"The template {what} depends on itself.")
        return replace(self, asked=self.asked | {what.lower()})

    def _node(self, node: Node) -> Any:
        if isinstance(node, Literal):
            return node.value
        if isinstance(node, Access):
            return self._access(node)
        return self._call(node)

    def _access(self, node: Access) -> Any:
        holder, key = self._node(node.of), self._node(node.key)
        if isinstance(holder, Mapping) and isinstance(key, str):
            for name, value in holder.items():
                if name.lower() == key.lower():
                    return value
        elif isinstance(holder, list) and isinstance(key, int) and -1 < key < len(holder):
            return holder[key]
        raise TemplateError(f"The language expression property '{key}' doesn't exist.")

    def _call(self, node: Invocation) -> Any:
        name, arguments = node.name, node.arguments
        if name == "if" and len(arguments) == 3:
            chosen = 1 if functions.is_true(self._node(arguments[0])) else 2
            return self._node(arguments[chosen])
        if name in {"and", "or"}:
            test = all if name == "and" else any
            return test(functions.is_true(self._node(each)) for each in arguments)
        values = [self._node(each) for each in arguments]
        known = getattr(self, f"_{name}", None) if name in _OWN else functions.FUNCTIONS.get(name)
        if known is None:
            raise TemplateError(f"The template function '{name}' is not valid.")
        try:
            return known(*values)
        except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
            raise TemplateError(
                f"Unable to evaluate template language function '{name}': {error}."
            ) from error

    # Functions that depend on where they are evaluated

    def _parameters(self, name: str) -> Any:
        return self.parameter(name)

    def _variables(self, name: str) -> Any:
        if not any(name.lower() == each.lower() for each in self.variables):
            raise TemplateError(f"The template variable '{name}' is not found.")
        return self._within(f"variable '{name}'").value(_member(self.variables, name))

    def _subscription(self) -> Mapping[str, Any]:
        return self.subscription

    def _resourcegroup(self) -> Mapping[str, Any]:
        return self.group

    def _tenant(self) -> Mapping[str, Any]:
        return {"tenantId": self.subscription["tenantId"]}

    def _deployment(self) -> Mapping[str, Any]:
        return {"name": self.deployment}

    def _copyindex(self, *arguments: Any) -> int:
        offset = next((each for each in arguments if isinstance(each, int)), 0)
        return self.index + offset

    def _resourceid(self, *arguments: str) -> str:
        place = _type_among(arguments)
        before, kind, names = arguments[:place], arguments[place], arguments[place + 1 :]
        group = before[-1] if before else self.group["name"]
        holder = before[0] if len(before) > 1 else self.subscription["subscriptionId"]
        return f"/subscriptions/{holder}/resourceGroups/{group}/providers/{nested(kind, names)}"

    def _subscriptionresourceid(self, *arguments: str) -> str:
        place = _type_among(arguments)
        kind, names = arguments[place], arguments[place + 1 :]
        holder = arguments[0] if place else self.subscription["subscriptionId"]
        return f"/subscriptions/{holder}/providers/{nested(kind, names)}"

    def _reference(self, identity: str, *how: str) -> Any:
        found = self.look_up(identity)
        if found is None:
            raise TemplateError(f"The resource '{identity}' referenced in the template is unknown.")
        return found if "full" in [each.lower() for each in how] else found.get("properties")


_OWN = {
    "parameters",
    "variables",
    "subscription",
    "resourcegroup",
    "tenant",
    "deployment",
    "copyindex",
    "resourceid",
    "subscriptionresourceid",
    "reference",
}


def _type_among(arguments: Sequence[str]) -> int:
    """Where the type is: subscription and group may stand before it."""
    for place, each in enumerate(arguments):
        if "/" in each:
            return place
    raise ValueError("there is no resource type among its arguments")


def nested(kind: str, names: Any) -> str:
    """`Microsoft.X/a/b` and two names as the end of an id: `Microsoft.X/a/name/b/name`."""
    provider, *types = kind.split("/")
    pairs = [f"{each}/{name}" for each, name in zip(types, names, strict=True)]
    return "/".join([provider, *pairs])


def members(holder: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A member that has to be an object, if it is there at all."""
    value = holder.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TemplateError(f"The template's '{name}' is not an object.")
    return value


def _member(holder: Mapping[str, Any], name: str) -> Any:
    return next((value for key, value in holder.items() if key.lower() == name.lower()), None)
