"""Atomic writing: a file is either complete or as before, however its writer ends.

An incomplete file lies beside its place under a name that begins with `ASIDE`, and its
writer holds a lock on it. The system releases the lock when the writer ends, also if it
is killed. So a file that another process can lock has no writer any more, and is
removed.
"""

import errno
import os
import secrets
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # on Windows there are no locks; leftovers are known by their age
    fcntl = None  # type: ignore[assignment]

ASIDE = ".orgsim-writing-"
"""Beginning of the names of files and folders that are not complete yet."""
OLD_SECONDS = 24 * 3600
"""Age from which such files count as leftovers if the file system cannot lock."""


def write_file(
    path: str | os.PathLike, content: bytes | str, to_disk: bool = True
) -> None:
    """Write a file so that it is either complete or as it was before.

    With `to_disk` the new content also survives a failure of the machine. A link is
    followed. Raises OSError, also if the path is no regular file but, say, a device.
    """
    target = check_file(path)
    data = content.encode() if isinstance(content, str) else content
    aside, handle = _new_file(target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            if to_disk:
                os.fsync(handle)
            os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    if to_disk:
        wait_for_disk(target.parent)


def check_file(path: str | os.PathLike) -> Path:
    """Return the path for a file, links followed; OSError if no file can be there."""
    target = Path(os.path.realpath(path))
    try:
        mode = target.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return target
    if not stat.S_ISREG(mode):
        why = errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL
        raise OSError(why, "it is there and no file to be replaced", str(path))
    return target


@contextmanager
def making(path: str | os.PathLike) -> Iterator[Path]:
    """Yield the path at which to make a file; without an error it is moved to `path`.

    It is in a folder of its own, in which other files may be made meanwhile.
    """
    target = check_file(path)
    with aside_folder(target.parent) as aside:
        made = aside / f"whole{target.suffix}"
        yield made
        os.replace(made, target)


@contextmanager
def aside_folder(parent: Path, mode: int = 0o777) -> Iterator[Path]:
    """Yield a folder in `parent` for incomplete files; it is removed at the end."""
    path, handle = new_folder(parent, mode)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if handle is not None:
            os.close(handle)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Yield a temporary folder for this user only; remove those of killed processes."""
    parent = Path(tempfile.gettempdir())
    sweep(parent)
    with aside_folder(parent, 0o700) as folder:
        yield folder


def new_folder(parent: Path, mode: int = 0o777) -> tuple[Path, int | None]:
    """Make a folder in `parent`; return it, and the handle that holds its lock."""
    while True:
        path = parent / f"{ASIDE}{secrets.token_hex(8)}"
        path.mkdir(mode)
        handle = _opened(path)
        if handle is None and path.exists():
            return path, None
        if handle is not None and _held(path, handle):
            return path, handle
        if handle is not None:
            os.close(handle)


def _new_file(parent: Path) -> tuple[Path, int]:
    """Make a file in `parent`; return it, and its handle, which holds its lock."""
    while True:
        path = parent / f"{ASIDE}{secrets.token_hex(8)}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        if _held(path, handle):
            return path, handle
        os.close(handle)


def _held(path: Path, handle: int) -> bool:
    """Lock a new file or folder; False if a sweep removed it as a leftover before."""
    lock(handle, wait=True)
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _opened(path: Path) -> int | None:
    """Return a handle of a file or folder; None if it cannot be opened."""
    try:
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None


def lock(handle: int, wait: bool) -> bool | None:
    """Lock a file or folder: True if it is ours now, None if locks do not work here."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until no other process holds the lock of a file or folder, and hold it."""
    handle = _opened(path)
    try:
        if handle is not None:
            lock(handle, wait=True)
        yield
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def left_over(path: Path) -> Iterator[bool]:
    """Yield whether no living process writes here; it stays so in the context."""
    handle = _opened(path)
    if handle is None:
        yield False
        return
    try:
        free = lock(handle, wait=False)
        old = time.time() - os.fstat(handle).st_mtime > OLD_SECONDS
        yield old if free is None else free
    finally:
        os.close(handle)


def sweep(folder: Path) -> int:
    """Remove the leftovers of killed writers in a folder; return their number."""
    removed = 0
    with suppress(OSError):
        for path in sorted(folder.glob(f"{ASIDE}*")):
            with left_over(path) as free:
                removed += free and _removed(path)
    return removed


def _removed(path: Path) -> bool:
    if stat.S_ISDIR(path.lstat().st_mode):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()
    return not path.exists()


def wait_for_disk(path: Path) -> None:
    """Wait until a file's content, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
