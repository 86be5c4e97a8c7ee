"""Hours of people tables: those of a week, and what looks like something else."""

import pytest

from simulation.people_table import PeopleError, read_people

HEADER = "name,role,team,manager,hours\n"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads people with these hours."""

    def read_hours(hours, full_time=None):
        rows = "".join(f'P{n},hr,,,"{text}"\n' for n, text in enumerate(hours))
        (tmp_path / "people.csv").write_text(HEADER + rows, encoding="utf-8")
        return read_people(tmp_path / "people.csv", full_time)

    return read_hours


FTE = "FTE times the hours of a full week (0.8 of 40 is 32)"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (["1.0", "0.8", "0.9"], "people.csv:2: hours look like FTE in all rows (li"),
        (["1,0", "0,8", "1,5"], f"above 0, at most 80: {FTE}"),
        (["40", "0.8", "36", "1"], "people.csv:3: hours look like FTE in 2 of 4 rows"),
        (["40", "0.8", "36", "1"], "(lines 3, 5); received '0.8, 1'"),
        (["1664", "2080"], ":2: hours; received '1664'"),
        (["1664", "2080"], "32 if these are of a year"),
        (["1,664", "1,664.5"], "32 if these are of a year"),
        (["160", "2400"], ":2: hours; received '160'; allowed contract hours a week"),
        (["160", "2400"], "36.92 if these are of a month"),
        (["160", "2400"], "40 if these are minutes"),
        (["100", "80"], "50 if these are of two weeks"),
        (["36", "81"], ":3: hours; received '81'; allowed contract hours a week"),
        (["200000", "36"], ":2: hours; received '200000'"),
        (["80%", "36"], ":2: hours; received '80%'"),
        (["36:00", "36"], ":2: hours; received '36:00'"),
    ],
)
def test_hours_of_something_else_are_refused(hours, words, read):
    """Shares of a week, hours of a month or year, and minutes, with what to do."""
    with pytest.raises(PeopleError) as caught:
        read(hours)
    assert words in str(caught.value)


def test_shares_become_hours_where_that_is_asked_for(read):
    """Row by row, also where others have hours."""
    people = read(["0.8", "36", "1"], 40.0).people
    assert [person.hours for person in people] == [32.0, 36.0, 40.0]


@pytest.mark.parametrize(
    ("hours", "notes"),
    [
        (["36", "24", "1.6"], ()),
        (["60", "36"], ()),
        (["64", "36"], ("people with more than 60 hours a week: 1 (lines 2)",)),
        (
            ["80", "80", "80"],
            (
                "people with more than 60 hours a week: 3 (lines 2-4)",
                "everybody has 80 hours a week: halve them if they are of two weeks",
            ),
        ),
        (["8", "7.5"], ("nobody has more than 10 hours: multiply them if they are o",)),
    ],
)
def test_unlikely_hours_are_noted(hours, notes, read):
    """More than the law allows, two weeks for everybody, and hours of a day."""
    got = read(hours).notes
    assert len(got) == len(notes)
    assert all(map(str.startswith, got, notes))
