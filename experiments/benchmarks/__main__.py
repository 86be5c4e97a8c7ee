"""Measure, print, and write docs/speed.md.

Ratios are taken within one run: the calls that are compared run in turn, several times,
and the fastest of each counts. Absolute times hold for this machine only.
"""

import argparse
import collections
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from typing import Any, cast

import numpy as np

from experiments.advise.atlas.combinations import KEPT, all_plans, usual_moves
from experiments.advise.branching import BranchingDesign, live_plans
from experiments.advise.moves import today
from experiments.benchmarks.in_node import node_section
from experiments.benchmarks.limit import Kernel, counts_per_person_week, needs_of
from experiments.benchmarks.mesa_limit import empty_rules, without_rules
from experiments.benchmarks.phases import shares
from experiments.benchmarks.timing import (
    ROUNDS,
    BenchmarkWorld,
    fastest,
    founder_of,
    table,
)
from experiments.run.living import World, live
from experiments.run.runner import to_one_horizon
from experiments.run.store import Store
from simulation.ensemble import Job, run_worlds
from simulation.ensemble.branches import Branches
from simulation.ensemble.worlds import live_world
from simulation.founding import Founder
from simulation.measures import FIELDS, PROBE_FIELDS, summarise
from simulation.model import Organisation
from simulation.processors import available
from simulation.scenario import read, vary

PAGE = Path(__file__).parents[2] / "docs" / "speed.md"
SIZES = (10, 40, 100, 300, 1_000, 10_000, 100_000)
ITEMS = (0.8, 1.6, 3.2, 6.4, 12.8)
FIRST_RESULT = """
from simulation.ensemble import simulate
from simulation.scenario import read
simulate(read("baseline"))
"""


def main() -> None:
    """Run all benchmarks and rewrite the page."""
    parser = argparse.ArgumentParser(prog="python tasks.py benchmarks")
    parser.add_argument("--quick", action="store_true", help="few, small, no page")
    quick = parser.parse_args().quick
    lines = ["# Speed", "", *_machine(), ""]
    for section in (
        _start,
        _ratios,
        _phases,
        _people,
        _choices,
        _threads,
        _stored,
        _ways,
        node_section,
    ):
        lines += [*section(quick), ""]
        print("\n".join(lines[-12:]) if quick else lines[-2], flush=True)
    text = "\n".join(lines).rstrip() + "\n"
    print(text)
    if not quick:
        PAGE.write_text(text, encoding="utf-8")


def _machine() -> list[str]:
    packages = ("numba", "numpy", "mesa")
    versions = [f"{name} {metadata.version(name)}" for name in packages]
    return [
        "Measured by `python tasks.py benchmarks`, which refreshes this page. Ratios",
        "are taken within one run; absolute times are of one machine:",
        f"{_processor()}, {available()} processors,"
        f" Python {platform.python_version()}, {', '.join(versions)}.",
    ]


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":")[1] for line in text.splitlines() if "model name" in line]
    return names[0].strip() if names else platform.machine()


def _start(quick: bool) -> list[str]:
    """Time the first result with an empty cache and with a full one."""
    with tempfile.TemporaryDirectory() as folder:
        times = []
        for _ in range(2 if quick else 3):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-c", FIRST_RESULT],
                env={**os.environ, "ORGSIM_CACHE": folder},
                check=True,
            )
            times.append(time.perf_counter() - start)
    return table(
        "From the start of Python to the first result",
        ("", "seconds"),
        [
            ("first time, compiling", f"{times[0]:.1f}"),
            ("after that", f"{times[-1]:.2f}"),
        ],
    )


def _ratios(quick: bool) -> list[str]:
    """Compare the compiled week, the limit, Mesa, and Mesa without rules."""
    world = BenchmarkWorld(Founder(read("baseline")))
    counts = counts_per_person_week()
    needs = needs_of(world.state, counts)
    kernel = Kernel(world.state, needs)
    kernel.live(1)
    empty = empty_rules()
    models: list[Organisation] = []

    def prepare() -> None:
        world.prepare()
        mesa = Organisation(world.founder.scenario)
        bare = without_rules(Organisation(world.founder.scenario), empty)
        models[:] = [mesa, bare]

    seconds = np.full(4, np.inf)
    for _ in range(2 if quick else ROUNDS):
        prepare()
        calls: list[Callable[[], Any]] = [
            world.live,
            lambda: kernel.live(world.weeks),
            models[0].run,
            models[1].run,
        ]
        seconds = np.minimum(seconds, fastest(calls, 1))
    ns = 1e9 * seconds / (world.people * world.weeks)
    rows = [
        ("compiled week", f"{ns[0]:,.0f}", f"{ns[0] / ns[1]:.1f} times the limit"),
        ("limit: draws, exponentials, memory", f"{ns[1]:,.0f}", _told(needs)),
        ("Mesa", f"{ns[2]:,.0f}", f"{ns[2] / ns[3]:.2f} times Mesa without rules"),
        ("Mesa, its rules being empty", f"{ns[3]:,.0f}", ""),
        ("compiled against Mesa", "", f"{ns[2] / ns[0]:.1f} times as fast, one core"),
    ]
    head = ("baseline, " + f"{world.people} people", "ns per person-week", "")
    return table("Against the limit, and against Mesa", head, rows)


def _told(needs: Any) -> str:
    return (
        f"{needs.uniforms} uniform and {needs.normals} normal numbers,"
        f" {needs.exponentials} exponentials, {8 * needs.words_read:,} bytes read and"
        f" {8 * needs.words_written:,} written"
    )


def _phases(quick: bool) -> list[str]:
    """Measure the share of each phase in the time of the compiled week."""
    founder = Founder(read("baseline"))
    phases = shares(founder, 3 if quick else 30)
    total = BenchmarkWorld(founder).nanoseconds(3)
    rows = [(what, f"{total * x:.0f}", f"{100 * x:.1f}%") for what, x in phases]
    return table("By phase", ("phase", "ns per person-week", "share"), rows)


def _people(quick: bool) -> list[str]:
    """Time a person-week in organisations of different sizes."""
    rows = []
    for size in SIZES[:5] if quick else SIZES:
        founder = founder_of(size)
        weeks = 52 if size < 10_000 else 8
        scenario = replace(founder.scenario, weeks=weeks, warm_up_weeks=0)
        world = BenchmarkWorld(Founder(scenario, founder.chart))
        ns = world.nanoseconds(5 if size < 10_000 else 2)
        state = world.state
        memory = sum(array.nbytes for array in vars(state).values()) / world.people
        degree = 2 * len(state.ties) / world.people
        rows.append(
            (f"{world.people:,}", f"{ns:,.0f}", f"{degree:.1f}", f"{memory:,.0f}")
        )
    head = ("people", "ns per person-week", "ties per person", "bytes per person")
    return table("By people, the choices being the same", head, rows)


def _choices(quick: bool) -> list[str]:
    """Time a person-week with more choices to learn about."""
    rows = []
    for each in ITEMS[:2] if quick else ITEMS:
        scenario = vary(read("baseline"), organisation={"choices_per_person": each})
        world = BenchmarkWorld(Founder(scenario))
        words = world.state.beliefs.shape[2]
        items = int(world.state.firm["items"][0])
        rows.append((f"{items:,}", f"{words}", f"{world.nanoseconds(5):,.0f}"))
    head = ("choices", "64-bit words a mask", "ns per person-week")
    return table(f"By choices, {world.people} people", head, rows)


def _threads(quick: bool) -> list[str]:
    """Measure the speed-up of two threads, for the model and for the limit."""
    scenarios = [read("assigned"), read("owned")]
    founders = [Founder(scenario) for scenario in scenarios]
    worlds = 20 if quick else 200
    jobs = [Job(f, 1, r, 104, 52) for r in range(worlds) for f in founders]
    state = founders[0].found(1, 0)
    needs = needs_of(state, counts_per_person_week())
    kernels = [Kernel(state, needs) for _ in range(2)]
    weeks = 208 * worlds

    def ensemble(threads: int) -> Callable[[], Any]:
        return lambda: list(run_worlds(jobs, threads))

    def limit(threads: int) -> Callable[[], Any]:
        def run() -> None:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda kernel: kernel.live(weeks), kernels))

        return run

    calls = [ensemble(1), ensemble(2), limit(1), limit(2)]
    one, two, limit_one, limit_two = fastest(calls, 2 if quick else 3)
    names = (f"{worlds} paired worlds of two scenarios, with probes", "the limit")
    pairs = ((one, two), (limit_one, limit_two))
    rows = [
        (name, f"{a:.2f}", f"{b:.2f}", f"{a / b:.2f}")
        for name, (a, b) in zip(names, pairs, strict=True)
    ]
    head = ("", "one thread, s", "two threads, s", "gain")
    return table("By threads", head, rows)


def _stored(quick: bool) -> list[str]:
    """Time writing runs to the store and reading them."""
    scenarios = to_one_horizon([read("assigned"), read("owned")])
    worlds = 40 if quick else 400
    jobs = tuple((s, r) for r in range(worlds) for s in range(2))
    every = [World(scenarios[s], 1, r, 52) for s, r in jobs]

    def keep(store: Store) -> None:
        keys = [store.scenario_key(scenario) for scenario in scenarios]
        with store.writer() as writer:
            for i, run in live(every):
                s, r = jobs[i]
                writer.add(store.key(keys[s], 1, r, 52), run)

    with tempfile.TemporaryDirectory() as folder:
        places = iter(Path(folder) / str(k) for k in range(ROUNDS))
        calls = [
            lambda: collections.deque(live(every), maxlen=0),
            lambda: keep(Store(next(places))),
        ]
        plain, with_store = fastest(calls, 2 if quick else 3)
        store = Store(Path(folder) / "0")
        entries = list(store.entries().values())
        size = sum(file.stat().st_size for file in store.shards.iterdir())
        weeks = scenarios[0].weeks
        reads: list[Callable[[], Any]] = [
            lambda: store.load(entries, weeks),
            lambda: summarise(
                *store.columns(entries, weeks, FIELDS, PROBE_FIELDS), shock_week=52
            ),
        ]
        load, summed = fastest(reads, 3)
    rows = len(entries) * scenarios[0].weeks
    lines = [
        ("runs", f"{plain:.2f} s", ""),
        (
            "runs that are kept",
            f"{with_store:.2f} s",
            f"{100 * (with_store / plain - 1):.0f}% more",
        ),
        ("reading them", f"{load:.2f} s", f"{1e6 * load / rows:.1f} s a million weeks"),
        (
            "reading and summarising them",
            f"{summed:.2f} s",
            f"{1e6 * summed / rows:.1f} s a million weeks",
        ),
        ("size", f"{size / 1e6:.1f} MB", f"{size / len(entries) / 1e3:.0f} kB a run"),
    ]
    head = (f"{len(entries):,} runs of {scenarios[0].weeks} weeks, with probes", "", "")
    return table("The store", head, lines)


def _ways(quick: bool) -> list[str]:
    """Measure the gain of sharing one warm-up among many plans, and time an atlas."""
    organisation = today("baseline")
    moves = usual_moves(organisation)
    count = 5 if quick else 8
    ways = [plan.on(organisation) for plan in all_plans(moves[:count])]
    branches, founders = Branches(ways), [Founder(way) for way in ways]
    weeks = organisation.weeks

    def together() -> None:
        for way in branches.warmed(1, 0):
            live_world(Job(cast(Founder, way), 1, 0, weeks, 52))

    def alone() -> None:
        for founder in founders:
            live_world(Job(founder, 1, 0, weeks, 52))

    one, other = fastest([together, alone], 2 if quick else 5)
    few = BranchingDesign(organisation, all_plans(moves[:count]), 2, outcomes=KEPT)
    start = time.perf_counter()
    live_plans(few)
    each = (time.perf_counter() - start) / (2 * len(ways))
    runs = 100 * 2 ** len(moves)
    rows = [
        (
            f"{len(ways)} ways on from one warm-up against each alone, one thread",
            f"{other / one:.2f} times as fast",
        ),
        (
            f"an atlas of {2 ** len(moves):,} organisations x 100 worlds, reckoned",
            f"{runs * each / 60:.1f} minutes",
        ),
    ]
    return table("Combinations of moves", ("", ""), rows)


if __name__ == "__main__":
    main()
