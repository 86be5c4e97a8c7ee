"""Scenarios run many times: the same results, whatever happens on the way."""

import re
from dataclasses import replace

import fake_simulation as fake
import numpy as np
import own_agents
import pytest

from experiments.errors import InputError
from experiments.run.runner import run
from simulation.ensemble import simulate
from simulation.outcomes import OUTCOMES
from simulation.scenario import resolve, scenario_from, vary
from simulation.scenario_unknown import in_world


class Steps:
    """Records what a run reports of its progress."""

    def __init__(self):
        self.seen = []

    def __call__(self, done, total):
        """Record one report."""
        self.seen.append((done, total))


def test_workers_do_not_change_results(assigned, owned):
    """One process and two give the same bytes."""
    alone, shared = (
        run([assigned, owned], 4, workers=n, simulate=fake.simulate) for n in (1, 2)
    )
    assert alone.series.tobytes() == shared.series.tobytes()
    assert alone.probes.tobytes() == shared.probes.tobytes()


def test_engines_give_the_same_bytes(assigned, owned):
    """Compiled or agent by agent, with any number of workers: the same runs."""
    given = [
        run([assigned, owned], 2, weeks=9, workers=n, engine=engine)
        for engine, n in (("mesa", 1), ("compiled", 1), ("compiled", 2), (None, 2))
    ]
    assert [one.engine for one in given] == ["mesa", *["compiled"] * 3]
    for one in given[1:]:
        assert one.series.tobytes() == given[0].series.tobytes()
        assert one.probes.tobytes() == given[0].probes.tobytes()
        assert one.worlds == given[0].worlds == (0, 1)


def test_engines_draw_what_is_not_known_alike():
    """With [unknown], each world draws the same on both engines and in any split."""
    unknown = {
        "levers": {"mandate": ["executes", "decides"]},
        "structure": {"side_work_hours": [0.5, 6.0]},
        "parameters": {"quit_hazard": [0.001, 0.02]},
    }
    open_one = resolve(scenario_from({"title": "Open", "unknown": unknown}, "open"))
    freer = vary(open_one, "freer", levers={"testing": "room"})
    given = [
        run([open_one, freer], 3, weeks=9, workers=n, engine=engine)
        for engine, n in (("mesa", 1), ("compiled", 1), ("compiled", 2))
    ]
    for one in given[1:]:
        assert one.series.tobytes() == given[0].series.tobytes()
        assert one.probes.tobytes() == given[0].probes.tobytes()
    for k in given[0].worlds:
        drawn = replace(in_world(open_one, 1, k), weeks=9)
        alone = simulate(drawn, 1, k, given[0].shock_week)
        assert alone.series.tobytes() == given[0].series[0, k].tobytes()
    middle = run([replace(open_one, unknown=None)], 3, weeks=9, workers=1)
    assert middle.series.tobytes() != given[0].series[0].tobytes()


def test_agents_of_ones_own_run_on_mesa(assigned):
    """A subclass that changes nothing changes nothing; one that does, does."""
    plain = run([assigned], 2, weeks=9, engine="compiled")
    same = run([assigned], 2, weeks=9, workers=1, agents={"sales": own_agents.PlainRep})
    idle = run([assigned], 2, weeks=9, workers=1, agents={"sales": own_agents.IdleRep})
    assert same.engine == idle.engine == "mesa"
    assert same.series.tobytes() == plain.series.tobytes()
    assert idle.series["leads_accepted"].sum() == 0
    assert plain.series["leads_accepted"].sum() > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "mesaa"}, "did you mean mesa?"),
        ({"engine": "compiled", "agents": {"sales": object}}, "use the engine mesa"),
        ({"engine": "compiled", "simulate": fake.simulate}, "use the engine mesa"),
    ],
)
def test_engines_that_cannot_be_are_refused(assigned, options, message):
    """An engine that isn't there, or cannot run what is asked, is told before runs."""
    with pytest.raises(InputError, match=re.escape(message)):
        run([assigned], 2, **options)


def test_what_does_not_fit_into_memory_is_refused(assigned):
    """Too many runs are refused before any of them runs, with what they would take."""
    with pytest.raises(InputError, match=r"GiB are free; ask for fewer replicates"):
        run([assigned], 50_000_000)


def test_more_replicates_extend(assigned):
    """The worlds of a short study are the first of a long one."""
    few, many = (run([assigned], n, workers=1, simulate=fake.simulate) for n in (2, 5))
    assert np.array_equal(few.series, many.series[:, :2])


def test_scenarios_share_a_horizon(assigned, detail):
    """All run as long as the longest, or as many weeks as were asked for."""
    short = run([assigned, detail], 1, weeks=10, workers=1, simulate=fake.simulate)
    assert (short.weeks, short.shock_week) == (10, 5)
    assert run([assigned], 1, workers=1, simulate=fake.simulate).weeks == 80


def test_a_single_week_has_no_probe(assigned):
    """Where there is no room for a shock, the time to recover is unknown."""
    runs = run([assigned], 2, weeks=1, workers=1, simulate=fake.simulate)
    assert runs.probes is None
    assert runs.summaries()["learning_speed"].isna().all()


def test_a_killed_worker_costs_nothing(assigned, tmp_path, monkeypatch):
    """A run whose process was killed is run again, and gives what it would have."""
    monkeypatch.setenv("ORGSIM_TEST_MARK", str(tmp_path / "mark"))
    runs = run([assigned], 4, workers=2, simulate=fake.deadly_once)
    assert not runs.failures and runs.worlds == (0, 1, 2, 3)
    whole = run([assigned], 4, workers=1, simulate=fake.simulate)
    assert runs.series.tobytes() == whole.series.tobytes()


def test_a_run_that_kills_is_recorded(assigned):
    """A run that kills its process each time is a failure; the others go on."""
    runs = run([assigned], 4, workers=2, simulate=fake.deadly_in_world_2)
    assert runs.worlds == (0, 1, 3)
    assert [(x.replicate, x.stage) for x in runs.failures] == [(2, "worker")]


def test_a_failing_run_is_recorded_with_its_traceback(assigned, owned):
    """A world that fails is left out of all scenarios, and told."""
    runs = run([assigned, owned], 5, workers=1, simulate=fake.failing_in_world_3)
    assert runs.worlds == (0, 1, 2, 4)
    assert {x.scenario for x in runs.failures} == {"assigned", "owned"}
    assert "failing_in_world_3" in runs.failures[0].traceback
    assert runs.failures[0].stage == "simulate"
    assert "2 of 10 runs failed" in runs.remarks()[0]


def test_nothing_completed_is_an_error(assigned):
    """Where every run failed there is nothing to report but the failure."""
    with pytest.raises(RuntimeError, match="the sky fell"):
        run([assigned], 2, workers=1, simulate=fake.failing)


@pytest.mark.parametrize("wrong", [{"replicates": 0}, {"weeks": 0}, {"weeks": -3}])
def test_impossible_numbers_are_refused(assigned, wrong):
    """Nothing runs with no worlds or no weeks."""
    with pytest.raises(InputError, match="allowed 1 to"):
        run([assigned], simulate=fake.failing, **wrong)


def test_a_mistake_in_the_input_stops_at_once(assigned):
    """A message made for the user comes through as such from a worker."""
    with pytest.raises(InputError, match="nobody here"):
        run([assigned], 3, workers=2, simulate=fake.wrong_input)


def test_progress_counts_runs(assigned):
    """Progress is told after each run."""
    steps = Steps()
    run([assigned], 3, workers=1, simulate=fake.simulate, progress=steps)
    assert steps.seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_tidy_has_every_outcome(assigned, owned):
    """Summaries hold one value for each scenario, world and outcome."""
    runs = run([assigned, owned], 2, workers=1, simulate=fake.simulate)
    table = runs.tidy()
    assert list(table.columns) == ["scenario", "replicate", "outcome", "value"]
    assert len(table) == 2 * 2 * len(OUTCOMES)
    assert runs.weekly("burnout").shape == (2, 2, 80)
    assert [len(x) for x in runs.weekly_tables()] == [2 * 80] * 2
