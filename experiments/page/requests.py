"""Common parts of all routes: sessions, limits and refusals."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from experiments.errors import is_wrong_input
from experiments.fit.troubles import Problem, problems_of, worded
from simulation.outcomes import LANGUAGES

if TYPE_CHECKING:
    from experiments.page.saving import Saves
    from experiments.page.sessions import PageQuestion, Session, Sessions

MOST_JSON = 200_000
"""Bytes of a question."""


class Refusal(Exception):
    """End a request with an HTTP status and problems.

    `reason` is a code for the page, which knows what to do about it.
    """

    def __init__(self, status: int, *problems: str | Problem, reason: str = "") -> None:
        self.status, self.problems, self.reason = status, problems, reason

    def words(self, language: str) -> list[str]:
        """Return the problems in a language."""
        return [worded(problem, language) for problem in self.problems]


class Gone(Refusal):
    """The session does not exist, or no longer exists."""

    def __init__(self) -> None:
        super().__init__(410, ("session", {}), reason="session")


def sessions_of(request: Request) -> "Sessions":
    """Return the sessions; refuse while the model is not ready."""
    sessions = request.app.state.warming.sessions
    if sessions is None:
        raise Refusal(503, ("warming", {}), reason="warming")
    return sessions


def saves_of(request: Request) -> "Saves":
    """Return the `Saves` that makes documents."""
    saves: Saves = request.app.state.saves
    return saves


def session_of(request: Request) -> "Session":
    """Return the session that a request names; raise `Gone` if there is none."""
    name = request.headers.get("x-session")
    session = sessions_of(request).find(name)
    if session is None:
        raise Gone
    return session


def question_of(request: Request) -> "PageQuestion":
    """Return the question of a request's session."""
    return question_in(session_of(request), request)


def question_in(session: "Session", request: Request) -> "PageQuestion":
    """Return the question of a session.

    Refuses a request that names another question, as it would not get its answer.
    """
    question = session.question
    if question is None:
        raise Refusal(409, ("nothing_asked", {}), reason="changed")
    wanted = request.query_params.get("question")
    if wanted is not None and wanted != str(question.number):
        raise Refusal(409, ("changed", {}), reason="changed")
    return question


def checked(
    function: Callable, *arguments: Any, hide: Path | None = None, language: str = "en"
) -> Any:
    """Return the result of a function; refuse wrong input with all problems.

    `hide` is a folder whose path is left out of problems.
    """
    try:
        return function(*arguments)
    except Exception as error:
        if not is_wrong_input(error):
            raise
        raise Refusal(422, *problems_of(error, language, hide)) from error


def language_in(request: Request) -> str:
    """Return the language of the answer to a request.

    The page sends its language in `Accept-Language`, as browsers do.
    """
    first = request.headers.get("accept-language", "")[:2].lower()
    return first if first in LANGUAGES else LANGUAGES[0]


def language_of(data: Any) -> str:
    """Return the language that a page names in the data it sends, or the default."""
    found = data.get("language") if isinstance(data, Mapping) else None
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request; refuse one of more than `most` bytes."""
    large = Refusal(413, ("large", {"most": most}))
    if int(request.headers.get("content-length", 0)) > most:
        raise large
    parts, size = [], 0
    try:
        async for part in request.stream():
            size += len(part)
            if size > most:
                raise large
            parts.append(part)
    except ClientDisconnect:
        raise Refusal(499, ("gone", {})) from None
    return b"".join(parts)


async def json_of(request: Request, most: int = MOST_JSON) -> Any:
    """Return the JSON data of a request's body."""
    body = await body_of(request, most)
    try:
        data = json.loads(body)
        json.dumps(data, ensure_ascii=False).encode()  # refuses lone surrogates
    except (ValueError, RecursionError):
        raise Refusal(422, ("not_json", {})) from None
    return data
