"""Exports of sales and HR counted by week: their forms, their trouble, their doubts."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.imports.heads import fields_of
from experiments.imports.mapping import ImportMapping
from experiments.imports.vocabulary import plain
from experiments.imports.weekly.absence import AbsenceRow, _spells, _wednesdays
from experiments.imports.weekly.days import days_of, monday_of, week_of
from experiments.imports.weekly.kinds import WEEKS, kinds, kinds_of
from experiments.imports.weekly.mapping_rules import zone_of
from experiments.imports.weekly.reading import read_weekly
from experiments.imports.weekly.understood import understood
from experiments.imports.words import ImportProblem

MONDAY = date(2024, 1, 1)
DAYS = [MONDAY + timedelta(days=k) for k in range(0, 140, 3)]
WEEK_COUNTS = Counter(week_of(day.toordinal()) for day in DAYS)


def file_of(tmp_path, rows, name="export.csv", encoding="utf-8"):
    """Return the path of a file with these lines."""
    path = tmp_path / name
    path.write_bytes("\r\n".join(rows).encode(encoding))
    return path


def mapping_of(**values):
    """Return a mapping; names of places are parted by two underscores."""
    return ImportMapping({tuple(key.split("__")): x for key, x in values.items()})


def counts(found, name="won_deals"):
    """Return the values of a column by their week."""
    values = found.data.values[name]
    year, _, week = found.data.calendar.first.partition("-W")
    first = week_of(date.fromisocalendar(int(year), int(week), 1).toordinal())
    return {first + k: int(x) for k, x in enumerate(values) if np.isfinite(x)}


def whole_weeks():
    """Return the counts of the days in weeks between the first and the last."""
    ends = min(WEEK_COUNTS), max(WEEK_COUNTS)
    return {week: n for week, n in WEEK_COUNTS.items() if week not in ends}


@pytest.mark.parametrize(
    ("head", "won", "written", "mark", "encoding"),
    [
        ("Deal Stage|Close Date", "Closed Won", "{:%Y-%m-%d %H:%M}", ",", "utf-8-sig"),
        ("Dealfase|Sluitingsdatum", "Gewonnen", "{:%d-%m-%Y}", ";", "cp1252"),
        ("Stage|Close Date", "Closed Won", "{:%m/%d/%Y}, 2:15 PM", "\t", "utf-16"),
        ("Phase|Schlusstermin", "Gewonnen", "{:%d.%m.%Y}", ";", "utf-8"),
        ("Étape|Date de clôture", "Fermée gagnée", "{:%d/%m/%y}", ";", "cp1252"),
        ("Gewonnen|Sluitdatum", "Waar", "{:%d %b %Y}", ";", "utf-8"),
        ("Fase|Gesloten op", "gewonnen ✔", "{:%Y-%m-%dT%H:%M}:00.000Z", ",", "utf-8"),
    ],
)
def test_deals_are_counted_however_systems_write_them(
    tmp_path, head, won, written, mark, encoding
):
    """Heads and stages in four languages; days in any order, with times or without."""
    lost = "Onwaar" if won == "Waar" else "Closed Lost"
    rows = [head.replace("|", mark)]
    for day in DAYS:
        text = f'"{written.format(day)}"'
        rows += [mark.join((won, text)), mark.join((lost, text))]
    found = read_weekly([file_of(tmp_path, rows, encoding=encoding)])
    assert found.points == () and counts(found) == whole_weeks()


def test_rows_that_are_none_are_left_out_and_told(tmp_path):
    """Titles, totals, remarks below the table, duplicates and rows without a day."""
    rows = [f"{k},Closed Won,{day},5" for k, day in enumerate(DAYS)]
    head = "Record ID,Deal Stage,Close Date,Amount"
    tail = ["Grand Totals (49 records),,,245", "Confidential Information", "77,Open,,1"]
    path = file_of(tmp_path, ["Deals of 2024", head, *rows, rows[3], rows[9], *tail])
    found = read_weekly([path])
    assert counts(found) == whole_weeks()
    (file,) = found.files
    last = len(rows) + 2
    assert file.left_out == {
        "twice": (last + 1, last + 2),
        "totals": (last + 3,),
        "footers": (last + 4,),
        "undated": (last + 5,),
    }
    told = " ".join(understood(found, "en"))
    assert "the header stands on line 2" in told
    assert "“Amount” is not used: a deal is won in one week" in told


def test_a_time_zone_decides_the_week_of_a_moment(tmp_path):
    """Sunday 23:30 UTC is Monday in Amsterdam; without a zone that is told."""
    sundays = [MONDAY + timedelta(days=7 * k + 6) for k in range(20)]
    rows = ["Stage,Close Date", *(f"Closed Won,{x}T23:30:00Z" for x in sundays)]
    path = file_of(tmp_path, rows)
    found = read_weekly([path])
    assert "Near the turn of a week: 20" in " ".join(understood(found, "en"))
    moved = read_weekly([path], mapping_of(time_zone="Europe/Amsterdam"))
    assert min(counts(moved)) == min(counts(found)) + 1
    assert "turn of a week" not in " ".join(understood(moved, "en"))
    assert zone_of("Europe/Amsterdm") is None


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)))
def test_weeks_are_those_of_iso_8601(day):
    """They begin on the Monday of the day's own week."""
    monday = monday_of(week_of(day.toordinal()))
    assert monday.isocalendar()[:2] == day.isocalendar()[:2] and monday.weekday() == 0


@given(st.lists(st.dates(date(2000, 1, 1), date(2080, 1, 1)), min_size=1))
@settings(max_examples=50)
def test_days_are_read_as_written_or_known_to_be_unclear(days):
    """In each order; they are unclear only if another order reads all of them."""
    for written, order in (("%d/%m/%Y", "day first"), ("%m/%d/%Y", "month first")):
        cells = [day.strftime(written) for day in days]
        found = days_of(cells)
        if found.unclear:
            assert all(day.day <= 12 for day in days)
            found = days_of(cells, order)
        assert found.values == tuple(day.toordinal() for day in days)


def test_weeks_without_rows_are_zero_or_missing(tmp_path):
    """A week is zero; a stretch that chance would hardly leave empty is missing."""
    days = [MONDAY + timedelta(days=k) for k in range(300)]
    away = set(range(70, 77)) | set(range(140, 189))
    rows = [f"Closed Won,{x}" for k, x in enumerate(days) if k not in away]
    found = read_weekly([file_of(tmp_path, ["Stage,Close Date", *rows])])
    values = found.data.values["won_deals"]
    assert values[9] == 0 and np.isnan(values[19:26]).all()
    assert np.isfinite(values).sum() == len(values) - 7
    assert "7 weeks without any row" in " ".join(understood(found, "en"))


def test_a_period_makes_the_ends_whole(tmp_path):
    """Weeks before the first row and after the last are then zero, not unknown."""
    path = file_of(tmp_path, ["Stage,Close Date", *(f"Closed Won,{x}" for x in DAYS)])
    period = {"period__first": date(2023, 12, 20), "period__last": date(2024, 7, 9)}
    found = read_weekly([path], mapping_of(**period))
    assert found.data.calendar.first == "2023-W52"
    assert found.data.calendar.last == "2024-W27"
    assert sum(counts(found).values()) == len(DAYS)


# --- absence --------------------------------------------------------------------------


def absence(tmp_path, rows, least=2, **values):
    """Return the import of absences, each of at least some weeks."""
    head = "Medewerker;Soort verzuim;Ziek vanaf;Hersteld op;Percentage"
    path = file_of(tmp_path, [head, *rows])
    return read_weekly([path], mapping_of(absence__least_weeks=least, **values))


PERIOD = {"period__first": MONDAY, "period__last": date(2024, 6, 30)}


def test_long_absence_counts_people_in_the_weeks_of_their_absence(tmp_path):
    """Rows of one person are one absence; short ones and other leave do not count."""
    rows = [
        "1;Ziekte;15-01-2024;12-02-2024;100,00",
        "1;Ziekte;12-02-2024;11-03-2024;60,00",
        "1;Ziekte;11-03-2024;08-04-2024;30,00",
        "2;Ziekte;29-01-2024;01-02-2024;100,00",
        "3;Vakantie;01-01-2024;01-04-2024;100,00",
        "4;Ziekte;14-02-2024;14-03-2024;100,00",
        "1;Ziekte;20-02-2024;21-02-2024;100,00",
    ]
    found = absence(tmp_path, rows, **PERIOD)
    people = found.data.values["sick_people"].astype(int)
    expected = np.zeros(26, int)
    expected[2:10] += 1
    expected[6:11] += 1
    expected[10:11] -= 1
    expected[10] = 1
    assert people.tolist() == expected.tolist()
    told = " ".join(understood(found, "en"))
    assert "fewer than 5 people with an absence of 2 weeks or more" in told


def test_who_is_absent_not_yet_for_long_leaves_the_last_weeks_open(tmp_path):
    """Later it may turn out to be long; who is away for long already counts."""
    rows = ["1;Ziekte;13-02-2024;;100", "2;Ziekte;11-06-2024;;100"]
    found = absence(tmp_path, rows, least=6, **PERIOD)
    people = found.data.values["sick_people"]
    assert people[:19].tolist() == [0] * 6 + [1] * 13 and np.isnan(people[19:]).all()
    assert "the last 7 weeks are not known yet" in " ".join(understood(found, "en"))


@given(
    st.integers(738000, 739000),
    st.integers(0, 400),
    st.sampled_from((0.2, 0.5, 1.0)),
)
def test_a_week_counts_by_its_wednesday(start, days, part):
    """Exactly the weeks whose Wednesday lies between the first day and the recovery."""
    row = AbsenceRow("1", start, start + days, part)
    weeks = {
        week_of(day)
        for day in range(start, start + days)
        if date.fromordinal(day).weekday() == 2
    }
    assert set(_wednesdays(row, start + days)) == (weeks if part >= 0.5 else set())


@given(
    st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 50), st.integers(0, 9)))
)
def test_absences_keep_every_row_and_part_people(rows):
    """Each row is in one absence, of one person; absences of one are days apart."""
    written = [AbsenceRow(who, start, start + n, 1.0) for who, start, n in rows]
    spells = _spells(written)
    assert sorted(x for spell in spells for x in spell) == sorted(written)
    for spell, after in pairwise(spells):
        assert len({row.person for row in spell}) == 1
        if spell[0].person == after[0].person:
            assert max(x.end for x in spell) + 1 < min(x.start for x in after)


def test_wrong_absences_are_told_with_their_lines(tmp_path):
    """Also while it is open from when on absence is long."""
    rows = ["Jan;2024-03-01;2024-02-01", "Piet;;2024-02-01", "Klaas;2024-01-01;gauw"]
    path = file_of(tmp_path, ["Medewerker;Ziek vanaf;Hersteld op", *rows])
    with pytest.raises(ImportProblem) as caught:
        read_weekly([path], language="nl")
    first, second, third = str(caught.value).splitlines()
    assert ":2: verzuim dat eindigt voordat het begint" in first
    assert ":3: verzuim zonder eerste dag" in second
    assert ":4: kolom “Hersteld op”: kreeg 'gauw'" in third


# --- doubts ---------------------------------------------------------------------------


def test_doubts_are_asked_and_answers_settle_them(tmp_path):
    """Which rows are leads, what a status means, which of day and month is first."""
    days = [date(2024, month, day) for month in range(1, 8) for day in (2, 7, 11)]
    rows = [f"{x:%d/%m/%Y};{'Bla' if x.day == 2 else 'Qualified'}" for x in days]
    path = file_of(tmp_path, ["Aanmaakdatum;Leadstatus", *rows])
    found = read_weekly([path])
    assert {point.key for point in found.points} == {
        ("leads", "counted"),
        ("leads", "date_order"),
    }
    assert found.data is None
    ends = {"period__first": MONDAY, "period__last": date(2024, 7, 14)}
    answers = {"leads__counted": "every row", "leads__date_order": "day first", **ends}
    (point,) = read_weekly([path], mapping_of(**answers)).points
    assert point.key == ("leads", "status", "Bla") and len(point.lines) == 7
    answers["leads__status__bla"] = "refused"
    found = read_weekly([path], mapping_of(**answers))
    assert found.points == ()
    data = {name: np.nansum(x) for name, x in found.data.values.items()}
    assert data == {"leads": 21, "accepted_leads": 14}


def test_two_files_of_one_measure_are_asked_about(tmp_path):
    """One counts, or both are added; files of other weeks just follow on each other."""
    rows = [f"Closed Won,{x}" for x in DAYS]
    one = file_of(tmp_path, ["Stage,Close Date", *rows], "one.csv")
    two = file_of(tmp_path, ["Dealfase,Sluitingsdatum", *rows, *rows], "two.csv")
    (point,) = read_weekly([one, two]).points
    assert point.key == ("measures", "won_deals")
    assert point.allowed == ("one.csv", "two.csv", "add")
    for answer, times in (("one.csv", 1), ("two.csv", 2), ("add", 3)):
        found = read_weekly([one, two], mapping_of(measures__won_deals=answer))
        assert counts(found) == {k: times * n for k, n in whole_weeks().items()}
    later = [f"Closed Won,{x + timedelta(weeks=26)}" for x in DAYS]
    three = file_of(tmp_path, ["Stage,Close Date", *later], "three.csv")
    found = read_weekly([one, three])
    assert found.points == () and found.data.missing.sum() == 8


def test_columns_of_names_are_refused_not_written(tmp_path):
    """A column that looks like a stage and holds people leaves no name behind."""
    rows = [f"Persoon {k},{day}" for k, day in enumerate(DAYS)]
    with pytest.raises(ImportProblem, match=r"different texts") as caught:
        read_weekly([file_of(tmp_path, ["Stage,Close Date", *rows])])
    assert "Persoon" not in str(caught.value)


@pytest.mark.parametrize(
    ("weeks", "words"),
    [
        ([f"2022-W{k:02}" for k in range(1, 30)], "has weeks 2024-W02 to 2024-W19"),
        (range(1, 30), "have numbers without a year"),
        ([f"2024-W{k:02}" for k in (3, 4, 4)], "in the same week"),
        (["2024-W03", "soon"], "week; received 'soon'"),
    ],
)
def test_files_that_cannot_be_joined_say_why(tmp_path, weeks, words):
    """No week in common, weeks without a year, and mistakes in either file."""
    deals = file_of(tmp_path, ["Stage,Close Date", *(f"Won,{x}" for x in DAYS)])
    figures = file_of(tmp_path, ["Week;Omzet", *(f"{x};1" for x in weeks)], "f.csv")
    with pytest.raises(ImportProblem, match=words):
        read_weekly([deals, figures])


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path):
    """What cannot be read stands beside what is wrong in the others."""
    one = file_of(tmp_path, ["Stage,Close Date", "Won,soon"], "one.csv")
    with pytest.raises(ImportProblem) as caught:
        read_weekly([one, tmp_path / "none.csv", tmp_path / "two.pdf"])
    told = str(caught.value)
    assert "one.csv:2" in told and "no such file" in told and "unknown kind" in told


# --- tables ---------------------------------------------------------------------------


def test_words_of_the_tables_are_plain():
    """What is compared with plain text is written so, or it would never fit."""
    for kind in kinds().values():
        for words in (x for group in kind.meanings.values() for x in group):
            for pattern in words.patterns:
                bare = pattern.replace("*", "").removeprefix("=")
                assert plain(bare) == bare
        ways = [way for count in kind.counts for way in count.ways]
        needed = {name for way in ways for name in way.fields} | set(kind.dates)
        needed |= {name for group in kind.known_by for name in group}
        assert needed <= set(fields_of(kind.name))
        assert all(x.meaning in kind.meanings_of(x.test) for x in ways if x.test)
    assert kinds_of(["Week", "Leads"]) == (WEEKS,)
