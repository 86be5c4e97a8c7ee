"""What a study leaves in its folder, and what it says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import answers, words
from experiments.comparison import Comparison, chosen_outcomes
from experiments.description import Overview
from experiments.intervals import Interval
from experiments.results_folder import manifest_of, save, staged, write_csv
from experiments.store import Store
from experiments.studying import Studied, needed_of, replicates_of
from simulation.outcomes import OUTCOMES, Outcome

MOST_COMPARED = 8
"""Scenarios that are compared one by one, with figures."""
MOST_LISTED = 10


def leave(
    studied: Studied, store: Store, folder: Path, language: str, style: str
) -> tuple[str, dict[str, Any]]:
    """Write the files of a study; return its answer and its manifest.

    A few scenarios give what `compare` gives, many a table of differences; both give
    convergence and, for a design, its points.
    """
    if len(studied.names) <= MOST_COMPARED:
        text, manifest = _compared(studied, store, folder, language, style)
    else:
        text = _listed(studied, language)
        manifest = {"study": _asked(studied)}
    with staged(folder) as aside:
        write_csv(studied.convergence, aside / "convergence.csv")
        if any(studied.plan.study.points):
            write_csv(points_of(studied), aside / "points.csv")
        if len(studied.names) > MOST_COMPARED:
            write_csv(studied.summaries.reset_index(), aside / "summary.csv")
            write_csv(studied.differences(), aside / "differences.csv")
            (aside / "answer.txt").write_text(text, encoding="utf-8")
    return text, manifest


def _compared(
    studied: Studied, store: Store, folder: Path, language: str, style: str
) -> tuple[str, dict[str, Any]]:
    runs = replicates_of(studied, store)
    shown = chosen_outcomes(studied.plan.study.outcomes)
    made = Overview if len(studied.names) == 1 else Comparison
    study = made(runs, shown)
    save(study, folder, language, style)
    text = answers.as_text(study, language)
    told = [answers.wrapped(line) for line in precision_told(studied, language)]
    manifest = {**manifest_of(runs), "study": _asked(studied)}
    return "\n".join([text.rstrip("\n"), *told]) + "\n", manifest


def _asked(studied: Studied) -> dict[str, Any]:
    study = studied.plan.study
    return {
        "name": study.name,
        "title": study.title,
        "seed": study.seed,
        "worlds": len(studied.worlds),
        "weeks": studied.plan.weeks,
        "scenarios": dict(zip(studied.names, studied.plan.keys, strict=True)),
    }


def precision_told(studied: Studied, language: str) -> list[str]:
    """Say for which outcomes the precision was reached, and what it would take."""
    precision = studied.plan.study.precision
    if precision is None or not studied.reached:
        return []
    needed = needed_of(precision, studied.convergence)
    done = len(studied.worlds)
    said = []
    for name, n in studied.reached.items():
        what = OUTCOMES[name].in_sentence[language]
        key = "precision_reached" if n else "precision_missed"
        count = n or max(needed.get(name, 0), done + 1)
        numbers = {"n": count, "done": done}
        shown = {k: words.number(x, language) for k, x in numbers.items()}
        said.append(words.say(key, language, what=what, **shown))
    return said


def points_of(studied: Studied) -> pd.DataFrame:
    """Return what each organisation of a design differs in from the base."""
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


def _listed(studied: Studied, language: str) -> str:
    """List the organisations that differ most from the base, by headline outcome."""
    differences = studied.differences()
    points = dict(zip(studied.names, studied.plan.study.points, strict=True))
    base = studied.plan.scenarios[0].title[language]
    paragraphs = []
    for name, outcome in OUTCOMES.items():
        if not outcome.headline:
            continue
        rows = differences[differences["outcome"] == name].dropna(subset="difference")
        rows = rows.sort_values("difference", key=abs, ascending=False)
        head = words.say(
            "design_points",
            language,
            n=words.number(len(rows), language),
            base=base,
            worlds=words.number(len(studied.worlds), language),
            what=outcome.in_sentence[language],
        )
        lines = [
            f"  {row.scenario}: {_with_ends(row, outcome, language)}"
            f"  {_in_words(points[row.scenario])}"
            for row in rows.head(MOST_LISTED).itertuples()
        ]
        paragraphs.append("\n".join([answers.wrapped(head), *lines]))
    told = [answers.wrapped(line) for line in precision_told(studied, language)]
    return "\n\n".join([*paragraphs, *told]) + "\n"


def _with_ends(row: Any, outcome: Outcome, language: str) -> str:
    interval = Interval(
        row.difference, row.low, row.high, row.level, row.worlds, 0, 0.0, row.method
    )
    return answers.with_ends(interval, outcome, language, signed=True)


def _in_words(point: Mapping[str, Mapping[str, Any]]) -> str:
    settings = [
        f"{name} = {value:.3g}" if isinstance(value, float) else f"{name} = {value}"
        for values in point.values()
        for name, value in values.items()
    ]
    return ", ".join(settings)
