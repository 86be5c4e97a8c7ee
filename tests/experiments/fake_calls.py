"""Small functions that worker processes can import: some kill their process."""

import os
import signal
from pathlib import Path


def square(x):
    """Return the square."""
    return x * x


def dies_once_at_3(x, mark):
    """Kill the process at 3, unless the file `mark` says that it was done."""
    if x == 3 and not Path(mark).exists():
        Path(mark).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def dies_at_2_and_5(x):
    """Kill the process at 2 and at 5, every time."""
    if x in (2, 5):
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def row_of(x):
    """Return a row with the square."""
    return {"square": x * x}


def noting(made):
    """Return `row_of`, that notes what it makes."""

    def row(x):
        made.append(x)
        return row_of(x)

    return row


def fails_at_3(x):
    """Raise at 3."""
    if x == 3:
        raise ZeroDivisionError("three is too much")
    return row_of(x)


def row_that_dies_at_3(x):
    """Kill the process at 3, every time."""
    if x == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return row_of(x)
