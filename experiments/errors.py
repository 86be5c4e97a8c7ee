"""Which errors are about what the user gave."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from simulation.input_errors import InputError as InputError


def is_wrong_input(error: BaseException) -> bool:
    """Tell whether an error is about what the user gave, with a message made for it.

    Such errors are subclasses of ValueError that this project defines; a bare
    ValueError from anywhere is a fault in the software.
    """
    package = type(error).__module__.partition(".")[0]
    return isinstance(error, ValueError) and package in ("simulation", "experiments")


@contextmanager
def output_told(folder: str | os.PathLike) -> Iterator[None]:
    """Turn what the system says about files of results into what to do about it."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            what = "the disk is full; make room and run the same command again"
        else:
            why = error.strerror or error
            what = f"cannot be written ({why}); choose another --output"
        raise InputError(f"{folder}: {what}") from error


def as_os_error(error: Exception) -> OSError:
    """Return what DuckDB says about files as what the system would say."""
    full = "No space left" in str(error)
    return OSError(errno.ENOSPC if full else errno.EIO, str(error).splitlines()[0])
