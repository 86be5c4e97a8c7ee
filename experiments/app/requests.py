"""Common parts of all routes: bodies, limits and refusals."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.requests import ClientDisconnect

from experiments.errors import is_wrong_input
from experiments.fit.troubles import Problem, advised, problems_of, worded
from experiments.imports.words import ImportProblem
from simulation.outcomes import LANGUAGES

MOST_JSON = 32_000_000
"""Bytes of a request: two exports of ten million bytes, as letters."""


class Refusal(Exception):
    """End a request with an HTTP status and problems."""

    def __init__(self, status: int, *problems: str | Problem) -> None:
        self.status, self.problems = status, problems

    def words(self, language: str) -> list[str]:
        """Return the problems in a language."""
        return [worded(problem, language) for problem in self.problems]


@contextmanager
def refusing(language: str, folder: Path | None = None) -> Iterator[None]:
    """Turn wrong input into a `Refusal` with all problems, and advice about files.

    `folder` is one whose path is left out of problems.
    """
    try:
        yield
    except Exception as error:
        if not is_wrong_input(error):
            raise
        problems = problems_of(error, language, folder)
        if not isinstance(error, ImportProblem):  # which has its advice already
            problems = advised(error, problems, language)
        raise Refusal(422, *problems) from error


def language_in(request: Request) -> str:
    """Return the language of the answer to a request.

    The page sends its language in `Accept-Language`, as browsers do.
    """
    first = request.headers.get("accept-language", "")[:2].lower()
    return first if first in LANGUAGES else LANGUAGES[0]


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


async def json_of(request: Request, most: int = MOST_JSON) -> Mapping[str, Any]:
    """Return the JSON table in a request's body."""
    body = await body_of(request, most)
    try:
        data = json.loads(body)
        json.dumps(data, ensure_ascii=False).encode()  # refuses lone surrogates
    except (ValueError, RecursionError):
        raise Refusal(422, ("not_json", {})) from None
    if not isinstance(data, Mapping):
        raise Refusal(422, ("not_json", {}))
    return data
