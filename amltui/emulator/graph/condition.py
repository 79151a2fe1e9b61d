"""The step that keeps some rows."""

from __future__ import annotations

from dataclasses import dataclass

from amltui.emulator.graph import meaning
from amltui.emulator.graph.expression import Apply, Column, Const, Node
from amltui.emulator.graph.step import Rows


@dataclass(frozen=True)
class Where:
    """Keeps rows of which a condition is true."""

    condition: Node

    def __call__(self, rows: Rows, now: float) -> Rows:
        return [each for each in rows if meaning.is_true(meaning.value(self.condition, each, now))]

    def may_hold(self, kind: str) -> bool:
        """Whether a row of this type can be kept, whatever its other columns hold."""
        return _may_hold(self.condition, kind)


def _may_hold(node: Node, kind: str) -> bool:
    """Whether a condition can hold for a type: where it asks for anything else, it can."""
    if isinstance(node, Apply) and node.name == "and":
        return all(_may_hold(each, kind) for each in node.arguments)
    if isinstance(node, Apply) and node.name == "or":
        return any(_may_hold(each, kind) for each in node.arguments)
    if _columns(node) == {"type"}:
        return meaning.is_true(meaning.value(node, {"type": kind}, 0.0))
    return True


def _columns(node: Node) -> set[str]:
    if isinstance(node, Column):
        return {node.name}
    if isinstance(node, Apply):
        return {name for each in node.arguments for name in _columns(each)}
    return set() if isinstance(node, Const) else {"?"}
