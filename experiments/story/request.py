"""What story is asked for: scenarios, a world, a part of the table; all mistakes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from experiments.errors import InputError, did_you_mean, gather
from experiments.run.runner import to_one_horizon
from experiments.story.events import TOPIC_OF, TOPICS
from experiments.story.picking import MEDIAN, read_world
from simulation.scenario import ResolvedScenario
from simulation.whole_numbers import checks_numbers


@dataclass(frozen=True)
class StoryRequest:
    """What to tell: one scenario or two of one horizon, a world, and a part of it.

    `world` is a number, `median` or `failing`; `replicates` the worlds it is picked
    from and set beside. The table holds events of `kinds` (all if empty), of the seat
    or group `who` (all if empty), of the weeks `first` to `last`.
    """

    scenarios: tuple[ResolvedScenario, ...]
    world: int | str
    replicates: int
    seed: int
    named: bool
    kinds: tuple[str, ...]
    who: str
    first: int
    last: int


@dataclass(frozen=True)
class EventChoice:
    """The events that a table keeps, as a user writes them; by default all."""

    kinds: Sequence[str] = ()
    who: str = ""
    weeks: str | None = None


ALL_EVENTS = EventChoice()


@checks_numbers
def request_of(
    scenarios: Sequence[ResolvedScenario],
    world: str = MEDIAN,
    replicates: int = 100,
    seed: int = 1,
    events: EventChoice = ALL_EVENTS,
    named: bool = False,
) -> StoryRequest:
    """Return the request; raise `InputError` with all mistakes."""
    level = to_one_horizon(scenarios, None)
    problems: list[str] = []
    chosen: int | str = MEDIAN
    span, told = (0, level[0].weeks - 1), tuple[str, ...]()
    real = any(one.people_file or one.network_file for one in level)
    if named and not real:
        problems.append(
            "names: these organisations are head counts, and their seats have no names;"
            " leave --names out"
        )
    with gather(problems):
        chosen = read_world(world, len(level))
    with gather(problems):
        told = read_kinds(events.kinds)
    with gather(problems):
        span = read_span(events.weeks, level[0].weeks)
    if problems:
        raise InputError("\n".join(problems))
    return StoryRequest(
        level, chosen, replicates, seed, named, told, events.who.strip(), *span
    )


def read_kinds(given: Sequence[str]) -> tuple[str, ...]:
    """Return kinds of events from kinds and topics, separated by commas.

    Raises `InputError` for those that there are not, with the nearest.
    """
    words = [x.strip() for text in given for x in text.split(",") if x.strip()]
    known = (*TOPICS, *TOPIC_OF)
    wrong = [x for x in words if x not in known]
    if wrong:
        got = "; ".join(f"{x!r}{did_you_mean(x, known)}" for x in wrong)
        raise InputError(
            f"kind: got {got}; allowed: topics ({', '.join(TOPICS)}) and kinds"
            f" ({', '.join(TOPIC_OF)})"
        )
    found = [kind for x in words for kind in TOPICS.get(x, (x,))]
    return tuple(dict.fromkeys(found))


def read_span(given: str | None, horizon: int) -> tuple[int, int]:
    """Return the first and the last week of `7` or `0-12`; all weeks for None."""
    if given is None:
        return 0, horizon - 1
    parts = re.fullmatch(r"\s*([0-9]{1,4})\s*(?:-\s*([0-9]{1,4})\s*)?", given)
    first, last = (
        (int(x) for x in (parts[1], parts[2] or parts[1])) if parts else (1, 0)
    )
    if not first <= last < horizon:
        raise InputError(
            f"week: got {given!r}; allowed: a week such as 7 or weeks such as 0-12,"
            f" from 0 to {horizon - 1}"
        )
    return first, last
