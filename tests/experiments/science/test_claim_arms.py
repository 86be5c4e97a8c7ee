"""Arms of the ledger: what they say, and what they do that no scenario can."""

from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.science.claims import living, worlds
from experiments.science.claims.arms import (
    LEAVERS,
    Arm,
    ArmError,
    arm_rows,
    arm_table,
    find_arm,
    read_arms,
)
from experiments.science.claims.living import live_arm
from experiments.science.claims.readings import reading_table
from experiments.science.evidence.population import population
from simulation.ensemble.worlds import Job, live_world
from simulation.founding import Founder
from simulation.outcomes import SERIES_RECORD
from simulation.scenario import read, shipped_names, vary
from simulation.state import (
    CHOICE,
    COLLEAGUE,
    DEPARTMENTS,
    DOMAINS,
    MARKETEER,
    MARKETING,
    ON_LEAVE,
    PERSON,
    TIE,
    VACANT,
    WORKING,
    records,
)
from simulation.tables import STRUCTURE, lever_table

FINANCE = DEPARTMENTS.index("finance")
WEEKS = 10


@pytest.fixture(scope="module")
def founder():
    """A small organisation that tells its departments the strategy from week 0 on."""
    base = read("small_base")
    levers = {"departments": "with_strategy", "champion": "present"}
    run = {"weeks": WEEKS, "warm_up_weeks": 4}
    return Founder(vary(base, "told", levers=levers, as_is="small_base", run=run))


def lived(founder, arm=None, readings=()):
    """Return a world of an arm, `founder` has its scenario."""
    arm = arm or Arm("told", "small_base", {})
    return live_arm(Job(founder, 1, 0, WEEKS), arm, readings)


# --- what arms say -------------------------------------------------------------------


@pytest.mark.parametrize("name", arm_table())
def test_an_arm_is_what_it_says(name):
    """Its last levers and numbers are those of its row; else those it is based on."""
    arm = find_arm(name)
    stage, plain = arm.scenario.stages[-1], read(arm.based_on).stages[-1]
    levers = dict(arm.written.get("levers", {}))
    assert {**plain.levers, **levers} == dict(stage.levers)
    for number, value in arm.written.get("structure", {}).items():
        assert stage.structure[number] == value != plain.structure[number]
    assert arm.intervenes or arm.written
    for lever in levers:
        settings = lever_table()[lever].settings.values()
        assert {x for numbers in settings for x in numbers} <= arm.numbers


def test_scenarios_that_ship_are_arms_too():
    """As they are, and they say nothing more."""
    for name in shipped_names():
        arm = find_arm(name)
        assert not arm.intervenes and arm.numbers == frozenset()
    assert find_arm("owned").scenario.stages == read("owned").stages


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"based_on": "ownd"}, "based_on: unknown 'ownd'; did you mean owned"),
        ({"levers": {"tols": "smart"}}, "levers: unknown lever 'tols'"),
        ({"levers": {"mandate": "decide"}}, "mandate: unknown 'decide'; did you mean"),
        ({"structure": {"team_hour": 3}}, "structure: unknown 'team_hour'; did you"),
        ({"passed_by": ["finances"]}, "passed_by: unknown 'finances'; did you mean"),
        ({"leaves": "best_marketeer", "in_week": 3}, "leaves: unknown"),
        ({"leaves": LEAVERS[0]}, "leaves goes with in_week"),
        ({"in_week": 3}, "leaves goes with in_week"),
        ({"lever": {}}, "unknown 'lever'; did you mean levers"),
    ],
)
def test_mistakes_in_arms_are_told(row, message):
    """All at once, each with its arm and the nearest name."""
    good = {"based_on": "owned"}
    with pytest.raises(ArmError) as caught:
        read_arms({"good": good, "bad": {**good, **row}, "owned": good})
    told = str(caught.value)
    assert message in told and "owned: a scenario of this name ships" in told
    assert not any(line.startswith("good") for line in told.splitlines())


def test_an_arm_with_a_lever_that_is_not_there_is_refused():
    """By its name, so that what waits for a lever cannot be run without it."""
    rows = {name: dict(row) for name, row in arm_rows("arms.toml").items()}
    for row in rows.values():
        if "tools" in row.get("levers", {}):
            row["levers"] = {"toolz": row["levers"]["tools"]}
    with pytest.raises(ArmError, match="unknown lever 'toolz'"):
        read_arms(rows)
    with pytest.raises(ArmError, match="unknown arm 'ownd'; did you mean owned"):
        find_arm("ownd")


def test_what_an_arm_names_holds_in_all_arms_of_a_contrast():
    """The phase that both arms name is laid on organisations that are in another."""
    names = ("all_rounder_at_start", "experienced_at_start")
    numbers = worlds.contrast(names)
    assert {"market_turbulence", "competition", "marketing_skill"} <= numbers
    start_up = lever_table()["phase"].settings["start_up"]
    for one in population(3, 5):
        for name in names:
            structure = worlds.laid_on(one, name, numbers).stages[-1].structure
            assert start_up.items() <= structure.items()
            assert structure.keys() == STRUCTURE.keys()


# --- what arms do --------------------------------------------------------------------


def test_an_arm_that_only_is_a_scenario_lives_as_ever(founder):
    """Byte for byte, also where it is read week by week."""
    plain = live_world(Job(founder, 1, 0, WEEKS)).series.tobytes()
    assert lived(founder).series.tobytes() == plain
    read_along = lived(founder, readings=tuple(reading_table()))
    assert read_along.series.tobytes() == plain
    assert set(read_along.readings) == set(reading_table())
    assert all(pairs.shape == (WEEKS, 2) for pairs in read_along.readings.values())
    assert all(np.isfinite(pairs).all() for pairs in read_along.readings.values())


def test_a_probe_goes_with_readings_and_not_with_interventions(founder):
    """The probe is that of the plain world; two histories would be no pair."""
    job = Job(founder, 1, 0, WEEKS, 5)
    world = live_arm(job, Arm("told", "small_base", {}), ("output",))
    plain = live_world(job)
    assert world.probe.tobytes() == plain.probe.tobytes()
    assert world.shock_week == plain.shock_week and "output" in world.readings
    with pytest.raises(ValueError, match="has no probe"):
        live_arm(job, find_arm("assigned_until_one_leaves"))


def test_one_leaves_and_all_else_is_the_same_until_then(founder):
    """The seat empties in that week; weeks before it share each byte."""
    arm = Arm("leaver", "small_base", {}, LEAVERS[0], 4)
    with_one, without = lived(founder, arm), lived(founder)
    assert with_one.series[:4].tobytes() == without.series[:4].tobytes()
    gone = with_one.series["leavers"] - without.series["leavers"]
    assert gone[4] == 1 and (gone[:4] == 0).all()


def test_a_change_passes_a_department_by(founder):
    """There the as-is goes on, for newcomers too, and takes no hours to learn."""
    arm = Arm("passed", "small_base", {}, passed_by=("finance",))
    state = living.with_old_way(founder.found(1, 0), arm.passed_by)
    as_is = state.structure[0]
    life = living.Life(
        state,
        np.zeros(60, SERIES_RECORD),
        living.columns_of(()),
        np.zeros((60, 0, 0), np.int64),
    )
    there = living.seats_of(state, arm.passed_by)
    hours = np.zeros(60)
    for week in range(int(state.firm["week"][0]), 60):
        living.intervene(state, arm, week)
        life.until(week + 1)
        hours[week] += state.people["hours_change"][there].sum() * (week >= 0)
    assert there.any() and (state.people["own_department"][there] == FINANCE).all()
    mine = state.structure[state.people["version"][there]]
    assert (mine == as_is).all() and hours.sum() == 0
    assert state.firm["version"].tolist() == [1]
    assert np.mean(state.people["version"][~there] == 1) > 0.5
    assert state.structure["strategy_to_departments"].tolist() == [0, 1, 0]


def test_ties_with_a_department_that_was_passed_by_stay_as_they_were(founder):
    """In hours; all other ties change, and nothing else of the state is touched."""
    plain = founder.found(1, 0)
    state = living.with_old_way(plain, ("finance",))
    [apart] = np.nonzero(living.seats_of(plain, ("finance",)))
    touched = np.isin(plain.ties["a"], apart) | np.isin(plain.ties["b"], apart)
    assert touched.any() and (plain.hours[0] != plain.hours[1])[touched].any()
    assert (state.hours[:, touched] == plain.hours[0, touched]).all()
    assert (state.hours[:2, ~touched] == plain.hours[:, ~touched]).all()
    assert (state.hours[2] == plain.hours[0]).all()
    changed = {"hours", "structure", "switch_weeks"}
    for field in fields(plain):
        if field.name not in changed:
            assert getattr(state, field.name) is getattr(plain, field.name)


def people(*rows):
    """Return people with these fields, else zeros."""
    found = records(PERSON, len(rows))
    found["leader"] = -1
    for i, row in enumerate(rows):
        for name, value in row.items():
            found[i][name] = value
    return found


def ties(*rows):
    """Return ties (a, b, hours a week)."""
    found = records(TIE, len(rows))
    for k, (a, b, hours) in enumerate(rows):
        found[k]["a"], found[k]["b"], found[k]["contact"] = a, b, hours
    return found


def test_the_best_connected_marketeer_is_found():
    """By hours over ties, among own marketeers at work; the first of equals."""
    one = {"role": MARKETEER, "status": WORKING}
    state = SimpleNamespace(
        people=people(
            {**one, "role": COLLEAGUE},
            one,
            one,
            {**one, "status": ON_LEAVE},
            {**one, "external": 1},
            one,
        ),
        ties=ties((0, 3, 9), (0, 4, 9), (1, 2, 1), (2, 0, 2), (5, 0, 3)),
    )
    assert living.best_connected_marketeer(state) == 2
    state.people["status"] = VACANT
    assert living.best_connected_marketeer(state) is None


def test_the_leader_of_marketing_is_found():
    """To whom most makers of marketing report, if at work."""
    maker = {"maker": 1, "own_department": MARKETING, "status": WORKING}
    state = SimpleNamespace(
        people=people(
            {"status": WORKING},
            {"status": WORKING, "own_department": MARKETING, "leader": 0},
            {**maker, "leader": 1},
            {**maker, "leader": 1},
            {**maker, "leader": 0},
        )
    )
    assert living.marketing_leader(state) == 1
    state.people["status"][1] = ON_LEAVE
    assert living.marketing_leader(state) is None


def test_the_share_of_items_is_that_among_other_departments():
    """Items of marketing do not count, nor empty places."""
    choices = records(CHOICE, 6)
    names = ("email", "sales", "finance", "finance", "hr", "finance")
    choices["domain"] = [DOMAINS.index(name) for name in names]
    choices["exists"] = [1, 1, 1, 1, 1, 0]
    state = SimpleNamespace(choices=choices)
    assert living.share_of_items(state, ("finance",)) == 2 / 4
    assert living.share_of_items(state, ()) == 0
    choices["exists"] = 0
    assert living.share_of_items(state, ("finance",)) == 0
