"""Examples in docstrings shown as code in the built site: an extension of griffe."""

import re
from typing import Any

from griffe import Extension

EXAMPLE = re.compile(r"(?:^>>> .*\n?)(?:^.+\n?)*", re.M)


class Examples(Extension):
    """Puts every example of a docstring, `>>>` and what follows, into a fence."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """Change the docstring of an object that was read."""
        if obj.docstring:
            obj.docstring.value = EXAMPLE.sub(_fenced, obj.docstring.value)


def _fenced(found: re.Match) -> str:
    return f"```pycon\n{found[0].rstrip()}\n```\n"
