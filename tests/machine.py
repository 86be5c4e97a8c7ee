"""What tests need of a machine, and how long they wait for what happens on it."""

import importlib
import os
import shutil
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
"""The folder of the project."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
    *("--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE = 300
"""Seconds after which what is waited for counts as never coming, on any machine."""


def lacking(what):
    """Skip a test for what is not on this machine; in CI, which installs it, fail."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; .ci/packages.txt lists what .ci/run installs")
    pytest.skip(what, allow_module_level=True)


def program(*names):
    """Return the path of the first of some programs that is on this machine."""
    return next(filter(None, map(shutil.which, names)), None) or lacking(
        f"no {' or '.join(names)} on this machine"
    )


def share_bytecode(folder):
    """Keep the bytecode of this process, and of those that it starts, in a folder.

    Where PYTHONDONTWRITEBYTECODE is set, each process compiles all that it imports.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
    sys.dont_write_bytecode = False


def library(name):
    """Return a module that only tests need, or that needs libraries of the system."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError) as error:
        return lacking(f"{name} cannot be imported: {error}")


class Browser:
    """A browser whose pages wait as long as tests do."""

    def __init__(self, launched):
        self.launched = launched

    def new_context(self, **options):
        """Open a window with a memory of its own."""
        context = self.launched.new_context(**options)
        context.set_default_timeout(1000 * PATIENCE)
        return context

    def new_page(self, **options):
        """Open a page in such a window."""
        return self.new_context(**options).new_page()


def until(there, seconds=PATIENCE):
    """Wait until something is there, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")
