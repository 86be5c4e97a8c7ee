"""Make the report of what a user names: a stored study, or scenarios run now."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.compare.comparison import Comparison, compare
from experiments.compare.overview import Overview, overview
from experiments.compare.reading import chosen_outcomes
from experiments.compare.study_results import can_be_compared, precision_told
from experiments.files.progress import Progress
from experiments.report.building import report_of
from experiments.report.designs import report_of_design
from experiments.report.identity import study_id
from experiments.report.overview import report_of_overview
from experiments.report.sections import ReportOptions, asked_of
from experiments.run.living import Means
from experiments.run.replicates import Failure, Replicates
from experiments.run.store import STORE, Store
from experiments.run.study import Study
from experiments.run.study_outcomes import StudyResult, read_back, replicates_of
from experiments.run.study_plans import Remaining, StudyPlan, plan_of, remaining_of
from experiments.run.studying import carry_out
from experiments.science.evidence.sets import read_over, study_over
from experiments.show.document import Document
from experiments.words.numerals import say
from simulation.whole_numbers import checks_numbers

MEASURED = "measured"
"""The folder of the store in which lies what reports measured by runs of their own."""


@dataclass(frozen=True)
class StudyReportOptions:
    """Options of a report; `quick` leaves out sections that need runs of their own.

    `replicates` None uses those of the study. `over_sets` runs over the parameter sets
    that pass calibration.
    """

    language: str = "en"
    quick: bool = False
    replicates: int | None = None
    outcomes: tuple[str, ...] | None = None
    workers: int | None = None
    over_sets: bool = False


@dataclass(frozen=True)
class StudyReport:
    """A report, its missing parts, the failed runs, and whether Ctrl-C ended it."""

    report: Document
    missing: tuple[str, ...]
    failures: tuple[Failure, ...]
    interrupted: bool


def report_of_study(
    study: Study,
    name: str,
    store: Store,
    wanted: StudyReportOptions,
    progress: Progress,
) -> StudyReport:
    """Return the report of a study that the user calls `name`; run a new study first.

    A study that was started but not finished is reported as far as it has run. Raises
    `NothingYet` if no world is complete.
    """
    if wanted.outcomes:
        study = replace(study, outcomes=wanted.outcomes)
    study = study_over(study, wanted.over_sets)
    studied, left = _studied(study, store, wanted, progress)
    language = wanted.language
    options = [name, "--replicates", str(left.replicates)]
    options += ["--over-sets"] * wanted.over_sets
    if store.folder != STORE:
        options += ["--store", str(store.folder)]
    if language != ReportOptions.language:
        options += ["--language", language]
    commands = [shlex.join(["orgsim", word, *options]) for word in ("study", "report")]
    missing = _missing(studied, left, commands[0], language)
    plan = studied.plan
    identity = study_id(plan.scenarios, study.seed, studied.worlds, plan.weeks)
    asked = ReportOptions(
        f"{study.name}-{identity}",
        study.name,
        tuple(commands),
        language,
        not wanted.quick and not studied.interrupted,
        wanted.workers,
        study.title[language],
        study.question[language],
        missing,
        tuple(precision_told(studied, language)),
    )
    failures, stopped = studied.failures, studied.interrupted
    if study.design or not can_be_compared(studied):
        report = report_of_design(studied, asked)
        return StudyReport(report, missing, failures, stopped)
    runs = replicates_of(studied, store)
    shown = chosen_outcomes(study.outcomes)
    folder = None if store.only_read else store.folder / MEASURED
    report = _report(runs, shown, asked, folder, progress)
    return StudyReport(report, missing, failures, stopped)


@checks_numbers
def report_of_scenarios(
    names: Sequence[str],
    store: Path,
    wanted: StudyReportOptions,
    progress: Progress,
    weeks: int | None = None,
    seed: int = 1,
) -> StudyReport:
    """Run scenarios in the same worlds and return a report on them, or on only one."""
    options: dict[str, Any] = {
        "replicates": wanted.replicates,
        "seed": seed,
        "weeks": weeks,
        "outcomes": wanted.outcomes,
        "workers": wanted.workers,
        "progress": progress,
    }
    alone = len(names) == 1
    there = read_over(names, wanted.over_sets)
    study = overview(there[0], **options) if alone else compare(*there, **options)
    runs = study.runs
    asked = asked_of(runs, names, wanted.language, weeks)
    deep = not wanted.quick and not runs.interrupted
    asked = replace(asked, deep=deep, workers=wanted.workers)
    report = _report(runs, study.outcomes, asked, store / MEASURED, progress)
    return StudyReport(report, (), runs.failures, runs.interrupted)


def _report(
    runs: Replicates,
    outcomes: tuple[str, ...],
    asked: ReportOptions,
    folder: Path | None,
    progress: Progress,
) -> Document:
    if len(runs.scenarios) == 1:
        return report_of_overview(Overview(runs, outcomes), asked)
    study = Comparison(runs, outcomes).shown
    if asked.deep:
        from experiments.report.measured import measure

        with progress.stage(say("report_measuring", asked.language)):
            found = measure(study, asked.workers, folder, progress)
        asked = replace(asked, measured=found)
    return report_of(study, asked)


def _studied(
    study: Study, store: Store, wanted: StudyReportOptions, progress: Progress
) -> tuple[StudyResult, Remaining]:
    """Return a study as far as it has run, and what is left to run."""
    if wanted.replicates:
        study = replace(study, replicates=wanted.replicates, precision=None)
    plan = plan_of(study, store)
    if study.name not in store.studies():
        studied = carry_out(study, store, Means(workers=wanted.workers), progress)
        worlds = max(study.replicates, len(studied.worlds))
        return studied, remaining_of(plan, store, worlds)
    worlds = wanted.replicates or _worlds(plan, store)
    return read_back(plan, store, worlds), remaining_of(plan, store, worlds)


def _worlds(plan: StudyPlan, store: Store) -> int:
    """Return the number of worlds of a study: as asked, or more for its precision."""
    had = store.studies()[plan.study.name].get("worlds", [])
    return max([plan.study.replicates, *(world + 1 for world in had)])


def _missing(
    studied: StudyResult, left: Remaining, command: str, language: str
) -> tuple[str, ...]:
    if not left.to_do:
        return ()
    counts = {
        "done": left.done,
        "total": left.done + left.to_do,
        "worlds": len(studied.worlds),
    }
    return (say("report_missing", language, **counts, command=command),)
