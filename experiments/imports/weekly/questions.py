"""What is asked about weekly data, and what was guessed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.imports.mapping import ImportMapping, Key, OpenPoint


@dataclass
class Questions:
    """Answers of a mapping, and the points that it leaves open, by their place."""

    mapping: ImportMapping
    points: dict[Key, OpenPoint] = field(default_factory=dict)
    guesses: dict[Key, str] = field(default_factory=dict)

    def answer(
        self,
        key: Key,
        suggestion: str,
        allowed: Sequence[str] = (),
        lines: Sequence[int] = (),
        ends: tuple[float, float] = (0.0, 0.0),
    ) -> Any:
        """Return what the mapping says at a place; if nothing, ask, and return None.

        The answer is one of `allowed`, or else a number between `ends`.
        """
        said = self.mapping.get(*key)
        if said is None and key not in self.points:
            point = OpenPoint(key, suggestion, tuple(allowed), tuple(lines), *ends)
            self.points[key] = point
        return said

    def meaning(
        self, key: Key, guess: str | None, allowed: Sequence[str], lines: Sequence[int]
    ) -> str | None:
        """Return what a text means: as the mapping says, or as guessed; else ask."""
        said = self.mapping.get(*key)
        if said is None and guess is not None:
            self.guesses[key] = guess
            return guess
        return said or self.answer(key, allowed[-1], allowed, lines)
