"""Guides say what there is: their notebooks run, their commands and files are there."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click import Context, Group

from experiments.cli.command_line import orgsim

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
ROOT = GUIDES.parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def code_of(notebook: Path) -> str:
    """Return the code cells of a notebook as one program."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")


@pytest.mark.parametrize("name", ["strategist", "academic", "consultant"])
def test_notebooks_run(name, tmp_path):
    """The cells of each notebook run, in order, and print something."""
    shutil.copy(GUIDES / "example_answers.toml", tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", code_of(GUIDES / f"{name}.ipynb")],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


@pytest.mark.parametrize("name", ["strategist", "academic", "consultant"])
def test_notebooks_are_clean(name):
    """Notebooks are of format 4.5, with cells of their own name and no output kept."""
    notebook = json.loads((GUIDES / f"{name}.ipynb").read_text("utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = notebook["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert [c for c in cells if c.get("outputs") or c.get("execution_count")] == []


def commands(page: Path) -> list[list[str]]:
    """Return the words of every orgsim command in the shell blocks of a page."""
    blocks = re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.M | re.S)
    lines = [line for block in blocks for line in block.splitlines()]
    calls = [line.partition("orgsim ")[2] for line in lines if "orgsim " in line]
    plain = [re.split(r"\s+#|\s< /|&&", call)[0] for call in calls]
    return [shlex.split(call) for call in plain if "'" not in call]


def wrong(words: list[str]) -> list[str]:
    """Return what in a command is no command or option of orgsim."""
    command = orgsim
    context = Context(orgsim)
    while isinstance(command, Group) and words:
        found = command.get_command(context, words[0])
        if found is None:
            return [] if command is not orgsim else words[:1]
        command, words = found, words[1:]
    known = {name for option in command.params for name in option.opts}
    return [word for word in words if word.startswith("--") and word not in known]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_in_documents_exist(page):
    """Every command and option that a shell block shows is one of orgsim."""
    assert [(words, wrong(words)) for words in commands(page) if wrong(words)] == []


def test_wrong_commands_are_found():
    """A command or an option that is not there is told."""
    assert wrong(["compair", "a"]) == ["compair"]
    assert wrong(["compare", "a", "b", "--worlds", "3"]) == ["--worlds"]
    assert wrong(["compare", "a", "b", "--replicates", "3"]) == []


def test_toml_in_documents_can_be_read():
    """Blocks of TOML in the guides are TOML."""
    for page in GUIDES.glob("*.md"):
        text = page.read_text("utf-8")
        for block in re.findall(r"^```toml\n(.*?)^```", text, re.M | re.S):
            assert tomllib.loads(block)
