"""What weeks a file of data has, told from all of its rows."""

from datetime import date, timedelta

import pytest

from experiments.fit.own_data.data import DataError, read_data
from experiments.fit.own_data.text import weeks_text

MONDAY = date(2024, 1, 1)
MONDAYS = [MONDAY + timedelta(7 * k) for k in range(61)]


def file_of(tmp_path, times, head="date;leads", above=""):
    """Return the path of a file with a row for each of these times."""
    rows = [f"{time};{10 + k % 5}" for k, time in enumerate(times)]
    path = tmp_path / "weekly.csv"
    path.write_text("\n".join([above + head, *rows]) + "\n", encoding="utf-8")
    return path


def problems(path):
    """Return what is wrong with a file."""
    with pytest.raises(DataError) as caught:
        read_data(path)
    return caught.value.problems


def iso(day, form):
    """Return the week of the year of a day, as this form has it."""
    year, week, _ = day.isocalendar()
    return form.format(year, week)


@pytest.mark.parametrize(
    "written",
    [
        *("{:%Y-%m-%d}", "{:%Y/%m/%d}", "{:%Y%m%d}", "{:%d-%m-%Y}", "{:%d.%m.%Y}"),
        *("{:%m/%d/%Y}", "{:%m/%d/%y}", "{:%d-%m-%y}", "{:%y-%m-%d}", "{:%d %b %Y}"),
        *("{:%B %d, %Y}", "{:%a %d %B %Y}", "{:%Y-%m-%d} 00:00:00"),
        "{:%Y-%m-%d}T00:00:00Z",
    ],
)
def test_dates_are_read_in_the_order_that_all_rows_settle(tmp_path, written):
    """Day or month first, two or four digits of the year, months by name."""
    data = read_data(file_of(tmp_path, [written.format(day) for day in MONDAYS]))
    assert data.weeks == 61 and not data.missing.any() and not data.calendar.notes
    assert weeks_text(data) == "Read: 61 weeks, Mondays, 2024-01-01 to 2025-02-24."
    assert "maandagen, 2024-01-01 tot en met" in weeks_text(data, "nl")


@pytest.mark.parametrize(
    "form",
    ["{}{:02}", "{}-W{:02}", "{}W{:02}", "{}-{:02}", "{} week {}", "{}-W{:02}-1"],
)
def test_weeks_of_the_year_go_on_over_its_turn(tmp_path, form):
    """202452 is followed by 202501."""
    days = MONDAYS[30:]
    data = read_data(file_of(tmp_path, [iso(x, form) for x in days], "week;leads"))
    assert data.weeks == 31 and not data.missing.any()
    assert weeks_text(data) == "Read: 31 weeks, 2024-W31 to 2025-W09."


def test_a_year_of_53_weeks_has_its_last(tmp_path):
    """2020 has a week 53, which 2021-W01 follows; 2024 has none."""
    after = [f"2021{k:02}" for k in range(1, 8)]
    path = file_of(tmp_path, ["202052", "202053", *after], "week;leads")
    assert read_data(path).weeks == 9
    after = [f"2025{k:02}" for k in range(1, 8)]
    path = file_of(tmp_path, ["202452", "202453", *after], "week;leads")
    (problem,) = problems(path)
    assert ":3: week; received '202453'" in problem and "ISO 8601" in problem


@pytest.mark.parametrize("head", ["week;leads", "date;leads"])
@pytest.mark.parametrize(
    ("first", "step", "key"),
    [(45292, 7, "fit_days_of_excel"), (1704067200, 604800, "fit_days_of_seconds")],
)
def test_numbers_of_days_and_seconds_are_days(tmp_path, head, first, step, key):
    """45292 and 45299 are one week apart, as Excel counts days, and not seven."""
    times = [first + step * k for k in range(20)]
    data = read_data(file_of(tmp_path, times, head))
    assert data.weeks == 20 and data.calendar.weekday == 0
    assert data.calendar.first == "2024-01-01" and data.calendar.notes == ((key, {}),)


def first_of_months(count, step=1):
    """Return the first day of months, from January 2020."""
    months = range(0, count * step, step)
    return [date(2020 + k // 12, k % 12 + 1, 1) for k in months]


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (first_of_months(24), "leads: rows seem to be of months"),
        ([x - timedelta(1) for x in first_of_months(24)], "seem to be of months"),
        (first_of_months(24, 3), "seem to be of 13 weeks"),
        (MONDAYS[::2], "seem to be of 2 weeks"),
        ([MONDAY + timedelta(k) for k in range(60)], "rows are days, not weeks"),
        ([45292 + k for k in range(60)], "rows are days, not weeks"),
        (
            [x for x in MONDAYS[:9] for _ in "ab"],
            "same week as the row before, as in 8",
        ),
        (MONDAYS[::-1], "goes back, as in 59 rows below; received '2025-02-17'"),
        ([*MONDAYS[:9], "2042-03-10"], ":11: date is far away"),
        ([*MONDAYS[:9], "Total"], ":11: date: a row of totals is no week"),
        ([f"0{k}-0{k}-2024" for k in range(1, 10)], "day or month first?"),
        ([f"01-{k:02}-2024" for k in range(2, 12)], "day or month first?"),
        ([x + timedelta(k * 3) for k, x in enumerate(MONDAYS)], "are no weeks: most"),
        (
            [date(2024, m, d) for m in range(1, 13) for d in (1, 8, 15, 22, 29)],
            "weeks are cut at the turn of months",
        ),
        (
            ["2024-12-23", "2024-12-30", "2025-01-01", *MONDAYS[53:61]],
            ":4: date in the",
        ),
    ],
)
def test_rows_that_are_no_weeks_are_refused(tmp_path, times, words):
    """Months, days, parts of weeks, and dates that can be read in two ways."""
    assert any(words in problem for problem in problems(file_of(tmp_path, times)))


@pytest.mark.parametrize(
    ("times", "words"),
    [
        (
            [*range(31, 53), *range(1, 19)],
            ":24: week: weeks of the year need their year",
        ),
        ([*range(40, 52), *range(2, 9)], "51 is followed by 2"),
        ([f"wk {k}" for k in (*range(45, 53), 1, 2)], "2026-W01, or 53 for it"),
        ([f"2024{k:02}" for k in range(1, 13)], "months, or weeks of the year?"),
        ([f"2024-{k:02}" for k in range(1, 13)], "allowed weeks as 2024-W01"),
        (range(0, 140, 7), "are these days?"),
    ],
)
def test_numbers_that_may_be_no_weeks_are_told_what_to_do(tmp_path, times, words):
    """One problem each, and no advice to sort what would mix two years."""
    (problem,) = problems(file_of(tmp_path, times, "week;leads"))
    assert words in problem and "sort" not in problem


def test_a_first_row_of_another_weekday_is_a_week_of_its_own(tmp_path):
    """A part of a week before the first Monday is told; the next rows stay Mondays."""
    times = ["2025-01-01", *(date(2025, 1, 6) + timedelta(7 * k) for k in range(25))]
    data = read_data(file_of(tmp_path, times))
    assert data.weeks == 26 and not data.missing.any()
    assert "The first row (2025-01-01, line 2)" in weeks_text(data)
    assert "De eerste rij (2025-01-01, regel 2)" in weeks_text(data, "nl")


def test_weeks_end_on_the_usual_day_where_they_would_collide(tmp_path):
    """The last row, cut on a Wednesday, is the week after that of the last Sunday."""
    sundays = [day - timedelta(1) for day in MONDAYS[:20]]
    data = read_data(file_of(tmp_path, [*sundays, sundays[-1] + timedelta(3)]))
    assert data.weeks == 21 and data.calendar.weekday == 6
    assert [key for key, _ in data.calendar.notes] == ["fit_part_last"]


def test_summer_time_makes_no_gap(tmp_path):
    """Mondays at midnight in London are Sundays at 23:00 in UTC in summer."""
    times = [
        f"{day - timedelta(1)}T23:00:00Z" if 3 < day.month < 11 else f"{day}T00:00:00Z"
        for day in MONDAYS
    ]
    data = read_data(file_of(tmp_path, times))
    assert data.weeks == 61 and not data.missing.any()
    assert {key for key, _ in data.calendar.notes} >= {"fit_times_of_day"}


def test_measurements_may_be_months_apart(tmp_path):
    """A score or head count is that of one week; only what is counted in it is not."""
    path = file_of(tmp_path, first_of_months(24), "date;head_count")
    assert read_data(path).weeks > 100


def test_a_column_of_months_among_weeks_is_refused(tmp_path):
    """Revenue in every fourth row of weeks is that of months."""
    rows = [f"{day},3,{9000 if k % 4 else ''}" for k, day in enumerate(MONDAYS)]
    path = tmp_path / "mixed.csv"
    path.write_text("\n".join(["date,leads,revenue", *rows]), encoding="utf-8")
    assert read_data(path).weeks == 61
    rows = [f"{day},3,{'' if k % 4 else 9000}" for k, day in enumerate(MONDAYS)]
    path.write_text("\n".join(["date,leads,revenue", *rows]), encoding="utf-8")
    (problem,) = problems(path)
    assert ":6: revenue: rows seem to be of months" in problem


def test_titles_above_the_header_are_told(tmp_path):
    """Lines of a report's title are passed over, with the line of the header."""
    above = 'Leads report\n"January 1, 2024 - October 6, 2024"\n\n'
    data = read_data(file_of(tmp_path, range(1, 20), "Week;Leads", above))
    assert data.weeks == 19
    assert data.notes == ("the header is line 4; above it is not read",)
    assert "19. De kop staat op regel 4; wat erboven" in weeks_text(data, "nl")
    path = file_of(tmp_path, range(1, 20), "Week;Leads", above + "1;7\n")
    assert "weekly.csv:4: stands above the header" in problems(path)[0]


@pytest.mark.parametrize("text", ["12,500", "12.500"])
def test_thousands_of_revenue_are_never_decimals(tmp_path, text):
    """Nothing in the column tells: both ways to write it are told, once."""
    rows = [f'{day};"{text}"' for day in MONDAYS[:9]]
    path = tmp_path / "weekly.csv"
    path.write_text("\n".join(["date;revenue", *rows]), encoding="utf-8")
    (problem,) = problems(path)
    assert "allowed 12500 for thousands, 12.50 for decimals" in problem
    settled = {"12,500": "1,250,000.50", "12.500": "1.250.000,50"}[text]
    rows.append(f'2024-03-04;"{settled}"')
    path.write_text("\n".join(["date;revenue", *rows]), encoding="utf-8")
    assert read_data(path).values["revenue"].tolist() == [12500.0] * 9 + [1250000.5]


def spelt(day, months, form):
    """Return a day with the name of its month."""
    month = months.split()[day.month - 1]
    return form.format(day.day, month, day.year, day.year % 100)


DUTCH = "jan feb mrt apr mei jun jul aug sep okt nov dec"
FRENCH = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc."
GERMAN = "Jan Feb Mär Apr Mai Jun Jul Aug Sep Okt Nov Dez"


@pytest.mark.parametrize(
    "form",
    [
        lambda day: spelt(day, DUTCH, "{0}-{1}-{3:02}"),
        lambda day: spelt(day, FRENCH, "lundi {0} {1} {2}"),
        lambda day: spelt(day, GERMAN, "Mo., {0}. {1} {2}"),
        lambda day: f"{day} - {day + timedelta(6)}",
        lambda day: f"{day}/{day + timedelta(6)}",
        lambda day: f"{day:%d-%m-%Y} t/m {day + timedelta(6):%d-%m-%Y}",
        lambda day: f"{day:%m/%d/%Y} – {day + timedelta(4):%m/%d/%Y}",
    ],
)
def test_days_as_spreadsheets_and_dashboards_write_them_are_read(tmp_path, form):
    """Months by name in four languages, and the first and last day of each week."""
    data = read_data(file_of(tmp_path, map(form, MONDAYS)))
    assert data.weeks == 61 and data.calendar.kind == "date"
    assert (data.calendar.first, data.calendar.weekday) == ("2024-01-01", 0)
    assert data.calendar.last == "2025-02-24"


@pytest.mark.parametrize("form", ["KW {1:02}/{0}", "{0}-KW{1}", "{1}-{0}", "{0}-{1}"])
def test_weeks_of_the_year_are_read_in_other_orders_and_words(tmp_path, form):
    """Week 1 of 2025 follows week 52 of 2024 in all of them."""
    weeks = [form.format(*day.isocalendar()[:2]) for day in MONDAYS]
    data = read_data(file_of(tmp_path, weeks, "week;leads"))
    assert (data.weeks, data.calendar.first) == (61, "2024-W01")


def test_a_year_of_two_digits_before_the_week_makes_no_gap(tmp_path):
    """2452 and 2501 are not 49 weeks apart."""
    weeks = [f"{y % 100}{w:02}" for y, w, _ in (day.isocalendar() for day in MONDAYS)]
    (problem,) = problems(file_of(tmp_path, weeks, "week;leads"))
    assert "2452 is followed by 2501" in problem
    assert "allowed the whole year, as 2025-W01" in problem


@pytest.mark.parametrize("form", ["%b-%y", "%B %Y"])
def test_months_by_name_are_told_at_once(tmp_path, form):
    """One problem tells of all rows."""
    months = [date(2024, month, 1).strftime(form) for month in range(1, 13)]
    (problem,) = problems(file_of(tmp_path, months))
    assert ":2: date: months are no weeks, as in 11 other rows" in problem


@pytest.mark.parametrize("cell", ["Total: Account", "Gemiddelde", "Grand Total"])
def test_a_row_that_sums_up_is_told(tmp_path, cell):
    """By whichever word it begins."""
    (problem,) = problems(file_of(tmp_path, [*MONDAYS, cell]))
    assert ":63: date: a row of totals is no week" in problem


def test_a_column_without_a_name_is_noted(tmp_path):
    """As pandas writes the numbers of rows."""
    rows = [f"{at},{day},{at}" for at, day in enumerate(MONDAYS)]
    path = tmp_path / "weekly.csv"
    path.write_text("\n".join([",date,leads", *rows]), encoding="utf-8")
    assert read_data(path).notes == ("column 1 has no name and is not used",)
