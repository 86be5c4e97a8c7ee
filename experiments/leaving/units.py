"""Whose leaving is asked for, and under which names it is told.

Seats of a real organisation (a table of people or one's own graph) are told in groups
of five or more, the same as everywhere, unless names are asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from experiments.errors import InputError
from experiments.leaving.words import said
from experiments.people import naming
from experiments.people.privacy import LEAST, Group, groups_of
from experiments.people.recorded import Node, Recording
from simulation.founding import Founder
from simulation.measures import LAST_WEEKS
from simulation.outcomes import OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.scenario_errors import ScenarioError
from simulation.scenario_unknown import founder_of
from simulation.scenario_values import Leaver

ALL = "all"
OF_CHANGES = ("dip", "payback", "half_life_change")
"""Summaries that compare what was before a change of the organisation with it."""
MOST_SEATS = 100
"""Seats that are asked for at most where all are: those who bridge most."""


@dataclass(frozen=True)
class Unit:
    """What is told by itself: a seat, or a group of seats of which somebody leaves.

    `seats` are indices of seats; `node` says what a seat is called, `group` a group.
    """

    seats: tuple[int, ...]
    node: Node | None = None
    group: Group | None = None
    named: bool = False

    def title(self, language: str) -> str:
        """Return what the unit is called."""
        if self.node is None:
            return naming.group(self.group or Group("all"), language)
        shown = Recording((), 0, 0, named=self.named)
        return naming.seat(self.node, shown, language)

    @property
    def code(self) -> str:
        """What the unit is called in files of numbers."""
        if self.node is not None:
            return self.node.seat
        group = self.group or Group("all")
        return "/".join(x for x in (group.department, group.team) if x)


def check_week(organisation: ResolvedScenario, week: int) -> None:
    """Raise `InputError` unless half a year follows a week."""
    last = organisation.weeks - LAST_WEEKS
    if not 0 <= week <= last:
        ask = f"0 to {last}" if last >= 0 else "nothing"
        raise InputError(
            f"--week: got {week}; allowed {ask}, as {organisation.weeks} weeks are"
            f" lived and {LAST_WEEKS} must follow (--weeks lives more)"
        )


def check_outcomes(names: Sequence[str]) -> None:
    """Raise `InputError` for outcomes of a dated change, which leaving lacks."""
    wrong = [x for x in names if OUTCOMES[x].summary in OF_CHANGES]
    if wrong:
        raise InputError(
            f"--outcomes: got {', '.join(wrong)}, which tell what a change brings;"
            " leave them out"
        )


def units_of(
    organisation: ResolvedScenario, who: Sequence[str], named: bool
) -> tuple[Unit, ...]:
    """Return the seats or groups that are meant; `who` holds names, or `all`.

    Raises `InputError` for who is not there, for a single seat of a real organisation
    unless names are to be shown, and for one with too few people for a group.
    """
    founder = founder_of(organisation)
    real = bool(organisation.people_file or organisation.network_file)
    every = list(who) in ([], [ALL])
    if named and not real:
        raise InputError(
            "--names: this organisation is head counts, and its seats have no names;"
            " leave --names out"
        )
    if real and not named and not every:
        raise InputError(
            f"--who: got {', '.join(who)}; without --names people of a real"
            f" organisation are shown in groups of {LEAST} or more: leave --who out"
        )
    seats = founder.bridging[:MOST_SEATS] if every else _named(founder, who)
    nodes = [Node(x.name, x.role, x.department, x.team) for x in founder.chart.seats]
    if not real or named:
        return tuple(Unit((i,), nodes[i], named=named) for i in seats)
    return _groups(nodes, seats)


def _named(founder: Founder, who: Sequence[str]) -> list[int]:
    """Return the seats that names, roles or `bridge` mean."""
    leavers = tuple(Leaver(week, one) for week, one in enumerate(who))
    scenario = replace(founder.scenario, leavers=leavers, scenario=None)
    try:
        seats: list[int] = founder.leaving(scenario)["leave_seats"].tolist()
    except ScenarioError as error:
        problems = (replace(x, key="--who", source="") for x in error.problems)
        raise InputError("\n".join(map(str, problems))) from error
    twice = [one for k, one in enumerate(who) if seats[k] in seats[:k]]
    if twice:
        raise InputError(f"--who: got {', '.join(twice)}, a seat that is meant already")
    return seats


def _groups(nodes: Sequence[Node], seats: Sequence[int]) -> tuple[Unit, ...]:
    """Return the groups of a real organisation, each with those of its seats asked."""
    groups = groups_of(nodes)
    if None in groups:
        raise InputError(
            f"there are {len(nodes)} people; fewer than {LEAST} are not shown apart"
        )
    members: dict[Group, list[int]] = {}
    for i in seats:
        members.setdefault(groups[i] or Group("all"), []).append(i)
    return tuple(
        Unit(tuple(own), group=group)
        for group, own in sorted(members.items())
        if len(own) >= LEAST
    )


def bridge_of(organisation: ResolvedScenario, units: Sequence[Unit]) -> list[int]:
    """Return the unit that is the seat that bridges most, if there is one."""
    first = (founder_of(organisation).bridging[0],)
    return [k for k, unit in enumerate(units) if unit.seats == first and unit.node]


def notes_of(
    organisation: ResolvedScenario, units: Sequence[Unit], language: str
) -> list[str]:
    """Return sentences on whose leaving is not told."""
    notes = []
    every = len(founder_of(organisation).chart.seats)
    if sum(len(unit.seats) for unit in units) == MOST_SEATS < every:
        numbers = {"all": every, "seats": MOST_SEATS}
        notes.append(said("method_most", language, **numbers))
    if organisation.leavers:
        notes.append(said("method_own", language))
    return notes
