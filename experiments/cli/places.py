"""Folders for results, which are checked to be writable before anything runs."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

from experiments.errors import OutputError, output_told
from simulation.whole_files import aside_folder, check_file

ROOM, ROOM_FOR_A_FILE = 2**20, 2**16
"""Bytes that must find room where results go before anything runs."""


def check_writable(folder: Path, room: int = ROOM) -> None:
    """Raise `OutputError`, before anything runs, if a folder cannot be written to.

    Files that a killed command was moving into it are completed, with a message.
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
    """Save results that are stored nowhere else; return their folder and an exit code.

    If the folder can no longer be written they go into a temporary one; the folder is
    None if that cannot be written either. Both cases are reported.
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
