"""Fetch a published graph: `python -m experiments.science.fetch_graph aucs`.

The graphs are text files in the wheel of the `uunet` package. This command lets pip
download that wheel into a temporary folder, takes exactly one file out of it, checks
its SHA-256 and moves it into place. Nothing is installed and nothing is shipped with
this project: whether a graph may be used for a purpose is the user's to check.
"""

import argparse
import hashlib
import logging
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from simulation.whole_files import scratch_folder, write_file

log = logging.getLogger(__name__)

PACKAGE = "uunet==2.2.1"
WHEEL_FOR = {
    "--python-version": "3.11",
    "--implementation": "cp",
    "--abi": "cp311",
    "--platform": "manylinux2014_x86_64",
}
"""The one wheel that is read, whatever Python and system this runs on."""
SECONDS = 300
MOST_BYTES = 1_000_000


class FetchError(RuntimeError):
    """A graph could not be fetched, or its file has changed."""


@dataclass(frozen=True)
class Source:
    """A file in the wheel, its SHA-256, and the study that it comes from."""

    member: str
    sha256: str
    study: str

    @property
    def file_name(self) -> str:
        return self.member.rpartition("/")[2]


SOURCES = {
    "aucs": Source(
        "uunet/data/aucs.mpx",
        "9deedf656b79d4ee7367976f896e483f5a221600b1c3dea1bbc2536e1aef532c",
        "Rossi & Magnani (2015): 61 people of a university department, 5 layers",
    ),
    "kapferer": Source(
        "uunet/data/tailorshop.mpx",
        "9909686eb562222a4e62a54118ecd9b5569e4c0f1cb3fd0b86862cdc5fbd924b",
        "Kapferer (1972): 39 people of a tailor shop, 4 layers",
    ),
    "bankwiring": Source(
        "uunet/data/bankwiring.mpx",
        "2b9924023d003d1b3009804f0444fae72e516515f5ea1e87b8c10257babddd0b",
        "Breiger, Boorman & Arabie (1975): 14 people of a wiring room, 6 layers",
    ),
}


def planned(target: Path, source: Source) -> Literal["fetch", "keep", "refuse"]:
    """Return what to do about `target`: fetch it, keep it, or refuse to replace it."""
    if not target.exists():
        return "fetch"
    same = target.is_file() and _sha256(target.read_bytes()) == source.sha256
    return "keep" if same else "refuse"


def fetch(name: str, folder: Path) -> Path:
    """Return the path in `folder` of the graph `name` of SOURCES; fetch it if needed.

    Raises FetchError if pip fails, if the file is not in the wheel or has another
    SHA-256, or if another file is in its place.
    """
    source = SOURCES[name]
    target = folder / source.file_name
    action = planned(target, source)
    if action == "refuse":
        raise FetchError(f"{target}: another file is there; move it away first")
    if action == "fetch":
        with scratch_folder() as scratch:
            data = take(download(scratch), source)
        target.parent.mkdir(parents=True, exist_ok=True)
        write_file(target, data)
    return target


def download(folder: Path) -> Path:
    """Download the wheel into `folder` from pip's configured index; return its path."""
    words = [sys.executable, "-m", "pip", "download", PACKAGE, "--no-deps", "--quiet"]
    words += ["--only-binary", ":all:", "--dest", str(folder)]
    words += [word for pair in WHEEL_FOR.items() for word in pair]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise FetchError(f"pip took longer than {SECONDS} seconds") from None
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or len(wheels) != 1:
        said = done.stderr.strip() or "nothing"
        raise FetchError(f"pip could not download {PACKAGE}; it said: {said}")
    return wheels[0]


def take(wheel: Path, source: Source) -> bytes:
    """Return the file of `wheel` that `source` names, after checking its SHA-256."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            if archive.getinfo(source.member).file_size > MOST_BYTES:
                raise FetchError(f"{source.member}: over {MOST_BYTES} bytes")
            data = archive.read(source.member)
    except KeyError:
        raise FetchError(f"{wheel.name}: holds no {source.member}") from None
    except zipfile.BadZipFile as problem:
        raise FetchError(f"{wheel.name}: is no wheel ({problem})") from problem
    if (received := _sha256(data)) != source.sha256:
        allowed = source.sha256
        raise FetchError(f"{source.member}: SHA-256 {received}; allowed {allowed}")
    return data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0 when done, 1 when it failed, 130 when interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m experiments.science.fetch_graph",
        description="Fetch a published communication graph (checked, never vendored).",
    )
    parser.add_argument("name", choices=SOURCES)
    parser.add_argument("--output", type=Path, default=Path(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        target = fetch(options.name, options.output)
    except (FetchError, OSError) as problem:
        log.error("%s", problem)
        return 1
    except KeyboardInterrupt:
        return 130
    log.info("%s: %s", target, SOURCES[options.name].study)
    log.info("Check that its licence and the study's terms allow your use; cite it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
