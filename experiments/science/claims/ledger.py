"""The ledger: claims of the articles, written down before they are tested.

`ledger.toml` holds the first edition, the files `ledger_2*.toml` the second. All arms,
outcomes and paths that they name must exist.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from experiments.compare.causes import path_table
from experiments.errors import InputError
from experiments.science.claims.arms import arm_names, find_arm, unknown
from experiments.science.claims.measuring import find_outcome, outcome_names
from simulation.outcomes import LANGUAGES

ARTICLES = (1, 2, 3, 4, 5)
EDITIONS = (1, 2)
AT_MOST = ("does_not_lower", "does_not_raise")
"""Directions that say of an effect only that it is not the other way."""
DIRECTIONS = ("raises", "lowers", "leaves_unchanged", *AT_MOST)
REQUIRED = ("article", "says", "base", "scenario", "outcome", "direction", "path")
SIZES = ("small", "large")
RIVALS = ("than", "parts", "beside", "in_proportion")
"""What a claim may be measured against beyond its base; one of them at most."""
OPTIONAL = (
    *(*RIVALS, "gained_over", "size", "smallest", "against", "seen", "chain"),
    *("window", "edition"),
)
LISTS = ("path", "parts", "beside", "window")


class ClaimError(InputError):
    """A ledger of claims is invalid; the message lists every mistake, one per line."""


@dataclass(frozen=True)
class Claim:
    """One claim: an arm moves an outcome against a base, through some path.

    `smallest` is the smallest difference that matters, in the outcome's unit. `size` is
    the size of the organisations it is about (`small`, `large`; None: any).

    At most one of four fields makes it more than a plain contrast. `than` names an arm
    that must move the outcome less (a comparative claim). `parts` are arms whose
    effects together must be smaller (a joint claim). `beside` is a base and an arm
    between which the effect must be smaller (an interaction). `in_proportion` is an arm
    that lacks all of what the scenario lacks a part of; the scenario's loss must be a
    larger share of this arm's loss than that part is of the whole.

    `against` is another claim that this one pulls against. `gained_over`, for claims of
    no change, is the arm over which the base must have gained something that can be
    kept. `window` holds the first week and the end week of the measurement. `chain`,
    where the direction was built in by steps that each go one way, names these steps.
    `edition` is the edition of the ledger. `seen` claims had been run, or their result
    was within reach, before they were written down.
    """

    id: str
    article: int
    says: Mapping[str, str]
    base: str
    scenario: str
    outcome: str
    direction: str
    path: tuple[str, ...]
    smallest: float
    than: str | None = None
    parts: tuple[str, ...] = ()
    against: str | None = None
    seen: bool = False
    size: str | None = None
    gained_over: str | None = None
    chain: Mapping[str, str] | None = None
    edition: int = 1
    beside: tuple[str, ...] = ()
    in_proportion: str | None = None
    window: tuple[int, ...] = ()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """All arms that the claim needs: base and scenario first."""
        names = (self.than, self.gained_over, self.in_proportion)
        single = [name for name in names if name]
        return (self.base, self.scenario, *single, *self.parts, *self.beside)

    @property
    def weeks(self) -> int:
        """Number of weeks that its worlds must be simulated."""
        horizon = max(find_arm(name).scenario.weeks for name in self.scenarios)
        return max((horizon, *self.window[1:]))

    @property
    def plain(self) -> bool:
        """Whether it is a plain contrast of two scenarios on an outcome of any run."""
        rivals = (self.than, self.parts, self.beside, self.in_proportion, self.window)
        arms = [find_arm(name) for name in self.scenarios]
        return not (any(rivals) or any(arm.intervenes for arm in arms)) and (
            find_outcome(self.outcome).summary != "reading"
        )

    @property
    def predicts(self) -> bool:
        """Whether its verdict with version 2 of the model was a prediction.

        It was not if the claim was judged with version 1, or if its result was seen.
        With version 3 no verdict is: all were known.
        """
        return self.edition == 2 and not self.seen


def read_claims(rows: Mapping[str, Mapping[str, Any]]) -> tuple[Claim, ...]:
    """Return the claims of a ledger; raise `ClaimError` with every mistake."""
    mistakes = [text for name, row in rows.items() for text in _mistakes(name, row)]
    mistakes += [
        f"{name}.against: unknown {unknown(row['against'], rows)}"
        for name, row in rows.items()
        if row.get("against", name) not in rows
    ]
    if mistakes:
        raise ClaimError("\n".join(mistakes))
    return tuple(_claim(name, row) for name, row in rows.items())


@cache
def claims() -> tuple[Claim, ...]:
    """Return the claims of both editions, sorted by article."""
    second = {**claim_rows("ledger_2.toml", 2), **claim_rows("ledger_2_more.toml", 2)}
    made = read_claims({**claim_rows("ledger.toml", 1), **second})
    return tuple(sorted(made, key=lambda claim: claim.article))


def claim_rows(file: str, edition: int) -> dict[str, dict[str, Any]]:
    """Return the rows of a ledger file, with the edition added to each."""
    text = Path(__file__).with_name(file).read_text(encoding="utf-8")
    return {
        name: {**row, "edition": edition} for name, row in tomllib.loads(text).items()
    }


def kin(claim: Claim) -> tuple[Claim, ...]:
    """Return claims of earlier editions about the same base and scenario.

    Version 1 had already shown what this contrast does to other outcomes.
    """
    pair = {claim.base, claim.scenario}
    return tuple(
        other
        for other in claims()
        if other.edition < claim.edition and {other.base, other.scenario} == pair
    )


def _claim(name: str, row: Mapping[str, Any]) -> Claim:
    usual = find_outcome(row["outcome"]).smallest_difference
    lists = {key: tuple(row[key]) for key in LISTS if key in row}
    said = [key for key in ("says", "chain") if key in row]
    texts = {key: MappingProxyType(dict(row[key])) for key in said}
    smallest = float(row.get("smallest", usual))
    return Claim(id=name, **{**row, **lists, **texts, "smallest": smallest})


def _mistakes(name: str, row: Mapping[str, Any]) -> Iterable[str]:
    missing = [key for key in REQUIRED if key not in row]
    if missing:
        yield f"{name}: without {', '.join(missing)}"
        return
    for key in row:
        if key not in (*REQUIRED, *OPTIONAL):
            yield f"{name}: unknown {unknown(key, (*REQUIRED, *OPTIONAL))}"
    for key in ("says", "chain"):
        for language in LANGUAGES:
            if key in row and not row[key].get(language):
                yield f"{name}.{key}: without {language}"
    arms = [row["base"], row["scenario"], *row.get("parts", ()), *row.get("beside", ())]
    single = ("than", "gained_over", "in_proportion")
    arms += [row[key] for key in single if key in row]
    known: list[tuple[str, Any, Iterable[Any]]] = [
        ("article", row["article"], ARTICLES),
        ("edition", row.get("edition", 1), EDITIONS),
        ("outcome", row["outcome"], outcome_names()),
        ("size", row.get("size", "small"), SIZES),
        ("direction", row["direction"], DIRECTIONS),
        *(("path", one, path_table()) for one in row["path"]),
        *(("scenario", one, arm_names()) for one in arms),
    ]
    wrong = [one for one in known if one[1] not in one[2]]
    for key, value, allowed in wrong:
        yield f"{name}.{key}: unknown {unknown(value, allowed)}"
    if not wrong:
        yield from _misfits(name, row, arms)


def _misfits(name: str, row: Mapping[str, Any], arms: list[str]) -> Iterable[str]:
    """Yield a message for each combination of valid entries that is not allowed."""
    rivals = [key for key in RIVALS if key in row]
    if len(rivals) > 1:
        yield f"{name}: {' and '.join(rivals)} go with a claim one at a time, not both"
    if ("gained_over" in row) != (row["direction"] == "leaves_unchanged"):
        yield f"{name}: gained_over goes with leaves_unchanged, and only with it"
    if not row.get("smallest", 1.0) > 0:
        yield f"{name}.smallest: must be above 0, got {row['smallest']}"
    if len(row.get("beside", (1, 2))) != 2:
        yield f"{name}.beside: takes a base and an arm, got {row['beside']}"
    window = row.get("window", (0, 1))
    if len(window) != 2 or not 0 <= window[0] < window[1]:
        yield f"{name}.window: takes a first week and a later one, got {window}"
    needs = find_outcome(row["outcome"]).needs
    if needs and ("window" in row or any(find_arm(x).intervenes for x in arms)):
        yield f"{name}: {row['outcome']} has no window, and no arms that intervene"
