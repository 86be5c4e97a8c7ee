"""Write a report as documents: page, slides, workbook, tables for articles.

Each kind is made by itself, so that a failure does not affect the others.
"""

import os
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from experiments.errors import InputError, output_told, reason
from experiments.files.file_names import short_name
from experiments.files.whole_folders import together
from experiments.show.document import Document
from experiments.show.latex import captions, csv_tables, latex_tables

LONGEST = 200
"""Bytes of the name of a table's file before its ending."""
KINDS = ("page", "slides", "workbook", "latex", "csv")
TEXTS = {
    "latex": ((latex_tables, "tex"),),
    "csv": ((csv_tables, "csv"), (captions, "txt")),
}
"""What is written of each table for a kind, and how its file ends."""


class DocumentsError(RuntimeError):
    """Some documents could not be made.

    `reasons` says why, by kind; `paths` are the files that were made.
    """

    def __init__(self, reasons: Mapping[str, str], paths: Sequence[Path]):
        super().__init__(dict(reasons), list(paths))
        self.reasons, self.paths = dict(reasons), list(paths)

    def __str__(self) -> str:
        return "\n".join(f"{kind}: {why}" for kind, why in self.reasons.items())


def write_documents(
    report: Document,
    folder: str | os.PathLike,
    kinds: Collection[str] = KINDS,
    template: str | os.PathLike | None = None,
    theme_colours: bool = False,
) -> list[Path]:
    """Write a report as documents of these `KINDS` into `folder`; return their paths.

    `template` and `theme_colours` are for slides. Before anything is written, raises
    `InputError` for an unknown kind or an unusable template. After all others are
    written, raises `DocumentsError` if some could not be made.
    """
    kinds = (kinds,) if isinstance(kinds, str) else kinds
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong:
        allowed = ", ".join(KINDS)
        raise InputError(f"documents: got {', '.join(wrong)}; allowed are {allowed}")
    if template is not None and "slides" in kinds:
        from experiments.show.template import opened

        opened(template)
    reasons = {}
    with output_told(folder), together(folder) as aside:
        for kind in (x for x in KINDS if x in kinds):
            try:
                with tempfile.TemporaryDirectory(dir=aside) as part:
                    _write(report, Path(part), kind, template, theme_colours)
                    for path in Path(part).iterdir():
                        path.replace(aside / path.name)
            except Exception as error:
                reasons[kind] = reason(error)
        written = sorted(path.name for path in aside.iterdir())
    paths = [Path(folder) / name for name in written]
    if reasons:
        raise DocumentsError(reasons, paths)
    return paths


def _write(
    report: Document,
    folder: Path,
    kind: str,
    template: str | os.PathLike | None,
    theme_colours: bool,
) -> None:
    """Write the files of one kind."""
    if kind == "page":
        from experiments.show.page import write_page

        write_page(report, folder / "page.html")
    if kind == "slides":
        from experiments.show.slides import slides

        slides(report, folder / "slides.pptx", template, theme_colours)
    if kind == "workbook":
        from experiments.show.workbook import workbook

        workbook(report, folder / "workbook.xlsx")
    for tables, suffix in TEXTS.get(kind, ()):
        for name, text in tables(report).items():
            stem = short_name(f"table-{name}", longest=LONGEST)
            path = folder / f"{stem}.{suffix}"
            path.write_text(text, encoding="utf-8", newline="\n")
