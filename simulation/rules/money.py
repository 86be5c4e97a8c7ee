"""Phase 14: brand, budget, revenue and cost."""

from simulation.compiled import rule
from simulation.state import VACANT


@rule
def build_brand(firm, parameters):
    """Let brand decay about 16 % a year, and grow with spend and consistency."""
    p = parameters[0]
    f = firm[0]
    heard = f.budget * (0.5 + f.consistency)
    f.brand += p.brand_decay * (heard - f.brand)


@rule
def review_budget(firm, structure, parameters):
    """Move the marketing budget at the end of each period over which it is judged.

    With weight `budget_reaction` the budget follows the ratio of the period's leads a
    week to those before; for the rest it returns to the level that is set.
    """
    p = parameters[0]
    f = firm[0]
    now = structure[f.version]
    f.leads_period += f.leads_handed
    f.period_weeks += 1
    if f.week % max(1, int(now.budget_horizon_weeks)) != 0:
        return
    rate = f.leads_period / f.period_weeks
    if f.leads_before > 0.0:
        justified = now.budget_level * min(1.3, max(0.4, rate / f.leads_before))
        aim = now.budget_level + now.budget_reaction * (justified - now.budget_level)
        f.budget += p.budget_step * (aim - f.budget)
        f.leads_before += 0.5 * (rate - f.leads_before)
    elif f.period_weeks > 1:
        f.leads_before = rate
    f.leads_period = 0.0
    f.period_weeks = 0


@rule
def keep_books(people, firm, structure, parameters):
    """Book the week's revenue and cost: people, externals, budget, changes."""
    p = parameters[0]
    f = firm[0]
    paid = f.pipeline / max(1.0, p.revenue_lag_weeks)
    f.pipeline -= paid
    f.revenue = paid
    cost = f.budget * f.channel_items * p.cost_budget
    f.change_cost = 0.0
    for i in range(people.shape[0]):
        person = people[i]
        if person.status != VACANT:
            rate = p.cost_hour * (p.cost_external if person.external == 1 else 1.0)
            cost += rate * person.contract
            f.change_cost += rate * person.hours_change
    yearly = 52.0 * 36.0 * p.cost_hour
    cost += f.joiners * p.cost_replacement * yearly + f.change_euros_due
    f.change_cost += f.change_euros_due
    f.change_euros_due = 0.0
    f.cost = cost
