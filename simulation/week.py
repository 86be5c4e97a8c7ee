"""The order of the week, in one table: who does what, by which rules.

The Mesa model calls the methods in the second column, of agents and of the
organisation, in this order. The ensemble calls the rules in the third column, in the
same order. An agent's method calls the rules beside its name, unless a subclass
overrides it.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from simulation.rules import (
    change,
    comparing,
    drive,
    evaluate,
    exceptions,
    experience,
    forgetting,
    gate,
    items,
    leaders,
    loads,
    market,
    money,
    news,
    observe,
    results,
    sales,
    staffing,
    strain,
    strategy,
    talk,
    work,
)

ORGANISATION = "organisation"
EVERYONE = "everyone"
LEADERS = "leaders"
SALES_PEOPLE = "sales people"


class Phase(NamedTuple):
    """A step of the week: `who` does `what`, by `rules`, person by person."""

    who: str
    what: str
    rules: tuple[Callable[..., Any], ...]


def _whole(rule: Callable[..., Any]) -> Phase:
    """Return the phase that calls one rule of the whole organisation."""
    return Phase(ORGANISATION, rule.__name__, (rule,))


WEEK = (
    # dated changes are due; people come and go; changes are brought
    _whole(change.apply_dated_changes),
    _whole(observe.reset_counts),
    _whole(staffing.leave_as_dated),
    _whole(staffing.unsettle_teams),
    Phase(EVERYONE, "arrive_or_go", (staffing.come_and_go,)),
    _whole(change.carry_change),
    _whole(work.plan_contacts),
    Phase(
        EVERYONE,
        "begin_week",
        (
            work.begin_week,
            strain.go_through,
            staffing.call_in_sick,
            change.adapt,
            news.form_focus,
        ),
    ),
    # 1 the market moves
    _whole(market.shock_market),
    _whole(market.move_market),
    # 2 leaders spend their hours
    Phase(EVERYONE, "meet", (work.meet, news.hear_news)),
    Phase(
        LEADERS,
        "lead",
        (leaders.remember_practice, leaders.set_priorities, leaders.spend_hours),
    ),
    # 3 work arrives and hours are divided
    _whole(loads.load_organisation),
    _whole(loads.cover_absent),
    Phase(
        EVERYONE,
        "plan",
        (
            news.remember_news,
            work.plan_week,
            work.craft_skill,
            exceptions.raise_questions,
            gate.hand_in,
            leaders.form_picture,
        ),
    ),
    # 4 people decide
    Phase(LEADERS, "review", (gate.review,)),
    _whole(exceptions.guess_unanswered),
    Phase(EVERYONE, "decide", (items.wish_for_item,)),
    _whole(items.settle_wishes),
    Phase(EVERYONE, "start", (items.start_item,)),
    Phase(EVERYONE, "work", (items.work_on_item,)),
    _whole(gate.age_items),
    # 5 campaigns meet the market
    _whole(market.judge_offer),
    _whole(comparing.compare_results),
    _whole(market.meet_market),
    # 6 sales accept, pursue, close
    _whole(sales.pass_on_leads),
    Phase(SALES_PEOPLE, "sell", (sales.sell,)),
    _whole(sales.sell_inbound),
    _whole(sales.expire_leads),
    # 7 results travel
    Phase(EVERYONE, "learn", (results.read_results,)),
    Phase(EVERYONE, "conclude", (results.commit,)),
    # 8 people talk
    _whole(talk.choose_exchanges),
    Phase(EVERYONE, "talk", (talk.talk,)),
    Phase(LEADERS, "listen", (talk.listen,)),
    Phase(EVERYONE, "conclude", (results.commit,)),
    # 9 tests
    Phase(EVERYONE, "test", (results.run_tests,)),
    Phase(LEADERS, "hear_results", (results.hear_results,)),
    Phase(EVERYONE, "conclude", (results.commit,)),
    # 10 the strategy learns and is learned from
    _whole(strategy.learn_strategy),
    _whole(strategy.follow_values),
    _whole(strategy.forget_written),
    _whole(forgetting.age_strategy),
    Phase(EVERYONE, "hear_strategy", (strategy.hear_strategy,)),
    Phase(EVERYONE, "conclude", (results.commit,)),
    # 11 strain, 12 motivation and ownership
    _whole(leaders.weigh_practice),
    Phase(EVERYONE, "strain", (strain.strain,)),
    Phase(
        EVERYONE,
        "recover",
        (
            strain.settle,
            drive.grow,
            experience.gain_experience,
            forgetting.forget,
            results.count_stock,
        ),
    ),
    # 14 money
    _whole(money.build_brand),
    _whole(money.review_budget),
    _whole(money.keep_books),
    # 15 the collaboration is evaluated
    _whole(evaluate.note_hand_offs),
    _whole(evaluate.age_ties),
    Phase(EVERYONE, "evaluate", (evaluate.evaluate_collaboration,)),
    _whole(evaluate.move_hours),
    # the week is observed; 13 leave and leaving: who leaves is gone next week
    _whole(observe.observe),
    Phase(EVERYONE, "stay_or_leave", (staffing.stay_or_leave, staffing.agency_goes)),
    Phase(EVERYONE, "end_week", (change.adopt_version, leaders.adopt_picture)),
)
"""The phases of a week."""

RULES = tuple(dict.fromkeys(rule for phase in WEEK for rule in phase.rules))
"""Every rule that the week calls, once."""
