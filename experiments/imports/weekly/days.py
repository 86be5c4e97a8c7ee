"""The day of each cell of a column of single events, told from all of its cells."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from experiments.fit.own_data.week_forms import BY_ORDER, DATES, forms_of
from simulation.written_numbers import MISSING

ORDERS = {"day first": "day_first", "month first": "month_first"}
"""What may be said of dates that can be read in two orders, and its form."""
COMMA = re.compile(r",(?=\s+\d{1,2}:\d\d)")
"""Salesforce writes 1/3/2026, 2:15 PM."""
OFFSET = re.compile(
    r"[T ]+(\d{1,2}):(\d\d)[\d:.,]*( ?[AP]M)? ?(Z|UTC|GMT|[+-][01]\d:?[0-5]\d)$", re.I
)
WEEK = 7
MONDAY = 1
"""What is left of a Monday, as `date.toordinal` counts days, over weeks."""
TURN = 3
"""Hours around the turn of a week in which another time zone may change the week."""
NEVER = 3000
"""Systems write years from here on for an end that is not known."""


@dataclass(frozen=True)
class Days:
    """A day for each cell of a column, None where there is none.

    Days are as `date.toordinal` counts them. `unread` are the places of cells that are
    no day; `unclear` tells that the order of day and month is unknown. `zoned` counts
    times with an offset from UTC, `turning` those of them near the turn of a week.
    """

    values: tuple[int | None, ...]
    unread: tuple[int, ...] = ()
    unclear: bool = False
    zoned: int = 0
    turning: int = 0


def days_of(cells: Sequence[str], order: str = "", zone: tzinfo | None = None) -> Days:
    """Return the days in the cells of a column.

    `order` is of `ORDERS`, for dates that can be read in two ways. Times with an offset
    are moved to `zone`, if there is one.

    >>> days_of(["3/14/2026", "3/2/2026, 2:15 PM"]).values[1] - days_of(
    ...     ["2026-03-02"]).values[0]
    0
    >>> days_of(["3-2-2026", "4-2-2026"]).unclear
    True
    """
    texts = ["" if x.casefold() in MISSING else COMMA.sub("", x) for x in cells]
    forms = [_dates_of(text) for text in texts]
    best = _forms(forms)
    unclear = len(best) > 1 and order not in ORDERS
    form = best[0] if best else ""
    if len(best) > 1 and not unclear and ORDERS[order] in best:
        form = ORDERS[order]
    days = [read.get(form) for read in forms]
    unread = [k for k, text in enumerate(texts) if text and days[k] is None]
    offsets = [OFFSET.search(text) for text in texts]
    turning = 0
    for k, found in enumerate(offsets):
        day = days[k]
        if found and day is not None:
            moment = _moment(day, found)
            turning += zone is None and _is_near_turn(moment)
            local = moment.astimezone(zone) if zone else moment
            days[k] = local.date().toordinal()
    zoned = sum(found is not None for found in offsets)
    values = tuple(None if x is None or x >= FAR else x for x in days)
    return Days(values, tuple(unread), unclear, zoned, turning)


def _dates_of(text: str) -> dict[str, int]:
    return {form: day for form, day in forms_of(text).items() if form in DATES}


def _forms(forms: Sequence[dict[str, int]]) -> list[str]:
    """Return the form that reads most cells; several if they only differ in order.

    Orders that read all cells as the same days are one. That two digits are a year
    and stand first is believed only if days then lie nearer to each other.
    """
    counts = Counter(form for read in forms for form in read)
    most = max(counts.values(), default=0)
    tied = [form for form in DATES if counts[form] == most > 0]
    if not tied or tied[0] not in BY_ORDER:
        return tied[:1]
    spans = {
        form: _span([read[form] for read in forms if form in read]) for form in tied
    }
    if len(tied) > 1 and spans.get("year_first", 0) > min(spans.values()):
        tied.remove("year_first")
    different = {tuple(read.get(form) for read in forms): form for form in tied[::-1]}
    return [form for form in tied if form in different.values()]


def _span(days: Sequence[int]) -> int:
    return max(days) - min(days)


def _moment(day: int, match: re.Match[str]) -> datetime:
    """Return the moment that a cell with an offset names."""
    hour, minute = int(match[1]), int(match[2])
    if match[3]:
        hour = hour % 12 + 12 * ("p" in match[3].casefold())
    sign = -1 if match[4].startswith("-") else 1
    digits = "".join(x for x in match[4] if x.isdecimal()).ljust(4, "0")
    offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    start = datetime.fromordinal(day) + timedelta(hours=hour, minutes=minute)
    return (start - offset).replace(tzinfo=UTC).astimezone(timezone(offset))


def _is_near_turn(moment: datetime) -> bool:
    midnight = datetime.combine(moment.date(), time(), moment.tzinfo)
    hours = (moment - midnight) / timedelta(hours=1)
    weekday = moment.weekday()
    return (weekday == 6 and hours >= 24 - TURN) or (weekday == 0 and hours < TURN)


def week_of(day: int) -> int:
    """Return the week of a day: weeks begin on Mondays, and are counted from year 1."""
    return (day - MONDAY) // WEEK


def monday_of(week: int) -> date:
    """Return the Monday with which a week begins.

    >>> monday_of(week_of(date(2026, 3, 8).toordinal())).isoformat()
    '2026-03-02'
    """
    return date.fromordinal(WEEK * week + MONDAY)


def week_name(week: int) -> str:
    """Return the name of a week by ISO 8601.

    >>> week_name(week_of(date(2027, 1, 3).toordinal()))
    '2026-W53'
    """
    year, number, _ = monday_of(week).isocalendar()
    return f"{year}-W{number:02}"


FAR = date(NEVER, 1, 1).toordinal()
