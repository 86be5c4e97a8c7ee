"""Routes of the server to save scenario files, figures, data, pages and documents."""

import base64
import hashlib
import re
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.concurrency import run_in_threadpool

from experiments.files.archives import zipped
from experiments.page.requests import (
    Gone,
    Refusal,
    checked,
    question_in,
    question_of,
    saves_of,
    session_of,
    sessions_of,
)
from experiments.page.saving import HasGone, Kind, Saves, go_on
from experiments.words.numerals import say
from simulation.outcomes import LANGUAGES

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison
    from experiments.page.sessions import PageQuestion, Session

OFFICE = "application/vnd.openxmlformats-officedocument."
SCENARIOS, SHARED = "scenarios.zip", "page.html"
KINDS = {
    SCENARIOS: "application/zip",
    "results.zip": "application/zip",
    "figure.svg": "image/svg+xml",
    "figure.png": "image/png",
    "data.csv": "text/csv; charset=utf-8",
    SHARED: "text/html; charset=utf-8",
    "report.html": "text/html; charset=utf-8",
    "slides.pptx": OFFICE + "presentationml.presentation",
    "workbook.xlsx": OFFICE + "spreadsheetml.sheet",
}


def documents(app: FastAPI) -> None:
    """Add the routes of documents and of the graph of people."""

    @app.get("/api/documents/{name}")
    async def document(
        name: str,
        request: Request,
        language: str = "en",
        worlds: int | None = None,
        steps: int | None = None,
    ) -> Response:
        if name not in KINDS:
            raise Refusal(404, ("no_file", {}))
        _check(language)
        session, question = session_of(request), question_of(request)
        kind = Kind(_worlds_told(question, language, worlds), language, name)
        if name == SCENARIOS:  # available before there is any answer
            return Response(scenarios_zip(question, kind), media_type=KINDS[name])
        if not kind.worlds:
            raise Refusal(409, say("app_no_answer", language))
        if name == SHARED:
            writing = partial(shared_page, question, kind, steps)
            content = await run_in_threadpool(checked, writing, hide=session.folder)
            return Response(content, media_type=KINDS[name])
        content = question.made.get(kind)
        if content is None:
            saves = saves_of(request)
            making = partial(_made, saves, session, question, kind)
            content = await saves.made(request, session.saving, language, making)
        return Response(content, media_type=KINDS[name])

    @app.get("/people")
    def people(request: Request, session: str, language: str = "en") -> Response:
        try:
            _check(language)
            text = _people(request, session, language)
        except Refusal as refused:
            problems = "\n".join(refused.words(language))
            return PlainTextResponse(problems, refused.status)
        return Response(
            text,
            media_type="text/html; charset=utf-8",
            headers={"content-security-policy": people_policy(text)},
        )


def _people(request: Request, session: str, language: str) -> str:
    """Return the graph page of a session's question; refuse an outdated request."""
    found = sessions_of(request).find(session)
    if found is None:
        raise Gone
    question = question_in(found, request)
    return str(checked(people_page, question, language, hide=found.folder))


def _check(language: str) -> None:
    if language not in LANGUAGES:
        raise Refusal(422, f"language: allowed: {', '.join(LANGUAGES)}")


def _worlds_told(question: "PageQuestion", language: str, wanted: int | None) -> int:
    """Return the number of worlds of the answer to save; 0 if there is no answer."""
    standing = question.run.standing()
    if wanted is None:
        return standing.told
    if not 2 <= wanted <= standing.lived:
        raise Refusal(409, say("app_no_answer", language))
    return wanted


def _made(
    saves: Saves,
    session: "Session",
    question: "PageQuestion",
    kind: Kind,
    gone: HasGone,
) -> bytes:
    """Return a document; cache it and those that are made by the same work."""
    from experiments.page.writing import written

    go_on(gone)
    study = study_of(question, kind.worlds, gone)
    saves.hold(question)
    with tempfile.TemporaryDirectory(
        dir=session.folder, ignore_cleanup_errors=True
    ) as folder:
        write = partial(written, study, Path(folder), kind, gone)
        made: dict[str, bytes] = checked(write, hide=session.folder)
    for name, content in made.items():
        question.made.keep(kind._replace(name=name), content)
    return made[kind.name]


def study_of(question: "PageQuestion", worlds: int, gone: HasGone) -> "Comparison":
    """Return the comparison of `worlds` worlds, as the command line makes it."""
    from experiments.compare.comparison import Comparison, chosen_outcomes

    study = question.study
    if study is None or len(study.runs.worlds) != worlds:
        runs = question.run.replicates(worlds, gone)
        study = question.study = Comparison(runs, chosen_outcomes(None))
    return study


def scenarios_zip(question: "PageQuestion", kind: Kind) -> bytes:
    """Return a zip archive of the scenario files, with a README on how to run them."""
    asked, folder = question.asked, question.folder
    worlds = str(kind.worlds or asked.worlds)
    text = say("app_how_to", kind.language, worlds=worlds, seed=str(asked.seed))
    files = question.own | {
        x: (folder / x).read_bytes() for x in ("as-is.toml", "to-be.toml")
    }
    return zipped(files | {"README.txt": text.encode()})


def shared_page(question: "PageQuestion", kind: Kind, steps: int | None) -> bytes:
    """Return the page with its answer, as one file that opens without a network.

    `steps` is the number of worlds of the ranked steps; None takes the newest.
    """
    from experiments.browser import DRAWING, STYLE, whole_page
    from experiments.page.catalogue import catalogue, organisation
    from experiments.page.own import OWN, OWN_FILE
    from experiments.page.pages import HERE, SCRIPTS, TEMPLATE, state_of
    from simulation.scenario import read

    asked, worlds, language = question.asked, kind.worlds, kind.language
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
        "state": state_of(asked) | {"seed": asked.seed, "worlds": worlds},
        "status": {"worlds": worlds, "asked": asked.worlds},
        "answer": question.answer(worlds),
        "steps": _steps(question, steps),
    }
    scripts = [DRAWING, *(HERE / name for name in SCRIPTS)]
    styles = [STYLE, HERE / "app.css"]
    return whole_page(TEMPLATE, data, scripts, styles, language).encode()


def _steps(question: "PageQuestion", worlds: int | None) -> dict[str, Any] | None:
    """Return the steps ranked after `worlds` worlds; None if there are none."""
    steps = question.steps
    if steps is None:
        return None
    return steps.told if worlds is None else steps.tellings.get(worlds)


def people_page(question: "PageQuestion", language: str) -> str:
    """Return the graph of people of as-is and to-be in one world, with a slider."""
    from experiments.people.privacy import hidden
    from experiments.people.recorded import record
    from experiments.people.slider import page_html, slider_html

    with question.recording_once:
        if question.recording is None:
            seed = question.asked.seed
            question.recording = hidden(record(question.scenarios, seed=seed))
    return page_html(slider_html(question.recording, language), language)


def people_policy(page: str) -> str:
    """Return a content security policy that allows only the page's own scripts."""
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
