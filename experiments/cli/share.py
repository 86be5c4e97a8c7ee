"""`orgsim share A [B ...]`: one HTML file that runs the model."""

from pathlib import Path

import click

from experiments.cli.frame import Options, command
from experiments.cli.options import language_option, seed_option

SUFFIXES = (".html", ".htm")


def _page(ctx: click.Context, _: click.Parameter, path: Path) -> Path:
    if path.suffix.lower() not in SUFFIXES:
        raise click.BadParameter(f"{path}: its name must end in {SUFFIXES[0]}")
    return path


@command(
    "share",
    click.argument("scenarios", nargs=-1, required=True, metavar="A [B ...]"),
    click.option(
        "--output",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("orgsim.html"),
        show_default=True,
        callback=_page,
        metavar="FILE",
        help="The page.",
    ),
    click.option(
        "--no-people",
        is_flag=True,
        help="Leave out people of files: show an organisation of the same head counts.",
    ),
    seed_option,
    language_option,
)
def share(options: Options) -> int:
    """Write one HTML file that opens from disk and runs the model itself.

    It asks what happens if A, B, ... come about, and answers with the numbers of the
    command line for the same seed. Whoever opens it can choose another question, change
    any lever, head counts, money and the horizon, and save what they chose as scenario
    files. All scenarios must be of one organisation. People of files have no names in
    it. Nothing is installed, and nothing leaves the machine that opens it.
    """
    from experiments.cli.places import check_writable_file
    from experiments.compare.reading import read_all
    from experiments.errors import output_told
    from experiments.share.building import share_page

    check_writable_file(options.output)
    how = (options.language, options.seed, not options.no_people)
    page = share_page(read_all(options.scenarios), *how)
    with output_told(options.output):
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(page, encoding="utf-8")
    size = len(page.encode()) / 1e6
    click.echo(f"{options.output} ({size:.2f} MB)")
    return 0
