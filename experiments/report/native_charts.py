"""Charts that PowerPoint draws and that can be edited there.

Numbers on them are texts in the report's language where a number format would follow
the reader's computer. Colours are those of figures (Okabe & Ito, 2008) with dashes and
markers, or those of the template's theme.
"""

import io
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE as DASH
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt
from xlsxwriter import Workbook

from experiments.figure_style import (
    BLUE,
    GREY,
    SERIES_COLOURS,
    VERMILLION,
    decimals_between,
)
from experiments.numerals import number, say
from experiments.report.content import Bars, Line
from experiments.report.deck import SMALLEST, Box
from experiments.report.text_boxes import LINE, cut, plain, wrapped

DASHES = (DASH.SOLID, DASH.DASH, DASH.DASH_DOT, DASH.ROUND_DOT, DASH.LONG_DASH)
MARKERS = (
    XL_MARKER_STYLE.CIRCLE,
    XL_MARKER_STYLE.SQUARE,
    XL_MARKER_STYLE.TRIANGLE,
    XL_MARKER_STYLE.DIAMOND,
    XL_MARKER_STYLE.X,
)
MEANINGS = {"better": BLUE, "worse": VERMILLION, "figure_open": GREY}
IN_THEME = {
    "better": THEME.ACCENT_1,
    "worse": THEME.ACCENT_2,
    "figure_open": THEME.BACKGROUND_2,
}
ACCENTS = (
    THEME.TEXT_1,
    THEME.ACCENT_1,
    THEME.ACCENT_2,
    THEME.ACCENT_3,
    THEME.ACCENT_4,
    THEME.ACCENT_5,
    THEME.ACCENT_6,
)
NAMES_SHARE = 0.48
"""Share of a chart's width that the names beside its bars take."""
TITLE_SHARE = 0.68
"""Share of a chart's width that its title takes at most; wider ones are broken."""
TITLE_LINES, NAME_LINES = 3, 3
NAMED_LINES = NAME_LINES + 3
"""Lines beside a bar: a name, the difference with its ends, and what it means."""


def bars_height(bars: Bars, named: bool) -> float:
    """Return the inches that differences need, with their names beside them or not."""
    lines = NAMED_LINES * len(bars.names) if named else 3
    return (lines + TITLE_LINES + 1) * LINE * SMALLEST / 72


def names_that_fit(high: float) -> int:
    """Return how many names stand beside bars in a chart of `high` inches."""
    return max(int((high * 72 / (LINE * SMALLEST) - TITLE_LINES - 1) / NAMED_LINES), 1)


def add_bars(
    slide: Any, box: Box, bars: Bars, named: bool, language: str, theme: bool
) -> Any:
    """Draw differences as bars with their intervals, and return the chart.

    Names, differences as written and what they mean stand beside the bars, or in the
    title where `named` is false and there is but one.
    """
    said = [f"{x}, {y}" for x, y in zip(bars.shown, bars.said, strict=True)]
    wide = NAMES_SHARE * box.width - 0.25
    names = [
        "\n".join(
            [
                *wrapped(cut(plain(name), SMALLEST, wide, NAME_LINES), SMALLEST, wide),
                *wrapped(told, SMALLEST, wide),
            ]
        )
        for name, told in zip(bars.names, said, strict=True)
    ]
    data = CategoryChartData()
    data.categories = names
    data.add_series(plain(bars.title), [_known(x) for x in bars.values])
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, *_lengths(box), data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(names, bars, language))
    inside = TITLE_SHARE * box.width
    title = cut(plain(bars.title), SMALLEST, inside, TITLE_LINES, bold=True)
    heads = [title] if named else [title, *said]
    heads = [x for head in heads for x in wrapped(head, SMALLEST, inside, bold=True)]
    _title(chart, heads)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = 60 if named else 150
    series = plot.series[0]
    for k, meaning in enumerate(bars.meanings):
        fill = series.points[k].format.fill
        fill.solid()
        _colour(fill.fore_color, MEANINGS[meaning], IN_THEME[meaning], theme)
    series.invert_if_negative = False
    _intervals(series, bars)
    _axes_of_bars(chart, bars, named)
    top = (0.25 + LINE * SMALLEST / 72 * len(heads)) / box.height
    left = NAMES_SHARE if named else 0.05
    _inside(chart, left, top, 0.96 - left, max(0.95 - top, 0.2))
    return chart


def _axes_of_bars(chart: Any, bars: Bars, named: bool) -> None:
    ends = [x for x in (*bars.values, *bars.lows, *bars.highs, 0.0) if _finite(x)]
    space = 0.08 * (max(ends) - min(ends)) or 1.0
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = min(ends) - space, max(ends) + space
    values.has_major_gridlines = False
    values.visible = False
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    low, none = XL_TICK_LABEL_POSITION.LOW, XL_TICK_LABEL_POSITION.NONE
    names.tick_label_position = low if named else none
    names.format.line.color.theme_color = THEME.TEXT_1


def _intervals(series: Any, bars: Bars) -> None:
    """Put intervals as error bars on a series, from the cells where they stand."""
    minus = [x - low for x, low in zip(bars.values, bars.lows, strict=True)]
    plus = [high - x for x, high in zip(bars.values, bars.highs, strict=True)]
    parts = "".join(
        f"<c:{name}>{_cells(column, lengths)}</c:{name}>"
        for name, column, lengths in (("plus", "D", plus), ("minus", "C", minus))
    )
    element = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>"
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f'{parts}<c:spPr><a:ln w="22225"><a:solidFill><a:schemeClr val="tx1"/>'
        "</a:solidFill></a:ln></c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(element)


def _cells(column: str, lengths: Sequence[float]) -> str:
    points = "".join(
        f'<c:pt idx="{k}"><c:v>{float(x)!r}</c:v></c:pt>'
        for k, x in enumerate(lengths)
        if _finite(x)
    )
    return (
        f"<c:numRef><c:f>Sheet1!${column}$2:${column}${len(lengths) + 1}</c:f>"
        "<c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(lengths)}"/>{points}</c:numCache></c:numRef>'
    )


def _sheet(names: Sequence[str], bars: Bars, language: str) -> bytes:
    """Return the workbook behind bars: names, values, and lengths of the whiskers."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        heads = ("", plain(bars.title), *(_say(x, language) for x in ("minus", "plus")))
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head)
        for k, name in enumerate(names):
            value, low, high = bars.values[k], bars.lows[k], bars.highs[k]
            sheet.write_string(k + 1, 0, name)
            for column, x in enumerate((value, value - low, high - value), 1):
                if _finite(x):
                    sheet.write_number(k + 1, column, x)
    return file.getvalue()


def _say(key: str, language: str) -> str:
    return say(f"documents_{key}", language)


def add_lines(slide: Any, box: Box, line: Line, language: str, theme: bool) -> Any:
    """Draw an outcome over time, a line for each scenario, and return the chart."""
    data = XyChartData()
    wide = (box.width - 1.0) / len(line.values) - 0.7
    for name, values in line.values.items():
        series = data.add_series(cut(plain(name), SMALLEST, max(wide, 1.0), 1))
        for week, value in zip(line.weeks, values, strict=True):
            if _finite(value):
                series.add_data_point(week, value)
    known = [x for values in line.values.values() for x in values if _finite(x)]
    locator = MaxNLocator(5, steps=[1, 2, 2.5, 5, 10])
    ticks = np.asarray(locator.tick_values(min(known), max(known)))
    ends = (0.0, float(ticks[0]), float(max(line.weeks)), float(ticks[-1]))
    places = decimals_between(ticks)
    written = places > 0 or max(abs(ticks)) >= 1000
    if written:
        helper = data.add_series(_say("axis", language))
        for tick in ticks:
            helper.add_data_point(0, float(tick))
    kind = XL_CHART_TYPE.XY_SCATTER_LINES
    chart = slide.shapes.add_chart(kind, *_lengths(box), data).chart
    _title(chart, [f"{line.title}, {line.unit}"])
    for k, series in enumerate(list(chart.plots[0].series)[: len(line.values)]):
        _style(series, k, theme)
    _axes_of_lines(chart, ends, float(ticks[1] - ticks[0]), language)
    chart.has_legend = True
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    left = 0.9 / box.width
    top, foot = 0.45 / box.height, 1.2 / box.height
    _inside(chart, left, top, 0.98 - left, 1 - top - foot)
    if written:
        labels = [number(float(tick), language, places) for tick in ticks]
        _written(chart, len(line.values), labels)
    return chart


def _style(series: Any, index: int, theme: bool) -> None:
    """Tell a line from others by colour, dash and marker."""
    colour = SERIES_COLOURS[index % len(SERIES_COLOURS)]
    accent = ACCENTS[index % len(ACCENTS)]
    # The base is black, or white on a dark page.
    theme = theme or index == 0
    series.smooth = False
    series.format.line.width = Pt(2.25)
    series.format.line.dash_style = DASHES[index % len(DASHES)]
    _colour(series.format.line.color, colour, accent, theme)
    marker = series.marker
    marker.style, marker.size = MARKERS[index % len(MARKERS)], 6
    marker.format.fill.solid()
    _colour(marker.format.fill.fore_color, colour, accent, theme)
    _colour(marker.format.line.color, colour, accent, theme)


def _axes_of_lines(
    chart: Any, ends: tuple[float, float, float, float], step: float, language: str
) -> None:
    weeks, values = chart.category_axis, chart.value_axis
    weeks.minimum_scale, values.minimum_scale = ends[:2]
    weeks.maximum_scale, values.maximum_scale = ends[2:]
    values.major_unit = step
    weeks.has_major_gridlines = False
    weeks.has_title = True
    _texts(weeks.axis_title.text_frame, [say("figure_weeks", language)], False)
    grid = values.major_gridlines.format.line
    grid.width = Pt(0.5)
    grid.color.rgb = _rgb(GREY)
    for axis in (weeks, values):
        axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        axis.tick_labels.number_format = "0"
        axis.tick_labels.number_format_is_linked = False


def _written(chart: Any, index: int, labels: Sequence[str]) -> None:
    """Write the numbers of the axis as texts at the points of a series unseen."""
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    series = chart.plots[0].series[index]
    series.format.line.fill.background()
    series.marker.style = XL_MARKER_STYLE.NONE
    for k, label in enumerate(labels):
        tag = series.points[k].data_label
        _texts(tag.text_frame, [label], False)
        tag.position = XL_LABEL_POSITION.LEFT
    entry = parse_xml(
        f'<c:legendEntry {nsdecls("c")}><c:idx val="{index}"/><c:delete val="1"/>'
        "</c:legendEntry>"
    )
    chart.legend._element.find(qn("c:legendPos")).addnext(entry)


def _title(chart: Any, lines: Sequence[str]) -> None:
    chart.font.size = Pt(SMALLEST)
    chart.has_title = True
    chart.chart_title.include_in_layout = False
    _texts(chart.chart_title.text_frame, lines, True)


def _texts(frame: Any, lines: Sequence[str], bold: bool) -> None:
    for k, line in enumerate(lines):
        paragraph = frame.add_paragraph() if k else frame.paragraphs[0]
        run = paragraph.add_run()
        run.text = plain(line)
        run.font.size = Pt(SMALLEST)
        run.font.bold = bold


def _inside(chart: Any, left: float, top: float, wide: float, high: float) -> None:
    """Fix where a chart is drawn within its frame, in shares of it."""
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


def _colour(color: Any, colour: str, accent: THEME, theme: bool) -> None:
    if theme:
        color.theme_color = accent
    else:
        color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.removeprefix("#"))


def _lengths(box: Box) -> tuple[int, int, int, int]:
    left, top, wide, high = (
        Inches(x) for x in (box.left, box.top, box.width, box.height)
    )
    return left, top, wide, high


def _known(value: float) -> float | None:
    return value if _finite(value) else None


def _finite(value: float) -> bool:
    return math.isfinite(value)
