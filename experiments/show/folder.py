"""A folder of results: all files of one run together, or none.

Other files in the folder stay as they are. But for the manifest, which may tell the
time that runs took, the same runs give the same bytes.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.errors import output_told
from experiments.files.provenance import software
from experiments.files.whole_folders import MANIFEST, extend_manifest, together

MANIFEST_VERSION = 1


@contextmanager
def staged(folder: str | os.PathLike) -> Iterator[Path]:
    """Yield a folder aside, whose files go into `folder` together if all goes well.

    Where no manifest is among them, they join those that the manifest in `folder`
    lists. Raises `InputError` where they cannot be written.
    """
    with output_told(folder), together(folder, own=True) as aside:
        yield aside
        if not (aside / MANIFEST).exists():
            told = {"manifest_version": MANIFEST_VERSION, "software": software()}
            extend_manifest(aside, Path(folder), told)
