"""The WebAssembly module is what its sources give, wherever they lie."""

import json
import os
import platform
import shutil
import subprocess
import sys

import machine
import pytest

from simulation.version import PACKAGES
from simulation.webassembly import MODULE
from simulation.webassembly.building import SECTION, versions

OTHERWISE = {"NUMBA_OPT": "1", "NUMBA_CPU_NAME": "skylake", "PYTHONHASHSEED": "5"}
"""Settings of numba and Python that must not matter."""


def test_the_same_sources_give_the_same_module(tmp_path):
    """Made anew in another folder with other settings, it has the same bytes."""
    machine.program("wasm-ld")
    shipped = MODULE.read_bytes()
    text = b"{" + shipped.rpartition(SECTION.encode() + b"{")[2]
    made_with = json.loads(text)["made_with"]
    if platform.machine() not in ("x86_64", "AMD64") or versions() != made_with:
        pytest.skip(f"the module was made on x86-64 with {made_with}")
    for name in PACKAGES:
        left_out = shutil.ignore_patterns("__pycache__", MODULE.name)
        shutil.copytree(machine.ROOT / name, tmp_path / name, ignore=left_out)
    subprocess.run(
        [sys.executable, "-m", "simulation.webassembly.building"],
        cwd=tmp_path,
        env={**os.environ, **OTHERWISE},
        check=True,
    )
    made = tmp_path / MODULE.relative_to(machine.ROOT)
    assert made.read_bytes() == shipped
