"""Write a comparison as documents: figures, data, results, report, slides, workbook."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.files.archives import zipped
from experiments.page.saving import HasGone, Kind, pen

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison
    from experiments.show.document import Document

DRAWN = {
    "figure.svg": "trajectories.svg",
    "figure.png": "trajectories.png",
    "data.csv": "trajectories.csv",
}
"""Documents that are one file of the results of `orgsim compare`."""


def written(
    study: "Comparison", folder: Path, kind: Kind, gone: HasGone
) -> dict[str, bytes]:
    """Return a document, with others that come from the same drawing, by name."""
    write = {
        "results.zip": _results,
        "report.html": _report_page,
        "slides.pptx": _report_document,
        "workbook.xlsx": _report_document,
    }.get(kind.name, _figures)
    assert study.results  # statistics, before the pen is held
    with pen(gone):
        return write(study, folder, kind)


def _figures(study: "Comparison", folder: Path, kind: Kind) -> dict[str, bytes]:
    """Return the figure over time and its data."""
    from experiments.compare.drawing import draw

    draw(study, folder, kind.language, "slide")
    return {name: (folder / file).read_bytes() for name, file in DRAWN.items()}


def _results(study: "Comparison", folder: Path, kind: Kind) -> dict[str, bytes]:
    """Return a zip archive of all files that `orgsim compare` writes."""
    from experiments.compare.results import save

    save(study, folder, kind.language)
    files = sorted(folder.iterdir())
    return {kind.name: zipped({file.name: file.read_bytes() for file in files})}


def _report(study: "Comparison", language: str) -> "Document":
    """Return the report of `orgsim report --quick`."""
    from experiments.report.building import report_of
    from experiments.report.sections import asked_of

    names = ("as-is.toml", "to-be.toml")
    return report_of(study, asked_of(study.runs, names, language))


def _report_page(study: "Comparison", _: Path, kind: Kind) -> dict[str, bytes]:
    """Return the report as one HTML page."""
    from experiments.show.page import page

    return {kind.name: page(_report(study, kind.language)).encode()}


def _report_document(study: "Comparison", folder: Path, kind: Kind) -> dict[str, bytes]:
    """Return the report as one file: slides or a workbook."""
    from experiments.show.writing import write_documents

    report = _report(study, kind.language)
    [file] = write_documents(report, folder, (Path(kind.name).stem,))
    return {kind.name: file.read_bytes()}
