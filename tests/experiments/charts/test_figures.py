"""Figures: the same bytes for the same data, and nothing written over anything."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from experiments.charts import figures
from experiments.charts.figures import MARKS, apart, differences, meaning, trajectories
from experiments.charts.style import (
    BLUE,
    GREY,
    STYLES,
    VERMILLION,
    Numbers,
    drawing_in,
    save,
)
from experiments.compare.drawing import change_weeks, panels
from experiments.statistics.intervals import Interval
from simulation.outcomes import OUTCOMES

SHOWN = ("lead_quality", "learning_speed", "burnout", "ownership", "cost", "clarity")


def interval(low, high):
    """Return an interval of a paired difference."""
    return Interval((low + high) / 2, low, high, 0.95, 20, 0, 1.0, "t")


def draw(study, kind, style="jasss", language="en"):
    """Return a figure of a comparison."""
    names = [scenario.title[language] for scenario in study.runs.scenarios]
    if kind == "trajectories":
        weekly = {x: study.runs.weekly(x) for x in panels(study.outcomes)}
        weeks = change_weeks(study.runs)
        return trajectories(weekly, names, STYLES[style], language, weeks)
    found = {x: study.differences(x) for x in SHOWN}
    return differences(found, names[1:], names[0], STYLES[style], language)


@pytest.mark.parametrize("kind", ["trajectories", "differences"])
def test_same_bytes(three, kind, tmp_path):
    """SVG, PNG and PDF come out the same each time, whatever the user's settings."""
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        with drawing_in(STYLES["jasss"]):
            save(draw(three, kind), folder, kind)
    for suffix in ("svg", "png", "pdf"):
        one, two = (tmp_path / x / f"{kind}.{suffix}" for x in "ab")
        assert one.read_bytes() == two.read_bytes()
    assert not re.search(
        rb"CreationDate|Type3", (tmp_path / f"a/{kind}.pdf").read_bytes()
    )
    assert "dc:date" not in (tmp_path / f"a/{kind}.svg").read_text()


@pytest.mark.parametrize("kind", ["trajectories", "differences"])
@pytest.mark.parametrize("style", ["slide", "nature", "jasss"])
def test_no_texts_overlap_or_leave_the_page(three, kind, style):
    """Every text lies on the page and clear of all others, also the long Dutch ones."""
    with drawing_in(STYLES[style]):
        figure = draw(three, kind, style, "nl")
        figure.draw_without_rendering()
        boxes = _text_boxes(figure)
    page = figure.bbox
    for text, box in boxes:
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text
    for (one, a), (two, b) in combinations(boxes, 2):
        assert not a.overlaps(b), (one, two)


def _text_boxes(figure):
    texts = [*figure.texts, *(t for legend in figure.legends for t in legend.texts)]
    for axes in figure.axes:
        across = _drawn(axes.get_xticklabels(), 0, axes.get_xlim())
        up = _drawn(axes.get_yticklabels(), 1, axes.get_ylim())
        texts += [axes._left_title, *axes.texts, *across, *up]
    assert figure._supxlabel in texts
    return [(x.get_text(), x.get_window_extent()) for x in texts if x.get_text()]


def _drawn(labels, direction, limits):
    """Leave out tick labels beyond the limits of an axis, which are not drawn."""
    inside = [min(limits) <= x.get_position()[direction] <= max(limits) for x in labels]
    return [label for label, shown in zip(labels, inside, strict=True) if shown]


def test_sizes_are_those_of_the_page(three, tmp_path):
    """A figure is as wide as the style says and is never cut; 300 dots an inch."""
    with drawing_in(STYLES["jasss"]):
        figure = draw(three, "trajectories")
        save(figure, tmp_path, "figure")
    assert figure.get_figwidth() == pytest.approx(160 / 25.4)
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.width == int(160 / 25.4 * 300)


@pytest.mark.parametrize(
    ("name", "low", "high", "colour"),
    [
        ("lead_quality", 0.05, 0.1, BLUE),
        ("lead_quality", -0.1, -0.05, VERMILLION),
        ("burnout", -0.1, -0.05, BLUE),
        ("burnout", 0.05, 0.1, VERMILLION),
        ("burnout", -0.05, 0.1, GREY),
        ("burnout", 0.001, 0.002, GREY),
        ("initiative", 0.05, 0.1, GREY),
        ("burnout", float("nan"), float("nan"), GREY),
    ],
)
def test_colours_mean_good_or_bad(name, low, high, colour):
    """Blue is better and vermillion worse, whichever way that is."""
    assert MARKS[meaning(interval(low, high), OUTCOMES[name])][0] == colour


def test_dutch_numbers_on_axes():
    """Ticks have a decimal comma and no more decimals than they need."""
    assert Numbers("nl", 100).format_ticks([0.0, 0.025, 0.05]) == ["0,0", "2,5", "5,0"]
    assert Numbers("nl").format_ticks([-1000, 0, 1000]) == ["−1.000", "0", "1.000"]


def test_no_words_in_the_code():
    """Words come from tables: no literal with a space in it reaches a figure."""
    source = Path(figures.__file__).read_text()
    code = re.sub(r'"""(?s:.)*?"""', "", source)
    literals = re.findall(r'"([^"\n]*)"', code)
    assert [text for text in literals if re.search(r"[a-z] [a-z]", text)] == [
        "outside upper left"
    ]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_labels_move_apart(wanted):
    """Labels never overlap and keep the order of the lines."""
    places = apart(wanted, [0.1] * len(wanted))
    order = sorted(range(len(wanted)), key=lambda i: places[i])
    gaps = [places[b] - places[a] for a, b in pairwise(order)]
    assert all(gap > 0.0999 for gap in gaps)
    assert sorted(wanted) == [wanted[i] for i in order]
