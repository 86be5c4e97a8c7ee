"""What is worth finding out as a document."""

from matplotlib.figure import Figure

from experiments.advise.moves import codes_of
from experiments.charts.figures import differences, names_in_figures
from experiments.charts.style import Style
from experiments.show.bars import bars_of
from experiments.show.document import Document, Picture, Section
from experiments.show.parts import document, section
from experiments.words.numerals import number, say
from experiments.words.phrases import names
from experiments.worth import text
from experiments.worth.finding import OutcomeWorth, Worth

MOST_DRAWN = 8
"""Questions in the figure."""


def worth_document(found: Worth, language: str = "en") -> Document:
    """Return a document: what is worth finding out, what would flip the choice."""
    titles = [one.title[language] for one in found.scenarios]
    picture = worth_picture(found, language)
    table = text.summary_table(found, language)
    more = (text.rest_told(found, language), text.together_told(found, language))
    numbers = {"worth": text.numbers_of(found), "flips": text.flips_table(found)}
    return document(
        say("find_out_title", language, scenarios=names(titles, language)),
        say("find_out_question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=(*text.sentences(found, language), *filter(None, more)),
                tables=(table,) if table.rows else (),
                pictures=(picture,) if picture else (),
                finding=text.finding(found, language),
            ),
            *(_by(found, one, language) for one in found.outcomes),
            section("method", language, sentences=(text.note(found, language),)),
        ),
        codes=codes_of(language),
        numbers={name: table for name, table in numbers.items() if len(table)},
    )


def _by(found: Worth, one: OutcomeWorth, language: str) -> Section:
    what = one.outcome.in_sentence[language]
    table = text.outcome_table(found, one, language)
    return Section(
        f"worth-{one.outcome.id}",
        say("find_out_by", language, what=what),
        tables=(table,) if table.rows else (),
        appendix=True,
    )


def worth_picture(found: Worth, language: str = "en") -> Picture | None:
    """Return the gains of the questions worth most; None of one question alone."""
    ranked = found.ranked[:MOST_DRAWN]
    if len(ranked) < 2:
        return None
    titles = names_in_figures([one.question.words[language] for one in ranked])
    gains = {
        x.outcome.id: [
            text.shown_gain(found.by(x.outcome.id, one.question.name).gain, x.outcome)
            for one in ranked
        ]
        for x in found.outcomes
    }
    heading = say("find_out_axis", language)

    def draw(style: Style) -> Figure:
        return differences(gains, titles, "", style, language, heading)

    options = [f"“{one.title[language]}”" for one in found.scenarios]
    values = {"n": number(found.worlds, language), "seed": str(found.seed)}
    return Picture(
        "worth",
        heading,
        say("find_out_caption", language, options=names(options, language), **values),
        draw,
        text.numbers_of(found),
        {x: bars_of(row, titles, x, language) for x, row in gains.items()},
    )
