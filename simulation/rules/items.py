"""Phase 4: people take up items, work on them, and decide or hand them in."""

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
    REACHES_BEYOND,
    RIGHT_TO_DECIDE,
    TOOL_DRAFTS,
)
from simulation.rules.bits import holds, mark, shows
from simulation.rules.gate import launch
from simulation.rules.news import thinks_wrong, would_do
from simulation.state import (
    AT_GATE,
    IDLE,
    IN_WORK,
    KNOWN,
    PLANNED,
    VISIBLE,
    WORKING,
)


@rule
def _may_be_taken(choice, firm, parameters):
    """Return whether an item is idle and has rested long enough since its launch."""
    rested = firm[0].week - choice.launched >= parameters[0].item_rest_weeks
    return choice.stage == IDLE and rested


@rule
def _staleness(choice, firm, parameters):
    """Return the weeks since launch over `stale_weeks`, at most 2."""
    age = firm[0].week - choice.launched
    return min(2.0, age / parameters[0].stale_weeks)


@rule
def _own_score(people, choices, beliefs, i, c, now, firm, parameters):
    """Return how much person `i`, by own choice, wants to take up item `c`.

    It is higher if the person believes the item wrong, if it is stale, and, as far as
    priorities are stated, if it is a priority. As far as they are not, it is higher
    the stronger the item's visible results were lately.
    """
    choice = choices[c]
    score = 2.0 * thinks_wrong(beliefs, choices, i, c)
    score += _staleness(choice, firm, parameters)
    if (people[i].picture >> choice.theme) & 1 == 1:
        score += parameters[0].priority_weight * now.priorities_stated
    score += 2.0 * (1.0 - now.priorities_stated) * choice.attention
    return score + 0.3 * uniform(firm[0].key, PICK_TIE, firm[0].week, people[i].who, c)


@rule
def _list_score(people, choices, beliefs, i, c, firm, parameters):
    """Return the rank score of item `c` on the list that person `i` is given."""
    choice = choices[c]
    score = _staleness(choice, firm, parameters)
    leader = people[i].leader
    if leader >= 0:
        score += 2.0 * thinks_wrong(beliefs, choices, leader, c)
        if (people[leader].stated >> choice.theme) & 1 == 1:
            score += parameters[0].priority_weight
    return score + 0.3 * uniform(firm[0].key, PICK_TIE, firm[0].week, people[i].who, c)


@rule
def wish_for_item(
    people, choices, own, mates, beliefs, skill, i, firm, structure, parameters
):
    """Let person `i`, when free, name the item to take up next.

    It is the person's own choice, or comes from the leader's list. By own choice it may
    also be an item of others in the same journeys, if the person has the skill and
    believes it wrong.
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
    """Return a better item among those of others in the same journeys, else `best`."""
    person = people[i]
    for k in range(person.first_choice, person.last_choice):
        own_choice = choices[own[k]]
        for m in range(own_choice.first_mate, own_choice.last_mate):
            c = mates[m]
            choice = choices[c]
            if choice.executor == i or not _may_be_taken(choice, firm, parameters):
                continue
            u = uniform(firm[0].key, REACHES_BEYOND, firm[0].week, people[i].who, c)
            if u * parameters[0].reach_skill >= skill[i, choice.domain]:
                continue
            if thinks_wrong(beliefs, choices, i, c) == 0.0:
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
    """Give each item to one person who wants it: its executor, or else by draw."""
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
    market,
    people,
    choices,
    mates,
    ties,
    neighbours,
    beliefs,
    i,
    firm,
    structure,
    parameters,
):
    """Let person `i` begin the item just won: set its proposal and amount of work."""
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
    now = structure[person.version]
    u = uniform(firm[0].key, RIGHT_TO_DECIDE, firm[0].week, c, 0)
    own = u < now.items_decided_by_executor or person.leader < 0
    choice.decided_by_executor = 1 if own else 0
    shown = first_draft(market, choices, beliefs, i, c, now, firm)
    choice.proposal = 1 if shown else 0
    mark(market, PLANNED, c, shown)
    z = normal(firm[0].key, ITEM_SIZE, firm[0].week, c, 0)
    choice.work_left = parameters[0].item_hours * exp(0.3 * z)
    if person.maker == 1:
        choice.work_left *= now.tool_hours
    choice.duplicate = 0.0
    if choice.initiative == 1:
        firm[0].initiative_items += 1
    if _works_unseen(people, choices, mates, ties, neighbours, i, c, firm):
        u = uniform(firm[0].key, DUPLICATE_SEEN, firm[0].week, c, 0)
        if u >= now.duplicates_visible:
            choice.duplicate = parameters[0].duplicate_share * parameters[0].item_hours
            choice.work_left += choice.duplicate


@rule
def first_draft(market, choices, beliefs, i, c, now, firm):
    """Return person `i`'s first proposal for item `c`.

    It is what the person believes; without a belief, what is executed already. If a
    tool makes the draft, it is the visible optimum, unless the person has a belief and
    the right to decide.
    """
    shown = choices[c].executed == 1
    known = holds(beliefs, i, KNOWN, c)
    if known:
        shown = would_do(beliefs, i, c)
        if choices[c].decided_by_executor == 1:
            return shown
    if uniform(firm[0].key, TOOL_DRAFTS, firm[0].week, c, 0) < now.tool_drafts:
        return shows(market, VISIBLE, c)
    return shown


@rule
def _works_unseen(people, choices, mates, ties, neighbours, i, c, firm):
    """Return whether somebody whom `i` does not meet works on the same journey."""
    choice = choices[c]
    for m in range(choice.first_mate, choice.last_mate):
        mate = choices[mates[m]]
        if mates[m] == c or mate.stage != IN_WORK or mate.opened == firm[0].week:
            continue
        other = mate.worker
        if other == i or people[other].department == people[i].department:
            continue
        if contact(people, ties, neighbours, i, other) < 0.1:
            return True
    return False


@rule
def contact(people, ties, neighbours, i, other):
    """Return the hours a week in which persons `i` and `other` meet."""
    total = 0.0
    for k in range(people[i].first_tie, people[i].last_tie):
        if neighbours[k].person == other:
            total += ties[neighbours[k].tie].contact
    return total


@rule
def work_on_item(people, choices, market, enacted, i, firm, structure, parameters):
    """Let person `i` work on the current item; when done, decide or hand it in."""
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
