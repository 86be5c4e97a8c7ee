"""Phase 12: motivation, ownership, territory and psychological safety."""

from simulation.arithmetic import exp
from simulation.compiled import rule
from simulation.rules.strategy import kinship
from simulation.rules.work import USUAL_CLARITY
from simulation.state import WORKING


@rule
def motivate(people, i, firm, parameters):
    """Move motivation towards the level that control, progress, support, meaning give.

    Self-determination (Deci & Ryan 2000); clear goals motivate (Locke & Latham 2002);
    exhaustion lowers motivation. People differ in it whatever the job (Judge & Larsen
    2001).
    """
    p = parameters[0]
    person = people[i]
    z_control = (person.control - p.control_mean) / p.control_sd
    z_support = (person.support - p.support_mean) / p.support_sd
    meaning = person.told * kinship(people, i, firm)
    aim = 0.5 + p.motivation_spread * person.eagerness
    aim += p.motivation_control * z_control
    aim += p.motivation_progress * (person.progress - 0.6)
    aim += p.motivation_support * z_support
    aim += p.motivation_meaning * (meaning - 0.4)
    aim += p.motivation_clarity * (person.clarity - USUAL_CLARITY)
    aim -= p.motivation_exhaustion * person.exhaustion
    aim = min(1.0, max(0.0, aim))
    person.motivation = aim + (person.motivation - aim) * p.keep_motivation


@rule
def take_ownership(people, i, parameters):
    """Let ownership grow with hours on items that one decides about and knows; decay.

    Control, intimate knowledge, investment of self (Pierce, Kostova & Dirks 2001). Who
    is motivated invests more of the self.
    """
    p = parameters[0]
    person = people[i]
    items = person.right + person.wrong + person.unknown
    known = 0.0
    if items > 0:
        known = (person.right + person.wrong) / items
    invested = min(1.0, person.hours_items / max(0.1, p.improving_hours))
    invested *= max(0.0, 1.0 + p.ownership_motivation * (person.motivation - 0.5))
    gain = min(1.0, p.ownership_gain * person.own_share * known * invested)
    person.ownership += gain * (1.0 - person.ownership)
    person.ownership *= p.keep_ownership


@rule
def guard_ground(people, i, parameters):
    """Let strong ownership in a closed group turn into territoriality.

    Closedness is the share of contact hours that stays within the own team (Brown,
    Lawrence & Robinson 2005).
    """
    person = people[i]
    above = max(0.0, person.ownership - parameters[0].territory_above)
    person.territory = min(1.0, 2.0 * above * person.closed)


@rule
def feel_safe(people, i, parameters):
    """Move psychological safety: listening raises it, being overruled lowers it."""
    p = parameters[0]
    person = people[i]
    aim = p.safety_base + p.safety_listening * (1.0 - exp(-3.0 * person.listened))
    aim -= p.safety_overruled * person.overruled
    aim = min(1.0, max(0.0, aim))
    person.safety = aim + (person.safety - aim) * p.keep_safety


@rule
def grow(people, i, firm, parameters):
    """Update by a week all that drives person `i`, and the week's performance."""
    person = people[i]
    if person.status != WORKING:
        return
    motivate(people, i, firm, parameters)
    take_ownership(people, i, parameters)
    guard_ground(people, i, parameters)
    feel_safe(people, i, parameters)
    person.tenure += 1
    person.performance = performance(person, parameters)


@rule
def performance(person, parameters):
    """Return the week's performance: output per hour, share delivered, quality.

    The share delivered is that of work that was not dropped, without rework. The amount
    of work is no merit, so it is not part of performance.
    """
    done = person.deliverables * parameters[0].hours_per_deliverable
    asked = done + person.dropped
    delivered = done / asked if asked > 0.0 else 1.0
    again = min(1.0, person.hours_rework / max(1.0, person.hours_total))
    delivered *= 1.0 - again
    return person.productivity * delivered * (0.7 + 0.5 * person.progress)
