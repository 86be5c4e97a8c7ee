"""The agent of a person, and what every person does in a week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from simulation.state import (
    DEPARTMENTS,
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    ON_LEAVE,
    PERSON,
    SURE_DIGITS,
    VACANT,
    VALUE,
    WORKING,
)

if TYPE_CHECKING:
    from simulation.model import Organisation


class Person(mesa.Agent):
    """A seat and its occupant: a view on one record of the organisation.

    Every field of a person's record (`fatigue`, `ownership`, `hours_items`, ...) is an
    attribute. The methods are the phases of a person's week, in the order in which the
    organisation calls them.
    """

    model: Organisation

    def __init__(self, model: Organisation, index: int, name: str) -> None:
        super().__init__(model)
        self.index = index
        self.name = name

    @property
    def record(self) -> np.record:
        """The person's record, which rules read and write too."""
        return self.model.state.people[self.index]

    @property
    def department_name(self) -> str:
        """The department in which the person works."""
        return DEPARTMENTS[self.department]

    @property
    def working(self) -> bool:
        """Whether the person is at work this week."""
        return self.status == WORKING

    @property
    def vacant(self) -> bool:
        """Whether the seat is empty."""
        return self.status == VACANT

    @property
    def sick(self) -> bool:
        """Whether the person is ill for a part of this week or longer."""
        return self.status == ON_LEAVE or self.hours_sick > 0.0

    @property
    def leader_agent(self) -> Person | None:
        """The agent to whom the person reports."""
        return self.model.person(self.leader) if self.leader >= 0 else None

    @property
    def own_items(self) -> list[int]:
        """The choices that the person executes."""
        return self.model.state.own[self.first_choice : self.last_choice].tolist()

    def belief(self, choice: int) -> bool | None:
        """Return whether the person thinks `choice` is wanted; None if undecided."""
        word, lane = choice >> 6, np.uint64(choice & 63)
        planes = self.model.state.beliefs[self.index, :, word]
        if not (planes[KNOWN] >> lane) & np.uint64(1):
            return None
        return bool((planes[VALUE] >> lane) & np.uint64(1))

    def believe(self, choice: int, wanted: bool) -> None:
        """Give the person, after this phase, the belief that `choice` is (un)wanted.

        It has one step of evidence, whatever the person believed before.
        """
        word, lane = choice >> 6, np.uint64(1) << np.uint64(choice & 63)
        planes = self.model.state.beliefs[self.index, :, word]
        planes[NEXT_KNOWN] |= lane
        planes[NEXT_VALUE] = (
            planes[NEXT_VALUE] | lane if wanted else planes[NEXT_VALUE] & ~lane
        )
        planes[NEXT_SURE : NEXT_SURE + SURE_DIGITS] &= ~lane

    # --- the week, in order ------------------------------------------------------

    def arrive_or_go(self) -> None:
        """Leave after notice, or arrive in a seat that was vacant long enough."""
        self.model.rules.come_and_go(self.index)

    def begin_week(self) -> None:
        """Reset weekly quantities, perhaps fall ill, and spend hours on a change."""
        self.model.rules.begin_week(self.index)
        self.model.rules.go_through(self.index)
        self.model.rules.call_in_sick(self.index)
        self.model.rules.adapt(self.index)
        self.model.rules.form_focus(self.index)

    def meet(self) -> None:
        """Add up the week's meetings, and hear what others changed or plan."""
        self.model.rules.meet(self.index)
        self.model.rules.hear_news(self.index)

    def lead(self) -> None:
        """With reports: set new priorities when due, and divide the free hours."""
        self.model.rules.remember_practice(self.index)
        self.model.rules.set_priorities(self.index)
        self.model.rules.spend_hours(self.index)

    def plan(self) -> None:
        """Divide the week's hours, train in the hours set aside, meet exceptions."""
        self.model.rules.remember_news(self.index)
        self.model.rules.plan_week(self.index)
        self.model.rules.craft_skill(self.index)
        self.model.rules.raise_questions(self.index)
        self.model.rules.hand_in(self.index)
        self.model.rules.form_picture(self.index)

    def review(self) -> None:
        """With reports: work through the approval queue."""
        self.model.rules.review(self.index)

    def decide(self) -> None:
        """Name the item to take up next, when free."""
        self.model.rules.wish_for_item(self.index)

    def start(self) -> None:
        """Begin the item just won."""
        self.model.rules.start_item(self.index)

    def work(self) -> None:
        """Work on the current item; when done, decide or hand it in."""
        self.model.rules.work_on_item(self.index)

    def sell(self) -> None:
        """Go through leads; only sales people do."""

    def learn(self) -> None:
        """Read the results that arrive on one's own items."""
        self.model.rules.read_results(self.index)

    def talk(self) -> None:
        """Learn from better informed people met this week."""
        self.model.rules.talk(self.index)

    def listen(self) -> None:
        """With reports: learn from the people in the line."""
        self.model.rules.listen(self.index)

    def test(self) -> None:
        """Test own items in the hours set aside for tests."""
        self.model.rules.run_tests(self.index)

    def hear_results(self) -> None:
        """With reports: hear what results of the line show."""
        self.model.rules.hear_results(self.index)

    def hear_strategy(self) -> None:
        """Hear the strategy and adopt part of it."""
        self.model.rules.hear_strategy(self.index)

    def conclude(self) -> None:
        """Make the beliefs formed in this phase the present ones."""
        self.model.rules.commit(self.index)

    def strain(self) -> None:
        """Compute strain from the week's demands, control and support."""
        self.model.rules.strain(self.index)

    def recover(self) -> None:
        """Update strain and drive by a week, and let beliefs fade."""
        self.model.rules.settle(self.index)
        self.model.rules.grow(self.index)
        self.model.rules.gain_experience(self.index)
        self.model.rules.forget(self.index)
        self.model.rules.count_stock(self.index)

    def stay_or_leave(self) -> None:
        """Begin or end a burn-out leave, or give notice."""
        self.model.rules.stay_or_leave(self.index)
        self.model.rules.agency_goes(self.index)

    def evaluate(self) -> None:
        """Move meeting hours to where hand-offs failed, when evaluations are held."""
        self.model.rules.evaluate_collaboration(self.index)

    def end_week(self) -> None:
        """Work in the new way from next week on, if it has been learned."""
        self.model.rules.adopt_version(self.index)
        self.model.rules.adopt_picture(self.index)


def _field(name: str) -> property:
    """Return an attribute that reads and writes one field of a person's record."""

    def read(self: Person):
        return self.model.state.people[name][self.index].item()

    def write(self: Person, value) -> None:
        self.model.state.people[name][self.index] = value

    return property(read, write, doc=f"The field `{name}` of the person's record.")


for _name in PERSON.names or ():
    if hasattr(Person, _name):
        # Confusing the two would silently give wrong numbers.
        raise TypeError(
            f"Mesa {mesa.__version__} has a name {_name} of its own, which is a field"
            " of a person's record here; install a Mesa that orgsim was tried with"
        )
    setattr(Person, _name, _field(_name))
