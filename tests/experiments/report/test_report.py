"""The page of a report: whole, escaped, offline, in both languages, as asked."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import fake_simulation
import machine
import pandas as pd
import pytest
from machine import ROOT
from small_scenarios import make_scenario

from experiments.advise.moves import Move
from experiments.cli.command_line import call
from experiments.compare.comparison import compare
from experiments.compare.overview import overview
from experiments.report import measured as measuring
from experiments.report.building import report_of
from experiments.report.compared import told_apart
from experiments.report.identity import id_of
from experiments.report.overview import report_of_overview
from experiments.report.sections import ReportOptions, asked_of
from experiments.run.store import STORE, Store
from experiments.run.study_files import read_study
from experiments.run.studying import carry_out
from experiments.show.document import Document, Section
from experiments.show.page import css_text, page
from experiments.words.numerals import say
from simulation.outcomes import LANGUAGES
from simulation.scenario import read, resolve, scenario_from, vary

VOID = {"meta", "link", "br", "hr", "img", "input"}
LABELS = ROOT / "experiments" / "words" / "labels.toml"
MARKUP = "<script>alert(\"x\")</script> & 'Co' </style>"


class Reading(HTMLParser):
    """Reads a page: tags that are not closed in order, ids, links, and its texts."""

    def __init__(self, text):
        super().__init__()
        self.open, self.wrong, self.attributes, self.texts = [], [], [], []
        self.feed(text)
        self.close()
        self.wrong += self.open

    def handle_starttag(self, tag, attrs):
        """Note a tag that opens."""
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        """Note a tag that opens and closes."""
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        """Note a tag that closes what isn't open last."""
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data):
        """Keep text that is shown."""
        if self.open and self.open[-1] not in ("style", "script"):
            self.texts.append(" ".join(data.split()))

    def values(self, name):
        """Return the values of an attribute, wherever it is."""
        return [value for _, found, value in self.attributes if found == name]

    @property
    def shown(self):
        """All text that is shown."""
        return " ".join(text for text in self.texts if text)


def asked(study, language="en", **more):
    """Return what is asked of a quick report of a comparison."""
    return ReportOptions(
        id_of(study.runs), "it", ("orgsim compare a b",), language, False, **more
    )


def pages_of(study):
    """Return the page of a comparison in each language."""
    return {x: page(report_of(study, asked(study, x))) for x in LANGUAGES}


@pytest.fixture(scope="module")
def pages(comparison):
    """The page of two scenarios, in each language."""
    return pages_of(comparison)


@pytest.fixture(scope="module")
def pages_of_three(three):
    """The page of three scenarios, in each language."""
    return pages_of(three)


def without_pictures(report):
    """Return a report whose page takes little time, as no figures are drawn."""
    sections = tuple(replace(section, pictures=()) for section in report.sections)
    return replace(report, sections=sections)


def sound(text):
    """Return a page as read, after checks that hold for every page."""
    read = Reading(text)
    assert read.wrong == []
    ids = Counter(read.values("id"))
    assert [name for name, count in ids.items() if count > 1] == []
    for link in read.values("href"):
        assert link.startswith("#") and link[1:] in ids, link
    for place in re.findall(r"url\(#([^)]*)\)", text):
        assert place in ids
    for name in ("aria-labelledby", "aria-describedby"):
        assert set(read.values(name)) <= set(ids)
    assert "://" not in text and "//www" not in text and "@import" not in text
    assert not read.values("src")
    assert len(text.encode()) < 1_000_000
    return read


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_has_everything_once(three, pages_of_three, language):
    """Every sentence, table cell and caption is on the page, sentences just once."""
    report = report_of(three, asked(three, language))
    read = sound(pages_of_three[language])
    assert read.values("lang") == [language]
    for section in report.sections:
        assert read.texts.count(section.title) >= 1, section.name
        for sentence in section.sentences:
            once = sentence.rstrip(".") if sentence.startswith(section.finding) else ""
            assert read.shown.count(once or sentence) == 1, sentence
        for table in section.tables:
            assert table.title in read.shown and table.note in read.shown
            for row in table.rows:
                assert " ".join(row).strip() in read.shown
        for picture in section.pictures:
            assert " ".join(picture.caption.split()) in read.shown
    pictures = sum(len(section.pictures) for section in report.sections)
    assert read.shown.count(report.study) >= 2 + pictures


def test_every_number_links_to_how_to_get_it_again(comparison, pages):
    """Under each table and figure stands the study, a link to what makes it again."""
    report = report_of(comparison, asked(comparison))
    links = [x for x in sound(pages["en"]).values("href") if x == "#reproduce"]
    shown = sum(len(x.tables) + len(x.pictures) for x in report.sections)
    in_contents = 1
    assert len(links) == 1 + in_contents + shown


def test_sources_are_said_under_what_they_are_of(comparison):
    """Where a section has another source, that stands there instead of the study."""
    report = report_of(comparison, asked(comparison))
    own = Section("claims", "Claims", ("Said.",), source="Verdicts <that> ship")
    text = page(replace(report, sections=(*report.sections, own)))
    part = text[text.index('<section id="claims"') :].partition("</section>")[0]
    assert '<a href="#reproduce">Verdicts &lt;that&gt; ship</a>' in part
    assert report.study not in part
    part = text[text.index('<section id="comparison"') :].partition("</section>")[0]
    shown = " ".join(Reading(part).shown.split())
    assert shown.count(f"{report.study} : 12 simulated worlds") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_commands_say_what_they_make_again(comparison, language):
    """Each command stands by itself, after what comes again with it."""
    commands = tuple(f"orgsim {x} a b" for x in ("compare", "report", "else"))
    report = report_of(
        comparison, replace(asked(comparison, language), commands=commands)
    )
    [first, compared, *_] = report.section("reproduce").sentences
    assert {"en": "unless said otherwise", "nl": "tenzij"}[language] in first
    for name in ("comparison", "trajectories"):
        assert report.section(name).title in compared
    part = page(without_pictures(report)).partition('<section id="reproduce"')[2]
    blocks = re.findall(r"<(p|pre)\b[^>]*>(?:<code>)?([^<]*)", part)
    assert [kind for kind, _ in blocks] == ["p", "p", "pre", "p", "pre"]
    assert blocks[2][1] == commands[0] and blocks[4][1] == "\n".join(commands[1:])


def test_headings_are_in_order(pages):
    """One heading of the first level, then of the second; the answer comes first."""
    text = pages["en"]
    levels = re.findall(r"<h([1-6])", text)
    assert levels[0] == "1" and set(levels[1:]) == {"2"}
    assert re.findall(r'<h2 id="([^"]*)"', text)[:2] == [
        "answer-title",
        "contents-title",
    ]


def test_numbers_are_to_the_right_and_texts_are_not(pages):
    """Columns of numbers are marked as such; the empty cells in them don't matter."""
    heads = re.findall(r'<th scope="col" class="(\w+)">([^<]*)</th>', pages["en"])
    assert ("text", "Outcome") in heads and ("number", "Difference") in heads
    assert ("text", "Verdict") in heads


def test_both_languages_share_no_sentence(pages):
    """Nothing of one language is left in the other."""
    shown = {}
    for language, text in pages.items():
        read = sound(text)
        shown[language] = {x for x in read.texts if len(x.split()) > 4}
    assert shown["en"] and not shown["en"] & shown["nl"]


def test_same_report_same_bytes(comparison, pages):
    """Nothing of time or chance is in a page."""
    assert page(report_of(comparison, asked(comparison))) == pages["en"]


def test_names_are_text_and_nothing_else(assigned):
    """Markup in titles, questions and ids is shown, in the page and in its style."""
    titles = dict.fromkeys(LANGUAGES, MARKUP)
    odd = replace(make_scenario("odd", "Odd", 3), title=titles, question=titles)
    study = compare(
        assigned, odd, replicates=4, workers=1, simulate=fake_simulation.simulate
    )
    found = replace(asked(study), study=MARKUP, title=MARKUP, question=MARKUP)
    report = report_of(study, replace(found, commands=(f"orgsim {MARKUP}",)))
    text = page(report)
    read = sound(text)
    assert "<script" not in text and text.count("</style>") == 1
    assert read.shown.count(MARKUP) >= 4


@pytest.mark.parametrize("name", ["x" * 200, "many words " * 18, "$a_1 and $b_2$ $"])
def test_long_and_odd_names(assigned, name):
    """Names of 200 letters, and such as other software reads as formulas."""
    odd = replace(make_scenario("odd", "Odd", 3), title=dict.fromkeys(LANGUAGES, name))
    study = compare(
        assigned, odd, replicates=4, workers=1, simulate=fake_simulation.simulate
    )
    read = sound(page(report_of(study, asked(study))))
    assert name.strip() in read.shown


def test_css_text_ends_nothing():
    """No letter can end a text in a style sheet, or the style sheet itself."""
    text = css_text("\"\\'<>/*\n;} é")
    assert re.fullmatch(r'"[\w ,.\\-]*"', text)


def test_what_is_compared_is_told_in_words():
    """Levers by their words and weeks, other numbers by name, files and heads too."""
    base = read("baseline")
    changes = [
        {"week": 10, "levers": {"steering": "detail"}},
        {"week": 40, "levers": {"steering": "direction"}},
    ]
    data = {"based_on": "baseline", "changes": changes, "structure": {"team_hours": 3}}
    data |= {"title": "Plan", "question": "?"}
    plan = resolve(scenario_from(data, "plan"))
    assert told_apart(plan, base) == (
        "meetings with the own team: 3 instead of 2 hours a week; from week 10:"
        " leaders check every detail; from week 40: leaders steer on direction"
    )
    larger = vary(base, organisation={"marketeers": 30})
    assert "marketeers: 30 in plaats van" in told_apart(larger, base, "nl")
    assert told_apart(read("direction"), base) == "nothing"


def test_one_replicate_says_so(assigned, owned):
    """One world has no interval: the page says so, and draws none."""
    study = compare(
        assigned, owned, replicates=1, workers=1, simulate=fake_simulation.simulate
    )
    report = report_of(study, asked(study))
    assert report.section("comparison").pictures == ()
    told = sound(page(report)).shown
    assert "There are too few simulated worlds to tell Owning the work" in told


def test_fragment_is_ours(comparison):
    """A section's fragment is put in as it is, once."""
    report = without_pictures(report_of(comparison, asked(comparison)))
    fragment = '<p id="people-graph">A graph</p>'
    more = Section("people", "The people", fragment=fragment)
    text = page(replace(report, sections=(*report.sections, more)))
    sound(text)
    assert text.count(fragment) == 1


def test_nothing_to_report():
    """A report of an answer alone is a page too."""
    answer = Section("answer", "Answer", ("Nothing differs.",))
    again = Section("reproduce", "Again", ("orgsim run x",))
    report = Document("T", "", "en", "id", (answer, again), ("orgsim run x",), "Remark")
    read = sound(page(report))
    assert "Nothing differs." in read.shown


def test_one_scenario(owned):
    """One scenario has levels and trajectories, and no comparison."""
    study = overview(owned, replicates=6, workers=1, simulate=fake_simulation.simulate)
    report = report_of_overview(study, asked(study, "nl"))
    names = [section.name for section in report.sections]
    assert names == ["answer", "levels", "trajectories", "limits", "here", "reproduce"]
    sound(page(report))


def test_same_runs_same_id(assigned, owned, comparison):
    """An id is of the runs: the same again, another with another seed or fewer."""
    simulate = fake_simulation.simulate
    again = compare(assigned, owned, replicates=12, workers=1, simulate=simulate)
    fewer = compare(assigned, owned, replicates=11, workers=1, simulate=simulate)
    other = compare(
        assigned, owned, replicates=12, seed=2, workers=1, simulate=simulate
    )
    ids = [id_of(x.runs) for x in (comparison, again, fewer, other)]
    assert ids[0] == ids[1] and len(set(ids)) == 3


# --- what takes runs of its own ------------------------------------------------------


def test_measured_once(tmp_path, comparison, monkeypatch):
    """What was measured is read back as it was, and not measured again."""
    calls = []

    def row(kind, *call):
        calls.append(kind)
        return ROWS[kind]

    monkeypatch.setattr(measuring, "_row", row)
    first = measuring.measure(comparison, 1, tmp_path)
    assert sorted(set(calls)) == ["levers", "robustness", "why"]
    count = len(calls)
    assert measuring.measure(comparison, 1, tmp_path) == first
    assert len(calls) == count
    [robust] = first.robustness["owned"]
    assert (robust.outcome, robust.holds.estimate) == ("burnout", 0.9)
    assert robust.decided_by == (("beliefs_a_person", -0.6),)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("low", [0.7, 0.95])
def test_what_was_measured_is_told(tmp_path, three, monkeypatch, language, low):
    """Effects that keep their sign are named in the sentence; all are in the table."""
    holds = {"raw": 0.8, "estimate": 0.97, "low": low, "high": 1.0}
    robust = {"robust": [{**ROWS["robustness"]["robust"][0], "holds": holds}]}
    rows = {**ROWS, "robustness": robust}
    monkeypatch.setattr(measuring, "_row", lambda kind, *call: rows[kind])
    found = measuring.measure(three, 1, tmp_path)
    report = report_of(
        three, replace(asked(three, language), deep=True, measured=found)
    )
    told = report.section("robustness")
    assert ("+10" in told.sentences[0]) == (low > 0.9)
    assert len(told.sentences) == 1
    following = report.section("next").sentences[0]
    for text in (told.finding, following):
        assert ("beliefs a person" in text) == (low < 0.9)
    [table] = told.tables
    assert len(table.rows) == len(three.others)
    assert "97%" in table.rows[0][3] and "beliefs a person" in table.rows[0][4]
    assert list(table.data["same_sign"]) == [0.97, 0.97]
    read = sound(page(report if low < 0.9 else without_pictures(report)))
    assert {"why", "levers", "robustness"} <= set(read.values("id"))


def test_no_heading_says_that_nothing_turns_effects_whose_sign_is_open(
    tmp_path, comparison, monkeypatch
):
    """Where no assumption stands out, effects may still turn around."""
    findings = []
    for low in (0.7, 0.95):
        holds = {"raw": 0.8, "estimate": 0.97, "low": low, "high": 1.0}
        one = {**ROWS["robustness"]["robust"][0], "holds": holds, "decided_by": []}
        rows = {**ROWS, "robustness": {"robust": [one]}}
        monkeypatch.setattr(
            measuring, "_row", lambda kind, *call, rows=rows: rows[kind]
        )
        found = measuring.measure(comparison, 1, tmp_path / str(low))
        deep = replace(asked(comparison), deep=True, measured=found)
        findings.append(report_of(comparison, deep).section("robustness").finding)
    assert findings == [say("flip_open", "en"), say("flip_none", "en")]


def test_a_dutch_report_comes_again_in_dutch(comparison):
    """The commands that make a report again name its language, unless it is English."""
    for language, ending in (("en", "--seed 1"), ("nl", "--language nl")):
        asked_for = asked_of(comparison.runs, ("assigned", "owned"), language)
        assert all(one.endswith(ending) for one in asked_for.commands)


INTERVAL = {
    "estimate": 0.1,
    "low": 0.05,
    "high": 0.2,
    "level": 0.95,
    "n": 8,
    "dropped": 0,
    "sd": 0.1,
    "method": "t",
}
ROWS = {
    "why": {"values": [[0.5] * 3] * (2 + len(measuring.path_table()))},
    "levers": {"shares": []},
    "robustness": {
        "robust": [
            {
                "outcome": "burnout",
                "effect": INTERVAL,
                "holds": {"raw": 0.8, "estimate": 0.9, "low": 0.7, "high": 1.0},
                "decided_by": [["beliefs_a_person", -0.6]],
            }
        ]
    },
}


# --- the command ---------------------------------------------------------------------


def test_nothing_is_measured_of_the_same_organisation(assigned):
    """A scenario that is the base by another name has no why, levers, robustness."""
    twin = replace(assigned, name="twin")
    study = compare(
        assigned, twin, replicates=2, workers=1, simulate=fake_simulation.simulate
    )
    report = report_of(study, replace(asked(study), deep=True))
    assert not {"why", "levers", "robustness"} & {x.name for x in report.sections}
    assert "Nothing differs" in report.section("answer").finding


@pytest.fixture
def orgsim(capfd, tmp_path, monkeypatch):
    """Call the command line in a folder of its own; return code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*args):
        code = call([str(x) for x in args])
        out, err = capfd.readouterr()
        return code, out, err

    return run


SMALL = (
    'title = "Small"\nscenarios = ["assigned", "owned"]\nreplicates = 2\nweeks = 104\n'
)
DESIGN = """
title = "Ten"
question = "Which?"
scenarios = ["baseline"]
replicates = 3
weeks = 26
[design]
kind = "grid"
levers = { mandate = ["executes", "decides"] }
structure = { testing_hours = [0.0, 2.5] }
"""


def test_study_runs_then_is_read(orgsim, tmp_path):
    """A study that never ran is run, then read; the same page comes again."""
    (tmp_path / "small.toml").write_text(SMALL)
    code, out, _ = orgsim("report", "small.toml", "--quick")
    file = tmp_path / "results" / "small" / "report.html"
    assert code == 0 and "results/small/report.html" in out
    first = file.read_text()
    sound(first)
    code, out, _ = orgsim("report", "small.toml", "--quick", "--json")
    told = json.loads(out)
    assert code == 0 and file.read_text() == first
    assert told["missing"] == [] and told["study"] in first
    assert told["commands"] == [
        "orgsim study small.toml --replicates 2",
        "orgsim report small.toml --replicates 2",
    ]
    assert told["study"].startswith("small-")


def test_unfinished_study_says_what_is_missing(orgsim, tmp_path):
    """What there is is reported; the page says how much is missing and what to do."""
    (tmp_path / "small.toml").write_text(SMALL)
    carry_out(read_study("small.toml"), Store(STORE))
    code, out, _ = orgsim(
        "report", "small.toml", "--quick", "--replicates", 5, "--json"
    )
    [missing] = json.loads(out)["missing"]
    assert code == 0 and "4 of 10 runs" in missing and "2 worlds" in missing
    assert "orgsim study small.toml --replicates 5" in missing
    assert "--store" not in missing
    text = (tmp_path / "results" / "small" / "report.html").read_text()
    assert missing in Reading(text).shown


def test_unfinished_study_of_another_store(orgsim, tmp_path):
    """The command that finishes it names the store that was given."""
    (tmp_path / "small.toml").write_text(SMALL)
    store = ("--store", "my runs")
    carry_out(read_study("small.toml"), Store("my runs"))
    options = ("--quick", "--replicates", 5, "--json", *store)
    told = json.loads(orgsim("report", "small.toml", *options)[1])
    command = "orgsim study small.toml --replicates 5 --store 'my runs'"
    assert command in told["missing"][0] and told["commands"][0] == command


@pytest.mark.parametrize("language", LANGUAGES)
def test_design(orgsim, tmp_path, language):
    """A design has answer, effects, the organisations it is made of, and limits."""
    (tmp_path / "ten.toml").write_text(DESIGN)
    options = ("--json", "--language", language, "--with", "workbook")
    code, out, _ = orgsim("report", "ten.toml", *options)
    told = json.loads(out)
    assert code == 0
    order = ["answer", "effects", "limits", "points", "here", "reproduce"]
    assert told["sections"] == order
    read = sound((tmp_path / "results" / "ten" / "report.html").read_text())
    name = {"en": "time for tests", "nl": "tijd om te testen"}[language]
    step = {"en": f"{name} from 0 to 2.5", "nl": f"{name} van 0 naar 2,5"}
    assert step[language] in read.shown
    words = Move("mandate", "decides").words(language)
    number = {"en": "2.5", "nl": "2,5"}[language]
    assert f"{words}, {name} {number}" in read.texts
    assert "mandate decides" not in read.shown
    book = tmp_path / "results" / "ten" / "workbook.xlsx"
    sheets = pd.read_excel(book, sheet_name=None, header=None)
    *_, last = sheets.values()
    heads = {say(f"head_{x}", language) for x in ("effect", "factor", "outcome")}
    assert len(sheets) <= 8 and heads <= set(last.iloc[:, 0])


def test_scenarios(orgsim, tmp_path):
    """Two scenarios are run and compared; of two organisations too."""
    names = ("separate_small", "separate_large")
    options = ("--replicates", 2, "--weeks", 26, "--seed", 3, "--quick")
    code, _, _ = orgsim("report", *names, *options)
    file = tmp_path / "results" / "separate_small-vs-separate_large" / "report.html"
    read = sound(file.read_text())
    again = "orgsim compare separate_small separate_large --replicates 2 --seed 3"
    assert code == 0 and f"{again} --weeks 26" in read.shown


def test_one_name_of_a_scenario(orgsim, tmp_path):
    """One scenario is told by itself; a file of one too."""
    (tmp_path / "mine.toml").write_text('title = "M"\nbased_on = "owned"\n')
    for name in ("owned", "mine.toml"):
        options = ("--replicates", 2, "--weeks", 26, "--output", "a/b.html", "--json")
        code, out, _ = orgsim("report", name, *options)
        assert code == 0 and "levels" in json.loads(out)["sections"]
        sound((tmp_path / "a" / "b.html").read_text())


def test_compare_leaves_the_page(orgsim, tmp_path):
    """A comparison leaves a page without what takes more time."""
    names = ("assigned", "owned")
    options = ("--replicates", 2, "--weeks", 26, "--output", "out", "--json")
    code, out, _ = orgsim("compare", *names, *options)
    assert code == 0 and json.loads(out)["results"] == "out"
    read = sound((tmp_path / "out" / "report.html").read_text())
    assert "orgsim compare assigned owned --replicates 2 --seed 1 --weeks 26" in (
        read.shown
    )
    assert not {"why", "claims"} & set(read.values("id"))


@pytest.mark.parametrize("fails", ["slides.slides", "page.page"])
def test_a_document_that_fails_is_told_and_the_others_are_there(
    fails, orgsim, tmp_path, monkeypatch
):
    """Whichever it is; the code is 1, in JSON its reason stands under its name."""

    def fail(*_):
        raise ZeroDivisionError("no such luck")

    monkeypatch.setattr(f"experiments.show.{fails}", fail)
    args = ["report", "assigned", "owned", "--replicates", "2", "--weeks", "8"]
    args += ["--quick", "--output", "r/a.html", "--language", "nl", "--json"]
    code, out, err = orgsim(*args, "--with", "slides", "--with", "csv")
    kind = fails.partition(".")[0]
    told = json.loads(out)
    assert (
        code == 1 and f"Niet gemaakt: {kind} (ZeroDivisionError: no such luck)" in err
    )
    assert set(told["not_made"]) == {kind}
    there = {path.name for path in (tmp_path / "r").iterdir()}
    assert there == {Path(x).name for x in told["files"]}
    missing = {"slides": "slides.pptx", "page": "a.html"}[kind]
    assert {"slides.pptx", "a.html"} - there == {missing}
    assert "table-comparison-owned.csv" in there


def test_documents_beside_the_page(orgsim, tmp_path):
    """Slides and a workbook of the same report; a broken template stops before runs."""
    page = tmp_path / "report.html"
    args = ["report", "assigned", "owned", "--replicates", "3", "--weeks", "12"]
    args += ["--quick", "--output", str(page)]
    code, *_ = orgsim(*args, "--with", "slides", "--with", "workbook")
    assert code == 0
    assert {"report.html", "slides.pptx", "workbook.xlsx"} <= {
        x.name for x in tmp_path.iterdir()
    }
    broken = tmp_path / "template.pptx"
    broken.write_bytes(b"no presentation")
    before = page.stat().st_mtime_ns
    for extra in (["--with", "slides"], []):
        code, _, told = orgsim(*args, *extra, "--template", str(broken))
        assert code == 2 and "template" in told
    assert page.stat().st_mtime_ns == before


def test_names_of_files_are_quoted(orgsim, tmp_path):
    """What a user copies from the page is one word where it was one."""
    (tmp_path / "a b & c.toml").write_text('title = "<b>"\nbased_on = "owned"\n')
    options = ("--replicates", 2, "--weeks", 26, "--quick", "--output", "o.html")
    assert orgsim("report", "assigned", "a b & c.toml", *options)[0] == 0
    read = sound((tmp_path / "o.html").read_text())
    assert "orgsim compare assigned 'a b & c.toml' --replicates 2" in read.shown


def test_pdf(orgsim, tmp_path):
    """A PDF lies beside the page where WeasyPrint is there."""
    machine.library("weasyprint")
    options = ("--replicates", 2, "--weeks", 26, "--output", "o.html", "--pdf")
    assert orgsim("report", "owned", *options)[0] == 0
    assert (tmp_path / "o.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("missing", [ImportError, OSError])
def test_without_weasyprint(orgsim, tmp_path, monkeypatch, missing):
    """Without it, or the libraries it needs, the page is there with what to do."""

    class Finder:
        def find_spec(self, name, path=None, target=None):
            if name == "weasyprint":
                raise missing("cannot load library libpango")

    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Finder(), *sys.meta_path])
    options = ("--replicates", 2, "--weeks", 26, "--output", "o.html", "--pdf")
    code, _, err = orgsim("report", "owned", *options)
    assert code == 1 and "libpango" in err and "browser" in err
    assert (tmp_path / "o.html").exists() and not (tmp_path / "o.pdf").exists()


@pytest.mark.slow
def test_killed_halfway_goes_on(tmp_path):
    """What was measured before a kill is not measured again."""
    command = [sys.executable, "-m", "experiments", "report", "assigned", "owned"]
    command += ["--replicates", "2", "--weeks", "26", "--workers", "1"]
    environment = {**os.environ, "PYTHONPATH": str(LABELS.parents[2])}
    measured = tmp_path / "results/store/measured"
    with subprocess.Popen(command, cwd=tmp_path, env=environment) as process:
        machine.until(
            lambda: any(x.read_text().count("\n") > 1 for x in measured.glob("*.jsonl"))
        )
        process.kill()
    [file] = measured.glob("*.jsonl")
    before = file.read_text().splitlines()
    assert 2 <= len(before) < 10
    subprocess.run(command, cwd=tmp_path, env=environment, check=True)
    after = file.read_text().splitlines()
    assert after[: len(before) - 1] == before[:-1] and len(after) in (10, 11)
    page = tmp_path / "results" / "assigned-vs-owned" / "report.html"
    assert {"why", "levers", "robustness"} <= set(sound(page.read_text()).values("id"))


@pytest.mark.parametrize("width", [390, 1280])
def test_in_a_browser(browser, pages_of_three, tmp_path, width):
    """Nothing is asked for or wrong, nothing is wider than the screen, keys work."""
    file = tmp_path / "page.html"
    file.write_text(pages_of_three["en"])
    shown = browser.new_page(viewport={"width": width, "height": 800})
    asked_for, wrong = [], []
    shown.on("request", lambda request: asked_for.append(request.url))
    shown.on("console", lambda message: wrong.append(message.text))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.goto(file.as_uri())
    assert asked_for == [file.as_uri()] and wrong == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    shown.keyboard.press("Enter")
    shown.wait_for_url("**#answer")
    assert shown.url.endswith("#answer")
    assert shown.evaluate("document.querySelectorAll('h1').length") == 1
    shown.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_figures_can_be_seen_in_the_dark(browser, pages, tmp_path, scheme):
    """Letters of figures have the colour of the page's, apart from its background."""
    file = tmp_path / "page.html"
    file.write_text(pages["en"])
    shown = browser.new_page(color_scheme=scheme)
    shown.goto(file.as_uri())
    style = "getComputedStyle(document.querySelector('{}')).{}"
    letters = shown.evaluate(style.format("figure svg [id*=xtick] use", "fill"))
    paper = shown.evaluate(style.format("body", "backgroundColor"))
    assert letters == shown.evaluate(style.format("body", "color"))
    light = {"light": "rgb(255, 255, 255)", "dark": "rgb(21, 23, 27)"}
    assert paper == light[scheme] != letters
    shown.close()


def test_on_paper(browser, three, pages_of_three, tmp_path):
    """Every sheet of A4 has the remark, the study's id and its number."""
    pdftotext, pdfinfo = machine.program("pdftotext"), machine.program("pdfinfo")
    file, pdf = tmp_path / "page.html", tmp_path / "page.pdf"
    report = report_of(three, asked(three))
    file.write_text(pages_of_three["en"])
    shown = browser.new_page()
    shown.goto(file.as_uri())
    shown.pdf(path=str(pdf), prefer_css_page_size=True)
    shown.close()
    told = subprocess.run(
        [pdftotext, "-layout", pdf, "-"], capture_output=True, text=True, check=True
    )
    sheets = told.stdout.split("\f")[:-1]
    assert len(sheets) > 2
    for k, sheet in enumerate(sheets, 1):
        assert report.remark in sheet and report.study in sheet
        assert f"{k}/{len(sheets)}" in "".join(sheet.split())
    info = subprocess.run([pdfinfo, pdf], capture_output=True, text=True, check=True)
    assert "(A4)" in info.stdout


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("ownershop",), "did you mean ownership?"),
        (("assigned", "ownd"), "owned"),
        (("assigned", "assigned"), "named twice"),
        (("ownership", "--seed", 3), "in the study file"),
        (("ownership", "--output", "x.txt"), ".html"),
        (("ownership", "--outcomes", "burnot"), "burnout"),
        (("ownership", "--output", "a.txt/b/report.html"), "choose another --output"),
        ((), "Missing argument"),
    ],
)
def test_wrong_input(orgsim, tmp_path, args, told):
    """Mistakes are told before anything runs, with what is allowed or near."""
    (tmp_path / "a.txt").touch()
    code, out, err = orgsim("report", *args)
    assert (code, out) == (2, "") and told in err and "Traceback" not in err


def test_labels_are_there_in_both_languages():
    """What only reports say has both languages, and is said of something."""
    table = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    ours = {k: x for k, x in table.items() if k.startswith(("report_", "page_"))}
    assert all(x["en"] and x["nl"] for x in ours.values())
    sources = "".join(
        path.read_text(encoding="utf-8")
        for pattern in ("*.py", "*.jinja")
        for path in LABELS.parents[1].rglob(pattern)
    )
    for key in ours:
        built = key.startswith("report_limit_") or f'"{key.removeprefix("report_")}"'
        assert key in sources or built is True or built in sources, key
