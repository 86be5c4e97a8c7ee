"""What is built works away from the sources, and says of itself what is true."""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import machine
import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
PACKAGES = ("simulation", "experiments", "scenarios")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The wheel, built and unpacked away from the sources."""
    wheel = machine.library("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = wheel.WheelBuilder(str(ROOT)).build(
        directory=str(folder), versions=["standard"]
    )
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(site: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Run the unpacked command line in an empty folder."""
    empty = site.parent / "empty"
    empty.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-P", "-m", "experiments", *arguments],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_wheel_holds_all_that_the_packages_do(unpacked):
    """Tables, scenarios, studies and pages are in it; tests and documents are not."""
    for package in PACKAGES:
        found = [
            path.relative_to(ROOT)
            for path in (ROOT / package).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        ]
        assert len(found) > 5
        assert [path for path in found if not (unpacked / path).exists()] == []
    tops = {path.name for path in unpacked.iterdir()}
    shipped = {top for top in tops if not top.endswith(".dist-info")}
    assert shipped == {"orgsim.py", *PACKAGES}
    assert {p.parent.name for p in unpacked.glob("*/py.typed")} == set(PACKAGES[:2])


def test_the_wheel_works_away_from_the_sources(unpacked):
    """Scenarios are listed and checked with what was installed."""
    listed = run(unpacked, "list", "--json")
    assert listed.returncode == 0, listed.stderr
    assert "owned" in listed.stdout and len(json.loads(listed.stdout)) > 0
    checked = run(unpacked, "check", "owned", "ownership_in_a_frame")
    assert checked.returncode == 0, checked.stderr
    wrong = run(unpacked, "check", "no_such")
    assert wrong.returncode == 2 and "no_such" in wrong.stdout


def test_pythons_that_are_declared_reach_from_the_oldest_needed():
    """Classifiers name each Python from the one that is required on, to 3.14."""
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert named == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["requires-python"] == f">={named[0]}"


def test_every_dependency_has_a_lower_bound():
    """What is needed is needed from some version on."""
    extras = PROJECT["optional-dependencies"].values()
    needs = [*PROJECT["dependencies"], *(need for extra in extras for need in extra)]
    others = [need for need in needs if not need.startswith("orgsim[")]
    assert [need for need in others if ">=" not in need] == []


def test_what_only_tests_need_is_listed_once_and_not_installed_by_users():
    """`uv run orgsim` brings no test tools; --group dev and the extra are the same."""
    assert PYPROJECT["tool"]["uv"]["default-groups"] == []
    assert PYPROJECT["dependency-groups"] == {"dev": ["orgsim[dev]"]}
    used = {re.split(r"[\[<>=]", need)[0] for need in PROJECT["dependencies"]}
    assert not used & {"pytest", "mypy", "ruff", "playwright", "mkdocs", "distributed"}


def test_ci_runs_the_command_of_the_readme():
    """The same words, after what stands in the list of packages was installed."""
    command = "pip install uv && uv run --group dev pytest"
    assert f"\n{command}\n" in (ROOT / "README.md").read_text("utf-8")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert f"bash -c '{command}'" in script and ".ci/packages.txt" in script
    packages = (ROOT / ".ci" / "packages.txt").read_text("utf-8")
    listed = re.findall(r"^([a-z0-9.+-]+)\s*(?:#|$)", packages, re.M)
    assert {"chromium", "poppler-utils", "lld", "nodejs"} <= set(listed)


def test_citation_and_codemeta_agree_with_the_project():
    """Name, version, licence, authors and keywords are the same in all three."""
    cited = (ROOT / "CITATION.cff").read_text("utf-8")
    meta = json.loads((ROOT / "codemeta.json").read_text("utf-8"))
    assert meta["name"] == PROJECT["name"]
    assert meta["version"] == PROJECT["version"]
    assert f"version: {PROJECT['version']}\n" in cited
    assert meta["license"].endswith(PROJECT["license"])
    assert f"license: {PROJECT['license']}\n" in cited
    authors = [author["name"] for author in PROJECT["authors"]]
    assert [author["name"] for author in meta["author"]] == authors
    assert re.findall(r'- name: "(.+)"', cited) == authors
    assert meta["keywords"] == PROJECT["keywords"]
    assert re.findall(r"^  - ([^:\n]+)$", cited, re.M) == PROJECT["keywords"]
