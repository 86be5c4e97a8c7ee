"""The temporary folder of a server, and the removal of those of dead servers.

Each server holds a lock on a file in its folder while it runs. The system releases the
lock however the server ends, so a folder with a free lock belongs to nobody.
"""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows: folders of dead servers stay
    fcntl = None  # type: ignore[assignment]

PREFIX = "orgsim-app-"
UNLOCKED = "orgsim-new-app-"
"""What a folder is called until its lock is held: none of that name is swept."""
LOCK = "in-use"


@contextmanager
def own_folder() -> Iterator[Path]:
    """Remove folders of dead servers, yield a new temporary folder, then remove it."""
    sweep()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix=UNLOCKED if fcntl else PREFIX))
        if fcntl:
            _has_locked(stack.enter_context((folder / LOCK).open("wb")))
            locked = folder.with_name(folder.name.replace(UNLOCKED, PREFIX, 1))
            folder = folder.rename(locked)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove the folders that dead servers of this user left behind."""
    if fcntl is None:
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_own(folder) and _is_free(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def _is_free(folder: Path) -> bool:
    """Return whether nobody holds the lock; raise `OSError` if there is no lock."""
    handle = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
    with open(handle, "rb") as file:
        return _has_locked(file)


def _has_locked(file: IO[bytes]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
