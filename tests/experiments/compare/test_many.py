"""Hundreds of scenarios compared: all are measured, the best are shown."""

import fake_simulation
import numpy as np
import pandas as pd
import pytest
from small_scenarios import make_scenario

from experiments.cli.command_line import call
from experiments.compare.answers import as_text
from experiments.compare.comparison import BEST_SHOWN, MOST_SHOWN, Comparison, compare
from experiments.compare.results import save
from experiments.errors import InputError
from experiments.report.building import report_of
from experiments.report.sections import asked_of
from experiments.statistics import paired
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES

MANY = MOST_SHOWN + 10


def scenarios(count):
    """Return scenarios of which the later ones have more room to test."""
    return [
        make_scenario(f"s{k}", f"Number {k}", k / 10, weeks=40) for k in range(count)
    ]


def compared(count):
    """Return so many scenarios against the first, in six worlds."""
    simulate = fake_simulation.simulate
    return compare(*scenarios(count), replicates=6, workers=1, simulate=simulate)


@pytest.fixture(scope="module")
def many():
    return compared(MANY)


def test_a_few_are_all_shown():
    """Up to a number of others nothing is left out."""
    few = compared(MOST_SHOWN + 1)
    assert few.shown is few and len(few.others) == MOST_SHOWN


def test_of_many_the_best_of_each_headline_are_shown(many):
    """With intervals that hold together over all, not only over those shown."""
    shown = many.shown
    assert 1 < len(shown.others) <= BEST_SHOWN * len(HEADLINES)
    for name in HEADLINES:
        sign = paired.good_sign(OUTCOMES[name].good)
        means = {
            x.name: sign * d.estimate
            for x, d in zip(many.others, many.differences(name), strict=True)
        }
        best = sorted(means, key=means.get)[-1]
        assert best in [x.name for x in shown.others]
    names = [x.name for x in many.others]
    at = [names.index(x.name) for x in shown.others]
    assert at == sorted(at)
    for name in OUTCOMES:
        assert shown.results[name] == tuple(many.results[name][i] for i in at)


def test_a_part_says_what_the_whole_says(many):
    """Rankings and remarks are of all scenarios, wherever they are printed."""
    for language in LANGUAGES:
        assert many.shown.answer(language) == many.answer(language)
        assert many.shown.remarks(language) == many.remarks(language)
        for name in HEADLINES:
            assert many.shown.sentence(name, language) == many.sentence(name, language)
        count = f"{len(many.shown.others)} {'of' if language == 'en' else 'van'} de"
        count = count.replace("of de", "of the") + f" {len(many.others)}"
        assert any(count in sentence for sentence in many.answer(language))


def test_files_have_all_and_the_rest_what_is_shown(many, tmp_path):
    """Tables of numbers are whole; words, figures and page do not grow with them."""
    save(many, tmp_path)
    names = {x.name for x in many.others}
    shown = {x.name for x in many.shown.others}
    assert set(pd.read_csv(tmp_path / "differences.csv")["scenario"]) == names
    weekly = pd.read_csv(tmp_path / "weekly.csv.gz")
    assert set(weekly["scenario"]) == names | {many.base.name}
    drawn = pd.read_csv(tmp_path / "trajectories.csv")
    assert set(drawn["scenario"]) == shown | {many.base.name}
    assert not (tmp_path / "trajectories.svg").exists()
    text = as_text(many)
    report = report_of(many, asked_of(many.runs, sorted(names), "en", None))
    assert not report.section("trajectories").pictures
    tables = [x for part in report.sections for x in part.tables]
    rows = [line.split()[0] for line in text.splitlines() if " to " in line]
    assert shown == {name for name in rows if name in names}
    together = [x for x in tables if x.name.startswith("comparison-")]
    titles = {x.title["en"] for x in many.shown.others}
    assert together
    assert all({row[0] for row in x.rows[1:]} == titles for x in together)


def test_what_many_cost_is_told_before_they_run(tmp_path, monkeypatch, capsys):
    """Runs, time, memory, and what is compared with what; nothing with --quiet."""
    monkeypatch.chdir(tmp_path)
    names = [f"s{k}.toml" for k in range(MOST_SHOWN + 2)]
    for name in names:
        (tmp_path / name).write_text('based_on = "baseline"\n')
    runs = []

    def stopped(*given, **options):
        runs.append((len(given), capsys.readouterr().err))
        raise InputError("enough")

    monkeypatch.setattr("experiments.compare.comparison.compare", stopped)
    options = ["--replicates", "3", "--weeks", "9"]
    assert call(["compare", *names, *options]) == 2
    assert capsys.readouterr().err == "enough\n"
    [(count, err)] = runs
    words = " ".join(err.split())
    assert count == MOST_SHOWN + 2
    assert "22 scenarios in 3 worlds each: 66 runs of 9 weeks" in words
    assert "GB of memory" in words and "not each beside each other" in words
    assert call(["compare", *names, *options, "--quiet"]) == 2
    assert runs[1] == (count, "") and capsys.readouterr().err == "enough\n"
    assert call(["compare", *names[:3], *options]) == 2
    assert runs[2] == (3, "")


def resampled(monkeypatch):
    """Return the shapes of what is resampled from now on."""
    shapes, real = [], paired.resampled_means

    def noted(values, resamples, seed):
        shapes.append(values.shape)
        return real(values, resamples, seed)

    monkeypatch.setattr(paired, "resampled_means", noted)
    return shapes


def test_the_best_of_many_are_found_without_all_pairs(monkeypatch):
    """What is held in memory does not grow with the square of how many there are."""
    shapes = resampled(monkeypatch)
    values = np.random.default_rng(3).normal(size=(20, 500))
    values[:, 7] += 9
    values[:, 400] += 9.1
    assert set(paired.best_group(values)) == {7, 400}
    assert paired.best_group(-values, "lower") == paired.best_group(values)
    assert paired.best_group(values, smallest=50)[0] in (7, 400)
    assert len(paired.best_group(values, smallest=50)) == 500
    assert shapes == []


def test_the_best_of_many_may_lack_worlds():
    """A world that one of them lacks is not taken from all others."""
    values = np.random.default_rng(4).normal(size=(20, 60))
    values[:, 5] += 9
    values[np.arange(20), np.arange(20) + 20] = np.nan  # no world is whole
    values[:, 50] = np.nan
    assert paired.best_group(values) == (5, 50)


def test_the_best_of_many_is_seldom_left_out():
    """In nineteen of twenty draws, also where all are equally good."""
    draw = np.random.default_rng(5)
    count = paired.MOST_PAIRED + 9
    kept = [0 in paired.best_group(draw.normal(size=(12, count))) for _ in range(400)]
    assert np.mean(kept) >= 0.95


def test_resamples_come_in_blocks_that_change_nothing(monkeypatch):
    """Of few columns all at once, as ever; of many some at a time."""
    values = np.random.default_rng(6).normal(size=(15, 40))
    shapes = resampled(monkeypatch)
    whole = paired.simultaneous_intervals(values, method="max_t")
    assert shapes == [(15, 80)]
    monkeypatch.setattr(paired, "COLUMNS_AT_A_TIME", 7)
    parts = paired.simultaneous_intervals(values, method="max_t")
    assert max(width for _, width in shapes[1:]) == 14
    for one, other in zip(whole, parts, strict=True):
        assert one.low == pytest.approx(other.low, rel=1e-12)


def test_a_comparison_of_its_own_has_no_whole(many):
    """Who makes one from runs has all of them."""
    again = Comparison(many.runs, many.outcomes)
    assert again.whole is None and again.answer() == many.answer()
