"""The ODD is held to the code: what the model remembers, does, draws and records."""

import re
from pathlib import Path

from experiments.science.tables_page import read_in
from simulation import purposes, state
from simulation.outcomes import SERIES_COLUMNS
from simulation.tables import PARAMETERS, STRUCTURE
from simulation.week import WEEK

ROOT = Path(__file__).parents[2]
ODD = (ROOT / "docs" / "ODD.md").read_text(encoding="utf-8")
HEADINGS = [
    "Purpose and patterns",
    "Entities, state variables and scales",
    "Process overview and scheduling",
    "Design concepts",
    "Initialization",
    "Input data",
    "Submodels",
]
CONCEPTS = [
    *("Basic principles", "Emergence", "Adaptation", "Objectives", "Learning"),
    *("Prediction", "Sensing", "Interaction", "Stochasticity", "Collectives"),
    "Observation",
]
OF_THE_STATE = {"beliefs", "skill", "enacted", "scores"}
"""Arrays that go by person, beside the records of people."""


def section(start: str, end: str) -> str:
    """Return the text of the ODD from one mark up to another."""
    first = ODD.index(start)
    return ODD[first : ODD.index(end, first + len(start))]


def rows(text: str) -> list[list[str]]:
    """Return the cells of the tables in a text, without heads."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    ruled = [k for k, line in enumerate(cells) if set(line[0]) <= set("-")]
    heads = {k - 1 for k in ruled} | set(ruled)
    return [line for k, line in enumerate(cells) if k not in heads]


def names(cell: str) -> list[str]:
    """Return the names in backquotes of a cell."""
    return re.findall(r"`([A-Za-z_]\w*)`", cell)


def variables(start: str, end: str) -> list[str]:
    """Return the names in the first column of the tables between two marks."""
    return [name for row in rows(section(start, end)) for name in names(row[0])]


def test_seven_headings_stand_in_order():
    """The first seven sections are those of the protocol of 2020."""
    found = re.findall(r"^## (\d+)\. (.+)$", ODD, re.M)
    assert found[:7] == [(str(k + 1), name) for k, name in enumerate(HEADINGS)]


def test_eleven_design_concepts_stand_in_order():
    """Section 4 names the design concepts of the protocol, all and in order."""
    concepts = section("## 4. ", "## 5. ")
    assert re.findall(r"^\*\*(.+?)\.\*\*", concepts, re.M) == CONCEPTS


def test_every_state_variable_is_there_once():
    """Tables of section 2 name the fields of every record, and no others."""
    tables = {
        ("**Person**", "**Planes and tables"): state.PERSON.names,
        ("**Choice**", "**Market and strategy**"): state.CHOICE.names,
        ("**Tie**", "**Lead**"): (*state.TIE.names, "hours"),
        ("**Lead**", "**Firm**"): state.LEAD.names,
        ("**Firm**", "## 3. "): state.FIRM.names,
    }
    for (start, end), known in tables.items():
        assert sorted(variables(start, end)) == sorted(known), start
    assert set(variables("**Planes and tables", "**Choice**")) == OF_THE_STATE


def test_phases_stand_in_the_order_of_the_week():
    """The schedule lists what is done in the order in which both engines do it."""
    steps = [
        name for row in rows(section("## 3. ", "## 4. ")) for name in names(row[1])
    ]
    assert steps == [phase.what for phase in WEEK]


def test_every_draw_has_its_number():
    """The table of draws names each purpose of the model with its number."""
    known = {k: v for k, v in vars(purposes).items() if k.isupper()}
    table = rows(section("| purpose | number |", "Numbers that are missing"))
    listed = {names(row[0])[0]: int(row[1]) for row in table}
    apart = ("SHUFFLE_OF_TIES", "DEALT_TURNS", "RELABELLED")
    assert listed == {k: v for k, v in known.items() if k not in apart}


def test_every_column_of_the_record_is_there():
    """The table of 7.10 names the columns of the weekly record, each once."""
    assert sorted(variables("### 7.10", "### 7.11")) == sorted(SERIES_COLUMNS)


def test_every_number_is_used_in_the_text():
    """Each parameter and structural number stands in an equation or a sentence."""
    submodels = section("## 5. ", "## 8. ") + section("## 2. ", "## 3. ")
    words = set(re.findall(r"\w+", submodels))
    assert [name for name in PARAMETERS if name not in words] == []
    assert [name for name in STRUCTURE if name not in words] == []


def test_every_structural_number_named_exists():
    """What the text calls S.name is a structural number."""
    called = set(re.findall(r"\bS\.([a-z_]+\w)", ODD))
    assert called - set(STRUCTURE) - {"name"} == set()


def test_every_structural_number_has_its_place():
    """Initialization or a submodel names it S.name, so that levers.md points there."""
    assert [name for name in STRUCTURE if not read_in(name)] == []
    assert read_in("evaluation_weeks") == "7.4"


def test_every_submodel_has_its_heading():
    """Each file of the rules is named by a heading of section 7."""
    heads = " ".join(re.findall(r"^### 7\.\d+ (.+)$", ODD, re.M))
    files = {path.stem for path in (ROOT / "simulation" / "rules").glob("[a-z]*.py")}
    assert files == set(re.findall(r"`(\w+)`", heads))
