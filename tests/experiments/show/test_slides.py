"""Slides say what the report says, in charts that can be edited, within their boxes."""

import io
import math
import re
import time
import zipfile
from dataclasses import replace

import fake_simulation as fake
import pytest
from matplotlib.font_manager import findfont
from openpyxl import load_workbook
from PIL import ImageFont
from pptx import Presentation
from pptx.chart.axis import ValueAxis
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Inches, Pt

from experiments.errors import InputError
from experiments.report.building import ReportOptions, report_of
from experiments.report.pictures import bars_of
from experiments.show.document import Bars, Line, Section
from experiments.show.native_bars import reach
from experiments.show.slide_tables import table_that_fits
from experiments.show.slide_texts import Rectangle
from experiments.show.slides import MOST, slides
from orgsim import compare

COMMANDS = ("orgsim compare assigned owned --replicates 12",)
POINTS = Inches(1) / 72
NASTY = "<b>&amp; “Owning” = 5% _of_ it</b> " + "very " * 36 + "W" * 30


def report(study, language="en"):
    """Return a report that takes no runs of its own."""
    return report_of(
        study, ReportOptions("abc123", "try", COMMANDS, language, deep=False)
    )


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


def is_bars(chart):
    """Return whether a chart is one of differences, which stand before a zone."""
    return len([*chart.plots]) == 2


def differences(chart):
    """Return the series of differences in a chart, in front of the zone."""
    [series] = chart.plots[1].series
    return series


def axis_of(chart):
    """Return the axis of values that is seen."""
    return ValueAxis(chart._chartSpace.valAx_lst[0 if is_bars(chart) else 1])


def lines(deck):
    """Return every chart of lines with its slide."""
    return [(slide, chart) for slide, chart in charts(deck) if not is_bars(chart)]


def book(chart):
    """Return the rows of the workbook behind a chart."""
    blob = chart.part.chart_workbook.xlsx_part.blob
    return [*load_workbook(io.BytesIO(blob)).active.iter_rows(values_only=True)]


def series_of(report, kind):
    """Return everything that slides draw of one kind."""
    return [
        one
        for section in report.sections
        for shown in (*section.tables, *section.pictures)
        for one in shown.series.values()
        if isinstance(one, kind) and not section.appendix
    ]


def whole(text):
    """Return text as slides have it: on one line."""
    return " ".join(text.split())


def test_the_findings_head_the_slides_in_their_order(pair):
    """Each part of the answer is one slide, under its finding; what to do is first."""
    told, deck = pair
    parts = [x for x in told.sections if not x.appendix]
    assert headings(deck) == [whole(x.finding) for x in parts]
    assert told.question in texts(deck.slides[0])
    names = [
        "answer",
        "compared",
        "effect",
        "road",
        "cost",
        "certainty",
        "next",
        "limits",
    ]
    assert [x.name for x in parts] == names


def test_the_answer_is_there_and_the_appendix_is_not(pair):
    """Sentences and cells of the answer are on slides; codes and commands are not."""
    told, deck = pair
    said = "\n".join(texts(slide) for slide in deck.slides)
    for section in told.sections[1:]:
        if section.appendix:
            assert not any(whole(x) in said for x in section.sentences)
            continue
        for sentence in section.sentences:
            assert whole(sentence).rstrip(".") in said
        for table in section.tables:
            for row in table.rows:
                assert all(whole(cell) in said for cell in row)
    assert told.study not in said and COMMANDS[0] not in said


def test_each_slide_says_that_it_is_no_forecast(pair):
    """The remark stands on every slide; notes have it, and the study."""
    told, deck = pair
    for slide in deck.slides:
        assert told.remark in texts(slide)
        notes = slide.notes_slide.notes_text_frame.text
        assert told.remark in notes and told.study in notes


def test_captions_are_in_the_notes(pair):
    """A slide with a chart has in its notes how to read what is on it."""
    told, deck = pair
    parts = [x for x in told.sections if not x.appendix]
    drawn = [whole(x.charted) for one in parts for x in one.pictures]
    drawn += [whole(x.note) for one in parts for x in one.tables if x.note]
    for slide, _ in charts(deck):
        notes = slide.notes_slide.notes_text_frame.text
        assert any(caption in notes for caption in drawn)


def test_bars_have_the_numbers_of_the_report(pair):
    """Values and both whiskers of every bar equal the report's to the last digit."""
    told, deck = pair
    drawn = {}
    for chart in (x for _, x in charts(deck) if is_bars(x)):
        series = differences(chart)
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
    drawn, told_lines = lines(deck), series_of(told, Line)
    assert len(drawn) == len(told_lines)
    for (_, chart), line in zip(drawn, told_lines, strict=True):
        for series, (name, values) in zip(
            chart.plots[0].series, line.values.items(), strict=False
        ):
            known = [x for x in values if math.isfinite(x)]
            assert series.name == name and list(series.values) == known


def test_numbers_on_axes_do_not_follow_the_readers_computer(pair):
    """An axis has whole numbers below a thousand, or texts in the report's language."""
    told, deck = pair
    for _, chart in charts(deck):
        axis, decimal = axis_of(chart), "," if told.language == "nl" else "."
        if is_bars(chart):
            shown = axis.tick_labels.number_format
            assert re.sub(r'"[^"]*"', "", shown) == ";;"
            assert (decimal in shown) == (axis.maximum_scale % 1 > 0)
            continue
        written = len(chart.plots[0].series) > 5
        assert written or (axis.major_unit % 1 == 0 and axis.maximum_scale < 1000)
        if written:
            points = chart.plots[0].series[5].points
            labels = [points[k].data_label.text_frame.text for k in range(3)]
            assert any(decimal in label for label in labels)


def test_lines_are_told_apart_without_colour(three, tmp_path):
    """Lines of one chart differ in dashes and markers; a key above has their names."""
    _, deck = opened(three, tmp_path)
    for slide, chart in lines(deck):
        means = [*chart.plots[0].series][:2]
        assert len({x.format.line.dash_style for x in means}) == 2
        assert len({x.marker.style for x in means}) == 2
        assert all(x.name in texts(slide) for x in means)
        assert not chart.has_legend


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
    assert any("…" in texts(slide) for slide in deck.slides)
    said = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert any(NASTY in notes for notes in said)
    assert whole(told.question) in said[0]


def test_three_scenarios(three, tmp_path):
    """What to do with each stands first; names and differences are beside the bars."""
    told, deck = opened(three, tmp_path, "nl")
    assert all(x.title["nl"] in headings(deck)[0] for x in three.others)
    assert overflowing(deck) == []
    bars = series_of(told, Bars)[0]
    beside = [
        [*chart.plots[0].categories]
        for _, chart in charts(deck)
        if is_bars(chart) and differences(chart).name == bars.title
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
    """A table's series are bars for each lever."""
    told = report(comparison)
    found = comparison.differences("burnout") * 3
    names = [f"lever number {k} with a rather long name" for k in range(3)]
    bars = bars_of(found, names, "burnout", "en")
    table = told.section("comparison").tables[0]
    section = Section("levers", "Levers", tables=(replace(table, series={"b": bars}),))
    told = replace(told, sections=(section,))
    deck = Presentation(slides(told, tmp_path / "a.pptx"))
    drawn = [chart for _, chart in charts(deck)]
    assert len(drawn) == 1
    values = [x for chart in drawn for x in differences(chart).values]
    beside = [whole(x) for chart in drawn for x in chart.plots[0].categories]
    assert values == list(bars.values)
    assert [x.startswith(y) for x, y in zip(beside, names, strict=True)] == [True] * 3
    assert overflowing(deck) == []


def test_values_that_are_not_known_are_left_out(comparison, tmp_path):
    """A difference without a value has no bar, and weeks without one no point."""
    told = report(comparison)
    nan = math.nan
    sections = []
    for section in told.sections:
        shown = []
        for one_shown in (*section.tables, *section.pictures):
            series = {
                name: replace(one, values=(nan,), lows=(nan,), highs=(nan,))
                if isinstance(one, Bars)
                else replace(
                    one, values={x: (nan, *y[1:]) for x, y in one.values.items()}
                )
                for name, one in one_shown.series.items()
            }
            shown.append(replace(one_shown, series=series))
        count = len(section.tables)
        tables, pictures = tuple(shown[:count]), tuple(shown[count:])
        sections.append(replace(section, tables=tables, pictures=pictures))
    path = slides(replace(told, sections=tuple(sections)), tmp_path / "a.pptx")
    deck = Presentation(path)
    for _, chart in charts(deck):
        if is_bars(chart):
            assert set(differences(chart).values) == {None}
        else:
            line = series_of(told, Line)[0]
            assert len([*chart.plots[0].series[0].values]) == len(line.weeks) - 1


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
    assert whole(told.section("answer").finding) in said
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
        _, chart = lines(deck)[0]
        color = chart.plots[0].series[0].format.line.color
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


def test_bands_are_lines_of_their_own(pair):
    """Ends of bands are thin lines of the same colour, on an axis that holds them."""
    told, deck = pair
    for (_, chart), line in zip(lines(deck), series_of(told, Line), strict=True):
        series = [*chart.plots[0].series]
        means, ends = series[:1], series[1:3]
        wanted = [x[name] for name in line.lows for x in (line.lows, line.highs)]
        assert [[*one.values] for one in ends] == [
            [x for x in row if math.isfinite(x)] for row in wanted
        ]
        for k, one in enumerate(ends):
            mean = means[k // 2].format.line
            assert one.format.line.width < mean.width
            assert one.format.line.dash_style == mean.dash_style
            mine, its = (
                x._xPr.find(".//{*}solidFill")[0]
                for x in (one.format.line.fill, mean.fill)
            )
            assert dict(mine.attrib) == dict(its.attrib)
        axis = chart.value_axis
        assert axis.minimum_scale <= min(x for one in ends for x in one.values)
        assert axis.maximum_scale >= max(x for one in ends for x in one.values)


def test_the_zone_too_small_to_matter_is_drawn_over_time(pair):
    """Two dotted lines have the smallest difference that matters."""
    told, deck = pair
    for (_, chart), line in zip(lines(deck), series_of(told, Line), strict=True):
        zone = [{*one.values} for one in [*chart.plots[0].series][3:5]]
        assert zone == [{-line.smallest}, {line.smallest}] and line.smallest > 0


def test_axes_of_differences_have_the_zone_and_room_for_it(pair):
    """Zero is in the middle, the zone is as large as differences that do not matter."""
    told, deck = pair
    found = {bars.title: bars for bars in series_of(told, Bars)}
    drawn = [chart for _, chart in charts(deck) if is_bars(chart)]
    assert drawn
    for chart in drawn:
        bars, axis = found[differences(chart).name], axis_of(chart)
        assert axis.visible and axis.minimum_scale == -axis.maximum_scale
        ends = [abs(x) for x in (*bars.lows, *bars.highs)]
        assert axis.maximum_scale >= max(ends)
        assert axis.maximum_scale > bars.smallest > 0
        zone = [value for one in chart.plots[0].series for value in one.values]
        assert zone == [-bars.smallest, bars.smallest]
        assert book(chart)[1][4:6] == (-bars.smallest, bars.smallest)
        second = chart._chartSpace.findall(".//{*}valAx")[1].find("{*}scaling")
        scale = {x.tag.rpartition("}")[2]: x.get("val") for x in second}
        assert float(scale["max"]) == axis.maximum_scale == -float(scale["min"])


def test_small_effects_look_small(comparison):
    """A difference that does not matter takes less of its chart than the zone."""
    [found] = comparison.differences("burnout")
    tiny = replace(found, estimate=0.001, low=0.0005, high=0.0015)
    bars = bars_of([tiny], ["a"], "burnout", "en")
    assert bars.smallest == pytest.approx(2)
    assert reach(bars) == pytest.approx(3)
    assert reach(replace(bars, highs=(311.0,))) == pytest.approx(400)


def test_alike_names_stay_apart(assigned, owned, detail, tmp_path):
    """Names that are cut differ still, and are whole in the data of charts."""
    starts = "Deciding about the work of all the people of the team " * 6
    titles = [starts + end for end in ("alone", "together", "or not at all")]
    scenarios = [
        replace(one, title={"en": title, "nl": title})
        for one, title in zip((assigned, owned, detail), titles, strict=True)
    ]
    study = compare(*scenarios, replicates=5, workers=1, simulate=fake.simulate)
    _, deck = opened(study, tmp_path, template=template(tmp_path))
    assert overflowing(deck) == []
    for slide, chart in lines(deck):
        shown = [x.text for x in texts_with(slide, "■").paragraphs[0].runs]
        assert len(set(shown)) == 2 and all("…" in name for name in shown)
        assert set(titles[1:]) <= {cell for row in book(chart) for cell in row}
    beside = [chart for _, chart in charts(deck) if is_bars(chart)]
    for chart in beside:
        names = [x.rpartition("\n")[0] for x in chart.plots[1].categories]
        assert len(set(names)) == len(names)
    said = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert any(titles[1] in notes for notes in said)
    firsts = [
        [row.cells[0].text for row in shape.table.rows][1:]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_table
    ]
    cut_short = [names for names in firsts if any("…" in x for x in names)]
    assert cut_short and all(len(set(x)) == len(x) for x in cut_short)


def texts_with(slide, mark):
    """Return the text frame on a slide that has a mark in it."""
    [found] = [x.text_frame for x in slide.shapes if mark in texts_of(x)]
    return found


def test_heads_of_tables_break_between_words():
    """Columns have room for their longest word; those too many are left out."""
    words = ["Organisatie", "Anders ingesteld", "Leadkwaliteit", "Leertijd"]
    long = " ".join(["beslissen over het werk"] * 9)
    rows = [words, ["basis", long, "48%", "7,2 weken"], ["b", long, "51%", "7,0 weken"]]
    face = ImageFont.truetype(findfont("DejaVu Sans:bold"), 1400)
    wide = [words + [f"Werkbeleving{k}" for k in range(6)]]
    wide += [[*rows[1], *["1"] * 6]]
    table, several = (
        table_that_fits(x, Rectangle(0, 0, inches, 5))
        for x, inches in ((rows, 6.5), (wide, 9))
    )
    assert len(table.rows[0]) == 4 <= len(several.rows[0]) < 10
    for one in (table, several):
        assert sum(one.widths) <= 9.001
        assert one.rows[0][0] == words[0]
        for head, inches in zip(one.rows[0], one.widths, strict=True):
            longest = max(face.getlength(word) for word in head.split())
            assert longest / 100 / 72 <= inches - 0.16 - 0.04


def test_what_only_moves_is_left_out(comparison, tmp_path):
    """A section that announces what a page alone can show is on no slide."""
    told = report(comparison)
    moves = Section("people", "The people", ("One world.",), fragment="<p></p>")
    path = slides(replace(told, sections=(*told.sections, moves)), tmp_path / "a.pptx")
    said = "\n".join(texts(slide) for slide in Presentation(path).slides)
    assert "The people" not in said and "One world." not in said


def test_short_sections_share_a_slide(comparison, tmp_path):
    """Sections of a few lines stand together, under their titles; long ones do not."""
    told = report(comparison)
    short = [Section(x, f"Title {x}", (f"Said of {x}.",)) for x in "abc"]
    long = Section("d", "Title d", ("Very long. " * 60,))
    path = slides(replace(told, sections=(*short, long)), tmp_path / "a.pptx")
    deck = Presentation(path)
    assert headings(deck)[1:] == ["Title a · Title b · Title c", "Title d"]
    frame = next(x for x in deck.slides[1].shapes if "Said of b." in texts_of(x))
    bold = [p.runs[0].font.bold for p in frame.text_frame.paragraphs]
    assert bold == [True, None] * 3
    assert overflowing(deck) == []


def texts_of(shape):
    """Return the text of a shape; empty where it has none."""
    return shape.text_frame.text if shape.has_text_frame else ""


@pytest.mark.parametrize("study", ["comparison", "three"])
def test_how_to_read_stands_beside_numbers(study, request, tmp_path):
    """A slide with intervals says what brackets are."""
    told, deck = opened(request.getfixturevalue(study), tmp_path)
    for name in ("effect", "cost"):
        [slide] = [
            x
            for x in deck.slides
            if x.shapes.title.text_frame.text == told.section(name).finding
        ]
        assert "Between brackets" in texts(slide)


def test_the_same_organisation_is_the_same(assigned, owned, tmp_path):
    """Where nothing differs charts say so too, however few the worlds."""
    twin = replace(assigned, name="twin", title={"en": "Twin", "nl": "Twin"})
    study = compare(
        assigned, twin, owned, replicates=3, workers=1, simulate=fake.simulate
    )
    told, deck = opened(study, tmp_path)
    assert "No reason to: Twin." in headings(deck)[0]
    for bars in series_of(told, Bars):
        assert bars.said[0] == "no relevant difference"
    others = {bars.said[1] for bars in series_of(told, Bars)}
    assert others != {"no relevant difference"}


def test_the_last_slide_names_what_has_none(comparison, tmp_path):
    """Of many findings as many are shown as may be; each other one is named."""
    told = report(comparison)
    found = [f"Finding {k}" for k in range(2 * MOST)]
    sections = [Section(x, x, ("A sentence.",), finding=x) for x in found]
    told = replace(told, sections=(told.section("answer"), *sections))
    deck = Presentation(slides(told, tmp_path / "many.pptx"))
    *shown, last = deck.slides
    assert len(shown) == MOST - 1
    heads = [slide.shapes.title.text_frame.text for slide in shown[1:]]
    assert heads == found[: len(heads)]
    named = last.notes_slide.notes_text_frame.text
    assert all(x in named for x in found[len(heads) :])
    assert found[len(heads)] in "".join(texts(last))
