"""The claims of the articles as a ledger: what is put to the test, written down before.

`ledger.toml` holds them; scenarios, outcomes and paths that it names must exist.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from experiments.errors import InputError
from experiments.paths import path_table
from simulation.outcomes import LANGUAGES, OUTCOMES
from simulation.scenario_errors import nearest
from simulation.scenario_places import shipped_names

ARTICLES = (1, 2, 3, 4, 5)
DIRECTIONS = ("raises", "lowers", "leaves_unchanged")
REQUIRED = ("article", "says", "base", "scenario", "outcome", "direction", "path")
SIZES = ("small", "large")
OPTIONAL = (
    *("than", "parts", "gained_over", "size", "smallest", "against", "seen"),
    "chain",
)


class ClaimError(InputError):
    """A ledger of claims cannot be used; the message has every mistake, one a line."""


@dataclass(frozen=True)
class Claim:
    """One claim: that a scenario moves an outcome against a base, and through what.

    `smallest` is the difference from which it matters, in the outcome's unit; `size`
    that of the organisations it is about (`small`, `large`, None: any). `than`
    names a scenario that must move it less (a comparative claim), `parts` scenarios
    whose effects together must be smaller (a joint claim), `against` another claim that
    this one pulls against. `gained_over`, of claims of no change, is the scenario over
    which the base must have gained something that can be kept. `seen` claims had been
    run before they were written down. `chain` says, where it is so, through which steps
    that each go one way the direction was put in.
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

    @property
    def scenarios(self) -> tuple[str, ...]:
        """All scenarios that the claim needs, the base first."""
        single = [name for name in (self.than, self.gained_over) if name]
        return (self.base, self.scenario, *single, *self.parts)


def read_claims(rows: Mapping[str, Mapping[str, Any]]) -> tuple[Claim, ...]:
    """Return the claims of a ledger; `ClaimError` names every mistake at once."""
    mistakes = [text for name, row in rows.items() for text in _mistakes(name, row)]
    mistakes += [
        f"{name}.against: {_unknown(row['against'], rows)}"
        for name, row in rows.items()
        if row.get("against", name) not in rows
    ]
    if mistakes:
        raise ClaimError("\n".join(mistakes))
    return tuple(_claim(name, row) for name, row in rows.items())


@cache
def claims() -> tuple[Claim, ...]:
    """Return the claims that ship, in order of the articles."""
    text = Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    return read_claims(tomllib.loads(text))


def _claim(name: str, row: Mapping[str, Any]) -> Claim:
    usual = OUTCOMES[row["outcome"]].smallest_difference
    lists = {key: tuple(row[key]) for key in ("path", "parts") if key in row}
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
            yield f"{name}.{_unknown(key, (*REQUIRED, *OPTIONAL))}"
    for key in ("says", "chain"):
        for language in LANGUAGES:
            if key in row and not row[key].get(language):
                yield f"{name}.{key}: without {language}"
    scenarios = [row["base"], row["scenario"], *row.get("parts", ())]
    scenarios += [row[key] for key in ("than", "gained_over") if key in row]
    known: list[tuple[str, Any, Iterable[Any]]] = [
        ("article", row["article"], ARTICLES),
        ("outcome", row["outcome"], OUTCOMES),
        ("size", row.get("size", "small"), SIZES),
        ("direction", row["direction"], DIRECTIONS),
        *(("path", one, path_table()) for one in row["path"]),
        *(("scenario", one, shipped_names()) for one in scenarios),
    ]
    for key, value, allowed in known:
        if value not in allowed:
            yield f"{name}.{key}: {_unknown(value, allowed)}"
    if "than" in row and "parts" in row:
        yield f"{name}: a claim is comparative (than) or joint (parts), not both"
    if ("gained_over" in row) != (row["direction"] == "leaves_unchanged"):
        yield f"{name}: gained_over goes with leaves_unchanged, and only with it"
    if not row.get("smallest", 1.0) > 0:
        yield f"{name}.smallest: must be above 0, got {row['smallest']}"


def _unknown(value: Any, allowed: Iterable[Any]) -> str:
    near = nearest(value, [str(x) for x in allowed])
    hint = f"; did you mean {near}?" if near else ""
    return f"unknown {value!r}{hint}"
