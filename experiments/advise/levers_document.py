"""A ranking of levers as a document: the first moves, all moves, and their costs."""

import math
from collections.abc import Sequence
from dataclasses import asdict, replace

import pandas as pd

from experiments.advise.levers import Ranking, Road
from experiments.advise.moves import Way, WrittenPlan, codes_of
from experiments.advise.pictures import effects_picture
from experiments.show.document import Document, Picture, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.intervals import UNKNOWN, Interval
from experiments.statistics.paired import good_sign
from experiments.words import phrases
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


def document_of(
    ranking: Ranking, outcomes: Sequence[str], language: str = "en"
) -> Document:
    """Return a document: the first moves for each outcome, all moves, their costs."""
    table = as_table(ranking)
    ranked = [_ranking(ranking, name, table, language) for name in outcomes]
    figure = _tornado(ranking, outcomes, table, language)
    said = tuple(first(ranking, name, language) for name in outcomes)
    pairs = outcomes if ranking.pairs() else ()
    return document(
        say(
            "levers_title", language, scenario=ranking.here.design.today.title[language]
        ),
        say("levers_question", language),
        language,
        (
            section("answer", language, sentences=said, pictures=(figure,)),
            *ranked,
            _road(ranking, outcomes, language),
            *(_pairs(ranking, name, language) for name in pairs),
            section("method", language, sentences=(note(ranking, language),)),
        ),
        codes=codes_of(language),
        numbers={"levers": table},
    )


def title(plan: Way, language: str = "en") -> str:
    """Return the situation after a plan, in words."""
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


def first(ranking: Ranking, outcome: str, language: str = "en") -> str:
    """Return a sentence on the moves that come first for an outcome."""
    best, *_ = ranking.tiers(outcome)
    what = OUTCOMES[outcome].label[language]
    if 0 in best:
        return say("levers_none_first", language, what=what)
    effects = ranking.effects(outcome)
    told = [
        f"“{title(ranking.plans[k], language)}”"
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


def by_effect(ranking: Ranking, outcome: str) -> list[int]:
    """Return the plans with a known effect, without doing nothing, the best first."""
    sign = good_sign(OUTCOMES[outcome].good)
    effects = ranking.effects(outcome)
    known = [k for k in range(1, len(ranking.plans)) if effects[k - 1].known]
    return sorted(known, key=lambda k: -sign * effects[k - 1].estimate)


def ends_of(order: Sequence[int], most: int = MOST_ROWS) -> list[int]:
    """Return the first and last of an order, `most` in all."""
    if len(order) <= most:
        return list(order)
    head = most - most // 3
    return [*order[:head], *order[-(most // 3) :]]


def _ranking(
    ranking: Ranking, outcome: str, numbers: pd.DataFrame, language: str
) -> Section:
    """Return a section of the moves by their effect on an outcome, in groups."""
    heads = ["levers_group", "difference", "levers_worlds", "levers_sets", "levers_per"]
    unsure = [k for k in range(1, len(ranking.plans)) if ranking.so_already(k)]
    if unsure:
        heads.append("levers_already")
    one = OUTCOMES[outcome]
    rows = []
    tiers = {k: t + 1 for t, tier in enumerate(ranking.tiers(outcome)) for k in tier}
    for k in ends_of(by_effect(ranking, outcome)):
        row = _row(ranking, one, k, tiers[k], language)
        already = [percent(ranking.so_already(k), language)] if unsure else []
        rows.append((*row, *already))
    heading = say("levers_ranked", language, what=one.in_sentence[language])
    table = Table(
        f"levers-{outcome}",
        heading,
        (one.label[language], *(say(key, language) for key in heads)),
        tuple(rows),
        numbers[numbers["outcome"] == outcome],
        say("levers_table_note", language, group=number(tiers[0], language)),
    )
    return Section(f"ranking-{outcome}", heading, tables=(table,))


def _row(
    ranking: Ranking, outcome: Outcome, k: int, tier: int, language: str
) -> list[str]:
    effect, holds = ranking.effects(outcome.id)[k - 1], ranking.holds(outcome.id, k)
    return [
        title(ranking.plans[k], language),
        number(tier, language),
        change(effect, outcome, language),
        percent(ranking.helps(outcome.id, k), language),
        percent_and_ends(holds, language) if holds else "",
        _per_effort(effect, ranking.road(k).once, outcome, language),
    ]


def _per_effort(effect: Interval, euros: float, outcome: Outcome, language: str) -> str:
    """Return the effect per 10,000 euros of the one-off cost of a change.

    Empty if it costs nothing, or does not surely help.
    """
    helps = effect.times(good_sign(outcome.good)).low > 0
    if not euros > 0 or not helps or outcome.good == "neutral":
        return ""
    return size_and_ends(effect.times(10_000 / euros), outcome, language)[0]


def _road(ranking: Ranking, outcomes: Sequence[str], language: str) -> Section:
    """Return a section on each move's costs, payback and deciding parameters."""
    keys = ("hours", "once", "weekly", "dip", "payback", "turns")
    rows, roads = [], []
    for k in ends_of(by_effect(ranking, outcomes[0])):
        road = ranking.road(k)
        hangs = phrases.signed(ranking.turns(outcomes[0], k)[:1])
        rows.append(
            (
                title(ranking.plans[k], language),
                number(road.hours, language, 0 if road.hours >= 1 else 1),
                number(road.once, language, -2),
                number(road.weekly, language, -1),
                number(road.dip, language, -3),
                _payback(road.payback, ranking, language),
                *(hangs or [""]),
            )
        )
        roads.append({"plan": ranking.plans[k].name} | _road_numbers(road))
    heads = [
        say("levers_road", language),
        *(say(f"levers_{k}", language) for k in keys),
    ]
    name = say("levers_road_title", language)
    table = Table("road", name, tuple(heads), tuple(rows), pd.DataFrame(roads))
    return Section("road", name, tables=(table,))


def _road_numbers(road: Road) -> dict[str, float]:
    return {
        "hours_per_person": road.hours,
        "euros_once": road.once,
        "euros_a_week": road.weekly,
        "dip_euros": road.dip,
        "payback_weeks": road.payback,
    }


def _payback(weeks: float, ranking: Ranking, language: str) -> str:
    """Return the weeks to pay back, in words; "not yet" if not before the horizon."""
    horizon = ranking.here.design.today.weeks
    if weeks >= horizon:
        return say("levers_not_yet", language, weeks=number(horizon, language))
    return number(weeks, language)


def _pairs(ranking: Ranking, outcome: str, language: str) -> Section:
    """Return a section of pairs that surely do more, or less, than their moves' sum."""
    one = OUTCOMES[outcome]
    beyond = ranking.interactions(outcome)
    sure = [k for k in beyond if beyond[k].known and not beyond[k].spans_zero]
    sure.sort(key=lambda k: -abs(beyond[k].estimate))
    what = one.label[language]
    name, heading = f"pairs-{outcome}", say("levers_pairs", language, what=what)
    if not sure:
        return Section(name, heading, (say("levers_no_pairs", language, what=what),))
    shown = sure[:MOST_ROWS]
    rows = [
        (title(ranking.plans[k], language), change(beyond[k], one, language))
        for k in shown
    ]
    intervals = [{"plan": ranking.plans[k].name, **asdict(beyond[k])} for k in shown]
    heads = (heading, say("levers_beyond", language))
    table = Table(name, heading, heads, tuple(rows), pd.DataFrame(intervals))
    return Section(name, heading, tables=(table,))


def note(ranking: Ranking, language: str = "en") -> str:
    """Return a note on the worlds, weeks and seed behind the numbers."""
    text = say(
        "levers_note",
        language,
        worlds=ranking.here.design.replicates,
        seed=ranking.here.design.seed,
        weeks=ranking.here.design.today.weeks,
    )
    if ranking.over_sets:
        text += " " + say("levers_note_sets", language, sets=len(ranking.sets))
    return " ".join([text, *phrases.not_known([ranking.here.design.today], language)])


def _tornado(
    ranking: Ranking, outcomes: Sequence[str], numbers: pd.DataFrame, language: str
) -> Picture:
    """Return a figure of the effects, on each outcome, of the largest moves.

    They are those with the largest effects on the first outcome.
    """
    shown = ends_of(by_effect(ranking, outcomes[0]))
    intervals = {
        name: [ranking.effects(name)[k - 1] for k in shown] for name in outcomes
    }
    titles = [title(ranking.plans[k], language) for k in shown]

    what = phrases.names([OUTCOMES[x].label[language] for x in outcomes], language)
    caption = say("levers_caption", language, what=what)
    heading = say("levers_axis", language)
    return replace(
        effects_picture(
            "levers", heading, caption, intervals, titles, numbers, language
        ),
        caption=f"{caption} {note(ranking, language)}",
    )


def as_table(ranking: Ranking) -> pd.DataFrame:
    """Return a row for each plan and outcome, with effects in the outcome's unit.

    Groups, shares of sets and deciding parameters are only of the ranked outcomes;
    `beyond_sum` is the effect of a pair minus the sum of its moves' effects.
    """
    rows = []
    ranked = ranking.over_sets.design.outcomes if ranking.over_sets else HEADLINES
    tiers = {
        name: {k: t + 1 for t, tier in enumerate(ranking.tiers(name)) for k in tier}
        for name in ranked
    }
    beyond = {name: ranking.interactions(name) for name in ranked}
    for k, plan in enumerate(ranking.plans[1:], 1):
        road = ranking.road(k)
        for name in OUTCOMES:
            effect = ranking.effects(name)[k - 1]
            is_ranked = name in ranked
            holds = ranking.holds(name, k) if is_ranked else None
            turns = ranking.turns(name, k) if is_ranked else ()
            pair = beyond[name].get(k) if is_ranked else None
            rows.append(
                {
                    "plan": plan.name,
                    "outcome": name,
                    "group": tiers[name][k] if is_ranked else math.nan,
                    "effect": effect.estimate,
                    "low": effect.low,
                    "high": effect.high,
                    "worlds": effect.n,
                    "helps_in_worlds": ranking.helps(name, k),
                    "helps_in_sets_raw": holds.raw if holds else math.nan,
                    **(holds or UNKNOWN).columns("helps_in_sets"),
                    "hangs_on": " ".join(f"{x}:{r:.2f}" for x, r in turns),
                    **(pair or UNKNOWN).columns("beyond_sum"),
                    "so_already": ranking.so_already(k),
                    **_road_numbers(road),
                }
            )
    return pd.DataFrame(rows)
