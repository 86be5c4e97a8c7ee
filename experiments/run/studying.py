"""Carrying out studies: runs in the store are reused, missing runs are simulated.

A study that is run again resumes where it stopped; with more replicates it is extended.
Runs are interleaved over scenarios, so that an interrupted study is balanced.
"""

import contextlib
from collections.abc import Generator, Sequence
from typing import Any

from experiments.files.progress import Progress
from experiments.files.provenance import software
from experiments.run.convergence import needed_of
from experiments.run.living import USUAL, Fault, Means, World, live, raise_wrong_input
from experiments.run.replicates import Failure
from experiments.run.store import Store
from experiments.run.study import Precision, Study
from experiments.run.study_outcomes import (
    NothingYet,
    StudyResult,
    failures_of,
    ids_of,
    read_back,
)
from experiments.run.study_plans import (
    Remaining,
    StudyPlan,
    missing_of,
    plan_of,
    remaining_of,
    size_of,
)
from experiments.run.workers import WorkerDeath


def _note(plan: StudyPlan, store: Store, studied: "StudyResult | None" = None) -> None:
    """Store what a study asks for, the software, and its results so far."""
    study = plan.study
    record = {
        "title": study.title["en"],
        "question": study.question["en"],
        "file": study.file,
        "scenarios": dict(zip(plan.names, plan.keys, strict=True)),
        "seed": study.seed,
        "weeks": plan.weeks,
        "probe_week": plan.probe_week,
        "software": software(),
        "results_version": store.version,
    }
    if studied is not None:
        record["worlds"] = list(studied.worlds)
        record["reported"] = studied.reported()
    store.note_study(study.name, record)


def carry_out(
    study: Study,
    store: Store,
    means: Means = USUAL,
    progress: Progress | None = None,
) -> StudyResult:
    """Run the missing runs of a study, until its replicates or precision are reached.

    Ctrl-C keeps all finished runs; the result then is `interrupted`. It raises
    KeyboardInterrupt where no world is complete yet.
    """
    plan = plan_of(study, store)
    _note(plan, store)
    progress = progress or Progress("", quiet=True)
    replicates, interrupted = study.replicates, False
    while True:
        try:
            _run_missing(plan, store, replicates, means, progress)
        except KeyboardInterrupt:
            interrupted = True
        try:
            studied = read_back(plan, store, replicates, interrupted)
        except NothingYet:
            if interrupted:
                raise KeyboardInterrupt from None
            raise
        more = _more(studied, study.precision, replicates)
        if interrupted or not more:
            _note(plan, store, studied)
            return studied
        replicates = more


def carry_out_part(
    study: Study,
    store: Store,
    part: tuple[int, int],
    means: Means = USUAL,
    progress: Progress | None = None,
) -> tuple[Remaining, tuple[Failure, ...]]:
    """Run the missing runs in part (i, n) of a study, the i-th of n parts.

    Return what remains of the whole study, and its failures. The precision of the study
    is ignored. For job arrays: n commands, each with its own i, share a study and a
    store.
    """
    plan = plan_of(study, store)
    _note(plan, store)
    progress = progress or Progress("", quiet=True)
    _run_missing(plan, store, study.replicates, means, progress, part)
    failures = failures_of(plan, store, ids_of(plan, store, study.replicates))
    return remaining_of(plan, store, study.replicates), failures


def _run_missing(
    plan: StudyPlan,
    store: Store,
    replicates: int,
    means: Means,
    progress: Progress,
    part: tuple[int, int] = (1, 1),
) -> None:
    """Run the runs that the store lacks, and of these only the i-th of n parts."""
    size, (i, n) = len(plan.scenarios), part
    missing = missing_of(plan, store, replicates)
    jobs = tuple((s, r) for s, r in missing if (r * size + s) % n == i - 1)
    seed, week = plan.study.seed, plan.probe_week
    worlds = [World(plan.scenarios[s], seed, r, week) for s, r in jobs]
    stream = live(worlds, means, progress)
    done = size_of(plan, replicates) - len(missing)
    _run(plan, store, jobs, stream, done, progress)


def _run(
    plan: StudyPlan,
    store: Store,
    jobs: Sequence[tuple[int, int]],
    stream: Generator[tuple[int, Any], None, None],
    done: int,
    progress: Progress,
) -> None:
    """Write results to the store as they come; `done` runs were there before."""
    total = done + len(jobs)
    progress(done, total)
    with contextlib.closing(stream), store.writer() as writer:
        for i, result in stream:
            key = plan.key(store, *jobs[i])
            if isinstance(result, Fault | WorkerDeath):
                raise_wrong_input(result)
                trace = getattr(result, "traceback", "")
                stage = "worker" if isinstance(result, WorkerDeath) else "simulate"
                store.note_failure(key, plan.weeks, stage, result.message, trace)
            else:
                writer.add(key, result)
            done += 1
            progress(done, total)


def _more(
    studied: StudyResult, precision: Precision | None, replicates: int
) -> int | None:
    """Return the number of replicates to go on with, None if the study is finished."""
    if precision is None or not studied.reached or len(studied.names) < 2:
        return None
    needed = needed_of(precision, studied.convergence)
    if all(n > 0 or x not in needed for x, n in studied.reached.items()):
        return None
    if replicates >= precision.most_replicates:
        return None
    return min(precision.most_replicates, max(replicates + 10, replicates * 5 // 4))
