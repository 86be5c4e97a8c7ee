"""Whose leaving costs most: the numbers, how long it is felt, and who is told apart."""

import json
import string
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from experiments.advise.moves import Move, today
from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.leaving.document import document_of
from experiments.leaving.holdings import HELD, held_by_seat
from experiments.leaving.ranking import (
    LeavingRanking,
    moves_that_help,
    rank_leavings,
    with_move,
)
from experiments.leaving.units import (
    MOST_SEATS,
    Unit,
    bridge_of,
    check_outcomes,
    check_week,
    units_of,
)
from experiments.leaving.words import words
from experiments.leaving.worlds import EVERY, LeavingDesign, LeavingResult, lived
from experiments.people.privacy import LEAST
from experiments.people.recorded import Node
from experiments.show.text import as_text
from simulation.ensemble import simulate
from simulation.founding import Founder
from simulation.measures import summarise
from simulation.model import Organisation
from simulation.outcomes import OUTCOMES
from simulation.scenario import read, resolve, scenario_from, vary
from simulation.state import LEAD_WAITING, OWN, WISHED, WRITTEN_KNOWN, WRITTEN_VALUE

WEEK = 6
OUTCOMES_ASKED = ("fitting_leads", "learning_speed", "burnout")


def small(**tables):
    """Return a small organisation as it is today."""
    heads = dict.fromkeys(("product", "finance", "hr", "customer_success"), 0)
    heads |= {"marketeers": 4, "communicators": 1, "sales": 2, "externals": 0}
    run = {"weeks": WEEK + 40, "warm_up_weeks": 4}
    one = scenario_from({"organisation": heads, "run": run, **tables}, "small")
    return today(resolve(one))


def design(organisation, units, replicates=2):
    """Return what is asked of some seats of an organisation."""
    return LeavingDesign(organisation, WEEK, units, OUTCOMES_ASKED, replicates)


def test_losses_are_those_of_scenarios_with_and_without():
    """As scenario files say it, each lived alone: the same outcomes, to the bit."""
    base = small()
    seats = Founder(base).chart.seats
    rows = lived(design(base, ((0,), (3,), (0, 3))), 0, 2)
    for world in range(2):
        alone = []
        for leave in ([], *([{"week": WEEK, "who": seats[k].name}] for k in (0, 3))):
            run = simulate(today(vary(base, leave=leave)), 1, world, WEEK)
            after = summarise(run.series[: WEEK + 26], None, OUTCOMES_ASKED)
            speed = summarise(run.series, run.probe, ("learning_speed",))
            alone.append([(after | speed)[x] for x in OUTCOMES_ASKED])
        found = np.array(rows["values"][world], float)
        assert found[:3].tolist() == alone
        assert found[3].tolist() == np.mean(found[1:3], 0).tolist()


def test_a_seat_that_is_vacant_already_loses_nothing():
    """Where somebody left the week before, nobody can leave."""
    name = Founder(small()).chart.seats[0].name
    gone = small(leave=[{"week": WEEK - 1, "who": name}])
    row = lived(design(gone, ((0,),)), 0, 1)
    usual, left = row["values"][0]
    assert usual == left and row["held"][0][0][0] == 0


def test_what_seats_hold_is_counted_one_by_one():
    """Against the beliefs that agents tell, item by item."""
    model = Organisation(small(), seed=3)
    model.run(until=WEEK)
    state, held = model.state, held_by_seat(model.state)

    def shows(planes, row, item):
        return bool(planes[row, item >> 6] >> np.uint64(item & 63) & np.uint64(1))

    items = [x.lane for x in model.chart.choices]
    wished = {x: shows(state.market, WISHED, x) for x in items}
    right = [{x for x in items if p.belief(x) == wished[x]} for p in model.agents]
    written = {
        x
        for x in items
        if shows(state.strategy, WRITTEN_KNOWN, x)
        and shows(state.strategy, WRITTEN_VALUE, x) == wished[x]
    }
    for i, mine in enumerate(right):
        others = set().union(*(x for k, x in enumerate(right) if k != i))
        own = {x for x in mine if shows(state.beliefs[i], OWN, x)}
        counts = [held[name][i] for name in ("beliefs", "own", "alone")]
        assert counts == [len(mine), len(own), len(mine - others - written)]
    leads = state.leads[: state.firm.leads_listed[0]]
    assert held["leads"].sum() == (leads.stage == LEAD_WAITING).sum() > 0
    assert held["contact"].sum() == pytest.approx(2 * state.ties.contact.sum())


def made_up(losses, weeks=40, worlds=12):
    """Return a ranking of seats with a course of losses in leads a week each."""
    points = (weeks - WEEK) // EVERY
    noise = np.random.default_rng(1).normal(0, 0.05, (worlds, len(losses), points))
    course = noise - np.array([[*x, *[0.0] * (points - len(x))] for x in losses])
    units = tuple(
        Unit((k,), Node(f"marketeers-{k + 1}", "marketeer", "marketing", "social"))
        for k in range(len(losses))
    )
    organisation = replace(small(), weeks=weeks)
    asked = design(organisation, tuple(x.seats for x in units), worlds)
    lost = {x: course[..., :6].mean(2) for x in OUTCOMES_ASKED[:2]}
    lost |= {"burnout": 0.001 * noise[..., 0]}
    over_time = {"fitting_leads": course, "burnout": 0.001 * noise}
    held = np.ones((worlds, len(losses), len(HELD)))
    found = LeavingResult(asked, lost, over_time, held)
    return LeavingRanking(found, units, followed=(0,))


def test_a_loss_is_felt_until_the_last_four_weeks_in_which_it_is_clear():
    """Twelve weeks, not at all, to the end; less than what matters is not felt."""
    least = OUTCOMES["fitting_leads"].smallest_difference
    points = (40 - WEEK) // EVERY
    losses = ([3, 3, 3], [0.5 * least] * 3, [3] * points, [0, 3])
    ranking = made_up([[float(x) for x in one] for one in losses])
    felt = [ranking.felt("fitting_leads", k) for k in range(4)]
    assert [one.weeks for one in felt] == [12, 0, None, 8]
    assert felt[3].first == EVERY and felt[3].worst.estimate < -2.5
    assert ranking.felt("learning_speed", 0) is None


def test_the_most_harmful_come_first_whatever_is_good():
    """Fewer leads are harm, and so are more weeks to relearn."""
    ranking = made_up([[3.0] * 6, [0.0], [4.0] * 6, [-5.0] * 6])
    assert ranking.by_harm("fitting_leads") == [2, 0, 1, 3]
    assert ranking.hurting("fitting_leads") == [2, 0]
    assert ranking.alike("fitting_leads") == (2,)
    assert ranking.by_harm("learning_speed")[0] == 3
    assert ranking.hurting("burnout") == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_document_tells_it_in_both_languages(language):
    """Who, how much, how long; that nobody matters; no key of words left open."""
    ranking = made_up([[3.0] * 3, [0.0]])
    told = as_text(document_of(ranking, (1,), ("A note.",), language))
    answer = told.split("\n\n")
    assert "marketeer 1" in answer[0] and "12 we" in answer[0].replace("\n", " ")
    assert {"en": "nobody", "nl": "niemand"}[language] in answer[2]
    assert "A note." in told and "{" not in told


def test_words_have_the_same_gaps_in_both_languages():
    """So that nothing that is told in one is lost in the other."""
    for key, texts in words().items():
        parts = (string.Formatter().parse(texts[x]) for x in ("en", "nl"))
        here, there = ({part[1] for part in one if part[1]} for one in parts)
        assert here == there, key


def test_moves_are_made_as_if_it_had_always_been_so(tmp_path):
    """Under the move the seats that cost most are lived again, in the same worlds."""
    base = small()
    [written, *_] = moves_that_help(base)
    there = with_move(base, written)
    assert written == Move("anchoring", "written") and len(there.stages) == 1
    assert there.stages[0].levers["anchoring"] == "written"
    assert written not in moves_that_help(there)
    units = units_of(base, ["marketeer"], named=False)
    ranking = rank_leavings(
        design(base, ((units[0].seats),)), units, [written], tmp_path
    )
    softened = ranking.softened(0, "fitting_leads", 0)
    apart = softened.there.estimate - softened.here.estimate
    assert softened.apart.estimate == pytest.approx(apart)


def test_everybody_is_asked_who_bridges_most_first():
    """By default all seats; of many those who bridge most."""
    base = small()
    units = units_of(base, [], named=False)
    assert [x.seats[0] for x in units] == Founder(base).bridging
    assert bridge_of(base, units) == [0]
    assert units_of(base, ["all"], named=False) == units
    assert bridge_of(base, units_of(base, ["sales"], named=False)) == []
    many = vary(base, organisation={"sales": 120})
    assert len(units_of(many, [], named=False)) == MOST_SEATS


@pytest.fixture
def real(tmp_path):
    """An organisation of fourteen people with names, in a file."""
    rows = [
        "name,role,department,team,manager,hours",
        "Ann Ott,leader,management,top,,36",
    ]
    for k, department in enumerate(["marketing"] * 6 + ["sales"] * 5 + ["hr"] * 2):
        role = {"marketing": "marketeer", "sales": "sales"}.get(department, "colleague")
        rows.append(f"Zoë Q{chr(97 + k)},{role},{department},{department},Ann Ott,36")
    (tmp_path / "people.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = 'based_on = "baseline"\n[organisation]\npeople = "people.csv"\n'
    file = tmp_path / "real.toml"
    file.write_text(f"{text}[run]\nweeks = 40\nwarm_up_weeks = 2\n", encoding="utf-8")
    return file


def test_people_of_a_file_are_told_in_groups(real, tmp_path, capsys):
    """Of five or more, together all people; no name and no smaller group on disk."""
    units = units_of(today(read(real)), [], named=False)
    assert sum(len(x.seats) for x in units) == 14
    assert min(len(x.seats) for x in units) >= LEAST and all(x.group for x in units)
    out = tmp_path / "out"
    asked = ("--week", "5", "--replicates", "2", "--outcomes", "fitting_leads")
    assert call(["leave", str(real), *asked, "--quiet", "--output", str(out)]) == 0
    told = capsys.readouterr().out
    files = [x.read_bytes().decode("utf-8", "ignore") for x in out.iterdir()]
    assert not any(name in x for x in (told, *files) for name in ("Zoë", "Ann Ott"))
    for cache in out.glob("*.jsonl"):
        name, _, row = json.loads(cache.read_text().splitlines()[0])
        assert name == "1/0" and {len(x) for x in row["held"]} <= {1, len(units)}


def test_names_are_shown_only_where_asked_for(real):
    """One seat of a real organisation, or the bridge, needs --names."""
    organisation = today(read(real))
    for who in (["bridge"], ["Zoë Qa"], ["sales"]):
        with pytest.raises(InputError, match=r"groups of 5 or more: leave --who out"):
            units_of(organisation, who, named=False)
    [unit] = units_of(organisation, ["Zoë Qa"], named=True)
    assert unit.title("nl") == unit.code == "Zoë Qa"


@pytest.mark.parametrize(
    ("who", "named", "told"),
    [
        (["sails-1"], False, r'--who: no seat .*did you mean "sales-1"\?'),
        (["external"], False, r"--who: nobody here has this role"),
        (
            ["bridge", "bridge"],
            False,
            r"--who: got bridge, a seat that is meant already",
        ),
        ([], True, r"--names: this organisation is head counts"),
    ],
)
def test_whoever_is_not_there_is_told(who, named, told):
    """As options of the command."""
    with pytest.raises(InputError, match=told):
        units_of(small(), who, named)


def test_a_week_without_half_a_year_after_it_is_refused():
    """And outcomes that only a change of the organisation has."""
    check_week(small(), 20)
    with pytest.raises(InputError, match="--week: got 21; allowed 0 to 20"):
        check_week(small(), 21)
    with pytest.raises(InputError, match="allowed nothing, as 10 weeks"):
        check_week(SimpleNamespace(weeks=10), 0)
    with pytest.raises(InputError, match="--outcomes: got payback_weeks"):
        check_outcomes(["burnout", "payback_weeks"])
