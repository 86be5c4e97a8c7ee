"""The contract: labels carry nothing, seats are interchangeable, rules see numbers."""

import csv
import math
import tokenize
import tomllib
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

import simulation.rules
from simulation import tables
from simulation.binding import arguments
from simulation.founding import State, found
from simulation.measures import summarise
from simulation.model import Organisation
from simulation.organisation import draw_chart
from simulation.people_table import COLUMNS, FULL_TIME_HOURS
from simulation.scenario import load, read, resolve, scenario_from, vary
from simulation.scenario_places import locate
from simulation.week import RULES

RULE_FILES = sorted(Path(simulation.rules.__file__).parent.glob("*.py"))
HOMONYMS = {
    "support": "what a person feels of leader and team, as in demands-control-support",
    "budget": "euros, a state of the firm",
    "cost": "euros, a state of the firm",
    "seat": "the stable key of a person's place",
    "champion": "the index of whoever would champion a change",
    "top": "the index of the highest leader, and a sum of the best themes",
    "makers": "people of marketing and communication, in the weekly record",
    "usual": "a person's usual number of deliverables",
    "volume": "deliverables over the usual number",
    "clear": "agreement of a picture with practice",
    "room": "hours that are left, and room to decide",
    "training": "hours",
    "testing": "hours",
    "written": "a mask of what is written down",
    "present": "people at work",
}
"""Words of levers or settings that rules use in a meaning of their own."""
OUTCOMES = (
    "lead_quality",
    "leads_handed",
    "market_fit",
    "wrong_stock",
    "burnout_score",
    "ownership",
    "motivation",
    "clarity",
    "control",
    "safety",
    "turnover",
)


def _raw(name):
    return tomllib.loads(locate(name).read_text(encoding="utf-8"))


def _renaming():
    """Return new names for levers, and for the settings of each."""
    levers = {name: f"knob_{i}" for i, name in enumerate(tables.lever_table())}
    settings = {
        lever.name: {name: f"notch_{i}" for i, name in enumerate(lever.settings)}
        for lever in tables.lever_table().values()
    }
    return levers, settings


def _renamed_table(levers, settings):
    rows = tomllib.loads((tables.HERE / "levers.toml").read_text(encoding="utf-8"))
    return tables.read_levers(
        {
            levers[lever]: {settings[lever].get(k, k): v for k, v in row.items()}
            for lever, row in rows.items()
        }
    )


def _renamed(data, levers, settings):
    """Return the data of a scenario file with new names for levers and settings."""
    new = {key: value for key, value in data.items() if key != "based_on"}
    if "levers" in new:
        named = new["levers"].items()
        new["levers"] = {levers[k]: settings[k][v] for k, v in named}
    if "changes" in new:
        new["changes"] = [_renamed(x, levers, settings) for x in new["changes"]]
    return new


@pytest.mark.parametrize("name", ["owned_without_frame", "transition"])
def test_results_are_equal_bit_for_bit_when_levers_and_settings_are_renamed(
    name, monkeypatch
):
    """A lever is only a name for structural numbers."""
    plain = replace(read(name), weeks=60)
    levers, settings = _renaming()
    table = _renamed_table(levers, settings)
    monkeypatch.setattr(tables, "lever_table", lambda: table)
    base = scenario_from(_renamed(_raw("baseline"), levers, settings), "base")
    data = _renamed(_raw(name), levers, settings)
    renamed = replace(resolve(scenario_from(data, "renamed", base)), weeks=60)
    assert renamed.canonical() == plain.canonical()
    assert not renamed.stages[-1].levers.keys() & plain.stages[-1].levers.keys()
    runs = [Organisation(scenario, 3).run() for scenario in (plain, renamed)]
    assert runs[0].tobytes() == runs[1].tobytes()


def test_no_rule_names_a_lever_or_a_setting():
    """What rules call things are structural numbers and states, never conditions."""
    table = tables.lever_table().values()
    names = {lever.name for lever in table} | {s for x in table for s in x.settings}
    names -= tables.STRUCTURE.keys() | HOMONYMS.keys()
    found = [
        f"{path.name}:{token.start[0]}: {token.string}"
        for path in RULE_FILES
        for token in tokenize.generate_tokens(path.open(encoding="utf-8").readline)
        if token.type == tokenize.NAME and token.string in names
    ]
    assert not found


def test_rules_work_on_arrays_of_numbers_only():
    """No text reaches a rule: there is nowhere for a lever's name to be."""
    state = found(read("owned"), 1, 0)[1]
    arrays = {f.name: getattr(state, f.name) for f in fields(State)}
    for rule in RULES:
        assert set(arguments(rule)) <= arrays.keys() | {"i"}
    kinds = {
        kind.kind
        for array in arrays.values()
        for kind in (
            [array.dtype[n] for n in array.dtype.names]
            if array.dtype.names
            else [array.dtype]
        )
    }
    assert kinds <= set("iuf")


def test_levers_change_only_structural_numbers():
    """No lever touches a parameter of the equations or an outcome."""
    for lever in tables.lever_table().values():
        for numbers in lever.settings.values():
            assert numbers.keys() <= tables.STRUCTURE.keys()
    assert not tables.STRUCTURE.keys() & tables.PARAMETERS.keys()


def _people_file(folder, prefix):
    """Write the baseline's people as a table, every name with `prefix` before it."""
    path = folder / f"people{prefix}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for seat in draw_chart(read("baseline")).seats:
            manager = prefix + seat.manager if seat.manager else ""
            place = (seat.team, manager, FULL_TIME_HOURS, seat.department, seat.domain)
            rows.writerow((prefix + seat.name, seat.role, *place))
    return path


def _outcomes_with_names(folder, prefix, worlds):
    organisation = {"people": str(_people_file(folder, prefix))}
    scenario = vary(
        load("owned"), organisation=organisation, run={"weeks": 52, "warm_up_weeks": 26}
    )
    runs = [Organisation(resolve(scenario), 7, r).run() for r in range(worlds)]
    values = summarise(np.stack(runs), None, OUTCOMES)
    return {name: np.asarray(values[name]) for name in OUTCOMES}


def test_outcomes_are_equal_in_distribution_when_seats_are_renamed(tmp_path):
    """Another name is another draw of the same thing: means agree within their error.

    3.5 standard errors for the furthest of eleven outcomes; seeds are fixed.
    """
    worlds = 24
    here = _outcomes_with_names(tmp_path, "", worlds)
    there = _outcomes_with_names(tmp_path, "x", worlds)
    for name in OUTCOMES:
        assert not np.array_equal(here[name], there[name])
        error = math.sqrt((here[name].var(ddof=1) + there[name].var(ddof=1)) / worlds)
        assert abs(here[name].mean() - there[name].mean()) <= 3.5 * error, name
