"""The one way to open a file that a user names: it must be regular, of bounded size.

Waiting for a pipe, or reading a device, could last for ever.
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
"""With these flags a pipe without a writer opens at once, and can be refused."""


def unusable(path: Path, largest: int) -> str:
    """Return why `path` is no regular file of at most `largest` bytes.

    The text is empty if it is one.
    """
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
    """Return the message about a file of more than `largest` bytes."""
    if largest >= 1_000_000:
        return f"is larger than {largest // 1_000_000} MB"
    return f"is larger than {largest:,} bytes"


def content_of(path: str | os.PathLike, largest: int) -> bytes:
    """Return the content of a regular file of at most `largest` bytes.

    Raises `OSError` for any other file, also if it changed since it was checked.
    """
    handle = os.open(path, _FLAGS)
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(0, NO_REGULAR_FILE, os.fspath(path))
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(0, too_large(largest), os.fspath(path))
    return content
