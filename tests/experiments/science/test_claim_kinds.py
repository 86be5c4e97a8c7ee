"""Kinds of claims beyond a plain contrast, worlds that claims share, and placebos."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.cli.command_line import call
from experiments.science.claims import Claim, claims, testing, verdicts, worlds
from experiments.science.claims import text as claim_text
from experiments.science.claims.former import former_verdicts
from experiments.science.claims.living import ArmRecords
from experiments.science.claims.testing import ClaimTest, put_to_the_test
from experiments.science.claims.worlds import (
    OrganisationDraw,
    PopulationPart,
    lived,
    lived_together,
    sharing,
)
from experiments.science.tables_page import claims_page
from experiments.show.text import as_text
from experiments.statistics.intervals import t_interval
from experiments.statistics.shares import SignShare
from simulation.outcomes import LANGUAGES, SERIES_RECORD

ONE, TWO = PopulationPart(0, 1, 2, 1), PopulationPart(0, 2, 4, 1)
PLACEBO = Claim(
    id="placebo",
    article=1,
    says={"en": "Nothing changes nothing.", "nl": "Niets verandert niets."},
    base="baseline",
    scenario="two_departments",
    outcome="meetings",
    direction="raises",
    path=("ties",),
    smallest=1.0,
    size="small",
    edition=2,
)
"""A setting against itself: two names of one and the same organisation."""
SETS, EACH = 64, 6
RNG = np.random.default_rng(7)


@pytest.fixture
def ledger(monkeypatch):
    """Return how to put other claims in the place of the articles'."""

    def put(*made):
        for module in (testing, worlds):
            monkeypatch.setattr(module, "claims", lambda: made)
        worlds._lived_once.cache_clear()
        return made

    yield put
    worlds._lived_once.cache_clear()


def verdict_of(claim, effect, calibrated=None):
    """Return the verdict on effects (S, M), already turned as claimed."""
    turned = -effect if claim.direction in ("lowers", "does_not_raise") else effect
    values = np.stack([np.zeros_like(turned), turned], -1)
    beyond = (
        values if calibrated is None else np.stack([0 * calibrated, calibrated], -1)
    )
    names = [f"parameter_{k}" for k in range(6)]
    sets = [dict(zip(names, row, strict=True)) for row in RNG.random((len(effect), 6))]
    levers = dict.fromkeys(worlds.lever_table(), "none")
    who = [[OrganisationDraw(20, levers)] * effect.shape[1]] * len(effect)
    return verdicts.judge(claim, values, sets, who, beyond)


# --- effects ------------------------------------------------------------------------


def test_an_interaction_is_a_difference_of_differences():
    """Between two arms, less that between the two beside them; either direction."""
    claim = replace(PLACEBO, beside=("owned", "detail"))
    values = np.array([[[10.0, 14.0, 20.0, 21.5]]])
    assert verdicts.effects(claim, values) == [[4 - 1.5]]
    assert verdicts.effects(replace(claim, direction="lowers"), values) == [[1.5 - 4]]
    same = np.array([[[10.0, 14.0, 20.0, 24.0]]])
    assert verdicts.effects(claim, same) == [[0.0]]


@pytest.mark.parametrize(("weak", "effect"), [(9.0, 0.0), (8.0, 1.0), (9.5, -0.5)])
def test_a_loss_beyond_its_share(weak, effect, ledger, monkeypatch):
    """A quarter of the items, where all together cost 4: more than 1 is beyond."""
    [claim] = ledger(
        replace(
            PLACEBO,
            base="departments_with_strategy",
            scenario="all_departments_but_one",
            in_proportion="baseline",
            outcome="motivation",
            direction="lowers",
        )
    )
    levels = {claim.base: 10.0, claim.scenario: weak, "baseline": 6.0}

    def live(job, arm, readings):
        series = np.zeros(job.weeks, SERIES_RECORD)
        series["motivation"] = levels[arm.name]
        return ArmRecords(series, None, None, {}, 0.25)

    monkeypatch.setattr(worlds, "live_arm", live)
    [row] = lived(claim.id, {}, ONE)["values"]
    assert row[:2] == [9.0, weak]
    assert verdicts.effects(claim, np.array(row)) == pytest.approx(effect)


# --- verdicts that something is not the other way -----------------------------------


@pytest.mark.parametrize("direction", ["does_not_lower", "does_not_raise"])
@pytest.mark.parametrize(
    ("mean", "between", "kind", "why"),
    [
        (0.0, 0.2, "supported", ""),
        (3.0, 0.5, "supported", ""),
        (-0.5, 0.2, "supported", ""),
        (-1.0, 0.5, "open", "uncertain"),
        (-3.0, 0.5, "contrary", ""),
        (-0.6, 0.9, "not_supported", "not_everywhere"),
    ],
)
def test_verdicts_that_it_is_not_the_other_way(direction, mean, between, kind, why):
    """Surely less than what matters; how much better it is does not count."""
    claim = replace(PLACEBO, direction=direction)
    noise = np.random.default_rng(3).standard_normal((SETS, 1))
    noise = (noise - noise.mean()) / noise.std()
    inner = np.random.default_rng(4).standard_normal((SETS, EACH))
    found = verdict_of(claim, mean + between * noise + 0.2 * (inner - inner.mean()))
    assert (found.kind, found.why) == (kind, why) and found.condition is None


def test_what_is_worse_under_calibrated_sets_is_not_supported():
    """As for every other claim."""
    claim = replace(PLACEBO, direction="does_not_lower")
    effect = 0.1 * np.random.default_rng(5).standard_normal((SETS, EACH))
    found = verdict_of(claim, effect, calibrated=effect[:8] - 2)
    assert (found.kind, found.why) == ("not_supported", "not_calibrated")
    assert found.holds_calibrated == 0 and found.holds.estimate > 0.99


# --- worlds that claims share, and placebos -----------------------------------------


def test_a_setting_against_itself_does_nothing(ledger):
    """Whatever the kind of claim: plain, beside another, in proportion, in a window."""
    plain = PLACEBO
    other = replace(
        PLACEBO, id="beside", beside=("baseline", "two_departments"), window=(0, 20)
    )
    ledger(plain, other, replace(PLACEBO, id="read", outcome="skill_used"))
    for name in ("placebo", "beside", "read"):
        values = np.array(lived(name, {}, TWO)["values"], float)
        assert np.isfinite(values).all() and values.min() > 0
        claim = {x.id: x for x in worlds.claims()}[name]
        assert (verdicts.effects(claim, values) == 0).all(), name


def test_a_placebo_is_too_small_to_matter(ledger, tmp_path, monkeypatch):
    """The whole way, over sets of parameters: no verdict speaks for it."""
    [claim] = ledger(PLACEBO)
    monkeypatch.setattr(testing, "calibrated_sets", lambda: ({}, {}))
    for name, size in (("SHIPPED_WORLDS", 2), ("AT_VALUES", 4), ("CUT_WORLDS", 2)):
        monkeypatch.setattr(testing, name, size)
    asked = ClaimTest(sets=8, organisations=2)
    [found] = put_to_the_test([claim.id], tmp_path, asked, workers=1)
    assert (found.verdict.kind, found.verdict.why) == ("not_supported", "too_small")
    assert found.verdict.effect.estimate == 0 and found.through is None
    assert not found.counts and claim_text.former_text(claim) == ""


def test_claims_on_the_same_arms_share_worlds(ledger, monkeypatch):
    """Each world is lived once, over the longest horizon that one of them needs."""
    later = replace(PLACEBO, id="later", outcome="revenue", window=(120, 130))
    turned = replace(PLACEBO, id="turned", base="more_links", scenario="baseline")
    straight = replace(turned, id="straight", base="baseline", scenario="more_links")
    large = replace(turned, id="large", size="large")
    made = ledger(straight, turned, replace(later, base="more_links"), large)
    made = ledger(*made, replace(later, base="baseline", scenario="more_links"))
    assert sharing(straight) == ("straight", "turned", "later")
    assert sharing(large) == ("large",)
    jobs = []

    def live(job, arm, readings):
        jobs.append((arm.name, job.weeks, job.replicate))
        series = np.zeros(job.weeks, SERIES_RECORD)
        series["hours_worked"], series["hours_meeting"] = 1, np.arange(job.weeks)
        return ArmRecords(series, None, None, {}, 0.0)

    monkeypatch.setattr(worlds, "live_arm", live)
    names = sharing(straight)
    row = lived_together(names, {}, TWO)["values"]
    assert {weeks for _, weeks, _ in jobs} == {130}
    assert sorted(set(jobs)) == sorted(jobs) and len(jobs) == 4
    assert row["straight"] == [x[::-1] for x in row["turned"]]
    short = [[np.arange(104).mean()] * 2] * 2
    assert row["straight"] == short and row["later"] == [[0.0, 0.0]] * 2
    assert lived_together(names, {}, TWO)["values"] == row and len(jobs) == 4


def test_worlds_that_must_be_the_same_are_lived_once(ledger, monkeypatch):
    """An arm of one claim that lays on what an arm of another lays on."""
    other = replace(PLACEBO, id="other", scenario="baseline", base="cost")
    ledger(PLACEBO, other)
    lives = []
    live = worlds.live_arm
    monkeypatch.setattr(worlds, "live_arm", lambda *x: lives.append(x) or live(*x))
    first = lived("placebo", {}, ONE)["values"]
    assert lived("other", {}, ONE)["values"] == first and len(lives) == 1
    lived("other", {"rest": 0.5}, ONE)
    assert len(lives) == 2


def test_every_claim_of_the_ledger_lives_with_those_on_its_arms():
    """Each is in one group, of its size and arms, and groups are fewer than claims."""
    groups = {sharing(claim) for claim in claims()}
    assert sum(map(len, groups)) == len(claims()) > len(groups)


# --- told beside version 2 ----------------------------------------------------------


def came_of(claim, kind, why=""):
    """Return a claim of which came what."""
    around, share = t_interval([0.2, 0.3, 0.4]), SignShare(0.9, 0.9, 0.8, 1.0)
    found = verdicts.ClaimVerdict(
        kind, why, around, share, around, 0.5, None, (), 0.4, 0.1, None, None
    )
    return testing.ClaimResult(claim, found, around, around, None, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_verdicts_over_version_2_are_told_beside_new_ones(language):
    """With whether the kind changed; a claim without one has none."""
    by_name = {claim.id: claim for claim in claims()}
    before = former_verdicts()["strategy_for_all"]
    assert before.kind == "supported" and before.effect.estimate > 0.03
    old = by_name["strategy_for_all"]
    kept, changed = (came_of(old, kind) for kind in ("supported", "contrary"))
    new = came_of(by_name["pays_later"], "supported")
    assert [claim_text.has_changed(x) for x in (kept, changed, new)] == [0, 1, 1]
    unseen = came_of(by_name["evaluation"], "not_supported", "too_small")
    all_of_them = [kept, changed, new, unseen]
    told = as_text(claim_text.document_of(all_of_them, ClaimTest(), language))
    flat = " ".join(told.split())
    words = {
        "en": (
            "the same kind of verdict: supported, +3.1",
            "another verdict: supported",
            "Of 4 judged over version 2 of the model too, 2 met another verdict",
            "judged over version 1 of the model: no prediction",
            "Measured from week 104 to week 156",
        ),
        "nl": (
            "hetzelfde soort oordeel: ondersteund, +3,1",
            "een ander oordeel: onder",
            "Van 4 die ook over versie 2",
            "beoordeeld over versie 1 van het model",
            "Gemeten van week 104 tot week 156",
        ),
    }
    assert all(part in flat for part in words[language])
    table = claim_text.as_table([kept, changed, new], ClaimTest())
    assert table["verdict_before"].tolist() == [
        "supported",
        "supported",
        "not_supported",
    ]
    assert table["changed"].tolist() == [False, True, True]
    assert table["edition"].tolist() == [1, 1, 2]
    assert table["effect_before"][0] == before.effect.estimate
    told = claim_text.document_of([kept, new], ClaimTest(), language)
    page = told.attachments["verdicts.md"]
    rows = [line for line in page.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_contrasts_of_all_kinds_have_words(language):
    """Rivals, parts, an interaction, a share: each names all of its arms."""
    for claim in claims():
        told = claim_text.contrast_text(claim, language)
        assert all(
            name in told for name in claim.scenarios if name != claim.gained_over
        )
    page = claims_page()
    assert all(f"`{name}`" in page for x in claims() for name in x.scenarios[:2])


def test_the_command_knows_claims_of_both_editions(capsys, tmp_path):
    """And the nearest of either."""
    args = ["claims", "pays_latr", "--output", str(tmp_path), "--quiet"]
    assert call(args) == 2
    assert "did you mean pays_later" in capsys.readouterr().err
