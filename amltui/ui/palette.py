"""What Ctrl+P finds: every key of the screen below, and every workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from msgspec import Struct
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from amltui.ui.widgets.key_bar import spoken

if TYPE_CHECKING:
    from amltui.ui.app import Dashboard


class Entry(Struct, frozen=True):
    """A line of the palette."""

    name: str
    help: str
    run: Callable[[], object]


class Palette(Provider):
    """Made from the bindings that are active, which the kinds declare."""

    @property
    def dashboard(self) -> Dashboard:
        return cast("Dashboard", self.app)

    async def discover(self) -> Hits:
        for entry in self._entries():
            yield DiscoveryHit(Content(entry.name), entry.run, text=entry.name, help=entry.help)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for entry in self._entries():
            if (score := matcher.match(entry.name)) > 0:
                yield Hit(
                    score,
                    matcher.highlight(entry.name),
                    entry.run,
                    text=entry.name,
                    help=entry.help,
                )

    def _show(self, view: str) -> None:
        self.dashboard.do(f"view {view}")

    def _entries(self) -> Iterator[Entry]:
        seen = set()
        bindings = self.screen.active_bindings.values()
        for active in sorted(bindings, key=lambda active: not active.binding.show):
            node, binding = active.node, active.binding
            # Keys that move have no id: nobody looks for them by name.
            if binding.id is None or binding.action in seen:
                continue
            seen.add(binding.action)
            run = partial(self.dashboard.run_action, binding.action, node)
            yield Entry(binding.description, f"key {spoken(binding.key)}", run)
            kind = getattr(node, "KIND", None)
            for action in kind.actions if kind is not None else ():
                perform = f"perform('{action.name}')"
                if not action.key and perform not in seen:
                    seen.add(perform)
                    run = partial(self.dashboard.run_action, perform, node)
                    yield Entry(action.title, f"key a, then {action.name}", run)
        for place in self.dashboard.scope.workspaces:
            look = partial(self.dashboard.look_at, place)
            yield Entry(f"workspace {place.name}", place.resource_group, look)
        from amltui.ui import commands

        for name in commands.view_names(self.dashboard):
            yield Entry(f"view {name}", "as it was saved", partial(self._show, name))
        yield Entry("all workspaces", "", partial(self.dashboard.look_at, None))
        yield Entry("choose theme", "", self.dashboard.search_themes)
