"""`orgsim report STUDY`: what a study says, as one page."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.frame import Options, check_template, command, tell_failures
from experiments.cli.options import (
    json_option,
    language_option,
    number_option,
    outcomes_option,
    over_sets_option,
    quiet_option,
    template_option,
)
from experiments.cli.stores import store_option
from experiments.files.file_names import few_names
from experiments.files.signals import exit_code

if TYPE_CHECKING:
    from experiments.files.progress import Progress
    from experiments.report.studies import StudyReport, StudyReportOptions

ENDINGS = (".html", ".htm")


def _page(ctx: click.Context, _: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and path.suffix.lower() not in ENDINGS:
        raise click.BadParameter(f"{path}: its name must end in {ENDINGS[0]}")
    return path


@command(
    "report",
    click.argument("names", nargs=-1, required=True, metavar="STUDY | A B ..."),
    store_option,
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_page,
        metavar="FILE",
        help="The page; by default results/STUDY/report.html.",
    ),
    click.option("--quick", is_flag=True, help="Without why, levers and robustness."),
    click.option("--pdf", is_flag=True, help="A PDF beside it, by WeasyPrint."),
    click.option(
        "--with",
        "kinds",
        type=click.Choice(("slides", "workbook", "latex", "csv")),
        multiple=True,
        help="Documents beside it (several: once each).",
    ),
    template_option,
    click.option(
        "--template-colours",
        is_flag=True,
        help="Charts in the template's colours, told apart or not.",
    ),
    number_option(
        "--replicates",
        (1, 100_000),
        "Instead of the study's; of scenarios as many as it takes.",
    ),
    number_option("--weeks", (1, 5_200), "Of scenarios."),
    number_option("--seed", (0, 2**63 - 1), "Of scenarios."),
    outcomes_option("Outcomes to show."),
    over_sets_option,
    number_option("--workers", (1, 1_000), "Threads."),
    json_option,
    language_option,
    quiet_option,
)
def report(options: Options) -> int:
    """Write what a study says as one page that opens offline and prints on A4.

    STUDY is a study file or one that ships; a study that was never run is run first.
    Or name scenarios, which are run and compared. Why an effect comes about, which
    lever brings what and how sure that is takes runs of its own, which are kept.
    """
    from experiments.cli.places import check_writable_file
    from experiments.files.progress import Progress
    from experiments.report.studies import StudyReportOptions

    if options.template_colours and "slides" not in options.kinds:
        raise click.UsageError("--template goes with --with slides.")
    check_template(options.template, options.kinds)
    wanted = StudyReportOptions(
        options.language,
        options.quick,
        options.replicates,
        options.outcomes,
        options.workers,
        options.over_sets,
    )
    file = options.output or _usual(options.names)
    check_writable_file(file)
    with Progress("report", options.quiet) as progress:
        if _is_study(options.names):
            if options.weeks or options.seed is not None:
                raise click.UsageError("--weeks and --seed are in the study file.")
            found = _of_study(options.names[0], options.store, wanted, progress)
        else:
            found = _of_scenarios(options, wanted, progress)
    made = _write_all(found, file, options)
    _tell(found, made, options.language, options.as_json)
    failed = tell_failures(found.failures)
    if found.interrupted:
        return exit_code()
    return failed or int(bool(made.failures))


@dataclass
class ReportFiles:
    """Files that were written, and a message for each document that was not."""

    language: str
    files: list[Path] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)

    def fail(self, kind: str, why: str, words: str = "report_not_made") -> None:
        """Note that a document of this kind could not be made, and why."""
        from experiments.words.numerals import say

        self.failures[kind] = say(words, self.language, kind=kind, why=why)


def _write_all(report: "StudyReport", file: Path, options: Options) -> ReportFiles:
    """Write the page and other documents together; one that fails stops no other."""
    from experiments.errors import InputError, output_told, reason
    from experiments.files.whole_folders import together
    from experiments.show.page import write_page
    from experiments.show.writing import DocumentsError, write_documents

    made = ReportFiles(report.report.language)
    with output_told(file), together(file.parent) as aside:
        try:
            html = write_page(report.report, aside / file.name)
        except InputError:
            raise
        except Exception as error:
            html = ""
            made.fail("page", reason(error))
        if options.pdf and html:
            _print(aside / f"{file.stem}.pdf", html, made)
        try:
            if options.kinds:
                how = (options.kinds, options.template, options.template_colours)
                write_documents(report.report, aside, *how)
        except DocumentsError as error:
            for kind, why in error.reasons.items():
                made.fail(kind, why)
        written = sorted(path.name for path in aside.iterdir())
    written.sort(key=lambda name: name != file.name)
    made.files = [file.with_name(name) for name in written]
    return made


def _is_study(names: tuple[str, ...]) -> bool:
    """Return whether a single name is given, and it is that of a study.

    Raises `InputError` if it is neither a study nor a scenario.
    """
    from experiments.errors import InputError, did_you_mean
    from experiments.run.study_files import is_study_file, shipped_studies
    from simulation.scenario_places import shipped_names

    if len(names) > 1:
        return False
    [name] = names
    studies, scenarios = shipped_studies(), shipped_names()
    if name in studies:
        return True
    if name in scenarios or Path(name).is_file():
        return name not in scenarios and is_study_file(name)
    hint = did_you_mean(Path(name).stem, (*studies, *scenarios))
    raise InputError(
        f"{name}: no study or scenario that ships, and no such file; studies:"
        f" {', '.join(studies)}; scenarios: orgsim list{hint}"
    )


def _usual(names: tuple[str, ...]) -> Path:
    stems = [Path(name).stem for name in names]
    return Path("results") / few_names(stems, 4) / "report.html"


def _of_study(
    name: str, store: Path, wanted: "StudyReportOptions", progress: "Progress"
) -> "StudyReport":
    from experiments.report.studies import report_of_study
    from experiments.run.store import Store
    from experiments.run.store_files import StoreError
    from experiments.run.study_files import read_study

    try:
        kept = Store(store)
    except StoreError:  # the stored runs can still be reported
        kept = Store(store, only_read=True)
    return report_of_study(read_study(name), name, kept, wanted, progress)


def _of_scenarios(
    options: Options, wanted: "StudyReportOptions", progress: "Progress"
) -> "StudyReport":
    from experiments.report.studies import report_of_scenarios

    seed = 1 if options.seed is None else options.seed
    where = (options.names, options.store)
    return report_of_scenarios(*where, wanted, progress, options.weeks, seed)


def _print(file: Path, html: str, made: ReportFiles) -> None:
    """Write the page as a PDF, or note why that is impossible."""
    from experiments.errors import InputError, reason
    from experiments.show.printing import CannotPrint, as_pdf

    try:
        file.write_bytes(as_pdf(html))
    except InputError:
        raise
    except CannotPrint as error:
        made.fail("pdf", str(error), "report_no_pdf")
    except Exception as error:
        made.fail("pdf", reason(error))


def _tell(
    report: "StudyReport", made: ReportFiles, language: str, as_json: bool
) -> None:
    from experiments.words.layout import wrapped
    from experiments.words.numerals import say

    for sentence in made.failures.values():
        click.echo(sentence, err=True)
    answer = list(report.report.section("answer").sentences)
    if not as_json:
        click.echo("\n\n".join(map(wrapped, answer)))
        for path in made.files:
            click.echo(say("report_written", language, file=str(path)))
        return
    data: dict[str, Any] = {
        "study": report.report.study,
        "title": report.report.title,
        "answer": answer,
        "missing": list(report.missing),
        "sections": [section.name for section in report.report.sections],
        "commands": list(report.report.commands),
        "report": None if "page" in made.failures else str(made.files[0]),
        "files": [str(file) for file in made.files],
        "not_made": made.failures,
    }
    click.echo(json.dumps(data, allow_nan=False))
