"""`orgsim results`: what is stored, shown, exported, checked or forgotten."""

from pathlib import Path

import click

from experiments.cli.frame import Options, command
from experiments.cli.stores import json_option, print_result, store_option, tell_damage
from experiments.run.store import STORE


@command(
    "results",
    click.argument(
        "action",
        type=click.Choice(["list", "show", "export", "check", "prune"]),
        default="list",
    ),
    click.argument("name", required=False),
    store_option,
    click.option(
        "--output",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="For export: a .csv or .parquet file.",
    ),
    click.option("--probes", is_flag=True, help="For export: the shocked twin runs."),
    json_option,
)
def results(options: Options) -> int:
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

    action, name, as_json = options.action, options.name, options.as_json
    if action == "check":
        return _check(Path(name or STORE.parent), as_json)
    store = Store(options.store, only_read=action != "prune")
    if action == "list":
        told = contents.listed(store)
        print_result(as_json, contents.as_lines(told), told)
    elif action == "show":
        if not name:
            raise click.UsageError("Name a study; orgsim results lists them.")
        rows = contents.runs_of(store, name)
        print_result(as_json, contents.runs_as_lines(rows), {"runs": rows})
    elif action == "export":
        if not (name and options.output):
            raise click.UsageError("Name a study, and a file with --output.")
        from experiments.run.exports import export_weeks

        count = export_weeks(store, name, options.output, options.probes)
        print_result(
            as_json, f"{count:,} rows are in {options.output}", {"rows": count}
        )
    else:
        removed = contents.prune(store, name)
        print_result(as_json, f"Removed {removed:,}.", {"removed": removed})
    tell_damage(store)
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
    print_result(as_json, "\n".join(lines), {"folders": wrong})
    return 0 if whole == len(wrong) else 1
