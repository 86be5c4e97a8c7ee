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


def worth_document(worth: ChoiceWorth, language: str = "en") -> Document:
    """Return a document: what is worth finding out, what would flip the choice."""
    titles = [one.title[language] for one in worth.scenarios]
    numbers = {
        "worth": tables.numbers_of(worth, language),
        "flips": tables.flips_table(worth),
    }
    return document(
        say("find_out_title", language, scenarios=names(titles, language, "or")),
        say("find_out_question", language),
        language,
        tuple(_sections(worth, language)),
        codes=codes_of(language),
        numbers={name: table for name, table in numbers.items() if len(table)},
    )


def _sections(worth: ChoiceWorth, language: str) -> Iterator[Section]:
    together = text.together_told(worth, language)
    said = [*text.sentences(worth, language), *([together] if together else [])]
    finding = text.finding(worth, language)
    yield section("answer", language, sentences=tuple(said), finding=finding)
    table = tables.summary_table(worth, language)
    picture = worth_picture(worth, language)
    yield Section(
        "worth",
        table.title,
        tables=(table,) if table.rows else (),
        pictures=(picture,) if picture else (),
    )
    for one in worth.outcomes:
        yield _by(worth, one, language)
    rest = text.rest_told(worth, language)
    yield Section("rest", say("find_out_rest_title", language), (rest,) if rest else ())
    yield section("method", language, sentences=(text.note(worth, language),))


def _by(worth: ChoiceWorth, outcome_worth: OutcomeWorth, language: str) -> Section:
    what = outcome_worth.outcome.in_sentence[language]
    table = tables.outcome_table(worth, outcome_worth, language)
    return Section(
        f"worth-{outcome_worth.outcome.id}",
        say("find_out_by", language, what=what),
        tables=(table,) if table.rows else (),
        appendix=True,
    )
