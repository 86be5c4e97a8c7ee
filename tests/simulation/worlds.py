"""Small organisations to test with, and the laws that hold in every week of one."""

from collections import defaultdict
from dataclasses import fields

import numpy as np

from simulation.model import Organisation
from simulation.scenario import ResolvedScenario, resolve, scenario_from
from simulation.state import (
    AT_GATE,
    EXECUTED,
    EXISTS,
    IDLE,
    IN_WORK,
    KNOWN,
    LEAD_WAITING,
    NEXT_KNOWN,
    NEXT_VALUE,
    OWN,
    VACANT,
    VALUE,
    VISIBLE,
    WANTED,
    WISHED,
    WORKING,
)
from simulation.week import ORGANISATION, WEEK

NO_HEADS = {
    "marketeers": 0,
    "communicators": 0,
    "sales": 0,
    "product": 0,
    "finance": 0,
    "hr": 0,
    "customer_success": 0,
    "externals": 0,
}
FEW = {"marketeers": 4, "communicators": 2, "sales": 2, "product": 1, "finance": 1}


def scenario(heads=FEW, weeks=8, warm_up=4, name="test", **tables) -> ResolvedScenario:
    """Return a resolved scenario that names these head counts and nobody else."""
    organisation = {**NO_HEADS, **heads, **tables.pop("organisation", {})}
    run = {"weeks": weeks, "warm_up_weeks": warm_up}
    return resolve(
        scenario_from({"organisation": organisation, "run": run, **tables}, name)
    )


def differing(a, b) -> list[str]:
    """Return the names of arrays, or fields of records, in which two states differ."""
    found = []
    for field in fields(a):
        one, two = getattr(a, field.name), getattr(b, field.name)
        if one.shape != two.shape or one.dtype != two.dtype:
            found.append(field.name)
        elif one.tobytes() != two.tobytes():
            names = one.dtype.names or ()
            parts = [n for n in names if one[n].tobytes() != two[n].tobytes()]
            found += [f"{field.name}.{n}" for n in parts] or [field.name]
    return found


class InOrder:
    """A group of agents that act in an order of our choosing."""

    def __init__(self, agents, order):
        self.agents, self.order = list(agents), order

    def do(self, what):
        for agent in self.order(self.agents, what):
            getattr(agent, what)()


def bits(words) -> int:
    """Return the number of set bits of an array of words."""
    return int(np.bitwise_count(words).sum())


def lanes_of(words) -> np.ndarray:
    """Return one boolean per lane of the last axis of an array of words."""
    each = (words[..., None] >> np.arange(64, dtype=np.uint64)) & np.uint64(1)
    return each.reshape(*words.shape[:-1], -1).astype(bool)


def right_own(state) -> np.ndarray:
    """Return how many own items each person is right about now."""
    beliefs = state.beliefs
    right = beliefs[:, KNOWN] & ~(beliefs[:, VALUE] ^ state.market[WISHED])
    return np.bitwise_count(right & beliefs[:, OWN]).sum(axis=1).astype(int)


SHARES = [
    "ownership",
    "motivation",
    "safety",
    "clarity",
    "territory",
    "own_share",
    "chosen_share",
    "overruled",
    "progress",
    "told",
    "estimate",
    "load",
    "conflict",
]
HOURS = [
    "hours_sick",
    "hours_meeting",
    "hours_admin",
    "hours_talks",
    "hours_side",
    "hours_change",
    "hours_testing",
    "hours_training",
    "hours_writing",
    "hours_routine",
    "hours_items",
    "hours_questions",
    "hours_review",
    "hours_idle",
]
NOT_NEGATIVE = (
    *HOURS,
    "hours_over",
    "hours_total",
    "hours_rework",
    "hours_duplicate",
    "hours_initiative",
    "hours_refused",
    "item_hours",
    "backlog",
    "routine_waiting",
    "questions",
    "answered",
    "guessed",
    "questions_up",
    "hours_cover",
    "experience",
    "redo_hours",
    "deliverables",
    "dropped",
    "pressure",
    "change_progress",
)


class Laws:
    """A witness that looks at every week of a model and notes which laws it breaks.

    `broken` maps a law to what was seen first. A law is a method whose name begins with
    `law_` and that yields what is wrong.
    """

    NAMES = (
        "hours",
        "questions",
        "bounds",
        "leads",
        "items",
        "hands",
        "money",
        "beliefs",
        "learning",
        "people",
        "market",
        "series",
    )

    def __init__(self, model: Organisation):
        self.model = model
        self.broken: dict[str, str] = {}
        self.seen: dict[str, float] = defaultdict(float)
        self.won = self.paid = 0.0
        self.pipeline = float(model.state.firm.pipeline[0])
        self.waiting = self._waiting()
        model.interventions.update(
            begin_week=self._begin,
            move_market=self._after_market,
            sell_inbound=self._after_sales,
            meet_market=self._before_sales,
            observe=self._look,
        )
        self.status = model.state.people.status.copy()
        self.generation = model.state.people.generation.copy()

    def _waiting(self) -> int:
        return int((self.model.state.leads.stage == LEAD_WAITING).sum())

    def _begin(self, model):
        people = model.state.people
        self.same = (people.generation == self.generation) & (
            (people.status == VACANT) == (self.status == VACANT)
        )
        self.right_first = right_own(model.state)
        self.start = people.stock_start.copy()
        self.open = people.questions_up.copy()

    def _after_market(self, model):
        self.by_market = self.right_first - right_own(model.state)

    def _before_sales(self, model):
        self.in_hand = self._waiting()

    def _after_sales(self, model):
        self.judged = self.in_hand - self._waiting()

    def _look(self, model):
        for name in self.NAMES:
            for wrong in getattr(self, f"law_{name}")(model.state):
                self.broken.setdefault(name, f"week {model.week}: {wrong}")
        self.status = model.state.people.status.copy()
        self.generation = model.state.people.generation.copy()
        self.waiting = self._waiting()

    def law_hours(self, state):
        """Contract hours are spent once, and nobody who is away spends any."""
        people = state.people
        working = people.status == WORKING
        share = np.where(
            (people.maker == 1) & (people.external == 0),
            state.structure.marketing_hours_share[people.version],
            1.0,
        )
        due = np.where(working, people.contract * share, 0.0)
        for i in np.flatnonzero(working & (people.hours_contract != due)):
            yield f"person {i} has {people.hours_contract[i]} of {due[i]} hours"
        spent = sum(people[name] for name in HOURS)
        for i in np.flatnonzero(np.abs(spent - due) > 1e-6):
            yield f"person {i} spends {spent[i]} of {due[i]} hours"
        over = np.abs(people.hours_total - due + people.hours_sick - people.hours_over)
        for i in np.flatnonzero(over > 1e-6):
            yield f"person {i}: {people.hours_total[i]} is no {due[i]} less illness"
        for i in np.flatnonzero(people.hours_rework > people.hours_total + 60):
            yield f"person {i} redoes {people.hours_rework[i]} hours"
        self.seen["hours"] += spent.sum()

    def law_questions(self, state):
        """What arises is answered, guessed or waits; what fails is to be redone."""
        people, p = state.people, state.parameters[0]
        gone = people.answered + people.guessed
        lost = self.open + people.questions - gone - people.questions_up
        for i in np.flatnonzero(np.abs(lost) > 1e-9 * (1 + gone)):
            yield f"person {i} loses {lost[i]} questions"
        failed = p.guess_fails * people.guessed + p.answer_fails * people.answered
        short = failed * p.exception_hours - people.redo_hours
        for i in np.flatnonzero(short > 1e-9 * (1 + people.redo_hours)):
            yield f"person {i} redoes {short[i]} hours too little"
        self.seen["answered"] += people.answered.sum()
        self.seen["guessed"] += people.guessed.sum()

    def law_bounds(self, state):
        """Shares stay shares, hours not negative, strain and skill plausible."""
        people = state.people
        for name in SHARES:
            x = people[name]
            if not ((x >= 0) & (x <= 1)).all():
                yield f"{name} in {x.min()}..{x.max()}"
        for name in NOT_NEGATIVE:
            if not (people[name] >= -1e-9).all():
                yield f"{name} is {people[name].min()}"
        for name in ("fatigue", "exhaustion"):
            if not (np.abs(people[name]) < 15).all():
                yield f"{name} is {people[name]}"
        seated = people.status != VACANT
        if not ((people.score[seated] >= 1) & (people.score[seated] <= 7)).all():
            yield f"score is {people.score}"
        for name in ("skill",):
            x = getattr(state, name)
            if not ((x >= -1e-12) & (x <= 1 + 1e-12)).all():
                yield f"{name} in {x.min()}..{x.max()}"
        for x, name in (
            (state.ties.trust, "trust"),
            (state.choices.attention, "attention"),
        ):
            if not ((x >= 0) & (x <= 1)).all():
                yield f"{name} in {x.min()}..{x.max()}"
        firm = state.firm[0]
        for name in ("fit", "bundle_fit", "consistency", "values"):
            if not 0 <= firm[name] <= 1:
                yield f"{name} is {firm[name]}"
        for name in ("budget", "pipeline", "revenue", "cost", "change_cost", "brand"):
            if not firm[name] >= 0:
                yield f"{name} is {firm[name]}"
        if firm.bundle_fit > firm.fit + 1e-12:
            yield f"more whole journeys {firm.bundle_fit} than right items {firm.fit}"
        if not (state.hours + state.ties.moved >= -1e-9).all():
            yield "negative hours of a tie"

    def law_leads(self, state):
        """Each lead handed over is judged once, expires once, or waits."""
        firm = state.firm[0]
        waiting = self._waiting()
        if waiting != firm.leads_waiting:
            yield f"{firm.leads_waiting} counted, {waiting} waiting"
        if (
            self.waiting + firm.leads_handed
            != self.judged + firm.leads_expired + waiting
        ):
            yield (
                f"{self.waiting} + {firm.leads_handed} handed over, but"
                f" {self.judged} judged + {firm.leads_expired} expired + {waiting} wait"
            )
        for less, more in (
            ("leads_fitting", "leads_handed"),
            ("leads_handed", "prospects"),
            ("leads_won", "leads_pursued"),
            ("leads_pursued", "leads_answered"),
            ("inbound_won", "inbound"),
        ):
            if not 0 <= firm[less] <= firm[more]:
                yield f"{less} {firm[less]} of {more} {firm[more]}"
        if not max(firm.leads_accepted, firm.leads_answered) <= self.judged:
            yield f"{firm.leads_accepted} accepted of {self.judged} judged"
        self.seen["leads"] += self.judged

    def law_items(self, state):
        """Each item is idle, in one person's hands, or at the gate of a decider."""
        people, choices = state.people, state.choices
        week = state.firm.week[0]
        absent = choices.exists == 0
        if (choices.stage[absent] != IDLE).any() or (
            choices.executor[absent] >= 0
        ).any():
            yield "an item that does not exist is in work"
        if not set(np.unique(choices.stage)) <= {IDLE, IN_WORK, AT_GATE}:
            yield f"stages {np.unique(choices.stage)}"
        for c in np.flatnonzero(choices.stage == IN_WORK):
            worker = choices.worker[c]
            if people.doing[worker] != c:
                yield f"item {c} is in work, but {worker} does {people.doing[worker]}"
        for i in np.flatnonzero(people.doing >= 0):
            choice = choices[people.doing[i]]
            if choice.stage != IN_WORK or choice.worker != i:
                yield f"person {i} does item {people.doing[i]}, which is not in hand"
        for c in np.flatnonzero(choices.stage == AT_GATE):
            choice = choices[c]
            if choice.decider < 0 or not choice.opened <= choice.proposed <= week:
                yield f"item {c} waits for {choice.decider} since {choice.proposed}"
        if (choices.launched[~absent] > week).any():
            yield "an item was launched in the future"
        for stage, name in ((IN_WORK, "in work"), (AT_GATE, "at the gate")):
            self.seen[name] += (choices.stage == stage).sum()

    def law_hands(self, state):
        """Nothing is in the hands of a seat in which nobody sits."""
        people = state.people
        for i in np.flatnonzero((people.status == VACANT) & (people.doing >= 0)):
            yield f"item {people.doing[i]} is in work in the vacant seat {i}"

    def law_money(self, state):
        """What was won is paid or in the pipeline."""
        firm = state.firm[0]
        deals = firm.leads_won + firm.inbound_won
        self.won += deals * state.parameters.deal_value[0]
        self.paid += firm.revenue
        if abs(self.won - self.paid - firm.pipeline) > 1e-6 * max(1.0, self.won):
            yield f"won {self.won}, paid {self.paid}, to come {firm.pipeline}"
        self.seen["deals"] += deals

    def law_beliefs(self, state):
        """Values are held of known, existing items only; formed beliefs are held."""
        beliefs, exists = state.beliefs, state.market[EXISTS]
        for plane in (KNOWN, VALUE, NEXT_KNOWN, NEXT_VALUE, OWN):
            if (beliefs[:, plane] & ~exists).any():
                yield f"plane {plane} knows items that do not exist"
        if (beliefs[:, VALUE] & ~beliefs[:, KNOWN]).any():
            yield "a value of what is not known"
        known = beliefs[:, KNOWN] != beliefs[:, NEXT_KNOWN]
        value = (beliefs[:, VALUE] ^ beliefs[:, NEXT_VALUE]) & beliefs[:, KNOWN]
        if known.any() or value.any():
            yield "beliefs were formed but not concluded"
        own = lanes_of(beliefs[:, OWN])
        if (own.sum(axis=0) != state.choices.exists).any():
            yield "an item is not owned by exactly one person"
        if (state.strategy & ~exists).any() or (
            state.strategy[VALUE] & ~state.strategy[KNOWN]
        ).any():
            yield "the strategy holds what is not known or does not exist"

    def law_learning(self, state):
        """Where nobody came or went, learning and the market explain the stock."""
        people = state.people
        stock = people.wrong + people.unknown
        expected = (
            people.stock_start
            - people.corrections
            + people.corruptions
            + self.by_market
        )
        first = self.model.week == -self.model.scenario.warm_up_weeks
        for i in np.flatnonzero(self.same & (stock != expected) & (not first)):
            yield f"person {i}: stock {stock[i]}, learning explains {expected[i]}"
        self.seen["corrections"] += people.corrections.sum()
        self.seen["corruptions"] += people.corruptions.sum()
        self.seen["moved by market"] += np.abs(self.by_market).sum()

    def law_people(self, state):
        """Right, wrong and unknown are all own items; seats are taken, left or ill."""
        people = state.people
        items = people.last_choice - people.first_choice
        if (people.right + people.wrong + people.unknown != items).any():
            yield "right, wrong and unknown are not all own items"
        if (people.right != right_own(state)).any():
            yield "right beliefs are counted wrong"
        if not set(np.unique(people.status)) <= {WORKING, WORKING + 1, VACANT}:
            yield f"statuses {np.unique(people.status)}"
        gone = (people.status == VACANT) & (people.until <= self.model.week)
        if (gone & (people.external == 0)).any():
            yield "a seat stays vacant beyond its vacancy"
        if (people.tenure < 0).any() or (people.leader == np.arange(len(people))).any():
            yield "negative tenure, or someone leads himself"
        if (people.version > state.firm.version[0]).any() or (people.version < 0).any():
            yield "a person is ahead of the organisation"
        if (people.leader >= 0).sum() != len(people) - 1:
            yield "more or less than one person without a leader"

    def law_market(self, state):
        """What the market remembers to be executed is what items show."""
        executed = lanes_of(state.market[EXECUTED])
        if (executed != (state.choices.executed == 1)).any():
            yield "executed bits differ from what items execute"
        exists = state.market[EXISTS]
        if (lanes_of(exists) != (state.choices.exists == 1)).any():
            yield "existing bits differ from existing items"
        if (state.market[[WANTED, WISHED, VISIBLE, EXECUTED]] & ~exists).any():
            yield "the market wants what does not exist"
        fit = (~(state.market[WANTED] ^ state.market[EXECUTED])) & exists
        self.seen["fit"] = bits(fit) / bits(exists) if exists.any() else 0.0

    def law_series(self, state):
        """The weekly record is what counting by hand gives."""
        row, people, firm = state.row[0], state.people, state.firm[0]
        seated = people.status != VACANT
        employed = seated & (people.external == 0)
        makers = employed & (people.maker == 1)
        n = max(1, makers.sum())
        leads = (people.last_report > people.first_report) & (people.status == WORKING)
        limit = state.parameters.complaints_above[0]
        by_hand = {
            "week": self.model.week,
            "stock_wrong": (people.wrong + people.unknown).sum(),
            "stock_start": people.stock_start.sum(),
            "corrections": people.corrections.sum(),
            "corruptions": people.corruptions.sum(),
            "employees": employed.sum(),
            "employees_score": people.score[employed].sum(),
            "employees_complaints": (people.score[employed] > limit).sum(),
            "employees_on_leave": (people.status[employed] != WORKING).sum(),
            "makers": makers.sum(),
            "makers_score": people.score[makers].sum(),
            "makers_complaints": (people.score[makers] > limit).sum(),
            "makers_on_leave": (people.status[makers] != WORKING).sum(),
            "ownership": people.ownership[makers].sum() / n,
            "exhaustion": people.exhaustion[makers].sum() / n,
            "fatigue": people.fatigue[makers].sum() / n,
            "clarity_spread": people.clarity[makers].std() if makers.any() else 0,
            "hours_worked": people.hours_total[seated].sum(),
            "hours_side": people.hours_side[seated].sum(),
            "leader_hours": people.contract[leads].sum(),
            "leader_review_hours": people.hours_review[leads].sum(),
            "market_fit": self.seen["fit"],
            "seats": len(people),
            "items": (state.choices.exists == 1).sum(),
            "waiting_items": (state.choices.stage == AT_GATE).sum(),
            "leads_handed": firm.leads_handed,
            "leads_accepted": firm.leads_accepted,
            "revenue": firm.revenue,
        }
        for name, value in by_hand.items():
            if not abs(row[name] - value) <= 1e-6 * max(1.0, abs(value)):
                yield f"{name} is {row[name]}, by hand {value}"
        for name in row.dtype.names:
            if name != "decision_weeks_p90" and not np.isfinite(row[name]):
                yield f"{name} is {row[name]}"


def plain(rule):
    """Return a rule as plain Python, for arguments that are not whole arrays."""
    return getattr(rule, "py_func", rule)


def chance_of(happens):
    """Return the probability at which `happens(u)` turns, u being uniform on 0-1."""
    low, high = 0.0, 1.0
    for _ in range(52):
        middle = (low + high) / 2
        low, high = (middle, high) if happens(middle) else (low, middle)
    return high if happens(low) else low


def lived(what: ResolvedScenario, seed=1, replicate=0, until=None, **options):
    """Return a model that lived under the eyes of the laws, and its witness."""
    model = Organisation(what, seed, replicate, **options)
    laws = Laws(model)
    model.run(until)
    return model, laws


PHASES = tuple(dict.fromkeys((p.who, p.what) for p in WEEK if p.who != ORGANISATION))
