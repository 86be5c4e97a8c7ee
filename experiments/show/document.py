"""What an analysis says: a document of sections with sentences, tables and pictures.

Every analysis gives one, and everything that is shown or written is made of it: text,
page, slides, workbook, tables for articles, files. Words are in the language of the
document; tables carry their numbers beside what is shown.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.style import Style

NUMBER = re.compile(r"[+<>-]?\d")
"""How a number begins."""


@dataclass(frozen=True)
class Table:
    """A table as it is shown, and its numbers.

    `rows` are texts, the first of each row being its name; `data` has the numbers
    unrounded, one row each, with their unit in a column; `note` says how to read it.
    `series` is for documents that draw natively: name -> what is drawn of it.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    data: pd.DataFrame
    note: str = ""
    series: Mapping[str, "Bars"] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What stands in each column, `number` or `text`; names are texts."""
        places = range(1, len(self.columns))
        return ("text", *(_kind([row[k] for row in self.rows]) for k in places))


def _kind(cells: Sequence[str]) -> str:
    """Return `number` where all that is told in a column begins as a number does."""
    told = [cell for cell in cells if cell]
    return "number" if told and all(map(NUMBER.match, told)) else "text"


@dataclass(frozen=True)
class Picture:
    """A figure that is drawn for a page, its caption and its data.

    `series` is for documents that draw natively: name -> what is drawn of it;
    `charted` is the caption of that.
    """

    name: str
    title: str
    caption: str
    draw: Callable[[Style], Figure]
    data: pd.DataFrame
    series: Mapping[str, "Line | Bars"] = field(default_factory=dict)
    charted: str = ""


@dataclass(frozen=True)
class Line:
    """An outcome over time: (weeks,) means of each scenario, in the unit shown.

    `lows` and `highs` are the ends of the band in which 80 % of worlds lie. `title`
    names it; `sentence` says what came of it, empty where nothing is said of what is
    drawn.
    """

    weeks: tuple[int, ...]
    values: Mapping[str, tuple[float, ...]]
    unit: str
    title: str = ""
    sentence: str = ""
    lows: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    highs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """Whether there is a value at all."""
        return any(math.isfinite(x) for one in self.values.values() for x in one)


@dataclass(frozen=True)
class Bars:
    """Differences with their intervals, in the unit shown; nan where not known.

    `shown` are the differences as written; `meanings` are `better`, `worse` or
    `figure_open`, and `said` what they are in words; `title` names the outcome and its
    unit; `headline` is whether the answer speaks of it; differences up to `smallest`
    are too small to matter.
    """

    names: tuple[str, ...]
    values: tuple[float, ...]
    lows: tuple[float, ...]
    highs: tuple[float, ...]
    unit: str
    title: str = ""
    shown: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    headline: bool = False
    smallest: float = 0.0

    def part(self, start: int, stop: int) -> "Bars":
        """Return the differences of some of the names."""
        cut = slice(start, stop)
        return replace(
            self,
            names=self.names[cut],
            values=self.values[cut],
            lows=self.lows[cut],
            highs=self.highs[cut],
            shown=self.shown[cut],
            meanings=self.meanings[cut],
            said=self.said[cut],
        )


@dataclass(frozen=True)
class Section:
    """One part of a document. The first sentence is what counts most.

    `source` says which runs its numbers come from; empty, they are the study's.
    """

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    fragment: str = ""
    source: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.sentences or self.tables or self.pictures or self.fragment)


@dataclass(frozen=True)
class Document:
    """A document: its title, the question it answers, and its sections in order.

    `study` identifies the runs that numbers come from where a section has no other
    source; `commands` make them again; `remark` is what stands on every page.
    `numbers` are tables for other programs, by name; `facts` are single values beside
    them. `codes` say what texts in a column of numbers stand for: column -> code ->
    meaning; a code `lever=setting` is that of two columns. `attachments` are other
    files that go with it, by name. `name` is that of the file of its text.
    """

    title: str
    question: str
    language: str
    study: str
    sections: tuple[Section, ...]
    commands: tuple[str, ...]
    remark: str
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    numbers: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    attachments: Mapping[str, str] = field(default_factory=dict)
    name: str = "answer"

    def section(self, name: str) -> Section:
        """Return a section by its name; KeyError, with those there are, for another."""
        there = {one.name: one for one in self.sections}
        if name not in there:
            raise KeyError(f"no section {name!r}; there are: {', '.join(there)}")
        return there[name]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(x for one in self.sections for x in one.pictures)
