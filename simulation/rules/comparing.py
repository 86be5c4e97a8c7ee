"""Before and after: whoever changes an item sees if the journey's results went up.

This needs no reporting system. It is slow, and blurred by anything else that changed in
the journey meanwhile (Levitt & March 1988 on superstitious learning).
"""

from simulation.chance import normal
from simulation.compiled import rule
from simulation.purposes import COMPARISON
from simulation.rules.journeys import fits, journey_fit
from simulation.state import EXECUTED, WANTED

NOTHING, BETTER, WORSE = range(3)


@rule
def journey_value(market, choices, mates, c, parameters):
    """Return how much the journey of `c` adds to the share of leads that fit."""
    p = parameters[0]
    choice = choices[c]
    value = 0.0
    for k in range(choice.first_mate, choice.last_mate):
        mate = mates[k]
        if fits(market, mate, WANTED, EXECUTED):
            value += p.fit_choice
            if journey_fit(market, choices, mates, mate, WANTED, EXECUTED) == 1.0:
                value += p.fit_bundle
    return value / max(1, choice.last_mate - choice.first_mate)


@rule
def compare_results(market, choices, mates, firm, parameters):
    """Compare the results of journeys before and after a change, when that is due.

    Sets the `verdict` of items that were changed `before_after_weeks` ago.
    """
    weeks = int(parameters[0].before_after_weeks)
    if weeks <= 0:
        return
    for first in range(choices.shape[0]):
        start = choices[first].first_mate
        if choices[first].exists == 0 or mates[start] != first:
            continue
        value = journey_value(market, choices, mates, first, parameters)
        for k in range(start, choices[first].last_mate):
            _compare_item(choices, mates[k], value, weeks, firm, parameters)


@rule
def _compare_item(choices, c, value, weeks, firm, parameters):
    """Compare the value of the journey of item `c` now and before its change."""
    f = firm[0]
    choice = choices[c]
    choice.verdict = NOTHING
    if choice.changed == 1:
        choice.value_before = choice.value
        choice.compared_at = f.week + weeks
        choice.changed = 0
    elif choice.compared_at == f.week:
        noise = parameters[0].before_after_noise
        noise *= normal(f.key, COMPARISON, f.week, c, 0)
        more = value - choice.value_before + noise
        choice.verdict = BETTER if more > 0.0 else WORSE
    choice.value = value
