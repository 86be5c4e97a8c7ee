"""The mixed population, its people, published patterns, and how the model is judged."""

import math
import re
from collections import Counter
from dataclasses import fields, replace

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from experiments.errors import InputError
from experiments.run.parameter_sets import under
from experiments.science.evidence import (
    freeze,
    measuring,
    people,
    text,
    validation,
    worlds,
)
from experiments.science.evidence import population as mixed
from experiments.science.evidence.measures import MEASURES
from experiments.science.evidence.patterns import ENDS, USES, Pattern, of_use, patterns
from experiments.science.evidence.people import (
    FIELDS,
    OrganisationPanel,
    People,
    people_of,
    stacked,
)
from experiments.science.evidence.population import draws, population, setting_at
from experiments.show.text import as_text
from simulation.organisation import draw_chart
from simulation.outcomes import LANGUAGES, SERIES_RECORD
from simulation.scenario import read
from simulation.scenario_values import HEADS
from simulation.state import VACANT
from simulation.tables import PARAMETERS, lever_table

SHORT = {"weeks": 30, "warm_up_weeks": 12}
ON_WORLDS = {
    "marketing_stopped_1",
    "marketing_stopped_2",
    "marketing_stopped_3",
    "elasticity_long_short",
    "learning_from_others",
    "graph_density",
    "graph_e_i",
    "graph_modularity",
    "calm_fall",
    "calm_left_one",
    "calm_left_four",
}
"""Patterns that need worlds of their own instead of a panel of people."""


# --- the mixed population -----------------------------------------------------------


def test_every_lever_and_setting_has_its_share():
    """The table covers the levers of the model, and shares add up to one."""
    assert mixed.unlisted() == []
    for name, row in mixed.table()["levers"].items():
        assert sum(row["shares"].values()) == pytest.approx(1), name
        assert all(share > 0 for share in row["shares"].values()), name
        assert row["source"], name


def test_a_population_shows_every_setting_at_its_share():
    """Shares of 2000 organisations lie within two standard errors, and more than that.

    A Latin hypercube deviates by no more than one organisation at either end.
    """
    n = 2000
    found = [one.stages[-1].levers for one in population(n, seed=4)]
    for name, lever in lever_table().items():
        counts = Counter(levers[name] for levers in found)
        assert counts.keys() == lever.settings.keys(), name
        for setting, share in mixed.table()["levers"][name]["shares"].items():
            error = math.sqrt(share * (1 - share) / n)
            assert abs(counts[setting] / n - share) < min(2 * error, 2.01 / n), setting


def test_levers_are_drawn_apart_from_one_another():
    """No pair of levers goes together more than chance allows the largest of all."""
    found = [one["levers"] for one in draws(1000, seed=2)]
    names = list(lever_table())
    chances = []
    for k, a in enumerate(names):
        for b in names[k + 1 :]:
            table = pd.crosstab([x[a] for x in found], [x[b] for x in found])
            chances.append(stats.chi2_contingency(table).pvalue)
    assert min(chances) > 0.01 / len(chances)


def test_the_same_seed_gives_the_same_organisations():
    """To the last value; another seed gives others."""

    def written(seed):
        return [(x.canonical(), x.stages[0].levers) for x in population(5, seed)]

    assert written(7) == written(7)
    assert written(7) != written(8)


@pytest.mark.parametrize("size", [None, "small", "large"])
def test_sizes_are_those_of_the_table(size):
    """Marketeers lie in their range, log-uniform; others go along with them."""
    low, high = mixed.table()["size"][size or "marketeers"]
    found = [one.organisation for one in population(800, 3, size=size)]
    marketeers = np.array([one.marketeers for one in found])
    assert marketeers.min() == low and marketeers.max() == high
    middle = math.sqrt(low * high)
    assert np.median(marketeers) == pytest.approx(middle, abs=1)
    per = mixed.table()["size"]["per_marketeer"]
    for name in HEADS.keys() - {"marketeers"}:
        heads = np.array([getattr(one, name) for one in found])
        if size != "large":
            assert heads.min() == (0 if name == "externals" else 1), name
        if size == "large":
            many = heads / marketeers
            assert np.median(many) == pytest.approx(per[name], rel=0.12), name
            assert np.log(many[many > 0]).std() < 1.5 * per["spread"], name


def test_kinds_of_work_are_those_of_the_table():
    """Values of a list all come; those of a range fill it."""
    work = mixed.table()["size"]["work"]
    found = [one.organisation for one in population(400, 3)]
    for name in ("bundle_size", "span_of_control", "contract_hours_per_week"):
        assert {getattr(one, name) for one in found} == set(work[name]), name
    choices = [one.choices_per_person for one in found]
    low, high = work["choices_per_person"]
    uniform = stats.uniform(low, high - low).cdf
    assert stats.kstest(choices, uniform).statistic < 0.02


def test_each_organisation_is_its_own_as_is():
    """Nothing changes in week 0, and weeks are as asked."""
    for one in population(5, 1, weeks=40, warm_up_weeks=7):
        assert [stage.week for stage in one.stages] == [-7] and one.weeks == 40


def test_parameters_replace_those_that_ship():
    """Only those named, in every organisation; the rest of it stays."""
    plain = population(3, 2)
    for changed in (
        population(3, 2, parameters={"strain_support": 0.123}),
        [under(one, {"strain_support": 0.123}) for one in plain],
    ):
        for one, other in zip(changed, plain, strict=True):
            assert one.parameters == {**other.parameters, "strain_support": 0.123}
            before, now = other.canonical(), one.canonical()
            assert {k for k in now if now[k] != before[k]} == {"parameters"}


def test_no_organisations_are_refused():
    """At least one is needed."""
    with pytest.raises(
        InputError, match=r"organisations: must be a whole number \(got 0\); allowed 1"
    ):
        population(0)


def test_uniform_numbers_fall_on_settings():
    """Up to 0.6 direction, from there on detail, from 0.8 on absent."""
    shares = mixed.table()["levers"]["steering"]["shares"]
    assert shares == {"direction": 0.6, "detail": 0.2, "absent": 0.2}
    found = [setting_at("steering", u) for u in (0, 0.599, 0.601, 0.799, 0.801, 0.9999)]
    assert found == [*["direction"] * 2, *["detail"] * 2, *["absent"] * 2]


# --- its people ---------------------------------------------------------------------


def same_people(one, other):
    """Return whether two panels are the same, to the last bit."""
    return all(
        a.tobytes() == b.tobytes()
        for a, b in [
            *((one.weeks[x], other.weeks[x]) for x in (*FIELDS, "named")),
            (one.organisation, other.organisation),
            (one.series, other.series),
            (one.seat, other.seat),
        ]
    )


@pytest.fixture(scope="module")
def organisations():
    """Ten organisations: more than a process lives at a time."""
    return population(people.AT_A_TIME + 2, 5, **SHORT)


@pytest.fixture(scope="module")
def lived(organisations):
    """The people of these organisations."""
    return people_of(organisations, 5, workers=1)


def test_people_do_not_depend_on_workers(organisations, lived):
    """Two processes give the same bytes as one."""
    assert same_people(people_of(organisations, 5, workers=2), lived)


def test_a_population_may_be_lived_in_parts(organisations, lived):
    """The second half, begun at its own number, gives what it gave in the whole."""
    parts = [
        people_of(organisations[a:b], 5, first=a, workers=1)
        for a, b in ((0, 4), (4, 10))
    ]
    for name in (*FIELDS, "named"):
        joined = np.concatenate([part[name] for part in parts])
        assert joined.tobytes() == lived[name].tobytes(), name
    assert parts[1].organisation.max() == 5
    elsewhere = people_of(organisations[4:], 5, workers=1)
    assert elsewhere["score"].tobytes() != parts[1]["score"].tobytes()


def test_a_panel_has_everybody(organisations, lived):
    """Seats are those of the charts, settings those that were drawn."""
    assert lived.size == (
        sum(len(draw_chart(one).seats) for one in organisations),
        SHORT["weeks"],
    )
    assert lived.series.shape == (10, SHORT["weeks"])
    for k in range(10):
        there = lived.role[lived.organisation == k]
        heads = organisations[k].organisation
        assert Counter(there)["leader"] == len(there) - sum(
            getattr(heads, name) for name in HEADS
        )
    detail = [k for k in range(10) if lived.levers[k]["steering"] == "detail"]
    kept = lived.with_setting("steering", "detail")
    assert detail and set(lived.organisation[kept]) == set(detail)
    assert lived.with_setting("steering", "detail", "direction", "absent").all()


def test_successors_are_told_apart(lived):
    """A generation begins after an empty seat, with a tenure from the start again."""
    weeks, generation = lived.size[1], lived["generation"]
    seats, moments = np.nonzero(np.diff(generation, axis=1))
    assert len(seats) > 10
    assert set(np.diff(generation, axis=1)[seats, moments]) == {1}
    assert (lived["status"][seats, moments] == VACANT).all()
    assert (lived["tenure"][seats, moments + 1] <= 1).all()
    left, when = np.nonzero(lived["leaving"][:, : weeks - 1])
    assert len(left) > 10
    assert (lived["status"][left, when + 1] == VACANT).all()


def test_priorities_that_people_can_name():
    """Those that the top states now and that a person holds are counted, by hand."""
    kind = np.dtype([("leader", "i8"), ("picture", "i8"), ("stated", "i8")])
    panel = np.zeros((2, 3), kind)  # weeks, seats; the second seat is the top
    panel["leader"] = [[1, -1, 1], [1, -1, 1]]
    panel["stated"] = [[0b1111, 0b1011, 0], [0, 0b0110, 0b1111]]
    panel["picture"] = [[0b1010, 0b1011, 0b0100], [0b1110, 0b0110, 0b1001]]
    seats = tuple((f"s{k}", "leader", "management", False) for k in range(3))
    one = OrganisationPanel(seats, panel, np.zeros(2, SERIES_RECORD))
    found = stacked([read("baseline")] * 2, [one, one])
    assert found["named"].tolist() == [[2, 2], [3, 2], [0, 0]] * 2
    assert found.organisation.tolist() == [0, 0, 0, 1, 1, 1]


def test_what_cannot_be_lived_is_told(organisations):
    """A fault in whatever process comes with where it happened."""
    with pytest.raises(RuntimeError, match="columns_of"):
        people_of(organisations, fields=("scor",), workers=2)


# --- worlds of their own ------------------------------------------------------------


@pytest.mark.parametrize("times", [0.0, 1.5])
def test_spending_changes_the_budget_only(organisations, times):
    """From week 0 on the budget is held; all else stays as it was."""
    for one in organisations:
        changed = worlds.spending(one, times)
        now, before = changed.stages[-1], one.stages[-1]
        assert [stage.week for stage in changed.stages] == [-SHORT["warm_up_weeks"], 0]
        apart = {n for n, x in now.structure.items() if before.structure[n] != x}
        assert {"budget_level"} <= apart <= {"budget_level", "budget_reaction"}
        level = before.structure["budget_level"]
        assert now.structure["budget_level"] == times * level
        assert now.structure["budget_reaction"] == 0
        assert now.structure.keys() == before.structure.keys()
        assert changed.stages[0] == one.stages[0] and now.levers == before.levers
        rest = {x.name for x in fields(one)} - {"stages", "weeks"}
        assert all(getattr(changed, name) == getattr(one, name) for name in rest)


def spent(budget, won):
    """Return weekly records of one organisation: budget and deals by half year."""
    weeks = np.arange(worlds.SPENDING_WEEKS)
    series = np.zeros((1, len(weeks)), SERIES_RECORD)
    series["budget"], series["leads_won"] = budget, won(weeks)
    series["inbound_won"] = won(weeks)
    return series


def test_what_follows_from_spending_by_hand(monkeypatch):
    """Deals fall by a tenth a year without a budget; elasticities are .1 and .2."""
    there = population(1, 6, weeks=8, warm_up_weeks=4)
    long = worlds.LONG.start
    arms = {
        0.0: spent(0, lambda weeks: 100 - 10 * np.round(weeks / 52)),
        1.0: spent(1, lambda weeks: 100 + 0 * weeks),
        1.5: spent(1.5, lambda w: 100 * np.where(w < long, 1.5**0.1, 1.5**0.2)),
    }
    series = np.concatenate([arms[1.0], arms[0.0]])
    usual = People(*[np.zeros(0)] * 5, {}, ({}, {}), series)
    levels = [worlds.spending(there[0], times).stages[-1] for times in arms]
    known = {
        stage.structure["budget_level"]: arm
        for stage, arm in zip(levels, arms, strict=True)
    }

    def firms(arm, seed, workers):
        return arms[known[arm[0].stages[-1].structure["budget_level"]]]

    monkeypatch.setattr(worlds, "_firms", firms)
    found = worlds.marketing(there, usual)
    assert found["marketing_stopped_1"] == pytest.approx(0.9, abs=0.01)
    assert found["marketing_stopped_2"] == pytest.approx(0.8, abs=0.01)
    assert found["marketing_stopped_3"] == pytest.approx(0.7, abs=0.01)
    assert found["elasticity_long_short"] == pytest.approx(2, abs=0.1)


def test_what_has_not_changed_has_the_deals_it_had():
    """Each pair lives in one world: the panel's own weeks are those of the arm."""
    there = population(3, 6, weeks=40, warm_up_weeks=12)
    usual = people_of(there, 6, workers=1)
    again = worlds._firms([replace(one, weeks=20) for one in there], 6, 1)
    assert again.tobytes() == usual.series[:, :20].tobytes()


def test_learning_from_others_is_what_talk_tells_over_what_results_teach(monkeypatch):
    """Of own items .4 with neither, .5 by results; of mates' .2 alone, .24 told: .4."""
    there = population(2, 6, weeks=110, warm_up_weeks=4)

    def people(right, mates_right):
        right = {"right": right, "wrong": 3, "unknown": 7 - right}
        right |= {"mates_right": mates_right, "mates_items": 25}
        weeks = {name: np.full((3, 110), x) for name, x in right.items()}
        maker = np.array([True, True, False])
        return People(
            np.array([0, 1, 1]), *[np.zeros(3)] * 3, maker, weeks, ({},) * 2, None
        )

    rights = iter((4, 5))

    def lived(arm, *_):
        assert set(arm) <= set(PARAMETERS) and set(worlds.NO_TALK) <= set(arm)
        right = next(rights)
        assert (set(worlds.NO_READINGS) <= set(arm)) == (right == 4)
        return people(right, 5)

    monkeypatch.setattr(worlds, "_without", lived)
    found = worlds.learning_from_others(there, people(5.4, 6))
    assert found == pytest.approx((0.24 - 0.2) / (0.5 - 0.4))


def test_statistics_of_a_graph_by_hand():
    """Two teams of three: five ties within, two between, of six and nine pairs."""
    graph = nx.Graph([(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (2, 3), (0, 5)])
    nx.set_node_attributes(graph, {k: k // 3 for k in graph}, "team")
    found = worlds.graph_statistics(graph)
    assert found["graph_density"] == pytest.approx((5 / 6) / (2 / 9))
    assert found["graph_e_i"] == pytest.approx((2 - 5) / 7)
    by_hand = 5 / 7 - (8 / 14) ** 2 - (6 / 14) ** 2
    assert found["graph_modularity"] == pytest.approx(by_hand)


def test_statistics_of_a_department_are_those_of_networkx():
    """Sixty people and their ties, measured another way."""
    graph = worlds.department_graph(3)
    teams = nx.get_node_attributes(graph, "team")
    parts = [[i for i in graph if teams[i] == t] for t in set(teams.values())]
    assert 55 <= len(graph) <= 70 and len(parts) > 3
    assert all(h > 0 for _, _, h in graph.edges(data="hours"))
    found = worlds.graph_statistics(graph)
    modularity = nx.community.modularity(graph, parts, weight=None)
    assert found["graph_modularity"] == pytest.approx(modularity)
    blocks = nx.quotient_graph(graph, parts, relabel=True)
    between = sum(w for *_, w in blocks.edges(data="weight", default=0))
    assert found["graph_e_i"] == pytest.approx(2 * between / graph.size() - 1)
    inside = graph.size() - between
    pairs = sum(math.comb(len(part), 2) for part in parts)
    density = inside / pairs / (between / (math.comb(len(graph), 2) - pairs))
    assert found["graph_density"] == pytest.approx(density)


def test_calm_weeks_relieve_and_wear_off():
    """Where strain hangs on fatigue alone, the fall fades at its time constant."""
    plain = {"vulnerability": 0.0, "score_error": 0.01, "exhaustion_weeks": 200.0}
    there = [under(one, plain) for one in population(3, 5, 60, 8)]
    found = worlds.calm_weeks(there, 5)
    keep = math.exp(-1 / there[0].parameters["fatigue_weeks"])
    assert found["calm_fall"] > 0
    assert found["calm_left_one"] == pytest.approx(keep, abs=0.1)
    assert found["calm_left_four"] == pytest.approx(keep**4, abs=0.1)


def test_unknown_parameters_are_told():
    """All at once, with the nearest: none is silently without effect."""
    with pytest.raises(InputError) as caught:
        under(population(1, 5)[0], {"talk_stp": 0.1, "nonsense": 1.0})
    assert "did you mean talk_step?" in str(caught.value)
    assert "unknown parameter 'nonsense'" in str(caught.value)


# --- patterns -----------------------------------------------------------------------


def test_the_registry_of_patterns_is_whole():
    """Each has a measure, labels in both languages, a use, and ordered ends."""
    assert {one.id for one in patterns()} == MEASURES.keys() | ON_WORLDS
    for one in patterns():
        assert set(one.label) == set(LANGUAGES) and all(one.label.values()), one.id
        assert one.use in USES, one.id
        assert (one.range is None) == (one.use == "report"), one.id
        assert (one.row is not None) == (one.use == "calibrate"), one.id
        if one.range:
            assert one.range[0] < one.range[1] and one.source, one.id
    assert {one.row for one in of_use("calibrate")} == set(range(1, 24))


def test_a_value_holds_inside_its_range():
    """Ends are inside; nan is not."""
    one = Pattern("x", "calibrate", {}, range=(0.1, 0.2))
    inside = [one.holds(x) for x in (0.1, 0.15, 0.2, 0.0999, 0.2001, math.nan)]
    assert inside == [True, True, True, False, False, False]


@given(st.floats(-5, 5), st.floats(0.01, 4), st.floats(-50, 50))
def test_values_are_scaled_to_the_same_ends(low, width, value):
    """Inside a range is inside the ends of the scale, whatever the range."""
    one = Pattern("x", "calibrate", {}, range=(low, low + width))
    assert one.scaled(low) == pytest.approx(-ENDS)
    assert one.scaled(low + width) == pytest.approx(ENDS)
    if abs(value - low) > 1e-6 and abs(value - low - width) > 1e-6:
        assert (abs(one.scaled(value)) <= ENDS) == one.holds(value)


# --- the freeze ---------------------------------------------------------------------


def test_the_freeze_holds_unless_a_version_is_being_built():
    """Values and rules are those that were judged, or it is told that they are not."""
    assert freeze.is_frozen() != ("open" in freeze.frozen())


# --- verdicts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "values", "verdict"),
    [
        ("calibrate", [0.49, 0.5, 0.51], "inside"),
        ("calibrate", [0.1, 0.5, 0.9], "wide"),
        ("verify", [1.1, 1.1, 1.1], "outside"),
        ("calibrate", [0.6, 1.1, 1.6], "outside"),
        ("calibrate", [math.nan] * 3, "outside"),
        ("report", [0.5, 0.5, 0.5], ""),
    ],
)
def test_verdicts_on_patterns(use, values, verdict):
    """Inside or outside the range; it has to be narrow enough to be inside."""
    ends = None if use == "report" else (0.0, 1.0)
    rows = [{"x": value} for value in values]
    assert validation.judged(Pattern("x", use, {}, range=ends), rows).verdict == verdict


def test_narrow_enough_is_a_quarter_of_the_range():
    """The half-width of scipy's 90 % interval decides."""
    values = np.array([0.3, 0.45, 0.5, 0.7])
    reach = stats.t.interval(0.9, 3, values.mean(), stats.sem(values))
    half = (reach[1] - reach[0]) / 2
    rows = [{"x": value} for value in values]
    for width, verdict in ((4.01, "inside"), (3.99, "wide")):
        ends = (0.49 - width * half / 2, 0.49 + width * half / 2)
        one = validation.judged(Pattern("x", "calibrate", {}, range=ends), rows)
        assert one.verdict == verdict
        assert (one.value.low, one.value.high) == pytest.approx(reach)


def test_validation_tells_every_pattern(tmp_path, monkeypatch):
    """Each is measured in each population, and not again in a second call."""
    monkeypatch.setattr(measuring, "WEEKS", worlds.SPENDING_WEEKS)
    monkeypatch.setattr(measuring, "WARM_UP_WEEKS", 8)
    measuring._organisations.cache_clear()
    found = validation.validate(tmp_path, 2, 6, workers=1)
    assert [one.pattern for one in found] == list(patterns())
    [kept] = tmp_path.iterdir()
    before = kept.stat().st_mtime_ns
    again = validation.validate(tmp_path, 2, 6, workers=1)
    assert as_text(text.validation_document(again, 6, 9.0)) == as_text(
        text.validation_document(found, 6, 9.0)
    )
    assert kept.stat().st_mtime_ns == before
    measuring._organisations.cache_clear()
    with pytest.raises(InputError, match="seeds: got 1"):
        validation.validate(tmp_path, 1)


# --- text ---------------------------------------------------------------------------


def judged_all():
    """Return every pattern with values in the middle of its range, half of them not."""
    found = []
    for k, one in enumerate(patterns()):
        low, high = one.range or (0.0, 1.0)
        spread = 0.001 * (high - low)
        middle = (low + high) / 2 if k % 2 else high + 1
        rows = [{one.id: middle - spread}, {one.id: middle + spread}]
        found.append(validation.judged(one, rows))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_patterns_as_text(language):
    """Every label, and the count of those inside, in one language."""
    found = judged_all()
    told = as_text(text.validation_document(found, 120, 57.4, language))
    assert all(one.pattern.label[language] in told for one in found)
    other = "nl" if language == "en" else "en"
    assert not any(
        one.pattern.label[other] in told
        for one in found
        if one.pattern.label[other] not in one.pattern.label[language]
    )
    ranged = [one for one in found if one.pattern.use == "calibrate"]
    inside = sum(one.verdict == "inside" for one in ranged)
    assert 0 < inside < len(ranged)
    counts = re.sub(r"\s+", " ", told)
    assert f"{inside} {'of' if language == 'en' else 'van'} {len(ranged)} " in counts
    assert "120 organisati" in counts and re.search(r"\b57\b", counts)
    assert not re.search(r"[{}]|\bnan\b|None", told)


def test_what_is_not_measured_is_told():
    """A pattern without a value has no number in the table."""
    one = next(x for x in patterns() if x.id == "sick_ratio")
    found = validation.judged(one, [{"sick_ratio": math.nan}] * 2)
    told = as_text(text.validation_document([found], 12, 9.0))
    assert "not measured" in told and "nan" not in told


def test_patterns_as_a_table():
    """A row for each, with its range where it has one."""
    table = text.as_table(judged_all()).set_index("pattern")
    assert list(table.index) == [one.id for one in patterns()]
    assert table.loc["complaints", ["range_low", "range_high"]].tolist() == [0.15, 0.2]
    assert table["range_low"].isna().sum() == len(of_use("report"))
    assert (table["populations"] == 2).all()
