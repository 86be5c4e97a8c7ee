"""The machine code of rules on disk, in files that no kill and no race can spoil.

Numba's own disk cache does not notice when a function in another file changes. Here
the folder's name is a hash of all sources of the model instead.
"""

import hashlib
import logging
import pickle
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from numba.core.caching import (
    CompileResultCacheImpl,
    FunctionCache,
    IndexDataCacheFile,
    _CacheLocator,
)

from simulation.whole_files import write_file

log = logging.getLogger(__name__)


class _Locator(_CacheLocator):
    """Where the machine code of one rule is kept."""

    def __init__(self, py_func: Callable[..., Any], folder: Path, version: str) -> None:
        self._code = py_func.__code__
        self._py_file = self._code.co_filename
        self._folder, self._version = folder, version

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return self._version

    def get_disambiguator(self) -> str:
        # Numba's key has the bytecode but not its constants. Without them, two
        # definitions of one name in the branches of an `if` would be confused.
        plain = [c for c in self._code.co_consts if not isinstance(c, str | CodeType)]
        text = repr((self._code.co_names, plain))
        return hashlib.sha256(text.encode()).hexdigest()[:8]


class _RuleCacheImpl(CompileResultCacheImpl):
    """Numba's serialisation in our folder, whatever numba's own settings are."""

    def __init__(self, py_func: Callable[..., Any], folder: Path, version: str) -> None:
        self._lineno = py_func.__code__.co_firstlineno
        self._locator = _Locator(py_func, folder, version)
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


class RuleCache(FunctionCache):
    """Machine code of a rule in a folder; if it cannot be used, the rule is compiled.

    `unedited` tells whether the sources are still those that were imported.
    """

    def __init__(
        self,
        py_func: Callable[..., Any],
        folder: Path,
        version: str,
        unedited: Callable[[], bool],
    ) -> None:
        impl: Any = partial(_RuleCacheImpl, folder=folder, version=version)
        self._impl_class = impl
        self._unedited = unedited
        super().__init__(py_func)
        base = self._impl.filename_base
        self._cache_file = _FilePerSignature(self._cache_path, base, version)

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        # If a source was edited after import, its new form may already be in memory.
        if not self._unedited():
            return None
        try:
            return super().load_overload(sig, target_context)
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            log.warning("compiled rule not loaded: %s: %s", self._name, error)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        if not self._unedited():
            return
        try:
            super().save_overload(sig, data)
        except OSError as error:
            log.warning("compiled rule not kept: %s: %s", self._name, error)
