"""Founding on arrays gives what the same gives that is written plainly."""

import hashlib
import tomllib
from pathlib import Path

import numpy as np
import pytest
from plain_founding import PlainPlaces, plain_contact, total
from random_charts import KINDS, organised

from simulation.contact import contact_by_version
from simulation.founding import Founder, parameter_record, structure_records
from simulation.organisation import draw_chart
from simulation.places import NO_RANK, Places

FOUNDED = Path(__file__).parent / "founded.toml"
FIELDS = {
    "people": (
        *("seat", "role", "own_department", "domain", "contract", "maker"),
        *("seat_external", "leader_separate", "leader_integrated", "project_leader"),
        *("team_channel", "team_mixed", "mix_rank", "second_rank"),
        *("first_tie", "last_tie", "first_choice", "last_choice"),
        *("first_report", "last_report"),
    ),
    "choices": (
        *("exists", "domain", "bundle", "theme", "executor"),
        *("first_mate", "last_mate"),
    ),
    "ties": ("a", "b", "layer", "trust"),
    "neighbours": ("person", "tie"),
    "firm": (
        *("week", "items", "channel_items", "top", "champion", "broker", "themes"),
        *("stated_size", "brand", "consistency", "shock_week"),
    ),
}
"""Fields that founding sets; `draw_start` draws the others from the world's key."""
WHOLE = ("hours", "own", "mates", "reports", "reps", "channel_items")


def digest_of(state):
    """Return a hash of all that founding sets, byte for byte."""
    arrays = [getattr(state, name) for name in WHOLE]
    arrays += [
        getattr(state, of)[name] for of, names in FIELDS.items() for name in names
    ]
    whole = hashlib.blake2b(digest_size=8)
    for array in arrays:
        whole.update(f"{array.shape} {array.dtype.str} ".encode())
        whole.update(np.ascontiguousarray(array).tobytes())
    return whole.hexdigest()


SAVED = tomllib.loads(FOUNDED.read_text(encoding="utf-8"))["founded"]


@pytest.mark.parametrize("number", range(0, len(SAVED), 10))
def test_the_same_worlds_as_before(number, tmp_path):
    """States of random organisations are those of the first, plain implementation."""
    for one in range(number, min(number + 10, len(SAVED))):
        founder = Founder(organised(one, tmp_path))
        assert digest_of(founder.found(one, 1)) == SAVED[one], one


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_places_and_contact_are_those_of_the_plain_ones(kind, tmp_path):
    """Leaders, teams, ranks, and the hours of each pair and layer, bit for bit."""
    for number in range(600 + kind, 600 + kind + 5 * len(KINDS), len(KINDS)):
        scenario = organised(number, tmp_path)
        chart = draw_chart(scenario)
        size = scenario.parameters["team_size"]
        plain, places = PlainPlaces(chart, size), Places(chart, size)
        check_places(plain, places.people)
        structure = structure_records(scenario.stages)
        numbers = structure, parameter_record(scenario.parameters)
        structures = [stage.structure for stage in scenario.stages]
        graphs = plain_contact(chart, plain, structures, scenario.parameters)
        check_contact(graphs, contact_by_version(places, *numbers))


def check_places(plain, people):
    """Compare everybody's place."""
    every = range(len(people))
    names = ("leader_separate", "leader_integrated", "project_leader")
    rows = zip(*(people[name].tolist() for name in names), strict=True)
    assert list(rows) == [plain.leaders(i) for i in every]
    rows = zip(people.team_channel.tolist(), people.team_mixed.tolist(), strict=True)
    assert list(map(list, rows)) == plain.teams
    for name in ("mix", "second"):
        ranks = getattr(plain, f"{name}_ranks")
        assert people[f"{name}_rank"].tolist() == [ranks.get(i, NO_RANK) for i in every]


def check_contact(graphs, contact):
    """Compare the hours of each pair, by version and by layer over all versions."""
    for graph, hours in zip(graphs, contact.hours, strict=True):
        pairs = [tuple(x) for x in contact.pairs[hours > 0].tolist()]
        assert pairs == sorted(tuple(sorted(pair)) for pair in graph.edges)
        met = [dict(graph.edges[pair]) for pair in pairs]
        assert hours[hours > 0].tolist() == [total(one.values()) for one in met]
    for pair, found in zip(contact.pairs.tolist(), contact.layers, strict=True):
        plain = [0.0] * len(found)
        for graph in graphs:
            for layer, hours in graph.get_edge_data(*pair, default={}).items():
                plain[int(layer)] += hours
        assert found.tolist() == plain
