"""Sensitivity in sentences, tables and rows of numbers."""

import math
from collections.abc import Sequence

import pandas as pd

from experiments.explore.indices import STABLE
from experiments.explore.sensing import OutcomeSensitivity, Sensitivity
from experiments.show.document import Table
from experiments.statistics.intervals import Interval
from experiments.words.numerals import (
    decimals_carried,
    number,
    percent,
    say,
    size_and_ends,
)
from experiments.words.phrases import names
from simulation.outcomes import find

MOST_NAMED = 3
"""Factors that the first sentence names."""
LEAST = 0.01
"""A factor is named where its share of the variance is surely above this."""


def answer(
    sensitivity: Sensitivity, one: OutcomeSensitivity, language: str = "en"
) -> list[str]:
    """Return sentences on what decides an outcome, with warnings."""
    share = share_text(one.chance.share, language)
    what = subject(sensitivity, one.outcome, language)
    order = one.indices.order if one.indices.known else ()
    sure = [k for k in order[:MOST_NAMED] if one.indices.total[k].low > LEAST]
    factors = [
        say(
            "sensitivity_factor",
            language,
            name=one.indices.names[k],
            share=share_text(one.indices.total[k], language),
        )
        for k in sure
    ]
    key = "sensitivity_answer" if factors else "sensitivity_nothing"
    listed = names(factors, language)
    sentence = say(key, language, what=what, factors=listed, chance=share)
    said = [sentence[:1].upper() + sentence[1:]]
    return said + _warnings(sensitivity, one, language)


def subject(sensitivity: Sensitivity, outcome: str, language: str = "en") -> str:
    """Return the subject in words: an outcome, or the effect of B on it."""
    what = find(outcome).in_sentence[language]
    if len(sensitivity.question.scenarios) == 1:
        return what
    base, other = (x.title[language] for x in sensitivity.question.scenarios)
    return say("sensitivity_effect", language, base=base, other=other, what=what)


def note(sensitivity: Sensitivity, language: str = "en") -> str:
    """Return a note on how points were drawn, and on the intervals."""
    effort = sensitivity.effort
    return say(
        "sensitivity_note",
        language,
        factors=len(sensitivity.factors),
        trajectories=effort.trajectories,
        keep=len(sensitivity.outcomes[0].indices.names),
        points=effort.points,
        worlds=sensitivity.question.replicates,
        seed=str(sensitivity.question.seed),
        chance_points=effort.chance_points,
    )


def share_text(share: Interval, language: str = "en") -> str:
    """Return a share with its interval: `49% (38% to 60%)`; a word if unknown."""
    if not share.known:
        return say("missing", language)
    places = max(0, min(1, decimals_carried(share, 100)))
    ends = [percent(x, language, places) for x in (share.low, share.high)]
    reach = say("interval", language, low=ends[0], high=ends[1])
    return f"{percent(share.estimate, language, places)} ({reach})"


def screening_table(sensitivity: Sensitivity) -> pd.DataFrame:
    """Return a row for each outcome and factor: its elementary effects."""
    return _screening(sensitivity.outcomes)


def _screening(outcomes: Sequence[OutcomeSensitivity]) -> pd.DataFrame:
    rows = []
    for one in outcomes:
        seen, place = one.screened, {k: i for i, k in enumerate(one.screened.order)}
        for k, name in enumerate(seen.names):
            size = seen.mu_star[k]
            rows.append(
                {
                    "outcome": one.outcome,
                    "factor": name,
                    "rank": place[k] + 1,
                    **size.columns("mu_star"),
                    "mu": seen.mu[k],
                    "sigma": seen.sigma[k],
                    "by_chance_alone": seen.by_chance[k],
                    "kept": name in one.indices.names,
                    "trajectories": size.n,
                }
            )
    return pd.DataFrame(rows).sort_values(["outcome", "rank"], kind="stable")


def indices_table(sensitivity: Sensitivity) -> pd.DataFrame:
    """Return a row for each outcome and kept factor: its shares of the variance."""
    return _indices(sensitivity.outcomes)


def _indices(outcomes: Sequence[OutcomeSensitivity]) -> pd.DataFrame:
    rows = []
    for one in outcomes:
        for k in one.indices.order:
            first, total = one.indices.first[k], one.indices.total[k]
            rows.append(
                {
                    "outcome": one.outcome,
                    "factor": one.indices.names[k],
                    **first.columns("first"),
                    **total.columns("total"),
                    "not_told_apart_from_first": k in one.indices.tied,
                    "points": total.n,
                    "points_without_value": total.dropped,
                }
            )
    return pd.DataFrame(rows)


def chance_table(sensitivity: Sensitivity) -> pd.DataFrame:
    """Return a row for each outcome: variances, share of chance, firmness of ranks."""
    rows = []
    for one in sensitivity.outcomes:
        share = one.chance.share
        rows.append(
            {
                "outcome": one.outcome,
                **share.columns("chance"),
                "variance_of_chance": one.chance.noise.estimate,
                "variance_of_all_factors": one.chance.unknown.estimate,
                "variance_of_kept_factors": one.indices.variance.estimate,
                "first_keeps_its_place": one.indices.firm,
                "kept_again": one.again,
                "worlds_agree": one.indices.agree,
            }
        )
    return pd.DataFrame(rows)


def _warnings(
    sensitivity: Sensitivity, one: OutcomeSensitivity, language: str
) -> list[str]:
    """Return warnings: ranks that are not sure, and what the kept factors miss."""
    said = []
    if one.indices.known and one.indices.firm < STABLE:
        tied = [one.indices.names[k] for k in one.indices.tied]
        share = percent(one.indices.firm, language)
        key = "sensitivity_order" if len(tied) > 1 else "sensitivity_place"
        listed, first = names(tied, language), one.indices.names[one.indices.order[0]]
        said.append(say(key, language, names=listed, first=first, share=share))
    if one.indices.known and not one.indices.agree:
        worlds = sensitivity.question.replicates
        said.append(say("sensitivity_worlds", language, worlds=worlds))
    count, whole = len(one.indices.names), len(one.screened.names)
    if count < whole:
        key = "sensitivity_covers" if math.isfinite(one.covered) else "sensitivity_dark"
        said.append(
            say(
                key,
                language,
                count=number(count, language),
                all=number(whole, language),
                share=percent(one.covered, language),
                again=percent(one.again, language),
            )
        )
    dropped = one.indices.variance.dropped
    if dropped:
        counts = {"dropped": dropped, "points": dropped + one.indices.variance.n}
        said.append(say("sensitivity_dropped", language, **counts))
    return said


def shares_shown(one: OutcomeSensitivity, language: str = "en") -> Table:
    """Return a table of an outcome's kept factors, with their effects and shares."""
    keys = ("factor", "range", "chance", "first", "total")
    places = {name: k for k, name in enumerate(one.screened.names)}
    rows = []
    for k in one.indices.order:
        name = one.indices.names[k]
        size = one.screened.mu_star[places[name]]
        alone = one.screened.by_chance[places[name]]
        rows.append(
            (
                name,
                _size(size, one.outcome, language),
                _size(_bare(float(alone), size), one.outcome, language, False),
                share_text(one.indices.first[k], language),
                share_text(one.indices.total[k], language),
            )
        )
    return Table(
        f"shares-{one.outcome}",
        find(one.outcome).label[language],
        tuple(say(f"sensitivity_head_{key}", language) for key in keys),
        tuple(rows),
        effects_and_shares(one),
    )


def effects_and_shares(one: OutcomeSensitivity) -> pd.DataFrame:
    """Return a row for each factor of an outcome: elementary effects and shares."""
    keys = ["outcome", "factor"]
    return _screening([one]).merge(_indices([one]), "left", keys)


def _bare(value: float, like: Interval) -> Interval:
    """Return a number as an interval that is written with the decimals of `like`."""
    half = like.half_width
    return Interval(value, value - half, value + half, like.level, 1, 0, half, "")


def _size(size: Interval, outcome: str, language: str, ends: bool = True) -> str:
    text, reach = size_and_ends(size, find(outcome), language)
    return f"{text} ({reach})" if ends and size.known else text
