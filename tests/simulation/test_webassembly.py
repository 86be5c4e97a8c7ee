"""The WebAssembly module is the compiled engine, byte for byte, in Node."""

import base64
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from in_node import NODE, SEEDS, examples, told, unequal
from random_scenarios import scenarios
from worlds import differing, scenario

from simulation import founding
from simulation.ensemble import Job
from simulation.ensemble.worlds import live_world
from simulation.founding import Founder, State
from simulation.scenario import read, resolve, scenario_from
from simulation.scenario_unknown import founder_of
from simulation.state import PERSON
from simulation.webassembly import MODULE, SCRIPTS, node
from simulation.webassembly.building import SECTION
from simulation.webassembly.exports import EXPORTS, description
from simulation.webassembly.node import asked_founder, call_in_node, live_in_node

IN_A_PAGE = """
async ({ module, organisation, scenario, weeks, probeWeek }) => {
  const { Model, Founder, liveWorld } = window.orgsim;
  const model = await Model.load(Uint8Array.from(atob(module), x => x.charCodeAt(0)));
  const founded = new Founder(model, organisation, scenario).found(1, 0);
  const { series, probe } = liveWorld(model, founded, { weeks, probeWeek });
  return [series, probe].map(numbers => Array.from(new Uint8Array(numbers.buffer)));
}
"""


@st.composite
def jobs(draw, times=1):
    """Draw a world of a random scenario, most with a probe, some with a panel."""
    what = draw(scenarios(times))
    probe = draw(st.none() | st.integers(0, what.weeks))
    fields = st.lists(st.sampled_from(PERSON.names), max_size=4, unique=True)
    replicate = draw(st.integers(0, 2**32 - 1))
    founder = Founder(what)
    return Job(founder, draw(SEEDS), replicate, what.weeks, probe, tuple(draw(fields)))


def test_random_worlds_are_equal():
    """Random levers, numbers, dated changes, sizes, probes and panels."""
    drawn = examples(jobs(), 60)
    assert {job.probe_week is None for job in drawn} == {True, False}
    assert {bool(job.columns) for job in drawn} == {True, False}
    assert unequal(drawn) == []


def test_random_worlds_of_hundreds_of_people_are_equal():
    """The same with up to 300 people."""
    drawn = examples(jobs(times=8), 12)
    assert max(len(job.founder.chart.seats) for job in drawn) > 100
    assert unequal(drawn) == []


@pytest.mark.parametrize(
    "name", ["baseline", "transition", "matrix_governed_large", "withdrawn_push"]
)
def test_shipped_scenarios_are_equal_over_years(name):
    """Over the whole horizon, with a probe and all fields of people."""
    what = read(name)
    assert unequal([Job(Founder(what), 5, 7, what.weeks, 52, PERSON.names)]) == []


def test_worlds_of_an_imported_graph_are_equal(tmp_path):
    """A real communication graph."""
    names = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal"]
    edges = [f"{a},{b},{1 + k % 3}" for k, (a, b) in enumerate(pairwise(names))]
    (tmp_path / "met.csv").write_text("\n".join(["source,target,hours", *edges]) + "\n")
    text = 'title = "Met"\nquestion = "Who meets?"\nbased_on = "baseline"\n'
    text += '[organisation]\nnetwork = "met.csv"\n'
    (tmp_path / "met.toml").write_text(text)
    founder = Founder(read(tmp_path / "met.toml"))
    assert len(founder.chart.seats) == 8
    assert unequal([Job(founder, 3, r, 20, 5) for r in range(3)]) == []


def test_worlds_that_draw_what_is_unknown_are_equal():
    """Each world has levers, numbers and parameters of its own."""
    unknown = {
        "levers": {"mandate": ["executes", "decides"]},
        "structure": {"side_work_hours": [0.5, 4.0]},
        "parameters": {"quit_hazard": [0.001, 0.003]},
    }
    founder = founder_of(resolve(scenario_from({"unknown": unknown}, "open")))
    assert unequal([Job(founder, 1, r, 20, 8) for r in range(4)]) == []


def test_a_browser_gives_the_same(browser, tmp_path):
    """A page that was opened from a file founds and lives a world to the same bytes."""
    offer = "window.orgsim = { Model, Founder, liveWorld };"
    page_file = tmp_path / "page.html"
    script = "".join(x.read_text(encoding="utf-8") for x in SCRIPTS) + offer
    page_file.write_text(f'<script type="module">{script}</script>', "utf-8")
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.wait_for_function("window.orgsim")
    job = Job(Founder(read("owned")), 1, 0, 104, 52)
    module = base64.b64encode(MODULE.read_bytes()).decode()
    given = {"module": module, **asked_founder(job.founder.scenario)}
    found = page.evaluate(IN_A_PAGE, given | {"weeks": 104, "probeWeek": 52})
    run = live_world(job)
    assert [bytes(x) for x in found] == [run.series.tobytes(), run.probe.tobytes()]


def test_a_difference_would_be_found():
    """The comparison itself notices another seed."""
    job = Job(Founder(scenario()), 1, 0, 8)
    (run,) = live_in_node([job], NODE).runs
    assert told(run) == told(live_world(job))
    assert told(run) != told(live_world(job._replace(replicate=1)))


def test_the_start_is_drawn_as_natively(monkeypatch):
    """`draw_start` fills the arrays of random organisations as it does here."""
    drawn = examples(jobs(), 12)
    expected = [job.founder.found(job.seed, job.replicate) for job in drawn]
    monkeypatch.setattr(founding, "call", lambda *_: None)
    undrawn = [job.founder.found(job.seed, job.replicate) for job in drawn]
    assert all(differing(a, b) for a, b in zip(undrawn, expected, strict=True))
    names = [name for name, _, _ in description()["functions"]["draw_start"]]
    calls = [{name: getattr(one, name) for name in names} for one in undrawn]
    for state, made, right in zip(
        undrawn, call_in_node("draw_start", calls, NODE), expected, strict=True
    ):
        assert differing(State(**{**vars(state), **made}), right) == []


def test_memory_is_used_again():
    """Many worlds take the memory of the largest."""
    large, small = Founder(read("matrix_governed_large")), Founder(scenario())
    one = live_in_node([Job(large, 1, 0, 8, 4)], NODE)
    worlds = [Job(founder, 1, r, 8, 4) for r in range(5) for founder in (large, small)]
    many = live_in_node(worlds, NODE)
    assert many.memory == one.memory
    assert told(many.runs[0]) == told(one.runs[0])
    assert len(many.seconds) == len(many.runs) == 10


def test_the_module_describes_what_the_package_has():
    """Version, functions, records, constants; else run `python tasks.py wasm`."""
    text = MODULE.read_bytes().rpartition(SECTION.encode() + b"{")[2]
    shipped = json.loads(b"{" + text)
    assert set(shipped.pop("made_with")) == {"python", "numba", "llvmlite", "wasm-ld"}
    assert shipped == json.loads(json.dumps(description()))
    assert list(shipped["functions"]) == list(EXPORTS)


def test_another_version_is_told(monkeypatch):
    """A module that gives other results than what calls it is not used."""
    monkeypatch.setattr(node, "results_version", lambda: "0123456789abcdef")
    with pytest.raises(RuntimeError, match="not 0123456789abcdef"):
        live_in_node([Job(Founder(scenario()), 1, 0, 8)], NODE)


def test_arrays_of_a_wrong_shape_are_told():
    """A function is not called with what it cannot read."""
    state = vars(Founder(scenario()).found(1, 0))
    names = [name for name, _, _ in description()["functions"]["draw_start"]]
    wrong = {name: state[name] for name in names} | {"market": np.zeros(4, np.uint64)}
    message = r"market of draw_start is no array of uint64\[2\]"
    with pytest.raises(RuntimeError, match=message):
        call_in_node("draw_start", [wrong], NODE)
    half = wrong | {"market": state["market"].astype(np.uint32)}
    with pytest.raises(RuntimeError, match=r"bytes are no uint64"):
        call_in_node("draw_start", [half], NODE)


def test_a_world_that_is_too_large_is_told():
    """It says how much memory would be needed."""
    job = Job(Founder(scenario()), 1, 0, 1_000_000, None, PERSON.names)
    with pytest.raises(RuntimeError, match=r"a world needs \d+ MB"):
        live_in_node([job], NODE)
