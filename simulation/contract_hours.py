"""Contract hours of people: does a column hold hours a week, or something else?

Shares of a full-time week (FTE), hours a month or a year, and minutes are numbers too.
Numbers that cannot be hours a week are refused; unlikely ones are noted.
"""

from collections.abc import Iterable, Sequence

from simulation.graph_drafts import in_lines
from simulation.text_files import Findings
from simulation.written_numbers import NumberRule, read_numbers

MOST_FTE = 1.5
"""Numbers up to this are taken as a share of a full-time week."""
MOST_HOURS = 80
USUAL_MOST = 60
"""Hours a week above this are noted: a longer working week is against the law."""
MOST_OF_A_DAY = 10
HOURS_OF_A_YEAR = 8784
ALLOWED = f"contract hours a week, above 0, at most {MOST_HOURS}"
RULE = NumberRule(allowed=ALLOWED, largest=HOURS_OF_A_YEAR)
WEEKS = {"two weeks": 2.0, "a month": 52 / 12, "a year": 52.0, "minutes": 60.0}
"""What may be given instead of hours a week, and the number to divide it by."""


def is_share(hours: float | None) -> bool:
    """Return whether a number looks like FTE, a share of a full-time week."""
    return hours is not None and 0 < hours <= MOST_FTE


def read_hours(
    cells: Sequence[tuple[int, str]], found: Findings, full_time: float | None = None
) -> list[float]:
    """Return the hours a week in a column; 0 for wrong cells, reported in `found`.

    With `full_time`, the hours of a full week, numbers that look like FTE are
    multiplied by it.
    """
    numbers = read_numbers(cells, "hours", found, RULE)
    shares = [at for at, hours in enumerate(numbers) if is_share(hours)]
    if full_time is None and shares:
        _tell_shares([cells[at] for at in shares], len(cells), found)
    hours = [number or 0.0 for number in numbers]
    for at in shares:
        hours[at] = float(f"{hours[at] * (full_time or 1.0):.6g}")
    for (line, text), number, each in zip(cells, numbers, hours, strict=True):
        if not text or number == 0:
            found.fault(line, "hours", text, ALLOWED)
        elif each > MOST_HOURS:
            found.fault(line, "hours", text, ALLOWED + _instead(each))
    _note_unlikely([line for line, _ in cells], hours, found)
    return hours


def _tell_shares(cells: Sequence[tuple[int, str]], rows: int, found: Findings) -> None:
    """Report the rows that look like FTE, as one problem."""
    lines = [line for line, _ in cells]
    which = "all rows" if len(cells) == rows else f"{len(cells)} of {rows} rows"
    texts = list(dict.fromkeys(text for _, text in cells))[:3]
    found.fault(
        lines[0],
        f"hours look like FTE in {which}{in_lines(lines)}",
        ", ".join(texts),
        f"{ALLOWED}: FTE times the hours of a full week (0.8 of 40 is 32)",
    )


def _instead(hours: float) -> str:
    """Return what too many hours may be instead, and the hours a week they come to."""
    weeks = {
        what: hours / times
        for what, times in WEEKS.items()
        if MOST_OF_A_DAY <= hours / times <= USUAL_MOST
    }
    texts = [f"{week:.4g} if these are of {what}" for what, week in weeks.items()]
    return f"; {', '.join(texts)}".replace("of minutes", "minutes") if texts else ""


def _note_unlikely(
    lines: Iterable[int], hours: Sequence[float], found: Findings
) -> None:
    """Note hours above the usual, and hours that may be of two weeks or of a day."""
    many = [line for line, each in zip(lines, hours, strict=True) if each > USUAL_MOST]
    if many:
        people = f"{len(many)}{in_lines(many)}"
        found.notes.append(f"people with more than {USUAL_MOST} hours a week: {people}")
    if len(many) == len(hours) > 1 and len(set(hours)) == 1:
        advice = "halve them if they are of two weeks"
        found.notes.append(f"everybody has {hours[0]:g} hours a week: {advice}")
    elif hours and MOST_FTE < max(hours) <= MOST_OF_A_DAY:
        advice = "multiply them if they are of a day"
        found.notes.append(f"nobody has more than {MOST_OF_A_DAY} hours: {advice}")
