"""What is common to all answers: sessions, limits, and how refusals are told."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import Request

from experiments.app.troubles import problems_of
from experiments.errors import is_wrong_input
from simulation.outcomes import LANGUAGES

if TYPE_CHECKING:
    from experiments.app.saving import Saves
    from experiments.app.sessions import Question, Session, Sessions

MOST_JSON = 200_000
"""Bytes of a question."""


class Refused(Exception):
    """Ends a request with a status and problems."""

    def __init__(self, status: int, *problems: str) -> None:
        self.status, self.problems = status, problems


class Gone(Refused):
    """There is no such session (any more)."""

    def __init__(self) -> None:
        super().__init__(410, "session")


def sessions_of(request: Request) -> "Sessions":
    """Return the sessions; refused while the model is not ready."""
    sessions = request.app.state.warming.sessions
    if sessions is None:
        raise Refused(503, "warming")
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


def question_of(request: Request) -> "Question":
    """Return what the session of a request has asked."""
    question = session_of(request).question
    if question is None:
        raise Refused(409, "nothing was asked yet")
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
        raise Refused(422, *problems_of(error, language, hide)) from error


def language_of(data: Any) -> str:
    """Return the language in which a page wants to be told, from what it sends."""
    found = data.get("language") if isinstance(data, Mapping) else None
    return found if isinstance(found, str) and found in LANGUAGES else LANGUAGES[0]


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request; refused where it is larger than allowed."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(413, f"too large; allowed: {most:,} bytes")
        parts.append(part)
    return b"".join(parts)


async def json_of(request: Request, most: int = MOST_JSON) -> Any:
    """Return the JSON that a request brings."""
    body = await body_of(request, most)
    try:
        data = json.loads(body)
        json.dumps(data, ensure_ascii=False).encode()  # halves of letters are refused
    except (ValueError, RecursionError):
        raise Refused(422, "not JSON") from None
    return data
