"""A comparison as a picture that can be scaled, for a report or a pull request."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from amltui.domain.comparison import LETTERS, METRIC, Line, Side
from amltui.kinds import format as fmt
from amltui.kinds.comparison import delta_of, value_of

NAMES, RUN = 30, 24
"""Columns of the names of what is compared, and of each run."""

_SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px; line-height: {line_height}px; white-space: pre;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""Rich's own loads its font from elsewhere: a saved picture asks nobody for anything."""


def svg(sides: Sequence[Side], lines: Sequence[Line], baseline: int) -> str:
    """The table of the runs, the best bold, what is the same as in the baseline dim."""
    width = NAMES + (RUN + 3) * len(sides) + 12
    console = Console(record=True, width=width, file=io.StringIO(), color_system="truecolor")
    table = Table(box=SIMPLE_HEAD, width=width, pad_edge=False)
    table.add_column("")
    table.add_column("", max_width=NAMES)
    for index, side in enumerate(sides):
        mark = "  baseline" if index == baseline else ""
        title = f"{LETTERS[index]}  {fmt.one_line(side.job.title)}{mark}"
        table.add_column(Text(title), max_width=RUN)
    for line in lines:
        cells = [_cell(line, index, baseline) for index in range(len(sides))]
        table.add_row(Text(line.group, "dim"), Text(fmt.one_line(line.name)), *cells)
    console.print(table)
    title = f"{len(sides)} runs compared, % of {LETTERS[baseline]}, * best"
    return console.export_svg(title=title, code_format=_SVG)


def _cell(line: Line, index: int, baseline: int) -> Text:
    delta = delta_of(line, index, baseline)
    more = f"  {delta}" if delta != fmt.NONE else ""
    if index in line.best and line.group == METRIC:
        return Text(value_of(line, index) + more, "bold green")
    same = index != baseline and not line.numbers and line.texts[index] == line.texts[baseline]
    return Text(value_of(line, index) + more, "dim" if same else "")
