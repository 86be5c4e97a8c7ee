"""Detours: told where the way is worse or better than the end, and only there."""

import numpy as np
import pytest

from experiments.compare.over_time import QUARTER, detour, on_the_way
from experiments.words import phrases
from simulation.outcomes import OUTCOMES

WORLDS, WEEKS = 30, 104


def burnout(*quarters):
    """Return weekly burnout of a base and of another that differs so by quarter."""
    draw = np.random.default_rng(5)
    base = 0.1 + draw.normal(0, 0.005, (WORLDS, WEEKS))
    apart = np.repeat(quarters, QUARTER)[None] + draw.normal(0, 0.005, (WORLDS, WEEKS))
    return base, base + apart


def test_what_is_over_by_the_end_is_told():
    """Eight points in the fourth quarter that the last half year knows nothing of."""
    found = detour("burnout", *burnout(0, 0.02, 0.05, 0.08, 0.04, 0, 0, 0))
    assert (found.first, found.last) == (39, 51)
    assert found.difference.estimate == pytest.approx(0.08, abs=0.002)
    assert on_the_way(found).startswith("Burnout: worse on the way, 8.0")
    assert on_the_way(found).endswith("points higher in weeks 39 to 51 (7.95 to 8.11).")
    assert "onderweg slechter, 8,0" in on_the_way(found, "nl")


@pytest.mark.parametrize(
    "quarters",
    [
        (0, 0, 0, 0, 0, 0, 0, 0),
        (0, 0.02, 0.04, 0.06, 0.08, 0.08, 0.08, 0.08),
        (0, 0.06, 0.07, 0.06, 0.06, 0.06, 0.06, 0.06),
        (0, 0, 0.018, 0, 0, 0, 0, 0),
    ],
)
def test_what_only_leads_to_the_end_is_not_told(quarters):
    """Nothing, a slow rise, a little more on the way, and what is too small."""
    assert detour("burnout", *burnout(*quarters)) is None


def test_the_other_sign_and_much_more_are_told():
    """Better first and worse in the end; and three times as much on the way."""
    better = detour("burnout", *burnout(0, -0.05, 0, 0, 0, 0, 0.05, 0.05))
    assert better.difference.estimate == pytest.approx(-0.05, abs=0.002)
    more = detour("burnout", *burnout(0, 0, 0, 0.09, 0, 0, 0.03, 0.03))
    assert (more.first, more.last) == (39, 51)


def test_outcomes_of_all_weeks_and_short_runs_have_none():
    """Where the summary has the way in it, or there is hardly any way."""
    base, other = burnout(0, 0.5, 0, 0, 0, 0, 0, 0)
    assert OUTCOMES["learning_speed"].summary not in phrases.OF_LAST_WEEKS
    assert detour("learning_speed", base, other) is None
    assert detour("burnout", base[:, :30], other[:, :30]) is None


def test_missing_values_and_one_world_tell_nothing():
    """A single world, and weeks without a value."""
    base, other = burnout(0, 0, 0, 0.08, 0, 0, 0, 0)
    assert detour("burnout", base[:1], other[:1]) is None
    other[:, ::2] = np.nan
    assert detour("burnout", base, other).first == 39
    other[:] = np.nan
    assert detour("burnout", base, other) is None
