"""`orgsim panel A`: people week by week, for your own analyses."""

from pathlib import Path

import click

from experiments.cli.frame import Options, command
from experiments.cli.options import number_option, quiet_option

FIELDS = "score,exhaustion,demands,control,support,ownership,motivation,clarity,status"


@command(
    "panel",
    click.argument("scenario", metavar="[A]", required=False),
    click.option(
        "--population",
        type=click.IntRange(1, 100_000),
        metavar="N",
        help="Instead of a scenario: so many organisations of the mixed population.",
    ),
    number_option(
        "--weeks",
        (1, 5_200),
        "Weeks of a population (104); a scenario says how many it has.",
    ),
    click.option(
        "--fields",
        default=FIELDS,
        show_default=True,
        metavar="A,B,...",
        help="Fields of people: see docs/ODD.md.",
    ),
    click.option("--replicates", type=click.IntRange(1, 100_000), default=5),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1),
    number_option("--workers", (1, 1_000), "Threads, or processes for a population."),
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        metavar="FILE",
        help="A .csv or .parquet file.",
    ),
    click.option(
        "--names",
        is_flag=True,
        help="Real names of a people table or graph, instead of pseudonyms.",
    ),
    quiet_option,
)
def panel(options: Options) -> int:
    """Write one row for each world, week and person, with the fields asked for.

    A scenario is a file or the name of one that ships. With --population, the people of
    a mixed population, each organisation in one world, with all that surveys of people
    ask; what each organisation is goes into a second table beside it,
    FILE-organisations.csv. Worlds are written block by block, so that the file can be
    larger than memory.
    """
    if (options.scenario is None) == (options.population is None):
        raise click.UsageError("Name a scenario, or --population N; one of the two.")
    if options.scenario is not None and options.weeks is not None:
        raise click.UsageError(
            "--weeks goes with --population; a scenario has its own."
        )
    from experiments.cli.places import check_writable
    from experiments.files.progress import Progress
    from experiments.files.table_files import check_table_file
    from experiments.science.panels import write_panel, write_population

    check_table_file(options.output)
    check_writable(options.output.absolute().parent)
    columns = [name.strip() for name in options.fields.split(",") if name.strip()]
    with Progress("panel", options.quiet) as progress:
        if options.scenario is None:
            rows = write_population(
                int(options.population or 0),
                options.output,
                options.weeks or 104,
                options.seed,
                options.workers,
                progress,
            )
        else:
            rows = write_panel(
                *(options.scenario, columns, options.output),
                options.replicates,
                options.seed,
                options.workers,
                progress,
                names=options.names,
            )
    click.echo(f"{rows:,} rows are in {options.output}")
    return 0
