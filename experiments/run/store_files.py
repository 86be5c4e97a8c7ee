"""JSON files of a store with checksums, and errors that say what to do."""

import errno
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.errors import InputError, short_path
from simulation.whole_files import write_file

NOT_AS_WRITTEN = (ValueError, KeyError, TypeError, IndexError)
"""What reading a file raises that is not as it was written."""
CHECKSUM = re.compile(', "checksum": "([0-9a-f]+)"}$')
"""How a JSON file of the store ends; it is of what is before, and the last brace."""


class StoreError(InputError):
    """A store cannot be used as asked; the message says what to do."""


def read_json(file: Path) -> Any:
    """Return the value in a JSON file, or None if it cannot be read or has changed."""
    try:
        return read_checked(file)
    except (OSError, ValueError):
        return None


def read_checked(file: Path) -> Any:
    """Return the value in a JSON file; ValueError if it does not match its checksum.

    Files of old stores have no checksum.
    """
    text = file.read_text(encoding="utf-8")
    if found := CHECKSUM.search(text):
        text = text[: found.start()] + "}"
        if found[1] != _checksum(text):
            raise ValueError("its bytes have changed")
    return json.loads(text)


def _checksum(text: str) -> str:
    return f"{zlib.crc32(text.encode()):08x}"


def write_whole(file: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON file with a checksum, atomically: wholly or not at all."""
    text = json.dumps(value, allow_nan=False)
    checked = f'{text[:-1]}, "checksum": "{_checksum(text)}"}}'
    with store_errors(file.parent):
        write_file(file, checked)


@contextmanager
def store_errors(folder: Path, acknowledged: int = 0) -> Iterator[None]:
    """Turn system errors about files into `StoreError`s that say what to do.

    FileNotFoundError passes unchanged.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        safe = f"; {acknowledged:,} runs are safe" if acknowledged else ""
        if error.errno == errno.ENOSPC:
            what = "the disk is full; make room and run the same command again"
        else:
            what = f"cannot be used ({error.strerror}); choose another --store"
        raise StoreError(f"{short_path(folder)}: {what}{safe}") from error
