"""The what-if page in a real browser: levers, answers, files, languages, tabs."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor

import machine
import pytest
from machine import ROOT

from experiments.cli.command_line import call

playwright = machine.library("playwright.sync_api")
playwright.expect.set_options(timeout=1000 * machine.PATIENCE)
SMALL = "w=24&n=20"
SIZES = {"laptop": (1366, 768), "projector": (1920, 1080), "phone": (390, 844)}
PEOPLE = """wie,wat,team,baas,uren
Ann <b>Adams</b>,CMO,Lead,,36
Bo Bakker,SEO specialist,Web,Ann <b>Adams</b>,32
Cas Cohen,"<img src=x onerror=alert(1)>",Web,Ann <b>Adams</b>,24
Dee Dijk,Verkoper,Sales,Ann <b>Adams</b>,36
Eva Evers,Verkoper,Sales,Ann <b>Adams</b>,36
"""


def served(*options):
    """Start the server at a free port; return its process and address."""
    command = [sys.executable, "-m", "experiments", "app", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--port", "0", "--workers", "2", *options],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    address = re.search(r"http://\S+", process.stdout.readline())[0]
    return process, address


@pytest.fixture(scope="module")
def address():
    """Return the address of a server that ends cleanly when it is asked to."""
    process, found = served()
    yield found
    process.send_signal(signal.SIGINT)
    assert process.wait(machine.PATIENCE) == 0


@pytest.fixture
def tab(browser, address):
    """Return an open tab, which must not complain or ask for anything elsewhere."""
    context = browser.new_context(
        viewport={"width": 1366, "height": 768}, accept_downloads=True
    )
    page = context.new_page()
    complaints, asked = [], []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: m.type == "error" and complaints.append(m.text))
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield page
    context.close()
    expected = "Failed to load resource"
    assert [x for x in complaints if expected not in x] == []
    here = (address, "data:", "blob:")
    assert [x for x in asked if not x.startswith(here)] == []


def opened(tab, address, state=SMALL):
    """Open the page in a state, and wait for its first answer."""
    tab.goto(f"{address}#{state}")
    tab.wait_for_selector("#panels svg")
    return tab


def told(tab):
    """Return the answer when the run is over."""
    playwright.expect(tab.locator("#progress-text")).to_have_text(
        re.compile(r"^\d+ (worlds|werelden)$")
    )
    return tab.locator("#answer").inner_text()


def saved(tab, name, folder):
    """Choose what to save in the menu, and return the file."""
    tab.click("#save summary")
    with tab.expect_download() as waiting:
        tab.locator(f"[data-get='{name}']").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def test_levers_are_set_and_the_command_line_agrees(tab, address, tmp_path, capsys):
    """Set as-is, to-be and a date; save; orgsim compare says the same sentence."""
    opened(tab, address)
    tab.select_option("#as-is-kpis", "whole_funnel")
    tab.select_option("#to-be-mandate", "decides")
    tab.select_option("#to-be-testing", "room")
    tab.fill("#dated li:nth-child(2) input", "9")
    tab.press("#dated li:nth-child(2) input", "Tab")
    playwright.expect(tab.locator("#answer")).to_contain_text("The to-be")
    answer = told(tab)
    for part in ("a=kpis.whole_funnel", "mandate=decides@0", "testing=room@9"):
        assert part in tab.url
    with zipfile.ZipFile(saved(tab, "scenarios.zip", tmp_path)) as archive:
        archive.extractall(tmp_path)
    files = [str(tmp_path / x) for x in ("as-is.toml", "to-be.toml")]
    out = ["--replicates", "20", "--output", str(tmp_path / "out"), "--quiet"]
    assert call(["compare", *files, *out]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith(answer)


def test_the_address_brings_the_same_page_back(tab, address, browser):
    """Another tab at the same address says the same."""
    opened(tab, address, f"{SMALL}&p=testing=room@4&s=5")
    first = told(tab)
    other = browser.new_page()
    opened(other, address, tab.url.partition("#")[2])
    assert told(other) == first
    assert other.input_value("#to-be-testing") == "room"
    other.close()


def test_two_tabs_do_not_mix(tab, address):
    """Also where one is a copy of the other, with what it keeps."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    first = told(tab)
    with tab.context.expect_page() as waiting:
        tab.evaluate("() => { window.open(location.href.replace('room', 'none')) }")
    copy = waiting.value
    copy.wait_for_selector("#panels svg")
    assert told(copy) != first
    tab.reload()
    tab.wait_for_selector("#panels svg")
    assert told(tab) == first


def test_the_language_is_switched_live(tab, address):
    """All words change, and nothing is asked anew."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    english = told(tab)
    tab.click("#language")
    playwright.expect(tab.locator("#answer")).to_contain_text("De gewenste situatie")
    assert tab.evaluate("() => document.documentElement.lang") == "nl"
    assert "Knoppen" in tab.inner_text("main") and "Levers" not in tab.inner_text(
        "main"
    )
    tab.click("#language")
    assert told(tab) == english


def test_everything_is_done_from_the_keyboard(tab, address):
    """Reach levers, steps and exports with Tab; move a lever and go back."""
    opened(tab, address)
    tab.locator("#to-be-mandate").focus()
    tab.keyboard.press("ArrowDown")
    playwright.expect(tab.locator("#dated li")).to_have_count(1)
    assert tab.evaluate("() => document.activeElement.id") == "to-be-mandate"
    reached = set()
    tab.locator("#language").focus()
    for _ in range(90):
        tab.keyboard.press("Tab")
        reached.add(
            tab.evaluate(
                "() => document.activeElement.id || document.activeElement.dataset.get"
            )
        )
    assert {"base", "as-is-kpis", "to-be-kpis", "reset", "outcome", "people"} <= reached
    assert "open-import" in reached and "page.html" not in reached
    tab.locator("#save summary").press("Enter")
    kinds = tab.locator("#save [data-get]")
    for name in kinds.evaluate_all("all => all.map(e => e.dataset.get)"):
        tab.keyboard.press("Tab")
        assert tab.evaluate("() => document.activeElement.dataset.get") == name
    tab.keyboard.press("Escape")
    assert kinds.first.is_hidden()
    assert tab.evaluate("() => document.activeElement.tagName") == "SUMMARY"


def test_everything_has_a_name_for_screen_readers(tab, address):
    """Each control and drawing says what it is, and the answer is announced."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    told(tab)
    for kind in ("select", "input", "button", "progress", "svg[role]", "iframe"):
        for one in tab.locator(f"{kind}:visible").all():
            named = one.evaluate(
                "e => e.getAttribute('aria-label') || e.labels?.[0]?.textContent"
                " || e.textContent || e.title"
            )
            assert named.strip(), one.evaluate("e => e.outerHTML")
    assert "The to-be" in tab.locator("#spoken[aria-live]").inner_text()


def test_steps_are_ranked_and_can_be_taken(tab, address):
    """A step that is picked becomes part of the to-be."""
    opened(tab, address, "w=12&n=20")
    tab.wait_for_selector("#steps .step")
    first = tab.locator("#steps .step button").first
    first.click()
    playwright.expect(tab.locator("#dated li input")).to_have_count(1)
    assert "p=" in tab.url
    tab.select_option("#outcome", "burnout")
    assert "o=burnout" in tab.url


def test_the_first_screen_says_what_to_do(tab, address):
    """Nothing is changed: the as-is alone, what it all means, and three steps."""
    opened(tab, address, "w=12&n=20&l=nl")
    tab.wait_for_selector("#starts button")
    assert "neem er een van deze" in tab.inner_text("#answer")
    assert "niets verschilt" not in tab.inner_text("main")
    assert tab.locator("#starts button").count() == 3
    assert tab.locator("#panels polyline").count() == 3
    assert tab.locator("#table thead th").all_inner_texts() == ["Uitkomst", "Nu"]
    notes = tab.locator("#panels .note").all_inner_texts()
    assert [x.split()[-2:] for x in notes] == [
        ["omhoog", "goed."],
        ["omhoog", "goed."],
        ["omlaag", "goed."],
    ]
    tab.locator("#starts button").first.click()
    playwright.expect(tab.locator("#answer")).to_contain_text("De gewenste situatie")
    assert tab.locator("#starts button").count() == 0
    assert tab.locator("#panels polyline").count() == 6
    heads = tab.locator("#table thead th").all_inner_texts()
    assert heads[:2] == ["Uitkomst", "Verschil (95%)"]
    chosen = tab.locator("#steps [aria-pressed=true]")
    assert chosen.count() == 1
    mark = "e => getComputedStyle(e, '::before').content"
    assert "✓" in chosen.evaluate(mark)


def test_what_matters_is_on_the_first_screen(tab, address):
    """What is decided, when, and the panels show without scrolling on a laptop."""
    opened(tab, address, f"{SMALL}&p=testing=room@0,mandate=decides@4")
    told(tab)
    for part in ("#answer", "#not-fitted", "#dated", "#timeline", "#panels svg"):
        box = tab.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 768, part
    assert "not fitted" in tab.inner_text("#not-fitted")
    assert tab.inner_text("#who") == "42 people, 24 weeks"
    order = "id => document.getElementById(id).getBoundingClientRect().top"
    tops = [tab.evaluate(order, x) for x in ("dated", "panels", "steps", "save")]
    assert tops == sorted(tops)


def test_what_is_earlier_is_told_to_be_so(tab, address):
    """While a new answer is made: a note, no steps; people are drawn anew after it."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    first = told(tab)
    tab.wait_for_selector("#steps .step")
    tab.click("#people")
    tab.frame_locator("#people-frame").locator(".who").first.wait_for()
    shown = tab.get_attribute("#people-frame", "src")
    held = []
    tab.route("**/api/question", lambda route: held.append(route))
    tab.select_option("#as-is-kpis", "whole_funnel")
    playwright.expect(tab.locator("#earlier")).to_be_visible()
    assert tab.inner_text("#answer") == first
    assert tab.locator("#panels.old").count() == 1
    assert tab.locator("#steps .step").count() == 0
    assert tab.locator("#people-earlier").is_visible()
    machine.until(lambda: tab.wait_for_timeout(20) or held)
    held[0].continue_()
    tab.unroute("**/api/question")
    playwright.expect(tab.locator("#earlier")).to_be_hidden()
    playwright.expect(tab.locator("#people-frame")).not_to_have_attribute("src", shown)
    playwright.expect(tab.locator("#people-earlier")).to_be_hidden()
    tab.wait_for_selector("#steps .step", timeout=60_000)


def test_a_lever_moves_more_than_once(tab, address):
    """Also back to the as-is; an address with two moves is shown as it is."""
    opened(tab, address, SMALL)
    tab.select_option("#to-be-mandate", "decides")
    tab.click("#later-mandate")
    assert tab.evaluate("() => document.activeElement.id") == "to-be-mandate-2"
    assert tab.input_value("#to-be-mandate-2") == "executes"
    assert "p=mandate=decides@0,mandate=executes@23" in tab.url
    told(tab)
    tab.reload()
    tab.wait_for_selector("#panels svg")
    assert tab.input_value("#to-be-mandate") == "decides"
    assert tab.input_value("#to-be-mandate-2") == "executes"
    assert "from week 23" in tab.locator(".lever.moved").inner_text()
    second = tab.locator("#dated input").nth(1)
    second.fill("0")
    second.press("Tab")
    playwright.expect(second).to_have_value("1")
    tab.select_option("#to-be-mandate", "")
    playwright.expect(tab.locator("#dated input")).to_have_count(0)


def test_back_takes_the_last_choice_back(tab, address):
    """Every settled choice is a step, taking everything back too."""
    opened(tab, address, SMALL)
    tab.select_option("#to-be-mandate", "decides")
    tab.select_option("#to-be-testing", "room")
    tab.click("#language")
    tab.click("#reset")
    playwright.expect(tab.locator("#dated input")).to_have_count(0)
    tab.go_back()
    playwright.expect(tab.locator("#dated input")).to_have_count(2)
    assert tab.evaluate("() => document.documentElement.lang") == "nl"
    tab.go_back()
    playwright.expect(tab.locator("#dated input")).to_have_count(1)
    assert tab.input_value("#to-be-mandate") == "decides"
    tab.go_forward()
    playwright.expect(tab.locator("#to-be-testing")).to_have_value("room")
    assert "De gewenste situatie" in told(tab)


def test_focus_stays_where_it_is(tab, address):
    """After a week is typed, Tab goes on; to the answer keeps what is chosen."""
    opened(tab, address, f"{SMALL}&p=testing=room@0,mandate=decides@0")
    tab.locator("#dated input").first.fill("9")
    tab.keyboard.press("Tab")
    playwright.expect(tab.locator("#dated input").nth(1)).to_have_value("9")
    label = "() => document.activeElement.getAttribute('aria-label')"
    assert "Take out: there is protected" in tab.evaluate(label)
    tab.locator("#skip").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("() => document.activeElement.id") == "results"
    assert "mandate=decides" in tab.url


def test_wrong_answers_are_marked_and_shown(tab, address):
    """What is wrong is told in the bar that stays, and its field has the focus."""
    opened(tab, address)
    tab.click("#open-interview")
    tab.wait_for_selector("#interview-form input")
    field = tab.locator("#interview-form input[max]").last
    field.fill("999999999")
    tab.click("#interview .do")
    playwright.expect(tab.locator("#interview .problems")).to_be_visible()
    assert field.get_attribute("aria-invalid") == "true"
    assert tab.locator("#interview [aria-invalid]").count() == 1
    playwright.expect(field).to_be_focused()
    box = tab.locator("#interview .problems").bounding_box()
    assert box["y"] > 0 and box["y"] + box["height"] < 768


CUT = """() => [...document.querySelectorAll('.picked')]
    .filter(e => e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight + 1)
    .map(e => e.textContent)"""


@pytest.mark.parametrize("size", SIZES)
def test_no_setting_is_cut_off(browser, address, size):
    """Whatever is chosen can be read as a whole, in both languages."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    tab = opened(context.new_page(), address, SMALL)
    for language in ("en", "nl"):
        assert tab.locator(".picked").count() >= 50
        assert tab.evaluate(CUT) == []
        for name in ("frame", "marketing_staff", "communication", "evaluation"):
            options = tab.locator(f"#as-is-{name} option")
            for value in options.evaluate_all("all => all.map(e => e.value)"):
                tab.select_option(f"#as-is-{name}", value)
                assert tab.evaluate(CUT) == []
        if language == "en":
            tab.click("#language")
    context.close()


def test_on_a_phone_the_answer_comes_first(browser, address):
    """And a button leads to the levers below it."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = opened(context.new_page(), address, f"{SMALL}&p=testing=room@0")
    order = "id => document.getElementById(id).getBoundingClientRect().top"
    tops = [tab.evaluate(order, x) for x in ("answer", "dated", "panels", "levers")]
    assert tops == sorted(tops)
    tab.click("#to-levers")
    assert abs(tab.evaluate(order, "levers-title")) < 100
    context.close()


def test_lines_are_those_of_figures_and_are_told_in_words(tab, address):
    """As-is solid, to-be dashed; their ends in words; the last weeks shaded."""
    opened(tab, address, "w=52&n=20&p=testing=room@0")
    lines = tab.locator("#panels svg").first.locator("polyline")
    dashes = lines.evaluate_all(
        "all => all.map(e => e.getAttribute('stroke-dasharray'))"
    )
    assert dashes == ["", "7 4"]
    ink = tab.evaluate("() => getComputedStyle(document.body).color")
    assert lines.first.evaluate("e => getComputedStyle(e).stroke") == ink
    words = tab.locator("#panels desc").first.text_content()
    pattern = (
        r"As-is: \S+ in week 1, \S+ in week 52; To-be: \S+ in week 1, \S+ in week 52"
    )
    assert re.fullmatch(pattern, words)
    shaded = "all => all.map(e => e.querySelectorAll('rect.tail').length)"
    assert tab.locator("#panels svg").evaluate_all(shaded) == [1, 0, 1]
    assert "the last 26" in tab.inner_text("#legend")


CONTRAST = r"""() => {
  const of = name => { const d = document.createElement('i'); document.body.append(d);
    d.style.color = `var(--${name})`; const c = getComputedStyle(d).color; d.remove();
    return c.match(/[\d.]+/g).slice(0, 3).map(Number); };
  const names = ['paper', 'soft', 'today', 'chosen', 'good', 'bad', 'edge'];
  return Object.fromEntries(names.map(name => [name, of(name)]));
}"""


def luminance(colour):
    """Return the relative luminance of WCAG."""
    shares = [x / 255 for x in colour]
    linear = [
        x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in shares
    ]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_stand_out(browser, address, scheme):
    """Words by 4.5 to 1 on page and control, borders of controls by 3 to 1."""
    context = browser.new_context(color_scheme=scheme)
    tab = context.new_page()
    tab.goto(address)
    found = {name: luminance(x) for name, x in tab.evaluate(CONTRAST).items()}
    for ground in ("paper", "soft"):
        for name, least in (("today", 4.5), ("chosen", 4.5), ("bad", 4.5), ("edge", 3)):
            light, dark = sorted((found[name], found[ground]), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= least, (name, ground)
    context.close()


def test_what_is_chosen_is_printed(tab, address):
    """Settings are text on paper, and controls are not."""
    opened(tab, address, f"{SMALL}&a=kpis.whole_funnel&p=testing=room@4")
    told(tab)
    tab.emulate_media(media="print")
    for text in ("people see figures of the whole funnel", "there is protected time"):
        assert tab.locator(".picked", has_text=text).is_visible()
    assert tab.locator("#dated").is_visible() and tab.locator("#save").is_hidden()
    left = "id => document.getElementById(id).getBoundingClientRect().left"
    assert abs(tab.evaluate(left, "results") - tab.evaluate(left, "levers-title")) < 5


def test_people_and_a_hostile_table_are_imported(tab, address, tmp_path):
    """Map columns and titles, preview, use; markup in names is text, then gone."""
    opened(tab, address)
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    tab.click("#open-import")
    tab.set_input_files("#import-people", path)
    tab.wait_for_selector("#column-name")
    tab.select_option("#column-name", "")
    tab.click("#import .look")
    playwright.expect(tab.locator("#column-name")).to_be_focused()
    assert tab.get_attribute("#column-name", "aria-invalid") == "true"
    for field, column in (("name", "0"), ("role", "1"), ("manager", "3")):
        tab.select_option(f"#column-{field}", column)
    tab.click("#import .look")
    tab.wait_for_selector("#role-0")
    assert "unknown role" in tab.locator("#import .problems").inner_text()
    assert tab.get_attribute("#role-0", "aria-invalid") == "true"
    assert tab.locator("#import img").count() == 0
    tab.select_option("#role-0", "product")
    tab.click("#import .look")
    playwright.expect(tab.locator("#import-preview")).to_contain_text("P01")
    assert "Adams" not in tab.locator("#import-preview").inner_text()
    tab.click("#import .do")
    playwright.expect(tab.locator("#where")).to_have_text("Your organisation")
    told(tab)
    assert "b=own" in tab.url and "5 people" in tab.inner_text("#base-note")
    tab.reload()
    tab.wait_for_selector("#panels svg")
    assert tab.input_value("#base") == "own"


def test_wrong_files_are_told_and_nothing_is_lost(tab, address, tmp_path):
    """A graph with entities, a scenario with mistakes: reasons, and the page stays."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    bomb = tmp_path / "bomb.graphml"
    bomb.write_text('<!DOCTYPE x [<!ENTITY a "aaaa">]><graphml>&a;</graphml>')
    tab.click("#open-import")
    tab.set_input_files("#import-graph", bomb)
    problems = tab.locator("#import .problems")
    playwright.expect(problems).to_contain_text("refused for safety")
    tab.click("#import .close")
    wrong = tmp_path / "mine.toml"
    wrong.write_text('based_on = "ownd"\n[levers]\nmandate = "<b>no</b>"\n')
    tab.click("#open-load")
    tab.set_input_files("#load-files", wrong)
    tab.click("#load .do")
    playwright.expect(tab.locator("#load .problems")).to_contain_text("owned")
    wrong.write_text('based_on = "owned"\n[levers]\nmandate = "<b>no</b>"\nkpi = 1\n')
    tab.set_input_files("#load-files", wrong)
    tab.click("#load .do")
    playwright.expect(tab.locator("#load .problems")).to_contain_text("<b>no</b>")
    assert "did you mean kpis" in tab.locator("#load .problems").inner_text()
    tab.click("#load .close")
    assert tab.input_value("#to-be-testing") == "room"
    right = tmp_path / "right.toml"
    right.write_text('based_on = "baseline"\n[levers]\nmandate = "decides"\n')
    tab.click("#open-load")
    tab.set_input_files("#load-files", right)
    tab.click("#load .do")
    playwright.expect(tab.locator("#to-be-mandate")).to_have_value("decides")
    assert "mandate=decides@0" in tab.url and "testing" not in tab.url


def test_the_interview_is_answered_on_the_page(tab, address):
    """What is left open is drawn, and the page says so."""
    opened(tab, address)
    tab.click("#open-interview")
    tab.wait_for_selector("#interview-form select")
    tab.locator("#interview-form select").first.select_option(index=1)
    tab.click("#interview .do")
    playwright.expect(tab.locator("#base-note")).to_contain_text("not known")
    told(tab)


def test_a_wrong_address_is_told_and_the_page_can_be_used(tab, address):
    """Unknown organisation, lever, setting and weeks in an address."""
    tab.goto(f"{address}#b=nobody&a=x.y&p=testing=romo@0&w=24&n=20")
    problems = tab.locator("#problems")
    playwright.expect(problems).to_contain_text("romo")
    for part in ("nobody", "levers.x"):
        playwright.expect(problems).to_contain_text(part)
    tab.click("#reset")
    playwright.expect(problems).to_be_hidden()
    told(tab)


@pytest.mark.parametrize("base", ["own", "nobody"])
def test_an_address_without_its_organisation_says_what_it_shows(tab, address, base):
    """Another one's own organisation, or none: Today, told as that; also when typed."""
    opened(tab, address, f"b={base}&{SMALL}")
    problems = tab.locator("#problems")
    playwright.expect(problems).to_contain_text("Showing Today instead.")
    assert tab.input_value("#base") == "baseline" and "b=baseline" in tab.url
    tab.select_option("#base", "owned")
    playwright.expect(problems).to_be_hidden()
    tab.evaluate(f"() => {{ location.hash = '#b={base}&{SMALL}&l=nl'; }}")
    playwright.expect(problems).to_contain_text("In plaats daarvan ziet u Vandaag.")
    assert tab.input_value("#base") == "baseline"
    told(tab)


def test_what_changes_over_time_is_planned_when_it_is_chosen(tab, address):
    """Its dates are there, can be moved, and come back with the address alone."""
    opened(tab, address)
    tab.select_option("#base", "withdrawn_push")
    playwright.expect(tab.locator("#dated li input")).to_have_count(4)
    assert "A push that is withdrawn" in tab.inner_text("#base-note")
    assert tab.input_value("#base") == "detail" and tab.input_value("#weeks") == "156"
    assert "champion=none@52" in tab.url
    tab.click("#reset")
    playwright.expect(tab.locator("#dated li input")).to_have_count(0)
    tab.select_option("#base", "withdrawn_push")
    playwright.expect(tab.locator("#dated li input")).to_have_count(4)
    tab.goto("about:blank")
    opened(tab, address, "b=transition&n=20")
    playwright.expect(tab.locator("#dated li input")).to_have_count(10)


def test_the_archive_that_was_saved_is_loaded_back(tab, address, tmp_path):
    """The page saves it, and another page loads it and says the same."""
    opened(tab, address, f"{SMALL}&p=testing=room@4")
    answer = told(tab)
    path = saved(tab, "scenarios.zip", tmp_path)
    other = tab.context.new_page()
    opened(other, address, SMALL)
    other.click("#open-load")
    other.set_input_files("#load-files", path)
    other.click("#load .do")
    playwright.expect(other.locator("#to-be-testing")).to_have_value("room")
    assert told(other) == answer
    other.click("#open-load")
    assert other.locator("#load").get_attribute("aria-busy") == "false"
    other.set_input_files("#load-files", [path, __file__])
    other.click("#load .do")
    playwright.expect(other.locator("#load .problems")).to_contain_text("alone")


def test_hours_in_fte_are_multiplied_when_that_is_ticked(tab, address, tmp_path):
    """The preview has decimals, and roles in the language of the page."""
    opened(tab, address, f"{SMALL}&l=nl")
    path = tmp_path / "mensen.csv"
    rows = (
        "Medewerker;Functietitel;Afdeling;Rapporteert aan;FTE\nAnn;CMO;Marketing;;1\n"
    )
    path.write_text(rows + 'Bo;Verkoper;Verkoop;Ann;"0,6125"\n', encoding="utf-8")
    tab.click("#open-import")
    tab.set_input_files("#import-people", path)
    tab.wait_for_selector("#column-name")
    tab.click("#import .look")
    problems = tab.locator("#import .problems")
    playwright.expect(problems).to_contain_text("Uren van 1,5 of minder")
    tab.check("#import-fte")
    tab.click("#import .look")
    preview = tab.locator("#import-preview")
    playwright.expect(preview).to_contain_text("24,5")
    assert "leider" in preview.inner_text() and "verkoper" in preview.inner_text()
    assert problems.is_hidden()


def test_the_page_to_share_opens_from_disk(tab, address, tmp_path, browser):
    """With the same answer, in both languages, without a server."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    answer = told(tab)
    path = saved(tab, "page.html", tmp_path)
    alone = browser.new_context(offline=True).new_page()
    complaints = []
    alone.on("pageerror", lambda error: complaints.append(str(error)))
    alone.goto(path.as_uri())
    assert alone.locator("#answer").inner_text() == answer
    assert alone.locator("#panels svg").count() == 3
    assert alone.locator("#levers").is_hidden()
    assert "from week 0: there is protected" in " ".join(
        alone.locator("#dated").inner_text().split()
    )
    alone.click("#language")
    assert alone.locator("#answer").inner_text().startswith("De gewenste situatie")
    assert not alone.locator("#people").is_visible() and complaints == []
    alone.context.close()


def test_the_graph_of_people_moves_with_its_slider(tab, address):
    """A week later, people are coloured otherwise; both scenarios are there."""
    opened(tab, address, f"{SMALL}&p=steering=detail@0")
    told(tab)
    tab.click("#people")
    frame = tab.frame_locator("#people-frame")
    frame.locator(".who").first.wait_for()
    assert frame.locator("figure").count() == 2
    last = frame.locator(".said").first.inner_text()
    frame.locator("input[type=range]").press("Home")
    playwright.expect(frame.locator(".said").first).not_to_have_text(last)
    frame.locator("select").select_option("waiting")


def test_closing_a_tab_stops_its_run(tab, address, browser):
    """What was asked for a thousand worlds rests soon after the tab is gone."""
    other = browser.new_page()
    opened(other, address, "w=104&n=1000&p=testing=room@0")
    name = other.evaluate("() => sessionStorage.getItem('session')")
    other.close()
    request = urllib.request.Request(f"{address}api/answer")
    request.add_header("x-session", name)

    def stopped():
        with urllib.request.urlopen(request) as response:
            return json.load(response)["stopped"]

    machine.until(stopped)


NOTE_ANSWERS = """() => {
  const text = id => document.getElementById(id).innerText;
  window.noted = [];
  new MutationObserver(() => window.noted.push([text("answer"), text("progress-text")]))
    .observe(document.body, { subtree: true, childList: true, characterData: true });
}"""


def test_a_lever_flip_is_answered_at_once_and_ten_tabs_share(tab, address, browser):
    """A first answer comes long before all worlds are lived, also beside nine tabs."""
    opened(tab, address, "n=1000")
    context = browser.new_context()
    others = [context.new_page() for _ in range(9)]
    for k, other in enumerate(others):
        other.goto(f"{address}#n=1000&s={k}&p=testing=room@0")
    for other in others:
        other.wait_for_selector("#panels svg")
    tab.evaluate(NOTE_ANSWERS)
    tab.select_option("#to-be-mandate", "decides")
    playwright.expect(tab.locator("#answer")).to_contain_text("The to-be")
    noted = tab.evaluate("() => window.noted")
    progress = next(told for answer, told in noted if "The to-be" in answer)
    lived = re.search(r"^(\d+) of 1,000", progress)
    assert lived and int(lived[1]) < 500
    context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_can_be_read(browser, address, size, scheme):
    """Nothing sticks out sideways, and text stands out from its background."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme
    )
    tab = opened(context.new_page(), address, f"{SMALL}&p=testing=room@0&l=nl")
    assert tab.evaluate("() => document.documentElement.scrollWidth") <= width
    colours = tab.evaluate(
        "() => { const s = getComputedStyle(document.body);"
        " return [s.color, s.backgroundColor]; }"
    )
    light = [sum(map(int, re.findall(r"\d+", x)[:3])) / 765 for x in colours]
    assert abs(light[0] - light[1]) > 0.7
    context.close()


def test_many_requests_at_once_are_all_answered(address):
    """Fifty at a time, good and bad, and the server still gives its page."""

    def asked(k):
        path = ("", "api/catalogue", "api/nothing", "files/../x", "api/answer")[k % 5]
        try:
            url, wait = f"{address}{path}", machine.PATIENCE
            with urllib.request.urlopen(url, timeout=wait) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    with ThreadPoolExecutor(50) as pool:
        codes = list(pool.map(asked, range(200)))
    assert set(codes) <= {200, 404, 410}


def test_two_servers_on_one_port(address):
    """The second one says that the port is busy, and which is free."""
    port = re.search(r":(\d+)/", address)[1]
    command = [sys.executable, "-m", "experiments", "app", "--port", port]
    done = subprocess.run(
        [*command, "--no-browser"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert f"port {port} is busy" in done.stderr and "is free" in done.stderr
