"""From a study to the sections of its report."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from experiments import answers, words
from experiments.advice.moves import Move
from experiments.claims import Claim, claims
from experiments.claims.text import effect_text
from experiments.comparison import HEADLINES, Comparison
from experiments.drawing import panels
from experiments.intervals import LEVEL, Interval
from experiments.numerals import change, number, percent, percent_between, say
from experiments.paths import find_path
from experiments.report import analysis
from experiments.report.analysis import Robust
from experiments.report.content import Report, Section, Table
from experiments.report.pictures import (
    bars_of,
    differences_picture,
    trajectories_picture,
)
from simulation.outcomes import OUTCOMES
from simulation.scenario import Resolved

MOST_PATHS = 3
"""Paths that are told of each outcome."""
MOST_PARAMETERS = 3


@dataclass(frozen=True)
class Asked:
    """What goes into a report: its study's id and name, and how deep it goes.

    `deep` adds what takes runs of its own: why, levers, robustness.
    """

    study: str
    name: str
    commands: tuple[str, ...]
    language: str = "en"
    deep: bool = True
    workers: int | None = None
    title: str = ""
    question: str = ""
    missing: tuple[str, ...] = ()


def report_of(study: Comparison, asked: Asked) -> Report:
    """Return the report of scenarios that were compared, the first being the base."""
    language = asked.language
    sections = [
        _answer(study, asked),
        _comparison(study, language),
        _trajectories(study, language),
    ]
    if asked.deep:
        sections += [_why(study, asked), _levers(study, asked), _robust(study, asked)]
    sections += [
        _claims(study, language),
        _limits(study, asked),
        _here(study, language),
        _reproduce(study, asked),
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


def _section(name: str, language: str, **parts: Any) -> Section:
    return Section(name, say(f"report_{name}", language), **parts)


def _answer(study: Comparison, asked: Asked) -> Section:
    sentences = [*study.answer(asked.language), *asked.missing]
    return _section("answer", asked.language, sentences=tuple(sentences))


def _comparison(study: Comparison, language: str) -> Section:
    tables = [_table(study, k, language) for k in range(len(study.others))]
    picture = differences_picture(study, language)
    remarks = tuple(study.remarks(language))
    return _section(
        "comparison",
        language,
        sentences=remarks,
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
    note = say("table_note", language, base=study.base.title[language])
    name = f"comparison-{other.name}"
    return Table(name, title, columns, tuple(rows), data, note)


def _trajectories(study: Comparison, language: str) -> Section:
    shown = panels(study.outcomes)
    said = {name: study.sentence(name, language) for name in shown}
    picture = trajectories_picture(study.runs, shown, language, said)
    return _section("trajectories", language, pictures=(picture,))


def _why(study: Comparison, asked: Asked) -> Section:
    """Tell through which paths each headline effect runs."""
    language = asked.language
    sentences: list[str] = []
    seed = study.runs.seed
    for other in study.others:
        found = analysis.why(study.base, other, seed, asked.workers)
        for name in HEADLINES:
            paths = [one for one in found if one.outcome == name][:MOST_PATHS]
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
    return _section("why", language, sentences=tuple(sentences))


def _path(name: str, share: Interval | None, language: str) -> str:
    assert share is not None
    ends = percent_between(share.low, share.high, language)
    label = find_path(name).label[language]
    return f"{label} ({percent(share.estimate, language)}, {ends})"


def _levers(study: Comparison, asked: Asked) -> Section:
    """Tell which levers differ, and what each brings of the effect."""
    language = asked.language
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
        found = analysis.lever_shares(study.base, other, study.runs.seed, asked.workers)
        if found:
            tables.append(_shares_table(other, found, language))
    return _section(
        "levers", language, sentences=tuple(sentences), tables=tuple(tables)
    )


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


def _robust(study: Comparison, asked: Asked) -> Section:
    """Tell how effects fare over what is not known, and what would flip them."""
    language = asked.language
    sentences: list[str] = []
    for other in study.others:
        found = analysis.robustness(
            study.base, other, seed=study.runs.seed, workers=asked.workers
        )
        sentences += [_robust_sentence(other, one, language) for one in found]
    sentences.append(say("report_robust_note", language))
    return _section("robustness", language, sentences=tuple(sentences))


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
        return _section("claims", language)
    verdicts = analysis.verdicts()
    rows, data = [], []
    for name in touched:
        claim, row = by_id()[name], verdicts.loc[name]
        effect = effect_text(_interval(row), claim.outcome, language)
        verdict = verdict_words(row, language)
        rows.append((f"{claim.article}. {claim.says[language]}", verdict, effect))
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
    return _section("claims", language, tables=(table,))


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


def _limits(study: Comparison, asked: Asked) -> Section:
    """Tell what is assumed, and what the model cannot tell."""
    language = asked.language
    sentences = [say(f"report_limit_{k}", language) for k in range(1, 6)]
    return _section("limits", language, sentences=tuple(sentences))


def _here(study: Comparison, language: str) -> Section:
    """Tell why it may hold here: fitted to own data or not, and what is open."""
    fitted = any(one.unknown and one.unknown.draws for one in study.runs.scenarios)
    sentences = [say("report_fitted" if fitted else "report_not_fitted", language)]
    sentences += words.not_known(study.runs.scenarios, language)
    return _section("here", language, sentences=tuple(sentences))


def _reproduce(study: Comparison, asked: Asked) -> Section:
    language = asked.language
    sentence = say(
        "report_again",
        language,
        study=asked.study,
        seed=str(study.runs.seed),
        worlds=number(len(study.runs.worlds), language),
        weeks=number(study.runs.weeks, language),
    )
    return _section("reproduce", language, sentences=(sentence, *asked.commands))
