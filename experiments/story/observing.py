"""Live one world and write down what happens in it.

An observer is called after each phase of the Mesa model and compares arrays with copies
from before. It writes to nothing, so the world is the same as without it.

>>> from simulation.scenario import read, vary
>>> log = observe(vary(read("baseline"), run={"weeks": 2, "warm_up_weeks": 1}))
>>> bool(len(log.of("lead_in")) == log.series.leads_handed.sum())
True
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from experiments.errors import InputError, is_wrong_input
from experiments.story import changes, lead_fates
from experiments.story.changes import Before, copy_of, fitting, name_of
from experiments.story.events import Event, Log
from simulation.model import Organisation
from simulation.scenario import ResolvedScenario
from simulation.week import WEEK
from simulation.whole_numbers import checks_numbers

PHASES = tuple(phase.what for phase in WEEK)
SOURCES = ("results", "talk", "test", "strategy")
"""From what beliefs are formed in the phases `conclude`, in their order."""
See = Callable[[Before, Organisation], Iterator[Event]]


def _watched() -> Mapping[int, tuple[See, ...]]:
    """Return what is looked at after each phase, by its place in the week."""
    by_name: Mapping[str, tuple[See, ...]] = {
        "apply_dated_changes": (changes.see_dated_change,),
        "arrive_or_go": (changes.see_arrivals,),
        "move_market": (changes.see_wishes,),
        "lead": (changes.see_priorities,),
        "review": (changes.see_decisions,),
        "start": (changes.see_starts,),
        "work": (changes.see_proposals,),
        "age_items": (changes.see_going_ahead,),
        "judge_offer": (changes.see_launches,),
        "meet_market": (lead_fates.see_new_leads,),
        "sell": (lead_fates.see_sales,),
        "sell_inbound": (lead_fates.see_inbound,),
        "expire_leads": (lead_fates.see_expired_leads,),
        "learn_strategy": (partial(changes.see_strategy, reason="learned"),),
        "age_strategy": (partial(changes.see_strategy, reason="faded"),),
        "hear_strategy": (changes.see_strategy_heard,),
        "recover": (partial(changes.see_learning, reason="forgot"),),
        "review_budget": (changes.see_budget,),
        "observe": (changes.see_desks,),
        "stay_or_leave": (changes.see_leave,),
        "end_week": (changes.see_adoption,),
    }
    watched = {PHASES.index(name): sees for name, sees in by_name.items()}
    conclude = [at for at, name in enumerate(PHASES) if name == "conclude"]
    for at, source in zip(conclude, SOURCES, strict=True):
        watched[at] = (partial(changes.see_learning, reason=source),)
    return watched


class Observer:
    """Writes down the events of an organisation from week 0 on."""

    def __init__(self, model: Organisation) -> None:
        self.events: list[Event] = []
        self.watched = _watched()
        self.at = 0
        self.fits = np.zeros(0, bool)
        self.wished: set[int] = set()
        self.known: frozenset[int] | None = None
        self.before = copy_of(model.state)
        model.interventions = dict.fromkeys(PHASES, self)

    def __call__(self, model: Organisation) -> None:
        """Read the events of the phase that just ended, and make ready for the next."""
        if model.week >= -1:
            self._read(model)
        self.at = (self.at + 1) % len(PHASES)

    def _read(self, model: Organisation) -> None:
        phase = PHASES[self.at]
        if model.week >= 0:
            if self.known is None:
                self.known = changes.known_by_makers(self.before)
            for see in self.watched.get(self.at, ()):
                events = [x._replace(phase=phase) for x in see(self.before, model)]
                self.events += events
                if phase == "move_market":
                    self.wished = {x.item for x in events if x.kind == "wish"}
            if phase == "judge_offer":
                self.events += self._fit_changes(model)
        if phase == "judge_offer":
            self.fits = fitting(model.state)
        if (self.at + 1) % len(PHASES) in self.watched:
            self.before = copy_of(model.state)

    def _fit_changes(self, model: Organisation) -> Iterator[Event]:
        """Yield which items came to fit what customers want, or no longer fit, and why.

        Since last week it was launched otherwise, customers want it otherwise by
        itself (`market`), or they do as its mates in the journey show something else.
        """
        now, choices = fitting(model.state), model.state.choices
        old = self.fits if len(self.fits) else now
        for c in np.flatnonzero(now != old):
            launched = choices.launched[c] == model.week and choices.changed[c] == 1
            reason = "launch" if launched else "market" if c in self.wished else "mates"
            who = name_of(model, choices.executor[c])
            kind = "fit_won" if now[c] else "fit_lost"
            yield Event(model.week, "judge_offer", kind, who, "", int(c), reason)


@checks_numbers
def observe(scenario: ResolvedScenario, seed: int = 1, world: int = 0) -> Log:
    """Live one world of a scenario to its horizon; return its events and its record.

    Raises `InputError` for unusable files.
    """
    try:
        model = Organisation(scenario, seed, world)
    except Exception as error:
        if is_wrong_input(error):
            raise InputError(str(error)) from error
        raise
    observer = Observer(model)
    series = model.run()
    choices = model.state.choices
    there = choices.exists == 1
    return Log(
        scenario,
        seed,
        world,
        tuple(observer.events),
        series,
        tuple(np.where(there, choices.domain, -1).tolist()),
        tuple(name_of(model, x) if x >= 0 else "" for x in choices.executor),
        observer.known or frozenset(),
    )
