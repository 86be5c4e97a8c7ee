"""Make the WebAssembly module: `python tasks.py wasm`.

Needs `wasm-ld`, which is in Debian's package lld.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from simulation.webassembly import MODULE
from simulation.webassembly.exports import description
from simulation.webassembly.objects import SETTINGS
from simulation.whole_files import write_file

SECTION = "orgsim"
"""The section of the module that has its description."""
STACK = 1 << 18
"""Bytes of the stack, which lies below all else: who overflows it is stopped."""


def build() -> bytes:
    """Return the module, made from the sources.

    Raises FileNotFoundError without `wasm-ld` and CalledProcessError if a step fails.
    """
    described = {**description(), "made_with": versions()}
    text = json.dumps(described, separators=(",", ":"))
    module = _linked(_object(text), described["functions"])
    return module + _section(SECTION.encode(), text.encode())


def versions() -> dict[str, str]:
    """Return the versions of what makes the module: others may give other bytes."""
    told = subprocess.run(["wasm-ld", "--version"], capture_output=True, check=True)
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numba": metadata.version("numba"),
        "llvmlite": metadata.version("llvmlite"),
        "wasm-ld": told.stdout.decode().split("(")[0].strip(),
    }


def _object(described: str) -> bytes:
    """Return the compiled functions of a description, made in another process."""
    kept = {x: y for x, y in os.environ.items() if not x.startswith("NUMBA_")}
    return subprocess.run(
        [sys.executable, "-m", "simulation.webassembly.objects"],
        input=described.encode(),
        env={**kept, **SETTINGS, "ORGSIM_UNCOMPILED": ""},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def _linked(code: bytes, functions: Iterable[str]) -> bytes:
    """Return an object as a module that offers these functions."""
    with tempfile.TemporaryDirectory() as folder:
        given, made = Path(folder, "model.o"), Path(folder, "model.wasm")
        given.write_bytes(code)
        command = ["wasm-ld", "--no-entry", "--strip-all", "--gc-sections"]
        command += ["--stack-first", "-z", f"stack-size={STACK}"]
        command += [f"--export={name}" for name in (*functions, "__heap_base")]
        subprocess.run([*command, "-o", made, given], check=True)
        return made.read_bytes()


def _section(name: bytes, content: bytes) -> bytes:
    """Return a custom section of a WebAssembly module."""
    body = _size(len(name)) + name + content
    return b"\0" + _size(len(body)) + body


def _size(number: int) -> bytes:
    """Return a whole number as WebAssembly writes it: LEB128.

    >>> _size(300).hex()
    'ac02'
    """
    low, rest = number & 0x7F, number >> 7
    return bytes([low | 0x80]) + _size(rest) if rest else bytes([low])


def main() -> None:
    """Make the module anew and tell its size."""
    if not shutil.which("wasm-ld"):
        sys.exit("there is no wasm-ld on this machine; it is in Debian's package lld")
    module = build()
    write_file(MODULE, module)
    print(f"{MODULE.name}: {len(module):,} bytes")


if __name__ == "__main__":
    main()
