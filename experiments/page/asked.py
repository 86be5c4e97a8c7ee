"""What the page asks: an organisation, and what is changed in it and when."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatedChange:
    """Something that changes in a week: a lever's setting, or a number."""

    week: int
    name: str
    value: str | float


@dataclass(frozen=True)
class PageRequest:
    """What the page asks.

    `base` is a shipped name or `own`. `levers` are those of the as-is that are other
    than the base's, by name; `plan` the moves of the to-be, `numbers` structural
    numbers that it sets directly.
    """

    base: str
    levers: tuple[tuple[str, str], ...] = ()
    plan: tuple[DatedChange, ...] = ()
    numbers: tuple[DatedChange, ...] = ()
    weeks: int = 104
    seed: int = 1
    worlds: int = 100
