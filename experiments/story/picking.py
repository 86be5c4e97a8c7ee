"""Which world is told: a number, the median world, or one in which the answer fails.

All rules look at outcomes alone, never at the story. So many worlds of each scenario
are lived on the compiled engine, each with its probe run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from experiments.errors import InputError, did_you_mean
from experiments.explore.failing import worse
from experiments.files.progress import Progress
from experiments.run.living import Means, World, outcomes_of
from experiments.run.relearning import PROBE_WEEK
from experiments.statistics.paired import compare, good_sign
from experiments.statistics.verdicts import Verdict, verdict_on
from simulation.outcomes import HEADLINES, find
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

MEDIAN, FAILING = "median", "failing"
OUTCOMES = (
    *HEADLINES,
    "market_fit",
    "accepted_share",
    "won_deals",
    "margin",
    "decision_weeks",
    "burnout_leave",
    "turnover",
)
"""What the end of a world is measured by."""
MOST_WORLD = 2**31 - 1


@dataclass(frozen=True)
class WorldOutcomes:
    """Outcomes of worlds of one scenario or two.

    `values` is of shape (scenarios, worlds, outcomes), with outcomes in the order of
    `OUTCOMES` of this module.
    """

    scenarios: tuple[ResolvedScenario, ...]
    seed: int
    values: np.ndarray

    @property
    def count(self) -> int:
        """How many worlds there are."""
        return self.values.shape[1]

    def of(self, outcome: str) -> np.ndarray:
        """Return the values of an outcome, (scenarios, worlds)."""
        return self.values[..., OUTCOMES.index(outcome)]


@checks_numbers
def live_worlds(
    scenarios: Sequence[ResolvedScenario],
    seed: int,
    worlds: Sequence[int],
    workers: int | None = None,
    progress: Progress | None = None,
) -> WorldOutcomes:
    """Live these worlds of each scenario and return their outcomes."""
    jobs = [
        World(one, seed, world, PROBE_WEEK if one.weeks > PROBE_WEEK else None)
        for one in scenarios
        for world in worlds
    ]
    outcomes = outcomes_of(jobs, OUTCOMES, Means(workers=workers), progress)
    shape = (len(scenarios), len(worlds), len(OUTCOMES))
    return WorldOutcomes(tuple(scenarios), seed, outcomes.reshape(shape))


def median_world(worlds: WorldOutcomes) -> int:
    """Return the world nearest to the median of worlds in all headline outcomes.

    Distance is the sum, over headline outcomes and scenarios, of how far the value is
    from the median, in interquartile ranges. Outcomes that do not vary, or that are
    unknown in a world, count nothing. The first of equally near worlds is taken.
    """
    total = np.zeros(worlds.count)
    for name in HEADLINES:
        for values in worlds.of(name):
            if not np.isfinite(values).any():
                continue
            low, middle, high = np.nanquantile(values, (0.25, 0.5, 0.75))
            if high > low:
                total += np.nan_to_num(abs(values - middle) / (high - low))
    return int(total.argmin())


def claimed(worlds: WorldOutcomes) -> tuple[str, ...]:
    """Return the headline outcomes in which the second scenario is better on average.

    That is what the answer claims: the interval of the mean difference excludes zero on
    the good side.
    """
    names = []
    for name in HEADLINES:
        outcome, (base, policy) = find(name), worlds.of(name)
        apart = compare(base, policy, outcome.good).difference
        sure = verdict_on(apart, outcome.smallest_difference)
        better = apart.estimate * good_sign(outcome.good) > 0
        if sure in (Verdict.CLEAR, Verdict.SLIGHT) and better:
            names.append(name)
    return tuple(names)


def failures(worlds: WorldOutcomes) -> dict[str, list[int]]:
    """Return the worlds in which the second scenario fails, by headline outcome.

    There it is worse than the first by more than the smallest difference that matters;
    the world in which it is least so comes first.
    """
    by_outcome = {}
    for name in HEADLINES:
        base, policy = (x[:, None] for x in worlds.of(name))
        there = np.flatnonzero(worse(name).where(base, policy))
        sign = good_sign(find(name).good)
        short = (sign * (base - policy))[there, 0]
        by_outcome[name] = there[np.argsort(short, kind="stable")].tolist()
    return by_outcome


def failing_world(worlds: WorldOutcomes) -> tuple[int, str]:
    """Return a world in which the answer fails, and in which outcome.

    The outcome is one that the answer claims to be better, if it fails in any world,
    else any headline outcome; of several the one that fails in most worlds. The world
    is the middle one of these by how far it falls short. Raises `InputError` if the
    answer fails in none.
    """
    failing = failures(worlds)
    sure = [name for name in claimed(worlds) if failing[name]]
    name = max(sure or failing, key=lambda x: len(failing[x]))
    there = failing[name]
    if not there:
        first, second = (one.name for one in worlds.scenarios)
        raise InputError(
            f"world: got {FAILING}; in none of {worlds.count} worlds is {second} worse"
            f" than {first} by more than what matters; live more with --replicates, or"
            f" choose {MEDIAN} or a number"
        )
    return there[(len(there) - 1) // 2], name


def read_world(given: str, scenarios: int) -> int | str:
    """Return the world asked for: a number, `median` or `failing`.

    Raises `InputError` for anything else, and for `failing` without two scenarios.
    """
    text = given.strip().lower()
    if text.isascii() and text.isdecimal() and int(text) <= MOST_WORLD:
        return int(text)
    if text == FAILING and scenarios < 2:
        raise InputError(
            f"world: got {FAILING} for one scenario; an answer fails where a second is"
            " worse than the first: name both, such as"
            " orgsim story assigned owned --world failing"
        )
    if text in (MEDIAN, FAILING):
        return text
    hint = did_you_mean(text, (MEDIAN, FAILING))
    raise InputError(
        f"world: got {given!r}; allowed: a number from 0 to {MOST_WORLD:,}, {MEDIAN} or"
        f" {FAILING}{hint}"
    )
