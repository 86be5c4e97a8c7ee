"""Replace people by groups of five or more: means, sums and contact between groups."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.people.privacy import PERSONAL, Group, groups_of
from experiments.people.recorded import Node, Recording, WorldRecording
from experiments.statistics.small_groups import LEAST
from simulation.state import ON_LEAVE, VACANT, WORKING

MOST_PEOPLE = 300
"""People above whom groups are drawn instead of people."""


def drawable(recording: Recording) -> Recording:
    """Return a recording that may be drawn and written person by person.

    Groups replace people if there are more than `MOST_PEOPLE`. For pseudonymous people
    of real organisations, personal values are the means of their group, and people on
    leave look like empty seats. Calling this again changes nothing.
    """
    if max(len(one.nodes) for one in recording.lived) > MOST_PEOPLE:
        lived = tuple(_grouped(one) for one in recording.lived)
        return replace(recording, lived=lived, grouped=True)
    if recording.pseudonymous:
        return replace(recording, lived=tuple(map(_by_group, recording.lived)))
    return recording


def _by_group(world: WorldRecording) -> WorldRecording:
    """Return a recording of one scenario with group means for personal values."""
    of = groups_of(world.nodes)
    groups = list(dict.fromkeys(of))
    at = [groups.index(group) for group in of]
    member = np.array([[float(group == x) for x in groups] for group in of])
    away = world.status == ON_LEAVE
    values = {name: np.where(away, np.nan, x) for name, x in world.values.items()}
    for name in PERSONAL:
        mean = means(values[name], member)[:, at]
        values[name] = np.where(np.isfinite(values[name]), mean, np.nan)
    return replace(world, values=values, status=np.where(away, VACANT, world.status))


def _grouped(world: WorldRecording) -> WorldRecording:
    """Return a recording of one scenario by group: means of values, sums of others."""
    of = groups_of(world.nodes)
    groups = list(dict.fromkeys(group for group in of if group is not None))
    at = np.array([groups.index(group) for group in of if group is not None])
    member = np.zeros((len(world.nodes), len(groups)))
    member[np.arange(len(at)), at] = 1.0
    ties, hours = _between(world, at, len(groups))
    return replace(
        world,
        nodes=tuple(_node(group, k, at) for k, group in enumerate(groups)),
        values={name: means(world.values[name], member) for name in world.values},
        status=np.full((len(world.status), len(groups)), WORKING),
        desk=(world.desk @ member).astype(np.int64),
        employed=np.ones((len(world.status), len(groups)), bool),
        ties=ties,
        hours=hours,
    )


def _node(group: Group, k: int, at: np.ndarray) -> Node:
    name = "-".join(part for part in group if part)
    people = int((at == k).sum())
    return Node(name, "group", group.department, group.team, people=people)


def means(values: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Return the group means (W + 1, groups) of people's values (W + 1, n).

    `member` (n, groups) is 1 for members of a group. The mean is nan if fewer than five
    members have a value.
    """
    there = np.isfinite(values)
    count = there @ member
    total = np.where(there, values, 0.0) @ member
    none = np.full(total.shape, np.nan)
    return np.divide(total, count, none, where=count >= LEAST)


def _between(
    world: WorldRecording, at: np.ndarray, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of groups (E, 2) and their people's weekly contact (W + 1, E)."""
    ends = np.sort(at[world.ties], axis=1)
    apart = ends[:, 0] != ends[:, 1]
    keys = ends[:, 0] * size + ends[:, 1]
    kept, number = np.unique(keys[apart], return_inverse=True)
    hours = np.zeros((len(world.hours), len(kept)))
    np.add.at(hours.T, number, world.hours[:, apart].T)
    return np.stack(np.divmod(kept, size), 1).reshape(-1, 2), hours


def group_table(recording: Recording, weeks: Sequence[int]) -> pd.DataFrame:
    """Return a row of values for each scenario, week and group of five or more.

    `recording` must be of people, not of groups.
    """
    parts = []
    for one in recording.lived:
        of = groups_of(one.nodes)
        for group in dict.fromkeys(group for group in of if group is not None):
            member = np.array([[float(group == x)] for x in of])
            columns = {name: means(one.values[name], member) for name in one.values}
            parts += [
                {
                    "scenario": one.scenario.name,
                    "week": week,
                    "department": group.department,
                    "team": group.team,
                    "seats": int(member.sum()),
                    **{name: value[week, 0] for name, value in columns.items()},
                    "proposals_waiting": int(one.desk[week] @ member[:, 0]),
                }
                for week in weeks
            ]
    return pd.DataFrame(parts)
