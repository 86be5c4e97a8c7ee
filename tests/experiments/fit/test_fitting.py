"""Fitting to one's own data: reading, statistics, posterior, check, files."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom, kstest, norm

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.fit.own_data import example
from experiments.fit.own_data.checking import check
from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import Data, DataError, read_data
from experiments.fit.own_data.fitted import FitDesign, fit
from experiments.fit.own_data.learning import learn
from experiments.fit.own_data.posterior import posterior, ranks
from experiments.fit.own_data.prior import prior_of
from experiments.fit.own_data.privacy import shown_values
from experiments.fit.own_data.summaries import Statistic, summarise
from experiments.fit.own_data.text import document_of
from experiments.fit.own_data.worlds import placed
from experiments.show.files import write_files
from experiments.show.text import as_text
from simulation.organisation import draw_chart
from simulation.scenario import read, vary

FEW = FitDesign(draws=400)


def written(tmp_path, text, name="data.csv"):
    """Return the path of a file with this text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def problems(tmp_path, text):
    """Return what is wrong with data of this text."""
    with pytest.raises(DataError) as caught:
        read_data(written(tmp_path, text))
    return caught.value.problems


def good(weeks=10, column="leads"):
    """Return lines of data without a mistake."""
    return [f"week,{column}", *(f"{w},{w % 3}" for w in range(1, weeks + 1))]


# --- reading --------------------------------------------------------------------


def test_gaps_stay_where_they_are(tmp_path):
    """Weeks left out and empty cells are nan; the first row is index 0."""
    lines = ["week;leads;sick_share", "5;3;0,1", "6;;0,2", "9;4;"]
    lines += [f"{w};1;0,5" for w in range(10, 17)]
    data = read_data(written(tmp_path, "\n".join(lines)))
    assert data.weeks == 12 and data.names == ("leads", "sick_share")
    np.testing.assert_equal(data.values["leads"][:5], [3, np.nan, np.nan, np.nan, 4])
    np.testing.assert_equal(data.values["sick_share"][:3], [0.1, 0.2, np.nan])
    assert data.missing.sum() == 2


def test_dates_are_weeks(tmp_path):
    """Dates of one day a week, written either way, count weeks from the first."""
    days = [f"2026-01-{d:02}" for d in (5, 12, 19, 26)] + ["2-2-2026", "16-2-2026"]
    days += ["2026-02-23", "2026-03-02", "2026-03-09"]
    text = "date,leads\n" + "\n".join(f"{day},1" for day in days)
    data = read_data(written(tmp_path, text))
    assert data.weeks == 10 and data.missing.tolist().index(True) == 5


def test_every_mistake_is_told_at_once_with_its_line(tmp_path):
    """Units, signs, text, order, doubles and unknown columns in one go."""
    text = (
        "week,leads,sick_share,wondeals\n1,-3,0.1,1\n3,2.5,12,1\n2,x,7,1\n2,1,0.1,1\n"
    )
    found = problems(tmp_path, text)
    told = "\n".join(found)
    assert "nearest 'won_deals'" in told
    for line, words in (
        (2, "leads; received '-3'"),
        (3, "leads; received '2.5'; allowed a whole number"),
        (3, "sick_share; received '12'; allowed a share from 0 to 1"),
        (4, "week goes back"),
        (4, "leads; received 'x'"),
        (4, "sick_share; received '7'"),
        (5, "same week"),
    ):
        assert any(f":{line}: " in one and words in one for one in found), told
    assert "too few weeks; received '4'; allowed 8 or more" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("week\n" + "\n".join(map(str, range(9))), "no column of data"),
        ("leads\n" + "1\n" * 9, "no column that tells when"),
        (
            "week,leads\n" + "\n".join(f"{20 - w},1" for w in range(9)),
            "week goes back, as in 7 rows below; received '19'",
        ),
        ("week,leads\n" + "\n".join(f"{w}," for w in range(9)), "all cells are empty"),
        ("week,leads\n" + "\n".join(f"{w},{'' if w else 1}" for w in range(9)), "few"),
        ("date,leads\n" + "32-1-2026,1\n" * 9, "other rows; received '32-1-2026'"),
        ("week,leads,leads\n" + "\n".join(f"{w},1,1" for w in range(9)), "second"),
        (
            "week,leads,accepted_leads\n" + "\n".join(f"{w},1,2" for w in range(9)),
            "accepted_leads is more than leads",
        ),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path, text, words):
    """Each kind of unusable file says why."""
    assert any(words in one for one in problems(tmp_path, text))


def test_columns_are_told_in_both_languages():
    """Every column has words and belongs to the weekly record."""
    for column in COLUMNS.values():
        assert column.label.keys() == column.unit.keys() == {"en", "nl"}


# --- privacy --------------------------------------------------------------------


def test_weeks_of_a_few_people_are_fitted_but_not_shown():
    """Nobody, a few, and all but a few are alike hidden; shares by their heads."""
    scenario = read("baseline")
    heads = sum(x.role != "external" for x in draw_chart(scenario).seats)
    people = np.array([0, 1, 4, 5, heads - 5, heads - 4, heads, np.nan])
    values = {"sick_people": people, "sick_share": people / heads, "leads": people}
    sick, share, leads = shown_values(Data("d.csv", values), scenario)
    hidden = [True, True, True, False, False, True, True, True]
    assert np.isnan(sick).tolist() == np.isnan(share).tolist() == hidden
    np.testing.assert_array_equal(leads, people)


# --- statistics -----------------------------------------------------------------


def test_statistics_are_those_of_numpy_over_the_cells_of_the_data():
    """Level, trend, variability and persistence against polyfit, gaps left out."""
    values = np.random.default_rng(3).normal(size=(4, 1, 60)).cumsum(-1)
    cells = np.ones((1, 60), bool)
    cells[0, [0, 7, 8, 30, 59]] = False
    which, found = summarise(values, cells, ("leads",))
    assert [x.kind for x in which] == ["level", "trend", "variability", "persistence"]
    weeks = np.flatnonzero(cells[0])
    pairs = np.flatnonzero(np.diff(weeks) == 1)
    for world, row in zip(values[:, 0], found, strict=True):
        slope, start = np.polyfit(weeks, world[weeks], 1)
        left = world[weeks] - slope * weeks - start
        a, b = left[pairs], left[pairs + 1]
        likeness = (a @ b) / np.sqrt((a @ a) * (b @ b))
        span = slope * (weeks[-1] - weeks[0])
        np.testing.assert_allclose(
            row, [world[weeks].mean(), span, left.std(), likeness]
        )


def test_what_a_world_has_not_is_left_out_of_that_world():
    """A nan of one world changes nothing in another, nor what is in empty cells."""
    values = np.random.default_rng(4).normal(size=(2, 1, 30))
    cells = np.ones((1, 30), bool)
    cells[0, 5] = False
    before = summarise(values, cells, ("leads",))[1]
    values[0, 0, 3], values[1, 0, 5] = np.nan, 1e9
    after = summarise(values, cells, ("leads",))[1]
    assert np.isfinite(after).all() and (after[0] != before[0]).any()
    np.testing.assert_array_equal(after[1], before[1])


def test_few_cells_have_few_statistics():
    """Three waves of a survey have a level and a trend, and no more."""
    cells = np.zeros((1, 80), bool)
    cells[0, [5, 30, 60]] = True
    which, _ = summarise(np.ones((2, 1, 80)), cells, ("burnout_share",))
    assert [x.kind for x in which] == ["level", "trend"]


# --- posterior ------------------------------------------------------------------


def conjugate(draws, seed, size=10, noise=2.0):
    """Return shares of a normal mean and of an idle unknown, and statistics."""
    chance = np.random.default_rng(seed)
    scores = chance.normal(size=(draws, 2))
    sample = scores[:, :1] + noise * chance.normal(size=(draws, size))
    return ndtr(scores), np.column_stack([sample.mean(1), sample.std(1)])


def test_a_normal_mean_has_its_exact_posterior():
    """Mean and spread are the conjugate normal's; the idle unknown is as before."""
    shares, statistics = conjugate(4000, seed=1)
    learned = learn(shares, statistics)
    assert learned.told.tolist() == [True, False]
    precision = 1 + 10 / 2.0**2
    for mean in (-1.0, 0.0, 0.8):
        observed = np.array([[mean, 2.0]])
        found = posterior(learned, learned.predict(observed)[0]).shares
        exact = norm(mean * (10 / 4) / precision, precision**-0.5)
        scores = norm.ppf(found[:, 0])
        error = exact.std() / np.sqrt(len(scores))
        assert abs(scores.mean() - exact.mean()) < 4 * error
        assert abs(scores.std() / exact.std() - 1) < 4 / np.sqrt(2 * len(scores))
        assert kstest(found[:, 1], "uniform").pvalue > 0.001


def test_noise_alone_teaches_nothing():
    """With statistics of chance no unknown is told, and the posterior is the prior."""
    chance = np.random.default_rng(8)
    learned = learn(chance.random((1000, 50)), chance.normal(size=(1000, 30)))
    assert not learned.told.any()
    found = posterior(learned, np.zeros(50))
    assert kstest(found.shares[:, 0], "uniform").pvalue > 0.001
    assert ranks(learned).shape == (200, 0)


def test_ranks_of_known_truths_are_even():
    """Simulation-based calibration of the conjugate case (Talts et al. 2018)."""
    learned = learn(*conjugate(3000, seed=2))
    found = ranks(learned, 500)
    assert kstest(found[:, 0], "uniform").pvalue > 0.001


def test_even_ranks_are_no_matter_of_course():
    """Posteriors learnt where noise is half as large are found out as too narrow."""
    learned = learn(*conjugate(3000, seed=2))
    shares, statistics = conjugate(500, seed=5, noise=4.0)
    means = learned.predict(statistics)
    found = [
        (posterior(learned, one).shares[:, 0] < truth).mean()
        for one, truth in zip(means, shares[:, 0], strict=True)
    ]
    assert kstest(found, "uniform").pvalue < 1e-6


# --- can the model make such data -------------------------------------------------


def checked(observed, worlds=None):
    """Return the check of data among normal worlds that hang together."""
    chance = np.random.default_rng(6)
    common = chance.normal(size=(400, 1))
    worlds = common + 0.3 * chance.normal(size=(400, 6))
    which = tuple(Statistic("leads", "level") for _ in range(6))
    return check(which, np.asarray(observed, float), worlds, 2 * worlds)


def test_data_like_the_worlds_can_be_made():
    """Worlds hang together: six statistics out at once are no more rare than one."""
    assert checked(np.zeros(6)).verdict == "can"
    far = checked(np.full(6, 1.8))
    assert far.out.all() and far.verdict == "can"


def test_data_unlike_every_world_cannot():
    """One statistic far out, or beyond what any draw gave, is enough."""
    assert checked([0, 0, 0, 0, 0, 5.0]).verdict == "cannot"
    beyond = checked([0, 0, 0, 0, 0, 50.0])
    assert beyond.beyond.tolist() == [False] * 5 + [True]
    assert beyond.verdict == "cannot"


def test_data_from_the_worlds_are_seldom_said_not_to_be():
    """Of worlds of the same kind at most about one in a hundred is refused."""
    chance = np.random.default_rng(7)
    common = chance.normal(size=(300, 1))
    others = common + 0.3 * chance.normal(size=(300, 6))
    refused = sum(checked(one).chance < 0.01 for one in others)
    assert refused <= binom.ppf(0.999, 300, 0.01)


# --- from beginning to end ----------------------------------------------------------


def save(fit, folder, language="en", drawn=False):
    """Write the document of a fit, with figures if `drawn`; return it as text."""
    document = document_of(fit, folder, language)
    if not drawn:
        bare = tuple(replace(x, pictures=()) for x in document.sections)
        document = replace(document, sections=bare)
    write_files(document, folder, "nature")
    return as_text(document)


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """The shipped example, fitted with few draws."""
    folder = tmp_path_factory.mktemp("fit")
    data = read_data(example.EXAMPLE)
    return fit(data, read(example.SCENARIO), folder, FEW, workers=1), folder


def test_the_example_is_what_its_generator_writes(tmp_path):
    """The shipped data and their truth are not made by hand."""
    example.write(tmp_path)
    for path in (example.EXAMPLE, example.TRUTH):
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_truth_of_the_example_is_recovered(found):
    """Truths lie in their 90 % intervals as often as they should; some are narrow."""
    fitted, _ = found
    with example.TRUTH.open(encoding="utf-8") as file:
        truth = {row["unknown"]: float(row["value"]) for row in csv.DictReader(file)}
    low, high = (fitted.prior.values(x) for x in fitted.posterior.interval())
    told = np.flatnonzero(fitted.learned.told)
    names = fitted.prior.names
    inside = sum(low[k] <= truth[names[k]] <= high[k] for k in told)
    assert inside >= binom.ppf(0.01, len(told), 0.9)
    pinned = {names[k] for k in np.flatnonzero(fitted.pinned)}
    assert {"parameters.deal_value", "parameters.revenue_lag_weeks"} <= pinned
    assert fitted.check.verdict == "can"


def test_known_truths_are_held_by_their_intervals(found):
    """Ranks of the draws' own truths are even, each unknown at a level for all."""
    fitted, _ = found
    assert fitted.ranks.shape == (200, fitted.learned.told.sum())
    for column in fitted.ranks.T:
        assert kstest(column, "uniform").pvalue > 0.001 / fitted.ranks.shape[1]


@pytest.mark.slow
def test_ranks_of_a_thousand_truths_are_even(tmp_path):
    """Simulation-based calibration of the posterior, at the default number of draws."""
    data = read_data(example.EXAMPLE)
    fitted = fit(data, read(example.SCENARIO), tmp_path, FitDesign(seed=2))
    found = ranks(fitted.learned, 1000)
    for column in found.T:
        assert kstest(column, "uniform").pvalue > 0.01 / found.shape[1]
    ends = binom.ppf([0.005, 0.995], len(found), 0.9) / len(found)
    inside = ((found >= 0.05) & (found <= 0.95)).mean(0)
    assert ends[0] <= inside.mean() <= ends[1]


def test_the_fit_is_a_scenario_that_draws_the_posterior(found):
    """fitted.toml reads, names every unknown, and takes a row for each world."""
    from simulation.scenario_unknown import in_world

    fitted, folder = found
    save(fitted, folder)
    scenario = read(folder / "fitted.toml")
    assert set(scenario.unknown.settings) == set(fitted.prior.names)
    worlds = {in_world(scenario, 1, r).parameters["deal_value"] for r in range(20)}
    low, high = scenario.unknown.settings["parameters.deal_value"]
    assert len(worlds) > 1 and all(low <= x <= high for x in worlds)
    assert scenario.stages[0].structure == scenario.stages[-1].structure
    dutch = save(fitted, folder, "nl", drawn=True)
    assert "Het model kan zulke gegevens voortbrengen" in dutch


def test_data_of_another_size_are_said_not_to_be_made(found, tmp_path):
    """Ten times the people is beyond every draw: a plain warning, no error."""
    _, folder = found
    data = read_data(example.EXAMPLE)
    values = data.values | {"head_count": 10 * data.values["head_count"]}
    scenario = read(example.SCENARIO)
    fitted = fit(replace(data, values=values), scenario, folder, FEW, workers=1)
    assert fitted.check.verdict == "cannot"
    assert fitted.posterior.width()[fitted.learned.told].min() > 0.01
    assert save(fitted, tmp_path).startswith("WARNING")
    assert (tmp_path / "fitted.toml").read_text().startswith("# WARNING")


def test_what_is_kept_is_not_made_again(found):
    """The same fit in the same folder leaves its files of worlds as they are."""
    fitted, folder = found
    before = {p: p.stat().st_mtime_ns for p in folder.glob("*.jsonl")}
    again = fit(fitted.data, read(example.SCENARIO), folder, FEW, workers=1)
    assert {p: p.stat().st_mtime_ns for p in folder.glob("*.jsonl")} == before
    np.testing.assert_array_equal(again.posterior.shares, fitted.posterior.shares)


def test_more_draws_begin_with_fewer():
    """Draws of the prior go on from those that there are."""
    prior = prior_of(read("baseline"), ("leads",))
    np.testing.assert_array_equal(prior.draw(5, 3), prior.draw(9, 3)[:5])
    assert "parameters.deal_value" not in prior.names
    assert prior.ranges["parameters.prospects_per_item"].log


def test_weeks_held_out_are_not_fitted(found):
    """What comes after the weeks fitted changes nothing in the posterior."""
    fitted, folder = found
    data, scenario = fitted.data, read(example.SCENARIO)
    values = {name: column.copy() for name, column in data.values.items()}
    values["leads"][60:] += 1000
    changed = replace(data, values=values)
    one, other = (
        fit(x, scenario, folder, replace(FEW, weeks=60), workers=1)
        for x in (data, changed)
    )
    np.testing.assert_array_equal(one.posterior.shares, other.posterior.shares)
    assert one.within(60, 104)[0] > other.within(60, 104)[0]
    with pytest.raises(InputError, match="weeks: got 300"):
        fit(data, scenario, folder, replace(FEW, weeks=300))


def test_what_a_scenario_leaves_open_is_fitted_too(tmp_path):
    """Levers and numbers of [unknown] are drawn, told, and written as rows of draws."""
    from simulation.ensemble import simulate
    from simulation.scenario_unknown import in_world

    source = written(
        tmp_path,
        'title = "Ours"\nbased_on = "baseline"\nas_is = "self"\n[unknown]\n'
        'levers.steering = ["direction", "detail"]\n'
        "structure.testing_hours = [0, 4]\nparameters.quit_hazard = [0.001, 0.02]\n",
        "ours.toml",
    )
    ours = read(source)
    values = {"levers.steering": "detail", "structure.testing_hours": 3.0}
    values |= {"parameters.quit_hazard": 0.015}
    lived = placed(ours, values)
    again = vary(
        read("baseline"),
        as_is="self",
        levers={"steering": "detail"},
        structure={"testing_hours": 3},
        parameters={"quit_hazard": 0.015},
    )
    assert lived.stages[-1].structure == again.stages[-1].structure
    assert lived.parameters == again.parameters
    series = simulate(replace(lived, weeks=60), 5, 1).series
    names = ("leads", "leavers", "burnout_share", "decision_weeks")
    data = Data("ours.csv", {name: COLUMNS[name].of(series) for name in names})
    fitted = fit(data, ours, tmp_path, FEW, workers=1)
    at = fitted.prior.names.index("parameters.quit_hazard")
    assert fitted.pinned[at]
    save(fitted, tmp_path)
    scenario = read(tmp_path / "fitted.toml")
    worlds = [in_world(scenario, 1, r) for r in range(40)]
    assert {x.stages[0].levers["steering"] for x in worlds} == {"direction", "detail"}
    assert all(0 <= x.stages[0].structure["testing_hours"] <= 4 for x in worlds)
    with pytest.raises(InputError, match="fit the scenario that it is based on"):
        prior_of(scenario, names)


# --- the command ----------------------------------------------------------------------


def test_options_of_the_other_use_are_refused(tmp_path, capsys):
    """Options of patterns with data, and of data without, are wrong input."""
    path = written(tmp_path, "\n".join(good()))
    assert call(["calibrate", str(path), "--points", "50"]) == 2
    assert "--points: not with DATA" in capsys.readouterr().err
    assert call(["calibrate", "--scenario", "owned"]) == 2
    assert "--scenario: only with DATA" in capsys.readouterr().err


def test_bad_data_end_with_code_2_and_leave_nothing(tmp_path, capsys):
    """Mistakes are told, and no folder of results is begun."""
    path = written(tmp_path, "week,leads\n1,-3\n2,4\n")
    folder = tmp_path / "results"
    assert call(["calibrate", str(path), "--output", str(folder)]) == 2
    assert "data.csv:2: leads" in capsys.readouterr().err
    assert call(["calibrate", "exmple", "--output", str(folder)]) == 2
    assert "no such file" in (told := capsys.readouterr().err)
    assert "did you mean example?" in told
    assert not folder.exists()
