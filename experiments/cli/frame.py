"""The frame of commands: options, one call that returns a `Document`, and its delivery.

A command declares its own options and returns a document. The frame adds the options of
all commands (folder of results, language, style, documents), shows progress, writes
the files, prints text or JSON, and returns the exit code.
"""

import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import click

from experiments.cli.options import (
    HORIZON,
    json_option,
    language_option,
    number_option,
    quiet_option,
    style_option,
    template_option,
    with_option,
)
from experiments.files.file_names import short_name
from experiments.files.signals import exit_code

if TYPE_CHECKING:
    from experiments.files.progress import Progress
    from experiments.run.replicates import Failure
    from experiments.show.document import Document
    from simulation.scenario import ResolvedScenario

NO_CHANGE = (
    *("output", "workers", "as_json", "quiet", "kinds", "template", "style"),
    "full",
)
"""Options that change no number: a command without them makes the same again."""
GIVEN = click.core.ParameterSource.COMMANDLINE
Options = SimpleNamespace
"""What was asked for, option by option."""


class Frame:
    """What all commands share: the folder of results, and the form of output.

    A command that was interrupted, and returns partial results, sets `interrupted`. One
    whose document is too long for a terminal sets `printed`, which returns what is
    printed of it.
    """

    def __init__(self, name: str, given: dict[str, Any], results: str) -> None:
        self.name = name
        self.usual = Path("results") / results
        asked_for: Path | None = given.pop("output")
        self.is_placed = asked_for is not None
        self.output: Path = asked_for or self.usual
        self.workers: int | None = given.pop("workers")
        self.as_json: bool = given.pop("as_json")
        self.language: str = given.pop("language")
        self.style: str = given.pop("style")
        self.quiet: bool = given.pop("quiet")
        self.kinds: tuple[str, ...] = given.pop("kinds")
        self.template: Path | None = given.pop("template")
        self.command = _command_line()
        self.interrupted = False
        self.printed: Callable[[Document], Document] = lambda whole: whole

    @cached_property
    def progress(self) -> "Progress":
        """The progress bar on a terminal; shown inside a `with` block."""
        from experiments.files.progress import Progress

        return Progress(self.name, self.quiet)

    def folder(self, *names: str) -> Path:
        """Return the folder of results: by default `names` joined, in the usual one."""
        return self.place(self.usual / short_name(*names))

    def place(self, folder: Path) -> Path:
        """Return the folder of results: this one, unless the user chose another."""
        from experiments.cli.places import check_writable

        if not self.is_placed:
            check_writable(folder)
            self.output = folder
        return self.output

    def say(self, text: Callable[[], str]) -> None:
        """Print a text on standard error, unless quiet."""
        if not self.quiet:
            click.echo(text(), err=True)

    def say_time(
        self, organisation: "ResolvedScenario", runs: int, at_once: int
    ) -> None:
        """Print on standard error how long runs take, `at_once` of them together."""
        from experiments.run.costs import cost_text

        how = (self.workers, self.language)
        self.say(lambda: cost_text(organisation, runs, at_once, *how))

    def say_cost(self, runs: int, minutes: float) -> None:
        """Print on standard error the number of runs to do and their minutes."""
        from experiments.words.numerals import number, say

        if runs:
            shown = number(minutes, self.language, 0 if minutes >= 10 else 1)
            words = {"runs": number(runs, self.language), "minutes": shown}
            self.say(lambda: say("sensitivity_cost", self.language, **words))

    def deliver(self, document: "Document") -> int:
        """Write a document with its files, print it, and return the exit code.

        If the folder can no longer be written, they go into a temporary one.
        """
        from experiments.cli.places import save_somewhere
        from experiments.show.files import as_data, write_files
        from experiments.show.folder import staged
        from experiments.show.text import as_text
        from experiments.words.numerals import say

        document = reproducible(document, self.command)
        if not self.as_json:
            click.echo(as_text(self.printed(document)))
        made: list[bool] = []

        def write(place: Path) -> None:
            with staged(place) as aside:
                write_files(document, aside, self.style)
            whole = with_commands(document)
            made.append(write_beside(whole, place, self.kinds, self.template))

        folder, code = save_somewhere(write, self.output)
        if self.as_json:
            data = as_data(document) | {"results": str(folder) if folder else None}
            click.echo(json.dumps(data, allow_nan=False))
        elif folder:
            click.echo(say("results_in", self.language, folder=f"{folder}/"))
        if self.interrupted:
            return exit_code()
        return code or int(not all(made))


def write_beside(
    document: "Document", folder: Path, kinds: Sequence[str], template: Path | None
) -> bool:
    """Write a document as each of `kinds` beside its results.

    Report those that cannot be made; return whether all could.
    """
    from experiments.show.folder import staged
    from experiments.show.writing import DocumentsError, write_documents
    from experiments.words.numerals import say

    if not kinds:
        return True
    with staged(folder) as aside:
        try:
            write_documents(document, aside, kinds, template)
        except DocumentsError as error:
            for kind, why in error.reasons.items():
                words = {"kind": kind, "why": why}
                click.echo(say("report_not_made", document.language, **words), err=True)
            return False
    return True


def tell_failures(failures: "Sequence[Failure]") -> int:
    """Report on standard error runs that failed or never ran; return the exit code."""
    for failure in failures:
        where = f"{failure.scenario}, replicate {failure.replicate}"
        click.echo(f"Failed ({failure.stage}): {where}: {failure.message}", err=True)
    return 1 if failures else 0


def command(name: str, *options: Callable) -> Callable:
    """Return a decorator that makes a command of a function of `Options`.

    `options` are arguments and options of click; the function's docstring is the help,
    and what it returns the exit code.
    """

    def framed(call: Callable[[Options], int]) -> click.Command:
        def given_to(**given: Any) -> int:
            return call(Options(**given))

        given_to.__doc__ = call.__doc__
        decorated: Callable = given_to
        for option in reversed(options):
            decorated = option(decorated)
        return click.command(name)(decorated)

    return framed


def analysis(name: str, *options: Callable, results: str) -> Callable:
    """Return a decorator that turns a function returning a document into a command.

    The function is called with `Options` and the `Frame`; its docstring is the help.
    `results` is the default folder in results/.
    """

    def framed(make: Callable[[Options, Frame], "Document"]) -> click.Command:
        def call(options: Options) -> int:
            from experiments.cli.places import check_writable

            frame = Frame(name, vars(options), results)
            check_template(frame.template, frame.kinds)
            check_writable(frame.output)
            with frame.progress:
                document = make(options, frame)
            weeks = click.get_current_context().meta.get(HORIZON)
            return frame.deliver(_told_if_short(document, weeks))

        call.__doc__ = make.__doc__
        return command(name, *options, *_shared(results))(call)

    return framed


def _shared(results: str) -> Sequence[Callable]:
    """Return the options of all commands that return a document."""
    return (
        style_option,
        click.option(
            "--output",
            type=click.Path(file_okay=False, path_type=Path),
            metavar="DIR",
            help="Where results go, and are gone on with.  [default:"
            f" results/{results}]",
        ),
        with_option,
        template_option,
        number_option("--workers", (1, 1_000), "Processes."),
        json_option,
        language_option,
        quiet_option,
    )


def check_template(template: Path | None, kinds: Sequence[str]) -> None:
    """Refuse a template without slides to use it, or one that cannot be used."""
    if template is None:
        return
    if "slides" not in kinds:
        raise click.UsageError("--template goes with --with slides.")
    from experiments.show.template import opened

    opened(template)


def _command_line() -> str:
    """Return the command as it was given, without options that change no number."""
    context = click.get_current_context()
    words = ["orgsim", str(context.info_name)]
    for one in context.command.params:
        source = context.get_parameter_source(one.name or "")
        if one.name in NO_CHANGE or source is not GIVEN:
            continue
        value = context.params[one.name or ""]
        many = value if isinstance(value, tuple) else (value,)
        if isinstance(one, click.Argument):
            words += map(str, many)
        elif isinstance(one, click.Option) and one.is_flag:
            words.append(one.opts[0])
        else:
            words += [str(x) for each in many for x in (one.opts[0], each)]
    return shlex.join(words)


def reproducible(document: "Document", command: str) -> "Document":
    """Return a document with the command that reproduces it, and the study's name.

    The name is a hash of the command and the version of the model's results.
    """
    from experiments.run.store import digest
    from simulation.version import results_version

    study = digest([command, results_version()])[:12]
    return replace(document, study=study, commands=(command,))


def _told_if_short(document: "Document", weeks: int | None) -> "Document":
    """Return a document whose last section says what a short horizon cannot show."""
    from experiments.run.relearning import short_runs

    *others, last = document.sections
    sentences = (*last.sentences, *short_runs(weeks, document.language))
    return replace(document, sections=(*others, replace(last, sentences=sentences)))


def with_commands(document: "Document") -> "Document":
    """Return a document with a last section on how to reproduce it."""
    from experiments.show.document import Section
    from experiments.words.numerals import say

    title = say("report_reproduce", document.language)
    last = Section("reproduce", title, document.commands)
    return replace(document, sections=(*document.sections, last))
