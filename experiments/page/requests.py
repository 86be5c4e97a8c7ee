"""What is common to all answers: sessions, limits, and how refusals are told."""

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
    """Ends a request with a status and problems.

    `reason` is for a page that knows what to do about it.
    """

    def __init__(self, status: int, *problems: str | Problem, reason: str = "") -> None:
        self.status, self.problems, self.reason = status, problems, reason

    def words(self, language: str) -> list[str]:
        """Return the problems in a language."""
        return [worded(problem, language) for problem in self.problems]


class Gone(Refusal):
    """There is no such session (any more)."""

    def __init__(self) -> None:
        super().__init__(410, ("session", {}), reason="session")


def sessions_of(request: Request) -> "Sessions":
    """Return the sessions; refused while the model is not ready."""
    sessions = request.app.state.warming.sessions
    if sessions is None:
        raise Refusal(503, ("warming", {}), reason="warming")
    return sessions


def saves_of(request: Request) -> "Saves":
    """Return what makes documents."""
    saves: Saves = request.app.state.saves
    return saves


def session_of(request: Request) -> "Session":
    """Return the session that a request names; `Gone` where there is none."""
    name = request.headers.get("x-session")
    session = sessions_of(request).find(name)
    if session is None:
        raise Gone
    return session


def question_of(request: Request) -> "PageQuestion":
    """Return what the session of a request has asked."""
    return question_in(session_of(request), request)


def question_in(session: "Session", request: Request) -> "PageQuestion":
    """Return what a session has asked.

    Refused where the request names an earlier one, whose answer it would not get.
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
    """Call a function; what is wrong with the input is refused with all problems.

    `hide` is a folder whose path is left out of what is told.
    """
    try:
        return function(*arguments)
    except Exception as error:
        if not is_wrong_input(error):
            raise
        raise Refusal(422, *problems_of(error, language, hide)) from error


def language_in(request: Request) -> str:
    """Return the language in which a request wants to be answered.

    The page names its own in `Accept-Language`, as browsers do.
    """
    first = request.headers.get("accept-language", "")[:2].lower()
    return first if first in LANGUAGES else LANGUAGES[0]


def language_of(data: Any) -> str:
    """Return the language in which a page wants to be told, from what it sends."""
    found = data.get("language") if isinstance(data, Mapping) else None
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request; refused where it is larger than allowed."""
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
    """Return the JSON that a request brings."""
    body = await body_of(request, most)
    try:
        data = json.loads(body)
        json.dumps(data, ensure_ascii=False).encode()  # halves of letters are refused
    except (ValueError, RecursionError):
        raise Refusal(422, ("not_json", {})) from None
    return data
