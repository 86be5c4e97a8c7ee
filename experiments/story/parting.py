"""Where two stories of the same world part ways."""

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.story.events import Event
from experiments.story.telling import Teller
from experiments.story.wishes import Wish
from experiments.words.numerals import number
from experiments.words.phrases import names
from simulation.measures import weekly
from simulation.outcomes import find

TRAILING = 13
"""Weeks over which weekly outcomes are averaged before they are laid side by side."""
COMPARED = ("lead_quality", "market_fit", "burnout", "decision_weeks", "accepted_share")
"""Outcomes of which it is told from when on they differ for good, for a quarter or
more."""
FIRST_TOLD = 1
MOST_NAMED = 4
NOT_COMPARED = (
    *("change", "adopted", "lead", "strategy_heard", "waiting", "sick"),
    *("started", "proposed"),
)
"""First words of kinds that differ by themselves, or say little one by one."""


def parting(tellers: Sequence[Teller], wishes: Sequence[Sequence[Wish]]) -> list[str]:
    """Return where two worlds part: outcomes, wishes, people, first events."""
    return [
        *_ways(tellers),
        *_wishes(tellers, wishes),
        *_people(tellers),
        *_first(tellers),
    ]


def _kept(teller: Teller) -> list[Event]:
    return [x for x in teller.log.events if not x.kind.startswith(NOT_COMPARED)]


def _first(tellers: Sequence[Teller]) -> Iterator[str]:
    """Yield the first events that are not the same in both."""
    a, b = (_kept(teller) for teller in tellers)
    at = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
    first = tellers[0]
    if at is None:
        yield first.say("part_never")
        return
    week = min(a[at].week, b[at].week)
    yield first.say("part_first" if week else "part_at_once", week=week)
    for teller, mine, others in ((tellers[0], a, b), (tellers[1], b, a)):
        there = set(others)
        only = [x for x in mine[at:] if x not in there][:FIRST_TOLD]
        if only:
            told = "; ".join(f"{teller.when(x)}: {teller.line(x)}" for x in only)
            yield teller.say("part_only", title=teller.title, told=told)


def _people(tellers: Sequence[Teller]) -> Iterator[str]:
    """Yield who fell ill or left under one scenario alone."""
    if tellers[0].private:
        return
    for kind in ("ill", "left"):
        who = [{x.who: x for x in teller.log.of(kind)} for teller in tellers]
        for side, teller in enumerate(tellers):
            only = [x for name, x in who[side].items() if name not in who[1 - side]]
            if only:
                whos = [f"{teller.who(x.who)} in {teller.when(x)}" for x in only]
                listed = names(whos[:MOST_NAMED], teller.language)
                values = {"title": teller.title, "whos": listed}
                yield teller.say(f"part_{kind}", n=len(only), **values)


def _wishes(
    tellers: Sequence[Teller], wishes: Sequence[Sequence[Wish]]
) -> Iterator[str]:
    """Yield how long both took to follow the same changes of mind of customers."""
    sides = [{(x.week, x.item): x for x in one if not x.met} for one in wishes]
    both = [(sides[0][key], sides[1][key]) for key in sides[0] if key in sides[1]]
    done = [[pair[k] for pair in both if pair[k].how == "launch"] for k in (0, 1)]
    if not both:
        return
    first, second = tellers
    shown = {
        "n": len(both),
        "first": first.title,
        "second": second.title,
        "made_first": len(done[0]),
        "made_second": len(done[1]),
    }
    yield first.say("part_wishes", **shown)
    a, b = max(both, key=lambda x: (abs(x[0].done_after - x[1].done_after), -x[0].week))
    if a.done_after == b.done_after:
        return
    told = [
        teller.say("part_example_one", title=teller.title, how=_way(teller, wish))
        for teller, wish in zip(tellers, (a, b), strict=True)
    ]
    example = {"item": first.item(a.item), "week": a.week}
    yield first.say("part_example", told=" ".join(told), **example)


def _way(teller: Teller, wish: Wish) -> str:
    """Return how a wish was followed, in which weeks."""
    who = teller.maker(wish.item)
    if teller.private:
        seen = teller.say("way_private")
    elif wish.seen is None:
        seen = teller.say("way_unseen", who=who)
    else:
        seen = teller.say("way_seen", who=who, week=wish.seen)
    if wish.done is None:
        end = teller.say("way_again" if wish.again else "way_end", week=wish.end)
    else:
        key = "way_done" if wish.how == "launch" else "way_luck"
        end = teller.say(key, week=wish.done)
    desk = teller.say("way_desk", n=round(wish.desk)) if wish.desk >= 1 else ""
    return f"{seen}{desk}, {end}"


def _ways(tellers: Sequence[Teller]) -> Iterator[str]:
    """Yield from when on outcomes differ for good by more than what matters."""
    language = tellers[0].language
    found = []
    for name in COMPARED:
        outcome = find(name)
        a, b = (_trailing(weekly(teller.log.series, name)) for teller in tellers)
        apart = b - a
        large = np.abs(apart) >= outcome.smallest_difference
        same = np.sign(apart) == np.sign(apart[-1])
        lasting = large & same & np.isfinite(apart)
        if not lasting[-TRAILING:].all():
            continue
        since = int(len(lasting) - np.argmin(lasting[::-1])) if not lasting.all() else 0
        higher = apart[-1] > 0
        good = (
            None if outcome.good == "neutral" else higher == (outcome.good == "higher")
        )
        key = {None: "way_other", True: "way_better", False: "way_worse"}[good]
        what = outcome.in_sentence[language]
        found.append((since, tellers[0].say(key, what=what, week=since)))
    if not found:
        yield tellers[0].say("part_ways_none", weeks=number(TRAILING, language))
        return
    told = names([text for _, text in sorted(found)], language)
    yield tellers[0].say("part_ways", title=tellers[1].title, told=told)


def _trailing(values: np.ndarray) -> np.ndarray:
    """Return means over the last weeks up to each week, of the known values."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).cumsum()
    known = there.cumsum()
    total[TRAILING:] -= total[:-TRAILING].copy()
    known[TRAILING:] -= known[:-TRAILING].copy()
    return np.divide(total, known, np.full(len(values), np.nan), where=known > 0)
