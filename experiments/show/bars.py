"""Differences in an outcome, as data for native charts."""

from collections.abc import Collection, Sequence

from experiments.charts.figures import meaning
from experiments.show.document import Bars
from experiments.statistics.intervals import Interval
from experiments.words.numerals import say, scale_of
from experiments.words.outcome_text import with_ends
from experiments.words.phrases import judgement
from simulation.outcomes import OUTCOMES


def bars_of(
    found: Sequence[Interval],
    names: Sequence[str],
    name: str,
    language: str,
    alike: Collection[int] = (),
) -> Bars:
    """Return differences in one outcome as bars; differences in shares are in points.

    Those at the indices `alike` are of the same organisation as the base, and so are
    called the same, however few worlds there are.
    """
    outcome = OUTCOMES[name]
    times = scale_of(outcome)
    apart = outcome.unit[language]
    if outcome.display == "percent":
        apart = apart.replace("%", say("points", language))
    return Bars(
        tuple(names),
        tuple(times * x.estimate for x in found),
        tuple(times * x.low for x in found),
        tuple(times * x.high for x in found),
        apart,
        f"{outcome.label[language]}, {apart}",
        tuple(with_ends(x, outcome, language, signed=True) for x in found),
        tuple(meaning(x, outcome) for x in found),
        tuple(
            say("verdict_none", language)
            if k in alike
            else judgement(x, outcome, language)
            for k, x in enumerate(found)
        ),
        smallest=times * outcome.smallest_difference,
    )
