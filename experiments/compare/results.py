"""Writing a comparison or overview: answer, tables, series, figures, manifest."""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.compare import answers, drawing
from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.files.provenance import software
from experiments.files.table_files import write_csv
from experiments.files.whole_folders import (
    write_manifest,
)
from experiments.run.replicates import Replicates
from experiments.show.folder import MANIFEST_VERSION, staged


def save(
    study: Comparison | Overview,
    folder: str | os.PathLike,
    language: str = "en",
    style: str = "slide",
) -> Path:
    """Write the answer, tables, weekly series, figures and manifest into `folder`."""
    with staged(folder) as aside:
        write_results(study, aside, language, style)
        write_manifest(aside, manifest_of(study.runs))
    return Path(folder)


def write_results(
    study: Comparison | Overview, folder: Path, language: str, style: str
) -> None:
    """Write all files of a study except its manifest."""
    text = answers.as_text(study, language)
    (folder / "answer.txt").write_text(text, encoding="utf-8")
    write_csv(study.runs.tidy(), folder / "summary.csv")
    name = "differences" if isinstance(study, Comparison) else "levels"
    write_csv(study.table(), folder / f"{name}.csv")
    write_csv(study.runs.weekly_tables(), folder / "weekly.csv.gz")
    drawing.draw(study, folder, language, style)


def manifest_of(runs: Replicates) -> dict[str, Any]:
    """Return the manifest of runs: all that is needed to reproduce these results."""
    return {
        "manifest_version": MANIFEST_VERSION,
        "software": software(),
        "seed": runs.seed,
        "engine": runs.engine,
        "worlds": list(runs.worlds),
        "worlds_asked": runs.asked,
        "weeks": runs.weeks,
        "shock_week": runs.shock_week,
        "seconds": round(runs.seconds, 3),
        "scenarios": [
            {
                "name": scenario.name,
                "title": dict(scenario.title),
                "question": dict(scenario.question),
                "levers": dict(scenario.stages[-1].levers),
                "resolved": scenario.canonical(),
            }
            for scenario in runs.scenarios
        ],
        "failures": [asdict(failure) for failure in runs.failures],
    }
