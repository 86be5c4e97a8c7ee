"""The explorer of an atlas: the page that runs the model, and a map of it all."""

import base64
import json
import re
from dataclasses import replace

import numpy as np
import pytest

from experiments.advise.atlas.combinations import combine
from experiments.advise.atlas.steps import front
from experiments.advise.moves import read_moves, today
from experiments.compare import settling
from experiments.share.explorer import DRAWN, explorer_page
from simulation.outcomes import LANGUAGES

WORLDS = 3
MOVES = ("mandate=decides", "testing=room")


@pytest.fixture(scope="module")
def atlas():
    """Four combinations over half a year."""
    here = replace(today("baseline"), weeks=26)
    return combine(here, read_moves(MOVES, here), WORLDS)


def data_in(page):
    return json.loads(re.search(r"^const DATA = (.*);$", page, re.MULTILINE)[1])


def test_the_map_holds_the_means(atlas):
    """Of every combination, and the moves that bits of its number stand for."""
    data = data_in(explorer_page(atlas, front(atlas)))
    told = data["atlas"]
    assert told["moves"] == [name.split("=") for name in MOVES]
    for name, text in told["drawn"]:
        values = np.frombuffer(base64.b64decode(text), "<f4")
        assert values == pytest.approx(atlas.of(name).mean(1), abs=1e-6)
    assert [name for name, _ in told["drawn"]] == list(DRAWN)
    asked = set(re.findall(r'say\("(map\w*)"', explorer_page(atlas, front(atlas))))
    assert asked and all(asked <= data["words"][x].keys() for x in LANGUAGES)


def test_titles_cannot_break_out_of_the_page(atlas):
    """Markup in a title stays text."""
    title = {"en": "</script><script>alert(1)</script>", "nl": "<b>"}
    hostile = replace(atlas.lived.design.today, title=title)
    lived = replace(atlas.lived, design=replace(atlas.lived.design, today=hostile))
    page = explorer_page(replace(atlas, lived=lived), front(atlas))
    assert page.count("</script>") == 1 and "<script>alert" not in page


def test_any_combination_is_lived(atlas, tmp_path, browser, monkeypatch):
    """A move that is ticked is answered, and stands in the choice; so is the map."""
    monkeypatch.setattr(settling, "FIRST_WORLDS", WORLDS)
    monkeypatch.setattr(settling, "MOST_WORLDS", WORLDS)
    file = tmp_path / "explorer.html"
    file.write_text(explorer_page(atlas, front(atlas)), encoding="utf-8")
    tab = browser.new_page()
    problems = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto(file.as_uri())
    done = "() => document.getElementById('progress').classList.contains('idle')"
    tab.click("[data-key=map_none]")
    tab.check("[data-key=move-1]")
    tab.wait_for_function(done)
    assert "protected time for tests" in tab.inner_text("#changes")
    assert tab.inner_text("#told").startswith(f"{WORLDS} ")
    tab.click("[data-key=map_all]")
    tab.wait_for_function(done)
    assert tab.is_checked("[data-key=move-0]")
    assert tab.locator("#map circle.chosen").count() == 1
    assert not problems
    tab.close()
