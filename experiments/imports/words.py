"""The words of imports, in English and Dutch, and what goes wrong, in those words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from experiments.errors import InputError
from experiments.words.numerals import read_words, written
from simulation.graph_drafts import in_lines
from simulation.scenario_errors import escaped
from simulation.text_files import MOST_COMPARED, nearest, quoted

MOST_TOLD = 100
"""Most problems that are told; the others are counted."""


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Return the tables of words: key -> language -> text."""
    folder = Path(__file__).parent
    return read_words(folder / "words.toml", folder / "weekly/words.toml")


def said(key: str, language: str, **values: Any) -> str:
    """Return the text stored under `key`; whole numbers as the language writes them."""
    return words()[key][language].format(**written(values, language))


def in_rows(lines: Iterable[int], language: str) -> str:
    """Return in which lines something stands, as the end of a note.

    >>> in_rows([3, 4, 9], "nl")
    ' (regels 3-4, 9)'
    """
    many = sorted(set(lines))
    key = "line" if len(many) == 1 else "lines"
    return in_lines(many).replace("lines", said(key, language))


class ImportProblem(InputError):
    """Files cannot be imported; one line of text for each problem, in one language."""


@dataclass
class Troubles:
    """Problems of an import, which are told all at once, in the order of lines."""

    language: str
    problems: list[tuple[str, int, str]] = field(default_factory=list)
    compared: int = 0

    def add(
        self,
        file: str,
        line: int,
        key: str,
        received: str = "",
        known: Iterable[str] = (),
        **values: Any,
    ) -> None:
        """Add a problem: where, what (a key of words), what was received, the nearest.

        `line` 0 stands for the whole file.
        """
        text = f"{file}{f':{line}' if line else ''}: "
        text += said(key, self.language, received=quoted(received), **values)
        names = list(known)
        self.compared += len(names)
        if received and self.compared <= MOST_COMPARED:
            if close := nearest(received, names):
                text += said("nearest", self.language, near=quoted(close))
        self.problems.append((file, line, escaped(text)))

    def add_texts(self, file: str, texts: Iterable[tuple[int, str]]) -> None:
        """Add problems of a file that are texts already, each with its line."""
        self.problems += [(file, line, text) for line, text in texts]

    @property
    def texts(self) -> list[str]:
        """The problems in the order of lines; beyond a hundred their number."""
        texts = [text for _, _, text in sorted(self.problems, key=lambda x: x[:2])]
        more = len(texts) - MOST_TOLD
        rest = [said("more", self.language, n=more)] if more > 0 else []
        return texts[:MOST_TOLD] + rest

    def check(self) -> None:
        """Raise `ImportProblem` with all problems, if there are any."""
        if self.problems:
            raise ImportProblem("\n".join(self.texts))
