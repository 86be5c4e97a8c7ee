"""Requests of the page: an organisation, and dated changes to it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DatedChange:
    """A change in a week: a lever's setting, or a structural number."""

    week: int
    name: str
    value: str | float


@dataclass(frozen=True)
class PageRequest:
    """A request of the page.

    `base` is the name of a shipped scenario or `own`. `levers` are the settings of the
    as-is that differ from the base, by lever. `plan` holds the moves of the to-be,
    `numbers` the structural numbers that it sets directly.
    """

    base: str
    levers: tuple[tuple[str, str], ...] = ()
    plan: tuple[DatedChange, ...] = ()
    numbers: tuple[DatedChange, ...] = ()
    weeks: int = 104
    seed: int = 1
    worlds: int = 100
