"""Slides say what the report says, in charts that can be edited, within their boxes."""

import io
import math
import time
import zipfile
from dataclasses import replace

import fake_simulation as fake
import pytest
from matplotlib.font_manager import findfont
from PIL import ImageFont
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Inches, Pt

from experiments import compare
from experiments.errors import InputError
from experiments.report.building import Asked, report_of
from experiments.report.content import Bars, Line, Section
from experiments.report.pictures import bars_of
from experiments.report.slides import slides
from experiments.report.text_boxes import pages, wrapped

COMMANDS = ("orgsim compare assigned owned --replicates 12",)
POINTS = Inches(1) / 72
NASTY = "<b>&amp; “Owning” = 5% _of_ it</b> " + "very " * 36 + "W" * 30


def report(study, language="en"):
    """Return a report that takes no runs of its own."""
    return report_of(study, Asked("abc123", "try", COMMANDS, language, deep=False))


def opened(study, folder, language="en", **options):
    """Return a report and the slides that were made of it, read back."""
    told = report(study, language)
    return told, Presentation(slides(told, folder / "a.pptx", **options))


@pytest.fixture(scope="module", params=["en", "nl"])
def pair(request, comparison, tmp_path_factory):
    """A report of two scenarios and its slides, in each language."""
    return opened(comparison, tmp_path_factory.mktemp("slides"), request.param)


def headings(deck):
    """Return the title of every slide."""
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def texts(slide):
    """Return every text on a slide but those of charts."""
    cells = [x.text for s in slide.shapes if s.has_table for x in s.table.iter_cells()]
    frames = [s.text_frame.text for s in slide.shapes if s.has_text_frame]
    return "\n".join([*frames, *cells])


def charts(deck):
    """Return every chart with its slide."""
    return [
        (slide, shape.chart)
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_chart
    ]


def series_of(report, kind):
    """Return everything that a report draws of one kind."""
    return [
        one
        for section in report.sections
        for picture in section.pictures
        for one in picture.series.values()
        if isinstance(one, kind)
    ]


def whole(text):
    """Return text as slides have it: on one line."""
    return " ".join(text.split())


def test_the_answer_heads_a_slide(pair):
    """The first slide after the title has the whole answer as its heading."""
    told, deck = pair
    assert headings(deck)[:2] == [told.title, told.section("answer").sentences[0]]
    assert told.question in texts(deck.slides[0])


def test_every_sentence_and_cell_is_there(pair):
    """Nothing that a report says in sentences or tables is lost."""
    told, deck = pair
    said = "\n".join(texts(slide) for slide in deck.slides)
    for section in told.sections:
        for sentence in section.sentences:
            assert whole(sentence) in said
        for table in section.tables:
            for row in table.rows:
                assert all(whole(cell) in said for cell in row)


def test_each_slide_says_that_it_is_no_forecast(pair):
    """The remark stands on every slide; notes have it, and the study."""
    told, deck = pair
    for slide in deck.slides:
        assert told.remark in texts(slide)
        notes = slide.notes_slide.notes_text_frame.text
        assert told.remark in notes and told.study in notes


def test_captions_are_in_the_notes(pair):
    """A slide with a chart has the caption of the figure in its notes."""
    told, deck = pair
    captions = [whole(x.caption) for section in told.sections for x in section.pictures]
    for slide, _ in charts(deck):
        notes = slide.notes_slide.notes_text_frame.text
        assert any(caption in notes for caption in captions)


def test_bars_have_the_numbers_of_the_report(pair):
    """Values and both whiskers of every bar equal the report's to the last digit."""
    told, deck = pair
    drawn = {}
    for _, chart in charts(deck):
        series = chart.plots[0].series[0]
        element = series._element
        ends = [
            [float(x.text) for x in element.findall(f".//{{*}}{side}//{{*}}v")]
            for side in ("minus", "plus")
        ]
        drawn[series.name] = ([*series.values], *ends)
    for bars in series_of(told, Bars):
        values, minus, plus = drawn[bars.title]
        assert values == list(bars.values)
        assert minus == pytest.approx(
            [v - x for v, x in zip(values, bars.lows, strict=True)]
        )
        assert plus == pytest.approx(
            [x - v for v, x in zip(values, bars.highs, strict=True)]
        )


def test_differences_stand_beside_bars_in_the_language(pair):
    """Differences are texts, as the table writes them, and in the language."""
    told, deck = pair
    titles = [chart.chart_title.text_frame.text for _, chart in charts(deck)]
    for bars in series_of(told, Bars):
        said = f"{bars.shown[0]}, {bars.said[0]}"
        assert any(said in whole(title) for title in titles)
    quality = series_of(told, Bars)[0].shown[0]
    assert ("," in quality) == (told.language == "nl") or "." not in quality


def test_lines_have_the_numbers_of_the_report(pair):
    """Each outcome over time is a chart with a line for each scenario."""
    told, deck = pair
    drawn = [chart for _, chart in charts(deck) if len(chart.plots[0].series) > 1]
    lines = series_of(told, Line)
    assert len(drawn) == len(lines)
    for chart, line in zip(drawn, lines, strict=True):
        for series, (name, values) in zip(
            chart.plots[0].series, line.values.items(), strict=False
        ):
            known = [x for x in values if math.isfinite(x)]
            assert series.name == name and list(series.values) == known


def test_numbers_on_axes_do_not_follow_the_readers_computer(pair):
    """An axis has whole numbers below a thousand, or texts in the report's language."""
    told, deck = pair
    for _, chart in charts(deck):
        if len(chart.plots[0].series) < 2:
            assert not chart.value_axis.visible
            continue
        axis = chart.value_axis
        written = len(chart.plots[0].series) > 2
        assert written or (axis.major_unit % 1 == 0 and axis.maximum_scale < 1000)
        if written:
            points = chart.plots[0].series[2].points
            labels = [points[k].data_label.text_frame.text for k in range(3)]
            decimal = "," if told.language == "nl" else "."
            assert any(decimal in label for label in labels)


def test_lines_are_told_apart_without_colour(pair):
    """Lines of one chart differ in their dashes and in their markers."""
    _, deck = pair
    for _, chart in charts(deck):
        lines = [*chart.plots[0].series][:2]
        if len(lines) == 2:
            assert len({x.format.line.dash_style for x in lines}) == 2
            assert len({x.marker.style for x in lines}) == 2


def measured(frame, inches):
    """Return the height in points of text, measured letter by letter by Pillow."""
    total = 0.0
    for paragraph in frame.paragraphs:
        [size] = {run.font.size / Pt(1) for run in paragraph.runs} or {0}
        bold = any(run.font.bold for run in paragraph.runs)
        face = findfont(f"DejaVu Sans:{'bold' if bold else 'normal'}")
        font = ImageFont.truetype(face, 1000)
        lines, line = 1, ""
        for word in paragraph.text.split(" "):
            longer = f"{line} {word}".strip()
            if font.getlength(longer) * size / 1000 > inches * 72 + 0.5:
                alone = font.getlength(word) * size / 1000
                lines += max(math.ceil(alone / (inches * 72)), 1) if line else 0
                longer = word
            line = longer
        total += lines * 1.2 * size + (paragraph.space_after or 0) / Pt(1)
    return total


def overflowing(deck):
    """Return what on slides is larger than its box, or lies outside of the slide."""
    wide, high = deck.slide_width, deck.slide_height
    found = []
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide.shapes:
            right, bottom = shape.left + shape.width, shape.top + shape.height
            if shape.left < 0 or shape.top < 0 or right > wide or bottom > high:
                found.append((number, shape.name, "outside"))
            if shape.has_text_frame and any(
                p.runs for p in shape.text_frame.paragraphs
            ):
                frame = shape.text_frame
                inches = (
                    shape.width - frame.margin_left - frame.margin_right
                ) / Inches(1)
                if measured(frame, inches) > shape.height / POINTS:
                    found.append((number, shape.name, frame.text))
            if shape.has_table:
                table = shape.table
                for row in table.rows:
                    for cell, column in zip(row.cells, table.columns, strict=True):
                        inches = (column.width - 2 * cell.margin_left) / Inches(1)
                        if measured(cell.text_frame, inches) > row.height / POINTS:
                            found.append((number, shape.name, cell.text))
                if shape.top + sum(x.height for x in table.rows) > 0.93 * high:
                    found.append((number, shape.name, "table"))
    return found


def smallest(deck):
    """Return the smallest size of type in points."""
    return min(
        run.font.size / Pt(1)
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    )


def test_nothing_overflows_and_all_is_readable(pair):
    """Every text fits its box on the slide, and none is below 14 points."""
    _, deck = pair
    assert overflowing(deck) == []
    assert smallest(deck) >= 14


@pytest.fixture(scope="module")
def nasty(assigned, owned, detail):
    """Three scenarios, one of which has a long title with markup in it."""
    title = {"en": NASTY, "nl": NASTY}
    one = replace(owned, title=title)
    return compare(
        assigned, one, detail, replicates=5, workers=1, simulate=fake.simulate
    )


def test_long_names_with_markup(nasty, tmp_path):
    """A title of 200 letters is cut where it must be, its markup being letters."""
    told, deck = opened(nasty, tmp_path)
    assert overflowing(deck) == []
    assert any("<b>&amp; “Owning”" in heading for heading in headings(deck))
    assert any("…" in heading for heading in headings(deck))
    said = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert any(NASTY in notes for notes in said)
    assert told.title == said[0].splitlines()[0]


def test_three_scenarios(three, tmp_path):
    """Each scenario's answer heads a slide; others stand beside the bars."""
    told, deck = opened(three, tmp_path, "nl")
    assert set(told.section("answer").sentences[:2]) <= set(headings(deck))
    assert overflowing(deck) == []
    bars = series_of(told, Bars)[0]
    drawn = [chart for _, chart in charts(deck)]
    beside = [
        [*chart.plots[0].categories]
        for chart in drawn
        if chart.plots[0].series[0].name == bars.title
    ]
    assert any(
        all(whole(x).startswith(y) for x, y in zip(names, bars.names, strict=True))
        for names in beside
        if len(names) == 2
    )


def test_bars_below_zero_keep_their_colour(pair):
    """PowerPoint makes bars below zero white unless each point says otherwise."""
    _, deck = pair
    for _, chart in charts(deck):
        for point in chart._chartSpace.iter("{*}dPt"):
            if point.getparent().getparent().tag.endswith("barChart"):
                [inverted] = point.findall("{*}invertIfNegative")
                assert inverted.get("val") == "0"


def test_levers_are_charted(comparison, tmp_path):
    """A table's series are bars for each lever, shared out where they are many."""
    told = report(comparison)
    found = comparison.differences("burnout") * 9
    names = [f"lever number {k} with a rather long name" for k in range(9)]
    bars = bars_of(found, names, "burnout", "en")
    table = told.section("comparison").tables[0]
    section = Section("levers", "Levers", tables=(replace(table, series={"b": bars}),))
    told = replace(told, sections=(section,))
    deck = Presentation(slides(told, tmp_path / "a.pptx"))
    drawn = [chart for _, chart in charts(deck)]
    assert len(drawn) > 1
    values = [x for chart in drawn for x in chart.plots[0].series[0].values]
    beside = [whole(x) for chart in drawn for x in chart.plots[0].categories]
    assert values == list(bars.values)
    assert [x.startswith(y) for x, y in zip(beside, names, strict=True)] == [True] * 9
    assert overflowing(deck) == []


def test_values_that_are_not_known_are_left_out(comparison, tmp_path):
    """A difference without a value has no bar, and weeks without one no point."""
    told = report(comparison)
    nan = math.nan
    sections = []
    for section in told.sections:
        pictures = []
        for picture in section.pictures:
            series = {
                name: replace(one, values=(nan,), lows=(nan,), highs=(nan,))
                if isinstance(one, Bars)
                else replace(
                    one, values={x: (nan, *y[1:]) for x, y in one.values.items()}
                )
                for name, one in picture.series.items()
            }
            pictures.append(replace(picture, series=series))
        sections.append(replace(section, pictures=tuple(pictures)))
    path = slides(replace(told, sections=tuple(sections)), tmp_path / "a.pptx")
    deck = Presentation(path)
    for _, chart in charts(deck):
        series = [*chart.plots[0].series]
        if len(series) == 1:
            assert set(series[0].values) == {None}
        else:
            line = series_of(told, Line)[0]
            assert len([*series[0].values]) == len(line.weeks) - 1


def template(folder, name="client.pptx", title_only=True):
    """Return a template of 4 by 3 with an example slide and a mark on its layouts."""
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = "An example of the client"
    for layout in deck.slide_layouts:
        layout.name = f"Client {layout.name}"
    if not title_only:
        for layout in list(deck.slide_layouts):
            kinds = {x.placeholder_format.type for x in layout.placeholders}
            if kinds & {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}:
                if layout not in [x.slide_layout for x in deck.slides]:
                    deck.slide_layouts.remove(layout)
    deck.save(folder / name)
    return folder / name


def as_potx(path):
    """Return a copy of a presentation that says that it is a template."""
    copy = path.with_suffix(".potx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "[Content_Types].xml":
                data = data.replace(b"presentation.main+xml", b"template.main+xml")
            new.writestr(item, data)
    return copy


@pytest.mark.parametrize("kind", ["pptx", "potx", "without titles"])
def test_a_template_of_the_client(kind, comparison, tmp_path):
    """Layouts and size are the client's; its example slide is gone; all fits."""
    path = template(tmp_path, title_only=kind != "without titles")
    path = as_potx(path) if kind == "potx" else path
    told = report(comparison)
    deck = Presentation(slides(told, tmp_path / "a.pptx", path))
    assert deck.slide_width == Inches(10)
    said = "\n".join(texts(slide) for slide in deck.slides)
    assert "An example of the client" not in said
    assert whole(told.section("answer").sentences[0]) in said
    assert all(x.slide_layout.name.startswith("Client") for x in deck.slides)
    assert overflowing(deck) == []
    with zipfile.ZipFile(tmp_path / "a.pptx") as parts:
        names = parts.namelist()
        assert len(names) == len(set(names))
        kept = [x for x in names if x.startswith("ppt/slides/slide")]
        assert len(kept) == len(deck.slides)


def test_colours_are_the_templates_only_if_asked(comparison, tmp_path):
    """Charts are colour-blind safe, or of the theme where that is asked for."""
    for asked in (False, True):
        _, deck = opened(comparison, tmp_path, theme_colours=asked)
        chart = next(x for _, x in charts(deck) if len(x.plots[0].series) > 1)
        color = chart.plots[0].series[1].format.line.color
        if asked:
            assert color.theme_color == MSO_THEME_COLOR.ACCENT_1
        else:
            assert str(color.rgb) == "0072B2"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("broken.pptx", b"PK\x03\x04 this is no zip"),
        ("empty.potx", b""),
        ("old.pptx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)),
        ("wrong.txt", b"hello"),
        ("absent.pptx", None),
    ],
)
def test_a_broken_template_is_told(name, data, comparison, tmp_path):
    """What cannot be used as a template is told by its name, and nothing is written."""
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=name):
        slides(report(comparison), tmp_path / "a.pptx", tmp_path / name)
    assert not (tmp_path / "a.pptx").exists()


def test_another_office_file_is_no_template(comparison, tmp_path):
    """A workbook that is called a presentation is refused."""
    import xlsxwriter

    path = tmp_path / "book.pptx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet()
    with pytest.raises(InputError, match="no presentation"):
        slides(report(comparison), tmp_path / "a.pptx", path)


def test_slides_have_the_same_bytes_whenever_they_are_made(
    comparison, tmp_path, monkeypatch
):
    """No time is in them, nor in the workbooks of their charts."""
    first = slides(report(comparison), tmp_path / "a.pptx").read_bytes()
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert slides(report(comparison), tmp_path / "b.pptx").read_bytes() == first
    with zipfile.ZipFile(tmp_path / "a.pptx") as archive:
        books = [x for x in archive.namelist() if x.endswith(".xlsx")]
        with zipfile.ZipFile(io.BytesIO(archive.read(books[0]))) as book:
            assert b">1980-01-01T00:00:00Z<" in book.read("docProps/core.xml")


def test_long_paragraphs_are_shared_out():
    """A paragraph that is longer than any slide goes on to the next, none lost."""
    text = " ".join(f"word{k}" for k in range(2000))
    shared = pages([text, "end"], 18, 8, 4, 8)
    assert len(shared) > 3
    assert " ".join(x for page in shared for x in page) == f"{text} end"
    most = int(4 * 72 / (1.2 * 18))
    for page in shared:
        assert sum(len(wrapped(x, 18, 8)) for x in page) <= most
