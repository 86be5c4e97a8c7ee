"""Which errors are about what the user gave."""

import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from simulation.input_errors import InputError as InputError
from simulation.scenario_errors import nearest

NO_WORKING_FOLDER = (
    "the working folder has been deleted; change to one that is there (cd)"
)
SHOWN = 80
"""Letters of each end of a long path that are shown."""


def is_wrong_input(error: BaseException) -> bool:
    """Tell whether an error is about what the user gave, with a message made for it.

    Such errors are subclasses of ValueError that this project defines; a bare
    ValueError from anywhere is a fault in the software.
    """
    package = type(error).__module__.partition(".")[0]
    return isinstance(error, ValueError) and package in ("simulation", "experiments")


@contextmanager
def gather(problems: list[str]) -> Iterator[None]:
    """Add the message of wrong input to `problems`, to tell all of them at once."""
    try:
        yield
    except InputError as error:
        problems.append(str(error))


def reason(error: BaseException) -> str:
    """Return why something failed: a message made for it, else with its kind before.

    >>> reason(InputError("no such file")), reason(KeyError("x"))
    ('no such file', "KeyError: 'x'")
    """
    text = str(error)
    return text if is_wrong_input(error) else f"{type(error).__name__}: {text}"


def did_you_mean(name: object, names: Iterable[object]) -> str:
    """Return, to end a message with, the one of some names most like one, or nothing.

    >>> did_you_mean("ownd", ["detail", "owned"]), did_you_mean("x", ["owned"])
    ('; did you mean owned?', '')
    """
    near = nearest(name, map(str, names))
    return f"; did you mean {near}?" if near else ""


class OutputError(InputError):
    """Results cannot be written where the user wants them."""


@contextmanager
def output_told(folder: str | os.PathLike, option: str = "--output") -> Iterator[None]:
    """Turn what the system says about files of results into what to do about it."""
    try:
        yield
    except OSError as error:
        raise OutputError(f"{short_path(folder)}: {_what(error, option)}") from error


def _what(error: OSError, option: str) -> str:
    if _no_working_folder():
        return NO_WORKING_FOLDER
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; make room and run the same command again"
    return f"cannot be written ({error.strerror or error}); choose another {option}"


def file_error(error: OSError) -> str | None:
    """Return what is wrong with a file or folder; None where none is to blame."""
    if _no_working_folder():
        return NO_WORKING_FOLDER
    if error.filename is None:
        return None
    return f"{short_path(error.filename)}: {error.strerror or error}"


def _no_working_folder() -> bool:
    try:
        os.getcwd()
    except FileNotFoundError:
        return True
    return False


def short_path(path: str | bytes | os.PathLike) -> str:
    """Return a path as text; of a very long one the beginning and the end.

    >>> short_path("a.toml"), len(short_path("a" * 999))
    ('a.toml', 163)
    """
    text = os.fsdecode(path)
    return text if len(text) <= 2 * SHOWN else f"{text[:SHOWN]}...{text[-SHOWN:]}"


def as_os_error(error: Exception) -> OSError:
    """Return what DuckDB says about files as what the system would say."""
    full = "No space left" in str(error)
    return OSError(errno.ENOSPC if full else errno.EIO, str(error).splitlines()[0])
