"""Verdicts on claims as text and as a table."""

import math
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pandas as pd

from experiments.answers import wrapped
from experiments.claims.alternatives import find_rule
from experiments.claims.ledger import Claim
from experiments.claims.testing import Asked, Tested
from experiments.claims.verdicts import Condition
from experiments.intervals import Interval
from experiments.numerals import change, number, say
from experiments.paths import find_path
from experiments.tables_page import markdown
from experiments.words import names
from simulation.outcomes import find

INDENT = "    "
MOST_PARAMETERS = 3


def as_text(found: Sequence[Tested], asked: Asked, language: str = "en") -> str:
    """Return all verdicts as lines of text, how many came out which way at the end."""
    paragraphs = [_paragraph(one, language) for one in found]
    note = note_text(asked, language)
    return "\n\n".join([*paragraphs, wrapped(counts(found, language)), wrapped(note)])


def counts(found: Sequence[Tested], language: str = "en") -> str:
    """Return in a sentence how many claims came out which way."""
    kinds = [one.verdict.kind for one in found if one.counts]
    fixed = sum(_speaks(one) and one.fixed for one in found)
    contrary = sum(one.verdict.kind == "contrary" for one in found)
    rest = len(found) - len(kinds) - fixed - contrary
    return say(
        "claim_counts",
        language,
        supported=number(kinds.count("supported"), language),
        when=number(kinds.count("only_when"), language),
        fixed=number(fixed, language),
        contrary=number(contrary, language),
        rest=number(rest, language),
        total=number(len(found), language),
    )


def _speaks(one: Tested) -> bool:
    return one.verdict.kind in ("supported", "only_when")


def verdict_text(one: Tested, language: str = "en") -> str:
    """Return a verdict in a few words."""
    verdict = one.verdict
    condition = verdict.condition
    words = condition_text(condition, language) if condition else ""
    text = say(f"claim_{verdict.kind}", language, condition=words)
    if one.fixed and _speaks(one):
        return say("claim_fixed", language, verdict=text)
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


def contrast_text(claim: Claim, language: str = "en") -> str:
    """Return which scenarios a claim sets beside one another, rivals and parts too."""
    pair = f"{claim.base} / {claim.scenario}"
    rivals = names(claim.parts or [claim.than or ""], language)
    if not rivals:
        return pair
    key = "claim_parts" if claim.parts else "claim_rival"
    return say(key, language, pair=pair, rivals=rivals)


def note_text(asked: Asked, language: str = "en") -> str:
    """Return what verdicts mean, and under which rule and in what size, if any."""
    note = say(
        "claim_note",
        language,
        sets=number(asked.sets, language),
        organisations=number(asked.organisations, language),
        seed=number(asked.seed, language),
    )
    if asked.rule is not None:
        label = find_rule(asked.rule).label[language]
        note = f"{say('claim_rule', language, rule=asked.rule, label=label)} {note}"
    if asked.size:
        note = f"{say('claim_size', language, size=asked.size)} {note}"
    return note


def effect_text(effect: Interval, outcome: str, language: str = "en") -> str:
    """Return an effect in the outcome's unit, with its interval."""
    return change(effect, find(outcome), language)


def percent(share: float, language: str = "en") -> str:
    """Return a share as a percentage.

    >>> percent(0.914)
    '91%'
    """
    if math.isnan(share):
        return say("missing", language)
    return number(100 * share, language) + "%"


def _paragraph(one: Tested, language: str) -> str:
    claim = one.claim
    head = f"{claim.article}  {claim.id}: {verdict_text(one, language)}"
    lines = [head, *_details(one, language)]
    return "\n".join(
        wrapped(line if k == 0 else INDENT + line, INDENT)
        for k, line in enumerate(lines)
    )


def _details(one: Tested, language: str) -> list[str]:
    claim, verdict = one.claim, one.verdict
    lines = [claim.says[language]]
    if claim.seen:
        lines[0] += f" ({say('claim_seen', language)})"
    lines.append(
        say(
            "claim_effect",
            language,
            effect=effect_text(verdict.effect, claim.outcome, language),
            holds=percent(verdict.holds, language),
            plausible=percent(verdict.plausible, language),
        )
    )
    if one.shipped.known:
        effect = effect_text(one.shipped, claim.outcome, language)
        contrast = contrast_text(claim, language)
        lines.append(say("claim_shipped", language, contrast=contrast, effect=effect))
    if one.through:
        ends = [number(100 * x, language) for x in (one.through.low, one.through.high)]
        reach = say("interval", language, low=ends[0], high=ends[1])
        share = f"{percent(one.through.estimate, language)} ({reach})"
        path = find_path("+".join(claim.path)).label[language]
        lines.append(say("claim_through", language, path=path, share=share))
    return lines + _when(one, language)


def _when(one: Tested, language: str) -> list[str]:
    """Return where a claim holds, and which parameters decide its effect."""
    lines = []
    condition, outcome = one.verdict.condition, one.claim.outcome
    if condition:
        inside = effect_text(condition.inside, outcome, language)
        outside = effect_text(condition.outside, outcome, language)
        lines.append(say("claim_inside", language, inside=inside, outside=outside))
    if one.verdict.decided_by:
        told = [
            f"{name} ({'+' if r > 0 else '-'})"
            for name, r in one.verdict.decided_by[:MOST_PARAMETERS]
        ]
        lines.append(say("claim_decided", language, parameters=names(told, language)))
    return lines


def as_markdown(found: Sequence[Tested], asked: Asked, language: str = "en") -> str:
    """Return all verdicts as a Markdown table, with what they mean below it."""
    keys = ("claim", "verdict", "effect", "holds", "shipped", "through")
    head = [say(f"claims_{key}", language) for key in keys]
    table = markdown(head, [_markdown_row(one, language) for one in found])
    note = note_text(asked, language)
    return f"{table}\n{counts(found, language)}\n\n{note}\n"


def _markdown_row(one: Tested, language: str) -> list[str]:
    claim, verdict = one.claim, one.verdict
    seen = " *" if claim.seen else ""
    holds = (percent(verdict.holds, language), percent(verdict.plausible, language))
    condition = verdict.condition
    told = verdict_text(one, language)
    if condition:
        inside = effect_text(condition.inside, claim.outcome, language)
        outside = effect_text(condition.outside, claim.outcome, language)
        told += f": {inside}, {say('claims_else', language)} {outside}"
    return [
        f"{claim.article}. {claim.says[language]}{seen}",
        told,
        effect_text(verdict.effect, claim.outcome, language),
        " / ".join(holds),
        effect_text(one.shipped, claim.outcome, language) if one.shipped.known else "",
        percent(one.through.estimate, language) if one.through else "",
    ]


def as_table(found: Sequence[Tested], asked: Asked) -> pd.DataFrame:
    """Return a row for each claim: effects as claimed, in the outcome's unit."""
    return pd.DataFrame([{**_table_row(one), **asdict(asked)} for one in found])


def _table_row(one: Tested) -> dict:
    claim, verdict = one.claim, one.verdict
    condition, through = verdict.condition, one.through
    return {
        "claim": claim.id,
        "article": claim.article,
        "base": claim.base,
        "scenario": claim.scenario,
        "than": claim.than or "",
        "outcome": claim.outcome,
        "direction": claim.direction,
        "smallest": claim.smallest,
        "seen": claim.seen,
        "fixed": one.fixed,
        "verdict": verdict.kind,
        "condition": condition_text(condition) if condition else "",
        "effect": verdict.effect.estimate,
        "effect_low": verdict.effect.low,
        "effect_high": verdict.effect.high,
        "holds": verdict.holds,
        "holds_calibrated": verdict.plausible,
        "shipped": one.shipped.estimate,
        "shipped_low": one.shipped.low,
        "shipped_high": one.shipped.high,
        "through": through.estimate if through else np.nan,
        "through_low": through.low if through else np.nan,
        "through_high": through.high if through else np.nan,
        "inside": condition.inside.estimate if condition else np.nan,
        "outside": condition.outside.estimate if condition else np.nan,
        "decided_by": " ".join(f"{n}:{r:.2f}" for n, r in verdict.decided_by),
    }
