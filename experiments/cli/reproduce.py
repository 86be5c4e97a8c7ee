"""`orgsim reproduce ID`: stored runs, run again and compared bit for bit."""

from typing import TYPE_CHECKING, Any

import click

from experiments.cli.frame import Options, command
from experiments.cli.stores import (
    engine_option,
    json_option,
    print_result,
    store_option,
)

if TYPE_CHECKING:
    from experiments.run.reproducing import ReportedNumber, Reproduction


@command(
    "reproduce",
    click.argument("identity", metavar="ID"),
    store_option,
    click.option(
        "--sample",
        type=click.IntRange(1),
        help="Of a study, only so many of its runs, drawn at random.",
    ),
    engine_option,
    json_option,
)
def reproduce(options: Options) -> int:
    """Run stored runs again and compare every number, bit for bit.

    ID is the id of a run, or the beginning of one (orgsim results show STUDY); or a
    study, for all its runs; or a reported difference, as STUDY/SCENARIO/OUTCOME.
    """
    from experiments.run import reproducing
    from experiments.run.store import Store

    identity, engine, as_json = options.identity, options.engine, options.as_json
    store = Store(options.store, only_read=True)
    if "/" in identity:
        return _tell_number(
            reproducing.reproduce_number(store, identity, engine), as_json
        )
    if identity in store.studies():
        verdicts = reproducing.reproduce_study(store, identity, options.sample, engine)
    else:
        verdicts = [reproducing.reproduce(store, identity, engine)]
    rows = [_row_of(verdict) for verdict in verdicts]
    same = sum(verdict.same for verdict in verdicts)
    if len(rows) == 1:
        print_result(as_json, _verdict_line(rows[0]), rows[0])
    else:
        lines = [_verdict_line(one) for one in rows if not one["same"]]
        lines.append(f"{same:,} of {len(rows):,} runs are the same in every number.")
        print_result(as_json, "\n".join(lines), {"runs": rows, "same": same})
    return 0 if same == len(verdicts) else 1


def _row_of(verdict: "Reproduction") -> dict[str, Any]:
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


def _verdict_line(row: dict[str, Any]) -> str:
    said = "the same in every number" if row["same"] else f"differs: {row['where']}"
    return (
        f"{row['scenario']}, seed {row['seed']}, replicate {row['replicate']},"
        f" {row['weeks']} weeks: {said}."
    )


def _tell_number(number: "ReportedNumber", as_json: bool) -> int:
    said = "the same" if number.same else f"differs: now {number.now}"
    data = {"what": number.what, "stored": number.stored, "now": number.now}
    print_result(as_json, f"{number.what}: stored {number.stored}, {said}.", data)
    return 0 if number.same else 1
