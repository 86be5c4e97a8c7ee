"""The command line `orgsim`: its commands and their exit codes.

Exit codes: 0 done, 1 failed while running, 2 wrong input or output that cannot be
written, 128 and the number of the signal when interrupted (130 for Ctrl-C). A command's
module is imported when the command is called, so that `orgsim --help` is instant.
"""

import importlib
import sys
from collections.abc import Sequence
from typing import Any

import click

from experiments.errors import did_you_mean, file_error, is_wrong_input, reason
from experiments.files import signals
from experiments.files.streams import Streams

DONE, FAILED, WRONG_INPUT = 0, 1, 2
STOPPED = (
    "Stopped; no file is half written. What long work keeps as it comes is there, and"
    " the same command goes on with it."
)

COMMANDS = {
    "compare": ("compare", "Run scenarios over the same worlds and tell what differs."),
    "run": ("run", "Run one scenario over time."),
    "list": ("scenarios", "List the scenarios that ship."),
    "show": ("scenarios", "Print what a scenario resolves to, and from where."),
    "check": ("scenarios", "Report every mistake in scenario files."),
    "new": ("scenarios", "Write a scenario with comments, to start from."),
    "levers": ("levers", "Rank every move from an organisation as it is today."),
    "atlas": ("atlas", "Map every combination of a set of moves."),
    "plan": ("plan", "Find the best order of some moves, and what flips it."),
    "leave": ("leave", "Tell what is lost if somebody leaves, and what softens it."),
    "interview": ("interview", "Describe your own organisation, question by question."),
    "import": ("importing", "Make an organisation of your HR export and network."),
    "study": ("study", "Run a study file; go on where it stopped."),
    "report": ("report", "Write what a study says as one page."),
    "results": ("results", "List what is stored, show it, or forget it."),
    "reproduce": ("reproduce", "Run a stored run again and compare every number."),
    "claims": ("claims", "Put the claims of the articles to the test."),
    "sensitivity": ("sensitivity", "Tell which unknown numbers decide."),
    "discover": ("discover", "Tell where policies fail and which is regretted least."),
    "worth": ("worth", "Tell which unknown is worth finding out before you choose."),
    "validate": ("validate", "Judge the model by published patterns."),
    "calibrate": ("calibrate", "Fit to your own data, or to published patterns."),
    "graph": ("graph", "Draw who meets whom and how they are, week by week."),
    "story": ("story", "Tell what happened in one world, week by week, and why."),
    "app": ("app", "Open the what-if page in the browser."),
    "share": ("share", "Write one HTML file that runs the model itself."),
    "panel": ("panel", "Write people week by week."),
    "dock": ("dock", "Reproduce published models with the model's own rules."),
    "robustness": ("robustness", "Do conclusions survive another implementation?"),
}
"""Name of a command: the module in `experiments.cli`, and what it does."""


class Commands(click.Group):
    """A group that imports the module of a command only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Return the command `name`, or None if there is none."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"experiments.cli.{COMMANDS[name][0]}")
        commands = [x for x in vars(module).values() if isinstance(x, click.Command)]
        return next(command for command in commands if command.name == name)

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Find the command that was called; for a mistyped name suggest the nearest."""
        if args[0] not in COMMANDS and not args[0].startswith("-"):
            hint = did_you_mean(args[0], COMMANDS) or "; see the list in --help."
            raise click.UsageError(f"No such command: {args[0]}{hint}", ctx)
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from importlib import metadata

        try:
            click.echo(f"orgsim {metadata.version('orgsim')}")
        except metadata.PackageNotFoundError:
            click.echo("orgsim (not installed)")
        ctx.exit()


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 88},
    epilog="Start with: orgsim compare assigned owned",
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Print the version and exit.",
)
@click.option("--debug", is_flag=True, help="Show the traceback of a failure.")
def orgsim(debug: bool) -> None:
    """Simulate organisations: lead quality, learning speed and burnout over time."""


def call(args: Sequence[str]) -> int:
    """Run the command line with these arguments and return its exit code.

    `--debug` counts anywhere among them: it changes only how a command ends.
    """
    debug = "--debug" in args
    rest = [word for word in args if word != "--debug"]
    try:
        code = orgsim.main(rest, prog_name="orgsim", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _say(STOPPED, signals.exit_code())
    except Exception as error:
        return _explain(error, debug)
    return code if isinstance(code, int) else DONE


def _explain(error: Exception, debug: bool) -> int:
    if is_wrong_input(error):
        return _say(str(error), WRONG_INPUT)
    if debug:
        raise error
    if isinstance(error, OSError) and (wrong := file_error(error)):
        return _say(wrong, WRONG_INPUT)
    text = f"Failed: {reason(error)}"
    return _say(f"{text}\nAdd --debug to see where it happened.", FAILED)


def _say(text: str, code: int) -> int:
    click.echo(_escaped(text), err=True)
    return code


def _escaped(text: str) -> str:
    """Return a text with its control characters escaped, except line breaks."""
    from simulation.scenario_errors import escaped

    return "\n".join(escaped(line) for line in text.split("\n"))


def main() -> None:
    """Run the command line and exit with its code."""
    streams = Streams()
    signals.hear_signals()
    code = call(sys.argv[1:])
    signals.end_at_signals()
    sys.exit(streams.finish(code, WRONG_INPUT))


if __name__ == "__main__":
    main()
