"""The version of the software behind a result: a hash of all files that it depends on.

These files are found, not listed: the module that computes the result, all modules
imported from there (also inside functions, and with the packages around them), and the
data files that any of them names. Comments, layout and docstrings do not count, also
those below constants. Nor do versions of Python, numpy and numba, which give the same
bytes.
"""

import functools
import inspect
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from simulation.source_facts import Facts, data_meaning, digest, facts_of

PACKAGES = ("simulation", "experiments", "scenarios")
"""The installed packages; the last holds data only."""
ROOT = Path(__file__).resolve().parent.parent


class Sources:
    """The sources and data files of the packages in the folder `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._facts: dict[Path, Facts] = {}

    def version(self, *starts: str | Path) -> str:
        """Return the version of these modules (or files): 16 hexadecimal digits."""
        files = self.files(*starts)
        return digest(f"{name} {meaning}" for name, meaning in files.items())[:16]

    def files(self, *starts: str | Path) -> dict[str, str]:
        """Return all files on which modules depend, each with a hash of its meaning."""
        sources = self._closure(starts)
        found = {self._name(path): self._of(path).meaning for path in sources}
        found |= {self._name(x): data_meaning(x) for x in self._data_of(sources)}
        return dict(sorted(found.items()))

    def _closure(self, starts: tuple[str | Path, ...]) -> set[Path]:
        found: set[Path] = set()
        to_do = [one if isinstance(one, Path) else self._path(one) for one in starts]
        if missing := [x for x, path in zip(starts, to_do, strict=True) if not path]:
            raise ModuleNotFoundError(f"no module of orgsim: {missing[0]}")
        while to_do:
            path = to_do.pop()
            if path is None or path in found:
                continue
            found.add(path)
            package = self._package(path)
            for name in [package, *self._imports(path, package)]:
                parts = name.split(".")
                to_do += [self._path(".".join(parts[:k])) for k in range(1, len(parts))]
                to_do.append(self._path(name))
        return found

    def _imports(self, path: Path, package: str) -> Iterator[str]:
        """Yield the names that a module imports; relative names are made absolute."""
        for name in self._of(path).imports:
            bare = name.lstrip(".")
            level = len(name) - len(bare)
            above = package.split(".")[: len(package.split(".")) - level + 1]
            yield ".".join([*above, *([bare] if bare else [])]) if level else name

    def _path(self, name: str) -> Path | None:
        """Return the file of a module of the packages; None for any other module."""
        return self._modules.get(name)

    def _package(self, path: Path) -> str:
        if not path.is_relative_to(self.root):
            return ""
        return ".".join(path.parent.relative_to(self.root).parts)

    def _name(self, path: Path) -> str:
        inside = path.is_relative_to(self.root)
        return path.relative_to(self.root).as_posix() if inside else path.name

    def _of(self, path: Path) -> Facts:
        if path not in self._facts:
            self._facts[path] = facts_of(path)
        return self._facts[path]

    @functools.cached_property
    def _all(self) -> list[Path]:
        """All files of the packages."""
        walks = (os.walk(self.root / name) for name in PACKAGES)
        return [
            Path(at, name) for walk in walks for at, _, names in walk for name in names
        ]

    @functools.cached_property
    def _modules(self) -> dict[str, Path]:
        """The sources, by the names of their modules."""
        found = {}
        for path in self._all:
            if path.suffix == ".py":
                parts = path.relative_to(self.root).with_suffix("").parts
                found[".".join(parts).removesuffix(".__init__")] = path
        return found

    @functools.cached_property
    def _data(self) -> list[Path]:
        return [path for path in self._all if path.suffix not in (".py", ".pyc")]

    def _data_of(self, sources: set[Path]) -> Iterator[Path]:
        """Yield the data files that any of these sources names.

        A source names a data file by its name, by its folder's name, or, if the two
        differ only in suffix, by its suffix.
        """
        known = [self._of(source) for source in sources]
        texts = frozenset[str]().union(*(one.texts for one in known))
        folders = frozenset[str]().union(*(one.folders for one in known))
        packages = {path.parent.name for path in self._modules.values()}
        for path in self._data:
            twin = path.with_suffix(".py")
            if (
                path.name in texts
                or path.parent.name in folders - packages
                or (twin in sources and path.suffix in self._of(twin).texts)
            ):
                yield path


@functools.cache
def _sources() -> Sources:
    return Sources(ROOT)


@functools.cache
def version_of(*functions: Callable | str) -> str:
    """Return the version of what functions compute: 16 hexadecimal digits.

    A function stands for its module; a module may also be given by its name. A function
    from outside the packages stands for its file.

    >>> version_of("simulation.week") == version_of("simulation.rules.observe")
    False
    """
    return _sources().version(*map(_start, functions))


def _start(function: Callable | str) -> str | Path:
    if isinstance(function, str):
        return function
    module = function.__module__
    if module.partition(".")[0] in PACKAGES:
        return module
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file or inspect.getfile(function)).resolve()


def results_version() -> str:
    """Return the version of what runs give: 16 hexadecimal digits.

    It includes the tables of levers and parameters, as every world depends on them.
    """
    return version_of("simulation.ensemble.worlds", "simulation.scenario_unknown")
