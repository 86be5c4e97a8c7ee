"""The people of an organisation as Mesa agents: views on its arrays.

Each agent knows the index of its seat; its attributes read and write the records that
rules work on, and its methods call those rules. Override a method in a subclass to let
some people behave otherwise:

>>> from simulation.agents import Marketeer
>>> class Stubborn(Marketeer):
...     def learn(self):
...         "Look at no results at all."
"""

from simulation.agents.person import Person
from simulation.agents.roles import (
    Colleague,
    Communicator,
    External,
    Leader,
    Marketeer,
    SalesRep,
)

__all__ = [
    "Colleague",
    "Communicator",
    "External",
    "Leader",
    "Marketeer",
    "Person",
    "SalesRep",
]
