"""Differences as native PowerPoint bars, with intervals as whiskers.

Behind the bars, two series on axes of their own show the zone of differences that are
too small to matter.
"""

import io
from collections.abc import Sequence
from copy import deepcopy
from math import floor, isfinite, log10
from typing import Any

import numpy as np
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR as THEME
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from xlsxwriter import Workbook

from experiments.charts.style import BLUE, GREY, VERMILLION, decimals_between
from experiments.show.chart_parts import draw_inside, fade, paint, rgb, write_title
from experiments.show.document import Bars
from experiments.show.slide_texts import SMALLEST, Rectangle
from experiments.show.text_boxes import LINE, cut, cut_apart, width, wrapped
from experiments.words.numerals import MINUS, number, say
from simulation.characters import one_line

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
NUMBERS = 0.3
"""Inches below a chart for the numbers of its axis."""
ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
"""What an axis may end at, times a power of ten."""
AROUND_ZONE = 1.5
"""Least end of an axis in sizes of the smallest difference that matters."""
ZONE_SHARE = 0.25
"""How much of its colour the zone has."""
GAP, NAMED_GAP, ZONE_GAP = 150, 100, 30
"""Room between bars in percent of their height, and between pieces of the zone."""


def lines_needed(shown: Sequence[Bars], wide: float) -> int:
    """Return the number of lines that each bar needs in charts of `wide` inches.

    Several bars have their names and texts beside them; a single bar has its text above
    it.
    """
    return 1 + max(
        text.count("\n") + 1 if len(bars.names) > 1 else len(_above(bars, wide))
        for bars in shown
        for text in _beside(bars, wide)
    )


def title_lines(shown: Sequence[Bars], wide: float) -> int:
    """Return the largest number of title lines in charts of `wide` inches."""
    return max(len(_title(bars, wide)) for bars in shown)


def bars_height(count: int, lines: int, titles: int) -> float:
    """Return the height in inches of a chart.

    It has `count` bars of `lines` lines each, and a title of `titles` lines.
    """
    return (count * lines + titles + 1) * LINE * SMALLEST / 72 + NUMBERS


def _title(bars: Bars, wide: float) -> list[str]:
    inside = TITLE_SHARE * wide
    title = cut(one_line(bars.title), SMALLEST, inside, TITLE_LINES, bold=True)
    return wrapped(title, SMALLEST, inside, bold=True)


def reach(bars: Bars) -> float:
    """Return the end of the axis, on both sides of zero, for bars and intervals.

    It is never so small that a difference too small to matter looks large.
    """
    ends = [abs(x) for x in (*bars.values, *bars.lows, *bars.highs) if isfinite(x)]
    most = max([*ends, AROUND_ZONE * bars.smallest]) or 1.0
    power = 10.0 ** floor(log10(most))
    return next(x for x in ROUND if x * power >= most * (1 - 1e-9)) * power


def add_bars(
    slide: Any,
    box: Rectangle,
    bars: Bars,
    end: float,
    named: bool,
    language: str,
    theme: bool,
) -> Any:
    """Draw differences as bars on an axis from -`end` to `end`; return the chart.

    Names, differences as written and their meanings are beside the bars; if `named` is
    false, for a single bar, they are in the title.
    """
    names = _beside(bars, box.width)
    data = CategoryChartData()
    data.categories = names
    data.add_series(one_line(bars.title), [_known(x) for x in bars.values])
    kind = XL_CHART_TYPE.BAR_CLUSTERED
    chart = slide.shapes.add_chart(kind, *box.lengths, data).chart
    chart.part.chart_workbook.update_from_xlsx_blob(_sheet(bars, language))
    heads = _title(bars, box.width)
    heads += [] if named else _above(bars, box.width)
    write_title(chart, heads)
    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width = NAMED_GAP if named else GAP
    series = plot.series[0]
    series.invert_if_negative = False
    for k, meaning in enumerate(bars.meanings):
        fill = series.points[k].format.fill
        fill.solid()
        paint(fill.fore_color, MEANINGS[meaning], IN_THEME[meaning], theme)
    _kept_below_zero(series)
    _intervals(series, bars)
    numbers = _ends(end, language)
    _axes(chart, end, numbers, named)
    _zone(chart, bars, language)
    top = (0.25 + LINE * SMALLEST / 72 * len(heads)) / box.height
    aside = (max(width(x, SMALLEST) for x in numbers) / 2 + 0.05) / box.width
    left = NAMES_SHARE if named else max(aside, 0.05)
    foot = (NUMBERS + 0.1) / box.height
    draw_inside(chart, left, top, 1 - aside - left, max(1 - foot - top, 0.2))
    return chart


def _beside(bars: Bars, wide: float) -> list[str]:
    """Return the texts beside bars, with explicit line breaks."""
    room = NAMES_SHARE * wide - 0.25
    whole = [one_line(name) for name in bars.names]
    names = cut_apart(whole, SMALLEST, [room] * len(whole), NAME_LINES)
    return [
        "\n".join(wrapped(name, SMALLEST, room) + wrapped(told, SMALLEST, room))
        for name, told in zip(names, _said(bars), strict=True)
    ]


def _above(bars: Bars, wide: float) -> list[str]:
    """Return the lines above a bar that is alone in its chart."""
    return wrapped(_said(bars)[0], SMALLEST, TITLE_SHARE * wide, bold=True)


def _said(bars: Bars) -> list[str]:
    told = zip(bars.shown, bars.said, strict=True)
    return [", ".join(filter(None, both)) for both in told]


def _ends(end: float, language: str) -> tuple[str, str]:
    """Return the numbers at the right and the left end of an axis."""
    shown = number(end, language, decimals_between(np.array([0.0, end])))
    return f"+{shown}", f"{MINUS}{shown}"


def _axes(chart: Any, end: float, numbers: tuple[str, str], named: bool) -> None:
    """Set axes with texts as numbers: both ends, and zero between.

    A number format would follow the reader's computer.
    """
    values, names = chart.value_axis, chart.category_axis
    values.minimum_scale, values.maximum_scale, values.major_unit = -end, end, end
    values.has_major_gridlines = False
    values.major_tick_mark = XL_TICK_MARK.NONE
    values.format.line.fill.background()
    values.tick_labels.number_format = '"{}";"{}";"0"'.format(*numbers)
    values.tick_labels.number_format_is_linked = False
    names.reverse_order = True
    # With names running downwards, the low side is the upper one.
    values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    names.major_tick_mark = XL_TICK_MARK.NONE
    low, none = XL_TICK_LABEL_POSITION.LOW, XL_TICK_LABEL_POSITION.NONE
    names.tick_label_position = low if named else none
    names.format.line.color.theme_color = THEME.TEXT_1


def _kept_below_zero(series: Any) -> None:
    """Keep the colour of bars below zero, which PowerPoint would make white."""
    for point in series._element.findall(qn("c:dPt")):
        kept = parse_xml(f'<c:invertIfNegative {nsdecls("c")} val="0"/>')
        point.find(qn("c:idx")).addnext(kept)


def _zone(chart: Any, bars: Bars, language: str) -> None:
    """Draw the zone of negligible differences behind the bars.

    The bars move to secondary axes, which are drawn in front.
    """
    area = chart._chartSpace.chart.plotArea
    front = area.find(qn("c:barChart"))
    first = [x.get("val") for x in front.findall(qn("c:axId"))]
    second = [f"{k}" for k in (7001, 7002)]
    for element, name in zip(front.findall(qn("c:axId")), second, strict=True):
        element.set("val", name)
    names = front.find(qn("c:ser")).find(qn("c:cat"))
    count, size = len(bars.values), bars.smallest
    series = "".join(
        f'<c:ser><c:idx val="{k}"/><c:order val="{k}"/><c:tx><c:strRef>'
        f'<c:f>Sheet1!${column}$1</c:f><c:strCache><c:ptCount val="1"/>'
        f'<c:pt idx="0"><c:v>{say(key, language)}</c:v></c:pt></c:strCache>'
        '</c:strRef></c:tx><c:invertIfNegative val="0"/>'
        f"<c:val>{_cells(column, [x] * count)}</c:val></c:ser>"
        for k, (column, key, x) in enumerate(_zone_ends(size), 1)
    )
    places = "".join(f'<c:axId val="{name}"/>' for name in first)
    back = parse_xml(
        f'<c:barChart {nsdecls("c")}><c:barDir val="bar"/>'
        f'<c:grouping val="clustered"/><c:varyColors val="0"/>{series}'
        f'<c:gapWidth val="{ZONE_GAP}"/><c:overlap val="100"/>{places}</c:barChart>'
    )
    for one in back.findall(qn("c:ser")):
        one.find(qn("c:val")).addprevious(deepcopy(names))
    front.addprevious(back)
    for one in chart.plots[0].series:
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = rgb(GREY)
        fade(one._element.spPr, ZONE_SHARE)
    _second_axes(area, dict(zip(first, second, strict=True)))


def _zone_ends(size: float) -> tuple[tuple[str, str, float], ...]:
    """Return sheet column, label and value of the two series of the zone."""
    return ("E", "documents_zone_below", -size), ("F", "documents_zone_above", size)


def _second_axes(area: Any, names: dict[str, str]) -> None:
    """Add hidden copies of the axes; `names` maps an axis id to that of its copy."""
    axes = [*area.findall(qn("c:catAx")), *area.findall(qn("c:valAx"))]
    for axis in axes:
        copy = deepcopy(axis)
        for key in ("c:axId", "c:crossAx"):
            found = copy.find(qn(key))
            found.set("val", names[found.get("val")])
        copy.find(qn("c:delete")).set("val", "1")
        axes[-1].addnext(copy)


def _intervals(series: Any, bars: Bars) -> None:
    """Add intervals to a series as error bars that refer to cells of its sheet."""
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


def _sheet(bars: Bars, language: str) -> bytes:
    """Return the workbook behind a chart: names, values, whiskers and zone."""
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Sheet1")
        whiskers = [say(f"documents_{x}", language) for x in ("minus", "plus")]
        zone = [say(key, language) for _, key, _ in _zone_ends(bars.smallest)]
        for column, head in enumerate(["", one_line(bars.title), *whiskers, *zone]):
            sheet.write_string(0, column, head)
        ends = [x for *_, x in _zone_ends(bars.smallest)]
        told = zip(bars.names, _said(bars), strict=True)
        for k, (name, said) in enumerate(told):
            value, low, high = bars.values[k], bars.lows[k], bars.highs[k]
            sheet.write_string(k + 1, 0, f"{one_line(name)}\n{said}")
            numbers = (value, value - low, high - value, *ends)
            for column, x in enumerate(numbers, 1):
                if isfinite(x):
                    sheet.write_number(k + 1, column, x)
    return file.getvalue()


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
