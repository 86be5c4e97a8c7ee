"""`orgsim study`, `results` and `reproduce`: studies in files, runs in a store."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.frame import (
    Options,
    check_template,
    command,
    tell_failures,
    write_beside,
)
from experiments.cli.options import (
    ENGINES,
    language_option,
    number_option,
    over_sets_option,
    quiet_option,
    style_option,
    template_option,
    with_option,
)
from experiments.files.signals import exit_code
from experiments.run.store import STORE

if TYPE_CHECKING:
    from experiments.run.study import Study

store_option = click.option(
    "--store",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ORGSIM_STORE",
    default=STORE,
    show_default=True,
    metavar="DIR",
    help="Where runs are kept; also $ORGSIM_STORE.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
engine_option = click.option(
    "--engine", type=click.Choice(ENGINES), help="compiled (the default) or mesa."
)


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
    language_option,
    style_option,
    with_option,
    template_option,
    over_sets_option,
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

    asked = with_replicates(read_study(options.file), options.replicates)
    asked = study_over(asked, options.over_sets)
    folder = Path(options.output or Path("results") / asked.name)
    if options.store.absolute() in (folder.absolute(), *folder.absolute().parents):
        raise click.UsageError(f"{folder}: is in the store; choose another --output.")
    if options.left:
        return _tell_left_of(asked, options.store, options.as_json)
    check_template(options.template, options.kinds)
    check_writable(folder)
    store = Store(options.store)
    _tell_others(store)
    means = Means(options.engine, options.workers, options.scheduler)
    with Progress(asked.name, options.quiet) as progress:
        if options.part != (1, 1):
            there, failures = carry_out_part(
                asked, store, options.part, means, progress
            )
            _tell_damage(store)
            _tell_left(there, options.as_json)
            return tell_failures(failures)
        studied = carry_out(asked, store, means, progress)
    from experiments.compare.study_results import leave

    text, manifest = leave(studied, store, folder, options.language, options.style)
    made = True
    if options.kinds:
        from experiments.report.studies import StudyReportOptions, report_of_study

        wanted = StudyReportOptions(
            options.language, quick=True, workers=options.workers
        )
        report = report_of_study(asked, options.file, store, wanted, progress)
        made = write_beside(report.report, folder, options.kinds, options.template)
    _tell_damage(store)
    if options.as_json:
        rows = studied.differences() if len(studied.names) > 1 else studied.summaries
        manifest["differences"] = json.loads(rows.to_json(orient="records"))
        manifest["answer"] = text
    _say(options.as_json, f"{text}\nResults are in {folder}{os.sep}", manifest)
    code = tell_failures(studied.failures)
    if studied.interrupted:
        click.echo("Interrupted; all that was finished is kept.", err=True)
        return exit_code()
    return code or int(not made)


@click.command("results")
@click.argument(
    "action",
    type=click.Choice(["list", "show", "export", "check", "prune"]),
    default="list",
)
@click.argument("name", required=False)
@store_option
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="For export: a .csv or .parquet file.",
)
@click.option("--probes", is_flag=True, help="For export: the shocked twin runs.")
@json_option
def results(
    action: str,
    name: str | None,
    store: Path,
    output: str | None,
    probes: bool,
    as_json: bool,
) -> int:
    """List what is stored, show, export or forget a study.

    `export` writes the weekly records of a study as one table, a row for each
    scenario, replicate and week.
    `check` tells whether the files in a folder of results, or in several folders in it,
    are those that were written together.
    `prune` without a name removes what nothing can use: runs of other versions of the
    model, damaged shards and half-written files. With a name it forgets the study;
    its runs stay.
    """
    from experiments.run import store_contents as contents
    from experiments.run.store import Store

    if action == "check":
        return _check(Path(name or STORE.parent), as_json)
    stored = Store(store, only_read=action != "prune")
    if action == "list":
        told = contents.listed(stored)
        _say(as_json, contents.as_lines(told), told)
    elif action == "show":
        if not name:
            raise click.UsageError("Name a study; orgsim results lists them.")
        rows = contents.runs_of(stored, name)
        _say(as_json, contents.runs_as_lines(rows), {"runs": rows})
    elif action == "export":
        if not (name and output):
            raise click.UsageError("Name a study, and a file with --output.")
        from experiments.run.exports import export_weeks

        count = export_weeks(stored, name, output, probes)
        _say(as_json, f"{count:,} rows are in {output}", {"rows": count})
    else:
        removed = contents.prune(stored, name)
        _say(as_json, f"Removed {removed:,}.", {"removed": removed})
    _tell_damage(stored)
    return 0


def _check(folder: Path, as_json: bool) -> int:
    """Report the files in folders of results that differ from their manifests."""
    from experiments.errors import InputError
    from experiments.files.whole_folders import FILES, MANIFEST, differing, manifest_in

    places = [path.parent for path in sorted(folder.rglob(MANIFEST))]
    listed = [place for place in places if FILES in manifest_in(place)]
    if not listed:
        raise InputError(f"{folder}: no manifest here lists its files")
    wrong = {str(place): differing(place) for place in listed}
    lines = [
        f"{Path(place) / name}: {why}"
        for place, files in wrong.items()
        for name, why in files.items()
    ]
    whole = sum(not files for files in wrong.values())
    lines.append(f"In {whole:,} of {len(wrong):,} folders all files belong together.")
    _say(as_json, "\n".join(lines), {"folders": wrong})
    return 0 if whole == len(wrong) else 1


@click.command("reproduce")
@click.argument("identity", metavar="ID")
@store_option
@click.option(
    "--sample",
    type=click.IntRange(1),
    help="Of a study, only so many of its runs, drawn at random.",
)
@engine_option
@json_option
def reproduce(
    identity: str, store: Path, sample: int | None, engine: str | None, as_json: bool
) -> int:
    """Run stored runs again and compare every number, bit for bit.

    ID is the id of a run, or the beginning of one (orgsim results show STUDY); or a
    study, for all its runs; or a reported difference, as STUDY/SCENARIO/OUTCOME.
    """
    from experiments.run import reproducing
    from experiments.run.store import Store

    stored = Store(store, only_read=True)
    if "/" in identity:
        return _tell_number(
            reproducing.reproduce_number(stored, identity, engine), as_json
        )
    if identity in stored.studies():
        verdicts = reproducing.reproduce_study(stored, identity, sample, engine)
    else:
        verdicts = [reproducing.reproduce(stored, identity, engine)]
    rows = [_verdict_told(verdict) for verdict in verdicts]
    same = sum(verdict.same for verdict in verdicts)
    if len(rows) == 1:
        _say(as_json, _verdict_line(rows[0]), rows[0])
    else:
        lines = [_verdict_line(one) for one in rows if not one["same"]]
        lines.append(f"{same:,} of {len(rows):,} runs are the same in every number.")
        _say(as_json, "\n".join(lines), {"runs": rows, "same": same})
    return 0 if same == len(verdicts) else 1


def _verdict_told(verdict: Any) -> dict[str, Any]:
    key = verdict.entry.key
    return {
        "id": key.id,
        "scenario": verdict.scenario,
        "seed": key.seed,
        "replicate": key.replicate,
        "weeks": verdict.entry.weeks,
        "same": verdict.same,
        "where": verdict.where,
    }


def _verdict_line(told: dict[str, Any]) -> str:
    said = "the same in every number" if told["same"] else f"differs: {told['where']}"
    return (
        f"{told['scenario']}, seed {told['seed']}, replicate {told['replicate']},"
        f" {told['weeks']} weeks: {said}."
    )


def _tell_number(number: Any, as_json: bool) -> int:
    said = "the same" if number.same else f"differs: now {number.now}"
    data = {"what": number.what, "stored": number.stored, "now": number.now}
    _say(as_json, f"{number.what}: stored {number.stored}, {said}.", data)
    return 0 if number.same else 1


def _tell_others(store: Any) -> None:
    """Report on standard error runs of other versions, which are not used."""
    others = sum(store.other_versions().values())
    if others:
        click.echo(
            f"{store.folder}: {others:,} shards are of other versions of the model and"
            " are not used; orgsim results prune removes them.",
            err=True,
        )


def _tell_left_of(study: "Study", folder: Path, as_json: bool) -> int:
    """Report what is left of a study, without running or writing anything."""
    from experiments.run.store import Store
    from experiments.run.study_plans import Remaining, left_of, plan_of, runs_of

    if not folder.exists():
        return _tell_left(Remaining(0, runs_of(study), study.replicates), as_json)
    store = Store(folder, only_read=True)
    _tell_others(store)
    there = left_of(plan_of(study, store), store, study.replicates)
    _tell_damage(store)
    return _tell_left(there, as_json)


def _tell_left(there: Any, as_json: bool) -> int:
    text = f"{there.done:,} runs are there, {there.to_do:,} are left."
    return _say(as_json, text, {"done": there.done, "left": there.to_do})


def _say(as_json: bool, text: str, data: Any) -> int:
    click.echo(json.dumps(data, allow_nan=False) if as_json else text)
    return 0


def _tell_damage(store: Any) -> None:
    """Report on standard error the damaged shards, and what to do."""
    for shard, why in store.damaged.items():
        click.echo(f"Damaged, left out: {shard}: {why}; orgsim results prune", err=True)
