"""The compiled ensemble is the Mesa model: every field of every record, every week."""

import hashlib
import os
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios
from worlds import differing, scenario

import simulation
from simulation import model
from simulation.compiled import UNCOMPILED
from simulation.ensemble import Job, blocks, run_ensemble, run_worlds, simulate, worlds
from simulation.ensemble.live import Life, columns_of, phase_lines, week_source
from simulation.founding import Founder
from simulation.model import PANEL, Organisation
from simulation.outcomes import SERIES_RECORD
from simulation.scenario import read
from simulation.week import LEADERS, ORGANISATION, SALES_PEOPLE, WEEK

FIELDS = ("score", "status", "hours_total", "tenure")
ROOT = Path(simulation.__file__).parent.parent
DIGEST = """
import hashlib
from simulation.ensemble import simulate
from dataclasses import replace
from simulation.scenario import read
what = replace(read("transition"), weeks=60)
run = simulate(what, seed=3, replicate=2, probe_week=20)
print(hashlib.sha256(run.series.tobytes() + run.probe.tobytes()).hexdigest())
"""


def life_of(state, weeks, names=()):
    """Return a life of a state, and the records and the panel that it fills."""
    series = np.zeros(weeks, SERIES_RECORD)
    columns = columns_of(names)
    panel = np.zeros((weeks, len(state.people), len(columns)), np.int64)
    return Life(state, series, columns, panel), series, panel


def first_difference(what, seed, replicate=0, shock_week=None):
    """Live both engines week by week; return the first week and fields that differ."""
    mesa = Organisation(what, seed, replicate)
    compiled = Founder(what).found(seed, replicate)
    life, series, _ = life_of(compiled, what.weeks)
    if found := differing(mesa.state, compiled):
        return "start", found
    while mesa.week < what.weeks:
        if mesa.week == shock_week:
            mesa.shock()
            compiled.firm.shock_week[0] = shock_week
            compiled.firm.shock_is_real[0] = 1
        mesa.step()
        life.until(mesa.week)
        if found := differing(mesa.state, compiled):
            return mesa.week - 1, found
    if mesa.series.tobytes() != series.tobytes():
        return "series", []
    return None


@settings(max_examples=150)
@given(scenarios(), st.integers(0, 2**63 - 1), st.integers(0, 2**32 - 1))
def test_both_engines_are_equal_after_every_week(what, seed, replicate):
    """Random levers, numbers, sizes and dated changes: no field differs, ever."""
    assert first_difference(what, seed, replicate, shock_week=3) is None


@settings(max_examples=12)
@given(scenarios(times=8), st.integers(0, 2**63 - 1))
def test_both_engines_are_equal_for_hundreds_of_people(what, seed):
    """The same with up to 300 people."""
    assert first_difference(what, seed) is None


@pytest.mark.parametrize(
    "name", ["baseline", "transition", "matrix_governed_large", "withdrawn_push"]
)
def test_both_engines_are_equal_over_years(name):
    """Over the whole horizon, through leavers, newcomers, shocks and transitions."""
    what = read(name)
    ours, theirs = simulate(what, 5, 7), model.simulate(what, 5, 7)
    assert ours.series.tobytes() == theirs.series.tobytes()
    assert ours.probe.tobytes() == theirs.probe.tobytes()
    assert ours.shock_week == theirs.shock_week == 52
    assert ours.series.tobytes() != ours.probe.tobytes()


@pytest.mark.parametrize("table", [False, True])
def test_both_engines_are_equal_on_an_imported_graph(tmp_path, table):
    """A real communication graph, and a table of people beside it."""
    names = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal"]
    edges = ["source,target,hours"]
    edges += [f"{a},{b},{1 + k % 3}" for k, (a, b) in enumerate(pairwise(names))]
    (tmp_path / "met.csv").write_text("\n".join([*edges, "ann,eve,2"]) + "\n")
    organisation = 'network = "met.csv"\n'
    if table:
        rows = ["name,role,department,team,manager,hours"]
        rows += ["ann,leader,marketing,all,,36"]
        roles = ["marketeer,marketing", "sales,sales", "colleague,product"]
        rows += [f"{n},{roles[k % 3]},all,ann,36" for k, n in enumerate(names[1:])]
        (tmp_path / "people.csv").write_text("\n".join(rows) + "\n")
        organisation += 'people = "people.csv"\n'
    text = 'title = "Met"\nquestion = "Who meets?"\nbased_on = "baseline"\n'
    text += "[run]\nweeks = 20\nwarm_up_weeks = 4\n"
    text += f"[organisation]\n{organisation}[levers]\nchannels = 'multidisciplinary'\n"
    (tmp_path / "met.toml").write_text(text)
    what = read(tmp_path / "met.toml")
    assert len(Founder(what).chart.seats) == 8
    assert first_difference(what, 3) is None


def test_a_difference_would_be_found():
    """The comparison itself notices one changed bit, in the week in which it is."""
    what = scenario(weeks=8)
    one, two = Founder(what).found(1, 0), Founder(what).found(1, 0)
    two.people.exhaustion[3] = two.people.exhaustion[3] + 1e-9
    assert differing(one, two) == ["people.exhaustion"]
    life_of(one, 8)[0].until(3)
    life_of(two, 8)[0].until(3)
    assert "people.exhaustion" in differing(one, two)


def test_phases_in_another_order_would_be_found():
    """Two phases of the week swapped give another world: the order matters."""
    lines = week_source().splitlines()
    order = [phase.what for phase in WEEK]
    assert [x.strip().split("(")[0] for x in lines if x.strip().startswith("judge_")]
    assert order.index("judge_offer") < order.index("meet_market")
    what = scenario(weeks=8)
    one, two = Organisation(what), Organisation(what)
    one.run()
    while two.week < what.weeks:
        for who, what_is_done, _ in [*WEEK[1:12], WEEK[0], *WEEK[12:][::-1]]:
            if who == ORGANISATION:
                getattr(two.rules, what_is_done)()
            else:
                two.groups[who].do(what_is_done)
        two._record()
    assert differing(one.state, two.state)


def test_agents_do_what_the_table_says():
    """Each method of an agent calls the rules of its phase, in that order."""
    mesa = Organisation(scenario(weeks=2))
    calls = defaultdict(list)
    for phase in WEEK:
        if phase.who == ORGANISATION:
            continue
        called = []

        class Rules:
            def __init__(self, into):
                self.into = into

            def __getattr__(self, name):
                return lambda i: self.into.append((name, i))

        mesa.rules = Rules(called)
        members = list(mesa.groups[phase.who])
        assert members
        mesa.groups[phase.who].do(phase.what)
        expected = [(rule.__name__, p.index) for p in members for rule in phase.rules]
        assert called == expected, phase.what
        calls[phase.what] = called
    assert len(calls) > 20


def test_groups_are_those_of_mesa():
    """Leaders and sales people are the same in the source and in Mesa's groups."""
    mesa = Organisation(read("baseline"))
    people = mesa.state.people
    leaders = np.flatnonzero(people.last_report != people.first_report)
    assert [p.index for p in mesa.groups[LEADERS]] == leaders.tolist()
    assert [p.index for p in mesa.groups[SALES_PEOPLE]] == mesa.state.reps.tolist()
    assert phase_lines(ORGANISATION, WEEK[0].rules)[0] in week_source()


def test_neither_threads_nor_blocks_nor_order_change_a_world():
    """The same bytes with any number of threads, block size and order."""
    what = scenario(weeks=12)
    expected = {r: simulate(what, 4, r, probe_week=5) for r in range(9)}
    record = 2 * 2 * 12 * SERIES_RECORD.itemsize
    for threads in (1, 2, 7):
        for size in (1, 2, 7, 100):
            order = np.random.default_rng(size).permutation(9).tolist()
            found = list(
                run_ensemble(
                    what,
                    order,
                    seed=4,
                    probe_week=5,
                    threads=threads,
                    memory=size * record,
                )
            )
            assert [len(b.series) for b in found[:-1]] == [size] * (len(found) - 1)
            assert [r for b in found for r in b.replicates] == order
            for block in found:
                for k, r in enumerate(block.replicates):
                    assert block.series[k].tobytes() == expected[r].series.tobytes()
                    assert block.probes[k].tobytes() == expected[r].probe.tobytes()


def test_summaries_are_those_of_the_series():
    """A block's summaries are one number for each world and outcome."""
    (block,) = run_ensemble(scenario(weeks=30), 3, probe_week=10)
    summary = block.summaries(["burnout", "learning_speed"])
    assert set(summary) == {"burnout", "learning_speed"}
    assert all(len(values) == 3 for values in summary.values())


@pytest.mark.parametrize("threads", [1, 2])
def test_the_panel_is_what_mesa_collects(threads):
    """Person-week records equal those of Mesa's DataCollector."""
    what = scenario(weeks=7)
    (block,) = run_ensemble(what, 2, panel=PANEL, probe_week=3, threads=threads)
    mesa = Organisation(what, 1, 1)
    mesa.collecting = True
    mesa.run()
    collected = mesa.datacollector.get_agent_vars_dataframe()
    assert block.panel.shape == (2, 7, len(mesa.state.people))
    for name in PANEL:
        rows = collected[name].to_numpy().reshape(-1, len(mesa.state.people))
        np.testing.assert_array_equal(block.panel[name][1], rows[what.warm_up_weeks :])


def test_a_panel_of_unknown_fields_names_all_of_them():
    """Every field that people don't have is told, with the nearest that they have."""
    with pytest.raises(ValueError) as caught:
        next(run_ensemble(scenario(), 1, panel=["scor", "status", "xyz"]))
    text = str(caught.value)
    assert "'scor'" in text and "did you mean score?" in text and "'xyz'" in text
    assert "'status'" not in text


def test_too_little_memory_makes_smaller_blocks_and_then_a_message():
    """Blocks shrink to one world; where not even that fits, it is said."""
    what = scenario(weeks=10)
    one = 2 * 10 * SERIES_RECORD.itemsize
    sizes = [len(b.series) for b in run_ensemble(what, 3, probe_week=None, memory=one)]
    assert sizes == [1, 1, 1]
    with pytest.raises(MemoryError, match=r"5,519 are allowed; ask for fewer weeks"):
        next(run_ensemble(what, 3, probe_week=None, memory=5519))


def test_progress_counts_worlds():
    """Progress is told after each world, up to all of them, over blocks."""
    seen = []
    record = 4 * 8 * SERIES_RECORD.itemsize
    list(
        run_ensemble(
            scenario(),
            5,
            threads=1,
            memory=2 * record,
            progress=lambda done, total: seen.append((done, total)),
        )
    )
    assert seen == [(k, 5) for k in range(1, 6)]


def test_a_world_that_fails_leaves_the_others_alone():
    """The job gives its error; all others give their runs."""
    founder = Founder(scenario())
    jobs = [Job(founder, 1, r, 8) for r in (0, -1, 2)]
    for threads in (1, 2):
        found = dict(run_worlds(jobs, threads))
        assert isinstance(found[1], ValueError) and "replicate" in str(found[1])
        assert found[0].series.shape == found[2].series.shape == (8,)


def test_leaving_early_stops_all_threads(monkeypatch):
    """Who leaves the iteration soon finds no thread behind, however long worlds are."""
    reached, until = [], Life.until
    monkeypatch.setattr(Life, "until", lambda x, n: reached.append(n) or until(x, n))
    founder = Founder(read("baseline"))
    short = [Job(founder, 1, 0, 1), *(Job(founder, 1, r, 100_000) for r in range(9))]
    runs = run_worlds(short, 3)
    next(runs)
    runs.close()
    assert 100_000 not in reached  # none was waited for to its end
    assert not [t for t in threading.enumerate() if t.name.startswith("world_")]


def test_ctrl_c_gives_what_is_finished_and_then_ends(monkeypatch):
    """An interrupted block comes with the worlds that were done."""
    real = run_worlds

    def interrupted(jobs, threads):
        def some():
            yield from islice(real(jobs, threads), 3)
            raise KeyboardInterrupt

        return some()

    monkeypatch.setattr(blocks, "run_worlds", interrupted)
    stream = run_ensemble(scenario(), 9, threads=1)
    assert next(stream).replicates == (0, 1, 2)
    with pytest.raises(KeyboardInterrupt):
        next(stream)


def test_parts_of_a_life_are_the_whole(monkeypatch):
    """A world lived a week at a time is the world lived at once."""
    whole = simulate(scenario(weeks=12), 2, 3, probe_week=5)
    monkeypatch.setattr(worlds, "PERSON_WEEKS_AT_A_TIME", 1)
    parts = simulate(scenario(weeks=12), 2, 3, probe_week=5)
    assert parts.series.tobytes() == whole.series.tobytes()
    assert parts.probe.tobytes() == whole.probe.tobytes()


def digest_by(python, **environment):
    """Return the digest of a run by another process."""
    path = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [python, "-c", DIGEST],
        env={**os.environ, **path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def digest_here():
    """Return the digest of the same run by this process."""
    what = replace(read("transition"), weeks=60)
    run = simulate(what, seed=3, replicate=2, probe_week=20)
    return hashlib.sha256(run.series.tobytes() + run.probe.tobytes()).hexdigest()


@pytest.mark.slow
@pytest.mark.skipif(UNCOMPILED, reason="rules are not compiled here")
def test_uncompiled_gives_the_same_bytes():
    """Plain Python, rule by rule, gives what the machine code gives."""
    assert digest_by(sys.executable, ORGSIM_UNCOMPILED="1") == digest_here()


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_every_python_gives_the_same_bytes(version):
    """Other Pythons that have what the model needs give the same bytes.

    They are named in $ORGSIM_PYTHONS, with colons between.
    """
    for python in filter(None, os.environ.get("ORGSIM_PYTHONS", "").split(":")):
        code = "import sys; print('%d.%d' % sys.version_info[:2])"
        told = subprocess.run([python, "-c", code], capture_output=True, text=True)
        if told.stdout.strip() == version:
            assert digest_by(python) == digest_here()
            return
    pytest.skip(f"no Python {version} in $ORGSIM_PYTHONS")
