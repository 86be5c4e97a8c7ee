"""The world of the worked example: the guides' 45 people, lived for two years.

Its parameters are known, so that what a fit finds can be compared with the truth.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from experiments.fit.own_data.columns import COLUMNS
from experiments.fit.own_data.prior import Value, prior_of
from experiments.fit.own_data.worlds import placed
from experiments.imports.mapping_files import read_mapping
from experiments.imports.mapping_rules import PeopleRules
from experiments.imports.plain_files import hidden, organisation_texts
from experiments.imports.translating import read_import
from simulation.ensemble import simulate
from simulation.scenario import ResolvedScenario, read
from simulation.whole_files import scratch_folder

GUIDES = Path(__file__).parents[1] / "docs" / "guides"
SEED = 2037
"""Of the truth and of the world: chosen for a market that fits 45 people."""
REPLICATE = 16
"""The first world where people were away and came back, and fewer than five in all.

Its exports give back every week exactly, and show nobody's absence.
"""
WEEKS = 104
NAMES = (
    *("leads", "accepted_leads", "won_deals", "revenue", "head_count", "leavers"),
    "sick_people",
)
TITLES = {key: {"en": "Today", "nl": "Vandaag"} for key in ("title", "question")}


@contextmanager
def organisation() -> Iterator[ResolvedScenario]:
    """Yield the scenario of the example's people and mails, while its files are there.

    It is what `orgsim import` makes of them.
    """
    rules = PeopleRules()
    mapping = read_mapping(GUIDES / "example_mapping.toml", "en", rules)
    files = (GUIDES / "example_people.csv", GUIDES / "example_mails.csv")
    found = read_import(*files, mapping)
    with scratch_folder() as folder:
        texts = organisation_texts(hidden(found.people, found.graph), TITLES)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
        yield replace(read(folder / "organisation.toml"), weeks=WEEKS)


def truth_of(scenario: ResolvedScenario) -> dict[str, Value]:
    """Return the true values of all unknowns."""
    prior = prior_of(scenario, NAMES)
    return prior.named(prior.draw(1, SEED))[0]


@cache
def weeks() -> dict[str, np.ndarray]:
    """Return the columns of the world that was lived, each (weeks,)."""
    with organisation() as scenario:
        world = placed(scenario, truth_of(scenario))
        lived = simulate(world, SEED, REPLICATE, probe_week=None)
    return {name: COLUMNS[name].of(lived.series[:WEEKS]) for name in NAMES}
