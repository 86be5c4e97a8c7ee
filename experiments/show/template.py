"""The presentation a deck starts from: a plain wide one or a client's template."""

import io
import os
import zipfile
from collections.abc import Collection
from copy import deepcopy
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from experiments.errors import InputError
from simulation.regular_files import content_of, unusable

WIDE = 13.333
TITLES = (KIND.TITLE, KIND.CENTER_TITLE)
FURNITURE = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER)
SUFFIXES = (".pptx", ".potx")
MOST_BYTES = 100_000_000
MOST_UNPACKED = 1_000_000_000
"""Bytes of all that is in a template together: more is no template but a bomb."""
_KINDS = {
    b"presentationml.template.main+xml": b"presentationml.presentation.main+xml",
}
_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
"""The extension that groups slides into sections (Office Open XML, MS-PPTX 2.2.3)."""


COLOURS = {"1F497D": "16202B", "4F81BD": "0B7285", "C0504D": "A34410"}
"""Theme colours of the library's presentation, and those of our pages instead."""


def plain() -> Any:
    """Return an empty wide presentation, in the colours of our pages."""
    file = Presentation()
    theme = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    for usual, ours in COLOURS.items():
        theme._blob = theme.blob.replace(usual.encode(), ours.encode())
    times = Inches(WIDE) / file.slide_width
    file.slide_width = Inches(WIDE)
    for page in (file.slide_master, *file.slide_layouts):
        for shape in page.placeholders:
            # Other placeholders get their place from the master.
            if shape.element.spPr.find(qn("a:xfrm")) is not None:
                shape.left = int(times * shape.left)
                shape.width = int(times * shape.width)
    return file


def opened(path: str | os.PathLike) -> Any:
    """Return a template without its slides.

    Raises `InputError` if the file is not a presentation or template, is damaged, or
    has no layouts.
    """
    file = Path(path)
    if file.suffix.lower() not in SUFFIXES:
        allowed = " or ".join(SUFFIXES)
        raise InputError(f"{file}: a template for slides must end in {allowed}")
    if wrong := unusable(file, MOST_BYTES):
        raise InputError(f"{file}: the template cannot be read ({wrong})")
    try:
        data = content_of(file, MOST_BYTES)
    except OSError as error:
        why = error.strerror or error
        raise InputError(f"{file}: the template cannot be read ({why})") from None
    try:
        found = Presentation(io.BytesIO(_as_presentation(data)))
        layouts = len(found.slide_layouts)
        _without_slides(found)
    except Exception as error:  # a damaged file fails in many ways
        raise InputError(
            f"{file}: this is no presentation that can be read, or it is damaged or"
            f" protected by a password ({type(error).__name__}); open it in PowerPoint"
            " and save it as .pptx or .potx"
        ) from error
    if not layouts:
        raise InputError(f"{file}: the template has no slide layouts")
    return found


def _as_presentation(data: bytes) -> bytes:
    """Return a file's bytes with its type changed from template to presentation."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        unpacked = sum(item.file_size for item in old.infolist())
        if unpacked > MOST_UNPACKED:
            raise ValueError(f"{unpacked:,} bytes are packed in it")
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "[Content_Types].xml":
                for kind, wanted in _KINDS.items():
                    content = content.replace(kind, wanted)
            new.writestr(item.filename, content)
    return changed.getvalue()


def _without_slides(file: Any) -> None:
    """Remove example slides, and custom shows and sections that refer to them."""
    root = file.part._element
    slides = file.slides._sldIdLst
    for slide in list(slides):
        file.part.drop_rel(slide.rId)
        slides.remove(slide)
    shows = root.findall(qn("p:custShowLst"))
    sections = [x for x in root.iter(qn("p:ext")) if x.get("uri") == _SECTIONS]
    for element in (*shows, *sections):
        element.getparent().remove(element)


def opening_layout(file: Any) -> Any:
    """Return the layout for the first slide: with a centred title, if there is one.

    Else one with a title and a subtitle, or that of `heading_layout`.
    """
    for kinds in ((KIND.CENTER_TITLE,), (KIND.TITLE, KIND.SUBTITLE)):
        for layout in file.slide_layouts:
            if set(kinds) <= {x.placeholder_format.type for x in layout.placeholders}:
                return layout
    return heading_layout(file)


def heading_layout(file: Any) -> Any:
    """Return the layout with a title and the fewest other placeholders."""

    def untitled_then_full(layout: Any) -> tuple[bool, int]:
        kinds = [x.placeholder_format.type for x in layout.placeholders]
        titled = KIND.TITLE in kinds
        return not titled, sum(x not in (*TITLES, *FURNITURE) for x in kinds)

    return min(file.slide_layouts, key=untitled_then_full)


def placeholder(page: Any, kinds: Collection[Any]) -> Any | None:
    """Return the first placeholder of these kinds on a slide or layout, if any."""
    found = (x for x in page.placeholders if x.placeholder_format.type in kinds)
    return next(found, None)


def empty(slide: Any) -> None:
    """Remove the placeholders of a slide that are still empty."""
    for shape in list(slide.placeholders):
        if not shape.text_frame.text:
            shape.element.getparent().remove(shape.element)


def copied(slide: Any, layout: Any, kind: Any, size: float) -> Any | None:
    """Copy a layout's placeholder of a kind onto a slide; None if there is none.

    The text size becomes `size` points.
    """
    model = placeholder(layout, (kind,))
    if model is None:
        return None
    place = (model.left, model.top, model.width, model.height)
    element = deepcopy(model.element)
    element.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))
    slide.shapes._spTree.append(element)
    for properties in element.iter(qn("a:rPr"), qn("a:defRPr")):
        properties.set("sz", str(int(Pt(size) / Pt(1) * 100)))
    shape = slide.shapes[-1]
    shape.left, shape.top, shape.width, shape.height = place
    return shape
