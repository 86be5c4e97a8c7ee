"""The forms in which a cell can name a week, and its value in each of them.

A cell can often be read in several forms; the other rows of the file settle which.
"""

import re
from collections.abc import Iterator
from datetime import date

DATES = ("date", "day_first", "month_first", "year_first", "excel", "seconds")
"""Forms that tell a day, in the order in which they are preferred."""
WEEKS = ("week", "year_and_number")
FORMS = (*DATES[:1], *WEEKS, *DATES[1:], "number")
"""All forms, in the order in which they are preferred where they read as many rows."""
BY_ORDER = ("day_first", "month_first", "year_first")
"""Forms that only differ in which of three numbers is the day, month and year."""
EXCEL = range(20_000, 80_000)
"""Days as Excel counts them: 1954 to 2119."""
YEARS = range(1950, 2101)
MONTHS = {
    name: at
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mrt apr mei jun jul aug sep okt nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
        "janv févr mars avr mai juin juil août sept oct nov déc",
        "january february march april may june"
        " july august september october november december",
        "januari februari maart april mei juni"
        " juli augustus september oktober november december",
        "januar februar märz april mai juni"
        " juli august september oktober november dezember",
        "janvier février mars avril mai juin"
        " juillet août septembre octobre novembre décembre",
    )
    for at, name in enumerate(names.split(), 1)
}
CLOCK = re.compile(
    r"[T ]+\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[AP]M)?( ?(Z|UTC|GMT|[+-]\d\d:?\d\d))?",
    re.I,
)
THREE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
NAME = "[^\\W\\d_]+"
BEFORE = rf"(?:{NAME}\.?,? )?"
"""A day of the week."""
NAMED = re.compile(rf"{BEFORE}(\d{{1,2}})[-. /]*({NAME})\.?,?[- /]*(\d{{4}}|\d\d)")
NAMED_FIRST = re.compile(rf"{BEFORE}({NAME})\.? (\d{{1,2}}),? (\d{{4}})")
NAMED_MONTH = re.compile(rf"({NAME})\.?[- /']*(?:\d{{4}}|\d\d)")
RANGE = re.compile(
    r"(.+?)(?: (?:-|\u2013|\u2014|to|until|through|t/m|tot|tot en met|bis|au) |\u2013)"
    r"(.+)"
    r"|(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)"
)
"""The first and the last day of a week."""
REST_OF_WEEK = range(4, 8)
"""Days from the first day of a week to what may be called its last."""
WORD = "(?:w|wk|week|kw|cw|sem|semaine)"
YEAR_WEEK = re.compile(rf"(\d{{4}})[-/. ]?{WORD}[-. ]?(\d{{1,2}})(?:-[1-7])?", re.I)
WEEK_YEAR = re.compile(rf"{WORD}[-. ]?(\d{{1,2}})[-/., ]+(\d{{4}})", re.I)
YEAR_NUMBER = re.compile(r"(\d{4})(?:[-/. ]?(\d\d)|[-/ ](\d))")
NUMBER_YEAR = re.compile(r"(\d{1,2})[-/](\d{4})")
NUMBER = re.compile(rf"(?:{WORD}[-. ]?)?(\d{{1,13}})(?:[.,]0+)?", re.I)


def has_time(text: str) -> bool:
    """Return whether a cell has a time of day other than midnight."""
    clock = CLOCK.search(text)
    return clock is not None and not re.match(r"[T ]+0{1,2}:00(:00)?", clock[0])


def forms_of(text: str) -> dict[str, int]:
    """Return the value of a cell by form: a day, the Monday of a week, or a number.

    Days are as `date.toordinal` counts them.

    >>> forms_of("202452"), forms_of("7")
    ({'year_and_number': 739243, 'number': 202452}, {'number': 7})
    """
    text = " ".join(text.split())
    if found := RANGE.fullmatch(text):
        first, last = (found[1] or found[3]), (found[2] or found[4])
        return _of_range(forms_of(first), forms_of(last))
    if clock := CLOCK.search(text):
        text = text[: clock.start()] if clock.end() == len(text) else text
    if any(sign.isdecimal() and not sign.isascii() for sign in text):
        return {}
    return dict(_dates(text)) | dict(_weeks(text)) | dict(_numbers(text))


def _of_range(first: dict[str, int], last: dict[str, int]) -> dict[str, int]:
    """Return the first day in each form in which the last day ends the same week."""
    return {
        form: day
        for form, day in first.items()
        if form in DATES and last.get(form, 0) - day in REST_OF_WEEK
    }


def _dates(text: str) -> Iterator[tuple[str, int]]:
    if found := THREE.fullmatch(text):
        a, b, c = found[1], found[3], found[4]
        if len(a) == 4:
            yield from _day(("date", *BY_ORDER), a, b, c)
        elif len(a) < 3 and len(c) in (2, 4):
            yield from _day(("day_first",), c, b, a)
            yield from _day(("month_first",), c, a, b)
            if len(a) == len(c) == 2:
                yield from _day(("year_first",), a, b, c)
    elif found := NAMED.fullmatch(text):
        month = MONTHS.get(found[2].casefold(), 0)
        yield from _day(("date", *BY_ORDER), found[3], month, found[1])
    elif found := NAMED_FIRST.fullmatch(text):
        month = MONTHS.get(found[1].casefold(), 0)
        yield from _day(("date", *BY_ORDER), found[3], month, found[2])
    elif re.fullmatch(r"\d{8}", text):
        yield from _day(("date", *BY_ORDER), text[:4], text[4:6], text[6:])


def _day(
    forms: tuple[str, ...], year: str, month: str | int, day: str
) -> Iterator[tuple[str, int]]:
    """Yield a day in each of the forms, if that day exists.

    A date that can be read in only one order fits any order of the other rows.
    """
    full = int(year) + 2000 * (len(year) == 2)
    try:
        value = date(full, int(month), int(day)).toordinal()
    except ValueError:
        return
    for form in forms:
        yield form, value


def _weeks(text: str) -> Iterator[tuple[str, int]]:
    if found := YEAR_WEEK.fullmatch(text):
        yield from _monday("week", found[1], found[2])
    elif found := WEEK_YEAR.fullmatch(text):
        yield from _monday("week", found[2], found[1])
    elif parts := number_of_year(text):
        yield from _monday("year_and_number", *parts)


def number_of_year(text: str) -> tuple[int, int] | None:
    """Return a year and the number of a week or month in it, if a cell has both.

    >>> number_of_year("2024-7"), number_of_year("07/2024"), number_of_year("7")
    ((2024, 7), (2024, 7), None)
    """
    if found := YEAR_NUMBER.fullmatch(text):
        return int(found[1]), int(found[2] or found[3])
    if found := NUMBER_YEAR.fullmatch(text):
        return int(found[2]), int(found[1])
    return None


def is_month(text: str) -> bool:
    """Return whether a cell names a month of a year, such as `jan-24`."""
    found = NAMED_MONTH.fullmatch(text)
    return found is not None and found[1].casefold() in MONTHS


def _monday(form: str, year: str | int, week: str | int) -> Iterator[tuple[str, int]]:
    """Yield the Monday of a week of the year by ISO 8601, if that week exists."""
    if int(year) in YEARS:
        try:
            yield form, date.fromisocalendar(int(year), int(week), 1).toordinal()
        except ValueError:
            return


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    if found := NUMBER.fullmatch(text):
        number = int(found[1])
        yield "number", number
        if number in EXCEL:
            yield "excel", date(1899, 12, 30).toordinal() + number
        seconds = number // 1000 if len(found[1]) == 13 else number
        if len(found[1]) in (10, 13):
            yield "seconds", date(1970, 1, 1).toordinal() + seconds // 86_400
