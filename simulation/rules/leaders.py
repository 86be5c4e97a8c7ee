"""Phase 2: leaders state priorities and spend their hours."""

from simulation.arithmetic import exp, reached_within
from simulation.chance import uniform
from simulation.compiled import rule
from simulation.purposes import PICTURE, PRIORITY_HEARD, PRIORITY_TIE, TURN
from simulation.rules.news import thinks_wrong
from simulation.state import LEADER, THEMES, WORKING


@rule
def _add_concern(scores, choices, beliefs, i, c, stated):
    """Raise the score of `c`'s theme if leader `i` thinks `c` wrong, or if it shines.

    The first counts as far as priorities are `stated`, visible results as far as not.
    """
    choice = choices[c]
    scores[i, choice.theme] += stated * thinks_wrong(beliefs, choices, i, c)
    scores[i, choice.theme] += (1.0 - stated) * choice.attention


@rule
def _best_themes(scores, i, themes, size):
    """Return the `size` themes with the highest scores, as a mask."""
    mask = 0
    for _ in range(size):
        best = -1
        best_score = -1.0
        for theme in range(themes):
            if (mask >> theme) & 1 == 0 and scores[i, theme] > best_score:
                best = theme
                best_score = scores[i, theme]
        mask |= 1 << best
    return mask


@rule
def turn(person, weeks, firm):
    """Return a person's turn, 0 to `weeks` - 1; each world draws it once."""
    return int(uniform(firm[0].key, TURN, 0, person.seat, 0) * weeks)


@rule
def set_priorities(
    scores, people, choices, beliefs, reports, own, i, firm, structure, parameters
):
    """Let leader `i` set new priorities when the time for which they hold is over.

    If priorities are stated, they follow what the leader believes is wrong in the line,
    and the priorities of the leader above. If not, they follow the strongest visible
    recent results. Near ties are broken by an addressed draw.
    """
    leader = people[i]
    now = structure[leader.version]
    held = max(1, int(now.priorities_held_weeks))
    if leader.stated != 0 and (firm[0].week + turn(leader, held, firm)) % held != 0:
        return
    for theme in range(THEMES):
        scores[i, theme] = 0.0
        if leader.leader >= 0 and (leader.picture >> theme) & 1 == 1:
            scores[i, theme] = parameters[0].priority_from_above * now.priorities_stated
    for r in range(leader.first_report, leader.last_report):
        person = people[reports[r]]
        if person.leader != i:
            continue
        for k in range(person.first_choice, person.last_choice):
            _add_concern(scores, choices, beliefs, i, own[k], now.priorities_stated)
    f = firm[0]
    for theme in range(f.themes):
        u = uniform(f.key, PRIORITY_TIE, f.week, leader.seat, theme)
        scores[i, theme] += 0.5 * u
    leader.stated = _best_themes(scores, i, f.themes, f.stated_size)


@rule
def line_size(people, reports, i, structure):
    """Return the number of people leader `i` attends to; second lines count half."""
    size = 0.0
    for r in range(people[i].first_report, people[i].last_report):
        person = people[reports[r]]
        if person.leader == i:
            size += 1.0
        elif person.project_leader == i:
            size += 0.5 * structure[person.version].second_line
    return size


@rule
def spend_hours(people, reports, i, firm, structure, parameters):
    """Divide the hours of leader `i` that meetings and reactive work leave free.

    Leaders decide for themselves, except for items that the leader above reviews. Hours
    of talks and listening are divided evenly over reports; hours to bring a change go
    to those whom it has not reached yet. Reactive share after Porter & Nohria (2018).
    """
    leader = people[i]
    now = structure[leader.version]
    leader.talk_each = 0.0
    leader.listen_each = 0.0
    leader.review_hours = 0.0
    leader.review_each = 0.0
    leader.change_each = 0.0
    leader.strategy_hours = 0.0
    leader.hears = 0.0
    if leader.status != WORKING or leader.last_report == leader.first_report:
        return
    if leader.role == LEADER:
        leader.chosen_share = 1.0
        leader.own_share = 1.0
        if leader.leader >= 0:
            leader.own_share -= now.items_reviewed
    p = parameters[0]
    there = leader.contract - leader.hours_sick
    free = there * (1.0 - p.leader_reactive_share) - leader.hours_meeting
    free = max(0.1 * leader.contract, free)
    if leader.role != LEADER:
        free *= p.coach_share
    size = line_size(people, reports, i, structure)
    if size <= 0.0:
        return
    behind = 0
    for r in range(leader.first_report, leader.last_report):
        report = people[reports[r]]
        if report.leader == i and report.version < firm[0].version:
            behind += 1
    leader.talk_each = free * now.leader_direction_share / size
    leader.listen_each = free * now.leader_listening_share / size
    leader.hears = leader.talk_each * now.talks_about_learning + leader.listen_each
    leader.review_hours = free * now.leader_review_share
    leader.review_each = leader.review_hours / size
    leader.strategy_hours = free * now.leader_strategy_share
    if behind > 0:
        leader.change_each = leader.strategy_hours * p.change_share / behind


@rule
def form_picture(people, enacted, i, firm, structure, parameters):
    """Let person `i` update the picture of priorities from talks and from practice.

    Talks pass on the leader's priorities; the champion passes on those of the top.
    Slowly, people also infer priorities from what is approved around them, one theme at
    a time. With a second line and unsettled conflicts, the two leaders' priorities
    overwrite one another.
    """
    person = people[i]
    person.next_picture = person.picture
    if person.leader < 0:
        person.next_picture = person.stated
        return
    if person.status != WORKING:
        return
    p = parameters[0]
    f = firm[0]
    now = structure[person.version]
    leader = person.leader
    other_line = 0.0
    if person.project_leader >= 0 and person.second_rank < now.second_line:
        if now.conflicts_settled < 0.5 and (f.week + turn(person, 2, firm)) % 2 == 0:
            leader = person.project_leader
            other_line = 1.0
    hours = people[leader].talk_each
    person.torn += (other_line - person.torn) / 13.0
    stated = p.picture_from_talk * hours * now.priorities_stated
    champion = p.picture_from_talk * f.champion_each
    if reached_within(stated, uniform(f.key, PICTURE, f.week, person.who, 0)):
        person.next_picture = heard_priorities(people[leader].stated, person, f, p)
    elif champion > 0.0 and reached_within(
        champion, uniform(f.key, PICTURE, f.week, person.who, 1)
    ):
        person.next_picture = heard_priorities(people[f.top].stated, person, f, p)
    elif uniform(f.key, PICTURE, f.week, person.who, 2) < p.picture_from_practice:
        v = uniform(f.key, PICTURE, f.week, person.who, 4)
        w = uniform(f.key, PICTURE, f.week, person.who, 5)
        seen = _theme_by_weight(enacted, person.leader, v)
        person.next_picture = _replace_theme(person.picture, seen, w, f.stated_size)


@rule
def heard_priorities(stated, person, f, p):
    """Return stated priorities as a person understands them: some are mistaken."""
    heard = 0
    for theme in range(f.themes):
        if (stated >> theme) & 1 == 1:
            u = uniform(f.key, PRIORITY_HEARD, f.week, person.who, theme)
            if u < p.fidelity:
                heard |= 1 << theme
            else:
                heard |= 1 << int((u - p.fidelity) / (1.0 - p.fidelity) * f.themes)
    return heard


@rule
def _theme_by_weight(enacted, leader, u):
    """Return a theme drawn by its weight in what `leader`'s line approved lately."""
    total = 0.0
    for theme in range(THEMES):
        total += enacted[leader, theme]
    left = u * total
    for theme in range(THEMES):
        left -= enacted[leader, theme]
        if left < 0.0:
            return theme
    return THEMES - 1


@rule
def _replace_theme(picture, theme, u, size):
    """Return a picture with `theme`; if it is full, in place of one drawn by `u`."""
    if (picture >> theme) & 1 == 1:
        return picture
    held = 0
    for t in range(THEMES):
        held += (picture >> t) & 1
    out = int(u * held)
    for t in range(THEMES):
        if (picture >> t) & 1 == 1 and held >= size:
            if out == 0:
                return (picture & ~(1 << t)) | (1 << theme)
            out -= 1
    return picture | (1 << theme)


@rule
def adopt_picture(people, i):
    """Make the picture of priorities after this week's talks that of person `i`."""
    people[i].picture = people[i].next_picture


@rule
def practised(enacted, leader, size):
    """Return the `size` themes that `leader`'s line approves most, as a mask."""
    mask = 0
    for _ in range(size):
        best = 0
        best_value = -1.0
        for theme in range(THEMES):
            if (mask >> theme) & 1 == 0 and enacted[leader, theme] > best_value:
                best = theme
                best_value = enacted[leader, theme]
        mask |= 1 << best
    return mask


@rule
def remember_practice(enacted, people, i, structure, parameters):
    """Update the memory of what leader `i`'s line approves: it fades, and talks add.

    Talks reward work on the leader's priorities, as far as priorities are stated.
    Launches are added elsewhere, when they happen.
    """
    leader = people[i]
    p = parameters[0]
    talks = 1.0 - exp(-2.0 * leader.talk_each)
    praise = p.talk_reward * structure[leader.version].priorities_stated * talks
    for theme in range(THEMES):
        enacted[i, theme] *= p.keep_enacted
        if (leader.stated >> theme) & 1 == 1:
            enacted[i, theme] += praise


@rule
def approved(themes, enacted, leader):
    """Return the weight of a mask of themes in what `leader`'s line approves."""
    weight = 0.0
    for theme in range(THEMES):
        if (themes >> theme) & 1 == 1:
            weight += enacted[leader, theme]
    return weight


@rule
def weigh_practice(people, enacted, firm):
    """Set, for everyone who leads, the weight of the themes the line approves most.

    As many themes count as are stated. People without a leader, who follow themselves,
    are included.
    """
    for i in range(people.shape[0]):
        person = people[i]
        if person.leader < 0 or person.last_report > person.first_report:
            best = practised(enacted, i, firm[0].stated_size)
            person.practice = approved(best, enacted, i)


@rule
def agreement(picture, enacted, people, leader):
    """Return how much of what is in fact approved a picture of priorities covers.

    It is 0 to 1: the approved weight of the pictured themes over that of as many best
    themes, and 0.5 if hardly anything was approved.
    """
    covered = approved(picture, enacted, leader)
    top = people[leader].practice
    if top <= 0.05:
        return 0.5
    return min(1.0, covered / top)
