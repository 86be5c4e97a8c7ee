"""Agents by role: what some people do and others do not."""

from simulation.agents.person import Person


class Marketeer(Person):
    """Executes the choices of a marketing channel."""


class Communicator(Person):
    """Executes the choices of communication."""


class Colleague(Person):
    """Executes choices in product, finance, HR or customer success."""


class External(Person):
    """An agency's person or a freelancer: skilled, few ties, leaves with the budget."""


class SalesRep(Person):
    """Handles marketing's leads, and hears customers."""

    def sell(self) -> None:
        """Go through the leads in hand, oldest first."""
        self.model.rules.sell(self.index)


class Leader(Person):
    """Leads a line, executes nothing: sets priorities, talks, decides, brings change.

    Other people who have reports lead them in a part of their hours.
    """


ROLE_AGENTS = {
    "leader": Leader,
    "marketeer": Marketeer,
    "communicator": Communicator,
    "sales": SalesRep,
    "colleague": Colleague,
    "external": External,
}
