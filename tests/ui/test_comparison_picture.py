"""The picture of a comparison is whole, asks nobody for anything, and shows names as they are."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from amltui.domain.arm_id import WorkspaceId
from amltui.domain.comparison import METRIC, Line, Side
from amltui.domain.job import Job
from amltui.ui.comparison_picture import svg

PLACE = WorkspaceId("s", "g", "w")


def side(title: str) -> Side:
    return Side(
        Job(
            workspace=PLACE,
            name=title,
            display_name=title,
            experiment="e",
            type="Command",
            status="Completed",
            compute=None,
            created=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )


def line(name: str, numbers: tuple[float, ...] = (), texts: tuple[str, ...] = ()) -> Line:
    return Line(
        METRIC if numbers else "params",
        name,
        texts or tuple(map(str, numbers)),
        numbers,
        falls=True,
    )


def test_every_run_and_line_is_in_it():
    """As XML that any viewer reads; with the best, and what it is better by."""
    picture = svg([side("base"), side("other")], [line("loss", (0.5, 0.25))], 0)
    text = "".join(ElementTree.fromstring(picture).itertext()).replace("\xa0", " ")
    assert "a  base  baseline" in text
    assert "b  other" in text
    assert "0.25*  -50.0%" in text
    assert "2 runs compared" in text


def test_it_loads_nothing_and_shows_remote_text_literally():
    hostile = "[red]<script>&amp;\x1b[31m"
    picture = svg([side(hostile), side("b")], [line("[b]lr[/b]", texts=("1", "\x00</text>"))], 0)
    tree = ElementTree.fromstring(picture)
    assert not [each for each in tree.iter() if each.tag.endswith("script")]
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
    assert "\x1b" not in picture
    text = "".join(tree.itertext()).replace("\xa0", " ")
    assert "[red]<script>&amp;" in text
    assert "[b]lr[/b]" in text
