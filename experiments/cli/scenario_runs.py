"""The common part of `compare` and `run`: run, save, print, and report failures."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.frame import Options, check_template, tell_failures, write_beside
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
    from simulation.scenario import ResolvedScenario

Study = Comparison | Overview
RESULTS = Path("results")


def run_and_tell(
    make: Callable[..., Study],
    names: Sequence[str],
    options: Options,
    scenarios: "Sequence[ResolvedScenario] | None" = None,
) -> int:
    """Run a study of named scenarios, save it, print it, and return the exit code.

    `scenarios` are those of these names, where they have been read already.
    """
    from experiments.science.evidence.sets import read_over

    language, kinds, template = options.language, options.kinds, options.template
    check_template(template, kinds)
    check_writable(Path(options.output or RESULTS))
    with Progress("orgsim", options.quiet) as progress:
        study = make(
            *(scenarios or read_over(names, options.over_sets)),
            replicates=options.replicates,
            seed=options.seed,
            weeks=options.weeks,
            outcomes=options.outcomes,
            workers=options.workers,
            engine=options.engine,
            progress=progress,
        )
    if not options.as_json:  # before figures, which take longer than the runs
        click.echo(answers.as_text(study, language))
    from experiments.compare.results import save

    failed: list[bool] = []

    def write(folder: Path) -> None:
        from experiments.report.sections import asked_of

        save(study, folder, language, options.style)
        request = asked_of(study.runs, names, language, options.weeks)
        document = document_of(study, replace(request, claims=False))
        others = list(kinds)
        if isinstance(study, Comparison):
            _write_page(document, folder)
            others = [kind for kind in kinds if kind != "page"]
        failed.append(not write_beside(document, folder, others, template))

    folder, code = save_somewhere(write, Path(options.output or default_folder(study)))
    if options.as_json:
        click.echo(json.dumps(as_data(study, folder, language), allow_nan=False))
    elif folder:
        click.echo(phrases.say("results_in", language, folder=f"{folder}{os.sep}"))
    code = tell_failures(study.runs.failures) or code
    return exit_code() if study.runs.interrupted else code or int(any(failed))


def document_of(study: Study, options: "ReportOptions") -> "Document":
    """Return the document of a comparison or of one scenario."""
    from experiments.report.building import report_of
    from experiments.report.overview import report_of_overview

    if isinstance(study, Comparison):
        return report_of(study, options)
    return report_of_overview(study, options)


def _write_page(document: "Document", folder: Path) -> None:
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
