"""ES modules as one classic script, for pages and workers that open from disk.

A browser loads no module from a file beside a page, and starts no module worker from a
blob. So each module becomes a function that returns what it exports. Modules import by
name from files alone: `import { a, b as c } from "./file.mjs";`.
"""

import re
from collections.abc import Sequence
from pathlib import Path

IMPORT = re.compile(
    r"^import\s*\{(?P<names>[^}]*)\}\s*from\s*\"\./(?P<file>[^\"]+)\";$", re.MULTILINE
)
EXPORT = re.compile(
    r"^export\s+(?=(?:async\s+)?(?:function|class|const|let)\s+(\w+))", re.MULTILINE
)


def bundled(modules: Sequence[Path]) -> str:
    """Return modules as one script, in this order; each after those that it imports.

    Raises ValueError for a module that imports one that is not before it, or a name
    that it does not export, and for two modules of the same name.
    """
    there: dict[str, list[str]] = {}
    parts = []
    for path in modules:
        if path.name in there:
            raise ValueError(f"two modules are called {path.name}")
        text = path.read_text(encoding="utf-8")
        missing = [x["file"] for x in IMPORT.finditer(text) if x["file"] not in there]
        if missing:
            raise ValueError(f"{path.name} comes before {', '.join(missing)}")
        for found in IMPORT.finditer(text):
            wanted = [x.split()[0] for x in found["names"].split(",") if x.strip()]
            if strange := [x for x in wanted if x not in there[found["file"]]]:
                what = ", ".join(strange)
                raise ValueError(f"{path.name}: {found['file']} exports no {what}")
        exported = EXPORT.findall(text)
        names = ", ".join(exported)
        inside = EXPORT.sub("", IMPORT.sub(_taken, text))
        parts.append(f"const {_variable(path.name)} = (() => {{\n{inside}")
        parts.append(f"return {{ {names} }};\n}})();\n")
        there[path.name] = exported
    return '"use strict";\n' + "".join(parts)


def _taken(match: re.Match) -> str:
    names = re.sub(r"\s+as\s+", ": ", " ".join(match["names"].split()))
    return f"const {{ {names} }} = {_variable(match['file'])};"


def _variable(file: str) -> str:
    return "module_" + re.sub(r"\W", "_", Path(file).stem)
