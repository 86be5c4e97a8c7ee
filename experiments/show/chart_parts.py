"""Common parts of native charts: titles, places, colours.

Numbers on charts are texts in the report's language wherever a number format would
follow the reader's computer.
"""

from collections.abc import Sequence
from typing import Any

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from experiments.show.slide_texts import SMALLEST
from experiments.words.numerals import MINUS
from simulation.characters import one_line


def with_minus(style: str) -> str:
    """Return a number format that writes a true minus sign.

    >>> with_minus("0%")
    '0%;"−"0%'
    """
    return f'{style};"{MINUS}"{style}'


def write_title(chart: Any, lines: Sequence[str]) -> None:
    """Write these lines as a chart's title, and make all its text readable in size."""
    chart.font.size = Pt(SMALLEST)
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    write_texts(chart.chart_title.text_frame, lines, True)


def write_texts(frame: Any, lines: Sequence[str], bold: bool) -> None:
    """Write lines into a text frame of a chart."""
    for k, line in enumerate(lines):
        paragraph = frame.add_paragraph() if k else frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = one_line(line)
        run.font.size = Pt(SMALLEST)
        run.font.bold = bold


def draw_inside(chart: Any, left: float, top: float, wide: float, high: float) -> None:
    """Fix the plot area of a chart, in shares of its frame."""
    area = chart._chartSpace.chart.plotArea
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    sizes = (("x", left), ("y", top), ("w", wide), ("h", high))
    parts = "".join(f'<c:{name} val="{size:.4f}"/>' for name, size in sizes)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/>'
            f'<c:xMode val="edge"/><c:yMode val="edge"/>{parts}</c:manualLayout>'
            "</c:layout>"
        ),
    )


def paint(color: Any, colour: str, accent: THEME, theme: bool) -> None:
    """Set `color` to `colour` or, if `theme`, to the theme's `accent`."""
    if theme:
        color.theme_color = accent
    else:
        color.rgb = rgb(colour)


def fade(element: Any, share: float) -> None:
    """Make all colours in an element transparent: `share`, 0 to 1, is their opacity."""
    for color in element.iter(qn("a:srgbClr"), qn("a:schemeClr")):
        color.append(
            parse_xml(f'<a:alpha {nsdecls("a")} val="{round(100_000 * share)}"/>')
        )


def rgb(colour: str) -> RGBColor:
    """Return the colour of a text such as `#0072B2`."""
    return RGBColor.from_string(colour.removeprefix("#"))
