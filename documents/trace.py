"""The page docs/trace.md, after TRACE (Grimm et al. 2014), made from tables that ship.

Numbers come from the tables of parameters, patterns, published models, frozen values
and verdicts; what stands in none of them is told by the pages that are pointed to.
"""

import csv
import re
import tomllib
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from experiments.science.tables_page import markdown
from experiments.words.numerals import MINUS
from simulation.tables import PARAMETERS, STRUCTURE, lever_table

TEMPLATE = Path(__file__).parent / "trace_template.md"
USES = {
    "calibrate": "parameters were set on it",
    "held_out": "judged once, after the freeze",
    "seen": "looked at while the model was built: no evidence",
    "verify": "an input, checked afterwards",
    "design": "known while designing: no evidence",
    "report": "told without a verdict",
}
KINDS = {
    "publication": "a publication with its year, of value, form or rule",
    "figure": "a survey or a figure, without a publication",
    "prototype": "calibrated in a prototype",
    "fit": "fitted on published statistics while the model was built",
    "own": "a mean or spread of the model's own population",
    "assumption": "marked *assumption*",
}
MARKS = {"prototype": "prototype", "fit": "fitted", "own": "mixed population"}
YEAR = re.compile(r"\b(19|20)\d\d\b")
VERDICTS = {
    "supported": "supported",
    "only_when": "only under a condition",
    "not_supported": "not supported",
    "contrary": "the contrary",
    "open": "open",
}


@cache
def table(package: str, name: str) -> dict[str, Any]:
    """Return a TOML table that ships in a package."""
    return tomllib.loads(files(package).joinpath(name).read_text(encoding="utf-8"))


def page() -> str:
    """Return the page as Markdown."""
    return TEMPLATE.read_text(encoding="utf-8").format(
        sourced=_sourced(),
        numbers=_numbers(),
        calibrated=_calibrated(),
        uses=_uses(),
        patterns=_patterns(),
        docked=_docked(),
        verdicts=_verdicts(),
    )


def _sourced() -> str:
    """Return what the values of parameters rest on, and how many have a range."""
    kinds = Counter(kind_of(number.source) for number in PARAMETERS.values())
    rows = [[what, str(kinds[kind])] for kind, what in KINDS.items()]
    wide = sum(number.plausible is not None for number in PARAMETERS.values())
    return (
        f"{markdown(('source of a parameter', 'parameters'), rows)}\n"
        f"{wide} of {len(PARAMETERS)} have a range of what is plausible, fixed before\n"
        f"calibration. The other {len(PARAMETERS) - wide} are held fixed: switches,\n"
        "definitions and scales, but also lives of leads, the shape of leave and\n"
        "prices, no better known ([ODD, 1](ODD.md#1-purpose-and-patterns))"
    )


def kind_of(source: str) -> str:
    """Return what kind of source a text names, the strongest of several.

    >>> kind_of("Hansen 1999"), kind_of("6-14 weeks"), kind_of("assumption")
    ('publication', 'figure', 'assumption')
    """
    if source.startswith("assumption"):
        return "assumption"
    if YEAR.search(source):
        return "publication"
    told = [kind for kind, word in MARKS.items() if word in source]
    return told[0] if told else "figure"


def _numbers() -> str:
    """Return what a scenario can set, in numbers."""
    levers = lever_table().values()
    contexts = sum(lever.context for lever in levers)
    return (
        f"{len(STRUCTURE)} structural numbers, {len(levers) - contexts} levers and "
        f"{contexts} contexts"
    )


def _calibrated() -> str:
    """Return what calibration gave, and what the values that are frozen give."""
    frozen = table("experiments.science.evidence", "frozen.toml")
    known = table("experiments.science.evidence", "patterns.toml")
    rows = [
        [known[name]["label"]["en"], _range(known[name]), _signed(value)]
        for name, value in frozen["values_give"].items()
    ]
    found = frozen["calibration"]
    return (
        f"{markdown(('pattern', 'range', 'at the frozen values'), rows)}\n"
        f"Frozen on {frozen['date']} (values `{frozen['values']}`, hash of results\n"
        f"`{frozen['results']}`): {found['passing']} of {found['points']} sets over\n"
        f"{100 * found['around']:g} % of what is plausible of all that is not known\n"
        f"meet all of them at once; {found['sets']} sets near the values ship: they\n"
        f"miss {found['fewest']} to {found['most']}"
    )


def _uses() -> str:
    """Return how many patterns there are of each use."""
    known = table("experiments.science.evidence", "patterns.toml").values()
    counted = Counter(row["use"] for row in known)
    rows = [[use, str(counted[use]), USES[use]] for use in USES if counted[use]]
    return markdown(("use", "patterns", "what that means"), rows)


def _patterns() -> str:
    """Return the patterns that count: those calibrated on and those held out."""
    known = table("experiments.science.evidence", "patterns.toml").values()
    rows = [
        [row["label"]["en"], row["use"], _range(row), row["source"]]
        for row in known
        if row["use"] in ("calibrate", "held_out")
    ]
    return markdown(("pattern", "use", "range", "source"), rows)


def _range(row: dict[str, Any]) -> str:
    low, high = row["range"]
    return f"{_signed(low)} to {_signed(high)}"


def _signed(value: float) -> str:
    return f"{value:g}".replace("-", MINUS)


def _docked() -> str:
    """Return how much is compared with of what was published, or is recalled of it."""
    published = table("experiments.science.docking", "published.toml")
    points = sum(
        len(series)
        for panel in published["values"]
        for series in panel["series"].values()
    )
    return (
        f"{points} values of a published replication and {len(published['shapes'])}\n"
        "shapes, some of them recalled, as neither paper could be read"
    )


def _verdicts() -> str:
    """Return how many claims met each verdict, predicted and not."""
    text = (
        files("experiments.science.claims").joinpath("verdicts.csv").read_text("utf-8")
    )
    claims = list(csv.DictReader(text.splitlines()))
    predicts = [row["edition"] == "2" and row["seen"] != "True" for row in claims]
    found = zip((row["verdict"] for row in claims), predicts, strict=True)
    counted = Counter(found)
    fixed = sum(
        row["verdict"] == "supported" and row["fixed"] == "True" for row in claims
    )
    rows = [
        [VERDICTS[name], str(counted[name, False]), str(counted[name, True])]
        for name in VERDICTS
    ]
    head = ("verdict", "its verdict on version 1 known, or seen", "a prediction")
    return (
        f"{markdown(head, rows)}\nOf those supported, {fixed} are so by construction\n"
        f"and do not count. {len(claims)} claims in all"
    )
