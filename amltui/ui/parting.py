"""What waits for answers ends before what would show them is taken down."""

from __future__ import annotations

from textual.app import App, ReturnType
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.widget import Widget


class PartingApp(App[ReturnType]):
    """Widgets leave together with their workers.

    Textual takes down the children of a widget first and its workers last: an answer that came in
    between would look for widgets that have gone, and end the program with a traceback.
    """

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """The one place through which everything leaves, at the end of the program as well."""
        leaving = {each for node in nodes for each in node.walk_children(with_self=True)}
        for worker in list(self.workers):
            if worker.node in leaving:
                worker.cancel()
        return super()._prune(*nodes, parent=parent)
