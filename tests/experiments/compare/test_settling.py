"""Comparisons run until their verdicts are settled, within limits."""

import fake_simulation as fake
import numpy as np
import pytest

from experiments.compare import settling
from experiments.compare.comparison import compare
from experiments.statistics.verdicts import is_settled
from simulation.outcomes import HEADLINES, OUTCOMES


@pytest.fixture
def quick(monkeypatch):
    """Fewer worlds at first, so that a test sees more than one look."""
    monkeypatch.setattr(settling, "FIRST_WORLDS", 6)


def lived(a, b, **options):
    """Return a comparison in as many made-up worlds as it takes."""
    return compare(a, b, workers=1, simulate=fake.simulate, **options)


def test_worlds_are_added_until_verdicts_are_settled(assigned, owned, quick):
    """All headlines are settled, or the limit is reached and said."""
    study = lived(assigned, owned)
    count = len(study.runs.worlds)
    settled = [
        is_settled(study.differences(name)[0], OUTCOMES[name].smallest_difference)
        for name in HEADLINES
    ]
    assert 6 < count <= settling.MOST_WORLDS
    assert all(settled) or count == settling.MOST_WORLDS
    assert study.runs.worlds == tuple(range(count)) and study.runs.asked == count


def test_added_worlds_are_those_of_one_run(assigned, owned, quick):
    """The same bytes as if all had been asked for at once."""
    study = lived(assigned, owned)
    again = lived(assigned, owned, replicates=len(study.runs.worlds))
    assert study.runs.series.tobytes() == again.runs.series.tobytes()
    assert np.array_equal(study.runs.probes, again.runs.probes)


def test_there_is_a_limit(assigned, owned, quick, monkeypatch):
    """Where the limit is reached first, the answer says how many worlds it takes."""
    monkeypatch.setattr(settling, "MOST_WORLDS", 8)
    study = lived(assigned, owned)
    assert len(study.runs.worlds) == 8
    assert any("still provisional" in x.lower() for x in study.remarks())


def test_large_organisations_have_a_limit_of_their_own(
    assigned, owned, quick, monkeypatch
):
    """The weeks of all people are counted, so that a default does not take hours."""
    monkeypatch.setattr(settling, "MOST_PERSON_WEEKS", 1)
    assert len(lived(assigned, owned).runs.worlds) == 6


def test_a_second_stop_keeps_what_there_is(assigned, owned, quick, monkeypatch):
    """Ctrl-C while worlds are added keeps those before, and is told."""
    run, calls = settling.run, []

    def stopped(*arguments, **options):
        calls.append(options)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return run(*arguments, **options)

    monkeypatch.setattr(settling, "run", stopped)
    study = lived(assigned, owned)
    assert study.runs.interrupted and len(study.runs.worlds) == 6
    assert any("Stopped after 6" in x for x in study.remarks())
