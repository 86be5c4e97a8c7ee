"""Settings, paths and the browser for all tests."""

import gc
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# Tests share what they need of a machine, and what makes small organisations and
# watches over their laws.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent / "simulation"))

import machine

# Machines differ in speed, and a test that fails today must fail tomorrow.
settings.register_profile("orgsim", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("orgsim")


def pytest_configure(config):
    """Let workers and commands share bytecode, also where Python may not leave any."""
    if sys.dont_write_bytecode and hasattr(config, "cache"):
        machine.share_bytecode(str(config.cache.mkdir("bytecode")))


@pytest.hookimpl(wrapper=True)
def pytest_collection():
    """Collect without looking for garbage: what is imported stays, and is never any."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="module")
def browser():
    """Return a browser of this machine."""
    playwright = machine.library("playwright.sync_api")
    chromium = machine.program(*machine.BROWSERS)
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(
            executable_path=chromium, args=list(machine.FLAGS)
        )
        yield machine.Browser(found)
        found.close()
