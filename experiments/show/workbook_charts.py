"""Native charts of a workbook: differences with intervals, outcomes over time."""

from typing import Any, NamedTuple

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs

from experiments.charts.style import BLUE, GREY, SERIES_COLOURS, VERMILLION
from experiments.show.cells import Cells
from experiments.show.chart_parts import with_minus
from experiments.show.document import Bars
from experiments.show.native_bars import reach

COLOURS = {"better": BLUE, "worse": VERMILLION, "figure_open": GREY}
MOST_BANDS = 2
"""Lines up to which each has its band drawn."""


class Spread(NamedTuple):
    """Where numbers stand: the sheet, first and last row, first column."""

    sheet: str
    first: int
    last: int
    left: int

    def column(self, k: int) -> list[str | int]:
        """Return the cells of a column, counted from the first."""
        return [self.sheet, self.first, self.left + k, self.last, self.left + k]

    def formula(self, k: int) -> str:
        """Return the address of a column as a formula."""
        cells = xl_range_abs(self.first, self.left + k, self.last, self.left + k)
        quoted = self.sheet.replace("'", "''")
        return f"='{quoted}'!{cells}"


def bars_chart(book: Workbook, bars: Bars, spread: Spread) -> Any:
    """Return a chart of differences with their intervals."""
    chart = book.add_chart({"type": "bar"})
    ends = {"minus_values": spread.formula(4), "plus_values": spread.formula(5)}
    points = [{"fill": {"color": COLOURS[x]}} for x in bars.meanings]
    chart.add_series(
        {
            "name": bars.title,
            "categories": spread.column(0),
            "values": spread.column(1),
            "points": points,
            "gap": 60,
            "y_error_bars": {"type": "custom", **ends},
        }
    )
    chart.set_title({"name": bars.title, "name_font": {"size": 10}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    end = reach(bars)
    chart.set_x_axis(
        {
            "min": -end,
            "max": end,
            "major_unit": end,
            "major_gridlines": {"visible": False},
            "num_format": f"{with_minus('General')};0",
            "label_position": "high",
        }
    )
    return chart


def lines_chart(book: Workbook, cells: Cells, spread: Spread) -> Any:
    """Return a chart of lines over time; of few lines, with the ends of their bands."""
    count = (len(cells.heads) - 1) // 3
    chart = book.add_chart({"type": "scatter", "subtype": "straight"})
    columns = [(k + 1, k, 2.25) for k in range(count)]
    if count <= MOST_BANDS:
        columns += [(count + 1 + k, k // 2, 0.75) for k in range(2 * count)]
    for column, k, width in columns:
        colour = SERIES_COLOURS[(k + 1) % len(SERIES_COLOURS)]
        chart.add_series(
            {
                "name": [spread.sheet, spread.first - 1, spread.left + column],
                "categories": spread.column(0),
                "values": spread.column(column),
                "line": {"color": colour, "width": width},
            }
        )
    chart.set_title({"name": cells.title, "name_font": {"size": 10}})
    legend = {"position": "bottom", "delete_series": [*range(count, len(columns))]}
    chart.set_legend(legend if count > 1 else {"none": True})
    grid = {"visible": False}
    axis = {
        "name": cells.heads[0],
        "min": 0,
        "max": len(cells.rows),
        "major_gridlines": grid,
    }
    chart.set_x_axis(axis | {"label_position": "low"})
    style = cells.formats[0][1].replace("0.0%", "0%")
    chart.set_y_axis({"num_format": with_minus(style)})
    return chart
