"""Results as files: all of them of one run, or none.

Other files in the folder stay as they are. But for the manifest, which tells the time
a study took, the same runs give the same bytes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.errors import output_told
from experiments.files.provenance import software
from experiments.files.table_files import write_csv
from experiments.files.whole_folders import (
    MANIFEST,
    extend_manifest,
    together,
    write_manifest,
)
from experiments.run.replicates import Replicates
from experiments.show import answers, drawing

MANIFEST_VERSION = 1


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
    """Write all of a study but its manifest."""
    text = answers.as_text(study, language)
    (folder / "answer.txt").write_text(text, encoding="utf-8")
    write_csv(study.runs.tidy(), folder / "summary.csv")
    name = "differences" if isinstance(study, Comparison) else "levels"
    write_csv(study.table(), folder / f"{name}.csv")
    write_csv(study.runs.weekly_tables(), folder / "weekly.csv.gz")
    drawing.draw(study, folder, language, style)


@contextmanager
def staged(folder: str | os.PathLike) -> Iterator[Path]:
    """Yield a folder aside, whose files go into `folder` together if all goes well.

    Where no manifest is among them, they join those that the manifest in `folder`
    lists. Raises `InputError` where they cannot be written.
    """
    with output_told(folder), together(folder, own=True) as aside:
        yield aside
        if not (aside / MANIFEST).exists():
            told = {"manifest_version": MANIFEST_VERSION, "software": software()}
            extend_manifest(aside, Path(folder), told)


def manifest_of(runs: Replicates) -> dict[str, Any]:
    """Return what one needs to know, and to have, to make these results again."""
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
