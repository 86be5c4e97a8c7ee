"""Scenarios and a stand-in for the model, for everything that runs experiments."""

import sys
from pathlib import Path

import pytest

from experiments.compare.comparison import compare

# Worker processes inherit the path and can import the stand-in by its name.
sys.path.insert(0, str(Path(__file__).parent))

import fake_simulation
from small_scenarios import make_scenario


@pytest.fixture(scope="session")
def assigned():
    """A scenario to compare with."""
    title = {"en": "Responsibility assigned", "nl": "Verantwoordelijkheid toegewezen"}
    return make_scenario("assigned", title, 0)


@pytest.fixture(scope="session")
def owned():
    """A scenario in which outcomes are better."""
    return make_scenario("owned", {"en": "Owning the work", "nl": "Eigenaarschap"}, 3)


@pytest.fixture(scope="session")
def detail():
    """A scenario with a dated change, hardly better."""
    changes = [{"week": 30, "structure": {"testing_hours": 1}}]
    title = {"en": "Steering on detail", "nl": "Sturen op detail"}
    return make_scenario("detail", title, 0.5, changes=changes)


@pytest.fixture(scope="session")
def comparison(assigned, owned):
    """Two scenarios compared in twelve worlds."""
    simulate = fake_simulation.simulate
    return compare(assigned, owned, replicates=12, workers=1, simulate=simulate)


@pytest.fixture(scope="session")
def three(assigned, owned, detail):
    """Three scenarios compared in twelve worlds."""
    simulate = fake_simulation.simulate
    return compare(assigned, owned, detail, replicates=12, workers=1, simulate=simulate)
