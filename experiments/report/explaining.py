"""Sections that explain a comparison: paths, levers, robustness, claims."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from experiments.advise.moves import Move
from experiments.compare.causes import PathShare, find_path
from experiments.compare.comparison import Comparison
from experiments.report import analysis
from experiments.report.analysis import Robust
from experiments.report.measured import ReportMeasurements, different, measure
from experiments.report.sections import ReportOptions, section
from experiments.science.claims import Claim, claims
from experiments.science.claims.measuring import find_outcome
from experiments.science.claims.text import effect_text
from experiments.show.bars import bars_of
from experiments.show.document import Section, Table
from experiments.statistics.intervals import LEVEL, Interval
from experiments.statistics.shares import MOST
from experiments.words import phrases
from experiments.words.numerals import (
    change,
    number,
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


def explained(study: Comparison, asked: ReportOptions) -> tuple[Section, ...]:
    """Return the sections on paths, levers and robustness; measure them if needed.

    Empty if nothing differs from the base.
    """
    if not different(study):
        return ()
    language = asked.language
    found = asked.measured or measure(study, asked.workers)
    counts = {"sets": str(analysis.SETS), "n": str(analysis.WORLDS_A_SET)}
    sets = say("report_source_robustness", language, **counts)
    return (
        _why(study, found, language),
        _levers(study, found, language),
        replace(_robust(study, found, language), source=sets),
    )


def _why(study: Comparison, found: ReportMeasurements, language: str) -> Section:
    """Return a section on the paths through which each headline effect runs."""
    sentences: list[str] = []
    told: list[tuple[ResolvedScenario, PathShare]] = []
    for other in different(study):
        if other.organisation != study.base.organisation:
            names = {"scenario": other.title[language]}
            names["base"] = study.base.title[language]
            sentences.append(say("report_other_people", language, **names))
            continue
        ways = found.why[other.name]
        for name in HEADLINES:
            paths = [one for one in ways if one.outcome == name]
            told += [(other, one) for one in paths]
            most = [_path(one, language) for one in paths[:MOST_PATHS]]
            if most:
                sentences.append(
                    say(
                        "report_path",
                        language,
                        scenario=other.title[language],
                        what=OUTCOMES[name].in_sentence[language],
                        paths=phrases.names(most, language),
                    )
                )
    if not sentences:
        sentences = [say("report_no_path", language)]
    tables = (_why_table(told, language),) if told else ()
    cut = [x for x in different(study) if x.organisation == study.base.organisation]
    source = say("report_source_why", language, n=str(analysis.CUT_WORLDS))
    return section(
        "why",
        language,
        sentences=tuple(sentences),
        tables=tables,
        source=source if cut else "",
    )


def _share_of(one: PathShare) -> Interval:
    assert one.share is not None
    return one.share


def _path(one: PathShare, language: str) -> str:
    share = _share_of(one)
    ends = percent_between(share.low, share.high, language)
    label = find_path(one.path).label[language]
    return f"{label} ({percent(share.estimate, language)}, {ends})"


def _why_table(
    told: Sequence[tuple[ResolvedScenario, PathShare]], language: str
) -> Table:
    """Return a table of paths that surely carry part of an effect, with the share."""
    heads = ("report_scenario", "outcome", "report_path_head", "report_path_share")
    return Table(
        "why",
        say("report_why_shares", language),
        tuple(say(key, language) for key in heads),
        tuple(_why_row(*pair, language) for pair in told),
        pd.DataFrame([_why_data(*pair, language) for pair in told]),
        say("report_path_note", language, n=str(analysis.CUT_WORLDS)),
    )


def _why_row(other: ResolvedScenario, one: PathShare, language: str) -> tuple[str, ...]:
    share = _share_of(one)
    ends = percent_between(share.low, share.high, language)
    return (
        other.title[language],
        OUTCOMES[one.outcome].label[language].partition(":")[0],
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


def _levers(study: Comparison, found: ReportMeasurements, language: str) -> Section:
    """Return a section on the levers that differ and each one's share of the effect."""
    sentences: list[str] = []
    tables: list[Table] = []
    for other in different(study):
        moves = analysis.moved(study.base, other)
        title = other.title[language]
        if not moves:
            sentences.append(say("report_no_levers", language, scenario=title))
            continue
        told = phrases.names([f"“{move.words(language)}”" for move in moves], language)
        sentences.append(say("report_moves", language, scenario=title, moves=told))
        shares = found.levers[other.name]
        if shares:
            tables.append(_shares_table(other, shares, language))
        elif len(moves) > analysis.MOST_LEVERS:
            counts = {"n": len(moves), "most": analysis.MOST_LEVERS}
            shown = {key: number(x, language) for key, x in counts.items()}
            sentences.append(say("report_many_levers", language, **shown))
    source = say("report_source_levers", language, n=str(analysis.LEVER_WORLDS))
    return section(
        "levers",
        language,
        sentences=tuple(sentences),
        tables=tuple(tables),
        source=source if tables else "",
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
    heads = [OUTCOMES[x].label[language].partition(":")[0] for x in HEADLINES]
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


def _robust(study: Comparison, found: ReportMeasurements, language: str) -> Section:
    """Return a section on effects over unknown parameters, and on what flips them."""
    told = [
        (other, one)
        for other in different(study)
        for one in found.robustness[other.name]
    ]
    sure = [_effect_named(*pair, language) for pair in told if pair[1].holds.most]
    most = percent(MOST, language)
    first = (
        say("report_sure", language, effects="; ".join(sure), most=most)
        if sure
        else say("report_none_sure", language, most=most)
    )
    sentences = [first, *_open_signs(told, language)]
    note = say("report_robust_note", language)
    heads = (
        "report_scenario",
        "outcome",
        "report_effect",
        "report_same_sign",
        "report_hangs",
    )
    table = Table(
        "robustness",
        say("report_robust", language),
        tuple(say(key, language) for key in heads),
        tuple(_robust_row(*pair, language) for pair in told),
        pd.DataFrame([_robust_data(*pair, language) for pair in told]),
        note,
    )
    return section("robustness", language, sentences=tuple(sentences), tables=(table,))


def _open_signs(
    told: list[tuple[ResolvedScenario, Robust]], language: str
) -> list[str]:
    """Return sentences on effects whose sign is open, and the deciding parameters."""
    unsure = [(other, one) for other, one in told if not one.holds.most]
    if not unsure:
        return []
    listed = [
        say(
            "report_open_sign",
            language,
            scenario=other.title[language],
            what=OUTCOMES[one.outcome].in_sentence[language],
            share=percent_and_ends(one.holds, language),
        )
        for other, one in unsure
    ]
    said = [say("report_open_signs", language, effects="; ".join(listed))]
    decide = [one for _, one in unsure if one.decided_by]
    names = [
        name
        for one in decide
        for name in phrases.signed(one.decided_by[:MOST_PARAMETERS])
    ]
    if names:
        listed = list(dict.fromkeys(names))
        said.append(
            say("report_decided", language, parameters=phrases.names(listed, language))
        )
    else:
        said.append(say("report_none_decides", language))
    return said


def _effect_named(other: ResolvedScenario, one: Robust, language: str) -> str:
    what = OUTCOMES[one.outcome].in_sentence[language]
    effect = effect_text(one.effect, one.outcome, language)
    return f"{other.title[language]}, {what}: {effect}"


def _robust_row(other: ResolvedScenario, one: Robust, language: str) -> tuple[str, ...]:
    return (
        other.title[language],
        OUTCOMES[one.outcome].label[language].partition(":")[0],
        effect_text(one.effect, one.outcome, language),
        percent_and_ends(one.holds, language),
        ", ".join(phrases.signed(one.decided_by[:MOST_PARAMETERS]))
        or say("report_none_stands_out", language),
    )


def _robust_data(other: ResolvedScenario, one: Robust, language: str) -> dict[str, Any]:
    return {
        "scenario": other.name,
        "outcome": one.outcome,
        "unit": OUTCOMES[one.outcome].unit[language],
        "effect": one.effect.estimate,
        "effect_low": one.effect.low,
        "effect_high": one.effect.high,
        "same_sign": one.holds.estimate,
        "same_sign_low": one.holds.low,
        "same_sign_high": one.holds.high,
        "decided_by": " ".join(name for name, _ in one.decided_by),
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
    for name in touched:
        claim, row = by_id()[name], verdicts.loc[name]
        effect = effect_text(_interval(row), claim.outcome, language)
        verdict = verdict_words(row, language)
        article, says = str(claim.article), claim.says[language]
        name_told = say("report_claim", language, article=article, says=says)
        rows.append((name_told, verdict, effect))
        numbers = {
            x: row[x] for x in ("verdict", "effect", "effect_low", "effect_high")
        }
        unit = find_outcome(claim.outcome).unit[language]
        data.append({"claim": name, "outcome": claim.outcome, "unit": unit, **numbers})
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
    return section("claims", language, tables=(table,), source=source)


def _touched(base: ResolvedScenario, other: ResolvedScenario) -> list[str]:
    return [claim.id for claim in analysis.claims_touched(base, other)]


def by_id() -> dict[str, Claim]:
    """Return the claims by their id."""
    return {claim.id: claim for claim in claims()}


def _interval(row: pd.Series) -> Interval:
    low, mean, high = (float(row[f"effect{x}"]) for x in ("_low", "", "_high"))
    return Interval(mean, low, high, LEVEL, 2, 0, 1.0, "t")


def verdict_words(row: pd.Series, language: str) -> str:
    """Return a shipped verdict in a few words."""
    kind = say(f"kind_{row['verdict']}", language)
    key = f"claim_{row['why'] or row['verdict']}"
    text = say(key, language, kind=kind, condition=row["condition"])
    if row["verdict"] == "supported" and (row["fixed"] or row["chain"]):
        return say(
            "claim_fixed" if row["fixed"] else "claim_chain", language, verdict=text
        )
    return text
