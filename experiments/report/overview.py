"""Build the report of one scenario in many worlds."""

from experiments.compare import answers
from experiments.compare.drawing import panels
from experiments.compare.overview import Overview
from experiments.report.pictures import trajectories_picture
from experiments.report.sections import (
    ReportOptions,
    here,
    limits,
    reported,
    reproduced,
    section,
    study_source,
)
from experiments.show.document import Document, Section, Table
from experiments.words.numerals import say
from simulation.outcomes import OUTCOMES


def report_of_overview(study: Overview, asked: ReportOptions) -> Document:
    """Return the report of one scenario: its outcomes, and their trajectories."""
    language = asked.language
    runs = study.runs
    answer = (*study.answer(language), *asked.missing)
    drawn = trajectories_picture(runs, panels(study.outcomes), language)
    source = study_source(asked.study, len(runs.worlds), language)
    sections = (
        section("answer", language, sentences=answer),
        _levels(study, asked, source),
        section("trajectories", language, pictures=(drawn,), source=source),
        limits(language),
        here(runs.scenarios, language),
        reproduced(runs, asked),
    )
    scenario = study.scenario
    title, question = scenario.title[language], scenario.question[language]
    return reported(asked, title, question, sections, runs.scenarios)


def _levels(study: Overview, asked: ReportOptions, source: str) -> Section:
    """Return a section with every outcome's mean and interval, and the worlds' band."""
    language = asked.language
    heads = ("outcome", "mean", "band")
    data = study.table()
    data = data[data["outcome"].isin(study.outcomes)]
    data.insert(2, "unit", [OUTCOMES[x].unit[language] for x in data["outcome"]])
    table = Table(
        "levels",
        study.scenario.title[language],
        tuple(say(key, language) for key in heads),
        tuple(answers.level_row(study, name, language) for name in study.outcomes),
        data,
        say("report_levels_note", language, n=len(study.runs.worlds)),
    )
    remarks = (*study.remarks(language), *asked.remarks)
    return section(
        "levels", language, sentences=remarks, tables=(table,), source=source
    )
