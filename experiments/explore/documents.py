"""Sensitivity and discovery as documents."""

from experiments.advise.moves import codes_of
from experiments.explore import discovery_figures, discovery_text, figures, text
from experiments.explore.policies import Discovery
from experiments.explore.sensing import OutcomeSensitivity, Sensitivity
from experiments.show.document import Document, Section
from experiments.show.parts import document, section
from experiments.words.numerals import say
from experiments.words.phrases import names
from simulation.outcomes import find


def sensitivity_document(found: Sensitivity, language: str = "en") -> Document:
    """Return a document: what decides each outcome, with factors and remarks."""
    titles = [one.title[language] for one in found.question.scenarios]
    return document(
        say("sensitivity_title", language, scenarios=names(titles, language)),
        say("sensitivity_question", language),
        language,
        (
            *(_decides(found, one, language) for one in found.outcomes),
            section("method", language, sentences=(text.note(found, language),)),
        ),
        codes=codes_of(language),
        numbers={
            "screening": text.screening_table(found),
            "indices": text.indices_table(found),
            "chance": text.chance_table(found),
        },
    )


def _decides(found: Sensitivity, one: OutcomeSensitivity, language: str) -> Section:
    first = one is found.outcomes[0]
    return Section(
        "answer" if first else f"decides-{one.outcome}",
        find(one.outcome).label[language],
        tuple(text.answer(found, one, language)),
        (text.shares_shown(one, language),),
        (figures.picture(found, one, language),),
    )


def discovery_document(found: Discovery, language: str = "en") -> Document:
    """Return a document: where each policy fails, with regrets and remarks."""
    policies = [policy.name for policy in found.policies]
    titles = [discovery_text.title(found, name, language) for name in policies]
    picture = discovery_figures.picture(found, language)
    tables = (
        (discovery_text.regrets_shown(found, found.regret, language),)
        if found.regret
        else ()
    )
    numbers = {
        "failing": discovery_text.failing_table(found),
        "boxes": discovery_text.boxes_table(found),
        "regret": discovery_text.regret_table(found),
    }
    return document(
        say("discover_title", language, policies=names(titles, language)),
        say("discover_question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=tuple(discovery_text.answer(found, language)),
                tables=tables,
                pictures=(picture,) if picture else (),
            ),
            section(
                "method", language, sentences=(discovery_text.note(found, language),)
            ),
        ),
        codes=codes_of(language),
        numbers={name: table for name, table in numbers.items() if len(table.columns)},
    )
