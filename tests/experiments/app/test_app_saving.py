"""Saving on the what-if page: the numbers of the command line, and nobody waits."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import machine
import pytest
from experiments.app.runs import PairedRuns
from experiments.app.saving import DocumentCache, Kind, Saves
from machine import ROOT, until
from test_app import QUESTION, Page, unpacked

from experiments.app import runs, saving
from experiments.app.requests import Refusal
from experiments.cli.command_line import call
from experiments.words.numerals import say
from simulation.outcomes import SERIES_RECORD

WORLD = 4 * 24 * SERIES_RECORD.itemsize
"""Bytes of the weekly records of one world of 24 weeks, in four scenarios."""


def run_of(client, page):
    """Return the run behind a page."""
    return client.app.state.warming.sessions.find(page.head["x-session"]).question.run


# --- numbers ------------------------------------------------------------------------


@pytest.mark.parametrize(("room", "kept"), [(6, 6), (4, 4)])
def test_all_results_are_those_of_the_compare_command(
    client, tmp_path, monkeypatch, capsys, room, kept
):
    """Byte for byte but for the time it took, of worlds kept and of those lived again.

    Only those that there was no room for are lived again.
    """
    taken = client.app.state.warming.sessions.workers.known
    before = sum(run.bytes_kept for run in taken)
    monkeypatch.setattr(runs, "MOST_KEPT", before + room * WORLD)
    page = Page(client)
    page.answer(QUESTION, 6)
    run, again, live = run_of(client, page), [], PairedRuns._pair
    assert run.kept == kept and run.bytes_kept == kept * WORLD

    def lived_again(one, replicate, gone):
        again.append(replicate)
        return live(one, replicate, gone)

    monkeypatch.setattr(PairedRuns, "_pair", lived_again)
    unpacked(page.get("/api/documents/results.zip?language=nl"), tmp_path / "saved")
    assert len(again) == 6 - kept
    page.get("/api/documents/figure.svg")
    assert len(again) == 6 - kept, "the comparison was kept"

    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    files = [str(tmp_path / name) for name in ("as-is.toml", "to-be.toml")]
    rest = ["--replicates", "6", "--seed", "3", "--language", "nl"]
    assert call(["compare", *files, *rest, "--output", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    names = {path.name for path in (tmp_path / "out").iterdir()} - {"report.html"}
    assert names == {path.name for path in (tmp_path / "saved").iterdir()}
    for name in names - {"manifest.json"}:
        saved = (tmp_path / "saved" / name).read_bytes()
        assert saved == (tmp_path / "out" / name).read_bytes(), name
    told, expected = (
        json.loads((tmp_path / x / "manifest.json").read_text())
        for x in ("saved", "out")
    )
    assert told.pop("seconds") > 0 and expected.pop("seconds") > 0
    del expected["files"]["report.html"]  # which the page saves by itself
    assert told == expected


def test_what_is_no_longer_asked_makes_room_again(client, page):
    """The records of a question go with it."""
    known = client.app.state.warming.sessions.workers.known
    page.answer(QUESTION, 6)
    before = sum(run.bytes_kept for run in known)
    page.answer(QUESTION | {"weeks": 12, "worlds": 2}, 2)
    after = before - 6 * WORLD + 2 * WORLD // 2
    until(lambda: sum(run.bytes_kept for run in known) <= after)


# --- nobody waits -------------------------------------------------------------------


@pytest.fixture
def held(client, monkeypatch):
    """Return what lets saves go on, which wait until then before they run anything."""
    free, begun, real = threading.Event(), [], PairedRuns.replicates

    def waiting(run, worlds, gone):
        begun.append(run)
        while not (free.is_set() or gone()):
            time.sleep(0.01)
        return real(run, worlds, gone)

    monkeypatch.setattr(PairedRuns, "replicates", waiting)
    free.begun = begun
    yield free
    free.set()


def test_answers_come_while_a_document_is_made(page, held):
    """A save of any length keeps no answer, graph or scenario files waiting."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    with ThreadPoolExecutor(1) as pool:
        saved = pool.submit(page.get, "/api/documents/figure.svg")
        until(lambda: held.begun)
        assert page.get("/api/answer").json()["answer"]["worlds"] == 3
        assert page.get("/api/documents/scenarios.zip").status_code == 200
        assert page.get("/api/documents/page.html").status_code == 200
        people = {"session": page.head["x-session"]}
        assert page.client.get("/people", params=people).status_code == 200
        assert not saved.done()
        held.set()
        assert saved.result().status_code == 200


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_page_saves_one_document_at_a_time(client, page, held, language):
    """A second is refused in words; what was made before and other pages are not."""
    held.set()
    page.answer(QUESTION | {"worlds": 3}, 3)
    before = page.get("/api/documents/figure.svg")
    other = Page(client)
    for one in (page, other):
        one.answer(QUESTION | {"worlds": 2}, 2)
    held.clear()
    held.begun.clear()
    with ThreadPoolExecutor(2) as pool:
        path = f"/api/documents/report.html?language={language}"
        saved = pool.submit(page.get, path)
        until(lambda: held.begun)
        refused = page.get(path)
        assert refused.status_code == 409
        assert refused.json()["problems"] == [say("app_saving", language)]
        theirs = pool.submit(other.get, path)
        until(lambda: len(held.begun) == 2)
        held.set()
        assert saved.result().status_code == theirs.result().status_code == 200
    assert page.get(path).content == saved.result().content
    page.answer(QUESTION | {"worlds": 3}, 3)
    assert page.get("/api/documents/figure.svg").content == before.content


def test_what_was_made_is_given_again(page, monkeypatch):
    """Figure, picture and data come of one drawing, for each language once."""
    page.answer(QUESTION | {"worlds": 3}, 3)
    first = {
        (name, x): page.get(f"/api/documents/{name}?language={x}").content
        for x in ("en", "nl")
        for name in ("figure.svg", "report.html")
    }
    monkeypatch.setattr("experiments.app.writing.written", None)
    for (name, language), content in first.items():
        again = page.get(f"/api/documents/{name}?language={language}")
        assert again.content == content
    for name in ("figure.png", "data.csv"):
        assert page.get(f"/api/documents/{name}").status_code == 200


def test_documents_are_not_kept_without_end(monkeypatch):
    """Those that were used least lately go first; one that is too large is not kept."""
    monkeypatch.setattr(saving, "MOST_MADE", 10)
    made = DocumentCache()
    one, two, three = (Kind(k, "en", "x") for k in range(3))
    made.keep(one, b"1234")
    made.keep(two, b"1234")
    assert made.get(one)
    made.keep(three, b"1234")
    assert made.get(two) is None and made.get(one) and made.get(three)
    made.keep(two, b"x" * 11)
    assert made.get(two) is None and made.get(one) and made.get(three)


def test_comparisons_are_kept_for_the_last_questions_only(client):
    """As many as are told, and none that nobody asks any more."""
    pages = [Page(client) for _ in range(saving.MOST_STUDIES + 1)]
    sessions = client.app.state.warming.sessions
    questions = []
    for page in pages:
        page.answer(QUESTION | {"worlds": 2, "weeks": 12}, 2)
        assert page.get("/api/documents/workbook.xlsx").status_code == 200
        questions.append(sessions.find(page.head["x-session"]).question)
    assert questions[0].study is None
    assert all(one.study for one in questions[1:])
    assert pages[0].get("/api/documents/slides.pptx").status_code == 200
    assert questions[0].study and questions[1].study is None


def test_documents_of_several_pages_at_once_are_what_they_are_alone(client):
    """Pages that save all at once get their own, drawn in their own language."""
    pages = [Page(client) for _ in range(3)]
    names = ("figure.svg", "report.html", "slides.pptx")

    def asked(k):
        pages[k].answer(QUESTION | {"worlds": 3, "seed": k // 2}, 3)

    def saved(k):
        language = ("en", "nl")[k % 2]
        gotten = [
            pages[k].get(f"/api/documents/{x}?language={language}") for x in names
        ]
        assert [x.status_code for x in gotten] == [200] * len(names)
        return [x.content for x in gotten]

    for k in range(3):
        asked(k)
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(saved, range(3)))
    for k in range(3):
        asked(k)  # a new question, which has nothing made
        assert saved(k) == together[k]


class Visitor:
    """Who asks for a document, and may go."""

    def __init__(self):
        self.gone = False

    async def is_disconnected(self):
        return self.gone


def test_a_document_for_who_has_gone_is_ended_or_never_begun(monkeypatch):
    """What is made is told so, what waits for its turn is not begun."""
    monkeypatch.setattr(saving, "AT_A_TIME", 1)
    saves, visitor, begun = Saves(), Visitor(), []
    locks = [threading.Lock(), threading.Lock()]

    def make(gone):
        begun.append(gone)
        while not gone():
            time.sleep(0.01)
        return b""

    async def two():
        tasks = [
            asyncio.create_task(saves.made(visitor, lock, "en", make)) for lock in locks
        ]
        while not begun:
            await asyncio.sleep(0.01)
        assert not any(task.done() for task in tasks)
        visitor.gone = True
        ended = asyncio.gather(*tasks, return_exceptions=True)
        return await asyncio.wait_for(ended, machine.PATIENCE)

    found = asyncio.run(two())
    assert [type(x) for x in found] == [Refusal, Refusal]
    assert len(begun) == 1
    until(lambda: not any(lock.locked() for lock in locks))
    saves.close()


def test_a_pen_that_is_held_keeps_nobody_who_has_gone():
    """It is not taken by who waits for it in vain, and not kept where they fail."""
    with saving.PEN, pytest.raises(saving.DocumentAbandoned), saving.pen(lambda: True):
        pass
    with pytest.raises(saving.DocumentAbandoned), saving.pen(lambda: True):
        pass
    with pytest.raises(ValueError), saving.pen(lambda: False):
        raise ValueError
    assert not saving.PEN.locked()


def test_saves_that_are_under_way_end_when_the_server_closes():
    """Who waits is told, and nothing more is begun."""
    saves, lock = Saves(), threading.Lock()

    def make(gone):
        saves.close()
        while not gone():
            time.sleep(0.01)
        raise saving.DocumentAbandoned

    with pytest.raises(Refusal) as caught:
        asyncio.run(saves.made(Visitor(), lock, "nl", make))
    assert caught.value.status == 503
    assert caught.value.problems == (say("app_closed", "nl"),)
    until(lambda: not lock.locked())


# --- the end ------------------------------------------------------------------------


class Server:
    """A server in a process of its own, whose files are all in `folder`."""

    def __init__(self, folder):
        self.folder = folder
        command = [sys.executable, "-m", "experiments", "app", "--no-browser"]
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--workers", "2"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)},
        )
        self.address = re.search(r"http://\S+", self.process.stdout.readline())[0]
        self.head = {}

    def ask(self, path, data=None):
        body = None if data is None else json.dumps(data).encode()
        asked = urllib.request.Request(self.address + path, body, self.head)
        with urllib.request.urlopen(asked, timeout=machine.PATIENCE) as answer:
            return json.load(answer)

    def begin(self):
        """Begin a session, when the model is ready."""
        until(lambda: self.ask("api/warming")["ready"])
        self.head["x-session"] = self.ask("api/sessions", {})["session"]

    def save(self, name):
        """Ask for a document without waiting for it; return the connection."""
        host, port = re.search(r"//(.*):(\d+)/", self.address).groups()
        line = socket.create_connection((host, int(port)))
        line.sendall(
            f"GET /api/documents/{name} HTTP/1.1\r\nHost: {host}:{port}\r\n"
            f"x-session: {self.head['x-session']}\r\n\r\n".encode()
        )
        return line

    def end(self, sent):
        """Send a signal; return the exit code and what stderr says."""
        self.process.send_signal(sent)
        try:
            _, said = self.process.communicate(timeout=machine.PATIENCE)
        finally:
            self.process.kill()
        return self.process.returncode, said


@pytest.fixture
def server(tmp_path):
    one = Server(tmp_path)
    yield one
    one.process.kill()
    one.process.communicate()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("saves", [True, False])
def test_a_signal_ends_the_server_soon_and_cleanly(server, sent, saves):
    """Also while saves are under way: no folder, no traceback, and exit code 0."""
    server.begin()
    server.ask("api/question", QUESTION | {"weeks": 104, "worlds": 100})
    until(lambda: server.ask("api/answer")["worlds"] >= 20)
    if saves:
        line = server.save("results.zip")
        until(lambda: list(server.folder.glob("orgsim-app-*/*/tmp*")))
        assert server.ask("api/answer")["worlds"]
    code, said = server.end(sent)
    assert code == 0 and said.splitlines()[-1] == "Closed."
    assert "Traceback" not in said and "rror" not in said
    assert list(server.folder.glob("orgsim-app-*")) == []
    assert list(server.folder.glob("tmp*")) == []
    if saves:
        with line:
            assert b" 200 OK" not in line.recv(100)  # it was not waited for


def test_a_save_ends_when_its_page_goes(server):
    """The next save of the same page does not have to wait for it to be made."""
    server.begin()
    server.ask("api/question", QUESTION | {"weeks": 104, "worlds": 50})
    until(lambda: server.ask("api/answer")["over"])
    server.save("results.zip").close()

    def saved():
        asked = urllib.request.Request(
            f"{server.address}api/documents/results.zip", headers=server.head
        )
        try:
            with urllib.request.urlopen(asked, timeout=machine.PATIENCE) as answer:
                return answer.read()
        except urllib.error.HTTPError as error:
            assert error.code == 409
            return None

    content = until(saved)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert "answer.txt" in archive.namelist()
    assert list(server.folder.glob("orgsim-app-*/*/tmp*")) == []
