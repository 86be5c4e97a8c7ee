"""Who meets whom, as the model has it: from a real network, or from its template."""

from collections.abc import Sequence
from pathlib import Path

import networkx

from experiments.imports.plain_files import (
    SCENARIO_FILE,
    Organisation,
    organisation_texts,
)
from simulation.founding import Founder
from simulation.scenario import read
from simulation.whole_files import scratch_folder

SEED = 1
WORLDS, FEW_WORLDS = 20, 4
"""Worlds over which the template is averaged, as informal ties differ between them."""
MANY_PEOPLE = 400
"""People above whom few worlds do: in large organisations they hardly differ."""
MEETS = 0.1
"""Hours a week from which two people count as meeting."""
NO_WORDS = {key: {"en": key, "nl": key} for key in ("title", "question")}


def real_network(organisation: Organisation) -> networkx.Graph:
    """Return the network of an organisation with hours a week, as the model takes it.

    Ties without hours get hours as in the model, which scales their weights so that the
    mean is its own.
    """
    return _networks(organisation, 1)[0]


def template_networks(organisation: Organisation) -> list[networkx.Graph]:
    """Return the networks that the template of the baseline gives these people.

    There is one for each world over which to average.
    """
    people, _ = organisation
    worlds = FEW_WORLDS if len(people) > MANY_PEOPLE else WORLDS
    return _networks((people, None), worlds)


def _networks(organisation: Organisation, worlds: int) -> list[networkx.Graph]:
    with scratch_folder() as folder:
        for name, text in organisation_texts(organisation, NO_WORDS).items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        founder = Founder(read(Path(folder) / SCENARIO_FILE))
    names = [seat.name for seat in founder.chart.seats]
    return [_network(names, founder, k) for k in range(worlds)]


def _network(names: Sequence[str], founder: Founder, world: int) -> networkx.Graph:
    state = founder.found(SEED, world)
    graph = networkx.Graph()
    graph.add_nodes_from(sorted(names))
    for tie, hours in zip(state.ties, state.hours[0], strict=True):
        if hours >= MEETS:
            graph.add_edge(names[tie["a"]], names[tie["b"]], hours=float(hours))
    return graph
