"""Whether anybody follows a widget: only what is followed asks the service."""

from __future__ import annotations

from textual.widget import Widget


def in_view(widget: Widget) -> bool:
    """Whether a widget is shown on a screen that no other screen hides.

    Dialogs hide nothing, nor does a screen with `HIDES = False`, which looks at what goes on below.
    """
    if not widget.is_mounted or not widget.display:
        return False
    stack = widget.app.screen_stack
    if widget.screen not in stack:
        return False
    above = stack[stack.index(widget.screen) + 1 :]
    return all(screen.is_modal or not getattr(screen, "HIDES", True) for screen in above)
