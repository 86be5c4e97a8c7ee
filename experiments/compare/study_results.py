"""The files of a study in its folder, and its answer."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.compare import answers, drawing
from experiments.compare.comparison import Comparison
from experiments.compare.effects import Effects, effects_of
from experiments.compare.overview import Overview
from experiments.compare.reading import chosen_outcomes
from experiments.compare.results import write_results
from experiments.files.provenance import software
from experiments.files.table_files import write_csv
from experiments.files.whole_folders import write_manifest
from experiments.run.convergence import needed_of
from experiments.run.replicates import Failure
from experiments.run.runner import memory_of
from experiments.run.store import Store
from experiments.run.study_outcomes import StudyResult, replicates_of
from experiments.show.folder import MANIFEST_VERSION, staged
from experiments.statistics.intervals import LEVEL, Interval
from experiments.words import phrases
from simulation.outcomes import HEADLINES, OUTCOMES

MOST_COMPARED = 8
"""Scenarios that are compared one by one, week by week."""
MOST_LISTED = 40
"""Scenarios or steps that are listed of an outcome."""


def write_study_results(
    studied: StudyResult, store: Store, folder: Path, language: str, style: str
) -> tuple[str, dict[str, Any]]:
    """Write the files of a study; return its answer and its manifest.

    A few scenarios give the files of `compare`; a design gives the effects of its
    factors. Every study leaves answer, summaries, convergence and manifest, and the
    differences if it has several scenarios.
    """
    study = studied.plan.study
    effects = effects_of(studied)
    compared = None
    if study.design:
        text = _design_told(studied, effects, language)
    elif can_be_compared(studied):
        compared = _compared(studied, store)
        text = answers.as_text(compared, language)
    else:
        text = _one_by_one(studied, language)
    sentences = [answers.wrapped(line) for line in precision_told(studied, language)]
    head = [
        answers.wrapped(x)
        for x in (study.title[language], study.question[language])
        if x
    ]
    text = (
        "\n\n".join(["\n".join(head), "\n".join([text.rstrip("\n"), *sentences])])
        + "\n"
    )
    manifest = manifest_of_study(studied)
    with staged(folder) as aside:
        if compared:
            write_results(compared, aside, language, style)
        _write_tables(studied, aside)
        if len(studied.names) > 1 and not compared:
            write_csv(studied.differences(), aside / "differences.csv")
        if study.design:
            write_csv(points_of(studied), aside / "points.csv")
            _draw_effects(studied, effects, aside, language, style)
        if effects:
            write_csv(effects_table(effects), aside / "effects.csv")
        (aside / "answer.txt").write_text(text, encoding="utf-8")
        write_manifest(aside, manifest)
    return text, manifest


def can_be_compared(studied: StudyResult) -> bool:
    """Return whether the scenarios are few and their weekly records fit in memory."""
    from simulation.ensemble import memory_left

    count = len(studied.names)
    needed = memory_of(count * len(studied.worlds), studied.plan.weeks)
    return count <= MOST_COMPARED and needed < memory_left()


def _write_tables(studied: StudyResult, folder: Path) -> None:
    write_csv(studied.convergence, folder / "convergence.csv")
    wide = studied.summaries.rename_axis(columns="outcome")
    tidy = wide.stack(future_stack=True).rename("value").reset_index()
    write_csv(tidy, folder / "summary.csv")


def _compared(studied: StudyResult, store: Store) -> Comparison | Overview:
    runs = replicates_of(studied, store)
    shown = chosen_outcomes(studied.plan.study.outcomes)
    made = Overview if len(studied.names) == 1 else Comparison
    return made(runs, shown)


def manifest_of_study(studied: StudyResult) -> dict[str, Any]:
    """Return the manifest of a study: all that is needed to reproduce it."""
    plan, study = studied.plan, studied.plan.study
    return {
        "manifest_version": MANIFEST_VERSION,
        "software": software(),
        "study": {
            "name": study.name,
            "title": study.title["en"],
            "question": study.question["en"],
            "file": study.file,
            "scenarios": dict(zip(studied.names, plan.keys, strict=True)),
            "worlds": len(studied.worlds),
        },
        "seed": study.seed,
        "worlds": list(studied.worlds),
        "weeks": plan.weeks,
        "shock_week": plan.probe_week,
        "interrupted": studied.interrupted,
        "scenarios": [
            {
                "name": scenario.name,
                "title": dict(scenario.title),
                "point": point,
                "resolved": scenario.canonical(),
            }
            for scenario, point in zip(plan.scenarios, study.points, strict=True)
        ],
        "failures": [_without_trace(failure) for failure in studied.failures],
    }


def _without_trace(failure: Failure) -> dict[str, Any]:
    return {
        "scenario": failure.scenario,
        "replicate": failure.replicate,
        "stage": failure.stage,
        "message": failure.message,
    }


def precision_told(studied: StudyResult, language: str) -> list[str]:
    """Return sentences: which outcomes reached their precision, what others need."""
    precision = studied.plan.study.precision
    if precision is None or not studied.reached:
        return []
    needed = needed_of(precision, studied.convergence)
    done, first = len(studied.worlds), studied.plan.study.replicates
    said = []
    if done > first:
        said.append(phrases.say("precision_added", language, first=first))
    alike: dict[tuple[str, int], list[str]] = {}
    for name, n in studied.reached.items():
        key = "precision_reached" if n else "precision_missed"
        if not n and name not in needed:
            key = "precision_none"
        count = n or max(needed.get(name, 0), done + 1)
        alike.setdefault((key, count), []).append(OUTCOMES[name].in_sentence[language])
    for (key, count), outcomes in alike.items():
        numbers = {"n": count, "done": done}
        what = phrases.names(outcomes, language)
        said.append(phrases.say(key, language, what=what, **numbers))
    return said


def points_of(studied: StudyResult) -> pd.DataFrame:
    """Return the settings of the organisations of a design, one row each."""
    rows = [
        {"scenario": name, **_flat(point)}
        for name, point in zip(studied.names, studied.plan.study.points, strict=True)
        if point
    ]
    return pd.DataFrame(rows)


def _flat(point: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        f"{table}.{name}": value
        for table, values in point.items()
        for name, value in values.items()
    }


def effects_table(effects: Effects) -> pd.DataFrame:
    """Return one row per contrast and outcome: effect and interval."""
    rows = [
        {
            "factor": contrast.factor,
            "from": contrast.start,
            "to": contrast.end,
            "outcome": name,
            **interval.columns("effect"),
            "level": interval.level,
            "method": interval.method,
            "worlds": interval.n,
            "organisations": effects.organisations,
        }
        for name, intervals in effects.intervals.items()
        for contrast, interval in zip(effects.contrasts, intervals, strict=True)
    ]
    return pd.DataFrame(rows)


def _design_told(studied: StudyResult, effects: Effects | None, language: str) -> str:
    """Return what moves the outcomes, on average over a design or one by one."""
    study = studied.plan.study
    lines = phrases.not_known(studied.plan.scenarios, language)
    lines += map(answers.wrapped, studied.remarks(language))
    if study.left_out:
        n = phrases.number(study.left_out, language)
        lines.append(answers.wrapped(phrases.say("design_left_out", language, n=n)))
    if effects is None and study.design != "one_at_a_time":
        base = studied.plan.scenarios[0].title[language]
        n = phrases.number(len(studied.names), language)
        few = phrases.say("design_few", language, n=n, base=base)
        return "\n".join([answers.wrapped(few), *lines])
    if effects is None:
        return "\n".join([_one_by_one(studied, language), *lines])
    titles = [contrast.title for contrast in effects.contrasts]
    heads = {
        "n": phrases.number(effects.organisations, language),
        "worlds": phrases.number(len(studied.worlds), language),
    }
    told = [
        _moved(name, titles, effects.intervals[name], "design_effects", heads, language)
        for name in told_outcomes(studied)
    ]
    return "\n\n".join([*told, "\n".join([_design_note(language), *lines])])


def _one_by_one(studied: StudyResult, language: str) -> str:
    """Return how each of many scenarios differs from the base."""
    base, *others = (scenario.title[language] for scenario in studied.plan.scenarios)
    heads = {"base": base, "worlds": phrases.number(len(studied.worlds), language)}
    told = [
        _moved(name, others, studied.apart(name), "design_one_by_one", heads, language)
        for name in told_outcomes(studied)
    ]
    return "\n\n".join([*told, _design_note(language)])


def told_outcomes(studied: StudyResult) -> Sequence[str]:
    """Return the outcomes for which a study tells what moves them."""
    return studied.plan.study.outcomes or HEADLINES


def _design_note(language: str) -> str:
    level = phrases.number(100 * LEVEL, language) + "%"
    return answers.wrapped(phrases.say("design_note", language, level=level))


def _moved(
    name: str,
    titles: Sequence[str],
    intervals: Sequence[Interval],
    head: str,
    heads: Mapping[str, str],
    language: str,
) -> str:
    """Return a list of what moves an outcome, largest first, and what is unclear."""
    outcome = OUTCOMES[name]
    what = outcome.in_sentence[language]
    pairs = list(zip(titles, intervals, strict=True))
    clear = [(title, x) for title, x in pairs if not x.spans_zero]
    if not clear:
        return answers.wrapped(phrases.say("design_none", language, what=what))
    clear.sort(key=lambda pair: abs(pair[1].estimate), reverse=True)
    width = max(len(title) for title, _ in clear[:MOST_LISTED])
    lines = [
        f"  {title:<{width}}  {phrases.change(interval, outcome, language)}"
        for title, interval in clear[:MOST_LISTED]
    ]
    if more := len(clear) - len(lines):
        lines.append(f"  {phrases.say('design_more', language, n=more)}")
    others = [title for title, interval in pairs if interval.spans_zero]
    if others:
        shown = ", ".join(phrases.cut_list(others, language, MOST_LISTED))
        said = phrases.say("design_open", language, names=shown)
        lines.append(answers.wrapped(said, indent="  "))
    first = answers.wrapped(phrases.say(head, language, what=what, **heads))
    return "\n".join([first, *lines])


def _draw_effects(
    studied: StudyResult,
    effects: Effects | None,
    folder: Path,
    language: str,
    style: str,
) -> None:
    """Draw the effects of a design; of a one-at-a-time design its differences."""
    names = told_outcomes(studied)
    base = studied.plan.scenarios[0].title[language]
    if effects is not None:
        titles = [contrast.title for contrast in effects.contrasts]
        intervals = {name: effects.intervals[name] for name in names}
    elif studied.plan.study.design == "one_at_a_time":
        titles = [x.title[language] for x in studied.plan.scenarios[1:]]
        intervals = {name: studied.apart(name) for name in names}
    else:
        return
    count = phrases.number(len(studied.worlds), language)
    drawing.draw_effects(folder, intervals, titles, base, count, language, style)
