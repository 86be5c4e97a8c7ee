"""Write a folder of results: all files of one run together, or none.

Other files in the folder stay as they are. The same runs give the same bytes, except
for the manifest, which may hold the time that runs took.
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
    """Yield a temporary folder whose files are moved into `folder` if all goes well.

    If there is no manifest among them, they are added to the manifest in `folder`.
    Raises `InputError` if they cannot be written.
    """
    with output_told(folder), together(folder, own=True) as aside:
        yield aside
        if not (aside / MANIFEST).exists():
            told = {"manifest_version": MANIFEST_VERSION, "software": software()}
            extend_manifest(aside, Path(folder), told)
