"""Rules bound to the arrays of one organisation.

A rule names what it works on: its parameters are fields of the state, and `i` is the
index of a person. Binding looks them up once, so that an agent calls `rules.talk(i)`
at the cost of a plain call into machine code.
"""

import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

from simulation.compiled import entry
from simulation.rules import (
    change,
    drive,
    evaluate,
    gate,
    items,
    leaders,
    market,
    money,
    observe,
    results,
    sales,
    staffing,
    strain,
    strategy,
    talk,
    work,
)

WEEK = (
    change.apply_dated_changes,
    change.carry_change,
    change.adapt,
    change.adopt_version,
    observe.reset_counts,
    staffing.come_and_go,
    market.move_market,
    market.shock_market,
    work.begin_week,
    work.meet,
    leaders.remember_practice,
    leaders.set_priorities,
    leaders.spend_hours,
    leaders.form_picture,
    leaders.adopt_picture,
    work.plan_week,
    work.craft_skill,
    gate.raise_questions,
    gate.review,
    items.wish_for_item,
    items.settle_wishes,
    items.start_item,
    items.work_on_item,
    gate.age_items,
    market.judge_offer,
    market.meet_market,
    sales.sell,
    sales.sell_inbound,
    sales.pass_on_leads,
    sales.expire_leads,
    results.read_results,
    results.run_tests,
    results.commit,
    results.count_stock,
    talk.talk,
    talk.listen,
    strategy.judge_strategy,
    strategy.learn_strategy,
    strategy.follow_values,
    strategy.hear_strategy,
    strategy.forget_written,
    strain.strain,
    strain.settle,
    drive.grow,
    staffing.stay_or_leave,
    staffing.agency_goes,
    money.build_brand,
    money.review_budget,
    money.keep_books,
    evaluate.note_hand_offs,
    evaluate.age_ties,
    evaluate.evaluate_collaboration,
    evaluate.move_hours,
    observe.observe,
)
"""Every rule that the week calls by itself."""


@cache
def arguments(rule: Callable) -> tuple[str, ...]:
    """Return the names of what a rule works on."""
    return tuple(inspect.signature(getattr(rule, "py_func", rule)).parameters)


def bind(rule: Callable, state: Any) -> Callable[..., Any]:
    """Return a rule as a function of a person's index, or of nothing at all."""
    names = arguments(rule)
    values = [0 if name == "i" else getattr(state, name) for name in names]
    code = entry(rule, *values)
    if "i" not in names:
        return lambda: code(*values)
    at = names.index("i")
    before, after = tuple(values[:at]), tuple(values[at + 1 :])
    return lambda i: code(*before, i, *after)


def bind_week(state: Any) -> SimpleNamespace:
    """Return all rules of the week, bound to the arrays of `state`, by name."""
    return SimpleNamespace(**{rule.__name__: bind(rule, state) for rule in WEEK})
