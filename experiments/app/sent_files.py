"""Scenario files sent by a page: single files, or an archive that it saved."""

import io
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from experiments.errors import InputError
from experiments.fit.troubles import Problem, TranslatedError, error_of
from simulation.graph_formats import READERS

MOST_BYTES = 12_000_000
MOST_FILES = 20
SUFFIXES = (".toml", ".csv", *(x for x in READERS if x != ".csv"))
READ_ME = "README.txt"
"""What the page puts into an archive that it saves, and does not load."""
ENCRYPTED = 1
"""The bit in the flags of an entry of an archive."""
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    OSError,
    ValueError,
)
"""What reading an archive that is none, or that is broken, can end with."""


def files_of(data: Any) -> dict[str, str]:
    """Return file texts by name from JSON; raise `TranslatedError` with mistakes."""
    files = data.get("files") if isinstance(data, Mapping) else None
    if not isinstance(files, Mapping) or not files:
        raise error_of("load_nothing")
    _check_count(len(files))
    problems = [*_wrong_names(files), *_wrong_texts(files)]
    if problems:
        raise TranslatedError(*problems)
    return dict(files)


def files_in(archive: bytes) -> dict[str, str]:
    """Return the file texts, by name, in an archive that the page saved.

    Raises `TranslatedError` for any other archive: with too many or too large files,
    with folders, encrypted, or with other kinds of files. This is checked before
    unpacking.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            return files_of({"files": _unpacked(opened)})
    except InputError:
        raise
    except UNREADABLE:
        raise error_of("load_broken") from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, str]:
    entries = archive.infolist()
    _check_count(len(entries), MOST_FILES + 1)
    entries = [x for x in entries if x.filename != READ_ME]
    names = [x.filename for x in entries]
    problems = _wrong_names(names)
    for name, count in Counter(names).items():
        if count > 1:
            problems.append(("load_twice", {"file": shown(name)}))
    for entry in entries:
        if entry.flag_bits & ENCRYPTED or entry.compress_type not in PACKED:
            problems.append(("load_locked", {"file": shown(entry.filename)}))
    if sum(x.file_size for x in entries) > MOST_BYTES:
        problems.append(("load_large", {"most": MOST_BYTES}))
    if problems:
        raise TranslatedError(*problems)
    texts: dict[str, str] = {}
    left = MOST_BYTES
    for entry in entries:
        with archive.open(entry) as file:
            content = file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise error_of("load_large", most=MOST_BYTES)
        texts[entry.filename] = _text(entry.filename, content)
    return texts


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise error_of("load_binary", file=shown(name)) from None


def _check_count(count: int, most: int = MOST_FILES) -> None:
    if count > most:
        raise error_of("load_many", n=count, most=MOST_FILES)


def shown(name: str) -> str:
    """Return a file name for display: printable, at most 80 characters."""
    return "".join(c for c in name if c.isprintable())[:80] or "?"


def _wrong_names(names: Collection[str]) -> list[Problem]:
    """Return the problems with names of files that are loaded together."""
    problems: list[Problem] = []
    allowed = ", ".join(SUFFIXES)
    for name in names:
        if Path(name).suffix.lower() not in SUFFIXES:
            problems.append(("load_kind", {"file": shown(name), "allowed": allowed}))
        right = name.isprintable() and not set(name) & set('/\\:"<>|?*')
        if not right or name.startswith(".") or len(name.encode()) > 200:
            problems.append(("load_name", {"file": shown(name)}))
    if not any(name.endswith(".toml") for name in names):
        problems.append(("load_no_scenario", {}))
    return problems


def _wrong_texts(files: Mapping[str, Any]) -> list[Problem]:
    return [
        ("load_binary", {"file": shown(name)})
        for name, text in files.items()
        if not isinstance(text, str) or "\0" in text
    ]
