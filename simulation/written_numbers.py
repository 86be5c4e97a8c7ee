"""Numbers as people and spreadsheets write them, read a whole column at a time.

In `1.234` and `1,234` the mark may separate thousands or decimals. The other cells of
the column decide between the two; if none of them does, nothing is guessed.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simulation.text_files import Findings

LONGEST = 60
"""Most characters of a cell that is read as a number."""
MARKS = (".", ",")
"""Possible decimal marks."""
BLANK = "[ \u00a0\u2007\u2009\u202f]"
"""Blanks, breaking or not, that separate thousands."""
MINUS = "[-\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d]"
CODES = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|kr"
MONEY = f"(?:[A-Z]{{0,2}}[$¢£¤¥₤₩₪₫€₱₴₹₺₽₿]|{CODES})"
NOTHING = re.compile(rf"{MONEY}{BLANK}*-{{1,2}}")
"""How spreadsheets write an amount of zero."""
MISSING = ("na", "n/a", "nan", "null", "#n/a", "#n/b", "#nv")
"""What R, Python, databases and spreadsheets write for missing values."""
AROUND = re.compile(
    rf"(?P<open>\()?{BLANK}*(?P<before>{MINUS}|\+)?{BLANK}*"
    rf"(?:{MONEY}{BLANK}*(?P<inside>{MINUS})?{BLANK}*)?"
    r"(?P<body>[\d.,].*?)"
    rf"(?P<round>(?<=[.,])--?)?(?P<after>{MINUS})?"
    rf"{BLANK}*(?P<percent>%)?{BLANK}*{MONEY}?{BLANK}*(?P<close>\))?"
)
"""A number with what may be around it: signs, money, percent, brackets for minus."""
SAFE = rf"[1-9]\d{{0,2}}(?:(?P<gap>'|\u2019|{BLANK})\d{{3}}(?:(?P=gap)\d{{3}})*)"
"""A whole number with thousands separated by marks that are never decimal marks."""


PARTING = frozenset(".,'\u2019 \u00a0\u2007\u2009\u202f")


def _shape(mark: str) -> re.Pattern[str]:
    """Return the pattern of a number with the decimal mark `mark`."""
    group = re.escape("," if mark == "." else ".")
    lakhs = rf"|[1-9]\d?(?:{group}\d{{2}})+{group}\d{{3}}" if mark == "." else ""
    whole = rf"{SAFE}|[1-9]\d{{0,2}}(?:{group}\d{{3}})+{lakhs}"
    mark = re.escape(mark)
    plain = rf"(?:\d+(?:{mark}\d*)?|{mark}\d+)(?:[eE][+-]?\d+)?"
    return re.compile(rf"(?:{whole})(?:{mark}\d*)?|{plain}")


SHAPES = {mark: _shape(mark) for mark in MARKS}


class Readings(NamedTuple):
    """The value of a cell if the decimal mark is a point, and if it is a comma.

    A value is None if the cell is no number then; if both are, it is no number at all.
    """

    point: float | None
    comma: float | None

    @property
    def evidence(self) -> str:
        """The decimal mark that this cell proves, or an empty text."""
        if (self.point is None) == (self.comma is None):
            return ""
        return MARKS[self.point is None]

    def within(self, largest: float, whole: bool) -> "Readings":
        """Return these; if unclear, without a value that is too large or not whole."""
        fits = [
            x is not None and abs(x) <= largest and not (whole and x != int(x))
            for x in self
        ]
        if not self.unclear or fits[0] == fits[1]:
            return self
        return Readings(
            *(x if fit else None for x, fit in zip(self, fits, strict=True))
        )

    @property
    def unclear(self) -> bool:
        """Whether the cell may be either of two numbers."""
        return None not in self and self.point != self.comma

    def value(self, mark: str) -> float | None:
        """Return the number; if it is unclear, `mark` decides."""
        if self.unclear:
            return getattr(self, {".": "point", ",": "comma"}.get(mark, ""), None)
        return self.comma if self.point is None else self.point


NO_NUMBER = Readings(None, None)


def readings(cell: object, percent: bool = False) -> Readings:
    """Return the possible values of a cell; if it is no text, its own value.

    `percent` tells whether `12%` is read as 0.12, or is no number.

    >>> readings("1.234,50"), readings("1.234")
    (Readings(point=None, comma=1234.5), Readings(point=1.234, comma=1234.0))
    """
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell) if math.isfinite(cell) else None
        return Readings(value, value)
    text = str(cell).strip()
    if NOTHING.fullmatch(text):
        return Readings(0.0, 0.0)
    found = AROUND.fullmatch(_ascii_digits(text)) if len(text) <= LONGEST else None
    if found is None or bool(found["open"]) != bool(found["close"]):
        return NO_NUMBER
    signs = [found[x] for x in ("open", "before", "inside", "after") if found[x]]
    if len(signs) > 1 or (found["percent"] and not percent):
        return NO_NUMBER
    sign = "" if signs in ([], ["+"]) else "-"
    power = "e-2" if found["percent"] else ""
    return Readings(*(_value(found["body"], mark, sign, power) for mark in MARKS))


def _ascii_digits(text: str) -> str:
    """Return a text with the digits of all scripts replaced by ASCII digits."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(x, x)) for x in text)


def _value(body: str, mark: str, sign: str, power: str) -> float | None:
    if not SHAPES[mark].fullmatch(body) or (power and "e" in body.casefold()):
        return None
    whole, _, decimals = body.partition(mark)
    digits = "".join(x for x in whole if x not in PARTING) or "0"
    point = "." if decimals else ""
    value = float(f"{sign}{digits}{point}{decimals}{power}")
    return value if math.isfinite(value) else None


def mark_of(column: Iterable[Readings]) -> str:
    """Return the decimal mark of a column, or an empty text if its cells do not tell.

    They do not tell if some prove one mark and some the other.
    """
    proved = {cell.evidence for cell in column} - {""}
    return proved.pop() if len(proved) == 1 else ""


def numbers_of(cells: Iterable[object]) -> list[float | None]:
    """Return the cells of a column as numbers; None for one that is none or unclear."""
    column = [readings(cell) for cell in cells]
    mark = mark_of(column)
    return [cell.value(mark) for cell in column]


class NumberRule(NamedTuple):
    """The rule for the cells of a column: numbers from `least` to `most`.

    `allowed` describes the rule in messages. With `percent`, 12% is 0.12. With
    `missing`, words such as NA count as empty cells. `mark` is the decimal mark, if the
    format defines it. Unclear cells may also be decided by `whole` (all numbers are
    whole) and `largest` (no number is meant to be larger).
    """

    least: float = 0.0
    most: float = math.inf
    allowed: str = ""
    percent: bool = False
    missing: bool = False
    mark: str = ""
    whole: bool = False
    largest: float = math.inf


ANY_NUMBER = NumberRule()


def read_numbers(
    cells: Sequence[tuple[int | None, object]],
    what: str,
    found: Findings,
    rule: NumberRule = ANY_NUMBER,
) -> list[float | None]:
    """Return a column as numbers that follow the rule; `cells` are (line, text).

    Cells that are empty or wrong give None; problems are added to `found`.
    """
    texts = ["" if cell is None else str(cell).strip() for _, cell in cells]
    if rule.missing:
        texts = ["" if text.casefold() in MISSING else text for text in texts]
    column = [
        readings(cell, rule.percent).within(rule.largest, rule.whole)
        if text
        else NO_NUMBER
        for (_, cell), text in zip(cells, texts, strict=True)
    ]
    mark = rule.mark or mark_of(column)
    values = [cell.value(mark) for cell in column]
    least, most = rule.least, rule.most
    ends = f"{least:g} or more" if most == math.inf else f"{least:g} to {most:g}"
    unclear: list[int] = []
    for at, (value, text) in enumerate(zip(values, texts, strict=True)):
        if column[at].unclear and value is None:
            unclear.append(at)
        elif text and (value is None or not least <= value <= most):
            found.fault(cells[at][0], what, text, rule.allowed or f"a number, {ends}")
            values[at] = None
    if unclear:
        first = unclear[0]
        rows = len(unclear) - 1
        _tell_unclear(cells[first][0], what, texts[first], column, rows, found)
    return values


def _tell_unclear(
    line: int | None,
    what: str,
    text: str,
    column: Sequence[Readings],
    rows: int,
    found: Findings,
) -> None:
    """Add the problem of a cell that may be either of two numbers, as may `rows`."""
    one = readings(text, percent=True)
    assert one.point is not None and one.comma is not None
    decimals, thousands = sorted((one.point, one.comma), key=abs)
    fraction = f"{decimals:.15g}"
    fraction += "0" if "." in fraction else ".0"
    both = any(cell.evidence for cell in column)
    why = "other cells show both" if both else "no other cell of the column tells"
    more = f", as in {rows} rows below" if rows > 1 else ", as in a row below" * rows
    whole = f"{thousands:.15g}"
    found.fault(
        line,
        f"{what}: thousands or decimals? {why}{more}",
        text,
        f"{whole} for thousands, {fraction} for decimals",
    )
