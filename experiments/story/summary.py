"""What happened in a world in a few sentences, and how it ended against other worlds."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.show.document import Table
from experiments.story.events import Event
from experiments.story.picking import OUTCOMES, Worlds
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.words.numerals import number, percent, quantity
from experiments.words.phrases import names, short_label
from simulation.outcomes import find

REASONS = 3
"""Reasons for which leads were lost that are told."""
MIDDLE = (0.1, 0.9)
"""Quantiles between which the end of a world is not unusual."""


def summary(teller: Teller, wishes: Sequence[Wish]) -> list[str]:
    """Return what happened over all weeks: customers, decisions, people, leads."""
    parts = (
        _customers(teller, wishes),
        _decisions(teller),
        _people(teller),
        _leads(teller),
    )
    return [text for text in parts if text]


def _customers(teller: Teller, wishes: Sequence[Wish]) -> str:
    hoped = [x for x in wishes if not x.met]
    if not hoped:
        return teller.say("sum_wishes_none", n=len(wishes))
    made = [x for x in hoped if x.how == "launch"]
    seen = [x for x in hoped if x.seen is not None]
    parts = [teller.say("sum_wishes", all=len(wishes), n=len(hoped))]
    values = {"seen": len(seen), "made": len(made), "hoped": len(hoped)}
    parts.append(teller.say("sum_followed", n=len(made), **values))
    if made:
        waits = [x.done_after for x in made]
        middle = number(float(np.median(waits)), teller.language)
        parts.append(teller.say("sum_weeks", middle=middle, most=max(waits)))
    return " ".join(parts)


def _decisions(teller: Teller) -> str:
    decided = teller.log.of("decided")
    if not decided:
        return teller.say("sum_decisions_none")
    kinds = Counter(x.reason for x in decided)
    values = {
        "n": len(decided),
        "weeks": number(
            float(np.mean([x.value for x in decided])), teller.language, 1
        ),
        "sent": kinds["overruled"],
        "ahead": kinds["unanswered"],
    }
    told = teller.say("sum_decisions", **values)
    shares = {name: _suits(teller, name) for name in ("overruled", "approved")}
    if None in shares.values():
        return told
    texts = {
        name: percent(x, teller.language) for name, x in shares.items() if x is not None
    }
    return f"{told} {teller.say('sum_decided', **texts)}"


def _suits(teller: Teller, reason: str) -> float | None:
    """Return the share of decided items that suited customers once launched."""
    launches: dict[int, list[Event]] = {}
    for event in teller.log.of("launched"):
        launches.setdefault(event.item, []).append(event)
    ends = [
        next((x for x in launches.get(one.item, ()) if x.week >= one.week), None)
        for one in teller.log.of("decided")
        if one.reason == reason
    ]
    suits = [x.reason == "fits" for x in ends if x is not None]
    return sum(suits) / len(suits) if suits else None


def _people(teller: Teller) -> str:
    if teller.private:
        return teller.say("sum_absent", n=len(teller.log.of("away")))
    left = teller.log.of("left")
    return teller.say(
        "sum_people",
        ill=len(teller.log.of("ill")),
        left=len(left),
        joined=len(teller.log.of("joined")),
        lost=round(sum(x.value for x in left)),
    )


def _leads(teller: Teller) -> str:
    series = teller.log.series
    if not series.leads_handed.sum():
        return teller.say("sum_leads_none")
    counts = {
        name: round(float(series[f"leads_{name}"].sum()))
        for name in ("handed", "answered", "pursued", "won")
    }
    kinds = ("lead_unanswered", "lead_declined", "lead_lost", "lead_expired")
    lost = Counter((x.kind, x.reason) for x in teller.log.of(*kinds))
    told = [
        teller.say(f"loss_{kind.removeprefix('lead_')}_{reason}", many=many)
        for (kind, reason), many in lost.most_common()
        if reason != "chance"
    ][:REASONS]
    text = teller.say("sum_leads", **counts)
    if not told:
        return text
    whys = names(told, teller.language)
    return f"{text} {teller.say('sum_losses', whys=whys)}"


def ending(teller: Teller, worlds: Worlds, side: int, at: int, known: int) -> list[str]:
    """Return how a world ended against the median of the first `known` worlds.

    `at` is its place among the worlds, `side` that of its scenario.
    """
    language = teller.language
    odd, told = [], []
    for name in OUTCOMES:
        values = worlds.of(name)[side]
        here, others = values[at], values[:known][np.isfinite(values[:known])]
        if not np.isfinite(here) or not len(others):
            continue
        outcome = find(name)
        low, middle, high = np.quantile(others, (MIDDLE[0], 0.5, MIDDLE[1]))
        texts = {
            "what": outcome.in_sentence[language],
            "here": quantity(here, outcome, language),
            "middle": quantity(middle, outcome, language),
        }
        if outcome.headline:
            told.append(teller.say("end_one", **texts))
        if not low <= here <= high:
            way = "end_low" if here < low else "end_high"
            odd.append(teller.say(way, **texts))
    if not told:
        return []
    first = teller.say("end", levels=names(told, language), worlds=known)
    if not odd:
        return [f"{first} {teller.say('end_usual')}"]
    return [f"{first} {teller.say('end_unusual', whats=names(odd, language))}"]


def ending_table(tellers: Sequence[Teller], worlds: Worlds, at: int, known: int) -> Table:
    """Return the outcomes of a world beside the median and the middle of worlds."""
    language = tellers[0].language
    rows, data = [], []
    for side, teller in enumerate(tellers):
        for name in OUTCOMES:
            outcome, values = find(name), worlds.of(name)[side]
            here, others = values[at], values[:known]
            if not np.isfinite(others).any():
                continue
            low, middle, high = np.nanquantile(others, (MIDDLE[0], 0.5, MIDDLE[1]))
            ends = [quantity(x, outcome, language) for x in (here, middle, low, high)]
            place = teller.say("interval", low=ends[2], high=ends[3])
            title = teller.log.scenario.title[language]
            rows.append((short_label(outcome, language), title, *ends[:2], place))
            data.append(
                {
                    "outcome": name,
                    "scenario": teller.log.scenario.name,
                    "unit": outcome.unit[language],
                    "here": here,
                    "median": middle,
                    "low": low,
                    "high": high,
                }
            )
    first = tellers[0]
    heads = ("outcome", "scenario", "here", "median", "most")
    return Table(
        "ending",
        first.say("ending_title"),
        tuple(first.say(f"head_{name}") for name in heads),
        tuple(rows),
        pd.DataFrame(data),
        first.say("ending_note", worlds=known),
    )
