"""What `compare` and `run` have in common: run, save, tell, and say how it went."""

import json
import math
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from experiments import answers, words
from experiments.comparison import Comparison
from experiments.description import Overview
from experiments.errors import InputError
from experiments.progress import Progress

Study = Comparison | Overview
RESULTS = Path("results")


def report(
    make: Callable[..., Study],
    scenarios: Sequence[str],
    output: str | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
    **options: Any,
) -> int:
    """Make a study of scenarios, save it, print it, and return the exit code."""
    check_writable(Path(output or RESULTS))
    with Progress("orgsim", quiet) as progress:
        study = make(*scenarios, progress=progress, **options)
    if not as_json:  # at once: figures take longer than the runs
        click.echo(answers.as_text(study, language))
    from experiments.results_folder import save

    folder = save(study, output or default_folder(study), language, style)
    if isinstance(study, Comparison):
        _leave_page(study, scenarios, folder, language, options.get("weeks"))
    if as_json:
        click.echo(json.dumps(as_data(study, folder, language), allow_nan=False))
    else:
        click.echo(words.say("results_in", language, folder=f"{folder}{os.sep}"))
    return _tell_failures(study)


def _leave_page(
    study: Comparison,
    names: Sequence[str],
    folder: Path,
    language: str,
    weeks: int | None,
) -> None:
    """Write the report of a comparison, without what takes more time."""
    from experiments.report.building import report_of
    from experiments.report.page import page
    from experiments.report.sections import asked_of
    from experiments.results_folder import staged

    asked = replace(asked_of(study.runs, names, language, weeks), claims=False)
    text = page(report_of(study, asked))
    with staged(folder) as aside:
        data = text.encode(errors="replace")  # paths may be no text
        (aside / "report.html").write_bytes(data)


def default_folder(study: Study) -> Path:
    """Return results/<a>-vs-<b>, or results/<a> for one scenario."""
    from experiments.results_folder import file_name

    first, *others = study.runs.names
    if len(others) > 3:
        others = [f"{len(others)}-others"]
    return RESULTS / file_name("-vs-".join([first, *others]))


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written to, before anything runs."""
    there = next(x for x in (folder, *folder.absolute().parents) if x.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        raise InputError(f"{folder}: cannot write in {there}; choose another --output")


def tell(
    text: str, document: dict[str, Any], folder: Path, as_json: bool, language: str
) -> int:
    """Print one JSON document, or a text, with where results are; return code 0."""
    if as_json:
        document |= {"results": str(folder)}
        click.echo(json.dumps(document, allow_nan=False))
    else:
        click.echo(text)
        click.echo(words.say("results_in", language, folder=f"{folder}/"))
    return 0


def as_data(study: Study, folder: Path, language: str) -> dict[str, Any]:
    """Return a study as plain JSON values; what is not known is null."""
    from experiments.results_folder import manifest_of

    table = study.table()
    shown = table[table["outcome"].isin(study.outcomes)]
    return {
        "answer": study.answer(language),
        "remarks": study.remarks(language),
        "outcomes": as_rows(shown),
        "results": str(folder),
        "manifest": manifest_of(study.runs),
    }


def as_rows(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table as plain JSON values; what is not known is null."""
    rows = table.to_dict("records")
    return [{key: _plain(x) for key, x in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _tell_failures(study: Study) -> int:
    """Print which runs failed or never ran, on standard error; return the exit code."""
    for failure in study.runs.failures:
        where = f"{failure.scenario}, replicate {failure.replicate}"
        click.echo(f"Failed ({failure.stage}): {where}: {failure.message}", err=True)
    if study.runs.interrupted:
        return 130
    return 1 if study.runs.failures else 0
