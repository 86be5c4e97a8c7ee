"""The server of the what-if page and its routes.

All computation runs in threads; requests only read results. Wrong input is answered
with status 422 and all problems.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from experiments.browser import served_page
from experiments.errors import is_wrong_input
from experiments.fit.troubles import of_choices, plainly, problems_of
from experiments.page.documents import documents
from experiments.page.folders import own_folder
from experiments.page.guarding import LOOPBACK, Guard
from experiments.page.importing import importing
from experiments.page.own import OWN, OWN_FILE
from experiments.page.pages import FILES, SCRIPTS, SHEETS, TEMPLATE
from experiments.page.requests import (
    Refusal,
    checked,
    json_of,
    language_in,
    question_of,
    session_of,
    sessions_of,
)
from experiments.page.saving import Saves
from experiments.page.warming import Warming
from simulation.scenario import read, shipped_names

if TYPE_CHECKING:
    from experiments.page.sessions import Session, Sessions


def make_app(
    threads: int = 2,
    hosts: tuple[str, ...] = LOOPBACK,
    language: str | None = None,
) -> FastAPI:
    """Return the server, with this number of `threads` that simulate worlds.

    Its page opens in `language`; None uses the browser's language.
    """

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with own_folder() as folder:
            app.state.folder = folder
            app.state.warming = Warming(app.state.folder, threads)
            yield
            app.state.saves.close()
            app.state.warming.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.saves = Saves()
    app.add_middleware(Guard, hosts=hosts)
    app.add_exception_handler(Refusal, _refused)
    _page(app, language)
    _questions(app)
    documents(app)
    importing(app)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    problems = error.words(language_in(request))
    return JSONResponse({"problems": problems, "reason": error.reason}, error.status)


def _page(app: FastAPI, language: str | None) -> None:
    """Add the routes of the page, its files, its catalogue and organisations."""

    @app.get("/")
    def page(request: Request) -> Response:
        first = language or language_in(request)
        scripts = ["drawing.js", *SCRIPTS]
        return HTMLResponse(served_page(TEMPLATE, scripts, SHEETS, first))

    @app.get("/files/{name}")
    def file(name: str) -> Response:
        if name not in FILES:
            raise Refusal(404, ("no_file", {}))
        return FileResponse(FILES[name])

    @app.get("/api/catalogue")
    def offered() -> Any:
        from experiments.page.catalogue import catalogue

        return JSONResponse({**catalogue(), "language": language})

    @app.get("/api/organisations/{name}")
    def shipped(name: str, request: Request) -> Any:
        from experiments.page.catalogue import shipped_organisation

        if name == OWN:
            session = session_of(request)
            if OWN_FILE not in session.own:
                raise Refusal(404, ("own_gone", {}))
            return checked(_own, session, hide=session.folder)
        if name not in shipped_names():
            raise Refusal(404, ("no_organisation", {"name": name[:60]}))
        return shipped_organisation(name)


def _own(session: "Session") -> dict[str, Any]:
    from experiments.page.catalogue import organisation

    folder = session.folder / OWN
    folder.mkdir(exist_ok=True)
    for name, content in session.own.items():
        (folder / name).write_bytes(content)
    return organisation(read(folder / OWN_FILE), own=True)


def _questions(app: FastAPI) -> None:
    """Add the routes of sessions, questions, answers and warming."""

    @app.post("/api/sessions")
    async def begin(request: Request) -> Any:
        from experiments.page.sessions import MOST_SESSIONS, Full

        data, sessions = await json_of(request), sessions_of(request)
        before = data.get("from") if isinstance(data, dict) else None
        try:
            return {"session": sessions.begin(before).id}
        except Full:
            problem = ("full", {"n": MOST_SESSIONS})
            raise Refusal(503, problem, reason="full") from None

    @app.post("/api/question")
    async def ask(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)
        sessions, language = sessions_of(request), language_in(request)
        number = await run_in_threadpool(_asked, sessions, session, data, language)
        return {"question": number}

    @app.get("/api/answer")
    def answer(request: Request, after: int = 0, steps: int = 0) -> Any:
        return _answer(request, after, steps)

    @app.post("/api/stop")
    def stop(request: Request) -> Any:
        sessions_of(request).stop(session_of(request))
        return {"stopped": True}

    @app.get("/api/warming")
    def warming(request: Request) -> Any:
        return request.app.state.warming.told()


def _asked(sessions: "Sessions", session: "Session", data: Any, language: str) -> int:
    """Start a page's request; return the number of its question."""
    from experiments.page.whatif import asked_of

    try:
        return sessions.ask(session, asked_of(data)).number
    except Exception as error:
        if not is_wrong_input(error):
            raise
        problems = problems_of(error, language, session.folder)
        raise Refusal(422, *of_choices(error, problems, language)) from error


def _answer(request: Request, after: int, steps: int) -> dict[str, Any]:
    """Return the progress of a question, and results newer than those the page has.

    All of it is of one moment: if `over`, the answer is the last.
    """
    question, sessions = question_of(request), sessions_of(request)
    folder = session_of(request).folder
    sessions.workers.watch(question.run)
    known = question.steps = sessions.steps(question)
    steps_over, told = known.over, known.told
    standing = question.run.standing()
    found = question.answer(standing.told)
    return {
        "answer": found if found and found["worlds"] > after else None,
        "worlds": standing.lived,
        "asked": question.asked.worlds,
        "over": standing.over,
        "stopped": standing.stopped,
        "trouble": _plain(standing.trouble, folder),
        "steps": told if told and told["worlds"] > steps else None,
        "steps_over": steps_over,
        "steps_trouble": _plain(known.trouble, folder),
    }


def _plain(trouble: str, folder: Path) -> str:
    return "\n".join(plainly(line, folder) for line in trouble.splitlines())
