"""What pages draw in each world for what is unknown of an organisation."""

from typing import Any

from experiments.advise.moves import lever_words
from experiments.browser.tables import MOST_WORLDS
from experiments.words.number_words import name_of
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario, vary
from simulation.scenario_unknown import in_world


def draws_of(base: ResolvedScenario, seed: int) -> dict[str, Any] | None:
    """Return the draws of each world of a seed, or None if everything is known.

    There are `MOST_WORLDS` worlds. `columns` are pairs of table and name, of values
    that differ between worlds; `rows` has these values, a row for each world. `levers`
    are the settings that may be drawn, by lever; `names` are what is unknown, in words.
    """
    if base.unknown is None:
        return None
    today = vary(base, as_is="self", changes=[])
    worlds = [_values(in_world(today, seed, k)) for k in range(MOST_WORLDS)]
    usual = _values(today)
    columns = [key for key in usual if any(x[key] != usual[key] for x in worlds)]
    levers = {
        name.removeprefix("levers."): list(settings)
        for name, settings in base.unknown.settings.items()
        if name.startswith("levers.")
    }
    return {
        "columns": [list(column) for column in columns],
        "rows": [[one[column] for column in columns] for one in worlds],
        "levers": levers,
        "names": [_in_words(name) for name in base.unknown.settings],
        "fitted": bool(base.unknown.draws),
    }


def _in_words(name: str) -> dict[str, str]:
    table, _, own = name.partition(".")
    if table == "levers" and own in lever_words():
        return dict(lever_words()[own]["name"])
    return {x: name_of(own, x) for x in LANGUAGES}


def _values(scenario: ResolvedScenario) -> dict[tuple[str, str], Any]:
    """Return settings, structural numbers and parameters of today."""
    now = scenario.stages[0]
    tables = {
        "levers": now.levers,
        "structure": now.structure,
        "parameters": scenario.parameters,
    }
    return {
        (x, name): value for x, row in tables.items() for name, value in row.items()
    }
