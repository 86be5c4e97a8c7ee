"""Agents of one's own, as a user would write them, that processes can import."""

from simulation.agents import SalesRep


class PlainRep(SalesRep):
    """A rep who does what reps do."""


class IdleRep(SalesRep):
    """A rep who looks at no lead."""

    def sell(self):
        """Sell nothing."""
