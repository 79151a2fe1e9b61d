"""Values to text: ages, durations, money, numbers, sparklines. Pure, and safe to show."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

T = TypeVar("T")

NONE = "-"
UNKNOWN = "?"
"""Shown where the service does not say: never 0, never blank."""

_BARS = "▁▂▃▄▅▆▇"
"""Without the full block, so that trends in neighbouring rows do not run together."""
_CONTROL = re.compile(
    # C0, DEL, C1, the bidirectional controls, line separators and the byte-order mark: each could
    # move the cursor, hide text or reorder a line.
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)


_JOINING = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|[\U0001f1e6-\U0001f1ff]")
"""What makes one picture of several, or another one of the one before; and the halves of flags."""
_HALF_A_FLAG = 0x1F1E6


def literal(text: str) -> str:
    """Remote text that cannot act on a terminal: control characters become visible ones."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROL.sub(_visible, of_known_width(text))


def of_known_width(text: str) -> str:
    """Text with every picture for itself, and flags as their letters.

    Terminals do not agree on how wide they are together: what stands behind would be displaced.
    """
    return text if text.isascii() else _JOINING.sub(_apart, text)


def _apart(found: re.Match[str]) -> str:
    letter = ord(found[0]) - _HALF_A_FLAG
    return chr(ord("A") + letter) if 0 <= letter < 26 else ""


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "�"


def one_line(text: str) -> str:
    """Text of several lines, told in one."""
    return literal(" ".join(text.split()))


def duration(seconds: float | None) -> str:
    """Two units at most: 43s, 12m, 2h 11m, 3d 02h."""
    if seconds is None:
        return NONE
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole}s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02}m"
    days, hours = divmod(hours, 24)
    return f"{days}d {hours:02}h"


def age(moment: datetime | None, now: datetime) -> str:
    """How long ago; one unit, as lists have little room: 43s, 12m, 2h, 3d."""
    if moment is None:
        return NONE
    return duration((now - moment).total_seconds()).partition(" ")[0]


def ago(moment: datetime | None, now: datetime, by: str | None = None) -> str:
    """`2h ago by Kim Lang`, as far as it is known."""
    if moment is None:
        return f"by {by}" if by else NONE
    return f"{age(moment, now)} ago" + (f" by {by}" if by else "")


def money(dollars: float | None) -> str:
    """USD with two digits: 3.20; unknown is a question mark, never zero."""
    return UNKNOWN if dollars is None else f"{dollars:,.2f}"


def number(value: float) -> str:
    """A metric value in at most nine characters."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    if 1e-3 <= abs(value) < 1e6:
        return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    scientific = f"{value:.2e}"
    return scientific if len(scientific) <= 9 else f"{value:.0e}"


def size(octets: int | None) -> str:
    """Bytes in the unit that needs the fewest digits: 812 B, 41 K, 1.2 G."""
    if octets is None:
        return UNKNOWN
    value = float(octets)
    for unit in ("B", "K", "M", "G"):
        if value < 1000:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} T"


def idle(setting: timedelta | None) -> str:
    """An idle-shutdown setting: 60m, 3d."""
    return "none" if setting is None else duration(setting.total_seconds()).partition(" ")[0]


def iso(moment: datetime | None) -> str | None:
    """A moment for scripts: 2026-11-24T02:30:00Z."""
    return None if moment is None else moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def tags(pairs: Iterable[tuple[str, str | None]]) -> str:
    """`team=vision stage=prod`; a tag without a value is its bare name."""
    return " ".join(f"{key}={value}" if value else key for key, value in pairs)


SERVICE_TAGS = ("_aml_system", "azureml.", "mlflow.")


def own_tags(held: Mapping[str, str | None]) -> str:
    """The tags that somebody has given."""
    return tags(pair for pair in held.items() if not pair[0].startswith(SERVICE_TAGS))


def service_tags(held: Mapping[str, str | None]) -> str:
    """The tags that the service and MLflow keep their own accounts in."""
    return tags(pair for pair in held.items() if pair[0].startswith(SERVICE_TAGS))


def person(name: str | None) -> str:
    """The short form of who did it: kim of kim@contoso.com; a display name as it is."""
    if not name:
        return NONE
    return name.partition("@")[0]


def sparkline(values: Sequence[float], width: int) -> str:
    """The trend of values as at most `width` bars; NaN and infinities are a cross."""
    if width <= 0 or not values:
        return ""
    buckets = thinned(values, width)
    finite = [value for value in buckets if math.isfinite(value)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    # Halves, because the difference of two large numbers may not be a number any more.
    span = (high / 2 - low / 2) or 1.0
    return "".join(
        _BARS[round((value / 2 - low / 2) / span * (len(_BARS) - 1))]
        if math.isfinite(value)
        else "×"
        for value in buckets
    )


def thinned(values: Sequence[T], most: int) -> list[T]:
    """The last value of each of about `most` equal stretches: a trend, at the cost of its width.

    The stretches stay as they are until there is a quarter more, so that a value that comes changes
    the end of a trend, and not all of it: up to a fifth of the width is kept for those.
    """
    count = len(values)
    if count <= most:
        return list(values)
    unit = 1 << ((count // 4).bit_length() - 1) if count >= 4 else 1
    whole = -(-count // unit) * unit
    ends = [(stretch + 1) * whole // most for stretch in range(most)]
    filled = sum(end < count for end in ends)
    return [values[min(end, count) - 1] for end in ends[: filled + 1]]
