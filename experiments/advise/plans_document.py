"""Plans as a document: the advice, each plan's gains, and what would flip it."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.advise.atlas.combinations import ROAD
from experiments.advise.atlas.steps import WEEKLY
from experiments.advise.levers_document import dates, title
from experiments.advise.moves import codes_of
from experiments.advise.pictures import effects_picture
from experiments.advise.plans import Advice
from experiments.show.document import Document, Picture, Section, Table
from experiments.show.parts import document, section
from experiments.words import phrases
from experiments.words.numerals import change, number, percent, percent_between, say
from experiments.words.outcome_text import label
from simulation.outcomes import OUTCOMES


def document_of(advice: Advice, language: str = "en") -> Document:
    """Return a document: the advice, gains and costs of plans, what would flip it."""
    table = as_table(advice)
    said = (_advice(advice, language), _order(advice, language))
    picture = _picture(advice, table, language)
    shown = _table(advice, table, language)
    flips = tuple(_flips(advice, language))
    return document(
        say("plan_title", language, scenario=advice.here.design.today.title[language]),
        say("plan_question", language),
        language,
        (
            section("answer", language, sentences=said, pictures=(picture,)),
            Section("plans", say("plan_compared", language), tables=(shown,)),
            Section("flips", say("plan_flips", language), flips),
            section("method", language, sentences=(note(advice, language),)),
        ),
        codes=codes_of(language),
        numbers={"plans": table},
    )


def name(advice: Advice, plan: int, language: str = "en") -> str:
    """Return the name of a plan."""
    if plan < 3:
        return say(f"plan_{('nothing', 'at_once', 'in_order')[plan]}", language)
    return title(advice.plans[plan], language)


def _advice(advice: Advice, language: str) -> str:
    one, first = OUTCOMES[advice.outcome], advice.first()
    what = one.label[language]
    best = name(advice, first[0], language)
    if len(first) == 1:
        ahead = change(advice.ahead(), one, language)
        second = name(advice, advice.runner_up, language)
        return say(
            "plan_first", language, what=what, plan=best, second=second, ahead=ahead
        )
    listed = [f"“{name(advice, k, language)}”" for k in first[1:]]
    others = phrases.names(listed, language)
    return say("plan_first_of", language, what=what, plan=best, others=others)


def _order(advice: Advice, language: str) -> str:
    return say("plan_order", language, order=dates(advice.plans[2], language))


def _table(advice: Advice, numbers: pd.DataFrame, language: str) -> Table:
    """Return a table of the gains and costs of each plan."""
    labels = [OUTCOMES[x].label[language] for x in WEEKLY]
    takes = [label(OUTCOMES[x], language) for x in ROAD]
    rows = []
    for k in range(1, len(advice.plans)):
        gains = [change(advice.gains(x)[k - 1], OUTCOMES[x], language) for x in WEEKLY]
        costs = [
            number(x, language, -2 if x > 1000 else 0) for x in road(advice, k).values()
        ]
        rows.append((name(advice, k, language), *gains, *costs))
    heads = (say("plan_head", language), *labels, *takes)
    return Table("plans", say("plan_compared", language), heads, tuple(rows), numbers)


def road(advice: Advice, plan: int) -> dict[str, float]:
    """Return the costs of a plan: means over worlds, but the median of the payback."""
    values = {x: advice.here.of(x)[plan] for x in ROAD}
    middle = {"payback_weeks": np.median}
    return {x: float(middle.get(x, np.mean)(v)) for x, v in values.items()}


def _flips(advice: Advice, language: str) -> list[str]:
    flip, best = advice.flip(), advice.first()[0]
    than = [
        say(
            "plan_than_untold" if share.low <= 0 and share.high >= 1 else "plan_than",
            language,
            plan=name(advice, k, language),
            share=percent(share.estimate, language),
            ends=percent_between(share.low, share.high, language),
        )
        for k, share in flip.than.items()
    ]
    lines = [
        say(
            "plan_sets",
            language,
            sets=len(advice.sets),
            plan=name(advice, best, language),
            others=phrases.names(than, language),
        )
    ]
    if flip.parameters:
        listed = phrases.names(phrases.signed(flip.parameters[:3]), language)
        lines.append(say("plan_decided", language, parameters=listed))
    if flip.until is not None:
        lines.append(say("plan_until", language, weeks=flip.until))
    return lines + [_other(advice, *one, language) for one in flip.outcomes.items()]


def _other(advice: Advice, outcome: str, first: tuple[int, ...], language: str) -> str:
    """Return a sentence on the plan that comes first for another outcome."""
    what = OUTCOMES[outcome].label[language]
    plan, *others = (name(advice, k, language) for k in first)
    if not others:
        return say("plan_other", language, what=what, plan=plan)
    listed = phrases.names([f"“{x}”" for x in others], language)
    return say("plan_other_of", language, what=what, plan=plan, others=listed)


def note(advice: Advice, language: str = "en") -> str:
    """Return a note on the worlds, weeks and seed behind the numbers."""
    design = advice.here.design
    text = say(
        "plan_note",
        language,
        worlds=design.replicates,
        weeks=design.today.weeks,
        seed=design.seed,
    )
    return " ".join([text, *phrases.not_known([design.today], language)])


def _picture(advice: Advice, numbers: pd.DataFrame, language: str) -> Picture:
    """Return a figure of the gain of each plan over doing nothing, over all weeks."""
    intervals = {x: list(advice.gains(x)) for x in WEEKLY}
    titles = [name(advice, k, language) for k in range(1, len(advice.plans))]

    heading, caption = (say(f"plan_{key}", language) for key in ("axis", "caption"))
    return replace(
        effects_picture(
            "plans", heading, caption, intervals, titles, numbers, language
        ),
        caption=f"{caption} {note(advice, language)}",
    )


def as_table(advice: Advice) -> pd.DataFrame:
    """Return a row for each plan and outcome, gains over all weeks."""
    flip = advice.flip()
    rows = []
    for k, plan in enumerate(advice.plans[1:], 1):
        for outcome in WEEKLY:
            gain = advice.gains(outcome)[k - 1]
            than = flip.than.get(k) if outcome == advice.outcome else None
            rows.append(
                {
                    "plan": plan.name,
                    "weeks": " ".join(str(week) for week, _ in plan.moves),
                    "outcome": outcome,
                    "gain": gain.estimate,
                    "low": gain.low,
                    "high": gain.high,
                    "advice_better_in_sets": than.estimate if than else math.nan,
                    "advice_better_low": than.low if than else math.nan,
                    "advice_better_high": than.high if than else math.nan,
                    **road(advice, k),
                }
            )
    return pd.DataFrame(rows)
