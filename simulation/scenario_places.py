"""Places of scenario files: shipped ones have bare names, others have paths."""

import os
from pathlib import Path

from simulation.regular_files import unusable
from simulation.scenario_errors import Problem, nearest, shown
from simulation.scenario_files import LARGEST_SCENARIO, Unusable

SHIPPED = Path(__file__).parent.parent / "scenarios"
"""Folder of shipped scenarios: beside the package, in a checkout as in a wheel."""


def shipped_names() -> tuple[str, ...]:
    """Return the bare names of the scenarios that ship, in alphabetical order."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def locate(name: str | os.PathLike, folder: Path | None = None) -> Path:
    """Return the path of a scenario, given as a file or as a shipped bare name.

    A `Path`, or a text with a suffix or separator, is a file, relative to `folder`
    (default: the current one). Raises `Unusable` if there is no such file.
    """
    if not isinstance(name, str) or _looks_like_a_file(name):
        path = (folder or Path()) / os.fspath(name)
        if problem := unusable(path, LARGEST_SCENARIO):
            near = nearest(path.stem, shipped_names())
            hint = f"the shipped scenario {near}" if near else ""
            raise Unusable(Problem(problem, got=shown(str(name)), nearest=hint))
        return path
    if name not in shipped_names():
        raise Unusable(_not_shipped(name, folder or Path()))
    return SHIPPED / f"{name}.toml"


def _looks_like_a_file(name: str) -> bool:
    separators = {os.sep, os.altsep, "/"} - {None}
    return bool(Path(name).suffix) or any(part in name for part in separators if part)


def _not_shipped(name: str, folder: Path) -> Problem:
    near = nearest(name, shipped_names())
    if name and not unusable(folder / f"{name}.toml", LARGEST_SCENARIO):
        near = f"the file {shown(f'{name}.toml')}"
    allowed = "a file, or one of the names that `orgsim list` prints"
    return Problem("no scenario of this name ships", "", shown(name), allowed, near)
