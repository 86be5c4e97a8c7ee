"""The README says what the project is, with nothing left to fill in."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_readme_is_filled_in_and_points_at_what_exists():
    """No placeholder is left, and every file that the README links is there."""
    import re

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "@@" not in text
    links = re.findall(r"\]\(([^)#]+)\)", text)
    local = [link for link in links if not link.startswith("http")]
    assert local and [link for link in local if not (ROOT / link).exists()] == []
