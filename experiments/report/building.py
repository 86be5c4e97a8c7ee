"""Build the sections of a report from a study: the answer, then the appendix."""

from collections.abc import Iterator
from dataclasses import replace

from experiments.compare.comparison import Comparison
from experiments.compare.drawing import can_be_told_apart, drawn_differences, panels
from experiments.report import story, unknowns
from experiments.report.compared import compared
from experiments.report.pictures import differences_picture, trajectories_picture
from experiments.report.sections import (
    ReportOptions,
    limits,
    reported,
    reproduced,
    section,
)
from experiments.show.document import Document, Section
from experiments.words import phrases
from experiments.words.numerals import say

COLUMNS = 4
"""Outcomes beside one another in a table of many scenarios."""


def report_of(study: Comparison, asked: ReportOptions) -> Document:
    """Return the report of a comparison of scenarios; the first is the base."""
    language, study = asked.language, study.shown
    if asked.deep and asked.measured is None:
        from experiments.report.measured import measure

        asked = replace(asked, measured=measure(study, asked.workers))
    sections = [*_answered(study, asked), *_appendix(study, asked)]
    question = study.others[0].question[language]
    return reported(
        asked, _title(study, language), question, sections, study.runs.scenarios
    )


def _answered(study: Comparison, asked: ReportOptions) -> Iterator[Section]:
    """Yield the answer in its order, each section with its finding."""
    yield story.answer(study, asked)
    yield compared(study, asked.language)
    yield story.effect(study, asked)
    yield story.road(study, asked)
    yield story.cost(study, asked)
    found = unknowns.worth_here(study)
    asking = unknowns.worth_asking(found, asked.language)
    if asked.deep:
        from experiments.report.explaining import deciding_words, why

        yield why(study, asked)
        asking = asking or deciding_words(study, asked)
    yield story.sure(study, asked)
    if asked.deep:
        from experiments.report.explaining import flips

        shown = flips(study, asked)
        yield replace(shown, appendix=found is not None)
    yield unknowns.worth(found, study, asked)
    more = unknowns.how_to_find_out(study, asked.language)
    yield story.ahead(study, asked, asking, more)
    yield limits(asked.language)


def _appendix(study: Comparison, asked: ReportOptions) -> Iterator[Section]:
    """Yield all the rest: full tables and figures, claims, how to reproduce it."""
    yield _comparison(study, asked)
    yield _trajectories(study, asked)
    if asked.deep:
        from experiments.report.explaining import levers

        yield levers(study, asked)
        yield _people(study, asked)
    if asked.claims:
        from experiments.report.explaining import claims_about

        yield claims_about(study, asked.language)
    yield reproduced(study.runs, asked)


def _title(study: Comparison, language: str) -> str:
    titles = [one.title[language] for one in study.others]
    others = phrases.names(titles, language)
    base = study.base.title[language]
    return say("versus", language, scenario=others, base=base)


def _comparison(study: Comparison, asked: ReportOptions) -> Section:
    language = asked.language
    if len(study.others) < story.MANY:
        tables = [
            story.one_table(
                f"comparison-{other.name}", study, study.outcomes, language, k
            )
            for k, other in enumerate(study.others)
        ]
    else:
        parts = range(0, len(study.outcomes), COLUMNS)
        tables = [
            story.table_of_all(
                f"comparison-{k // COLUMNS + 1}",
                study,
                study.outcomes[k : k + COLUMNS],
                language,
            )
            for k in parts
        ]
    shown = tuple(drawn_differences(study))
    picture = None
    if shown != study.headlines:
        picture = differences_picture(study, shown, language, "differences")
    return section(
        "comparison",
        language,
        tables=tuple(tables),
        pictures=(picture,) if picture else (),
        source=story.source_of(study, asked),
        appendix=True,
        sheet="differences",
    )


def _people(study: Comparison, asked: ReportOptions) -> Section:
    """Return the graph of people of one world: base and first other scenario."""
    from experiments.people.recorded import record
    from experiments.people.slider import slider_html

    language = asked.language
    pair = (study.base, study.others[0])
    weeks, seed = study.runs.weeks, study.runs.seed
    recording = record(pair, weeks, seed, study.runs.worlds[0])
    world = str(study.runs.worlds[0])
    return section(
        "people",
        language,
        sentences=(say("report_people_note", language, world=world),),
        fragment=slider_html(recording, language),
        appendix=True,
        source=say("report_source_people", language, study=asked.study, world=world),
    )


def _trajectories(study: Comparison, asked: ReportOptions) -> Section:
    language = asked.language
    shown = panels(study.outcomes)
    drawn = can_be_told_apart(study.runs)
    pictures = (trajectories_picture(study.runs, shown, language),) if drawn else ()
    return section(
        "trajectories",
        language,
        sentences=() if drawn else (say("too_many_lines", language),),
        pictures=pictures,
        source=story.source_of(study, asked),
        appendix=True,
        sheet="series",
    )
