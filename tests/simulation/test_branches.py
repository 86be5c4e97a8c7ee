"""One warm-up for many ways on: runs are those of each scenario alone."""

from dataclasses import replace

import pytest

from simulation.ensemble.branches import Branches
from simulation.ensemble.worlds import Job, live_world
from simulation.founding import Founder
from simulation.scenario import read, vary

WEEKS = 30
NAMES = (
    *("baseline", "owned", "one_team", "partners", "spop", "more_links"),
    *("integrated_small", "transition", "quarterly_evaluation", "more_budget"),
)


def alike():
    """Return scenarios of one organisation, some with other ties, some with dates."""
    base = read("baseline")
    found = [replace(read(name), weeks=WEEKS) for name in NAMES]
    later = vary(base, changes=[{"week": 9, "levers": {"communication": "matrix"}}])
    twice = vary(base, changes=[{"week": 3, "structure": {"informal_ties": 3}}])
    leaver = vary(base, leave=[{"week": 5, "who": "bridge"}])
    found += [replace(one, weeks=WEEKS) for one in (later, twice, leaver)]
    return [one for one in found if one.organisation == base.organisation]


def test_runs_are_those_of_each_scenario_alone():
    """Byte for byte, with probes, whoever has ties with whom, and in several worlds."""
    scenarios = alike()
    assert len(scenarios) > 8
    branches = Branches(scenarios)
    for replicate in (0, 3):
        ways = branches.warmed(5, replicate)
        for one, way in zip(scenarios, ways, strict=True):
            here = live_world(Job(way, 5, replicate, WEEKS, 12))
            alone = live_world(Job(Founder(one), 5, replicate, WEEKS, 12))
            assert here.series.tobytes() == alone.series.tobytes(), one.name
            assert here.probe.tobytes() == alone.probe.tobytes(), one.name


def test_ways_do_not_touch_one_another():
    """A way that was lived leaves the others, and itself, as they were."""
    scenarios = alike()[:3]
    ways = Branches(scenarios).warmed(1, 0)
    first = [live_world(Job(way, 1, 0, WEEKS)).series.tobytes() for way in ways]
    again = [live_world(Job(way, 1, 0, WEEKS)).series.tobytes() for way in ways[::-1]]
    assert first == again[::-1]


@pytest.mark.parametrize(
    "change",
    [
        {"organisation": {"marketeers": 13}},
        {"parameters": {"talk_step": 0.2}},
        {"run": {"warm_up_weeks": 51}},
        {"as_is": "self", "levers": {"mandate": "decides"}},
    ],
)
def test_scenarios_that_differ_before_are_refused(change):
    """Head counts, parameters, warm-up and the as-is are the past that is shared."""
    base = read("baseline")
    with pytest.raises(ValueError, match="before week 0"):
        Branches([base, vary(base, "other", **change)])
