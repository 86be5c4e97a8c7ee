"""The README says what the project is, and its numbers are those of the documents."""

import re

import pytest
from machine import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_is_filled_in_and_points_at_what_exists():
    """No placeholder is left, and every file that the README links is there."""
    assert "@@" not in README
    links = re.findall(r"\]\(([^)#]+)\)", README)
    local = [link for link in links if not link.startswith("http")]
    assert local and [link for link in local if not (ROOT / link).exists()] == []


def rows(text):
    """Return the lines of all tables of a text that have a number in them."""
    table = [line for line in text.splitlines() if line.startswith("|")]
    return [line for line in table if re.search(r"\d", line)]


@pytest.mark.parametrize(
    ("heading", "page", "least"),
    [
        ("How honest is it?", "docs/science.md", 6),
        ("How fast is it?", "docs/speed.md", 5),
    ],
)
def test_tables_are_those_of_the_page_that_is_measured(heading, page, least):
    """Every row under the heading stands in the page; copy it where it is newer."""
    section = README.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    there = rows((ROOT / page).read_text(encoding="utf-8"))
    assert len(rows(section)) >= least
    assert [row for row in rows(section) if row not in there] == []
