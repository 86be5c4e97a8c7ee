"""Make the pages docs/levers.md, parameters.md and claims.md from the tables.

Run `python -m experiments.science.tables_page` after a table has changed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

from experiments.science.claims import Claim, claims
from experiments.science.claims.ledger import kin
from experiments.science.claims.measuring import find_outcome
from simulation.tables import PARAMETERS, STRUCTURE, Lever, Number, lever_table

DOCS = Path(__file__).parents[2] / "docs"

LEVERS_HEAD = """\
# Levers: what each setting changes

A lever is a condition that a scenario can switch. All that it does is to overwrite the
structural numbers in its table below; rules read those numbers and never a lever's
name. What holds where a scenario names no setting is marked **baseline**. Effort is
what a change to another setting takes once; a scenario can give its own under
`[effort]`. Contexts describe the world around an organisation and take no effort.
*Read in* are the headings of [ODD.md](ODD.md) that name the number (as `S.name`) and
tell what it does there.

This page is made from `simulation/levers.toml`, `simulation/structure.toml` and
`docs/ODD.md` by `python -m experiments.science.tables_page`.
"""

NUMBERS_HEAD = """\
# Structural numbers and parameters

Structural numbers say what the organisation is: levers overwrite them, and a scenario
may set any of them under `[structure]`. Parameters belong to the equations: no lever
touches them; a scenario may set them under `[parameters]`. A source that reads
"assumption" means that no study stands behind the value yet. *Range* is what the
equations allow; *plausible* is where a parameter may lie as far as is known: fixed
before calibration, and what claims are tested over (docs/science.md); what has no such
range is held fixed there, whether it is known or not ([ODD, 1](ODD.md)).

This page is made from `simulation/structure.toml` and `simulation/parameters.toml` by
`python -m experiments.science.tables_page`.
"""


CLAIMS_HEAD = """\
# Claims of the articles, written down before they are tested

Each is a hypothesis: an arm against a base, an outcome, a direction and the path
it is said to run through ([the paths](../experiments/compare/causes.toml)). Signs
that are [fixed by construction](signs-by-construction.md) do not count as support. What
came of them: [science.md](science.md).

There are two editions. The **first** was written down before version 1 of the model was
judged; those marked *seen* had been run while it was built. All its verdicts over
version 1 are known, so that none over version 2 is a prediction. The **second** was
written down before version 2 was frozen and before any of it was run; claims of the
first edition about the same two arms, whose verdicts were known, are named behind *same
arms*; *seen* are those that a trial had shown on which version 2 was designed.

Arms are scenarios that ship (`scenarios/`) or rows of
[arms.toml](../experiments/science/claims/arms.toml), which say what no scenario can: a
person who leaves in a given week, a department that a change passes by. Outcomes are
those of [outcomes.md](outcomes.md), or
[readings](../experiments/science/claims/readings.toml) that only the ledger needs.

This page is made from the files `ledger*.toml` in `experiments/science/claims/` by
`python -m experiments.science.tables_page`.
"""


def claims_page() -> str:
    """Return the page of claims as Markdown."""
    head = ("Article", "Edition", "Claim", "Contrast", "Outcome", "Said to run through")
    return f"{CLAIMS_HEAD}\n{markdown(head, [_claim_row(x) for x in claims()])}"


def _claim_row(claim: Claim) -> list[str]:
    contrast = f"`{claim.scenario}` - `{claim.base}`"
    if claim.than:
        contrast += f", by more than `{claim.than}`"
    if claim.parts:
        parts = ", ".join(f"`{part}`" for part in claim.parts)
        contrast += f", by more than {parts} together"
    if claim.beside:
        base, arm = claim.beside
        contrast += f", by more than `{arm}` - `{base}`"
    if claim.in_proportion:
        whole = f"`{claim.in_proportion}` - `{claim.base}`"
        contrast += f", by more than its share of the items in {whole}"
    says = claim.says["en"]
    if claim.against:
        says += f" (Pulls against *{claim.against.replace('_', ' ')}*.)"
    if claim.seen:
        says += " *Seen.*"
    if known := kin(claim):
        says += f" (Same arms: {', '.join(x.id.replace('_', ' ') for x in known)}.)"
    outcome = f"{claim.direction.replace('_', ' ')} {claim.outcome}"
    if claim.window:
        first, last = claim.window
        outcome += f", weeks {first} to {last}"
    usual = find_outcome(claim.outcome).smallest_difference
    if claim.smallest != usual:
        outcome += f", from {claim.smallest:g}"
    return [
        str(claim.article),
        str(claim.edition),
        says,
        contrast,
        outcome,
        ", ".join(claim.path),
    ]


def levers_page() -> str:
    """Return the page of levers as Markdown."""
    levers = lever_table().values()
    choices = [_lever_section(lever) for lever in levers if not lever.context]
    contexts = [_lever_section(lever) for lever in levers if lever.context]
    parts = [LEVERS_HEAD, "## Levers\n", *choices, "## Contexts\n", *contexts]
    return "\n".join([*parts, "## Structural numbers without a lever\n", _leverless()])


def _leverless() -> str:
    """Return the structural numbers that no lever changes."""
    moved = {
        name
        for lever in lever_table().values()
        for numbers in lever.settings.values()
        for name in numbers
    }
    rows = [
        [f"`{row.name}`", f"{row.value:g}", row.unit, read_in(row.name), row.meaning]
        for row in STRUCTURE.values()
        if row.name not in moved
    ]
    head = ("name", "value", "unit", "read in", "meaning")
    return (
        "No setting touches these; a scenario can set them under `[structure]`.\n\n"
        + markdown(head, rows)
    )


@cache
def _headings() -> Mapping[str, tuple[str, ...]]:
    """Return, by structural number, the ODD headings under which it is named."""
    found: dict[str, dict[str, None]] = {}
    heading = ""
    for line in (DOCS / "ODD.md").read_text(encoding="utf-8").splitlines():
        if title := re.match(r"##+ ([\d.]*\d)?", line):
            heading = title[1] or ""
        if heading in ("2.1", "5") or heading.startswith("7."):
            for name in re.findall(r"\bS\.([a-z_]+)", line):
                found.setdefault(name, {})[heading] = None
    return {name: tuple(places) for name, places in found.items()}


def read_in(name: str) -> str:
    """Return the ODD headings under which a structural number is named."""
    return ", ".join(_headings().get(name, ()))


def numbers_page() -> str:
    """Return the page of structural numbers and parameters as Markdown."""
    structure, parameters = _numbers(STRUCTURE.values()), _numbers(PARAMETERS.values())
    return "\n".join(
        [
            NUMBERS_HEAD,
            "## Structural numbers\n",
            structure,
            "## Parameters\n",
            parameters,
        ]
    )


def pages() -> dict[str, str]:
    """Return the text of each generated page by its file name in docs/."""
    return {
        "levers.md": levers_page(),
        "parameters.md": numbers_page(),
        "claims.md": claims_page(),
    }


def _lever_section(lever: Lever) -> str:
    lines = [f"### {lever.name} ({lever.condition})\n", f"{lever.question}\n"]
    lines.append(_lever_table(lever))
    lines.append("".join(f"- {line}\n" for line in _remarks(lever)))
    return "\n".join(line for line in lines if line)


def _lever_table(lever: Lever) -> str:
    names = dict.fromkeys(n for numbers in lever.settings.values() for n in numbers)
    marks = {lever.baseline: " **baseline**"}
    settings = [f"`{s}`{marks.get(s, '')}" for s in lever.settings]
    head = ["changes", *settings, "unit", "read in"]
    rows = [
        [f"`{name}`", *_cells(lever, name), STRUCTURE[name].unit, read_in(name)]
        for name in names
    ]
    return markdown(head, rows)


def _cells(lever: Lever, name: str) -> list[str]:
    return [
        f"{numbers[name]:g}" if name in numbers else ""
        for numbers in lever.settings.values()
    ]


def _remarks(lever: Lever) -> list[str]:
    lines = []
    if lever.carriers:
        lines.append(f"Likely carriers: {', '.join(lever.carriers)}.")
    for name, threshold in lever.idle_when.items():
        lines.append(f"Idle while `{name}` is {threshold:g} or less.")
    if not lever.context:
        hours, euros = f"{lever.hours_per_person:g}", f"{lever.euros:,.0f}"
        lines.append(f"Effort: {hours} hours per person and {euros} euros, once.")
    return lines


def _numbers(rows: Iterable[Number]) -> str:
    head = ["name", "value", "range", "plausible", "unit", "meaning", "source"]
    return markdown(head, [_number_row(row) for row in rows])


def _number_row(row: Number) -> list[str]:
    limits = f"{row.low:g} to {row.high:g}"
    return [
        f"`{row.name}`",
        f"{row.value:g}",
        limits,
        f"{row.plausible[0]:g} to {row.plausible[1]:g}" if row.plausible else "",
        row.unit,
        row.meaning,
        row.source,
    ]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table as Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    cells = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)


def write(folder: Path = DOCS) -> list[Path]:
    """Write the pages into `folder` and return their paths."""
    paths = []
    for name, text in pages().items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths


if __name__ == "__main__":
    for path in write():
        print(f"Wrote {path}")
