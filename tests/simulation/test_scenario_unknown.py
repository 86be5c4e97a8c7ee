"""What is not known: every world draws it, the same wherever it is left open."""

import json
import pickle
from dataclasses import replace

import pytest
from scipy import stats

from simulation.ensemble import run_ensemble, simulate
from simulation.model import Organisation
from simulation.scenario import (
    json_schema,
    read,
    resolve,
    scenario_from,
    shipped_names,
    vary,
)
from simulation.scenario_unknown import in_world

OPEN = {
    "levers": {"mandate": ["executes", "decides"], "steering": ["detail", "absent"]},
    "structure": {"side_work_hours": [0.5, 4.0], "one_department": [0, 1]},
    "parameters": {"quit_hazard": [0.001, 0.003]},
}


def scenario(name="open", **data):
    """Return a resolved scenario of these tables."""
    return resolve(scenario_from(data, name))


def drawn(resolved, replicate, seed=1):
    """Return what a world drew: settings and numbers at its last stage."""
    world = in_world(resolved, seed, replicate)
    last = world.stages[-1]
    return {
        "levers": {name: last.levers[name] for name in OPEN["levers"]},
        "structure": {name: last.structure[name] for name in OPEN["structure"]},
        "parameters": {name: world.parameters[name] for name in OPEN["parameters"]},
    }


def test_where_all_is_known_nothing_changes():
    """Every shipped scenario stays the very same, with the same canonical values."""
    for name in shipped_names():
        resolved = read(name)
        assert resolved.unknown is None and in_world(resolved, 1, 0) is resolved
        assert "unknown" not in resolved.canonical()


def test_a_world_is_what_a_file_with_the_drawn_values_says():
    """Writing the values that were drawn into a file gives the same organisation."""
    resolved = scenario(unknown=OPEN, levers={"testing": "room"})
    for replicate in range(8):
        values = drawn(resolved, replicate)
        values["levers"]["testing"] = "room"
        by_hand = scenario(**values)
        assert in_world(resolved, 1, replicate).canonical() == by_hand.canonical()


def test_draws_have_the_distribution_that_the_file_says():
    """Numbers lie evenly in their range, settings and switches come equally often."""
    resolved = scenario(unknown=OPEN)
    worlds = [drawn(resolved, k) for k in range(2000)]
    hours = [x["structure"]["side_work_hours"] for x in worlds]
    hazard = [x["parameters"]["quit_hazard"] for x in worlds]
    assert stats.kstest(hours, "uniform", (0.5, 3.5)).pvalue > 1e-3
    assert stats.kstest(hazard, "uniform", (0.001, 0.002)).pvalue > 1e-3
    for table, name, one in (
        ("levers", "mandate", "decides"),
        ("levers", "steering", "absent"),
        ("structure", "one_department", 1.0),
    ):
        count = sum(x[table][name] == one for x in worlds)
        assert stats.binomtest(count, len(worlds)).pvalue > 1e-3
    assert abs(stats.spearmanr(hours, hazard).statistic) < 0.08


def test_worlds_differ_by_seed_and_replicate_and_by_nothing_else():
    """The same address gives the same draw, in any order and after pickling."""
    resolved = scenario(unknown=OPEN)
    again = pickle.loads(pickle.dumps(resolved))
    assert drawn(resolved, 5) == drawn(again, 5) == drawn(resolved, 5)
    assert drawn(resolved, 5) != drawn(resolved, 6)
    assert drawn(resolved, 5) != drawn(resolved, 5, seed=2)
    assert replace(resolved, scenario=None, weeks=3).unknown == resolved.unknown


def test_scenarios_of_a_world_share_what_they_leave_open():
    """The as-is draws what the scenario draws, and a lever named later is known."""
    base = scenario("self", unknown=OPEN, as_is="self")
    freer = vary(base, "freer", levers={"mandate": "decides"})
    settings = set()
    for replicate in range(12):
        mine, other = (in_world(x, 1, replicate) for x in (base, freer))
        before, after = other.stages[0], other.stages[-1]
        assert before == mine.stages[0]
        assert after.levers["mandate"] == "decides"
        assert after.levers["steering"] == before.levers["steering"]
        assert after.structure["side_work_hours"] == before.structure["side_work_hours"]
        changed = before.levers["mandate"] != "decides"
        assert len(other.stages) == 1 + changed
        assert (after.euros > 0) == changed
        settings.add(before.levers["mandate"])
    assert settings == {"executes", "decides"}


def test_a_later_file_adds_and_replaces_key_by_key():
    """What a file does not know is merged with that of the file it is based on."""
    base = scenario("self", unknown=OPEN)
    more = {"structure": {"side_work_hours": [2, 2], "team_hours": [1, 3]}}
    later = vary(base, "later", unknown=more, parameters={"quit_hazard": 0.002})
    assert later.unknown.settings["structure.side_work_hours"] == (2, 2)
    assert later.unknown.settings["structure.team_hours"] == (1, 3)
    assert "levers.mandate" in later.unknown.settings
    assert "parameters.quit_hazard" not in later.unknown.settings
    worlds = [in_world(later, 1, k) for k in range(5)]
    assert {x.stages[-1].structure["side_work_hours"] for x in worlds} == {2.0}
    assert len({x.stages[-1].structure["team_hours"] for x in worlds}) == 5
    assert {x.parameters["quit_hazard"] for x in worlds} == {0.002}


def test_without_a_world_the_middle_holds():
    """Ranges count by their middle; levers, switches and own numbers stand."""
    resolved = scenario(unknown=OPEN, levers={"mandate": "decides"})
    stage = resolved.stages[-1]
    assert stage.levers["mandate"] == "decides" and stage.levers["steering"] != "detail"
    assert stage.structure["side_work_hours"] == 2.25
    assert stage.structure["one_department"] == 0
    assert resolved.parameters["quit_hazard"] == 0.002
    own = scenario(unknown=OPEN, structure={"side_work_hours": 1})
    assert own.stages[-1].structure["side_work_hours"] == 1
    assert drawn(own, 3) == drawn(resolved, 3)


def test_canonical_values_hold_what_is_not_known(tmp_path):
    """Another range, setting, row of draws or place in the chain is another run."""
    plain = scenario(unknown={"structure": {"team_hours": [1, 3]}})
    file = tmp_path / "draws.csv"

    def with_rows(rows):
        file.write_text(f"structure.team_hours\n{rows}\n")
        path = tmp_path / "it.toml"
        path.write_text('[unknown]\ndraws = "draws.csv"\n')
        return read(path)

    told = [
        plain,
        scenario(unknown={"structure": {"team_hours": [1.5, 2.5]}}),
        scenario(unknown={"levers": {"mandate": ["executes", "decides"]}}),
        scenario(unknown={"levers": {"steering": ["direction", "detail"]}}),
        vary(plain, structure={"mixed_teams": 0}, levers={"channels": "siloed"}),
        with_rows("1\n3"),
        with_rows("1\n2\n3"),
        with_rows("3\n1"),
    ]
    texts = [json.dumps(x.canonical(), sort_keys=True) for x in told]
    assert len(set(texts)) == len(texts)
    renamed = scenario(
        "other", title="x", unknown={"structure": {"team_hours": [1, 3]}}
    )
    assert renamed.canonical() == plain.canonical()


def test_a_world_takes_one_row_of_the_draws(tmp_path):
    """Columns of a row stay together; all rows come; scenarios share the row."""
    (tmp_path / "d.csv").write_text(
        "levers.mandate;parameters.quit_hazard;structure.team_hours\n"
        "executes;0,001;1\n\ndecides;0,002;2\nexecutes;0,003;3\n"
    )
    (tmp_path / "self.toml").write_text('as_is = "self"\n[unknown]\ndraws = "d.csv"\n')
    (tmp_path / "plan.toml").write_text(
        'based_on = "self.toml"\n[levers]\ntesting = "room"\n'
    )
    rows = []
    for replicate in range(300):
        mine, other = (
            in_world(read(tmp_path / f"{name}.toml"), 7, replicate)
            for name in ("self", "plan")
        )
        stage = mine.stages[-1]
        row = (
            stage.levers["mandate"],
            mine.parameters["quit_hazard"],
            stage.structure["team_hours"],
        )
        rows.append(row)
        assert other.stages[0] == stage and other.parameters == mine.parameters
    counts = [rows.count(row) for row in sorted(set(rows))]
    assert sorted(set(rows)) == [
        ("decides", 0.002, 2),
        ("executes", 0.001, 1),
        ("executes", 0.003, 3),
    ]
    assert stats.chisquare(counts).pvalue > 1e-3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('levers = { mandat = ["decides"] }', "bad.toml:2:12: unknown.levers.mandat: "),
        ('levers = { mandate = ["decide"] }', 'did you mean "decides"?'),
        ("levers = { mandate = [] }", "has too few elements"),
        ('levers = { mandate = ["decides", "decides"] }', "names a setting twice"),
        ("structure = { team_hours = [3, 1] }", "low is above high (got [3.0, 1.0])"),
        ("structure = { team_hours = [3] }", "allowed [low, high] from 0 to 12"),
        ("structure = { team_hours = 3 }", "must be an array (got 3)"),
        ("structure = { team_hours = [1, 99] }", "too high (got 99); allowed 0 to 12"),
        ("structure = { one_department = [0, 0.5] }", "must be 0 or 1 (got 0.5)"),
        ('draws = "nowhere.csv"', "unknown.draws: there is no such file"),
        ("draw = 3", "did you mean draws?"),
        ("", "bad.toml:1:2: unknown: is empty"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_what_is_allowed(problems, text, said):
    """Unknown names, ranges out of range or turned round, and nothing at all."""
    (line,) = problems(f"[unknown]\n{text}\n")
    assert said in line and line.startswith("bad.toml:")


def test_mistakes_in_draws_come_with_their_line_all_at_once(problems, tmp_path):
    """Columns and cells of the table are checked like the keys of a file."""
    file = tmp_path / "d.csv"
    text = '[levers]\nmandat = "x"\n[unknown]\ndraws = "d.csv"\n'
    file.write_text("levers.mandat,weight,parameters.quit_hazard\ndecides,1,1\n")
    lines = problems(text)
    assert [line.split(": ")[0] for line in lines] == ["bad.toml:2:1", *["d.csv:1"] * 2]
    assert lines[1].endswith("nearest 'levers.mandate'")
    file.write_text("levers.mandate,parameters.quit_hazard\ndecide,0.001\ndecides,\n")
    lines = problems(text)
    assert lines[1].startswith("d.csv:2: levers.mandate; received 'decide'")
    assert lines[2].startswith("d.csv:3: parameters.quit_hazard; received ''")
    file.write_text("levers.mandate\n")
    assert "no draws below the header" in problems(text)[1]
    file.write_text("levers.mandate\ndecides\n")
    both = '[unknown]\nlevers = { mandate = ["decides"] }\ndraws = "d.csv"\n'
    assert "a column of the draws too" in problems(both)[0]


def test_the_schema_knows_what_may_be_unknown():
    """Editors complete settings and limits in [unknown]."""
    parts = json_schema()["$defs"]
    mandate = parts["UnknownLevers"]["properties"]["mandate"]
    hours = parts["UnknownStructure"]["properties"]["team_hours"]
    text = json.dumps([mandate, hours])
    assert '"executes", "decides"' in text and '"maximum": 12' in text


def test_every_way_to_found_a_world_draws_alike():
    """Mesa, the ensemble and its blocks live the world that `in_world` gives."""
    resolved = replace(scenario(unknown=OPEN), weeks=5)
    (block,) = run_ensemble(resolved, 2, 3, probe_week=None, panel=("score",))
    for k in range(2):
        world = in_world(resolved, 3, k)
        known = simulate(world, 3, k, None).series.tobytes()
        assert simulate(resolved, 3, k, None).series.tobytes() == known
        assert block.series[k].tobytes() == known
        model = Organisation(resolved, 3, k)
        assert model.scenario == world and model.run().tobytes() == known
    assert block.scenario.unknown == resolved.unknown
