"""Numbers as people and spreadsheets write them, settled by their column."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.text_files import FileError, Findings
from simulation.written_numbers import NumberRule, numbers_of, read_numbers


def problems(cells, **limits):
    """Return what is wrong with a column of a file that begins on line 2."""
    found = Findings("t.csv")
    read_numbers(list(enumerate(cells, 2)), "revenue", found, NumberRule(**limits))
    with pytest.raises(FileError) as caught:
        found.raise_as(FileError)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("950", 950),
        ("1.5", 1.5),
        ("1,5", 1.5),
        (".5", 0.5),
        ("5,", 5),
        ("0.123", 0.123),
        ("0,123", 0.123),
        ("94.0640", 94.064),
        ("1234.567", 1234.567),
        ("1.234.567", 1234567),
        ("1.234.567,89", 1234567.89),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567),
        ("12,34,567.00", 1234567),
        ("1'234", 1234),
        ("1\u2019234.50", 1234.5),
        ("1 234", 1234),
        ("1\u00a0234\u00a0567", 1234567),
        ("1\u202f234,5", 1234.5),
        ("\u20ac 1.234,56", 1234.56),
        ("\u20ac 1.234,-", 1234),
        ("5.-", 5),
        ("1.234,50 EUR", 1234.5),
        ("$1,234.50", 1234.5),
        ("CHF 1'234", 1234),
        ("-5", -5),
        ("\u22125", -5),
        ("5-", -5),
        ("-\u20ac5", -5),
        ("\u20ac -5", -5),
        ("(1,234.50)", -1234.5),
        ("+5", 5),
        ("1e5", 100000),
        ("1.234e5", 123400),
        ("1,5E+3", 1500),
        ("\uff11\uff12", 12),
        ("\u0661\u0662\u0663", 123),
        (1.125, 1.125),
        (7, 7),
    ],
)
def test_a_number_that_can_only_be_read_one_way_is_read(text, value):
    """Whatever parts its thousands and decimals, and whatever stands around it."""
    assert numbers_of([text]) == [value]


@pytest.mark.parametrize(
    "text",
    [
        *("", "-", "x", "nan", "inf", "1e999", "1_0", "0x10", "12 34", "1.23.456"),
        *(
            "1,234,56",
            "1.2.3",
            "--5",
            "-5-",
            "(-5)",
            "(5",
            "12%",
            "1.234,5,6",
            "\u00b2",
        ),
        *("1\u00a0234 567", "'123", "#N/A", "1" * 61, True, float("nan"), float("inf")),
    ],
)
def test_what_is_no_number_is_none(text):
    """Nothing is guessed."""
    assert numbers_of([text]) == [None]


@pytest.mark.parametrize(
    ("column", "values"),
    [
        (["1,234", "950", "1.5"], [1234, 950, 1.5]),
        (["1,234", "2,500.00"], [1234, 2500]),
        (["1,234", "1,234,567"], [1234, 1234567]),
        (["1,234", "0,5"], [1.234, 0.5]),
        (["1.234", "0.512"], [1.234, 0.512]),
        (["1.234", "12,50"], [1234, 12.5]),
        (["1.234", "1.234.567"], [1234, 1234567]),
        (["1.234", "94.0640"], [1.234, 94.064]),
        (["-1.234", "1e-7", "2.5"], [-1.234, 1e-7, 2.5]),
        (["1,234", ""], [None, None]),
        (["1,234", "950", "12345"], [None, 950, 12345]),
        (["1,234", "1.5", "1,5"], [None, 1.5, 1.5]),
    ],
)
def test_the_column_settles_a_separator_before_three_digits(column, values):
    """A cell that can be read one way only tells how the others are to be read."""
    assert numbers_of(column) == values


def test_what_nothing_settles_is_told_once_with_both_ways_to_write_it():
    """The first such cell, how many are like it, and what it would be written as."""
    (problem,) = problems(["950", "94.064", "125.314", "1.000"])
    assert problem.startswith("t.csv:3: revenue: ")
    assert "as in 2 rows below" in problem
    assert problem.endswith(
        "'94.064'; allowed 94064 for thousands, 94.0640 for decimals"
    )
    assert "other cells show both" in problems(["1,234", "1.5", "1,5"])[0]
    assert "1000 for thousands, 1.0 for decimals" in problems(["1.000"])[0]


def test_every_wrong_cell_is_told_with_its_line():
    """What is no number, or outside the limits, with what is allowed."""
    found = problems(["-1", "x", "81", "", "3"], most=80)
    assert [one.split(":")[1] for one in found] == ["2", "3", "4"]
    assert all(one.endswith("allowed a number, 0 to 80") for one in found)


def test_a_percentage_is_a_number_only_where_shares_are_read():
    """12% is 0.12 among shares, and nothing among other numbers."""
    found = Findings("t.csv")
    cells = [(2, "12%"), (3, "12,5 %"), (4, "0.5"), (5, None)]
    got = read_numbers(cells, "sick_share", found, NumberRule(most=1, percent=True))
    assert got == [0.12, 0.125, 0.5, None] and not found.problems
    assert "received '12%'" in problems(["12%"])[0]


def test_a_format_may_itself_tell_what_parts_decimals():
    """Then three digits behind a point are decimals, whatever else is there."""
    found = Findings("g.net")
    cells = [(2, "1.234"), (3, "1,5")]
    assert read_numbers(cells, "weight", found, NumberRule(mark=".")) == [1.234, 1.5]
    assert not found.problems


@given(st.lists(st.integers(0, 10**12), min_size=1), st.sampled_from(",.'\u00a0"))
def test_thousands_that_are_parted_are_never_read_as_decimals(values, gap):
    """Whole numbers with any separator are read as they are, or not at all."""
    got = numbers_of([f"{value:,}".replace(",", gap) for value in values])
    assert all(x in (None, value) for x, value in zip(got, values, strict=True))


@given(st.lists(st.floats(-1e12, 1e12), min_size=1))
def test_what_python_writes_is_read_as_it_is_or_not_at_all(values):
    """Decimals that a program writes never become thousands."""
    got = numbers_of([repr(value) for value in values])
    assert all(x in (None, value) for x, value in zip(got, values, strict=True))


@pytest.mark.parametrize(
    ("cells", "rule", "expected"),
    [
        (["31", "1.024"], NumberRule(whole=True), [31, 1024]),
        (["31", "1,024"], NumberRule(whole=True), [31, 1024]),
        (["2,700", "3.125"], NumberRule(least=1, most=7, largest=7), [2.7, 3.125]),
        (["5.202%"], NumberRule(most=1, percent=True, largest=1), [0.05202]),
        (["36,000", "8,000"], NumberRule(largest=8784), [36, 8]),
    ],
)
def test_what_a_column_may_hold_settles_its_separator(cells, rule, expected):
    """Counts are whole, a score ends at 7, and a year has fewer than 36,000 hours."""
    found = Findings("weekly.csv")
    got = read_numbers(list(enumerate(cells, 2)), "cells", found, rule)
    assert got == expected and not found.problems


@pytest.mark.parametrize("cell", ["1,872", "8,000"])
def test_hours_of_a_year_or_a_week_are_not_guessed(cell):
    """1,872 may be the hours of a year, so it is no 1.872."""
    assert "1872" in problems(["1,872"], largest=8784)[0]
    assert "thousands or decimals?" in problems([cell], largest=8784)[0]


def test_counts_in_thousandths_of_one_are_not_guessed():
    """12.000 is whole either way."""
    assert "thousands or decimals?" in problems(["12.000"], whole=True)[0]


def test_no_money_is_nothing():
    """Spreadsheets write a dash for an amount of 0 behind the currency."""
    assert numbers_of(["€ -", " $   -   ", "-", "--"]) == [0, 0, None, None]


@pytest.mark.parametrize("word", ["NA", "nan", "NaN", "#N/A", "#N/B", "NULL"])
def test_words_for_what_is_not_known_are_empty_cells_where_those_are_allowed(word):
    """R, Python, databases and spreadsheets have such words; else they are refused."""
    found = Findings("ties.csv")
    cells = [(2, "1"), (3, word)]
    assert read_numbers(cells, "weight", found, NumberRule(missing=True)) == [1, None]
    assert not found.problems
    assert f"received {word!r}" in problems([word])[0]
