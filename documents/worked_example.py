"""The exports of the worked example: two years of a simulated world, in rows.

The weeks of `worked_world.py` are written as HubSpot, Salesforce and HR export them: a
row for each lead, deal and absence, with the trouble of ordinary exports. All names are
invented.

`python -m documents.worked_example` writes them again, with the same bytes.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

import numpy as np

from documents.worked_world import GUIDES, SEED, WEEKS, weeks

MONDAY = date(2024, 1, 1)
MISSING = (51, 103)
"""Weeks without figures: nobody wrote them down around Christmas."""
LEAD_LIFE = 8
"""Weeks after which sales no longer takes up a lead."""
SPLIT = 10
"""Weeks of leave from which on half of the work is taken up again at its end."""
FLU = 46
"""Short absences in two years."""
FIRST_NAMES = ("Anna", "Bart", "Carla", "Dirk", "Els", "Frank", "Greet", "Hans", "Iris")
LAST_NAMES = ("Aalders", "Bos", "Claes", "Dijk", "Evers", "Faber", "Gerrits", "Hamel")
SOURCES = ("Organic Search", "Paid Search", "Email Marketing", "Referrals", "Events")
LOST = ("Closed Lost", "Negotiation/Review", "Proposal/Price Quote")
TAIL = (
    "Confidential Information - Do Not Distribute",
    "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
)
Rows = list[Sequence[str]]


def exports() -> dict[str, bytes]:
    """Return the exports by file name."""
    return {
        "example_leads.csv": _table(leads(), ",").encode("utf-8-sig"),
        "example_deals.csv": _table(deals(), ",", csv.QUOTE_ALL).encode(),
        "example_absence.csv": _table(absence(), ";").encode("cp1252"),
        "example_weeks.csv": _table(figures(), "\t").encode("utf-16"),
    }


# --- HubSpot: contacts ----------------------------------------------------------------


def leads() -> Rows:
    """Return contacts as HubSpot exports them; some twice, some that are no leads."""
    chance = Random(SEED)
    handed, accepted = (weeks()[x] for x in ("leads", "accepted_leads"))
    found: list[tuple[datetime, datetime | None]] = []
    waiting = [_moment(chance, week) for week in (-3, -2, -2, -1, -1, -1)]
    for week in range(WEEKS):
        new = sorted(_moment(chance, week) for _ in range(int(handed[week])))
        for _ in range(int(accepted[week])):
            born = waiting.pop(0) if waiting else new.pop(0)
            taken = max(born + timedelta(minutes=20), _moment(chance, week))
            found.append((born, taken))
        waiting += new
        late = _day(week - LEAD_LIFE)
        found += [(born, None) for born in waiting if born.date() < late]
        waiting = [born for born in waiting if born.date() >= late]
    found += [(born, None) for born in waiting]
    rows = [_contact(chance, *pair) for pair in sorted(found, key=lambda x: x[0])]
    rows += [_contact(chance, None, None) for _ in range(40)]
    numbered = [(str(5510000000 + 37 * k), *row) for k, row in enumerate(rows)]
    head = (
        *("Record ID", "First Name", "Last Name", "Email", "Create Date"),
        *("Original Source", "Lifecycle Stage"),
        "Became a Marketing Qualified Lead Date",
        *("Became a Sales Qualified Lead Date", "Lead Status"),
    )
    return [head, *numbered[:500], *numbered[480:]]


def _contact(
    chance: Random, born: datetime | None, taken: datetime | None
) -> Sequence[str]:
    first, last = _one(chance, FIRST_NAMES), _one(chance, LAST_NAMES)
    made = (born or _moment(chance, _below(chance, WEEKS))) - timedelta(days=3)
    stage = "Subscriber" if born is None else "Marketing Qualified Lead"
    return (
        *(first, last, f"{first}.{last}@klant.example".lower()),
        *(_stamp(made), _one(chance, SOURCES)),
        stage if taken is None else "Opportunity",
        *("" if x is None else _stamp(x) for x in (born, taken)),
        "" if born is None else "Unqualified" if taken is None else "Open Deal",
    )


# --- Salesforce: opportunities --------------------------------------------------------


def deals() -> Rows:
    """Return a report of opportunities as Salesforce exports it, with its tail."""
    chance = Random(SEED + 1)
    rows = []
    for week, won in enumerate(weeks()["won_deals"]):
        stages = ["Closed Won"] * int(won)
        stages += [_one(chance, LOST) for _ in range(1 + _below(chance, 3))]
        rows += [_deal(chance, week, stage) for stage in stages]
    total = sum(float(row[3].removeprefix("EUR ").replace(",", "")) for row in rows)
    head = (
        *("Opportunity Name", "Opportunity Owner", "Stage", "Amount", "Close Date"),
        *("Created Date", "Lead Source", "Opportunity ID"),
    )
    ids = (f"006Qy{50000 + 13 * k:06d}AAA" for k in range(len(rows)))
    whole = [(*row, number) for row, number in zip(rows, ids, strict=True)]
    sums = (f"Grand Totals ({len(rows)} records)", "", "", f"EUR {total:,.2f}")
    return [head, *whole, sums, *((line,) for line in TAIL)]


def _deal(chance: Random, week: int, stage: str) -> Sequence[str]:
    closed = _moment(chance, week).date()
    made = closed - timedelta(days=20 + _below(chance, 70))
    amount = 1500.0 + 250 * _below(chance, 60)
    return (
        f"{_one(chance, LAST_NAMES)} BV - {closed.year}",
        f"{_one(chance, FIRST_NAMES)} {_one(chance, LAST_NAMES)}",
        *(stage, f"EUR {amount:,.2f}"),
        *(f"{x.month}/{x.day}/{x.year}" for x in (closed, made)),
        _one(chance, SOURCES),
    )


# --- HR: absence, and figures of weeks ------------------------------------------------


def absence() -> Rows:
    """Return absences as AFAS exports them: long ones in parts, and short illness."""
    chance = Random(SEED + 2)
    rows = [row for k, ends in enumerate(_leave()) for row in _long(chance, k, *ends)]
    for k in range(FLU):
        start = MONDAY + timedelta(days=15 * k + _below(chance, 5))
        end = start + timedelta(days=2 + _below(chance, 9))
        rows.append((start, _employee(10 + k % 30), end, 100))
    head = ("Medewerker", "Naam", "Soort verzuim", "Ziek vanaf", "Hersteld op")
    body = [
        (*who, "Ziekte", _dutch(start), _dutch(end), f"{part},00")
        for start, who, end, part in sorted(rows, key=lambda x: (x[0], x[1]))
    ]
    holiday = MONDAY + timedelta(days=120)
    body.append((*_employee(44), "Zwangerschapsverlof", _dutch(holiday), "", "100,00"))
    titles: Rows = [("Verzuimoverzicht 2024-2025",), ("Voorbeeld BV",)]
    return [*titles, (*head, "Percentage"), *body]


Leave = tuple[int, int | None]


def _leave() -> list[Leave]:
    """Return first weeks of leaves, and the weeks in which they are over."""
    found: list[Leave] = []
    going: list[int] = []
    for week, people in enumerate(weeks()["sick_people"]):
        going += [week] * (int(people) - len(going))
        while len(going) > people:
            found.append((going.pop(0), week))
    return found + [(start, None) for start in going]


AbsenceLine = tuple[date, Sequence[str], date | None, int]


def _long(chance: Random, k: int, first: int, over: int | None) -> list[AbsenceLine]:
    """Return the rows of a long absence: all of the work, then half, then a quarter."""
    who = _employee(k)
    start = _day(first) + timedelta(days=_below(chance, 3))
    if over is None:
        return [(start, who, None, 100)]
    back = _day(over) + timedelta(days=_below(chance, 3))
    if over - first < SPLIT:
        return [(start, who, back, 100)]
    half, done = back - timedelta(days=35), back + timedelta(days=28)
    return [(start, who, half, 100), (half, who, back, 50), (back, who, done, 25)]


@cache
def _people() -> list[str]:
    text = (GUIDES / "example_people.csv").read_text(encoding="cp1252")
    return [line.partition(";")[0] for line in text.splitlines()[1:]]


def _employee(k: int) -> tuple[str, str]:
    """Return number and name of an employee."""
    return f"{10021 + 7 * k}", _people()[k]


def figures() -> Rows:
    """Return figures of weeks as a controller keeps them, with a row of totals."""
    one = weeks()
    names = ("revenue", "head_count", "leavers")
    rows: Rows = [
        (f"{year}-W{number:02}", _euros(one["revenue"][k]), *_whole(one, k, names[1:]))
        for k in range(WEEKS)
        if k not in MISSING
        for year, number, _ in [_day(k).isocalendar()]
    ]
    total = _euros(sum(round(x) for x in one["revenue"]))
    head = ("Week", "Omzet", "Medewerkers in dienst", "Vertrokken op eigen verzoek")
    return [head, *rows, ("Totaal", total, "", "")]


def _whole(one: dict[str, np.ndarray], k: int, names: Iterable[str]) -> Iterable[str]:
    return (f"{one[name][k]:.0f}" for name in names)


# --- as systems write it --------------------------------------------------------------


def _table(rows: Rows, mark: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=mark, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def _day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


def _moment(chance: Random, week: int) -> datetime:
    """Return a moment of a working week, Sundays too."""
    start = datetime.combine(_day(week), datetime.min.time())
    return start + timedelta(days=_below(chance, 7), minutes=480 + _below(chance, 900))


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _dutch(day: date | None) -> str:
    return "" if day is None else f"{day:%d-%m-%Y}"


def _euros(value: float) -> str:
    """Return an amount as Excel writes it in Dutch.

    >>> _euros(1234567)
    '€ 1.234.567,00'
    """
    return f"€ {f'{value:,.0f}'.replace(',', '.')},00"


def _below(chance: Random, most: int) -> int:
    """Return a whole number from 0 up to but not including `most`."""
    return int(chance.random() * most)


def _one(chance: Random, words: Sequence[str]) -> str:
    return words[_below(chance, len(words))]


def write(folder: Path = GUIDES) -> list[Path]:
    """Write the exports into a folder and return their paths."""
    found = []
    for name, content in exports().items():
        found.append(folder / name)
        found[-1].write_bytes(content)
    return found


if __name__ == "__main__":
    for path in write():
        print(f"Wrote {path}")
