"""Outcomes over time as lines that PowerPoint draws."""

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

from experiments.figure_style import GREY, SERIES_COLOURS, decimals_between
from experiments.numerals import number, say
from experiments.report.chart_parts import (
    draw_inside,
    paint,
    rgb,
    write_texts,
    write_title,
)
from experiments.report.content import Line
from experiments.report.slide_texts import SMALLEST, Box
from experiments.report.text_boxes import cut, plain, width

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


def add_lines(slide: Any, box: Box, line: Line, language: str, theme: bool) -> Any:
    """Draw an outcome over time, a line for each scenario, and return the chart.

    Where numbers on the axis have decimals or thousands they are texts at the points
    of one more series, because formats would follow the reader's computer.
    """
    known = [x for values in line.values.values() for x in values if isfinite(x)]
    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(min(known), max(known)))
    places = decimals_between(ticks)
    written = places > 0 or max(abs(ticks)) >= 1000
    data = _data(line, box)
    if written:
        axis = data.add_series(say("documents_axis", language))
        for tick in ticks:
            axis.add_data_point(0, float(tick))
    kind = XL_CHART_TYPE.XY_SCATTER_LINES
    chart = slide.shapes.add_chart(kind, *box.lengths, data).chart
    write_title(chart, [f"{line.title}, {line.unit}"])
    for k, series in enumerate([*chart.plots[0].series][: len(line.values)]):
        _style(series, k, theme)
    _axes(chart, ticks, max(line.weeks), language)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    labels = [number(float(tick), language, places) for tick in ticks]
    if written:
        _write_axis(chart, len(line.values), labels)
    left = (max(width(x, SMALLEST) for x in labels) + 0.5) / box.width
    top, foot = 0.45 / box.height, 1.2 / box.height
    draw_inside(chart, left, top, 0.98 - left, 1 - top - foot)
    return chart


def _data(line: Line, box: Box) -> XyChartData:
    """Return the points of lines; weeks without a value have none."""
    data = XyChartData()
    room = max((box.width - 1.0) / len(line.values) - 0.7, 1.0)
    for name, values in line.values.items():
        series = data.add_series(cut(plain(name), SMALLEST, room, 1))
        for week, value in zip(line.weeks, values, strict=True):
            if isfinite(value):
                series.add_data_point(week, value)
    return data


def _style(series: Any, index: int, theme: bool) -> None:
    """Tell a line from others by colour, dash and marker."""
    colour = SERIES_COLOURS[index % len(SERIES_COLOURS)]
    accent = ACCENTS[index % len(ACCENTS)]
    # The base is black, or white on a dark page.
    theme = theme or index == 0
    series.smooth = False
    series.format.line.width = Pt(2.25)
    series.format.line.dash_style = DASHES[index % len(DASHES)]
    paint(series.format.line.color, colour, accent, theme)
    marker = series.marker
    marker.style, marker.size = MARKERS[index % len(MARKERS)], 6
    marker.format.fill.solid()
    paint(marker.format.fill.fore_color, colour, accent, theme)
    paint(marker.format.line.color, colour, accent, theme)


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
    """Write the numbers of the axis as texts at the points of a series unseen."""
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    series = chart.plots[0].series[index]
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for k, label in enumerate(labels):
        tag = series.points[k].data_label
        write_texts(tag.text_frame, [label], False)
        tag.position = XL_LABEL_POSITION.LEFT
    entry = parse_xml(
        f'<c:legendEntry {nsdecls("c")}><c:idx val="{index}"/><c:delete val="1"/>'
        "</c:legendEntry>"
    )
    chart.legend._element.find(qn("c:legendPos")).addnext(entry)
