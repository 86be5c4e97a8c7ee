"""Phase 11: demands, control and support turn into fatigue and exhaustion.

Job demands, control and support (Karasek & Theorell 1990; Demerouti et al. 2001), with
effort and recovery (Meijman & Mulder 1998). In addition, people differ in exhaustion
permanently and for years at a time (Kenny & Zautra 1995), and a burn-out makes people
more vulnerable for long (Grossi et al. 2015). Means and spreads are frozen parameters.
"""

import numpy as np

from simulation.arithmetic import exp, logistic
from simulation.chance import normal
from simulation.compiled import rule
from simulation.purposes import EPISODE, QUESTIONNAIRE, STRAIN_NOISE
from simulation.rules.leaders import agreement
from simulation.state import ON_LEAVE, THEMES, VACANT

EVERY = 4
"""Weeks from one move of a person's slow circumstances to the next, in turns."""


@rule
def see_clearly(people, enacted, i, structure, parameters):
    """Compute person `i`'s clarity, and the conflict between two lines.

    Clarity follows the agreement between the person's picture of priorities and what is
    in fact approved in the line; with two lines and unsettled conflicts, the lower of
    the two counts. Conflict is the disagreement between the priorities of the two
    leaders, as far as the person follows the second one; and, for who leads and is led,
    between the priorities from above and those that hold in the own line (Anicich &
    Hirsh 2017).
    """
    person = people[i]
    line = person.leader
    if line < 0:
        line = i
    clear = agreement(person.picture, enacted, people, line)
    person.conflict = 0.0
    now = structure[person.version]
    if person.project_leader >= 0 and person.second_rank < now.second_line:
        other = agreement(person.picture, enacted, people, person.project_leader)
        apart = _disagreement(people[line].stated, people[person.project_leader].stated)
        heard = min(1.0, 2.0 * person.torn)
        person.conflict = parameters[0].conflict_lines * apart * heard
        if now.conflicts_settled < 0.5:
            clear = min(clear, other)
    if person.leader >= 0 and person.last_report > person.first_report:
        apart = _disagreement(people[line].stated, person.stated)
        person.conflict += parameters[0].conflict_levels * apart
        person.conflict = min(1.0, person.conflict)
    person.clarity += 0.25 * (clear - person.clarity)


@rule
def _disagreement(a, b):
    """Return the share of themes in either mask that are not in both."""
    either = 0.0
    both = 0.0
    for theme in range(THEMES):
        x = (a >> theme) & 1
        y = (b >> theme) & 1
        either += 1.0 if x + y > 0 else 0.0
        both += 1.0 if x + y == 2 else 0.0
    if either == 0.0:
        return 0.0
    return 1.0 - both / either


@rule
def demands(people, i, parameters):
    """Return raw demands: load (saturating), conflict, unclarity, rework, waiting.

    Exhausted people meet more demands (Guthier, Dormann & Voelkle 2020).
    """
    p = parameters[0]
    person = people[i]
    hours = max(1.0, person.hours_total)
    redone = (person.hours_rework + person.hours_duplicate) / hours
    waits = 1.0 - exp(-0.5 * person.waiting)
    raw = p.demands_load * 2.0 * person.load
    raw += p.demands_conflict * person.conflict
    raw += p.demands_unclear * (1.0 - person.clarity)
    raw += p.demands_rework * redone + p.demands_waiting * waits
    raw += p.demands_exhaustion * person.exhaustion
    raw += p.demands_episodes * person.episode
    return raw + p.demands_spread * person.felt_demands


@rule
def go_through(people, i, firm, parameters):
    """Update by a week what comes and goes in the work and life of person `i`.

    They are episodes of high or low demands, which last months, circumstances of life,
    which last years, and the trace of a burn-out, which fades. Every few weeks also the
    relation with the leader, the latitude that the tasks in hand give, and the form in
    which a person is: jobs and people change, so that nobody stays the same (Sturman,
    Cheramie & Cashen 2005 on output; Kenny & Zautra 1995 for the form).
    """
    person = people[i]
    p = parameters[0]
    f = firm[0]
    z = normal(f.key, EPISODE, f.week, person.who, 0)
    person.episode = wander(person.episode, p.keep_episode, z)
    z = normal(f.key, EPISODE, f.week, person.who, 1)
    person.life = wander(person.life, p.keep_life, z)
    if (f.week + person.seat) % EVERY == 0:
        keep = weeks_on(p.keep_relation, EVERY)
        z = normal(f.key, EPISODE, f.week, person.who, 2)
        person.relation = wander(person.relation, keep, z)
        z = normal(f.key, EPISODE, f.week, person.who, 3)
        person.latitude = wander(person.latitude, keep, z)
        z = normal(f.key, EPISODE, f.week, person.who, 4)
        person.form = wander(person.form, weeks_on(p.keep_form, EVERY), z)
    person.scar *= p.keep_scar


@rule
def weeks_on(keep, weeks):
    """Return the share that is left after `weeks` weeks of which each leaves `keep`."""
    share = 1.0
    for _ in range(weeks):
        share *= keep
    return share


@rule
def wander(value, keep, z):
    """Return the next value of an Ornstein-Uhlenbeck process of mean 0 and sd 1.

    The step is exact; `keep` is exp(-step / time constant), `z` is a standard normal
    draw.
    """
    return keep * value + np.sqrt(1.0 - keep * keep) * z


@rule
def control(people, skill, i, parameters):
    """Return raw control: own decisions and choice of work, times adequacy of skill."""
    p = parameters[0]
    person = people[i]
    adequate = min(1.0, 0.5 + skill[i, person.domain])
    room = p.control_decides * person.own_share * (1.0 - 0.5 * person.overruled)
    room += p.control_chooses * person.chosen_share
    felt = p.control_spread * person.felt_control + p.control_moves * person.latitude
    return 0.3 + room * adequate + felt


@rule
def support(people, i, parameters):
    """Return raw support: the leader's attention, and safety in the team.

    Ties by themselves give no support.
    """
    p = parameters[0]
    person = people[i]
    attention = 1.0 - exp(-2.0 * (person.talked + person.listened))
    raw = p.support_leader * attention + p.support_safety * person.safety
    raw += p.support_moves * person.relation
    return raw + p.support_spread * person.felt_support


@rule
def contagion(people, ties, neighbours, i):
    """Return the mean exhaustion of the people whom person `i` meets, minus `i`'s own.

    The mean is weighted by contact hours.
    """
    total = 0.0
    weight = 0.0
    for k in range(people[i].first_tie, people[i].last_tie):
        h = ties[neighbours[k].tie].contact
        if h > 0.0:
            total += h * people[neighbours[k].person].exhaustion
            weight += h
    if weight <= 0.0:
        return 0.0
    return total / weight - people[i].exhaustion


@rule
def strain(people, ties, neighbours, skill, enacted, i, firm, structure, parameters):
    """Update person `i`'s fatigue (F, days) and exhaustion (X, months) by a week.

    The updates are exact exponentials: F moves to n with time constant tau_F, plus
    noise; X moves to F plus the person's disposition, with time constant tau_X. People
    on leave rest as far as they can: after a burn-out, sleep does not restore for long
    (Ekstedt et al. 2006).
    """
    p = parameters[0]
    person = people[i]
    person.next_fatigue = person.fatigue
    person.next_exhaustion = person.exhaustion
    if person.status == VACANT:
        return
    if person.status == ON_LEAVE:
        need = -p.rest * (1.0 - person.scar)
    else:
        see_clearly(people, enacted, i, structure, parameters)
        person.demands = demands(people, i, parameters)
        person.control = control(people, skill, i, parameters)
        person.support = support(people, i, parameters)
        near = contagion(people, ties, neighbours, i)
        need = strain_need(person, near, parameters)
    f = firm[0]
    noise = p.strain_noise * normal(f.key, STRAIN_NOISE, f.week, person.who, 0)
    person.next_fatigue = need + (person.fatigue - need) * p.keep_fatigue + noise
    aim = person.next_fatigue + disposition(person, parameters)
    person.next_exhaustion = aim + (person.exhaustion - aim) * p.keep_exhaustion


@rule
def disposition(person, parameters):
    """Return a person's disposition to exhaustion: trait, life, past burn-out."""
    p = parameters[0]
    own = p.vulnerability * person.trait + p.strain_life * person.life
    return own + p.sensitization * person.scar


@rule
def feeling(person, parameters):
    """Return how strained a person feels: exhaustion plus a part of fatigue."""
    return person.exhaustion + parameters[0].score_fatigue * person.fatigue


@rule
def strain_need(person, near, parameters):
    """Return n, the level to which fatigue moves (bD zD - bC zC - ...; ODD, 7.14)."""
    p = parameters[0]
    z_demands = (person.demands - p.demands_mean) / p.demands_sd
    z_control = (person.control - p.control_mean) / p.control_sd
    z_support = (person.support - p.support_mean) / p.support_sd
    need = p.strain_demands * z_demands - p.strain_control * z_control
    need -= p.strain_support * z_support
    need += p.strain_both * max(0.0, z_demands) * max(0.0, -z_control)
    resources = 0.5 * (z_control + z_support)
    need -= p.resources_buffer * max(0.0, z_demands) * resources
    return need + p.strain_exhaustion * person.exhaustion + p.contagion * near


@rule
def questionnaire(people, i, firm, parameters):
    """Return person `i`'s score on the 1-7 burn-out scale of the Dutch survey.

    The error is drawn at each measurement and never fed back.
    """
    p = parameters[0]
    person = people[i]
    f = firm[0]
    error = p.score_error * normal(f.key, QUESTIONNAIRE, f.week, person.who, 0)
    felt = feeling(person, parameters) + error
    return 1.0 + 6.0 * logistic(p.score_intercept + p.score_slope * felt)


@rule
def settle(people, i, firm, parameters):
    """Make this week's fatigue and exhaustion of person `i` current, and measure."""
    person = people[i]
    person.fatigue = person.next_fatigue
    person.exhaustion = person.next_exhaustion
    person.score = questionnaire(people, i, firm, parameters)
