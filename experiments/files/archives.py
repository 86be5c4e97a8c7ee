"""Archives whose bytes do not depend on when they are made."""

import io
import re
import zipfile
from collections.abc import Mapping

DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in an archive, the first that the format knows."""
PACKED = (".pptx", ".xlsx")
STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files, given by name, in their order."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, DATE)
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, content)
    return packed.getvalue()


def undated(document: bytes) -> bytes:
    """Return an Office document without the times at which it was made and changed.

    Documents inside it (workbooks with the data of charts) lose theirs too.
    """
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, content in files.items():
        if name.endswith(PACKED):
            files[name] = undated(content)
        elif name == "docProps/core.xml":
            files[name] = STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z\3", content)
    return zipped(files)
