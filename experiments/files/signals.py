"""Signals that stop a command: with each, finished work is kept, as with Ctrl-C.

The first signal raises KeyboardInterrupt in the main thread. A second ends the process
at once: workers end with it, and the next command removes half-written files.
"""

import os
import signal
import time
from dataclasses import dataclass
from types import FrameType

STOPS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)
)
"""Ctrl-C, what ends services and jobs, and a terminal that closes."""
SAME_SECONDS = 0.3
"""Signals so close together are one: `timeout`, `uv run` and terminals send two."""


@dataclass
class _First:
    """Number and time of the first signal."""

    number: int | None = None
    seconds: float = 0.0


_first = _First()


def hear_signals() -> None:
    """Let each of `STOPS` stop this process as Ctrl-C does, unless it is ignored."""
    for number in STOPS:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)


def end_at_signals() -> None:
    """Let signals end the process from now on: there is nothing left to keep."""
    for number in STOPS:
        if signal.getsignal(number) is _stop:
            signal.signal(number, signal.SIG_DFL)


def exit_code() -> int:
    """Return the exit code of an interrupted command: 128 + the signal's number."""
    return 128 + (_first.number or signal.SIGINT)


def _stop(number: int, frame: FrameType | None) -> None:
    now = time.monotonic()
    if _first.number is None:
        _first.number, _first.seconds = number, now
        raise KeyboardInterrupt
    if now - _first.seconds >= SAME_SECONDS:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
