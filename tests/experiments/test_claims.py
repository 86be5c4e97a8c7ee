"""The ledger of claims: whole, and about what is there."""

from collections import Counter

import pytest

from experiments.claims import ClaimError, claims, read_claims
from experiments.claims.ledger import ARTICLES
from simulation.scenario import read

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
    base, *others = (read(name).canonical() for name in claim.scenarios)
    assert all(other != base for other in others)
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
