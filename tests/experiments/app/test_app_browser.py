"""The page of the app in a browser: its answers, files, dialogs, keyboard and tabs."""

import json
import re
import signal
from urllib.parse import quote

import machine
import pytest
from own_server import Server

from experiments.cli.command_line import call
from experiments.compare.comparison import compare
from experiments.words import phrases
from simulation.outcomes import HEADLINES

playwright = machine.library("playwright.sync_api")
playwright.expect.set_options(timeout=1000 * machine.PATIENCE)
SMALL = {"weeks": 26, "worlds": 20}
PEOPLE = """wie,wat,team,baas,uren
Ann <b>Adams</b>,CMO,Lead,,36
Bo Bakker,SEO specialist,Web,Ann <b>Adams</b>,32
Cas Cohen,"<img src=x onerror=alert(1)>",Web,Ann <b>Adams</b>,24
Dee Dijk,Verkoper,Sales,Ann <b>Adams</b>,36
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Return the address of a server that ends cleanly when it is asked to."""
    server = Server(tmp_path_factory.mktemp("server"))
    yield server.address
    assert server.end(signal.SIGINT)[0] == 0


@pytest.fixture(scope="module")
def context(browser, address):
    """A window whose pages must not complain, or ask anything of another server."""
    window = browser.new_context(
        viewport={"width": 1366, "height": 768}, accept_downloads=True
    )
    wrong = []

    def watch(page):
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: m.type == "error" and wrong.append(m.text))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda asked: wrong.append(asked.url))

    window.on("page", watch)
    yield window
    window.close()
    expected = (address, "data:", "blob:", "about:", "Failed to load resource")
    assert [x for x in wrong if not x.startswith(expected)] == []


@pytest.fixture
def tab(context):
    """An open tab."""
    page = context.new_page()
    yield page
    page.close()


def opened(tab, address, **choice):
    """Open the page with a choice, and wait for its answer."""
    tab.goto("about:blank")
    tab.goto(f"{address}#{quote(json.dumps(SMALL | choice))}")
    return answered(tab)


def answered(tab):
    """Wait until an answer is finished."""
    tab.wait_for_function(
        "() => document.getElementById('told').textContent"
        " && document.getElementById('progress').classList.contains('idle')"
    )
    return tab


def saved(tab, click):
    """Return the files that a click saves, by name."""
    found = []
    tab.on("download", lambda one: found.append(one))
    click()
    machine.until(lambda: tab.wait_for_timeout(20) or found)
    tab.wait_for_timeout(200)
    return {one.suggested_filename: one.path() for one in found}


def test_saved_files_and_documents_give_the_numbers_shown(
    tab, address, tmp_path, capsys
):
    """What the command line says of the saved scenarios stands on the page."""
    plan = [[0, "mandate", "decides"], [9, "testing", "room"]]
    opened(tab, address, question="", plan=plan, seed=7)
    lead, title = tab.inner_text("#lead"), tab.locator(".pin").nth(1).inner_text()[2:]
    for name, path in saved(tab, lambda: tab.click("#save")).items():
        (tmp_path / name).write_bytes(path.read_bytes())
    files = [tmp_path / name for name in ("as-is.toml", "to-be.toml")]
    study = compare(*files, replicates=20, seed=7)
    found = {name: study.differences(name)[0] for name in HEADLINES}
    told = phrases.headline(title, found, "en", "today")
    assert lead == told
    command = tab.inner_text("#command").split()
    assert command[:2] == ["orgsim", "compare"]
    assert command[4:] == ["--replicates", "20", "--seed", "7", "--weeks", "26"]
    tab.click("#write")
    documents = saved(tab, lambda: tab.click("[data-key='data.csv']"))
    playwright.expect(tab.locator("#written")).to_contain_text("20 simulations")
    out = ["--output", str(tmp_path / "out"), "--replicates", "20", "--seed", "7"]
    assert call(["compare", *map(str, files), *out]) == 0
    capsys.readouterr()
    expected = (tmp_path / "out" / "over_time.csv").read_bytes()
    assert documents["orgsim-data.csv"].read_bytes() == expected


def test_people_are_imported_and_stay(tab, address, tmp_path):
    """Markup in names is text; a page loaded anew has the same people and choice."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    opened(tab, address)
    tab.click("#bring")
    tab.click("#open-import")
    tab.set_input_files("#import-people", path)
    do = tab.locator("#import-box .do")
    do.click()
    for key, column in (("name", "wie"), ("title", "wat")):
        tab.select_option(f'[data-key=\'["columns","{key}"]\']', column)
    do.click()
    playwright.expect(do).to_have_text("Use this organisation")
    assert "4 people" in tab.inner_text("#import-told")
    assert tab.locator("#import-box img").count() == 0
    do.click()
    playwright.expect(tab.locator("#organisation")).to_contain_text("4 people")
    answered(tab)
    mine = tab.url
    tab.reload()
    playwright.expect(tab.locator("#organisation")).to_contain_text("4 people")
    assert tab.url == mine
    other = tab.context.new_page()
    other.goto(mine)
    trouble = other.locator("#trouble")
    playwright.expect(trouble).to_contain_text("made on another organisation")
    other.locator(".q").nth(3).click()
    playwright.expect(trouble).to_be_hidden()
    other.close()


def test_wrong_files_are_told_and_nothing_is_lost(tab, address, tmp_path):
    """All problems stand in the dialog, as text, and the answer stays."""
    opened(tab, address)
    before = tab.inner_text("#lead")
    file = tmp_path / "mine.toml"
    tab.click("#bring")
    tab.click("#open-load")
    tab.click("#load-box .do")
    problems = tab.locator("#load-box .problems")
    playwright.expect(problems).to_have_text("No file was chosen.")
    file.write_text('based_on = "owned"\n[levers]\nmandate = "<b>no</b>"\nkpi = 1\n')
    tab.set_input_files("#load-files", file)
    tab.click("#load-box .do")
    playwright.expect(problems).to_contain_text("<b>no</b>")
    playwright.expect(problems).to_contain_text("did you mean kpis")
    tab.keyboard.press("Escape")
    assert tab.inner_text("#lead") == before
    file.write_text(
        'title = "Mine"\nbased_on = "baseline"\n[levers]\ntesting = "room"\n'
    )
    tab.click("#bring")
    tab.click("#open-load")
    assert problems.is_hidden(), "what was wrong before is not told again"
    tab.set_input_files("#load-files", file)
    tab.click("#load-box .do")
    playwright.expect(tab.locator(".pin").nth(1)).to_have_text("B Mine")


def test_the_interview_draws_what_is_left_open(tab, address):
    """In the language of the page; wrong answers are told and can be mended."""
    opened(tab, address, language="nl")
    tab.click("#bring")
    tab.click("#open-interview")
    field = tab.locator("#interview-form [data-key=marketeers]")
    field.fill("999999999")
    tab.click("#interview-box .do")
    problems = tab.locator("#interview-box .problems")
    playwright.expect(problems).to_contain_text("toegestaan: een geheel getal")
    field.fill("9")
    tab.click("#interview-box .do")
    playwright.expect(tab.locator("#changes")).to_contain_text("Hier niet bekend")
    assert tab.input_value("[data-key=marketeers][type=range]") == "9"


def test_an_example_is_opened_and_back_goes_back(tab, address):
    """Another organisation that ships, and a choice before it."""
    opened(tab, address)
    tab.locator(".q").nth(2).click()
    answered(tab)
    first = tab.inner_text("#lead")
    tab.locator(".q").nth(4).click()
    answered(tab)
    tab.go_back()
    answered(tab)
    assert tab.inner_text("#lead") == first
    tab.click("#bring")
    tab.select_option("#shipped", "integrated_large")
    playwright.expect(tab.locator("#organisation")).not_to_contain_text("42 people")


NAMED = """e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent.trim()
    || e.textContent.trim() || e.title"""


@pytest.mark.parametrize("language", ["en", "nl"])
def test_everything_has_a_name_and_is_reached_from_the_keyboard(tab, address, language):
    """Each control and drawing says what it is; menus open, dialogs close by key."""
    opened(tab, address, language=language)
    for one in tab.locator("#write, #levers-title").all():
        one.press("Enter")
    for name in ("load", "import", "interview", ""):
        tab.locator("#bring").press("Enter")
        if name:
            tab.locator(f"#open-{name}").press("Enter")
            playwright.expect(tab.locator(f"#{name}-box")).to_be_visible()
        for kind in ("select", "input", "button", "progress", "svg[role]", "summary"):
            names = tab.locator(f"{kind}:visible").evaluate_all(
                f"all => all.map({NAMED})"
            )
            assert all(names), (kind, name)
        if name:
            tab.keyboard.press("Escape")
            playwright.expect(tab.locator(f"#{name}-box")).to_be_hidden()
            playwright.expect(tab.locator("#bring")).to_be_focused()
    assert tab.get_attribute("#headline", "aria-live") == "polite"


def test_focus_stays_where_something_is_chosen(tab, address):
    """A lever that is set from the keyboard keeps it, though all is drawn anew."""
    opened(tab, address)
    tab.click("#levers-title")
    key = "[data-key='then-testing-0']"
    tab.locator(key).focus()
    tab.keyboard.press("ArrowDown")
    playwright.expect(tab.locator("[data-key='week-testing-0']")).to_be_visible()
    assert tab.evaluate("() => document.activeElement.dataset.key") == "then-testing-0"


CONTRAST = r"""() => {
  const of = name => { const d = document.createElement('i'); document.body.append(d);
    d.style.color = `var(--${name})`; const c = getComputedStyle(d).color; d.remove();
    return c.match(/[\d.]+/g).slice(0, 3).map(Number); };
  const names = ['ink', 'quiet', 'faint', 'good', 'bad', 'ground', 'card', 'calm',
    'good-soft', 'bad-soft'];
  return Object.fromEntries(names.map(name => [name, of(name)]));
}"""
WORDS = {
    "ground": ("ink", "quiet", "faint", "good", "bad"),
    "card": ("ink", "quiet", "faint", "good", "bad"),
    "calm": ("ink", "quiet"),
    "good-soft": ("ink", "good"),
    "bad-soft": ("ink", "bad"),
}
"""Colours of words on each ground."""


def luminance(colour):
    """Return the relative luminance of WCAG."""
    shares = [x / 255 for x in colour]
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares
    ]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_page_fits_a_phone_and_its_colours_stand_out(tab, address):
    """Nothing sticks out sideways; words by 4.5 to 1, in light and in dark."""
    opened(tab, address, language="nl")
    tab.click("#levers-title")
    tab.set_viewport_size({"width": 390, "height": 844})
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= 390
    for menu in ("bring", "write"):
        tab.click(f"#{menu}")
        assert tab.evaluate("() => document.documentElement.scrollWidth") <= 390
        tab.click(f"#{menu}")
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        found = {name: luminance(x) for name, x in tab.evaluate(CONTRAST).items()}
        for ground, names in WORDS.items():
            for name in names:
                light, dark = sorted((found[name], found[ground]), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (scheme, name, ground)


def test_paper_has_the_answer_and_no_controls(tab, address):
    """Also the table of outcomes, which is closed on the screen."""
    opened(tab, address)
    tab.emulate_media(media="print")
    tab.evaluate("() => window.onbeforeprint()")
    for part in ("#headline", "#lead", "#three", "#table"):
        assert tab.locator(part).is_visible(), part
    for part in ("aside", ".menu", "#language", "#save", "#find-next"):
        assert not tab.locator(part).first.is_visible(), part


def test_ten_tabs_have_answers_of_their_own(context, address):
    """Of one window, where all keep the same things; none waits for another to end."""
    tabs = [context.new_page() for _ in range(10)]
    for k, tab in enumerate(tabs):
        tab.goto(f"{address}#{quote(json.dumps(SMALL | {'seed': k}))}")
    for k, tab in enumerate(tabs):
        answered(tab)
        assert re.match(rf"20 simulations, seed {k};", tab.inner_text("#told"))
        tab.close()


def test_a_server_that_is_gone_is_told(tab, address):
    """The page goes on to answer; only what needs the server is told to fail."""
    opened(tab, address)
    tab.route("**/api/**", lambda route: route.abort())
    tab.click("#write")
    tab.click("[data-key='report.html']")
    playwright.expect(tab.locator("#written")).to_contain_text("cannot be reached")
    tab.locator(".q").nth(5).click()
    answered(tab)
