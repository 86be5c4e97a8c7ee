"""Signs fixed by construction: never counted as support for a claim.

`signs.toml` lists, setting by setting, the outcomes that move by definition within one
hop of a lever. Run `python -m experiments.science.signs` after the list has changed.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from simulation.outcomes import OUTCOMES
from simulation.tables import lever_table

TABLE = Path(__file__).with_suffix(".toml")
PAGE = Path(__file__).parents[2] / "docs" / "signs-by-construction.md"
SIGNS = {"+": 1, "-": -1}
FIXED_BY = ("equation", "parameters")

HEAD = """\
# Signs fixed by construction

Some outcomes move within one hop of a lever because of what they are: who may decide
more has more control, as control is counted in own decisions. Such signs say how the
model was built and nothing about organisations. They are listed here, and **never
counted as support for a claim**; claims may rest on sizes, on what lies two hops away
or more, and on outcomes that are not listed.

Signs hold against the lever's baseline setting, everything else equal and once people
have been reached. *Equation*: the sign follows from the table of levers
([levers.md](levers.md)) and one equation. *Parameters*: it also hangs on published
parameter values, and could turn elsewhere within their ranges. A lever that is named
without outcomes fixes no sign.

This page is made from `experiments/science/signs.toml` by
`python -m experiments.science.signs`.
"""


@dataclass(frozen=True)
class FixedSign:
    """A fixed sign: which way (1 or -1) a lever's setting moves an outcome, and why."""

    lever: str
    setting: str
    outcome: str
    sign: int
    because: str
    fixed_by: str


def read_signs(rows: Mapping[str, Mapping[str, Any]]) -> tuple[FixedSign, ...]:
    """Return the signs of a list; raise ValueError with every mistake.

    Each lever and each of its settings except the baseline must have an entry, which
    may be empty.
    """
    mistakes = [*_missing(rows), *_unknown(rows)]
    if mistakes:
        raise ValueError("signs by construction:\n  " + "\n  ".join(mistakes))
    return tuple(
        FixedSign(
            lever, setting, outcome, SIGNS[row["sign"]], row["because"], row["fixed_by"]
        )
        for lever, settings in rows.items()
        for setting, outcomes in settings.items()
        for outcome, row in outcomes.items()
    )


@cache
def fixed_signs() -> tuple[FixedSign, ...]:
    """Return all signs that are fixed by construction."""
    return read_signs(tomllib.loads(TABLE.read_text(encoding="utf-8")))


def by_construction(
    before: Mapping[str, str], after: Mapping[str, str], outcome: str
) -> tuple[FixedSign, ...]:
    """Return the fixed signs of an outcome that apply to a move between settings.

    `before` and `after` map levers to settings, as `Stage.levers` does. A move back to
    the baseline's setting reverses the sign. For a move between two other settings, a
    sign applies if one of them has it: neither direction then counts as support.
    """
    found = []
    for one in fixed_signs():
        here, there = before.get(one.lever), after.get(one.lever)
        if one.outcome == outcome and here != there and one.setting in (here, there):
            sign = one.sign if one.setting == there else -one.sign
            found.append(FixedSign(**{**vars(one), "sign": sign}))
    return tuple(found)


def _missing(rows: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    for lever in lever_table().values():
        for setting in lever.settings:
            given = setting in rows.get(lever.name, {})
            if setting == lever.baseline and given:
                yield f"{lever.name}.{setting}: is the baseline's setting"
            elif setting != lever.baseline and not given:
                yield f"{lever.name}.{setting}: has no entry"


def _unknown(rows: Mapping[str, Mapping[str, Any]]) -> Iterable[str]:
    table = lever_table()
    for lever, settings in rows.items():
        if lever not in table:
            yield f"{lever}: unknown lever"
            continue
        for setting, outcomes in settings.items():
            if setting not in table[lever].settings:
                yield f"{lever}.{setting}: unknown setting"
            for outcome, row in outcomes.items():
                yield from _wrong(f"{lever}.{setting}.{outcome}", outcome, row)


def _wrong(where: str, outcome: str, row: Mapping[str, str]) -> Iterable[str]:
    if outcome not in OUTCOMES:
        yield f"{where}: unknown outcome"
    if row.get("sign") not in SIGNS:
        yield f"{where}: sign {row.get('sign')!r} is not one of {', '.join(SIGNS)}"
    if row.get("fixed_by") not in FIXED_BY:
        yield f"{where}: fixed_by is not one of {', '.join(FIXED_BY)}"
    if not row.get("because"):
        yield f"{where}: without because"


def page() -> str:
    """Return the page of signs as Markdown."""
    signs = fixed_signs()
    table = ["| lever | setting | outcome | sign | because | fixed by |"]
    table.append("|---|---|---|---|---|---|")
    table += [_row(one) for one in signs]
    moved = {(one.lever, one.setting) for one in signs}
    free = [
        f"`{lever.name} = {setting}`"
        for lever in lever_table().values()
        for setting in lever.settings
        if setting != lever.baseline and (lever.name, setting) not in moved
    ]
    rest = "No sign is fixed by " + ", ".join(free) + "."
    return "\n".join([HEAD, *table, "", rest, ""])


def _row(one: FixedSign) -> str:
    sign = "up" if one.sign > 0 else "down"
    label = OUTCOMES[one.outcome].label["en"]
    cells = (f"`{one.lever}`", f"`{one.setting}`", label, sign, one.because)
    return "| " + " | ".join((*cells, one.fixed_by)) + " |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
