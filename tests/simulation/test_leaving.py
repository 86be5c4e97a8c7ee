"""Who leaves in a dated week: found by a rule, gone as ordinary leavers, in pairs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import scenario

from simulation.founding import Founder
from simulation.model import Organisation
from simulation.scenario import ScenarioError, read, vary
from simulation.scenario_values import Leaver
from simulation.state import VACANT, WISHED


def leaving(*pairs, **tables):
    """Return a small organisation in which some leave: (week, who) of each."""
    rows = [{"week": week, "who": who} for week, who in pairs]
    return scenario(leave=rows, **tables)


def seat(what):
    """Return the name of the seat that a scenario's first leaver has."""
    founder = Founder(what)
    return founder.chart.seats[founder.leaving(what)["leave_seats"][0]].name


@settings(max_examples=30)
@given(st.integers(0, 7), st.integers(0, 9), st.integers(0, 2**31))
def test_whoever_leaves_goes_as_if_notice_had_been_given(week, at, seed):
    """Notice written by hand, a week before, gives the same bytes."""
    plain = scenario()
    who = Founder(plain).chart.seats[at].name
    dated = Organisation(leaving((week, who)), seed)
    by_hand = Organisation(plain, seed)
    by_hand.run(until=week)
    if by_hand.state.people.status[at] != VACANT:
        by_hand.state.people.leaving[at] = 1
    assert dated.run().tobytes() == by_hand.run().tobytes()


def test_nothing_before_differs_and_nobody_elses_draws_move():
    """Worlds with and without it are pairs: the same people, market and notices."""
    with_it, without = Organisation(leaving((4, "sales-1"))), Organisation(scenario())
    assert with_it.run(until=4).tobytes() == without.run(until=4).tobytes()
    for model in (with_it, without):
        model.step()
    at = [person.name for person in with_it.agents].index("sales-1")
    here, there = with_it.state.people, without.state.people
    assert (here.status[at], here.until[at] > 4) == (VACANT, True)
    assert with_it.series.leavers[4] == without.series.leavers[4] + 1
    others = np.arange(len(here)) != at
    for name in ("who", "trait", "ability", "episode", "life"):
        assert (here[name] == there[name])[others].all(), name
    assert (with_it.state.market[WISHED] == without.state.market[WISHED]).all()


def test_nobody_leaves_a_seat_that_is_vacant():
    """Who is gone cannot go again; a successor can."""
    once, twice = leaving((2, "sales-1")), leaving((2, "sales-1"), (3, "sales-1"))
    runs = [Organisation(one).run().tobytes() for one in (once, twice)]
    assert runs[0] == runs[1]
    later = leaving((2, "sales-1"), (30, "sales-1"), weeks=40)
    alone = leaving((2, "sales-1"), weeks=40)
    gone = [Organisation(one).run().leavers[30] for one in (later, alone)]
    assert gone[0] == gone[1] + 1


def test_the_bridge_is_who_joins_two_halves(tmp_path):
    """Of two circles of colleagues who meet through one person, it is that person.

    Those have more hours of contact: it is not who is busiest.
    """
    edges = [f"{side}{a},{side}{b},4" for side in "pq" for a in "123" for b in "123"]
    edges += [f"via,{side}{k},0.5" for side in "pq" for k in "12"]
    lines = [line for line in edges if line[:2] < line[3:5] or line.startswith("via")]
    (tmp_path / "met.csv").write_text("\n".join(["source,target,hours", *lines]) + "\n")
    text = 'based_on = "baseline"\n[organisation]\nnetwork = "met.csv"\n'
    text += '[[leave]]\nweek = 3\nwho = "bridge"\n'
    (tmp_path / "met.toml").write_text(text)
    assert seat(read(tmp_path / "met.toml")) == "via"


def test_a_role_is_who_bridges_most_of_that_role():
    """Of all who have the role, the one who comes first of them all."""
    what = leaving((1, "communicator"))
    founder = Founder(what)
    roles = [founder.chart.seats[i].role for i in founder.bridging]
    first = founder.bridging[roles.index("communicator")]
    assert seat(what) == founder.chart.seats[first].name


def test_what_files_say_is_kept_and_replaced_as_changes_are():
    """A scenario based on another keeps its leavers, until it names its own."""
    first = leaving((2, "bridge"))
    assert vary(first, levers={"mandate": "decides"}).leavers == first.leavers
    assert vary(first, leave=[{"week": 5, "who": "sales"}]).leavers == (
        Leaver(5, "sales"),
    )
    assert vary(first, leave=[]).leavers == ()
    nobody = vary(first, leave=[])
    assert nobody.canonical() == scenario().canonical() != first.canonical()


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(1, "sails-1")], r'leave\[0\]\.who: no seat .*did you mean "sales-1"\?'),
        ([(1, "brigde")], r'did you mean "bridge"\?'),
        ([(1, "external")], r"leave\[0\]\.who: nobody here has this role"),
        ([(1, "sales-1"), (1, "sales-1")], r"leave\[1\]\.who: leaves twice in week 1"),
    ],
)
def test_whoever_is_not_there_is_told(rows, told):
    """With the place, what was written, and what it could have been."""
    with pytest.raises(ScenarioError, match=told):
        Founder(leaving(*rows))


def test_all_who_are_not_there_are_told_at_once():
    """Nobody has to repair a file name by name."""
    with pytest.raises(ScenarioError) as caught:
        Founder(leaving((1, "a"), (2, "bridge"), (3, "b")))
    assert [one.key for one in caught.value.problems] == [
        "leave[0].who",
        "leave[2].who",
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{"week": 8, "who": "bridge"}], r"leave\[0\]\.week: is beyond the last week"),
        ([{"week": -1, "who": "bridge"}], r"leave\[0\]\.week: too low"),
        ([{"week": 1}], r"leave\[0\]\.who: is missing"),
        ([{"week": 1, "whom": "bridge"}], r"unknown key .*did you mean who\?"),
        ("bridge", r"leave: must be an array of tables"),
    ],
)
def test_mistakes_in_the_table_are_told(rows, told):
    """As those in the other tables of a file."""
    with pytest.raises(ScenarioError, match=told):
        scenario(leave=rows)


def test_a_run_shorter_than_its_file_says_has_no_leaver():
    """A horizon cut by a command leaves later leavers unborn, as it does changes."""
    short = replace(leaving((6, "bridge")), weeks=4)
    assert Organisation(short).run().tobytes() == (
        Organisation(replace(scenario(), weeks=4)).run().tobytes()
    )
