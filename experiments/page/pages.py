"""The files of the page, and the state that it shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.browser import DRAWING, STYLE

if TYPE_CHECKING:
    from experiments.page.whatif import PageRequest

HERE = Path(__file__).parent
TEMPLATE = HERE / "page.html"
SCRIPTS = ("panes.js", "asking.js", "app.js", "saving.js", "loading.js")
SHEETS = ("page.css", "app.css")
FILES = {
    "page.css": STYLE,
    "drawing.js": DRAWING,
    **{name: HERE / name for name in (*SCRIPTS, "app.css")},
}
"""What the page asks for, by name; nothing else is read from disk."""


def state_of(asked: "PageRequest") -> dict[str, Any]:
    """Return a request as the state of a page, in plain JSON values."""
    return {
        "base": asked.base,
        "levers": dict(asked.levers),
        "plan": [[x.week, x.name, x.value] for x in asked.plan],
        "numbers": [[x.week, x.name, x.value] for x in asked.numbers],
        "weeks": asked.weeks,
    }
