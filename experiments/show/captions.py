"""What stands with a table or a figure in documents: note, source, study and remark."""

from experiments.show.document import Document, Picture, Section, Table
from experiments.words.numerals import say
from simulation.characters import one_line


def source_of(section: Section, report: Document) -> str:
    """Return which runs the numbers of a section come from."""
    return section.source or say("documents_study", report.language, study=report.study)


def source_line(section: Section, report: Document) -> str:
    """Return the same as a line by itself, with the study where it is another."""
    source = source_of(section, report).rstrip(".")
    told = say("documents_source", report.language, source=source)
    if report.study in source:
        return told
    return f"{told} {say('documents_report_on', report.language, study=report.study)}"


def note_of(one: Table | Picture) -> str:
    """Return how to read a table or a picture."""
    return one_line(one.note if isinstance(one, Table) else one.caption)


def headed(section: Section, title: str) -> str:
    """Return the title of a section with that of a part, once where they are one."""
    return title if title == section.title else f"{section.title}: {title}"


def caption(table: Table, section: Section, report: Document) -> str:
    """Return the whole caption of a table that leaves the report."""
    told = (table.title, note_of(table), source_line(section, report), report.remark)
    return " ".join(f"{x.rstrip('.')}." for x in told if x)
