"""Plans as sentences, a table and a figure."""

import pandas as pd
from matplotlib.figure import Figure

from experiments import words
from experiments.advice.levers_text import title
from experiments.advice.moves import Plan, Way
from experiments.advice.plans import Advice
from experiments.answers import aligned, wrapped
from experiments.atlas.combinations import HEADLINES
from experiments.figure_style import Style
from experiments.figures import differences
from experiments.numerals import change, number, percent, say
from simulation.outcomes import OUTCOMES

OVER_TIME = tuple(name for name in HEADLINES if name != "learning_speed")
ROAD = ("change_cost", "dip_depth", "payback_weeks")


def as_text(found: Advice, language: str = "en") -> str:
    """Return the advice, what each plan brings and takes, and what would flip it."""
    parts = [wrapped(_advice(found, language)), wrapped(_order(found, language))]
    parts += [_table(found, language)]
    parts += [wrapped(line) for line in _flips(found, language)]
    parts.append(wrapped(note(found, language)))
    return "\n\n".join(part for part in parts if part)


def name(found: Advice, plan: int, language: str = "en") -> str:
    """Return what a plan is called."""
    if plan < 3:
        return say(f"plan_{('nothing', 'at_once', 'in_order')[plan]}", language)
    return title(found.plans[plan], language)


def _advice(found: Advice, language: str) -> str:
    one, first = OUTCOMES[found.outcome], found.first()
    what = one.label[language].partition(":")[0]
    best = name(found, first[0], language)
    if len(first) == 1:
        ahead = change(found.ahead(), one, language)
        second = name(found, found.runner_up, language)
        return say(
            "plan_first", language, what=what, plan=best, second=second, ahead=ahead
        )
    others = words.names([name(found, k, language) for k in first[1:]], language)
    return say("plan_first_of", language, what=what, plan=best, others=others)


def _order(found: Advice, language: str) -> str:
    return say("plan_order", language, order=dates(found.plans[2], language))


def dates(plan: Way, language: str = "en") -> str:
    """Return the moves of a plan by week, in words."""
    assert isinstance(plan, Plan)
    weeks: dict[int, list[str]] = {}
    for week, move in plan.moves:
        weeks.setdefault(week, []).append(f"“{move.words(language)}”")
    return "; ".join(
        say(
            "atlas_quarter",
            language,
            week=number(week, language),
            moves=words.names(moves, language),
        )
        for week, moves in weeks.items()
    )


def _table(found: Advice, language: str) -> str:
    labels = [OUTCOMES[x].label[language].partition(":")[0] for x in OVER_TIME]
    road = [OUTCOMES[x].label[language] for x in ROAD]
    rows = [[say("plan_head", language), *labels, *road]]
    for k in range(1, len(found.plans)):
        gains = [
            change(found.gains(x)[k - 1], OUTCOMES[x], language) for x in OVER_TIME
        ]
        means = [float(found.here.of(x)[k].mean()) for x in ROAD]
        told = [number(x, language, -2 if x > 1000 else 0) for x in means]
        rows.append([name(found, k, language), *gains, *told])
    return aligned(rows)


def _flips(found: Advice, language: str) -> list[str]:
    flip, best = found.flip(), found.first()[0]
    order = sorted(range(len(flip.share)), key=lambda k: -flip.share[k])
    listed = [
        f"{name(found, k, language)} ({percent(flip.share[k], language)})"
        for k in order
        if flip.share[k] > 0
    ]
    lines = [
        say(
            "plan_sets",
            language,
            sets=number(len(found.sets), language),
            plans=words.names(listed, language),
        )
    ]
    if flip.parameters:
        told = [f"{x} ({'+' if r > 0 else '-'})" for x, r in flip.parameters[:3]]
        listed_parameters = words.names(told, language)
        lines.append(say("plan_decided", language, parameters=listed_parameters))
    if flip.until is not None:
        weeks = number(flip.until, language)
        lines.append(say("plan_until", language, weeks=weeks))
    other = {x: k for x, k in flip.outcomes.items() if x in OVER_TIME and k != best}
    for outcome, k in other.items():
        what = OUTCOMES[outcome].label[language]
        plan = name(found, k, language)
        lines.append(say("plan_other", language, what=what, plan=plan))
    return lines


def note(found: Advice, language: str = "en") -> str:
    """Return what the numbers are of."""
    asked = found.here.asked
    text = say(
        "plan_note",
        language,
        worlds=number(asked.replicates, language),
        weeks=number(asked.today.weeks, language),
        seed=number(asked.seed, language),
    )
    return " ".join([text, *words.not_known([asked.today], language)])


def figure(found: Advice, style: Style, language: str = "en") -> Figure:
    """Draw what each plan brings against doing nothing, over all weeks."""
    intervals = {x: list(found.gains(x)) for x in OVER_TIME}
    titles = [name(found, k, language) for k in range(1, len(found.plans))]
    return differences(
        intervals, titles, "", style, language, say("plan_axis", language)
    )


def as_table(found: Advice) -> pd.DataFrame:
    """Return a row for each plan and outcome, gains over all weeks."""
    flip = found.flip()
    rows = []
    for k, plan in enumerate(found.plans[1:], 1):
        for outcome in OVER_TIME:
            gain = found.gains(outcome)[k - 1]
            rows.append(
                {
                    "plan": plan.name,
                    "weeks": " ".join(str(week) for week, _ in plan.moves),
                    "outcome": outcome,
                    "gain": gain.estimate,
                    "low": gain.low,
                    "high": gain.high,
                    "first_in_sets": flip.share[k],
                    **{x: float(found.here.of(x)[k].mean()) for x in ROAD},
                }
            )
    return pd.DataFrame(rows)
