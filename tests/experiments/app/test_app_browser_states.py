"""The what-if page in a browser: what is finished, what belongs together, its words."""

# ruff: noqa: F811 (fixtures have the names by which they are imported)

import json
import re
import signal

from test_app_browser import (  # noqa: F401
    SMALL,
    address,
    opened,
    playwright,
    saved,
    served,
    tab,
    told,
)

MANY = "w=104&n=1000&p=testing=room@0"


def text_of(page, selector):
    return " ".join(page.locator(selector).inner_text().split())


def test_an_answer_that_broke_off_does_not_look_finished(tab, address):
    """The server is gone; the page says so, and goes on when it is back."""
    opened(tab, address, MANY)
    tab.route("**/api/answer*", lambda route: route.abort())
    progress = tab.locator("#progress-text")
    playwright.expect(progress).to_have_text(
        re.compile(r"^Broken off after \d+ of 1,000 worlds")
    )
    playwright.expect(tab.locator("#problems")).to_contain_text("does not answer")
    assert tab.evaluate("() => document.getElementById('progress').value") < 1
    lived = int(re.search(r"\d+", progress.inner_text())[0])
    tab.unroute("**/api/answer*")
    tab.click("#stop")
    playwright.expect(tab.locator("#problems")).to_be_hidden()
    playwright.expect(progress).to_have_text(re.compile(r"of 1,000 worlds; the int"))
    tab.click("#stop")
    playwright.expect(progress).to_have_text(re.compile(r"^Stopped after"))
    assert int(re.search(r"[\d,]+", progress.inner_text())[0].replace(",", "")) >= lived


def test_what_is_saved_of_a_stopped_answer_says_so(tab, address, tmp_path):
    """Beside the menu and in the page to share, which shows the same numbers."""
    opened(tab, address, MANY)
    tab.click("#stop")
    progress = tab.locator("#progress-text")
    playwright.expect(progress).to_have_text(re.compile(r"^Stopped after \d+ of 1,000"))
    lived = re.search(r"\d+", progress.inner_text())[0]
    path = saved(tab, "page.html", tmp_path)
    note = tab.locator("#saved")
    playwright.expect(note).to_contain_text(f"the first {lived} of 1,000 worlds")
    other = tab.context.browser.new_context(offline=True).new_page()
    other.goto(path.as_uri())
    for part in ("#answer", "#table"):
        assert text_of(other, part) == text_of(tab, part)
    said = text_of(other, "#progress-text")
    assert said == f"{lived} of 1,000 worlds: saved before the answer was finished"
    other.context.close()
    tab.click("#stop")
    playwright.expect(progress).to_have_text(re.compile("still narrowing"))
    assert int(re.search(r"\d+", progress.inner_text())[0]) >= int(lived)
    tab.click("#stop")
    playwright.expect(progress).to_have_text(re.compile("^Stopped"))


def test_what_is_saved_is_what_the_page_shows(tab, address, tmp_path):
    """Also where the server has more worlds already than the page was told."""
    late = []

    def few(route):
        answer = route.fetch().json()
        if answer["answer"] and answer["answer"]["worlds"] > 5:
            late.append(answer["worlds"])
            route.fulfill(json=answer | {"answer": None, "over": False, "worlds": 5})
        else:
            route.fulfill(json=answer)

    tab.route("**/api/answer*", few)
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    playwright.expect(tab.locator("#progress-text")).to_have_text(
        re.compile("^[35] of 20 worlds; the int")
    )
    while 20 not in late:
        tab.wait_for_timeout(20)
    shown = re.match(r"\d", tab.inner_text("#progress-text"))[0]
    path = saved(tab, "page.html", tmp_path)
    found = re.search(r'id="data">(.*?)</script>', path.read_text())
    assert json.loads(found[1])["answer"]["worlds"] == int(shown)
    said = f"It holds the first {shown} of 20 worlds."
    playwright.expect(tab.locator("#saved")).to_contain_text(said)


def test_nothing_is_saved_before_its_answer_is_there(tab, address):
    """While the page shows an earlier choice, and while the server knows only that."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    told(tab)
    held = []
    tab.route("**/api/question", lambda route: held.append(route))
    tab.select_option("#to-be-mandate", "decides")
    playwright.expect(tab.locator("#earlier")).to_be_visible()
    for name in ("page.html", "scenarios.zip"):
        tab.click("#save summary")
        tab.click(f"[data-get='{name}']")
        note = tab.locator("#saved")
        playwright.expect(note).to_have_text("There is no answer to save yet.")
    while not held:
        tab.wait_for_timeout(20)
    held[0].continue_()
    tab.unroute("**/api/question")
    told(tab)


def test_steps_say_what_is_in_the_plan(tab, address):
    """Their number is of making the move, and so are the words; in both languages."""
    opened(tab, address, "w=12&n=20")
    first = tab.locator("#steps .step button").first
    first.wait_for(timeout=60_000)
    number = tab.locator("#steps .step .right").first.inner_text()
    move = first.inner_text().removeprefix("Add: ")
    assert first.inner_text() == f"Add: {move}" and move
    first.click()
    playwright.expect(tab.locator("#dated li input")).to_have_count(1)
    chosen = tab.locator("#steps [aria-pressed=true]")
    playwright.expect(chosen).to_have_text(f"Already in your plan: {move}")
    steps = tab.locator("#steps .step").filter(has=tab.locator("[aria-pressed=true]"))
    assert steps.locator(".right").inner_text() == number
    assert "take back" not in tab.inner_text("#steps")
    tab.click("#language")
    assert chosen.inner_text().startswith("Zit al in uw plan: ")
    other = tab.locator("#steps [aria-pressed=false]").first
    assert other.inner_text().startswith("Voeg toe: ")
    chosen.click()
    playwright.expect(tab.locator("#dated li input")).to_have_count(0)


def test_steps_that_are_not_finished_say_so(tab, address):
    """The ranking comes after more and more worlds; only the last is the last."""
    worlds = {"worlds": 10}

    def counted(route):
        answer = route.fetch().json()
        if answer["steps"]:
            answer["steps"] |= worlds
        route.fulfill(json=answer)

    tab.route("**/api/answer*", counted)
    opened(tab, address, "w=12&n=20")
    tab.wait_for_selector("#steps .step", timeout=60_000)
    said = "Not finished: 10 of 40 worlds so far."
    assert tab.inner_text("#steps-note").startswith(said)
    assert tab.inner_text("#starts-note") == said
    worlds["worlds"] = 40
    note = tab.locator("#steps-note")
    playwright.expect(note).to_have_text(re.compile("^Means over 40 worlds"))
    assert tab.locator("#starts-note").is_hidden()


def test_a_page_that_the_server_has_let_go_asks_again(tab, address):
    """At the next choice without a word; at a save it says what happened."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    told(tab)
    tab.evaluate("() => { session = 'gone'; }")
    tab.select_option("#to-be-mandate", "decides")
    answer = told(tab)
    assert tab.locator("#problems").is_hidden()
    tab.evaluate("() => { session = 'gone'; }")
    tab.click("#save summary")
    tab.click("[data-get='data.csv']")
    problems = tab.locator("#problems")
    playwright.expect(problems).to_contain_text("no longer knows this page")
    assert told(tab) == answer
    tab.evaluate("() => { session = 'gone'; }")
    tab.click("#people")
    tab.frame_locator("#people-frame").locator(".who").first.wait_for()
    tab.click("#open-interview")
    tab.evaluate("() => { session = 'gone'; }")
    tab.wait_for_selector("#interview-form input")
    tab.click("#interview .do")
    playwright.expect(tab.locator("#where")).to_have_text("Our organisation today")
    told(tab)


def test_a_full_server_is_explained_and_tried_again(tab, address):
    """The page does not ask in vain for ever; one button asks again."""
    refusal = {"problems": ["64 pages are at work"], "reason": "full"}
    tab.route("**/api/sessions", lambda route: route.fulfill(status=503, json=refusal))
    tab.goto(f"{address}#{SMALL}&p=testing=room@0")
    playwright.expect(tab.locator("#problems")).to_have_text("64 pages are at work")
    assert tab.inner_text("#progress-text") == "Broken off before the first answer"
    assert tab.inner_text("#answer") == "There is no answer to this choice yet."
    tab.unroute("**/api/sessions")
    tab.click("#stop")
    told(tab)
    assert tab.locator("#problems").is_hidden()


def test_of_two_organisations_the_last_chosen_is_shown(tab, address):
    """Whichever the server tells first."""
    opened(tab, address)
    told(tab)
    held = []
    tab.route("**/api/organisations/owned", lambda route: held.append(route))
    tab.select_option("#base", "owned")
    tab.select_option("#base", "detail")
    playwright.expect(tab.locator("#where")).to_have_text("Steering on detail")
    while not held:
        tab.wait_for_timeout(20)
    with tab.expect_response("**/api/organisations/owned"):
        held[0].continue_()
    told(tab)
    assert tab.input_value("#base") == "detail" and "b=detail" in tab.url
    assert text_of(tab, "#where") == "Steering on detail"


def test_numbers_beside_the_organisation_follow_what_is_set(tab, address):
    """Another span of weeks, or number of worlds, is another choice."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    told(tab)
    tab.evaluate("() => { document.querySelector('.choices details').open = true; }")
    tab.fill("#weeks", "12")
    tab.press("#weeks", "Tab")
    playwright.expect(tab.locator("#base-note")).to_contain_text("42 people, 12 weeks")
    playwright.expect(tab.locator("#legend")).to_contain_text("the last 12")
    told(tab)
    tab.select_option("#worlds", "50")
    playwright.expect(tab.locator("#progress-text")).to_have_text("50 worlds")
    tab.select_option("#worlds", "20")
    playwright.expect(tab.locator("#progress-text")).to_have_text("20 worlds")


def test_the_graph_is_of_what_was_asked(tab, address):
    """One that is wanted while another choice is on its way follows later."""
    opened(tab, address, f"{SMALL}&p=testing=room@0")
    told(tab)
    held = []
    tab.route("**/api/question", lambda route: held.append(route))
    tab.select_option("#to-be-mandate", "decides")
    while not held:
        tab.wait_for_timeout(20)
    tab.click("#people")
    playwright.expect(tab.locator("#people-earlier")).to_be_visible()
    before = tab.get_attribute("#people-frame", "src")
    held[0].continue_()
    tab.unroute("**/api/question")
    told(tab)
    playwright.expect(tab.locator("#people-earlier")).to_be_hidden()
    assert tab.get_attribute("#people-frame", "src") != before


def test_the_page_opens_in_the_language_that_is_told(browser):
    """Of `orgsim app --language nl`, whatever the browser's; an address goes first."""
    process, here = served("--language", "nl")
    try:
        context = browser.new_context(locale="en-GB")
        page = context.new_page()
        opened(page, here, SMALL)
        assert page.title() == "Wat als? orgsim" and "l=nl" in page.url
        assert page.evaluate("() => document.documentElement.lang") == "nl"
        assert "Knoppen" in page.inner_text("main")
        page.goto("about:blank")
        opened(page, here, f"{SMALL}&l=en")
        assert page.title() == "What if? orgsim"
        context.close()
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def test_without_a_language_it_is_that_of_the_browser(browser, address):
    """English where the browser has neither."""
    for locale, title in (("nl-BE", "Wat als?"), ("de-DE", "What if?")):
        context = browser.new_context(locale=locale)
        page = opened(context.new_page(), address)
        assert page.title() == f"{title} orgsim"
        context.close()
