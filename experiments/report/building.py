"""From a study to the sections of its report."""

import math
from collections.abc import Mapping

import pandas as pd

from experiments import answers, words
from experiments.advice.moves import Move
from experiments.claims import Claim, claims
from experiments.claims.text import effect_text
from experiments.comparison import HEADLINES, Comparison
from experiments.drawing import panels
from experiments.intervals import LEVEL, Interval
from experiments.numerals import change, percent, percent_between, say
from experiments.paths import find_path
from experiments.report import analysis
from experiments.report.analysis import Robust
from experiments.report.content import Report, Section, Table
from experiments.report.measured import Measured, measure
from experiments.report.pictures import differences_picture, trajectories_picture
from experiments.report.sections import Asked, here, limits, reproduced, section
from simulation.outcomes import OUTCOMES
from simulation.scenario import Resolved

MOST_PATHS = 3
"""Paths that are told of each outcome."""
MOST_PARAMETERS = 3


def report_of(study: Comparison, asked: Asked) -> Report:
    """Return the report of scenarios that were compared, the first being the base."""
    language = asked.language
    sections = [
        _answer(study, asked),
        _comparison(study, asked),
        _trajectories(study, language),
    ]
    if asked.deep:
        found = asked.measured or measure(study, asked.workers)
        sections += [
            _why(study, found, language),
            _levers(study, found, language),
            _robust(study, found, language),
        ]
    sections += [
        _claims(study, language),
        limits(language),
        here(study.runs.scenarios, language),
        reproduced(study.runs, asked),
    ]
    return Report(
        asked.title or _title(study, language),
        asked.question or study.others[0].question[language],
        language,
        asked.study,
        tuple(one for one in sections if not one.empty),
        asked.commands,
        say("report_remark", language),
    )


def _title(study: Comparison, language: str) -> str:
    titles = [one.title[language] for one in study.others]
    others = words.names(titles, language)
    base = study.base.title[language]
    return say("versus", language, scenario=others, base=base)


def _answer(study: Comparison, asked: Asked) -> Section:
    sentences = [*study.answer(asked.language), *asked.missing]
    return section("answer", asked.language, sentences=tuple(sentences))


def _comparison(study: Comparison, asked: Asked) -> Section:
    language = asked.language
    tables = [_table(study, k, language) for k in range(len(study.others))]
    picture = differences_picture(study, language)
    remarks = (*study.remarks(language), *asked.remarks)
    return section(
        "comparison",
        language,
        sentences=tuple(remarks),
        tables=tuple(tables),
        pictures=(picture,) if picture else (),
    )


def _table(study: Comparison, index: int, language: str) -> Table:
    """Return what `compare` prints of one scenario, with its numbers."""
    other = study.others[index]
    data = study.table()
    data = data[data["scenario"] == other.name]
    data = data[data["outcome"].isin(study.outcomes)]
    units = [OUTCOMES[name].unit[language] for name in data["outcome"]]
    data.insert(3, "unit", units)
    rows = []
    for name in study.outcomes:
        one, outcome = study.results[name][index], OUTCOMES[name]
        better = one.share_better if outcome.good != "neutral" else math.nan
        rows.append(
            (
                answers.label(outcome, language),
                answers.value(one.a, outcome, language),
                answers.value(one.b, outcome, language),
                answers.with_ends(one.difference, outcome, language, signed=True),
                percent(better, language) if math.isfinite(better) else "",
            )
        )
    heads = [say(key, language) for key in ("difference", "share_better")]
    columns = (
        say("outcome", language),
        study.base.title[language],
        other.title[language],
        *heads,
    )
    title = say(
        "versus",
        language,
        scenario=other.title[language],
        base=study.base.title[language],
    )
    note = say("report_table_note", language, base=study.base.title[language])
    name = f"comparison-{other.name}"
    return Table(name, title, columns, tuple(rows), data, note)


def _trajectories(study: Comparison, language: str) -> Section:
    picture = trajectories_picture(study.runs, panels(study.outcomes), language)
    return section("trajectories", language, pictures=(picture,))


def _why(study: Comparison, found: Measured, language: str) -> Section:
    """Tell through which paths each headline effect runs."""
    sentences: list[str] = []
    for other in study.others:
        ways = found.why[other.name]
        for name in HEADLINES:
            paths = [one for one in ways if one.outcome == name][:MOST_PATHS]
            told = [_path(one.path, one.share, language) for one in paths]
            if told:
                sentences.append(
                    say(
                        "report_path",
                        language,
                        scenario=other.title[language],
                        what=OUTCOMES[name].in_sentence[language],
                        paths=words.names(told, language),
                    )
                )
    if not sentences:
        sentences = [say("report_no_path", language)]
    sentences.append(say("report_path_note", language, n=str(analysis.CUT_WORLDS)))
    return section("why", language, sentences=tuple(sentences))


def _path(name: str, share: Interval | None, language: str) -> str:
    assert share is not None
    ends = percent_between(share.low, share.high, language)
    label = find_path(name).label[language]
    return f"{label} ({percent(share.estimate, language)}, {ends})"


def _levers(study: Comparison, found: Measured, language: str) -> Section:
    """Tell which levers differ, and what each brings of the effect."""
    sentences: list[str] = []
    tables: list[Table] = []
    for other in study.others:
        moves = analysis.moved(study.base, other)
        title = other.title[language]
        if not moves:
            sentences.append(say("report_no_levers", language, scenario=title))
            continue
        told = words.names([f"“{move.words(language)}”" for move in moves], language)
        sentences.append(say("report_moves", language, scenario=title, moves=told))
        shares = found.levers[other.name]
        if shares:
            tables.append(_shares_table(other, shares, language))
    return section("levers", language, sentences=tuple(sentences), tables=tuple(tables))


def _shares_table(
    other: Resolved, found: Mapping[str, Mapping[Move, Interval]], language: str
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
    return Table(
        f"levers-{other.name}",
        other.title[language],
        (say("report_lever", language), *heads),
        tuple(rows),
        pd.DataFrame(data),
        say("report_levers_note", language, n=str(analysis.LEVER_WORLDS)),
    )


def _robust(study: Comparison, found: Measured, language: str) -> Section:
    """Tell how effects fare over what is not known, and what would flip them."""
    sentences = [
        _robust_sentence(other, one, language)
        for other in study.others
        for one in found.robustness[other.name]
    ]
    sentences.append(say("report_robust_note", language))
    return section("robustness", language, sentences=tuple(sentences))


def _robust_sentence(other: Resolved, one: Robust, language: str) -> str:
    holds = one.holds
    text = say(
        "report_holds",
        language,
        scenario=other.title[language],
        what=OUTCOMES[one.outcome].in_sentence[language],
        effect=effect_text(one.effect, one.outcome, language),
        share=percent(holds.estimate, language),
        ends=percent_between(holds.low, holds.high, language),
    )
    if one.decided_by:
        names = [
            f"{name} ({'+' if r > 0 else '-'})"
            for name, r in one.decided_by[:MOST_PARAMETERS]
        ]
        listed = words.names(names, language)
        text += " " + say("report_flips", language, parameters=listed)
    return text


def _claims(study: Comparison, language: str) -> Section:
    """Tell which claims of the articles are about the same levers."""
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
        unit = OUTCOMES[claim.outcome].unit[language]
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
    return section("claims", language, tables=(table,))


def _touched(base: Resolved, other: Resolved) -> list[str]:
    return [claim.id for claim in analysis.claims_touched(base, other)]


def by_id() -> dict[str, Claim]:
    """Return the claims by their id."""
    return {claim.id: claim for claim in claims()}


def _interval(row: pd.Series) -> Interval:
    low, mean, high = (float(row[f"effect{x}"]) for x in ("_low", "", "_high"))
    return Interval(mean, low, high, LEVEL, 2, 0, 1.0, "t")


def verdict_words(row: pd.Series, language: str) -> str:
    """Return a verdict that ships in a few words."""
    kind = say(f"kind_{row['verdict']}", language)
    key = f"claim_{row['why'] or row['verdict']}"
    text = say(key, language, kind=kind, condition=row["condition"])
    if row["verdict"] == "supported" and (row["fixed"] or row["chain"]):
        return say(
            "claim_fixed" if row["fixed"] else "claim_chain", language, verdict=text
        )
    return text
