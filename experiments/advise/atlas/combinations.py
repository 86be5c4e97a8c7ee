"""Simulating every combination of some moves over the same worlds.

State k of 2**n has move i where bit i of k is one; state 0 is today.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from experiments.advise.branching import (
    BranchingDesign,
    BranchingResult,
    check_memory,
    live_plans,
)
from experiments.advise.moves import Move, Plan, moves_of
from experiments.errors import InputError
from experiments.files.progress import Progress
from simulation.outcomes import HEADLINES
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers

USUAL = (
    "mandate=decides",
    "channels=multidisciplinary",
    "kpis=whole_funnel",
    "testing=room",
    "leaders_ask=learning",
    "sales_partnership=partners",
    "strategy_shared=makers",
    "strategy_work=joined",
    "boundaries=can_refuse",
    "anchoring=written",
)
"""Moves of an atlas where none is named, as far as they change something."""
MOST_MOVES = 14
ORDERS_LIVED = 16
"""Plans that are lived beside, at most: orders, doing nothing, all at once."""
ROAD = ("change_cost", "dip_depth", "payback_weeks")
"""Outcomes that are of a change, not of a state."""
SIDE = (
    *("fitting_leads", "accepted_share", "brand_consistency", "ownership"),
    *("motivation", "turnover", "decision_weeks", "conversion"),
    *("margin", "cost", *ROAD),
)
KEPT = (*HEADLINES, *SIDE)
"""Outcomes of an atlas."""
TRADED = (*HEADLINES, "cost")
"""Outcomes that are traded off against one another."""


@dataclass(frozen=True)
class Atlas:
    """All combinations of `moves`; `lived` has outcomes (states, worlds, outcomes)."""

    moves: tuple[Move, ...]
    lived: BranchingResult

    @property
    def states(self) -> int:
        """The number of states: 2 to the number of moves."""
        return 1 << len(self.moves)

    def has(self, move: int) -> np.ndarray:
        """Return which states have a move: bool, (states,)."""
        return (np.arange(self.states) >> move) & 1 == 1

    def of(self, outcome: str) -> np.ndarray:
        """Return the values of an outcome, (states, worlds)."""
        return self.lived.of(outcome)

    def moves_in(self, state: int) -> list[Move]:
        """Return the moves of a state."""
        return [move for i, move in enumerate(self.moves) if state >> i & 1]


def usual_moves(organisation: ResolvedScenario) -> tuple[Move, ...]:
    """Return the default moves that change something in an organisation."""
    there = {str(move): move for move in moves_of(organisation)}
    return tuple(there[name] for name in USUAL if name in there)


def check_size(moves: Sequence[Move]) -> None:
    """Raise `InputError` for too few or too many moves."""
    n = len(moves)
    if n < 2:
        raise InputError(f"an atlas combines two moves or more; got {n}")
    if n > MOST_MOVES:
        raise InputError(
            f"{n} moves make {1 << n:,} organisations; at most {MOST_MOVES} moves"
            f" ({1 << MOST_MOVES:,}) are allowed, and ten take minutes. orgsim levers"
            " tells which matter."
        )


def runs_of(moves: int, replicates: int) -> int:
    """Return the most runs that an atlas takes, with the orders simulated after it."""
    return ((1 << moves) + 2 * ORDERS_LIVED) * replicates


def all_plans(moves: Sequence[Move]) -> tuple[Plan, ...]:
    """Return the plan of each state: its moves, all in week 0."""
    return tuple(
        Plan.at_once([move for i, move in enumerate(moves) if state >> i & 1])
        for state in range(1 << len(moves))
    )


@checks_numbers
def combine(
    organisation: ResolvedScenario,
    moves: Sequence[Move] = (),
    replicates: int = 100,
    seed: int = 1,
    folder: Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Atlas:
    """Simulate the atlas of an organisation as it is today.

    By default of its usual moves. Raises `InputError` for too few or too many moves.
    """
    chosen = tuple(moves) or usual_moves(organisation)
    check_size(chosen)
    design = design_of(organisation, chosen, replicates, seed)
    return Atlas(chosen, live_plans(design, folder, workers, progress))


@checks_numbers
def design_of(
    organisation: ResolvedScenario,
    moves: Sequence[Move],
    replicates: int,
    seed: int = 1,
) -> BranchingDesign:
    """Return the design of an atlas; `InputError` if it does not fit in memory."""
    design = BranchingDesign(
        organisation, all_plans(moves), replicates, seed, KEPT, HEADLINES
    )
    check_memory(design)
    return design
