"""Decisions on the page in words, as the questions of the scenario files."""

from collections.abc import Iterator, Sequence

from experiments.advise.moves import setting_words
from experiments.page.asked import DatedChange, PageRequest
from experiments.words.numerals import number, say
from experiments.words.phrases import names
from simulation.organisation import draw_chart
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario

LONGEST = 1_000
"""Letters of all moves in a question; more are cut."""
MOST_DECIMALS = 6


def as_is_words(asked: PageRequest, base: ResolvedScenario) -> dict[str, str]:
    """Return the as-is in words: its organisation, and the settings that differ."""
    return {x: _organisation(asked, base, x) for x in LANGUAGES}


def to_be_words(asked: PageRequest, base: ResolvedScenario) -> dict[str, str]:
    """Return the to-be in words: its decisions by week, and its organisation."""
    return {
        x: f"{_decided(asked, x)} {_organisation(asked, base, x)}" for x in LANGUAGES
    }


def _organisation(asked: PageRequest, base: ResolvedScenario, language: str) -> str:
    people = len(draw_chart(base).seats)
    key = "app_asks_of_one" if people == 1 else "app_asks_of"
    title, count = base.title[language], number(people, language)
    text = say(key, language, title=title, people=count)
    found = [setting_words(*pair, language) for pair in asked.levers]
    if found := [x for x in found if x]:
        moves = _cut(names(found, language))
        text = f"{text} {say('app_asks_with', language, moves=moves)}"
    return text


def _decided(asked: PageRequest, language: str) -> str:
    rows = sorted((*asked.plan, *asked.numbers), key=lambda row: row.week)
    weeks = sorted({row.week for row in rows})
    parts = []
    for week in weeks:
        found = list(_moves([x for x in rows if x.week == week], language))
        if found:
            when = number(week, language)
            moves = names(found, language)
            parts.append(say("app_asks_from", language, week=when, moves=moves))
    if not parts:
        return say("app_asks_nothing", language)
    text = _cut("; ".join(parts))
    return f"{text[0].upper()}{text[1:]}."


def _moves(rows: Sequence[DatedChange], language: str) -> Iterator[str]:
    """Yield the setting after each change, in words; skip unknown names."""
    for row in rows:
        if isinstance(row.value, str):
            text = setting_words(row.name, row.value, language)
        else:
            text = _number(row.name, row.value, language)
        if text:
            yield text


def _number(name: str, value: float, language: str) -> str:
    known = name.isascii() and name.replace("_", "").isalnum()
    places = range(MOST_DECIMALS)
    decimals = next((k for k in places if round(value, k) == value), MOST_DECIMALS)
    return f"{name} = {number(value, language, decimals)}" if known else ""


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
