"""Do conclusions survive another implementation of the same model?

Each effect is measured with the model as it is and with the model rebuilt: agents in
another order, people relabelled, other random streams, or twice as many people
(`experiments.science.audit`).

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

from experiments.compare.reading import wrong_outcomes
from experiments.errors import InputError
from experiments.files.progress import Progress
from experiments.science.audit import audited
from experiments.statistics.intervals import Interval, mean_interval, welch_interval
from experiments.statistics.paired import level_together
from experiments.statistics.verdicts import Verdict, verdict_on
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
    """A scenario compared with a base on some outcomes."""

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
    """An effect in the model as it is and under another implementation.

    `effect` and `rebuilt` are scenario minus base, paired over worlds. `shift` is
    `rebuilt` minus `effect`; its intervals hold jointly over all effects of the
    implementation. `equal` says whether every world's effect is the same to the bit.
    `verdict` is `same` (the shift lies within the smallest difference that matters),
    `differs` (its interval excludes zero) or `unclear`.
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
    """Return each effect under each of `IMPLEMENTATIONS`.

    All scenarios run for `weeks`, by default the longest horizon among them. Shifts are
    paired over worlds, except for other streams, which share no worlds (Welch).
    Raises InputError with every unknown scenario or outcome.
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
    """Return the scenarios of contrasts by name; raise InputError with all mistakes."""
    problems = [] if contrasts else ["contrasts: none given; at least one is needed"]
    problems += wrong_outcomes(dict.fromkeys(x for c in contrasts for x in c.outcomes))
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
    """Return one effect under one implementation."""
    plain, other = (
        values[contrast.scenario, how][outcome] - values[contrast.base, how][outcome]
        for how in ("as_is", implementation)
    )
    if implementation == "streams":
        shift = welch_interval(plain, other, level)
    else:
        shift = mean_interval(other - plain, level)
    equal = plain.tobytes() == other.tobytes()
    smallest = find(outcome).smallest_difference
    return RebuiltEffect(
        contrast.scenario,
        contrast.base,
        outcome,
        implementation,
        mean_interval(plain),
        mean_interval(other),
        shift,
        equal,
        "same" if equal else verdict(shift, smallest),
    )


def verdict(shift: Interval, smallest_difference: float) -> str:
    """Return `differs` for a clear shift of an effect, `same` or `unclear`."""
    said = verdict_on(shift, smallest_difference)
    words = {Verdict.CLEAR: "differs", Verdict.UNCLEAR: "unclear"}
    return words.get(said, "same")
