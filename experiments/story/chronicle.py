"""A readable chronicle of a world: chapters of a quarter, with months.

It is no copy of the log. A quarter has thirteen weeks, its months four, four and five.
Of each month at most `MOST_TOLD` notes are told: those of the highest weight in
`noteworthy.WEIGHTS`, in the order of `noteworthy.ORDER`. A month without any is quiet.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from experiments.people.privacy import LEAST
from experiments.story.absences import FEW_WAIT, fullest
from experiments.story.events import Log
from experiments.story.funnel import UNUSUAL, unusual_leads
from experiments.story.noteworthy import (
    FULL_DESKS,
    ORDER,
    QUARTER,
    WEIGHTS,
    Notes,
)
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.words.numerals import number, percent

MONTHS = (4, 4, 5)
MOST_TOLD = 4
FIT_STEP = 0.04
"""Change of the share of items that suit customers from which it heads a quarter."""
MANY_AWAY = 3
"""People who fall ill or leave in a quarter from which that heads it."""


@dataclass(frozen=True)
class Month:
    """The weeks `first` to `last`, and what is told of them."""

    first: int
    last: int
    text: str


@dataclass(frozen=True)
class Chapter:
    """A quarter of one scenario: what heads it, how it stands, and its months."""

    quarter: int
    first: int
    last: int
    heading: str
    standing: str
    months: tuple[Month, ...]


@dataclass(frozen=True)
class Standing:
    """Where a quarter stands: won leads, share of items that suit, complaints, waits.

    `complaints` is nan where fewer than five people are employed.
    """

    won: float
    fit: float
    complaints: float
    waits: float


def spans(weeks: int) -> list[list[tuple[int, int]]]:
    """Return the months of each quarter as first and last week.

    >>> spans(15)
    [[(0, 3), (4, 7), (8, 12)], [(13, 14)]]
    """
    found = []
    for start in range(0, weeks, QUARTER):
        ends = start + np.cumsum((0, *MONTHS))
        pairs = pairwise(ends.tolist())
        months = [(a, min(b, weeks) - 1) for a, b in pairs if a < weeks]
        found.append(months)
    return found


def standing(log: Log, first: int, last: int) -> Standing:
    """Return where some weeks stand."""
    part = log.series[first : last + 1].view(np.recarray)
    employed = part.employees.sum()
    few = part.employees.min() < LEAST
    return Standing(
        float(part.leads_won.sum()),
        float(part.market_fit.mean()),
        float("nan") if few else float(part.employees_complaints.sum() / employed),
        float(part.waiting_items.mean()),
    )


def chapters(teller: Teller, wishes: Sequence[Wish]) -> list[Chapter]:
    """Return the chronicle of a world, quarter by quarter."""
    notes = Notes(teller, wishes)
    found: list[Chapter] = []
    before: Standing | None = None
    for k, months in enumerate(spans(len(teller.log.series))):
        first, last = months[0][0], months[-1][1]
        now = standing(teller.log, first, last)
        found.append(
            Chapter(
                k + 1,
                first,
                last,
                _heading(teller, first, last, now, before),
                _standing_told(notes, first, last, now, before),
                tuple(Month(a, b, _month(notes, a, b)) for a, b in months),
            )
        )
        before = now
    return found


def _month(notes: Notes, first: int, last: int) -> str:
    """Return what is told of a month: the notes of the highest weight, in order."""
    there = sorted(notes.of(first, last), key=lambda x: -WEIGHTS[x.about])[:MOST_TOLD]
    told = sorted(there, key=lambda x: ORDER.index(x.about))
    return " ".join(x.text for x in told) or notes.teller.say("quiet")


def _standing_told(
    notes: Notes, first: int, last: int, now: Standing, before: Standing | None
) -> str:
    """Return how a quarter stands: what suits customers and why, leads, people."""
    teller = notes.teller
    balance = _balance(teller.log, first, last)
    other = balance.pop("other")
    key = "standing_mates_up" if other > 0 else "standing_mates_down"
    mates = teller.say(key, n=abs(other)) if other else ""
    told = [teller.say("standing_fit", mates=mates, **balance)]
    unusual = list(unusual_leads(teller, first, last))
    usual = float(teller.log.series.leads_won.mean()) * (last - first + 1)
    values = {"won": round(now.won), "usual": round(usual)}
    told += unusual or [teller.say("standing_leads", **values)]
    shown = _numbers(now, teller.language)
    if before is not None:
        old = _numbers(before, teller.language)
        shown |= {f"{name}_before": text for name, text in old.items()}
    few = not np.isfinite(now.complaints)
    shown["most"] = fullest(teller, first, last)
    key = "waits" if few else "people" if before is None else "people_before"
    return " ".join([*told, teller.say(f"standing_{key}", **shown)])


def _numbers(one: Standing, language: str) -> dict[str, str]:
    return {
        "complaints": percent(one.complaints, language),
        "waits": number(one.waits, language, 1),
    }


def _balance(log: Log, first: int, last: int) -> dict[str, int]:
    """Return what adds up to the change in the number of items that suit customers.

    `old` is the number before the first week, `new` that after the last; `taken` and
    `given` by customers, `won` and `lost` by work, `other` the net of what goes with
    the items.
    """
    here = [x for x in log.of("fit_won", "fit_lost") if first <= x.week <= last]
    many = Counter((x.kind, x.reason) for x in here)
    items = round(float(log.series["items"][last]))
    new = round(float(log.series.market_fit[last]) * items)
    up = sum(n for (kind, _), n in many.items() if kind == "fit_won")
    return {
        "items": items,
        "old": new - up + (len(here) - up),
        "new": new,
        "taken": many["fit_lost", "market"],
        "given": many["fit_won", "market"],
        "won": many["fit_won", "launch"],
        "lost": many["fit_lost", "launch"],
        "other": many["fit_won", "mates"] - many["fit_lost", "mates"],
    }


def _heading(
    teller: Teller, first: int, last: int, now: Standing, before: Standing | None
) -> str:
    """Return what heads a quarter: what moved most, in steps from which it would."""
    here = [x for x in teller.log.events if first <= x.week <= last]
    away = sum(x.kind in ("ill", "left", "away") for x in here)
    sizes = {
        "heading_change": 3.0 * any(x.kind == "change" for x in here),
        "heading_away": away / MANY_AWAY,
    }
    if before is not None:
        fit = (now.fit - before.fit) / FIT_STEP
        sizes["heading_fit_up" if fit > 0 else "heading_fit_down"] = abs(fit)
        waits = np.log(max(now.waits, FEW_WAIT) / max(before.waits, FEW_WAIT))
        key = "heading_desks_up" if waits > 0 else "heading_desks_down"
        sizes[key] = abs(waits) / np.log(FULL_DESKS)
    usual = float(teller.log.series.leads_won.mean()) * (last - first + 1)
    won = (now.won - usual) / (UNUSUAL * max(1.0, usual) ** 0.5)
    sizes["heading_leads_up" if won > 0 else "heading_leads_down"] = abs(won)
    most = max(sizes, key=lambda x: sizes[x])
    usually = "heading_first" if before is None else "heading_usual"
    return teller.say(most if sizes[most] >= 1.0 else usually, n=away)
