"""Random valid scenarios build, run, and keep every law."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scenarios import scenarios
from worlds import lived


@settings(max_examples=25)
@given(scenarios(), st.integers(0, 2**63 - 1))
def test_any_valid_scenario_keeps_the_laws(what, seed):
    """Whatever a scenario sets within its ranges, it runs and breaks no law."""
    model, laws = lived(what, seed)
    assert laws.broken == {}
    assert len(model.series) == 6
    for array in (model.state.people, model.state.firm, model.series):
        for name in array.dtype.names:
            if name != "decision_weeks_p90":
                assert np.isfinite(array[name].astype(float)).all(), name
    waits = model.series.decision_weeks_p90
    assert all(math.isnan(w) or 0 <= w < 64 for w in waits)
