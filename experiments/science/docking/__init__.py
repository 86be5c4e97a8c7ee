"""Docking: the model's own learning rules reproduce published models.

>>> from experiments.science.docking import dock
>>> dock("march", replicates=100).shapes  # doctest: +SKIP
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.science.docking.docked import Docking, dock

__all__ = ["Docking", "dock"]


def __getattr__(name: str) -> Any:
    """Import a name on first use, as compiling takes seconds."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module("experiments.science.docking.docked"), name)
