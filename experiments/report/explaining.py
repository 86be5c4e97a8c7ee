"""Sections that explain a comparison: paths, levers, robustness, claims."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.advise.moves import Move
from experiments.compare.causes import PathShare, find_path
from experiments.compare.comparison import Comparison
from experiments.report import analysis
from experiments.report.analysis import Robust
from experiments.report.measured import ReportMeasurements, different
from experiments.report.sections import ReportOptions, section
from experiments.science.claims.measuring import find_outcome
from experiments.science.claims.testing import chosen
from experiments.science.claims.text import condition_in, effect_text
from experiments.show.bars import bars_of
from experiments.show.document import Section, Table
from experiments.statistics.intervals import LEVEL, Interval
from experiments.statistics.shares import MOST, SignShare
from experiments.words import phrases
from experiments.words.number_words import name_of
from experiments.words.numerals import (
    change,
    percent,
    percent_and_ends,
    percent_between,
    say,
)
from simulation.outcomes import HEADLINES, OUTCOMES
from simulation.scenario import ResolvedScenario

MOST_PATHS = 3
"""Paths that are told of each outcome."""
MOST_PARAMETERS = 3
Path = tuple[ResolvedScenario, PathShare]
"""A scenario, and a path that carries part of its effect."""


def why(study: Comparison, asked: ReportOptions) -> Section:
    """Return a section on the paths through which each headline effect runs."""
    language = asked.language
    others, found = different(study), measured_for(study, asked)
    if not others:
        return section("why", language)
    told = [
        (other, one)
        for other in others
        for one in found.why.get(other.name, ())
        if other.organisation == study.base.organisation
    ]
    shown = [pair for pair in told if pair[1] in _largest(pair, told)]
    return section(
        "why",
        language,
        sentences=tuple(_why_told(study, told, language)),
        tables=(_why_table(shown, len(study.others) == 1, language),) if told else (),
        source=say("report_source_why", language, n=str(analysis.CUT_WORLDS))
        if told
        else "",
        finding=_why_found(told, language),
        sheet="why",
    )


def _largest(pair: Path, told: Sequence[Path]) -> list[PathShare]:
    """Return the paths with the largest shares of the same effect."""
    other, one = pair
    same = [x for it, x in told if it is other and x.outcome == one.outcome]
    return same[:MOST_PATHS]


def _why_found(told: Sequence[Path], language: str) -> str:
    """Return the path that carries most of an effect."""
    if not told:
        return say("report_no_path", language)
    _, most = max(told, key=lambda pair: _share_of(pair[1]).estimate)
    return say(
        "why_found",
        language,
        what=OUTCOMES[most.outcome].in_sentence[language],
        path=find_path(most.path).label[language],
        share=percent(_share_of(most).estimate, language),
    )


def _why_told(study: Comparison, told: Sequence[Path], language: str) -> list[str]:
    """Return what shares mean, and of which scenarios there are none."""
    said = [
        say(
            "report_other_people",
            language,
            scenario=other.title[language],
            base=study.base.title[language],
        )
        for other in different(study)
        if other.organisation != study.base.organisation
    ]
    if told:
        said.append(say("why_alone", language))
    return said or [say("why_not_told", language)]


def _share_of(one: PathShare) -> Interval:
    assert one.share is not None
    return one.share


def _why_table(told: Sequence[Path], alone: bool, language: str) -> Table:
    """Return a table of paths that surely carry part of an effect, with the share."""
    heads = ("report_scenario", "outcome", "report_path_head", "report_path_share")
    return Table(
        "why",
        say("report_why_shares", language),
        tuple(say(key, language) for key in heads[alone:]),
        tuple(_why_row(*pair, language)[alone:] for pair in told),
        pd.DataFrame([_why_data(*pair, language) for pair in told]),
        say("report_path_note", language, n=str(analysis.CUT_WORLDS)),
    )


def _why_row(other: ResolvedScenario, one: PathShare, language: str) -> tuple[str, ...]:
    share = _share_of(one)
    ends = percent_between(share.low, share.high, language)
    return (
        other.title[language],
        OUTCOMES[one.outcome].label[language],
        find_path(one.path).label[language],
        f"{percent(share.estimate, language)} ({ends})",
    )


def _why_data(other: ResolvedScenario, one: PathShare, language: str) -> dict[str, Any]:
    return {
        "scenario": other.name,
        "outcome": one.outcome,
        "unit": OUTCOMES[one.outcome].unit[language],
        "path": one.path,
        **one.effect.columns("effect"),
        **_share_of(one).columns("path_share"),
    }


def levers(study: Comparison, asked: ReportOptions) -> Section:
    """Return a section on the levers that differ and each one's share of the effect."""
    language, found = asked.language, measured_for(study, asked)
    sentences: list[str] = []
    tables: list[Table] = []
    for other in different(study):
        moves = analysis.moved(study.base, other)
        title = other.title[language]
        if not moves:
            sentences.append(say("report_no_levers", language, scenario=title))
            continue
        if shares := found.levers[other.name]:
            tables.append(_shares_table(other, shares, language))
        if len(moves) > analysis.MOST_LEVERS:
            counts = {"n": len(moves), "most": analysis.MOST_LEVERS}
            sentences.append(say("report_many_levers", language, **counts))
    source = say("report_source_levers", language, n=str(analysis.LEVER_WORLDS))
    return section(
        "levers",
        language,
        sentences=tuple(sentences),
        tables=tuple(tables),
        source=source if tables else "",
        appendix=True,
        sheet="why",
    )


def _shares_table(
    other: ResolvedScenario, found: Mapping[str, Mapping[Move, Interval]], language: str
) -> Table:
    moves = list(next(iter(found.values())))
    rows, data = [], []
    for move in moves:
        shown = [change(found[x][move], OUTCOMES[x], language) for x in HEADLINES]
        rows.append((move.words(language), *shown))
        for x in HEADLINES:
            interval = found[x][move]
            data.append(
                {
                    "scenario": other.name,
                    "lever": move.lever,
                    "setting": move.setting,
                    "outcome": x,
                    "unit": OUTCOMES[x].unit[language],
                    "share": interval.estimate,
                    "low": interval.low,
                    "high": interval.high,
                }
            )
    heads = [OUTCOMES[x].label[language] for x in HEADLINES]
    names = [move.words(language) for move in moves]
    series = {x: bars_of([*found[x].values()], names, x, language) for x in HEADLINES}
    return Table(
        f"levers-{other.name}",
        other.title[language],
        (say("report_lever", language), *heads),
        tuple(rows),
        pd.DataFrame(data),
        say("report_levers_note", language, n=str(analysis.LEVER_WORLDS)),
        series,
    )


def flips(study: Comparison, asked: ReportOptions) -> Section:
    """Return a section on effects over unknown parameters, and on what flips them."""
    language, found = asked.language, measured_for(study, asked)
    told = [
        (other, one)
        for other in different(study)
        for one in found.robustness[other.name]
    ]
    if not told:
        return section("robustness", language)
    most = percent(MOST, language)
    sure = [_effect_named(*pair, language) for pair in told if pair[1].holds.most]
    first = say("report_none_sure", language, most=most)
    if sure:
        effects = "; ".join(phrases.cut_list(sure, language))
        first = say("report_sure", language, effects=effects, most=most)
    decided_by = deciding_words(study, asked)
    finding = say("flip_none" if len(sure) == len(told) else "flip_open", language)
    if decided_by:
        finding = say("flip_found", language, what=f"“{decided_by[0]}”")
    alone = len(study.others) == 1
    heads = ["outcome", "report_effect", "report_same_sign", "report_hangs"]
    table = Table(
        "robustness",
        say("report_robust", language),
        tuple(
            say(key, language) for key in ([] if alone else ["report_scenario"]) + heads
        ),
        tuple(_robust_row(*pair, language)[alone:] for pair in told),
        pd.DataFrame([_robust_data(*pair, language) for pair in told]),
        say("report_robust_note", language),
    )
    counts = {"sets": str(analysis.SETS), "n": str(analysis.WORLDS_A_SET)}
    return section(
        "robustness",
        language,
        sentences=(first,),
        tables=(table,),
        source=say("report_source_robustness", language, **counts),
        finding=finding,
        sheet="why",
    )


def deciding_words(study: Comparison, asked: ReportOptions) -> tuple[str, ...]:
    """Return the numbers on which effects of open sign hang most, in words.

    Those that most effects hang on come first.
    """
    found = measured_for(study, asked)
    names = [
        name
        for other in different(study)
        for one in found.robustness[other.name]
        if not one.holds.most
        for name, _ in one.decided_by[:MOST_PARAMETERS]
    ]
    order = [name for name, _ in Counter(names).most_common(MOST_PARAMETERS)]
    return tuple(name_of(name, asked.language) for name in order)


def measured_for(study: Comparison, asked: ReportOptions) -> ReportMeasurements:
    """Return what was measured for a report; raise ValueError if nothing was."""
    if asked.measured is None:
        raise ValueError("a deep report needs its measurements")
    return asked.measured


def _effect_named(other: ResolvedScenario, one: Robust, language: str) -> str:
    what = OUTCOMES[one.outcome].in_sentence[language]
    effect = effect_text(one.effect, one.outcome, language)
    return f"{other.title[language]}, {what}: {effect}"


def _same_way(holds: SignShare, language: str) -> str:
    """Return the share of sets with the same sign; unknown if it can be any."""
    if holds.low <= 0 and holds.high >= 1:
        return say("missing", language)
    return percent_and_ends(holds, language)


def _robust_row(other: ResolvedScenario, one: Robust, language: str) -> tuple[str, ...]:
    return (
        other.title[language],
        OUTCOMES[one.outcome].label[language],
        effect_text(one.effect, one.outcome, language),
        _same_way(one.holds, language),
        _hangs_on(one, language) or say("report_none_stands_out", language),
    )


def _hangs_on(one: Robust, language: str) -> str:
    """Return the numbers that decide an effect, and where it is higher."""
    return "; ".join(
        say("flip_more" if r > 0 else "flip_less", language, what=name_of(x, language))
        for x, r in one.decided_by[:MOST_PARAMETERS]
    )


def _robust_data(other: ResolvedScenario, one: Robust, language: str) -> dict[str, Any]:
    return {
        "scenario": other.name,
        "outcome": one.outcome,
        "unit": OUTCOMES[one.outcome].unit[language],
        **one.effect.columns("effect"),
        **one.holds.columns("same_sign"),
        "decided_by": "; ".join(name_of(x, language) for x, _ in one.decided_by),
    }


def claims_about(study: Comparison, language: str) -> Section:
    """Return a section on the articles' claims about the same levers."""
    touched = dict.fromkeys(
        claim for other in study.others for claim in _touched(study.base, other)
    )
    if not touched:
        return section("claims", language)
    verdicts = analysis.verdicts()
    rows, data = [], []
    for claim in chosen(tuple(touched)):
        row = verdicts.loc[claim.id]
        effect = effect_text(_interval(row), claim.outcome, language)
        verdict = verdict_words(row, language)
        article, says = str(claim.article), claim.says[language]
        name_told = say("report_claim", language, article=article, says=says)
        rows.append((name_told, verdict, effect))
        numbers = {
            x: row[x] for x in ("verdict", "effect", "effect_low", "effect_high")
        }
        unit = find_outcome(claim.outcome).unit[language]
        named = {"claim": claim.id, "outcome": claim.outcome, "unit": unit}
        data.append(named | numbers)
    heads = ("claims_name", "claims_verdict", "claims_effect")
    table = Table(
        "claims",
        say("report_claims", language),
        tuple(say(key, language) for key in heads),
        tuple(rows),
        pd.DataFrame(data),
        say("report_claims_note", language),
    )
    source = say("report_source_claims", language)
    return section(
        "claims",
        language,
        tables=(table,),
        source=source,
        appendix=True,
        sheet="claims",
    )


def _touched(base: ResolvedScenario, other: ResolvedScenario) -> list[str]:
    return [claim.id for claim in analysis.claims_touched(base, other)]


def _interval(row: pd.Series) -> Interval:
    low, mean, high = (float(row[f"effect{x}"]) for x in ("_low", "", "_high"))
    return Interval(mean, low, high, LEVEL, 2, 0, 1.0, "t")


def verdict_words(row: pd.Series, language: str) -> str:
    """Return a shipped verdict in a few words."""
    kind = say(f"kind_{row['verdict']}", language)
    key = f"claim_{row['why'] or row['verdict']}"
    text = say(
        key,
        language,
        kind=kind,
        condition=condition_in(str(row["condition"]), language),
    )
    if row["verdict"] == "supported" and (row["fixed"] or row["chain"]):
        return say(
            "claim_fixed" if row["fixed"] else "claim_chain", language, verdict=text
        )
    return text
