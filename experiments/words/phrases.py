"""Answers in words, in English and Dutch.

All words are in `labels.toml`, by key and then by language; names of outcomes come
from the outcome registry, numbers from `numerals.py`.
"""

from collections.abc import Iterable, Mapping, Sequence

from experiments.statistics.intervals import Interval
from experiments.words.numerals import (
    change,
    decimals_carried,
    decimals_told,
    labels,
    level,
    number,
    quantity,
    say,
    size_and_ends,
)
from simulation.measures import LAST_WEEKS
from simulation.outcomes import LANGUAGES, Outcome, find
from simulation.scenario_values import ResolvedScenario

__all__ = [
    "LANGUAGES",
    "change",
    "clause",
    "decimals_carried",
    "decimals_told",
    "describe",
    "headline",
    "judgement",
    "labels",
    "level",
    "names",
    "not_known",
    "note",
    "number",
    "of_last_weeks",
    "quantity",
    "ranking",
    "say",
    "signed",
    "verdict",
]

OF_LAST_WEEKS = ("ratio_last", "mean_last")
"""Summaries of the last weeks of a run only."""
ENOUGH_TO_BE_SAME = 10
"""Worlds from which a difference that is the same in all of them is believed."""
MOST_NAMES = 4
"""Scenarios that a sentence lists by name before it counts the others."""


def verdict(difference: Interval, smallest_difference: float = 0.0) -> str:
    """Return the verdict on an interval: `raises`, `lowers`, `unchanged` or `unknown`.

    `unchanged` if the whole interval lies within the smallest difference that matters,
    else `unknown` if it spans zero or is missing. Also `unknown` if the differences
    are equal in all of fewer than `ENOUGH_TO_BE_SAME` worlds: the next may differ.
    """
    if not difference.known:
        return "unknown"
    if not difference.sd > 0 and difference.n < ENOUGH_TO_BE_SAME:
        return "unknown"
    if difference.within(smallest_difference):
        return "unchanged"
    if difference.spans_zero:
        return "unknown"
    return "raises" if difference.low > 0 else "lowers"


def judgement(difference: Interval, outcome: Outcome, language: str = "en") -> str:
    """Return the word for a difference: better, worse, the same or unclear.

    Higher or lower for outcomes of which neither direction is good.
    """
    said = verdict(difference, outcome.smallest_difference)
    if said in ("unknown", "unchanged"):
        return say("unclear" if said == "unknown" else "same", language)
    higher = said == "raises"
    if outcome.good == "neutral":
        return say("different_higher" if higher else "different_lower", language)
    return say("better" if higher == (outcome.good == "higher") else "worse", language)


def clause(
    difference: Interval,
    outcome: Outcome,
    language: str = "en",
    relative: Interval | None = None,
) -> str:
    """Return what follows a scenario's name: `raises lead quality by 11 points (...)`.

    The verdict is that of `difference`, also where `relative` is shown.
    """
    said = verdict(difference, outcome.smallest_difference)
    if said == "lowers":
        difference = _mirrored(difference)
        relative = relative and _mirrored(relative)
    alone = said in ("unchanged", "unknown")
    size, ends = size_and_ends(difference, outcome, language, relative, with_unit=alone)
    key = said
    if outcome.display == "weeks" and not alone:
        key = f"{said}_weeks"
    if said == "unchanged" and not difference.spans_zero:
        key = "hardly"
    what = outcome.in_sentence[language]
    return say(key, language, what=what, size=size, interval=ends)


def of_last_weeks(outcomes: Iterable[str], weeks: int, language: str = "en") -> str:
    """Return a sentence on which outcomes are of the last weeks only; "" if none is."""
    there = [find(name) for name in outcomes]
    whats = [x.in_sentence[language] for x in there if x.summary in OF_LAST_WEEKS]
    if not whats or weeks <= LAST_WEEKS:
        return ""
    span = {"first": weeks - LAST_WEEKS, "last": weeks - 1, "weeks": LAST_WEEKS}
    shown = {key: number(x, language) for key, x in span.items()}
    return say("of_last_weeks", language, whats=names(whats, language), **shown)


def _mirrored(x: Interval) -> Interval:
    return Interval(
        -x.estimate, -x.high, -x.low, x.level, x.n, x.dropped, x.sd, x.method
    )


def headline(
    scenario: str,
    differences: Mapping[str, Interval],
    language: str = "en",
    base: str | None = None,
    relative: Mapping[str, Interval] | None = None,
) -> str:
    """Return the answer in one sentence, from differences by outcome id.

    Outcomes with an unknown verdict come last; if all are unknown, the sentence says
    that scenario and base cannot be told apart.
    """
    scenario = scenario.strip() or say("this_scenario", language)
    relative = relative or {}
    if differences and not any(x.known for x in differences.values()):
        base = base or say("base", language)
        return say("scenario_too_few", language, scenario=scenario, base=base)
    told, untold = [], []
    for name, difference in differences.items():
        outcome = find(name)
        if verdict(difference, outcome.smallest_difference) == "unknown":
            untold.append(_named_ends(difference, outcome, language))
        else:
            told.append(clause(difference, outcome, language, relative.get(name)))
    return _sentence(scenario, told, untold, language, base)


def _named_ends(difference: Interval, outcome: Outcome, language: str) -> str:
    _, ends = size_and_ends(difference, outcome, language, with_unit=True)
    return f"{outcome.in_sentence[language]} ({ends})"


def _sentence(
    scenario: str, told: list, untold: list, language: str, base: str | None
) -> str:
    if not told and not untold:
        return say("scenario_nothing", language, scenario=scenario)
    if not told:
        whats = names(untold, language)
        base = base or say("base", language)
        return say(
            "scenario_unknown", language, scenario=scenario, base=base, whats=whats
        )
    clauses = names(told, language)
    if not untold:
        return say("scenario_does", language, scenario=scenario, clauses=clauses)
    unknown = say("cannot_tell", language, whats=names(untold, language, "or"))
    return say(
        "scenario_does_but",
        language,
        scenario=scenario,
        clauses=clauses,
        unknown=unknown,
    )


def describe(
    scenario: str, levels: Mapping[str, Interval], language: str = "en"
) -> str:
    """Return one sentence on a scenario, from means with intervals by outcome id."""
    scenario = scenario.strip() or say("this_scenario", language)
    if not levels:
        return say("describe_nothing", language, scenario=scenario)
    parts = [
        say(
            "describe_one",
            language,
            what=find(name).in_sentence[language],
            value=level(interval, find(name), language),
        )
        for name, interval in levels.items()
    ]
    return say("describe", language, scenario=scenario, levels=names(parts, language))


def ranking(
    scenarios: Sequence[str],
    group: Sequence[int],
    outcome: Outcome,
    language: str = "en",
) -> str:
    """Return a sentence: which scenario is best, and which may be as good.

    `group` has indices into `scenarios`, best first, as `paired.best_group` returns.
    """
    count, what = len(scenarios), outcome.in_sentence[language]
    if not count or not len(group):
        return say("none_at_all", language, what=what)
    best, *others = (scenarios[i] for i in group)
    if count == 1:
        return say("only_one", language, best=best, what=what)
    if len(group) == count:
        return say("none_apart", language, count=_count(count, language), what=what)
    key = "highest" if outcome.good == "neutral" else "best"
    if others:
        key += "_shared" if len(others) == 1 else "_shared_many"
    return say(
        key,
        language,
        count=_count(count, language),
        best=best,
        what=what,
        others=names(cut_list(others, language), language),
    )


def _count(count: int, language: str) -> str:
    key = f"number_{count}"
    return say(key, language) if key in labels() else number(count, language)


def cut_list(items: list[str], language: str, most: int = MOST_NAMES) -> list[str]:
    """Return the first `most` of some names, and last the number of others."""
    if len(items) <= most + 1:
        return items
    more = say("more", language, count=_count(len(items) - most, language))
    return [*items[:most], more]


def note(interval: Interval, language: str = "en") -> str:
    """Return a note on an interval: level, worlds, and that it is no forecast."""
    if not interval.known:
        return say("note_none", language)
    percent = round(100 * interval.level, 1)
    return say(
        "note_dropped" if interval.dropped else "note",
        language,
        level=number(percent, language, 0 if percent.is_integer() else 1) + "%",
        n=number(interval.n, language),
        dropped=number(interval.dropped, language),
    )


def not_known(scenarios: Sequence[ResolvedScenario], language: str = "en") -> list[str]:
    """Return sentences on what is unknown in these scenarios; none if all is known.

    They also tell under how many parameter sets the worlds are simulated.
    """
    unknown = [scenario.unknown for scenario in scenarios if scenario.unknown]
    said = []
    count = len({name for one in unknown for name in one.settings})
    if count:
        key = "not_known_one" if count == 1 else "not_known"
        said.append(say(key, language, n=number(count, language)))
    sets = {one.sets.digest: len(one.sets.rows) for one in unknown if one.sets}
    said += [say("over_sets", language, n=number(n, language)) for n in sets.values()]
    return said


def signed(parameters: Iterable[tuple[str, float]]) -> list[str]:
    """Return parameters with the sign of their effect.

    >>> signed([("brand_decay", -0.4)])
    ['brand_decay (-)']
    """
    return [f"{name} ({'+' if r > 0 else '-'})" for name, r in parameters]


def names(items: Iterable[str], language: str = "en", word: str = "and") -> str:
    """Return names as a list in words; empty for none.

    >>> names(["a", "b", "c"]), names(["a", "b"], "nl", "or")
    ('a, b and c', 'a of b')
    """
    *first, last = list(items) or [""]
    return f"{', '.join(first)} {say(word, language)} {last}" if first else last
