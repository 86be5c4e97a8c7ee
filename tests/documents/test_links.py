"""Every link inside the documents leads somewhere, anchors included."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(<?([^)\s>]+)>?\)")


def prose(text: str) -> str:
    """Return a page without its blocks and spans of code."""
    return re.sub(r"`[^`\n]+`", "", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S))


def anchor(heading: str) -> str:
    """Return the anchor that a heading gets on GitHub and in the built site.

    >>> anchor("7.1 `bits`: beliefs as bits")
    '71-bits-beliefs-as-bits'
    """
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", text.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    found: dict[str, int] = {}
    names = set()
    for heading in re.findall(r"^#+ (.+)$", text, re.M):
        name = anchor(heading)
        names.add(f"{name}-{found[name]}" if name in found else name)
        found[name] = found.get(name, 0) + 1
    return names


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere."""
    links = LINK.findall(prose(page.read_text("utf-8")))
    found = []
    for link in links:
        if re.match(r"[a-z]+:", link):
            continue
        name, _, part = link.partition("#")
        target = page.parent / name if name else page
        wrong_part = part and target.suffix == ".md" and target.exists()
        if not target.exists() or (wrong_part and part not in anchors(target)):
            found.append(link)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    """Files and anchors that a page points to are there."""
    assert broken(page) == []


def test_broken_links_are_found(tmp_path):
    """A missing file, a missing anchor and a good link are told apart."""
    (tmp_path / "other.md").write_text("# A `b`: c\n\n## Twice\n\n## Twice\n")
    page = tmp_path / "page.md"
    good = "[a](other.md#a-b-c) [b](other.md#twice-1) [c](https://example.org/x)"
    page.write_text(f"{good} [d](no.md) [e](other.md#d) [f](#here) `[g](code.md)`\n")
    assert broken(page) == ["no.md", "other.md#d", "#here"]
