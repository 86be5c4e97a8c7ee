"""What was understood of weekly data, as a document or as a section of one."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.data import Data
from experiments.imports.weekly.reading import WeeklyImport
from experiments.imports.weekly.understood import understood
from experiments.imports.words import said
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document
from experiments.words.numerals import number


def understood_section(found: WeeklyImport, language: str) -> Section:
    """Return what was understood as a section."""
    sentences = understood(found, language)
    return Section("understood", said("section_weekly", language), sentences)


def weekly_document(data: Data, sentences: Sequence[str], language: str) -> Document:
    """Return a document of what was understood, with the level of each column."""
    table = _levels(data, language)
    section = Section(
        "understood", said("section_weekly", language), tuple(sentences), (table,)
    )
    return document(
        said("weekly_title", language),
        said("weekly_question", language),
        language,
        (section,),
    )


def _levels(data: Data, language: str) -> Table:
    """Return a row for each column: its weeks with a value, and their mean."""
    rows, levels = [], []
    for name, values in data.values.items():
        column, known = COLUMNS[name], np.isfinite(values)
        mean = float(values[known].mean())
        label = f"{column.label[language]}, {column.unit[language]}"
        places = 0 if mean >= 100 else 1 if mean >= 1 else 3
        rows.append(
            (label, number(int(known.sum()), language), number(mean, language, places))
        )
        levels.append((name, int(known.sum()), mean))
    heads = ("column_column", "column_weeks", "column_mean")
    frame = pd.DataFrame(levels, columns=["column", "weeks", "mean"])
    title = said("levels_title", language)
    words = tuple(said(key, language) for key in heads)
    return Table("levels", title, words, tuple(rows), frame)
