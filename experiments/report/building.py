"""Build the sections of a report from a study."""

from experiments.compare.comparison import Comparison
from experiments.compare.drawing import panels
from experiments.report.compared import compared
from experiments.report.pictures import differences_picture, trajectories_picture
from experiments.report.sections import (
    ReportOptions,
    between_brackets,
    here,
    limits,
    reported,
    reproduced,
    section,
    study_source,
)
from experiments.show.document import Document, Section, Table
from experiments.words import outcome_text, phrases
from experiments.words.numerals import say
from simulation.outcomes import OUTCOMES


def report_of(study: Comparison, asked: ReportOptions) -> Document:
    """Return the report of a comparison of scenarios; the first is the base."""
    language, study = asked.language, study.shown
    sections = [
        _answer(study, asked),
        compared(study, language),
        _comparison(study, asked),
        _trajectories(study, asked),
    ]
    if asked.deep:
        from experiments.report.explaining import explained

        sections += explained(study, asked)
        sections.append(_people(study, asked))
    if asked.claims:
        from experiments.report.explaining import claims_about

        sections.append(claims_about(study, language))
    sections += [
        limits(language),
        here(study.runs.scenarios, language),
        reproduced(study.runs, asked),
    ]
    question = study.others[0].question[language]
    return reported(asked, _title(study, language), question, sections)


def _title(study: Comparison, language: str) -> str:
    titles = [one.title[language] for one in study.others]
    others = phrases.names(titles, language)
    base = study.base.title[language]
    return say("versus", language, scenario=others, base=base)


def _answer(study: Comparison, asked: ReportOptions) -> Section:
    sentences = [*study.answer(asked.language), *asked.missing]
    return section("answer", asked.language, sentences=tuple(sentences))


def _comparison(study: Comparison, asked: ReportOptions) -> Section:
    language = asked.language
    tables = [_table(study, k, language) for k in range(len(study.others))]
    picture = differences_picture(study, language)
    remarks = (*study.remarks(language), *asked.remarks)
    return section(
        "comparison",
        language,
        sentences=tuple(remarks),
        tables=tuple(tables),
        pictures=(picture,) if picture else (),
        source=_source(study, asked),
    )


def _source(study: Comparison, asked: ReportOptions) -> str:
    return study_source(asked.study, len(study.runs.worlds), asked.language)


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
        source=say("report_source_people", language, study=asked.study, world=world),
    )


def _table(study: Comparison, index: int, language: str) -> Table:
    """Return the table that `compare` prints of one scenario, with its numbers."""
    other = study.others[index]
    data = study.table()
    data = data[data["scenario"] == other.name]
    data = data[data["outcome"].isin(study.outcomes)]
    units = [OUTCOMES[name].unit[language] for name in data["outcome"]]
    data.insert(3, "unit", units)
    rows = []
    for name in study.outcomes:
        one, outcome = study.results[name][index], OUTCOMES[name]
        rows.append(
            (
                outcome_text.label(outcome, language),
                *outcome_text.pair_texts(one, outcome, language),
                phrases.judgement(one.difference, outcome, language),
            )
        )
    heads = [say(key, language) for key in ("difference", "verdict")]
    columns = (
        say("outcome", language),
        study.base.title[language],
        other.title[language],
        *heads,
    )
    title = say(
        "versus",
        language,
        scenario=other.title[language],
        base=study.base.title[language],
    )
    notes = (
        between_brackets(len(study.runs.worlds), language),
        say("table_note", language, base=study.base.title[language]),
    )
    note = " ".join(x for x in notes if x)
    name = f"comparison-{other.name}"
    return Table(name, title, columns, tuple(rows), data, note)


def _trajectories(study: Comparison, asked: ReportOptions) -> Section:
    language = asked.language
    shown = panels(study.outcomes)
    said = {name: study.sentence(name, language) for name in shown}
    picture = trajectories_picture(study.runs, shown, language, said)
    source = _source(study, asked)
    return section("trajectories", language, pictures=(picture,), source=source)
