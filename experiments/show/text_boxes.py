"""Measure the room that text takes, so that nothing overflows its box.

Text is measured in DejaVu Sans, which comes with matplotlib and is wider than the fonts
of most slides: text that fits in it also fits in those.
"""

from collections.abc import Iterable, Sequence

from experiments.charts.fonts import advance

LINE = 1.2
"""Height of a line in sizes of its font."""
MORE = "…"
SPARE = 0.1
"""Inches beside the longest word of a column, as programs measure not quite alike."""
_POINTS = 72.0


def width(text: str, size: float, bold: bool = False) -> float:
    """Return the width in inches of text on one line, `size` in points."""
    return sum(advance(letter, bold) for letter in text) * size / _POINTS


def wrapped(text: str, size: float, inches: float, bold: bool = False) -> list[str]:
    """Return the lines of text, none wider than `inches`; long words are broken."""
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
    """Return text cut to at most `lines` lines, with an ellipsis at its end.

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


def cut_inside(
    text: str, size: float, inches: float, lines: int, bold: bool = False
) -> str:
    """Return text cut to at most `lines` lines, with an ellipsis in its middle.

    >>> cut_inside("Deciding alone, work assigned", 14, 1.8, 1)
    'Decidin…ssigned'
    """
    kept, shown = len(text) // 2, text
    while kept and len(wrapped(shown, size, inches, bold)) > lines:
        kept -= 1
        shown = text[:kept].rstrip() + MORE + text[len(text) - kept :].lstrip()
    return shown


def cut_apart(
    texts: Sequence[str],
    size: float,
    inches: Sequence[float],
    lines: int,
    bold: bool = False,
) -> list[str]:
    """Return texts cut to at most `lines` lines of `inches`, all still distinct.

    They are cut at their ends or, if two would be equal, in their middles or, if that
    is not enough, numbered.

    >>> cut_apart(["Deciding alone", "Deciding together"], 14, [1.5, 1.5], 1)
    ['Deciding alone', 'Deciding…']
    >>> cut_apart(["Deciding by oneself", "Deciding by a group"], 14, [1.5, 1.5], 1)
    ['Decidi…neself', 'Decidi…group']
    >>> cut_apart(["Deciding now, with all", "Deciding then, with all"], 14, [1, 1], 1)
    ['1. D…all', '2. D…all']
    """
    for way in (cut, cut_inside):
        shown = [way(*x, lines, bold) for x in _sized(texts, size, inches)]
        if len(set(shown)) == len(set(texts)):
            return shown
    numbered = [f"{k}. {text}" for k, text in enumerate(texts, 1)]
    return [cut_inside(*x, lines, bold) for x in _sized(numbered, size, inches)]


def _sized(
    texts: Sequence[str], size: float, inches: Sequence[float]
) -> list[tuple[str, float, float]]:
    return [(text, size, wide) for text, wide in zip(texts, inches, strict=True)]


def height(
    texts: Iterable[str],
    size: float,
    inches: float,
    gap: float = 0,
    bold: bool = False,
) -> float:
    """Return the height in inches of paragraphs with `gap` points between them."""
    counts = [len(wrapped(text, size, inches, bold)) for text in texts]
    points = sum(counts) * LINE * size + gap * max(len(counts) - 1, 0)
    return points / _POINTS


def columns_together(
    rows: Sequence[Sequence[str]], size: float, inches: float, margin: float
) -> list[list[int]]:
    """Return the columns of a table in as few groups as fit a width of `inches`.

    Each group has the first column. A group fits if it breaks no words, except those
    that take more than a third of `inches`.
    """
    count = len(rows[0])
    leasts = _leasts(rows, size, inches, margin)
    for groups in range(1, count):
        most = -(-(count - 1) // groups)
        shared = [[0, *range(k, min(k + most, count))] for k in range(1, count, most)]
        if all(sum(leasts[k] for k in group) <= inches for group in shared):
            return shared
    return [[0]]


def column_widths(
    rows: Sequence[Sequence[str]], size: float, inches: float, margin: float
) -> list[float]:
    """Return widths in inches of columns that together fill `inches`.

    Each is at least as wide as its longest word, within the limit of
    `columns_together`. Columns whose texts are narrower than their share get what they
    need; columns with wide texts share the rest.
    """
    widths = _leasts(rows, size, inches, margin)
    _, *others = rows
    needs = [
        max([2 * margin + width(row[k], size) for row in others], default=0.0)
        for k in range(len(widths))
    ]
    wants = [max(x - y, 0.0) for x, y in zip(needs, widths, strict=True)]
    left = inches - sum(widths)
    order = sorted(range(len(widths)), key=wants.__getitem__)
    for k, column in enumerate(order):
        more = min(wants[column], left / (len(order) - k))
        widths[column] += more
        left -= more
    return [one + left / len(widths) for one in widths]


def _leasts(
    rows: Sequence[Sequence[str]], size: float, inches: float, margin: float
) -> list[float]:
    """Return the width of each column's longest word, at most a third of `inches`."""
    return [
        min(
            inches / 3,
            2 * margin
            + SPARE
            + max(
                width(word, size, bold=k == 0)
                for k, row in enumerate(rows)
                for word in row[column].split() or [""]
            ),
        )
        for column in range(len(rows[0]))
    ]
