"""One world is one world: whoever acts first, whoever joins, however it is run."""

import hashlib
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from worlds import FEW, PHASES, differing, lanes_of, scenario

from simulation.model import Organisation, simulate
from simulation.scenario import read
from simulation.state import (
    EXECUTED,
    KNOWN,
    VALUE,
    VISIBLE,
    WANTED,
    WISHED,
)
from simulation.week import ORGANISATION, WEEK

ROOT = Path(__file__).resolve().parents[2]
SYNCHRONOUS = [pair for pair in PHASES if pair[1] != "sell"]


def restore(state, saved):
    """Write what was saved back into the arrays to which rules are bound."""
    for field in fields(state):
        getattr(state, field.name)[...] = getattr(saved, field.name)


def phases_that_depend_on_order(model, weeks, phases, seed=0):
    """Live weeks, each phase in three orders; return phases that tell them apart."""
    draw = np.random.default_rng(seed)
    found = {}
    for _ in range(weeks):
        for who, what, _ in WEEK:
            if who == ORGANISATION:
                getattr(model.rules, what)()
                continue
            agents = list(model.groups[who])
            if (who, what) not in phases:
                model.groups[who].do(what)
                continue
            before = model.state.copy()
            model.groups[who].do(what)
            after = model.state.copy()
            shuffled = [agents[k] for k in draw.permutation(len(agents))]
            for order in (agents[::-1], shuffled):
                restore(model.state, before)
                for agent in order:
                    getattr(agent, what)()
                different = differing(after, model.state)
                if different:
                    found.setdefault(what, (model.week, different))
            restore(model.state, after)
        model.state.firm.week[0] += 1
    return found


@pytest.fixture(scope="module")
def busy():
    """An organisation in which much happens: a new line, full gates, many leads."""
    heads = {
        "marketeers": 10,
        "communicators": 8,
        "sales": 5,
        "product": 3,
        "externals": 2,
    }
    return scenario(
        heads,
        weeks=30,
        warm_up=4,
        as_is="baseline",
        levers={
            "communication": "integrated",
            "steering": "detail",
            "evaluation": "quarterly",
            "sales_partnership": "partners",
            "champion": "present",
            "testing": "room",
        },
        structure={"leader_listening_share": 0.2, "evaluation_weeks": 4},
        parameters={
            "quit_hazard": 0.02,
            "leave_hazard": 0.003,
            "prospects_per_item": 4,
        },
    )


def test_the_order_of_agents_does_not_matter(busy):
    """Within a phase agents may act in any order, bit for bit."""
    model = Organisation(busy, 3)
    assert phases_that_depend_on_order(model, 30, SYNCHRONOUS) == {}
    assert (model.state.people.generation > 0).any()


def test_the_order_of_selling_does_not_matter():
    """What sales people tell about leads adds up to the same whoever tells it first."""
    heads = {"marketeers": 6, "sales": 10}
    what = scenario(
        heads, structure={"lead_feedback": 1.0}, parameters={"prospects_per_item": 30}
    )
    model = Organisation(what)
    assert phases_that_depend_on_order(model, 8, [("sales people", "sell")]) == {}


@pytest.mark.parametrize("name", ["baseline", "transition"])
def test_the_same_world_twice_is_the_same(name):
    """The same scenario, seed and replicate give the same bytes."""
    first, second = Organisation(read(name), 5, 2), Organisation(read(name), 5, 2)
    assert first.run(until=30).tobytes() == second.run(until=30).tobytes()
    assert differing(first.state, second.state) == []


def test_other_replicates_and_seeds_are_other_worlds():
    """No two of a few seeds and replicates share their market or their series."""
    worlds = [(1, 0), (1, 1), (1, 2), (2, 0), (2**63 - 1, 0)]
    models = [Organisation(scenario(FEW), *world) for world in worlds]
    assert len({m.run().tobytes() for m in models}) == len(worlds)
    assert len({m.state.market.tobytes() for m in models}) == len(worlds)


def market_path(what, seed=1):
    """Return what the market wanted and showed in each week."""
    model = Organisation(what, seed)
    path = []
    while model.week < what.weeks:
        model.step()
        path.append(model.state.market[[WISHED, VISIBLE]].copy())
    return np.array(path)


def test_scenarios_share_the_market():
    """What the market wants takes the same path whatever the organisation does."""
    paths = [market_path(read(n)) for n in ("baseline", "owned", "detail", "spop")]
    assert (paths[0][0] != paths[0][-1]).any()
    for path in paths[1:]:
        np.testing.assert_array_equal(path, paths[0])


def test_people_fall_ill_and_quit_by_the_same_draws():
    """What founding people bring along is the same in other scenarios."""
    traits = [
        "trait",
        "felt_demands",
        "felt_control",
        "felt_support",
        "routine_trait",
        "values",
    ]
    first, *others = (
        Organisation(read(n), 1).state.people for n in ("baseline", "owned", "spop")
    )
    for people in others:
        for name in traits:
            np.testing.assert_array_equal(people[name], first[name])


BRINGS = [
    "seat",
    "generation",
    "who",
    "role",
    "domain",
    "trait",
    "felt_demands",
    "felt_control",
    "felt_support",
    "routine_trait",
    "values",
    "craft",
    "exhaustion",
    "tenure",
    "contract",
]


@pytest.mark.parametrize("group", ["marketeers", "finance", "sales", "communicators"])
def test_one_more_person_leaves_the_others_alone(group):
    """A newcomer changes no other founder's traits, beliefs or draws of ties."""
    heads = {**FEW, "marketeers": 6, "finance": 2, "hr": 2}
    small = Organisation(scenario(heads), 7)
    large = Organisation(scenario({**heads, group: heads[group] + 1}), 7)
    names = [p.name for p in small.agents]
    where = [[p.name for p in large.agents].index(n) for n in names]
    assert len(large.agents) == len(names) + 1
    a, b = small.state, large.state
    for name in BRINGS:
        np.testing.assert_array_equal(a.people[name], b.people[name][where], name)
    np.testing.assert_array_equal(a.skill, b.skill[where])
    both = lanes_of(a.market[2]) & lanes_of(b.market[2])[: len(a.choices)]
    assert both.sum() == (a.choices.exists == 1).sum()
    fit = [lanes_of(~(x.market[WANTED] ^ x.market[EXECUTED])) for x in (a, b)]
    rows = [[lanes_of(x.market[row]) for x in (a, b)] for row in (WISHED, VISIBLE)]
    for one, two in (*rows, fit):
        np.testing.assert_array_equal(one[both], two[: len(both)][both])
    same_executor = np.array(
        [
            both[c] and where[a.choices.executor[c]] == b.choices.executor[c]
            for c in range(len(both))
        ]
    )
    assert same_executor.sum() > 0.5 * both.sum()
    for plane in (KNOWN, VALUE):
        one, two = lanes_of(a.beliefs[:, plane]), lanes_of(b.beliefs[:, plane])[where]
        np.testing.assert_array_equal(
            one[:, same_executor], two[:, : len(both)][:, same_executor]
        )


def test_a_fork_goes_on_like_the_original(busy):
    """A fork shares the past, lives the same future, and leaves the original alone."""
    model = Organisation(busy, 3)
    model.run(until=5)
    twin = model.fork()
    week, state = model.week, model.state.copy()
    twin.run()
    assert model.week == week and differing(model.state, state) == []
    model.run()
    assert differing(model.state, twin.state) == []
    assert model.series.tobytes() == twin.series.tobytes()


def test_a_probe_is_the_run_until_the_shock():
    """Until its shock a probe is the run itself; then the market differs at once."""
    what = scenario({"marketeers": 6, "sales": 2, "product": 2}, weeks=40)
    run = simulate(what, 3, probe_week=20)
    assert run.shock_week == 20
    assert run.probe[:20].tobytes() == run.series[:20].tobytes()
    assert run.probe["market_fit"][20] != run.series["market_fit"][20]
    assert run.probe["shocked_wrong"][20] > run.series["shocked_wrong"][20]
    alone = Organisation(what, 3).run()
    for name in alone.dtype.names:
        if name != "shocked_wrong":
            np.testing.assert_array_equal(run.series[name], alone[name])


def test_a_shock_that_is_only_marked_changes_nothing():
    """Marking the choices of a shock leaves every series as it was."""
    marked = Organisation(scenario(weeks=12), 3)
    marked.run(until=4)
    marked.shock(real=False)
    plain = Organisation(scenario(weeks=12), 3).run()
    series = marked.run()
    for name in plain.dtype.names:
        if name != "shocked_wrong":
            np.testing.assert_array_equal(series[name], plain[name])


@pytest.mark.parametrize("probe_week", [None, 8, 100])
def test_no_probe_beyond_the_horizon(probe_week):
    """Without a probe week inside the horizon there is a run and no probe."""
    run = simulate(scenario(weeks=8), probe_week=probe_week)
    assert run.probe is None and run.shock_week is None and len(run.series) == 8


def test_a_longer_run_begins_with_the_shorter():
    """The horizon changes nothing before it."""
    short, long = (Organisation(scenario(weeks=w), 2).run() for w in (6, 12))
    assert long[:6].tobytes() == short.tobytes()


DIGEST = """
import hashlib, sys
sys.path[:0] = [{root!r}, {here!r}]
from dataclasses import fields
from worlds import scenario
from simulation.model import Organisation

def digest(levers):
    heads = {{"marketeers": 3, "communicators": 1, "sales": 2, "product": 1}}
    what = scenario(heads, weeks=4, warm_up=1, as_is="baseline", levers=levers,
        parameters={{"quit_hazard": 0.1, "prospects_per_item": 5}})
    model = Organisation(what, 4)
    model.run()
    total = hashlib.sha256(model.series.tobytes())
    for field in fields(model.state):
        total.update(getattr(model.state, field.name).tobytes())
    return total.hexdigest()

for levers in ({{}}, {{"steering": "detail", "testing": "room", "anchoring": "written",
                     "strategy_work": "spop", "evaluation": "quarterly"}}):
    print(digest(levers))
"""


def test_uncompiled_rules_give_the_same_bytes():
    """Plain Python and machine code agree in every bit after four weeks."""
    code = DIGEST.format(root=str(ROOT), here=str(Path(__file__).parent))
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "ORGSIM_UNCOMPILED": flag},
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout
        for flag in ("0", "1")
    ]
    assert outputs[0] == outputs[1] and len(set(outputs[0].split())) == 2
    assert len(outputs[0].split()[0]) == hashlib.sha256().digest_size * 2
