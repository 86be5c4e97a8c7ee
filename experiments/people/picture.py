"""The graph of people at chosen weeks: rows of panels by scenario, a panel a week."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import ListedColormap, Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.legend_handler import HandlerTuple
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, Rectangle
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from experiments.charts.figures import names_in_figures, wrapped
from experiments.charts.style import BLACK, Numbers, Style, new_figure
from experiments.people.colours import COLOURS, Colour, ramp, shade
from experiments.people.layout import SQUARE, Layout
from experiments.people.marks import WIDTHS, classes, explained, hours_told, size
from experiments.people.recorded import Node, Recording, WorldRecording
from experiments.words.numerals import number, say
from simulation.state import ON_LEAVE, VACANT

HOLLOW: dict[str, Any] = {"facecolors": "white", "edgecolors": BLACK}
DASHED = (0, (2, 1.5))
_TWO = TextPath((0, 0), "2", size=1)
MARKS: dict[str, dict[str, Any]] = {
    "person": {"marker": "o", **HOLLOW},
    "group": {"marker": "o", **HOLLOW},
    "leader": {"marker": "s", **HOLLOW},
    "desk": {"marker": "s", **HOLLOW},
    "leave": {"marker": "x", "color": BLACK},
    "empty": {"marker": "o", "linestyle": DASHED, **HOLLOW},
    "absent": {"marker": "o", "linestyle": DASHED, **HOLLOW},
}
"""How the legend draws what it explains."""
TWO = Path([(x - 0.3, y - 0.36) for x, y in _TWO.vertices], _TWO.codes)
"""A number at a desk, about its middle."""
OUTLINE, INSIDE, TIE = "#9A9A9A", "#F7F7F7", "#6F6F6F"
FOOT = 9.5
"""Height of ramp and legend, in sizes of the font."""
LEAST_POINTS = 5.0
"""Size of headings below which panels are made wider."""


def picture(
    recording: Recording,
    page: Layout,
    weeks: Sequence[int],
    colour: str,
    style: Style,
    language: str = "en",
) -> Figure:
    """Draw everyone at the chosen weeks, coloured by `colour`, in the same places.

    Draw and save inside `experiments.charts.style.drawing_in(style)`.
    """
    columns = columns_for(len(recording.lived), len(weeks), page, style)
    rows_each = -(-len(weeks) // columns)
    rows = rows_each * len(recording.lived)
    wide = style.width / columns
    foot = FOOT * style.font / 72
    height = rows * (wide * page.height / page.width + 2.2 * style.font / 72) + foot
    figure = new_figure(style, height)
    grid = figure.subplots(rows, columns, squeeze=False)
    used = []
    titles = names_in_figures([x.scenario.title[language] for x in recording.lived])
    for s, one in enumerate(recording.lived):
        for k, week in enumerate(weeks):
            axes = grid[s * rows_each + k // columns, k % columns]
            _panel(axes, one, recording, page, week, COLOURS[colour], style)
            axes.set_title(say("people_week", language, week=number(week, language)))
            used.append(axes)
        grid[s * rows_each, 0].set_ylabel(wrapped(titles[s], 22))
    for axes in grid.flat:
        if axes not in used:
            axes.remove()
    _scale(figure, used, COLOURS[colour], language)
    _legend(figure, recording, style, language)
    figure.draw_without_rendering()
    for axes in used:
        _write(axes, page, language)
    return figure


def columns_for(scenarios: int, weeks: int, page: Layout, style: Style) -> int:
    """Return the number of panels side by side, as many as stay readable."""
    point = page.em * 72 / page.width
    widest = max(LEAST_POINTS, 0.5 * style.font) / point
    most = max(1, min(style.columns, int(style.width / widest)))
    wanted = weeks if scenarios > 1 else math.ceil(math.sqrt(weeks))
    rows = -(-weeks // min(wanted, most))
    return -(-weeks // rows)


def _panel(
    axes: Axes,
    world: WorldRecording,
    recording: Recording,
    page: Layout,
    week: int,
    colour: Colour,
    style: Style,
) -> None:
    axes.set_xlim(-0.2, page.width + 0.2)
    axes.set_ylim(page.height + 0.2, -0.2)
    axes.set_aspect("equal")
    axes.set_xticks([])
    axes.set_yticks([])
    for side in axes.spines.values():
        side.set_visible(False)
    _outlines(axes, page, style)
    _ties(axes, world, page, week, recording.grouped, style)
    _people(axes, world, page, week, colour, style)


def _outlines(axes: Axes, page: Layout, style: Style) -> None:
    for box in page.boxes:
        axes.add_patch(
            FancyBboxPatch(
                (box.left + 0.1, box.top + 0.1),
                box.width - 0.2,
                box.height - 0.2,
                boxstyle="round,pad=0,rounding_size=0.3",
                linewidth=style.line * (0.25 if box.team else 0.45),
                linestyle=(0, (3, 2)) if box.team else "-",
                edgecolor=OUTLINE,
                facecolor="none" if box.team else INSIDE,
                zorder=0,
            )
        )


def _ties(
    axes: Axes,
    world: WorldRecording,
    page: Layout,
    week: int,
    grouped: bool,
    style: Style,
) -> None:
    at = np.array([page.at[node.seat] for node in world.nodes])
    drawn = classes(world.hours[week], grouped)
    for k, width in enumerate(WIDTHS, 1):
        lines = at[world.ties[drawn == k]]
        axes.add_collection(
            LineCollection(
                list(lines),
                colors=TIE,
                linewidths=width * style.line,
                alpha=0.35 + 0.15 * k,
                zorder=k,
            )
        )


def _people(
    axes: Axes,
    world: WorldRecording,
    page: Layout,
    week: int,
    colour: Colour,
    style: Style,
) -> None:
    values, status = world.values[colour.name][week], world.status[week]
    thin = 0.35 * style.line
    shapes: dict[str, list[tuple[Patch, str]]] = {"there": [], "empty": []}
    for k, node in enumerate(world.nodes):
        place = page.at[node.seat]
        known = bool(np.isfinite(values[k]))
        face = shade(float(colour.share(values[k]))) if known else "white"
        kind = "empty" if status[k] == VACANT or not known else "there"
        shapes[kind].append((_shape(node, place), face))
        if status[k] == ON_LEAVE:
            _cross(axes, place, style)
        if node.leads and world.desk[week, k]:
            _count(axes, place, world.desk[week, k], face)
    for kind, dashes in (("there", "solid"), ("empty", DASHED)):
        patches = [patch for patch, _ in shapes[kind]]
        faces = [face for _, face in shapes[kind]]
        axes.add_collection(
            PatchCollection(
                patches,
                facecolors=faces,
                edgecolors=BLACK,
                linewidths=thin,
                linestyles=[dashes],
                zorder=5,
            )
        )


def _shape(node: Node, place: tuple[float, float]) -> Patch:
    x, y = place
    if node.leads:
        return Rectangle((x - SQUARE, y - SQUARE), 2 * SQUARE, 2 * SQUARE)
    return Circle(place, size(node))


def _cross(axes: Axes, place: tuple[float, float], style: Style) -> None:
    """Cross out a person, in black with a white edge, visible on pale and on dark."""
    x, y = place
    reach = 0.95 * SQUARE
    for colour, width in (("white", 0.9), (BLACK, 0.5)):
        for slope in (-1, 1):
            axes.plot(
                [x - reach, x + reach],
                [y - slope * reach, y + slope * reach],
                color=colour,
                linewidth=width * style.line,
                solid_capstyle="butt",
                zorder=6,
            )


def _count(axes: Axes, place: tuple[float, float], count: int, face: str) -> None:
    """Write the number of proposals waiting at a leader into the leader's square."""
    axes.text(
        *place,
        str(count),
        color=ink_on(face),
        ha="center",
        va="center_baseline",
        zorder=7,
        in_layout=False,
    )


def ink_on(face: str) -> str:
    """Return black or white, whichever is more readable on a colour.

    It is chosen by relative luminance (WCAG 2.1).
    """
    channels = to_rgb(face)
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    ]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return "black" if luminance > 0.179 else "white"


def _write(axes: Axes, page: Layout, language: str) -> None:
    """Write headings into outlines, and set font sizes to the scale of the layout."""
    figure = axes.figure
    unit = axes.get_window_extent().width / (page.width + 0.4) * 72 / figure.dpi
    for text in axes.texts:
        text.set_fontsize(0.5 * unit)
    for box in page.boxes:
        if not box.named:
            continue
        em = page.em * (0.8 if box.team else 1.0)
        axes.text(
            box.left + box.width / 2,
            box.top + 0.15 + 0.1 * em,
            box.heading(language),
            fontsize=em * unit,
            ha="center",
            va="top",
            linespacing=1.0,
            zorder=4,
            in_layout=False,
        )


def _scale(
    figure: Figure,
    panels: Sequence[Axes],
    colour: Colour,
    language: str,
) -> None:
    """Draw the colour ramp with its numbers and label."""
    shades = ScalarMappable(
        Normalize(colour.low, colour.high), ListedColormap(list(ramp()))
    )
    bar = figure.colorbar(
        shades,
        ax=list(panels),
        location="bottom",
        fraction=0.05,
        aspect=45,
        shrink=0.6,
        ticks=np.linspace(colour.low, colour.high, 5),
    )
    bar.ax.xaxis.set_major_formatter(Numbers(language))
    bar.outline.set_visible(False)
    bar.set_label(say(f"people_scale_{colour.name}", language))


def _legend(figure: Figure, recording: Recording, style: Style, language: str) -> None:
    """Add a legend of shapes, marks and lines."""
    kinds = explained(recording)
    axes = figure.axes[0]
    handles: list[Any] = [_handle(axes, kind, style) for kind in kinds]
    names = [say(f"people_mark_{kind}", language) for kind in kinds]
    for k, width in enumerate(WIDTHS):
        handles.append(Line2D([], [], color=TIE, linewidth=width * style.line))
        names.append(hours_told(k, recording.grouped, language))
    figure.legend(
        handles,
        names,
        loc="outside lower center",
        ncols=3,
        frameon=False,
        fontsize=0.9 * style.font,
        handler_map={tuple: HandlerTuple(ndivide=1)},
    )


def _handle(axes: Axes, kind: str, style: Style) -> Any:
    """Return the legend handle of a kind of mark."""
    size, line = style.font**2, 0.5 * style.line
    mark = axes.scatter([], [], s=0.6 * size, linewidths=line, **MARKS[kind])
    if kind != "desk":
        return mark
    number = axes.scatter([], [], s=0.25 * size, linewidths=0, marker=TWO, color=BLACK)
    return mark, number
