"""What the server answers to who saves: scenario files, figures, data and pages."""

import base64
import hashlib
import re
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response

from experiments.app.requests import (
    Gone,
    Refused,
    checked,
    question_of,
    session_of,
    sessions_of,
)
from experiments.archives import zipped
from simulation.outcomes import LANGUAGES

if TYPE_CHECKING:
    from experiments.app.sessions import Question, Session
    from experiments.comparison import Comparison
    from experiments.report.content import Report

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    "scenarios.zip": "application/zip",
    "results.zip": "application/zip",
    "figure.svg": "image/svg+xml",
    "figure.png": "image/png",
    "data.csv": "text/csv; charset=utf-8",
    "page.html": "text/html; charset=utf-8",
    "report.html": "text/html; charset=utf-8",
    "slides.pptx": OFFICE + "presentationml.presentation",
    "workbook.xlsx": OFFICE + "spreadsheetml.sheet",
}
DRAWN = {
    "figure.svg": "trajectories.svg",
    "figure.png": "trajectories.png",
    "data.csv": "trajectories.csv",
}
"""Documents that are one file of the results of `orgsim compare`."""
PEN = threading.Lock()
"""Held while figures are drawn: their style is set for all threads at once."""


def documents(app: FastAPI) -> None:
    """Add what can be saved, and the graph of people."""

    @app.get("/api/documents/{name}")
    def document(name: str, request: Request, language: str = "en") -> Response:
        if name not in KINDS:
            raise Refused(404, "no such document")
        _check(language)
        session, question = session_of(request), question_of(request)
        content = checked(_made, name, session, question, language, hide=session.folder)
        return Response(content, media_type=KINDS[name])

    @app.get("/people")
    def people(request: Request, session: str, language: str = "en") -> Response:
        _check(language)
        found = sessions_of(request).find(session)
        if found is None or found.question is None:
            raise Gone
        text = checked(people_page, found.question, language, hide=found.folder)
        return Response(
            text,
            media_type="text/html; charset=utf-8",
            headers={"content-security-policy": people_policy(text)},
        )


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise Refused(422, f"language: allowed: {', '.join(LANGUAGES)}")


def _made(name: str, session: "Session", question: "Question", language: str) -> bytes:
    made: dict[str, Callable[[], bytes]] = {
        "scenarios.zip": lambda: scenarios_zip(question, language),
        "results.zip": lambda: results_zip(question, language),
        "page.html": lambda: shared_page(question, language).encode(),
        "report.html": lambda: report_page(question, language),
        "slides.pptx": lambda: report_document(question, language, "slides"),
        "workbook.xlsx": lambda: report_document(question, language, "workbook"),
    }
    if name in made:
        return made[name]()
    study = study_of(question)
    with tempfile.TemporaryDirectory() as folder, PEN:
        from experiments.drawing import draw

        draw(study, Path(folder), language, "slide")
        return (Path(folder) / DRAWN[name]).read_bytes()


def worlds_told(question: "Question") -> int:
    """Return after how many worlds there is an answer; refused before the first."""
    answer = question.answer()
    if answer is None:
        raise Refused(409, "there is no answer yet")
    return answer["worlds"]


def study_of(question: "Question") -> "Comparison":
    """Return the comparison that the command line makes of what is chosen."""
    from experiments.comparison import compare

    worlds = worlds_told(question)
    with question.answering:
        if question.study is None or len(question.study.runs.worlds) != worlds:
            seed = question.asked.seed
            question.study = compare(
                *question.scenarios, replicates=worlds, seed=seed, workers=1
            )
        return question.study


def scenarios_zip(question: "Question", language: str) -> bytes:
    """Return the scenario files of what is chosen, and how to run them."""
    from experiments.numerals import say

    asked, folder = question.asked, question.folder
    worlds = str(question.run.told or asked.worlds)
    text = say("app_how_to", language, worlds=worlds, seed=str(asked.seed))
    files = question.own | {
        x: (folder / x).read_bytes() for x in ("as-is.toml", "to-be.toml")
    }
    return zipped(files | {"README.txt": text.encode()})


def results_zip(question: "Question", language: str) -> bytes:
    """Return all that `orgsim compare` writes."""
    from experiments.results_folder import save

    study = study_of(question)
    with tempfile.TemporaryDirectory() as folder, PEN:
        save(study, folder, language)
        files = sorted(Path(folder).iterdir())
        return zipped({file.name: file.read_bytes() for file in files})


def report(question: "Question", language: str) -> "Report":
    """Return what `orgsim report --quick` tells of what is chosen; needs the pen."""
    from experiments.report.building import report_of
    from experiments.report.sections import asked_of

    study, names = study_of(question), ("as-is.toml", "to-be.toml")
    return report_of(study, asked_of(study.runs, names, language))


def report_page(question: "Question", language: str) -> bytes:
    """Return the report as one page."""
    from experiments.report.page import page

    with PEN:
        return page(report(question, language)).encode()


def report_document(question: "Question", language: str, kind: str) -> bytes:
    """Return a document of `experiments.report.documents.KINDS` that is one file."""
    from experiments.report.documents import write_documents

    with tempfile.TemporaryDirectory() as folder, PEN:
        [file] = write_documents(report(question, language), folder, (kind,))
        return file.read_bytes()


def shared_page(question: "Question", language: str) -> str:
    """Return the page with its answer in it, as one file that opens without network."""
    from experiments.app.catalogue import catalogue, organisation
    from experiments.app.own import OWN, OWN_FILE
    from experiments.app.pages import HERE, SCRIPTS, TEMPLATE, state_of
    from experiments.page import DRAWING, STYLE, whole_page
    from simulation.scenario import read

    asked, worlds_told_of = question.asked, worlds_told(question)
    own = asked.base == OWN
    base = read(question.folder / OWN_FILE) if own else read(asked.base)
    known = dict(catalogue())
    known["organisations"] = [
        x for x in known["organisations"] if x["name"] == asked.base
    ]
    data: dict[str, Any] = {
        "language": language,
        "catalogue": known,
        "organisation": organisation(base, own),
        "state": state_of(asked) | {"seed": asked.seed, "worlds": worlds_told_of},
        "answer": question.answer(),
        "steps": question.steps.told if question.steps else None,
    }
    scripts = [DRAWING, *(HERE / name for name in SCRIPTS)]
    return whole_page(TEMPLATE, data, scripts, [STYLE, HERE / "app.css"])


def people_page(question: "Question", language: str) -> str:
    """Return the graph of people of as-is and to-be in one world, with a slider."""
    from experiments.people_graph.privacy import hidden
    from experiments.people_graph.recorded import record
    from experiments.people_graph.slider import page_html, slider_html

    with question.answering:
        if question.recording is None:
            seed = question.asked.seed
            question.recording = hidden(record(question.scenarios, seed=seed))
    return page_html(slider_html(question.recording, language), language)


def people_policy(page: str) -> str:
    """Return a policy that lets the page's own script run, and no other."""
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = [
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in scripts
    ]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline';"
        " img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )
