"""Pickling functions, arguments and results to send them between processes.

Objects that another process can import are sent by name. Others are sent by value,
with all that they refer to: classes and functions defined in the script or notebook,
inside a function, in executed text, or in a module that is not on the path.
"""

import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

import cloudpickle

from experiments.errors import InputError

HERE = "run it in this process with workers=1"


def pack(what: Any) -> bytes:
    """Return a function or arguments as bytes; `InputError` if it cannot be pickled."""
    try:
        with _by_value(_modules_of(what)):
            return cloudpickle.dumps(what)
    except (pickle.PicklingError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"what is to run cannot be handed to another process: {error}; let agents"
            f" and functions hold no open files, locks or generators, or {HERE}"
        ) from error


def unpack(packed: bytes) -> Any:
    """Return the object that was packed."""
    return pickle.loads(packed)


def call(function: bytes, arguments: bytes) -> bytes:
    """Call a packed function with packed arguments; return its result packed."""
    try:
        run, values = _function(function), unpack(arguments)
    except Exception as error:
        raise InputError(
            f"a worker process cannot load what is to run: {error!r}; put it into a"
            f" module that can be imported, or {HERE}"
        ) from None
    return cloudpickle.dumps(run(*values))


_function = lru_cache(maxsize=4)(unpack)


def _modules_of(what: Any) -> Iterator[ModuleType]:
    """Yield the modules of the functions and classes in `what`."""
    if isinstance(what, partial):
        yield from _modules_of((what.func, what.args, what.keywords))
    elif isinstance(what, dict):
        yield from _modules_of(tuple(what.values()))
    elif isinstance(what, tuple | list):
        for part in what:
            yield from _modules_of(part)
    elif isinstance(what, type):
        yield from (sys.modules[x.__module__] for x in what.__mro__ if _known(x))
    elif callable(what) and _known(what):
        yield sys.modules[what.__module__]


def _known(what: Any) -> bool:
    return getattr(what, "__module__", None) in sys.modules


@contextmanager
def _by_value(modules: Iterator[ModuleType]) -> Iterator[None]:
    """Send objects by value if they are defined in modules not on the path."""
    hidden = [x for x in set(modules) if not _importable(x)]
    for module in hidden:
        cloudpickle.register_pickle_by_value(module)
    try:
        yield
    finally:
        for module in hidden:
            cloudpickle.unregister_pickle_by_value(module)


def _importable(module: ModuleType) -> bool:
    """Return whether a fresh interpreter finds this same module by its name."""
    file = getattr(module, "__file__", None)
    if file is None or module.__name__ == "__main__":
        return True  # built in; objects of `__main__` are always sent by value
    path, spec = None, None
    parts = module.__name__.split(".")
    for k in range(len(parts)):
        spec = PathFinder.find_spec(".".join(parts[: k + 1]), path)
        if spec is None:
            return False
        path = spec.submodule_search_locations
    origin = spec.origin if spec else None
    return origin is not None and os.path.realpath(origin) == os.path.realpath(file)
