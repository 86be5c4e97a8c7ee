"""Where policies fail and what they leave to regret, against what was planted."""

import json

import fake_points as fake
import numpy as np
import pytest

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.explore import discovery_text
from experiments.explore.boxes import discovered, inside
from experiments.explore.choosing import chosen
from experiments.explore.documents import discovery_document
from experiments.explore.factors import Factor
from experiments.explore.failing import Failing, threshold, worse
from experiments.explore.points import PointRuns, problem_of
from experiments.explore.policies import discover
from experiments.explore.regret import regrets
from experiments.show.files import write_files
from experiments.show.text import as_text
from simulation.outcomes import LANGUAGES
from simulation.scenario import read

MANY = [Factor(f"f{k}") for k in range(60)]


def planted(seed, share=0.0, points=400):
    """Return points, and failing in the corner of two of many, some turned around."""
    rng = np.random.default_rng(seed)
    drawn = rng.random((points, len(MANY)))
    fails = (drawn[:, 3] > 0.6) & (drawn[:, 7] < 0.45)
    return drawn, fails ^ (rng.random(points) < share)


def found_in(folder, live, names=("baseline", "owned", "testing_room"), **options):
    """Return what is discovered of a stand-in, over its four numbers."""
    question = problem_of([read(x) for x in names], ["lead_quality"], 4, 1)
    factors = chosen(question.scenarios, fake.NAMES, **options)
    failing = worse("lead_quality")
    runs = PointRuns(question, folder, 1, live=live)
    return discover(runs, factors, failing, "lead_quality", 300)


# --- boxes --------------------------------------------------------------------------


def test_a_planted_box_is_found():
    """Its two factors out of sixty, its ends nearly, and all that fails lies in it."""
    for seed in range(5):
        drawn, fails = planted(seed)
        found = discovered(MANY, drawn, fails, seed)
        limits = {x.factor: x for x in found.boxes[0].limits}
        assert limits.keys() == {"f3", "f7"}
        assert limits["f3"].low == pytest.approx(0.6, abs=0.05)
        assert limits["f7"].high == pytest.approx(0.45, abs=0.05)
        assert found.boxes[0].density.estimate > 0.8
        assert found.boxes[0].coverage.estimate > 0.8


def test_a_planted_box_is_found_under_noise():
    """With a tenth of the points turned around, in at least nine of ten draws."""
    hits = 0
    for seed in range(20):
        drawn, fails = planted(seed, 0.1)
        boxes = discovered(MANY, drawn, fails, seed).boxes
        hits += any({"f3", "f7"} == {x.factor for x in box.limits} for box in boxes)
    assert hits >= 18


def test_pure_noise_has_no_box():
    """In at least nine of ten draws nothing is found, whatever the share that fails."""
    false = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        fails = rng.random(400) < (0.12, 0.3, 0.5, 0.9)[seed % 4]
        false += bool(discovered(MANY, rng.random((400, 60)), fails, seed).boxes)
    assert false <= 3


def test_numbers_of_a_box_are_those_of_points_that_did_not_find_it():
    """On fresh points the density is the same on average: it is not too high."""
    apart = []
    for seed in range(12):
        drawn, fails = planted(seed, 0.15)
        fresh, truth = planted(1000 + seed, 0.15, 4000)
        for box in discovered(MANY, drawn, fails, seed).boxes:
            held = inside(box.limits, MANY, fresh)
            apart.append(box.density.estimate - truth[held].mean())
    error = np.std(apart, ddof=1) / np.sqrt(len(apart))
    assert len(apart) >= 10 and np.mean(apart) < 2.5 * error


def test_too_few_failures_are_not_sought():
    """What never fails, or always, has no box, and says that none was sought."""
    drawn, _ = planted(1)
    for fails in (np.zeros(400, bool), np.ones(400, bool)):
        found = discovered(MANY, drawn, fails)
        assert not found.sought and found.boxes == ()
        assert found.share.low <= fails.mean() <= found.share.high


def test_a_setting_of_a_lever_is_a_limit(tmp_path):
    """A policy that fails at one setting of three is told so."""
    found = found_in(tmp_path, fake.by_lever, ("baseline", "owned"), levers=True)
    [box] = found.policies[0].found.boxes
    [limit] = box.limits
    assert (limit.factor, limit.settings) == ("strategy_work", ("split",))
    assert box.density.estimate == box.coverage.estimate == 1
    assert "strategy_work is split" in discovery_text.answer(found)[0]


# --- regret -------------------------------------------------------------------------


def test_regret_of_known_values():
    """By hand: three points, two ways, where more is better and where less is."""
    values = np.array([[1.0, 3.0], [5.0, 2.0], [4.0, 4.0]])[..., None].repeat(4, -1)
    found = regrets("ab", values, "higher")
    assert [x.mean.estimate for x in found.ways] == pytest.approx([2 / 3, 1])
    assert [x.largest for x in found.ways] == [2, 3]
    assert [x.best.estimate for x in found.ways] == pytest.approx([2 / 3, 2 / 3])
    assert found.least_largest == 0
    lower = regrets("ab", values, "lower")
    assert [x.mean.estimate for x in lower.ways] == pytest.approx([1, 2 / 3])


def test_ways_that_do_not_differ_cannot_be_told_apart():
    """Pure luck of worlds: both in the group, and no regret without luck."""
    rng = np.random.default_rng(4)
    values = rng.normal(0, 1, (300, 2, 4))
    found = regrets("ab", values, "higher")
    assert set(found.group) == {0, 1}
    assert found.ways[0].mean.estimate == pytest.approx(0.5 / np.sqrt(np.pi), rel=0.2)
    assert abs(found.firm) < 0.1
    values[:, 1] += 2
    found = regrets("ab", values, "higher")
    assert found.group == (1,) and found.ways[1].best.estimate > 0.9


def test_regret_lies_between_that_with_luck_and_without():
    """Ways that are best by turns, under noise: the truth is bracketed."""
    rng = np.random.default_rng(1)
    gaps = rng.normal(0, 1, 1000)
    truth = np.maximum(-gaps, 0).mean()
    values = np.stack((np.zeros(1000), gaps), 1)[..., None]
    found = regrets("ab", values + rng.normal(0, 1, (1000, 2, 4)), "higher")
    best = found.ways[found.group[0]]
    assert found.firm - 0.05 < truth < best.mean.estimate + 0.05
    assert found.firm < best.mean.estimate


def test_points_without_a_value_have_no_regret():
    """They are left out and counted."""
    values = np.ones((50, 2, 2))
    values[:5, 1, 0] = np.nan
    found = regrets("ab", values, "higher")
    assert found.dropped == 5 and len(found.values) == 45


# --- when a policy fails ------------------------------------------------------------


def test_worse_than_the_base_by_more_than_what_matters():
    """Whichever way is worse, by the mean over worlds."""
    base = np.zeros((3, 2))
    policy = np.array([[-0.05, -0.03], [-0.05, 0.05], [0.05, 0.03]])
    assert worse("lead_quality").where(base, policy).tolist() == [True, False, False]
    assert worse("burnout").where(base, policy).tolist() == [False, False, True]
    assert not worse("lead_quality", "5%").where(base, policy).any()


def test_a_threshold_is_of_the_policy_itself():
    """As it is written, with shares in percent or not."""
    assert threshold("margin < 0") == Failing("margin", 0.0, True, True)
    assert threshold("burnout>15%") == Failing("burnout", 0.15, False, True)
    policy = np.array([[0.1, 0.3], [0.1, 0.1]])
    found = threshold("burnout > 0.15").where(policy, policy)
    assert found.tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("margin", "allowed: OUTCOME < NUMBER"),
        ("burnuot > 0.1", "did you mean burnout"),
        ("burnout > 15", "15%"),
        ("margin < lots", "a number"),
        ("margin < 5%", "a number"),
        ("margin <= 0", "allowed: OUTCOME < NUMBER"),
    ],
)
def test_what_is_no_threshold_is_told(text, says):
    """With what is allowed, and the nearest name."""
    with pytest.raises(InputError, match=says):
        threshold(text)


def test_what_is_neither_good_nor_bad_needs_a_threshold():
    """And a size is not negative."""
    with pytest.raises(InputError, match="--fails"):
        worse("meetings")
    with pytest.raises(InputError, match="0 or more"):
        worse("margin", "-5")


# --- all of it ----------------------------------------------------------------------


def test_policies_over_what_is_unknown(tmp_path):
    """The planted corner is found, and the policy that is never bad is told apart."""
    found = found_in(tmp_path, fake.boxed)
    owned, room = found.policies
    share = 0.4 * 0.45
    assert owned.found.share.low < share < owned.found.share.high
    assert {x.factor for x in owned.found.boxes[0].limits} == set(fake.NAMES[:2])
    assert not room.found.boxes and not room.found.sought and owned.same == 1
    assert [x.name for x in found.regret.ways] == ["baseline", "owned", "testing_room"]
    best = 1 - share
    means = [x.mean.estimate for x in found.regret.ways]
    known = [0.05 * best + 0.01 * share, 0.21 * share, 0.04 * best]
    assert means == pytest.approx(known, abs=0.01)
    assert found.regret.least_largest == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("live", [fake.boxed, fake.hopeless])
def test_it_is_told_and_drawn_in_both_languages(tmp_path, live, language):
    """With a box and without one; files are there and no name is left to fill in."""
    names = ("baseline", "owned", "testing_room")[: 3 if live is fake.boxed else 2]
    found = found_in(tmp_path, live, names)
    text = " ".join(as_text(discovery_document(found, language)).split())
    assert "{" not in text and "nan" not in text
    known = {"en": "Nothing that was drawn tells where", "nl": "zegt waar"}
    assert (known[language] in text) == (live is fake.hopeless)
    write_files(discovery_document(found, language), tmp_path, "jasss")
    assert (tmp_path / "discovery.pdf").stat().st_size > 1000
    assert len((tmp_path / "discovery.csv").read_text().splitlines()) == 301


def test_what_is_neither_good_nor_bad_leaves_no_regret(tmp_path):
    """That is said, the box is told all the same, and drawn alone."""
    question = problem_of([read(x) for x in ("baseline", "owned")], ["meetings"], 4, 1)
    factors = chosen(question.scenarios, fake.NAMES, levers=True)
    failing = threshold("meetings < 45%")
    runs = PointRuns(question, tmp_path, 1, live=fake.by_lever)
    found = discover(runs, factors, failing, "meetings", 300)
    assert found.regret is None and len(found.policies[0].found.boxes) == 1
    assert "there is no regret" in as_text(discovery_document(found)).replace("\n", " ")
    write_files(discovery_document(found), tmp_path, "jasss")
    assert (tmp_path / "discovery.png").exists()


def test_the_command_tells_what_is_wrong_before_anything_runs(tmp_path, capsys):
    """Exit code 2, with the nearest name, and no folder."""
    where = ["--output", str(tmp_path / "new")]
    for extra, says in (
        (["--outcome", "burnuot"], "did you mean burnout"),
        (["--fails", "margin"], "OUTCOME < NUMBER"),
        (["--factors", "demand_load"], "did you mean demands_load"),
        (["--points", "10"], "40<=x"),
        (["--base", "owned"], "named twice"),
        (["--than", "1", "--fails", "margin < 0"], "one at a time"),
    ):
        assert call(["discover", "owned", *where, *extra]) == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_command_on_the_model(tmp_path, capsys):
    """Two short runs: JSON alone on standard output, files beside it."""
    args = ["--points", "40", "--weeks", "10", "--replicates", "2", "--workers", "1"]
    args += ["--factors", "demands_load", "--output", str(tmp_path), "--json"]
    assert call(["discover", "owned", "--outcome", "burnout", *args]) == 0
    data = json.loads(capsys.readouterr().out)
    assert {"answer", "failing", "boxes", "regret", "results"} == data.keys()
    first = (tmp_path / "regret.csv").read_bytes()
    assert call(["discover", "owned", "--outcome", "burnout", *args]) == 0
    assert (tmp_path / "regret.csv").read_bytes() == first
