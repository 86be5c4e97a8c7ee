"""Cut the path: replays are exact, true paths carry effects, placebos do not."""

import pytest

from experiments.compare.causes import (
    cut,
    cuts,
    find_path,
    path_table,
    read_paths,
    share_through,
    shares,
)
from experiments.errors import InputError
from experiments.run.replay import together
from simulation.model import Organisation, simulate
from simulation.scenario import read, vary

LEAST_OF_TRUE_PATH = 0.5
MOST_OF_PLACEBO = 0.2
WORLDS = 12

CASES = {
    "mandate": ("owned", "ownership", "deciding", "lead_judging"),
    "testing": ("testing_room", "wrong_stock", "tests", "clarity"),
    "sales_partnership": ("partners", "pursued_share", "sales_estimate", "skill"),
    "steering": ("detail", "burnout_score", "support", "sales_estimate"),
    "strategy_shared": ("told", "strategy_known", "telling", "waiting"),
    "boundaries": ("refusal", "overtime", "hours", "reach"),
    "leaders_ask": ("asks_learning", "wrong_stock", "feedback", "sales_estimate"),
}
"""Lever: scenario, outcome, a path through which it runs, and a placebo."""
LONGER = ("sales_partnership", "boundaries")
"""Levers whose effects take their time."""
CHANGED = {
    "told": {"levers": {"strategy_shared": "makers"}},
    "refusal": {
        "levers": {"boundaries": "can_refuse"},
        "structure": {"marketing_side_work_hours": 8},
    },
}
FEW = {"marketeers": 3, "communicators": 1, "sales": 1, "product": 0, "externals": 0}
SHORT = {"weeks": 52, "warm_up_weeks": 26}


@pytest.fixture(scope="module")
def base():
    """The baseline over a short horizon."""
    return vary(read("baseline"), "base", run=SHORT)


def _levers():
    """Return the levers of the cases; those that take long are marked as slow."""
    slow = pytest.mark.slow
    return [pytest.param(x, marks=slow if x in LONGER else ()) for x in CASES]


def _pair(lever, name, base):
    """Return the scenario of a case and what it is compared with, run for as long."""
    if lever in LONGER:
        base = vary(base, "base", run={"weeks": 104, "warm_up_weeks": 52})
    if name not in CHANGED:
        run = {"weeks": base.weeks, "warm_up_weeks": base.warm_up_weeks}
        return vary(read(name), f"{name}-here", run=run), base
    changes = dict(CHANGED[name])
    before = vary(base, "before", structure=changes.pop("structure", {}))
    return vary(before, name, **changes), before


def test_cuts_between_equal_scenarios_change_nothing(base):
    """Replaying a run in its own twin gives that run, bit for bit, path by path."""
    short = vary(base, "short", organisation=FEW, run={"weeks": 8, "warm_up_weeks": 4})
    plain = simulate(short, 2, 1, probe_week=4)
    found = cuts(vary(short, "twin"), short, list(path_table()), 2, 1, probe_week=4)
    for path, run in found.items():
        assert run.series.tobytes() == plain.series.tobytes(), path
        assert run.probe.tobytes() == plain.probe.tobytes(), path


def test_ways_of_working_that_never_apply_change_nothing(base):
    """What a run is founded with for the sake of a replay leaves it as it is."""
    matrix = vary(base, "matrix", levers={"communication": "matrix"})
    plain = Organisation(matrix, 2, 1).run()
    founded = Organisation(together(matrix, base), 2, 1).run()
    assert plain.tobytes() == founded.tobytes()


def test_no_cut_keeps_a_change_from_reaching_people(base):
    """A path is cut downstream of the lever: everybody still works the new way."""
    few = vary(base, "few", organisation=FEW, run={"weeks": 40, "warm_up_weeks": 4})
    owned = vary(few, "owned", levers={"mandate": "decides"})
    whole = simulate(owned, 2, 1, None).series["change_reached"][-1]
    assert whole > 0.8
    for path, run in cuts(owned, few, list(path_table()), 2, 1, None).items():
        assert run.series["change_reached"][-1] >= whole - 0.15, path


def test_a_felt_path_is_felt_as_in_the_baseline(base):
    """Control that is cut is that of the paired run, to the last digits, and counts."""
    owned = vary(base, "owned", levers={"mandate": "decides"})
    plain, whole = (simulate(x, 2, 1, None).series for x in (base, owned))
    held = cut(owned, base, "control", 2, 1, None).series
    assert whole["control"][-1] - plain["control"][-1] > 0.2
    assert held["control"] == pytest.approx(plain["control"], abs=0.02)
    assert held["ownership"][-1] - plain["ownership"][-1] > 0.1


def test_probe_runs_are_cut_along_with_their_run(base):
    """With executors' beliefs held, recovery is that of the paired baseline."""
    tested = vary(base, "tested", levers={"testing": "room"})
    plain = simulate(base, 2, 1, 26)
    held = cut(tested, base, "beliefs", 2, 1, 26)
    for run in ("series", "probe"):
        there = getattr(held, run)["shocked_wrong"]
        assert there.tolist() == getattr(plain, run)["shocked_wrong"].tolist()


@pytest.mark.parametrize("lever", _levers())
def test_true_paths_carry_effects_and_placebos_do_not(lever, base):
    """Cutting the path takes most of the effect, a placebo less than a fifth."""
    name, outcome, path, placebo = CASES[lever]
    pair = _pair(lever, name, base)
    true, false = shares((path, placebo), *pair, (outcome,), WORLDS, workers=2)
    assert true.share is not None, true.why_not
    assert true.share.low > LEAST_OF_TRUE_PATH
    assert abs(false.share.estimate) < MOST_OF_PLACEBO
    assert false.share.low < MOST_OF_PLACEBO


def test_shares_are_told_only_of_effects_that_matter(base):
    """Where the effect is smaller than what matters, the reason stands instead."""
    same = vary(base, "same", run={"weeks": 8, "warm_up_weeks": 4})
    slight = vary(same, "slight", structure={"insight_hours": 0.1})
    found = share_through("skill", slight, same, "burnout", replicates=2, workers=1)
    assert found.share is None
    assert "the effect is not clear: 0.02 matters" in found.why_not


def test_wrong_names_and_pairs_are_refused(base):
    """Unknown paths come with the nearest; two organisations cannot be paired."""
    with pytest.raises(InputError, match="did you mean leader_hours"):
        find_path("leaders_hours")
    with pytest.raises(InputError, match="unknown outcome 'joy'"):
        shares(("skill",), "owned", "baseline", ("joy",))
    with pytest.raises(InputError, match="differ in organisation"):
        cut("integrated_small", "baseline", "skill")
    with pytest.raises(InputError, match="at least 2"):
        shares(("skill",), "owned", "baseline", ("burnout",), replicates=1)


def test_tables_of_paths_are_checked():
    """Unknown keys, feelings and phases are refused."""
    row = {"label": {}, "meaning": "x"}
    for wrong in (
        {"helt": []},
        {"felt": ["joy"]},
        {"structure_in": ["conclude"]},
        {"held": [{"after": "plan", "fields": ["people.zest"]}]},
    ):
        with pytest.raises(ValueError, match=r"helt|joy|conclude|zest"):
            read_paths({"new": row | wrong})
