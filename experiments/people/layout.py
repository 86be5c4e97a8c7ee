"""Lay out everyone in one place for all weeks and scenarios.

Teams are rings around their leader. Teams are packed into departments and departments
into a page, with those that have much contact near each other. The layout is
deterministic. One unit is the distance between two neighbours; y runs downwards.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx
import numpy as np

from experiments.charts.figures import wrapped
from experiments.people import naming
from experiments.people.recorded import Node, Recording
from experiments.statistics.small_groups import LEAST
from simulation.outcomes import LANGUAGES
from simulation.state import DEPARTMENTS

RADIUS = 0.34
"""Of a person; a leader's square has half sides of `SQUARE`."""
SQUARE = 0.36
ASPECT = 1.35
"""Width of a page over its height, as near as packing comes."""
ABREAST, MOST_ABREAST, FEW = 25.0, 36.0, 60
"""Headings' ems that fit across a page of few people; more on one of many."""
LETTER = 0.68
"""Width of a letter in ems, at most on average."""
LINE = 1.25
"""Height of a line in ems."""
LETTERS = 13
"""Letters of a heading in one line."""
MARGIN = 0.25
ALONE = 6
"""Members up to whom a team without a leader in it is one ring."""

ONE_RING = 9
"""Members up to whom one ring goes around a leader."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """The outline of a department (`team` empty) or a team, with a heading if named."""

    department: str
    team: str
    left: float
    top: float
    width: float
    height: float
    named: bool

    def heading(self, language: str = "en") -> str:
        """Return the name of the department or team, in lines; empty if not named."""
        if not self.named:
            return ""
        name = naming.team(self.team, language)
        if not self.team:
            name = naming.department(self.department, language)
        return wrapped(name, LETTERS)


@dataclass(frozen=True)
class Layout:
    """A page with the places of seats and with outlines; `em` is the heading size."""

    width: float
    height: float
    em: float
    at: Mapping[str, Point]
    boxes: tuple[Outline, ...]


@dataclass(frozen=True)
class _Block:
    """A block to pack: its size, and its contents relative to its upper left corner."""

    width: float
    height: float
    at: Mapping[str, Point]
    boxes: tuple[Outline, ...] = ()


def layout(recording: Recording) -> Layout:
    """Return the layout of all seats of all scenarios of a recording."""
    seats: dict[str, Node] = {}
    for one in recording.lived:
        for node in one.nodes:
            seats.setdefault(node.seat, node)
    contact = contact_of(recording)
    em = 0.6
    ems = min(MOST_ABREAST, ABREAST * max(1.0, math.sqrt(len(seats) / FEW)))
    for _ in range(4):
        page = _page(list(seats.values()), contact, em)
        across = max(page.width, page.height * ASPECT)
        em = across / ems
    return page


def contact_of(recording: Recording) -> nx.Graph:
    """Return the contact graph: mean hours a week over all weeks and scenarios."""
    graph = nx.Graph()
    for one in recording.lived:
        names = [node.seat for node in one.nodes]
        graph.add_nodes_from(names)
        for (a, b), hours in zip(one.ties, one.hours.mean(0), strict=True):
            before = graph.get_edge_data(names[a], names[b], {"hours": 0.0})["hours"]
            more = float(hours) / len(recording.lived)
            graph.add_edge(names[a], names[b], hours=before + more)
    return graph


def _page(nodes: Sequence[Node], contact: nx.Graph, em: float) -> Layout:
    order = [*DEPARTMENTS, *dict.fromkeys(node.department for node in nodes)]
    homes: dict[str, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=lambda node: order.index(node.department)):
        homes[node.department].append(node)
    blocks = [_department(members, contact, em) for members in homes.values()]
    whole = _packed(blocks, contact)
    return Layout(whole.width, whole.height, em, whole.at, whole.boxes)


def _department(members: Sequence[Node], contact: nx.Graph, em: float) -> _Block:
    """Return a department: its packed clusters within an outline with its name."""
    clusters = _clusters(members)
    teams = {node.team for node in members} - {""}
    people = {node.seat: node.people for node in members}
    blocks = []
    for (team, _), (leader, others) in sorted(clusters.items()):
        block = _ring(leader, others)
        if len(clusters) > 1 and team:
            named = len(teams) > 1 and sum(people[x] for x in block.at) >= LEAST
            outline = Outline(members[0].department, team, 0, 0, 0, 0, named)
            block = _framed(block, outline, 0.8 * em)
        blocks.append(block)
    name = Outline(members[0].department, "", 0, 0, 0, 0, True)
    return _framed(_packed(blocks, contact), name, em)


def _clusters(
    members: Sequence[Node],
) -> dict[tuple[str, str], tuple[Node | None, list[Node]]]:
    """Return the leader and other members of each cluster, by team and manager.

    A leader is in the middle of a cluster if it is the leader's only cluster in the
    department; other leaders form a cluster of their own.
    """
    teams: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for node in members:
        if not node.leads:
            teams[node.team, node.manager or ""].append(node)
    led: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key in teams:
        led[key[1]].append(key)
    clusters: dict[tuple[str, str], tuple[Node | None, list[Node]]] = {
        key: (None, others) for key, others in teams.items()
    }
    heads = []
    for leader in (node for node in members if node.leads):
        if len(led[leader.seat]) == 1:
            key = led[leader.seat][0]
            clusters[key] = (leader, clusters[key][1])
        else:
            heads.append(leader)
    if heads:
        clusters["", ""] = (
            heads[0],
            [*clusters.get(("", ""), (None, []))[1], *heads[1:]],
        )
    return clusters


def _ring(leader: Node | None, others: Sequence[Node]) -> _Block:
    """Return a block of people in rings, around the leader if there is one."""
    seats = [node.seat for node in ([leader] if leader else []) + list(others)]
    if leader is None and 1 < len(seats) <= ALONE:
        places = _circle(_radius(len(seats)), len(seats), 0.0)
    else:
        places = [(0.0, 0.0), *_rings(len(seats) - 1)]
    reach = 0.5 + MARGIN / 2
    left = min(x for x, _ in places) - reach
    top = min(y for _, y in places) - reach
    width = max(x for x, _ in places) + reach - left
    height = max(y for _, y in places) + reach - top
    at = {seat: (x - left, y - top) for seat, (x, y) in zip(seats, places, strict=True)}
    return _Block(width, height, at)


def _radius(count: int) -> float:
    """Return the radius of a ring of `count` places that are one unit apart."""
    return 0.5 / math.sin(math.pi / count)


def _rings(count: int) -> list[Point]:
    """Return places around a centre: one ring, or several filled from the inside."""
    if 0 < count <= ONE_RING:
        return _circle(max(1.0, _radius(max(2, count))), count, 0.5)
    places: list[Point] = []
    ring = 1
    while len(places) < count:
        here = min(6 * ring, count - len(places))
        places += _circle(float(ring), here, 0.5 * ring)
        ring += 1
    return places


def _circle(radius: float, count: int, turn: float) -> list[Point]:
    angles = [turn + math.tau * k / count for k in range(count)]
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in angles]


def _framed(block: _Block, outline: Outline, em: float) -> _Block:
    """Return a block within an outline, below the heading if it has one."""
    lines = [outline.heading(language).split("\n") for language in LANGUAGES]
    letters = max(len(line) for text in lines for line in text)
    rows = max(len(text) for text in lines) if outline.named else 0
    width = max(block.width, letters * LETTER * em) + MARGIN
    top = rows * LINE * em
    height = block.height + top + MARGIN
    moved = _moved(block, (width - block.width) / 2, top + MARGIN / 2)
    box = replace(outline, width=width, height=height)
    return _Block(width, height, moved.at, (box, *moved.boxes))


def _moved(block: _Block, x: float, y: float) -> _Block:
    at = {seat: (x + a, y + b) for seat, (a, b) in block.at.items()}
    boxes = tuple(replace(b, left=b.left + x, top=b.top + y) for b in block.boxes)
    return replace(block, at=at, boxes=boxes)


def _packed(blocks: Sequence[_Block], contact: nx.Graph) -> _Block:
    """Return blocks packed on a page that is small and of the right shape.

    Blocks are placed largest first. Among places that keep the page equally small, a
    block takes the one nearest to the blocks with which it has contact.
    """
    pull = _pull(blocks, contact)
    sizes = np.array([(b.width + MARGIN, b.height + MARGIN) for b in blocks])
    order = sorted(range(len(blocks)), key=lambda k: (-sizes[k].prod(), k))
    corners = np.zeros((len(blocks), 2))
    for n, k in enumerate(order[1:], 1):
        corners[k] = _place(sizes[k], corners, sizes, order[:n], pull[k])
    corners -= corners.min(0)
    placed = [_moved(b, *corners[k]) for k, b in enumerate(blocks)]
    width, height = (corners + sizes).max(0) - MARGIN
    at = {seat: point for block in placed for seat, point in block.at.items()}
    boxes = tuple(box for block in placed for box in block.boxes)
    return _Block(float(width), float(height), at, boxes)


def _pull(blocks: Sequence[_Block], contact: nx.Graph) -> np.ndarray:
    """Return the contact hours between blocks, (n, n)."""
    of = {seat: k for k, block in enumerate(blocks) for seat in block.at}
    pull = np.zeros((len(blocks), len(blocks)))
    for a, b, hours in contact.edges(data="hours"):
        if a in of and b in of:
            pull[of[a], of[b]] += hours
            pull[of[b], of[a]] += hours
    return pull


def _place(
    size: np.ndarray,
    corners: np.ndarray,
    sizes: np.ndarray,
    placed: Sequence[int],
    pull: np.ndarray,
) -> np.ndarray:
    """Return the upper left corner of a block beside the blocks already placed."""
    low, high = corners[placed], corners[placed] + sizes[placed]
    middle = (low + high - size) / 2
    sides = np.concatenate([low, high, low - size, high - size, middle])
    tried = np.stack(np.meshgrid(sides[:, 0], sides[:, 1]), -1).reshape(-1, 2)
    ends = tried + size
    apart = (tried[:, None] >= high - 1e-9) | (ends[:, None] <= low + 1e-9)
    free = tried[apart.any(2).all(1)]
    span = np.maximum(high.max(0), free + size) - np.minimum(low.min(0), free)
    extent = np.maximum(span[:, 0] / ASPECT, span[:, 1])
    away = np.linalg.norm((free + size / 2)[:, None] - (low + high) / 2, axis=2)
    near = away @ (pull[placed] + 1e-3)
    keys = np.round(np.stack([free[:, 0], free[:, 1], near, extent]), 6)
    return free[np.lexsort(keys)[0]]
