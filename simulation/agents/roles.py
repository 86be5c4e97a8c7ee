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
    """States priorities, talks, listens, decides, and brings changes."""

    def lead(self) -> None:
        """State priorities anew when due, and divide the free hours."""
        self.model.rules.remember_practice(self.index)
        self.model.rules.set_priorities(self.index)
        self.model.rules.spend_hours(self.index)

    def review(self) -> None:
        """Work through the approval queue."""
        self.model.rules.review(self.index)

    def talk(self) -> None:
        """Learn from colleagues, and from listening to the line."""
        super().talk()
        self.model.rules.listen(self.index)


ROLE_AGENTS = {
    "leader": Leader,
    "marketeer": Marketeer,
    "communicator": Communicator,
    "sales": SalesRep,
    "colleague": Colleague,
    "external": External,
}
