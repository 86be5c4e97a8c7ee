"""Document: the result of an analysis, as sections of sentences, tables and pictures.

Every analysis returns a document, and all output is made from it: text, page, slides,
workbook, tables for articles, files. Words are in the language of the document; tables
carry their numbers beside the texts that are shown.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.style import Style
from experiments.words.layout import has_numbers


@dataclass(frozen=True)
class Table:
    """A table as it is shown, and its numbers.

    `rows` are texts; the first text of a row is its name. `data` has the unrounded
    numbers, one per row, with the unit in a column. `note` says how to read the table.
    `series` has the data for native charts, by name. A column in which no row has a
    text is left out.
    """

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    data: pd.DataFrame
    note: str = ""
    series: Mapping[str, "Line | Bars"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = range(1, len(self.columns))
        told = [0, *(k for k in places if any(row[k] for row in self.rows))]
        if self.rows and len(told) < len(self.columns):
            for name, value in (
                ("columns", tuple(self.columns[k] for k in told)),
                ("rows", tuple(tuple(row[k] for k in told) for row in self.rows)),
            ):
                object.__setattr__(self, name, value)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kind of each column, `number` or `text`; the first column is `text`.

        A dash stands for what is not known.
        """
        places = range(1, len(self.columns))
        columns = ([row[k] for row in self.rows if row[k] != "–"] for k in places)
        return ("text", *("number" if has_numbers(x) else "text" for x in columns))


@dataclass(frozen=True)
class Picture:
    """A figure that can be drawn in any style, its caption and its data.

    `series` has the data for native charts, by name; `charted` is the caption of these.
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
    """An outcome, or the difference in it, over time: (weeks,) of each scenario.

    All in the unit shown. `lows` and `highs` are the ends of a band or interval.
    `title` names the outcome. For a difference, values up to `smallest` on both sides
    of zero are too small to matter.
    """

    weeks: tuple[int, ...]
    values: Mapping[str, tuple[float, ...]]
    unit: str
    title: str = ""
    lows: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    highs: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    smallest: float = 0.0

    @property
    def known(self) -> bool:
        """Whether there is any finite value."""
        return any(math.isfinite(x) for one in self.values.values() for x in one)


@dataclass(frozen=True)
class Bars:
    """Differences with their intervals, in the unit shown; nan if unknown.

    `shown` are the differences as written. `meanings` are `better`, `worse` or
    `figure_open`; `said` puts them in words. `title` names the outcome and its unit.
    Differences up to `smallest` are too small to matter.
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
    smallest: float = 0.0

    def part(self, start: int, stop: int) -> "Bars":
        """Return the bars with indices from `start` up to `stop`."""
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
    """One part of a document; its first sentence is the most important one.

    `finding` is a sentence that heads the part: with it, the part is one slide.
    `fragment` is HTML that only a page shows. `source` says which runs the numbers come
    from; if it is empty, they are those of the study. What is in the `appendix` comes
    last on a page and is on no slide. Sections of one `sheet` share it in a workbook.
    """

    name: str
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    pictures: tuple[Picture, ...] = ()
    fragment: str = ""
    source: str = ""
    finding: str = ""
    appendix: bool = False
    sheet: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.sentences or self.tables or self.pictures or self.fragment)


@dataclass(frozen=True)
class Document:
    """A document: its title, the question it answers, and its sections in order.

    `study` identifies the runs behind the numbers of sections without another source;
    `commands` reproduce them. `remark` is printed on every page. `numbers` are tables
    for other programs, by name; `facts` are single values beside them. `codes` explain
    the texts in a column of numbers: column -> code -> meaning; a code `lever=setting`
    stands for two columns. `attachments` are the texts of other files, by file name.
    `name` is the name of the text file.
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
        """Return a section by name; raise KeyError with all names if unknown."""
        there = {one.name: one for one in self.sections}
        if name not in there:
            raise KeyError(f"no section {name!r}; there are: {', '.join(there)}")
        return there[name]

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All pictures, in order."""
        return tuple(x for one in self.sections for x in one.pictures)
