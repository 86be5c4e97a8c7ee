"""Patterns that need worlds of their own: marketing stopped, holidays, graphs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import networkx as nx
import numpy as np

from experiments.evidence.people import lives
from simulation.scenario import Resolved, read, vary
from simulation.scenario_values import Stage, Values
from simulation.whole_numbers import checks_numbers

CALM_WEEK, CALM_WEEKS = 26, 2
"""When people have a holiday, and for how long."""
AROUND_A_YEAR = slice(39, 65)
"""Weeks over which deals a year after the stop are counted."""
STOPPED = {"budget_level": 0.0, "budget_reaction": 0.0}
DEPARTMENT = 56
"""Marketeers of the department whose graph is looked at, with leaders about 60."""


def stopped(scenario: Resolved) -> Resolved:
    """Return an organisation that stops spending on marketing in week 0."""
    now = scenario.stages[-1]
    structure = Values({**now.structure, **STOPPED})
    stage = Stage(0, structure, now.sources, now.levers)
    return replace(scenario, stages=(scenario.stages[0], stage))


@checks_numbers
def marketing_stopped(
    organisations: Sequence[Resolved], seed: int = 1, workers: int | None = None
) -> float:
    """Return deals about a year after marketing stopped, over those without a stop."""
    both = [*organisations, *(stopped(one) for one in organisations)]
    size = len(organisations)
    deals = np.zeros(2 * size)
    for start in (0, size):  # the same replicates: each pair lives in one world
        part = both[start : start + size]
        for k, one in lives(part, seed, fields=("status",), workers=workers):
            weeks = one.series[AROUND_A_YEAR]
            won = weeks["leads_won"] + weeks["inbound_won"]
            deals[start + k] = won.sum()
    return float(deals[size:].sum() / deals[:size].sum())


@checks_numbers
def department_graph(seed: int, replicate: int = 0) -> nx.Graph:
    """Return who meets whom within one marketing department of about 60 people.

    Nodes have their `team`, edges their `hours` of contact a week.
    """
    from simulation.founding import Founder
    from simulation.state import DEPARTMENTS

    scenario = vary(read("baseline"), organisation={"marketeers": DEPARTMENT})
    state = Founder(scenario).found(seed, replicate)
    inside = np.flatnonzero(state.people.department == DEPARTMENTS.index("marketing"))
    graph = nx.Graph()
    graph.add_nodes_from((int(i), {"team": int(state.people.team[i])}) for i in inside)
    for a, b, h in zip(state.ties.a, state.ties.b, state.hours[0], strict=True):
        if h > 0 and a in graph and b in graph:
            graph.add_edge(int(a), int(b), hours=float(h))
    return graph


def graph_statistics(graph: nx.Graph) -> Mapping[str, float]:
    """Return density within over between teams, the E-I index, and modularity.

    E-I (Krackhardt & Stern 1988): ties between teams minus ties within, over all.
    Modularity (Newman & Girvan 2004) is that of the teams.
    """
    teams = nx.get_node_attributes(graph, "team")
    groups = [{i for i in graph if teams[i] == team} for team in set(teams.values())]
    within = sum(teams[a] == teams[b] for a, b in graph.edges)
    between = graph.number_of_edges() - within
    pairs_within = sum(len(g) * (len(g) - 1) / 2 for g in groups)
    n = graph.number_of_nodes()
    pairs_between = n * (n - 1) / 2 - pairs_within
    density = (within / pairs_within) / (between / pairs_between)
    return {
        "graph_density": density,
        "graph_e_i": (between - within) / (between + within),
        "graph_modularity": nx.community.modularity(graph, groups, weight=None),
    }


def calm_weeks(organisations: Sequence[Resolved], seed: int = 1) -> Mapping[str, float]:
    """Return what two calm weeks do to the score, and what is left of it later.

    In a paired world all who are at work in one week have two weeks of rest. The fall
    of the mean score is told in standard deviations between people (d), then the share
    of it that is left one and four weeks after (de Bloom et al. 2009, 2013).
    """
    ones = list(enumerate(organisations))
    calm, usual = (
        np.concatenate([_scores(one, seed, k, rest) for k, one in ones])
        for rest in (True, False)
    )
    back = CALM_WEEK + CALM_WEEKS
    falls = usual.mean(0) - calm.mean(0)
    fall = falls[back - 1]
    return {
        "calm_fall": float(fall / usual[:, back - 1].std()),
        "calm_left_one": float(falls[back] / fall),
        "calm_left_four": float(falls[back + 3] / fall),
    }


def _scores(scenario: Resolved, seed: int, replicate: int, rest: bool) -> np.ndarray:
    """Return weekly scores, (people, weeks), of those at work before the calm weeks."""
    from simulation.ensemble.live import Life, columns_of
    from simulation.founding import Founder
    from simulation.outcomes import SERIES_RECORD
    from simulation.state import ON_LEAVE, WORKING

    weeks = CALM_WEEK + CALM_WEEKS + 4
    state = Founder(scenario).found(seed, replicate)
    panel = np.zeros((weeks, len(state.people), 1), np.int64)
    columns = columns_of(("score",))
    life = Life(state, np.zeros(weeks, SERIES_RECORD), columns, panel)
    life.until(CALM_WEEK)
    there = (state.people.status == WORKING) & (state.people.external == 0)
    if rest:
        state.people.status[there] = ON_LEAVE
        state.people.until[there] = CALM_WEEK + CALM_WEEKS - 1
    life.until(weeks)
    return panel[..., 0].view(np.float64).T[there]
