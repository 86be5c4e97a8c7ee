"""The rooms of `experiments`: imports go down, as CONTRIBUTING's table has them."""

import ast
import re

import pytest
from machine import ROOT

HOUSE = ROOT / "experiments"
ROOMS = ("errors", "statistics", "words", "files", "charts", "browser", "show")
ROOMS += ("run", "compare", "science", "advise", "explore", "scenario_files", "fit")
ROOMS += ("people", "leaving", "story", "imports", "share", "worth", "report", "app")
ROOMS += ("cli", "benchmarks")
"""From the ground up."""
FILES = sorted(HOUSE.rglob("*.py"))


def room_of(module):
    """Return the room of a dotted module of experiments, None of the package itself."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else None


def imported(file):
    """Return the rooms that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "experiments":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module.startswith("experiments."):
                yield room_of(node.module)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith("experiments."):
                    yield room_of(alias.name)


def test_every_room_is_known():
    """Each file lies in a room, and each room has files."""
    rooms = {file.relative_to(HOUSE).parts[0].removesuffix(".py") for file in FILES}
    assert rooms - {"__init__", "__main__"} == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_imports_go_down(room):
    """A room imports from those below it alone."""
    above = set(ROOMS[ROOMS.index(room) + 1 :])
    own = [HOUSE / f"{room}.py"] if room == "errors" else (HOUSE / room).rglob("*.py")
    climbs = {
        str(file): found for file in own if (found := above & set(imported(file)))
    }
    assert not climbs


def test_the_model_knows_no_experiments():
    """Nothing of `simulation` imports what is done with it."""
    for file in (ROOT / "simulation").rglob("*.py"):
        assert not list(imported(file)), file


def test_the_map_tells_every_room():
    """CONTRIBUTING has the rooms in this order."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text[text.index("| room |") : text.index("Data only:")]
    told = re.findall(
        r"`(\w+)(?:/|\.py)`", re.sub(r"\| [^|]*\|$", "", table, flags=re.M)
    )
    assert tuple(told) == ROOMS
