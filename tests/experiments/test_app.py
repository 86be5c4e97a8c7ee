"""The what-if page without a browser: its server, its numbers, its files, its limits."""

import io
import json
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from experiments.app.answers import trailing
from experiments.app.server import make_app
from experiments.command_line import call
from experiments.comparison import compare
from experiments.drawing import smoothed
from simulation.outcomes import HEADLINES

QUESTION = {
    "base": "baseline",
    "levers": {"kpis": "whole_funnel"},
    "plan": [[0, "mandate", "decides"], [10, "testing", "room"]],
    "numbers": [[10, "testing_hours", 3]],
    "weeks": 24,
    "seed": 3,
    "worlds": 6,
}
PEOPLE = """naam,functie,team,leidinggevende,uren,kantoor
Ann Adams,CMO,Lead,,36,A
Bo Bakker,SEO specialist,Web,Ann Adams,32,A
Cas Cohen,Tovenaar,Web,Ann Adams,24,B
Dee Dijk,Verkoper,Sales,Ann Adams,36,B
Eva Evers,Verkoper,Sales,Ann Adams,36,B
"""
GRAPH = """a,b,layer,hours
Ann Adams,Bo Bakker,talk,3
Bo Bakker,Cas Cohen,talk,2
Dee Dijk,Eva Evers,lunch,1
"""


@pytest.fixture(scope="module")
def client():
    """Return a client of one server, warm."""
    with TestClient(make_app(2), base_url="http://127.0.0.1:8765") as one:
        until(lambda: one.get("/api/warming").json()["ready"], 120)
        yield one


def until(there, seconds=30):
    """Wait until something is there, and return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := there():
            return found
        time.sleep(0.02)
    raise AssertionError("it never came")


class Page:
    """What a page does, without a browser."""

    def __init__(self, client):
        self.client = client
        name = client.post("/api/sessions", json={}).json()["session"]
        self.head = {"x-session": name}

    def get(self, path):
        return self.client.get(path, headers=self.head)

    def post(self, path, data):
        return self.client.post(path, json=data, headers=self.head)

    def send(self, kind, name, content):
        path = f"/api/imports/{kind}"
        return self.client.post(
            path, params={"name": name}, content=content, headers=self.head
        )

    def answer(self, question, worlds):
        """Ask, and return the answer after so many worlds."""
        asked = self.post("/api/question", question)
        assert asked.status_code == 200, asked.text

        def there():
            told = self.get("/api/answer").json()
            assert not told["trouble"]
            found = told["answer"]
            return found if found and found["worlds"] == worlds else None

        return until(there)


@pytest.fixture
def page(client):
    return Page(client)


def unpacked(response, folder):
    """Unpack an archive that was saved, and return the names in it."""
    assert response.status_code == 200, response.text
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        archive.extractall(folder)
        return set(archive.namelist())


# --- numbers ------------------------------------------------------------------------


def test_the_command_line_gives_the_same_numbers(page, tmp_path, capsys):
    """The files that are saved give the table, the sentence and the bands shown."""
    told = page.answer(QUESTION, 6)
    names = unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)
    assert names == {"as-is.toml", "to-be.toml", "README.txt"}
    files = [str(tmp_path / name) for name in ("as-is.toml", "to-be.toml")]
    rest = ["--replicates", "6", "--seed", "3", "--json"]
    assert call(["compare", *files, *rest, "--output", str(tmp_path / "out")]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["answer"] == [told["sentence"]["en"]]
    study = compare(*map(Path, files), replicates=6, seed=3)
    for row in told["table"]:
        [difference] = study.differences(row["outcome"])
        shown = row["difference"]["en"].split(" (")[0].replace(",", "")
        scale = 100 if row["label"]["en"].partition(", ")[2].startswith("%") else 1
        if np.isfinite(difference.estimate):
            places = len(shown.partition(".")[2])
            off = abs(float(shown) - difference.estimate * scale)
            carried = max(0.5 * 10**-places, abs(float(shown)) * 0.05) * 1.001
            assert off <= carried, row["outcome"]
    for panel, name in zip(told["panels"], HEADLINES, strict=True):
        drawn = smoothed(study.runs, name)
        for side in (0, 1):
            mean = [np.nan if x is None else x for x in panel["bands"][side][1]]
            expected = np.nanmean(drawn[side], axis=0)
            assert np.array(mean) == pytest.approx(expected, rel=1e-3, nan_ok=True)
    assert told["marks"] == [10]


def test_bands_are_smoothed_as_figures_are():
    """Means over four weeks, also where weeks are missing (against a plain loop)."""
    values = np.random.default_rng(0).normal(size=(2, 3, 9))
    values[0, 1, 2:7] = np.nan
    found = trailing(values)
    for at in np.ndindex(2, 3, 9):
        window = values[at[0], at[1], max(0, at[2] - 3) : at[2] + 1]
        known = window[np.isfinite(window)]
        expected = known.mean() if len(known) else np.nan
        assert found[at] == pytest.approx(expected, nan_ok=True)


def test_steps_are_those_of_the_levers_command(page, tmp_path, capsys):
    """The ranking in the background has the effects of orgsim levers, as-is file."""
    question = QUESTION | {"weeks": 12, "worlds": 2}
    page.answer(question, 2)
    unpacked(page.get("/api/documents/scenarios.zip"), tmp_path)

    def there():
        told = page.get("/api/answer").json()
        assert not told["steps_trouble"]
        return told["steps"]

    told = until(there, 60)
    assert told["worlds"] == 4
    args = ["levers", str(tmp_path / "as-is.toml"), "--replicates", "4", "--sets", "0"]
    out = ["--seed", "3", "--output", str(tmp_path / "out"), "--json"]
    assert call([*args, *out, "--outcomes", "burnout"]) == 0
    rows = json.loads(capsys.readouterr().out)["levers"]
    wanted = {x["plan"]: x for x in rows if x["outcome"] == "burnout"}
    assert len(told["moves"]) > 25
    for move in told["moves"]:
        effect = wanted[f"{move['lever']}={move['setting']}"]
        assert move["effects"]["burnout"][0] == pytest.approx(effect["effect"])
