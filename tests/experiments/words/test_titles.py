"""Titles and names in any script, or made to break things, in every document."""

import csv
import gzip
import io
import logging
import re
import shutil
import subprocess
import warnings
import zipfile
from dataclasses import replace

import duckdb
import fake_simulation
import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text
from pptx import Presentation
from small_scenarios import make_scenario

from experiments.charts import fonts
from experiments.charts.figures import names_in_figures, wrapped
from experiments.charts.fonts import families_for
from experiments.charts.style import STYLES, drawing_in, new_figure
from experiments.compare.results import save
from experiments.files.file_names import short_name
from experiments.files.table_files import copy_to, not_a_formula, write_csv
from experiments.report.building import ReportOptions, report_of
from experiments.show.page import UNSEEN_MARK, page
from experiments.show.workbook import sheet_name
from experiments.show.writing import KINDS, write_documents
from orgsim import compare
from simulation.characters import fault_of, one_line
from simulation.outcomes import LANGUAGES
from simulation.text_files import clean_name

TITLES = {
    "formula": '=HYPERLINK("http://x.example","click")',
    "sum": "-2+3+cmd|' /C calc'!A0",
    "phone": "+31 20 555 0100 team",
    "wide": "＝1+1 @SUM(1);=2",
    "script": 'Team 🚀 Żółć ĞüşİĘ 日本語 हिन्दी ✅ \U000f0000 </script>&"',
    "right": "פריסה مرحبا بالفريق",
    "latex": r"100% of R&D_costs #1 $5 {a} ~b ^c \input{x} ≥ « \\",
    "word": "Donaudampfschifffahrtsgesellschaft" * 8,
}
FORMULAS = [
    "=1+1",
    "-2+3+cmd|' /C calc'!A0",
    "+A1",
    "@SUM(1)",
    "＝1",
    "＋1a",
    "－1a",
    "＠x",
    " =1",
    "\u3000=1",
    "\u00a0@x",
    "\u200b=1",
    "\t=1",
    "\ttab",
    "\rreturn",
    "-",
    "+11 points (9 to 13)",
    "-1-1",
]
NUMBERS = ["-0.5", "+3", "1.234,5", "-1.234,5", "1e-5", "-50%", " -2 ", "plain", "a=b"]
TRIGGER = re.compile(r"[-=+@＝＋－＠\t\r\n]")
LATEX = (
    r"\documentclass{article}\usepackage{booktabs,array,longtable}"
    "\n\\begin{document}\n%s\\end{document}\n"
)


TOGETHER = [("formula", "sum", "phone", "wide"), ("script", "right", "latex", "word")]
"""Titles that figures and a page, which take long to draw, have together."""
ASKED = ReportOptions("abc", "try", ("orgsim compare",), deep=False)


def titled(*titles):
    """Return scenarios compared, all but the first with a title each."""
    odd = [
        replace(make_scenario(f"odd{k}", "Odd", 3), title=dict.fromkeys(LANGUAGES, x))
        for k, x in enumerate(titles)
    ]
    base, simulate = make_scenario("as-is", "Today", 0), fake_simulation.simulate
    return compare(base, *odd, replicates=3, workers=1, simulate=simulate)


@pytest.fixture(scope="module", params=TITLES)
def made(request, tmp_path_factory):
    """A title, and the folder of all documents but the page of a comparison with it."""
    title = TITLES[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    kinds = [kind for kind in KINDS if kind != "page"]
    write_documents(report_of(titled(title), ASKED), folder, kinds)
    return one_line(title), folder


@pytest.fixture(scope="module", params=TOGETHER, ids="-".join)
def drawn(request, tmp_path_factory):
    """Titles, the folder of results and page of them, and what was warned of."""
    titles = [TITLES[name] for name in request.param]
    folder = tmp_path_factory.mktemp("drawn")
    study = titled(*titles)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        save(study, folder, style="jasss")
        text = page(report_of(study, ASKED))
    (folder / "report.html").write_text(text, encoding="utf-8")
    about_figures = [x for x in caught if "matplotlib" in x.filename.lower()]
    shown = [
        x for x in caught if "lyph" in str(x.message) or "layout" in str(x.message)
    ]
    told = [str(x.message) for x in about_figures + shown]
    return [one_line(title) for title in titles], folder, told


def test_figures_are_drawn_without_warnings(drawn):
    """Letters without a font, mathematics and long words disturb no figure."""
    _, folder, told = drawn
    assert not told
    for name in ("trajectories", "differences"):
        assert (folder / f"{name}.png").stat().st_size > 10_000


def test_slides_open_and_show_the_title(made):
    """A title of any letters is whole on the first slide, or cut where it is long."""
    title, folder = made
    deck = Presentation(folder / "slides.pptx")
    shown = deck.slides[0].shapes.title.text_frame.text
    assert title[:40] in shown
    assert title in deck.slides[0].notes_slide.notes_text_frame.text


def test_no_workbook_has_a_formula(made):
    """Neither the workbook nor those behind the charts of slides."""
    title, folder = made
    with zipfile.ZipFile(folder / "slides.pptx") as archive:
        names = [x for x in archive.namelist() if x.endswith(".xlsx")]
        books = [io.BytesIO(archive.read(x)) for x in names]
    assert len(books) >= 3
    texts = set()
    for book in (*books, folder / "workbook.xlsx"):
        for sheet in openpyxl.load_workbook(book):
            cells = [cell for row in sheet for cell in row if cell.value is not None]
            assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
            assert not any(x.hyperlink and x.hyperlink.target for x in cells)
            texts |= {cell.value for cell in cells}
    assert title in texts


def test_no_csv_file_has_a_formula(made):
    """In the CSV files of a report."""
    _, folder = made
    assert formulas_in(folder) == []


def test_no_csv_file_of_results_has_a_formula(drawn):
    """In any CSV file of a comparison."""
    _, folder, _ = drawn
    assert formulas_in(folder) == []


def formulas_in(folder):
    """Return the cells of CSV files that a spreadsheet may work out."""
    files = [*folder.glob("*.csv"), *folder.glob("*.csv.gz")]
    assert len(files) > 4
    found = []
    for file in files:
        data = file.read_bytes()
        data = gzip.decompress(data) if file.suffix == ".gz" else data
        for row in csv.reader(io.StringIO(data.decode(), newline="")):
            found += [(file.name, cell) for cell in row if is_formula(cell)]
    return found


def is_formula(cell):
    """Return whether a spreadsheet may work out a cell: not if it is a number."""
    if re.fullmatch(r"\s*[-+]?[\d.,]+(e[-+]?\d+)?%?\s*", cell):
        return False
    parts = re.split(r"[;\n]", cell)
    return any(re.match(r"[\s\u200b]*[-=+@＝＋－＠]", x) for x in parts)


def test_the_page_shows_the_titles_as_text(drawn):
    """Nothing of them is markup, and a cell with one stays text when it is copied."""
    titles, folder, _ = drawn
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "</script>&" not in text
    for title in titles:
        escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        escaped = escaped.replace('"', "&#34;").replace("'", "&#39;")
        assert escaped in text.replace(UNSEEN_MARK, "")
        if TRIGGER.match(title):
            assert f">{UNSEEN_MARK}{escaped[:5]}" in text
            assert not re.search(f"<t[hd][^>]*>{re.escape(escaped[:5])}", text)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no LaTeX here")
def test_latex_of_a_report_compiles_in_any_encoding(made):
    """Also without T1, and without letters for the script."""
    _, folder = made
    compile_latex(folder)


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="there is no LaTeX here")
def test_latex_of_results_compiles_in_any_encoding(drawn):
    """As that of a report."""
    _, folder, _ = drawn
    compile_latex(folder)


def compile_latex(folder):
    """Compile the LaTeX tables of a folder."""
    tables = "".join(x.read_text() for x in sorted(folder.glob("*.tex")))
    (folder / "all.tex").write_text(LATEX % tables, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True)
    assert done.returncode == 0, done.stdout[-1500:]
    assert b"Overfull" not in done.stdout


@pytest.mark.parametrize("text", FORMULAS)
def test_only_numbers_are_bare_in_tables(text, tmp_path):
    """Both writers of CSV mark the same, before blanks and after semicolons."""
    values = pd.Series([text, f"a;{text}", f"a; {text}"], dtype=object)
    table = pd.DataFrame({"=x": values, "n": [-1.5, 2.0, 3.0]})
    write_csv(table, tmp_path / "a.csv")
    copy_to(tmp_path / "b.csv", "select * from t", t=table)
    for file in ("a.csv", "b.csv"):
        with open(tmp_path / file, newline="") as lines:
            head, *rows = csv.reader(lines)
        assert rows[0][0].startswith("'")
        assert [row[1] for row in rows] == ["-1.5", "2.0", "3.0"]
        if text[0] not in "\t\r":
            assert rows[1][0].startswith("a;'") and rows[2][0].startswith("a;' ")
        assert head[1] == "n" and head[0].endswith("=x")


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_stay_as_they_are(text):
    """In English and in Dutch, with signs, powers and percent."""
    assert not_a_formula(text) == text


def test_a_parquet_file_has_texts_as_they_are(tmp_path):
    """No spreadsheet reads it."""
    table = pd.DataFrame({"x": ["=1"]})
    copy_to(tmp_path / "a.parquet", "select * from t", t=table)
    [(text,)] = duckdb.sql(f"select x from '{tmp_path}/a.parquet'").fetchall()
    assert text == "=1"


def test_letters_without_a_font_are_told_once(monkeypatch, caplog):
    """As a box in figures and a note in plain words, in the language asked for."""
    monkeypatch.setattr(fonts, "_mentions", set())
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with drawing_in(STYLES["jasss"], "nl"):
                figure = new_figure(STYLES["jasss"], 2)
                figure.text(0, 0, "a \U000f0000\u200d✓")
                figure.draw_without_rendering()
    [line] = caplog.messages
    assert line.startswith(
        "Geen lettertype op deze computer heeft \U000f0000 (U+F0000);"
    )
    assert "✓" not in line


def test_letters_are_drawn_in_a_font_that_has_them(monkeypatch):
    """What DejaVu Sans lacks comes from another font; what it has never does."""
    letter = "ℱ\U0001d538"  # STIX ships with matplotlib and has both
    families, missing = families_for(letter)
    assert families[0] == "DejaVu Sans" and not missing
    assert families_for("Żółć ★ مرحبا א") == (("DejaVu Sans",), frozenset())
    with drawing_in(STYLES["jasss"]):
        figure = new_figure(STYLES["jasss"], 2)
        text = figure.text(0, 0, "\U0001d7d8\U0001d552")
        figure.draw_without_rendering()
    assert isinstance(text, Text) and text.get_fontfamily()[0] == "DejaVu Sans"


def test_names_in_figures_stay_apart():
    """Long titles that begin alike are numbered; scripts without blanks are broken."""
    long = "The very same beginning of a title that goes on and on and on and on "
    shown = names_in_figures([long + "here", long + "there"])
    assert len(set(shown)) == 2 and all(len(x) <= 64 for x in shown)
    assert wrapped("日本語チーム" * 4, 18).split("\n") == [
        "日本語チーム日本語",
        "チーム日本語チーム",
        "日本語チーム",
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("Team \ufffe \U0001ffff", "no document can hold: U+FFFE, U+1FFFF"),
        ("x\ud800", "no document can hold: U+D800"),
        ("a\x0bb", "one line without control"),
        ("a\u2028b", "one line without control"),
        ("a\x00b", "one line without control"),
        (" \u200b\u00a0\u202e", "is blank"),
    ],
)
def test_what_no_document_can_hold(text, fault):
    """It is told which letters, and no shown line has them."""
    assert fault in fault_of(text)
    shown = one_line(text)
    assert shown == shown.strip() and not fault_of(shown or "x")


@given(st.text(st.characters(codec=None), max_size=40))
def test_any_text_can_be_shown(text):
    """What is shown goes into XML, UTF-8 and one line, and is shown alike again."""
    shown = one_line(text)
    assert one_line(shown) == shown
    shown.encode()
    assert len(shown.splitlines()) <= 1
    assert not fault_of(shown) or not shown
    assert clean_name(text) == clean_name(clean_name(text))


@given(st.text(max_size=300))
def test_names_of_files_and_sheets(text):
    """Any name gives one that file systems and Excel take."""
    name = short_name(text)
    assert 0 < len(name.encode()) <= 120 and not set(name) & set('/\\:*?"<>|\0\n')
    assert len(sheet_name(text, ()).encode("utf-16-le")) <= 62


def test_links_lead_to_sheets_with_quotes(tmp_path, comparison):
    """An apostrophe in a name is doubled in the address."""
    report = report_of(comparison, ReportOptions("abc", "try", ("orgsim",), deep=False))
    [section, *_] = [x for x in report.sections if x.tables]
    odd = replace(section, tables=(replace(section.tables[0], name="it's ☂"),))
    [path] = write_documents(replace(report, sections=(odd,)), tmp_path, "workbook")
    first, *others = openpyxl.load_workbook(path)
    links = {x.hyperlink.location for row in first for x in row if x.hyperlink}
    assert {f"'{x.title.replace(chr(39), chr(39) * 2)}'!A1" for x in others} <= links
