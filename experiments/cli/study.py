"""`orgsim study FILE`: a study file, carried out and gone on with."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import (
    Options,
    check_template,
    command,
    tell_failures,
    write_beside,
)
from experiments.cli.options import document_options, number_option, quiet_option
from experiments.cli.stores import (
    engine_option,
    json_option,
    print_result,
    store_option,
    tell_damage,
    tell_others,
)
from experiments.files.signals import exit_code

if TYPE_CHECKING:
    from experiments.run.study import Study
    from experiments.run.study_plans import Remaining


def _part(ctx: click.Context, param: click.Parameter, text: str) -> tuple[int, int]:
    """Turn `3/16` into (3, 16)."""
    first, _, last = text.partition("/")
    if first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last):
        return int(first), int(last)
    raise click.BadParameter(f"{text!r} is no part such as 3/16.")


@command(
    "study",
    click.argument("file", metavar="FILE"),
    store_option,
    number_option(
        "--replicates",
        (1, 100_000),
        "Instead of the file's; a precision that the file asks for may add more.",
    ),
    click.option(
        "--left", is_flag=True, help="Only tell what is there and what is left."
    ),
    click.option(
        "--output",
        type=click.Path(file_okay=False),
        metavar="DIR",
        help="Where answers go; by default results/STUDY.",
    ),
    json_option,
    *document_options,
    engine_option,
    number_option("--workers", (1, 1_000), "Threads or processes."),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Run on a dask cluster: the address of its scheduler, or local.",
    ),
    click.option(
        "--part",
        callback=_part,
        default="1/1",
        metavar="I/N",
        help="Run only the I-th of N parts, for job arrays; waits for no precision.",
    ),
    quiet_option,
)
def study(options: Options) -> int:
    """Run a study file, or one that ships; go on where it stopped.

    Every run is kept in the store as soon as it is done. The same command after an
    interruption does only what is left; more replicates extend what is there.
    """
    from experiments.cli.places import check_writable
    from experiments.files.progress import Progress
    from experiments.run.living import Means
    from experiments.run.store import Store
    from experiments.run.study_files import read_study
    from experiments.run.study_plans import with_replicates
    from experiments.run.studying import carry_out, carry_out_part
    from experiments.science.evidence.sets import study_over

    chosen = with_replicates(read_study(options.file), options.replicates)
    chosen = study_over(chosen, options.over_sets)
    folder = Path(options.output or Path("results") / chosen.name)
    if options.store.absolute() in (folder.absolute(), *folder.absolute().parents):
        raise click.UsageError(f"{folder}: is in the store; choose another --output.")
    if options.left:
        return _print_remaining_of(chosen, options.store, options.as_json)
    check_template(options.template, options.kinds)
    check_writable(folder)
    store = Store(options.store)
    tell_others(store)
    means = Means(options.engine, options.workers, options.scheduler)
    with Progress(chosen.name, options.quiet) as progress:
        if options.part != (1, 1):
            how = (options.part, means, progress)
            runs, failures = carry_out_part(chosen, store, *how)
            tell_damage(store)
            _print_remaining(runs, options.as_json)
            return tell_failures(failures)
        studied = carry_out(chosen, store, means, progress)
    from experiments.compare.study_results import write_study_results

    text, manifest = write_study_results(
        studied, store, folder, options.language, options.style
    )
    made = True
    if options.kinds:
        from experiments.report.studies import StudyReportOptions, report_of_study

        wanted = StudyReportOptions(
            options.language, quick=True, workers=options.workers
        )
        report = report_of_study(chosen, options.file, store, wanted, progress)
        made = write_beside(report.report, folder, options.kinds, options.template)
    tell_damage(store)
    if options.as_json:
        rows = studied.differences() if len(studied.names) > 1 else studied.summaries
        manifest["differences"] = json.loads(rows.to_json(orient="records"))
        manifest["answer"] = text
    print_result(options.as_json, f"{text}\nResults are in {folder}{os.sep}", manifest)
    code = tell_failures(studied.failures)
    if studied.interrupted:
        click.echo("Interrupted; all that was finished is kept.", err=True)
        return exit_code()
    return code or int(not made)


def _print_remaining_of(study: "Study", folder: Path, as_json: bool) -> int:
    """Report what is left of a study, without running or writing anything."""
    from experiments.run.store import Store
    from experiments.run.study_plans import Remaining, plan_of, remaining_of, runs_of

    if not folder.exists():
        return _print_remaining(Remaining(0, runs_of(study), study.replicates), as_json)
    store = Store(folder, only_read=True)
    tell_others(store)
    runs = remaining_of(plan_of(study, store), store, study.replicates)
    tell_damage(store)
    return _print_remaining(runs, as_json)


def _print_remaining(runs: "Remaining", as_json: bool) -> int:
    text = f"{runs.done:,} runs are there, {runs.to_do:,} are left."
    return print_result(as_json, text, {"done": runs.done, "left": runs.to_do})
