"""Random valid scenarios: levers, numbers, head counts, dated changes, leavers."""

from hypothesis import strategies as st
from worlds import NO_HEADS, scenario

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


def heads(times=1):
    """Draw head counts of 3 to about 40 people in all, or some times that."""
    most = {"marketeers": 12, "communicators": 8, "sales": 8, "externals": 4}
    counts = {name: st.integers(0, times * most.get(name, 4)) for name in NO_HEADS}
    return st.fixed_dictionaries(counts).filter(lambda c: sum(c.values()) >= 3)


def leavers(weeks):
    """Draw who leaves in which week, most often nobody."""
    one = st.fixed_dictionaries(
        {
            "week": st.integers(0, weeks - 1),
            "who": st.sampled_from(("bridge", "leader")),
        }
    )
    some = st.lists(one, min_size=1, max_size=2, unique_by=lambda x: x["week"])
    return st.just([]) | st.just([]) | some


@st.composite
def scenarios(draw, times=1, weeks=6):
    """Draw a valid scenario that runs for a few weeks after a short warm-up."""
    dated = st.fixed_dictionaries(
        {"week": st.integers(0, weeks - 1), "levers": levers(), "structure": numbers()}
    )
    tables = {
        "levers": draw(levers()),
        "structure": draw(numbers()),
        "changes": draw(st.lists(dated, max_size=2)),
        "leave": draw(leavers(weeks)),
        "as_is": draw(st.sampled_from(("self", "baseline"))),
        "organisation": {
            "span_of_control": draw(st.integers(2, 12)),
            "bundle_size": draw(st.integers(2, 8)),
            "choices_per_person": draw(st.sampled_from((0.1, 1.6, 6.0))),
            "contract_hours_per_week": draw(st.sampled_from((1.0, 20.0, 36.0, 60.0))),
        },
    }
    warm_up = draw(st.integers(0, 6))
    return scenario(draw(heads(times)), weeks=weeks, warm_up=warm_up, **tables)
