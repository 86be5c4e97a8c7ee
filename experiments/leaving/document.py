"""Leavings as a document: whose costs most, what goes along, what softens it."""

from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.advise.moves import codes_of
from experiments.advise.pictures import effects_picture
from experiments.charts.over_time import difference_over_time
from experiments.charts.style import Style
from experiments.leaving.holdings import HELD
from experiments.leaving.ranking import LeavingRanking
from experiments.leaving.sentences import (
    bridging,
    knowledge,
    most_harmful,
    softening,
    weeks_felt,
    worst_text,
)
from experiments.leaving.words import said
from experiments.leaving.worlds import EVERY
from experiments.people.privacy import LEAST
from experiments.run.relearning import TIMES
from experiments.show.document import Document, Picture, Section, Table
from experiments.show.parts import document, section
from experiments.words import phrases
from experiments.words.numerals import change, number, percent, size_that_matters
from simulation.outcomes import OUTCOMES

MOST_ROWS = 15
"""Seats that a table or figure shows."""
MOST_LINES = 3
"""Seats that are followed over time in one figure."""


def document_of(
    ranking: LeavingRanking,
    bridge: Sequence[int] = (),
    notes: Sequence[str] = (),
    language: str = "en",
) -> Document:
    """Return the document of a ranking.

    `bridge` has the unit that bridges most, if it is told apart; `notes` are said of
    how the ranking was made.
    """
    design = ranking.found.design
    sentences = [most_harmful(ranking, name, language) for name in ranking.outcomes]
    sentences += [bridging(ranking, k, language) for k in bridge]
    sentences += [knowledge(ranking, ranking.knows_most, language)]
    sentences += softening(ranking, language)
    tables = [_ranking(ranking, name, language) for name in ranking.outcomes]
    ranked = Section("ranking", said("section_ranking", language), (), tuple(tables))
    method = (_method(ranking, language), *notes)
    method += tuple(phrases.not_known([design.organisation], language))
    heads = {"scenario": design.organisation.title[language]}
    return document(
        said("title", language, **heads, week=number(design.week, language)),
        said("question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=tuple(sentences),
                pictures=(_figure(ranking, language),),
            ),
            ranked,
            _over_time(ranking, language),
            _lost(ranking, language),
            _softened(ranking, language),
            section("method", language, sentences=method),
        ),
        codes=codes_of(language) if ranking.moves else {},
        numbers={table.name: table.data for table in tables}
        | {"leaving-held": held_table(ranking)},
    )


def _ranking(ranking: LeavingRanking, name: str, language: str) -> Table:
    """Return the table of losses in one outcome, the largest first."""
    outcome = OUTCOMES[name]
    followed = name in ranking.found.over_time
    heads = ["difference", "verdict"]
    heads += ["felt_weeks", "worst"] if followed else []
    rows, numbers = [], []
    for at, k in enumerate(ranking.by_harm(name)):
        effect, felt = ranking.effects(name)[k], ranking.felt(name, k)
        numbers.append(
            {
                "seat": ranking.units[k].code,
                "outcome": name,
                **asdict(effect),
                "verdict": str(ranking.verdict(name, k)),
                "felt_weeks": np.nan if not felt or felt.weeks is None else felt.weeks,
                "worst": felt.worst.estimate if felt else np.nan,
            }
        )
        row = [ranking.units[k].title(language), change(effect, outcome, language)]
        row.append(phrases.judgement(effect, outcome, language))
        if followed:
            row.append(weeks_felt(felt, ranking, language))
            row.append(worst_text(felt, outcome, language))
        if at < MOST_ROWS:
            rows.append(tuple(row))
    speed = outcome.id in TIMES
    what = outcome.in_sentence[language]
    return Table(
        f"leaving-{name}",
        said("ranking_speed" if speed else "ranking", language, what=what),
        (outcome.label[language], *(said(key, language) for key in heads)),
        tuple(rows),
        pd.DataFrame(numbers),
        said(
            "ranking_note" if followed else "ranking_note_plain",
            language,
            matters=size_that_matters(outcome, language),
        ),
    )


def held_table(ranking: LeavingRanking) -> pd.DataFrame:
    """Return what each seat or group holds, a row each."""
    rows = [
        {"seat": unit.code, **dict(zip(HELD, ranking.held(k), strict=True))}
        for k, unit in enumerate(ranking.units)
    ]
    return pd.DataFrame(rows)


def _lost(ranking: LeavingRanking, language: str) -> Section:
    """Return the section on what goes along."""
    shown = ranking.by_harm(ranking.outcomes[0])[:MOST_ROWS]
    every = held_table(ranking)
    rows = []
    for k in shown:
        values = ranking.held(k)
        cells = [number(x, language, int(x < 10)) for x in values[1:]]
        title = ranking.units[k].title(language)
        rows.append((title, percent(values[0], language), *cells))
    heading = said("section_lost", language)
    table = Table(
        "leaving-held",
        said("lost", language, week=ranking.found.design.week),
        (said("seat", language), *(said(f"held_{x}", language) for x in HELD)),
        tuple(rows),
        every.iloc[shown],
        said("lost_note", language),
    )
    return Section("lost", heading, tables=(table,))


def _softened(ranking: LeavingRanking, language: str) -> Section:
    """Return the section on what moves make of the loss."""
    rows, numbers = [], []
    pairs = [(m, *one) for m in range(len(ranking.moves)) for one in ranking.losses]
    for m, unit, name in pairs:
        outcome, softened = OUTCOMES[name], ranking.softened(m, name, unit)
        rows.append(
            (
                ranking.moves[m].words(language),
                ranking.units[unit].title(language),
                outcome.label[language],
                *(change(one, outcome, language) for one in softened),
                phrases.judgement(softened.apart, outcome, language),
            )
        )
        numbers.append(
            {
                "move": str(ranking.moves[m]),
                "seat": ranking.units[unit].code,
                "outcome": name,
                "loss_now": softened.here.estimate,
                "loss_then": softened.there.estimate,
                **asdict(softened.apart),
            }
        )
    heading = said("section_softened", language)
    if not rows:
        return Section("softened", heading)
    keys = ("move", "seat", "outcome", "here", "there", "change", "verdict")
    table = Table(
        "leaving-softened",
        said("softened", language),
        tuple(said(key, language) for key in keys),
        tuple(rows),
        pd.DataFrame(numbers),
        said("softened_note", language),
    )
    return Section("softened", heading, tables=(table,))


def _figure(ranking: LeavingRanking, language: str) -> Picture:
    """Return a figure of the largest losses, on each outcome."""
    names = ranking.outcomes
    worst = [ranking.by_harm(x)[: MOST_ROWS // len(names) + 1] for x in names]
    shown = list(dict.fromkeys(k for one in worst for k in one))[:MOST_ROWS]
    intervals = {x: [ranking.effects(x)[k] for k in shown] for x in names}
    titles = [ranking.units[k].title(language) for k in shown]
    what = phrases.names([OUTCOMES[x].in_sentence[language] for x in names], language)
    caption = said("caption", language, what=what, week=ranking.found.design.week)
    rows = [
        {"seat": ranking.units[k].code, "outcome": x, **asdict(intervals[x][at])}
        for x in names
        for at, k in enumerate(shown)
    ]
    heading, table = said("axis", language), pd.DataFrame(rows)
    return effects_picture(
        "leaving", heading, caption, intervals, titles, table, language
    )


def _over_time(ranking: LeavingRanking, language: str) -> Section:
    """Return the section with the course of the largest losses."""
    pictures = []
    for name in ranking.found.over_time:
        if shown := ranking.hurting(name)[:MOST_LINES]:
            pictures.append(_course(ranking, name, shown, language))
    heading = said("section_over_time", language)
    return Section("over-time", heading, pictures=tuple(pictures))


def _course(
    ranking: LeavingRanking, name: str, shown: Sequence[int], language: str
) -> Picture:
    """Return a figure of what some leavings change in an outcome over time."""
    design = ranking.found.design
    courses = np.stack([ranking.over_time(name, k) for k in shown])
    lead = np.zeros((*courses.shape[:2], design.week))
    weekly = np.concatenate((lead, np.repeat(courses, EVERY, axis=2)), axis=2)
    ends = {name: [ranking.effects(name)[k] for k in shown]}
    titles = [ranking.units[k].title(language) for k in shown]

    def draw(style: Style) -> Figure:
        weeks = (design.week,)
        return difference_over_time(
            {name: weekly}, ends, titles, style, language, weeks
        )

    what = OUTCOMES[name].in_sentence[language]
    caption = said("caption_time", language, what=what, week=design.week)
    rows = [
        {"seat": ranking.units[k].code, "from_week": first, "difference": value}
        for k, course in zip(shown, courses.mean(1), strict=True)
        for first, value in zip(design.points, course.tolist(), strict=True)
    ]
    heading = OUTCOMES[name].label[language]
    return Picture(f"course-{name}", heading, caption, draw, pd.DataFrame(rows))


def _method(ranking: LeavingRanking, language: str) -> str:
    design = ranking.found.design
    numbers = {
        "week": design.week,
        "worlds": design.replicates,
        "seed": design.seed,
        "weeks": design.organisation.weeks,
        "seats": sum(map(len, design.units)),
    }
    text = said("method", language, **numbers)
    if any(unit.group for unit in ranking.units):
        text += " " + said("method_groups", language, least=LEAST)
    return text
