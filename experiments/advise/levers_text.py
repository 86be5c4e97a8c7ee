"""A ranking of levers as sentences, tables and figures."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from experiments.advise.levers import Ranking
from experiments.advise.moves import Way, WrittenPlan
from experiments.charts.figures import differences
from experiments.charts.style import Style
from experiments.statistics.intervals import Interval
from experiments.statistics.paired import good_sign
from experiments.words import phrases
from experiments.words.layout import aligned, wrapped
from experiments.words.numerals import (
    change,
    number,
    percent,
    percent_and_ends,
    say,
    size_and_ends,
)
from simulation.outcomes import HEADLINES, OUTCOMES, Outcome

MOST_NAMES = 3
"""Moves that a sentence names."""
MOST_ROWS = 15
"""Moves that a table or figure shows: those with the largest effects."""


def as_text(found: Ranking, outcomes: Sequence[str], language: str = "en") -> str:
    """Return sentences on what comes first, a table for each outcome, and the road."""
    parts = [wrapped(first(found, name, language)) for name in outcomes]
    parts += [_table(found, name, language) for name in outcomes]
    parts += [_road_table(found, outcomes, language)]
    if found.pairs():
        parts += [_pairs(found, name, language) for name in outcomes]
    parts.append(wrapped(note(found, language)))
    return "\n\n".join(part for part in parts if part)


def title(plan: Way, language: str = "en") -> str:
    """Return what is so after a plan, in words."""
    if isinstance(plan, WrittenPlan):
        return plan.title[language]
    if not plan.moves:
        return say("levers_nothing", language)
    texts = [move.words(language) for _, move in plan.moves]
    return say("levers_and", language).join(texts)


def dates(plan: Way, language: str = "en") -> str:
    """Return the moves of a plan by week, in words."""
    weeks: dict[int, list[str]] = {}
    for week, move in plan.moves:
        weeks.setdefault(week, []).append(f"“{move.words(language)}”")
    return "; ".join(
        say(
            "atlas_quarter",
            language,
            week=number(week, language),
            moves=phrases.names(moves, language),
        )
        for week, moves in weeks.items()
    )


def first(found: Ranking, outcome: str, language: str = "en") -> str:
    """Return in a sentence which moves come first for an outcome."""
    best, *_ = found.tiers(outcome)
    what = OUTCOMES[outcome].label[language].partition(":")[0]
    if 0 in best:
        return say("levers_none_first", language, what=what)
    effects = found.effects(outcome)
    told = [
        f"“{title(found.plans[k], language)}”"
        f" ({change(effects[k - 1], OUTCOMES[outcome], language)})"
        for k in best[:MOST_NAMES]
    ]
    key = "levers_first" if len(best) == 1 else "levers_first_of"
    more = len(best) - len(told)
    others = phrases.names(told[1:], language) if told[1:] else ""
    text = say(key, language, what=what, first=told[0], others=others)
    if more > 0:
        text += " " + say("levers_more", language, n=number(more, language))
    return text


def by_effect(found: Ranking, outcome: str) -> list[int]:
    """Return plans but doing nothing, the best for an outcome first."""
    sign = good_sign(OUTCOMES[outcome].good)
    effects = found.effects(outcome)
    known = [k for k in range(1, len(found.plans)) if effects[k - 1].known]
    return sorted(known, key=lambda k: -sign * effects[k - 1].estimate)


def ends_of(order: Sequence[int], most: int = MOST_ROWS) -> list[int]:
    """Return the first and last of an order, `most` in all."""
    if len(order) <= most:
        return list(order)
    head = most - most // 3
    return [*order[:head], *order[-(most // 3) :]]


def _table(found: Ranking, outcome: str, language: str) -> str:
    heads = ["levers_group", "difference", "levers_worlds", "levers_sets", "levers_per"]
    unsure = [k for k in range(1, len(found.plans)) if found.so_already(k)]
    if unsure:
        heads.append("levers_already")
    one = OUTCOMES[outcome]
    rows = [[one.label[language], *(say(key, language) for key in heads)]]
    tiers = {k: t + 1 for t, tier in enumerate(found.tiers(outcome)) for k in tier}
    for k in ends_of(by_effect(found, outcome)):
        row = _row(found, one, k, tiers[k], language)
        rows.append(
            [*row, *([percent(found.so_already(k), language)] if unsure else [])]
        )
    lines = [aligned(rows)]
    nothing = number(tiers[0], language)
    lines.append(wrapped(say("levers_table_note", language, group=nothing)))
    return "\n".join(lines)


def _row(
    found: Ranking, outcome: Outcome, k: int, tier: int, language: str
) -> list[str]:
    effect, holds = found.effects(outcome.id)[k - 1], found.holds(outcome.id, k)
    return [
        title(found.plans[k], language),
        number(tier, language),
        change(effect, outcome, language),
        percent(found.helps(outcome.id, k), language),
        percent_and_ends(holds, language) if holds else "",
        _per_effort(effect, found.road(k).once, outcome, language),
    ]


def _per_effort(effect: Interval, euros: float, outcome: Outcome, language: str) -> str:
    """Return the effect for each 10,000 euros that the change takes once.

    Empty where it takes none, or does not surely help.
    """
    sign = good_sign(outcome.good)
    helps = min(sign * effect.low, sign * effect.high) > 0
    if not euros > 0 or not helps or outcome.good == "neutral":
        return ""
    each = 10_000 / euros
    scaled = Interval(
        each * effect.estimate,
        each * effect.low,
        each * effect.high,
        effect.level,
        effect.n,
        effect.dropped,
        each * effect.sd,
        effect.method,
    )
    return size_and_ends(scaled, outcome, language)[0]


def _road_table(found: Ranking, outcomes: Sequence[str], language: str) -> str:
    keys = ("hours", "once", "weekly", "dip", "payback", "turns")
    rows = [
        [say("levers_road", language), *(say(f"levers_{k}", language) for k in keys)]
    ]
    for k in ends_of(by_effect(found, outcomes[0])):
        road = found.road(k)
        turns = found.turns(outcomes[0], k)[:1]
        hangs = phrases.signed(turns)
        rows.append(
            [
                title(found.plans[k], language),
                number(road.hours, language, 0 if road.hours >= 1 else 1),
                number(road.once, language, -2),
                number(road.weekly, language, -1),
                number(road.dip, language, -3),
                _payback(road.payback, found, language),
                *(hangs or [""]),
            ]
        )
    return aligned(rows)


def _payback(weeks: float, found: Ranking, language: str) -> str:
    """Return the weeks to pay back; more than the horizon where it comes later."""
    horizon = found.here.asked.today.weeks
    if weeks >= horizon:
        return say("levers_not_yet", language, weeks=number(horizon, language))
    return number(weeks, language)


def _pairs(found: Ranking, outcome: str, language: str) -> str:
    """Return the pairs that surely do more, or less, than their moves together."""
    one = OUTCOMES[outcome]
    beyond = found.interactions(outcome)
    sure = [k for k in beyond if beyond[k].known and not beyond[k].spans_zero]
    sure.sort(key=lambda k: -abs(beyond[k].estimate))
    what = one.label[language]
    if not sure:
        return wrapped(say("levers_no_pairs", language, what=what))
    rows = [[say("levers_pairs", language, what=what), say("levers_beyond", language)]]
    rows += [
        [title(found.plans[k], language), change(beyond[k], one, language)]
        for k in sure[:MOST_ROWS]
    ]
    return aligned(rows)


def note(found: Ranking, language: str = "en") -> str:
    """Return what the numbers are of."""
    text = say(
        "levers_note",
        language,
        worlds=number(found.here.asked.replicates, language),
        seed=number(found.here.asked.seed, language),
        weeks=number(found.here.asked.today.weeks, language),
    )
    if found.over_sets:
        text += " " + say(
            "levers_note_sets", language, sets=number(len(found.sets), language)
        )
    return " ".join([text, *phrases.not_known([found.here.asked.today], language)])


def tornado(
    found: Ranking, outcomes: Sequence[str], style: Style, language: str = "en"
) -> Figure:
    """Draw the moves with the largest effects on the first outcome, on each outcome."""
    shown = ends_of(by_effect(found, outcomes[0]))
    intervals = {name: [found.effects(name)[k - 1] for k in shown] for name in outcomes}
    titles = [title(found.plans[k], language) for k in shown]
    heading = say("levers_axis", language)
    return differences(intervals, titles, "", style, language, heading)


def caption(found: Ranking, outcomes: Sequence[str], language: str = "en") -> str:
    """Return a draft caption of the tornado."""
    what = phrases.names([OUTCOMES[x].label[language] for x in outcomes], language)
    head = say("levers_caption", language, what=what)
    return f"{head} {note(found, language)}\n"


def as_table(found: Ranking) -> pd.DataFrame:
    """Return a row for each plan and outcome: effects in the outcome's unit.

    Groups, shares of sets and what they hang on are of the outcomes that are ranked;
    `beyond_sum` is what a pair does beyond its moves.
    """
    rows = []
    ranked = found.over_sets.asked.outcomes if found.over_sets else HEADLINES
    tiers = {
        name: {k: t + 1 for t, tier in enumerate(found.tiers(name)) for k in tier}
        for name in ranked
    }
    beyond = {name: found.interactions(name) for name in ranked}
    for k, plan in enumerate(found.plans[1:], 1):
        road = found.road(k)
        for name in OUTCOMES:
            effect = found.effects(name)[k - 1]
            told = name in ranked
            holds = found.holds(name, k) if told else None
            turns = found.turns(name, k) if told else ()
            pair = beyond[name].get(k) if told else None
            rows.append(
                {
                    "plan": plan.name,
                    "outcome": name,
                    "group": tiers[name][k] if told else math.nan,
                    "effect": effect.estimate,
                    "low": effect.low,
                    "high": effect.high,
                    "worlds": effect.n,
                    "helps_in_worlds": found.helps(name, k),
                    "helps_in_sets_raw": holds.raw if holds else math.nan,
                    "helps_in_sets": holds.estimate if holds else math.nan,
                    "helps_in_sets_low": holds.low if holds else math.nan,
                    "helps_in_sets_high": holds.high if holds else math.nan,
                    "hangs_on": " ".join(f"{x}:{r:.2f}" for x, r in turns),
                    "beyond_sum": pair.estimate if pair else math.nan,
                    "beyond_sum_low": pair.low if pair else math.nan,
                    "beyond_sum_high": pair.high if pair else math.nan,
                    "so_already": found.so_already(k),
                    "hours_per_person": road.hours,
                    "euros_once": road.once,
                    "euros_a_week": road.weekly,
                    "dip_euros": road.dip,
                    "payback_weeks": road.payback,
                }
            )
    return pd.DataFrame(rows)
