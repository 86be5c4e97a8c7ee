"""Phase 3: load shared by a team or organisation, and cover for absent people.

Much of the load is shared: hours and strain correlate more in means of units than in
persons (Bliese & Halverson 1996).
"""

import numpy as np

from simulation.chance import normal
from simulation.compiled import rule
from simulation.purposes import FIRM_LOAD, TEAM_LOAD
from simulation.state import LEADER, WORKING


@rule
def wave(key, purpose, who, week, weeks):
    """Return a standard normal number that moves smoothly between campaigns.

    Each campaign has a draw. Between two, the result is a mix with variance 1.
    """
    length = max(1, int(weeks))
    campaign = week // length
    x = (week - campaign * length) / length
    before = normal(key, purpose, campaign, who, 0)
    after = normal(key, purpose, campaign + 1, who, 0)
    return ((1.0 - x) * before + x * after) / np.sqrt((1.0 - x) * (1.0 - x) + x * x)


@rule
def load_organisation(firm, parameters):
    """Set this week's load of everybody, on a log scale: seasons, campaigns."""
    f = firm[0]
    p = parameters[0]
    z = wave(f.key, FIRM_LOAD, 0, f.week, p.campaign_weeks)
    f.load = p.firm_load_spread * z


@rule
def shared_load(person, firm, parameters):
    """Return the load shared in a person's team and organisation.

    On a log scale; the mean of its exponential is 1.
    """
    f = firm[0]
    p = parameters[0]
    z = wave(f.key, TEAM_LOAD, person.team, f.week, p.campaign_weeks)
    both = p.team_load_spread * p.team_load_spread
    both += p.firm_load_spread * p.firm_load_spread
    return f.load + p.team_load_spread * z - 0.5 * both


@rule
def cover_absent(people, parameters):
    """Let teams take over the rework and part of the routine of absent colleagues.

    An empty seat or a sick colleague costs those who stay (Hausknecht & Holwerda 2013).
    """
    p = parameters[0]
    for i in range(people.shape[0]):
        people[i].hours_cover = 0.0
    for i in range(people.shape[0]):
        away = people[i]
        if away.status == WORKING or away.role == LEADER:
            continue
        stayers = 0.0
        for j in range(people.shape[0]):
            stayers += 1.0 if _covers(people, j, i) else 0.0
        if stayers == 0.0:
            continue
        hours = p.cover_share * p.routine_load * away.contract + away.redo_hours
        away.redo_hours = 0.0
        for j in range(people.shape[0]):
            if _covers(people, j, i):
                people[j].hours_cover += hours / stayers


@rule
def _covers(people, j, i):
    """Return whether person `j` is at work in the team of `i` and is no leader."""
    person = people[j]
    if person.status != WORKING or person.role == LEADER:
        return False
    return person.team == people[i].team
