"""What happened in a world in a few sentences, and in a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from experiments.show.document import Table
from experiments.story.events import Event, Log
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.words.numerals import number, percent
from experiments.words.phrases import names

REASONS = 3
"""Reasons for which leads were lost that are told."""
LOST = ("lead_unanswered", "lead_declined", "lead_lost", "lead_expired")


@dataclass(frozen=True)
class Tally:
    """What a world amounts to.

    Of the changes of mind of customers by which an item no longer suits them, `hoped`:
    `seen` by who makes it, `made` as they want in time, after `took` weeks. Of
    proposals `decided` by leaders after `waited` weeks on average: `sent` back, gone
    `ahead` unanswered; `sent_suits` and `approved_suits` are shares that suit customers
    once launched, None if there are none. `gone` are absences where illness may not be
    told. `losses` are counts by kind and reason.
    """

    changes: int
    hoped: int
    seen: int
    made: int
    took: tuple[int, ...]
    decided: int
    waited: float
    sent: int
    ahead: int
    sent_suits: float | None
    approved_suits: float | None
    ill: int
    left: int
    joined: int
    gone: int
    lost: int
    leads: Mapping[str, int]
    losses: Mapping[tuple[str, str], int]


def tally(log: Log, wishes: Sequence[Wish]) -> Tally:
    """Count what a world amounts to."""
    hoped = [x for x in wishes if not x.met]
    took = tuple(x.done_after for x in hoped if x.how == "launch")
    decided = log.of("decided")
    kinds = Counter(x.reason for x in decided)
    stages = ("handed", "answered", "pursued", "won")
    left = log.of("left")
    return Tally(
        changes=len(wishes),
        hoped=len(hoped),
        seen=sum(x.seen is not None for x in hoped),
        made=len(took),
        took=took,
        decided=len(decided),
        waited=float(np.mean([x.value for x in decided])) if decided else 0.0,
        sent=kinds["overruled"],
        ahead=kinds["unanswered"],
        sent_suits=_suits(log, "overruled"),
        approved_suits=_suits(log, "approved"),
        ill=len(log.of("ill")),
        left=len(left),
        joined=len(log.of("joined")),
        gone=len(log.of("away")),
        lost=round(sum(x.value for x in left)),
        leads={
            name: round(float(log.series[f"leads_{name}"].sum())) for name in stages
        },
        losses=Counter((x.kind, x.reason) for x in log.of(*LOST)),
    )


def _suits(log: Log, reason: str) -> float | None:
    """Return the share of decided items that suited customers once launched."""
    launches: dict[int, list[Event]] = {}
    for event in log.of("launched"):
        launches.setdefault(event.item, []).append(event)
    ends = [
        next((x for x in launches.get(one.item, ()) if x.week >= one.week), None)
        for one in log.of("decided")
        if one.reason == reason
    ]
    suits = [x.reason == "fits" for x in ends if x is not None]
    return sum(suits) / len(suits) if suits else None


def summary(teller: Teller, counts: Tally) -> list[str]:
    """Return what happened over all weeks: customers, decisions, people, leads."""
    parts = (_customers, _decisions, _people, _leads)
    return [part(teller, counts) for part in parts]


def _customers(teller: Teller, counts: Tally) -> str:
    if not counts.hoped:
        return teller.say("sum_wishes_none", n=counts.changes)
    parts = [teller.say("sum_wishes", all=counts.changes, n=counts.hoped)]
    values = {"seen": counts.seen, "made": counts.made, "hoped": counts.hoped}
    parts.append(teller.say("sum_followed", **values))
    if counts.took:
        middle = number(float(np.median(counts.took)), teller.language)
        most = max(counts.took)
        parts.append(teller.say("sum_weeks", middle=middle, most=most))
    return " ".join(parts)


def _decisions(teller: Teller, counts: Tally) -> str:
    if not counts.decided:
        return teller.say("sum_decisions_none")
    weeks = number(counts.waited, teller.language, 1)
    values = {"n": counts.decided, "sent": counts.sent, "ahead": counts.ahead}
    told = teller.say("sum_decisions", weeks=weeks, **values)
    if counts.sent_suits is None or counts.approved_suits is None:
        return told
    shares = {
        "overruled": percent(counts.sent_suits, teller.language),
        "approved": percent(counts.approved_suits, teller.language),
    }
    return f"{told} {teller.say('sum_decided', **shares)}"


def _people(teller: Teller, counts: Tally) -> str:
    if teller.private:
        return teller.say("sum_absent", n=counts.gone)
    names = ("ill", "left", "joined", "lost")
    return teller.say("sum_people", **{name: getattr(counts, name) for name in names})


def _leads(teller: Teller, counts: Tally) -> str:
    if not counts.leads["handed"]:
        return teller.say("sum_leads_none")
    text = teller.say("sum_leads", **counts.leads)
    told = [
        teller.say(_loss(kind, reason), many=many)
        for (kind, reason), many in sorted(counts.losses.items(), key=lambda x: -x[1])
        if reason != "chance"
    ][:REASONS]
    if not told:
        return text
    return f"{text} {teller.say('sum_losses', whys=names(told, teller.language))}"


def _loss(kind: str, reason: str) -> str:
    return f"loss_{kind.removeprefix('lead_')}_{reason}"


def summary_table(tellers: Sequence[Teller], counts: Sequence[Tally]) -> Table:
    """Return what the worlds of several scenarios amount to, side by side."""
    first, language = tellers[0], tellers[0].language
    columns = [_figures(one, first.private) for one in counts]
    rows, data = [], []
    for name in columns[0]:
        values = [one[name] for one in columns]
        texts = ["–" if x is None else _figure(name, x, language) for x in values]
        rows.append((first.say(f"row_{name}"), *texts))
        data.append({"name": name} | dict(zip(_files(tellers), values, strict=True)))
    heads = (first.say("head_what"), *(x.log.scenario.title[language] for x in tellers))
    title = first.say("both_title")
    return Table("both", title, heads, tuple(rows), pd.DataFrame(data))


def _files(tellers: Sequence[Teller]) -> list[str]:
    return [x.log.scenario.name for x in tellers]


def _figures(counts: Tally, private: bool) -> dict[str, float | None]:
    """Return the figures of a column, in order."""
    lost: Counter[str] = Counter()
    for (_, reason), many in counts.losses.items():
        lost[reason] += many
    people = ("gone",) if private else ("ill", "left", "lost")
    return {
        **{name: getattr(counts, name) for name in ("hoped", "seen", "made")},
        "took": float(np.median(counts.took)) if counts.took else None,
        **{name: getattr(counts, name) for name in ("decided", "waited", "sent")},
        "sent_suits": counts.sent_suits,
        "approved_suits": counts.approved_suits,
        **{name: getattr(counts, name) for name in people},
        **counts.leads,
        **{f"lost_{reason}": lost[reason] for reason in TOLD_REASONS},
    }


TOLD_REASONS = ("looks", "trust", "misfit", "late")
"""Reasons for which leads are lost that a table tells, at whatever stage."""


def _figure(name: str, value: float, language: str) -> str:
    if name.endswith("_suits"):
        return percent(value, language)
    return number(value, language, 1 if name == "waited" else 0)
