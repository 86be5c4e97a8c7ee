"""Where a machine keeps what can be made again."""

import atexit
import functools
import logging
import os
import shutil
import sys
import tempfile
from pathlib import Path

log = logging.getLogger(__name__)


def cache_root() -> Path:
    """Return `$ORGSIM_CACHE`, else `orgsim` in the user's cache folder."""
    chosen = os.environ.get("ORGSIM_CACHE")
    return Path(chosen).expanduser() if chosen else _user_cache() / "orgsim"


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
    """Return the folder, made if it was missing, or one that lives with the process."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        return folder
    except OSError as error:
        # Never a shared name under /tmp: loading a pickle runs what another user left.
        private = Path(tempfile.mkdtemp(prefix="orgsim-"))
        atexit.register(shutil.rmtree, private, ignore_errors=True)
        log.warning("compiled rules are not kept: %s; set ORGSIM_CACHE", error)
        return private
