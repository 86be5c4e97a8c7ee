"""Texts that go with a table or figure in documents: note, source, study, remark."""

from experiments.show.document import Document, Picture, Section, Table
from experiments.words.numerals import say
from simulation.characters import one_line


def source_of(section: Section, report: Document) -> str:
    """Return the source of a section's numbers: its own runs, or else the study's."""
    return section.source or say("documents_study", report.language, study=report.study)


def source_line(section: Section, report: Document) -> str:
    """Return the source as a line of its own; add the study if it does not name it."""
    source = source_of(section, report).rstrip(".")
    told = say("documents_source", report.language, source=source)
    if report.study in source:
        return told
    return f"{told} {say('documents_report_on', report.language, study=report.study)}"


def note_of(one: Table | Picture) -> str:
    """Return how to read a table or picture: its note or caption, on one line."""
    return one_line(one.note if isinstance(one, Table) else one.caption)


def headed(section: Section, title: str) -> str:
    """Return the titles of a section and a part of it; only one if they are equal."""
    return title if title == section.title else f"{section.title}: {title}"


def caption(table: Table, section: Section, report: Document) -> str:
    """Return the full caption of a table that is used outside the report."""
    told = (table.title, note_of(table), source_line(section, report), report.remark)
    return " ".join(f"{x.rstrip('.')}." for x in told if x)
