"""Founding in JavaScript gives the states that Python founds, byte for byte."""

import json

import numpy as np
import pytest
from hypothesis import strategies as st
from in_node import NODE, SEEDS, examples, unequal
from random_charts import KINDS, organised
from random_scenarios import scenarios
from worlds import differing, scenario

from simulation.ensemble import Job
from simulation.founding import Founder
from simulation.informal_ties import MOST_PAIRS
from simulation.input_errors import InputError
from simulation.scenario import read, resolve, scenario_from, vary
from simulation.webassembly.node import asked_founder, found_in_node
from simulation.webassembly.organisations import organisation_of, stages_of

WORLDS = [(1, 0), (2**63 - 1, 2**32 - 1), (7, 3), (1, 0)]
"""Seeds and replicates; the first world is founded again after others."""


def unlike(resolved, worlds, asked=None):
    """Return the arrays in which states from Node differ from those founded here."""
    founders = asked or [asked_founder(one) for one in resolved]
    found = iter(found_in_node(json.loads(json.dumps(founders)), worlds, NODE).states)
    return [
        differing(founder.found(*world), next(found))
        for founder in map(Founder, resolved)
        for world in worlds
    ]


def nothing(found):
    """Return whether there were states, and no array differed."""
    return len(found) > 0 and not any(found)


def test_random_scenarios_are_founded_alike():
    """Random levers, numbers, dated changes, head counts, spans and bundles."""
    drawn = examples(scenarios(), 60)
    assert {len(one.stages) for one in drawn} >= {1, 2, 3}
    assert nothing(unlike(drawn, WORLDS))


def test_hundreds_of_people_are_founded_alike():
    """The same with up to 300 people."""
    drawn = examples(scenarios(times=8), 12)
    assert max(len(Founder(one).chart.seats) for one in drawn) > 100
    assert nothing(unlike(drawn, WORLDS[:2]))


def test_random_seeds_are_founded_alike():
    """Seeds and replicates of any size."""
    pairs = examples(st.tuples(SEEDS, st.integers(0, 2**32 - 1)), 100)
    assert nothing(unlike([scenario()], pairs))


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_people_files_and_graphs_are_founded_alike(kind, tmp_path):
    """Organisations from head counts, people tables, graphs and both."""
    for number in range(kind, kind + 6 * len(KINDS), len(KINDS)):
        one = organised(number, tmp_path)
        assert nothing(unlike([one], WORLDS[:2])), number


def test_the_smallest_and_the_largest_are_founded_alike():
    """One marketeer, a leader over three, and more people than have pairs drawn."""
    tiny = [scenario({"marketeers": 1, "sales": 2}), scenario({"communicators": 4})]
    large = scenario({"marketeers": 700, "communicators": 200, "sales": 150})
    assert len(Founder(large).chart.seats) > MOST_PAIRS
    assert nothing(unlike([*tiny, large], WORLDS[:2]))


def test_other_heads_and_parameters_replace_those_of_the_organisation():
    """A page may change head counts and parameters of what it was given."""
    heads, parameters = {"sales": 20, "externals": 0}, {"prospects_per_item": 3.5}
    before = read("transition")
    after = vary(before, organisation=heads, parameters=parameters)
    asked = asked_founder(before)
    asked["scenario"] |= {"heads": heads, "euros": parameters}
    assert nothing(unlike([after], WORLDS, [asked]))
    assert not nothing(unlike([after], WORLDS, [asked_founder(before)]))


def test_worlds_founded_and_lived_there_are_equal(tmp_path):
    """Founders of several scenarios in one process, with probes and panels."""
    drawn = [*examples(scenarios(), 10), *(organised(k, tmp_path) for k in range(6))]
    founders = [Founder(one) for one in drawn]
    jobs = [
        Job(founder, seed, replicate, 6, replicate, ("score",)[:replicate])
        for seed, replicate in [(5, 0), (2**60, 1), (5, 0)]
        for founder in founders
    ]
    assert unequal(jobs, founded_there=True) == []


def test_shipped_scenarios_founded_there_are_equal_over_years():
    """Over the whole horizon."""
    names = "baseline", "transition", "matrix_governed_large"
    jobs = [Job(Founder(read(name)), 5, 7, 104, 52) for name in names]
    assert unequal(jobs, founded_there=True) == []


def test_an_organisation_is_plain_json():
    """Numbers keep their bits; head counts or seats are there, not both."""
    what = scenario(parameters={"informal_hours": 0.1 + 0.2})
    organisation = organisation_of(what)
    assert json.loads(json.dumps(organisation, allow_nan=False)) == organisation
    assert organisation["parameters"]["informal_hours"] == 0.1 + 0.2
    assert organisation["seats"] is organisation["edges"] is None
    assert organisation["heads"]["sales"] == what.organisation.sales
    stages = stages_of(what)
    assert json.loads(json.dumps(stages, allow_nan=False)) == stages


def test_other_heads_are_refused_where_somebody_leaves():
    """Who bridges among other heads is not known there."""
    one = scenario(leave=[{"week": 2, "who": "bridge"}])
    asked = asked_founder(one)
    assert nothing(unlike([one], WORLDS[:1], [asked]))
    asked["scenario"]["heads"] = {"sales": 3}
    with pytest.raises(RuntimeError, match="heads cannot be others"):
        unlike([one], WORLDS[:1], [asked])


def test_unknowns_are_refused():
    """Pages do not draw them; the message names them."""
    unknown = {"structure": {"side_work_hours": [0.5, 4.0]}}
    what = resolve(scenario_from({"unknown": unknown}, "open"))
    with pytest.raises(InputError, match=r"open: pages .*structure\.side_work_hours"):
        organisation_of(what)


@pytest.mark.parametrize(
    ("world", "scenario_change", "message"),
    [
        ((1, 2**32), {}, "replicate is 4294967296"),
        ((2**63, 0), {}, "seed is 9223372036854775808"),
        ((1, 0), {"euros": {"team_size": None}}, "team_size is no number: null"),
        ((1, 0), {"heads": dict.fromkeys(("marketeers", "sales"), 0)}, "all are in"),
    ],
)
def test_what_cannot_be_founded_is_told(world, scenario_change, message):
    """Numbers out of range, missing parameters, nobody who executes."""
    asked = asked_founder(scenario({"marketeers": 4, "sales": 2}))
    asked["scenario"] |= scenario_change
    with pytest.raises(RuntimeError, match=message):
        found_in_node([asked], [world], NODE)


def test_heads_of_given_people_are_refused(tmp_path):
    """Who is given one by one cannot be counted otherwise."""
    asked = asked_founder(organised(KINDS.index("people"), tmp_path))
    assert np.prod(asked["organisation"]["seats"]["shape"]) >= 3
    asked["scenario"] |= {"heads": {"sales": 3}}
    with pytest.raises(RuntimeError, match="given one by one"):
        found_in_node([asked], [(1, 0)], NODE)
