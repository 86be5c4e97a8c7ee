"""What mechanisms are worth: taken out by numbers alone, in the same worlds."""

import numpy as np
import pytest

from experiments.explore.mechanisms import (
    MEASURED,
    document_of,
    mechanisms,
    worth,
)
from experiments.run.runner import run
from experiments.show.text import as_text
from simulation.outcomes import LANGUAGES
from simulation.scenario import read


@pytest.fixture(scope="module")
def found():
    """What mechanisms are worth over a short time in few worlds."""
    return worth(3, weeks=20, workers=1)


def test_each_mechanism_is_numbers_that_the_baseline_has_otherwise():
    """What is taken out differs from the baseline in these numbers and no others."""
    plain = read("baseline")
    for one in mechanisms():
        gone = one.taken_out(plain)
        assert one.structure or one.parameters, one.name
        for name, value in one.parameters.items():
            assert plain.parameters[name] != value == gone.parameters[name]
        rest = plain.parameters.keys() - one.parameters.keys()
        assert all(plain.parameters[name] == gone.parameters[name] for name in rest)


def test_worlds_are_those_of_any_run(found):
    """With and without: what `orgsim run` lives, over the weeks that are asked for."""
    plain = read("baseline")
    [talk] = [one for one in mechanisms() if one.name == "talk"]
    runs = run([plain, talk.taken_out(plain)], 3, 1, 20, 1)
    told = runs.summaries(MEASURED)
    for k, name in enumerate(MEASURED):
        base, without = (told.loc[x, name].to_numpy() for x in runs.names)
        np.testing.assert_array_equal(found.base[:, k], base)
        np.testing.assert_array_equal(found.without["talk"][:, k], without)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mechanism_and_outcome_is_told(found, language):
    """A row for each, in either language, and numbers beside."""
    document = document_of(found, language)
    text = as_text(document)
    assert all(one.label[language] in text for one in mechanisms())
    assert "{" not in text and "nan" not in text
    assert len(document.numbers["mechanisms"]) == len(mechanisms()) * len(MEASURED)
