"""Compile rules, and keep the machine code with the sources it came from.

Numba's own disk cache does not notice that a function in another file changed. Here
the cache folder is named after all sources of the model instead, and that name also
serves as the version of the model's results.
"""

import ast
import atexit
import contextlib
import functools
import hashlib
import logging
import os
import pickle
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType
from typing import Any, TypeVar, cast

import numba
import numpy
from numba.core import event
from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    _CacheLocator,
)

from simulation.compiling import Rule
from simulation.whole_files import scratch_folder, sweep, write_file

F = TypeVar("F", bound=Callable[..., Any])

SOURCES = Path(__file__).resolve().parent
UNCOMPILED = os.environ.get("ORGSIM_UNCOMPILED") == "1"

_RESULT_SOURCES = (
    "arithmetic.py",
    "chance.py",
    "founding.py",
    "network.py",
    "organisation.py",
    "outcomes.py",
    "people_for_graph.py",
    "people_table.py",
    "purposes.py",
    "state.py",
    "week.py",
    "ensemble/live.py",
    "ensemble/worlds.py",
)

log = logging.getLogger(__name__)
_rules_made = 0


def rule(function: F, keep: bool = False) -> F:
    """Compile a function of arrays, indices and numbers on first use.

    Without the GIL, with numpy's division (x / 0 is inf), without fastmath. The
    machine code is kept on disk for rules inside `simulation/`; rules elsewhere
    compile in each process, as nothing would notice that their sources changed. With
    ORGSIM_UNCOMPILED=1 in the environment at import the function is left as it is.
    With `keep` also the code of a function without a file is kept, for one that is
    composed of rules inside.
    """
    if UNCOMPILED:
        return function
    global _rules_made
    _rules_made += 1
    compiled: Any = Rule(function)
    if keep or _is_inside(function.__code__.co_filename):
        compiled._cache = _RuleCache(function)
    return cast(F, compiled)


def _is_inside(source: str) -> bool:
    """Tell whether a source is one of the model's; one without a file is not."""
    path = Path(source)
    return path.is_absolute() and path.resolve().is_relative_to(SOURCES)


def entry(rule_function: Any, *example_args: Any) -> Callable[..., Any]:
    """Return the machine code of a rule for arguments of the types of these examples.

    The result takes positional arguments and skips numba's type check, 2 us for each
    record array: call it only with the dtypes, dimensions and memory layouts of the
    examples. Uncompiled, it is the function itself.
    """
    if UNCOMPILED:
        return rule_function
    kinds = tuple(map(_kind, example_args))
    if (code := _entries.get((rule_function, kinds))) is None:
        types = tuple(numba.typeof(argument) for argument in example_args)
        code = rule_function.compile(types)
        _entries[rule_function, kinds] = code
    return code


_entries: dict[tuple[Any, tuple], Callable[..., Any]] = {}


def _kind(argument: Any) -> Any:
    """Return what tells apart arguments that need machine code of their own."""
    if isinstance(argument, numpy.ndarray):
        flags = argument.flags
        return argument.dtype, argument.ndim, flags.c_contiguous, flags.writeable
    return type(argument)


@contextlib.contextmanager
def rules_compiled(report: Callable[[int, int], object]) -> Iterator[None]:
    """Call `report(done, total)` for each rule that compiles; the total is rough.

    Rules that only Mesa calls and those that numba brings along make it so.
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
    """Return the version of the model's results: 16 hexadecimal digits.

    A hash of all Python sources under `simulation/` as they were at import, without
    comments, docstrings and layout, and of the versions of Python, numpy and numba.
    """
    return _VERSION


@functools.cache
def results_version() -> str:
    """Return the version of what runs give: 16 hexadecimal digits.

    A hash of the sources of rules, week, founding and what they are made of, without
    comments, docstrings and layout. Levers and parameters are no part of it: they
    are part of each resolved scenario. Nor are versions of Python, numpy and numba,
    which give the same bytes.
    """
    sources = [SOURCES / name for name in _RESULT_SOURCES]
    sources += sorted((SOURCES / "rules").glob("*.py"))
    texts = {str(path.relative_to(SOURCES)): path.read_bytes() for path in sources}
    return _digest((), {name: meaning(text) for name, text in texts.items()})[:16]


def cache_folder() -> Path:
    """Return the folder of this version's machine code, made if it was missing.

    `$ORGSIM_CACHE/<version>`, else `orgsim/<version>` in the user's cache folder, else
    a temporary folder that lives as long as the process.
    """
    return _writable(_cache_root() / _VERSION)


def _cache_root() -> Path:
    chosen = os.environ.get("ORGSIM_CACHE")
    try:
        return Path(chosen).expanduser() if chosen else _user_cache() / "orgsim"
    except RuntimeError:  # no HOME, and nothing known of this user
        return Path(os.devnull) / "orgsim"


def _user_cache() -> Path:
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA")
        return Path(local) if local else Path.home() / "AppData" / "Local"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    chosen = os.environ.get("XDG_CACHE_HOME")
    return Path(chosen) if chosen else Path.home() / ".cache"


@functools.cache
def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        sweep(folder)
        return folder
    except OSError as error:
        # Never a shared name under /tmp: loading a pickle runs what another user left.
        private = _private_folder()
        log.warning("compiled rules are not kept: %s; set ORGSIM_CACHE", error)
        return private


def _private_folder() -> Path:
    """Return a folder for this user only that is gone when the process ends."""
    folder = contextlib.ExitStack()
    atexit.register(folder.close)
    return folder.enter_context(scratch_folder())


def _sources() -> list[Path]:
    return sorted(SOURCES.rglob("*.py"))


def _edit_marks() -> list[tuple[str, int, int]]:
    """Return what changes when any source is edited, without reading the sources."""
    stats = [(str(path), path.stat()) for path in _sources()]
    return [(path, stat.st_mtime_ns, stat.st_size) for path, stat in stats]


def _sources_hash() -> str:
    """Return the hash of what the sources mean.

    Parsing them takes longer than all other imports, so the answer for exactly these
    bytes is kept.
    """
    versions = (platform.python_version(), numpy.__version__, numba.__version__)
    sources = {path.relative_to(SOURCES).as_posix(): path for path in _sources()}
    texts = {name: path.read_bytes() for name, path in sources.items()}
    kept = _cache_root() / "versions" / _digest(versions, texts)
    try:
        known = kept.read_text(encoding="ascii")
    except (OSError, ValueError):
        known = ""
    if re.fullmatch("[0-9a-f]{16}", known):
        return known
    meanings = {name: meaning(text) for name, text in texts.items()}
    version = _digest(versions, meanings)[:16]
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        sweep(kept.parent)
        write_file(kept, version, to_disk=False)
    return version


def _digest(versions: Iterable[str], parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for version in versions:
        digest.update(version.encode() + b"\0")
    for name, part in parts.items():
        digest.update(name.encode() + b"\0" + part + b"\0")
    return digest.hexdigest()


def meaning(source: bytes) -> bytes:
    """Return a source without comments, docstrings and layout, for hashing."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        # A half-written file that nobody imports must not stop the others.
        return source
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, documented) and ast.get_docstring(node, False) is not None:
            del node.body[0]
    return ast.dump(tree).encode()


def _sources_unchanged() -> bool:
    try:
        return _edit_marks() == _EDIT_MARKS
    except OSError:
        return False


class _Locator(_CacheLocator):
    """Where the machine code of one rule is kept."""

    def __init__(self, py_func: Callable[..., Any]) -> None:
        self._code = py_func.__code__
        self._py_file = self._code.co_filename

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return _VERSION

    def get_disambiguator(self) -> str:
        # Numba's key has the bytecode but not its constants, so that two definitions
        # of one name in the branches of an `if` would be mistaken for each other.
        plain = [c for c in self._code.co_consts if not isinstance(c, str | CodeType)]
        text = repr((self._code.co_names, plain))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


class _RuleCacheImpl(CompileResultCacheImpl):
    """Numba's serialisation with our place, whatever numba's own settings are."""

    def __init__(self, py_func: Callable[..., Any]) -> None:
        self._lineno = py_func.__code__.co_firstlineno
        self._locator = _Locator(py_func)
        name = f"{py_func.__module__}.{py_func.__qualname__}"
        self._filename_base = self.get_filename_base(name, "")


class _FilePerSignature(IndexDataCacheFile):
    """One file for each signature, with a checksum and without an index.

    Two processes that extend numba's index at the same time can leave one signature
    pointing at the code of another. Files are renamed into place when complete.
    """

    def save(self, key: Any, data: Any) -> None:
        code = self._dump(data)
        content = hashlib.sha256(code).digest() + code
        write_file(self._data_path(self._name(key)), content, to_disk=False)

    def load(self, key: Any) -> Any:
        try:
            stored = Path(self._data_path(self._name(key))).read_bytes()
        except FileNotFoundError:
            return None
        checksum, code = stored[:32], stored[32:]
        if hashlib.sha256(code).digest() != checksum:
            raise pickle.UnpicklingError("the file is damaged; compiling anew")
        return pickle.loads(code)

    def _name(self, key: Any) -> str:
        digest = hashlib.sha256(repr(key).encode()).hexdigest()[:24]
        return self._index_name.removesuffix("nbi") + digest + ".nbc"


class _RuleCache(FunctionCache):
    """Machine code on disk; a cache that cannot be read or written is only slower."""

    _impl_class = _RuleCacheImpl

    def __init__(self, py_func: Callable[..., Any]) -> None:
        super().__init__(py_func)
        base = self._impl.filename_base
        self._cache_file = _FilePerSignature(self._cache_path, base, _VERSION)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        # A source edited after import may already be in memory in its new form.
        if not _sources_unchanged():
            return None
        try:
            return super().load_overload(sig, target_context)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            log.warning("compiled rule not loaded: %s: %s", self._name, error)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        if not _sources_unchanged():
            return
        try:
            super().save_overload(sig, data)
        except OSError as error:
            log.warning("compiled rule not kept: %s: %s", self._name, error)


# The marks come first: an edit between the two lines must make them differ.
_EDIT_MARKS = _edit_marks()
_VERSION = _sources_hash()
