"""What is worth finding out as a document."""

from collections.abc import Iterator

from experiments.advise.moves import codes_of
from experiments.show.document import Document, Section
from experiments.show.parts import document, section
from experiments.words.numerals import say
from experiments.words.phrases import names
from experiments.worth import tables, text
from experiments.worth.figures import worth_picture
from experiments.worth.finding import ChoiceWorth, OutcomeWorth


def worth_document(found: ChoiceWorth, language: str = "en") -> Document:
    """Return a document: what is worth finding out, what would flip the choice."""
    titles = [one.title[language] for one in found.scenarios]
    numbers = {
        "worth": tables.numbers_of(found, language),
        "flips": tables.flips_table(found),
    }
    return document(
        say("find_out_title", language, scenarios=names(titles, language, "or")),
        say("find_out_question", language),
        language,
        tuple(_sections(found, language)),
        codes=codes_of(language),
        numbers={name: table for name, table in numbers.items() if len(table)},
    )


def _sections(found: ChoiceWorth, language: str) -> Iterator[Section]:
    together = text.together_told(found, language)
    said = [*text.sentences(found, language), *([together] if together else [])]
    finding = text.finding(found, language)
    yield section("answer", language, sentences=tuple(said), finding=finding)
    table = tables.summary_table(found, language)
    picture = worth_picture(found, language)
    yield Section(
        "worth",
        table.title,
        tables=(table,) if table.rows else (),
        pictures=(picture,) if picture else (),
    )
    for one in found.outcomes:
        yield _by(found, one, language)
    rest = text.rest_told(found, language)
    yield Section("rest", say("find_out_rest_title", language), (rest,) if rest else ())
    yield section("method", language, sentences=(text.note(found, language),))


def _by(found: ChoiceWorth, one: OutcomeWorth, language: str) -> Section:
    what = one.outcome.in_sentence[language]
    table = tables.outcome_table(found, one, language)
    return Section(
        f"worth-{one.outcome.id}",
        say("find_out_by", language, what=what),
        tables=(table,) if table.rows else (),
        appendix=True,
    )
