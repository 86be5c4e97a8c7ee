"""Write a document as the files of a results folder: answer, numbers and figures."""

import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.charts.style import STYLES, drawing_in, save
from experiments.files.table_files import write_csv
from experiments.show.document import Document, Picture
from experiments.show.text import as_text
from experiments.words.layout import wrapped


def write_files(document: Document, folder: Path, style: str = "slide") -> None:
    """Write the text, attachments, tables of numbers (CSV) and pictures into `folder`.

    A picture is written as SVG, PNG and PDF, with its data and its caption beside it.
    `style` is one of `STYLES`.
    """
    text = as_text(document) + "\n"
    (folder / f"{document.name}.txt").write_text(text, encoding="utf-8")
    for name, content in document.attachments.items():
        (folder / name).write_text(content, encoding="utf-8")
    for name, table in document.numbers.items():
        write_csv(table, folder / f"{name}.csv")
    for picture in document.pictures:
        _write_picture(picture, folder, style, document.language)


def _write_picture(picture: Picture, folder: Path, style: str, language: str) -> None:
    with drawing_in(STYLES[style], language):
        save(picture.draw(STYLES[style]), folder, picture.name)
    if len(picture.data.columns):
        write_csv(picture.data, folder / f"{picture.name}.csv")
    caption = wrapped(picture.caption) + "\n"
    (folder / f"{picture.name}.txt").write_text(caption, encoding="utf-8")


def as_data(document: Document) -> dict[str, Any]:
    """Return a document as plain JSON values: answer, tables of numbers, and facts.

    Unknown values are null. A fact replaces a table of the same name.
    """
    answer = [x for section in document.sections for x in section.sentences]
    tables = {name: as_rows(table) for name, table in document.numbers.items()}
    return {"answer": answer, **tables, **document.facts}


def as_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain JSON values; unknown values are null."""
    rows = table.to_dict("records")
    return [{str(key): _plain(x) for key, x in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
