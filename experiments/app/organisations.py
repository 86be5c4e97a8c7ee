"""Organisations that a page opens: shipped, of scenario files, exports or interviews.

Each is answered with all that the page computes with (`page_data`), and with the files
that its scenario files build on, which the page sends again for documents.
"""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

from experiments.app.exports import export_columns, understood_export
from experiments.app.interviews import interview_files, interview_questions
from experiments.app.loading import files_below, main_scenario
from experiments.app.requests import Refusal, body_of, json_of, language_in, refusing
from experiments.app.sent_files import MOST_BYTES, files_in, files_of
from experiments.share.building import NAMES, page_data
from experiments.share.choices import file_of
from experiments.share.questions import base_of, questions
from simulation.scenario import ResolvedScenario, read, shipped_names

SEED = 1
OTHER_NAMES = ("as-is-2.toml", "to-be-2.toml")


def organisations(app: FastAPI) -> None:
    """Add the routes by which a page opens an organisation."""

    @app.get("/api/organisations/{name}")
    async def shipped(name: str, request: Request) -> Any:
        if name not in shipped_names():
            raise Refusal(404, ("no_organisation", {"name": name[:60]}))
        language = language_in(request)
        return await run_in_threadpool(_opened, read(name), {}, language)

    @app.post("/api/scenarios")
    async def load(request: Request) -> Any:
        data = await json_of(request, MOST_BYTES + MOST_BYTES // 4)
        return await _answer(request, partial(_loaded, partial(files_of, data)))

    @app.post("/api/scenarios/archive")
    async def load_archive(request: Request) -> Any:
        body = await body_of(request, MOST_BYTES)
        return await _answer(request, partial(_loaded, partial(files_in, body)))

    @app.get("/api/interview")
    def asked() -> Any:
        return interview_questions()

    @app.post("/api/interview")
    async def answer(request: Request) -> Any:
        data = await json_of(request)
        return await _answer(request, partial(_interviewed, data))

    @app.post("/api/import/columns")
    async def columns(request: Request) -> Any:
        data = await json_of(request)
        return await _answer(request, partial(export_columns, data))

    @app.post("/api/import")
    async def import_(request: Request) -> Any:
        data = await json_of(request)
        return await _answer(request, partial(_imported, data))


async def _answer(request: Request, make: Callable[[str, Path], Any]) -> Any:
    """Return what is made in a language and an empty folder; refuse wrong input."""

    def made() -> Any:
        language, place = language_in(request), request.app.state.folder
        with (
            tempfile.TemporaryDirectory(dir=place) as folder,
            refusing(language, Path(folder)),
        ):
            return make(language, Path(folder))

    return await run_in_threadpool(made)


def _loaded(
    unpack: Callable[[], Mapping[str, str]], language: str, folder: Path
) -> dict[str, Any]:
    files = unpack()
    return _opened(main_scenario(files, folder), files, language)


def _interviewed(
    data: Mapping[str, Any], language: str, folder: Path
) -> dict[str, Any]:
    files = interview_files(data.get("answers"), language)
    return _opened(main_scenario(files, folder), files, language)


def _imported(data: Mapping[str, Any], language: str, folder: Path) -> dict[str, Any]:
    """Return what was understood of an export, and the organisation once all is."""
    answer, files = understood_export(data, language, folder)
    if files and data.get("use") is True:
        inside = folder / "own"
        inside.mkdir()
        scenario = main_scenario(files, inside)
        answer["organisation"] = _opened(scenario, files, language)
    return answer


def _opened(
    scenario: ResolvedScenario, files: Mapping[str, str], language: str
) -> dict[str, Any]:
    """Return all that a page computes with, of a scenario as its first question."""
    base = base_of(scenario)
    data = page_data(base, questions(base, [scenario]), language, SEED)
    if data["files"]:  # none where it ships
        source = file_of(base).document.source
        needed = files_below(source, files)
        data |= {"files": needed, "basedOn": source, "names": names_beside(needed)}
    return data


def names_beside(files: Mapping[str, str]) -> Sequence[str]:
    """Return names for as-is and to-be that no other file has."""
    return OTHER_NAMES if set(NAMES) & set(files) else NAMES
