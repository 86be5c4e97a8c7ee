"""What `compare` and `run` have in common: run, save, tell, and say how it went."""

import json
import math
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from experiments.compare import answers
from experiments.compare.comparison import Comparison
from experiments.compare.overview import Overview
from experiments.errors import OutputError, output_told
from experiments.files.file_names import few_names
from experiments.files.progress import Progress
from experiments.files.signals import exit_code
from experiments.words import phrases
from simulation.whole_files import aside_folder, check_file

Study = Comparison | Overview
RESULTS = Path("results")
ROOM, ROOM_FOR_A_FILE = 2**20, 2**16
"""Bytes that must find room where results go before anything runs."""


def report(
    make: Callable[..., Study],
    scenarios: Sequence[str],
    output: str | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
    over_sets: bool = False,
    **options: Any,
) -> int:
    """Make a study of scenarios, save it, print it, and return the exit code."""
    from experiments.science.evidence.sets import read_over

    check_writable(Path(output or RESULTS))
    with Progress("orgsim", quiet) as progress:
        study = make(*read_over(scenarios, over_sets), progress=progress, **options)
    if not as_json:  # at once: figures take longer than the runs
        click.echo(answers.as_text(study, language))
    from experiments.compare.results import save

    def leave(folder: Path) -> None:
        save(study, folder, language, style)
        if isinstance(study, Comparison):
            _leave_page(study, scenarios, folder, language, options.get("weeks"))

    folder, code = save_somewhere(leave, Path(output or default_folder(study)))
    if as_json:
        click.echo(json.dumps(as_data(study, folder, language), allow_nan=False))
    elif folder:
        click.echo(phrases.say("results_in", language, folder=f"{folder}{os.sep}"))
    return _tell_failures(study) or code


def _leave_page(
    study: Comparison,
    names: Sequence[str],
    folder: Path,
    language: str,
    weeks: int | None,
) -> None:
    """Write the report of a comparison, without what takes more time."""
    from experiments.report.building import report_of
    from experiments.report.sections import asked_of
    from experiments.show.folder import staged
    from experiments.show.html import page

    asked = replace(asked_of(study.runs, names, language, weeks), claims=False)
    text = page(report_of(study, asked))
    with staged(folder) as aside:
        data = text.encode(errors="replace")  # paths may be no text
        (aside / "report.html").write_bytes(data)


def default_folder(study: Study) -> Path:
    """Return results/<a>-vs-<b>, or results/<a> for one scenario."""
    return RESULTS / few_names(study.runs.names, 4)


def check_writable(folder: Path, room: int = ROOM) -> None:
    """Refuse a folder that cannot be written to, before anything runs.

    What a killed command left half in place there is completed, and told.
    """
    from experiments.files.whole_folders import complete

    with output_told(folder):
        there = next(x for x in (folder, *folder.absolute().parents) if _is_there(x))
        if not there.is_dir():
            raise OutputError(
                f"{folder}: cannot write in {there}, which is no folder; choose another"
                " --output"
            )
        with aside_folder(there) as aside:
            here = aside / folder.absolute().relative_to(there.absolute())
            here.mkdir(parents=True, exist_ok=True)
            (here / "room").write_bytes(b" " * room)
        if complete(folder):
            click.echo(
                f"{folder}: an earlier command was ended while it put its results here;"
                " they are in place now",
                err=True,
            )


def check_writable_file(file: Path) -> None:
    """Refuse a file that cannot be written, before anything runs."""
    with output_told(file):
        check_file(file)
        parent = file.absolute().parent
    check_writable(parent, ROOM_FOR_A_FILE)


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def save_somewhere(
    save: Callable[[Path], object], folder: Path
) -> tuple[Path | None, int]:
    """Save results that nothing else keeps; return where they are, and an exit code.

    Where the folder cannot be written any more they go into a temporary one; None where
    that cannot be either. Both are told.
    """
    try:
        save(folder)
        return folder, 0
    except OutputError as error:
        click.echo(str(error), err=True)
    try:
        rescue = Path(tempfile.mkdtemp(prefix="orgsim-results-"))
        save(rescue)
    except (OSError, OutputError) as error:
        click.echo(f"Nor can a temporary folder be written: {error}", err=True)
        return None, 1
    click.echo(f"Results are in {rescue}{os.sep} instead", err=True)
    return rescue, 1


def tell(
    text: str, document: dict[str, Any], folder: Path, as_json: bool, language: str
) -> int:
    """Print one JSON document, or a text, with where results are; return code 0."""
    if as_json:
        document |= {"results": str(folder)}
        click.echo(json.dumps(document, allow_nan=False))
    else:
        click.echo(text)
        click.echo(phrases.say("results_in", language, folder=f"{folder}/"))
    return 0


def as_data(study: Study, folder: Path | None, language: str) -> dict[str, Any]:
    """Return a study as plain JSON values; what is not known is null."""
    from experiments.compare.results import manifest_of

    table = study.table()
    shown = table[table["outcome"].isin(study.outcomes)]
    return {
        "answer": study.answer(language),
        "remarks": study.remarks(language),
        "outcomes": as_rows(shown),
        "results": str(folder) if folder else None,
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
        return exit_code()
    return 1 if study.runs.failures else 0
