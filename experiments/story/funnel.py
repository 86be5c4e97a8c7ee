"""Won leads that are unusual in number, and the stage that explains most of it."""

from collections.abc import Iterator, Sequence

import numpy as np

from experiments.story.telling import Teller
from experiments.story.words import begun
from experiments.words.numerals import number

UNUSUAL = 2.0
"""Root-counts (Poisson) from the usual number from which a month's deals are told."""
STAGES = ("leads_handed", "leads_answered", "leads_pursued", "leads_won")
"""What a won lead goes through."""


def unusual_leads(teller: Teller, first: int, last: int) -> Iterator[str]:
    """Yield an unusual number of won leads, and the stage that explains most."""
    series = teller.log.series
    here = [float(series[x][first : last + 1].sum()) for x in STAGES]
    share = (last - first + 1) / len(series)
    usual = [float(series[x].sum()) * share for x in STAGES]
    won, expected = here[-1], usual[-1]
    if abs(won - expected) <= UNUSUAL * max(1.0, expected) ** 0.5:
        return
    way = "more" if won > expected else "fewer"
    values = {
        "won": round(won),
        "usual": number(expected, teller.language, 0),
    }
    text = begun(teller.say(f"month_leads_{way}", **values))
    yield text + _stage(teller, here, usual, way)


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
