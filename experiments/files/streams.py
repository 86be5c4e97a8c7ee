"""Standard streams that never fail, so that no work is lost to a closed or full one.

A failure to write is noted, and reported at the end, after results have been saved. A
closed descriptor is opened, so that no other file gets its number and its bytes.
"""

import codecs
import errno
import io
import os
import sys
from contextlib import suppress
from typing import TextIO

import click

STRICT = ("strict", "surrogateescape")
"""What makes a letter that an encoding lacks an error."""
SIMPLER = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2013", "-"),
        **dict.fromkeys("\u2018\u2019", "'"),
        **dict.fromkeys("\u201c\u201d", '"'),
        "\u2264": "<=",
        "\u2265": ">=",
        "\u2026": "...",
    }
)
"""What stands for signs that an encoding lacks."""


def simplify(error: UnicodeError) -> tuple[str | bytes, int]:
    """Return what is written for letters that an encoding lacks: a plain sign, or `?`.

    >>> "−3 to 5 世".encode("ascii", errors="simplify")
    b'-3 to 5 ?'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end].translate(SIMPLER)
    known = "".join(x if x.isascii() else "?" for x in letters)
    return known, error.end


codecs.register_error("simplify", simplify)


class _Output(io.FileIO):
    """A descriptor that takes writes until one fails, and then discards them."""

    failure: OSError | None = None

    def write(self, data) -> int:
        """Write if possible; always return the number of all bytes."""
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
        return memoryview(data).nbytes


class Streams:
    """The standard streams of this process, which no longer raise errors."""

    def __init__(self) -> None:
        given = sys.stdout, sys.stderr
        _fill_descriptors()
        if sys.stdin is None:
            sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0)))
        self._out, self._err = (_Output(x, "w", closefd=False) for x in (1, 2))
        for stream, output in zip(given, (self._out, self._err), strict=True):
            if stream is None:
                output.failure = OSError(errno.EBADF, "it is closed")
        sys.stdout = _text(self._out, given[0], self._out.isatty())
        sys.stderr = _text(self._err, given[1], True)

    def finish(self, code: int, failed: int) -> int:
        """Flush the streams; return the exit code, `failed` if output was lost.

        A pipe that is closed early, as by `head`, is no failure.
        """
        sys.stdout.flush()
        failure = self._out.failure
        if failure is not None and failure.errno != errno.EPIPE:
            why = failure.strerror or failure
            click.echo(
                f"Standard output cannot be written ({why}): not all was printed. Files"
                " that were asked for are whole; send the output elsewhere, such as"
                " > answer.txt",
                err=True,
            )
            code = code or failed
        sys.stderr.flush()
        return code


def _fill_descriptors() -> None:
    """Open those of descriptors 0, 1 and 2 that are closed, to keep other files out."""
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)


def _text(output: _Output, given: TextIO | None, by_line: bool) -> TextIO:
    """Return a text stream like the given one.

    A character that its encoding lacks becomes a simpler one, or a mark.
    """
    encoding = given.encoding if given else "utf-8"
    errors = given.errors if given else None
    if given is not None:
        with suppress(OSError):
            given.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(output),
        encoding=encoding,
        errors="simplify" if errors in (None, *STRICT) else errors,
        line_buffering=by_line,
    )
