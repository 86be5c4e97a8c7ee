"""Workbook and tables hold a report's numbers, and no text in them is a formula."""

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace

import fake_simulation
import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.advise.moves import Move
from experiments.compare.causes import PathShare, path_table
from experiments.compare.comparison import compare
from experiments.compare.overview import overview
from experiments.errors import InputError
from experiments.people.recorded import record
from experiments.report import analysis, building
from experiments.report.analysis import Robust
from experiments.report.building import ReportOptions, report_of
from experiments.report.explaining import MOST_PATHS
from experiments.report.measured import ReportMeasurements
from experiments.report.overview import report_of_overview
from experiments.science.claims import claims
from experiments.show.column_key import explained, head_of
from experiments.show.document import Document, Section, Table
from experiments.show.latex import (
    captions,
    csv_tables,
    escaped,
    label,
    latex_tables,
)
from experiments.show.workbook import MOST_SHEETS, groups, sheet_name, workbook
from experiments.show.writing import (
    KINDS,
    TEXTS,
    DocumentsError,
    write_documents,
)
from experiments.statistics.intervals import Interval
from experiments.statistics.shares import SignShare
from experiments.words.numerals import labels, say
from simulation.outcomes import HEADLINES, OUTCOMES

EVIL = ["=1+1", "+A1", "-A1", "@SUM(A1)", "=HYPERLINK(1)", "http://x.nl", "a\x00b"]


def report(study, language="en"):
    """Return a report that takes no runs of its own."""
    commands = ("orgsim compare assigned owned",)
    return report_of(
        study, ReportOptions("abc123", "try", commands, language, deep=False)
    )


def deep(study, language="en"):
    """Return a report with what takes runs of its own, as if it had been measured."""
    effect = Interval(-0.1, -0.2, -0.05, 0.95, 8, 0, 0.1, "t")
    share = Interval(0.7, 0.6, 0.8, 0.95, 8, 0, 0.1, "t")
    paths = [PathShare(name, "burnout", effect, effect, share) for name in path_table()]
    moves = [Move("mandate", "decides"), Move("testing", "room")]
    levers = {x: dict.fromkeys(moves, effect) for x in HEADLINES}
    sets = SignShare(0.8, 0.9, 0.7, 1.0)
    robust = Robust("burnout", effect, sets, (("beliefs_a_person", -0.6),))
    names = [other.name for other in study.others]
    found = ReportMeasurements(
        dict.fromkeys(names, tuple(paths)),
        dict.fromkeys(names, levers),
        dict.fromkeys(names, (robust,)),
    )
    asked = ReportOptions(
        "abc123", "try", ("orgsim compare a b",), language, measured=found
    )
    return report_of(study, asked)


@pytest.fixture
def measured(three, monkeypatch):
    """The same, of three scenarios that differ in two levers, without the people."""
    moves = (Move("mandate", "decides"), Move("testing", "room"))
    monkeypatch.setattr(analysis, "moved", lambda base, other: moves)
    monkeypatch.setattr(building, "_people", lambda *_: Section("people", "People"))
    touched = claims()[:2]
    monkeypatch.setattr(analysis, "claims_touched", lambda base, other: touched)
    return {language: deep(three, language) for language in ("en", "nl")}


def with_table(*tables):
    """Return a report with just these tables."""
    section = Section("comparison", "What differs", tables=tables)
    return Document(
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


def cells_of(path, name=None):
    """Return the values of all cells of a workbook, or of one of its sheets."""
    book = openpyxl.load_workbook(path)
    sheets = [book[name]] if name else book.worksheets
    return [
        x.value for one in sheets for row in one for x in row if x.value is not None
    ]


def tables_of(report):
    """Return everything of a report that has numbers, by its name."""
    return {
        one.name: one
        for section in report.sections
        for one in (*section.tables, *section.pictures)
    }


def test_every_number_is_in_the_workbook_unrounded(book):
    """Differences and weekly numbers are there, with 16 digits as XlsxWriter writes."""
    told, path = book
    found = np.array([x for x in cells_of(path) if isinstance(x, int | float)], float)
    found = np.sort(found)
    for name, one in tables_of(told).items():
        for column in one.data.select_dtypes("float").columns:
            if column in ("level", "worlds") or name == "differences":
                continue
            wanted = one.data[column].to_numpy()
            wanted = wanted[np.isfinite(wanted)]
            if name == "effect" or name == "cost":
                continue  # the same numbers stand whole on the sheet of differences
            at = np.clip(np.searchsorted(found, wanted), 1, len(found) - 1)
            near = np.minimum(abs(found[at] - wanted), abs(found[at - 1] - wanted))
            assert (near <= 1e-15 * np.maximum(abs(wanted), 1)).all(), (name, column)


def test_shares_are_shown_as_percentages(book):
    """Shares are stored as they are and shown in percent, as their unit says."""
    told, path = book
    sheet = openpyxl.load_workbook(path)[say("sheet_differences", told.language)]
    label = OUTCOMES["lead_quality"].label[told.language]
    [row, *_] = [row for row in sheet.iter_rows() if row[0].value == label]
    assert row[2].value == "%"
    assert 0 < row[3].value < 1 and row[3].number_format == "0.0%"


def test_the_first_sheet_says_what_it_is_and_links(book):
    """Title, question, answer, remark; a link to each of the others."""
    told, path = book
    first = openpyxl.load_workbook(path).worksheets[0]
    cells = {str(cell.value) for row in first for cell in row if cell.value}
    answer = told.section("answer").sentences
    assert {told.title, told.question, told.remark, *answer} <= cells
    links = [cell.hyperlink.location for row in first for cell in row if cell.hyperlink]
    targets = {re.fullmatch(r"'(.*)'!A1", link).group(1) for link in links}
    names = openpyxl.load_workbook(path).sheetnames
    assert targets == set(names[1:])


def test_columns_are_wide_enough(book):
    """No number shows as #####, and each sheet prints one page wide."""
    _, path = book
    for sheet in openpyxl.load_workbook(path).worksheets:
        assert all(x.width and x.width >= 5 for x in sheet.column_dimensions.values())
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


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
    sheet = openpyxl.load_workbook(path).worksheets[1]
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows()]
    first = rows.index(["x", "y"]) + 1
    assert rows[first : first + 3] == [[1, True], [None, False], ["inf", True]]


def test_units_of_charted_differences_are_points(book):
    """A difference in a share that is charted is in points, and says so."""
    told, path = book
    cells = cells_of(path, say("sheet_summary", told.language))
    points = say("points", told.language)
    title = f"{OUTCOMES['burnout'].label[told.language]}, {points}"
    assert title in cells and points in cells


def test_sections_share_sheets(measured, tmp_path):
    """However many sections there are, there are no more sheets than are readable."""
    told = measured["nl"]
    path = workbook(told, tmp_path / "a.xlsx")
    names = openpyxl.load_workbook(path).sheetnames
    assert len(names) <= MOST_SHEETS
    assert names[-1] == "Methode" and "Waarom" in names
    more = [Section(f"s{k}", f"Part {k}", ("Said.",)) for k in range(20)]
    many = groups(replace(told, sections=(*told.sections, *more)))
    assert len(many) == MOST_SHEETS - 1 and [*many][-1] == "method"
    assert sum(map(len, many.values())) == len(told.sections) + 20


@pytest.mark.parametrize("language", ["en", "nl"])
def test_columns_are_named_and_codes_are_in_words(language, measured, owned, tmp_path):
    """The last sheet explains each column; no code is left in a cell."""
    one = overview(owned, replicates=3, workers=1, simulate=fake_simulation.simulate)
    asked = ReportOptions("abc123", "try", (), language, deep=False)
    for told in (measured[language], report_of_overview(one, asked)):
        key = explained(told)
        heads = {head for head, _ in key}
        for shown in tables_of(told).values():
            for column in set(shown.data.columns) - {"method"}:
                assert f"head_{column}" in labels(), column
                assert head_of(column, language) in heads, column
        path = workbook(told, tmp_path / "a.xlsx")
        assert head_of("method", language) in heads
        last = cells_of(path, openpyxl.load_workbook(path).sheetnames[-1])
        assert {text for pair in key for text in pair} <= set(last)
        codes = {*OUTCOMES, *path_table(), "owned", "assigned", "decides", "mandate"}
        assert not codes & {x for x in cells_of(path) if isinstance(x, str)}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_everything_says_where_it_comes_from(language, measured, tmp_path):
    """What takes runs of its own, and verdicts, are not said to come from the study."""
    told = measured[language]
    own = {
        "comparison": ("abc123", "12"),
        "why": (str(analysis.CUT_WORLDS),),
        "levers": (str(analysis.LEVER_WORLDS),),
        "robustness": (str(analysis.SETS), str(analysis.WORLDS_A_SET)),
        "claims": ("orgsim claims",),
    }
    cells = cells_of(workbook(told, tmp_path / "a.xlsx"))
    for name, parts in own.items():
        section = told.section(name)
        assert all(part in section.source for part in parts), name
        assert ("abc123" in section.source) == (name == "comparison")
        for one in section.tables:
            assert any(section.source in str(x) for x in cells)
            assert escaped(section.source) in latex_tables(told)[one.name]
            text = " ".join(captions(told)[one.name].split())
            assert section.source in text and one.note.rstrip(".") in text
            assert told.remark in text and "abc123" in text
            start = text.index(section.source)
            assert "abc123" not in text[start:].partition(". ")[0] or name == (
                "comparison"
            )


def test_paths_are_in_a_table(measured):
    """The paths that carry most are in a table, with their shares' intervals."""
    [shown] = measured["en"].section("why").tables
    assert len(shown.rows) == len(shown.data) == 2 * MOST_PATHS
    assert shown.rows[0][-1] == "70% (60% to 80%)"
    assert (shown.data["path_share_low"] == 0.6).all()
    assert not any("{" in cell or "_" in cell for row in shown.rows for cell in row)


def test_captions_tell_intervals_and_worlds(three, assigned, owned):
    """A caption says what stands between brackets, over how many worlds, and units."""
    for text in (latex_tables(report(three)), captions(report(three))):
        told = " ".join(text["comparison-owned"].replace("\\", "").split())
        assert "Between brackets: 95% intervals over 12 simulated worlds" in told
        assert "percentage points" in told
    one = compare(
        assigned, owned, replicates=1, workers=1, simulate=fake_simulation.simulate
    )
    assert "Between" not in captions(report(one))["comparison-owned"]


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
    """Two scenarios whose names begin alike for 200 letters are both there."""
    tables = [table("comparison-" + "x" * 200 + end, [end]) for end in "ab"]
    cells = cells_of(workbook(with_table(*tables), tmp_path / "a.xlsx"))
    assert {"a", "b"} <= set(cells)


LATEX = "\n".join(
    [
        r"\documentclass{article}",
        r"\usepackage[T1]{fontenc}",
        r"\usepackage{booktabs,array,longtable}",
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
    assert escaped("a-1, −1.5 (−2 to 3)") == "a-1, $-$1.5 ($-$2 to 3)"
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
            heads = 2 if "longtable" in text else 1
            for part, count in (
                ("toprule", heads),
                ("midrule", heads),
                ("bottomrule", 1),
            ):
                assert text.count("\\" + part) == count
            pattern = r".*\\(?:midrule|endfoot)\n(.*?)\\(?:bottomrule|end)"
            rows = re.search(pattern, text, re.DOTALL).group(1)
            assert rows.count(r" \\" + "\n") == len(one.rows)
            for row in rows.splitlines():
                assert len(re.findall(r"(?<!\\)&", row)) == len(one.columns) - 1
            assert "%" not in re.sub(r"\\%", "", text)
            begins = re.findall(r"\\begin\{(\w+)\}", text)
            ends = re.findall(r"\\end\{(\w+)\}", text)
            assert begins == ends[::-1] and told.study in text
    assert ("leadkwaliteit" in str(found).lower()) == (language == "nl")


def test_long_tables_go_on_over_pages():
    """A table of many lines is a longtable with its head on each page; others float."""
    few = latex_tables(with_table(table("few", ["a"] * 12)))["few"]
    assert r"\begin{table}" in few and "longtable" not in few
    sentence = "many words that take their room on the page " * 8
    for texts in (["a"] * 40, [sentence] * 6):
        text = latex_tables(with_table(table("many", texts)))["many"]
        assert r"\begin{table}" not in text and r"\footnotesize" in text
        head = text.index(r"\endfirsthead"), text.index(r"\endhead")
        assert text.count("text & number", 0, head[1]) == 2 and head[0] < head[1]
        assert ("p{" in text) == (texts[0] == sentence)
        assert text.count("caption{") == text.count(r"\label{tab:many}") == 1


def test_only_numbers_stand_to_the_right():
    """A column of words stands to the left, whatever its place."""
    rows = (("a", "words", "1"), ("b", "more", "+2 (1 to 3)"))
    shown = Table("t", "T", ("x", "y", "z"), rows, pd.DataFrame())
    assert r"\begin{tabular}{llr}" in latex_tables(with_table(shown))["t"]


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no LaTeX here")
def test_latex_compiles(three, measured, tmp_path):
    """LaTeX sets the tables of a report, and some that are long or hard to set."""
    tables = [*latex_tables(measured["nl"]).values()]
    tables += latex_tables(with_table(table("a_b%", [SPECIAL, "[1pt] *"]))).values()
    long = table("long", ["many words that take their room on the page " * 8] * 40)
    names = (("share_of_hours_that_leaders_approve_work", "words " * 9, "1 (0 to 2)"),)
    narrow = Table("narrow", "T", ("name", *"ab"), names * 3, pd.DataFrame())
    tables += latex_tables(with_table(long, narrow)).values()
    text = LATEX.replace("TABLES", "\n".join(tables))
    (tmp_path / "a.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "a.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout and "Float too large" not in done.stdout
    assert (tmp_path / "a.pdf").stat().st_size > 10_000


def test_csv_tables_are_as_shown(three):
    """CSV holds the table as shown, with hyphens; what looks like a formula is text."""
    told = report(three, "nl")
    found = csv_tables(told)
    for section in told.sections:
        for one in section.tables:
            rows = [*csv.reader(io.StringIO(found[one.name]))]
            shown = [[cell.removeprefix("'") for cell in row] for row in rows]
            told_rows = [[*row] for row in (one.columns, *one.rows)]
            assert shown == [[x.replace("−", "-") for x in row] for row in told_rows]
    text = csv_tables(with_table(table("evil", [*EVIL, "-1.5", "+3 (1 to 5)"])))["evil"]
    first = [row[0] for row in csv.reader(io.StringIO(text))][1:]
    assert not any(x[0] in "=@+-" for x in first[:-2])
    assert first[-2:] == ["-1.5", "'+3 (1 to 5)"]


def test_every_document_is_written(comparison, tmp_path):
    """Every kind is there; of a wrong call nothing is, and it is told."""
    told = report(comparison)
    paths = write_documents(told, tmp_path / "all")
    kinds = {path.suffix for path in paths}
    assert kinds == {".html", ".pptx", ".xlsx", ".tex", ".csv", ".txt"}
    assert all(path.stat().st_size for path in paths)
    assert sorted(paths) == sorted((tmp_path / "all").iterdir())
    with pytest.raises(InputError, match=r"slide.*allowed are page, slides, workbook"):
        write_documents(told, tmp_path / "none", ["slide"])
    (tmp_path / "bad.pptx").write_bytes(b"no")
    with pytest.raises(InputError, match=r"bad\.pptx"):
        write_documents(told, tmp_path / "none", KINDS, tmp_path / "bad.pptx")
    assert not (tmp_path / "none").exists()


@pytest.fixture(scope="module")
def files_of(comparison, tmp_path_factory):
    """The names of the files of each kind of document of a report."""
    told, folder = report(comparison), tmp_path_factory.mktemp("kinds")
    return {
        kind: {path.name for path in write_documents(told, folder / kind, kind)}
        for kind in KINDS
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_that_fails_takes_no_other_with_it(
    kind, comparison, files_of, monkeypatch, tmp_path
):
    """Whichever fails, its reason is told when all others are whole and there."""

    def fail(report, *_):
        raise ZeroDivisionError("no such luck")

    told = report(comparison)
    others = set.union(*(names for x, names in files_of.items() if x != kind))
    others -= files_of[kind]
    if kind in TEXTS:
        ends = tuple((fail, end) for _, end in TEXTS[kind])
        monkeypatch.setitem(TEXTS, kind, ends)
    else:
        monkeypatch.setattr(f"experiments.show.{kind}.{kind}", fail)
    with pytest.raises(DocumentsError) as caught:
        write_documents(told, tmp_path / "rest")
    assert caught.value.reasons == {kind: "ZeroDivisionError: no such luck"}
    assert {x.name for x in caught.value.paths} == others
    assert {x.name for x in (tmp_path / "rest").iterdir()} == others


def test_wrong_calls_from_python_say_what_is_allowed(comparison, tmp_path):
    """One kind as a text is that kind; languages and sections by what there is."""
    with pytest.raises(InputError, match="got 'xx'; allowed: en, nl"):
        ReportOptions("a", "b", (), "xx")
    told = report_of(comparison, ReportOptions("a", "b", ("orgsim",), deep=False))
    with pytest.raises(KeyError, match="there are: answer, compared"):
        told.section("nothing")
    [book] = write_documents(told, tmp_path, "workbook")
    assert book.name == "workbook.xlsx"
    with pytest.raises(InputError, match="got slidez; allowed are page, slides"):
        write_documents(told, tmp_path, "slidez")
    with pytest.raises(InputError, match="got none"):
        record([])
