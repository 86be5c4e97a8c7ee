"""Claims put to the test: contrasts, verdicts, conditions, and the whole way."""

import math
import re
from dataclasses import fields, replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.science.claims import (
    Claim,
    claims,
    rival_text,
    testing,
    verdicts,
    weights,
    worlds,
)
from experiments.science.claims import text as claim_text
from experiments.science.claims.alternatives import find_rule, misnamed, rules
from experiments.science.claims.shifts import under_rules
from experiments.science.claims.testing import ClaimTest, chosen, put_to_the_test
from experiments.science.claims.verdicts import (
    REASONS,
    VERDICTS,
    ClaimVerdict,
    Condition,
)
from experiments.science.claims.worlds import PopulationPart
from experiments.science.evidence.population import population
from experiments.science.nulls import NULLS
from experiments.show.text import as_text
from experiments.statistics.deciding import FEWEST
from experiments.statistics.intervals import t_interval
from experiments.statistics.shares import SignShare
from simulation.measures import summarise
from simulation.model import simulate
from simulation.outcomes import LANGUAGES
from simulation.scenario import read
from simulation.tables import PARAMETERS, lever_table

SETS, EACH = 64, 6
NAMES = [f"parameter_{k}" for k in range(20)]
NOISE = 0.5
CLAIM = replace(chosen(["ownership_motivation"])[0], smallest=1.0, chain=None)
"""A claim that something rises by more than 1."""
OVERTIME = ["overtime_limit", "budget_gone"]
"""Weights: one that overtime hangs on, one that it does not."""
TRIAL = Claim(
    id="trial",
    article=1,
    says={"en": "Contact takes hours.", "nl": "Contact kost uren."},
    base="baseline",
    scenario="more_links",
    outcome="meetings",
    direction="raises",
    path=("ties",),
    smallest=0.001,
    size="small",
)
"""What no article claims: tests run the contrast of no claim that is in the ledger."""
ABOUT = {claim.id: claim for claim in claims()}


def noise(*shape, seed=1):
    """Return standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)


def sets_of(count=SETS, seed=1):
    """Return sets of made-up parameters between 0 and 1."""
    rows = np.random.default_rng(seed).random((count, len(NAMES)))
    return [dict(zip(NAMES, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def drawn():
    """Organisations of the population, some for each set."""
    there = worlds.drawn(SETS * EACH, 1, None)
    return [there[s * EACH : (s + 1) * EACH] for s in range(SETS)]


def judged(effect, drawn, claim=CLAIM, calibrated=None, gain=None, moved=()):
    """Return the verdict on effects (S, M) of a scenario against its base."""
    size = len(effect)
    beyond = effect if calibrated is None else calibrated
    values = [np.stack([np.zeros_like(x), x], -1) for x in (effect, beyond)]
    if gain is not None:
        values = [np.dstack([x, np.full(x.shape[:2], -gain)]) for x in values]
    here, there = values
    return verdicts.judge(claim, here, sets_of()[:size], drawn[:size], there, moved)


@pytest.fixture
def trial(monkeypatch):
    """Return how to put a ledger of one claim in the place of the articles'."""

    def put(claim=TRIAL, *others):
        for module in (testing, worlds):
            monkeypatch.setattr(module, "claims", lambda: (claim, *others))
        return claim

    return put


# --- contrasts laid on organisations ------------------------------------------------


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_a_contrast_has_all_that_differs_in_any_week(claim):
    """Week by week, scenarios of a claim differ in no other structural number."""
    numbers = worlds.contrast(claim.scenarios)
    first, *others = [worlds.shipped(name) for name in claim.scenarios]
    differing = set()
    for week in range(-first.warm_up_weeks, first.weeks):
        here = first.at(week).structure
        for other in others:
            there = other.at(week).structure
            differing |= {name for name in here if here[name] != there[name]}
    assert differing and differing <= numbers < set(first.at(0).structure)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_a_contrast_has_all_numbers_of_its_levers(claim):
    """Also those that two settings share: organisations were drawn with a third."""
    arms = [worlds.shipped(name) for name in claim.scenarios]
    stages = [stage for arm in arms for stage in arm.stages]
    for name, lever in lever_table().items():
        if len({stage.levers[name] for stage in stages}) > 1:
            of_lever = {x for numbers in lever.settings.values() for x in numbers}
            assert of_lever <= worlds.contrast(claim.scenarios), name


@pytest.mark.parametrize(
    "name", ["ownership_motivation", "lasting_engine", "steering_not_people"]
)
def test_a_contrast_changes_nothing_else(name):
    """Numbers of the contrast follow the scenario's dates, all others stay as drawn."""
    claim = ABOUT[name]
    numbers = worlds.contrast(claim.scenarios)
    for one in population(4, 8):
        for scenario in claim.scenarios:
            there, way = (
                worlds.shipped(scenario),
                worlds.laid_on(one, scenario, numbers),
            )
            assert [stage.week for stage in way.stages] == [
                -worlds.WARM_UP_WEEKS,
                *(stage.week for stage in there.stages[1:]),
            ]
            for week in range(-worlds.WARM_UP_WEEKS, there.weeks):
                now = way.at(week).structure
                expected = {n: there.at(week).structure[n] for n in numbers}
                assert now == {**one.stages[-1].structure, **expected}
            rest = {x.name for x in fields(one)} - {"name", "stages", "weeks"}
            rest -= {"warm_up_weeks", "scenario"}
            assert all(getattr(way, x) == getattr(one, x) for x in rest)
            assert way.weeks == there.weeks


def test_outcomes_are_those_of_the_agents_on_mesa(trial):
    """What is kept of a claim is what the same organisation gives person by person."""
    claim = trial()
    values = {"strain_support": PARAMETERS["strain_support"].low}
    [row] = worlds.lived(claim.id, values, PopulationPart(1, 1, 3, 4))["values"]
    one = population(3, 4, parameters=values, size="small")[1]
    numbers = worlds.contrast(claim.scenarios)
    for name, value in zip(claim.scenarios, row, strict=True):
        run = simulate(worlds.laid_on(one, name, numbers), 4, 1, None)
        assert value == summarise(run.series, None, [claim.outcome])[claim.outcome]
    assert row[0] != row[1]


def test_claims_about_size_are_tested_in_such_organisations():
    """Small ones have fewer people than large ones, without exception."""
    small, large = (worlds.drawn(40, 2, size) for size in ("small", "large"))
    assert max(x.people for x in small) < min(x.people for x in large)
    heads = population(40, 2, size="small")[7].organisation
    counted = [getattr(heads, name) for name in worlds.HEADS]
    assert small[7].people == sum(counted) and small[7].levers["mandate"]


def test_a_rule_takes_the_place_of_ours(trial):
    """Its parameters win over those of the set, and a null rearranges the world."""
    name = trial(replace(TRIAL, outcome="burnout_score")).id
    plain = worlds.lived(name, {}, PopulationPart(0, 1, 2, 1))
    alone, other = (
        worlds.lived(name, {}, PopulationPart(0, 1, 2, 1), rule)
        for rule in ("no_ties", "resources_only_buffer")
    )
    assert alone != plain != other
    rule = find_rule("conformity")
    ours = {name: PARAMETERS[name].high for name in rule.parameters}
    assert ours != rule.parameters
    part = PopulationPart(0, 1, 2, 1)
    both = [worlds.lived(name, x, part, "conformity") for x in ({}, ours)]
    assert both[0] == both[1]


def test_rules_are_known():
    """They set parameters that there are, to what is allowed; nulls are among them."""
    assert misnamed() == [] and set(NULLS) < set(rules())
    for name, rule in rules().items():
        assert find_rule(name) is rule
        assert set(rule.label) == set(LANGUAGES) and rule.source
        assert rule.parameters or rule.rearrange
        for key, value in rule.parameters.items():
            assert PARAMETERS[key].low <= value <= PARAMETERS[key].high, (name, key)
    with pytest.raises(InputError, match="did you mean conformity"):
        find_rule("conformty")


# --- effects and verdicts -----------------------------------------------------------


def test_effects_are_turned_as_claimed():
    """Plain, against a rival, against parts together; and where less is claimed."""
    values = np.array([[[10.0, 13.0, 11.0, 12.5]]])
    plain, rival, joint = (
        replace(CLAIM, than=than, parts=parts)
        for than, parts in ((None, ()), ("detail", ()), (None, ("detail", "absent")))
    )
    assert verdicts.effects(plain, values[..., :2]) == [[3.0]]
    assert verdicts.effects(rival, values[..., :3]) == [[2.0]]
    assert verdicts.effects(joint, values) == [[-0.5]]
    for claim, effect in ((plain, -3.0), (rival, -2.0), (joint, 0.5)):
        less = replace(claim, direction="lowers")
        assert verdicts.effects(less, values[..., : len(less.scenarios)]) == [[effect]]
    same = replace(plain, direction="leaves_unchanged")
    assert verdicts.effects(same, values[..., :2]) == [[3.0]]


@pytest.mark.parametrize(
    ("mean", "between", "kind"),
    [
        (3.0, 0.3, "supported"),
        (1.2, 0.1, "supported"),
        (-3.0, 0.3, "contrary"),
        (0.0, 0.1, "too_small"),
        (0.5, 0.1, "too_small"),
        (-0.5, 0.1, "leans"),
        (0.99, 0.1, "borderline"),
        (3.0, 2.3, "uncertain_share"),
        (3.0, 5.0, "not_everywhere"),
    ],
)
def test_verdicts(mean, between, kind, drawn):
    """By how large an effect is, and how sure; more than the smallest that matters."""
    apart = between * stats.zscore(noise(SETS, 1))
    effect = mean + apart + NOISE * noise(SETS, EACH, seed=2)
    found = judged(effect, drawn)
    assert (found.why or found.kind) == kind and found.condition is None
    assert found.effect.estimate == pytest.approx(mean, abs=0.1)
    reach = stats.t.interval(0.95, SETS - 1, effect.mean(), stats.sem(effect.mean(1)))
    assert (found.effect.low, found.effect.high) == pytest.approx(reach)


def test_what_is_too_uncertain_is_open(drawn):
    """Beyond the smallest difference on average, but zero is not left out."""
    effect = 40 * noise(SETS, EACH)
    effect += 1.5 - effect.mean()
    assert judged(effect, drawn).kind == "open"
    nothing = np.full((SETS, EACH), np.nan)
    found = judged(nothing, drawn)
    assert found.kind == "open" and math.isnan(found.holds.raw)
    assert math.isnan(found.better) and not found.decided_by


def test_a_sign_that_holds_in_too_few_sets_is_no_support(drawn):
    """Surely large on average, yet reversed in a fifth of the sets."""
    few = 2 * FEWEST - 2  # too few to look for conditions
    effect = np.repeat([[3.0]], few, 0) + np.zeros((few, EACH))
    effect[::5] = -2.0
    found = judged(effect + 0.1 * noise(few, EACH), drawn)
    assert found.effect.low > 0 and found.effect.estimate > CLAIM.smallest
    assert found.holds.raw == pytest.approx(1 - len(effect[::5]) / few)
    assert found.kind != "supported" and found.holds.most is not True


@pytest.mark.parametrize(
    ("mean", "between", "gain", "kind", "why"),
    [
        (0.0, 0.3, 5.0, "supported", ""),
        (0.5, 1.2, 5.0, "not_supported", "not_everywhere"),
        (3.0, 0.3, 5.0, "not_supported", "changes"),
        (-3.0, 0.3, 5.0, "not_supported", "changes"),
        (1.0, 0.3, 5.0, "open", "borderline"),
        (0.0, 0.3, 0.5, "not_supported", "no_gain"),
        (0.0, 0.3, -5.0, "not_supported", "no_gain"),
    ],
)
def test_verdicts_on_no_change(mean, between, gain, kind, why, drawn):
    """Only what was gained can be kept; surely within what matters, both ways."""
    claim = ABOUT["lasting_engine"]
    claim = replace(claim, smallest=1.0)
    effect = between * noise(SETS, 1) + NOISE * noise(SETS, EACH, seed=2)
    effect += mean - effect.mean()
    found = judged(effect, drawn, claim, gain=gain)
    assert (found.kind, found.why) == (kind, why) and found.condition is None
    assert found.gain.estimate == pytest.approx(gain)
    assert found.kept == pytest.approx(1 + mean / gain)


def test_sets_that_pass_calibration_are_judged_apart(drawn):
    """What fails under them is not supported; without any it is not known."""
    effect = 3 + NOISE * noise(SETS, EACH)
    found = judged(effect, drawn, calibrated=-3 + NOISE * noise(9, EACH))
    assert (found.kind, found.why) == ("not_supported", "not_calibrated")
    assert found.holds.low > 0.99 and found.holds_calibrated == 0
    assert found.calibrated.estimate == pytest.approx(-3, abs=0.3)
    alone = judged(effect, drawn, calibrated=effect[:0])
    assert alone.kind == "supported" and math.isnan(alone.holds_calibrated)


def test_single_organisations_are_counted(drawn):
    """In which share it is larger than what matters, as claimed and the other way."""
    effect = np.tile([1.5, 0.5, -0.5, -1.5, -1.5, np.nan], (SETS, 1))
    found = judged(effect, drawn)
    assert (found.better, found.worse) == (1 / 5, 2 / 5)


@pytest.mark.parametrize(("mean", "tau"), [(1.0, 1.0), (0.5, 0.5), (-1.0, 0.5)])
def test_the_share_in_which_a_sign_holds_is_known(mean, tau):
    """Of a normal spread between sets, whatever the noise of few organisations."""
    many = 6000
    effect = mean + tau * noise(many, 1) + 2 * noise(many, EACH, seed=2)
    share = verdicts.share_holding(CLAIM, effect)
    expected = stats.norm.cdf(mean / tau)
    assert share.raw == (effect.mean(1) > 0).mean()
    assert share.estimate == pytest.approx(expected, abs=0.02)
    assert abs(share.raw - expected) > 0.01 and share.low < expected < share.high
    same = replace(CLAIM, direction="leaves_unchanged")
    inside = stats.norm.cdf(1, mean, tau) - stats.norm.cdf(-1, mean, tau)
    share = verdicts.share_holding(same, effect)
    assert share.estimate == pytest.approx(inside, abs=0.02)


def test_the_interval_of_the_share_holds_the_truth():
    """In about 95 % of samples of 64 sets, at a share of 90 %."""
    truth = stats.norm.cdf(1.2816)
    inside = 0
    for k in range(100):
        effect = 1.2816 + noise(SETS, 1, seed=k) + 2 * noise(SETS, EACH, seed=k + 500)
        share = verdicts.share_holding(CLAIM, effect)
        inside += share.low <= truth <= share.high
    assert inside >= stats.binom.ppf(0.001, 100, 0.95)


def test_what_noise_hides_is_not_told():
    """Where few organisations make nearly all the spread, no share is sure."""
    effect = 0.1 + 2 * noise(SETS, EACH)
    assert verdicts.share_holding(CLAIM, effect).most is None


def test_holes_in_outcomes_do_not_move_the_share():
    """Worlds without an outcome are left out of a set; a set without any, too."""
    effect = 1 + noise(6000, 1) + 2 * noise(6000, EACH, seed=2)
    effect[noise(6000, EACH, seed=3) > 0.8] = np.nan
    effect[:50] = np.nan
    share = verdicts.share_holding(CLAIM, effect)
    assert share.estimate == pytest.approx(stats.norm.cdf(1), abs=0.02)


# --- conditions and what decides ----------------------------------------------------


def people_above_median(drawn):
    """Return which organisations are larger than most."""
    people = np.array([[one.people for one in row] for row in drawn])
    return people > np.median(people)


def of_absent_leaders(drawn):
    """Return which organisations have leaders who are absent."""
    return np.array([[x.levers["steering"] == "absent" for x in row] for row in drawn])


def of_small_parameter(drawn):
    """Return where one parameter lies below its median."""
    values = np.array([one[NAMES[3]] for one in sets_of()])
    return np.repeat((values <= np.median(values))[:, None], EACH, 1)


@pytest.mark.parametrize(
    ("where", "factor", "side"),
    [
        (people_above_median, "people", "above"),
        (of_absent_leaders, "steering", "absent"),
        (of_small_parameter, NAMES[3], "below"),
    ],
)
def test_a_planted_condition_is_found(where, factor, side, drawn):
    """On the size, on a lever, on a parameter: with the effects there and elsewhere."""
    inside = where(drawn)
    effect = np.where(inside, 3.0, -2.0) + NOISE * noise(SETS, EACH)
    found = judged(effect, drawn)
    assert found.kind == "only_when"
    condition = found.condition
    assert (condition.factor, condition.side) == (factor, side)
    assert condition.inside.estimate == pytest.approx(3, abs=0.3)
    assert condition.outside.estimate == pytest.approx(-2, abs=0.3)
    assert max(condition.inside.n, condition.outside.n) <= SETS // 2
    assert (condition.at is None) == (factor == "steering")


def test_a_condition_under_which_it_is_too_small_does_not_count(drawn):
    """An effect that is surely there, and smaller than what matters, is no support."""
    effect = np.where(people_above_median(drawn), 0.8, -1.0)
    found = judged(effect + 0.1 * noise(SETS, EACH), drawn)
    assert found.condition is None and found.kind != "only_when"


def test_noise_has_no_conditions(drawn):
    """In at least nine of ten draws of pure noise no condition is found."""
    claim = replace(CLAIM, smallest=0.01)
    found = [judged(noise(SETS, EACH, seed=k), drawn, claim) for k in range(40)]
    assert sum(one.condition is None for one in found) >= 36
    assert not any(one.kind == "supported" for one in found if one.effect.low <= 0)


def test_effects_that_differ_by_set_alone_have_no_condition(drawn):
    """A large mean whose sign hangs on nothing that was drawn makes no condition."""
    found = []
    for k in range(40):
        between = 3 + 3 * noise(SETS, 1, seed=2 * k)
        found.append(judged(between + noise(SETS, EACH, seed=2 * k + 1), drawn))
    assert sum(one.condition is None for one in found) >= 36
    assert any(one.holds.estimate < 0.9 for one in found)


def test_effects_that_are_all_the_same_have_no_condition(drawn):
    """A contrast that changes nothing gives a verdict, not a division by zero."""
    found = judged(np.zeros((SETS, EACH)), drawn)
    assert found.why == "too_small" and found.condition is None
    assert found.holds.estimate == 0 and found.decided_by == ()


def test_levers_that_a_contrast_sets_are_no_conditions(drawn):
    """What an organisation was drawn with is laid over, and can decide nothing."""
    effect = np.where(of_absent_leaders(drawn), 3.0, -2.0) + NOISE * noise(SETS, EACH)
    assert judged(effect, drawn).condition.factor == "steering"
    found = judged(effect, drawn, moved=("steering",)).condition
    assert found is None or found.factor != "steering"
    assert worlds.moved(ABOUT["direction_quality"].scenarios) == {"steering"}


def test_what_decides_an_effect_is_found():
    """A planted parameter comes first, with the rank correlation of scipy."""
    sets = sets_of()
    column = np.array([one[NAMES[7]] for one in sets])
    means = -2 * column + 0.5 * noise(SETS)
    (name, r), *_ = verdicts.deciding(means, sets)
    assert name == NAMES[7]
    assert r == pytest.approx(stats.spearmanr(column, means).statistic) and r < -0.5
    means[:5] = np.nan
    (name, r), *_ = verdicts.deciding(means, sets)
    assert r == pytest.approx(stats.spearmanr(column[5:], means[5:]).statistic)
    assert verdicts.deciding(means[: FEWEST + 4], sets[: FEWEST + 4]) == ()


def test_noise_is_decided_by_nothing():
    """In 300 draws of noise some parameter is named in about 5 %, of all together."""
    sets = sets_of()
    draws = [verdicts.deciding(noise(SETS, seed=k), sets, k) for k in range(300)]
    named = sum(bool(found) for found in draws)
    low, high = stats.binom.interval(0.999, 300, 0.05)
    assert low <= named <= high


# --- the whole way ------------------------------------------------------------------


@pytest.fixture
def calibrated(monkeypatch):
    """Two sets of parameters that stand for those that pass calibration."""
    found = ({"strain_support": 0.4}, {})
    monkeypatch.setattr(testing, "calibrated_sets", lambda: found)
    return found


def test_a_claim_is_tested_and_resumed(tmp_path, monkeypatch, calibrated, trial):
    """Everything is kept: a second call makes nothing and says the same."""
    asked = ClaimTest(sets=8, organisations=2)
    names = [trial().id]
    [found] = put_to_the_test(names, tmp_path, asked, workers=1)
    verdict = found.verdict
    assert found.claim.id == names[0] and verdict.kind in VERDICTS
    assert verdict.effect.n == 8 and 0 <= verdict.holds.estimate <= 1
    assert found.shipped.n == testing.SHIPPED_WORLDS and found.shipped.low > 0
    assert found.through and 0 < found.through.estimate < 1.5
    [kept] = tmp_path.iterdir()
    rows = kept.read_text().splitlines()
    assert len(rows) == 8 + len(calibrated) + 3
    assert found.at_values.n == testing.AT_VALUES and found.at_values.low > 0

    def broken(*_):
        raise AssertionError("a row is made again")

    broken.__module__ = testing.__name__  # rows are those of the module that makes them
    monkeypatch.setattr(testing, "_row", broken)
    assert put_to_the_test(names, tmp_path, asked, workers=1) == (found,)
    with pytest.raises(RuntimeError, match="made again"):
        put_to_the_test(names, tmp_path, replace(asked, seed=2), workers=1)


def of_all(names, values):
    """Return the same outcomes for each of the claims that share worlds."""
    return dict.fromkeys(names, values)


def test_effects_of_a_test_are_those_of_its_sets(tmp_path, calibrated, monkeypatch):
    """Set s has organisations of its own; those that pass calibration come after."""
    seen = []

    def row(kind, *rest):
        if kind == "shipped":
            return {"values": of_all(rest[0], [[0.0, 2.0], [None, 1.0], [1.0, 5.0]])}
        if kind == "path":
            return {"share": None}
        if kind == "values":
            return {"values": of_all(rest[0], [[0.0, 7.0]] * 2)}
        part, *other = rest[2:]
        seen.append((int(kind), *vars(part).values(), *other))
        effect = 5.0 if int(kind) >= 8 else int(kind)
        return {"values": of_all(rest[0], [[1.0, 1.0 + effect]] * part.each)}

    monkeypatch.setattr(testing, "_row", row)
    asked = ClaimTest(sets=8, organisations=3, seed=6)
    [found] = put_to_the_test(["ownership_motivation"], tmp_path, asked, workers=1)
    assert sorted(seen) == [(s, 3 * s, 3, 30, 6, None, None) for s in range(10)]
    assert found.verdict.effect.estimate == pytest.approx(np.arange(8).mean())
    assert found.verdict.calibrated.estimate == 5 and found.at_values.estimate == 7
    assert found.verdict.holds_calibrated == 1
    assert (found.shipped.estimate, found.shipped.dropped) == (3.0, 1)
    assert found.through is None


def test_rules_are_compared_in_the_same_organisations(
    tmp_path, calibrated, monkeypatch
):
    """Same sets and organisations, none that pass calibration; shifts are paired."""
    seen = []

    def row(kind, names, parameters, part, rule, size):
        seen.append((int(kind), part.first, part.total, rule))
        luck = [10.0 * int(kind) + k for k in range(part.each)]
        more = 0.25 if rule else 0.0
        return {"values": of_all(names, [[x, 2 * x + 1 + more] for x in luck])}

    monkeypatch.setattr(testing, "_row", row)
    asked = ClaimTest(sets=8, organisations=2)
    rules = ["no_ties", "conformity"]
    found = under_rules(["ownership_motivation"], rules, tmp_path, asked, workers=1)
    assert [one.rule for one in found] == rules
    expected = {(s, 2 * s, 16, r) for s in range(8) for r in (None, *rules)}
    assert set(seen) == expected and len(seen) == len(expected)
    for one in found:
        assert one.shift.estimate == pytest.approx(0.25)
        assert one.shift.high - one.shift.low < 1e-9
        assert one.ours.estimate == pytest.approx(36.5)
        assert one.differs and one.matters
        assert not replace(one, claim=replace(one.claim, smallest=0.3)).differs
    page = as_text(rival_text.rules_document(found, asked))
    assert "ownership motivation" in page and "shift +0.25" in page and "**" in page
    table = rival_text.rules_table(found, asked)
    assert table["shift"].tolist() == pytest.approx([0.25, 0.25])


def test_weights_at_zero(tmp_path, calibrated, monkeypatch, trial):
    """Overtime is gone where people work none however much presses."""
    name, tried = trial(replace(TRIAL, outcome="overtime")).id, OVERTIME
    assert set(tried) < set(weights.weights())
    monkeypatch.setattr(weights, "weights", lambda: tried)
    found = weights.without_weights([name], tmp_path, workers=1)
    first, last = found
    assert (first.parameter, last.parameter) == tuple(tried)
    assert first.sure and first.left < 0.9 < last.left and not last.sure
    less, plain = (
        worlds.lived(name, values, PopulationPart(0, 24, 24, 1))["values"]
        for values in ({OVERTIME[0]: 0.0}, {})
    )
    gaps = [np.diff(np.array(x), axis=1).mean() for x in (less, plain)]
    assert first.left == pytest.approx(gaps[0] / gaps[1])
    page = as_text(rival_text.weights_document(found))
    assert OVERTIME[0] in page and OVERTIME[1] not in page
    assert rival_text.weights_table(found)["parameter"].tolist() == tried


def test_unknown_claims_and_rules_are_told(tmp_path):
    """All at once, with the nearest; nothing is written."""
    with pytest.raises(InputError) as caught:
        put_to_the_test(["saying_yes", "ownership_qualty", "evaluation"], tmp_path)
    assert "unknown claim 'ownership_qualty'; did you mean ownership_quality?" in str(
        caught.value
    )
    assert "'saying_yes'" in str(caught.value) and "'evaluation'" not in str(
        caught.value
    )
    with pytest.raises(InputError, match="unknown rule 'no_tie'; did you mean no_ties"):
        under_rules([], ["no_tie"], tmp_path, ClaimTest())
    assert list(tmp_path.iterdir()) == []


def test_claims_are_chosen_once_and_all_where_none_is_named():
    """In the order in which they are named."""
    assert chosen([]) == claims()
    picked = chosen(["saying_no", "evaluation", "saying_no"])
    assert [claim.id for claim in picked] == ["saying_no", "evaluation"]


def test_the_command_refuses_unknown_claims(tmp_path, capsys):
    """`orgsim claims nonsense` ends with 2, and so does an unknown rule."""
    output = ["--output", str(tmp_path / "out"), "--quiet"]
    assert call(["claims", "nonsense", *output]) == 2
    assert "unknown claim 'nonsense'" in capsys.readouterr().err
    assert call(["claims", "saying_no", "--rule", "conformty", *output]) == 2
    assert "did you mean conformity?" in capsys.readouterr().err
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())


def test_the_command_leaves_verdicts(tmp_path, calibrated, monkeypatch, capsys):
    """A table, a text and a figure, and the text is what is printed."""
    monkeypatch.setattr(
        testing,
        "_row",
        lambda kind, names, *rest: {
            "shipped": {"values": of_all(names, [[0.1, 0.3], [0.1, 0.4]])},
            "path": {"share": None},
        }.get(kind, {"values": of_all(names, [[0.3, 0.5], [0.4, 0.6]])}),
    )
    out = tmp_path / "out"
    args = ["claims", "ownership_motivation", "--sets", "8", "--organisations", "2"]
    assert call([*args, "--workers", "1", "--quiet", "--output", str(out)]) == 0
    told = capsys.readouterr().out
    assert "ownership_motivation" in told
    name = "8x2-seed-1-ownership_motivation"
    assert told.startswith((out / f"verdicts-{name}.txt").read_text())
    assert told.rstrip().endswith(f"{out}/")
    assert "ownership_motivation" in (out / f"claims-{name}.csv").read_text()
    assert not (out / "claims.csv").exists()


# --- text ---------------------------------------------------------------------------


CONDITIONS = (
    SimpleNamespace(factor="people", side="above", at=41.5),
    SimpleNamespace(factor="strain_support", side="below", at=0.1234),
    SimpleNamespace(factor="steering", side="not absent", at=None),
)


def came_of(kind, condition=None, fixed=False, claim=CLAIM, why=""):
    """Return a claim with a verdict of a kind."""
    around = t_interval([0.2, 0.3, 0.4])
    where = condition and Condition(
        condition.factor, condition.side, condition.at, around, around
    )
    decided = (("strain_support", -0.61), ("quit_hazard", 0.4))
    share = SignShare(0.81, 0.934, 0.7, 1.0)
    verdict = ClaimVerdict(
        kind, why, around, share, around, 0.5, where, decided, 0.4, 0.1, around, 0.77
    )
    return testing.ClaimResult(claim, verdict, around, around, around, fixed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdicts_as_text(language):
    """Every kind of verdict and of condition has its words, in both languages."""
    found = [came_of(kind) for kind in ("supported", "contrary")]
    found += [
        came_of("open" if "un" in why else "not_supported", why=why) for why in REASONS
    ]
    found += [came_of("only_when", condition) for condition in CONDITIONS]
    found += [came_of("supported", fixed=True), came_of("contrary", fixed=True)]
    told = as_text(claim_text.document_of(found, ClaimTest(64, 6), language))
    assert not re.search(r"[{}]|\bnan\b|None", told)
    assert all(len(line) <= 88 for line in told.splitlines())
    flat = re.sub(r"\s+", " ", told)
    says = {x: CLAIM.says[x] for x in LANGUAGES}
    assert flat.count(says[language]) == len(found)
    assert not any(says[x] in flat for x in LANGUAGES if x != language)
    words = {
        "en": (
            "only when people is above 41.5",
            "strain support is at most 0.123",
            "steering is not absent",
            "contrary",
            "93%",
            "strain_support (−) and quit_hazard (+)",
            "Of 16 claims,",
        ),
        "nl": (
            "alleen als het aantal mensen boven 41,5 ligt",
            "strain support hoogstens 0,123 is",
            "tegendeel",
            "93%",
            "strain_support (−) en quit_hazard (+)",
            "Van 16 beweringen,",
        ),
    }
    for part in words[language]:
        assert part in flat, part


def test_counts_add_up():
    """Each claim is counted once: signs fixed by construction are no support."""
    new = replace(CLAIM, seen=False, edition=2)
    chain = replace(CLAIM, chain={"en": "a chain", "nl": "een keten"})
    found = [
        came_of("supported"),
        came_of("supported", claim=new),
        came_of("supported", claim=chain),
        came_of("supported", fixed=True),
        came_of("only_when", CONDITIONS[0]),
        came_of("only_when", CONDITIONS[0], fixed=True),
        came_of("contrary"),
        came_of("contrary", fixed=True),
        came_of("open", why="borderline"),
        came_of("not_supported", why="too_small"),
        came_of("not_supported", why="leans", claim=new),
    ]
    told = claim_text.counts(found)
    numbers = [int(x) for x in re.findall(r"\d+", told)]
    assert numbers[:2] == [11, 2] and numbers[3:11] == [3, 1, 1, 1, 2, 2, 1, 2]
    assert numbers[11:13] == [11, 2]  # all were judged over version 2
    assert sum(one.counts for one in found) == 4
    assert "direction put in" in claim_text.verdict_text(found[2])


def test_signs_by_construction_are_found():
    """Deciding oneself decides by definition who decides, and nothing of leads."""
    fixed = [claim.id for claim in claims() if testing.is_fixed(claim)]
    assert "ownership_quality" not in fixed and "ownership_motivation" not in fixed
    definition = replace(CLAIM, outcome="ownership")
    assert testing.is_fixed(definition) == bool(
        testing.by_construction(
            read("assigned").stages[-1].levers,
            read("owned").stages[-1].levers,
            "ownership",
        )
    )


def test_verdicts_as_a_table():
    """A row for each claim with numbers that read back."""
    found = [came_of("only_when", CONDITIONS[2]), came_of("open", why="uncertain")]
    table = claim_text.as_table(found, ClaimTest(sets=24, size="small"))
    assert set(table["size"]) == {"small"} and set(table["sets"]) == {24}
    assert table["verdict"].tolist() == ["only_when", "open"]
    assert table["condition"].tolist() == ["steering is not absent", ""]
    assert table["effect"].tolist() == pytest.approx([0.3, 0.3])
    assert table["decided_by"][0] == "strain_support:-0.61 quit_hazard:0.40"
    assert math.isnan(table["inside"][1]) and table["through"][0] == pytest.approx(0.3)
