"""The meaning, imports and names of a source file, read once per content.

Parsing takes longer than all other imports, so results are cached on disk under a hash
of the bytes they were read from.
"""

import ast
import contextlib
import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from simulation.cache_folders import cache_root
from simulation.whole_files import sweep, write_file

EMPTY = "Constant(value='')"
NAME = re.compile(r"[\w.-]{1,60}")
"""Pattern of texts that may be names of files or folders."""


class Facts(NamedTuple):
    """Facts about a source: a hash of its meaning, and the names in it.

    `imports` are full names, with leading dots if they are relative; `from a import b`
    gives both `a` and `a.b`. `texts` are texts that may name a file; `folders` are
    texts that are a part of a path.
    """

    meaning: str
    imports: tuple[str, ...]
    texts: frozenset[str]
    folders: frozenset[str]


def digest(parts: Iterable[str]) -> str:
    """Return a hash of texts; their order matters."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode() + b"\0")
    return whole.hexdigest()


def facts_of(path: Path) -> Facts:
    """Return the facts about a source file, from the cache if they are there."""
    meaning, imports, texts, folders = _known(path.read_bytes(), "py", _read)
    return Facts(meaning, tuple(imports), frozenset(texts), frozenset(folders))


def data_meaning(path: Path) -> str:
    """Return a hash of a data file; it ignores comments and layout of TOML."""
    content = path.read_bytes()
    if path.suffix == ".toml":
        return _known(content, "toml", _toml_meaning)
    return hashlib.sha256(content).hexdigest()


def _known(content: bytes, kind: str, read: Callable[[bytes], Any]) -> Any:
    """Return `read(content)` as JSON values, from the cache if it is there."""
    key = hashlib.sha256(_own_key() + kind.encode() + content).hexdigest()[:32]
    file = _folder() / f"{key}.json"
    with contextlib.suppress(OSError, ValueError):
        return json.loads(file.read_bytes())
    value = read(content)
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_file(file, json.dumps(value), to_disk=False)
    return value


def _folder() -> Path:
    """Return the folder of facts; leftovers of killed writers are removed once."""
    folder = cache_root() / "versions"
    _sweep_once(folder)
    return folder


_sweep_once = cache(sweep)


def _read(source: bytes) -> list:
    facts = read_facts(source)
    return [facts.meaning, facts.imports, sorted(facts.texts), sorted(facts.folders)]


def _toml_meaning(content: bytes) -> str:
    with contextlib.suppress(ValueError):
        content = repr(tomllib.loads(content.decode())).encode()
    return hashlib.sha256(content).hexdigest()


@cache
def _own_key() -> bytes:
    """Return a hash of this module and the Python version: facts depend on them."""
    own = Path(__file__).read_bytes()
    return hashlib.sha256(own + sys.version.encode()).digest()


def read_facts(source: bytes) -> Facts:
    """Return the facts about a source, read from its text."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        # A half-written file that nobody imports must not make the rest fail.
        return Facts(hashlib.sha256(source).hexdigest(), (), frozenset(), frozenset())
    live = list(_live_nodes(tree))
    texts = (x.value for x in live if isinstance(x, ast.Constant))
    return Facts(
        hashlib.sha256(meaning(source)).hexdigest(),
        tuple(dict.fromkeys(name for node in live for name in _imported(node))),
        frozenset(x for x in texts if isinstance(x, str) and NAME.fullmatch(x)),
        frozenset(
            x.right.value
            for x in live
            if isinstance(x, ast.BinOp)
            and isinstance(x.op, ast.Div)
            and isinstance(x.right, ast.Constant)
            and isinstance(x.right.value, str)
        ),
    )


def meaning(source: bytes) -> bytes:
    """Return a source without comments, docstrings and layout, for hashing.

    Docstrings are all texts that stand alone, also those below constants. The result is
    the same in every version of Python: empty fields that only newer versions have are
    left out.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        for _, part in ast.iter_fields(node):
            if isinstance(part, list):
                part[:] = [one for one in part if not _stands_alone(one)]
    return _as_text(tree).encode("utf-8", "surrogatepass")


def _as_text(part: Any) -> str:
    if isinstance(part, ast.JoinedStr):
        # Python 3.12 adds empty texts at the ends of some f-strings.
        texts = [_as_text(one) for one in part.values]
        return f"JoinedStr({[x for x in texts if x != EMPTY]})"
    if isinstance(part, ast.AST):
        fields = (
            f"{name}={_as_text(value)}"
            for name, value in ast.iter_fields(part)
            if value is not None and value != []
        )
        return f"{type(part).__name__}({' '.join(fields)})"
    if isinstance(part, list):
        return f"[{' '.join(map(_as_text, part))}]"
    return repr(part)


def _stands_alone(part: Any) -> bool:
    """Return whether a part is a statement that is a text and nothing else."""
    text = part.value if isinstance(part, ast.Expr) else None
    return isinstance(text, ast.Constant) and isinstance(text.value, str)


def _live_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it, except code for type checkers only."""
    if isinstance(node, ast.If) and _for_types(node.test):
        parts: Iterable[ast.AST] = node.orelse
    else:
        yield node
        parts = ast.iter_child_nodes(node)
    for part in parts:
        yield from _live_nodes(part)


def _for_types(test: ast.expr) -> bool:
    name = test.attr if isinstance(test, ast.Attribute) else getattr(test, "id", "")
    return name == "TYPE_CHECKING"


def _imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = "." * node.level + (node.module or "")
        yield above
        dot = "." if node.module else ""
        yield from (f"{above}{dot}{one.name}" for one in node.names)
