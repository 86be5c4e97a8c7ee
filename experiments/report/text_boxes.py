"""How much room text takes, so that nothing runs out of its box.

Measured in DejaVu Sans, which comes with matplotlib and is wider than the fonts of most
slides: what fits in it fits in those.
"""

from collections.abc import Iterable, Sequence
from functools import cache

from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags

LINE = 1.2
"""Height of a line in sizes of its font."""
MORE = "…"
_POINTS = 72.0
_FIXED = 65536.0


def plain(text: str) -> str:
    """Return text on one line, without characters that files of Office refuse.

    >>> plain("two\\nlines\\x0b\\x00 ")
    'two lines'
    """
    shown = "".join(x if x.isprintable() else " " for x in text)
    return " ".join(shown.split())


@cache
def _font(bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    font = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    font.set_size(100, 72)
    return font


@cache
def _advance(letter: str, bold: bool) -> float:
    """Return the width of a letter in sizes of its font."""
    glyph = _font(bold).load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return glyph.linearHoriAdvance / _FIXED / 100


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in inches of text on one line, `size` in points."""
    return sum(_advance(letter, bold) for letter in text) * size / _POINTS


def wrapped(text: str, size: float, inches: float, bold: bool = False) -> list[str]:
    """Return text in lines that are no wider than `inches`; long words are broken."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".lstrip()
        if width(longer, size, bold) <= inches:
            lines[-1] = longer
            continue
        pieces = _broken(word, size, inches, bold)
        lines += pieces if lines[-1] else []
        lines = lines if lines[-1] else pieces
    return lines


def _broken(word: str, size: float, inches: float, bold: bool) -> list[str]:
    pieces = [""]
    for letter in word:
        if pieces[-1] and width(pieces[-1] + letter, size, bold) > inches:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def cut(text: str, size: float, inches: float, lines: int, bold: bool = False) -> str:
    """Return text in at most so many lines, an ellipsis for what does not fit.

    >>> cut("a b", 14, 5, 1), cut("owning the work", 14, 1, 1)
    ('a b', 'owning…')
    """
    found = wrapped(text, size, inches, bold)
    if len(found) <= lines:
        return text
    kept = " ".join(found[:lines])
    while kept and len(wrapped(kept + MORE, size, inches, bold)) > lines:
        kept = kept[:-1].rstrip()
    return kept + MORE


def height(
    texts: Iterable[str],
    size: float,
    inches: float,
    gap: float = 0,
    bold: bool = False,
) -> float:
    """Return the height in inches of paragraphs, `gap` points between them."""
    counts = [len(wrapped(text, size, inches, bold)) for text in texts]
    points = sum(counts) * LINE * size + gap * max(len(counts) - 1, 0)
    return points / _POINTS


def pages(
    texts: Iterable[str], size: float, inches: float, high: float, gap: float
) -> list[tuple[str, ...]]:
    """Return paragraphs shared out over boxes of `inches` by `high`.

    A paragraph that no box holds is cut into pieces that do.
    """
    most = max(int(high * _POINTS / (LINE * size)), 1)
    found: list[list[str]] = [[]]
    for text in texts:
        lines = wrapped(text, size, inches)
        for start in range(0, len(lines), most):
            piece = " ".join(lines[start : start + most])
            if found[-1] and height([*found[-1], piece], size, inches, gap) > high:
                found.append([])
            found[-1].append(piece)
    return [tuple(page) for page in found if page]


def column_widths(
    rows: Sequence[Sequence[str]], size: float, inches: float, margin: float
) -> list[float]:
    """Return widths in inches of columns that fill `inches`, wide texts sharing.

    Columns whose texts are narrower than an equal share keep what they need; of heads,
    in the first row, no more than the longest word counts.
    """
    head, *others = rows
    needs = [
        2 * margin
        + max(
            max((width(word, size, bold=True) for word in name.split()), default=0.0),
            max((width(row[column], size) for row in others), default=0.0),
        )
        for column, name in enumerate(head)
    ]
    found = dict.fromkeys(range(len(needs)), 0.0)
    left, open_columns = inches, sorted(found, key=needs.__getitem__)
    while open_columns:
        share = left / len(open_columns)
        column = open_columns.pop(0)
        found[column] = min(needs[column], share)
        left -= found[column]
    return [one + left / len(needs) for one in found.values()]
