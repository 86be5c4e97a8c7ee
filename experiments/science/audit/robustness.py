"""Do conclusions survive another implementation of the same model?

Each effect is measured as the model is, and rebuilt: agents in another order, people
relabelled, other random streams, twice the people (`experiments.science.audit`).

>>> contrasts = [ScenarioContrast("owned", "assigned", ("burnout",))]
>>> found = robustness(contrasts, 2, weeks=4)
>>> [one.implementation for one in found][:2]
['reversed', 'shuffled']
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.science.audit import audited
from experiments.statistics.intervals import Interval, mean_interval, welch_interval
from experiments.statistics.paired import level_together
from simulation.outcomes import find
from simulation.scenario import ResolvedScenario, ScenarioError, read
from simulation.whole_numbers import checks_numbers

HEADLINES = ("lead_quality", "learning_speed", "burnout")
VERDICTS = ("same", "differs", "unclear")
IMPLEMENTATIONS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "reversed": {"order": "reversed"},
        "shuffled": {"order": "shuffled"},
        "relabelled": {"relabelled": 1},
        "streams": {"stream": 1},
        "twice": {"scale": 2},
    }
)
"""Another implementation -> what `audited` is asked for."""


class ScenarioContrast(NamedTuple):
    """A scenario against a base, on some outcomes."""

    scenario: str
    base: str
    outcomes: tuple[str, ...] = HEADLINES


CONTRASTS = (
    ScenarioContrast("owned", "assigned"),
    ScenarioContrast("direction", "detail"),
    ScenarioContrast("partners", "two_departments"),
    ScenarioContrast("everyone", "captain_only", (*HEADLINES, "brand_consistency")),
    ScenarioContrast(
        "integrated_small", "separate_small", (*HEADLINES, "brand_consistency")
    ),
    ScenarioContrast("testing_room", "baseline"),
)
"""The main contrasts of the articles."""


@dataclass(frozen=True)
class RebuiltEffect:
    """An effect as it is, and under another implementation.

    `effect` and `rebuilt` are scenario minus base, paired over worlds; `shift` is
    rebuilt minus effect, with an interval that holds together over all effects of the
    implementation. `equal` tells whether no bit of any world's effect changed.
    `verdict` is `same` (the shift lies within the smallest difference that matters),
    `differs` (its interval leaves out zero) or `unclear`.
    """

    scenario: str
    base: str
    outcome: str
    implementation: str
    effect: Interval
    rebuilt: Interval
    shift: Interval
    equal: bool
    verdict: str


@checks_numbers
def robustness(
    contrasts: Sequence[ScenarioContrast] = CONTRASTS,
    replicates: int = 100,
    seed: int = 1,
    weeks: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[RebuiltEffect, ...]:
    """Return what becomes of each effect under each of `IMPLEMENTATIONS`.

    All scenarios run for `weeks`, by default the longest horizon among them. Shifts are
    paired over worlds, but for other streams, which have no world in common (Welch).
    Raises InputError with every scenario or outcome that is not there.
    """
    scenarios = _scenarios(contrasts)
    horizon = weeks or max(scenario.weeks for scenario in scenarios.values())
    outcomes = tuple(dict.fromkeys(x for c in contrasts for x in c.outcomes))
    cases = list(product(scenarios, ("as_is", *IMPLEMENTATIONS)))
    values = {}
    for done, (name, implementation) in enumerate(cases):
        values[name, implementation] = audited(
            scenarios[name],
            weeks=horizon,
            seed=seed,
            replicates=replicates,
            outcomes=outcomes,
            workers=workers,
            **IMPLEMENTATIONS.get(implementation, {}),
        )
        if progress:
            progress(done + 1, len(cases))
    level = level_together(sum(len(contrast.outcomes) for contrast in contrasts))
    return tuple(
        _survival(contrast, outcome, implementation, values, level)
        for contrast in contrasts
        for outcome in contrast.outcomes
        for implementation in IMPLEMENTATIONS
    )


def _scenarios(contrasts: Sequence[ScenarioContrast]) -> dict[str, ResolvedScenario]:
    """Return the scenarios of contrasts by name; InputError with all that is wrong."""
    problems = [] if contrasts else ["contrasts: none given; at least one is needed"]
    for outcome in dict.fromkeys(x for c in contrasts for x in c.outcomes):
        try:
            find(outcome)
        except KeyError as error:
            problems.append(str(error.args[0]))
    found = {}
    for name in dict.fromkeys(x for c in contrasts for x in (c.scenario, c.base)):
        try:
            found[name] = read(name)
        except ScenarioError as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    return found


def _survival(
    contrast: ScenarioContrast,
    outcome: str,
    implementation: str,
    values: Mapping[tuple[str, str], Mapping[str, np.ndarray]],
    level: float,
) -> RebuiltEffect:
    """Return what becomes of one effect under one implementation."""
    plain, other = (
        values[contrast.scenario, how][outcome] - values[contrast.base, how][outcome]
        for how in ("as_is", implementation)
    )
    if implementation == "streams":
        shift = welch_interval(plain, other, level)
    else:
        shift = mean_interval(other - plain, level)
    return RebuiltEffect(
        contrast.scenario,
        contrast.base,
        outcome,
        implementation,
        mean_interval(plain),
        mean_interval(other),
        shift,
        plain.tobytes() == other.tobytes(),
        verdict(shift, find(outcome).smallest_difference),
    )


def verdict(shift: Interval, smallest_difference: float) -> str:
    """Return whether a shift of an effect is none (`same`), real, or cannot be told."""
    if not shift.known:
        return "unclear"
    if shift.within(smallest_difference):
        return "same"
    return "unclear" if shift.spans_zero else "differs"
