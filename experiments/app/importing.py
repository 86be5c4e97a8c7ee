"""What the server answers to files that are loaded, imports and the interview."""

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

from experiments.app.own import OWN, OWN_FILE
from experiments.app.pages import state_of
from experiments.app.requests import (
    Refused,
    body_of,
    checked,
    json_of,
    plainly,
    session_of,
)
from experiments.errors import is_wrong_input

if TYPE_CHECKING:
    from experiments.app.sessions import Session

LONGEST_NAME = 200


def importing(app: FastAPI) -> None:
    """Add what takes organisations in."""
    _loading(app)
    _imports(app)
    _interview(app)


def _loading(app: FastAPI) -> None:
    @app.post("/api/load")
    async def load(request: Request) -> Any:
        from experiments.app.loading import MOST_BYTES, files_of, loaded

        session = session_of(request)
        data = await json_of(request, MOST_BYTES + MOST_BYTES // 4)

        def take() -> dict[str, Any]:
            files = files_of(data)
            folder = Path(tempfile.mkdtemp(prefix="loaded-", dir=session.folder))
            try:
                asked, own = loaded(files, folder)
            except Exception as error:
                if not is_wrong_input(error):
                    raise
                lines = [plainly(x, folder) for x in str(error).splitlines()]
                raise Refused(422, *lines) from error
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            if asked.base == OWN:
                session.own = own
            return state_of(asked)

        return await run_in_threadpool(lambda: checked(take))


def _imports(app: FastAPI) -> None:
    @app.post("/api/imports/none")
    def forget(request: Request) -> Any:
        shutil.rmtree(_folder(session_of(request)), ignore_errors=True)
        return {}

    @app.post("/api/imports/preview")
    async def preview(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)
        return await run_in_threadpool(lambda: checked(_preview, session, data))

    @app.post("/api/imports/use")
    async def use(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)
        folder = _folder(session)

        def take() -> dict[str, Any]:
            from experiments.app.imports import mapping_of, organisation_files, taken

            session.own = organisation_files(taken(folder, mapping_of(data)))
            shutil.rmtree(folder, ignore_errors=True)
            return _begun()

        return await run_in_threadpool(lambda: checked(take, hide=folder))

    @app.post("/api/imports/{kind}")
    async def send(kind: str, name: str, request: Request) -> Any:
        from experiments.app import imports

        if kind not in imports.SUFFIXES:
            raise Refused(404, "no such kind")
        session = session_of(request)
        kept = checked(imports.kept_as, kind, name[:LONGEST_NAME])
        body = await body_of(request, imports.MOST_BYTES)
        folder = _folder(session)

        def take() -> dict[str, Any]:
            folder.mkdir(exist_ok=True)
            for old in folder.glob(f"sent-{kind}.*"):
                old.unlink()
            path = folder / kept
            path.write_bytes(body)
            look = imports.columns_of if kind == "people" else imports.layers_of
            try:
                return look(path)
            except Exception:
                path.unlink()
                raise

        return await run_in_threadpool(lambda: checked(take, hide=folder))


def _folder(session: "Session") -> Path:
    return session.folder / "sent"


def _begun() -> dict[str, Any]:
    from experiments.app.whatif import Asked

    return state_of(Asked(OWN))


def _preview(session: "Session", data: Any) -> dict[str, Any]:
    """Return what an import amounts to, or all that is wrong with it."""
    from experiments.app import imports
    from experiments.app.catalogue import words
    from simulation.outcomes import LANGUAGES

    folder = _folder(session)
    chosen = imports.mapping_of(data)
    told = {x: words(x) for x in LANGUAGES}
    unknown = imports.unknown_titles(imports.sent(folder, "people"), chosen)
    titles = {
        "unknown": sorted(unknown, key=lambda title: title in chosen.roles),
        "roles": [
            {"name": name, "words": {x: told[x][key] for x in LANGUAGES}}
            for name, key in imports.ROLES.items()
        ],
    }
    try:
        one = imports.taken(folder, chosen)
    except Exception as error:
        if not is_wrong_input(error):
            raise
        problems = [plainly(x, folder) for x in str(error).splitlines()]
        return {"titles": titles, "preview": None, "problems": problems}
    return {"titles": titles, "preview": imports.preview_of(one), "problems": []}


def _interview(app: FastAPI) -> None:
    @app.get("/api/interview")
    def asked() -> Any:
        from experiments.interview.questions import questions

        return [
            {
                "id": q.id,
                "words": dict(q.words),
                "answers": [{"key": a.key, "words": dict(a.words)} for a in q.answers],
                "amount": q.amount
                and {
                    "unit": dict(q.amount.unit),
                    "low": q.amount.low,
                    "high": q.amount.high,
                    "whole": q.amount.whole,
                },
            }
            for q in questions()
        ]

    @app.post("/api/interview")
    async def answer(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)

        def take() -> dict[str, Any]:
            session.own = {OWN_FILE: _interviewed(data).encode()}
            return _begun()

        return await run_in_threadpool(lambda: checked(take))


def _interviewed(data: Any) -> str:
    """Return the scenario of answers; `InputError` with all that is wrong in them."""
    import tomllib

    from experiments.errors import InputError
    from experiments.interview.questions import NotUnderstood, questions, understood
    from experiments.interview.scenario_file import scenario_text
    from simulation.outcomes import LANGUAGES
    from simulation.scenario import scenario_from

    answers = data.get("answers") if isinstance(data, dict) else None
    language = data.get("language") if isinstance(data, dict) else None
    if not isinstance(answers, dict) or language not in LANGUAGES:
        raise InputError("answers: must be a table, in a language")
    found: dict[str, str | float | None] = {}
    problems = [f"{x[:60]}: no such question" for x in answers.keys() - _ids()]
    for question in questions():
        if question.id not in answers:
            continue
        try:
            found[question.id] = understood(question, answers[question.id], language)
        except NotUnderstood as error:
            got = str(answers[question.id])[:60]
            words = question.words[language]
            problems.append(f"{words} {got!r}; allowed: {error.allowed}")
    if problems:
        raise InputError("\n".join(problems))
    text = scenario_text(found, language)
    scenario_from(tomllib.loads(text), OWN_FILE)
    return text


def _ids() -> set[str]:
    from experiments.interview.questions import questions

    return {question.id for question in questions()}
