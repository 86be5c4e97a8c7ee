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


def sensitivity_document(sensitivity: Sensitivity, language: str = "en") -> Document:
    """Return a document: what decides each outcome, with factors and remarks."""
    titles = [one.title[language] for one in sensitivity.question.scenarios]
    return document(
        say("sensitivity_title", language, scenarios=names(titles, language)),
        say("sensitivity_question", language),
        language,
        (
            *(_decides(sensitivity, one, language) for one in sensitivity.outcomes),
            section("method", language, sentences=(text.note(sensitivity, language),)),
        ),
        codes=codes_of(language),
        numbers={
            "screening": text.screening_table(sensitivity),
            "indices": text.indices_table(sensitivity),
            "chance": text.chance_table(sensitivity),
        },
    )


def _decides(
    sensitivity: Sensitivity, one: OutcomeSensitivity, language: str
) -> Section:
    first = one is sensitivity.outcomes[0]
    return Section(
        "answer" if first else f"decides-{one.outcome}",
        find(one.outcome).label[language],
        tuple(text.answer(sensitivity, one, language)),
        (text.shares_shown(one, language),),
        (figures.picture(sensitivity, one, language),),
    )


def discovery_document(discovery: Discovery, language: str = "en") -> Document:
    """Return a document: where each policy fails, with regrets and remarks."""
    policies = [policy.name for policy in discovery.policies]
    titles = [discovery_text.title(discovery, name, language) for name in policies]
    picture = discovery_figures.picture(discovery, language)
    tables = (
        (discovery_text.regrets_shown(discovery, discovery.regret, language),)
        if discovery.regret
        else ()
    )
    numbers = {
        "failing": discovery_text.failing_table(discovery),
        "boxes": discovery_text.boxes_table(discovery),
        "regret": discovery_text.regret_table(discovery),
    }
    return document(
        say("discover_title", language, policies=names(titles, language)),
        say("discover_question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=tuple(discovery_text.answer(discovery, language)),
                tables=tables,
                pictures=(picture,) if picture else (),
            ),
            section(
                "method",
                language,
                sentences=(discovery_text.note(discovery, language),),
            ),
        ),
        codes=codes_of(language),
        numbers={name: table for name, table in numbers.items() if len(table.columns)},
    )
