"""Make the document of a graph request: pictures, data and a page with a slider."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.style import Style
from experiments.errors import InputError, gather
from experiments.files.file_names import short_name
from experiments.files.progress import Progress
from experiments.people import text
from experiments.people.groups import drawable, group_table
from experiments.people.layout import layout
from experiments.people.privacy import check_colour, hidden
from experiments.people.recorded import Recording, record
from experiments.people.slider import page_html, slider_html
from experiments.run.runner import to_one_horizon
from experiments.show.document import Document, Picture
from experiments.show.files import as_rows
from experiments.show.parts import document, section
from experiments.words.numerals import say
from experiments.words.phrases import names
from simulation.outcomes import LANGUAGES
from simulation.processors import available
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

MOST_PANELS = 12
"""Weeks that a picture has room for."""
USUAL = (0.0, 0.25, 0.5, 1.0)
"""Parts of the horizon that are drawn by default."""


@dataclass(frozen=True)
class GraphRequest:
    """What to draw: scenarios of one horizon, weeks, a seed and world, a colour."""

    scenarios: tuple[ResolvedScenario, ...]
    weeks: tuple[int, ...]
    seed: int
    world: int
    colour: str
    named: bool

    @property
    def name(self) -> str:
        """Base name of files: scenarios and colour."""
        return f"{self.names}-{self.colour}"

    @property
    def names(self) -> str:
        """Names of the scenarios, joined."""
        return short_name(*(one.name for one in self.scenarios))


@checks_numbers
def request_of(
    scenarios: Sequence[ResolvedScenario],
    weeks: str | None = None,
    weeks_total: int | None = None,
    seed: int = 1,
    world: int = 0,
    colour: str | None = None,
    named: bool = False,
) -> GraphRequest:
    """Return the request; raise `InputError` with all mistakes."""
    level = to_one_horizon(scenarios, weeks_total)
    problems: list[str] = []
    chosen: tuple[int, ...] = ()
    with gather(problems):
        chosen = read_weeks(weeks, level[0].weeks)
    colour = colour or ("waiting" if named else "burnout")
    real = any(one.people_file or one.network_file for one in level)
    with gather(problems):
        check_colour(colour, named, real)
    if problems:
        raise InputError("\n".join(problems))
    return GraphRequest(level, chosen, seed, world, colour, named)


def read_weeks(given: str | None, horizon: int) -> tuple[int, ...]:
    """Return the weeks in a list such as 0,26,52, sorted and without duplicates.

    By default: the start, a quarter, half and the end of the horizon. Raises
    `InputError` for weeks that are not allowed or too many.
    """
    if given is None:
        points = (round(horizon * part) for part in USUAL)
        return tuple(sorted(set(points)))
    allowed = f"allowed: whole numbers from 0 to {horizon}, with commas between"
    parts = [part.strip() for part in given.split(",")]
    wrong = [part for part in parts if not _week(part, horizon)]
    if wrong:
        got = ", ".join(repr(part) for part in wrong)
        more = " (--weeks-total says how many weeks are lived)"
        raise InputError(f"weeks: got {got}; {allowed}{more}")
    weeks = tuple(sorted({int(part) for part in parts}))
    if len(weeks) > MOST_PANELS:
        raise InputError(
            f"weeks: got {len(weeks)}; a picture has room for {MOST_PANELS};"
            " the page with the slider has them all"
        )
    return weeks


def _week(part: str, horizon: int) -> bool:
    return part.isascii() and part.isdecimal() and int(part) <= horizon


@checks_numbers
def graph_document(
    request: GraphRequest,
    language: str = "en",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Document:
    """Simulate the world; return its graph as a document, with a page with a slider."""
    lived = record(
        request.scenarios,
        None,
        request.seed,
        request.world,
        workers or available(),
        progress,
    )
    shown = hidden(lived, request.named)
    drawn = drawable(shown)
    people = text.people_table(drawn, request.weeks, request.colour)
    seats = max(len(one.nodes) for one in shown.lived)
    words = (drawn, seats, request.weeks, request.colour, request.name)
    titles = [one.title[language] for one in request.scenarios]
    picture = _picture(drawn, request, text.caption(*words, language), people, language)
    said = text.answer(shown, request.weeks[-1], language)
    captions = {
        f"{request.name}-caption-{tongue}.txt": text.caption(*words, tongue)
        for tongue in LANGUAGES
    }
    groups = group_table(shown, request.weeks)
    page = page_html(slider_html(drawn, language), language)
    return document(
        say("people_title", language, scenarios=names(titles, language)),
        say("people_question", language),
        language,
        (section("answer", language, sentences=tuple(said), pictures=(picture,)),),
        numbers={
            f"{request.name}-groups": groups,
            f"{request.name}-ties": text.ties_table(drawn, request.weeks),
        },
        facts={"groups": as_rows(groups)},
        attachments={f"{request.names}.html": page, **captions},
    )


def _picture(
    drawn: Recording,
    request: GraphRequest,
    caption: str,
    people: pd.DataFrame,
    language: str,
) -> Picture:
    from experiments.people.picture import picture

    page = layout(drawn)

    def draw(style: Style) -> Figure:
        return picture(drawn, page, request.weeks, request.colour, style, language)

    title = say("people_question", language)
    return Picture(request.name, title, caption, draw, people)
