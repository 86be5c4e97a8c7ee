"""Files that are there whole or as they were before, whatever ends their writer.

What is not whole yet lies beside its place under a name that begins with `ASIDE`, and
its writer holds a lock on it. The system gives the lock back when the writer ends, also
by a kill: what another process can lock belongs to nobody any more and is swept.
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
except ImportError:  # on Windows nothing is locked, and age tells what is left over
    fcntl = None  # type: ignore[assignment]

ASIDE = ".orgsim-writing-"
"""Begin of the names of files and folders that are not whole yet."""
OLD_SECONDS = 24 * 3600
"""Age from which these are left over where the file system cannot lock."""


def write_file(
    path: str | os.PathLike, content: bytes | str, to_disk: bool = True
) -> None:
    """Write a file so that it is there whole, or as it was before.

    With `to_disk` it also outlives the machine. A link is followed. Raises OSError,
    also for what is no regular file, such as a device.
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
    """Return where a file is to be, links followed; OSError where none can be."""
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
    """Give the path of a file to be made, which takes its place if all goes well.

    It is in a folder of its own, in which more may be made on the way.
    """
    target = check_file(path)
    with aside_folder(target.parent) as aside:
        made = aside / f"whole{target.suffix}"
        yield made
        os.replace(made, target)


@contextmanager
def aside_folder(parent: Path, mode: int = 0o777) -> Iterator[Path]:
    """Give a folder in `parent` for what is not whole yet; it is gone at the end."""
    path, handle = new_folder(parent, mode)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        if handle is not None:
            os.close(handle)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a temporary folder for this user only, and sweep those of killed ones."""
    parent = Path(tempfile.gettempdir())
    sweep(parent)
    with aside_folder(parent, 0o700) as folder:
        yield folder


def new_folder(parent: Path, mode: int = 0o777) -> tuple[Path, int | None]:
    """Make a folder in `parent`; return it and the handle that holds its lock."""
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
    """Make a file in `parent`; return it and its handle, which holds its lock."""
    while True:
        path = parent / f"{ASIDE}{secrets.token_hex(8)}"
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
        if _held(path, handle):
            return path, handle
        os.close(handle)


def _held(path: Path, handle: int) -> bool:
    """Lock what was just made; False where a sweep took it for left over before."""
    lock(handle, wait=True)
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _opened(path: Path) -> int | None:
    """Return a handle of a file or folder, None where that cannot be had."""
    try:
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return None


def lock(handle: int, wait: bool) -> bool | None:
    """Lock a file or folder: True where it is ours now, None where none can tell."""
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
    """Tell whether no living process writes here, and keep it so meanwhile."""
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
    """Remove what killed writers left in a folder; return how many there were."""
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
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
