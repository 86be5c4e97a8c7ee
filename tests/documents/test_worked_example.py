"""The worked example: its exports give back the world that they were made of."""

import shutil

import numpy as np
import pytest
from scipy.stats import binom

from documents import worked_example
from documents.worked_example import exports
from documents.worked_world import GUIDES, NAMES, organisation, truth_of, weeks
from experiments.cli.command_line import call
from experiments.fit.own_data.fitted import FitDesign, fit
from experiments.imports.mapping_files import read_mapping
from experiments.imports.weekly.mapping_rules import WeeklyRules
from experiments.imports.weekly.reading import read_weekly

FILES = [f"example_{name}.csv" for name in ("leads", "deals", "absence", "weeks")]
MAPPING = "example_weekly_mapping.toml"
FEW = FitDesign(draws=400)


@pytest.fixture(scope="module")
def found():
    """The exports that ship, read with their mapping."""
    mapping = read_mapping(GUIDES / MAPPING, "en", WeeklyRules())
    return read_weekly([GUIDES / name for name in FILES], mapping)


def test_the_exports_are_what_their_maker_writes():
    """They are not made by hand: `python -m documents.worked_example` changes none."""
    made = exports()
    assert list(made) == FILES
    for name, content in made.items():
        assert (GUIDES / name).read_bytes() == content, name


def test_the_exports_give_back_every_week_of_the_world(found):
    """All seven columns exactly, but for two weeks that nobody wrote down."""
    assert found.points == () and found.data.names == NAMES
    for name, values in found.data.values.items():
        known = np.isfinite(values)
        told = name in ("revenue", "head_count", "leavers")
        missing = worked_example.MISSING if told else ()
        assert np.flatnonzero(~known).tolist() == list(missing), name
        truth = np.round(weeks()[name])
        np.testing.assert_array_equal(values[known], truth[known], name)


def test_no_name_of_a_person_gets_out_of_the_exports(tmp_path, capsys):
    """Neither into what is printed nor into any file, though exports are full of it."""
    for name in (*FILES, MAPPING):
        shutil.copy(GUIDES / name, tmp_path / name)
    paths = [str(tmp_path / name) for name in FILES]
    out = tmp_path / "out"
    ours = ("--organisation", "baseline", "--output", str(out))
    asked = ["calibrate", *paths, *ours, "--dry-run"]
    assert call(asked) == 2
    told = capsys.readouterr().err
    assert "From how many weeks on is an absence long?" in told
    written = tmp_path / "example_leads-mapping.toml"
    texts = [told, written.read_text("utf-8")]
    assert 'least_weeks = "?"' in texts[1] and not out.exists()
    mapping = str(tmp_path / MAPPING)
    assert call([*asked, "--mapping", mapping, "--language", "nl"]) == 0
    printed = capsys.readouterr()
    texts += [printed.out, printed.err]
    texts += [path.read_text("utf-8") for path in out.iterdir()]
    texts.append((tmp_path / MAPPING).read_text("utf-8"))
    assert "minder dan 5 mensen met verzuim van 6 weken of meer" in " ".join(
        printed.out.split()
    )
    people = worked_example._people()
    names = {*worked_example.FIRST_NAMES, *worked_example.LAST_NAMES, "klant.example"}
    names |= {part for person in people for part in person.split() if part.istitle()}
    leaked = {name for name in names for text in texts if name in text.split()}
    assert leaked == set()


@pytest.mark.slow
def test_the_fit_holds_the_truth_and_hides_the_few(found, tmp_path):
    """Truths lie in their 90 % intervals as often as they should, the pinned too."""
    with organisation() as scenario:
        truth = truth_of(scenario)
        fitted = fit(found.data, scenario, tmp_path, FEW, workers=1)
        assert np.isnan(fitted.shown[NAMES.index("sick_people")]).all()
    low, high = (fitted.prior.values(x) for x in fitted.posterior.interval())
    told = np.flatnonzero(fitted.learned.told)
    names = fitted.prior.names
    inside = sum(low[k] <= truth[names[k]] <= high[k] for k in told)
    assert inside >= binom.ppf(0.01, len(told), 0.9)
    pinned = {names[k] for k in np.flatnonzero(fitted.pinned)}
    assert {"parameters.deal_value", "parameters.revenue_lag_weeks"} <= pinned
