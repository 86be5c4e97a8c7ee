"""Routes of the server that make documents of an answer: report, slides, data, page.

A request brings the scenario files of the page and how much it simulated. The documents
are those of the command line for the same files.
"""

import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response

from experiments.app.loading import main_scenario
from experiments.app.making import DocumentMaker, HasGone, Watched, go_on
from experiments.app.requests import Refusal, json_of, language_in, refusing
from experiments.app.sent_files import MOST_BYTES, files_of
from experiments.compare.settling import MOST_WORLDS
from experiments.fit.troubles import Problem
from experiments.share.choices import as_is_of

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison
    from simulation.scenario import ResolvedScenario

OFFICE = "application/vnd.openxmlformats-officedocument."
HTML = "text/html; charset=utf-8"
PAGE, PEOPLE, STORY = "page.html", "people.html", "story.html"
KINDS = {
    "report.html": HTML,
    "slides.pptx": OFFICE + "presentationml.presentation",
    "workbook.xlsx": OFFICE + "spreadsheetml.sheet",
    "worth.html": HTML,
    PAGE: HTML,
    PEOPLE: HTML,
    STORY: HTML,
    "figure.png": "image/png",
    "figure.svg": "image/svg+xml",
    "data.csv": "text/csv; charset=utf-8",
    "results.zip": "application/zip",
}
LIMITS = {"worlds": (2, MOST_WORLDS), "seed": (0, 2**53)}


def documents(app: FastAPI) -> None:
    """Add the route of documents."""

    @app.post("/api/documents/{name}")
    async def document(name: str, request: Request) -> Response:
        if name not in KINDS:
            raise Refusal(404, ("no_file", {}))
        data = await json_of(request, 2 * MOST_BYTES)
        language, maker = language_in(request), request.app.state.maker
        assert isinstance(maker, DocumentMaker)
        place = request.app.state.folder
        live = partial(_compared, maker, request.app.state.workers)
        make = partial(_made, name, data, language, place, live)
        content = await maker.made(request, language, make)
        return Response(content, media_type=KINDS[name])


def _made(
    name: str,
    data: Mapping[str, Any],
    language: str,
    place: Path,
    live: Callable,
    gone: HasGone,
) -> bytes:
    """Return a document of the files in a request."""
    from experiments.app.writing import people_page, story_page, written
    from experiments.share.building import share_page

    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as inside:
        folder = Path(inside)
        with refusing(language, folder):
            worlds, seed = _numbers(data)
            files = files_of(data)
            to_be = main_scenario(files, folder)
            pair = as_is_of(to_be), to_be
            go_on(gone)
            if name == PAGE:
                return share_page([to_be], language, seed).encode()
            if name == PEOPLE:
                return people_page(pair, seed, language).encode()
            if name == STORY:
                return story_page(pair, worlds, seed, language, gone).encode()
            study = live(files, pair, worlds, seed, gone)
            results = folder / "results"
            results.mkdir()
            return written(name, study, results, language, gone)


def _numbers(data: Mapping[str, Any]) -> list[int]:
    """Return worlds and seed; refuse those out of range."""
    problems: list[Problem] = []
    for name, (low, high) in LIMITS.items():
        value = data.get(name)
        whole = isinstance(value, int) and not isinstance(value, bool)
        if not (whole and low <= data[name] <= high):
            got: dict[str, str | int] = {"name": name, "value": repr(value)[:60]}
            got |= {"low": low, "high": high}
            problems.append(("asked_whole", got))
    if problems:
        raise Refusal(422, *problems)
    return [data[name] for name in LIMITS]


def _compared(
    maker: DocumentMaker,
    workers: int,
    files: Mapping[str, str],
    pair: tuple["ResolvedScenario", "ResolvedScenario"],
    worlds: int,
    seed: int,
    gone: HasGone,
) -> "Comparison":
    """Return the comparison of both scenarios, as the command line makes it."""
    from experiments.compare.comparison import compare

    watched = Watched(gone)
    key = (tuple(sorted(files.items())), worlds, seed)

    def make() -> "Comparison":
        return compare(
            *pair, replicates=worlds, seed=seed, workers=workers, progress=watched
        )

    return maker.keep(key, make)
