"""Sections that every report has: limits, and how to reproduce it."""

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
    """Options of a report: the id and name of its study, and what to include.

    `deep` adds sections that need runs of their own (why, levers, robustness), unless
    `measured` already has the results. `claims` adds the articles' claims, which take a
    second to read. `missing` is printed with the answer, `remarks` with the numbers.
    Raises `InputError` for an unknown language.
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
    """Return the options of a report on runs of scenarios, without further runs."""
    options = ["--replicates", str(runs.asked), "--seed", str(runs.seed)]
    if weeks:
        options += ["--weeks", str(weeks)]
    if any(one.unknown and one.unknown.sets for one in runs.scenarios):
        options.append("--over-sets")
    if language != ReportOptions.language:
        options += ["--language", language]
    command = "compare" if len(names) > 1 else "run"
    commands = tuple(
        shlex.join(["orgsim", word, *names, *options]) for word in (command, "report")
    )
    name = "-vs-".join(runs.names)
    return ReportOptions(id_of(runs), name, commands, language, deep=False)


def reported(
    asked: ReportOptions,
    title: str,
    question: str,
    sections: Sequence[Section],
    scenarios: Sequence[ResolvedScenario],
) -> Document:
    """Return a report on scenarios of the sections that are not empty, appendix last.

    `title` and `question` are used if `asked` has none.
    """
    titles = {one.name: one.title[asked.language] for one in scenarios}
    there = [one for one in sections if not one.empty]
    return Document(
        asked.title or title,
        asked.question or question,
        asked.language,
        asked.study,
        tuple(sorted(there, key=lambda one: one.appendix)),
        asked.commands,
        say("report_remark", asked.language),
        codes_of(asked) | {"scenario": titles, "base": titles},
    )


def codes_of(asked: ReportOptions) -> dict[str, dict[str, str]]:
    """Return the meanings of codes in a report's numbers: column -> code -> meaning."""
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
    """Return a source line: the study and its number of worlds."""
    key = "report_source_one" if worlds == 1 else "report_source"
    return say(key, language, study=study, worlds=number(worlds, language))


def between_brackets(worlds: int, language: str) -> str:
    """Return an explanation of the brackets; empty for one world, without intervals."""
    if worlds < 2:
        return ""
    level = number(100 * LEVEL, language) + "%"
    return say("report_between", language, level=level, n=number(worlds, language))


def limits(language: str) -> Section:
    """Return a section on assumptions and on what the model cannot show."""
    sentences = [say(f"report_limit_{k}", language) for k in range(1, LIMITS + 1)]
    return section(
        "limits",
        language,
        sentences=tuple(sentences),
        finding=say("limits_found", language),
        sheet="method",
    )


def here(scenarios: Sequence[ResolvedScenario], language: str) -> Section:
    """Return a section on why results may hold here: own data fitted, and unknowns."""
    return section(
        "here",
        language,
        sentences=tuple(known_here(scenarios, language)),
        appendix=True,
        sheet="assumptions",
    )


def known_here(scenarios: Sequence[ResolvedScenario], language: str) -> list[str]:
    """Return whether scenarios are fitted to data, and what is unknown in them."""
    fitted = any(one.unknown and one.unknown.draws for one in scenarios)
    first = say("report_fitted" if fitted else "report_not_fitted", language)
    return [first, *phrases.not_known(scenarios, language)]


def reproduce(seed: int, worlds: int, weeks: int, asked: ReportOptions) -> Section:
    """Return a section on the runs behind the numbers, and the commands to rerun."""
    sentence = say(
        "report_again",
        asked.language,
        study=asked.study,
        seed=str(seed),
        worlds=number(worlds, asked.language),
        weeks=number(weeks, asked.language),
    )
    told = [x for one in asked.commands for x in _with_what_it_makes(one, asked)]
    return section(
        "reproduce",
        asked.language,
        sentences=(sentence, *told),
        appendix=True,
        sheet="method",
    )


def _with_what_it_makes(command: str, asked: ReportOptions) -> tuple[str, ...]:
    """Return a command after a sentence on what it makes; alone if it is not known."""
    key = MAKES.get(command.removeprefix("orgsim ").partition(" ")[0])
    if key is None:
        return (command,)
    parts = ("comparison", "trajectories", "levels")
    titles = {x: say(f"report_{x}", asked.language) for x in parts}
    return say(key, asked.language, **titles), command


def reproduced(runs: Replicates, asked: ReportOptions) -> Section:
    """Return the section of `reproduce` for these runs."""
    return reproduce(runs.seed, len(runs.worlds), runs.weeks, asked)
