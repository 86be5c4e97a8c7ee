"""`orgsim interview`: today's organisation from plain questions."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from experiments.cli.options import language_option
from experiments.files.signals import exit_code

if TYPE_CHECKING:
    from experiments.fit.interview.questions import Answers


MOST_PIPED = 1_000_000


@click.command("interview")
@language_option
@click.option(
    "--answers",
    "given",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Answers that are there already (TOML); only the rest is asked.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("self.toml"),
    show_default=True,
    metavar="FILE",
    help="The scenario file to write.",
)
@click.option("--force", is_flag=True, help="Overwrite what is there.")
def interview(language: str, given: Path | None, output: Path, force: bool) -> int:
    """Write today's organisation as a scenario file, from about 30 plain questions.

    Enter or ? is "don't know": each simulated world then draws what may be. b goes
    back. Ctrl-C keeps the answers so far in a file that --answers goes on with.
    Answers may be piped in, a line for each question.
    """
    from experiments.cli.places import check_writable_file
    from experiments.errors import InputError
    from experiments.fit.interview.answer_files import read_answers, write_whole
    from experiments.fit.interview.scenario_file import scenario_text
    from simulation.scenario import ScenarioError

    draft = _Draft.beside(output, given, language)
    answers = read_answers(given, language) if given else {}
    _check_free(output, draft, force)
    check_writable_file(output)
    try:
        _take_answers(answers, draft, language)
        text = scenario_text(answers, language)
        _check(text, output)
    except KeyboardInterrupt:
        click.echo("\n" + draft.message(answers), err=True)
        return exit_code()
    except ScenarioError as error:
        draft.keep(answers)
        raise InputError(f"{error}\n{draft.message(answers)}") from error
    write_whole(output, text)
    draft.done()
    click.echo(_ending(answers, output, language))
    return 0


@dataclass(frozen=True)
class _Draft:
    """The file that keeps answers during an interview; `resumed` if begun from it."""

    path: Path
    output: Path
    resumed: bool
    language: str

    @classmethod
    def beside(cls, output: Path, given: Path | None, language: str) -> "_Draft":
        path = output.with_name(f"{output.stem}-answers.toml")
        there = path.exists() and given is not None and given.exists()
        resumed = there and path.samefile(given or path)
        return cls(path, output, resumed, language)

    def keep(self, answers: "Answers") -> None:
        from experiments.fit.interview.answer_files import answers_text, write_whole

        write_whole(self.path, answers_text(answers, self.language))

    def message(self, answers: "Answers") -> str:
        from experiments.words.numerals import say

        if not answers:
            return say("interview_nothing_kept", self.language)
        paths = {"file": self.path, "output": self.output}
        files = {key: shlex.quote(str(path)) for key, path in paths.items()}
        return say("interview_kept", self.language, **files)

    def done(self) -> None:
        """Remove the answers that this interview kept: the scenario has them now."""
        if not self.resumed:
            self.path.unlink(missing_ok=True)


def _check_free(output: Path, draft: _Draft, force: bool) -> None:
    """Refuse to overwrite a scenario, or the answers of an earlier interview."""
    from experiments.errors import InputError

    if force:
        return
    if output.exists():
        raise InputError(
            f"{output}: is there already; choose another --output, or overwrite it with"
            " --force"
        )
    if draft.path.exists() and not draft.resumed:
        raise InputError(
            f"{draft.path}: holds answers of an interview that was interrupted; go on"
            f" with --answers {shlex.quote(str(draft.path))}, or begin anew with"
            " --force"
        )


def _take_answers(answers: dict, draft: _Draft, language: str) -> None:
    """Ask the questions on a terminal, or take all lines that are piped in."""
    from experiments.errors import InputError
    from experiments.fit.interview.dialogue import ask, take

    if sys.stdin.isatty():
        return ask(answers, sys.stdin.readline, draft.keep, language)
    text = sys.stdin.read(MOST_PIPED + 1)
    if len(text) > MOST_PIPED:
        raise InputError(f"answers: more than {MOST_PIPED:,} characters are piped in")
    if wrong := take(answers, text.splitlines(), language):
        raise InputError("\n".join(wrong))


def _check(text: str, output: Path) -> None:
    """Check a scenario before it is written, as `orgsim check` does afterwards."""
    import tomllib

    from simulation.scenario import scenario_from

    scenario_from(tomllib.loads(text), str(output))


def _ending(answers: "Answers", output: Path, language: str) -> str:
    from experiments.fit.interview.questions import groups
    from experiments.fit.interview.scenario_file import tally
    from experiments.words.layout import wrapped
    from experiments.words.numerals import say

    count = tally(answers)
    numbers = {
        "answered": count.answered,
        "of": len(groups()),
        "drawn": count.drawn,
        "assumed": count.assumed,
    }
    text = say("interview_done", language, file=str(output), **numbers)
    return f"{wrapped(text)}\n{say('interview_next', language, file=str(output))}"
