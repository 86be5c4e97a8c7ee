"""Phases 3 and 4: exceptions arise in work, are answered or guessed; some come back.

After the Virtual Design Team (Jin & Levitt 1996; Levitt et al. 1999): an exception goes
to the person with the right to decide. If nobody decides in time, whoever asked makes a
guess. Bad decisions cause rework, also for others who depend on the work.
"""

from simulation.chance import uniform_pair
from simulation.compiled import rule
from simulation.purposes import DEPENDENT
from simulation.state import AT_GATE, LEADER, VACANT, WORKING


@rule
def hand_offs(people, choices, own, mates, i):
    """Return the share of others' items in person `i`'s journeys that need a hand-off.

    They are those executed in other teams; the more hours the person meets people of
    other teams, the fewer need a hand-off.
    """
    person = people[i]
    others = 0.0
    across = 0.0
    for k in range(person.first_choice, person.last_choice):
        choice = choices[own[k]]
        for m in range(choice.first_mate, choice.last_mate):
            j = choices[mates[m]].executor
            if j != i:
                others += 1.0
                across += 1.0 if people[j].team != person.team else 0.0
    if others == 0.0:
        return 0.0
    outside = person.hours_meeting * (1.0 - person.closed)
    return across / others / (1.0 + outside)


@rule
def exceptions_an_hour(people, choices, own, mates, skill, i, parameters):
    """Return the number of exceptions per hour of person `i`'s work.

    They arise from lack of skill (more while the person is new at the work), from
    unclear priorities, and from hand-offs.
    """
    p = parameters[0]
    person = people[i]
    able = min(1.0, skill[i, person.domain] / person.unit_cost)
    rate = p.exceptions_unskilled * (1.0 - able)
    rate += p.exceptions_unclear * (1.0 - person.clarity)
    apart = hand_offs(people, choices, own, mates, i)
    return rate + p.exceptions_handed * apart


@rule
def raise_questions(people, choices, own, mates, skill, i, structure, parameters):
    """Let exceptions of person `i` arise; the person decides those that are theirs.

    That takes idle hours, and then hours for items; if these are too few, the person
    guesses the rest. The other exceptions wait at the leader's desk.
    """
    person = people[i]
    if person.status != WORKING or person.role == LEADER:
        return
    p = parameters[0]
    now = structure[person.version]
    hours = person.hours_routine + person.hours_over + person.item_hours
    rate = exceptions_an_hour(people, choices, own, mates, skill, i, parameters)
    person.questions = hours * rate
    share = 1.0 - now.items_decided_by_executor
    if person.leader < 0:
        share = 0.0
    person.questions_up += share * person.questions
    _count_waiting(person, choices, own, i)
    mine = (1.0 - share) * person.questions
    wanted = mine * p.question_hours
    person.hours_questions = min(wanted, person.hours_idle + person.item_hours)
    from_idle = min(person.hours_questions, person.hours_idle)
    person.hours_idle -= from_idle
    person.item_hours -= person.hours_questions - from_idle
    person.answered = mine
    if wanted > 0.0:
        person.answered = mine * (person.hours_questions / wanted)
    person.guessed = mine - person.answered


@rule
def _count_waiting(person, choices, own, i):
    """Count what person `i` has waiting: deliverables, questions, items at the gate."""
    at_gate = 0.0
    for k in range(person.first_choice, person.last_choice):
        if choices[own[k]].stage == AT_GATE and choices[own[k]].worker == i:
            at_gate += 1.0
    person.waiting = person.routine_waiting + person.questions_up + at_gate


@rule
def guess_unanswered(people, choices, own, mates, firm, parameters):
    """Let people guess what leaders did not answer in time; failures cause rework.

    A guess fails more often than an answer.
    """
    p = parameters[0]
    for i in range(people.shape[0]):
        person = people[i]
        late = person.questions_up * (1.0 - p.keep_question)
        if person.status == VACANT:
            late = person.questions_up
        person.questions_up -= late
        person.guessed += late
        failed = p.guess_fails * person.guessed + p.answer_fails * person.answered
        if failed > 0.0:
            hours = failed * p.exception_hours
            person.redo_hours += hours
            pass_rework(people, choices, own, mates, i, hours, firm, parameters)


@rule
def pass_rework(people, choices, own, mates, i, hours, firm, parameters):
    """Pass a part of person `i`'s rework on to somebody in the same journeys.

    The other person is drawn each week.
    """
    person = people[i]
    items = person.last_choice - person.first_choice
    if items == 0:
        return
    f = firm[0]
    u, v = uniform_pair(f.key, DEPENDENT, f.week, person.who, 0)
    choice = choices[own[person.first_choice + int(u * items)]]
    size = choice.last_mate - choice.first_mate
    j = choices[mates[choice.first_mate + int(v * size)]].executor
    if j != i:
        people[j].redo_hours += parameters[0].rework_of_others * hours
