"""Phases 3 and 12: hours and errors fall with what a person has done before."""

from simulation.arithmetic import exp
from simulation.compiled import rule
from simulation.state import VACANT


@rule
def unit_cost(person, parameters):
    """Return the hours per deliverable over those of an experienced person: 1 or more.

    They fall exponentially with the number that a person has done (Heathcote, Brown &
    Mewhort 2000). Over people who learn at different rates this looks like the power
    law of Dutton & Thomas (1984). A team shares part of it: a person who meets
    colleagues with more experience can use some of theirs (Argote 1999).
    """
    p = parameters[0]
    ahead = max(0.0, person.experience_near - person.experience)
    done = person.experience + p.experience_of_team * ahead
    scale = p.experience_scale * exp(p.experience_spread * person.slowness)
    return 1.0 + p.first_unit_cost * exp(-done / scale)


@rule
def standing_experience(pace, weeks, forgotten):
    """Return the experience from `weeks` at `pace` deliverables a week.

    `forgotten` is the share that is forgotten each week.
    """
    if forgotten <= 0.0:
        return pace * weeks
    return pace * (1.0 - exp(-forgotten * weeks)) / forgotten


@rule
def bring_experience(person, written_share, parameters):
    """Give a newcomer the experience that carries over, and that is written down.

    An empty seat keeps the experience of its last occupant; the written part of it
    helps the next one.
    """
    p = parameters[0]
    kept = p.handover_known * written_share * person.experience
    person.experience = p.experience_brought + p.experience_on_paper * kept


@rule
def gain_experience(people, i, parameters):
    """Add this week's work of person `i` to their experience, and forget some of it.

    Forgetting of 0 to 3 % a month (Thompson 2007) makes a plateau.
    """
    p = parameters[0]
    person = people[i]
    if person.status == VACANT:
        return
    hours = person.hours_routine + person.hours_over + person.hours_items
    done = hours * person.productivity / p.hours_per_deliverable
    person.experience += done - p.experience_forgotten * person.experience
