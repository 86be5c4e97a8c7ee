"""Processes that are killed at each moment at which they change a disk."""

import os
import signal
import sys
from collections.abc import Callable, Iterator

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "ctypes.dlsym"}
"""What Python tells hooks about; before each of them a kill comes."""


def in_child(function: Callable[[], object]) -> int:
    """Call a function in a process of its own, and return its number."""
    child = os.fork()
    if child:
        return child
    try:
        function()
    finally:
        os._exit(0)


def every_kill(
    start: Callable[[], object], function: Callable[[], object]
) -> Iterator[int]:
    """Call a function again and again, killed one change later each time.

    `start` is called before each; the number of the change is given after each, the
    last time after the function has ended.
    """
    number = 0
    while True:
        number += 1
        start()
        child = in_child(lambda at=number: _killed_at(at, function))
        _, status = os.waitpid(child, 0)
        yield number
        if not os.WIFSIGNALED(status):
            assert number > 3, "it has changed nothing"
            return


def _killed_at(number: int, function: Callable[[], object]) -> None:
    seen = [0]

    def look(event: str, _: tuple) -> None:
        if event in CHANGES:
            seen[0] += 1
            if seen[0] == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    function()
