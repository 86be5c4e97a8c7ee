"""The people of an organisation as Mesa agents: views on its arrays.

Each agent has the index of its seat. Its attributes read and write the records that
rules work on; its methods call the rules. To let some people behave differently,
override a method in a subclass:

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
