"""The server of the what-if page: what it answers to which request.

Everything that computes runs in threads; requests only look at what is there. What is
wrong with what was asked comes back as status 422 with all problems.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from experiments.app.documents import documents
from experiments.app.guarding import LOOPBACK, Guard
from experiments.app.importing import importing
from experiments.app.own import OWN, OWN_FILE
from experiments.app.pages import FILES, SCRIPTS, SHEETS, TEMPLATE
from experiments.app.requests import (
    Refused,
    checked,
    json_of,
    question_of,
    session_of,
    sessions_of,
)
from experiments.app.saving import Saves
from experiments.app.troubles import plainly
from experiments.app.warming import Warming
from experiments.page import served_page
from simulation.scenario import read, shipped_names

if TYPE_CHECKING:
    from experiments.app.sessions import Session


def make_app(threads: int = 2, hosts: tuple[str, ...] = LOOPBACK) -> FastAPI:
    """Return the server, with `threads` that live worlds."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with tempfile.TemporaryDirectory(
            prefix="orgsim-app-", ignore_cleanup_errors=True
        ) as folder:
            app.state.folder = Path(folder)
            app.state.warming = Warming(app.state.folder, threads)
            yield
            app.state.saves.close()
            app.state.warming.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.saves = Saves()
    app.add_middleware(Guard, hosts=hosts)
    app.add_exception_handler(Refused, _refused)
    _page(app)
    _questions(app)
    documents(app)
    importing(app)
    return app


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return JSONResponse({"problems": list(error.problems)}, error.status)


def _page(app: FastAPI) -> None:
    """Answer with the page, its files and what it can offer."""

    @app.get("/")
    def page() -> Response:
        return HTMLResponse(served_page(TEMPLATE, ["drawing.js", *SCRIPTS], SHEETS))

    @app.get("/files/{name}")
    def file(name: str) -> Response:
        if name not in FILES:
            raise Refused(404, "no such file")
        return FileResponse(FILES[name])

    @app.get("/api/catalogue")
    def offered() -> Any:
        from experiments.app.catalogue import catalogue

        return JSONResponse(dict(catalogue()))

    @app.get("/api/organisations/{name}")
    def shipped(name: str, request: Request) -> Any:
        from experiments.app.catalogue import shipped_organisation

        if name == OWN:
            session = session_of(request)
            if OWN_FILE not in session.own:
                raise Refused(404, "no organisation of your own is loaded")
            return checked(_own, session, hide=session.folder)
        if name not in shipped_names():
            raise Refused(404, f"{name[:60]}: no such organisation ships")
        return shipped_organisation(name)


def _own(session: "Session") -> dict[str, Any]:
    from experiments.app.catalogue import organisation

    folder = session.folder / OWN
    folder.mkdir(exist_ok=True)
    for name, content in session.own.items():
        (folder / name).write_bytes(content)
    return organisation(read(folder / OWN_FILE), own=True)


def _questions(app: FastAPI) -> None:
    """Answer to questions, and to who watches their runs."""

    @app.post("/api/sessions")
    async def begin(request: Request) -> Any:
        data, sessions = await json_of(request), sessions_of(request)
        before = data.get("from") if isinstance(data, dict) else None
        return {"session": sessions.begin(sessions.find(before)).id}

    @app.post("/api/question")
    async def ask(request: Request) -> Any:
        from experiments.app.whatif import asked_of

        session, data = session_of(request), await json_of(request)
        sessions = sessions_of(request)

        def begin() -> None:
            sessions.ask(session, asked_of(data))

        await run_in_threadpool(lambda: checked(begin, hide=session.folder))
        return {"begun": True}

    @app.get("/api/answer")
    def answer(request: Request, after: int = 0, steps: int = 0) -> Any:
        question, sessions = question_of(request), sessions_of(request)
        sessions.workers.watch(question.run)
        known = question.steps = sessions.steps(question)
        told, found = known.told, question.answer()
        run = question.run
        newer = found if found and found["worlds"] > after else None
        return {
            "answer": newer,
            "worlds": run.there,
            "asked": run.asked,
            "over": run.over,
            "stopped": run.stopped,
            "trouble": _plain(run.trouble, session_of(request)),
            "steps": told if told and told["worlds"] > steps else None,
            "steps_over": known.over,
            "steps_trouble": _plain(known.trouble, session_of(request)),
        }

    @app.post("/api/stop")
    def stop(request: Request) -> Any:
        sessions_of(request).stop(session_of(request))
        return {"stopped": True}

    @app.get("/api/warming")
    def warming(request: Request) -> Any:
        return request.app.state.warming.told()


def _plain(trouble: str, session: "Session") -> str:
    lines = trouble.splitlines()
    return "\n".join(plainly(line, session.folder) for line in lines)
