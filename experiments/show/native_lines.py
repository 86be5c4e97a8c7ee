"""Outcomes over time as native PowerPoint lines."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from pptx.chart.data import XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE as DASH
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.util import Pt
from xlsxwriter import Workbook

from experiments.charts.style import GREY, SERIES_COLOURS, decimals_between
from experiments.show.chart_parts import (
    draw_inside,
    fade,
    paint,
    rgb,
    with_minus,
    write_texts,
    write_title,
)
from experiments.show.document import Line
from experiments.show.slide_texts import (
    GAP,
    INSET,
    SMALLEST,
    Rectangle,
    placed,
    write,
)
from experiments.show.text_boxes import LINE, cut, cut_apart, height, width, wrapped
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


APART = "   "
KEYS = "●■▲◆✕"
"""Marks of lines in the key above charts, as the lines have them."""
THIN, BAND_SHARE = 1.0, 0.8
"""Points of the lines at the ends of bands, and how much of their colour they have."""


def add_lines(
    slide: Any, box: Rectangle, line: Line, language: str, theme: bool
) -> Any:
    """Draw an outcome over time, one line per scenario, and return the chart.

    Thin lines of the same colour are the ends of bands, grey ones those of the zone of
    differences too small to matter. Axis numbers with decimals or thousands are texts
    at the points of an extra series, because number formats would follow the reader's
    computer.
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
    title = cut(f"{line.title}, {line.unit}", SMALLEST, 0.8 * box.width, 2, bold=True)
    heads = wrapped(title, SMALLEST, 0.8 * box.width, bold=True)
    write_title(chart, heads)
    chart.has_legend = False
    shown, count = [*chart.plots[0].series], len(line.values)
    first = bool(line.smallest)
    for k, series in enumerate(shown[:count]):
        _style(series, k, k + first, theme, marked=count > 1)
    ends = shown[count : count + 2 * len(line.lows)]
    for k, series in enumerate(ends):
        _style_end(series, k // 2, k // 2 + first, theme)
    for series in shown[count + len(ends) : len(shown) - written]:
        _style_zone(series)
    _axes(chart, ticks, max(line.weeks), language)
    labels = [number(float(tick), language, places) for tick in ticks]
    if written:
        _write_axis(chart, len(shown) - 1, labels)
    left = (max(width(x, SMALLEST) for x in labels) + 0.4) / box.width
    top = (0.2 + LINE * SMALLEST / 72 * len(heads)) / box.height
    foot = 0.8 / box.height
    draw_inside(chart, left, top, 0.96 - left, max(1 - top - foot, 0.2))
    return chart


def ticks_of(line: Line) -> np.ndarray:
    """Return the ticks of the value axis, which runs from the first to the last.

    Bands and the zone too small to matter lie within it.
    """
    drawn = (line.values, line.lows, line.highs)
    known = [x for one in drawn for row in one.values() for x in row if isfinite(x)]
    if line.smallest:
        known += [-1.2 * line.smallest, 1.2 * line.smallest]
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
    if line.smallest:
        for key, x in (("below", -line.smallest), ("above", line.smallest)):
            named.append(
                (say(f"documents_zone_{key}", language), (x,) * len(line.weeks))
            )
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


def _style(series: Any, index: int, colour: int, theme: bool, marked: bool) -> None:
    """Set the dash and marker of a line, and its colour; a single line is plain."""
    _style_line(series, index, colour, theme, 2.25)
    marker = series.marker
    if not marked:
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style, marker.size = MARKERS[index % len(MARKERS)], 6
    marker.format.fill.solid()
    for color in (marker.format.fill.fore_color, marker.format.line.color):
        _colour(color, colour, theme)


def _style_end(series: Any, index: int, colour: int, theme: bool) -> None:
    """Style an end of a band like its line, but thin, light and without markers."""
    _style_line(series, index, colour, theme, THIN)
    fade(series._element.spPr, BAND_SHARE)
    series.marker.style = XL_MARKER_STYLE.NONE


def _style_zone(series: Any) -> None:
    """Style an end of the zone of differences that are too small to matter."""
    series.smooth = False
    series.format.line.width = Pt(THIN)
    series.format.line.dash_style = DASH.ROUND_DOT
    series.format.line.color.rgb = rgb(GREY)
    series.marker.style = XL_MARKER_STYLE.NONE


def _style_line(
    series: Any, index: int, colour: int, theme: bool, points: float
) -> None:
    series.smooth = False
    series.format.line.width = Pt(points)
    series.format.line.dash_style = DASHES[index % len(DASHES)]
    _colour(series.format.line.color, colour, theme)


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
        axis.tick_labels.number_format = with_minus("0")
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


@dataclass(frozen=True)
class LineNames:
    """The names of lines in their colours, as they stand above charts."""

    names: tuple[str, ...]
    first: int
    theme: bool

    def write(self, slide: Any, box: Rectangle) -> Rectangle:
        """Write the names at the top of a box; return the box below them."""
        inner = box.width - 2 * INSET
        text = APART.join(self.names)
        high = height([text], SMALLEST, inner, bold=True) + INSET
        top, below = box.split(box.height - high - GAP)
        shape = placed(slide, None, top)
        write(shape, self.names[:1], SMALLEST, bold=True)
        [paragraph] = shape.text_frame.paragraphs
        for name in self.names[1:]:
            run = paragraph.add_run()
            run.text = APART + name
            run.font.size, run.font.bold = Pt(SMALLEST), True
        for k, run in enumerate(paragraph.runs):
            _colour(run.font.color, k + self.first, self.theme)
        return below


def names_of_lines(line: Line, wide: float, theme: bool) -> LineNames:
    """Return the names of lines, cut to `wide` inches where they must be."""
    whole = [one_line(name) for name in line.values]
    shown = cut_apart(whole, SMALLEST, [wide - 0.6] * len(whole), 1, bold=True)
    marked = (f"{KEYS[k % len(KEYS)]} {name}" for k, name in enumerate(shown))
    return LineNames(tuple(marked), bool(line.smallest), theme)
