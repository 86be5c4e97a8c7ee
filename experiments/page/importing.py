"""Routes of the server for loaded files, imports and the interview."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

from experiments.errors import is_wrong_input
from experiments.fit.troubles import (
    Problem,
    TranslatedError,
    advised,
    problems_of,
    told,
)
from experiments.page.own import OWN, OWN_FILE
from experiments.page.pages import state_of
from experiments.page.requests import (
    Refusal,
    body_of,
    checked,
    json_of,
    language_of,
    session_of,
)

if TYPE_CHECKING:
    from experiments.page.sessions import Session

LONGEST_NAME = 200


def importing(app: FastAPI) -> None:
    """Add the routes by which a user brings an organisation."""
    _loading(app)
    _imports(app)
    _interview(app)


def _loading(app: FastAPI) -> None:
    @app.post("/api/load")
    async def load(request: Request) -> Any:
        from experiments.page.sent_files import MOST_BYTES, files_of

        session = session_of(request)
        data = await json_of(request, MOST_BYTES + MOST_BYTES // 4)
        language = language_of(data)
        return await run_in_threadpool(_load, session, language, files_of, data)

    @app.post("/api/load/archive")
    async def load_archive(request: Request, language: str = "en") -> Any:
        from experiments.page.sent_files import MOST_BYTES, files_in

        session = session_of(request)
        body = await body_of(request, MOST_BYTES)
        known = language_of({"language": language})
        return await run_in_threadpool(_load, session, known, files_in, body)


def _load(session: "Session", language: str, unpack: Callable, sent: Any) -> Any:
    """Return the page state of files that were sent; keep the user's organisation."""
    from experiments.page.loading import loaded

    folder = Path(tempfile.mkdtemp(prefix="loaded-", dir=session.folder))
    try:
        with _refusing(language, folder):
            asked, own = loaded(unpack(sent), folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if asked.base == OWN:
        session.own = own
    return state_of(asked)


@contextmanager
def _refusing(
    language: str, folder: Path, names: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Turn errors about files in a folder into a `Refusal` with advice."""
    try:
        yield
    except Exception as error:
        if not is_wrong_input(error):
            raise
        raise Refusal(422, *_told(error, language, folder, names)) from error


def _told(
    error: Exception,
    language: str,
    folder: Path,
    names: Mapping[str, str] | None = None,
) -> list[str]:
    return advised(error, problems_of(error, language, folder, names), language)


def _imports(app: FastAPI) -> None:
    @app.post("/api/imports/none")
    def forget(request: Request) -> Any:
        session = session_of(request)
        shutil.rmtree(_folder(session), ignore_errors=True)
        session.sent.clear()
        return {}

    @app.post("/api/imports/preview")
    async def preview(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)
        return await run_in_threadpool(lambda: checked(_preview, session, data))

    @app.post("/api/imports/use")
    async def use(request: Request) -> Any:
        session, data = session_of(request), await json_of(request)
        return await run_in_threadpool(_use, session, data)

    @app.post("/api/imports/{kind}")
    async def send(kind: str, name: str, request: Request, language: str = "en") -> Any:
        from experiments.page import imports

        if kind not in imports.SUFFIXES:
            raise Refusal(404, "no such kind")
        session, name = session_of(request), name[:LONGEST_NAME]
        language = language_of({"language": language})
        kept = checked(imports.kept_as, kind, name, language=language)
        body = await body_of(request, imports.MOST_BYTES)
        session.sent[kind] = imports.plain_name(name)
        return await run_in_threadpool(_send, session, kind, kept, body, language)


def _send(
    session: "Session", kind: str, kept: str, body: bytes, language: str
) -> dict[str, Any]:
    """Store a file that was sent, and return its columns or layers."""
    from experiments.page import imports

    folder = _folder(session)
    folder.mkdir(exist_ok=True)
    for old in folder.glob(f"sent-{kind}.*"):
        old.unlink()
    path = folder / kept
    path.write_bytes(body)
    look = imports.columns_of if kind == "people" else imports.layers_of
    try:
        with _refusing(language, folder, _names(session)):
            return look(path)
    except Exception:
        path.unlink()
        raise


def _use(session: "Session", data: Any) -> dict[str, Any]:
    """Make the files that were sent the session's organisation; delete these files."""
    from experiments.page.imports import mapping_of, organisation_files, taken

    folder = _folder(session)
    with _refusing(language_of(data), folder, _names(session)):
        session.own = organisation_files(taken(folder, mapping_of(data)))
    shutil.rmtree(folder, ignore_errors=True)
    session.sent.clear()
    return _begun()


def _names(session: "Session") -> dict[str, str]:
    """Return the user's file names, by the names used in problems."""
    from experiments.page.imports import called

    return {
        other: name for kind, name in session.sent.items() for other in called(kind)
    }


def _folder(session: "Session") -> Path:
    return session.folder / "sent"


def _begun() -> dict[str, Any]:
    from experiments.page.asked import PageRequest

    return state_of(PageRequest(OWN))


def _preview(session: "Session", data: Any) -> dict[str, Any]:
    """Return a preview of an import, or all problems with it."""
    from experiments.page import imports
    from experiments.page.catalogue import words
    from simulation.outcomes import LANGUAGES

    folder = _folder(session)
    chosen = imports.mapping_of(data)
    called = {x: words(x) for x in LANGUAGES}
    unknown = imports.unknown_titles(imports.sent(folder, "people"), chosen)
    titles = {
        "unknown": sorted(unknown, key=lambda title: title in chosen.roles),
        "roles": [
            {"name": name, "words": {x: called[x][key] for x in LANGUAGES}}
            for name, key in imports.ROLES.items()
        ],
    }
    told: dict[str, Any] = {"titles": titles, "preview": None, "problems": []}
    language = language_of(data)
    people = imports.sent(folder, "people")
    told["fte"] = people is not None and imports.has_shares(people, chosen)
    try:
        told["preview"] = imports.preview_of(imports.taken(folder, chosen), language)
    except Exception as error:
        if not is_wrong_input(error):
            raise
        told["problems"] = _told(error, language, folder, _names(session))
    return told


def _interview(app: FastAPI) -> None:
    @app.get("/api/interview")
    def asked() -> Any:
        from experiments.fit.interview.questions import questions

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

        language = language_of(data)
        return await run_in_threadpool(lambda: checked(take, language=language))


def _interviewed(data: Any) -> str:
    """Return the scenario of answers; raise `TranslatedError` with all mistakes."""
    import tomllib

    from experiments.fit.interview.questions import NotUnderstood, questions, understood
    from experiments.fit.interview.scenario_file import scenario_text
    from simulation.outcomes import LANGUAGES
    from simulation.scenario import scenario_from

    answers = data.get("answers") if isinstance(data, dict) else None
    language = data.get("language") if isinstance(data, dict) else None
    if not isinstance(answers, dict) or language not in LANGUAGES:
        raise told("interview_table")
    found: dict[str, str | float | None] = {}
    unknown = sorted(answers.keys() - _ids())
    problems: list[Problem] = [("interview_unknown", {"id": x[:60]}) for x in unknown]
    for question in questions():
        if question.id not in answers:
            continue
        try:
            found[question.id] = understood(question, answers[question.id], language)
        except NotUnderstood as error:
            got = repr(str(answers[question.id])[:60])
            values = {"question": question.words[language], "got": got}
            problems.append(("interview_wrong", {**values, "allowed": error.allowed}))
    if problems:
        raise TranslatedError(*problems)
    text = scenario_text(found, language)
    scenario_from(tomllib.loads(text), OWN_FILE)
    return text


def _ids() -> set[str]:
    from experiments.fit.interview.questions import questions

    return {question.id for question in questions()}
