"""Events of a world: they add up to its weekly record, and leave the world as it is."""

from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios
from worlds import differing

from experiments.story.events import TOPIC_OF, TOPICS, tidy
from experiments.story.observing import Observer, observe
from simulation.model import Organisation
from simulation.scenario import read, vary

COUNTED = {
    "leads_handed": ("lead_in",),
    "leads_won": ("lead_won",),
    "leads_pursued": ("lead_won", "lead_lost"),
    "leads_answered": ("lead_won", "lead_lost", "lead_declined"),
    "decisions": ("decided",),
    "corrections": ("learned",),
    "corruptions": ("misled",),
    "joiners": ("joined",),
}
"""Columns of the weekly record that are numbers of events of some kinds."""
SUMMED = {
    "leads_fitting": "lead_in",
    "inbound_won": "inbound_won",
    "decision_weeks": "decided",
    "waiting_items": "waiting",
    "lost_beliefs": "left",
    "hours_sick": "sick",
}
"""Columns of the weekly record that are sums of values of events of a kind."""
PARTS = {
    "initiative_items": ("started", lambda x: x.reason == "initiative"),
    "leavers": ("left", lambda x: not x.reason.startswith("external")),
    "exhausted_exits": ("left", lambda x: x.reason.endswith("exhausted")),
}
"""Columns that are numbers of those events of a kind of which something is true."""
LEAD_FATES = tuple(
    f"lead_{fate}" for fate in ("won", "lost", "declined", "unanswered", "expired")
)


def by_week(log, kinds, measure=lambda x: 1.0):
    """Return the sum over events of some kinds, week by week."""
    total = np.zeros(len(log.series))
    for event in log.of(*kinds):
        total[event.week] += measure(event)
    return total


def broken(log):
    """Return the columns of the weekly record to which the events do not add up."""
    series = log.series
    sums = {name: by_week(log, kinds) for name, kinds in COUNTED.items()}
    for name, kind in SUMMED.items():
        sums[name] = by_week(log, [kind], lambda x: x.value)
    for name, (kind, holds) in PARTS.items():
        sums[name] = by_week(log, [kind], holds)
    wrong = {x for x, total in sums.items() if not np.allclose(total, series[x])}
    stocks = {
        "market_fit": ("fit_won", "fit_lost", series["items"]),
        "strategy_right": ("strategy_right", "strategy_wrong", series["items"]),
    }
    for name, (up, down, size) in stocks.items():
        moves = by_week(log, [up]) - by_week(log, [down])
        if not np.allclose(np.diff(series[name] * size), moves[1:]):
            wrong.add(name)
    budgets = {event.week: event.value for event in log.of("budget")}
    if any(series.budget[week] != value for week, value in budgets.items()):
        wrong.add("budget")
    if leads_twice(log):
        wrong.add("leads")
    return wrong


def leads_twice(log):
    """Return the leads that ended more than once."""
    ends = Counter(event.other for event in log.of(*LEAD_FATES))
    return [lead for lead, many in ends.items() if many > 1]


@settings(max_examples=20)
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_events_add_up_whatever_the_levers(what, seed):
    """Week by week, to every count of the weekly record, and each lead ends once."""
    assert broken(observe(what, seed)) == set()


@settings(max_examples=8)
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_a_world_is_the_same_when_it_is_observed(what, seed):
    """Byte for byte, in its record and in all of its state."""
    watched, alone = (Organisation(what, seed) for _ in range(2))
    observer = Observer(watched)
    assert watched.run().tobytes() == alone.run().tobytes()
    assert differing(watched.state, alone.state) == []
    assert observer.at == 0


@pytest.fixture(scope="module")
def log():
    """Two years of a shipped scenario."""
    return observe(read("siloed"), 1, 3)


def test_events_of_two_years_add_up(log):
    """In a whole world of usual size."""
    assert broken(log) == set()


def test_every_lead_ends_once_or_is_still_in_hand(log):
    """A lead that came in after the warm-up ends once, with a reason if it is lost."""
    born = {event.other for event in log.of("lead_in")}
    ended = log.of(*LEAD_FATES)
    late = {x for x in born if int(x.split("-")[0]) > len(log.series) - 13}
    assert born - {x.other for x in ended} <= late
    assert all(x.reason for x in ended if x.kind != "lead_won")


def test_leave_is_the_difference_of_illness_and_return(log):
    """From week to week, those who fell ill and came back make up who is away."""
    moves = by_week(log, ["ill"]) - by_week(log, ["returned"])
    away = log.series.employees_on_leave
    assert np.array_equal(np.diff(away), moves[:-1])


def test_decisions_are_of_proposals(log):
    """What is decided in a week was handed in as many weeks before as it waited."""
    handed_in = defaultdict(list)
    for event in log.of("proposed"):
        handed_in[event.item].append(event.week)
    for event in log.of("decided"):
        week = event.week - int(event.value)
        assert week < 0 or week in handed_in[event.item]


def test_the_kinds_are_those_that_are_declared(log):
    """Each event has a topic; the table has a row for each, in the same order."""
    table = tidy(log)
    assert len(table) == len(log.events)
    assert (table["topic"] == table["kind"].map(TOPIC_OF)).all()
    assert set(table["topic"]) == set(TOPICS)
    assert table["week"].is_monotonic_increasing
    assert table["item"].dropna().between(0, len(log.domains) - 1).all()


def test_a_dated_change_begins_once_and_reaches_people():
    """Each person takes up each change once, and the record tells the share."""
    log = observe(vary(read("transition"), run={"weeks": 60}), 1, 0)
    assert [x.week for x in log.of("change")] == [4, 13, 26, 39, 52]
    versions = [(x.who, x.value) for x in log.of("adopted")]
    joined = {x.who for x in log.of("joined")}
    twice = [who for (who, _), many in Counter(versions).items() if many > 1]
    assert set(twice) <= joined
