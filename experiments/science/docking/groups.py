"""Fully connected groups, with some ties rewired to people outside the group."""

import numpy as np

from experiments.science.docking.beliefs import TIE_END, TIE_MOVES, TIE_TARGET
from simulation.chance import uniform, uniform_slot
from simulation.compiled import entry, rule
from simulation.rules.talk import MOST_VOTES
from simulation.state import NEIGHBOUR, PERSON, TIE, WORKING, records


@rule
def rewire(ties, linked, degree, size, beta, key):
    """Move one end of each tie, with probability beta, to somebody outside the group.

    A coin decides which end stays (Watts & Strogatz 1998, between groups). No pair gets
    two ties. A person with as many ties as `talk` can weigh gets no more; returns how
    often a target was refused for that reason.
    """
    refused = 0
    n = linked.shape[0]
    for t in range(ties.shape[0]):
        tie = ties[t]
        if uniform(key, TIE_MOVES, 0, t, 0) >= beta:
            continue
        stays = tie.a
        leaves = tie.b
        if uniform(key, TIE_END, 0, t, 0) < 0.5:
            stays = tie.b
            leaves = tie.a
        for attempt in range(1000):
            j = int(uniform_slot(key, TIE_TARGET, 0, t, 0, attempt) * n)
            if j // size == stays // size or linked[stays, j]:
                continue
            if degree[j] >= MOST_VOTES:
                refused += 1
                continue
            linked[stays, leaves] = linked[leaves, stays] = False
            linked[stays, j] = linked[j, stays] = True
            degree[leaves] -= 1
            degree[j] += 1
            tie.a = min(stays, j)
            tie.b = max(stays, j)
            break
    return refused


def join(
    groups: int, size: int, beta: float, key: np.uint64
) -> tuple[np.recarray, np.recarray, np.recarray]:
    """Return people in groups, their ties and neighbours, with nothing to hinder talk.

    All ties have contact, trust and chance 1; all people have safety 1.
    """
    ties, _ = wired(groups, size, beta, key)
    people = records(PERSON, groups * size)
    people.who = people.seat = np.arange(len(people))
    people.status, people.safety = WORKING, 1.0
    ends = np.concatenate([ties.a, ties.b])
    others = np.concatenate([ties.b, ties.a])
    order = np.argsort(ends, kind="stable")
    neighbours = records(NEIGHBOUR, len(ends))
    neighbours.person = others[order]
    neighbours.tie = (np.arange(len(ends)) % len(ties))[order]
    stops = np.cumsum(np.bincount(ends, minlength=len(people)))
    people.last_tie = stops
    people.first_tie[1:] = stops[:-1]
    return people, ties, neighbours


def wired(
    groups: int, size: int, beta: float, key: np.uint64
) -> tuple[np.recarray, int]:
    """Return the ties, and how often a target was refused for having too many ties."""
    n = groups * size
    linked = np.kron(np.eye(groups, dtype=bool), np.ones((size, size), bool))
    np.fill_diagonal(linked, False)
    first, second = np.nonzero(np.triu(linked))
    ties = records(TIE, len(first))
    ties.a, ties.b = first, second
    ties.contact = ties.trust = ties.chance = 1.0
    degree = np.full(n, size - 1)
    refused = entry(rewire, ties, linked, degree, size, beta, key)(
        ties, linked, degree, size, beta, key
    )
    return ties, refused
