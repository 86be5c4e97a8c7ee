"""Verdicts on claims as a document: sentences, a figure, a page and a table."""

import math
import re
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from experiments.compare.causes import find_path
from experiments.science.claims.figures import picture
from experiments.science.claims.former import former_verdicts
from experiments.science.claims.ledger import Claim
from experiments.science.claims.measuring import find_outcome
from experiments.science.claims.testing import ClaimResult, ClaimTest
from experiments.science.claims.verdicts import Condition
from experiments.science.tables_page import markdown
from experiments.show.document import Document, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.intervals import UNKNOWN, Interval, exactly
from experiments.words.numerals import (
    change,
    number,
    percent,
    percent_and_ends,
    percent_between,
    say,
    size_and_ends,
)
from experiments.words.phrases import names, signed

COLUMNS = (
    *("claim", "verdict", "effect", "smallest", "holds"),
    *("calibrated", "shipped", "through", "former"),
)
MOST_PARAMETERS = 3
HALF = 0.5
"""An effect of which surely less runs through its path runs through others."""


def document_of(
    found: Sequence[ClaimResult],
    asked: ClaimTest,
    language: str = "en",
    suffix: str = "",
) -> Document:
    """Return all verdicts, their counts by kind, and an explanation of verdicts.

    `suffix` is added to file names, to tell this run's files from those of other runs.
    """
    numbers = as_table(found, asked)
    said = tuple(_paragraph(one, language) for one in found)
    shown = [_shown_row(one, language) for one in found]
    table = Table(
        "verdicts",
        say("claims_title", language),
        tuple(say(f"claims_{key}", language) for key in COLUMNS),
        tuple(tuple(row) for row in shown),
        numbers,
        note_text(asked, language),
    )
    return document(
        say("claims_title", language),
        say("claims_question", language),
        language,
        (
            Section("verdicts", say("claims_title", language), said),
            section(
                "answer",
                language,
                sentences=(counts(found, language), note_text(asked, language)),
                pictures=(picture(found, language),),
            ),
        ),
        numbers={f"claims{suffix}": numbers},
        attachments={f"verdicts{suffix}.md": as_markdown(table, found, language)},
        name=f"verdicts{suffix}",
    )


def counts(found: Sequence[ClaimResult], language: str = "en") -> str:
    """Return a sentence with the number of claims by kind of verdict."""
    for_it = [one for one in found if one.counts]
    supported = [one for one in for_it if one.verdict.kind == "supported"]
    groups = {
        "total": found,
        "new": [one for one in found if one.claim.predicts],
        "supported": supported,
        "supported_new": [one for one in supported if one.claim.predicts],
        "chain": [one for one in supported if one.claim.chain],
        "when": [one for one in for_it if one.verdict.kind == "only_when"],
        "fixed": [one for one in found if one.speaks and one.fixed],
        "contrary": [one for one in found if one.verdict.kind == "contrary"],
        "open": [one for one in found if one.verdict.kind == "open"],
        "rest": [one for one in found if one.verdict.kind == "not_supported"],
    }
    numbers = {key: number(len(each), language) for key, each in groups.items()}
    told = say("claim_counts", language, **numbers)
    before = [one for one in found if one.claim.id in former_verdicts()]
    if not before:
        return told
    changed = [one for one in before if has_changed(one)]
    sizes = {"changed": len(changed), "before": len(before)}
    return f"{told} {say('claim_changed_counts', language, **sizes)}"


def has_changed(one: ClaimResult) -> bool:
    """Return whether the kind of verdict differs from that with version 2."""
    former = former_verdicts().get(one.claim.id)
    return former is not None and former.kind != one.verdict.kind


def former_text(claim: Claim, language: str = "en") -> str:
    """Return verdict and effect with version 2; empty for a claim without them."""
    former = former_verdicts().get(claim.id)
    if former is None:
        return ""
    kind = say(f"kind_{former.kind}", language)
    return f"{kind}, {effect_text(former.effect, claim.outcome, language)}"


def verdict_text(one: ClaimResult, language: str = "en") -> str:
    """Return a verdict in a few words."""
    verdict = one.verdict
    condition = verdict.condition
    words = condition_text(condition, language) if condition else ""
    key = f"claim_{verdict.why or verdict.kind}"
    text = say(
        key, language, condition=words, kind=say(f"kind_{verdict.kind}", language)
    )
    if one.fixed and one.speaks:
        return say("claim_fixed", language, verdict=text)
    if one.claim.chain and one.speaks:
        return say("claim_chain", language, verdict=text)
    return text


def condition_text(condition: Condition, language: str = "en") -> str:
    """Return a condition in words: `people is above 42`."""
    factor = condition.factor.replace("_", " ")
    if condition.factor == "people":
        factor = say("claim_people", language)
    if condition.at is None:
        setting = condition.side.replace("_", " ")
        return say("claim_setting", language, factor=factor, setting=setting)
    at = f"{condition.at:.3g}".replace(".", say("decimal", language))
    return say(f"claim_{condition.side}", language, factor=factor, at=at)


def condition_in(told: str, language: str) -> str:
    """Return a condition of a table, which is in English, in another language.

    >>> condition_in("people is above 36.5", "nl")
    'het aantal mensen boven 36,5 ligt'
    """
    found = re.fullmatch(r"(.+) is (above|at most) ([\d.e+-]+)", told)
    if found is None:
        return told
    factor, side, at = found.groups()
    if factor == say("claim_people"):
        factor = say("claim_people", language)
    at = at.replace(".", say("decimal", language))
    key = "claim_above" if side == "above" else "claim_below"
    return say(key, language, factor=factor, at=at)


def contrast_text(claim: Claim, language: str = "en") -> str:
    """Return the scenarios that a claim compares, with rivals and parts."""
    pair = f"{claim.base} / {claim.scenario}"
    if claim.beside:
        other = " / ".join(claim.beside)
        return say("claim_beside", language, pair=pair, rivals=other)
    if claim.in_proportion:
        whole = claim.in_proportion
        return say("claim_in_proportion", language, pair=pair, rivals=whole)
    rivals = names(claim.parts or [claim.than or ""], language)
    if not rivals:
        return pair
    key = "claim_parts" if claim.parts else "claim_rival"
    return say(key, language, pair=pair, rivals=rivals)


def known_text(claim: Claim, language: str = "en") -> str:
    """Return what was known of a claim beforehand; empty if it is a prediction."""
    if claim.seen:
        return say("claim_seen", language)
    return "" if claim.predicts else say("claim_judged_before", language)


def window_text(claim: Claim, language: str = "en") -> str:
    """Return the weeks over which a claim is measured; empty without a window."""
    if not claim.window:
        return ""
    first, last = (number(week, language) for week in claim.window)
    return say("claim_window", language, first=first, last=last)


def note_text(asked: ClaimTest, language: str = "en") -> str:
    """Return an explanation of verdicts, with the size tested, if one was given."""
    note = say(
        "claim_note",
        language,
        sets=number(asked.sets, language),
        organisations=asked.organisations,
        seed=asked.seed,
    )
    if asked.size:
        note = f"{say('claim_size', language, size=asked.size)} {note}"
    return note


def effect_text(effect: Interval, outcome: str, language: str = "en") -> str:
    """Return an effect in the outcome's unit, with its interval."""
    return change(effect, find_outcome(outcome), language)


def _paragraph(one: ClaimResult, language: str) -> str:
    """Return a verdict followed by its grounds, one per line."""
    claim = one.claim
    head = f"{claim.article}  {claim.id}: {verdict_text(one, language)}"
    return "\n".join([head, *(line for line in _details(one, language) if line)])


def _details(one: ClaimResult, language: str) -> list[str]:
    claim, verdict = one.claim, one.verdict
    lines = [claim.says[language]]
    if known := known_text(claim, language):
        lines[0] += f" ({known})"
    if window := window_text(claim, language):
        lines.append(window)
    if former := former_text(claim, language):
        key = "claim_changed" if has_changed(one) else "claim_as_before"
        lines.append(say(key, language, verdict=former))
    lines += [_effect(one, language), _calibrated(one, language)]
    if verdict.gain and verdict.why == "no_gain":
        gain = effect_text(verdict.gain, claim.outcome, language)
        over = claim.gained_over or ""
        lines.append(say("claim_no_keep", language, over=over, gain=gain))
    elif verdict.gain:
        gain = effect_text(verdict.gain, claim.outcome, language)
        kept = percent(verdict.kept if verdict.kept is not None else math.nan, language)
        over = claim.gained_over or ""
        lines.append(say("claim_gain", language, over=over, gain=gain, kept=kept))
    lines += _at_values(one, language)
    if one.through:
        ends = [number(100 * x, language) for x in (one.through.low, one.through.high)]
        reach = say("interval", language, low=ends[0], high=ends[1])
        share = f"{percent(one.through.estimate, language)} ({reach})"
        path = find_path("+".join(claim.path)).label[language]
        key = "claim_not_through" if one.through.high < HALF else "claim_through"
        lines.append(say(key, language, path=path, share=share))
    if claim.chain:
        lines.append(say("claim_steps", language, chain=claim.chain[language]))
    return lines + _when(one, language)


def _effect(one: ClaimResult, language: str) -> str:
    """Return the effect over all sets, and how often its sign and size hold.

    The sign over parameter sets; the size, either way, over single organisations.
    """
    claim, verdict = one.claim, one.verdict
    holds = verdict.holds
    return say(
        "claim_effect",
        language,
        effect=effect_text(verdict.effect, claim.outcome, language),
        raw=percent(holds.raw, language),
        holds=percent(holds.estimate, language),
        ends=percent_between(holds.low, holds.high, language),
        better=percent(verdict.better, language),
        worse=percent(verdict.worse, language),
        smallest=_smallest(claim, language),
    )


def _smallest(claim: Claim, language: str) -> str:
    """Return the smallest difference that matters: `3 points`."""
    size = exactly(claim.smallest)
    return size_and_ends(size, find_outcome(claim.outcome), language)[0]


def _calibrated(one: ClaimResult, language: str) -> str:
    """Return the effect under sets that pass calibration; empty if there are none."""
    verdict = one.verdict
    if not verdict.calibrated.n:
        return ""
    return say(
        "claim_calibrated",
        language,
        n=verdict.calibrated.n,
        effect=effect_text(verdict.calibrated, one.claim.outcome, language),
        holds=percent(verdict.holds_calibrated, language),
    )


def _at_values(one: ClaimResult, language: str) -> list[str]:
    """Return the effects at the table's values, and whether these disagree."""
    shipped, mixed, outcome = one.shipped, one.at_values, one.claim.outcome
    if not (shipped.known and mixed.known):
        return []
    texts = {
        "contrast": contrast_text(one.claim, language),
        "shipped": effect_text(shipped, outcome, language),
        "mixed": effect_text(mixed, outcome, language),
    }
    lines = [say("claim_at_values", language, **texts)]
    if shipped.low > mixed.high or shipped.high < mixed.low:
        lines.append(say("claim_disagree", language))
    return lines


def _when(one: ClaimResult, language: str) -> list[str]:
    """Return effects inside and outside a condition, and the deciding parameters."""
    lines = []
    condition, outcome = one.verdict.condition, one.claim.outcome
    if condition:
        inside = effect_text(condition.inside, outcome, language)
        outside = effect_text(condition.outside, outcome, language)
        lines.append(say("claim_inside", language, inside=inside, outside=outside))
    if one.verdict.decided_by:
        told = signed(one.verdict.decided_by[:MOST_PARAMETERS])
        lines.append(say("claim_decided", language, parameters=names(told, language)))
    return lines


def as_markdown(
    table: Table, found: Sequence[ClaimResult], language: str = "en"
) -> str:
    """Return all verdicts as a Markdown table, with counts and a note below it."""
    rows = markdown(table.columns, table.rows)
    return f"{rows}\n{counts(found, language)}\n\n{table.note}\n"


def _shown_row(one: ClaimResult, language: str) -> list[str]:
    claim, verdict = one.claim, one.verdict
    seen = "" if claim.predicts else " *"
    condition = verdict.condition
    told = verdict_text(one, language)
    if condition:
        inside = effect_text(condition.inside, claim.outcome, language)
        outside = effect_text(condition.outside, claim.outcome, language)
        told += f": {inside}, {say('claims_else', language)} {outside}"
    calibrated, holds = verdict.calibrated, verdict.holds
    return [
        f"{claim.article}. {claim.says[language]}{seen}",
        told,
        effect_text(verdict.effect, claim.outcome, language),
        _smallest(claim, language),
        f"{percent(holds.raw, language)} / {percent_and_ends(holds, language)}",
        effect_text(calibrated, claim.outcome, language) if calibrated.known else "",
        effect_text(one.shipped, claim.outcome, language) if one.shipped.known else "",
        percent(one.through.estimate, language) if one.through else "",
        former_text(claim, language),
    ]


def as_table(found: Sequence[ClaimResult], asked: ClaimTest) -> pd.DataFrame:
    """Return a row for each claim: effects as claimed, in the outcome's unit."""
    return pd.DataFrame([{**_table_row(one), **asdict(asked)} for one in found])


def _table_row(one: ClaimResult) -> dict:
    claim, verdict = one.claim, one.verdict
    condition, through = verdict.condition, one.through
    return {
        "claim": claim.id,
        "article": claim.article,
        "edition": claim.edition,
        "base": claim.base,
        "scenario": claim.scenario,
        "than": claim.than or "",
        "parts": " ".join(claim.parts),
        "beside": " ".join(claim.beside),
        "in_proportion": claim.in_proportion or "",
        "window": " ".join(map(str, claim.window)),
        "outcome": claim.outcome,
        "direction": claim.direction,
        "smallest": claim.smallest,
        "seen": claim.seen,
        "fixed": one.fixed,
        "chain": bool(claim.chain),
        "verdict": verdict.kind,
        "why": verdict.why,
        "condition": condition_text(condition) if condition else "",
        **verdict.effect.columns("effect"),
        "holds_raw": verdict.holds.raw,
        **verdict.holds.columns("holds"),
        **verdict.calibrated.columns("calibrated"),
        "holds_calibrated": verdict.holds_calibrated,
        "better": verdict.better,
        "worse": verdict.worse,
        "gain": verdict.gain.estimate if verdict.gain else np.nan,
        "kept": verdict.kept if verdict.kept is not None else np.nan,
        "at_values": one.at_values.estimate,
        **one.shipped.columns("shipped"),
        **(through or UNKNOWN).columns("through"),
        "inside": condition.inside.estimate if condition else np.nan,
        "outside": condition.outside.estimate if condition else np.nan,
        "decided_by": " ".join(f"{n}:{r:.2f}" for n, r in verdict.decided_by),
        **_former_row(one),
    }


def _former_row(one: ClaimResult) -> dict:
    former = former_verdicts().get(one.claim.id)
    return {
        "verdict_before": former.kind if former else "",
        "why_before": former.why if former else "",
        **(former.effect if former else UNKNOWN).columns("effect_before"),
        "changed": has_changed(one) if former else "",
    }
