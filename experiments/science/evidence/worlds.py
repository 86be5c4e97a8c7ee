"""Patterns that need extra worlds: spending, knock-outs, holidays, graphs.

Paired worlds share their replicate, so that they differ only in what was changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log

import networkx as nx
import numpy as np

from experiments.run.parameter_sets import under
from experiments.science.evidence.measures.panel import YEAR, ratio
from experiments.science.evidence.people import People, lives, people_of
from simulation.scenario import ResolvedScenario, read, vary
from simulation.scenario_values import Stage, Values
from simulation.whole_numbers import checks_numbers

CALM_WEEK, CALM_WEEKS = 26, 2
"""When people have a holiday, and for how long."""
STOPPED_YEARS = (1, 2, 3)
AROUND = YEAR // 4
"""Weeks before and after a year's end over which deals are counted."""
SHORT, LONG = slice(4, 30), slice(2 * YEAR, 3 * YEAR)
"""Weeks after spending changed over which short and long elasticities are taken."""
RAISED = 1.5
SPENDING_WEEKS = 3 * YEAR + AROUND
LEARNING_WEEKS = 2 * YEAR
NO_TALK: Mapping[str, float] = {"talk_step": 0.0, "listening_step": 0.0}
"""What takes away what people learn from one another."""
NO_READINGS: Mapping[str, float] = {
    "evidence_own_channel": 0.0,
    "evidence_funnel": 0.0,
    "evidence_test": 0.0,
    "evidence_before_after": 0.0,
}
"""What takes away what people learn from results of their own items."""
DEPARTMENT = 50
"""Marketeers of the department whose graph is looked at; with leaders 55 to 60."""


# --- spending -----------------------------------------------------------------------


def spending(scenario: ResolvedScenario, times: float) -> ResolvedScenario:
    """Return an organisation with its budget fixed at `times` its level from week 0."""
    now = scenario.stages[-1]
    level = times * now.structure["budget_level"]
    budget = {"budget_level": level, "budget_reaction": 0.0}
    stage = Stage(0, Values({**now.structure, **budget}), now.sources, now.levers)
    stages = (scenario.stages[0], stage)
    return replace(scenario, stages=stages, weeks=SPENDING_WEEKS)


@checks_numbers
def marketing(
    organisations: Sequence[ResolvedScenario],
    usual: People,
    seed: int = 1,
    workers: int | None = None,
) -> dict[str, float]:
    """Return what stopping marketing leaves of deals, and a ratio of elasticities.

    `marketing_stopped_Y` is the number of deals without a budget over that with the
    usual one, in the half year around the end of year Y (1, 2, 3) after the stop.
    `elasticity_long_short` is the elasticity of deals to a budget raised by half, in
    the third year after the raise, over that in weeks 4 to 29. `usual` are the people
    of these organisations, and perhaps of others after them, in the same replicates.
    """
    plain = usual.series[: len(organisations)]
    none, same, more = (
        _firms([spending(one, times) for one in organisations], seed, workers)
        for times in (0.0, 1.0, RAISED)
    )
    found = {
        f"marketing_stopped_{year}": ratio(
            *(_deals(arm)[:, _around(year)].sum() for arm in (none, plain))
        )
        for year in STOPPED_YEARS
    }
    long, short = (_elasticity(more, same, weeks) for weeks in (LONG, SHORT))
    return {**found, "elasticity_long_short": ratio(long, short)}


def _firms(
    arm: Sequence[ResolvedScenario], seed: int, workers: int | None
) -> np.ndarray:
    """Return the weekly records of organisations, (organisations, weeks)."""
    lived = dict(lives(arm, seed, fields=("status",), workers=workers))
    return np.stack([lived[k].series for k in range(len(arm))])


def _around(year: int) -> slice:
    return slice(year * YEAR - AROUND, year * YEAR + AROUND)


def _deals(series: np.ndarray) -> np.ndarray:
    return series["leads_won"] + series["inbound_won"]


def _elasticity(more: np.ndarray, same: np.ndarray, weeks: slice) -> float:
    """Return the elasticity of deals to the budget over some weeks."""
    deals, budget = (
        ratio(of(more)[:, weeks].sum(), of(same)[:, weeks].sum())
        for of in (_deals, lambda series: series["budget"])
    )
    return log(deals) / log(budget) if deals > 0 and budget > 1 else np.nan


# --- learning -----------------------------------------------------------------------


@checks_numbers
def learning_from_others(
    organisations: Sequence[ResolvedScenario],
    usual: People,
    seed: int = 1,
    workers: int | None = None,
) -> float:
    """Return how much makers learn from talk, over what they learn from own results.

    The numerator is the gain, by talk, in the share of others' items in their journeys
    that makers are right about. The denominator is the gain, by results and without
    talk, in the share of their own items that they are right about. Indirect learning
    teaches about .4 of what direct learning does (Kim 2009). `usual` are the people of
    these organisations, and perhaps of others after them, in the same replicates.
    """
    n = len(organisations)
    neither, alone = (
        _without(arm, organisations, seed, workers)
        for arm in ({**NO_TALK, **NO_READINGS}, NO_TALK)
    )
    told = accuracy_of_mates(usual, n) - accuracy_of_mates(alone, n)
    return ratio(told, accuracy(alone, n) - accuracy(neither, n))


def _without(
    parameters: Mapping[str, float],
    organisations: Sequence[ResolvedScenario],
    seed: int,
    workers: int | None,
) -> People:
    """Return the people of organisations simulated for two years under parameters."""
    there = [
        replace(under(one, parameters), weeks=LEARNING_WEEKS) for one in organisations
    ]
    fields = ("status", "right", "wrong", "unknown", "mates_right", "mates_items")
    return people_of(there, seed, fields=fields, workers=workers)


def accuracy(people: People, organisations: int) -> float:
    """Return the share of own items that makers are right about, in the second year.

    Over the first `organisations` organisations.
    """
    right, *rest = _sums(people, organisations, ("right", "wrong", "unknown"))
    return ratio(right, right + sum(rest))


def accuracy_of_mates(people: People, organisations: int) -> float:
    """Return the share of others' items in their journeys that makers are right about.

    In the second year, over the first `organisations` organisations.
    """
    return ratio(*_sums(people, organisations, ("mates_right", "mates_items")))


def _sums(people: People, organisations: int, names: Sequence[str]) -> list[float]:
    kept = people.maker & (people.organisation < organisations)
    weeks = slice(LEARNING_WEEKS - YEAR, LEARNING_WEEKS)
    return [float(people[name][kept, weeks].sum()) for name in names]


# --- the graph of a department ------------------------------------------------------


@checks_numbers
def department_graph(
    seed: int, replicate: int = 0, parameters: Mapping[str, float] | None = None
) -> nx.Graph:
    """Return the contact graph of one marketing department of 50 to 60 people.

    Nodes have their `team`, edges their `hours` of contact a week.
    """
    from simulation.founding import Founder
    from simulation.state import DEPARTMENTS

    scenario = vary(read("baseline"), organisation={"marketeers": DEPARTMENT})
    state = Founder(under(scenario, parameters or {})).found(seed, replicate)
    inside = np.flatnonzero(state.people.department == DEPARTMENTS.index("marketing"))
    graph = nx.Graph()
    graph.add_nodes_from((int(i), {"team": int(state.people.team[i])}) for i in inside)
    for a, b, h in zip(state.ties.a, state.ties.b, state.hours[0], strict=True):
        if h > 0 and a in graph and b in graph:
            graph.add_edge(int(a), int(b), hours=float(h))
    return graph


def graph_statistics(graph: nx.Graph) -> dict[str, float]:
    """Return density within over between teams, the E-I index, and modularity.

    The E-I index (Krackhardt & Stern 1988) is ties between teams minus ties within
    teams, over all ties. Modularity (Newman & Girvan 2004) is that of the teams.
    """
    teams = nx.get_node_attributes(graph, "team")
    groups = [{i for i in graph if teams[i] == team} for team in set(teams.values())]
    within = sum(teams[a] == teams[b] for a, b in graph.edges)
    between = graph.number_of_edges() - within
    pairs_within = sum(len(g) * (len(g) - 1) / 2 for g in groups)
    n = graph.number_of_nodes()
    pairs_between = n * (n - 1) / 2 - pairs_within
    density = ratio(ratio(within, pairs_within), ratio(between, pairs_between))
    return {
        "graph_density": density,
        "graph_e_i": ratio(between - within, between + within),
        "graph_modularity": nx.community.modularity(graph, groups, weight=None),
    }


def department(
    graphs: int, seed: int, parameters: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Return the mean graph statistics of `graphs` departments."""
    found = [
        graph_statistics(department_graph(seed, k, parameters)) for k in range(graphs)
    ]
    return {name: float(np.mean([one[name] for one in found])) for name in found[0]}


# --- holidays -----------------------------------------------------------------------


def calm_weeks(
    organisations: Sequence[ResolvedScenario], seed: int = 1
) -> dict[str, float]:
    """Return the effect of two calm weeks on the score, and what is left of it later.

    In a paired world, everyone at work in one week gets two weeks of rest.
    `calm_fall` is the fall of the mean score in standard deviations between people (d);
    `calm_left_one` and `calm_left_four` are the shares of it that are left one and four
    weeks later (de Bloom et al. 2009, 2013).
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
        "calm_fall": ratio(fall, usual[:, back - 1].std()),
        "calm_left_one": ratio(falls[back], fall),
        "calm_left_four": ratio(falls[back + 3], fall),
    }


def _scores(
    scenario: ResolvedScenario, seed: int, replicate: int, rest: bool
) -> np.ndarray:
    """Return weekly scores, (people, weeks), of employees at work before the rest."""
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
