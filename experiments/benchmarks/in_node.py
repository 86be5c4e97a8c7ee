"""Worlds in Node, with the WebAssembly module, beside native ones."""

import gzip
import shutil

import numpy as np

from experiments.benchmarks.timing import BenchmarkWorld, founder_of, table, timed
from simulation.ensemble import Job
from simulation.founding import Founder
from simulation.webassembly import MODULE
from simulation.webassembly.node import asked_founder, found_in_node, live_in_node

NODE_SIZES = (10, 40, 300)


def node_section(quick: bool) -> list[str]:
    """Return Markdown lines on the time of worlds in Node, beside native ones.

    With `quick`, fewer rounds are timed.
    """
    module = MODULE.read_bytes()
    packed = len(gzip.compress(module))
    sizes = f"The module has {len(module):,} bytes, {packed:,} gzipped."
    head = ("people", "native, ms a world", "Node, ms", "ratio", "memory, MB")
    if not shutil.which("node"):
        return ["## In Node", "", sizes, "There is no Node on this machine."]
    rows = []
    for size in NODE_SIZES:
        world = BenchmarkWorld(founder_of(size))
        jobs = [Job(world.founder, 1, 0, world.weeks)] * 20
        native = other = np.inf
        for _ in range(2 if quick else 5):
            lived = live_in_node(jobs)
            other = min(other, *lived.seconds)
            native = min(native, world.seconds(3))
        times = (f"{1e3 * native:.1f}", f"{1e3 * other:.1f}", f"{other / native:.2f}")
        rows.append((f"{world.people:,}", *times, f"{lived.memory / 1e6:.1f}"))
    return [*table("In Node", head, rows), "", sizes, "", *_founding_in_node(quick)]


def _founding_in_node(quick: bool) -> list[str]:
    """Time founders, and the worlds that they found, in Node against native ones."""
    worlds = [(1, replicate) for replicate in range(20)]
    rows = []
    for size in NODE_SIZES:
        scenario = founder_of(size).scenario
        asked = [asked_founder(scenario)] * 5
        made, founded = [], []
        other_made, other_founded = [], []
        for _ in range(2 if quick else 5):
            there = found_in_node(asked, worlds)
            other_made += there.founder_seconds
            other_founded += there.seconds
            for _ in asked:
                founder, seconds = timed(Founder, scenario)
                made.append(seconds)
                founded += [timed(founder.found, *x)[1] for x in worlds]
        least = map(min, (made, other_made, founded, other_founded))
        people = f"{len(founder.chart.seats):,}"
        rows.append((people, *(f"{1e3 * seconds:.2f}" for seconds in least)))
    founders = "a founder, native, ms", "in Node, ms"
    head = ("people", *founders, "a world founded, native, ms", "in Node, ms")
    return table("Founding in Node", head, rows)
