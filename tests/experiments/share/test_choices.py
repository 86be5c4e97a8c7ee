"""Scenarios become choices on a page, and choices scenarios again."""

import pytest

from experiments.errors import InputError
from experiments.share.choices import as_is_of, check_leavers, choice_of
from experiments.share.drawing import draws_of
from experiments.share.questions import USUAL, base_of, questions
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, vary


@pytest.fixture(scope="module")
def usual():
    """The organisation of most shipped questions."""
    return read(USUAL)


def test_a_choice_makes_the_scenario_again(usual):
    """Of all questions that ship: the same stages, week by week."""
    found = questions(usual, [])
    assert len(found) > 35
    for one in found:
        scenario = read(one["id"])
        choice = choice_of(scenario, usual)
        assert choice.as_json() == one["choice"]
        as_is, to_be = choice.scenarios(usual)
        assert to_be.stages[0].structure == scenario.stages[0].structure
        assert as_is.stages[0].structure == scenario.stages[0].structure
        assert [x.structure for x in to_be.stages] == [
            x.structure for x in scenario.stages
        ]
        assert all(one["title"][x] and one["question"][x] for x in LANGUAGES)


def test_what_is_asked_comes_first(usual):
    """Its own group first; what changes nothing is no question."""
    asked = [read("assigned"), read("owned"), read("transition")]
    found = questions(usual, asked)
    assert [one["id"] for one in found[:2]] == ["owned", "transition"]
    assert {one["group"] for one in found[:2]} == {"own"}
    assert [one["id"] for one in found].count("owned") == 1


def test_numbers_that_no_lever_sets_are_kept(usual):
    """A dated change of a number alone is a row of numbers."""
    changed = vary(usual, "tested", structure={"testing_hours": 3.0})
    later = vary(
        usual, "later", changes=[{"week": 9, "structure": {"testing_hours": 2.0}}]
    )
    assert choice_of(changed, usual).numbers == ((0, "testing_hours", 3.0),)
    assert choice_of(later, usual).numbers == ((9, "testing_hours", 2.0),)


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ({"organisation": {"sales": 30}}, "another organisation"),
        ({"parameters": {"deal_value": 1}}, "another parameters"),
        ({"unknown": {"levers": {"mandate": ["executes", "decides"]}}}, "unknown"),
        (
            {"leave": [{"week": 3, "who": "bridge"}]},
            r"another \[\[leave\]\] .*write \[\[leave\]\] in the as-is",
        ),
    ],
)
def test_what_a_page_cannot_choose_is_refused(usual, difference, said):
    """Another size or parameter, and what is not known, are told as that."""
    with pytest.raises(InputError, match=said):
        choice_of(vary(usual, "other", **difference), usual)


def test_whoever_leaves_in_the_as_is_leaves_in_every_choice(usual):
    """In the as-is and in the to-be of what is chosen on the page."""
    base = vary(usual, "left", as_is="self", leave=[{"week": 3, "who": "bridge"}])
    to_be = [{"week": 0, "levers": {"mandate": "decides"}}]
    choice = choice_of(vary(base, "freer", changes=to_be), base)
    assert choice.plan == ((0, "mandate", "decides"),)
    assert {one.leavers for one in choice.scenarios(base)} == {base.leavers}
    assert len(base.leavers) == 1


def test_who_leaves_on_a_page_is_a_seat(usual):
    """Levers of today change who bridges most; the message names the seat of now."""
    check_leavers(vary(usual, "left", leave=[{"week": 3, "who": "sales-2"}]))
    left = vary(usual, "left", leave=[{"week": 3, "who": "bridge"}])
    with pytest.raises(InputError, match=r'"bridge" is "management-1" today'):
        check_leavers(left)


def test_a_page_is_of_the_organisation_before_anything_changes():
    """The as-is of a what-if, and not the what-if, is today."""
    base = base_of(read("owned"))
    assert as_is_of(read("owned")) == base
    assert base.stages[0].levers["mandate"] == "executes"
    assert len(base.stages) == 1


def test_a_page_knows_whether_its_organisation_is_fitted_to_data(tmp_path):
    """It is where worlds take rows of draws, and not where they draw from ranges."""
    (tmp_path / "draws.csv").write_text("structure.team_hours\n1.0\n2.0\n")
    for unknown, fitted in (
        ('draws = "draws.csv"', True),
        ("team_hours = [1, 2]", False),
    ):
        table = "[unknown]" if fitted else "[unknown.structure]"
        text = f'based_on = "baseline"\nas_is = "self"\n{table}\n{unknown}\n'
        (tmp_path / "own.toml").write_text(text)
        drawn = draws_of(read(tmp_path / "own.toml"), 1)
        assert drawn is not None and drawn["fitted"] is fitted
