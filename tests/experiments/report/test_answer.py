"""The answer of a report: what to do first, on few slides and sheets, always."""

import math
from dataclasses import replace

import fake_simulation as fake
import openpyxl
import pytest
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from small_scenarios import make_scenario

from experiments.compare.comparison import Comparison
from experiments.report.advice import (
    Recommendation,
    advice_on,
    moved_by,
    recommendation,
)
from experiments.report.building import report_of
from experiments.report.sections import ReportOptions
from experiments.show.page import page
from experiments.show.slides import slides
from experiments.show.workbook import workbook
from experiments.statistics.intervals import Interval
from experiments.words.number_words import name_of
from orgsim import compare
from simulation.outcomes import LANGUAGES, OUTCOMES
from simulation.tables import PARAMETERS, STRUCTURE

LONG = "Deciding about one's own work " * 7


def lived(*scenarios, replicates=6):
    """Return a comparison of scenarios in a few worlds of the stand-in."""
    return compare(*scenarios, replicates=replicates, workers=1, simulate=fake.simulate)


def report(study, language="en"):
    """Return a report that takes no runs of its own."""
    commands = ("orgsim compare /home/somebody/a.toml b",)
    return report_of(
        study, ReportOptions("abc123", "try", commands, language, deep=False)
    )


def named(scenario, title):
    """Return a scenario with another title."""
    return replace(scenario, title=dict.fromkeys(LANGUAGES, title))


def unknown(study):
    """Return a comparison in which nothing is known of any outcome."""
    runs = study.runs
    series = runs.series.copy()
    for name in series.dtype.names:
        if name != "seats":
            series[name] = math.nan
    return Comparison(replace(runs, series=series), study.outcomes)


@pytest.fixture(scope="module")
def studies(assigned, owned, detail):
    """Comparisons of every kind, the bad ones too, by name."""
    many = [make_scenario(f"s{k}", f"Number {k}", k / 6) for k in range(21)]
    twin = replace(assigned, name="twin")
    return {
        "usual": lived(assigned, owned, replicates=12),
        "three": lived(assigned, owned, detail),
        "no effect": lived(assigned, twin),
        "unclear": lived(assigned, detail, replicates=2),
        "one world": lived(assigned, owned, replicates=1),
        "six": lived(*many[:6]),
        "twenty": lived(*many),
        "long titles": lived(named(assigned, LONG), named(owned, LONG + "alone")),
        "long and many": lived(*(named(x, f"{x.name} {LONG}") for x in many[:6])),
        "nothing known": unknown(lived(assigned, owned)),
    }


KINDS = (
    "usual",
    "three",
    "no effect",
    "unclear",
    "one world",
    "six",
    "twenty",
    "long titles",
    "long and many",
    "nothing known",
)


DRAWN_ELSEWHERE = ("usual", "three", "six", "long titles")
"""Their figures are in the tests of reports and titles; of six, in "long and many"."""


def bare_template(folder):
    """Return a template whose only layout has no title."""
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        kinds = {x.placeholder_format.type for x in layout.placeholders}
        if kinds & {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}:
            deck.slide_layouts.remove(layout)
    deck.save(folder / "bare.pptx")
    return folder / "bare.pptx"


def headings_of(deck):
    """Return the first text on each slide, which is its heading."""
    return [
        next(x.text_frame.text for x in slide.shapes if x.has_text_frame)
        for slide in deck.slides
    ]


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_deck_tells_a_story_on_ten_slides(kind, bare, studies, tmp_path):
    """At most ten slides, no title twice, none with a line alone, no paths."""
    told = report(studies[kind], "nl")
    template = bare_template(tmp_path) if bare else None
    deck = Presentation(slides(told, tmp_path / "a.pptx", template))
    found = headings_of(deck)
    assert 4 <= len(found) <= 10 and len(set(found)) == len(found)
    for slide in deck.slides:
        whole = [x for x in slide.shapes if x.has_chart or x.has_table]
        lines = [
            paragraph.text
            for x in slide.shapes
            if x.has_text_frame
            for paragraph in x.text_frame.paragraphs
        ]
        assert whole or len(lines) >= 3
        assert not any("/home" in x or "abc123" in x for x in lines)


@pytest.mark.parametrize("kind", KINDS)
def test_a_workbook_has_eight_sheets_with_numbers(kind, studies, tmp_path):
    """At most eight sheets, one page wide; numbers are numbers; charts are there."""
    book = openpyxl.load_workbook(workbook(report(studies[kind]), tmp_path / "a.xlsx"))
    assert len(book.sheetnames) <= 8
    names = ["Contents", "Summary", "Assumptions", "Over time", "Differences", "Method"]
    assert book.sheetnames == names
    for sheet in book.worksheets:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
    assert all(sheet.print_area for sheet in book.worksheets[1:])
    cells = [x for row in book["Differences"] for x in row if x.value is not None]
    numbers = [x for x in cells if x.data_type == "n"]
    if kind != "nothing known":
        assert len(numbers) > 40
        assert {"0.0%", "#,##0", "0%"} <= {x.number_format for x in numbers}
        over_time = book["Over time"]
        said = [str(x.value) for row in over_time for x in row]
        too_many = any("trajectories.csv" in text for text in said)
        assert too_many is (kind == "twenty")
        assert bool(over_time._charts) is not too_many
    if kind not in ("one world", "nothing known"):
        assert book["Summary"]._charts


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_answer_before_the_appendix(kind, studies):
    """The order of the answer holds; claims, commands and full tables come after it."""
    told = report(studies[kind])
    if kind in DRAWN_ELSEWHERE:
        bare = tuple(replace(section, pictures=()) for section in told.sections)
        told = replace(told, sections=bare)
    text = page(told)
    order = [x.name for x in told.sections if not x.appendix]
    wanted = ("answer", "compared", "effect", "road", "cost", "certainty", "next")
    assert order == [*wanted, "limits"]
    places = [text.index(f'<section id="{name}"') for name in order]
    assert places == sorted(places) and places[-1] < text.index('id="appendix-title"')
    rest = [x.name for x in told.sections if x.appendix]
    assert {"comparison", "reproduce"} <= set(rest)


def test_advice_follows_the_verdicts(assigned, studies):
    """Better alone is done, worse alone is left, nothing known is too early to say."""
    assert advice_on(studies["usual"], 0) == Recommendation.DO
    assert recommendation(studies["usual"], "en").startswith("Do it: ")
    worse = lived(make_scenario("high", "High", 3), make_scenario("low", "Low", 0))
    assert advice_on(worse, 0) == Recommendation.LEAVE
    assert recommendation(worse, "nl").startswith("Liever niet: ")
    assert advice_on(studies["one world"], 0) == Recommendation.EARLY
    assert advice_on(studies["nothing known"], 0) == Recommendation.EARLY
    assert advice_on(studies["no effect"], 0) == Recommendation.NONE
    assert recommendation(studies["nothing known"], "en").startswith("Too early")


def test_many_scenarios_share_a_table(studies):
    """Of six scenarios one table tells the effects, those to do first on top."""
    told = report(studies["six"])
    [table] = told.section("effect").tables
    assert len(table.rows) == 6 and len(table.columns) == 4
    assert table.rows[1][0] == "Number 3" or "**" in table.rows[1][1]
    assert len(told.section("answer").sentences) <= 1 + 3


def test_every_number_has_a_name_in_both_languages():
    """Structural numbers have names; parameters that are unknown have one in Dutch."""
    for name in STRUCTURE:
        assert len({name_of(name, "en"), name_of(name, "nl"), name}) >= 2
    for name, row in PARAMETERS.items():
        if row.plausible:
            assert name_of(name, "nl") != name.replace("_", " ")


@pytest.mark.parametrize(
    ("name", "language", "told"),
    [
        ("burnout", "en", "burnout is 4 points lower"),
        ("burnout", "nl", "de burn-outklachten zijn 4 procentpunt lager"),
        ("lead_quality", "nl", "de leadkwaliteit is 4 procentpunt lager"),
        ("demands", "en", "the demands of the work are"),
    ],
)
def test_verbs_agree_with_their_outcome(name, language, told):
    """One burnout is, several complaints are."""
    found = Interval(-0.04, -0.06, -0.02, 0.95, 20, 0, 0.02, "t")
    assert moved_by(found, OUTCOMES[name], language).startswith(told)
