"""In what two stories of the same world differ: outcomes, people, from when on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from experiments.explore.failing import worse
from experiments.show.document import Table
from experiments.story.absences import away_for
from experiments.story.picking import OUTCOMES, WorldOutcomes
from experiments.story.telling import Teller
from experiments.story.words import words
from experiments.words.numerals import quantity, scale_of, size_of
from experiments.words.phrases import names
from simulation.measures import weekly
from simulation.outcomes import Outcome, find

TRAILING = 13
"""Weeks over which weekly outcomes are averaged before they are laid side by side."""
COMPARED = ("lead_quality", "market_fit", "burnout", "decision_weeks", "accepted_share")
"""Outcomes of which it is told from when on they differ for good, for a quarter or
more."""


class Apart(NamedTuple):
    """An outcome in the same world of two scenarios, and in how many worlds it differs.

    `here` are both values; `better` and `worse` count worlds in which the second is so
    by more than what matters.
    """

    outcome: Outcome
    here: tuple[float, float]
    better: int
    worse: int

    @property
    def way(self) -> str:
        """Whether the second is better or worse here by what matters, or the same."""
        base, policy = (np.array([[x]]) for x in self.here)
        if worse(self.outcome.id).where(base, policy)[0]:
            return "worse"
        return "better" if worse(self.outcome.id).where(policy, base)[0] else "same"


def apart_in(worlds: WorldOutcomes, at: int, known: int) -> list[Apart]:
    """Return in what the world at a place differs, against the first `known` worlds.

    Only outcomes of which either direction is good.
    """
    differences = []
    for name in OUTCOMES:
        outcome = find(name)
        if outcome.good == "neutral":
            continue
        a, b = worlds.of(name)
        here = (float(a[at]), float(b[at]))
        if not np.isfinite(here).all():
            continue
        base, policy = a[:known, None], b[:known, None]
        rule = worse(name)
        counts = (rule.where(policy, base).sum(), rule.where(base, policy).sum())
        differences.append(Apart(outcome, here, *map(int, counts)))
    return differences


def apart_table(tellers: Sequence[Teller], found: Sequence[Apart], known: int) -> Table:
    """Return what came of both: outcomes, what matters, and in how many worlds."""
    first, language = tellers[0], tellers[0].language
    rows = [
        (
            x.outcome.label[language],
            *(shown(v, x.outcome, language) for v in x.here),
            first.say(f"apart_{x.way}"),
            matters(x.outcome, language),
            first.say("apart_counts", better=str(x.better), worse=str(x.worse)),
        )
        for x in found
    ]
    data = [
        {
            "outcome": x.outcome.id,
            "unit": x.outcome.unit[language],
            "first": x.here[0],
            "second": x.here[1],
            "matters": x.outcome.smallest_difference,
            "better": x.better,
            "worse": x.worse,
        }
        for x in found
    ]
    titles = [x.log.scenario.title[language] for x in tellers]
    last = first.say("head_worlds", worlds=known)
    heads = (first.say("head_outcome"), *titles, first.say("head_judged"))
    return Table(
        "outcomes",
        first.say("outcomes_title"),
        (*heads, first.say("head_matters"), last),
        tuple(rows),
        pd.DataFrame(data),
        first.say("apart_note", second=tellers[1].title),
    )


def shown(value: float, outcome: Outcome, language: str) -> str:
    """Return a value of an outcome with its unit: one decimal below 100, else none."""
    decimals = 1 if abs(value) * scale_of(outcome) < 100 else 0
    return quantity(value, outcome, language, decimals)


def matters(outcome: Outcome, language: str) -> str:
    """Return the smallest difference in an outcome that matters, with its unit."""
    size = outcome.smallest_difference
    decimals = 0 if (size * scale_of(outcome)) % 1 == 0 else 2
    return size_of(size, outcome, language, decimals)


def lasting(tellers: Sequence[Teller]) -> list[str]:
    """Return from when on outcomes differ for good by what matters, in plain words."""
    first, language = tellers[0], tellers[0].language
    found = []
    for name in COMPARED:
        outcome = find(name)
        a, b = (_trailing(weekly(teller.log.series, name)) for teller in tellers)
        since, higher = _since(b - a, outcome.smallest_difference)
        if since is None:
            continue
        key = f"plain_{name}_{'up' if higher else 'down'}"
        text = first.say(
            "plain_since",
            what=first.say(key),
            week=str(since),
            matters=matters(outcome, language),
        )
        found.append((since, text))
    if not found:
        return [first.say("part_ways_none", weeks=TRAILING)]
    listed = names([text for _, text in sorted(found)], language)
    return [first.say("part_ways", title=tellers[1].title, told=listed)]


def _since(apart: np.ndarray, matters: float) -> tuple[int | None, bool]:
    """Return from which week on a difference lasts to the end, and its sign."""
    large = np.abs(apart) >= matters
    lasts = large & (np.sign(apart) == np.sign(apart[-1])) & np.isfinite(apart)
    if not lasts[-TRAILING:].all():
        return None, False
    since = 0 if lasts.all() else int(len(lasts) - np.argmin(lasts[::-1]))
    return since, bool(apart[-1] > 0)


def _trailing(values: np.ndarray) -> np.ndarray:
    """Return means over the last weeks up to each week, of the known values."""
    there = np.isfinite(values)
    total = np.where(there, values, 0.0).cumsum()
    known = there.cumsum()
    total[TRAILING:] -= total[:-TRAILING].copy()
    known[TRAILING:] -= known[:-TRAILING].copy()
    return np.divide(total, known, np.full(len(values), np.nan), where=known > 0)


def people(tellers: Sequence[Teller]) -> list[str]:
    """Return who falls ill or leaves: in all worlds first, then in one alone."""
    first = tellers[0]
    if first.private:
        return []
    stories = [dict(_people(teller)) for teller in tellers]
    both = [x for x in stories[0] if all(x in other for other in stories)]
    sentences = []
    if both:
        key = "people_both" if len(tellers) > 1 else "people_here"
        sentences.append(first.say(key, told="; ".join(stories[0][x] for x in both)))
    for teller, own in zip(tellers, stories, strict=True):
        only = [text for x, text in own.items() if x not in both]
        if only:
            values = {"title": teller.title, "told": "; ".join(only)}
            sentences.append(teller.say("people_only", **values))
    if not sentences:
        return [first.say("people_none")]
    return [*sentences, *_ideas(tellers)]


def _ideas(tellers: Sequence[Teller]) -> Iterator[str]:
    """Yield how many right, unwritten ideas went with those who left."""
    lost = [round(sum(x.value for x in one.log.of("left"))) for one in tellers]
    if any(lost):
        texts = [
            teller.say("people_ideas_of", n=n, title=teller.title)
            for teller, n in zip(tellers, lost, strict=True)
        ]
        yield tellers[0].say("people_ideas", told=names(texts, tellers[0].language))


def _people(teller: Teller) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield who falls ill or leaves, in which week, for how long; a key and a text."""
    for event in teller.log.of("ill", "left"):
        reason = f"people_{event.kind}_{event.reason}"
        key = reason if reason in words() else f"people_{event.kind}"
        values = {"who": teller.who(event.who), "week": str(event.week)}
        values["away"] = away_for(teller, [event])
        yield (key, *values.values()), teller.say(key, **values)
