"""Documents are those of the command line, and are made only for who waits."""

import asyncio
import base64
import hashlib
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import machine
import pytest
from page_files import FILES

from experiments.app import making
from experiments.app.documents import KINDS
from experiments.app.making import DocumentAbandoned, DocumentMaker
from experiments.app.requests import Refusal
from experiments.cli.command_line import call
from experiments.words.numerals import say
from simulation.outcomes import LANGUAGES


def saved(client, files, name, language="en", worlds=6, seed=3):
    """Return a document of files, as it comes."""
    data = {"files": files, "worlds": worlds, "seed": seed}
    head = {"accept-language": language}
    found = client.post(f"/api/documents/{name}", json=data, headers=head)
    assert found.status_code == 200, found.text
    assert found.headers["content-type"] == KINDS[name]
    return found.content


@pytest.fixture
def written(files, tmp_path, monkeypatch):
    """The folder of the scenario files, in which commands run."""
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


RUN = ("as-is.toml", "to-be.toml", "--replicates", "6", "--seed", "3")


def test_all_results_are_those_of_the_compare_command(
    client, files, written, unpacked, capsys
):
    """Byte for byte but for the time it took; figure and data are among them."""
    assert call(["compare", *RUN, "--language", "nl", "--output", "out"]) == 0
    capsys.readouterr()
    folder = unpacked(saved(client, files, "results.zip", "nl"), "saved")
    out = written / "out"
    names = {path.name for path in out.iterdir()} - {"report.html"}
    assert names == {path.name for path in folder.iterdir()}
    for name in names - {"manifest.json"}:
        assert (folder / name).read_bytes() == (out / name).read_bytes(), name
    told, expected = (
        json.loads((x / "manifest.json").read_text()) for x in (folder, out)
    )
    assert told.pop("seconds") > 0 and expected.pop("seconds") > 0
    del expected["files"]["report.html"]  # which the page saves by itself
    assert told == expected


def test_reports_are_those_of_the_report_command(client, files, written, capsys):
    """Page, slides and workbook are the bytes of orgsim report."""
    rest = ["--quick", "--language", "nl", "--with", "slides", "--with", "workbook"]
    out = ["--store", "store", "--output", "out/report.html"]
    assert call(["report", *RUN, *rest, *out]) == 0
    capsys.readouterr()
    for name in ("report.html", "slides.pptx", "workbook.xlsx"):
        assert saved(client, files, name, "nl") == (written / "out" / name).read_bytes()


def test_the_story_is_that_of_the_story_command(client, files, written, capsys):
    """The page of orgsim story, of the median of the same worlds, byte for byte."""
    assert call(["story", *RUN, "--output", "out"]) == 0
    capsys.readouterr()
    page = (written / "out" / "chronicle.html").read_bytes()
    assert saved(client, files, "story.html") == page


def test_what_is_worth_finding_out_is_that_of_the_command(
    client, tmp_path, monkeypatch, capsys
):
    """What the page of orgsim worth tells first."""
    monkeypatch.chdir(tmp_path)
    today = 'based_on = "baseline"\nas_is = "self"\n[run]\nweeks = 52\n'
    today += '[unknown.levers]\nsteering = ["detail", "direction"]\n'
    opened = {
        "as-is.toml": today,
        "to-be.toml": 'based_on = "as-is.toml"\n[levers]\ntesting = "room"\n',
    }
    for name, text in opened.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    run = ["as-is.toml", "to-be.toml", "--replicates", "40", "--with", "page"]
    assert call(["worth", *run, "--output", "out"]) == 0
    capsys.readouterr()
    content = saved(client, opened, "worth.html", worlds=40, seed=1)
    answer = re.compile(rb"<h1.*?</section>", re.DOTALL)
    made = (tmp_path / "out" / "page.html").read_bytes()
    assert answer.search(content)[0] == answer.search(made)[0]


@pytest.fixture(scope="module")
def alone(client):
    """Return a document that was made when no other was, each only once."""
    return cache(lambda *kind: saved(client, dict(FILES), *kind))


def test_figures_and_data_are_what_they_say(alone):
    """A vector, a picture and a table, in the language of the page."""
    figure = alone("figure.svg", "nl")
    assert figure.startswith(b"<?xml") and b"Leadkwaliteit" in figure
    assert alone("figure.png").startswith(b"\x89PNG")
    assert alone("data.csv").startswith(b"scenario,outcome,week,")


def test_pages_are_whole_and_alone(client, files):
    """They name no address outside nor a folder of this machine, in both languages."""
    for name in ("page.html", "people.html"):
        for language in LANGUAGES:
            text = saved(client, files, name, language).decode()
            assert f'<html lang="{language}">' in text
            outside = set(re.findall(r"https?://[^\s\"'`)]+", text))
            assert outside <= {"http://www.w3.org/2000/svg"}
            assert "orgsim-app" not in text and str(machine.ROOT) not in text


def test_markup_in_titles_is_text_in_documents(client, files):
    """No script comes in by a title."""
    nasty = "</script><script>alert(1)</script>"
    files["to-be.toml"] = files["to-be.toml"].replace('"New"', f'"{nasty}"')
    for name in ("page.html", "report.html", "people.html"):
        assert "<script>alert" not in saved(client, files, name).decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("worlds", x) for x in ("x", 1, 401, 10**30, 2.5, True, None, [2])),
        *(("seed", x) for x in (-1, 2**60, 1.5, True, None, "1")),
    ],
)
def test_numbers_out_of_range_are_refused(refusal, files, name, value):
    """Before anything is simulated; in the language of the page."""
    data = {"files": files, "worlds": 2, "seed": 1} | {name: value}
    assert refusal("documents/data.csv", data).startswith(f"{name}: got ")
    assert "toegestaan" in refusal("documents/data.csv", data, "nl")


def test_all_wrong_numbers_are_told_and_kinds_must_exist(refusal, files):
    """Missing numbers are wrong too, and there is no document of any other name."""
    assert len(refusal("documents/data.csv", {"files": files}).splitlines()) == 2
    data = {"files": files, "worlds": 2, "seed": 1}
    assert "no such file" in refusal("documents/x.pdf", data, status=404)
    large = files["as-is.toml"] + "[organisation]\nmarketeers = 2001\n"
    data["files"] = files | {"as-is.toml": large}
    assert "at most 2,000" in refusal("documents/people.html", data)


def test_documents_at_once_are_what_they_are_alone(client, files, alone):
    """Drawn each in its own language, though the style is one for all threads."""
    asked = (("figure.svg", "nl"), ("report.html", "en"))
    with ThreadPoolExecutor(2) as pool:
        together = pool.map(lambda pair: saved(client, files, *pair), asked)
        assert list(together) == [alone(*pair) for pair in asked]


def test_the_last_comparisons_are_kept_for_more_documents():
    """Each is made once while it is there, and those used least lately go first."""
    maker, made = DocumentMaker(), []
    for key in (1, 1, 2, 1, 3, 1, 2):
        assert maker.keep(key, lambda key=key: made.append(key) or -key) == -key
    assert made == [1, 2, 3, 2]
    maker.close()


# --- for whom -------------------------------------------------------------------------


class Visitor:
    """Who asks for a document, and may go."""

    gone = False

    async def is_disconnected(self):
        return self.gone


def waiting(begun):
    """Return what makes nothing until nobody waits for it."""

    def make(gone):
        begun.append(gone)
        while not gone():
            time.sleep(0.01)
        raise DocumentAbandoned

    return make


def test_a_document_for_who_has_gone_is_ended_or_never_begun(monkeypatch):
    """What is made is told so, what waits for its turn is not begun."""
    monkeypatch.setattr(making, "AT_A_TIME", 1)
    maker, visitor, begun = DocumentMaker(), Visitor(), []

    async def two():
        tasks = [
            asyncio.create_task(maker.made(visitor, "en", waiting(begun)))
            for _ in range(2)
        ]
        while not begun:
            await asyncio.sleep(0.01)
        assert not any(task.done() for task in tasks) and maker.waiting == 2
        visitor.gone = True
        ended = asyncio.gather(*tasks, return_exceptions=True)
        return await asyncio.wait_for(ended, machine.PATIENCE)

    found = asyncio.run(two())
    assert [type(x) for x in found] == [Refusal, Refusal]
    assert len(begun) == 1 and begun[0]() and maker.waiting == 0
    maker.close()


def test_only_so_many_wait_for_documents(monkeypatch):
    """Who comes after them is told to wait, in words."""
    monkeypatch.setattr(making, "MOST_WAITING", 0)
    with pytest.raises(Refusal) as caught:
        asyncio.run(DocumentMaker().made(Visitor(), "nl", lambda gone: b""))
    assert caught.value.status == 503
    assert caught.value.words("nl") == [say("app_saving", "nl")]


def test_documents_under_way_end_when_the_server_closes():
    """Who waits is told, and nothing more is begun."""
    maker, ended = DocumentMaker(), threading.Event()

    def make(gone):
        maker.close()
        while not gone():
            time.sleep(0.01)
        ended.set()
        raise DocumentAbandoned

    with pytest.raises(Refusal) as caught:
        asyncio.run(maker.made(Visitor(), "nl", make))
    assert (caught.value.status, caught.value.problems) == (
        503,
        (say("app_closed", "nl"),),
    )
    assert ended.wait(machine.PATIENCE)


def test_a_pen_that_is_held_keeps_nobody_who_has_gone():
    """It is not taken by who waits for it in vain, and not kept where they fail."""
    for _ in range(2):
        with making.PEN, pytest.raises(DocumentAbandoned), making.pen(lambda: True):
            pass
    with pytest.raises(DocumentAbandoned), making.pen(lambda: True):
        pass
    with pytest.raises(ValueError), making.pen(lambda: False):
        raise ValueError
    assert not making.PEN.locked()


# --- the page -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_runs_its_own_scripts_only(client, language):
    """By their hashes; it asks nothing of any other server, and is not framed."""
    got = client.get("/", headers={"accept-language": f"{language}-BE,fr;q=0.5"})
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in got.headers["content-security-policy"].split(";")
    )
    scripts = re.findall(r"<script>(.*?)</script>", got.text, re.DOTALL)
    assert scripts and got.text.count("<script") == len(scripts)
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert not {"'unsafe-inline'", "'unsafe-eval'"} & set(policy["script-src"].split())
    assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
    assert policy["connect-src"] == "'self' blob:"
    assert f'<html lang="{language}">' in got.text
