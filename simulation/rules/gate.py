"""Phase 4: the leader's queue, decisions and launches."""

from simulation.chance import uniform
from simulation.compiled import rule
from simulation.purposes import ADVICE_TAKEN, QUEUE_TIE
from simulation.rules.bits import evidence, holds, mark
from simulation.rules.exceptions import pass_rework
from simulation.rules.news import would_do
from simulation.state import (
    AT_GATE,
    EXECUTED,
    IDLE,
    IN_WORK,
    KNOWN,
    LEADER,
    PLANNED,
    WORKING,
)


@rule
def hand_in(people, i, structure):
    """Let part of person `i`'s deliverables wait for approval, and late ones go ahead.

    For a person with a leader, a share of the week's deliverables is handed in, and
    some of those waiting go ahead without an answer.
    """
    person = people[i]
    if person.status != WORKING or person.role == LEADER or person.leader < 0:
        return
    now = structure[person.version]
    goes_ahead = person.routine_waiting / now.go_ahead_weeks
    reviewed = person.deliverables * now.routine_reviewed
    person.routine_waiting += reviewed - goes_ahead
    person.deliverables += goes_ahead - reviewed


@rule
def launch(people, choices, market, enacted, i, c, firm):
    """Execute the proposal for item `c`, on which person `i` worked."""
    choice = choices[c]
    choice.changed = 1 if choice.executed != choice.proposal else 0
    choice.executed = choice.proposal
    mark(market, EXECUTED, c, choice.proposal == 1)
    mark(market, PLANNED, c, choice.proposal == 1)
    choice.stage = IDLE
    choice.launched = firm[0].week
    firm[0].launches += 1
    if people[i].doing == c:
        people[i].doing = -1
    decided = 1.0 if choice.decided_by_executor == 1 else 0.0
    people[i].own_share += 0.1 * (decided - people[i].own_share)
    against = 1.0 if choice.overruled == 1 else 0.0
    people[i].overruled += 0.1 * (against - people[i].overruled)
    line = people[i].leader
    if line < 0:
        line = i
    while line >= 0:
        enacted[line, choice.theme] += 1.0
        line = people[line].leader


@rule
def _note_decision(choice, firm):
    """Count a decision, and the weeks that the item waited for it."""
    choice.decided = firm[0].week
    choice.wait = firm[0].week - choice.proposed
    firm[0].decisions += 1
    firm[0].decision_weeks += choice.wait


@rule
def age_items(
    choices, people, own, mates, market, enacted, firm, structure, parameters
):
    """Let items without an answer go ahead in time, and free abandoned items.

    To go ahead without an answer is to guess: there is rework in the share in which
    guesses fail.
    """
    p = parameters[0]
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 0 or choice.stage == IDLE:
            continue
        worker = people[choice.worker]
        if choice.stage == IN_WORK and worker.doing != c:
            choice.stage = IDLE
            mark(market, PLANNED, c, choice.executed == 1)
        elif choice.stage == AT_GATE:
            now = structure[worker.version]
            if firm[0].week - choice.proposed >= now.go_ahead_weeks:
                _note_decision(choice, firm)
                i = choice.worker
                launch(people, choices, market, enacted, i, c, firm)
                hours = p.guess_fails * p.redo_share * p.item_hours
                worker.redo_hours += hours
                pass_rework(people, choices, own, mates, i, hours, firm, parameters)


@rule
def review(people, choices, market, enacted, reports, beliefs, i, firm, parameters):
    """Let leader `i` work through the queue: items by age, deliverables, questions.

    If the leader believes otherwise, the proposal is redone in the leader's way. When
    hours run out, the rest waits. Ties in age are broken by an addressed draw.
    """
    leader = people[i]
    if leader.status != WORKING or leader.last_report == leader.first_report:
        return
    p = parameters[0]
    leader.hours_idle += leader.review_hours
    small = 0.0
    items = 0.0
    for r in range(leader.first_report, leader.last_report):
        person = people[reports[r]]
        if person.leader != i:
            continue
        small += person.routine_waiting * p.deliverable_review_hours
        small += person.questions_up * p.question_hours
    for c in range(choices.shape[0]):
        if choices[c].stage == AT_GATE and choices[c].decider == i:
            items += p.item_review_hours
    total = small + items
    if total <= 0.0:
        return
    share = min(1.0, leader.review_hours / total)
    leader.hours_review = min(leader.review_hours, total)
    leader.hours_idle -= leader.hours_review
    _answer_small(people, reports, i, share, parameters)
    left = items * share
    while left >= p.item_review_hours * 0.999:
        c = _oldest(choices, i, firm)
        if c < 0:
            break
        _decide(people, choices, market, enacted, beliefs, i, c, firm, parameters)
        left -= p.item_review_hours
    leader.review_carry += left
    if leader.review_carry >= p.item_review_hours:
        c = _oldest(choices, i, firm)
        leader.review_carry -= p.item_review_hours
        if c >= 0:
            _decide(people, choices, market, enacted, beliefs, i, c, firm, parameters)


@rule
def _answer_small(people, reports, i, share, parameters):
    """Answer a share of the questions and deliverables that wait for leader `i`."""
    p = parameters[0]
    for r in range(people[i].first_report, people[i].last_report):
        person = people[reports[r]]
        if person.leader != i:
            continue
        passed = person.routine_waiting * share
        person.routine_waiting -= passed
        person.deliverables += passed
        person.redo_hours += passed * p.hours_per_deliverable * p.routine_redo
        person.answered += person.questions_up * share
        person.questions_up *= 1.0 - share


@rule
def _oldest(choices, i, firm):
    """Return the item that has waited longest for leader `i`, or -1."""
    best = -1
    oldest = 0
    best_draw = 0.0
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 1 and choice.stage == AT_GATE and choice.decider == i:
            draw = uniform(firm[0].key, QUEUE_TIE, firm[0].week, c, 0)
            if (
                best < 0
                or choice.proposed < oldest
                or (choice.proposed == oldest and draw > best_draw)
            ):
                best = c
                oldest = choice.proposed
                best_draw = draw
    return best


@rule
def _backing(beliefs, choices, c):
    """Return the evidence of its maker for what is proposed for item `c`."""
    worker = choices[c].worker
    if would_do(beliefs, worker, c) != (choices[c].proposal == 1):
        return 0
    return evidence(beliefs, worker, c)


@rule
def _decide(people, choices, market, enacted, beliefs, i, c, firm, parameters):
    """Let leader `i` approve item `c`, or have it redone as the leader believes.

    A leader who asks how sure the maker is has it redone only if no less sure: advice
    is weighed by what the adviser knows (Bonaccio & Dalal 2006).
    """
    choice = choices[c]
    _note_decision(choice, firm)
    worker = choice.worker
    otherwise = False
    if holds(beliefs, i, KNOWN, c):
        otherwise = would_do(beliefs, i, c) != (choice.proposal == 1)
        u = uniform(firm[0].key, ADVICE_TAKEN, firm[0].week, c, 0)
        if otherwise and u < parameters[0].advice_taken:
            otherwise = evidence(beliefs, i, c) >= _backing(beliefs, choices, c)
    if not otherwise:
        launch(people, choices, market, enacted, worker, c, firm)
        return
    choice.proposal = 1 - choice.proposal
    mark(market, PLANNED, c, choice.proposal == 1)
    choice.overruled = 1
    choice.reviewed = 1
    choice.decided_by_executor = 0
    person = people[worker]
    person.ownership *= 1.0 - parameters[0].ownership_overruled
    if person.doing < 0 and person.status == WORKING:
        choice.stage = IN_WORK
        choice.work_left = parameters[0].item_hours * parameters[0].redo_share
        person.doing = c
    else:
        hours = parameters[0].item_hours * parameters[0].redo_share
        person.redo_hours += hours
        launch(people, choices, market, enacted, worker, c, firm)
