"""Contact: hours a week of each pair of people, for each way of working.

The meetings of a pair are added up by layer and version, in one order.
"""

from typing import NamedTuple

import numpy as np

from simulation.compiled import call, rule
from simulation.meetings import (
    BY_PAIR,
    LAYER,
    LISTED,
    MEETINGS,
    ROOM,
    SPARE,
    STARTS,
    TALLY,
    VERSION,
    A,
    B,
    list_meetings,
)
from simulation.places import Places
from simulation.stable_sort import sort_by
from simulation.state import (
    BROKER,
    IMPORTED,
    JOURNEY,
    LAYERS,
    LINE,
    MEETING,
    PROJECT,
    TEAM,
)

SUMMED = (LINE, TEAM, IMPORTED, MEETING, PROJECT, BROKER)
"""The layers of templates, in the order in which a pair's hours are added up."""


@rule
def sort_meetings(meetings, size):
    """Order the first `size` meetings by pair; return how many pairs there are.

    The meetings are at least two more than people, in `meetings.shape[1]`.
    """
    for k in range(size):
        meetings[SPARE, k] = k
    sort_by(meetings, B, SPARE, BY_PAIR, STARTS, size)
    sort_by(meetings, A, BY_PAIR, SPARE, STARTS, size)
    count = 0
    for k in range(size):
        meetings[BY_PAIR, k] = meetings[SPARE, k]
        count += 1 if _is_new(meetings, k) else 0
    return count


@rule
def _is_new(meetings, k):
    """Return whether the meeting at position `k` is the first of its pair."""
    if k == 0:
        return True
    one, other = meetings[BY_PAIR, k], meetings[BY_PAIR, k - 1]
    return meetings[A, one] != meetings[A, other] or (
        meetings[B, one] != meetings[B, other]
    )


@rule
def add_meetings(meetings, hours, size, imported, pairs, contact, layers, met):
    """Add up the hours of each pair; return how many pairs there are.

    Fills `pairs[P, 2]`, hours by version `contact[V, P]` and hours by layer
    `layers[P, 8]`, from `size` sorted meetings. If `imported` is 1, a version adds to
    the graph only the hours in excess of those of version 0; pairs to whom it adds
    none, and who share no journey, are left out. `met[2, 8]` is working space.
    """
    count = 0
    k = 0
    while k < size:
        first = meetings[BY_PAIR, k]
        known = imported == 0
        for layer in range(layers.shape[1]):
            layers[count, layer] = met[1, layer] = 0.0
        for version in range(contact.shape[0]):
            for layer in range(layers.shape[1]):
                met[0, layer] = 0.0
            while k < size and _is_of(meetings, k, first, version):
                one = meetings[BY_PAIR, k]
                met[0, meetings[LAYER, one]] += hours[one]
                known = known or meetings[LAYER, one] == JOURNEY
                k += 1
            contact[version, count] = _total(met, imported, version)
            known = known or contact[version, count] > 0.0
            for layer in range(layers.shape[1]):
                layers[count, layer] += met[0, layer]
        pairs[count, 0], pairs[count, 1] = meetings[A, first], meetings[B, first]
        count += 1 if known else 0
    return count


@rule
def _is_of(meetings, k, first, version):
    """Return whether the meeting at `k` is of the pair of `first` and of a version."""
    one = meetings[BY_PAIR, k]
    same = meetings[A, one] == meetings[A, first]
    same = same and meetings[B, one] == meetings[B, first]
    return same and meetings[VERSION, one] == version


@rule
def _total(met, imported, version):
    """Return a pair's hours; to a graph, count only what a version adds to version 0.

    `met[0]` are hours by layer, `met[1]` those of version 0 if there is a graph.
    """
    if imported == 1 and version == 0:
        for layer in range(met.shape[1]):
            met[1, layer] = met[0, layer]
    if imported == 1:
        for layer in range(met.shape[1]):
            met[0, layer] = max(0.0, met[0, layer] - met[1, layer])
        met[0, IMPORTED] = met[1, IMPORTED]
    total = 0.0
    for layer in SUMMED:
        total += met[0, layer]
    return total


class Contact(NamedTuple):
    """The contact of P pairs of people under V versions, without informal ties.

    `pairs[P, 2]` are people a < b, sorted, among them all who share a journey;
    `hours[V, P]` are hours a week, `layers[P, 8]` hours by layer, over all versions.
    """

    pairs: np.ndarray
    hours: np.ndarray
    layers: np.ndarray


def contact_by_version(
    places: Places, structure: np.recarray, parameters: np.recarray
) -> Contact:
    """Return the contact of each version; levers only add contact to a real graph."""
    meetings, hours = _listed(places, structure, parameters)
    count = call(sort_meetings, meetings, len(hours))
    pairs, layers = np.empty((count, 2), np.int64), np.empty((count, len(LAYERS)))
    contact, met = np.empty((len(structure), count)), np.empty((2, len(LAYERS)))
    count = call(
        add_meetings,
        *(meetings, hours, len(hours), int(places.imported)),
        *(pairs, contact, layers, met),
    )
    met_by_version = np.ascontiguousarray(contact[:, :count])
    return Contact(pairs[:count], met_by_version, layers[:count])


def _listed(
    places: Places, structure: np.recarray, parameters: np.recarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the meetings of all versions and their hours, as of `list_meetings`."""
    size = len(places.people)
    tally, room = np.zeros(TALLY, np.int64), np.empty((ROOM, size), np.int64)
    for _ in ("count", "fill"):
        many = int(tally[LISTED])
        meetings = np.empty((MEETINGS, max(many, size + 2)), np.int64)
        hours = np.empty(many)
        call(
            list_meetings,
            *(places.team_size, places.seats, places.choices, places.mates),
            *(places.edges, places.people, places.rosters, structure, parameters),
            *(meetings, hours, tally, room),
        )
    return meetings, hours
