"""What is said of a list as a whole: how many, in which order, and why there are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from amltui.domain.query.condition import Condition
from amltui.feeds.board import View
from amltui.kinds.arrange import Arrangement
from amltui.kinds.fields import Asker, complaint
from amltui.kinds.kind import Kind


def crumbs(
    kind: Kind[Any], arrangement: Arrangement, view: View[Any], *, narrow: bool = False
) -> str:
    """`Jobs › /status:failed › by AGE ▼ · filtered by the service: status`."""
    told = [kind.title]
    if arrangement.text:
        told.append(f"/{arrangement.text}")
    if arrangement.column or arrangement.descending:
        arrow = "▼" if arrangement.descending else "▲"
        told.append(f"by {arrangement.column or 'its own order'} {arrow}")
    return " · ".join([" › ".join(told), *caveats(kind, arrangement, view, narrow=narrow)])


def caveats(
    kind: Kind[Any], arrangement: Arrangement, view: View[Any], *, narrow: bool
) -> list[str]:
    """Who has filtered what, and what an order is about, where not all rows are here."""
    conditions = arrangement.query(kind.fields).conditions
    served = [each for each in conditions if each.text in view.served]
    here = [each for each in conditions if each.text not in view.served]
    known = f"{len(view.items):,} loaded"
    told = []
    if served:
        told.append(f"{'' if narrow else 'filtered by the '}service: {_names(served)}")
    if here and view.more:
        told.append(f"here{'' if narrow else f' among {known}'}: {_names(here)}")
    if view.more and (arrangement.column or arrangement.descending):
        told.append("only these are sorted" if here else f"only the {known} are sorted")
    return told


def _names(conditions: Sequence[Condition]) -> str:
    """Fields, and words as they were typed."""
    names = [
        f"{each.field}.{each.key}" if each.key else each.field or each.text for each in conditions
    ]
    return ", ".join(dict.fromkeys(names))


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
        which = f"None of the {known:,} newest" if view.more else f"None of {known:,}"
        further = "  G looks through older ones," if view.more else ""
        return f"{which} matches “{arrangement.text}”.{further}  esc shows all."
    if errors := view.errors:
        return "\n".join(dict.fromkeys(str(error) for error in errors))
    if view.answered < max(1, len(view.parts)):
        return "Asking …"
    if view.served:
        return f"The service knows none that matches “{arrangement.text}”.  esc shows all."
    return kind.empty
