"""What pages draw, date, take apart and keep, in the numbers of the command line."""

import json
from urllib.parse import quote

import pytest

from experiments.compare.comparison import compare
from experiments.share.building import share_page
from experiments.share.choices import PageChoice
from experiments.share.questions import base_of
from experiments.words import phrases
from simulation.outcomes import HEADLINES
from simulation.scenario import read

WORLDS, WEEKS = 20, 52
OPEN = """title = "Open"
based_on = "baseline"
as_is = "self"
[unknown.levers]
mandate = ["executes", "decides"]
[unknown.structure]
team_hours = [0.5, 4.0]
[unknown.parameters]
fit_base = [0.0867, 0.195]
[run]
weeks = 52
"""
NEW = """title = "New"
based_on = "open.toml"
[levers]
mandate = "decides"
[[changes]]
week = 9
levers = {testing = "room"}
[[changes]]
week = 20
structure = {team_hours = 3.0}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with an organisation in which things are unknown, and pages."""
    place = tmp_path_factory.mktemp("abilities")
    (place / "open.toml").write_text(OPEN)
    (place / "new.toml").write_text(NEW)
    pages = {
        "open.html": [place / "open.toml", place / "new.toml"],
        "known.html": ["assigned", "owned"],
    }
    for name, files in pages.items():
        page = share_page([read(file) for file in files])
        (place / name).write_text(page, encoding="utf-8")
    return place


@pytest.fixture
def tab(browser):
    """A tab that notes errors and what it asks for."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.problems = []
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.on("request", lambda asked: page.problems.append(asked.url))
    yield page
    page.context.close()


def answered(tab, worlds):
    """Wait until a tab has its answer from all worlds."""
    tab.wait_for_function(
        "n => document.getElementById('told').textContent.startsWith(n + ' ')"
        " && document.getElementById('progress').classList.contains('idle')",
        arg=str(worlds),
    )


def outside(tab):
    """Return errors of a page, and what it asked of anything but itself."""
    own = ("file:", "blob:", "about:")
    return [x for x in tab.problems if not x.startswith(own)]


def opened(tab, file, **choice):
    """Open a page with a choice, and wait for its answer."""
    asked = {"weeks": WEEKS, "worlds": WORLDS} | choice
    tab.goto(f"{file.as_uri()}#{quote(json.dumps(asked))}")
    answered(tab, WORLDS)
    return tab


def headline(tab, pair, seed):
    """Return what the command line says of a pair, with the page's own title."""
    study = compare(*pair, replicates=WORLDS, seed=seed, weeks=WEEKS)
    found = {name: study.differences(name)[0] for name in HEADLINES}
    title = tab.locator(".pin").nth(1).inner_text().removeprefix("B ")
    return phrases.headline(title, found, "en", "today")


def test_what_is_unknown_is_drawn_as_the_command_line_draws_it(folder, tab):
    """Levers, numbers and parameters, world by world; and the page says what is."""
    opened(tab, folder / "open.html")
    pair = [read(folder / name) for name in ("open.toml", "new.toml")]
    assert tab.inner_text("#lead") == headline(tab, pair, 1)
    assert "(3 in all)" in tab.inner_text("#changes")
    assert not outside(tab)


def test_dates_numbers_and_the_seed_give_the_same_numbers(folder, tab):
    """A lever that moves twice, numbers by week, and worlds of another seed."""
    plan = [(0, "mandate", "decides"), (9, "testing", "room")]
    plan.append((30, "mandate", "executes"))
    numbers = [(0, "marketing_sales_hours", 2.0), (12, "team_hours", 3.0)]
    opened(tab, folder / "known.html", question="", plan=plan, numbers=numbers, seed=7)
    choice = PageChoice({}, tuple(plan), tuple(numbers))
    pair = choice.scenarios(base_of(read("assigned")))
    assert tab.inner_text("#lead") == headline(tab, pair, 7)
    assert "from week 30" in tab.inner_text("#changes")


def test_moves_and_numbers_are_set_by_hand(folder, tab):
    """A later change of a lever, a number of the model, another number of worlds."""
    opened(tab, folder / "known.html")
    tab.click("#levers-title")
    tab.click("[data-key='later-mandate']")
    tab.fill("[data-key='week-mandate-1']", "12")
    tab.press("[data-key='week-mandate-1']", "Tab")
    tab.select_option("[data-key='add-number']", "team_hours")
    tab.fill("[data-key='number-0']", "999")
    tab.press("[data-key='number-0']", "Tab")
    most = float(tab.get_attribute("[data-key='number-0']", "max"))
    assert float(tab.input_value("[data-key='number-0']")) == most
    answered(tab, WORLDS)
    asked = json.loads(tab.evaluate("() => decodeURIComponent(location.hash.slice(1))"))
    assert [row[0] for row in asked["plan"]] == [0, 12]
    assert asked["numbers"] == [[0, "team_hours", most]]
    tab.click("[data-key='number-gone-0']")
    answered(tab, WORLDS)
    assert not outside(tab)


def test_a_change_of_one_number_has_its_whole_effect_as_its_part(folder, tab):
    """What is lost without it is what the answer says, in the same worlds."""
    numbers = [(0, "testing_hours", 4.0)]
    choice = {"question": "", "plan": [], "numbers": numbers}
    opened(tab, folder / "known.html", **choice, weeks=104)
    assert tab.locator("#three .pill.good").count()
    tab.click("#find-parts")
    tab.wait_for_selector("#parts li.head")
    cards = tab.locator("#three .card").all()
    sizes = {x.locator("h2").inner_text(): x.locator(".number") for x in cards}
    told = tab.locator("#parts li").all()
    assert len(told) >= 2
    for head, part in zip(told[::2], told[1::2], strict=True):
        assert part.locator("span").last.inner_text().split() == (
            sizes[head.inner_text()].inner_text().split()
        )


def test_answers_are_kept_by_name(folder, tab):
    """Until they are removed, also where another tab keeps some meanwhile."""
    opened(tab, folder / "known.html", weeks=26)
    tab.fill("#keep-name", "<b>Mine</b>")
    tab.press("#keep-name", "Enter")
    other = tab.context.new_page()
    opened(other, folder / "known.html", weeks=78)
    other.click("#keep")
    other.close()
    tab.locator("#kept .gone").first.click()
    assert tab.locator("#kept li").count() == 1
    tab.reload()
    tab.locator("#kept .q").click()
    answered(tab, WORLDS)
    asked = json.loads(tab.evaluate("() => decodeURIComponent(location.hash.slice(1))"))
    assert asked["weeks"] == 78
    assert tab.locator("#kept b").count() == 0


STORAGE = """Object.defineProperty(window, 'localStorage',
    { get() { throw new Error('nothing is kept here'); } });"""


def test_a_browser_that_keeps_nothing_is_told_so(folder, tab):
    """Only where something is to be kept; the answer is there all the same."""
    tab.add_init_script(STORAGE)
    opened(tab, folder / "known.html", weeks=26)
    assert tab.inner_text("#kept-note") == ""
    tab.click("#keep")
    assert "This browser keeps nothing" in tab.inner_text("#kept-note")
    assert not outside(tab)


@pytest.mark.parametrize("kept", ["nonsense", "{}", "[null, 1, {}]", '[{"name": 5}]'])
def test_what_is_kept_may_be_anything(folder, tab, kept):
    """Another page of the same place can have written it."""
    opened(tab, folder / "known.html", weeks=26)
    tab.click("#keep")
    tab.evaluate(
        "text => Object.keys(localStorage).forEach(x => localStorage.setItem(x, text))",
        kept,
    )
    tab.reload()
    answered(tab, WORLDS)
    assert tab.locator("#kept li").count() == 0 and not outside(tab)


@pytest.mark.parametrize("gone", ["WebAssembly", "Worker"])
def test_a_browser_that_cannot_run_the_model_is_told_so(folder, tab, gone):
    """In words, without controls that do nothing."""
    tab.add_init_script(f"delete window.{gone};")
    tab.goto((folder / "known.html").as_uri())
    assert "needs WebAssembly and Web Workers" in tab.inner_text("#trouble")
    assert tab.inner_text("h1") == "There is no answer."
    assert tab.locator("button:visible").count() == 0
    assert not outside(tab)


def test_a_module_of_another_version_gives_no_answer(folder, tab):
    """Numbers of another model are not shown for those of this one."""
    text = (folder / "known.html").read_text(encoding="utf-8")
    version = json.loads(text.split('"version":', 1)[1].split(",", 1)[0])
    other = folder / "other.html"
    other.write_text(text.replace(f'"version":"{version}"', '"version":"other"'))
    tab.goto(other.as_uri())
    tab.wait_for_selector("#trouble:visible")
    assert "The simulation stopped" in tab.inner_text("#trouble")
    assert tab.inner_text("h1") == "There is no answer."
    tab.click("#language")
    assert "De simulatie is gestopt" in tab.inner_text("#trouble")


def test_an_address_of_another_organisation_is_told(folder, tab):
    """It is answered on this one, until something else is chosen."""
    opened(tab, folder / "known.html", of="Elsewhere: 7")
    assert "made on another organisation" in tab.inner_text("#trouble")
    tab.locator(".q").nth(2).click()
    answered(tab, WORLDS)
    assert not tab.locator("#trouble").is_visible()
