"""Calibration: it finds what passes, says what pulls apart, and survives a kill."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace

import fake_rows
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from machine import ROOT
from scipy import stats

from experiments.errors import InputError
from experiments.run.parameter_sets import hypercube
from experiments.science.evidence import calibration, sets, text
from experiments.science.evidence.calibration import (
    SPREAD,
    CalibrationEffort,
    CalibrationProblem,
    calibrate,
)
from experiments.science.evidence.emulator import emulate
from experiments.science.evidence.identified import ALL, distance, identified
from experiments.science.evidence.matching import Matching, draw, match
from experiments.science.evidence.patterns import ENDS, Pattern
from experiments.science.evidence.tension import pulls
from experiments.show.parts import document
from experiments.show.text import as_text
from experiments.statistics.intervals import share_interval
from simulation.outcomes import LANGUAGES
from simulation.tables import PARAMETERS

RANGES = dict.fromkeys("abcdefgh", (-1.0, 1.0))
SMALL = CalibrationEffort(points=60, waves=3, organisations=2)


def pattern(name, low, high, row=1):
    """Return a pattern of calibration with a range."""
    label = {language: f"{language} {name}" for language in LANGUAGES}
    return Pattern(name, "calibrate", label, row, (low, high))


CORNER = (
    pattern("high", 0.9, 1.1),
    pattern("against", -1.2, -0.6),
    pattern("bent", 0, 0.6),
)
"""Patterns that hold together in a fortieth of the cube."""
APART = (
    pattern("high", 0.6, 1.3),
    pattern("against", 0.3, 1.0),
    pattern("low", -2, 2),
)
"""Patterns of which the first wants a high a, and the second a low one."""


def asked(patterns):
    """Return the question which parameters of the small model meet patterns."""
    return CalibrationProblem(RANGES, patterns, fake_rows.lively)


@pytest.fixture(scope="module")
def corner(tmp_path_factory):
    """A calibration whose passing region is known."""
    return calibrate(tmp_path_factory.mktemp("corner"), SMALL, asked(CORNER), 1)


@pytest.fixture(scope="module")
def apart(tmp_path_factory):
    """A calibration on patterns of which two cannot hold together."""
    return calibrate(tmp_path_factory.mktemp("apart"), SMALL, asked(APART), 1)


# --- what is not known --------------------------------------------------------------


def test_plausible_ranges_hold_the_value_and_are_allowed():
    """What is drawn can be run, and what ships is among what is plausible."""
    assert calibration.unknown().keys() == {
        name for name, row in PARAMETERS.items() if row.plausible
    }
    for name, (low, high) in calibration.unknown().items():
        row = PARAMETERS[name]
        assert row.low <= low < high <= row.high, name
        assert low <= row.value <= high, name


def test_the_hypercube_covers_each_range_evenly():
    """One point in each of as many equal parts of every range."""
    found = hypercube(40, 9)
    for name, (low, high) in calibration.unknown().items():
        parts = [int(40 * (one[name] - low) / (high - low)) for one in found]
        assert sorted(parts) == list(range(40)), name
    assert hypercube(40, 9) == found != hypercube(40, 10)
    with pytest.raises(InputError, match="points: got 1"):
        hypercube(1)
    with pytest.raises(InputError, match="points: got 7"):
        CalibrationEffort(points=7)


# --- emulators ----------------------------------------------------------------------


def curve(points):
    """Return a curve over six coordinates, with one product and one square."""
    x = 2 * points - 1
    return 3 + 2 * x[:, 0] - x[:, 1] + x[:, 0] * x[:, 2] + 0.8 * x[:, 3] ** 2


def test_an_emulator_follows_a_curve_and_knows_its_noise():
    """Errors at new points are as large as it says, and hardly above the noise."""
    rng = np.random.default_rng(1)
    points, fresh = rng.random((150, 6)), rng.random((2000, 6))
    one = emulate(points, curve(points) + 0.1 * rng.standard_normal(150))
    mean, variance = one(fresh)
    errors = mean - curve(fresh)
    assert np.sqrt((errors**2).mean()) < 0.1
    assert np.sqrt(one.noise) == pytest.approx(0.1, rel=0.3)
    noisy = errors + 0.1 * rng.standard_normal(2000)
    assert (noisy**2 / variance).mean() == pytest.approx(1, rel=0.3)


def test_an_emulator_is_less_sure_where_it_has_not_been():
    """Points all lie in a corner: the variance grows towards the other one."""
    rng = np.random.default_rng(1)
    points = 0.3 * rng.random((60, 4))
    one = emulate(points, points.sum(1) + 0.01 * rng.standard_normal(60))
    _, variance = one(np.linspace(0.15, 1.0, 5)[:, None] * np.ones(4))
    assert (np.diff(variance) > 0).all()
    assert one(points)[0] == pytest.approx(points.sum(1), abs=0.05)


def test_an_emulator_leaves_out_what_is_not_known():
    """Values that are nan change nothing."""
    rng = np.random.default_rng(1)
    points = rng.random((40, 3))
    values = np.where(np.arange(40) < 30, points[:, 0], np.nan)
    few, all_of_them = emulate(points[:30], values[:30]), emulate(points, values)
    assert few(points)[0] == pytest.approx(all_of_them(points)[0])


# --- where to look next -------------------------------------------------------------


def matching_of(patterns, count=240, seed=0):
    """Return the emulators of the small model, from an even spread of points."""
    points = np.random.default_rng(seed).random((count, len(RANGES)))
    question = asked(patterns)
    rows = [fake_rows.lively(x, 2, 1) for x in question.parameters(points)]
    values = {p.id: np.array([p.scaled(row[p.id]) for row in rows]) for p in patterns}
    return match(points, values, dict.fromkeys(values, 0.0))


def holding(patterns, points):
    """Return which points of the cube meet all patterns."""
    rows = [fake_rows.lively(x, 2, 1) for x in asked(patterns).parameters(points)]
    return np.array([all(p.holds(row[p.id]) for p in patterns) for row in rows])


def test_points_are_drawn_where_patterns_hold():
    """Half of them pass and more, of which a fortieth did; weights tell the volume."""
    matching = matching_of(CORNER)
    found = draw(matching, 300, len(RANGES), (1, 2))
    passing = holding(CORNER, found.points)
    even = holding(CORNER, np.random.default_rng(5).random((4000, len(RANGES))))
    assert passing.mean() > 0.5 > 10 * even.mean()
    volume = (passing * np.exp(-found.log_density)).mean()
    assert volume == pytest.approx(even.mean(), rel=0.3)
    assert ((found.points >= 0) & (found.points <= 1)).all()


def test_the_implausibility_is_in_standard_deviations():
    """Inside the range nothing; beyond it, the way in sd of emulator and the rest."""
    rng = np.random.default_rng(3)
    points = rng.random((50, 2))
    one = emulate(points, 4 * ENDS * points[:, 0] + 0.01 * rng.standard_normal(50))
    here = np.array([[0.1, 0.5], [0.75, 0.5]])
    mean, variance = one(here)
    for between in (0.0, 0.3):
        found = Matching({"x": one}, {"x": between}).implausibility(here)[:, 0]
        assert found[0] == 0
        known = (mean[1] - ENDS) / np.sqrt(variance[1] + between)
        assert found[1] == pytest.approx(known)


def test_what_cannot_hold_does_not_keep_others_from_holding():
    """A pattern far away from all points costs them alike: the others are found."""
    out_of_reach = pattern("low", 50, 51)
    found = draw(matching_of((*CORNER, out_of_reach)), 200, len(RANGES), (1,))
    assert holding(CORNER, found.points).mean() > 0.4


# --- the whole search ---------------------------------------------------------------


def test_what_passes_is_found(corner):
    """Later waves pass far more often than the first; the volume is the true one."""
    by_wave = [corner.whole[corner.wave == k].mean() for k in range(SMALL.waves)]
    even = holding(CORNER, np.random.default_rng(5).random((4000, len(RANGES))))
    assert by_wave[0] < 0.1 and min(by_wave[1:]) > 0.5
    assert corner.volume == pytest.approx(even.mean(), rel=0.4)
    assert corner.waves[0].open_share == 1
    assert all(one.open_share < 0.2 for one in corner.waves[1:])
    assert corner.again_missed.iloc[0] == 0 and len(corner.stable) > 1
    low, high = np.array(list(RANGES.values())).T
    for point in corner.sets.to_numpy():
        assert ((low <= point) & (point <= high)).all()
    assert corner.never() == [] and corner.pulls() == []


def test_what_is_pinned_is_told(corner):
    """The two parameters that decide are narrowed down, and none that does nothing."""
    known = {one.parameter: one for one in corner.identified() if one.known}
    assert {"a", "b"} <= known.keys() <= {"a", "b", "c"}
    assert known["a"].pattern == ALL and known["a"].low > 0.4
    table = corner.table()
    assert table["parameter"].iloc[0] == "a" and len(table) == len(RANGES)
    assert corner.hangs_on("high")[0][0] == "a"


def test_what_pulls_apart_is_told(apart):
    """One pair, a set that misses only one of the two, and which that is."""
    [pull] = apart.pulls()
    assert {pull.one, pull.other} == {"high", "against"}
    assert pull.together == 0 < pull.expected and pull.r < -0.5
    assert not apart.whole.any() and apart.volume == 0
    assert apart.again_missed.iloc[0] == 1
    assert set(apart.misses(apart.stable[0])) < {"high", "against"}
    assert apart.again_missed[apart.stable].max() <= 1 + SPREAD


def test_what_no_set_meets_and_what_is_not_measured(tmp_path):
    """The first is named; the second keeps no set from passing."""
    patterns = (*CORNER, pattern("low", 50, 51))
    found = calibrate(tmp_path / "never", SMALL, asked(patterns), 1)
    assert found.never() == ["low"] and found.again_missed.iloc[0] == 1
    question = CalibrationProblem(
        RANGES, (*CORNER, pattern("gone", 0, 1)), fake_rows.partly
    )
    found = calibrate(tmp_path / "gone", SMALL, question, 1)
    assert [one.id for one in found.measurable] == [one.id for one in CORNER]
    assert found.whole.any() and found.again_missed.iloc[0] == 0


def same(one, other):
    """Return whether two calibrations hold the same points and values."""
    return (
        one.points.equals(other.points)
        and one.rows.equals(other.rows)
        and one.again.equals(other.again)
    )


def test_nothing_is_measured_twice(tmp_path, monkeypatch):
    """A second call is the first; one that was cut goes on with what is missing."""
    effort = replace(SMALL, points=16)
    whole = calibrate(tmp_path / "whole", effort, asked(CORNER), 1)
    notes = tmp_path / "notes"
    monkeypatch.setenv(fake_rows.NOTES, str(notes))
    assert same(calibrate(tmp_path / "whole", effort, asked(CORNER), 1), whole)
    assert not notes.exists()
    cut = tmp_path / "cut"
    cut.mkdir()
    for file in (tmp_path / "whole").iterdir():
        lines = file.read_bytes().splitlines(keepends=True)
        half = lines[: len(lines) // 2]
        (cut / file.name).write_bytes(b"".join([*half, lines[len(half)][:9]]))
    assert same(calibrate(cut, effort, asked(CORNER), 1), whole)
    made = len(notes.read_text().splitlines())
    [points] = (tmp_path / "whole").glob("points-*")
    lines = len(points.read_bytes().splitlines())
    assert made == lines - lines // 2


def test_a_killed_calibration_goes_on(tmp_path):
    """What a process had made when it was killed is there, and the end is the same."""
    code = (
        "import test_evidence_calibration as t; from pathlib import Path;"
        f"folder = Path({str(tmp_path / 'killed')!r});"
        "t.calibrate(folder, t.SMALL, t.asked(t.CORNER), 1)"
    )
    notes = tmp_path / "notes"
    places = [str(ROOT / "tests" / "experiments"), str(ROOT)]
    environment = {
        **os.environ,
        fake_rows.NOTES: str(notes),
        "PYTHONPATH": os.pathsep.join(places),
    }
    process = subprocess.Popen([sys.executable, "-c", code], env=environment)
    while not notes.exists() and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    there = [x for x in (tmp_path / "killed").glob("points-*") if x.stat().st_size]
    found = calibrate(tmp_path / "killed", SMALL, asked(CORNER), 1)
    assert same(found, calibrate(tmp_path / "whole", SMALL, asked(CORNER), 1))
    assert len(there) <= 1


# --- what pulls apart, what is known ------------------------------------------------


def test_later_waves_do_not_hide_what_pulls_apart():
    """Within waves two patterns never hold together, though both get more frequent."""
    rng = np.random.default_rng(4)
    wave = np.repeat([0, 1], 200)
    u = rng.random(400)
    reach = np.where(wave == 0, 0.1, 0.5)
    one, other = u < reach, u > 1 - reach
    passes = pd.DataFrame({"one": one, "other": other, "free": rng.random(400) < 0.5})
    [found] = pulls(passes, wave)
    assert (found.one, found.other) == ("one", "other")
    assert found.together == (one & other).sum()
    parts = [(one[wave == k].mean(), other[wave == k].mean()) for k in (0, 1)]
    assert found.expected == pytest.approx(sum(200 * a * b for a, b in parts))


def test_chance_alone_pulls_nothing_apart():
    """In a hundred calibrations of ten patterns, hardly any pair by chance."""
    rng = np.random.default_rng(6)
    found = [
        pulls(pd.DataFrame(rng.random((120, 10)) < 0.4), np.zeros(120))
        for _ in range(100)
    ]
    assert sum(map(bool, found)) <= stats.binom.ppf(0.999, 100, 0.05)


def identified_by(points, passing):
    """Return what is known where these points of an even spread pass on a pattern."""
    none = points.iloc[:0]
    return identified(points, pd.DataFrame({"x": passing}), none, none)


def test_a_parameter_that_decides_is_known():
    """Points pass where one parameter is high: it, and hardly another, is narrowed."""
    points = pd.DataFrame(hypercube(300, 3))
    name = list(points)[5]
    low, high = calibration.unknown()[name]
    found = identified_by(points, (points[name] > low + 0.7 * (high - low)).to_numpy())
    first, *others = found
    assert first.parameter == name and first.known
    assert first.distance == pytest.approx(0.7, abs=0.01)
    reach = [(x - low) / (high - low) for x in (first.low, first.high)]
    assert reach == pytest.approx([0.715, 0.985], abs=0.01)
    assert sum(one.known for one in others) <= 1


def test_the_distance_is_that_of_kolmogorov_and_smirnov():
    """As scipy measures it against an even spread."""
    shares = np.random.default_rng(2).random((70, 4))
    for k, found in enumerate(distance(shares)):
        assert found == pytest.approx(stats.kstest(shares[:, k], "uniform").statistic)


def test_chance_alone_makes_nothing_known():
    """In 20 calibrations passed at random, hardly a parameter of any is narrowed."""
    draws = np.random.default_rng(5)
    points = pd.DataFrame(hypercube(150, 3))
    found = [identified_by(points, draws.random(150) < 0.3) for _ in range(20)]
    with_any = sum(any(one.known for one in each) for each in found)
    assert with_any <= stats.binom.ppf(0.999, 20, 0.05)
    assert identified_by(points, np.arange(150) < 1) == []


@given(st.integers(0, 400), st.integers(1, 400))
def test_intervals_of_shares_are_wilsons(count, of):
    """Those of scipy, at none and all too."""
    count = min(count, of)
    ends = stats.binomtest(count, of).proportion_ci(method="wilson")
    assert share_interval(count, of) == pytest.approx((ends.low, ends.high), abs=1e-7)


# --- what ships ---------------------------------------------------------------------


def test_sets_that_ship_are_draws_of_what_is_not_known():
    """The reader of claims and that of scenarios read the same table."""
    draws = sets.calibrated_draws()
    found = sets.calibrated_sets()
    assert len(found) == len(draws.rows) > 1
    assert set(found[0]) <= set(PARAMETERS)
    assert {f"parameters.{name}" for name in found[0]} == set(draws.columns)


def test_sets_are_written_as_they_are_read(tmp_path):
    """Digits are cut, but no value goes beyond what is allowed."""
    from simulation.scenario_draws import read_draws

    values = pd.DataFrame(
        {"talk_step": [0.12345678, 1.0], "strain_support": [0.1, 0.2]}
    )
    file = tmp_path / "sets.csv"
    sets.as_draws(values).to_csv(file, index=False)
    draws = read_draws(file)
    assert draws.columns == ("parameters.talk_step", "parameters.strain_support")
    assert draws.rows == ((0.123457, 0.1), (1.0, 0.2))


def test_the_command_writes_sets_that_scenarios_read(tmp_path, monkeypatch, capsys):
    """All points, what is known of parameters, and sets in the form that ships."""
    from experiments.cli.command_line import call
    from simulation.scenario_draws import read_draws

    ranges = {"talk_step": (0.0, 1.0), "strain_support": (0.1, 0.6)}
    question = CalibrationProblem(ranges, (pattern("x", 0.2, 0.5),), fake_rows.named)
    monkeypatch.setattr(calibration, "usual", lambda around: question)
    options = ["--points", "16", "--waves", "2", "--workers", "1", "--quiet", "--json"]
    assert call(["calibrate", *options, "--output", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["points"] == 32 and told["fewest_missed"] == 0 and told["sets"] > 1
    assert told["now"] == {"x": 0.4} and told["pulls"] == told["never"] == []
    draws = read_draws(tmp_path / "calibrated_sets.csv")
    assert len(draws.rows) == told["sets"]
    assert all(0.2 <= x <= 0.5 for x in draws.column("parameters.talk_step"))
    points = pd.read_csv(tmp_path / "points.csv")
    assert len(points) == 32 and set(points["wave"]) == {0, 1}
    assert (tmp_path / "parameters.csv").exists()
    assert "0.5" in (tmp_path / "answer.txt").read_text()


# --- text ---------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_calibration_as_text(corner, apart, language):
    """Volume, waves, rows, what is known, what pulls apart, and what ships."""
    for found in (corner, apart):
        sections = text.calibration_sections(found, language)
        told = re.sub(r"\s+", " ", as_text(document("", "", language, sections)))
        assert all(x.label[language] in told for x in found.question.patterns)
        assert not re.search(r"[{}]|\bnan\b|None", told)
    pulled = {"en": "pull against each other", "nl": "trekken tegen elkaar in"}[
        language
    ]
    assert pulled in told and f"{language} against" in told
    never = {"en": "No set meets", "nl": "Geen verzameling voldoet aan"}[language]
    assert never not in told
