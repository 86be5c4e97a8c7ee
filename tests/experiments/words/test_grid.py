"""Two values and their difference add up as they are shown, in both languages."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from experiments.statistics.paired import compare
from experiments.words.numerals import decimals_told, on_one_grid, scale_of
from experiments.words.outcome_text import pair_texts
from simulation.outcomes import LANGUAGES, OUTCOMES

VALUES = st.floats(-1e7, 1e7)


def read_back(text, language):
    """Return the number that a text begins with."""
    number = re.match(r"[+−]?[\d.,]+", text).group().replace("−", "-")
    if language == "nl":
        number = number.replace(".", "").replace(",", ".")
    return float(number.replace(",", ""))


@given(
    st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30),
    st.sampled_from(sorted(OUTCOMES)),
    st.sampled_from(LANGUAGES),
    st.floats(1e-4, 1),
)
def test_shown_values_add_up(pairs, name, language, shrink):
    """B minus A is the difference, to the last digit shown, whatever the worlds."""
    outcome = OUTCOMES[name]
    a, b = ([shrink * x for x in side] for side in zip(*pairs, strict=True))
    one = compare(a, b)
    told = pair_texts(one, outcome, language)
    shown = [read_back(text, language) for text in told]
    unit = 10.0 ** -decimals_told(one.difference, outcome)
    size = max(1e-9 * max(map(abs, shown)), 1e-9)
    assert abs(shown[1] - shown[0] - shown[2]) <= size
    exact = [x.estimate * scale_of(outcome) for x in (one.a, one.b, one.difference)]
    far = [abs(x - y) for x, y in zip(shown, exact, strict=True)]
    assert far[2] <= 0.5 * unit + size and max(far[:2]) <= unit + size


@given(VALUES, VALUES, st.integers(-4, 6))
def test_the_grid_moves_no_value_by_more_than_a_step(a, b, decimals):
    """The difference is rounded to the nearest; the values stay within a step."""
    unit = 10.0**-decimals
    shown = on_one_grid(a, b, b - a, decimals)
    slack = 1e-9 * max(abs(a), abs(b), 1)
    assert abs(shown[1] - shown[0] - shown[2]) <= slack
    assert abs(shown[0] - a) <= unit + slack and abs(shown[1] - b) <= unit + slack


def test_missing_values_are_left_alone():
    """Without a difference nothing is shown, and nothing crashes."""
    one = compare([math.nan, 1.0], [2.0, math.nan])
    assert pair_texts(one, OUTCOMES["burnout"]) == ("", "", "")
    alone = compare([0.5], [0.25])
    assert pair_texts(alone, OUTCOMES["burnout"]) == ("50", "25", "−25")
