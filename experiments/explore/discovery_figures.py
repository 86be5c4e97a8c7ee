"""One figure: the distribution of regrets, and the boxes in which policies fail."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from experiments.charts.figures import scale_of, unit_of
from experiments.charts.figures import wrapped as in_lines
from experiments.charts.style import (
    BLACK,
    GREY,
    SERIES_COLOURS,
    SERIES_LINES,
    VERMILLION,
    Style,
    letters,
    new_figure,
    write_numbers,
)
from experiments.explore.boxes import Box
from experiments.explore.discovery_text import title
from experiments.explore.factors import Factor
from experiments.explore.policies import Discovery, Policy
from experiments.show.document import Picture
from experiments.words.numerals import say
from simulation.outcomes import find

NAME = "discovery"
MOST_BOXES = 3
"""Policies whose box is drawn."""
COLUMNS = 2
MARKS = {"holds": (GREY, "."), "fails": (VERMILLION, "s")}
"""Colour and marker of a point where a policy fails, or does not."""


def picture(discovery: Discovery, language: str = "en") -> Picture | None:
    """Return the figure with its data and caption; None if there is nothing to draw."""
    if discovery.regret is None and not drawn_boxes(discovery):
        return None

    def draw(style: Style) -> Figure:
        return discovery_figure(discovery, style, language)

    title = say("discover_regrets", language)
    return Picture(NAME, title, _caption(discovery, language), draw, _data(discovery))


def discovery_figure(
    discovery: Discovery, style: Style, language: str = "en"
) -> Figure:
    """Draw the share of points up to each regret, and a panel for each box found."""
    boxed = drawn_boxes(discovery)
    rows = -(-(1 + len(boxed)) // COLUMNS)
    lines = 1 + -(-(len(discovery.question.scenarios) + len(MARKS)) // COLUMNS)
    legend = lines * 2 * style.font / 72
    figure = new_figure(style, style.panel_height * 1.4 * rows + legend)
    panels = figure.subplots(rows, COLUMNS, squeeze=False).ravel()
    _regrets(panels[0], discovery, style, language)
    for axes, policy in zip(panels[1:], boxed, strict=False):
        _box(axes, discovery, policy, style, language)
    for axes in panels[1 + len(boxed) :]:
        axes.remove()
    _explain(figure, discovery, bool(boxed), language)
    return figure


def drawn_boxes(discovery: Discovery) -> list[Policy]:
    """Return the policies whose box is drawn."""
    return [policy for policy in discovery.policies if policy.found.boxes][:MOST_BOXES]


def _regrets(axes: Axes, discovery: Discovery, style: Style, language: str) -> None:
    outcome = find(discovery.outcome)
    regret = discovery.regret
    if regret is None:
        axes.remove()
        return
    share = (np.arange(len(regret.values)) + 1) / len(regret.values)
    for k, values in enumerate(regret.values.T):
        axes.step(
            np.concatenate(([0], np.sort(values))),
            np.concatenate(([0], share)),
            where="post",
            color=SERIES_COLOURS[k % len(SERIES_COLOURS)],
            linestyle=SERIES_LINES[k % len(SERIES_LINES)],
        )
    axes.set_xlim(left=0)
    axes.set_ylim(0, 1.02)
    write_numbers(axes.xaxis, language, scale_of(outcome.display), ticks=4)
    write_numbers(axes.yaxis, language, 100.0)
    unit = unit_of(outcome, language)
    what = outcome.in_sentence[language]
    text = say("discover_figure_regret", language, what=what, unit=unit)
    axes.set_xlabel(in_lines(text, _letters(style)))
    axes.set_ylabel(say("discover_figure_share", language))


def _box(
    axes: Axes, discovery: Discovery, policy: Policy, style: Style, language: str
) -> None:
    """Draw all points on the two most important factors, and the largest box."""
    box = policy.found.boxes[0]
    pair = _pair(discovery, policy, box)
    places = [discovery.factors.index(factor) for factor in pair]
    x, y = discovery.design[:, places].T
    for name, (colour, marker) in MARKS.items():
        which = policy.fails == (name == "fails")
        axes.plot(
            *(_values(f, u[which]) for f, u in zip(pair, (x, y), strict=True)),
            marker,
            color=colour,
            markersize=style.font * 0.3,
        )
    (left, right), (low, high) = (_ends(factor, box) for factor in pair)
    frame = Rectangle((left, low), right - left, high - low, fill=False, ec=BLACK)
    axes.add_patch(frame)
    for axis, factor in zip((axes.xaxis, axes.yaxis), pair, strict=True):
        if factor.settings:
            axis.set_ticks(range(len(factor.settings)), factor.settings)
        else:
            write_numbers(axis, language, ticks=4)
    axes.set_xlabel(pair[0].name)
    axes.set_ylabel(pair[1].name)
    name = title(discovery, policy.name, language)[1:-1]
    axes.set_title(in_lines(name, _letters(style)))


def _explain(figure: Figure, discovery: Discovery, boxed: bool, language: str) -> None:
    """Draw a legend of lines and markers above all panels."""
    handles = []
    for k, way in enumerate(discovery.regret.ways if discovery.regret else ()):
        dashes: Any = SERIES_LINES[k % len(SERIES_LINES)]
        line = Line2D([], [], linestyle=dashes)
        line.set_color(SERIES_COLOURS[k % len(SERIES_COLOURS)])
        line.set_label(title(discovery, way.name, language)[1:-1])
        handles.append(line)
    for name, (colour, marker) in MARKS.items() if boxed else ():
        label = say(f"discover_mark_{name}", language)
        mark = Line2D([], [], color=colour, marker=marker, ls="none", label=label)
        handles.append(mark)
    figure.legend(
        handles=handles, loc="outside upper left", ncols=COLUMNS, frameon=False
    )


def _letters(style: Style) -> int:
    """Return how many letters fit in the width of a panel."""
    return letters(style, style.width / (COLUMNS + 0.6))


def _pair(discovery: Discovery, policy: Policy, box: Box) -> list[Factor]:
    """Return the two most important factors of a box, or one and the next outside."""
    by_name = {factor.name: factor for factor in discovery.factors}
    names = [limit.factor for limit in box.limits]
    order = [*(x for x in policy.found.important if x in names), *names]
    order += [*policy.found.important, *by_name]
    return [by_name[name] for name in list(dict.fromkeys(order))[:2]]


def _values(factor: Factor, drawn: np.ndarray) -> np.ndarray:
    """Return values for numbers from 0 to 1; settings are spread around 0, 1, 2, ..."""
    if factor.settings:
        return drawn * len(factor.settings) - 0.5
    return factor.low + drawn * (factor.high - factor.low)


def _ends(factor: Factor, box: Box) -> tuple[float, float]:
    """Return the ends of a box on the axis of a factor."""
    limit = next((x for x in box.limits if x.factor == factor.name), None)
    if factor.settings:
        held = limit.settings if limit else factor.settings
        places = [factor.settings.index(setting) for setting in held]
        return min(places) - 0.5, max(places) + 0.5
    low, high = (limit.low, limit.high) if limit else (factor.low, factor.high)
    return max(low, factor.low), min(high, factor.high)


def _data(discovery: Discovery) -> pd.DataFrame:
    """Return a row for each point: failing policies, factors drawn, and regrets."""
    columns: dict[str, np.ndarray] = {}
    for policy in discovery.policies:
        columns[f"{policy.name}_fails"] = policy.fails
    for k, factor in enumerate(discovery.factors):
        if any(
            factor in _pair(discovery, x, x.found.boxes[0])
            for x in drawn_boxes(discovery)
        ):
            at = [factor.at(float(u)) for u in discovery.design[:, k]]
            columns[factor.name] = np.array(at)
    if discovery.regret and len(discovery.regret.values) == len(discovery.design):
        for k, way in enumerate(discovery.regret.ways):
            columns[f"{way.name}_regret"] = discovery.regret.values[:, k]
    return pd.DataFrame(columns)


def _caption(discovery: Discovery, language: str) -> str:
    boxes = "".join(
        say(
            "discover_caption_box",
            language,
            letter="bcd"[k],
            policy=title(discovery, policy.name, language),
        )
        for k, policy in enumerate(drawn_boxes(discovery))
    )
    return say(
        "discover_caption",
        language,
        points=len(discovery.design),
        factors=len(discovery.factors),
        what=find(discovery.outcome).in_sentence[language],
        worlds=discovery.question.replicates,
        seed=str(discovery.question.seed),
        boxes=boxes,
    )
