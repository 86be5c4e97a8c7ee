"""Won leads that are unusual in number, and the stage that explains most of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.story.events import Log
from experiments.story.telling import Teller
from experiments.story.words import begun
from experiments.words.numerals import number

UNUSUAL = 2.0
"""Root-counts (Poisson) from the usual number from which a month's deals are told."""
STAGES = ("leads_handed", "leads_answered", "leads_pursued", "leads_won")
"""What a won lead goes through."""


@dataclass(frozen=True)
class Usual:
    """The average week of the world that is the yardstick.

    `stages` are leads a week at each of `STAGES`, `waits` the proposals that wait.
    """

    stages: tuple[float, ...]
    waits: float

    @property
    def won(self) -> float:
        """Leads won in an average week."""
        return self.stages[-1]

    def root_counts(self, won: float, weeks: int) -> float:
        """Return how unusual a number of won leads is: -1 or 1 at the bounds of usual.

        It is (won - expected) / (`UNUSUAL` * sqrt(expected)), as for a Poisson
        count; an expectation below 1 counts as 1 in the root.
        """
        expected = self.won * weeks
        return (won - expected) / (UNUSUAL * max(1.0, expected) ** 0.5)


def usual_of(log: Log) -> Usual:
    """Return the means per week of a world."""
    series = log.series
    means = tuple(float(series[name].mean()) for name in STAGES)
    return Usual(means, float(series.waiting_items.mean()))


def unusual_leads(teller: Teller, first: int, last: int, usual: Usual) -> str:
    """Return an unusual number of won leads, and the stage that explains most.

    Empty for a usual number.
    """
    series, weeks = teller.log.series, last - first + 1
    counts = [float(series[x][first : last + 1].sum()) for x in STAGES]
    expected = [x * weeks for x in usual.stages]
    steps = usual.root_counts(counts[-1], weeks)
    if abs(steps) <= 1.0:
        return ""
    way = "more" if steps > 0 else "fewer"
    values = {
        "won": round(counts[-1]),
        "usual": number(expected[-1], teller.language, 0),
    }
    text = begun(teller.say(f"month_leads_{way}", **values))
    return text + _stage(teller, counts, expected, way)


def _stage(
    teller: Teller, here: Sequence[float], usual: Sequence[float], way: str
) -> str:
    """Return the stage at which most was won or lost, from ratios to the usual.

    The number of won leads is the product of the leads and of the shares that pass
    each stage, so the logarithms of the ratios add up.
    """
    if not all(here) or not all(usual):
        return "."
    ratio = np.log(np.array(here) / np.array(usual))
    steps = np.diff(ratio, prepend=0.0)
    at = int(steps.argmax() if way == "more" else steps.argmin())
    return teller.say(f"stage_{STAGES[at].removeprefix('leads_')}_{way}")
