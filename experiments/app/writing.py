"""Write a comparison as documents: report, slides, workbook, figures, data, results."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.app.making import HasGone, Watched, pen
from experiments.files.archives import zipped

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison
    from experiments.show.document import Document
    from simulation.scenario import ResolvedScenario

DRAWN = {
    "figure.svg": "over_time.svg",
    "figure.png": "over_time.png",
    "data.csv": "over_time.csv",
}
"""Documents that are one file of the results of `orgsim compare`."""
FEWEST_WORLDS = 5
"""Worlds from which the median one is picked, at least."""
Write = Callable[["Comparison", Path, str, str], bytes]


def written(
    name: str, study: "Comparison", folder: Path, language: str, gone: HasGone
) -> bytes:
    """Return a document of a comparison; `folder` is an empty one to write into."""
    makers: dict[str, Write] = {
        "results.zip": _results,
        "report.html": _report_page,
        "slides.pptx": _report_document,
        "workbook.xlsx": _report_document,
        "worth.html": _worth_page,
    }
    assert study.results  # statistics, before the pen is held
    with pen(gone):
        return makers.get(name, _figure)(study, folder, language, name)


def _figure(study: "Comparison", folder: Path, language: str, name: str) -> bytes:
    """Return the figure over time, or its data."""
    from experiments.compare.drawing import draw_over_time

    draw_over_time(study.shown, folder, language, "slide")
    return (folder / DRAWN[name]).read_bytes()


def _results(study: "Comparison", folder: Path, language: str, _: str) -> bytes:
    """Return a zip archive of all files that `orgsim compare` writes."""
    from experiments.compare.results import save

    save(study, folder, language)
    files = sorted(folder.iterdir())
    return zipped({file.name: file.read_bytes() for file in files})


def _report(study: "Comparison", language: str) -> "Document":
    """Return the report of `orgsim report --quick`."""
    from experiments.report.building import report_of
    from experiments.report.sections import asked_of

    names = tuple(f"{one.name}.toml" for one in study.runs.scenarios)
    return report_of(study, asked_of(study.runs, names, language))


def _report_page(study: "Comparison", _: Path, language: str, __: str) -> bytes:
    """Return the report as one HTML page."""
    from experiments.show.page import page

    return page(_report(study, language)).encode()


def _worth_page(study: "Comparison", _: Path, language: str, __: str) -> bytes:
    """Return what is worth finding out, of the worlds of the answer, as a page."""
    from experiments.show.page import page
    from experiments.worth.documents import worth_document
    from experiments.worth.finding import BY, check_choice, worth_of

    check_choice(study.runs.scenarios, BY)
    return page(worth_document(worth_of(study.runs, BY), language)).encode()


def _report_document(
    study: "Comparison", folder: Path, language: str, name: str
) -> bytes:
    """Return the report as one file: slides or a workbook."""
    from experiments.show.writing import write_documents

    [file] = write_documents(_report(study, language), folder, (Path(name).stem,))
    return file.read_bytes()


def people_page(
    pair: tuple["ResolvedScenario", "ResolvedScenario"], seed: int, language: str
) -> str:
    """Return who meets whom in one world, week by week, as is and to be."""
    from experiments.people.privacy import hidden
    from experiments.people.recorded import record
    from experiments.people.slider import page_html, slider_html

    return page_html(slider_html(hidden(record(pair, seed=seed)), language), language)


def story_page(
    pair: tuple["ResolvedScenario", "ResolvedScenario"],
    worlds: int,
    seed: int,
    language: str,
    gone: HasGone,
) -> str:
    """Return the story of the median world of the answer, which plays week by week."""
    from experiments.story.making import CHRONICLE, story_document
    from experiments.story.request import MEDIAN, request_of

    request = request_of(pair, MEDIAN, max(worlds, FEWEST_WORLDS), seed)
    document = story_document(request, language, progress=Watched(gone))
    return str(document.attachments[CHRONICLE])
