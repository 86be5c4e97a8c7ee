"""What commands on the store of runs have in common: options, and what they report."""

import json
from pathlib import Path
from typing import Any

import click

from experiments.cli.options import ENGINES
from experiments.run.store import STORE, Store

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


def print_result(as_json: bool, text: str, data: Any) -> int:
    """Print a text, or its data as JSON; return exit code 0."""
    click.echo(json.dumps(data, allow_nan=False) if as_json else text)
    return 0


def tell_others(store: Store) -> None:
    """Report on standard error runs of other versions, which are not used."""
    others = sum(store.other_versions().values())
    if others:
        click.echo(
            f"{store.folder}: {others:,} shards are of other versions of the model and"
            " are not used; orgsim results prune removes them.",
            err=True,
        )


def tell_damage(store: Store) -> None:
    """Report on standard error the damaged shards, and what to do."""
    for shard, why in store.damaged.items():
        click.echo(f"Damaged, left out: {shard}: {why}; orgsim results prune", err=True)
