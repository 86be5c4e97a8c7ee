"""`orgsim app`: the what-if page in the browser."""

import click

from experiments.cli.frame import Options, command
from experiments.cli.options import LANGUAGES, number_option


@command(
    "app",
    number_option(
        "--port", (0, 65_535), "Where the page is; 0 takes any free port.", 8765
    ),
    click.option(
        "--host",
        default="127.0.0.1",
        show_default=True,
        help="For this machine only, unless another address is given.",
    ),
    click.option("--no-browser", is_flag=True, help="Do not open a browser."),
    number_option(
        "--workers",
        (1, 1_000),
        "Threads for documents; by default one for each processor.",
    ),
    click.option(
        "--language",
        type=click.Choice(LANGUAGES),
        help="Of the page and of what is printed; by default the browser's, and"
        " English.",
    ),
    click.option("--quiet", is_flag=True, help="Print the address only."),
)
def app(options: Options) -> int:
    """Open the page that runs the model, with reports, imports and the interview.

    It is the page of `orgsim share`: the model runs in the browser, and nothing leaves
    this machine. From here it also opens your own organisation (exports, scenario
    files, an interview) and saves reports, slides and workbooks. Ctrl-C stops it.
    """
    from experiments.app.serving import serve
    from simulation.processors import available

    serve(
        *(options.host, options.port, options.workers or available()),
        *(not options.no_browser, options.language, options.quiet),
    )
    return 0
