"""A change reaches people one by one; until then, a person works in the old way."""

from simulation.chance import uniform
from simulation.compiled import rule
from simulation.purposes import CHANGE_SPEED
from simulation.state import COMMUNICATION, MARKETING, WORKING


@rule
def apply_dated_changes(firm, structure, switch_weeks):
    """Switch the organisation to the latest change due; the budget changes at once."""
    f = firm[0]
    for v in range(switch_weeks.shape[0]):
        if f.week >= switch_weeks[v] and v > f.version:
            f.version = v
            step = structure[v].budget_level - structure[v - 1].budget_level
            f.budget = max(0.0, f.budget + step)
            f.change_euros_due += structure[v].change_euros


@rule
def carry_change(people, firm, structure):
    """Divide the champion's hours over the people whom the change has not reached.

    If it has reached all, over everybody at work.
    """
    f = firm[0]
    f.champion_each = 0.0
    if f.champion < 0 or people[f.champion].status != WORKING:
        return
    hours = structure[people[f.champion].version].champion_hours
    behind = 0
    present = 0
    for i in range(people.shape[0]):
        if people[i].status == WORKING:
            present += 1
            if people[i].version < f.version:
                behind += 1
    if behind > 0:
        f.champion_each = hours / behind
    elif present > 0:
        f.champion_each = hours / present


@rule
def _brought(people, ties, neighbours, i, firm, parameters):
    """Return the hours in which others bring the next change to person `i`."""
    person = people[i]
    f = firm[0]
    if i == f.top or person.leader < 0:
        return parameters[0].change_weekly_limit
    brought = f.champion_each
    leader = people[person.leader]
    if leader.version > person.version and leader.status == WORKING:
        brought += leader.change_each + 0.5 * leader.talk_each
    peers = 0.0
    for k in range(person.first_tie, person.last_tie):
        if people[neighbours[k].person].version > person.version:
            peers += ties[neighbours[k].tie].bond
    return brought + parameters[0].change_by_peers * peers


@rule
def adapt(people, ties, neighbours, i, firm, parameters):
    """Let person `i` spend hours on learning the next way of working.

    Each hour of explanation by others is followed by some hours of practice. At the end
    of the week they are credited as far as the week had room for them.
    """
    person = people[i]
    f = firm[0]
    if person.version >= f.version or person.status != WORKING:
        return
    p = parameters[0]
    brought = _brought(people, ties, neighbours, i, firm, parameters)
    person.hours_change = min(p.change_weekly_limit, p.change_practice * brought)


@rule
def adopt_version(people, i, firm, structure):
    """Credit the hours spent on a change; a person who has learned it works that way.

    People differ in speed by a factor of about two.
    """
    person = people[i]
    if person.hours_change <= 0.0 or person.version >= firm[0].version:
        return
    u = uniform(firm[0].key, CHANGE_SPEED, person.version, person.who, 0)
    person.change_progress += person.hours_change * (0.7 + 0.6 * u)
    if person.change_progress >= structure[person.version + 1].change_hours_per_person:
        person.change_progress = 0.0
        person.version += 1
        place(people, i, structure)


@rule
def place(people, i, structure):
    """Put person `i` in the team, line and department of their way of working."""
    person = people[i]
    now = structure[person.version]
    person.team = person.team_channel
    if person.mix_rank < now.mixed_teams:
        person.team = person.team_mixed
    person.leader = person.leader_separate
    person.department = person.own_department
    if now.one_department >= 0.5:
        person.leader = person.leader_integrated
        if person.own_department == COMMUNICATION:
            person.department = MARKETING
