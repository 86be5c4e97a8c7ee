"""Answers in words, in English and Dutch.

All words are in `labels.toml`, by key and then by language; names of outcomes come
from the outcome registry, numbers from `numerals.py`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from experiments.statistics.intervals import Interval
from experiments.statistics.verdicts import Verdict, verdict_on
from experiments.words.numerals import (
    MINUS,
    MOST_DECIMALS,
    change,
    decimals_carried,
    decimals_told,
    labels,
    level,
    number,
    quantity,
    say,
    scale_of,
    signed_text,
    size_and_ends,
    size_of,
    size_that_matters,
)
from simulation.measures import LAST_WEEKS
from simulation.outcomes import LANGUAGES, Outcome, find
from simulation.scenario_values import ResolvedScenario

__all__ = [
    "LANGUAGES",
    "change",
    "decimals_carried",
    "decimals_told",
    "describe",
    "effect",
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
    "signed_text",
    "size_and_ends",
    "way",
]

OF_LAST_WEEKS = ("ratio_last", "mean_last")
"""Summaries of the last weeks of a run only."""
MOST_NAMES = 4
"""Scenarios that a sentence lists by name before it counts the others."""


def judgement(difference: Interval, outcome: Outcome, language: str = "en") -> str:
    """Return the verdict on a difference in a word or two: `slightly better`.

    Higher or lower for outcomes of which neither direction is good; `unknown` where
    there is no value at all.
    """
    if difference.n == 0:
        return say("missing", language)
    said = verdict_on(difference, outcome.smallest_difference)
    if said in (Verdict.NONE, Verdict.UNCLEAR):
        return say(f"verdict_{said}", language)
    higher = difference.estimate > 0
    if outcome.good == "neutral":
        word = say("different_higher" if higher else "different_lower", language)
    else:
        good = higher == (outcome.good == "higher")
        word = say("better" if good else "worse", language)
    return word if said == Verdict.CLEAR else say("slightly", language, word=word)


def effect(difference: Interval, outcome: Outcome, language: str = "en") -> str:
    """Return an effect as what follows a scenario's name.

    `raises lead quality by 11 points (9 to 13)`; the sign is that of the estimate.
    """
    verb = "raises" if difference.estimate > 0 else "lowers"
    key = f"{verb}_weeks" if outcome.display == "weeks" else verb
    size, ends = size_and_ends(difference.size, outcome, language)
    what = outcome.in_sentence[language]
    return say(key, language, what=what, size=size, interval=ends)


def of_last_weeks(outcomes: Iterable[str], weeks: int, language: str = "en") -> str:
    """Return a sentence on which outcomes are of the last weeks only; "" if none is."""
    there = [find(name) for name in outcomes]
    whats = [x.in_sentence[language] for x in there if x.summary in OF_LAST_WEEKS]
    if not whats or weeks <= LAST_WEEKS:
        return ""
    span = {"first": weeks - LAST_WEEKS, "last": weeks - 1, "weeks": LAST_WEEKS}
    return say("of_last_weeks", language, whats=names(whats, language), **span)


def headline(
    scenario: str,
    differences: Mapping[str, Interval],
    language: str = "en",
    base: str | None = None,
) -> str:
    """Return the answer in sentences, from differences by outcome id.

    Clear effects first, with the scenario as their subject; then outcomes that change
    slightly, that show no relevant difference, and that are still unclear.
    """
    scenario = scenario.strip() or say("this_scenario", language)
    if not differences:
        return say("scenario_nothing", language, scenario=scenario)
    if not any(x.known for x in differences.values()):
        base = base or say("base", language)
        return say("scenario_too_few", language, scenario=scenario, base=base)
    by_verdict: dict[Verdict, list[str]] = {one: [] for one in Verdict}
    for name, difference in differences.items():
        matters = find(name).smallest_difference
        by_verdict[verdict_on(difference, matters)].append(name)
    told = {
        name: _TOLD[said](differences[name], find(name), language)
        for said in _TOLD
        for name in by_verdict[said]
    }
    clear = by_verdict[Verdict.CLEAR]
    if clear:
        clauses = names([told[name] for name in clear], language)
        said = [say("scenario_does", language, scenario=scenario, clauses=clauses)]
    else:
        key = "scenario_unclear" if by_verdict[Verdict.UNCLEAR] else "scenario_none"
        said = [say(key, language, scenario=scenario)]
    said += [told[name] for name in by_verdict[Verdict.SLIGHT]]
    if same := by_verdict[Verdict.NONE]:
        whats = names([find(name).in_sentence[language] for name in same], language)
        said.append(say("no_difference_in", language, whats=whats))
    said += [told[name] for name in by_verdict[Verdict.UNCLEAR]]
    return " ".join(said)


def _slight(difference: Interval, outcome: Outcome, language: str) -> str:
    """Return a sentence on an effect that is sure and less than what matters.

    It is written with more figures where it would else look as large as that.
    """
    matters = outcome.smallest_difference
    times = scale_of(outcome)
    places, apart = decimals_told(difference, outcome), abs(difference.estimate)
    while round(apart * times, places) >= matters * times and places < MOST_DECIMALS:
        places += 1
    size = size_of(difference.estimate, outcome, language, places)
    return say(
        "slight",
        language,
        what=outcome.label[language],
        way=way(difference.estimate > 0, outcome, language),
        size=signed_text(size, difference.estimate),
        matters=size_that_matters(outcome, language),
    )


def _unclear(difference: Interval, outcome: Outcome, language: str) -> str:
    """Return a sentence on an effect of which the sign is not known."""
    what = outcome.in_sentence[language]
    if not difference.known:
        key = "unclear_few" if difference.n else "effect_unknown"
        return say(key, language, what=what)
    places = decimals_told(difference, outcome)
    low, high = (
        size_of(x, outcome, language, places)
        for x in (-difference.low, difference.high)
    )
    ways = [way(higher, outcome, language) for higher in (False, True)]
    values = {"low": low, "high": high, "lower": ways[0], "higher": ways[1]}
    return say("unclear_between", language, what=what, **values)


def way(higher: bool, outcome: Outcome, language: str) -> str:
    """Return the word for a direction: higher or lower, for weeks longer or shorter."""
    if outcome.display == "weeks":
        return say("longer" if higher else "shorter", language)
    return say("different_higher" if higher else "different_lower", language)


_TOLD: Mapping[Verdict, Callable[[Interval, Outcome, str], str]] = {
    Verdict.CLEAR: effect,
    Verdict.SLIGHT: _slight,
    Verdict.UNCLEAR: _unclear,
}
"""How an outcome is told, by its verdict; those without difference are listed."""


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
        n=interval.n,
        dropped=interval.dropped,
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
    ['brand_decay (−)']
    """
    return [f"{name} ({'+' if r > 0 else MINUS})" for name, r in parameters]


def names(items: Iterable[str], language: str = "en", word: str = "and") -> str:
    """Return names as a list in words; empty for none.

    >>> names(["a", "b", "c"]), names(["a", "b"], "nl", "or")
    ('a, b and c', 'a of b')
    """
    *first, last = list(items) or [""]
    return f"{', '.join(first)} {say(word, language)} {last}" if first else last
