"""Compile rules, and keep their machine code for as long as no source changes.

Numba's own disk cache does not notice when a function in another file changes. Here
the name of the cache folder is a hash of all sources of the model instead.
"""

import contextlib
import logging
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy
from numba.core import event

from simulation.cache_folders import cache_root, writable
from simulation.source_facts import digest, facts_of

F = TypeVar("F", bound=Callable[..., Any])

SOURCES = Path(__file__).resolve().parent
UNCOMPILED = os.environ.get("ORGSIM_UNCOMPILED") == "1"

log = logging.getLogger(__name__)
_rules_made = 0

_INSIDES = (ImportError, AttributeError, TypeError)
"""Errors of imports from numba's internals, where a version of numba differs."""
_TRIED = "numba %s is not one that orgsim was tried with (%s): %s"

Rule: Any
RuleCache: Any
try:
    from simulation.compiling import Rule
except _INSIDES as error:
    log.warning(
        _TRIED, numba.__version__, error, "compiling takes several times longer"
    )
    Rule = numba.njit(nogil=True, error_model="numpy")
try:
    from simulation.code_files import RuleCache
except _INSIDES as error:
    log.warning(_TRIED, numba.__version__, error, "each process compiles anew")
    RuleCache = None


def rule(function: F, keep: bool = False) -> F:
    """Compile a function of arrays, indices and numbers on first use.

    It runs without the GIL, with numpy's division (x / 0 is inf) and without fastmath.
    The machine code of rules inside `simulation/` is kept on disk. Rules elsewhere
    compile in each process, as nothing would notice a change of their sources. With
    ORGSIM_UNCOMPILED=1 in the environment at import, the function is returned as it is.
    With `keep` the code of a function without a file is kept too: use it for one that
    is composed of rules inside `simulation/`.
    """
    if UNCOMPILED:
        return function
    global _rules_made
    _rules_made += 1
    compiled: Any = Rule(function)
    if RuleCache and (keep or _is_inside(function.__code__.co_filename)):
        compiled._cache = RuleCache(function, cache_folder(), _VERSION, _unedited)
    return cast(F, compiled)


def _is_inside(source: str) -> bool:
    """Return whether a source belongs to the model; one without a file does not."""
    path = Path(source)
    return path.is_absolute() and path.resolve().is_relative_to(SOURCES)


def entry(rule_function: Any, *example_args: Any) -> Callable[..., Any]:
    """Return the machine code of a rule for arguments of the types of the examples.

    The result takes positional arguments and skips numba's type check, which costs 2 us
    for each record array. Call it only with the dtypes, dimensions and memory layouts
    of the examples. Where rules are not compiled, it is the function itself.
    """
    if UNCOMPILED:
        return rule_function
    kinds = tuple(map(_kind, example_args))
    if (code := _entries.get((rule_function, kinds))) is None:
        types = tuple(numba.typeof(argument) for argument in example_args)
        code = rule_function.compile(types)
        _entries[rule_function, kinds] = code
    return code


def call(rule_function: Any, *values: Any) -> Any:
    """Return what the machine code of a rule for values of these types gives."""
    return entry(rule_function, *values)(*values)


_entries: dict[tuple[Any, tuple], Callable[..., Any]] = {}


def _kind(argument: Any) -> Any:
    """Return a key of an argument: arguments of one key can share machine code."""
    if isinstance(argument, numpy.ndarray):
        flags = argument.flags
        return argument.dtype, argument.ndim, flags.c_contiguous, flags.writeable
    return type(argument)


@contextlib.contextmanager
def rules_compiled(report: Callable[[int, int], object]) -> Iterator[None]:
    """Call `report(done, total)` for each rule that compiles; the total is an estimate.

    Rules that only Mesa calls are in the total; functions of numba count as done.
    """

    class Count(event.Listener):
        done = 0

        def on_start(self, event: Any) -> None:
            pass

        def on_end(self, event: Any) -> None:
            self.done += 1
            report(min(self.done, _rules_made), _rules_made)

    with event.install_listener("numba:compile", Count()):
        yield


def model_version() -> str:
    """Return the version of the whole model: 16 hexadecimal digits.

    It is a hash of all Python sources under `simulation/` as they were at import
    (without comments, docstrings and layout) and of the versions of Python, numpy and
    numba.
    """
    return _VERSION


def cache_folder() -> Path:
    """Return the folder of this version's machine code, made if it was missing.

    `$ORGSIM_CACHE/<version>`, else `orgsim/<version>` in the user's cache folder, else
    a temporary folder that lives as long as the process.
    """
    return writable(cache_root() / _VERSION)


def _sources() -> list[Path]:
    return sorted(SOURCES.rglob("*.py"))


def _edit_marks() -> list[tuple[str, int, int]]:
    """Return marks that change when a source is edited, without reading the sources."""
    stats = [(str(path), path.stat()) for path in _sources()]
    return [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]


def _sources_hash() -> str:
    """Return the hash of the sources' meaning and of the versions that compile them."""
    versions = (platform.python_version(), numpy.__version__, numba.__version__)
    names = {path.relative_to(SOURCES).as_posix(): path for path in _sources()}
    meanings = (f"{name} {facts_of(path).meaning}" for name, path in names.items())
    return digest((*versions, *meanings))[:16]


def _unedited() -> bool:
    try:
        return _edit_marks() == _EDIT_MARKS
    except OSError:
        return False


# The marks are taken first, so that an edit between the two lines makes them differ.
_EDIT_MARKS = _edit_marks()
_VERSION = _sources_hash()
