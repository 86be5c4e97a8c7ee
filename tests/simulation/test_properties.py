"""Random valid scenarios build, run, and keep every law."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import NO_HEADS, lived, scenario

from simulation.tables import STRUCTURE, lever_table

WHOLE = {"0 or 1"}


def numbers():
    """Draw some structural numbers within their published ranges."""
    one = {
        name: (
            st.integers(int(row.low), int(row.high))
            if row.unit in WHOLE
            else st.sampled_from((row.low, row.high)) | st.floats(row.low, row.high)
        )
        for name, row in STRUCTURE.items()
    }
    return st.lists(st.sampled_from(sorted(one)), max_size=8, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: one[name] for name in names})
    )


def levers():
    """Draw settings of some levers."""
    table = lever_table()
    return st.lists(st.sampled_from(sorted(table)), max_size=8, unique=True).flatmap(
        lambda names: st.fixed_dictionaries(
            {name: st.sampled_from(sorted(table[name].settings)) for name in names}
        )
    )


def heads():
    """Draw head counts of 3 to about 40 people in all."""
    most = {"marketeers": 12, "communicators": 8, "sales": 8, "externals": 4}
    counts = {name: st.integers(0, most.get(name, 4)) for name in NO_HEADS}
    return st.fixed_dictionaries(counts).filter(lambda c: sum(c.values()) >= 3)


@st.composite
def scenarios(draw):
    """Draw a valid scenario that runs for six weeks after a short warm-up."""
    dated = st.fixed_dictionaries(
        {"week": st.integers(0, 5), "levers": levers(), "structure": numbers()}
    )
    tables = {
        "levers": draw(levers()),
        "structure": draw(numbers()),
        "changes": draw(st.lists(dated, max_size=2)),
        "as_is": draw(st.sampled_from(("self", "baseline"))),
        "organisation": {
            "span_of_control": draw(st.integers(2, 12)),
            "bundle_size": draw(st.integers(2, 8)),
            "choices_per_person": draw(st.sampled_from((0.1, 1.6, 6.0))),
            "contract_hours_per_week": draw(st.sampled_from((1.0, 20.0, 36.0, 60.0))),
        },
    }
    return scenario(draw(heads()), weeks=6, warm_up=draw(st.integers(0, 6)), **tables)


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
