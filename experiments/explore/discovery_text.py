"""Where policies fail and what regret they leave, in sentences and tables."""

import math

import pandas as pd

from experiments.explore.boxes import Box, Limit
from experiments.explore.policies import Discovery, Policy
from experiments.explore.regret import Regrets
from experiments.explore.text import share_text
from experiments.show.document import Table
from experiments.statistics.intervals import Interval, exactly
from experiments.words.numerals import number, percent, quantity, say, size_and_ends
from experiments.words.phrases import names
from simulation.outcomes import find


def answer(discovery: Discovery, language: str = "en") -> list[str]:
    """Return the answer: a paragraph for each policy, then the regrets."""
    said = [policy_text(discovery, policy, language) for policy in discovery.policies]
    if discovery.regret:
        said.append(" ".join(_regret(discovery, discovery.regret, language)))
    else:
        what = find(discovery.outcome).in_sentence[language]
        said.append(say("discover_neutral", language, what=what))
    return said


def policy_text(discovery: Discovery, policy: Policy, language: str = "en") -> str:
    """Return a paragraph: how often a policy fails, where, and how sure that is."""
    failing, outcome = discovery.failing, find(discovery.failing.outcome)
    kind = "below" if failing.below else "above"
    size = (
        quantity(failing.at, outcome, language)
        if failing.level
        else _size(abs(failing.at), failing.outcome, language)
    )
    said = [
        say(
            f"discover_{kind}" if failing.level else "discover_worse",
            language,
            policy=title(discovery, policy.name, language),
            share=share_text(policy.found.share, language),
            what=outcome.in_sentence[language],
            base=title(discovery, discovery.question.scenarios[0].name, language),
            size=size,
        )
    ]
    said += [box_text(box, language) for box in policy.found.boxes]
    if not policy.found.sought:
        said.append(say("discover_few", language))
    elif not policy.found.boxes:
        said.append(say("discover_no_box", language))
    same = percent(policy.same, language)
    return " ".join([*said, say("discover_same", language, same=same)])


def box_text(box: Box, language: str = "en") -> str:
    """Return a sentence on a box with its density and coverage."""
    return say(
        "discover_box",
        language,
        limits=names([limit_text(x, language) for x in box.limits], language),
        density=share_text(box.density, language),
        coverage=share_text(box.coverage, language),
    )


def limit_text(limit: Limit, language: str = "en") -> str:
    """Return a limit in words: `demands_load is above 0.41`."""
    if limit.settings:
        settings = names(limit.settings, language, "or")
        key = "discover_limit_setting"
        return say(key, language, factor=limit.factor, settings=settings)
    low, high = (_plain(x, language) for x in (limit.low, limit.high))
    key = "between"
    if math.isinf(limit.low):
        key = "below"
    elif math.isinf(limit.high):
        key = "above"
    key = f"discover_limit_{key}"
    return say(key, language, factor=limit.factor, low=low, high=high)


def title(discovery: Discovery, name: str, language: str = "en") -> str:
    """Return the title of a scenario, in quotation marks."""
    titles = {x.name: x.title[language] for x in discovery.question.scenarios}
    return f"“{titles[name]}”"


def note(discovery: Discovery, language: str = "en") -> str:
    """Return a note on how points were drawn and what was left out."""
    text = say(
        "discover_note",
        language,
        points=len(discovery.design) + discovery.dropped,
        factors=len(discovery.factors),
        worlds=discovery.question.replicates,
        seed=str(discovery.question.seed),
    )
    if discovery.dropped:
        text = f"{say('discover_dropped', language, dropped=discovery.dropped)} {text}"
    return text


def failing_table(discovery: Discovery) -> pd.DataFrame:
    """Return a row for each policy: the share of points in which it fails."""
    rows = [
        {
            "policy": policy.name,
            "outcome": discovery.failing.outcome,
            **policy.found.share.columns("fails"),
            "points": policy.found.share.n,
            "same_in_other_worlds": policy.same,
            "sought": policy.found.sought,
            "boxes": len(policy.found.boxes),
        }
        for policy in discovery.policies
    ]
    return pd.DataFrame(rows)


def boxes_table(discovery: Discovery) -> pd.DataFrame:
    """Return a row for each limit of each box."""
    rows = [
        {
            "policy": policy.name,
            "box": k + 1,
            "factor": limit.factor,
            "above": limit.low if math.isfinite(limit.low) else None,
            "at_most": limit.high if math.isfinite(limit.high) else None,
            "settings": " or ".join(limit.settings),
            **box.coverage.columns("coverage"),
            **box.density.columns("density"),
            "mass": box.mass,
        }
        for policy in discovery.policies
        for k, box in enumerate(policy.found.boxes)
        for limit in box.limits
    ]
    columns = ["policy", "box", "factor", "above", "at_most", "settings"]
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)


def regret_table(discovery: Discovery) -> pd.DataFrame:
    """Return a row for each scenario: its regret, and the share of points it wins."""
    regret = discovery.regret
    rows = [
        {
            "way": way.name,
            "outcome": discovery.outcome,
            "mean_regret": way.mean.estimate,
            "mean_low": way.mean.low,
            "mean_high": way.mean.high,
            **way.most.columns("regret_90"),
            "largest_regret": way.largest,
            "least_largest_in_resamples": way.least_largest,
            **way.best.columns("best_at"),
            "not_told_apart_from_least": k in regret.group,
        }
        for k, way in enumerate(regret.ways if regret else ())
        if regret
    ]
    return pd.DataFrame(rows)


def _regret(discovery: Discovery, regret: Regrets, language: str) -> list[str]:
    best, *others = (regret.ways[k] for k in regret.group)
    least = regret.ways[regret.least_largest]
    told = {
        "count": number(len(regret.ways), language),
        "best": title(discovery, best.name, language),
        "what": find(discovery.outcome).in_sentence[language],
        "size": _interval(best.mean, discovery.outcome, language),
        "others": names([title(discovery, x.name, language) for x in others], language),
    }
    key = "discover_regret_shared" if others else "discover_regret"
    said = [
        say(key, language, **told),
        say(
            "discover_largest",
            language,
            best=title(discovery, least.name, language),
            size=_size(least.largest, discovery.outcome, language),
            share=percent(least.least_largest, language),
        ),
    ]
    sizes = {"firm": regret.firm, "size": best.mean.estimate}
    written = {k: _size(x, discovery.outcome, language) for k, x in sizes.items()}
    if written["firm"] != written["size"]:
        said.append(say("discover_luck", language, **written))
    return said


def regrets_shown(discovery: Discovery, regret: Regrets, language: str = "en") -> Table:
    """Return a table of scenarios with their regrets, the least regretted first."""
    keys = ("way", "mean", "most", "largest", "best")
    rows = [
        (
            title(discovery, way.name, language).strip("“”"),
            _interval(way.mean, discovery.outcome, language),
            _interval(way.most, discovery.outcome, language),
            _size(way.largest, discovery.outcome, language),
            share_text(way.best, language),
        )
        for way in sorted(regret.ways, key=lambda x: x.mean.estimate)
    ]
    return Table(
        "regrets",
        say("discover_regrets", language),
        tuple(say(f"discover_head_{key}", language) for key in keys),
        tuple(rows),
        regret_table(discovery),
    )


def _interval(size: Interval, outcome: str, language: str) -> str:
    text, ends = size_and_ends(size, find(outcome), language)
    return f"{text} ({ends})" if size.known else text


def _size(value: float, outcome: str, language: str) -> str:
    """Return a difference in the outcome's unit: two figures, no trailing zero."""
    text = size_and_ends(exactly(value), find(outcome), language)[0]
    return text.replace(f"{say('decimal', language)}0 ", " ")


def _plain(value: float, language: str) -> str:
    """Return a number with three figures, or all figures before the decimal point."""
    if value == 0 or math.isinf(value):
        return number(value, language)
    return number(value, language, max(0, 2 - math.floor(math.log10(abs(value)))))
