"""Tables of a report for articles: LaTeX in the style of journals, and CSV.

The LaTeX needs the packages booktabs, array and longtable. Each table is complete, with
caption and label. Numbers are as shown, in the report's language. Letters that pdfLaTeX
lacks are printed by XeLaTeX and LuaLaTeX; pdfLaTeX prints their code points.
"""

import re
import textwrap
from collections.abc import Sequence
from itertools import groupby

from experiments.files.table_files import not_a_formula
from experiments.show.captions import caption
from experiments.show.document import Document, Table
from experiments.show.text_boxes import column_widths, wrapped
from experiments.words.numerals import MINUS
from simulation.characters import one_line

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
    "|": r"\textbar{}",
    MINUS: "$-$",
    "“": "``",
    "”": "''",
    "…": r"\ldots{}",
    "\u200b": r"\allowbreak{}",
    "≥": r"$\geq$",
    "≤": r"$\leq$",
    "≠": r"$\neq$",
    "≈": r"$\approx$",
    "∞": r"$\infty$",
}
"""Characters that mean something in LaTeX, also after the end of a row."""
IN_T1 = "«»ÐÞðþĄąĐđĘęĮįŊŋŲų‚„‹›"
"""Letters that pdfLaTeX has in its encoding T1 only."""
IN_NONE = "ĦħĸĿŀŉŦŧſ"
"""Those of Latin alphabets that it has in no encoding."""
KNOWN = "ȘșȚț‐‑‒–—―‘’†‡•‰€™←↑→↓"
"""What it knows beside the Latin alphabets up to U+017F (tried with TeX Live 2022)."""
OTHER_LETTERS = (
    "% XeLaTeX and LuaLaTeX set all letters, in a font that has them."
    "\n"
    r"\providecommand{\orgsimtext}[2]{\ifdefined\Umathcode#1\else#2\fi}"
    "\n"
)
"""Stands above a table with letters that pdfLaTeX has only in T1, or not at all."""
LONG_WORD, PIECE = re.compile(r"[^\s_-]{25,}"), 10
"""Words that may be broken, and into pieces of how many letters."""
BREAK = "\u200b"
"""Where a word may be broken; `one_line` leaves it out of all texts."""
ABREAST, SHORT = 60, 32
"""Letters that a page holds abreast, and of numbers that stand to the right."""
TYPE, PAGE, GAP = 7, 4.8, 0.1
"""Points of type that are as wide as 8 of LaTeX's, inches of text and of half a gap."""
LONG = 20
"""Lines of text above which a table goes on over pages."""


def latex_tables(report: Document) -> dict[str, str]:
    """Return each table of a report as LaTeX, by table name."""
    return {
        table.name: _latex(table, escaped(caption(table, section, report)))
        for section in report.sections
        for table in section.tables
    }


def csv_tables(report: Document) -> dict[str, str]:
    """Return each table of a report as CSV, by table name.

    Minus signs are hyphens. Texts that a spreadsheet would read as a formula start
    with an apostrophe.
    """
    return {
        table.name: "".join(
            ",".join(_field(x) for x in row) + "\n"
            for row in (table.columns, *table.rows)
        )
        for section in report.sections
        for table in section.tables
    }


def captions(report: Document) -> dict[str, str]:
    """Return the caption of each table of a report, by table name."""
    return {
        table.name: textwrap.fill(caption(table, section, report), 88) + "\n"
        for section in report.sections
        for table in section.tables
    }


def escaped(text: str) -> str:
    """Return text escaped for LaTeX, so that nothing in it is read as a command.

    >>> escaped("95% of a_b (−1 to 2)")
    '95\\\\% of a\\\\_b ($-$1 to 2)'
    """
    broken = LONG_WORD.sub(_breaking, one_line(text))
    runs = ((kind, "".join(run)) for kind, run in groupby(broken, _encoding))
    return "".join(_SETTERS[kind](run) for kind, run in runs)


def _encoding(letter: str) -> str:
    """Return the encoding in which pdfLaTeX has a letter: `any`, `T1` or `none`."""
    if letter in IN_T1:
        return "T1"
    usual = letter <= "\u017f" and letter not in IN_NONE
    return "any" if usual or letter in ESCAPES or letter in KNOWN else "none"


def _breaking(word: re.Match) -> str:
    """Return a word with marks at the places where it may be broken."""
    letters = word[0]
    pieces = (letters[k : k + PIECE] for k in range(0, len(letters), PIECE))
    return BREAK.join(pieces)


def _in_any(run: str) -> str:
    return "".join(ESCAPES.get(letter, letter) for letter in run)


def _in_t1(run: str) -> str:
    return rf"\orgsimtext{{{run}}}{{{{\fontencoding{{T1}}\selectfont {run}}}}}"


def _in_none(run: str) -> str:
    numbers = " ".join(f"U+{ord(letter):04X}" for letter in run)
    return rf"\orgsimtext{{{run}}}{{[{numbers}]}}"


_SETTERS = {"any": _in_any, "T1": _in_t1, "none": _in_none}


def label(name: str) -> str:
    """Return the label of a table: `tab:` and letters, digits and hyphens.

    >>> label("comparison-owned"), label("日")
    ('tab:comparison-owned', 'tab:u65e5')
    """
    latin = "".join(x if x.isascii() else f"u{ord(x):x}" for x in name)
    return "tab:" + re.sub(r"[^A-Za-z0-9]+", "-", latin).strip("-")


def _latex(table: Table, told: str) -> str:
    """Return one table with its caption; a long one may run over several pages."""
    columns, head = _columns(table), _row(table.columns)
    rows = [_row(row) for row in table.rows]
    made = _over_pages if _lines(table) > LONG else _on_a_page
    text = "\n".join(made(columns, head, rows, told, label(table.name))) + "\n"
    return (OTHER_LETTERS if r"\orgsimtext" in text else "") + text


def _on_a_page(
    columns: str, head: str, rows: Sequence[str], told: str, name: str
) -> list[str]:
    return [
        r"\begin{table}[htbp]",
        r"\centering\footnotesize",
        rf"\caption{{{told}}}",
        rf"\label{{{name}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        head,
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]


def _over_pages(
    columns: str, head: str, rows: Sequence[str], told: str, name: str
) -> list[str]:
    """Return the lines of a table whose head is repeated on each page."""
    top = [r"\toprule", head, r"\midrule"]
    return [
        r"\begingroup\footnotesize",
        r"\setlength{\LTcapwidth}{\linewidth}",
        rf"\begin{{longtable}}{{{columns}}}",
        rf"\caption{{{told}}}\label{{{name}}}\\",
        *top,
        r"\endfirsthead",
        *top,
        r"\endhead",
        r"\bottomrule",
        r"\endfoot",
        *rows,
        r"\end{longtable}",
        r"\endgroup",
    ]


def _lines(table: Table) -> int:
    """Return the number of lines of text that the rows of a table take on a page."""
    widths = _widths(table)
    return sum(
        max(
            len(wrapped(one_line(cell), TYPE, wide - 2 * GAP))
            for cell, wide in zip(row, widths, strict=True)
        )
        for row in table.rows
    )


def _row(cells: Sequence[str]) -> str:
    """Return a row in LaTeX; names may break after an underscore."""
    shown = (escaped(cell).replace(r"\_", r"\_\allowbreak{}") for cell in cells)
    return " & ".join(shown) + r" \\"


def _columns(table: Table) -> str:
    """Return the column specification: single lines, or paragraphs filling the page."""
    rows = [table.columns, *table.rows]
    letters = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(letters) <= ABREAST:
        return "".join("r" if kind == "number" else "l" for kind in table.kinds)
    widths = _widths(table)
    return "".join(
        _paragraphs(wide / sum(widths), kind == "number" and most <= SHORT)
        for wide, kind, most in zip(widths, table.kinds, letters, strict=True)
    )


def _widths(table: Table) -> list[float]:
    rows = [[one_line(x) for x in row] for row in (table.columns, *table.rows)]
    return column_widths(rows, TYPE, PAGE, GAP)


def _paragraphs(share: float, right: bool) -> str:
    side = "raggedleft" if right else "raggedright"
    wide = rf"\dimexpr {share:.4f}\linewidth-2\tabcolsep\relax"
    return rf">{{\{side}\arraybackslash\hspace{{0pt}}}}p{{{wide}}}"


def _field(text: str) -> str:
    shown = not_a_formula(one_line(text).replace(MINUS, "-"))
    return '"' + shown.replace('"', '""') + '"'
