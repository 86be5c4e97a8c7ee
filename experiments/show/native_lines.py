"""Outcomes over time as native PowerPoint lines."""

import io
from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from pptx.chart.data import XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE as DASH
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt
from xlsxwriter import Workbook

from experiments.charts.style import GREY, SERIES_COLOURS, decimals_between
from experiments.show.chart_parts import (
    draw_inside,
    fade,
    paint,
    rgb,
    write_texts,
    write_title,
)
from experiments.show.document import Line
from experiments.show.slide_texts import SMALLEST, Rectangle
from experiments.show.text_boxes import LINE, cut_apart, width, wrapped
from experiments.words.numerals import number, say
from simulation.characters import one_line

DASHES = (DASH.SOLID, DASH.DASH, DASH.DASH_DOT, DASH.ROUND_DOT, DASH.LONG_DASH)
MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.X,
)
ACCENTS = (
    THEME.TEXT_1,
    THEME.ACCENT_1,
    THEME.ACCENT_2,
    THEME.ACCENT_3,
    THEME.ACCENT_4,
    THEME.ACCENT_5,
    THEME.ACCENT_6,
)


LEGEND_SHARE = 0.28
"""Share of a chart's width that the names of its lines take, at its right."""
ENTRY = 0.7
"""Inches of the legend beside a name: a piece of its line."""
BETWEEN_NAMES = 0.1
"""Inches between names in the legend."""
MOST_LINES = 6
"""Lines of a name in the legend."""
THIN, BAND_SHARE = 1.0, 0.8
"""Points of the lines at the ends of bands, and how much of their colour they have."""


def add_lines(
    slide: Any, box: Rectangle, line: Line, language: str, theme: bool
) -> Any:
    """Draw an outcome over time, one line per scenario, and return the chart.

    Thin lines of the same colour are the ends of bands. Axis numbers with decimals or
    thousands are texts at the points of an extra series, because number formats would
    follow the reader's computer.
    """
    ticks = ticks_of(line)
    places = decimals_between(ticks)
    written = places > 0 or max(abs(ticks)) >= 1000
    data = _data(line, language)
    if written:
        axis = data.add_series(say("documents_axis", language))
        for tick in ticks:
            axis.add_data_point(0, float(tick))
    kind = XL_CHART_TYPE.XY_SCATTER_LINES
    chart = slide.shapes.add_chart(kind, *box.lengths, data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(data))
    write_title(chart, [f"{line.title}, {line.unit}"])
    shown, count = [*chart.plots[0].series], len(line.values)
    for k, series in enumerate(shown[:count]):
        _style(series, k, theme)
    ends = shown[count : len(shown) - written]
    for k, series in enumerate(ends):
        _style_end(series, k // 2, theme)
    _axes(chart, ticks, max(line.weeks), language)
    _legend(chart, [*line.values], box)
    labels = [number(float(tick), language, places) for tick in ticks]
    if written:
        _write_axis(chart, len(shown) - 1, labels)
    left = (max(width(x, SMALLEST) for x in labels) + 0.5) / box.width
    top, foot = 0.45 / box.height, 0.8 / box.height
    wide = 1 - LEGEND_SHARE - 0.02 - left
    draw_inside(chart, left, top, wide, 1 - top - foot)
    return chart


def ticks_of(line: Line) -> np.ndarray:
    """Return the ticks of the value axis, which runs from the first to the last.

    The bands lie within it, as in the picture on the page.
    """
    drawn = (line.values, line.lows, line.highs)
    known = [x for one in drawn for row in one.values() for x in row if isfinite(x)]
    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    return np.asarray(locator.tick_values(min(known), max(known)))


def _data(line: Line, language: str) -> XyChartData:
    """Return the points of lines, then of both ends of each band, under full names.

    Weeks without a value have no point.
    """
    data = XyChartData()
    named = [(one_line(name), values) for name, values in line.values.items()]
    for name in line.lows:
        for side, ends in (("low", line.lows), ("high", line.highs)):
            told = say(f"documents_band_{side}", language, name=one_line(name))
            named.append((told, ends[name]))
    for name, values in named:
        series = data.add_series(name)
        for week, value in zip(line.weeks, values, strict=True):
            if isfinite(value):
                series.add_data_point(week, value)
    return data


def _sheet(data: XyChartData) -> bytes:
    """Return the workbook behind a chart, with names as texts, never formulas."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        for series in data:
            sheet.write_string(_first_cell(data.series_name_ref(series)), series.name)
            sheet.write_column(_first_cell(data.x_values_ref(series)), series.x_values)
            sheet.write_column(_first_cell(data.y_values_ref(series)), series.y_values)
    return file.getvalue()


def _first_cell(reference: str) -> str:
    """Return the first cell of a cell range.

    >>> _first_cell("Sheet1!$A$2:$A$9")
    'A2'
    """
    return reference.partition("!")[2].partition(":")[0].replace("$", "")


def _legend(chart: Any, names: Sequence[str], box: Rectangle) -> None:
    """Add a legend at the right of a chart, with the names of lines only.

    Names that are too long are cut in the legend but complete in the data.
    """
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.RIGHT
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(SMALLEST)
    shown, high = _legend_names(names, box)
    series = [*chart.plots[0].series]
    for one, name in zip(series, shown, strict=False):
        one._element.find(qn("c:tx")).find(f".//{qn('c:v')}").text = name
    hidden = "".join(
        f'<c:legendEntry><c:idx val="{k}"/><c:delete val="1"/></c:legendEntry>'
        for k in range(len(names), len(series))
    )
    sizes = (
        ("x", 1 - LEGEND_SHARE),
        ("y", 0.0),
        ("w", LEGEND_SHARE),
        ("h", min(high / box.height, 1.0)),
    )
    places = "".join(f'<c:{name} val="{size:.4f}"/>' for name, size in sizes)
    parts = parse_xml(
        f"<c:legend {nsdecls('c')}>{hidden}<c:layout><c:manualLayout>"
        f'<c:xMode val="edge"/><c:yMode val="edge"/>{places}</c:manualLayout>'
        "</c:layout></c:legend>"
    )
    legend = chart.legend._element
    for layout in legend.findall(qn("c:layout")):
        legend.remove(layout)
    for part in reversed([*parts]):
        legend.find(qn("c:legendPos")).addnext(part)


def _legend_names(names: Sequence[str], box: Rectangle) -> tuple[list[str], float]:
    """Return names cut as little as the legend allows, and its height in inches."""
    room = LEGEND_SHARE * box.width - ENTRY
    whole = [one_line(name) for name in names]
    shown, high = whole, box.height
    for lines in range(MOST_LINES, 0, -1):
        shown = cut_apart(whole, SMALLEST, [room] * len(names), lines)
        counts = [len(wrapped(name, SMALLEST, room)) for name in shown]
        high = sum(counts) * LINE * SMALLEST / 72 + BETWEEN_NAMES * (len(names) + 1)
        if high <= box.height:
            break
    return shown, high


def _style(series: Any, index: int, theme: bool) -> None:
    """Set the colour, dash and marker of a line."""
    _style_line(series, index, theme, 2.25)
    marker = series.marker
    marker.style, marker.size = MARKERS[index % len(MARKERS)], 6
    marker.format.fill.solid()
    for color in (marker.format.fill.fore_color, marker.format.line.color):
        _colour(color, index, theme)


def _style_end(series: Any, index: int, theme: bool) -> None:
    """Style an end of a band like its line, but thin, light and without markers."""
    _style_line(series, index, theme, THIN)
    fade(series._element.spPr, BAND_SHARE)
    series.marker.style = XL_MARKER_STYLE.NONE


def _style_line(series: Any, index: int, theme: bool, points: float) -> None:
    series.smooth = False
    series.format.line.width = Pt(points)
    series.format.line.dash_style = DASHES[index % len(DASHES)]
    _colour(series.format.line.color, index, theme)


def _colour(color: Any, index: int, theme: bool) -> None:
    """Set a line's colour; the base has the text colour: black, or white on dark."""
    colour = SERIES_COLOURS[index % len(SERIES_COLOURS)]
    accent = ACCENTS[index % len(ACCENTS)]
    paint(color, colour, accent, theme or index == 0)


def _axes(chart: Any, ticks: np.ndarray, last: int, language: str) -> None:
    weeks, values = chart.category_axis, chart.value_axis
    weeks.minimum_scale, weeks.maximum_scale = 0, last
    values.minimum_scale, values.maximum_scale = float(ticks[0]), float(ticks[-1])
    values.major_unit = float(ticks[1] - ticks[0])
    weeks.has_major_gridlines = False
    weeks.has_title = True
    write_texts(weeks.axis_title.text_frame, [say("figure_weeks", language)], False)
    grid = values.major_gridlines.format.line
    grid.width = Pt(0.5)
    grid.color.rgb = rgb(GREY)
    for axis in (weeks, values):
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.tick_labels.number_format = "0"
        axis.tick_labels.number_format_is_linked = False


def _write_axis(chart: Any, index: int, labels: Sequence[str]) -> None:
    """Write the numbers of the axis as texts at the points of an invisible series."""
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    series = chart.plots[0].series[index]
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for k, label in enumerate(labels):
        tag = series.points[k].data_label
        write_texts(tag.text_frame, [label], False)
        tag.position = XL_LABEL_POSITION.LEFT
