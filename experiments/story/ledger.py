"""What a world amounts to, as sums that add up; of two worlds side by side."""

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from experiments.show.document import Table
from experiments.story.causes import GAINED, LOST, counted
from experiments.story.events import Log
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.words.numerals import number, percent, signed_text
from simulation.measures import LAST_WEEKS

LEADS_LOST = {
    "answered": (
        *(("unanswered", x) for x in ("looks", "busy", "chance")),
        *(("expired", x) for x in ("unseen", "slow", "busy", "no_room")),
    ),
    "pursued": tuple(("declined", x) for x in ("looks", "trust", "busy", "chance")),
    "won": tuple(("lost", x) for x in ("misfit", "late", "pitch", "chance")),
}
"""Ways in which leads are lost before they are answered, pursued and won."""
ALWAYS = ("fit_start", "fit_end", "fit_share", "launched", "decided", "handed", "won")
"""Rows that are told even if they are zero."""
Figures = dict[str, dict[str, float | None]]
"""Figures by group and name, in the order in which they are told."""


def fit_balance(log: Log, first: int, last: int) -> dict[str, int]:
    """Return the terms of the change in the number of items that suit customers.

    `start` is the number before week `first`, `end` that after week `last`, and end =
    start + given - taken + won - lost + mates. Customers who change their minds give
    and take, launches win and lose; `mates` is the net of changes in related items.
    """
    events = [x for x in log.of("fit_won", "fit_lost") if first <= x.week <= last]
    many = Counter((x.kind, x.reason) for x in events)
    end = round(float(log.series.market_fit[last] * log.series["items"][last]))
    up = sum(n for (kind, _), n in many.items() if kind == "fit_won")
    return {
        "start": end - up + (len(events) - up),
        "given": many["fit_won", "market"],
        "taken": many["fit_lost", "market"],
        "won": many["fit_won", "launch"],
        "lost": many["fit_lost", "launch"],
        "mates": many["fit_won", "mates"] - many["fit_lost", "mates"],
        "end": end,
    }


def figures(log: Log, wishes: Sequence[Wish], private: bool) -> Figures:
    """Return the figures of a world by group; None where there is nothing to tell."""
    weeks = len(log.series)
    whys = counted(log, private)
    fit = fit_balance(log, 0, weeks - 1)
    return {
        "items": {
            **{f"fit_{name}": n for name, n in fit.items()},
            "fit_share": float(log.series.market_fit[-LAST_WEEKS:].mean()),
        },
        "gained": {f"gained_{x}": whys["fit_won", x] for x in GAINED},
        "lost": {f"lost_{x}": whys["fit_lost", x] for x in LOST},
        "work": _work(log, wishes),
        "leads": _leads(log),
        "people": _people(log, private),
        "money": _money(log),
    }


def _work(log: Log, wishes: Sequence[Wish]) -> dict[str, float | None]:
    decided = log.of("decided")
    kinds = Counter(x.reason for x in decided)
    hoped = [x for x in wishes if not x.met]
    waits = [x.value for x in decided]
    return {
        "launched": len(log.of("launched")),
        "decided": len(decided),
        "waited": float(np.mean(waits)) if waits else None,
        "overruled": kinds["overruled"],
        "unanswered": kinds["unanswered"],
        "hoped": len(hoped),
        "seen": sum(x.seen is not None for x in hoped),
        "made": sum(x.how == "launch" for x in hoped),
    }


def _leads(log: Log) -> dict[str, float | None]:
    """Return leads from hand-over to deal, with every loss between.

    `before` were in hand at the start, `after` at the end.
    """
    ends = log.of(*(f"lead_{x}" for x in _FATES))
    lost = Counter((x.kind.removeprefix("lead_"), x.reason) for x in ends)
    born = {x.other for x in log.of("lead_in")}
    done = {x.other for x in ends}
    counts: dict[str, float | None] = {
        "handed": len(born),
        "before": len(done - born),
        "after": len(born - done),
    }
    for stage, ways in LEADS_LOST.items():
        counts |= {f"{kind}_{why}": lost[kind, why] for kind, why in ways}
        counts[stage] = round(float(log.series[f"leads_{stage}"].sum()))
    return counts


_FATES = ("won", "lost", "declined", "unanswered", "expired")


def _people(log: Log, private: bool) -> dict[str, float | None]:
    """Return absences where neither illness nor who leaves may be told."""
    return {"gone": len(log.of("away"))} if private else {}


def _money(log: Log) -> dict[str, float | None]:
    """Return deals, and money in thousands of euros, over all weeks."""
    series = log.series
    revenue, cost = (float(series[x].sum()) / 1000 for x in ("revenue", "cost"))
    inbound = round(float(series.inbound_won.sum()))
    deals = round(float(series.leads_won.sum())) + inbound
    return {
        "inbound": inbound,
        "deals": deals,
        "deals_a_year": deals * 52 / len(series),
        "revenue": revenue,
        "cost": cost,
        "margin": revenue - cost,
        "change_cost": float(series.change_cost.sum()) / 1000,
    }


def ledger(tellers: Sequence[Teller], worlds: Sequence[Figures]) -> Table:
    """Return the figures of one world or two as a table, group by group."""
    first, language = tellers[0], tellers[0].language
    titles = [x.log.scenario.title[language] for x in tellers]
    files = [x.log.scenario.name for x in tellers]
    rows: list[tuple[str, ...]] = []
    data: list[dict[str, object]] = []
    for group, name, values in _shown(worlds):
        if name == "":
            rows.append((first.say(f"group_{group}"), *("" for _ in titles)))
            data.append({"name": group})
            continue
        texts = [_text(name, x, language) for x in values]
        rows.append((first.say(f"row_{name}"), *texts))
        data.append({"name": name} | dict(zip(files, values, strict=True)))
    heads = (first.say("head_what"), *titles)
    note = first.say("both_note", weeks=len(first.log.series), last=LAST_WEEKS)
    title = first.say("both_title")
    return Table("both", title, heads, tuple(rows), pd.DataFrame(data), note)


def _shown(
    worlds: Sequence[Figures],
) -> Iterator[tuple[str, str, list[float | None]]]:
    """Yield each group with an empty name, and then its rows that are not all zero."""
    for group, there in worlds[0].items():
        rows = [(name, [one[group][name] for one in worlds]) for name in there]
        shown = [(name, x) for name, x in rows if name in ALWAYS or any(x)]
        if shown:
            yield group, "", []
        for name, values in shown:
            yield group, name, values


def _text(name: str, value: float | None, language: str) -> str:
    """Return a figure as its row shows it."""
    if value is None:
        return "–"
    if name == "fit_share":
        return percent(value, language)
    text = number(value, language, 1 if name == "waited" else 0)
    if name == "fit_mates":
        return signed_text(text, value)
    return text
