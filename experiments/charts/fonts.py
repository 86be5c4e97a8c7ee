"""Fonts of figures: DejaVu Sans, and for letters that it lacks those found here.

DejaVu Sans comes with matplotlib. Letters that no font has are drawn as boxes.
"""

import logging
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.text import Text

from experiments.words.numerals import say

FAMILY = "DejaVu Sans"
UNFIT = ("color", "colour", "colr", "lastresort", "fallback", "unicodebmp")
"""Parts of names of fonts that matplotlib cannot draw, or that have but boxes."""
WIDE = 1.25
"""Width of a letter that DejaVu Sans lacks, in sizes of its font."""
MOST_NAMED = 8
LOG = logging.getLogger(__name__)
MISSING: ContextVar[set[str] | None] = ContextVar("MISSING", default=None)
"""Letters for which boxes were drawn, inside `report_missing_letters`."""
_mentions: set[str] = set()
_lock = threading.Lock()


@cache
def usual_font(bold: bool = False) -> FT2Font:
    """Return DejaVu Sans, at a size of 100 points."""
    weight = "bold" if bold else "normal"
    asked = font_manager.FontProperties(family=FAMILY, weight=weight)
    font = FT2Font(font_manager.findfont(asked))
    font.set_size(100, 72)
    return font


@cache
def advance(letter: str, bold: bool = False) -> float:
    """Return the width of a letter in ems; `WIDE` if DejaVu Sans lacks it.

    0 for letters without a width of their own, such as combining marks.
    """
    font = usual_font(bold)
    if not font.get_char_index(ord(letter)):
        return WIDE if _takes_room(letter) else 0.0
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / 65536.0 / 100


class Drawing(Figure):
    """A figure that draws each letter in a font that has it, if one is found."""

    def draw(self, renderer: Any) -> None:
        """Draw the figure, with its texts in fonts that have their letters."""
        texts = [text for text in self.findobj(Text) if isinstance(text, Text)]
        families, missing = families_for("".join(text.get_text() for text in texts))
        if len(families) > 1:
            for text in texts:
                text.set_fontfamily(list(families))
        if (gathered := MISSING.get()) is not None:
            gathered.update(missing)
        super().draw(renderer)


def families_for(text: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the font families that have the letters of a text, and letters none has.

    DejaVu Sans is the first family, and the only one if it has all letters.
    """
    usual = usual_font()
    lacking = {x for x in text if _takes_room(x) and not usual.get_char_index(ord(x))}
    return _search_families(frozenset(lacking)) if lacking else ((FAMILY,), frozenset())


@cache
def _search_families(letters: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return families: DejaVu Sans, then each time the one with most other letters."""
    families, missing = [FAMILY], set(letters)
    while missing:
        has = {path: _letters_in(path, missing) for path in _font_files()}
        best = max(has, key=lambda path: len(has[path]), default=None)
        if best is None or not has[best]:
            break
        families.append(_family(best))
        missing -= has[best]
    return tuple(dict.fromkeys(families)), frozenset(missing)


@cache
def _font_files() -> tuple[str, ...]:
    """Return the files of fonts on this computer that can be drawn, plain fonts first.

    Of fonts that have equally many of the missing letters the first is used.
    """
    places = [str(Path(matplotlib.get_data_path(), "fonts", "ttf"))]
    paths = {*font_manager.findSystemFonts(), *font_manager.findSystemFonts(places)}
    fit = [x for x in paths if not any(y in Path(x).name.lower() for y in UNFIT)]
    return tuple(sorted((x for x in fit if _scalable(x)), key=_preference))


def _preference(path: str) -> tuple[bool, bool, bool, str]:
    name = Path(path).stem.lower()
    plain = not any(x in name for x in ("bold", "italic", "oblique", "black", "light"))
    return (not plain, "noto" not in name, "sans" not in name, path)


def _scalable(path: str) -> bool:
    try:
        return bool(FT2Font(path).scalable)
    except (RuntimeError, OSError):
        return False


def _letters_in(path: str, letters: Iterable[str]) -> set[str]:
    font = FT2Font(path)
    return {letter for letter in letters if font.get_char_index(ord(letter))}


def _family(path: str) -> str:
    """Register a font file with matplotlib; return its family."""
    font_manager.fontManager.addfont(path)
    return font_manager.get_font(path).family_name


def _takes_room(letter: str) -> bool:
    """Return whether a letter takes room of its own, unlike marks and controls."""
    return unicodedata.category(letter) not in ("Cc", "Cf", "Mn", "Me")


@contextmanager
def report_missing_letters(language: str) -> Iterator[None]:
    """Log, after drawing, the letters that no font has; each letter only once."""
    missing: set[str] = set()
    token = MISSING.set(missing)
    try:
        yield
    finally:
        MISSING.reset(token)
        with _lock:
            new = sorted(missing - _mentions)
            _mentions.update(new)
    if new:
        LOG.warning(say("figure_no_font", language, letters=_list_letters(new)))


def _list_letters(letters: Iterable[str]) -> str:
    """Return at most `MOST_NAMED` letters with their Unicode numbers."""
    named = [f"{x} (U+{ord(x):04X})" for x in letters]
    return ", ".join(named[:MOST_NAMED] + ["..."] * (len(named) > MOST_NAMED))
