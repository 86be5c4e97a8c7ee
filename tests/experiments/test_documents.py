"""Workbook and tables hold a report's numbers, and no text in them is a formula."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.errors import InputError
from experiments.numerals import say
from experiments.report.building import Asked, report_of
from experiments.report.content import Report, Section, Table
from experiments.report.documents import KINDS, write_documents
from experiments.report.latex import csv_tables, escaped, label, latex_tables
from experiments.report.workbook import HEAD, sheet_name, workbook
from simulation.outcomes import OUTCOMES

EVIL = ["=1+1", "+A1", "-A1", "@SUM(A1)", "=HYPERLINK(1)", "http://x.nl", "a\x00b"]


def report(study, language="en"):
    """Return a report that takes no runs of its own."""
    commands = ("orgsim compare assigned owned",)
    return report_of(study, Asked("abc123", "try", commands, language, deep=False))


def with_table(*tables):
    """Return a report with just these tables."""
    section = Section("comparison", "What differs", tables=tables)
    return Report(
        "A title", "Why?", "en", "abc123", (section,), ("cmd",), "No forecast"
    )


def table(name, texts, data=None):
    """Return a table with these texts in its first column."""
    rows = tuple((text, "1") for text in texts)
    data = pd.DataFrame({"text": texts}) if data is None else data
    return Table(name, f"Table {name}", ("text", "number_of_%"), rows, data, "Note.")


@pytest.fixture(scope="module", params=["en", "nl"])
def book(request, three, tmp_path_factory):
    """A report of three scenarios and its workbook, in each language."""
    told = report(three, request.param)
    folder = tmp_path_factory.mktemp("workbook")
    return told, workbook(told, folder / "a.xlsx")


def read(path, name):
    """Return a sheet as a table."""
    return pd.read_excel(path, sheet_name=name, header=HEAD, keep_default_na=False)


def tables_of(report):
    """Return everything of a report that has numbers, by its name."""
    return {
        one.name: one
        for section in report.sections
        for one in (*section.tables, *section.pictures)
    }


def test_every_number_is_in_the_workbook_unrounded(book):
    """Each table and picture has a sheet, with 16 digits as XlsxWriter writes them."""
    told, path = book
    names = openpyxl.load_workbook(path).sheetnames
    taken = set()
    for name, one in tables_of(told).items():
        sheet = next(x for x in names if name.startswith(x.removesuffix(" (2)")[:27]))
        taken.add(sheet)
        frame = pd.read_excel(path, sheet_name=sheet, header=HEAD)
        columns = [x for x in one.data if x not in ("unit", "replicates_needed")]
        for column in columns:
            wanted = one.data[column].to_numpy()
            if wanted.dtype.kind == "f":
                found = frame[column].to_numpy(float)
                known = np.isfinite(wanted)
                np.testing.assert_allclose(found[known], wanted[known], 1e-15, 0)
            else:
                assert [*frame[column].astype(str)] == [*one.data[column].astype(str)]
    assert len(taken) == len(tables_of(told))


def test_shares_say_that_they_are_fractions(book):
    """The unit beside a number is the one in which it stands there."""
    told, path = book
    frame = read(path, "differences")
    units = dict(zip(frame["outcome"], frame["unit"], strict=True))
    assert units["lead_quality"] == say("documents_of_one", told.language)
    assert units["learning_speed"] == OUTCOMES["learning_speed"].unit[told.language]
    assert frame["mean"].max() > 1 > frame["mean"][0]
    weekly = read(path, "trajectories")
    assert weekly["unit"].notna().all()


def test_the_first_sheet_says_what_it_is_and_links(book):
    """Title, question, remark, study, commands; a link to each of the others."""
    told, path = book
    first = openpyxl.load_workbook(path).worksheets[0]
    cells = {str(cell.value) for row in first for cell in row if cell.value}
    assert {told.title, told.question, told.remark, *told.commands} <= cells
    assert any(told.study in cell for cell in cells)
    links = [cell.hyperlink.location for row in first for cell in row if cell.hyperlink]
    targets = {re.fullmatch(r"'(.*)'!A1", link).group(1) for link in links}
    names = openpyxl.load_workbook(path).sheetnames
    assert targets == set(names[1:])


def test_heads_stand_still_and_columns_are_wide_enough(book):
    """On each sheet with numbers the head stays, and no number shows as #####."""
    _, path = book
    for sheet in openpyxl.load_workbook(path).worksheets[1:]:
        assert sheet.freeze_panes == f"B{HEAD + 2}"
        assert all(x.width and x.width >= 5 for x in sheet.column_dimensions.values())


def test_the_same_report_gives_the_same_bytes(comparison, tmp_path):
    """A workbook has no dates: written again, it is the same byte for byte."""
    told = report(comparison)
    paths = [workbook(told, tmp_path / f"{k}.xlsx") for k in range(2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_texts_are_never_formulas(tmp_path):
    """What looks like a formula or a link is text, in sheets and on the first."""
    told = replace(with_table(table("evil", EVIL)), title="=2+2", commands=("=3+3",))
    path = workbook(told, tmp_path / "a.xlsx")
    cells = [
        cell
        for sheet in openpyxl.load_workbook(path)
        for row in sheet
        for cell in row
        if cell.value is not None
    ]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    values = {cell.value for cell in cells}
    assert {*EVIL[:-1], "a b", "=2+2", "=3+3"} <= values
    assert not any(cell.hyperlink and cell.hyperlink.target for cell in cells)


def test_what_is_not_known_is_empty(tmp_path):
    """nan is an empty cell, infinity a text."""
    data = pd.DataFrame({"x": [1.0, np.nan, np.inf], "y": [True, False, True]})
    path = workbook(with_table(table("t", ["a"], data)), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(path)["t"]
    shown = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=HEAD + 2)]
    assert shown == [[1, True], [None, False], ["inf", True]]


NAMES = st.text(max_size=60)


@given(st.lists(NAMES, min_size=1, max_size=12))
def test_names_of_sheets(names):
    """Whatever tables are called, sheets have allowed names that are apart."""
    taken = set()
    for name in names:
        found = sheet_name(name, taken)
        assert 0 < len(found) <= 31 and not set(found) & set("[]:*?/\\")
        assert found[0] != "'" and found[-1] != "'" and found.lower() != "history"
        assert found.lower() not in taken
        taken.add(found.lower())


def test_tables_with_the_same_long_name(tmp_path):
    """Two scenarios whose names begin alike for 200 letters have a sheet each."""
    tables = [table("comparison-" + "x" * 200 + end, ["a"]) for end in "ab"]
    path = workbook(with_table(*tables), tmp_path / "a.xlsx")
    assert len(openpyxl.load_workbook(path).sheetnames) == 5


LATEX = "\n".join(
    [
        r"\documentclass{article}",
        r"\usepackage[T1]{fontenc}",
        r"\usepackage{booktabs,array}",
        r"\begin{document}",
        "TABLES",
        r"\end{document}",
    ]
)
SPECIAL = '95% of a_b & c#d $x^2 ~ {y} \\input [z] <w> "q" | * “r” …'


def test_letters_that_mean_something_in_latex():
    """None of the letters that LaTeX takes for a command is left as it is."""
    for letter in "%_&#$":
        assert escaped(letter) == f"\\{letter}"
    assert escaped("a-1, -1.5 (-2 to 3)") == "a-1, $-$1.5 ($-$2 to 3)"
    bare = re.sub(r"\\[a-z]+\{\}|\\[%_&#${}]|\$-\$|\{[\[\]*]\}", "", escaped(SPECIAL))
    assert not set("%_&#$^~\\{}<>[]*") & set(bare)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_latex_tables_have_every_row(language, three):
    """Each table has booktabs' rules, a caption, a label, and all of its rows."""
    told = report(three, language)
    found = latex_tables(told)
    for section in told.sections:
        for one in section.tables:
            text = found[one.name]
            assert rf"\label{{{label(one.name)}}}" in text
            for part in ("toprule", "midrule", "bottomrule"):
                assert text.count("\\" + part) == 1
            rows = re.search(r"\\midrule\n(.*)\\bottomrule", text, re.DOTALL).group(1)
            assert rows.count(r" \\" + "\n") == len(one.rows)
            for row in rows.splitlines():
                assert len(re.findall(r"(?<!\\)&", row)) == len(one.columns) - 1
            assert "%" not in re.sub(r"\\%", "", text)
            begins = re.findall(r"\\begin\{(\w+)\}", text)
            ends = re.findall(r"\\end\{(\w+)\}", text)
            assert begins == ends[::-1] and told.study in text
    assert ("leadkwaliteit" in str(found).lower()) == (language == "nl")


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no LaTeX here")
def test_latex_compiles(three, tmp_path):
    """LaTeX sets the tables of a report, and one with every special letter."""
    told = report(three, "nl")
    tables = [*latex_tables(told).values()]
    tables += latex_tables(with_table(table("a_b%", [SPECIAL, "[1pt] *"]))).values()
    text = LATEX.replace("TABLES", "\n".join(tables))
    (tmp_path / "a.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_csv_tables_are_as_shown(three):
    """CSV holds the table as it is shown; what looks like a formula is text."""
    told = report(three, "nl")
    found = csv_tables(told)
    for section in told.sections:
        for one in section.tables:
            rows = [*csv.reader(io.StringIO(found[one.name]))]
            assert rows == [[*row] for row in (one.columns, *one.rows)]
    text = csv_tables(with_table(table("evil", [*EVIL, "-1.5", "+3 (1 to 5)"])))["evil"]
    first = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert not any(x[0] in "=@" or x[:2] in ("+A", "-A") for x in first)
    assert first[-2:] == ["-1.5", "+3 (1 to 5)"]


def test_all_documents_or_none(comparison, tmp_path):
    """Every kind is written at once; a kind that is unknown is told."""
    told = report(comparison)
    paths = write_documents(told, tmp_path / "all")
    assert {path.suffix for path in paths} == {".pptx", ".xlsx", ".tex", ".csv"}
    assert all(path.stat().st_size for path in paths)
    assert sorted(paths) == sorted((tmp_path / "all").iterdir())
    with pytest.raises(InputError, match=r"slide.*allowed are slides, workbook"):
        write_documents(told, tmp_path / "none", ["slide"])
    assert not (tmp_path / "none").exists()
    (tmp_path / "bad.pptx").write_bytes(b"no")
    with pytest.raises(InputError, match=r"bad\.pptx"):
        write_documents(told, tmp_path / "bad", KINDS, tmp_path / "bad.pptx")
    assert not any((tmp_path / "bad").iterdir())
