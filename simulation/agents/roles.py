"""The roles: what some people do and others don't."""

from simulation.agents.person import Person


class Marketeer(Person):
    """Executes the choices of a marketing channel."""


class Communicator(Person):
    """Executes the choices of communication."""


class Colleague(Person):
    """Executes choices in product, finance, HR or customer success."""


class External(Person):
    """An agency's or freelancer's person: skill, few ties, gone when the budget is."""


class SalesRep(Person):
    """Takes on marketing's leads, and hears customers."""

    def sell(self) -> None:
        """Go through the leads in hand, oldest first."""
        self.model.rules.sell(self.index)


class Leader(Person):
    """Leads a line and executes nothing: priorities, talks, decisions, changes.

    Other people with reports of their own lead in a part of their hours.
    """


ROLE_AGENTS = {
    "leader": Leader,
    "marketeer": Marketeer,
    "communicator": Communicator,
    "sales": SalesRep,
    "colleague": Colleague,
    "external": External,
}
