"""Results as files: all of them whole, or none.

Files are made in a folder aside and renamed into place, so that what is there is
never half written and other files in the folder stay as they are. But for the
manifest, which tells the time a study took, the same runs give the same bytes.
"""

import json
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd

from experiments import answers, drawing
from experiments.comparison import Comparison
from experiments.description import Overview
from experiments.errors import output_told
from experiments.provenance import software
from experiments.replicates import Replicates

MANIFEST_VERSION = 1
GZIP = 31
"""What tells zlib to write the head of a gzip file, without name and date."""
FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d)")
"""How a text begins that a spreadsheet would take for a formula."""


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


def not_a_formula(value: Any) -> Any:
    """Return a value with a space before a text that a spreadsheet would work out.

    >>> not_a_formula("=1+1"), not_a_formula("-0.5"), not_a_formula(3)
    (' =1+1', '-0.5', 3)
    """
    return f" {value}" if isinstance(value, str) and FORMULA.match(value) else value


def write_csv(table: pd.DataFrame | Iterable[pd.DataFrame], path: Path) -> None:
    """Write a table as CSV, packed where the name ends in .gz, without a date in it.

    One that comes in parts is never whole in memory. A text that a spreadsheet would
    take for a formula gets a space before it.
    """
    parts = [table] if isinstance(table, pd.DataFrame) else table
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP) if path.suffix == ".gz" else None
    with path.open("wb") as file:
        for k, part in enumerate(parts):
            texts = part.select_dtypes(["object", "string"]).columns
            safe = {name: part[name].map(not_a_formula) for name in texts}
            text = part.assign(**safe).to_csv(
                index=False, header=not k, lineterminator="\n"
            )
            file.write(packer.compress(text.encode()) if packer else text.encode())
        if packer:
            file.write(packer.flush())


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
