"""Knowledge of people and of the strategy fades: it is forgotten or outdated."""

from simulation.chance import bernoulli_word
from simulation.compiled import rule
from simulation.purposes import CODE_FADES, FORGETS
from simulation.rules.bits import ZERO, count, step_towards
from simulation.state import (
    KNOWN,
    NEXT_KNOWN,
    NEXT_SURE,
    NEXT_VALUE,
    OWN,
    SURE,
    VALUE,
    WISHED,
)

EVERY = 4
"""Weeks from one fading of a person's evidence to the next; people take turns."""


@rule
def fading(now, parameters):
    """Return the probability that a step of evidence is lost at a fading.

    Part is forgotten (0 to 3 % a month, Thompson 2007); part is discounted, as people
    know how fast their market moves.
    """
    p = parameters[0]
    drift = now.market_drift * now.market_turbulence
    return EVERY * (p.forgetting + p.news_ages * drift)


@rule
def fade(known, value, s0, s1, s2, chance, key, purpose, week, who, word):
    """Return the planes of a word of counters after each step faded with a probability.

    Each digit of a counter takes away one step, with probability `chance` times the
    number of steps that the digit stands for. So a counter loses on average its size
    times `chance`, and at most four steps.
    """
    sizes = (known, s0, s1, s2)
    steps = (1.0, 1.0, 2.0, 4.0)
    for digit in range(4):
        if sizes[digit] == ZERO:
            continue
        lost = bernoulli_word(
            key,
            purpose,
            week,
            who,
            4 * word + digit,
            steps[digit] * chance,
            sizes[digit],
        )
        lost &= known
        known, value, s0, s1, s2 = step_towards(
            known, value, s0, s1, s2, lost, ~value, 0
        )
    return known, value, s0, s1, s2


@rule
def forget(beliefs, market, people, i, firm, structure, parameters):
    """Let the evidence of person `i` fade; right beliefs that are lost are corruptions.

    Vacant seats hold no evidence.
    """
    person = people[i]
    f = firm[0]
    if (f.week + person.seat) % EVERY != 0:
        return
    chance = fading(structure[person.version], parameters)
    if chance <= 0.0:
        return
    for word in range(beliefs.shape[2]):
        before = beliefs[i, KNOWN, word]
        if before == ZERO:
            continue
        value = beliefs[i, VALUE, word]
        right = before & ~(value ^ market[WISHED, word])
        known, value, s0, s1, s2 = fade(
            before,
            value,
            beliefs[i, SURE, word],
            beliefs[i, SURE + 1, word],
            beliefs[i, SURE + 2, word],
            chance,
            f.key,
            FORGETS,
            f.week,
            person.who,
            word,
        )
        person.corruptions += count(beliefs[i, OWN, word] & right & ~known)
        beliefs[i, KNOWN, word] = beliefs[i, NEXT_KNOWN, word] = known
        beliefs[i, VALUE, word] = beliefs[i, NEXT_VALUE, word] = value
        beliefs[i, SURE, word] = beliefs[i, NEXT_SURE, word] = s0
        beliefs[i, SURE + 1, word] = beliefs[i, NEXT_SURE + 1, word] = s1
        beliefs[i, SURE + 2, word] = beliefs[i, NEXT_SURE + 2, word] = s2


@rule
def age_strategy(strategy, firm, structure, parameters):
    """Let the evidence behind the strategy's beliefs fade."""
    f = firm[0]
    chance = fading(structure[f.version], parameters)
    if f.week % EVERY != 0 or chance <= 0.0:
        return
    for word in range(strategy.shape[1]):
        known, value, s0, s1, s2 = fade(
            strategy[KNOWN, word],
            strategy[VALUE, word],
            strategy[SURE, word],
            strategy[SURE + 1, word],
            strategy[SURE + 2, word],
            chance,
            f.key,
            CODE_FADES,
            f.week,
            0,
            word,
        )
        strategy[KNOWN, word] = known
        strategy[VALUE, word] = value
        strategy[SURE, word] = s0
        strategy[SURE + 1, word] = s1
        strategy[SURE + 2, word] = s2
