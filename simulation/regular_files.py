"""The one way to open a file that a user names: a regular one, of bounded size.

A pipe would be waited for, and a device read, for ever.
"""

import os
import stat
from pathlib import Path

NO_REGULAR_FILE = "is no regular file"
NO_FILE = "there is no such file"
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""With these a pipe that nobody writes to opens at once, and is refused."""


def unusable(path: Path, largest: int) -> str:
    """Return why `path` is no regular file of at most `largest` bytes, or nothing."""
    try:
        size = path.stat().st_size
        if path.is_dir():
            return "is a directory, not a file"
        if not path.is_file():
            return NO_REGULAR_FILE
        if not os.access(path, os.R_OK):
            return "may not be read"
        if size > largest:
            return too_large(largest)
    except (FileNotFoundError, NotADirectoryError):
        return NO_FILE
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return ""


def too_large(largest: int) -> str:
    """Return what is said of a file of more than `largest` bytes."""
    if largest >= 1_000_000:
        return f"is larger than {largest // 1_000_000} MB"
    return f"is larger than {largest:,} bytes"


def content_of(path: str | os.PathLike, largest: int) -> bytes:
    """Return what is in a regular file of at most `largest` bytes.

    Raises `OSError` for any other, also for one that became so since it was looked at.
    """
    handle = os.open(path, _FLAGS)
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, NO_REGULAR_FILE, os.fspath(path))
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(0, too_large(largest), os.fspath(path))
    return content
