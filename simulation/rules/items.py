"""Phase 4: people take up items, work on them, and decide or wait at a gate."""

from simulation.arithmetic import exp
from simulation.chance import normal, uniform
from simulation.compiled import rule
from simulation.purposes import (
    CHOOSES_SELF,
    CONTEST,
    DUPLICATE_SEEN,
    ITEM_SIZE,
    PASSES_DESK,
    PICK_TIE,
    QUEUE_TIE,
    RIGHT_TO_DECIDE,
)
from simulation.rules.bits import holds, mark
from simulation.rules.work import tie_hours
from simulation.state import (
    AT_GATE,
    EXECUTED,
    IDLE,
    IN_WORK,
    KNOWN,
    LEADER,
    VALUE,
    WORKING,
)


@rule
def _thinks_wrong(beliefs, i, choice, c):
    """Return 1 if person `i` believes that `c` should be done otherwise, else 0."""
    if holds(beliefs, i, KNOWN, c):
        if holds(beliefs, i, VALUE, c) != (choice.executed == 1):
            return 1.0
    return 0.0


@rule
def _may_be_taken(choice, firm, parameters):
    """Return whether an item lies idle and has had its rest since the last launch."""
    rested = firm[0].week - choice.launched >= parameters[0].item_rest_weeks
    return choice.stage == IDLE and rested


@rule
def _staleness(choice, firm, parameters):
    """Return how long an item was left alone, 1 at the age at which it calls."""
    age = firm[0].week - choice.launched
    return min(2.0, age / parameters[0].stale_weeks)


@rule
def _own_score(people, choices, beliefs, i, c, now, firm, parameters):
    """Return how much person `i` wants to take up item `c` by own choice.

    Within a frame: what one believes wrong, the more where priorities say so.
    Without: what showed the strongest visible result lately.
    """
    choice = choices[c]
    score = 2.0 * _thinks_wrong(beliefs, i, choice, c)
    score += _staleness(choice, firm, parameters)
    if (people[i].picture >> choice.theme) & 1 == 1:
        score += parameters[0].priority_weight * now.priorities_stated
    score += 2.0 * (1.0 - now.priorities_stated) * choice.attention
    return score + 0.3 * uniform(firm[0].key, PICK_TIE, firm[0].week, people[i].who, c)


@rule
def _list_score(people, choices, beliefs, i, c, firm, parameters):
    """Return how high item `c` stands on the list that person `i` is given."""
    choice = choices[c]
    score = _staleness(choice, firm, parameters)
    leader = people[i].leader
    if leader >= 0:
        score += 2.0 * _thinks_wrong(beliefs, leader, choice, c)
        if (people[leader].stated >> choice.theme) & 1 == 1:
            score += parameters[0].priority_weight
    return score + 0.3 * uniform(firm[0].key, PICK_TIE, firm[0].week, people[i].who, c)


@rule
def wish_for_item(
    people, choices, own, mates, beliefs, skill, i, firm, structure, parameters
):
    """Let person `i`, when free, name the item to take up next.

    By own choice, or from the leader's list; by own choice also items of others in
    the same journeys, where skill reaches and the person believes them wrong.
    """
    person = people[i]
    if person.status != WORKING or person.doing >= 0 or person.item_hours <= 0.0:
        return
    p = parameters
    now = structure[person.version]
    u = uniform(firm[0].key, CHOOSES_SELF, firm[0].week, person.who, 0)
    chooses = u < now.items_chosen_by_executor or person.leader < 0
    best = -1
    best_score = p[0].item_threshold
    for k in range(person.first_choice, person.last_choice):
        c = own[k]
        if _may_be_taken(choices[c], firm, p):
            if chooses:
                score = _own_score(people, choices, beliefs, i, c, now, firm, p)
            else:
                score = _list_score(people, choices, beliefs, i, c, firm, p)
            if score > best_score:
                best = c
                best_score = score
    if chooses:
        best = _look_beyond(
            people,
            choices,
            own,
            mates,
            beliefs,
            skill,
            i,
            best,
            best_score,
            now,
            firm,
            p,
        )
    person.chosen_share += 0.08 * ((1.0 if chooses else 0.0) - person.chosen_share)
    person.wish = best


@rule
def _look_beyond(
    people,
    choices,
    own,
    mates,
    beliefs,
    skill,
    i,
    best,
    best_score,
    now,
    firm,
    parameters,
):
    """Return a better item among those of others in the person's journeys."""
    person = people[i]
    for k in range(person.first_choice, person.last_choice):
        own_choice = choices[own[k]]
        for m in range(own_choice.first_mate, own_choice.last_mate):
            c = mates[m]
            choice = choices[c]
            if choice.executor == i or not _may_be_taken(choice, firm, parameters):
                continue
            if skill[i, choice.domain] < parameters[0].reach_skill:
                continue
            if _thinks_wrong(beliefs, i, choice, c) == 0.0:
                continue
            if uniform(firm[0].key, PICK_TIE, firm[0].week, c, 1) < (
                people[choice.executor].territory
            ):
                continue
            score = _own_score(people, choices, beliefs, i, c, now, firm, parameters)
            if score - 0.5 > best_score:
                best = c
                best_score = score - 0.5
    return best


@rule
def settle_wishes(people, choices, firm):
    """Give each item to one of those who want it: its executor first, else by draw."""
    for c in range(choices.shape[0]):
        choices[c].claim = -1.0
    for i in range(people.shape[0]):
        c = people[i].wish
        if c >= 0:
            claim = uniform(firm[0].key, CONTEST, firm[0].week, people[i].who, c)
            if choices[c].executor == i:
                claim = 2.0
            if claim > choices[c].claim:
                if choices[c].claim >= 0.0:
                    people[choices[c].worker].doing = -1
                choices[c].claim = claim
                choices[c].worker = i
                people[i].doing = c


@rule
def start_item(
    people,
    choices,
    mates,
    ties,
    hours,
    neighbours,
    beliefs,
    i,
    firm,
    structure,
    parameters,
):
    """Let person `i` begin the item just won: what to propose, how much work."""
    person = people[i]
    c = person.doing
    if c < 0 or choices[c].stage != IDLE or choices[c].worker != i:
        return
    choice = choices[c]
    choice.stage = IN_WORK
    choice.opened = firm[0].week
    choice.reviewed = 0
    choice.overruled = 0
    choice.initiative = 1 if choice.executor != i else 0
    choice.proposal = choice.executed
    if holds(beliefs, i, KNOWN, c):
        choice.proposal = 1 if holds(beliefs, i, VALUE, c) else 0
    z = normal(firm[0].key, ITEM_SIZE, firm[0].week, c, 0)
    choice.work_left = parameters[0].item_hours * exp(0.3 * z)
    choice.duplicate = 0.0
    if choice.initiative == 1:
        firm[0].initiative_items += 1
    if _works_unseen(people, choices, mates, ties, hours, neighbours, i, c, firm):
        u = uniform(firm[0].key, DUPLICATE_SEEN, firm[0].week, c, 0)
        if u >= structure[person.version].duplicates_visible:
            choice.duplicate = parameters[0].duplicate_share * parameters[0].item_hours
            choice.work_left += choice.duplicate


@rule
def _works_unseen(people, choices, mates, ties, hours, neighbours, i, c, firm):
    """Return whether somebody whom `i` does not meet works on the same journey."""
    choice = choices[c]
    for m in range(choice.first_mate, choice.last_mate):
        mate = choices[mates[m]]
        if mates[m] == c or mate.stage != IN_WORK or mate.opened == firm[0].week:
            continue
        other = mate.worker
        if other == i or people[other].department == people[i].department:
            continue
        if contact(people, ties, hours, neighbours, i, other) < 0.1:
            return True
    return False


@rule
def contact(people, ties, hours, neighbours, i, other):
    """Return the hours a week in which persons `i` and `other` meet."""
    total = 0.0
    for k in range(people[i].first_tie, people[i].last_tie):
        if neighbours[k].person == other:
            total += tie_hours(people, ties, hours, neighbours[k].tie)
    return total


@rule
def raise_questions(people, skill, i, firm, structure, parameters):
    """Let open questions of person `i` arise, and go to whoever may decide.

    More questions with low clarity or skill; those about which the person may not
    decide wait at the leader's desk.
    """
    person = people[i]
    if person.status != WORKING or person.role == LEADER:
        return
    p = parameters[0]
    now = structure[person.version]
    unclear = 0.5 + max(0.0, 1.0 - person.clarity)
    unable = max(0.1, 1.2 - skill[i, person.domain])
    person.questions = p.questions_per_week * unclear * unable
    share = 1.0 - now.items_decided_by_executor
    if person.leader < 0:
        share = 0.0
    person.questions_up = 0.5 * person.questions_up + person.questions * share
    own = person.questions * (1.0 - share) * p.question_hours
    person.hours_questions = min(own, person.hours_idle + person.item_hours)
    from_idle = min(person.hours_questions, person.hours_idle)
    person.hours_idle -= from_idle
    person.item_hours -= person.hours_questions - from_idle
    if person.leader >= 0:
        goes_ahead = person.routine_waiting / now.go_ahead_weeks
        reviewed = person.deliverables * now.routine_reviewed
        person.routine_waiting += reviewed - goes_ahead
        person.deliverables += goes_ahead - reviewed


@rule
def work_on_item(people, choices, market, enacted, i, firm, structure, parameters):
    """Let person `i` work on the item in hand; once done, decide or hand it in."""
    person = people[i]
    c = person.doing
    if person.status != WORKING or c < 0 or choices[c].stage != IN_WORK:
        person.hours_idle += person.item_hours
        person.item_hours = 0.0
        return
    choice = choices[c]
    hours = min(person.item_hours, choice.work_left / max(0.2, person.productivity))
    _book_item_hours(person, choice, hours)
    person.hours_idle += person.item_hours - hours
    person.item_hours = 0.0
    choice.work_left -= hours * max(0.2, person.productivity)
    if choice.work_left > 1e-9:
        return
    if choice.reviewed == 1:
        launch(people, choices, market, enacted, i, c, firm)
        return
    now = structure[person.version]
    u = uniform(firm[0].key, RIGHT_TO_DECIDE, firm[0].week, c, 0)
    choice.decided_by_executor = 1 if u < now.items_decided_by_executor else 0
    u = uniform(firm[0].key, PASSES_DESK, firm[0].week, c, 0)
    passes = choice.decided_by_executor == 0 or u < now.items_reviewed
    if passes and person.leader >= 0:
        choice.stage = AT_GATE
        choice.proposed = firm[0].week
        choice.decider = person.leader
        person.doing = -1
    else:
        choice.decided_by_executor = 1
        launch(people, choices, market, enacted, i, c, firm)


@rule
def _book_item_hours(person, choice, hours):
    """Book hours on an item as rework, double work, initiative or plain item work."""
    if choice.reviewed == 1:
        person.hours_rework += hours
    elif choice.duplicate > 0.0:
        double = min(hours, choice.duplicate)
        choice.duplicate -= double
        person.hours_duplicate += double
    if choice.initiative == 1:
        person.hours_initiative += hours
    person.hours_items += hours


@rule
def launch(people, choices, market, enacted, i, c, firm):
    """Execute the proposal of item `c`, which person `i` brought about."""
    choice = choices[c]
    choice.executed = choice.proposal
    mark(market, EXECUTED, c, choice.proposal == 1)
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
    enacted[line, choice.theme] += 1.0


@rule
def _note_decision(choice, firm):
    """Count a decision and the weeks that the item waited for it."""
    choice.decided = firm[0].week
    choice.wait = firm[0].week - choice.proposed
    firm[0].decisions += 1
    firm[0].decision_weeks += choice.wait


@rule
def age_items(choices, people, market, enacted, firm, structure):
    """Let unanswered items go ahead by themselves, and free those left behind."""
    for c in range(choices.shape[0]):
        choice = choices[c]
        if choice.exists == 0 or choice.stage == IDLE:
            continue
        worker = people[choice.worker]
        if choice.stage == IN_WORK and worker.doing != c:
            choice.stage = IDLE
        elif choice.stage == AT_GATE:
            now = structure[worker.version]
            if firm[0].week - choice.proposed >= now.go_ahead_weeks:
                _note_decision(choice, firm)
                launch(people, choices, market, enacted, choice.worker, c, firm)


@rule
def review(
    people, choices, market, enacted, own, reports, beliefs, i, firm, parameters
):
    """Let leader `i` work through the queue: items by age, deliverables, questions.

    Where the leader believes otherwise, the proposal is redone the leader's way. What
    the hours do not reach waits; ties in age are broken by an addressed draw.
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
        person.questions_up *= 1.0 - share
        person.waiting = person.routine_waiting + person.questions_up


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
def _decide(people, choices, market, enacted, beliefs, i, c, firm, parameters):
    """Let leader `i` approve item `c`, or have it redone as the leader believes."""
    choice = choices[c]
    _note_decision(choice, firm)
    worker = choice.worker
    otherwise = False
    if holds(beliefs, i, KNOWN, c):
        otherwise = holds(beliefs, i, VALUE, c) != (choice.proposal == 1)
    if not otherwise:
        launch(people, choices, market, enacted, worker, c, firm)
        return
    choice.proposal = 1 - choice.proposal
    choice.overruled = 1
    choice.reviewed = 1
    choice.decided_by_executor = 0
    person = people[worker]
    person.ownership *= 1.0 - parameters[0].ownership_overruled
    if person.doing < 0:
        choice.stage = IN_WORK
        choice.work_left = parameters[0].item_hours * parameters[0].redo_share
        person.doing = c
    else:
        hours = parameters[0].item_hours * parameters[0].redo_share
        person.redo_hours += hours
        launch(people, choices, market, enacted, worker, c, firm)
