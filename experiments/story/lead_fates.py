"""What became of each lead, and for which reason.

The weekly record counts leads; it does not follow them. Every draw of the model has an
address, so the same rules tell here what became of each lead in the week, lead by lead
in the order in which sales saw them. Why it was lost is a counterfactual: the first
thing of a list that would have been enough, with the same draw.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from experiments.story.changes import Before, name_of
from experiments.story.events import Event
from simulation.chance import uniform
from simulation.compiled import call
from simulation.model import Organisation
from simulation.purposes import LEAD_IGNORED, LEAD_SALES, LEAD_WON
from simulation.rules import sales
from simulation.state import LEAD_WAITING, SALES, SALES_DOMAIN, UNSEEN, WORKING

TRUSTING = 1.0
"""A rep's estimate of marketing's leads, at its highest."""


def see_new_leads(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield the leads that marketing handed over; the value tells whether they fit."""
    firm = model.state.firm[0]
    for lead in model.state.leads[: firm.leads_listed]:
        if lead.born == model.week:
            yield _event(model, "lead_in", lead, "", float(lead.fits))
    kept = {_key(x) for x in model.state.leads[: firm.leads_listed]}
    for lead in before.leads[: before.firm.leads_listed[0]]:
        if lead.stage == LEAD_WAITING and _key(lead) not in kept:
            yield _event(model, "lead_expired", lead, "no_room", _age(lead, model))


def see_expired_leads(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield the leads that nobody answered before they expired, and why not.

    `unseen`: nobody looked; `slow`: the answer was planned for later; `busy`: it was
    due, and the rep had no room.
    """
    firm = model.state.firm[0]
    kept = {_key(x) for x in model.state.leads[: firm.leads_listed]}
    for lead in before.leads[: before.firm.leads_listed[0]]:
        if lead.stage == LEAD_WAITING and _key(lead) not in kept:
            late = call(sales.weeks_late, lead, model.state.firm)
            reason = "busy" if late >= 0 else "slow"
            reason = "unseen" if lead.due == UNSEEN else reason
            yield _event(model, "lead_expired", lead, reason, _age(lead, model))


def see_inbound(_: Before, model: Organisation) -> Iterator[Event]:
    """Yield how many customers came on their own and bought."""
    won = int(model.state.firm.inbound_won[0])
    if won:
        yield Event(model.week, "", "inbound_won", value=float(won))


def see_sales(before: Before, model: Organisation) -> Iterator[Event]:
    """Yield what sales people did with the leads in hand, lead by lead."""
    people = before.people
    for i in np.flatnonzero((people.role == SALES) & (people.status == WORKING)):
        yield from _Desk(before, model, int(i)).fates()


class _Desk:
    """The leads in hand of a sales person in a week, read as the rule `sell` does.

    It works on copies: the rep's estimate of leads moves from lead to lead.
    """

    def __init__(self, before: Before, model: Organisation, i: int) -> None:
        self.before, self.model, self.state = before, model, model.state
        self.person = before.people[i : i + 1].copy()[0]
        self.firm = before.firm.copy()
        self.now = self.state.structure[self.person.version]
        in_hand = (before.leads.stage == LEAD_WAITING) & (before.leads.rep == i)
        self.leads = np.flatnonzero(in_hand[: self.firm.leads_listed[0]])
        self.skilled = float(self.state.skill[i, SALES_DOMAIN])
        able = self._parameter("leads_per_rep") * max(0.2, self.person.productivity)
        self.load = min(3.0, len(self.leads) / able)

    def _parameter(self, name: str) -> float:
        return float(self.state.parameters[name][0])

    def fates(self) -> Iterator[Event]:
        """Yield an event for each lead that was closed in the week."""
        for k in self.leads:
            lead, after = self.before.leads[k].copy(), self.state.leads[k]
            if after.stage == LEAD_WAITING:
                continue
            good = self._looks_good(lead)
            left = lead.due == UNSEEN and self._is_left(lead, good)
            pursued = not left and self._draw(lead, 1) < self._pursuit(good)
            if left:
                reason = self._why_left(lead)
                yield _event(self.model, "lead_unanswered", lead, reason, 0.0)
            elif pursued:
                yield self._pursued(lead, after)
            else:
                why, hours = self._why_declined(lead), self._hours(after)
                yield _event(self.model, "lead_declined", lead, why, hours)
            self._move_estimate(lead, good, pursued)

    def _draw(self, lead: Any, what: int, purpose: int = LEAD_SALES) -> float:
        key = self.state.firm.key[0]
        place = (int(lead.born), int(lead.number), what)
        return float(call(uniform, key, purpose, *place))

    def _looks_good(self, lead: Any) -> bool:
        u = self._draw(lead, 0)
        return bool(
            call(sales.looks_good, lead.fits, self.now, u, self.state.parameters)
        )

    def _is_left(self, lead: Any, good: bool) -> bool:
        return self._draw(lead, 0, LEAD_IGNORED) < self._ignored(good, self.load)

    def _ignored(self, good: bool, load: float) -> float:
        return float(call(sales.ignored_chance, good, load, self.state.parameters))

    def _why_left(self, lead: Any) -> str:
        """Return why a lead was never answered: its looks, a full desk, or chance."""
        u, good = self._draw(lead, 0, LEAD_IGNORED), self._looks_good(lead)
        if u >= self._ignored(True, self.load):
            return "looks"
        return "busy" if u >= self._ignored(good, 0.0) else "chance"

    def _pursuit(
        self, good: bool, trust: float | None = None, load: float = -1.0
    ) -> float:
        """Return the chance that a lead is pursued, with another trust or load."""
        person = self.person.copy()
        person.estimate = self.person.estimate if trust is None else trust
        load = self.load if load < 0 else load
        return float(
            call(sales.pursuit_chance, person, good, load, self.state.parameters)
        )

    def _why_declined(self, lead: Any) -> str:
        """Return why an answered lead was not pursued.

        Its looks, the rep's low trust in marketing's leads, a full desk, or chance.
        """
        u, good = self._draw(lead, 1), self._looks_good(lead)
        if u < self._pursuit(True):
            return "looks"
        if u < self._pursuit(good, TRUSTING):
            return "trust"
        return "busy" if u < self._pursuit(good, load=0.0) else "chance"

    def _hours(self, lead: Any) -> float:
        """Return the hours from hand-over to the answer of a lead answered now."""
        late = call(sales.weeks_late, lead, self.firm)
        return float(lead.due + sales.HOURS_A_WEEK * late)

    def _pursued(self, lead: Any, after: Any) -> Event:
        """Return how a pursued lead ended, and why it was lost.

        It did not fit what the customer needs, was answered too late, was pitched
        otherwise than customers want, or was lost by chance.
        """
        hours, fits = self._hours(after), int(lead.fits)
        pitch = float(
            call(
                sales.pitch_fit,
                self.state.market,
                self.state.choices,
                self.state.mates,
                int(lead.choice),
            )
        )
        u = self._draw(lead, 0, LEAD_WON)
        if u < self._win(fits, hours, pitch):
            return _event(self.model, "lead_won", lead, "", hours)
        enough = {
            "misfit": self._win(1, hours, pitch),
            "late": self._win(fits, 0.0, pitch),
            "pitch": self._win(fits, hours, 1.0),
        }
        why = next((name for name, chance in enough.items() if u < chance), "chance")
        return _event(self.model, "lead_lost", lead, why, hours)

    def _win(self, fits: int, hours: float, pitch: float) -> float:
        values = (fits, hours, pitch, self.skilled, self.now, self.state.parameters)
        return float(call(sales.win_chance, *values))

    def _move_estimate(self, lead: Any, good: bool, pursued: bool) -> None:
        """Let the copy of the rep learn from the lead, as the rule does."""
        values = (self.person, lead, good, pursued, self.firm, self.state.parameters)
        call(sales._close, *values)


def _key(lead: Any) -> tuple[int, int]:
    return int(lead.born), int(lead.number)


def _age(lead: Any, model: Organisation) -> float:
    return float(model.week - lead.born)


def _event(
    model: Organisation, kind: str, lead: Any, reason: str, value: float
) -> Event:
    rep = name_of(model, lead.rep)
    number = f"{lead.born}-{lead.number}"
    return Event(model.week, "", kind, rep, number, int(lead.choice), reason, value)
