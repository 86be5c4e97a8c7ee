"""The what-if page without a browser: its server, numbers, files and limits."""

import base64
import hashlib
import html
import io
import json
import re
import threading
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import machine
import numpy as np
import pytest
from experiments.app.answers import trailing
from experiments.app.asked import DatedChange, PageRequest
from experiments.app.deciding import to_be_words
from experiments.app.pages import FILES, TEMPLATE
from experiments.app.runs import PairedRuns
from experiments.app.whatif import asked_of
from starlette.testclient import TestClient

from experiments.app import catalogue, imports, sent_files
from experiments.app.guarding import allowed_hosts
from experiments.app.server import make_app
from experiments.app.serving import listen
from experiments.cli.command_line import call
from experiments.compare.comparison import compare
from experiments.compare.drawing import smoothed
from experiments.errors import InputError
from experiments.fit.troubles import note_words
from experiments.imports.translating import read_import
from simulation.measures import LAST_WEEKS
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES
from simulation.people_table import PeopleError, read_people
from simulation.scenario import read
from simulation.scenario_places import SHIPPED
from simulation.scenario_schema import LONGEST_QUESTION
from simulation.titles import plain

QUESTION = {
    "base": "baseline",
    "levers": {"kpis": "whole_funnel"},
    "plan": [[0, "mandate", "decides"], [10, "testing", "room"]],
    "numbers": [[10, "testing_hours", 3]],
    "weeks": 24,
    "seed": 3,
    "worlds": 6,
}
PEOPLE = """naam,functie,team,leidinggevende,uren,kantoor
Ann Adams,CMO,Lead,,36,A
Bo Bakker,SEO specialist,Web,Ann Adams,32,A
Cas Cohen,Tovenaar,Web,Ann Adams,24,B
Dee Dijk,Verkoper,Sales,Ann Adams,36,B
Eva Evers,Verkoper,Sales,Ann Adams,36,B
"""
GRAPH = """a,b,layer,hours
Ann Adams,Bo Bakker,talk,3
Bo Bakker,Cas Cohen,talk,2
Dee Dijk,Eva Evers,lunch,1
"""


class Page:
    """What a page does, without a browser."""

    def __init__(self, client):
        self.client = client
        name = client.post("/api/sessions", json={}).json()["session"]
        self.head = {"x-session": name}

    def get(self, path):
        return self.client.get(path, headers=self.head)

    def post(self, path, data):
        return self.client.post(path, json=data, headers=self.head)

    def send(self, kind, name, content):
        path = f"/api/imports/{kind}"
        return self.client.post(
            path, params={"name": name}, content=content, headers=self.head
        )

    def answer(self, question, worlds):
        """Ask, and return the answer after so many worlds."""
        asked = self.post("/api/question", question)
        assert asked.status_code == 200, asked.text

        def there():
            told = self.get("/api/answer").json()
            assert not told["trouble"]
            found = told["answer"]
            return found if found and found["worlds"] == worlds else None

        return machine.until(there)


def unpacked(response, folder):
    """Unpack an archive that was saved, and return the names in it."""
    assert response.status_code == 200, response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        archive.extractall(folder)
        return set(archive.namelist())


# --- numbers ------------------------------------------------------------------------


def rounded_to(cell):
    """Return the unit that an estimate and its interval are rounded to, in a cell."""
    units = []
    for number in re.findall(r"\d[\d,.]*", cell):
        digits, _, decimals = number.replace(",", "").partition(".")
        zeros = len(digits) - len(digits.rstrip("0")) if len(digits) > 3 else 0
        if float(number.replace(",", "")):
            units.append(10.0 ** (zeros - len(decimals)))
    return min(units, default=1.0)


def test_the_command_line_gives_the_same_numbers(page, tmp_path, capsys):
    """The files that are saved give the table, the sentence and the bands shown."""
    told = page.answer(QUESTION, 6)
    names = unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    assert names == {"as-is.toml", "to-be.toml", "README.txt"}
    files = [str(tmp_path / name) for name in ("as-is.toml", "to-be.toml")]
    rest = ["--replicates", "6", "--seed", "3", "--json"]
    assert call(["compare", *files, *rest, "--output", str(tmp_path / "out")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert " ".join(document["answer"]) == told["sentence"]["en"]
    study = compare(*map(Path, files), replicates=6, seed=3)
    for row in told["table"]:
        [difference] = study.differences(row["outcome"])
        shown = row["difference"]["en"].split(" (")[0].replace(",", "")
        scale = 100 if row["label"]["en"].partition(", ")[2].startswith("%") else 1
        if np.isfinite(difference.estimate):
            off = abs(float(shown) - difference.estimate * scale)
            carried = 0.5 * rounded_to(row["difference"]["en"]) * 1.001
            assert off <= carried, row["outcome"]
    for panel, name in zip(told["panels"], HEADLINES, strict=True):
        drawn = smoothed(study.runs, name)
        for side in (0, 1):
            mean = [np.nan if x is None else x for x in panel["bands"][side][1]]
            expected = np.nanmean(drawn[side], axis=0)
            assert np.array(mean) == pytest.approx(expected, rel=1e-3, nan_ok=True)
    assert told["marks"] == [10]


def test_wild_first_weeks_do_not_flatten_a_drawing(page):
    """The axis of a rate over past weeks spans week 8 on; others span all weeks."""
    for panel in page.answer(QUESTION | {"worlds": 6}, 6)["panels"]:
        first = 7 if OUTCOMES[panel["outcome"]].trailing > 1 else 0
        bands = np.array(panel["bands"], dtype=float)[..., first:]
        span = [np.nanmin(bands), np.nanmax(bands)]
        assert panel["range"] == pytest.approx(span, rel=1e-3, abs=1e-4)


def test_drawings_are_explained(client):
    """What the answer is a mean over is that of the model; speed is good when up."""
    told = client.get("/api/catalogue").json()
    assert told["last_weeks"] == LAST_WEEKS
    explained = told["panels"]
    assert list(explained) == list(HEADLINES)
    assert [x["last"] for x in explained.values()] == [True, False, True]
    assert [x["up_is_good"] for x in explained.values()] == [True, True, False]


def test_the_report_and_documents_are_those_of_the_report_command(
    page, tmp_path, monkeypatch, capsys
):
    """Page, slides and workbook that are saved are the bytes of orgsim report."""
    page.answer(QUESTION, 6)
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    monkeypatch.chdir(tmp_path)
    rest = ["--replicates", "6", "--seed", "3", "--quick", "--language", "nl"]
    documents = ["--with", "slides", "--with", "workbook"]
    out = ["--store", "store", "--output", "out/report.html"]
    assert call(["report", "as-is.toml", "to-be.toml", *rest, *documents, *out]) == 0
    capsys.readouterr()
    for name in ("report.html", "slides.pptx", "workbook.xlsx"):
        saved = page.get(f"/api/documents/{name}?language=nl")
        assert saved.status_code == 200, saved.text
        assert saved.content == (tmp_path / "out" / name).read_bytes(), name


def test_bands_are_smoothed_as_figures_are():
    """Means over four weeks, also where weeks are missing (against a plain loop)."""
    values = np.random.default_rng(0).normal(size=(2, 3, 9))
    values[0, 1, 2:7] = np.nan
    found = trailing(values)
    for at in np.ndindex(2, 3, 9):
        window = values[at[0], at[1], max(0, at[2] - 3) : at[2] + 1]
        known = window[np.isfinite(window)]
        expected = known.mean() if len(known) else np.nan
        assert found[at] == pytest.approx(expected, nan_ok=True)


def test_steps_are_those_of_the_levers_command(page, tmp_path, capsys):
    """The ranking in the background has the effects of orgsim levers, as-is file."""
    question = QUESTION | {"weeks": 12, "worlds": 2}
    page.answer(question, 2)
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)

    def there():
        told = page.get("/api/answer").json()
        assert not told["steps_trouble"]
        return told["steps"]

    told = machine.until(there)
    worlds = str(told["worlds"])
    args = [
        "levers",
        str(tmp_path / "as-is.toml"),
        "--replicates",
        worlds,
        "--sets",
        "0",
    ]
    out = ["--seed", "3", "--output", str(tmp_path / "out"), "--json"]
    assert call([*args, *out, "--outcomes", "burnout"]) == 0
    rows = json.loads(capsys.readouterr().out)["levers"]
    wanted = {x["plan"]: x for x in rows if x["outcome"] == "burnout"}
    assert len(told["moves"]) > 25
    for move in told["moves"]:
        effect = wanted[f"{move['lever']}={move['setting']}"]
        assert move["effects"]["burnout"][0] == pytest.approx(effect["effect"])


def test_steps_that_cannot_be_ranked_say_why_until_a_new_question(page, monkeypatch):
    """The reason stays while it is watched, is tried once, and the thread lives on."""
    tried = []

    def broken(as_is):
        tried.append(as_is)
        raise InputError("as-is.toml:1: no steps from here")

    question = QUESTION | {"weeks": 12, "worlds": 2, "seed": 77}
    with monkeypatch.context() as patch:
        patch.setattr("experiments.app.steps.today", broken)
        page.answer(question, 2)
        machine.until(lambda: page.get("/api/answer").json()["steps_trouble"])
        for _ in range(10):
            told = page.get("/api/answer").json()
            assert told["steps_trouble"] == "as-is.toml:1: no steps from here"
        assert len(tried) == 1
    page.answer(question, 2)
    told = machine.until(lambda: page.get("/api/answer").json()["steps"])
    assert told["moves"] and not page.get("/api/answer").json()["steps_trouble"]


def test_pages_share_the_ranking_of_a_shipped_organisation(client):
    """What a page has loaded and does not ask about makes no difference."""
    one, two = Page(client), Page(client)
    two.post("/api/interview", {"answers": {}, "language": "en"})
    sessions = client.app.state.warming.sessions
    keys = set()
    for page in (one, two):
        page.answer(QUESTION | {"worlds": 2}, 2)
        keys.add(sessions.find(page.head["x-session"]).question.steps_key)
    assert len(keys) == 1


def test_the_same_organisation_twice_is_said_so(page):
    """Without any move the answer says that nothing differs, and nothing fails."""
    told = page.answer(QUESTION | {"plan": [], "numbers": [], "worlds": 3}, 3)
    assert told["sentence"]["en"].startswith("The to-be is the same organisation")
    assert {row["side"] for row in told["table"]} == {""}


def test_dated_changes_of_a_shipped_scenario_do_not_come_twice(page, tmp_path):
    """An as-is is how it is today, for ever: later changes of its file are left out."""
    page.answer(QUESTION | {"base": "transition", "levers": {}, "worlds": 3}, 3)
    names = unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    assert "as-is.toml" in names
    stages = read(tmp_path / "as-is.toml").stages
    assert [stage.week for stage in stages] == [-52]


@pytest.mark.parametrize("name", ["transition", "withdrawn_push"])
def test_what_changes_over_time_comes_as_a_plan(page, tmp_path, name):
    """A shipped scenario with dates is its as-is and a plan, with its own numbers."""
    known = page.get(f"/api/organisations/{name}").json()
    scenario = read(name)
    assert known["name"] == scenario.scenario.as_is.name
    assert {week for week, _, _ in known["plan"]} >= {
        x["week"] for x in scenario.scenario.changes()
    }
    title = scenario.title["nl"]
    assert title in known["question"]["nl"]
    assert known["people"] > 30 and known["weeks"] == 156
    question = {"base": known["name"], "levers": {}, "weeks": 60, "worlds": 3}
    question |= {"plan": known["plan"], "numbers": known["numbers"], "seed": 2}
    told = page.answer(question, 3)
    assert told["marks"]
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    files = [tmp_path / x for x in ("as-is.toml", "to-be.toml")]
    saved = compare(*files, replicates=3, seed=2)
    assert " ".join(saved.answer("en")) == told["sentence"]["en"]
    shipped = compare("baseline", name, replicates=3, seed=2, weeks=60)
    for outcome in HEADLINES:
        [one], [other] = saved.results[outcome], shipped.results[outcome]
        assert one.b.estimate == pytest.approx(other.b.estimate, nan_ok=True)


def test_what_the_page_cannot_say_over_time_is_not_offered(client, monkeypatch):
    """All that is listed has changes that the page can show."""
    listed = client.get("/api/catalogue").json()["organisations"]
    dated = [x["name"] for x in listed if x["group"] == "over_time"]
    assert dated == ["transition", "withdrawn_push"]
    monkeypatch.setattr(
        catalogue, "taken_apart", lambda name: name == "transition" or None
    )
    fewer = catalogue.catalogue.__wrapped__()["organisations"]
    assert [x["name"] for x in fewer if x["group"] == "over_time"] == ["transition"]


def test_saved_files_say_what_is_decided(page, tmp_path):
    """Their questions tell when what changes, where, in both languages; reports too."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    as_is, to_be = (read(tmp_path / f"{x}.toml") for x in ("as-is", "to-be"))
    with_kpis = "people see figures of the whole funnel."
    assert as_is.question["en"] == f"Organisation: Today, 42 people. In it: {with_kpis}"
    assert to_be.question["en"] == (
        "From week 0: people decide about their own work; from week 10: there is"
        " protected time for tests and testing_hours = 3."
        f" Organisation: Today, 42 people. In it: {with_kpis}"
    )
    assert to_be.question["nl"].startswith("Vanaf week 0: mensen beslissen over hun")
    assert to_be.question["en"] in html.unescape(
        page.get("/api/documents/report.html").text
    )


def test_what_is_decided_fits_whatever_is_asked():
    """Two hundred moves and a long title still make a scenario that can be read."""
    levers = [(x["name"], x["settings"]) for x in catalogue.catalogue()["levers"]]
    plan = [
        DatedChange(week, name, settings[week % len(settings)]["name"])
        for week in range(8)
        for name, settings in levers
    ]
    base = replace(read("baseline"), title={"en": "x" * 300, "nl": "y" * 300})
    first = tuple((name, settings[-1]["name"]) for name, settings in levers)
    found = to_be_words(PageRequest("baseline", first, tuple(plan)), base)
    assert all(1_500 < len(text) < LONGEST_QUESTION for text in found.values())
    nothing = to_be_words(PageRequest("baseline"), read("baseline"))
    assert nothing["en"] == "Nothing changes. Organisation: Today, 42 people."


def test_an_interview_without_moves_is_the_same_organisation(page, tmp_path):
    """Also where worlds draw what is not known, on the page and the command line."""
    state = page.post("/api/interview", {"answers": {}, "language": "en"}).json()
    told = page.answer(state | {"weeks": 8, "worlds": 3}, 3)
    assert told["sentence"]["en"].startswith("The to-be is the same organisation")
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    files = [tmp_path / x for x in ("as-is.toml", "to-be.toml")]
    study = compare(*files, replicates=3)
    assert " ".join(study.answer("en")) == told["sentence"]["en"]
    moved = page.answer(
        state | {"weeks": 8, "worlds": 3, "plan": [[0, "testing", "room"]]}, 3
    )
    assert "the same organisation" not in moved["sentence"]["en"]


# --- wrong questions ----------------------------------------------------------------


def test_every_mistake_of_a_question_is_told_at_once():
    """Unknown keys, names, values and weeks, with what is allowed."""
    wrong = {"bsae": 1, "base": "basline", "weeks": 2, "seed": "x", "worlds": 10**9}
    wrong |= {"plan": [[0, "testing"], [-1, "a", "b"]], "levers": [1]}
    with pytest.raises(InputError) as caught:
        asked_of(wrong)
    text = str(caught.value)
    assert len(text.splitlines()) == 8
    for part in ("did you mean base", "did you mean baseline", "4 to 520", "plan[1]"):
        assert part in text


def test_wrong_levers_are_told_by_the_scenario_loader(page):
    """All mistakes, with file and line, and without the folder of the session."""
    plan = [[0, "tesing", "room"], [30, "mandate", "decides"], [1, "kpis", "wide"]]
    got = page.post("/api/question", QUESTION | {"plan": plan})
    assert got.status_code == 422
    lever, setting, week = got.json()["problems"]
    assert "unknown key" in lever and "did you mean testing" in lever
    assert "unknown setting" in setting and '"whole_funnel"' in setting
    assert "beyond the last week (got 30)" in week
    assert "/" not in lever + setting + week


@pytest.mark.parametrize(
    "body", ["", "nonsense", "[]", "null", "[" * 5000, '{"base": {}}', "1e999"]
)
def test_nonsense_is_refused_and_the_server_stays_up(page, body):
    """No status of a failure, and the next question is answered."""
    got = page.client.post("/api/question", content=body, headers=page.head)
    assert got.status_code == 422 and got.json()["problems"]
    assert page.post("/api/question", QUESTION).status_code == 200


def test_what_was_asked_before_survives_a_wrong_question(page):
    """The answer that is there stays, and goes on."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    assert page.post("/api/question", QUESTION | {"weeks": -1}).status_code == 422
    assert page.get("/api/answer").json()["answer"]["worlds"] == 3


def test_nothing_is_answered_without_a_session_or_question(client, page):
    """Gone, or asked in the wrong order: each with its status."""
    assert client.get("/api/answer").status_code == 410
    assert page.get("/api/answer").status_code == 409
    assert page.get("/api/documents/page.html").status_code == 409
    assert client.get("/people", params={"session": "x"}).status_code == 410
    assert page.get("/api/organisations/own").status_code == 404
    assert page.get("/api/organisations/nobody").status_code == 404


# --- runs ---------------------------------------------------------------------------


def given_of(client, page):
    """Return the run behind a page, and how many worlds were begun for it."""
    sessions = client.app.state.warming.sessions
    run = sessions.find(page.head["x-session"]).question.run
    with sessions.workers.change:
        return run, run.given


def test_runs_stop_when_asked_and_go_on_when_asked_again(client, page):
    """A stopped run lives no more worlds, and tells after how many it stopped."""
    page.post("/api/question", QUESTION | {"worlds": 1000})
    machine.until(lambda: page.get("/api/answer").json()["worlds"] > 3)
    page.post("/api/stop", {})
    run, _ = given_of(client, page)
    before = page.get("/api/answer").json()
    assert before["stopped"] and before["over"]
    machine.until(lambda: not run.living)
    after = page.get("/api/answer").json()
    assert after == before and before["worlds"] < 1000
    assert after["answer"]["worlds"] == after["worlds"]


def test_a_run_that_nobody_watches_rests(monkeypatch, client):
    """Closing the tab without a word stops the work, and coming back goes on."""
    page = Page(client)
    page.post("/api/question", QUESTION | {"worlds": 1000})
    machine.until(lambda: page.get("/api/answer").json()["worlds"] > 3)
    with monkeypatch.context() as patch:
        patch.setattr("experiments.app.runs.WATCHED_SECONDS", 0.0)
        run, before = given_of(client, page)
        machine.until(lambda: len(run.lived) == before)  # none is under way
        assert given_of(client, page) == (run, before) and before < 1000
    machine.until(lambda: page.get("/api/answer").json()["worlds"] > before + 3)


def test_sessions_do_not_mix(client):
    """Two pages with other questions get other answers, each its own."""
    one, two = Page(client), Page(client)
    other = QUESTION | {"plan": [[0, "steering", "detail"]], "numbers": []}
    first = one.answer(QUESTION | {"worlds": 3}, 3)
    second = two.answer(other | {"worlds": 3}, 3)
    again = one.get("/api/answer").json()["answer"]
    assert first == again != second


def test_ten_sessions_have_their_first_answer_soon(client, monkeypatch):
    """The run with the fewest worlds comes first, so that nobody waits for others."""
    all_asked, begun, live = threading.Event(), [], PairedRuns.live

    def noted(run, replicate, closed, keep):
        all_asked.wait(machine.PATIENCE)
        begun.append((run, replicate))
        live(run, replicate, closed, keep)

    monkeypatch.setattr(PairedRuns, "live", noted)
    pages = [Page(client) for _ in range(10)]
    for k, page in enumerate(pages):
        page.post("/api/question", QUESTION | {"worlds": 200, "seed": k})
    all_asked.set()
    for page in pages:
        machine.until(lambda page=page: page.get("/api/answer").json()["answer"])
    for page in pages:
        page.post("/api/stop", {})
    runs = {given_of(client, page)[0] for page in pages}
    order = [one for one in begun if one[0] in runs]
    third = max(order.index((run, 2)) for run in runs)
    assert max(replicate for _, replicate in order[:third]) <= 4


# --- files --------------------------------------------------------------------------


def test_everything_that_is_saved_is_what_it_says(page, tmp_path):
    """Figures, data and all results, in the language of the page."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    saved = {
        name: page.get(f"/api/documents/{name}?language=nl").content
        for name in ("figure.svg", "figure.png", "data.csv", "page.html")
    }
    assert saved["figure.svg"].startswith(b"<?xml")
    assert saved["figure.svg"] != page.get("/api/documents/figure.svg").content
    assert saved["figure.png"].startswith(b"\x89PNG")
    assert saved["data.csv"].startswith(b"scenario,outcome,week,mean")
    names = unpacked(page.get("/api/documents/results.zip?language=nl"), tmp_path)
    assert (tmp_path / "answer.txt").read_text().startswith("De gewenste situatie")
    assert {"answer.txt", "manifest.json", "trajectories.svg", "summary.csv"} <= names
    assert page.get("/api/documents/secrets.txt").status_code == 404


def test_scenarios_are_saved_as_asked_when_another_organisation_is_loaded(
    page, tmp_path
):
    """What is loaded afterwards, in more files, does not come into the question."""
    state = page.post("/api/interview", {"answers": {}, "language": "en"}).json()
    told = page.answer(state | {"worlds": 2, "weeks": 12}, 2)
    files = {
        "near.toml": 'title = "A"\nbased_on = "far.toml"\nas_is = "self"\n',
        "far.toml": 'title = "B"\nbased_on = "baseline"\nas_is = "self"\n'
        '[unknown.levers]\nmandate = ["executes", "decides"]\n',
    }
    loaded = page.post("/api/load", {"files": files})
    assert loaded.json()["base"] == "own"
    names = unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    assert names == {"organisation.toml", "as-is.toml", "to-be.toml", "README.txt"}
    study = compare(tmp_path / "as-is.toml", tmp_path / "to-be.toml", replicates=2)
    assert study.answer("en") == [told["sentence"]["en"]]
    assert page.get("/api/documents/page.html").status_code == 200


def test_the_page_to_share_is_whole_and_alone(page):
    """Answer, words and drawings in one file that names no address outside."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    text = page.get("/api/documents/page.html").text
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text)
    data = json.loads(found[1])
    assert data["answer"]["worlds"] == 3 and data["state"]["worlds"] == 3
    assert set(re.findall(r"https?://[^\s\"']+", text)) == {
        "http://www.w3.org/2000/svg"
    }
    assert "/tmp" not in text and page.head["x-session"] not in text


def test_all_words_of_the_page_are_there(client):
    """What scripts and page ask for has words in both languages."""
    texts = [path.read_text(encoding="utf-8") for path in (TEMPLATE, *FILES.values())]
    asked = set(re.findall(r'say\("(\w+)"', "".join(texts)))
    asked |= set(re.findall(r'data-(?:say|label|title)="(\w+)"', "".join(texts)))
    known = client.get("/api/catalogue").json()
    for language in LANGUAGES:
        words = known["words"][language]
        assert asked <= set(words), asked - set(words)
        assert {f"group_{x}" for x in known["groups"]} <= set(words)


def test_saved_scenarios_load_to_the_same_page(page, tmp_path):
    """As-is, moves, dates and numbers come back; the sentence stays the same."""
    told = page.answer(QUESTION, 6)
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    files = {x.name: x.read_text() for x in tmp_path.glob("*.toml")}
    state = page.post("/api/load", {"files": files}).json()
    for key in ("base", "levers", "plan", "numbers", "weeks"):
        assert state[key] == QUESTION[key], key
    again = page.answer(state | {"seed": 3, "worlds": 6}, 6)
    assert again["sentence"] == told["sentence"]


@pytest.mark.parametrize("name", ["owned", "transition", "ownership_in_a_frame"])
def test_what_ships_loads_as_moves_from_its_as_is(page, name):
    """A shipped file is taken apart into its as-is and what it changes, and when."""
    text = (SHIPPED / f"{name}.toml").read_text(encoding="utf-8")
    state = page.post("/api/load", {"files": {"mine.toml": text}}).json()
    assert state["base"] == "baseline" and state["plan"]
    page.answer(state | {"worlds": 2, "weeks": 104}, 2)


def test_what_is_not_known_stays_unknown(page):
    """A loaded file that leaves things open is an organisation of one's own."""
    text = (
        'title = "Own"\nbased_on = "baseline"\nas_is = "self"\n'
        '[unknown.levers]\nmandate = ["executes", "decides"]\n'
    )
    state = page.post("/api/load", {"files": {"self.toml": text}}).json()
    assert state["base"] == "own"
    known = page.get("/api/organisations/own").json()
    assert known["levers"]["mandate"] is None and known["open"] == 1
    told = page.answer(state | {"plan": [[0, "testing", "room"]], "worlds": 3}, 3)
    assert "not known" in told["note"]["en"]


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.toml": 'based_on = "/etc/passwd"'}, "was not loaded with it"),
        ({"a.toml": 'based_on = "../../b.toml"'}, "was not loaded with it"),
        (
            {"a.toml": 'based_on = "baseline"\n[organisation]\npeople = "/etc/passwd"'},
            "organisation.people: '/etc/passwd' was not loaded",
        ),
        (
            {"a.toml": 'based_on = "baseline"\n[unknown]\ndraws = "/etc/hosts"'},
            "unknown.draws: '/etc/hosts' was not loaded",
        ),
        ({"a.toml": 'based_on = "ownd"\n[levers]\nx = 1'}, "did you mean owned"),
        ({"../a.toml": 'based_on = "owned"'}, "no plain name"),
        ({"a/b.toml": 'based_on = "owned"'}, "no plain name"),
        ({".a.toml": 'based_on = "owned"'}, "no plain name"),
        ({"a.exe": "x", "b.toml": 'based_on = "owned"'}, "unknown kind of file"),
        ({"a.toml": "title = "}, "a.toml:1:"),
        ({"a.toml": 'based_on = "owned"\nx = "\0"'}, "is binary"),
        ({"a.csv": "a,b"}, "no scenario file"),
        ({}, "choose one or more"),
        ({"a.toml": 'based_on = "owned"', "b.toml": 'based_on = "owned"'}, "several"),
        (
            {"a.toml": 'based_on = "owned"\n[effort.mandate]\neuros = 5'},
            "cannot show exactly",
        ),
        (
            {"a.toml": 'based_on = "owned"\n[run]\nweeks = 1000'},
            "run.weeks: got 1,000",
        ),
    ],
)
def test_files_that_cannot_be_loaded_are_refused_with_the_reason(page, files, said):
    """Files elsewhere on this machine, wrong names, kinds and contents."""
    got = page.post("/api/load", {"files": files})
    assert got.status_code == 422, got.text
    text = "\n".join(got.json()["problems"])
    assert said in text and "orgsim-app" not in text


def test_all_mistakes_of_a_loaded_file_are_told(page):
    """As orgsim check tells them, each with its line."""
    text = 'based_on = "baseline"\n[levers]\nmandate = "decide"\n[structure]\nx = 1\n'
    got = page.post("/api/load", {"files": {"mine.toml": text}}).json()["problems"]
    assert [x.split(": ")[0] for x in got[-2:]] == ["mine.toml:3:1", "mine.toml:5:1"]
    assert "decides" in got[-2] and "as they are" in got[0]


def archive(files, **more):
    """Return an archive with files by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, **more) as one:
        for name, content in files:
            one.writestr(name, content)
    return made.getvalue()


def load_archive(page, content, language="en"):
    """Send an archive as the page does."""
    where = {"language": language}
    path = "/api/load/archive"
    return page.client.post(path, params=where, content=content, headers=page.head)


def test_the_archive_that_was_saved_is_loaded_back(page):
    """With shipped organisations and one's own: the same page and sentence again."""
    told = page.answer(QUESTION, 6)
    saved = page.get("/api/documents/scenarios.zip").content
    state = load_archive(page, saved).json()
    for key in ("base", "levers", "plan", "numbers", "weeks"):
        assert state[key] == QUESTION[key], key
    again = page.answer(state | {"seed": 3, "worlds": 6}, 6)
    assert again["sentence"] == told["sentence"]
    page.send("people", "x.csv", PEOPLE.encode())
    page.send("graph", "x.csv", GRAPH.encode())
    own = page.post("/api/imports/use", CHOSEN).json() | {"weeks": 12, "worlds": 3}
    told = page.answer(own | {"plan": [[0, "testing", "room"]]}, 3)
    saved = page.get("/api/documents/scenarios.zip").content
    other = Page(page.client)
    state = load_archive(other, saved).json()
    assert state["base"] == "own" and state["plan"] == [[0, "testing", "room"]]
    again = other.answer(state | {"seed": 1, "worlds": 3}, 3)
    assert again["sentence"] == told["sentence"]


GOOD = ("a.toml", 'based_on = "owned"')
MILLION = b"x" * 1_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"PK\3\4 and no more", "cannot be read"),
        (archive([GOOD])[:-30], "cannot be read"),
        (archive([(f"{k}.toml", "x = 1") for k in range(30)]), "at most 20"),
        (archive([(f"{k}.toml", MILLION) for k in range(13)]), "too large"),
        (archive([GOOD, ("../b.toml", "")]), "no plain name"),
        (archive([GOOD, ("folder/b.toml", "")]), "no plain name"),
        (archive([GOOD, ("/etc/b.toml", "")]), "no plain name"),
        (archive([GOOD, ("b.zip", archive([GOOD]))]), "b.zip: unknown kind of file"),
        (archive([GOOD, ("b.exe", "x")]), "unknown kind of file"),
        (archive([("b.csv", "a,b")]), "no scenario file"),
        (archive([GOOD, ("b.csv", b"\xff\xfe")]), "b.csv: is binary"),
        (archive([GOOD, ("b.csv", b"a\0b")]), "b.csv: is binary"),
        (archive([("a.toml", 'based_on = "/etc/passwd"')]), "was not loaded with it"),
    ],
    ids=lambda value: value if isinstance(value, str) else len(value),  # no time of day
)
def test_archives_that_cannot_be_loaded_are_refused(page, content, said):
    """Broken ones, too many or too large files, folders, archives in archives."""
    got = load_archive(page, content)
    assert got.status_code == 422, got.text
    text = "\n".join(got.json()["problems"])
    assert said in text and "orgsim-app" not in text
    dutch = load_archive(page, content, "nl").json()["problems"]
    assert "\n".join(dutch) != text


def test_locked_archives_and_two_files_of_one_name_are_refused():
    """The flag tells encryption; a second file of a name could be anything."""
    content = bytearray(archive([GOOD]))
    for start, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(start) + flags] |= 1
    with pytest.raises(InputError, match="is encrypted"):
        sent_files.files_in(bytes(content))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as one:
        one.writestr(*GOOD)
    with pytest.raises(InputError, match="packed in an unusual way"):
        sent_files.files_in(made.getvalue())
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = archive([GOOD, GOOD])
    with pytest.raises(InputError, match="more than once"):
        sent_files.files_in(twice)


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch):
    """By the sizes that the archive tells, and while reading where it lies."""
    bomb = bytearray(archive([("a.toml", b"0" * 50_000_000)]))
    assert len(bomb) < 100_000
    read = []
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda *x: read.append(x) or b"")
    with pytest.raises(InputError, match="too large when unpacked"):
        sent_files.files_in(bytes(bomb))
    assert not read
    monkeypatch.undo()
    place = bomb.index(b"PK\1\2") + 24
    bomb[place : place + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(InputError):
        sent_files.files_in(bytes(bomb))


def test_broken_archives_never_fail():
    """Whatever byte is wrong, files come out or a reason does."""
    good = archive([GOOD, ("b.csv", "a,b\n" * 50)])
    chance = np.random.default_rng(0)
    for _ in range(500):
        content = bytearray(good)
        for at in chance.integers(0, len(good), 3):
            content[at] = chance.integers(0, 256)
        try:
            assert sent_files.files_in(bytes(content))
        except InputError as error:
            assert str(error)


# --- imports ------------------------------------------------------------------------

CHOSEN = {"columns": {"name": 0, "role": 1, "team": 2, "manager": 3, "hours": 4}}
CHOSEN |= {"roles": {"Tovenaar": "product"}, "layers": None}
EXPORT = machine.ROOT / "docs" / "guides" / "example_people.csv"


def test_tables_as_excel_and_dashboards_write_them_are_taken_in(page):
    """Windows-1252, a line sep= and titles above the header: read, noted in words."""
    text = "Overzicht\nPer 1 mei,,,,,\n\n" + PEOPLE.replace("Bo Bakker", "Zoë Bakker")
    page.send("people", "mensen.csv", text.encode("cp1252"))
    told = page.post("/api/imports/preview", CHOSEN | {"language": "nl"}).json()
    assert told["problems"] == [] and told["preview"]["people"] == 5
    notes = "\n".join(told["preview"]["notes"])
    assert "gelezen als Windows-1252, want regel 6" in notes
    assert "de kop staat op regel 4" in notes
    text = "sep=;\n" + PEOPLE.replace(",", ";").replace(";24;", ";1.560;")
    page.send("people", "mensen.csv", text.encode("utf-16"))
    told = page.post("/api/imports/preview", CHOSEN | {"language": "nl"}).json()
    problems = "\n".join(told["problems"])
    assert "schrijf duizendtallen zonder" in problems
    assert "mensen.csv:5: hours: thousands or decimals?" in problems


def test_people_and_graph_are_mapped_previewed_and_pseudonymous(page, tmp_path):
    """Columns are guessed, titles mapped; no name is in what comes out."""
    sent = page.send("people", "x.csv", PEOPLE.encode()).json()
    guessed = {x["name"]: x["guess"] for x in sent["fields"]}
    assert guessed | {"hours": 4} == guessed and guessed["department"] is None
    assert sent["columns"][5] == "kantoor"
    layers = page.send("graph", "x.csv", GRAPH.encode()).json()["layers"]
    assert layers == [{"name": "lunch", "ties": 1}, {"name": "talk", "ties": 2}]
    first = page.post("/api/imports/preview", CHOSEN | {"roles": {}}).json()
    assert first["titles"]["unknown"] == ["Tovenaar"] and first["preview"] is None
    assert any("unknown role" in x for x in first["problems"])
    told = page.post("/api/imports/preview", CHOSEN | {"layers": ["talk"]}).json()
    assert told["problems"] == []
    seen = told["preview"]
    assert seen["people"] == 5 and seen["ties"] == 2 and seen["departments"]
    assert {x["name"] for x in seen["first"]} == {f"P0{k}" for k in range(1, 6)}
    state = page.post("/api/imports/use", CHOSEN).json()
    assert state["base"] == "own"
    sessions = page.client.app.state.warming.sessions
    kept = sessions.find(page.head["x-session"]).folder.rglob("*")
    assert not any(x.name.startswith("sent") for x in kept)
    page.answer(state | {"plan": [[0, "testing", "room"]], "worlds": 2}, 2)
    names = unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    assert {"organisation.toml", "people.csv", "graph.csv"} <= names
    written = "".join((tmp_path / name).read_text() for name in names)
    shared = page.get("/api/documents/page.html").text
    people = page.client.get("/people", params={"session": page.head["x-session"]})
    assert people.status_code == 200
    for text in (written, shared, people.text):
        for name in ("Ann", "Adams", "Bakker", "Cohen", "Dijk", "Evers"):
            assert name not in text
    study = compare(tmp_path / "as-is.toml", tmp_path / "to-be.toml", replicates=2)
    now = page.get("/api/answer").json()["answer"]
    assert study.answer("en") == [now["sentence"]["en"]]


def test_an_ordinary_dutch_export_is_read_as_by_the_command_line(page):
    """45 people, no team, titles and departments of their own: nothing to ask."""
    table = EXPORT.read_bytes()
    fields = page.send("people", "mensen.csv", table).json()["fields"]
    columns = {x["name"]: x["guess"] for x in fields if x["guess"] is not None}
    chosen = {"columns": columns, "roles": {}, "layers": None}
    told = page.post("/api/imports/preview", chosen).json()
    assert told["problems"] == [] and told["titles"]["unknown"] == []
    found = read_import(EXPORT).people
    counts = Counter(person.department for person in found)
    assert told["preview"]["departments"] == counts and told["preview"]["people"] == 45


def test_problems_name_the_file_and_line_of_the_user(page):
    """Also where rows are blank or cells have several lines; with what to do above."""
    table = 'naam,functie,team,leidinggevende,uren\n\n"Ann\nAdams",CMO,Lead,,36\n\n'
    table += "Bo Bakker,Tovenaar,Web,Nobody,32\n"
    page.send("people", "C:\\mijn map\\mensen.csv", table.encode())
    chosen = CHOSEN | {"roles": {}, "language": "nl"}
    told = page.post("/api/imports/preview", chosen).json()["problems"]
    assert told[0].startswith("Sommige functies zijn niet bekend")
    assert told[1].startswith("Leidinggevenden moeten in de tabel staan")
    assert told[2] == "In detail, in het Engels:"
    assert len(told) == 5
    assert all(x.startswith("mensen.csv:6: unknown") for x in told[3:])
    used = page.post("/api/imports/use", chosen)
    assert used.status_code == 422 and used.json()["problems"] == told


def test_columns_that_are_not_chosen_are_asked_for(page):
    """By what they hold, in the language of the page, before the table is read."""
    page.send("people", "mensen.csv", b"wie,wat\nAnn,CMO\n")
    empty = CHOSEN | {"columns": {"role": 1}, "roles": {}}
    told = page.post("/api/imports/preview", empty | {"language": "nl"}).json()
    assert told["problems"][0] == "Kies de kolom met namen."
    assert len(told["problems"]) == 4 and told["preview"] is None
    told = page.post("/api/imports/preview", empty | {"language": "en"}).json()
    assert told["problems"][0] == "Choose the column with names."


@pytest.mark.parametrize(
    ("kind", "name", "content", "said"),
    [
        ("people", "lijst.xlsx", b"PK", "lijst.xlsx: onbekend soort bestand"),
        ("people", "lijst.csv", b"", "In het bestand staat niets"),
        ("people", "lijst.csv", b",,\n", "lijst.csv: is leeg"),
        ("people", "lijst.csv", b"\xff\xfe", "Sla het bestand op als tekst in UTF-8"),
        ("people", "lijst.csv", b"a\n" + b"b\n" * 2001, "hoogstens 2.000 mensen"),
        ("graph", "net.graphml", b"<graphml", "kunnen zo niet worden gebruikt"),
        ("graph", "net.net", b"*Vertices 999999999\n", "te groot voor de pagina"),
    ],
)
def test_wrong_files_are_told_in_dutch(page, kind, name, content, said):
    """What is most likely on the page is said in its language, with the file's name."""
    got = page.client.post(
        f"/api/imports/{kind}",
        params={"name": name, "language": "nl"},
        content=content,
        headers=page.head,
    )
    problems = got.json()["problems"]
    assert got.status_code == 422 and said in "\n".join(problems[:1])
    assert name in "\n".join(problems) and "sent-" not in "\n".join(problems)


def test_notes_are_told_in_the_language_of_the_page(page):
    """What readers note about ties has words in Dutch too."""
    page.send("people", "x.csv", PEOPLE.encode())
    page.send("graph", "g.csv", (GRAPH + "Ann Adams,Ann Adams,talk,1\n").encode())
    chosen = CHOSEN | {"language": "nl"}
    notes = page.post("/api/imports/preview", chosen).json()["preview"]["notes"]
    assert "banden van iemand met zichzelf, weggelaten: 1 (regels 5)" in notes
    assert "groepen zonder banden onderling: 2" in notes
    for note, said in (
        (
            "groups, which are no people: 2 (lines 3, 5-9)",
            "groepen, die geen mensen zijn",
        ),
        ("not used of edges: Relationship", "niet gebruikt van banden: Relationship"),
        ("column 'Type' is not used", "kolom 'Type' wordt niet gebruikt"),
        (
            "everybody has 80 hours a week: halve them if they are of two weeks",
            "iedereen heeft 80 uur per week",
        ),
    ):
        assert note_words(note, "nl").startswith(said)
        assert note_words(note, "en") == note
    known = {note_words(note, "en") for note in ("x", "2 of 3 ties have hours")}
    assert known == {"x", "2 of 3 ties have hours"}


@pytest.mark.parametrize(
    "header",
    [
        "Medewerker;Functietitel;Team;Rapporteert aan;Contracturen;Afdeling",
        "Full name;Job title;Team name;Reports to;Contract hours;Department",
        "NAAM;Functie;Teamnaam;Direct leidinggevende;Uren per week;Dept.",
        "Employee;Position;Group;Line manager;FTE;Business unit",
    ],
)
def test_usual_heads_of_columns_are_guessed(page, header):
    """English and Dutch heads of HR exports, whatever their case and signs."""
    fields = page.send("people", "x.csv", f"{header}\na;b;c;d;1;f\n".encode()).json()
    guessed = [x["guess"] for x in fields["fields"]]
    assert guessed == [0, 1, 2, 3, 4, 5, None]
    heads = [x for words in imports.HEADS.values() for x in words]
    assert [plain(x) for x in heads] == heads and len(set(heads)) == len(heads)


def test_departments_are_teams_where_there_are_none(page):
    """A table with departments only needs no choice."""
    header = b"naam,functie,leidinggevende,uren,afdeling\na,CMO,,36,Marketing\n"
    fields = page.send("people", "x.csv", header).json()["fields"]
    assert {x["name"]: x["guess"] for x in fields}["team"] == 4


def test_hours_that_look_like_fte_are_asked_about(page):
    """They are refused, or multiplied by 40 where that is ticked, and nothing else."""
    table = PEOPLE.replace(",36,", ',"1,0",').replace(",32,", ",0.8,")
    page.send("people", "mensen.csv", table.replace(",24,", ",0.6125,").encode())
    told = page.post("/api/imports/preview", CHOSEN | {"language": "nl"}).json()
    assert told["fte"] and told["preview"] is None
    assert "Uren van 1,5 of minder lijken FTE" in told["problems"][0]
    assert told["problems"][2].startswith("mensen.csv:2: hours look like FTE in all")
    told = page.post("/api/imports/preview", CHOSEN | {"fte": True}).json()
    assert told["problems"] == []
    hours = sorted(x["hours"] for x in told["preview"]["first"])
    assert hours == [24.5, 32, 40, 40, 40]
    page.send("people", "mensen.csv", PEOPLE.encode())
    told = page.post("/api/imports/preview", CHOSEN | {"fte": True}).json()
    assert not told["fte"] and told["preview"]["first"][0]["hours"] >= 24


def test_fte_among_hours_is_told_by_line(page):
    """In the words of the command line; ticking multiplies those rows only."""
    table = PEOPLE.replace(",32,", ",0.8,")
    page.send("people", "mensen.csv", table.encode())
    told = page.post("/api/imports/preview", CHOSEN | {"language": "nl"}).json()
    assert told["fte"] and "lijken FTE" in told["problems"][0]
    (path,) = page.client.app.state.warming.sessions.find(
        page.head["x-session"]
    ).folder.rglob("as-read.csv")
    with pytest.raises(PeopleError) as caught:
        read_people(path)
    assert told["problems"][2:] == [
        x.replace(str(path), "mensen.csv") for x in caught.value.problems
    ]
    told = page.post("/api/imports/preview", CHOSEN | {"fte": True}).json()
    assert sorted(x["hours"] for x in told["preview"]["first"]) == [24, 32, 36, 36, 36]


def test_pseudonyms_change_nothing_but_names(tmp_path):
    """The table that is written reads back as the same people by other names."""
    path = tmp_path / "sent-people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    one = imports.taken(tmp_path, imports.mapping_of(CHOSEN))
    people, _ = imports.hidden(one)
    files = imports.organisation_files(one)
    again = tmp_path / "again.csv"
    again.write_bytes(files["people.csv"])
    back = read_people(again).people

    def told(rows):
        return sorted((x.name, x.role, x.department, x.domain, x.hours) for x in rows)

    assert told(back) == told(people)
    assert sorted(x.manager or "" for x in back) == sorted(
        x.manager or "" for x in people
    )
    assert [x.hours for x in one.people] == [36, 32, 24, 36, 36]


def test_a_graph_alone_makes_an_organisation(page):
    """People are placed by the rule of docs/real-graphs.md."""
    rows = "".join(f"P{k},P{(k * 7 + 1) % 20},1\n" for k in range(20))
    page.send("graph", "g.csv", ("a,b,hours\n" + rows).encode())
    state = page.post("/api/imports/use", CHOSEN | {"columns": {}, "roles": {}}).json()
    page.answer(state | {"worlds": 2, "weeks": 12}, 2)


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("kind", "name", "content", "said"),
    [
        ("people", "x.xlsx", b"PK", "unknown kind of file"),
        ("people", "x.csv", b"PK\3\4\0\0", "is binary"),
        ("people", "x.csv", b"", "is empty"),
        ("people", "x.csv", b"\xff\xfe", "not UTF-8"),
        ("people", "x.csv", b'a,b\n"', "is not a table"),
        ("people", "x.csv", b"a\n" + b"b\n" * 2001, "at most 2,000 people"),
        ("people", "x.csv", b"a," * 300 + b"\nb", "at most 200"),
        ("graph", "x.zip", b"PK\3\4", "unknown kind of file"),
        ("graph", "x.graphml", BOMB.encode() + b"<a>&b;</a>", "refused for safety"),
        ("graph", "x.gexf", BOMB.encode() + b"<a>&b;</a>", "refused for safety"),
        ("graph", "x.graphml", b"\x1f\x8b\0\0", "is not UTF-8"),
        ("graph", "x.graphml", b"<graphml", "is not XML"),
        ("graph", "../../x.sh", b"rm", "x.sh: unknown kind of file"),
        ("graph", "x.net", b"*Vertices 999999999\n", "too many people"),
        ("graph", "x.csv", b"a,b\nx,y,z,w,v\n", "too many cells"),
    ],
)
def test_hostile_files_are_refused_with_the_reason(page, kind, name, content, said):
    """Wrong kinds, bombs, entities, absurd sizes; the server stays up."""
    got = page.send(kind, name, content)
    assert got.status_code == 422, got.text
    text = "\n".join(got.json()["problems"])
    assert said in text and "orgsim-app" not in text
    assert page.get("/api/warming").json()["ready"]


OTHER = 'title = "a"\nquestion = "b"\nbased_on = "{}"\nas_is = "self"\n'


@pytest.mark.parametrize(
    ("path", "data", "said"),
    [
        ("imports/preview", {"columns": {}, "roles": {"a": [1]}}, "must have columns"),
        ("imports/preview", {"columns": {"name": True}, "roles": {}}, "must have"),
        ("interview", {"language": "en", "answers": {"marketeers": "inf"}}, "'inf'"),
        ("interview", {"language": "en", "answers": {"sales": "1e999"}}, "'1e999'"),
        ("question", QUESTION | {"levers": {"kpis": "\ud800"}}, "not JSON"),
        ("question", QUESTION | {"plan": [[True, "testing", "room"]]}, "plan[0]"),
        ("question", QUESTION | {"numbers": [[0, "x", float("nan")]]}, "numbers[0]"),
        ("load", {"files": {"a.toml": "title = '\ud800'"}}, "not JSON"),
        ("load", {"files": {"😀" * 95 + ".toml": "title = 'a'"}}, "no plain name"),
        ("load", {"files": {"a.toml": ".".join("a" * 20_000) + " = 1"}}, "too deeply"),
        (
            "load",
            {
                "files": {
                    "mine.toml": OTHER.format("organisation.toml")
                    + "[organisation]\nmarketeers = 5\n",
                    "organisation.toml": OTHER.format("baseline"),
                }
            },
            "organisation.toml: the page writes a file of this name itself",
        ),
    ],
)
def test_hostile_data_are_refused_with_the_reason(page, path, data, said):
    """Values of wrong kinds, halves of letters, endless keys, names that are taken."""
    content = json.dumps(data).encode()
    got = page.client.post(f"/api/{path}", content=content, headers=page.head)
    assert got.status_code == 422, got.text
    assert said in "\n".join(got.json()["problems"])


def test_files_that_are_too_large_are_refused_while_they_come(page):
    """Nothing beyond the limit is kept."""
    got = page.send("people", "x.csv", b"a" * (imports.MOST_BYTES + 1))
    assert got.status_code == 413 and "10,000,000" in got.text
    big = "x" * (sent_files.MOST_BYTES * 2)
    assert page.post("/api/load", {"files": {"a.toml": big}}).status_code == 413


def test_markup_in_names_is_text_wherever_it_comes(page):
    """Titles and layers come back as they are, in JSON; the shared page holds them."""
    nasty = "</script><script>alert(1)</script>"
    text = f'title = "{nasty}"\nbased_on = "baseline"\nas_is = "self"\n'
    state = page.post("/api/load", {"files": {"a.toml": text + "[parameters]\n"}})
    assert state.status_code == 200, state.text
    page.answer(state.json() | {"worlds": 2, "weeks": 12}, 2)
    shared = page.get("/api/documents/page.html").text
    assert shared.count("</script>") == 2 and "<script>alert" not in shared


# --- the interview ------------------------------------------------------------------


def test_the_interview_makes_an_organisation(page, tmp_path):
    """What is answered is set, what is not is open; wrong answers are told at once."""
    asked = page.get("/api/interview").json()
    assert len(asked) > 20
    choice = next(x for x in asked if x["answers"])
    amount = next(x for x in asked if x["amount"])
    good = {choice["id"]: choice["answers"][0]["key"], amount["id"]: "9"}
    state = page.post("/api/interview", {"answers": good, "language": "nl"}).json()
    assert state["base"] == "own"
    known = page.get("/api/organisations/own").json()
    assert known["open"] > 10
    wrong = {choice["id"]: "maybe", amount["id"]: "-5", "colour": "red"}
    got = page.post("/api/interview", {"answers": wrong, "language": "en"})
    assert got.status_code == 422 and len(got.json()["problems"]) == 3
    got = page.post("/api/interview", {"answers": wrong, "language": "nl"})
    unknown, *other = got.json()["problems"]
    assert unknown == "colour: zo'n vraag is er niet"
    assert all("; toegestaan: " in x for x in other)


def test_a_page_that_is_loaded_again_keeps_its_organisation(client, page):
    """A new session goes on with what the page had; without mixing the two."""
    page.post("/api/interview", {"answers": {}, "language": "en"})
    before = {"from": page.head["x-session"]}
    after = client.post("/api/sessions", json=before).json()["session"]
    assert after != page.head["x-session"]
    found = client.get("/api/organisations/own", headers={"x-session": after})
    assert found.status_code == 200


# --- who may ask --------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.example"},
        {"host": "evil.example:8765"},
        {"host": ""},
        {"host": "127.0.0.1:8765", "origin": "http://evil.example"},
        {"host": "127.0.0.1:8765", "origin": "null"},
        {"host": "127.0.0.1:8765", "origin": "http://127.0.0.1:9999"},
        {"host": "127.0.0.1:8765", "sec-fetch-site": "cross-site"},
    ],
)
def test_foreign_names_and_pages_are_refused(client, headers):
    """Names by DNS rebinding, and requests from pages of other sites."""
    assert client.get("/", headers=headers).status_code == 403
    assert client.post("/api/sessions", json={}, headers=headers).status_code == 403


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:1", "[::1]:8765"])
def test_this_machine_is_answered_with_a_strict_policy(client, host):
    """Nothing but files of its own may be loaded or asked, and nothing is kept."""
    got = client.get("/", headers={"host": host})
    assert got.status_code == 200
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in got.headers


def test_only_the_files_of_the_page_are_served(client):
    """No path leads elsewhere, and there is no documentation of the interface."""
    for path in ("/files/server.py", "/files/..%2fserver.py", "/docs", "/openapi.json"):
        assert client.get(path).status_code == 404


def test_the_graph_of_people_runs_its_own_script_only(page):
    """The policy has the hash of the script that is there."""
    page.answer(QUESTION | {"worlds": 2, "weeks": 12}, 2)
    got = page.client.get("/people", params={"session": page.head["x-session"]})
    policy = got.headers["content-security-policy"]
    [script] = re.findall(r"<script>(.*?)</script>", got.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in policy


def test_another_host_is_asked_for_by_its_name():
    """The name that was given is answered, beside those of this machine."""
    assert "192.0.2.1" in allowed_hosts("192.0.2.1")
    assert "evil.example" not in allowed_hosts("192.0.2.1")


@pytest.mark.parametrize("listening", ["0.0.0.0", "::"])
@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.0.2.7:8765", 200),
        ("192.0.2.7", 200),
        ("[2001:db8::7]:8765", 200),
        ("localhost:8765", 200),
        ("this-machine:8765", 200),
        ("evil.example:8765", 403),
        ("192.0.2.7.evil.example", 403),
        ("3221225991", 403),
        ("[nonsense]", 403),
        ("", 403),
    ],
)
def test_listening_everywhere_any_address_in_digits_is_answered(
    monkeypatch, listening, host, status
):
    """A machine has more addresses than it can name; to rebind takes a name."""
    monkeypatch.setattr("socket.gethostname", lambda: "This-Machine")
    hosts = allowed_hosts(listening)
    one = TestClient(make_app(1, hosts), base_url="http://127.0.0.1:8765")
    assert one.get("/", headers={"host": host}).status_code == status


def test_listening_at_one_address_others_are_refused():
    """Addresses in digits are for who listens everywhere."""
    one = TestClient(make_app(1, allowed_hosts("192.0.2.1")))
    for host, status in (("192.0.2.1", 200), ("192.0.2.7", 403)):
        assert one.get("/", headers={"host": host}).status_code == status
    page = {"host": "192.0.2.1:1", "origin": "http://192.0.2.7:1"}
    assert one.get("/", headers=page).status_code == 403


def test_a_busy_port_is_told_with_a_free_one():
    """Exit code 2 with a message, and the port that it names is free."""
    with listen("127.0.0.1", 0) as busy:
        port = busy.getsockname()[1]
        with pytest.raises(InputError) as caught:
            listen("127.0.0.1", port)
    free = re.search(r"orgsim app --port (\d+)", str(caught.value))
    assert f"port {port} is busy" in str(caught.value) and int(free[1]) > port
    with pytest.raises(InputError, match="cannot listen there"):
        listen("192.0.2.1", 0)
