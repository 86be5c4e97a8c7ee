"""What every report has, whatever was studied: limits, and how to get it again."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.advise import moves
from experiments.errors import InputError
from experiments.report.identity import id_of
from experiments.run.replicates import Replicates
from experiments.show.document import Document, Section
from experiments.show.parts import section
from experiments.statistics.intervals import LEVEL
from experiments.words import phrases
from experiments.words.numerals import number, say
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario

if TYPE_CHECKING:
    from experiments.report.measured import ReportMeasurements

LIMITS = 5
MAKES = {
    "compare": "report_makes_compare",
    "run": "report_makes_run",
    "study": "report_makes_study",
    "report": "report_makes_report",
}
"""What tells what a command makes again, by the command's name."""


@dataclass(frozen=True)
class ReportOptions:
    """What goes into a report: its study's id and name, and how deep it goes.

    `deep` adds what takes runs of its own: why, levers, robustness; they are made
    unless they are there as `measured`. `claims` adds those of the articles, which
    takes a second to read. `missing` is told with the answer, `remarks`
    with the numbers. Raises `InputError` for a language that is not known.
    """

    study: str
    name: str
    commands: tuple[str, ...]
    language: str = "en"
    deep: bool = True
    workers: int | None = None
    title: str = ""
    question: str = ""
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    measured: "ReportMeasurements | None" = None
    claims: bool = True

    def __post_init__(self) -> None:
        if self.language not in LANGUAGES:
            allowed = ", ".join(LANGUAGES)
            raise InputError(f"language: got {self.language!r}; allowed: {allowed}")


def asked_of(
    runs: Replicates, names: Sequence[str], language: str, weeks: int | None = None
) -> ReportOptions:
    """Return what is asked of a report of runs of scenarios, without more runs."""
    options = ["--replicates", str(runs.asked), "--seed", str(runs.seed)]
    if weeks:
        options += ["--weeks", str(weeks)]
    if any(one.unknown and one.unknown.sets for one in runs.scenarios):
        options.append("--over-sets")
    command = "compare" if len(names) > 1 else "run"
    commands = tuple(
        shlex.join(["orgsim", word, *names, *options]) for word in (command, "report")
    )
    name = "-vs-".join(runs.names)
    return ReportOptions(id_of(runs), name, commands, language, deep=False)


def reported(
    asked: ReportOptions, title: str, question: str, sections: Sequence[Section]
) -> Document:
    """Return a report of sections, without those that have nothing in them.

    `title` and `question` where none are asked for.
    """
    return Document(
        asked.title or title,
        asked.question or question,
        asked.language,
        asked.study,
        tuple(one for one in sections if not one.empty),
        asked.commands,
        say("report_remark", asked.language),
        codes_of(asked),
    )


def codes_of(asked: ReportOptions) -> dict[str, dict[str, str]]:
    """Return what codes in the numbers of a report mean, by column."""
    language = asked.language
    codes = moves.codes_of(language)
    if asked.deep:
        from experiments.compare.causes import path_table

        paths = path_table().items()
        codes["path"] = {name: one.label[language] for name, one in paths}
    if asked.claims:
        from experiments.science.claims import claims

        codes["claim"] = {one.id: one.says[language] for one in claims()}
    return codes


def study_source(study: str, worlds: int, language: str) -> str:
    """Return a study as the source of numbers, with how many worlds it has."""
    key = "report_source_one" if worlds == 1 else "report_source"
    return say(key, language, study=study, worlds=number(worlds, language))


def between_brackets(worlds: int, language: str) -> str:
    """Say what stands between brackets; nothing where one world has no interval."""
    if worlds < 2:
        return ""
    level = number(100 * LEVEL, language) + "%"
    return say("report_between", language, level=level, n=number(worlds, language))


def limits(language: str) -> Section:
    """Tell what is assumed, and what the model cannot tell."""
    sentences = [say(f"report_limit_{k}", language) for k in range(1, LIMITS + 1)]
    return section("limits", language, sentences=tuple(sentences))


def here(scenarios: Sequence[ResolvedScenario], language: str) -> Section:
    """Tell why it may hold here: fitted to own data or not, and what is open."""
    fitted = any(one.unknown and one.unknown.draws for one in scenarios)
    sentences = [say("report_fitted" if fitted else "report_not_fitted", language)]
    sentences += phrases.not_known(scenarios, language)
    return section("here", language, sentences=tuple(sentences))


def reproduce(seed: int, worlds: int, weeks: int, asked: ReportOptions) -> Section:
    """Tell from which runs the numbers come, and what each command makes again."""
    sentence = say(
        "report_again",
        asked.language,
        study=asked.study,
        seed=str(seed),
        worlds=number(worlds, asked.language),
        weeks=number(weeks, asked.language),
    )
    told = [x for one in asked.commands for x in _with_what_it_makes(one, asked)]
    return section("reproduce", asked.language, sentences=(sentence, *told))


def _with_what_it_makes(command: str, asked: ReportOptions) -> tuple[str, ...]:
    """Return a command after what it makes again, alone where it is none of ours."""
    key = MAKES.get(command.removeprefix("orgsim ").partition(" ")[0])
    if key is None:
        return (command,)
    parts = ("comparison", "trajectories", "levels")
    titles = {x: say(f"report_{x}", asked.language) for x in parts}
    return say(key, asked.language, **titles), command


def reproduced(runs: Replicates, asked: ReportOptions) -> Section:
    """Tell the same of runs at hand."""
    return reproduce(runs.seed, len(runs.worlds), runs.weeks, asked)
