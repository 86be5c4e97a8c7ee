"""One figure: what each answer brings, as a share of what matters."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.charts.figures import wrapped
from experiments.charts.style import (
    BLUE,
    GREY,
    Style,
    letters,
    new_figure,
    write_numbers,
)
from experiments.show.document import Picture
from experiments.words.numerals import number, say
from experiments.words.phrases import names
from experiments.worth.finding import AnswerWorth, ChoiceWorth
from experiments.worth.tables import numbers_of

MOST_DRAWN = 6
"""Questions in the figure."""
LABEL_SHARE = 0.42
"""Share of the width that questions take."""
ROW = 3.2
"""Height of a row, in lines of text."""


def worth_picture(worth: ChoiceWorth, language: str = "en") -> Picture | None:
    """Return the gains of the answers worth most; None if there is none at all."""
    shown = [one for one in worth.ranked if one.gain.high > 0][:MOST_DRAWN]
    if not shown:
        return None

    def draw(style: Style) -> Figure:
        return worth_figure(shown, style, language)

    options = [f"“{one.title[language]}”" for one in worth.scenarios]
    caption = say(
        "find_out_caption",
        language,
        options=names(options, language),
        n=number(worth.worlds, language),
        seed=str(worth.seed),
    )
    title = say("find_out_axis", language)
    return Picture("worth", title, caption, draw, numbers_of(worth, language))


def worth_figure(
    shown: Sequence[AnswerWorth], style: Style, language: str = "en"
) -> Figure:
    """Draw a dot with its interval for each question, by its own outcome."""
    figure = new_figure(style, (len(shown) * ROW + 4) * style.font / 72)
    axes = figure.subplots()
    axes.axvspan(0, 1, color="#EEEEEE", lw=0, zorder=0)
    for row, one in enumerate(shown):
        _draw_row(axes, row, one, language)
    wide = letters(style, style.width * LABEL_SHARE)
    labels = [wrapped(one.question.words[language], wide) for one in shown]
    axes.set_yticks(range(len(shown)), labels)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, 1.05 * max(1.0, *(_shares(one)[2] for one in shown)))
    axes.spines["left"].set_visible(False)
    write_numbers(axes.xaxis, language, 100.0, ticks=4)
    axes.set_xlabel(say("find_out_share", language))
    return figure


def _draw_row(axes: Axes, row: int, answer: AnswerWorth, language: str) -> None:
    low, middle, high = _shares(answer)
    colour, marker = (BLUE, "o") if answer.pays else (GREY, "D")
    axes.plot([low, high], [row, row], color=colour)
    axes.plot([middle], [row], marker, color=colour)
    outcome = answer.outcome.label[language]
    axes.annotate(
        outcome,
        (low, row),
        xytext=(3, 5),
        textcoords="offset points",
        color=colour,
    )


def _shares(answer: AnswerWorth) -> tuple[float, float, float]:
    """Return low end, estimate and high end as shares of what matters."""
    matters = answer.outcome.smallest_difference
    return (
        answer.gain.low / matters,
        answer.gain.estimate / matters,
        answer.gain.high / matters,
    )
