"""The page that runs the model, opened from disk in a browser without a network."""

import json
import re
import subprocess
import tomllib

import machine
import pytest

from experiments.cli.command_line import call
from experiments.compare import settling
from experiments.compare.comparison import compare
from experiments.share.building import page_data, share_page
from experiments.share.choices import PageChoice
from experiments.share.heads import heads_of, organisation_text, without_people
from experiments.share.questions import base_of, questions
from experiments.words import phrases
from simulation.outcomes import HEADLINES
from simulation.scenario import read, resolve, scenario_from

WORLDS = 12


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page on two questions, which runs few worlds."""
    file = tmp_path_factory.mktemp("share") / "page.html"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settling, "FIRST_WORLDS", WORLDS)
        patch.setattr(settling, "MOST_WORLDS", WORLDS)
        chosen = [read("assigned"), read("owned"), read("steered_on_direction")]
        file.write_text(share_page(chosen), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def tab(page, browser):
    """The page in a browser, after its first answer."""
    tab = browser.new_page(viewport={"width": 1366, "height": 768})
    tab.problems = []
    tab.on("pageerror", lambda error: tab.problems.append(str(error)))
    tab.on("request", lambda asked: tab.problems.append(asked.url))
    tab.goto(page.as_uri())
    answered(tab, WORLDS)
    yield tab
    tab.close()


def outside(tab):
    """Return errors of a page, and what it asked of anything but itself."""
    own = ("file:", "blob:", "about:")
    return [x for x in tab.problems if not x.startswith(own)]


def answered(tab, worlds):
    """Wait until a tab has its answer from all worlds."""
    tab.wait_for_function(
        "n => document.getElementById('told').textContent.startsWith(n + ' ')"
        " && document.getElementById('progress').classList.contains('idle')",
        arg=str(worlds),
    )


def expected(name, language="en"):
    """Return what the command line says of the same worlds."""
    base = base_of(read("assigned"))
    entry = next(x for x in questions(base, [read(name)]) if x["id"] == name)
    choice = entry["choice"]
    rows = (tuple(map(tuple, choice[x])) for x in ("plan", "numbers"))
    pair = PageChoice(choice["levers"], *rows).scenarios(base)
    study = compare(*pair, replicates=WORLDS)
    found = {x: study.differences(x)[0] for x in HEADLINES}
    today = {"en": "today", "nl": "vandaag"}[language]
    return phrases.headline(entry["title"][language], found, language, today)


def test_the_page_says_what_the_command_line_says(tab):
    """Letter by letter, of the same worlds, with nothing asked of a network."""
    assert tab.inner_text("#lead") == expected("owned")
    assert tab.inner_text("h1")
    assert not outside(tab)


def test_another_question_and_language(tab):
    """A question is answered when it is chosen; words change, numbers do not."""
    tab.click("text=From detail to direction")
    answered(tab, WORLDS)
    assert tab.inner_text("#lead") == expected("steered_on_direction")
    tab.click("#language")
    assert tab.inner_text("#lead") == expected("steered_on_direction", "nl")
    tab.click("#language")
    tab.go_back()
    answered(tab, WORLDS)
    assert tab.inner_text("#lead") == expected("owned")


def test_levers_sliders_and_pins(tab):
    """What is changed by hand is answered too, and answers stand side by side.

    A pinned answer that is asked as well is shown once.
    """
    tab.click("#pin")
    answered(tab, WORLDS)
    assert tab.locator(".pin").all_inner_texts()[1].startswith("B = C ")
    assert not tab.locator(".pinned").count()
    tab.click("#levers-title")
    tab.select_option("select[aria-label='Tests: what if']", "room")
    answered(tab, WORLDS)
    assert "protected time for tests" in tab.inner_text("#pins")
    assert tab.locator(".pin").all_inner_texts()[2].startswith("C ")
    assert tab.locator(".pinned").count() == len(HEADLINES)
    tab.click("[data-key=unpin-0]")
    answered(tab, WORLDS)
    assert not tab.locator(".pinned").count()


def test_the_search_finds_outcomes_by_what_else_they_are_called(tab):
    """A word for an outcome leads to its row in the table of all outcomes."""
    tab.fill("#search", "stress")
    tab.click("#questions [data-key=to-burnout]")
    assert tab.locator("#outcome-burnout").is_visible()


def test_another_organisation_is_answered(tab):
    """Sliders of head counts change who is there."""
    people = tab.inner_text("#organisation")
    tab.locator("input[aria-label='Marketers']").fill("20")
    answered(tab, WORLDS)
    assert tab.inner_text("#organisation") != people
    assert not outside(tab)


def test_next_steps_are_found(tab):
    """Each lever is tried on top of the plan, and can be taken with one click."""
    tab.click("#find-next")
    tab.wait_for_selector("#steps li")
    first = tab.locator("#steps button").first
    move = first.inner_text().removeprefix("Add: ")
    first.click()
    answered(tab, WORLDS)
    assert move in tab.inner_text("#changes")


def test_nonsense_in_the_address_is_left_out(page, tab):
    """Unknown levers, absurd sizes and no JSON at all: the first question stands."""
    hostile = {"levers": {"mandate": "<b>", "x": "y"}, "heads": {"sales": 10**9}}
    hostile |= {"plan": [[-1, "frame", "absent"], "x"], "weeks": 10**7, "seed": -1}
    for address in ("%7Bnonsense", json.dumps(hostile | {"question": "none"})):
        tab.goto("about:blank")
        tab.goto(f"{page.as_uri()}#{address}")
        answered(tab, WORLDS)
        assert "42 people" in tab.inner_text("#organisation")
    assert not outside(tab)


def test_saved_files_are_the_same_scenarios(tmp_path):
    """As-is and to-be, written by the page and read by Python."""
    base = base_of(read("assigned"))
    asked = questions(base, [read("owned"), read("transition")])
    data = page_data(base, asked, "en", 1)
    (tmp_path / "data.json").write_text(json.dumps(data))
    script = machine.ROOT / "experiments" / "share" / "scenario_files.mjs"
    code = (
        f"import {{ scenarioFiles }} from {json.dumps(script.as_uri())};"
        "import { readFileSync, writeFileSync } from 'node:fs';"
        "const data = JSON.parse(readFileSync('data.json'));"
        "const heads = Object.fromEntries(Object.entries(data.heads)"
        ".map(([name, one]) => [name, one.value]));"
        "const choice = { ...data.questions[1].choice, heads: { ...heads, sales: 9 },"
        " euros: { deal_value: 50000, cost_hour: 42 }, weeks: 78, seed: 1 };"
        "const titles = { en: 'New', nl: 'Nieuw' };"
        "const files = scenarioFiles(data, choice, titles);"
        "for (const [name, text] of Object.entries(files))"
        " writeFileSync(name, text);"
    )
    command = [machine.program("node"), "--input-type=module", "-e", code]
    subprocess.run(command, cwd=tmp_path, check=True)
    to_be, wanted = read(tmp_path / "to-be.toml"), read("transition")
    assert [x.structure for x in to_be.stages] == [x.structure for x in wanted.stages]
    assert [x.week for x in to_be.stages] == [x.week for x in wanted.stages]
    assert to_be.organisation.sales == 9 and to_be.weeks == 78
    assert to_be.parameters["deal_value"] == 50_000
    as_is = read(tmp_path / "as-is.toml").stages
    assert len(as_is) == 1
    assert as_is[0].structure == read("baseline").stages[0].structure


def test_the_command_writes_one_small_file(tmp_path, capsys):
    """Under 1.5 MB, with nothing of this machine in it, in the language asked for."""
    file = tmp_path / "answer.html"
    asked = ["share", "assigned", "owned", "--output", str(file), "--language", "nl"]
    assert call(asked) == 0
    text = file.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_500_000
    assert '<html lang="nl">' in text and str(machine.ROOT) not in text
    assert not re.search(r"(src|href)=\"https?:", text)
    assert "answer.html" in capsys.readouterr().out


def test_what_a_page_cannot_run_is_told(tmp_path, capsys):
    """Two sizes on one page, and a name that is no page's."""
    file = str(tmp_path / "x.html")
    assert call(["share", "assigned", "integrated_large", "--output", file]) == 2
    assert "another organisation" in capsys.readouterr().err
    assert call(["share", "assigned", "--output", str(tmp_path / "x.txt")]) == 2


def test_people_are_left_out_on_request(tmp_path):
    """The same head counts, nothing of the people; the saved file is the same."""
    rows = ["name,role,team,manager,hours", "Ann,CMO,Lead,,36"]
    rows += [f"Person {k},SEO specialist,Web,Ann,36" for k in range(6)]
    rows += [f"Seller {k},Sales,Sales,Ann,36" for k in range(3)]
    (tmp_path / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    text = (
        'based_on = "baseline"\nas_is = "self"\n[organisation]\npeople = "people.csv"'
    )
    (tmp_path / "own.toml").write_text(f"{text}\n[levers]\nmandate = 'decides'\n")
    own = read(tmp_path / "own.toml")
    heads = heads_of(own)
    assert (heads["marketeers"], heads["sales"], sum(heads.values())) == (6, 3, 9)
    page = share_page([own], with_people=False)
    assert "people.csv" not in page and '"seats":null' in page
    saved = resolve(scenario_from(tomllib.loads(organisation_text(base_of(bare(own))))))
    expected = bare(own)
    for name in ("organisation", "parameters", "warm_up_weeks", "weeks"):
        assert getattr(saved, name) == getattr(expected, name)
    assert saved.stages[0].structure == expected.stages[0].structure


def bare(scenario):
    """Return a scenario with head counts in place of people."""
    return without_people(scenario, heads_of(scenario))
