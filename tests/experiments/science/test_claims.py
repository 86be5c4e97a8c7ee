"""The ledger of claims: whole, and about what is there."""

from collections import Counter

import pytest

from experiments.science.claims import ClaimError, claims, read_claims
from experiments.science.claims.arms import find_arm
from experiments.science.claims.former import former_verdicts
from experiments.science.claims.ledger import ARTICLES, kin
from experiments.science.claims.verdicts import VERDICTS

WHOLE = {
    "article": 1,
    "says": {"en": "It helps.", "nl": "Het helpt."},
    "base": "assigned",
    "scenario": "owned",
    "outcome": "burnout",
    "direction": "lowers",
    "path": ["control"],
}


def test_the_ledger_covers_the_articles():
    """At least 25 claims, some of each article and of each kind."""
    made = claims()
    count = Counter(claim.article for claim in made)
    assert len(made) >= 25 and set(count) == set(ARTICLES) and min(count.values()) >= 4
    assert sum(claim.than is not None for claim in made) >= 3
    assert any(claim.parts for claim in made)
    assert any(claim.against for claim in made)
    assert any(claim.direction == "leaves_unchanged" for claim in made)
    assert any(not claim.seen for claim in made)


@pytest.mark.parametrize("claim", claims(), ids=lambda claim: claim.id)
def test_a_claim_contrasts_two_organisations(claim):
    """Base and scenario differ, else nothing is put to the test."""
    base, *others = (find_arm(name) for name in claim.scenarios)
    for other in others:
        same = other.scenario.canonical() == base.scenario.canonical()
        assert not same or other.intervenes
    assert claim.smallest > 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"scenario": "ownd"}, "unknown 'ownd'; did you mean owned"),
        ({"outcome": "burnuot"}, "did you mean burnout"),
        ({"path": ["contrl"]}, "did you mean control"),
        ({"direction": "up"}, "direction: unknown 'up'"),
        ({"article": 6}, "article: unknown 6"),
        ({"says": {"en": "x"}}, "says: without nl"),
        ({"against": "nothing"}, "against: unknown 'nothing'"),
        ({"than": "detail", "parts": ["owned"]}, "not both"),
        ({"than": "detail", "beside": ["owned", "detail"]}, "not both"),
        ({"beside": ["owned"]}, "beside: takes a base and an arm"),
        ({"beside": ["owned", "detial"]}, "did you mean detail"),
        ({"in_proportion": "ownd"}, "did you mean owned"),
        ({"window": [26, 26]}, "window: takes a first week and a later one"),
        ({"window": [0, 9], "outcome": "learning_speed"}, "has no window"),
        (
            {"scenario": "assigned_until_one_leaves", "outcome": "learning_speed"},
            "no arms that intervene",
        ),
        ({"edition": 3}, "edition: unknown 3"),
        ({"smallest": 0}, "must be above 0"),
        ({"gained_over": "detail"}, "goes with leaves_unchanged"),
        ({"direction": "leaves_unchanged"}, "goes with leaves_unchanged"),
        ({"chain": {"nl": "x"}}, "chain: without en"),
        ({"sen": True}, "unknown 'sen'; did you mean seen"),
    ],
)
def test_mistakes_in_a_ledger_are_told(change, message):
    """Each with its claim and the nearest name."""
    with pytest.raises(ClaimError) as caught:
        read_claims({"good": WHOLE, "bad": WHOLE | change})
    assert str(caught.value).startswith("bad") and message in str(caught.value)
    assert "good" not in str(caught.value).split()


def test_what_lacks_is_told():
    """A claim without a base cannot be tested."""
    row = {key: value for key, value in WHOLE.items() if key != "base"}
    with pytest.raises(ClaimError, match="bad: without base"):
        read_claims({"bad": row})
    (claim,) = read_claims({"good": WHOLE})
    assert claim.smallest == 0.02 and claim.scenarios == ("assigned", "owned")


def test_each_edition_says_what_was_known():
    """Verdicts over version 1 were known of the first; the second predicted."""
    by_edition = {n: [x for x in claims() if x.edition == n] for n in (1, 2)}
    assert {claim.id for claim in claims()} == set(former_verdicts())
    assert not any(claim.predicts for claim in by_edition[1])
    assert len(by_edition[2]) > 26
    assert all(claim.predicts != claim.seen for claim in by_edition[2])
    assert {claim.article for claim in by_edition[2]} == set(ARTICLES)
    for former in former_verdicts().values():
        assert former.kind in VERDICTS
        assert former.effect.low <= former.effect.estimate <= former.effect.high


def test_kin_are_claims_of_the_first_edition_on_the_same_arms():
    """Whichever of the two arms is the base."""
    by_name = {claim.id: claim for claim in claims()}
    assert [x.id for x in kin(by_name["boundaries_for_all"])] == ["saying_no"]
    assert by_name["absence_drifts"] in kin(by_name["loose_shots"])
    assert kin(by_name["saying_no"]) == ()


def test_every_kind_of_claim_is_there():
    """Interactions, in proportion, over a window, and not the other way."""
    made = claims()
    for kind in ("beside", "in_proportion", "window", "parts", "than"):
        assert any(getattr(claim, kind) for claim in made), kind
    directions = {claim.direction for claim in made}
    assert {"does_not_lower", "does_not_raise"} <= directions


def test_worlds_last_as_long_as_the_window():
    """Also beyond the horizon of the arms; never shorter than that."""
    by_name = {claim.id: claim for claim in claims()}
    assert by_name["pays_later"].weeks == 156
    assert by_name["no_instant_results"].weeks == 104
    assert by_name["lasting_engine"].weeks == 156
