"""The public names of orgsim: scenarios, runs, comparisons, advice and agents.

>>> from orgsim import compare, read, run_ensemble
>>> read("owned").title["en"]
'Owning the work'
>>> comparison = compare("assigned", "owned", replicates=2, weeks=4)
>>> comparison.runs.names
('assigned', 'owned')
>>> next(run_ensemble(read("owned"), replicates=2, threads=1)).series.shape
(2, 104)

Own agents take the place of any role:

>>> from orgsim import Marketeer, Organisation
>>> class Careful(Marketeer):
...     def learn(self):
...         "Look at no results at all."
>>> model = Organisation(read("baseline"), seed=1, agents={"marketeer": Careful})

What stands here keeps its name and meaning from version to version; modules behind it
may move.
"""

from experiments.advise.levers import rank
from experiments.advise.moves import Move, Plan, moves_of, read_moves, today
from experiments.compare.comparison import Comparison, compare
from experiments.compare.overview import Overview, overview
from experiments.compare.results import save
from experiments.errors import InputError, OutputError
from experiments.run.replicates import Replicates
from experiments.run.runner import run
from experiments.science.panels import write_panel
from simulation.agents import (
    Colleague,
    Communicator,
    External,
    Leader,
    Marketeer,
    Person,
    SalesRep,
)
from simulation.ensemble import run_ensemble, simulate
from simulation.model import Organisation
from simulation.outcomes import OUTCOMES
from simulation.scenario import ResolvedScenario, read, vary
from simulation.tables import PARAMETERS, STRUCTURE, lever_table

__all__ = [
    "OUTCOMES",
    "PARAMETERS",
    "STRUCTURE",
    "Colleague",
    "Communicator",
    "Comparison",
    "External",
    "InputError",
    "Leader",
    "Marketeer",
    "Move",
    "Organisation",
    "OutputError",
    "Overview",
    "Person",
    "Plan",
    "Replicates",
    "ResolvedScenario",
    "SalesRep",
    "compare",
    "lever_table",
    "moves_of",
    "overview",
    "rank",
    "read",
    "read_moves",
    "run",
    "run_ensemble",
    "save",
    "simulate",
    "today",
    "vary",
    "write_panel",
]
