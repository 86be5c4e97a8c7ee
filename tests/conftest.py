"""Settings and paths for all tests."""

import sys
from pathlib import Path

from hypothesis import settings

# Machines differ in speed, and a test that fails today must fail tomorrow.
settings.register_profile("orgsim", deadline=None, derandomize=True, print_blob=False)
settings.load_profile("orgsim")

# Tests share what makes small organisations and watches over their laws.
sys.path.insert(0, str(Path(__file__).parent / "simulation"))
