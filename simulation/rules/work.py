"""Phase 3: work arrives, and the week's hours are divided."""

from simulation.arithmetic import exp, power
from simulation.chance import normal
from simulation.compiled import rule
from simulation.purposes import ROUTINE, SIDE_WORK
from simulation.rules.experience import unit_cost
from simulation.rules.leaders import line_size
from simulation.rules.loads import shared_load
from simulation.state import LEADER, WORKING

NEAR_DOMAINS = 4
"""Number of other domains over which skill spreads: two on either side."""
USUAL_SKILL, USUAL_CLARITY = 0.55, 0.7
"""Skill in the own domain, and clarity, at which output is not changed."""


@rule
def begin_week(people, i, firm):
    """Set the weekly quantities of person `i` to zero."""
    person = people[i]
    person.corrections = 0
    person.corruptions = 0
    person.taken_over = 0
    person.leads_judged = 0
    person.leads_answered = 0
    person.leads_pursued = 0
    person.leads_within_hour = 0
    person.answer_hours = 0.0
    person.stock_start = person.wrong + person.unknown
    person.wish = -1
    person.hours_meeting = 0.0
    person.hours_admin = 0.0
    person.hours_side = 0.0
    person.hours_refused = 0.0
    person.hours_routine = 0.0
    person.hours_items = 0.0
    person.hours_rework = 0.0
    person.hours_duplicate = 0.0
    person.hours_testing = 0.0
    person.hours_training = 0.0
    person.hours_writing = 0.0
    person.hours_change = 0.0
    person.hours_over = 0.0
    person.hours_review = 0.0
    person.hours_talks = 0.0
    person.hours_questions = 0.0
    person.hours_initiative = 0.0
    person.hours_idle = 0.0
    person.hours_sick = 0.0
    person.hours_total = 0.0
    person.deliverables = 0.0
    person.dropped = 0.0
    person.questions = 0.0
    person.answered = 0.0
    person.guessed = 0.0
    person.item_hours = 0.0
    person.waiting = 0.0
    person.talked = 0.0
    person.feedback = 0.0
    person.listened = 0.0


@rule
def tie_hours(people, ties, hours, tie):
    """Return the contact hours of a tie this week.

    They are those of the older way of working of the two people, so a tie of the new
    way exists only once the change has reached both. Nobody meets people who are away.
    """
    a = people[ties[tie].a]
    b = people[ties[tie].b]
    if a.status != WORKING or b.status != WORKING:
        return 0.0
    version = min(a.version, b.version)
    return max(0.0, hours[version, tie] + ties[tie].moved)


@rule
def plan_contacts(people, ties, hours, parameters):
    """Compute each tie's contact hours this week, and its strength.

    Complex knowledge needs strong ties: with `h` contact hours an exchange takes place
    with probability (1 - exp(-h))^(1 + complexity) (Hansen 1999).
    """
    complexity = parameters[0].tie_complexity
    for t in range(ties.shape[0]):
        tie = ties[t]
        h = tie_hours(people, ties, hours, t)
        if h != tie.contact:
            tie.contact = h
            tie.bond = 1.0 - exp(-h)
            tie.chance = power(tie.bond, 1.0 + complexity)


@rule
def meet(people, ties, neighbours, i):
    """Add up the hours that person `i` spends on ties this week.

    Also compute the share of these hours within the own team, the experience of the
    colleagues met there, and the share of counterparts in the sister department (people
    with shared journeys) who are not met: their work and the person's is duplicated.
    """
    person = people[i]
    total = 0.0
    inside = 0.0
    counterparts = 0.0
    unseen = 0.0
    near = 0.0
    for k in range(person.first_tie, person.last_tie):
        h = ties[neighbours[k].tie].contact
        total += h
        other = people[neighbours[k].person]
        if other.team == person.team:
            inside += h
            near += h * other.experience
        if other.maker == 1 and other.department != person.department:
            counterparts += 1.0
            unseen += 1.0 if h < 0.1 else 0.0
    person.hours_meeting = min(total, 0.6 * person.contract)
    person.closed = inside / total if total > 0.0 else 0.0
    person.experience_near = near / inside if inside > 0.0 else 0.0
    person.unseen = 0.0
    if person.maker == 1 and counterparts > 0.0:
        person.unseen = unseen / counterparts


@rule
def productivity(people, i, skill, parameters):
    """Return output per hour of person `i`: 1 for an experienced one of usual skill.

    Skill has a moderate effect; people of equal skill differ; newcomers need more hours
    for the same work (`unit_cost`). Unclear roles lower output (Gilboa et al. 2008).
    Feedback, in talks and in reviews of work, raises it on average (Kluger & DeNisi
    1996).
    """
    p = parameters[0]
    person = people[i]
    tired = max(0.2, 1.0 - p.productivity_exhaustion * person.exhaustion)
    keen = 1.0 + p.productivity_motivation * (person.motivation - 0.5)
    able = 1.0 + p.productivity_skill * (skill[i, person.domain] - USUAL_SKILL)
    able *= ability(person, parameters)
    clear = 1.0 + p.productivity_clarity * (person.clarity - USUAL_CLARITY)
    told = 1.0 - exp(-2.0 * person.feedback)
    told = 1.0 + p.productivity_feedback * (told - 0.5)
    person.unit_cost = unit_cost(person, parameters)
    return max(0.05, tired * keen * able * clear * told / person.unit_cost)


@rule
def ability(person, parameters):
    """Return output at equal skill: lasting differences, and a part that moves.

    The mean over people is 1.
    """
    p = parameters[0]
    z = p.ability_spread * person.ability + p.ability_moves * person.form
    both = p.ability_spread * p.ability_spread + p.ability_moves * p.ability_moves
    return exp(z - 0.5 * both)


@rule
def _routine(person, now, share, firm, parameters):
    """Return the hours of routine deliverables that arrive at a person this week.

    Who gets more done is given more to do.
    """
    p = parameters[0]
    load = p.routine_load * power(share, p.routine_follows_hours)
    if person.role == LEADER:
        load = p.leader_reactive_share
    z = person.routine_trait * p.routine_spread
    z += p.routine_noise * normal(firm[0].key, ROUTINE, firm[0].week, person.who, 0)
    z += shared_load(person, firm, parameters)
    asked = 1.0
    if person.role != LEADER and person.leader >= 0:
        volume = 1.0 - now.talks_about_learning
        asked += p.routine_volume_push * volume * min(1.0, 4.0 * person.talked)
    given = power(person.productivity, p.routine_follows_output)
    return person.contract * load * given * exp(z) * asked


@rule
def _side_work(person, now, firm, parameters):
    """Return the hours of side work that arrive at a person, before any refusal."""
    hours = now.side_work_hours
    if person.maker == 1:
        hours = now.marketing_side_work_hours
    if person.external == 1 or hours <= 0.0:
        return 0.0
    sd = parameters[0].side_noise
    z = normal(firm[0].key, SIDE_WORK, firm[0].week, person.who, 0)
    return hours * exp(sd * z - 0.5 * sd * sd)


@rule
def plan_week(people, reports, skill, i, firm, structure, parameters):
    """Divide the contract hours of person `i`: duties, improvement, routine.

    Pressure is the backlog over what a person can do in a week without illness.

    Contract hours = illness + meetings + administration + talks + review + side work +
    change + tests + training + writing + questions + items + routine in normal time +
    idle; overtime comes on top. `raise_questions`, `work_on_item` and `review` book
    part of these later.
    """
    person = people[i]
    if person.status != WORKING:
        return
    now = structure[person.version]
    share = 1.0
    if person.maker == 1 and person.external == 0:
        share = now.marketing_hours_share
    person.hours_contract = person.contract * share
    person.hours_sick *= share
    room = _meet_and_lead(people, reports, i, now, structure, parameters)
    side = _side_work(person, now, firm, parameters)
    person.hours_refused = side * now.side_work_refusal
    person.hours_side = min(room, side - person.hours_refused)
    room -= person.hours_side
    person.hours_change = min(person.hours_change, room)
    room -= person.hours_change
    person.hours_testing = min(room, now.testing_hours * now.testing_protected)
    room -= person.hours_testing
    person.productivity = productivity(people, i, skill, parameters)
    _take_in_work(person, now, share, firm, parameters)
    effective = _effectiveness(person, now, parameters)
    able = max(0.5, (room + person.hours_sick) * effective)
    person.pressure = person.backlog / able
    person.load = 1.0 - exp(-person.pressure)
    room = _improve(person, now, share, room, parameters)
    _do_routine(person, room, effective, parameters)
    _drop_old_work(person, able, parameters)


@rule
def _meet_and_lead(people, reports, i, now, structure, parameters):
    """Book meetings, talks and a leader's hours for the line; return the hours left."""
    person = people[i]
    room = person.hours_contract - person.hours_sick
    if person.leader >= 0:
        person.talked = people[person.leader].talk_each
        person.listened = people[person.leader].listen_each
        person.feedback = person.talked + people[person.leader].review_each
    person.hours_meeting = min(person.hours_meeting, room)
    room -= person.hours_meeting
    if person.role != LEADER:
        due = parameters[0].admin_share * person.hours_contract
        person.hours_admin = min(room, due)
        room -= person.hours_admin
    told = now.strategy_to_departments
    if person.maker == 1:
        told = now.strategy_to_makers
    talks = person.talked + person.listened + parameters[0].telling_hours * told
    person.hours_talks = min(room, talks)
    room -= person.hours_talks
    if person.last_report > person.first_report:
        size = line_size(people, reports, i, structure)
        given = (person.talk_each + person.listen_each) * size + person.strategy_hours
        given = min(room, given)
        person.hours_talks += given
        person.review_hours = min(person.review_hours, room - given)
        room -= given + person.review_hours
    return room


@rule
def _take_in_work(person, now, share, firm, parameters):
    """Add routine (own, taken over, duplicated) and rework to the backlog."""
    arriving = _routine(person, now, share, firm, parameters)
    twice = parameters[0].routine_overlap * person.unseen
    person.hours_duplicate = arriving * twice * (1.0 - now.duplicates_visible)
    person.hours_rework = person.redo_hours
    person.backlog += arriving + person.hours_cover
    person.backlog += person.hours_duplicate + person.redo_hours
    person.redo_hours = 0.0


@rule
def _effectiveness(person, now, parameters):
    """Return output per hour: productivity less the loss by switching to side work.

    Tools change the hours that makers' deliverables take.
    """
    away = person.hours_side / max(1.0, person.hours_contract)
    lost = min(0.9, parameters[0].switching_loss * away)
    effective = max(0.05, person.productivity * (1.0 - lost))
    if person.maker == 1 and person.role != LEADER:
        effective /= now.tool_hours
    return effective


@rule
def _improve(person, now, share, room, parameters):
    """Set aside hours for improvement, as pressure allows; return the hours left.

    Under pressure, time for improvement is cut first (Repenning & Sterman 2001).
    """
    calm = min(1.0, 1.0 / max(person.pressure, 1e-6))
    calm = calm * calm
    training = now.training_hours + now.practice_hours_outside
    training = (training + now.cross_training_hours) * calm
    writing = now.writing_hours * calm
    testing = now.testing_hours * (1.0 - now.testing_protected) * calm
    items = parameters[0].improving_hours * calm * share
    if person.last_choice == person.first_choice or person.role == LEADER:
        items = 0.0
        testing = 0.0
    wanted = training + writing + testing + items
    scale = 1.0
    if wanted > room:
        scale = room / wanted
    person.hours_training = training * scale
    person.hours_writing = writing * scale
    person.hours_testing += testing * scale
    person.item_hours = items * scale
    return max(0.0, room - wanted * scale)


@rule
def _do_routine(person, room, effective, parameters):
    """Work on the backlog in the hours left, and in overtime under pressure."""
    p = parameters[0]
    pressing = 0.0
    if person.pressure > 1.0:
        pressing = 1.0 - exp(1.0 - person.pressure)
    keen = 0.6 + p.overtime_ownership * person.ownership
    keen *= exp(p.overtime_spread * person.zeal)
    over = p.overtime_limit * person.contract * keen * pressing
    done = min(person.backlog, (room + over) * effective)
    used = done / effective
    person.hours_over = max(0.0, min(over, used - room))
    person.hours_routine = used - person.hours_over
    person.hours_idle = room - person.hours_routine
    person.backlog -= done
    person.deliverables = done / p.hours_per_deliverable
    person.hours_total = person.hours_contract - person.hours_sick
    person.hours_total += person.hours_over


@rule
def _drop_old_work(person, able, parameters):
    """Drop the backlog beyond `drop_weeks` weeks of capacity."""
    limit = parameters[0].drop_weeks * able
    if person.backlog > limit:
        person.dropped = person.backlog - limit
        person.backlog = limit


@rule
def craft_skill(people, skill, i, structure, parameters):
    """Let training and practice change the skill of person `i`.

    Training raises skill in the own domain towards 1. Practice outside and
    cross-training move skill from the own domain to others, at equal total, towards the
    breadth of the organisation's way of working.
    """
    person = people[i]
    if person.status != WORKING or person.hours_training <= 0.0:
        return
    p = parameters[0]
    now = structure[person.version]
    total_hours = now.training_hours + now.practice_hours_outside
    total_hours += now.cross_training_hours
    given = person.hours_training / max(1e-9, total_hours)
    own = person.domain
    gain = p.training_gain * now.training_hours * given
    skill[i, own] += gain * (1.0 - skill[i, own])
    person.craft += gain * (1.0 - person.craft)
    outside = now.practice_hours_outside + now.cross_training_hours
    target = now.skill_breadth
    if now.cross_training_hours > 0.0:
        target = max(target, p.cross_training_breadth)
    _widen(skill, i, own, p.practice_gain * outside * given, target)
    person.breadth = breadth_of(skill, i, own)


@rule
def _widen(skill, i, own, step, breadth):
    """Move skill from the own domain to near ones until `breadth` lies outside."""
    domains = skill.shape[1]
    total = 0.0
    for d in range(domains):
        total += skill[i, d]
    missing = breadth * total - (total - skill[i, own])
    if missing <= 0.0 or total <= 0.0:
        return
    moved = min(missing, step * total)
    skill[i, own] -= moved
    for k in range(NEAR_DOMAINS):
        skill[i, near_domain(own, k, domains)] += moved / NEAR_DOMAINS


@rule
def breadth_of(skill, i, own):
    """Return the share of person `i`'s skill outside the own domain."""
    total = 0.0
    for d in range(skill.shape[1]):
        total += skill[i, d]
    return 1.0 - skill[i, own] / max(1e-9, total)


@rule
def near_domain(own, k, domains):
    """Return the k-th of the domains near `own`: two before and two after it."""
    step = k - 2 if k < 2 else k - 1
    return (own + step + domains) % domains
