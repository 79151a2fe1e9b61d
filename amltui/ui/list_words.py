"""What is said of a list as a whole: how many, in which order, and why there are none."""

from __future__ import annotations

from typing import Any

from amltui.feeds.board import View
from amltui.kinds.arrange import Arrangement
from amltui.kinds.fields import Asker, complaint
from amltui.kinds.kind import Kind


def crumbs(kind: Kind[Any], arrangement: Arrangement) -> str:
    """`Jobs › /resnet › by AGE ▼`."""
    told = [kind.title]
    if arrangement.text:
        told.append(f"/{arrangement.text}")
    if arrangement.column or arrangement.descending:
        arrow = "▼" if arrangement.descending else "▲"
        told.append(f"by {arrangement.column or 'its own order'} {arrow}")
    return " › ".join(told)


def misunderstood(kind: Kind[Any], arrangement: Arrangement, asker: Asker) -> str:
    """What is wrong with the filter; empty when nothing is."""
    return complaint(arrangement.query(kind.fields), kind.fields, asker)


def count(kind: Kind[Any], view: View[Any], shown: int, *, filtered: bool) -> str:
    """`9 of 77+ jobs in 5 workspaces`: a plus where the service holds more."""
    if view.answered == 0:
        return ""
    known = len(view.items)
    singular, plural = kind.noun
    matches = f"{shown:,} of " if filtered else ""
    more = "+" if view.more else ""
    where = f" in {len(view.parts)} workspaces" if len(view.parts) > 1 else ""
    return f"{matches}{known:,}{more} {singular if known == 1 else plural}{where}"


def why_empty(kind: Kind[Any], view: View[Any], arrangement: Arrangement) -> str:
    """The sentence in place of rows."""
    if known := len(view.items):
        return f"None of {known:,} matches “{arrangement.text}”.  esc shows all."
    if errors := view.errors:
        return "\n".join(dict.fromkeys(str(error) for error in errors))
    if view.answered < max(1, len(view.parts)):
        return "Asking …"
    return kind.empty
