"""Cache folders: for files that can be made again."""

import atexit
import contextlib
import functools
import logging
import os
import sys
import tempfile
from pathlib import Path

from simulation.whole_files import scratch_folder, sweep

log = logging.getLogger(__name__)


def cache_root() -> Path:
    """Return `$ORGSIM_CACHE`, else `orgsim` in the user's cache folder."""
    chosen = os.environ.get("ORGSIM_CACHE")
    try:
        return Path(chosen).expanduser() if chosen else _user_cache() / "orgsim"
    except RuntimeError:  # HOME is not set, and the system does not know this user
        return Path(os.devnull) / "orgsim"


def _user_cache() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = os.environ.get("XDG_CACHE_HOME")
    return Path(chosen) if chosen else Path.home() / ".cache"


@functools.cache
def writable(folder: Path) -> Path:
    """Return the folder, made if missing; if not writable, a temporary one.

    The temporary folder is removed when the process ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        sweep(folder)
        return folder
    except OSError as error:
        # Never a shared name under /tmp: loading a pickle that another user left there
        # would run that user's code.
        private = _private_folder()
        log.warning("compiled rules are not kept: %s; set ORGSIM_CACHE", error)
        return private


def _private_folder() -> Path:
    """Return a folder for this user only, removed when the process ends."""
    folder = contextlib.ExitStack()
    atexit.register(folder.close)
    return folder.enter_context(scratch_folder())
