"""Atlases: taken apart exactly, steps and orders, and the explorer page."""

from dataclasses import replace
from itertools import permutations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.advise.atlas import steps
from experiments.advise.atlas.combinations import (
    KEPT,
    MOST_MOVES,
    Atlas,
    all_plans,
    check_size,
    combine,
    design_of,
    runs_of,
    usual_moves,
)
from experiments.advise.atlas.effects import interactions, main_effects, shapley_shares
from experiments.advise.atlas.steps import (
    _undominated_among,
    front,
    next_steps,
    undominated,
)
from experiments.advise.atlas.text import order_text
from experiments.advise.branching import BranchingDesign, BranchingResult
from experiments.advise.moves import moves_of, read_moves, today
from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.run.costs import cost_text
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES

WORLDS = 7


@pytest.fixture(scope="module")
def here():
    """The baseline as it is today, for half a year."""
    return replace(today("baseline"), weeks=24)


def made(here, moves=4, seed=0):
    """Return an atlas of random numbers."""
    draw = np.random.default_rng(seed)
    chosen = moves_of(here)[:moves]
    asked = BranchingDesign(here, all_plans(chosen), WORLDS, 1, KEPT, HEADLINES)
    values = draw.normal(size=(1 << moves, WORLDS, len(KEPT)))
    over_time = draw.normal(size=(1 << moves, WORLDS, 6, len(HEADLINES)))
    made = np.ones(values.shape[:2], bool)
    return Atlas(chosen, BranchingResult(asked, values, over_time, made))


def test_states_have_the_moves_of_their_bits(here):
    """State 0 is today, state 5 has the first and the third move."""
    atlas = made(here)
    plans = atlas.lived.design.plans
    assert plans[0].moves == () and atlas.moves_in(5) == [
        atlas.moves[0],
        atlas.moves[2],
    ]
    assert [move for _, move in plans[5].moves] == atlas.moves_in(5)
    assert atlas.has(2).tolist() == [
        k in (4, 5, 6, 7, 12, 13, 14, 15) for k in range(16)
    ]


def test_main_effects_and_interactions_are_those_of_least_squares(here):
    """Coded -1 and 1, twice the coefficients, four times those of products."""
    atlas = made(here)
    y = atlas.of("burnout").mean(1)
    codes = np.array([np.where(atlas.has(i), 1, -1) for i in range(4)])
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    columns = [np.ones(16), *codes, *(codes[i] * codes[j] for i, j in pairs)]
    fitted = np.linalg.lstsq(np.stack(columns, 1), y, rcond=None)[0]
    effects = [x.estimate for x in main_effects(atlas, "burnout")]
    assert effects == pytest.approx(2 * fitted[1:5])
    found = interactions(atlas, "burnout")
    assert [found[pair].estimate for pair in pairs] == pytest.approx(4 * fitted[5:])


@given(st.integers(0, 15), st.integers(0, 15), st.integers(0, 3))
def test_shapley_shares_are_means_over_orders(start, end, seed):
    """Between any two states, in every world; they add up to the whole."""
    atlas = made(replace(today("baseline"), weeks=24), seed=seed)
    values = atlas.of("lead_quality").mean(1)
    differ = [i for i in range(4) if (start ^ end) >> i & 1]
    expected = dict.fromkeys(differ, 0.0)
    orders = list(permutations(differ))
    for order in orders:
        state = start
        for i in order:
            expected[i] += (values[state ^ 1 << i] - values[state]) / len(orders)
            state ^= 1 << i
    found = shapley_shares(atlas, "lead_quality", start, end)
    assert {i: x.estimate for i, x in found.items()} == pytest.approx(expected)
    total = sum(x.estimate for x in found.values())
    assert total == pytest.approx(values[end] - values[start], abs=1e-12)


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=12))
def test_the_front_has_what_no_other_beats(rows):
    """By the definition, ties included."""
    values = np.array(rows)
    beaten = [any((b >= a).all() and (b > a).any() for b in values) for a in values]
    assert undominated(values).tolist() == [not one for one in beaten]
    rows = np.arange(len(values))
    assert _undominated_among(values, rows).tolist() == [not one for one in beaten]


def test_fronts_turn_outcomes_to_good(here):
    """Low burnout and cost count as high; a state that is best in all is alone."""
    atlas = made(here)
    for name in steps.TRADED:
        best = -100.0 if OUTCOMES[name].good == "lower" else 100.0
        atlas.of(name)[6] = best
    found = front(atlas)
    assert found.states == (6,) and found.sureness == (1.0,)


def test_next_steps_are_paired_differences(here):
    """From any state, a move more or one taken back; the best first."""
    atlas = made(here)
    found = next_steps(atlas, "burnout", 5)
    assert [step.makes for step in sorted(found, key=lambda x: x.move)] == [
        *(False, True, False, True)
    ]
    values = atlas.of("burnout")
    for step in found:
        gained = values[5 ^ 1 << step.move] - values[5]
        assert step.effect.estimate == pytest.approx(gained.mean())
    estimates = [step.effect.estimate for step in found]
    assert estimates == sorted(estimates)


@pytest.mark.parametrize("a_quarter", [1, 2, 3])
def test_promising_orders_go_through_good_states(a_quarter, here):
    """Of all orders, those with the best mean over weeks, states lasting a quarter."""
    atlas = made(replace(here, weeks=60))
    means = atlas.of("lead_quality").mean(1)
    worth = {}
    for order in permutations(range(4)):
        parts = [order[k : k + a_quarter] for k in range(0, 4, a_quarter)]
        total = state = 0
        for quarter, chosen in enumerate(parts):
            state |= sum(1 << i for i in chosen)
            last = quarter == len(parts) - 1
            total += (60 - 13 * quarter if last else 13) * means[state]
        worth[tuple(tuple(sorted(part)) for part in parts)] = total
    best = sorted(worth, key=lambda order: -worth[order])
    found = steps.promising_orders(atlas, "lead_quality", 15, a_quarter, 4)
    assert found == best[:4]


def test_orders_are_lived_with_their_dates(here, tmp_path):
    """So many moves a quarter; ranked in some worlds, told from as many others."""
    moves = read_moves(["mandate", "testing", "kpis"], here)
    atlas = combine(here, moves, 3, folder=tmp_path, workers=2)
    found = steps.best_orders(atlas, "burnout", 2, tmp_path, workers=2, whole=True)
    plans = found.lived.design.plans
    assert plans[0].moves == () and [week for week, _ in plans[1].moves] == [0, 0, 0]
    assert all([week for week, _ in plan.moves] == [0, 0, 13] for plan in plans[2:])
    values = found.lived.over_horizon("burnout")
    assert values.shape == (len(plans), 6)
    gained = values[1:] - values[0]
    ranked = found.ranked()
    chosen = gained[:, :3].mean(1)
    assert [chosen[k - 1] for k, _ in ranked] == sorted(chosen)
    for k, interval in ranked:
        assert interval.estimate == pytest.approx(gained[k - 1, 3:].mean())


@pytest.mark.parametrize(
    ("between", "said"),
    [
        (-0.2, "step by step is better"),
        (0.2, "all at once is better"),
        (-0.001, "the difference between these two is too small to matter"),
        (None, "these two may be equally good"),
    ],
)
def test_orders_are_told_from_all_at_once(here, between, said):
    """Only where the difference is sure, and large enough to matter (burnout: 0.02)."""
    atlas = made(here)
    worlds = np.random.default_rng(1).normal(0, 0.001, 40)
    gap = np.resize([-1.0, 1.0], 40) if between is None else between
    values = np.stack([worlds, worlds - 0.1, worlds - 0.1 + gap])
    values[2] += np.random.default_rng(2).normal(0, 0.0001, 40)
    lived = SimpleNamespace(
        design=SimpleNamespace(plans=atlas.lived.design.plans[:3]),
        over_horizon=lambda _: values,
    )
    text = order_text(atlas, steps.Orders("burnout", ((),), lived))
    assert text.endswith(f": {said}.")


def test_moves_that_surely_harm_are_left_out(here, monkeypatch):
    """Of burnout, those that raise it; with a remark, and not where all is asked."""
    atlas = made(here)
    values = atlas.of("burnout")
    values += 50.0 * atlas.has(2)[:, None]
    seen = []
    monkeypatch.setattr(steps, "live_plans", lambda asked, *_: seen.append(asked))
    found = steps.best_orders(atlas, "burnout", 1)
    assert found.left_out == (2,) and len(seen[0].plans[1].moves) == 3
    assert steps.best_orders(atlas, "burnout", 1, whole=True).left_out == ()


def test_sizes_are_refused_before_anything_runs(here):
    """One move is no atlas, and too many would take days; what they cost is told."""
    with pytest.raises(InputError, match="two moves or more; got 1"):
        check_size(usual_moves(here)[:1])
    with pytest.raises(InputError, match=r"32,768 organisations; at most 14 moves"):
        check_size(moves_of(here)[: MOST_MOVES + 1])
    with pytest.raises(InputError, match=r"runs leave [\d,.]+ GiB of results"):
        design_of(here, usual_moves(here), 10**8)
    told = cost_text(here, runs_of(3, 10), 10, 1)
    assert told.startswith("400 runs of 24 weeks: about") and "seconds" in told
    assert "minutes on this machine" in cost_text(here, 10**9, 2, 1)


# --- the command ---------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_maps_combinations(tmp_path, capsys, language):
    """An answer in words, tables, a figure and the page."""
    args = ["atlas", "baseline", "mandate", "testing", "kpis", "--replicates", "3"]
    args += ["--weeks", "24", "--output", str(tmp_path), "--language", language]
    assert call([*args, "--workers", "2"]) == 0
    told = capsys.readouterr()
    assert "120 runs" in told.err
    assert "{" not in told.out and "nan" not in told.out
    names = {x.name for x in tmp_path.iterdir() if x.is_file()}
    assert {"answer.txt", "states.csv", "effects.csv", "orders.csv"} <= names
    assert {"explorer.html", "effects.png", "interactions.csv"} <= names


def test_the_command_refuses_moves_that_exclude_one_another(tmp_path, capsys):
    """A lever has one setting at a time."""
    out = str(tmp_path / "out")
    args = ["atlas", "baseline", "steering=detail", "steering=absent", "--output", out]
    assert call(args) == 2
    assert "steering is named twice" in capsys.readouterr().err
