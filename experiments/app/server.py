"""The server of the page and its routes.

Requests read what they bring and answer; nothing is kept. Wrong input is answered with
status 422 and all problems.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.concurrency import run_in_threadpool

from experiments.app.documents import documents
from experiments.app.folders import own_folder
from experiments.app.guarding import LOOPBACK, Guard
from experiments.app.making import DocumentMaker
from experiments.app.organisations import organisations
from experiments.app.page import app_page, policy
from experiments.app.requests import Refusal, language_in


def make_app(
    workers: int = 2,
    hosts: tuple[str, ...] = LOOPBACK,
    language: str | None = None,
) -> FastAPI:
    """Return the server, which makes documents with this number of `workers`.

    Its page opens in `language`; None uses the browser's language.
    """
    page_in = cache(app_page)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with own_folder() as folder:
            app.state.folder = folder
            yield
            app.state.maker.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.maker, app.state.workers = DocumentMaker(), workers
    app.add_middleware(Guard, hosts=hosts)
    app.add_exception_handler(Refusal, _refused)
    organisations(app)
    documents(app)

    @app.get("/")
    async def page(request: Request) -> Response:
        text = await run_in_threadpool(page_in, language or language_in(request))
        return HTMLResponse(text, headers={"content-security-policy": policy(text)})

    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    problems = error.words(language_in(request))
    return JSONResponse({"problems": problems}, error.status)
