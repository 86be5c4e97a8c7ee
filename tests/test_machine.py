"""What a machine lacks is skipped at home and fails in CI."""

import machine
import pytest

LACKING = [
    lambda: machine.program("no-such-browser", "nor-this"),
    lambda: machine.library("no_such_library"),
]


@pytest.mark.parametrize("needs", LACKING)
@pytest.mark.parametrize("ci", [None, "", "false"])
def test_what_is_not_there_is_skipped(monkeypatch, needs, ci):
    """At home a test that needs more than there is says so."""
    monkeypatch.delenv("CI", raising=False)
    if ci is not None:
        monkeypatch.setenv("CI", ci)
    with pytest.raises(pytest.skip.Exception, match=r"no.such"):
        needs()


@pytest.mark.parametrize("needs", LACKING)
def test_what_is_not_there_fails_in_ci(monkeypatch, needs):
    """CI installs what tests need; a test that didn't run there must be seen."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"no.such.*\.ci/packages\.txt"):
        needs()


def test_what_never_comes_is_told():
    """Waiting ends, and does not count as having found."""
    with pytest.raises(AssertionError, match="never came"):
        machine.until(lambda: False, seconds=0)
    assert machine.until(iter([0, "", "it"]).__next__) == "it"
