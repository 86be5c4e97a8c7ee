"""Settings, paths and the browser for all tests."""

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
