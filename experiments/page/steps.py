"""Rank the effect of each single lever move from the as-is, in the background.

The numbers are those of `orgsim levers` for the as-is, the seed and the same number of
worlds. They are updated after more and more worlds, and only while no run waits for its
first answer.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from experiments.advise.levers import RANKED, Ranking, rank
from experiments.advise.moves import Move, lever_words, today
from experiments.errors import is_wrong_input
from experiments.files.progress import Progress
from experiments.page.runs import WATCHED_SECONDS, Workers
from simulation.outcomes import LANGUAGES
from simulation.scenario import ResolvedScenario

WORLDS = (10, 20, 40)
"""Worlds after which the ranking is told."""
FIRST = 20
"""Worlds that runs have before steps are ranked."""
MOST_KEPT = 64
"""Rankings that are kept: one for each session that can be there."""
LONGEST_REST = 0.05


class RankingAbandoned(Exception):
    """Nobody waits for the ranking any more."""


@dataclass(eq=False)
class MoveRanking:
    """A ranking of moves from an as-is; `tellings` are results by number of worlds."""

    as_is: ResolvedScenario
    seed: int
    folder: Path
    tellings: dict[int, dict[str, Any]] = field(default_factory=dict)
    trouble: str = ""
    over: bool = False
    seen: float = field(default_factory=time.monotonic)

    @property
    def told(self) -> dict[str, Any] | None:
        """The results of most worlds, or None before the first."""
        known = list(self.tellings)
        return self.tellings[max(known)] if known else None

    @property
    def wanted(self) -> bool:
        """Whether the ranking should go on."""
        watched = time.monotonic() - self.seen < WATCHED_SECONDS
        return watched and not self.over and not self.trouble


class _Patient(Progress):
    """Progress that waits while runs are more urgent, and ends unwanted rankings."""

    def __init__(self, steps: MoveRanking, workers: Workers) -> None:
        super().__init__("", quiet=True)
        self.steps, self.workers = steps, workers

    def __call__(self, done: int, total: int) -> None:
        while not self.workers.closed and self.steps.wanted:
            if not self.workers.busy(FIRST):
                return
            time.sleep(LONGEST_REST)
        raise RankingAbandoned


class Ranker:
    """One thread that ranks steps, those requested last first."""

    def __init__(self, workers: Workers) -> None:
        self.workers = workers
        self.known: OrderedDict[str, MoveRanking] = OrderedDict()
        self.change = threading.Condition()
        self.thread = threading.Thread(target=self._work, name="steps", daemon=True)
        self.thread.start()

    def steps_of(
        self, key: str, as_is: ResolvedScenario, seed: int, folder: Path
    ) -> MoveRanking:
        """Return the ranking of an as-is; start it if it is not known."""
        with self.change:
            steps = self.known.get(key)
            if steps is None:
                steps = self.known[key] = MoveRanking(as_is, seed, folder)
            steps.seen = time.monotonic()
            self.known.move_to_end(key)
            while len(self.known) > MOST_KEPT:
                self.known.popitem(last=False)
            self.change.notify_all()
            return steps

    def retry(self, key: str) -> None:
        """Forget a failed ranking of an as-is, so that it is tried again."""
        with self.change:
            if key in self.known and self.known[key].trouble:
                del self.known[key]

    def close(self) -> None:
        """Wait up to a second for the thread, which ends when the workers do."""
        with self.change:
            self.change.notify_all()
        self.thread.join(1.0)

    def _work(self) -> None:
        while not self.workers.closed:
            with self.change:
                waiting = [x for x in reversed(self.known.values()) if x.wanted]
                if not waiting:
                    self.change.wait(0.5)
                    continue
            self._rank(waiting[0])

    def _rank(self, steps: MoveRanking) -> None:
        """Rank steps over more and more worlds; simulated worlds are cached."""
        patience = _Patient(steps, self.workers)
        try:
            organisation = today(steps.as_is)
            for worlds in WORLDS:
                if worlds in steps.tellings:
                    continue
                found = rank(
                    organisation,
                    replicates=worlds,
                    sets=0,
                    seed=steps.seed,
                    folder=steps.folder,
                    workers=1,
                    progress=patience,
                )
                steps.tellings[worlds] = told_of(found, worlds)
            steps.over = True
        except RankingAbandoned:
            return
        except Exception as error:
            known = is_wrong_input(error)
            steps.trouble = str(error) if known else f"{type(error).__name__}: {error}"


def told_of(found: Ranking, worlds: int) -> dict[str, Any]:
    """Return a ranking as plain JSON values.

    For each move and ranked outcome: the mean and the half-width of its interval, which
    holds jointly over all moves, and its tier of moves that cannot be distinguished.
    """
    effects = {name: found.effects(name) for name in RANKED}
    tiers = {name: _tier_of(found.tiers(name)) for name in RANKED}
    moves = [plan.moves[0][1] for plan in found.plans[1:]]
    return {
        "worlds": worlds,
        "asked": WORLDS[-1],
        "ranked": list(RANKED),
        "moves": [
            {
                "lever": move.lever,
                "setting": move.setting,
                "words": {x: move.words(x) for x in LANGUAGES},
                "name": {x: _name(move, x) for x in LANGUAGES},
                "effects": {
                    name: [effects[name][k].estimate, effects[name][k].half_width]
                    for name in RANKED
                },
                "tier": {name: tiers[name].get(k + 1, 0) for name in RANKED},
            }
            for k, move in enumerate(moves)
        ],
    }


def _name(move: Move, language: str) -> str:
    return lever_words()[move.lever]["name"][language]


def _tier_of(tiers: list[tuple[int, ...]]) -> dict[int, int]:
    return {plan: k for k, group in enumerate(tiers) for plan in group}
