"""The model compiled: the same worlds as on Mesa, byte for byte, and many at a time.

`live.py` composes one function out of the table of the week; `worlds.py` lives worlds
in threads; `blocks.py` lives many worlds of one scenario in bounded memory.

>>> from simulation.scenario import read
>>> run = simulate(read("baseline"), seed=1)
>>> len(run.series)
104
"""

from simulation.ensemble.blocks import (
    Block,
    memory_left,
    processors,
    run_ensemble,
    simulate,
)
from simulation.ensemble.worlds import Job, run_worlds

__all__ = [
    "Block",
    "Job",
    "memory_left",
    "processors",
    "run_ensemble",
    "run_worlds",
    "simulate",
]
