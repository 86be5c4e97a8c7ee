"""Audit the model from outside: parameters in, outcomes out, four ways to rebuild it.

A conclusion should not depend on how the model was built. `audited` runs a scenario
with numbers of your own and, on request, with another order of turns, relabelled
people, other random streams, or several times as many people.

>>> found = audited("owned", replicates=2, order="reversed", outcomes=["burnout"])
>>> {name: values.shape for name, values in found.items()}
{'burnout': (2,)}
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.errors import InputError, did_you_mean, gather
from experiments.run.relearning import probe_week_of
from experiments.science.audit.rebuilding import Worlds, other_seed, relabelled_chart
from experiments.science.audit.turns import ORDERS
from simulation.founding import Founder
from simulation.outcomes import OUTCOMES
from simulation.processors import available
from simulation.scenario import ResolvedScenario, ScenarioError, read, vary
from simulation.scenario_errors import choices
from simulation.scenario_values import HEADS
from simulation.whole_numbers import whole

Numbers = Mapping[str, float]
BUILT: Mapping[str, tuple[int, int]] = {
    "relabelled": (0, 1_000_000),
    "stream": (0, 1_000_000),
    "scale": (1, 100),
}
"""Whole numbers that tell how a model is built, and from where to where."""


def audited(
    scenario: str | os.PathLike | ResolvedScenario = "baseline",
    *,
    parameters: Numbers | None = None,
    structure: Numbers | None = None,
    levers: Mapping[str, str] | None = None,
    weeks: int | None = None,
    seed: int = 1,
    replicates: int = 20,
    order: str = "seats",
    relabelled: int = 0,
    stream: int = 0,
    scale: int = 1,
    outcomes: Sequence[str] | None = None,
    workers: int | None = None,
) -> dict[str, np.ndarray]:
    """Return outcomes of a scenario: id -> one value per world, shape (replicates,).

    `scenario` is the name of a shipped scenario, a file or a resolved scenario.
    `parameters`, `structure` and `levers` overwrite its values, `weeks` its horizon.
    Parameters hold from the start, structure and levers from week 0 on. Four arguments
    say how the model is built:

    `order`: within each phase, agents act in the order of `seats`, in `reversed` order,
    or `shuffled`, by draws for each week, phase and person. `relabelled` k > 0:
    permutation k deals out the seat keys anew, so that the same people have another
    order of records and other draws; the market keeps its own draws. `stream` k > 0:
    every draw comes from another stream. `scale`: multiplies the head counts at the
    same density (hours a week and informal ties per person, span, choices per person
    and prospects per choice stay the same).

    World i is replicate i. The same arguments give the same bytes for any number of
    `workers` (threads). `outcomes` None means all outcomes; each is in its own unit.
    Learning speed is read from a probe run with a shock at week 52 (half the horizon in
    shorter runs). Money against a baseline is nan, as there is no baseline. Raises
    InputError with every mistake in the arguments.
    """
    given = {"seed": seed, "replicates": replicates, "scale": scale, "stream": stream}
    given |= {
        "relabelled": relabelled,
        "workers": available() if workers is None else workers,
    }
    numbers, problems = _whole_numbers(given)
    problems += _wrong_names("order", [order], ORDERS)
    problems += _wrong_names("outcomes", outcomes or (), tuple(OUTCOMES))
    tables = {"parameters": parameters, "structure": structure, "levers": levers}
    resolved = _resolved(scenario, tables, weeks, scale, problems)
    if problems or resolved is None:
        raise InputError("\n".join(problems))
    founder = Founder(resolved, relabelled_chart(resolved, numbers["relabelled"]))
    probe = probe_week_of(resolved.weeks)
    stream_seed = other_seed(numbers["seed"], numbers["stream"])
    worlds = Worlds(founder, stream_seed, range(numbers["replicates"]), probe, order)
    return worlds.summaries(outcomes, numbers["workers"])


def _whole_numbers(given: Mapping[str, Any]) -> tuple[dict[str, int], list[str]]:
    """Return the valid whole numbers as plain ints, and a message for each other."""
    found: dict[str, int] = {}
    problems: list[str] = []
    for name, value in given.items():
        with gather(problems):
            found[name] = whole(name, value, BUILT.get(name))
    return found, problems


def _wrong_names(what: str, names: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return a message for each unknown name, with the nearest known name."""
    problems = []
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known) or f"; allowed {choices(known)}"
            problems.append(f"{what}: unknown name (got {name!r}){hint}")
    return problems


def _resolved(
    scenario: str | os.PathLike | ResolvedScenario,
    tables: Mapping[str, Mapping | None],
    weeks: int | None,
    scale: int,
    problems: list[str],
) -> ResolvedScenario | None:
    """Return the scenario with all changes; on failure add the reason to `problems`."""
    differences: dict[str, Any] = {name: x for name, x in tables.items() if x}
    if weeks is not None:
        differences["run"] = {"weeks": weeks}
    try:
        found = scenario if isinstance(scenario, ResolvedScenario) else read(scenario)
        if scale != 1:
            differences["organisation"] = _heads(found, scale, problems)
        return vary(found, found.name, **differences) if differences else found
    except ScenarioError as error:
        problems += str(error).splitlines()
    return None


def _heads(
    scenario: ResolvedScenario, scale: int, problems: list[str]
) -> dict[str, int]:
    """Return head counts times `scale`; named people cannot be multiplied."""
    if scenario.people_file or scenario.network_file:
        problems.append(
            f"scale: {scenario.name} has people or a graph of its own (got {scale});"
            " allowed 1, or a scenario with head counts"
        )
        return {}
    if any(problem.startswith("scale:") for problem in problems):
        return {}
    return {name: scale * getattr(scenario.organisation, name) for name in HEADS}
