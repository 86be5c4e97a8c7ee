"""How a quarter stands: what heads it, and its numbers, in one world or two."""

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.people.privacy import LEAST
from experiments.story.absences import FEW_WAIT, fullest
from experiments.story.events import Log
from experiments.story.funnel import Usual
from experiments.story.ledger import fit_balance
from experiments.story.noteworthy import QUARTER
from experiments.story.telling import Teller
from experiments.words.numerals import MINUS, number, percent, signed_text

FIT_STEP = 0.04
"""Change of the share of items that suit customers from which it heads a quarter."""
MANY_AWAY = 3
"""People who fall ill or leave in a quarter from which that heads it."""
FULL_DESKS = 1.4
"""Factor by which the proposals that wait move from which that heads a quarter."""


def quarter_rows(
    tellers: Sequence[Teller], first: int, last: int, usual: Usual
) -> Iterator[tuple[str, ...]]:
    """Yield the numbers of a quarter as rows of texts: a name, and one per world."""
    one = tellers[0]
    weeks = last - first + 1
    fits = [fit_balance(x.log, first, last) for x in tellers]
    yield one.say("quarter_start"), *(str(x["start"]) for x in fits)
    yield (
        one.say("quarter_market"),
        *(f"+{x['given']} {MINUS}{x['taken']}" for x in fits),
    )
    yield one.say("quarter_work"), *(f"+{x['won']} {MINUS}{x['lost']}" for x in fits)
    if any(x["mates"] for x in fits):
        mates = [x["mates"] for x in fits]
        texts = [signed_text(number(x, one.language), x) for x in mates]
        yield one.say("quarter_mates"), *texts
    yield one.say("quarter_end"), *(str(x["end"]) for x in fits)
    won = [float(x.log.series.leads_won[first : last + 1].sum()) for x in tellers]
    name = one.say("quarter_leads", n=round(usual.won * weeks))
    yield name, *(number(x, one.language) for x in won)
    yield one.say("quarter_complaints"), *(_complaints(x, first, last) for x in tellers)
    waits = [
        float(x.log.series.waiting_items[first : last + 1].mean()) for x in tellers
    ]
    name = one.say("quarter_waits", usual=number(usual.waits, one.language, 1))
    yield name, *(number(x, one.language, 1) for x in waits)
    most = [fullest(x, first, last) for x in tellers]
    if any(most):
        yield one.say("quarter_fullest"), *(x or "–" for x in most)


def _complaints(teller: Teller, first: int, last: int) -> str:
    """Return the share of employees with complaints; a dash for fewer than five."""
    part = teller.log.series[first : last + 1].view(np.recarray)
    if part.employees.min() < LEAST:
        return "–"
    share = float(part.employees_complaints.sum() / part.employees.sum())
    return percent(share, teller.language)


def heading(teller: Teller, first: int, last: int, usual: Usual) -> str:
    """Return the heading of a quarter: what changed most.

    Each change is divided by the size from which it may be a heading; the largest ratio
    wins. If none reaches 1, the heading says that the quarter was usual, or the first.
    """
    events = [x for x in teller.log.events if first <= x.week <= last]
    away = sum(x.kind in ("ill", "left", "away") for x in events)
    sizes = {
        "heading_change": 3.0 * any(x.kind == "change" for x in events),
        "heading_away": away / MANY_AWAY,
    }
    way, size = _fit_heading(teller.log, first, last)
    sizes[way] = size
    if first:
        waits = _waits(teller.log, first, last) / _waits(
            teller.log, first - QUARTER, first - 1
        )
        key = "heading_desks_up" if waits > 1 else "heading_desks_down"
        sizes[key] = abs(np.log(waits)) / np.log(FULL_DESKS)
    won = float(teller.log.series.leads_won[first : last + 1].sum())
    steps = usual.root_counts(won, last - first + 1)
    sizes["heading_leads_up" if steps > 0 else "heading_leads_down"] = abs(steps)
    most = max(sizes, key=lambda x: sizes[x])
    usually = "heading_usual" if first else "heading_first"
    return teller.say(most if sizes[most] >= 1.0 else usually, n=away)


def _waits(log: Log, first: int, last: int) -> float:
    """Return the proposals that wait in an average week; a few count as none."""
    return max(FEW_WAIT, float(log.series.waiting_items[first : last + 1].mean()))


def _fit_heading(log: Log, first: int, last: int) -> tuple[str, float]:
    """Return how the items that suit customers moved, by what most, in steps.

    The cause is one that moved them that way on balance; of several the one that by
    itself did most of it.
    """
    fit = fit_balance(log, first, last)
    moved = fit["end"] - fit["start"]
    up = moved > 0
    causes = {
        "market": (fit["given"] - fit["taken"], fit["given" if up else "taken"]),
        "work": (fit["won"] - fit["lost"], fit["won" if up else "lost"]),
        "mates": (fit["mates"], abs(fit["mates"])),
    }
    same = {x: gross for x, (net, gross) in causes.items() if net and (net > 0) == up}
    most = max(same, key=lambda x: same[x], default="market")
    size = abs(moved) / (FIT_STEP * float(log.series["items"][last]))
    return f"heading_fit_{'up' if up else 'down'}_{most}", size
