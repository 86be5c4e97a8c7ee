"""Worlds in Node against those of the native engine, for tests of the module."""

import machine
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.ensemble.worlds import live_world
from simulation.webassembly.node import live_in_node

NODE = machine.program("node", "nodejs")
SEEDS = st.integers(0, 2**63 - 1)


def examples(strategy, count):
    """Return what a strategy draws, the same each time."""
    drawn = []

    @settings(max_examples=count, database=None)
    @given(strategy)
    def draw(one):
        drawn.append(one)

    draw()
    return drawn


def told(run):
    """Return the bytes of a run."""
    records = (run.series, run.probe, run.panel)
    return [None if x is None else (x.dtype, x.shape, x.tobytes()) for x in records]


def unequal(jobs, founded_there=False):
    """Return the jobs whose runs differ between the native engine and Node."""
    runs = live_in_node(jobs, NODE, founded_there).runs
    pairs = zip(jobs, runs, strict=True)
    return [job for job, run in pairs if told(run) != told(live_world(job))]
