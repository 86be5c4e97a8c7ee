"""What decides: against functions whose indices are known, and other libraries."""

import json
import re
import signal
import subprocess
import sys

import fake_points as fake
import machine
import numpy as np
import pytest
from machine import ROOT
from scipy import stats

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.explore import indices as sobol
from experiments.explore.chance import chance
from experiments.explore.choosing import chosen, with_point
from experiments.explore.documents import sensitivity_document
from experiments.explore.factors import Factor, points_at
from experiments.explore.points import Call, PointRuns, lived, problem_of
from experiments.explore.screening import choose_factors, screened, trajectories
from experiments.explore.sensing import (
    OutcomeSensitivity,
    SamplingEffort,
    Sensitivity,
    sense,
)
from experiments.explore.text import answer
from experiments.show.files import write_files
from experiments.show.text import as_text
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, vary
from simulation.tables import PARAMETERS, STRUCTURE, lever_table

ISHIGAMI_FIRST = (0.3139, 0.4424, 0.0)
ISHIGAMI_TOTAL = (0.5576, 0.4424, 0.2437)
ISHIGAMI_VARIANCE = 13.8446
"""Analytical, for a = 7 and b = 0.1 (Ishigami & Homma, 1990)."""


def question(*names, replicates=4, seed=1, outcomes=("burnout",)):
    """Return a question about scenarios that ship."""
    return problem_of(
        [read(x) for x in names or ("baseline",)], outcomes, replicates, seed
    )


ENOUGH = SamplingEffort(20, 4, 512, 400)


def sensed(folder, live, effort=ENOUGH):
    """Return what decides a stand-in, over its four numbers."""
    one = question()
    factors = chosen(one.scenarios, fake.NAMES)
    return sense(PointRuns(one, folder, 1, live=live), factors, effort)


def by_name(found, kind):
    """Return estimates of indices by name of the factor."""
    return dict(
        zip(found.names, (x.estimate for x in getattr(found, kind)), strict=True)
    )


# --- known functions ----------------------------------------------------------------


def test_ishigami(tmp_path):
    """Indices and variance are the analytical ones; without effect they are 0."""
    found = sensed(tmp_path, fake.ishigami).outcomes[0]
    assert found.indices.variance.estimate == pytest.approx(ISHIGAMI_VARIANCE, rel=0.05)
    firsts, totals = (by_name(found.indices, kind) for kind in ("first", "total"))
    for name, first, total in zip(
        fake.NAMES, ISHIGAMI_FIRST, ISHIGAMI_TOTAL, strict=False
    ):
        assert firsts[name] == pytest.approx(first, abs=0.05)
        assert totals[name] == pytest.approx(total, abs=0.05)
    assert totals[fake.NAMES[3]] == firsts[fake.NAMES[3]] == 0
    assert found.chance.share.estimate == 0
    assert found.screened.order[-1] == 3 and found.screened.mu_star[3].estimate == 0


def test_ishigami_under_chance(tmp_path):
    """Chance makes its share of a run's variance, and takes no part in the indices.

    The plain indices of means over the worlds are far off at the same points.
    """
    found = sensed(tmp_path, fake.noisy_ishigami).outcomes[0]
    share = fake.NOISE**2 / (fake.NOISE**2 + ISHIGAMI_VARIANCE)
    assert found.chance.share.low < share < found.chance.share.high
    assert found.chance.share.high - found.chance.share.low < 0.15
    totals = dict(zip(found.indices.names, found.indices.total, strict=True))
    for name, total in zip(fake.NAMES, (*ISHIGAMI_TOTAL, 0.0), strict=True):
        assert totals[name].low - 0.03 < total < totals[name].high + 0.03, name
    plain = fake.NOISE**2 / 4 / ISHIGAMI_VARIANCE
    assert totals[fake.NAMES[3]].high < plain < 0.08


@pytest.mark.parametrize("seed", range(5))
def test_intervals_of_noisy_indices_hold_the_truth(seed):
    """Over seeds, factors and kinds: at most a few of 8 lie outside."""
    rng = np.random.default_rng(seed)
    drawn = sobol.design(4, 512, seed)
    x1, x2, x3 = np.moveaxis(np.pi * (2 * drawn[..., :3] - 1), -1, 0)
    values = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    noisy = values[..., None] + rng.normal(0, 3, (*values.shape, 4))
    found = sobol.decomposed(("a", "b", "c", "d"), noisy, seed)
    truth = [*ISHIGAMI_FIRST, 0, *ISHIGAMI_TOTAL, 0]
    inside = [
        one.low <= x <= one.high
        for one, x in zip((*found.first, *found.total), truth, strict=True)
    ]
    assert sum(inside) >= 6


def test_intervals_hold_the_truth_where_worlds_answer_differently():
    """Each world has effects of its own: those of few worlds are not those of all."""
    inside = []
    truth = np.array([1, 1, 0.09]) / 2.09
    for seed in range(30):
        rng = np.random.default_rng(seed)
        drawn = sobol.design(3, 128, seed)
        effects = rng.normal([1, 1, 0.3], [0.4, 0.4, 0.1], (6, 3))
        values = np.einsum("fnk,rk->fnr", drawn, effects)
        found = sobol.decomposed("abc", values, seed).total
        inside += [a.low <= x <= a.high for a, x in zip(found, truth, strict=True)]
    assert np.mean(inside) > 0.85


def test_worlds_that_disagree_are_told():
    """Where one world of four turns effects around, intervals are of these worlds."""
    drawn = sobol.design(2, 128, 1)
    for signs, agree in (([1, 1, 1, 1], True), ([1, 1, 1, -1], False)):
        found = sobol.decomposed("ab", drawn[..., [0]] * np.array(signs, float))
        assert found.agree is agree
    two = sobol.decomposed("ab", np.repeat(drawn[..., [0]], 2, -1))
    assert two.known and not two.agree


def test_without_chance_indices_are_those_of_scipy():
    """To the last digits at the same points, and near the analytical g-function."""
    a = np.array([0.0, 1.0, 4.5, 9.0])
    drawn = sobol.design(4, 2048, 3)
    values = np.prod((abs(4 * drawn - 2) + a) / (1 + a), axis=-1)
    found = sobol.decomposed("abcd", np.repeat(values[..., None], 3, -1))
    firsts, totals = ([x.estimate for x in each] for each in (found.first, found.total))
    given = {"f_A": values[:1], "f_B": values[1:2], "f_AB": values[2:, None]}
    theirs = stats.sobol_indices(func=given, n=2048)
    assert firsts == pytest.approx(theirs.first_order.ravel())
    assert totals == pytest.approx(theirs.total_order.ravel())
    partial = 1 / (3 * (1 + a) ** 2)
    whole = np.prod(1 + partial) - 1
    assert firsts == pytest.approx(partial / whole, abs=0.03)
    others = np.prod(1 + partial) / (1 + partial)
    assert totals == pytest.approx(partial * others / whole, abs=0.03)


def test_elementary_effects_are_those_of_salib():
    """Means, sizes and spreads, of a function with interactions."""
    from SALib.analyze import morris

    rng = np.random.default_rng(1)
    design = trajectories(6, 12, 5)
    weights = rng.normal(size=6)
    values = design @ weights + 3 * design[..., 0] * design[..., 1] ** 2
    found = screened([Factor(x) for x in "abcdef"], design, values[..., None])
    problem = {"num_vars": 6, "names": list("abcdef"), "bounds": [[0, 1]] * 6}
    theirs = morris.analyze(
        problem, design.reshape(-1, 6), values.ravel(), num_levels=4, seed=1
    )
    assert found.mu == pytest.approx(theirs["mu"])
    assert [x.estimate for x in found.mu_star] == pytest.approx(theirs["mu_star"])
    assert found.sigma == pytest.approx(theirs["sigma"])


def test_screening_tells_what_chance_alone_would_give(tmp_path):
    """Where all is chance, sizes of effects are what is said of them."""
    found = sensed(tmp_path, fake.only_chance, SamplingEffort(60, 4, 128, 64)).outcomes[
        0
    ]
    ratio = [
        one.estimate / chance
        for one, chance in zip(
            found.screened.mu_star, found.screened.by_chance, strict=True
        )
    ]
    assert ratio == pytest.approx([1] * 4, abs=0.25)


def test_pure_chance_decides_nothing(tmp_path):
    """No index is told, and chance makes all or nearly all of the variance."""
    found = sensed(tmp_path, fake.only_chance).outcomes[0]
    assert not found.indices.known or found.indices.variance.estimate < 0.1
    assert found.chance.share.high == 1 and found.chance.share.low > 0.8


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_share_of_chance(share):
    """Its interval holds the truth in most draws, as it says."""
    inside = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        points = rng.normal(0, np.sqrt(1 - share), (128, 1))
        found = chance(points + rng.normal(0, np.sqrt(share), (128, 2)), seed).share
        inside += found.low <= share <= found.high
    assert inside >= 34


def test_settings_of_a_lever_are_drawn_in_equal_parts(tmp_path):
    """Its index is that of three equally likely values, beside a uniform number."""
    one = question()
    number = chosen(one.scenarios, fake.NAMES[:1])
    lever = [
        x for x in chosen(one.scenarios, fake.NAMES[:1], levers=True) if x.settings
    ]
    lever = [x for x in lever if x.name == "strategy_work"]
    effort = SamplingEffort(10, 2, 512, 64)
    runs = PointRuns(one, tmp_path, 1, live=fake.with_lever)
    found = sense(runs, [*number, *lever], effort)
    known = np.var([0, 1, 5]) / (np.var([0, 1, 5]) + 1 / 12)
    totals = by_name(found.outcomes[0].indices, "total")
    assert totals["strategy_work"] == pytest.approx(known, abs=0.03)
    screened = found.outcomes[0].screened
    assert screened.mu_star[1].estimate <= 5, "never more than a change of setting"


def test_a_paired_difference_forgets_what_both_share(tmp_path):
    """What moves both alike decides nothing; worlds that differ make no chance."""
    one = question("baseline", "owned")
    factors = chosen(one.scenarios, fake.NAMES)
    effort = SamplingEffort(10, 4, 128, 64)
    runs = PointRuns(one, tmp_path, 1, live=fake.paired)
    found = sense(runs, factors, effort).outcomes[0]
    totals = by_name(found.indices, "total")
    assert totals[fake.NAMES[0]] == pytest.approx(1, abs=0.02)
    assert totals[fake.NAMES[1]] == pytest.approx(0, abs=1e-9)
    assert found.chance.share.estimate == pytest.approx(0, abs=1e-9)


def test_ranks_that_are_not_stable_are_told():
    """Two factors of the same weight cannot be told apart; one of twice it can."""
    drawn = sobol.design(3, 64, 2)
    values = drawn @ np.array([1.0, 1.0, 0.1])
    noise = np.random.default_rng(2).normal(0, 0.3, (*values.shape, 4))
    found = sobol.decomposed("abc", values[..., None] + noise)
    assert set(found.tied) == {0, 1} and found.firm < sobol.STABLE
    values = drawn @ np.array([1.0, 3.0, 0.1])
    found = sobol.decomposed("abc", values[..., None] + noise)
    assert found.tied == (1,) and found.firm > sobol.STABLE


def test_points_without_a_value_are_left_out_and_counted():
    """Indices stay near those of all points, and say of how many they are."""
    drawn = sobol.design(3, 512, 2)
    values = np.repeat((drawn @ np.array([1.0, 2.0, 0.5]))[..., None], 2, -1)
    values[1, :40, 0] = np.nan
    found = sobol.decomposed("abc", values)
    assert found.variance.n == 472 and found.variance.dropped == 40
    assert found.total[1].estimate == pytest.approx(4 / 5.25, abs=0.05)


def test_every_outcome_has_its_first_among_the_kept():
    """Factors are kept by their best rank over outcomes."""
    design = trajectories(3, 8, 1)
    factors = [Factor(x) for x in "abc"]
    heavy = [np.array(w) for w in ([9.0, 5.0, 1.0], [0.0, 1.0, 9.0])]
    found = [screened(factors, design, (design @ w)[..., None]) for w in heavy]
    assert set(choose_factors(found, 2)) == {0, 2}


def test_what_stands_above_chance_is_kept_before_what_does_not():
    """A small but sure factor comes before the large noise of another outcome."""
    design = trajectories(3, 20, 1)
    factors = [Factor(x) for x in "abc"]
    sure = design @ np.array([9.0, 3.0, 0.0])
    noise = np.random.default_rng(1).normal(0, 20, (*design.shape[:2], 4))
    found = [
        screened(factors, design, x) for x in (noise, sure[..., None] + noise / 400)
    ]
    assert found[1].clear.tolist() == [True, True, False]
    assert set(choose_factors(found, 2)) == {0, 1}


# --- factors ------------------------------------------------------------------------


def test_all_that_is_unknown_is_drawn_but_what_a_file_sets():
    """All that has a plausible range; what a scenario sets is known, and refused."""
    base = read("baseline")
    plausible = [name for name, row in PARAMETERS.items() if row.plausible]
    assert [one.name for one in chosen([base])] == plausible
    own = vary(base, parameters={"strain_support": 0.1})
    assert "strain_support" not in {x.name for x in chosen([base, own])}
    with pytest.raises(InputError, match="strain_support is set by a scenario"):
        chosen([own], ["strain_support"])


def test_levers_in_which_scenarios_differ_are_the_question():
    """They stay; all others are drawn, and change no number but their own."""
    both = [read("baseline"), read("owned")]
    drawn = {x.name for x in chosen(both, levers=True) if x.settings}
    assert drawn == set(lever_table()) - {"mandate"}
    moved = with_point(both[1], {"testing": "room", "strain_support": 0.1})
    assert moved.parameters["strain_support"] == 0.1
    for stage, before in zip(moved.stages, both[1].stages, strict=True):
        changed = {n for n, x in stage.structure.items() if x != before.structure[n]}
        assert changed == {"testing_hours", "testing_protected"}
        assert stage.levers["testing"] == "room"


def test_no_name_means_two_things():
    """Parameters, structural numbers and levers have names of their own."""
    names = [*PARAMETERS, *STRUCTURE, *lever_table()]
    assert len(names) == len(set(names))


def test_structural_numbers_within_a_range():
    """One's own range or around the value, within what is allowed."""
    base = read("baseline")
    given = ["items_reviewed=0.2:0.4", "leader_review_share", "testing_hours"]
    found = {x.name: x for x in chosen([base], fake.NAMES[:1], given)}
    assert (found["items_reviewed"].low, found["items_reviewed"].high) == (0.2, 0.4)
    assert found["leader_review_share"].high == pytest.approx(0.3)
    assert found["testing_hours"].high == STRUCTURE["testing_hours"].high


def test_all_mistakes_at_once():
    """Unknown names with the nearest, ranges beyond what is allowed, and what moves."""
    both = [read("baseline"), read("owned")]
    structure = ["testing_hour", "items_reviewed=0.5:2", "items_decided_by_executor"]
    with pytest.raises(InputError) as caught:
        chosen(both, ["strain_suport"], structure)
    text = str(caught.value)
    assert len(text.splitlines()) == 4
    assert "did you mean strain_support" in text and "mean testing_hours" in text
    assert "both from 0 to 1" in text and "is the question itself" in text


# --- points -------------------------------------------------------------------------


def test_a_point_is_what_the_model_gives_there():
    """The same as a run of the scenario with these parameters written in it."""
    from simulation.ensemble.worlds import simulate
    from simulation.measures import summarise

    one = problem_of([read("baseline")], ["burnout", "lead_quality"], 2, 3, weeks=20)
    row = lived(one, {"strain_support": 0.11}, (0, 5))
    own = vary(read("baseline"), parameters={"strain_support": 0.11}, run={"weeks": 20})
    run = simulate(own, 3, 5, 10)
    known = summarise(run.series, run.probe, one.outcomes, shock_week=run.shock_week)
    assert row["values"][0][1] == list(known.values())


def test_points_are_kept_under_what_they_are(tmp_path):
    """A larger design makes only what is new; other worlds make other rows."""
    made = []

    def live(one, point, worlds):
        made.append((point["a"], tuple(worlds)))
        return {"values": [[[1.0]] * len(worlds)]}

    one = question()
    calls = [Call({"a": x}, (0, 1)) for x in (0.1, 0.2)]
    PointRuns(one, tmp_path, 1, live=live).values(calls)
    PointRuns(one, tmp_path, 1, live=live).values([Call({"a": 0.1}, (2, 3))])
    found = PointRuns(one, tmp_path, 1, live=live)
    assert found.values([Call({"a": 0.3}, (0, 1)), *calls]).shape == (3, 1, 2, 1)
    assert made == [(0.1, (0, 1)), (0.2, (0, 1)), (0.1, (2, 3)), (0.3, (0, 1))]


def test_designs_are_the_same_for_the_same_seed():
    """And numpy's global state is left alone."""
    state = np.random.get_state()[1].copy()
    assert np.array_equal(trajectories(5, 4, 1), trajectories(5, 4, 1))
    assert not np.array_equal(trajectories(5, 4, 1), trajectories(5, 4, 2))
    assert np.array_equal(state, np.random.get_state()[1])
    points = points_at([Factor("x", 2, 4)], np.array([[0.0], [0.5]]))
    assert points == [{"x": 2.0}, {"x": 3.0}]


def test_an_effort_that_cannot_be_is_told_whole(tmp_path):
    """Every mistake at once."""
    with pytest.raises(InputError) as caught:
        sense(PointRuns(question(), tmp_path), [], SamplingEffort(1, 0, 100))
    assert len(str(caught.value).splitlines()) == 4


# --- what scenario files leave open -------------------------------------------------


@pytest.fixture
def open_file(tmp_path):
    """A scenario file that leaves a lever, a number and a parameter open."""
    path = tmp_path / "open.toml"
    path.write_text(
        'title = "Open"\nquestion = "?"\nbased_on = "baseline"\nas_is = "self"\n'
        '[unknown.levers]\nmandate = ["executes", "decides"]\n'
        "[unknown.structure]\nitems_reviewed = [0.2, 0.6]\n"
        "[unknown.parameters]\nstrain_support = [0.05, 0.1]\n"
    )
    return path


def test_what_a_file_leaves_open_is_drawn_where_it_stands(open_file, tmp_path):
    """A point gives what a file with these values in it gives, no more than that."""
    closed = tmp_path / "closed.toml"
    closed.write_text(
        'title = "Closed"\nquestion = "?"\nbased_on = "baseline"\nas_is = "self"\n'
        '[levers]\nmandate = "decides"\n[structure]\nitems_reviewed = 0.3\n'
        "[parameters]\nstrain_support = 0.07\ntalk_step = 0.1\n"
    )
    one = read(open_file)
    factors = {x.name: x for x in chosen([one], ["talk_step"], levers=True)}
    opened = {"levers.mandate", "structure.items_reviewed", "parameters.strain_support"}
    assert opened < factors.keys()
    assert not {"mandate", "strain_support", "items_reviewed"} & factors.keys()
    point = {"levers.mandate": "decides", "structure.items_reviewed": 0.3}
    point |= {"parameters.strain_support": 0.07, "talk_step": 0.1}
    found, known = with_point(one, point), read(closed)
    assert found.unknown is None
    assert found.canonical() == known.canonical()


def test_what_a_policy_sets_is_not_open_in_it(open_file, tmp_path):
    """The as-is is drawn; the policy stays what it is."""
    path = tmp_path / "policy.toml"
    path.write_text(
        'title = "Policy"\nquestion = "?"\nbased_on = "open.toml"\n'
        'as_is = "open.toml"\n[levers]\nmandate = "decides"\n'
    )
    found = with_point(read(path), {"levers.mandate": "executes"})
    assert found.stages[0].levers["mandate"] == "executes"
    assert found.stages[-1].levers["mandate"] == "decides"


def test_a_table_of_draws_is_one_factor(tmp_path):
    """It gives a whole row, whichever numbers are in it."""
    rows = "levers.mandate,structure.items_reviewed\nexecutes,0.2\ndecides,0.5\n"
    (tmp_path / "draws.csv").write_text(rows)
    path = tmp_path / "open.toml"
    head = 'title = "Open"\nquestion = "?"\nbased_on = "baseline"\nas_is = "self"\n'
    path.write_text(f'{head}[unknown]\ndraws = "draws.csv"\n')
    one = read(path)
    names = [x.name for x in chosen([one], ["talk_step"], levers=True)]
    assert "draws" in names and "mandate" not in names
    for u, setting, share in ((0.1, "executes", 0.2), (0.9, "decides", 0.5)):
        stage = with_point(one, {"draws": u}).stages[-1]
        assert stage.structure["items_reviewed"] == share
        assert (
            stage.structure["items_decided_by_executor"]
            == (lever_table()["mandate"].settings[setting]["items_decided_by_executor"])
        )


# --- text, figures and the command --------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("live", [fake.noisy_ishigami, fake.only_chance])
def test_it_is_told_and_drawn_in_both_languages(tmp_path, live, language):
    """With an answer and without one; files are there, no name is left to fill in."""
    found = sensed(tmp_path, live, SamplingEffort(8, 3, 128, 64))
    text = " ".join(as_text(sensitivity_document(found, language)).split())
    assert "{" not in text and "nan" not in text
    nothing = {"en": "Nothing that was drawn", "nl": "Van niets wat is getrokken"}
    told = nothing[language] in text
    assert told == (live is fake.only_chance)
    write_files(sensitivity_document(found, language), tmp_path, "jasss")
    assert (tmp_path / "sensitivity-burnout.svg").stat().st_size > 1000
    assert len((tmp_path / "sensitivity-burnout.csv").read_text().splitlines()) == 5


def test_the_answer_names_what_decides(tmp_path):
    """The largest first with its share and ends; then what chance makes."""
    found = sensed(tmp_path, fake.noisy_ishigami)
    first, *_ = answer(found, found.outcomes[0])
    share = r"\d+% \(\d+% to \d+%\)"
    names = [f"{name}: {share}" for name in fake.NAMES[:3]]
    listed = f"{names[0]}, {names[1]} and {names[2]}"
    chance = f"chance makes {share} of the variance of a single run."
    assert re.fullmatch(f"Burnout hangs most on {listed}; {chance}", first)


def test_an_order_that_is_not_known_is_said():
    """Of two that weigh the same, in a sentence of its own."""
    drawn = sobol.design(3, 64, 2)
    values = (drawn @ np.array([1.0, 1.0, 0.1]))[..., None]
    noise = np.random.default_rng(2).normal(0, 0.3, (*values.shape[:2], 4))
    moves = trajectories(3, 8, 1)
    seen = screened([Factor(x) for x in "abc"], moves, moves.sum(-1)[..., None])
    pairs = np.random.default_rng(1).normal(size=(64, 2))
    one = OutcomeSensitivity(
        "burnout", seen, sobol.decomposed("abc", values + noise), chance(pairs)
    )
    found = Sensitivity(question(), (), SamplingEffort(), (one,))
    said = answer(found, one)
    assert any("The order among" in x and "is not known" in x for x in said)


def test_wrong_input_is_told_before_anything_runs(tmp_path, capsys):
    """Exit code 2, with the nearest name, and no folder."""
    where = ["--output", str(tmp_path / "new")]
    for args, says in (
        (["baselin"], "did you mean baseline"),
        (["baseline", "--factors", "demand_load"], "did you mean demands_load"),
        (["baseline", "--points", "100"], "a power of two"),
        (["baseline", "--outcomes", "burnuot"], "did you mean burnout"),
        (["baseline", "--outcomes", "payback_weeks"], "told of a comparison only"),
        (["baseline", "--replicates", "1"], "1 is not in the range"),
        (["baseline", "owned", "detail"], "one or two"),
        (["baseline", "baseline"], "named twice"),
    ):
        assert call(["sensitivity", *args, *where]) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


COMMAND = ["sensitivity", "baseline", "--weeks", "20", "--replicates", "2"]
COMMAND += ["--factors", "demands_load", "--factors", "talk_step", "--points", "8"]
COMMAND += ["--trajectories", "4", "--outcomes", "burnout", "--json", "--workers", "1"]


@pytest.mark.slow
def test_a_killed_command_goes_on_to_the_same_bytes(tmp_path, capsys):
    """What was lived is kept, and only the rest is lived."""
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert call([*COMMAND, "--output", str(whole)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data.keys() == {"answer", "screening", "indices", "chance", "results"}
    [kept_file] = whole.glob("points-*.jsonl")
    rows = len(kept_file.read_text().splitlines())
    arguments = [*COMMAND, "--output", str(cut)]
    code = f"from experiments.cli.command_line import call; call({arguments!r})"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT)
    there = cut / kept_file.name

    def enough():
        assert process.poll() is None
        return there.exists() and len(there.read_text().splitlines()) >= 20

    machine.until(enough)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert len(there.read_text().splitlines()) < rows
    assert not (cut / "indices.csv").exists()
    assert call(arguments) == 0
    assert len(there.read_text().splitlines()) <= rows + 1
    for name in ("indices.csv", "screening.csv", "chance.csv", "answer.txt"):
        assert (cut / name).read_bytes() == (whole / name).read_bytes(), name
