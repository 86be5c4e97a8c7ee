"""Tables of a report for articles: LaTeX in the manner of journals, and CSV.

The LaTeX needs the packages booktabs and array; each table stands on its own with
caption and label. Numbers are as they are shown, in the report's language.
"""

import re
from collections.abc import Sequence

from experiments.numerals import say
from experiments.report.content import Report, Table
from experiments.report.text_boxes import column_widths, plain

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "[": r"{[}",
    "]": r"{]}",
    "*": r"{*}",
    "−": "$-$",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
}
"""Characters that mean something in LaTeX, also after the end of a row."""
MINUS = re.compile(r"(?<![\w-])-(?=\d)")
FORMULA = re.compile(r"[=@]|[+-](?!\d)")
"""How a text begins that a spreadsheet would take for a formula."""
ABREAST, SHORT = 60, 32
"""Letters that a page holds abreast, and those of columns that stand to the right."""
TYPE, PAGE, GAP = 8, 4.8, 0.1
"""Size of type in points, width of text and of half a gap in inches, as measured."""


def latex_tables(report: Report) -> dict[str, str]:
    """Return each table of a report as LaTeX, by its name."""
    return {
        table.name: _latex(table, report)
        for section in report.sections
        for table in section.tables
    }


def csv_tables(report: Report) -> dict[str, str]:
    """Return each table of a report as it is shown, as CSV, by its name.

    Texts that a spreadsheet would take for a formula are written with a space before.
    """
    return {
        table.name: "".join(
            ",".join(_field(x) for x in row) + "\n"
            for row in (table.columns, *table.rows)
        )
        for section in report.sections
        for table in section.tables
    }


def escaped(text: str) -> str:
    """Return text as LaTeX, nothing in it being taken for a command.

    >>> escaped("95% of a_b (-1 to 2)")
    '95\\\\% of a\\\\_b ($-$1 to 2)'
    """
    minus = MINUS.sub("−", plain(text))
    return "".join(ESCAPES.get(letter, letter) for letter in minus)


def label(name: str) -> str:
    """Return a name as the label of a table: letters, digits and hyphens."""
    return "tab:" + re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")


def _latex(table: Table, report: Report) -> str:
    """Return one table with its caption, note, study and remark."""
    study = say("documents_study", report.language, study=report.study)
    told = [f"{x.rstrip('.')}." for x in (table.title, table.note, study) if x]
    caption = " ".join([*told, f"{report.remark}."])
    lines = [
        r"\begin{table}[htbp]",
        r"\centering\small",
        rf"\caption{{{escaped(caption)}}}",
        rf"\label{{{label(table.name)}}}",
        rf"\begin{{tabular}}{{{_columns(table)}}}",
        r"\toprule",
        _row(table.columns),
        r"\midrule",
        *(_row(row) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return " & ".join(escaped(cell) for cell in cells) + r" \\"


def _columns(table: Table) -> str:
    """Return how columns are set: in line, or as paragraphs that fill the page."""
    rows = [table.columns, *table.rows]
    letters = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(letters) <= ABREAST:
        return "l" + "r" * (len(letters) - 1)
    widths = column_widths(rows, TYPE, PAGE, GAP)
    return "".join(
        _paragraphs(wide / sum(widths), k > 0 and letters[k] <= SHORT)
        for k, wide in enumerate(widths)
    )


def _paragraphs(share: float, right: bool) -> str:
    side = "raggedleft" if right else "raggedright"
    wide = rf"\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax"
    return rf">{{\{side}\arraybackslash\hspace{{0pt}}}}p{{{wide}}}"


def _field(text: str) -> str:
    shown = plain(text)
    if FORMULA.match(shown):
        shown = " " + shown
    return '"' + shown.replace('"', '""') + '"'
