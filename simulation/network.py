"""The communication graph: the ties of people, with their hours and layers.

Each pair has at most one tie, with hours per version of the organisation: those of
templates (`simulation.contact`), and those of people who picked one another. The layer
of a tie is the kind of contact that takes most of its hours.
"""

import numpy as np

from simulation.compiled import call, rule
from simulation.contact import Contact
from simulation.informal_ties import HIGH, LOW, PICKED, PICKS, SLOT, InformalTies
from simulation.state import INFORMAL, JOURNEY, NEIGHBOUR, TIE, records

FIRST_TRUST = 0.7


@rule
def join_ties(
    pairs, contact, layers, picks, picked, structure, parameters, ties, hours
):
    """Join a template's pairs with those who pick one another; return how many ties.

    Fills `ties[E]` and `hours[V, E]`, in the order of pairs; with empty `ties` it only
    counts. `picks` are the first `picked` of `simulation.informal_ties.sort_picks`. The
    layer of a tie is the one with most contact, the lower one of equals.
    """
    count = k = m = 0
    for t in range(ties.shape[0]):
        ties[t].trust = FIRST_TRUST
    while k < pairs.shape[0] or m < picked:
        template, informal = k < pairs.shape[0], m < picked
        if template and informal:
            order = _compared(pairs, k, picks, picks[PICKED, m])
            template, informal = order <= 0, order >= 0
        last = m
        if informal:
            while last < picked and _same_pick(picks, picks[PICKED, m], last):
                last += 1
        if count < ties.shape[0]:
            tie = ties[count]
            if template:
                tie.a, tie.b = pairs[k, 0], pairs[k, 1]
            else:
                tie.a = picks[LOW, picks[PICKED, m]]
                tie.b = picks[HIGH, picks[PICKED, m]]
            near = 0.0
            for v in range(hours.shape[0]):
                times = 0
                for x in range(m, last):
                    if picks[SLOT, picks[PICKED, x]] < int(structure[v].informal_ties):
                        times += 1
                each = times * parameters[0].informal_hours
                hours[v, count] = each
                if template:
                    hours[v, count] = contact[v, k] + each
                near += each
            tie.layer = _layer_of(layers, k, template, near)
        count += 1
        k += 1 if template else 0
        m = last
    return count


@rule
def _compared(pairs, k, picks, one):
    """Return whether pair `k` comes before a pick (-1), is the same (0), or after."""
    a, b = picks[LOW, one], picks[HIGH, one]
    if pairs[k, 0] != a:
        return -1 if pairs[k, 0] < a else 1
    if pairs[k, 1] != b:
        return -1 if pairs[k, 1] < b else 1
    return 0


@rule
def _same_pick(picks, one, m):
    """Return whether a pick is of the same pair as the one at position `m`."""
    other = picks[PICKED, m]
    return picks[LOW, one] == picks[LOW, other] and (
        picks[HIGH, one] == picks[HIGH, other]
    )


@rule
def _layer_of(layers, k, template, near):
    """Return the layer with most hours, of those of pair `k` and the informal ones."""
    best = JOURNEY
    most = 0.0
    for layer in range(layers.shape[1]):
        hours = near if layer == INFORMAL else 0.0
        if template and layer != INFORMAL:
            hours = layers[k, layer]
        if hours > most:
            best = layer
            most = hours
    return best


@rule
def list_neighbours(ties, count, people, neighbours):
    """List everyone's neighbours in the order of the first `count` ties."""
    for i in range(people.shape[0]):
        people[i].last_tie = 0
    for t in range(count):
        people[ties[t].a].last_tie += 1
        people[ties[t].b].last_tie += 1
    at = 0
    for i in range(people.shape[0]):
        many = people[i].last_tie
        people[i].first_tie = people[i].last_tie = at
        at += many
    for t in range(count):
        _add_neighbour(people, neighbours, ties[t].a, ties[t].b, t)
        _add_neighbour(people, neighbours, ties[t].b, ties[t].a, t)


@rule
def _add_neighbour(people, neighbours, one, other, t):
    neighbours[people[one].last_tie].person = other
    neighbours[people[one].last_tie].tie = t
    people[one].last_tie += 1


class Ties:
    """The ties of an organisation: those of templates, and those that each world adds.

    `informal` is None if a real graph tells who meets whom.
    """

    def __init__(
        self,
        contact: Contact,
        structure: np.recarray,
        parameters: np.recarray,
        informal: InformalTies | None,
    ) -> None:
        self.contact = contact
        self.informal = informal
        self._numbers = structure, parameters

    def found(self, key: np.uint64, people: np.recarray):
        """Return the ties of a world, their hours by version, and neighbours.

        Sets in `people` where each person's neighbours begin and end.
        """
        picks, picked = np.zeros((PICKS, 0), np.int64), 0
        if self.informal:
            picks, picked = self.informal.picks(key)
        values = *self.contact, picks, picked, *self._numbers
        versions = len(self.contact.hours)
        count = call(join_ties, *values, records(TIE, 0), np.zeros((versions, 0)))
        ties, hours = records(TIE, max(1, count)), np.zeros((versions, max(1, count)))
        call(join_ties, *values, ties, hours)
        neighbours = records(NEIGHBOUR, max(1, 2 * count))
        call(list_neighbours, ties, count, people, neighbours)
        return ties, hours, neighbours
