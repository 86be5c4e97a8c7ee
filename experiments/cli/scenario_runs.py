"""The common part of `compare` and `run`: run, save, print, and report failures."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.frame import check_template, write_beside
from experiments.cli.places import check_writable, save_somewhere
from experiments.compare import answers
from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.files.file_names import few_names
from experiments.files.progress import Progress
from experiments.files.signals import exit_code
from experiments.show.files import as_rows
from experiments.words import phrases

if TYPE_CHECKING:
    from experiments.report.sections import ReportOptions
    from experiments.show.document import Document

Study = Comparison | Overview
RESULTS = Path("results")


def run_and_tell(
    make: Callable[..., Study],
    scenarios: Sequence[str],
    output: str | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
    over_sets: bool = False,
    kinds: Sequence[str] = (),
    template: Path | None = None,
    **options: Any,
) -> int:
    """Run a study of scenarios, save it, print it, and return the exit code."""
    from experiments.science.evidence.sets import read_over

    check_template(template, kinds)
    check_writable(Path(output or RESULTS))
    with Progress("orgsim", quiet) as progress:
        study = make(*read_over(scenarios, over_sets), progress=progress, **options)
    if not as_json:  # before figures are drawn, which takes longer than the runs
        click.echo(answers.as_text(study, language))
    from experiments.compare.results import save

    failed: list[bool] = []

    def leave(folder: Path) -> None:
        from experiments.report.sections import asked_of

        save(study, folder, language, style)
        asked = asked_of(study.runs, scenarios, language, options.get("weeks"))
        document = document_of(study, replace(asked, claims=False))
        others = list(kinds)
        if isinstance(study, Comparison):
            _leave_page(document, folder)
            others = [kind for kind in kinds if kind != "page"]
        failed.append(not write_beside(document, folder, others, template))

    folder, code = save_somewhere(leave, Path(output or default_folder(study)))
    if as_json:
        click.echo(json.dumps(as_data(study, folder, language), allow_nan=False))
    elif folder:
        click.echo(phrases.say("results_in", language, folder=f"{folder}{os.sep}"))
    return _tell_failures(study) or code or int(any(failed))


def document_of(study: Study, asked: "ReportOptions") -> "Document":
    """Return the document of a comparison or of one scenario."""
    from experiments.report.building import report_of
    from experiments.report.overview import report_of_overview

    if isinstance(study, Comparison):
        return report_of(study, asked)
    return report_of_overview(study, asked)


def _leave_page(document: "Document", folder: Path) -> None:
    """Write the report of a comparison, without the parts that take more runs."""
    from experiments.show.folder import staged
    from experiments.show.page import write_page

    with staged(folder) as aside:
        write_page(document, aside / "report.html")


def default_folder(study: Study) -> Path:
    """Return results/<a>-vs-<b>, or results/<a> for one scenario."""
    return RESULTS / few_names(study.runs.names, 4)


def as_data(study: Study, folder: Path | None, language: str) -> dict[str, Any]:
    """Return a study as plain JSON values, null where unknown."""
    from experiments.compare.results import manifest_of

    table = study.table()
    shown = table[table["outcome"].isin(study.outcomes)]
    return {
        "answer": study.answer(language),
        "remarks": study.remarks(language),
        "outcomes": as_rows(shown),
        "results": str(folder) if folder else None,
        "manifest": manifest_of(study.runs),
    }


def _tell_failures(study: Study) -> int:
    """Report on standard error runs that failed or never ran; return the exit code."""
    for failure in study.runs.failures:
        where = f"{failure.scenario}, replicate {failure.replicate}"
        click.echo(f"Failed ({failure.stage}): {where}: {failure.message}", err=True)
    if study.runs.interrupted:
        return exit_code()
    return 1 if study.runs.failures else 0
