"""The compiled model: the same worlds as with Mesa, byte for byte, and many at a time.

`live.py` composes one function from the table of the week; `worlds.py` runs worlds in
threads; `blocks.py` runs many worlds of one scenario in bounded memory.

>>> from simulation.scenario import read
>>> run = simulate(read("baseline"), seed=1)
>>> len(run.series)
104
"""

from simulation.ensemble.blocks import (
    Block,
    memory_left,
    run_ensemble,
    simulate,
)
from simulation.ensemble.worlds import Job, run_worlds

__all__ = [
    "Block",
    "Job",
    "memory_left",
    "run_ensemble",
    "run_worlds",
    "simulate",
]
