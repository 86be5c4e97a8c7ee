"""What the what-if page calls finished is, and what it saves is what it shows.

No browser: what the server answers, in whatever order worlds, pages and clicks come.
"""

import json
import re
import threading
import time
from types import SimpleNamespace

import pytest
from experiments.app.runs import PairedRuns
from experiments.app.sessions import Full, Sessions
from machine import until
from starlette.testclient import TestClient
from test_app import QUESTION, Page, unpacked

from experiments.app import runs, sessions
from experiments.app.documents import KINDS
from experiments.app.server import make_app
from experiments.compare.comparison import compare
from experiments.words.numerals import say
from simulation.outcomes import LANGUAGES
from simulation.scenario import read

# --- finished, or not -----------------------------------------------------------------


def test_what_is_over_comes_with_its_last_answer(page, monkeypatch):
    """Also where the last worlds come while an answer to fewer is worked out."""
    real, raced = sessions.answer_of, []

    def slow(run, worlds):
        answer = real(run, worlds)
        if worlds < run.asked:
            raced.append(worlds)
            until(lambda: run.there >= run.asked)
        return answer

    monkeypatch.setattr(sessions, "answer_of", slow)
    page.post("/api/question", QUESTION | {"worlds": 12})
    after, told = 0, {"over": False}
    while not told["over"]:
        told = page.get(f"/api/answer?after={after}").json()
        after = (told["answer"] or {"worlds": after})["worlds"]
        assert told["over"] == (after == 12)
        assert not told["over"] or told["worlds"] == 12
    assert raced


def test_steps_that_are_over_come_with_their_last_ranking(page, monkeypatch):
    """Also where they end between two looks at them."""
    page.answer(QUESTION | {"worlds": 2}, 2)

    class Ending:
        trouble, over = "", False

        @property
        def told(self):
            self.over = True
            return {"worlds": 20}

    known = page.client.app.state.warming.sessions
    monkeypatch.setattr(known, "steps", lambda _: Ending())
    told = page.get("/api/answer").json()
    assert told["steps"] == {"worlds": 20} and not told["steps_over"]


@pytest.fixture
def run(monkeypatch):
    """Return a run whose worlds are nothing, and come when they are let."""
    monkeypatch.setattr(runs, "_world_of", lambda *_: SimpleNamespace(pair=None))
    one = PairedRuns((read("baseline"),) * 2, 1, 20)
    one.begun_ones, one.free = [], threading.Event()

    def pair(replicate, gone):
        one.begun_ones.append(replicate)
        one.free.wait()
        return ()

    monkeypatch.setattr(one, "_pair", pair)
    return one


def lived(run, worlds):
    """Live so many worlds of a run."""
    run.free.set()
    for _ in range(worlds):
        run.live(run.take(False), lambda: False, False)
    run.free.clear()


def test_a_world_that_comes_after_the_stop_changes_nothing(run):
    """What was told at the stop is the last word; the world can be lived anew."""
    lived(run, 5)
    thread = threading.Thread(
        target=run.live, args=(run.take(True), lambda: False, True)
    )
    thread.start()
    until(lambda: 5 in run.begun_ones)
    run.stop()
    before = run.standing()
    run.free.set()
    thread.join()
    assert run.standing() == before == (5, 5, True, True, "")
    assert run.kept == 0 and not run.living
    again = run.again(20)
    assert again.take(False) == 5


def test_a_world_that_comes_after_the_trouble_changes_nothing(run, monkeypatch):
    """Of a run that broke off no more is told, and what is told is no last answer."""
    lived(run, 6)
    monkeypatch.setattr(run, "_pair", lambda *_: 1 / 0)
    run.live(run.take(False), lambda: False, False)
    before = run.standing()
    assert before == (6, 5, True, False, "ZeroDivisionError: division by zero")
    monkeypatch.setattr(run, "_pair", lambda *_: ())
    run.live(run.take(False), lambda: False, False)
    assert run.standing() == before


def test_a_run_that_is_complete_is_not_stopped(run):
    """The stop that comes too late, and too early for any answer."""
    run.stop()
    assert run.standing() == (0, 0, True, True, "")
    run = run.again(3)
    run.lived = {k: SimpleNamespace(pair=None) for k in range(3)}
    run.stop()
    assert run.standing() == (3, 3, True, False, "")


@pytest.mark.parametrize("asked", [3, 8, 40])
def test_a_run_goes_on_with_what_it_has(run, asked):
    """To fewer, or to more worlds; each is lived once, and the answer starts there."""
    lived(run, 7)
    run.stop()
    again = run.again(asked)
    there = min(7, asked)
    assert again.standing() == (there, there, asked <= 7, False, "")
    taken = [again.take(False) for _ in range(asked - there)]
    assert taken == list(range(there, asked)) and not again.wants(time.monotonic())


def test_a_page_that_goes_on_keeps_its_worlds(client, page):
    """After a stop, or where only the number of worlds is another."""
    page.post("/api/question", QUESTION | {"worlds": 1000})
    until(lambda: page.get("/api/answer").json()["worlds"] > 3)
    page.post("/api/stop", {})
    before = page.get("/api/answer").json()["answer"]
    session = client.app.state.warming.sessions.find(page.head["x-session"])
    old = session.question.run
    page.post("/api/question", QUESTION | {"worlds": 1000})
    page.post("/api/stop", {})
    assert session.question.run.lived.items() >= old.lived.items()
    fewer = page.answer(QUESTION | {"worlds": 3}, 3)
    other = Page(client).answer(QUESTION | {"worlds": 3}, 3)
    assert fewer == other and before["worlds"] > 3
    page.post("/api/question", QUESTION | {"worlds": 3, "seed": 9})
    assert session.question.run.begun == 0


# --- saved as shown -------------------------------------------------------------------


def shared(response):
    """Return the data in a page to share."""
    assert response.status_code == 200, response.text
    found = re.search(r'id="data">(.*?)</script>', response.text)
    return json.loads(found[1])


def test_what_is_saved_is_what_is_shown(page, tmp_path):
    """After the worlds that a page shows, though there are more by now."""
    number = page.post("/api/question", QUESTION).json()["question"]
    last = until(lambda: page.get("/api/answer").json()["over"])
    assert last
    shown = f"question={number}&worlds=4&steps=0"
    data = shared(page.get(f"/api/documents/page.html?{shown}"))
    assert data["answer"]["worlds"] == 4 and data["steps"] is None
    assert data["status"] == {"worlds": 4, "asked": 6}
    unpacked(page.get(f"/api/documents/scenarios.zip?{shown}"), tmp_path)
    assert "--replicates 4 " in (tmp_path / "README.txt").read_text()
    study = compare(
        *(tmp_path / f"{x}.toml" for x in ("as-is", "to-be")), replicates=4, seed=3
    )
    assert " ".join(study.answer("en")) == data["answer"]["sentence"]["en"]
    unpacked(page.get(f"/api/documents/results.zip?{shown}"), tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["worlds"] == [0, 1, 2, 3]
    whole = shared(page.get("/api/documents/page.html"))
    assert whole["status"] == {"worlds": 6, "asked": 6}


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_saved_of_another_choice(page, name):
    """What was asked before, and worlds that there are not, are refused in words."""
    first = page.post("/api/question", QUESTION | {"worlds": 2}).json()["question"]
    now = page.post("/api/question", QUESTION | {"worlds": 2, "seed": 9}).json()
    until(lambda: page.get("/api/answer").json()["over"])
    head = page.head | {"accept-language": "nl"}
    path = f"/api/documents/{name}?language=nl&question="
    got = page.client.get(f"{path}{first}", headers=head)
    assert got.status_code == 409 and got.json()["reason"] == "changed"
    assert got.json()["problems"] == [say("app_changed", "nl")]
    assert page.get(f"/api/answer?question={first}").status_code == 409
    got = page.client.get(f"{path}{now['question']}&worlds=3", headers=head)
    assert got.json()["problems"] == [say("app_no_answer", "nl")]


def test_the_graph_of_people_is_that_of_the_question(page):
    """One that was asked before is not shown for it; why is told as text."""
    asked = QUESTION | {"worlds": 2, "weeks": 12}
    number = page.post("/api/question", asked).json()["question"]
    who = {"session": page.head["x-session"], "language": "nl"}
    got = page.client.get("/people", params=who | {"question": number})
    assert got.status_code == 200
    got = page.client.get("/people", params=who | {"question": number + 1})
    assert (got.status_code, got.text) == (409, say("app_changed", "nl"))
    gone = page.client.get("/people", params=who | {"session": "x"})
    assert (gone.status_code, gone.text) == (410, say("app_session", "nl"))


# --- sessions -------------------------------------------------------------------------


@pytest.fixture
def known(tmp_path, monkeypatch):
    """Return room for three sessions, all of which are worked with."""
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 3)
    found = Sessions(tmp_path, 0)
    for _ in range(3):
        found.begin().question = SimpleNamespace(run=PairedRuns((), 1, 2))
    yield found
    found.close()


def grow_old(session, seconds):
    session.seen -= seconds + sessions.IDLE_SECONDS


def test_where_all_are_worked_with_none_ends(known):
    """A further page is refused, and no other loses what it has."""
    before = dict(known.known)
    with pytest.raises(Full):
        known.begin()
    assert known.known == before
    assert all(one.folder.exists() for one in before.values())


def test_the_idle_session_used_least_lately_ends(known):
    """Not the oldest one, when that is the one that is used."""
    first, second, third = known.known.values()
    for one, seconds in ((first, 30), (second, 20), (third, 10)):
        grow_old(one, seconds)
    known.find(first.id)
    new = known.begin()
    assert list(known.known.values()) == [first, third, new]
    assert not second.folder.exists() and second.question.run.stopped


def test_loaded_files_and_saves_are_not_lost_to_make_room(known):
    """What saves is at work; what has an organisation of its own goes last."""
    first, second, third = known.known.values()
    for one in (first, second, third):
        grow_old(one, 10)
    first.saving.acquire()
    second.own = {"organisation.toml": b""}
    known.begin()
    known.begin()
    assert known.find(first.id) and known.find(second.id)
    first.saving.release()


def test_a_page_that_is_loaded_again_is_not_kept_by_it(known):
    """What goes on from a session does not count as a use of it."""
    first, *_ = known.known.values()
    first.own = {"organisation.toml": b"x"}
    grow_old(first, 10)
    new = known.begin(first.id)
    assert new.own == first.own and known.find(first.id) is None


def test_a_full_server_says_so(client, monkeypatch):
    """In the language of the page, with a reason that it understands."""
    page = Page(client)
    page.post("/api/question", QUESTION)
    monkeypatch.setattr(sessions, "MOST_SESSIONS", 1)
    monkeypatch.setattr(sessions, "IDLE_SECONDS", 10_000)
    known = client.app.state.warming.sessions.known
    monkeypatch.setattr(
        client.app.state.warming.sessions,
        "known",
        {page.head["x-session"]: known[page.head["x-session"]]},
    )
    for language in LANGUAGES:
        head = {"accept-language": language}
        got = client.post("/api/sessions", json={}, headers=head)
        assert got.status_code == 503 and got.json()["reason"] == "full"
        assert got.json()["problems"] == [say("app_full", language, n="1")]


# --- languages ------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_in_the_language_that_was_told(language):
    """In the page itself and in what its script reads; else in the browser's."""
    with TestClient(make_app(1, language=language)) as one:
        head = {"host": "127.0.0.1", "accept-language": "fr"}
        assert one.get("/api/catalogue", headers=head).json()["language"] == language
        assert f'<html lang="{language}">' in one.get("/", headers=head).text
    free = TestClient(make_app(1))
    head["accept-language"] = f"{language}-BE,{language};q=0.9"
    assert free.get("/api/catalogue", headers=head).json()["language"] is None
    assert f'<html lang="{language}">' in free.get("/", headers=head).text


def test_what_is_refused_is_told_in_the_language_of_the_page(client, page):
    """What the page itself says is; what readers say in English has a head."""
    dutch = page.head | {"accept-language": "nl"}

    def told(path, **more):
        got = client.request(headers=dutch, url=path, **more)
        assert got.status_code >= 400
        return got.json()["problems"]

    wrong = {"weeks": 2, "base": "basline", "plan": [[1]], "numbers": 3, "sed": 1}
    problems = told("/api/question", method="POST", json=wrong)
    assert len(problems) == 5
    english = page.post("/api/question", wrong).json()["problems"]
    assert not set(problems) & set(english)
    problems = told(
        "/api/question", method="POST", json=QUESTION | {"levers": {"x": "y"}}
    )
    assert problems[0] == say("app_advice_choice", "nl")
    assert "levers.x" in problems[-1]
    asked = ("answer", "documents/x.pdf", "organisations/nobody", "organisations/own")
    for path in asked:
        [one] = told(f"/api/{path}", method="GET")
        assert one not in (page.get(f"/api/{path}").json()["problems"])
    gone = client.get("/api/answer", headers={"accept-language": "nl"})
    assert gone.json()["problems"] == [say("app_session", "nl")]


def test_a_page_to_share_is_in_its_language(page):
    """Its file says so, for who reads it aloud or translates it."""
    page.answer(QUESTION | {"worlds": 2}, 2)
    for language in LANGUAGES:
        got = page.get(f"/api/documents/page.html?language={language}")
        assert f'<html lang="{language}">' in got.text
