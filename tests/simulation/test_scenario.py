"""Scenarios: what they resolve to, in which order, and where numbers come from."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import tables
from simulation.scenario import idle_levers, load, read, resolve, scenario_from, vary
from simulation.tables import STRUCTURE, lever_table

CHOICES = {name: list(lever.settings) for name, lever in lever_table().items()}


def root(**tables_of):
    """Return a scenario that is based on nothing."""
    return scenario_from(tables_of, "root")


def layers_of_anything():
    """Return a strategy for the levers and numbers that one layer may name."""
    some_levers = st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(own) for name, own in CHOICES.items()}
    )
    some_numbers = st.fixed_dictionaries(
        {},
        optional={
            name: st.sampled_from((row.low, row.high))
            for name, row in STRUCTURE.items()
        },
    )
    return st.fixed_dictionaries({"levers": some_levers, "structure": some_numbers})


def laid(layers):
    """Return the numbers that hold after layers, read plainly."""
    held = {name: row.value for name, row in STRUCTURE.items()}
    for layer in layers:
        for name, lever in lever_table().items():
            held.update(lever.settings.get(layer["levers"].get(name), {}))
        held.update(layer["structure"])
    return held


def test_the_first_setting_of_every_lever_equals_the_structure_table():
    """A lever that nobody names changes nothing."""
    for lever in lever_table().values():
        for name, value in lever.settings[lever.baseline].items():
            assert value == STRUCTURE[name].value, (lever.name, name)


def test_no_two_levers_change_the_same_number():
    """The order in which levers are laid cannot matter."""
    changed = [
        {name for numbers in lever.settings.values() for name in numbers}
        for lever in lever_table().values()
    ]
    assert sum(map(len, changed)) == len(set().union(*changed))


def test_the_baseline_writes_out_every_lever_in_its_first_setting():
    """baseline.toml can be read as the full list of what an organisation is today."""
    written = load("baseline").written["levers"]
    assert written == {name: lever.baseline for name, lever in lever_table().items()}
    assert read("baseline").stages[0].structure == resolve(root()).stages[0].structure


def test_layers_apply_in_order():
    """Base, then levers, then [structure], each overwriting only what it names."""
    scenario = resolve(
        root(levers={"testing": "room"}, structure={"testing_hours": 5})
    ).stages[0]
    assert scenario.structure["testing_hours"] == 5
    assert scenario.structure["testing_protected"] == 1
    assert scenario.structure["team_hours"] == STRUCTURE["team_hours"].value
    assert scenario.sources["testing_hours"] == "root: [structure]"
    assert scenario.sources["testing_protected"] == 'root: levers.testing = "room"'
    assert scenario.sources["team_hours"] == "structure.toml"


def test_a_parents_number_stays_until_something_later_names_it():
    """Another lever leaves it; the lever that names that number overwrites it."""
    parent = root(structure={"testing_hours": 5})
    other = resolve(scenario_from({"levers": {"mandate": "decides"}}, base=parent))
    same = resolve(scenario_from({"levers": {"testing": "none"}}, base=parent))
    assert other.stages[-1].structure["testing_hours"] == 5
    assert same.stages[-1].structure["testing_hours"] == 0


def test_a_lever_named_again_overwrites_even_where_its_setting_is_the_same():
    """What counts is that a later layer names the number."""
    parent = root(levers={"testing": "room"}, structure={"testing_hours": 5})
    child = resolve(scenario_from({"levers": {"testing": "room"}}, base=parent))
    assert child.stages[-1].structure["testing_hours"] == 2


@settings(max_examples=40, deadline=None)
@given(st.lists(layers_of_anything(), min_size=1, max_size=4), layers_of_anything())
def test_any_chain_and_change_resolve_by_one_plain_rule(layers, change):
    """The last to name a number wins, from the root to the leaf and then by date."""
    scenario = None
    for index, layer in enumerate(layers):
        scenario = scenario_from(layer, f"s{index}", scenario)
    scenario = vary(scenario, changes=[{"week": 7, **change}])
    resolved = resolve(scenario)
    assert dict(resolved.at(-1).structure) == laid(layers[:1])
    assert dict(resolved.at(6).structure) == laid(layers)
    assert dict(resolved.at(7).structure) == laid([*layers, change])


@settings(max_examples=30, deadline=None)
@given(layers_of_anything())
def test_every_number_tells_what_set_it(layer):
    """A source names the table, the lever or [structure] that gave the value."""
    stage = resolve(root(**layer)).stages[0]
    for name, source in stage.sources.items():
        if name in layer["structure"]:
            assert source == "root: [structure]"
        elif source == "structure.toml":
            assert stage.structure[name] == STRUCTURE[name].value
        else:
            lever, setting = source.removeprefix("root: levers.").split(" = ")
            assert layer["levers"][lever] == json.loads(setting)


def test_the_as_is_is_the_root_of_the_chain():
    """Compared scenarios share one history up to the switch at week 0."""
    stages = read("owned").stages
    assert [stage.week for stage in stages] == [-52, 0]
    assert stages[0].structure == read("baseline").stages[0].structure


def test_self_means_that_it_has_always_been_like_this():
    """With as_is = "self" there is no switch at week 0."""
    stages = read("junior").stages
    assert [stage.week for stage in stages] == [-52]
    assert stages[0].structure["marketing_skill"] == 0.4


def test_a_child_starts_from_the_as_is_of_its_parent():
    """ "self" names the file it stands in, also for what is based on that file."""
    child = resolve(vary(load("junior"), levers={"mandate": "decides"}))
    assert child.stages[0].structure["marketing_skill"] == 0.4
    assert child.stages[0].levers["mandate"] == "executes"
    assert child.stages[1].levers["mandate"] == "decides"


def test_an_as_is_may_name_another_scenario():
    """The warm-up runs under that scenario's levers, without its dated changes."""
    stages = read("withdrawn_push").stages
    assert [stage.week for stage in stages] == [-52, 0, 52]
    assert stages[0].structure == read("detail").stages[-1].structure
    assert stages[0].levers["steering"] == "detail"


def test_a_stage_that_changes_no_number_is_left_out():
    """Neither a switch to the same nor a dated change to the same is a change."""
    changes = [{"week": 5, "levers": {"testing": "none"}}]
    assert len(resolve(root(changes=changes)).stages) == 1


def test_changes_of_one_week_merge_in_file_order():
    """The later of two changes in one week wins, and weeks come in order."""
    resolved = resolve(
        root(
            changes=[
                {"week": 9, "structure": {"testing_hours": 1}},
                {"week": 4, "levers": {"mandate": "decides"}},
                {"week": 9, "structure": {"testing_hours": 2}},
            ]
        )
    )
    assert [stage.week for stage in resolved.stages] == [-52, 4, 9]
    assert resolved.stages[-1].structure["testing_hours"] == 2


def test_changes_of_week_0_are_part_of_the_switch():
    """There is one stage at week 0, with what is switched on then."""
    base = root()
    data = {
        "levers": {"mandate": "decides"},
        "changes": [{"week": 0, "levers": {"testing": "room"}}],
    }
    stages = resolve(scenario_from(data, base=base)).stages
    assert [stage.week for stage in stages] == [-52, 0]
    assert stages[1].hours_per_person == 4 + 3


def test_changes_of_a_child_replace_those_of_its_parent():
    """Key by key: an empty list of changes takes them all away."""
    assert len(resolve(vary(load("transition"), changes=[])).stages) == 1


def test_a_dated_change_is_named_as_the_source():
    """The source of a number tells the week and the lever."""
    source = read("transition").stages[-1].sources["skill_breadth"]
    assert source == 'transition.toml: changes week 52: levers.profiles = "t_shaped"'


def test_effort_is_that_of_the_levers_that_changed():
    """Hours and euros add up over changed levers; a context takes no effort."""
    levers = {"mandate": "decides", "testing": "room", "sector": "fast"}
    stage = resolve(scenario_from({"levers": levers}, base=root())).stages[1]
    own = [lever_table()[name] for name in ("mandate", "testing")]
    assert stage.hours_per_person == sum(lever.hours_per_person for lever in own)
    assert stage.euros == sum(lever.euros for lever in own)


def test_an_effort_can_be_given_by_the_scenario():
    """[effort.<lever>] replaces what it names and leaves the rest."""
    data = {
        "levers": {"mandate": "decides"},
        "effort": {"mandate": {"hours_per_person": 10}},
    }
    stage = resolve(scenario_from(data, base=root())).stages[1]
    assert (stage.hours_per_person, stage.euros) == (10, 2000)


def test_a_number_set_directly_takes_no_effort():
    """Only levers carry an effort."""
    stage = read("more_links").stages[1]
    assert (stage.hours_per_person, stage.euros) == (0, 0)


def test_head_counts_merge_key_by_key():
    """A child names only the counts that differ."""
    parent = root(organisation={"sales": 5, "hr": 1})
    child = resolve(scenario_from({"organisation": {"hr": 2}}, base=parent))
    assert (child.organisation.sales, child.organisation.hr) == (5, 2)
    assert child.organisation.marketeers == 12


def test_varying_a_scenario_or_its_resolution_gives_the_same():
    """What-if in one line of Python, on either."""
    levers = {"steering": "detail"}
    one = resolve(vary(load("owned"), levers=levers))
    assert vary(read("owned"), levers=levers) == one
    assert one.stages[0].levers["steering"] == "direction"
    assert one.stages[1].levers["mandate"] == "decides"


def test_parameters_are_complete_and_sourced():
    """A scenario may set any parameter; the others come from the table."""
    resolved = resolve(root(parameters={"shock_share": 0.5}))
    assert resolved.parameters["shock_share"] == 0.5
    assert resolved.parameter_sources["shock_share"] == "root: [parameters]"
    assert set(resolved.parameters) == set(tables.PARAMETERS)
    assert resolved.parameter_sources["brand_decay"] == "parameters.toml"


def test_swapped_labels_leave_what_counts_unchanged(monkeypatch):
    """Renamed levers and settings give the same canonical values, bit for bit."""
    before = resolve(scenario_from({"levers": {"mandate": "decides"}}, base=root()))
    rows = tables._rows("levers.toml")
    keys = tables.NOT_SETTINGS
    renamed = {
        f"x_{name}": {(k if k in keys else f"y_{k}"): v for k, v in row.items()}
        for name, row in rows.items()
    }
    table = tables.read_levers(renamed)
    monkeypatch.setattr(tables, "lever_table", lambda: table)
    data = {"levers": {"x_mandate": "y_decides"}}
    after = resolve(scenario_from(data, base=root()))
    assert after.canonical() == before.canonical()


def test_canonical_values_hold_what_can_change_a_result_and_no_more():
    """Titles, ways to the same numbers and the horizon are no part of it."""
    by_lever = resolve(root(levers={"boundaries": "can_refuse"}))
    by_number = resolve(
        root(structure={"side_work_refusal": 0.8}, title="other", run={"weeks": 3})
    )
    assert by_lever.canonical() == by_number.canonical()
    assert json.loads(json.dumps(by_lever.canonical())) == by_lever.canonical()
    for difference in (
        {"run": {"warm_up_weeks": 3}},
        {"parameters": {"shock_share": 0.5}},
        {"organisation": {"sales": 9}},
        {"structure": {"team_hours": 1}},
    ):
        assert vary(by_lever, **difference).canonical() != by_lever.canonical()


def test_minus_zero_is_zero():
    """Two ways of writing nothing are one run."""
    minus = resolve(root(structure={"team_hours": -0.0})).canonical()
    assert "-0.0" not in json.dumps(minus)


def test_no_warm_up_is_allowed():
    """Then the as-is and the switch both stand at week 0, and the switch holds."""
    data = {"levers": {"mandate": "decides"}, "run": {"warm_up_weeks": 0}}
    resolved = resolve(scenario_from(data, base=root()))
    assert [stage.week for stage in resolved.stages] == [0, 0]
    assert resolved.at(0).levers["mandate"] == "decides"


def test_a_lever_that_changes_nothing_is_reported_idle():
    """With absent leaders nobody holds the talks in which they ask."""
    assert set(idle_levers(read("absent").stages[-1].structure)) == {"leaders_ask"}
    assert not idle_levers(read("baseline").stages[0].structure)
