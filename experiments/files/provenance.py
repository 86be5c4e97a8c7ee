"""The software behind results: versions of orgsim, of the model, and of packages."""

import platform
import subprocess
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any


def software() -> dict[str, Any]:
    """Return the versions of orgsim, the model, Python and packages, and the commit."""
    from simulation.compiled import model_version

    return {
        "orgsim": _version_of("orgsim"),
        "model_version": model_version(),
        "commit": _commit(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": {name: _version_of(name) for name in ("mesa", "numba", "numpy")},
    }


def _version_of(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


@cache
def _commit() -> str | None:
    """Return the commit of a checkout, with a + if its files have been changed.

    None outside a checkout.
    """
    root = Path(__file__).resolve().parents[2]
    if not (root / ".git").exists():
        return None
    command = ["git", "-C", str(root), "describe", "--always", "--abbrev=40"]
    try:
        described = subprocess.run(
            [*command, "--dirty=+", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return described.stdout.strip() or None
