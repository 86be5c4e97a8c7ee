"""A report as documents beside its page: slides, a workbook, tables for articles."""

import os
from collections.abc import Collection
from pathlib import Path

from experiments.errors import InputError, output_told
from experiments.file_names import short_name
from experiments.report.content import Report
from experiments.report.latex import captions, csv_tables, latex_tables
from experiments.whole_folders import together

LONGEST = 200
"""Bytes of the name of a table's file before its ending."""
KINDS = ("slides", "workbook", "latex", "csv")
TEXTS = (
    ("latex", latex_tables, "tex"),
    ("csv", csv_tables, "csv"),
    ("csv", captions, "txt"),
)
"""What is written of each table for a kind, and how its file ends."""


def write_documents(
    report: Report,
    folder: str | os.PathLike,
    kinds: Collection[str] = KINDS,
    template: str | os.PathLike | None = None,
    theme_colours: bool = False,
) -> list[Path]:
    """Write a report as documents of these `KINDS` into `folder`; return their paths.

    All or none is written. `template` and `theme_colours` are for slides. Raises
    `InputError` for an unknown kind or a template that cannot be used.
    """
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong:
        allowed = ", ".join(KINDS)
        raise InputError(f"documents: got {', '.join(wrong)}; allowed are {allowed}")
    with output_told(folder), together(folder) as aside:
        if "slides" in kinds:
            from experiments.report.slides import slides

            slides(report, aside / "slides.pptx", template, theme_colours)
        if "workbook" in kinds:
            from experiments.report.workbook import workbook

            workbook(report, aside / "workbook.xlsx")
        for kind, tables, suffix in TEXTS:
            if kind in kinds:
                for name, text in tables(report).items():
                    stem = short_name(f"table-{name}", longest=LONGEST)
                    path = aside / f"{stem}.{suffix}"
                    path.write_text(text, encoding="utf-8", newline="\n")
        written = sorted(path.name for path in aside.iterdir())
    return [Path(folder) / name for name in written]
