"""What a study is: its scenarios, replicates and precision, as a file has them."""

from collections.abc import Mapping
from dataclasses import dataclass

from experiments.run.designs import Factor, Point
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import check_fields


@dataclass(frozen=True)
class Precision:
    """The precision asked of paired differences, and the most replicates to run for it.

    `half_widths` are by outcome, in the outcome's own unit.
    """

    half_widths: Mapping[str, float]
    most_replicates: int


@dataclass(frozen=True)
class Study:
    """The contents of a study file: scenarios, the base first, replicates and so on."""

    name: str
    title: Mapping[str, str]
    question: Mapping[str, str]
    scenarios: tuple[ResolvedScenario, ...]
    points: tuple[Point, ...]
    replicates: int
    weeks: int | None
    seed: int
    outcomes: tuple[str, ...] | None
    precision: Precision | None
    design: str = ""
    """The kind of design, if any."""
    factors: tuple[Factor, ...] = ()
    """What varies in it."""
    file: str = ""
    """The text of the study file."""
    left_out: int = 0
    """Points of the design that are organisations already there."""

    def __post_init__(self) -> None:
        check_fields(self)
