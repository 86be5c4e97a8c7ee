"""Differences as bars that PowerPoint draws, their intervals as whiskers."""

import io
from collections.abc import Sequence
from math import isfinite
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from xlsxwriter import Workbook

from experiments.figure_style import BLUE, GREY, VERMILLION
from experiments.numerals import say
from experiments.report.chart_parts import draw_inside, paint, write_title
from experiments.report.content import Bars
from experiments.report.slide_texts import SMALLEST, Box
from experiments.report.text_boxes import LINE, cut, plain, wrapped

MEANINGS = {"better": BLUE, "worse": VERMILLION, "figure_open": GREY}
IN_THEME = {
    "better": THEME.ACCENT_1,
    "worse": THEME.ACCENT_2,
    "figure_open": THEME.BACKGROUND_2,
}
NAMES_SHARE = 0.48
"""Share of a chart's width that the names beside its bars take."""
TITLE_SHARE = 0.68
"""Share of a chart's width that its title takes at most; wider ones are broken."""
TITLE_LINES, NAME_LINES = 3, 3


def lines_needed(shown: Sequence[Bars], wide: float) -> int:
    """Return the lines that each bar needs in charts of `wide` inches.

    With their names beside them; a bar without needs three.
    """
    beside = [
        text.count("\n") + 2
        for bars in shown
        if len(bars.names) > 1
        for text in _beside(bars, wide)
    ]
    return max(beside, default=3)


def bars_height(count: int, lines: int) -> float:
    """Return the inches that a chart with so many bars of so many lines needs."""
    return (count * lines + TITLE_LINES + 1) * LINE * SMALLEST / 72


def span(bars: Bars) -> tuple[float, float]:
    """Return the ends of the axis on which bars and their intervals stand."""
    ends = [x for x in (*bars.values, *bars.lows, *bars.highs, 0.0) if isfinite(x)]
    space = 0.08 * (max(ends) - min(ends)) or 1.0
    return min(ends) - space, max(ends) + space


def add_bars(
    slide: Any,
    box: Box,
    bars: Bars,
    ends: tuple[float, float],
    named: bool,
    language: str,
    theme: bool,
) -> Any:
    """Draw differences as bars on an axis between two ends, and return the chart.

    Names, differences as written and what they mean stand beside the bars, or in the
    title where `named` is false and there is but one.
    """
    names = _beside(bars, box.width)
    data = CategoryChartData()
    data.categories = names
    data.add_series(plain(bars.title), [_known(x) for x in bars.values])
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, *box.lengths, data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(names, bars, language))
    inside = TITLE_SHARE * box.width
    title = cut(plain(bars.title), SMALLEST, inside, TITLE_LINES, bold=True)
    heads = [title] if named else [title, *_said(bars)]
    heads = [x for head in heads for x in wrapped(head, SMALLEST, inside, bold=True)]
    write_title(chart, heads)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = 60 if named else 150
    series = plot.series[0]
    series.invert_if_negative = False
    for k, meaning in enumerate(bars.meanings):
        fill = series.points[k].format.fill
        fill.solid()
        paint(fill.fore_color, MEANINGS[meaning], IN_THEME[meaning], theme)
    _kept_below_zero(series)
    _intervals(series, bars)
    _axes(chart, ends, named)
    top = (0.25 + LINE * SMALLEST / 72 * len(heads)) / box.height
    left = NAMES_SHARE if named else 0.05
    draw_inside(chart, left, top, 0.96 - left, max(0.95 - top, 0.2))
    return chart


def _beside(bars: Bars, wide: float) -> list[str]:
    """Return what stands beside bars, in lines that break where we say."""
    room = NAMES_SHARE * wide - 0.25
    names = [cut(plain(name), SMALLEST, room, NAME_LINES) for name in bars.names]
    return [
        "\n".join(wrapped(name, SMALLEST, room) + wrapped(told, SMALLEST, room))
        for name, told in zip(names, _said(bars), strict=True)
    ]


def _said(bars: Bars) -> list[str]:
    return [f"{x}, {y}" for x, y in zip(bars.shown, bars.said, strict=True)]


def _axes(chart: Any, ends: tuple[float, float], named: bool) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale = ends
    values.has_major_gridlines = False
    values.visible = False
    names.reverse_order = True
    names.major_tick_mark = XL_TICK_MARK.NONE
    low, none = XL_TICK_LABEL_POSITION.LOW, XL_TICK_LABEL_POSITION.NONE
    names.tick_label_position = low if named else none
    names.format.line.color.theme_color = THEME.TEXT_1


def _kept_below_zero(series: Any) -> None:
    """Keep the colour of each bar below zero, where PowerPoint would make it white."""
    for point in series._element.findall(qn("c:dPt")):
        kept = parse_xml(f'<c:invertIfNegative {nsdecls("c")} val="0"/>')
        point.find(qn("c:idx")).addnext(kept)


def _intervals(series: Any, bars: Bars) -> None:
    """Put intervals as error bars on a series, from the cells where they stand."""
    minus = [x - low for x, low in zip(bars.values, bars.lows, strict=True)]
    plus = [high - x for x, high in zip(bars.values, bars.highs, strict=True)]
    parts = "".join(
        f"<c:{name}>{_cells(column, sizes)}</c:{name}>"
        for name, column, sizes in (("plus", "D", plus), ("minus", "C", minus))
    )
    element = parse_xml(
        f"<c:errBars {nsdecls('c', 'a')}>"
        '<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f'{parts}<c:spPr><a:ln w="22225"><a:solidFill><a:schemeClr val="tx1"/>'
        "</a:solidFill></a:ln></c:spPr></c:errBars>"
    )
    series._element.find(qn("c:cat")).addprevious(element)


def _cells(column: str, sizes: Sequence[float]) -> str:
    points = "".join(
        f'<c:pt idx="{k}"><c:v>{float(x)!r}</c:v></c:pt>'
        for k, x in enumerate(sizes)
        if isfinite(x)
    )
    return (
        f"<c:numRef><c:f>Sheet1!${column}$2:${column}${len(sizes) + 1}</c:f>"
        "<c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(sizes)}"/>{points}</c:numCache></c:numRef>'
    )


def _sheet(names: Sequence[str], bars: Bars, language: str) -> bytes:
    """Return the workbook behind bars: names, values, and lengths of the whiskers."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        whiskers = [say(f"documents_{x}", language) for x in ("minus", "plus")]
        for column, head in enumerate(["", plain(bars.title), *whiskers]):
            sheet.write_string(0, column, head)
        for k, name in enumerate(names):
            value, low, high = bars.values[k], bars.lows[k], bars.highs[k]
            sheet.write_string(k + 1, 0, name)
            for column, x in enumerate((value, value - low, high - value), 1):
                if isfinite(x):
                    sheet.write_number(k + 1, column, x)
    return file.getvalue()


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
