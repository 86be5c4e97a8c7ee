"""What is made from what, and where it is written."""

from pathlib import Path

from documents import citation, outcomes, trace

ROOT = Path(__file__).parent.parent


def texts() -> dict[str, str]:
    """Return the text of each file that is made, by its path from the root."""
    return {
        "docs/outcomes.md": outcomes.page(),
        "docs/trace.md": trace.page(),
        "CITATION.cff": citation.citation(),
        "codemeta.json": citation.codemeta(),
    }


def write(root: Path = ROOT) -> list[Path]:
    """Write the files below `root` and return their paths."""
    paths = []
    for name, text in texts().items():
        paths.append(root / name)
        paths[-1].write_text(text, encoding="utf-8", newline="\n")
    return paths
