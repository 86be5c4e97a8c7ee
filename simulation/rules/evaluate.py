"""Phase 15: ties age, and the collaboration itself is evaluated."""

from simulation.chance import uniform
from simulation.compiled import rule
from simulation.purposes import EVALUATION_TIE
from simulation.rules.bits import holds
from simulation.rules.news import would_do
from simulation.state import KNOWN, WORKING


@rule
def _tie_between(neighbours, people, i, other):
    """Return the tie between persons `i` and `other`, or -1."""
    for k in range(people[i].first_tie, people[i].last_tie):
        if neighbours[k].person == other:
            return neighbours[k].tie
    return -1


@rule
def note_hand_offs(people, choices, mates, beliefs, ties, neighbours, firm):
    """Count, per tie, the hand-offs that failed at this week's launches.

    A hand-off fails if the executor of another item in the same journey would have
    executed the launched item otherwise.
    """
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 0 or choice.launched != firm[0].week:
            continue
        for m in range(choice.first_mate, choice.last_mate):
            other = choices[mates[m]].executor
            if other == choice.executor:
                continue
            agrees = holds(beliefs, other, KNOWN, c) and (
                would_do(beliefs, other, c) == (choice.executed == 1)
            )
            tie = _tie_between(neighbours, people, choice.executor, other)
            if tie >= 0 and not agrees:
                ties[tie].failures += 1.0


@rule
def age_ties(ties, parameters):
    """Update trust from contact and failed hand-offs; the memory of both fades."""
    keep = parameters[0].keep_trust
    for t in range(ties.shape[0]):
        tie = ties[t]
        aim = (0.4 + 0.6 * tie.bond) / (1.0 + 0.3 * tie.failures)
        tie.trust = aim + (tie.trust - aim) * keep
        tie.failures *= keep


@rule
def evaluate_collaboration(people, ties, neighbours, i, firm, structure, parameters):
    """Let person `i` move meeting hours to the tie whose hand-offs failed most.

    The hours come from the tie with the fewest failures per hour. Both people of a tie
    must agree, so each moves half of the hours, and at most half of the tie's contact.
    """
    person = people[i]
    now = structure[person.version]
    every = int(now.evaluation_weeks)
    if person.status != WORKING or every <= 0 or firm[0].week % every != 0:
        return
    worst = -1
    most = 0.25
    idle = -1
    least = 1e9
    for k in range(person.first_tie, person.last_tie):
        tie = neighbours[k].tie
        h = ties[tie].contact
        if ties[tie].failures > most:
            worst = tie
            most = ties[tie].failures
        a = people[ties[tie].a].seat
        b = people[ties[tie].b].seat
        u = uniform(firm[0].key, EVALUATION_TIE, firm[0].week, a, b)
        if h > 0.1 and (ties[tie].failures + 0.01 * u) / h < least:
            idle = tie
            least = (ties[tie].failures + 0.01 * u) / h
    if worst < 0 or idle < 0 or worst == idle:
        return
    available = 0.5 * ties[idle].contact
    moved = min(0.5 * parameters[0].evaluation_hours, available)
    ties[worst].pending += moved
    ties[idle].pending -= moved


@rule
def move_hours(ties, hours):
    """Apply the hours moved by this week's evaluations; no tie falls below zero."""
    for t in range(ties.shape[0]):
        if ties[t].pending != 0.0:
            lowest = hours[0, t]
            for v in range(hours.shape[0]):
                lowest = min(lowest, hours[v, t])
            ties[t].moved = max(-lowest, ties[t].moved + ties[t].pending)
            ties[t].pending = 0.0
