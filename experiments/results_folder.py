"""Results as files: all of them whole, or none.

Files are made in a folder aside and renamed into place, so that what is there is
never half written and other files in the folder stay as they are. But for the
manifest, which tells the time a study took, the same runs give the same bytes.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from experiments import answers, drawing
from experiments.comparison import Comparison
from experiments.description import Overview
from experiments.errors import output_told
from experiments.provenance import software
from experiments.replicates import Replicates
from experiments.table_files import write_csv
from simulation.characters import one_line

MANIFEST_VERSION = 1
FORBIDDEN = re.compile(r'[\\/:*?"<>|]')
"""Letters that names of files cannot have on some system."""
LONGEST_NAME = 200
"""Bytes of a name, which may get an ending; file systems take at most 255."""


def save(
    study: Comparison | Overview,
    folder: str | os.PathLike,
    language: str = "en",
    style: str = "slide",
) -> Path:
    """Write the answer, tables, weekly series, figures and manifest into `folder`."""
    with staged(Path(folder)) as aside:
        text = answers.as_text(study, language)
        (aside / "answer.txt").write_text(text, encoding="utf-8")
        write_csv(study.runs.tidy(), aside / "summary.csv")
        name = "differences" if isinstance(study, Comparison) else "levels"
        write_csv(study.table(), aside / f"{name}.csv")
        write_csv(study.runs.weekly_tables(), aside / "weekly.csv.gz")
        drawing.draw(study, aside, language, style)
        manifest = json.dumps(manifest_of(study.runs), indent=2, allow_nan=False)
        (aside / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    return Path(folder)


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Yield a folder aside, whose files replace those in `folder` if all goes well.

    Raises `InputError` where they cannot be written.
    """
    with output_told(folder):
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
        try:
            yield aside
            for path in sorted(aside.iterdir()):
                path.replace(folder / path.name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def file_name(name: str) -> str:
    """Return a name as a file or folder can have it on every system.

    A long one is cut, and ends in what tells it from others that begin alike.

    >>> file_name("a/b: c"), len(file_name("é" * 300).encode())
    ('a-b- c', 199)
    """
    safe = FORBIDDEN.sub("-", one_line(name)).rstrip(". ") or "-"
    if len(safe.encode()) <= LONGEST_NAME:
        return safe
    mark = "-" + hashlib.sha256(safe.encode()).hexdigest()[:8]
    kept = safe.encode()[: LONGEST_NAME - len(mark)].decode(errors="ignore")
    return kept.rstrip() + mark


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
