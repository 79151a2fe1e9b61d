"""The keys that a kind's declaration gives to its list and to the screen of one resource."""

from __future__ import annotations

from typing import Any

from textual.binding import Binding

from amltui.kinds.kind import Kind


def bindings_of(kind: Kind[Any]) -> list[Binding]:
    """One for each action and part, and for what every resource has."""
    keys = [
        Binding(
            action.key,
            f"perform('{action.name}')",
            action.title,
            show=not action.typed,
            id=f"{kind.name}.{action.name}",
        )
        for action in kind.actions
        if action.key
    ]
    keys += [
        Binding(part.key, f"part('{part.name}')", part.title, id=f"{kind.name}.{part.name}")
        for part in kind.parts
    ]
    keys.append(Binding("c", "copy", "Copy name", show=False, id=f"{kind.name}.copy"))
    keys.append(Binding("C", "copy_menu", "Copy …", show=False, id=f"{kind.name}.copies"))
    if kind.actions:
        menu = Binding("a", "menu", "Actions", show=False, id=f"{kind.name}.actions")
        keys.append(menu)
    if kind.link is not None:
        link = Binding("O", "link", "Copy studio link", show=False, id=f"{kind.name}.link")
        keys.append(link)
    return keys


def toggles_of(kind: Kind[Any]) -> list[Binding]:
    """One for each condition that a key puts into the filter of the list."""
    return [
        Binding(
            toggle.key,
            f"condition('{toggle.condition}')",
            toggle.title,
            show=False,
            id=f"{kind.name}.{toggle.condition.replace(':', '.')}",
        )
        for toggle in kind.toggles
    ]
