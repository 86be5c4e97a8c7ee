"""Scenarios run many times, compared and explained.

>>> from experiments import compare, save
>>> comparison = compare("assigned", "owned", replicates=20)  # doctest: +SKIP
>>> print(comparison.answer()[0])  # doctest: +SKIP
>>> save(comparison, "results/assigned-vs-owned")  # doctest: +SKIP
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.compare.comparison import Comparison, compare
    from experiments.compare.overview import Overview, overview
    from experiments.run.replicates import Replicates
    from experiments.run.runner import run
    from experiments.show.results_folder import save

__all__ = [
    "Comparison",
    "Overview",
    "Replicates",
    "compare",
    "overview",
    "run",
    "save",
]

_HOMES = {
    "Comparison": "comparison",
    "Overview": "description",
    "Replicates": "replicates",
    "compare": "comparison",
    "overview": "description",
    "run": "runner",
    "save": "results_folder",
}


def __getattr__(name: str) -> Any:
    """Import a name when it is asked for: `orgsim --help` needs none of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
