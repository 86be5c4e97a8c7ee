"""Moves from today, ways lived over the same worlds, and levers ranked."""

import json
from dataclasses import replace

import numpy as np
import pytest

from experiments.advise import branching, levers_document, plans_document
from experiments.advise.atlas.steps import WEEKLY
from experiments.advise.branching import (
    EVERY,
    BranchingDesign,
    BranchingResult,
    live_plans,
)
from experiments.advise.levers import Ranking, plans_of, rank
from experiments.advise.moves import (
    Move,
    Plan,
    lever_words,
    moves_of,
    read_moves,
    today,
    written,
)
from experiments.advise.plans import Advice, PlanDesign, advise
from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.run.runner import run
from experiments.show.text import as_text
from experiments.statistics.paired import groups
from simulation.measures import summarise, weekly
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES
from simulation.scenario import read, vary
from simulation.scenario_unknown import in_world
from simulation.scenario_values import Values
from simulation.tables import lever_table

WEEKS = 24


@pytest.fixture(scope="module")
def here():
    """The baseline as it is today, for half a year."""
    return replace(today("baseline"), weeks=WEEKS)


@pytest.fixture(scope="module")
def plans(here):
    """Doing nothing, two moves alone, and both with a date each."""
    one, other = read_moves(["mandate", "communication=matrix"], here)
    dated = Plan("dated", ((2, other), (9, one)))
    return (Plan("nothing"), Plan.at_once([one]), Plan.at_once([other]), dated)


# --- moves --------------------------------------------------------------------------


def test_every_setting_of_every_lever_has_words():
    """In both languages; contexts are no choice of an organisation."""
    levers = {x.name: x for x in lever_table().values() if not x.context}
    assert set(lever_words()) == set(levers)
    for name, rows in lever_words().items():
        assert set(rows) == {"name", *levers[name].settings}
        assert all(rows[x].get(y) for x in rows for y in LANGUAGES)


def test_today_is_what_holds_in_week_0_from_ever_on():
    """Of a scenario that changes the baseline, too; its later changes are left out."""
    scenario = vary(read("owned"), changes=[{"week": 8, "levers": {"testing": "room"}}])
    now = today(scenario)
    assert [stage.week for stage in now.stages] == [-scenario.warm_up_weeks]
    assert now.stages[0].structure == scenario.at(0).structure
    assert now.stages[0].structure["testing_hours"] == 0
    assert now.stages[0].hours_per_person == 0


def test_moves_are_those_that_change_something(here):
    """Not the settings that hold today, nor two names of the same numbers."""
    moves = moves_of(here)
    now = here.stages[0]
    assert all(now.levers[one.lever] != one.setting for one in moves)
    levers = [x for x in lever_table().values() if not x.context]
    assert len(moves) == sum(len(x.settings) - 1 for x in levers)
    alike = vary(read("baseline"), structure={"testing_hours": 2}, as_is="self")
    assert Move("testing", "room") in moves_of(today(alike))


def test_a_plan_is_the_scenario_with_these_changes(here):
    """As if it had been written in a file, efforts and all."""
    moves = read_moves(["channels", "testing"], here)
    plan = Plan("x", ((0, moves[0]), (10, moves[1])))
    written = vary(
        read("baseline"),
        as_is="self",
        changes=[
            {"week": 0, "levers": {"channels": "multidisciplinary"}},
            {"week": 10, "levers": {"testing": "room"}},
        ],
    )
    assert plan.on(here).canonical() == written.canonical()


def test_own_efforts_replace_those_of_the_table():
    """What a file says of a lever's effort is what a move takes."""
    own = vary(
        read("baseline"), effort={"mandate": {"hours_per_person": 9.0, "euros": 1.0}}
    )
    plan = Plan.at_once([Move("mandate", "decides"), Move("testing", "room")])
    stage = plan.on(today(own)).stages[1]
    testing = lever_table()["testing"]
    assert stage.hours_per_person == 9 + testing.hours_per_person
    assert stage.euros == 1 + testing.euros


def test_mistakes_in_moves_are_told_at_once(here):
    """Unknown levers and settings, the same lever twice, and what is so today."""
    texts = ["mandat", "steering", "kpis=all", "testing", "testing=none", "sector=fast"]
    with pytest.raises(InputError) as caught:
        read_moves([*texts, "testing=room"], here)
    told = str(caught.value).splitlines()
    assert len(told) == 6
    assert "unknown lever 'mandat'; did you mean mandate?" in told[0]
    assert "name one: detail, absent" in told[1]
    assert "unknown setting 'all'; allowed: own_channel, whole_funnel" in told[2]
    assert "changes nothing: so it is today" in told[3]
    assert "unknown lever 'sector'" in told[4]
    assert "testing is named twice" in told[5]


# --- lived over the same worlds -----------------------------------------------------


def test_outcomes_are_those_of_runs(here, plans):
    """Each plan in each world, money against doing nothing in the same world."""
    found = live_plans(
        BranchingDesign(here, plans, 3, seed=4, shown=("burnout",)), workers=2
    )
    runs = run([plan.on(here) for plan in plans], 3, 4, WEEKS, 1)
    for k, plan in enumerate(plans):
        for r in range(3):
            expected = summarise(
                runs.series[k, r],
                runs.probes[k, r],
                baseline=runs.series[0, r],
                shock_week=runs.shock_week,
            )
            values = dict(zip(OUTCOMES, found.values[k, r], strict=True))
            assert np.array_equal(
                [*values.values()], [*expected.values()], equal_nan=True
            ), plan.name
            burnout = weekly(runs.series[k, r], "burnout")
            expected = np.nanmean(burnout.reshape(-1, EVERY), 1)
            assert found.over_time[k, r, :, 0] == pytest.approx(expected, rel=1e-6)
    assert np.isfinite(found.of("payback_weeks")).all()
    assert (found.gained("burnout")[0] == 0).all()


@pytest.mark.parametrize(
    "damage",
    [
        lambda data, half: data[:60],
        lambda data, half: data[:half] + b"????" + data[half + 4 :],
        lambda data, half: b"",
    ],
    ids=["cut", "flipped", "empty"],
)
def test_worlds_are_kept_and_gone_on_with(here, plans, tmp_path, monkeypatch, damage):
    """More worlds add to what is there; a file that was cut off is made again."""
    few = BranchingDesign(here, plans, 2, outcomes=HEADLINES)
    first = live_plans(few, tmp_path, workers=1)
    [folder] = tmp_path.iterdir()
    assert sorted(x.name for x in folder.iterdir()) == ["0.npz", "1.npz"]
    cut = folder / "1.npz"
    whole = cut.read_bytes()
    half = len(whole) // 2
    cut.write_bytes(damage(whole, half))
    made = []
    plain = branching._Lives.world
    monkeypatch.setattr(
        branching._Lives,
        "world",
        lambda self, r: made.append(r) or plain(self, r),
    )
    more = live_plans(replace(few, replicates=3), tmp_path, workers=1)
    assert sorted(made) == [1, 2]
    assert np.array_equal(more.values[:, :2], first.values, equal_nan=True)
    live_plans(replace(few, replicates=3, seed=2), tmp_path, workers=1)
    assert len(list(tmp_path.iterdir())) == 2


def test_worlds_take_their_parameters_in_turn(here, plans):
    """World r lives under set r modulo the number of sets."""
    sets = ({"talk_step": 0.05}, {"talk_step": 0.3})
    asked = BranchingDesign(
        here, plans[:2], 4, outcomes=("wrong_stock",), parameters=sets
    )
    found = live_plans(asked, workers=2)
    for r in (1, 2):
        parameters = Values({**here.parameters, **sets[r % 2]})
        alone = BranchingDesign(replace(here, parameters=parameters), plans[:2], 4)
        expected = live_plans(alone, workers=2).of("wrong_stock")
        assert found.of("wrong_stock")[:, r].tolist() == expected[:, r].tolist()


def test_a_world_that_fails_is_told(here, plans, monkeypatch):
    """Threads do not swallow what goes wrong."""

    def broken(*_):
        raise RuntimeError("it broke")

    monkeypatch.setattr(branching, "live_world", broken)
    with pytest.raises(RuntimeError, match="it broke"):
        live_plans(BranchingDesign(here, plans, 2), workers=2)


def test_what_is_not_known_is_drawn_in_each_world(tmp_path):
    """Worlds in which people decide already gain nothing; each setting is a move."""
    path = tmp_path / "open.toml"
    path.write_text(
        'title = "Open"\nbased_on = "baseline"\nas_is = "self"\n[unknown]\n'
        'levers = { mandate = ["executes", "decides"] }\n'
    )
    now = replace(today(path), weeks=WEEKS)
    assert {Move("mandate", x) for x in ("executes", "decides")} < set(moves_of(now))
    plans = (Plan("nothing"), Plan.at_once([Move("mandate", "decides")]))
    found = live_plans(BranchingDesign(now, plans, 12), workers=2)
    drawn = [in_world(now, 1, r).stages[0].levers["mandate"] for r in range(12)]
    assert set(drawn) == {"executes", "decides"}
    gained = found.gained("control")[1]
    there = np.array(drawn) == "decides"
    assert ((gained == 0) == there).all() and (found.made[1] == ~there).all()
    ranking = Ranking(found, None, ())
    assert ranking.so_already(1) == pytest.approx(there.mean())
    effect = ranking.effects("control")[0]
    assert effect.estimate == pytest.approx(gained[~there].mean())
    assert effect.dropped == there.sum()


def test_parameters_of_ones_own_file_stay(plans):
    """Sets of parameters change what is not known, and not what a file says."""
    own = vary(read("baseline"), parameters={"talk_step": 0.05})
    now = replace(today(own), weeks=WEEKS)
    sets = ({"talk_step": 0.3, "feedback_step": 0.2},)
    there = BranchingDesign(now, plans[:1], 1, parameters=sets).in_world(0)
    assert there.parameters["talk_step"] == 0.05
    assert there.parameters["feedback_step"] == 0.2


def test_what_would_not_fit_is_refused(here, plans):
    """Before anything runs, with how much it would be."""
    with pytest.raises(InputError, match=r"runs leave [\d,.]+ GiB of results"):
        live_plans(BranchingDesign(here, plans, 10**9))


# --- plans --------------------------------------------------------------------------


def test_plans_are_compared_over_all_weeks(here, tmp_path):
    """The best order and one's own, told from worlds in which it was not found."""
    moves = read_moves(["mandate", "testing", "boundaries"], here)
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "Own"\nbased_on = "baseline"\n[[changes]]\nweek = 5\n'
        'levers = { mandate = "decides" }\n'
    )
    own = written(file, here)
    design = PlanDesign(replace(here, weeks=32), moves, [own], "burnout", 1, 12, 8)
    found = advise(design, tmp_path, workers=2)
    nothing, at_once, ordered, mine = found.plans
    assert nothing.moves == () and [week for week, _ in at_once.moves] == [0, 0, 0]
    assert [week for week, _ in ordered.moves] == [0, 13, 26]
    alone = Plan("own", ((5, Move("mandate", "decides")),)).on(here)
    assert mine.on(here).canonical() == alone.canonical()
    assert found.here.design.seed == 2
    values = found.here.over_horizon("burnout")
    gains = [x.estimate for x in found.gains("burnout")]
    assert gains == pytest.approx((values[1:] - values[0]).mean(1).tolist())
    first = found.first()[0]
    assert first == values.mean(1).argmin()
    others = found.over_sets.over_horizon("burnout")
    than = found.flip().than
    assert set(than) == {0, 1, 2, 3} - {first}
    for k, share in than.items():
        apart = (others[k] - others[first]).reshape(4, 8).mean(0)
        assert share.raw == pytest.approx((apart > 0).mean())
    for language in LANGUAGES:
        told = as_text(plans_document.document_of(found, language))
        assert "{" not in told and "nan" not in told
    table = plans_document.as_table(found)
    assert len(table) == 2 * 3 and table["plan"].nunique() == 3


def made_plans(values, here):
    """Return advice on burnout from values over time (plans, worlds, points)."""
    plans = (Plan("nothing"), *(Plan(f"p{k}") for k in range(1, len(values))))
    asked = BranchingDesign(here, plans, values.shape[1], shown=WEEKLY)
    values = np.repeat(values[..., None], len(WEEKLY), 3)
    whole = np.zeros((*values.shape[:2], len(OUTCOMES)))
    made = np.ones(values.shape[:2], bool)
    lived = BranchingResult(asked, whole, values.astype(np.float32), made)
    wide = replace(asked, replicates=64)
    worlds = np.tile(values, (1, 2, 1, 1))[:, :64]
    sets = tuple({"x": float(k), "y": float(k % 3)} for k in range(16))
    over = BranchingResult(
        wide, np.zeros((len(plans), 64, 0)), worlds, np.ones((3, 64), bool)
    )
    return Advice("burnout", lived, over, sets)


def test_the_advice_is_ahead_by_what_it_is_better(here):
    """Of burnout less is better: the lead is above zero, and surely so."""
    draw = np.random.default_rng(3)
    noise = 0.01 * draw.normal(size=(3, 40, 6))
    level = np.array([0.3, 0.1, 0.2])[:, None, None]
    found = made_plans(level + noise, here)
    assert found.first() == (1,) and found.runner_up == 2
    assert found.ahead().estimate == pytest.approx(0.1, abs=0.01)
    assert found.ahead().low > 0.08


@pytest.mark.parametrize(
    ("missing", "first", "until"), [(0, 0.1, None), (0, 0.9, 12), (2, 0.9, 20)]
)
def test_until_when_another_plan_is_ahead(here, missing, first, until):
    """The advice begins worse and makes up for it; missing periods do not count.

    Means so far are .9, .5, .367 and .3: behind .32 for three periods that are known.
    """
    draw = np.random.default_rng(4)
    values = 0.32 + 0.002 * draw.normal(size=(3, 40, 8))
    values[2] += 0.5
    values[1] += 0.1 - 0.32
    values[1, :, missing] += first - 0.1
    values[:, :, :missing] = np.nan
    found = made_plans(values, here)
    assert found.first() == (1,)
    assert found.flip().until == until


def test_own_plans_keep_what_is_not_known(tmp_path):
    """They change what they write and nothing else of what a world drew."""
    path = tmp_path / "open.toml"
    path.write_text(
        'title = "Open"\nbased_on = "baseline"\nas_is = "self"\n[unknown]\n'
        'levers = { mandate = ["executes", "decides"], steering = ["direction", '
        '"detail", "absent"] }\n'
    )
    own = tmp_path / "own.toml"
    own.write_text(
        f'title = "Own"\nbased_on = "{path}"\n[levers]\nkpis = "whole_funnel"\n'
        '[[changes]]\nweek = 0\nlevers = { testing = "room" }\n'
        "[[changes]]\nweek = 6\nstructure = { team_hours = 4 }\n"
    )
    now = today(path)
    way = written(own, now)
    move = Plan("x", ((0, Move("kpis", "whole_funnel")), (0, Move("testing", "room"))))
    seen = set()
    for r in range(6):
        drawn = today(in_world(now, 1, r))
        seen.add(drawn.stages[0].levers["steering"])
        first, second, third = way.on(drawn).stages
        alone = move.on(drawn).stages[1]
        assert first == drawn.stages[0]
        assert second.structure == alone.structure
        assert (second.hours_per_person, second.euros) == (
            alone.hours_per_person,
            alone.euros,
        )
        changed = {
            x for x in third.structure if third.structure[x] != second.structure[x]
        }
        assert changed == {"team_hours"} and third.week == 6
    assert len(seen) > 1


def test_plans_from_another_organisation_are_refused(here):
    """One's own plan begins where the others begin; orders go by weekly outcomes."""
    with pytest.raises(InputError, match="begins from another organisation"):
        written("integrated_small", here)
    moves = read_moves(["mandate", "testing"], here)
    with pytest.raises(InputError, match="got 'margin'"):
        PlanDesign(here, moves, outcome="margin")
    with pytest.raises(InputError, match="9 moves; at most 8"):
        PlanDesign(here, moves_of(here)[:9])
    with pytest.raises(InputError, match="all would come at once"):
        PlanDesign(here, moves, outcome="burnout", a_quarter=2)
    three = read_moves(["mandate", "testing", "kpis"], here)
    with pytest.raises(InputError, match=r"in week 26 of 24; take --a-quarter 2"):
        PlanDesign(here, three, outcome="burnout", a_quarter=1)


def test_the_command_plans(tmp_path, capsys):
    """An answer in words with the order, a table and a figure."""
    args = ["plan", "baseline", "mandate", "boundaries", "--replicates", "10"]
    args += ["--sets", "8", "--weeks", "16", "--quiet", "--output", str(tmp_path)]
    assert call([*args, "--outcome", "burnout", "--a-quarter", "2"]) == 2
    assert "--a-quarter: got 2 with 2 moves" in capsys.readouterr().err
    assert call([*args, "--outcome", "burnout"]) == 0
    told = capsys.readouterr().out
    assert "in week 0" in told and "What would flip it" in told
    assert (tmp_path / "plans.png").exists()
    assert (tmp_path / "answer.txt").read_text() in told


# --- ranked -------------------------------------------------------------------------


def made_up(here, gains, seed=1, worlds=60, noise=0.05):
    """Return a ranking in which each plan gains so much burnout, plus noise."""
    moves = moves_of(here)[: len(gains) - 1]
    plans = (Plan("nothing"), *plans_of(moves))
    draw = np.random.default_rng(seed)
    world = draw.normal(size=worlds)
    values = np.zeros((len(plans), worlds, len(OUTCOMES)))
    at = list(OUTCOMES).index("burnout")
    values[..., at] = world + np.array(gains)[:, None]
    values[1:, :, at] += noise * draw.normal(size=(len(plans) - 1, worlds))
    none, made = np.zeros((len(plans), worlds, 0, 0)), np.ones((len(plans), worlds))
    lived = BranchingResult(
        BranchingDesign(here, plans, worlds), values, none, made.astype(bool)
    )
    return Ranking(lived, None, ())


def test_effects_are_paired_and_groups_are_told_apart(here):
    """Worlds differ twenty times more than plans; lower burnout comes first."""
    found = made_up(here, [0.0, 0.0, -0.3, -0.29, 0.4])
    effects = found.effects("burnout")
    assert [x.estimate for x in effects] == pytest.approx(
        [0, -0.3, -0.29, 0.4], abs=0.03
    )
    assert all(x.half_width < 0.03 for x in effects)
    tiers = found.tiers("burnout")
    assert [set(tier) for tier in tiers] == [{2, 3}, {0, 1}, {4}]
    assert found.helps("burnout", 2) == 1 and found.helps("burnout", 4) == 0
    assert levers_document.by_effect(found, "burnout")[-1] == 4


def test_the_first_is_told_only_where_it_beats_doing_nothing(here):
    """Where nothing does, that is what is said."""
    told = levers_document.first(made_up(here, [0, 0.3, 0.3]), "burnout")
    assert "doing nothing may be as good as the best move" in told
    told = levers_document.first(made_up(here, [0, -0.3, 0.3]), "burnout")
    assert "first comes" in told and "cannot be told" not in told
    told = levers_document.first(made_up(here, [0, *[-0.3] * 6]), "burnout")
    assert "may be as good" in told and "So it is with 3 more" in told


def test_groups_are_those_of_the_intervals_beside_them(here):
    """A move whose interval leaves out zero is never in a group that nothing leads."""
    for seed in range(20):
        found = made_up(here, [0, *[0.02 * k for k in range(-3, 4)]], seed, 15, 0.08)
        effects = found.effects("burnout")
        [group] = [tier for tier in found.tiers("burnout") if 0 in tier]
        if group[0] == 0:
            assert all(effects[k - 1].low <= 0 for k in group[1:])
        better = [k for k in range(1, 8) if effects[k - 1].high < 0]
        first = found.tiers("burnout")[0]
        if better and first[0] in better:
            assert 0 not in first


def test_hundreds_of_pairs_are_ranked_in_little_memory():
    """Columns are compared with the first of their group alone."""
    values = np.random.default_rng(1).normal(size=(40, 600)) + np.arange(600) / 50
    tiers = groups(values)
    assert sorted(k for tier in tiers for k in tier) == list(range(600))
    assert tiers[0][0] == int(values.mean(0).argmax())


def test_levers_from_today(here, tmp_path):
    """Effects, shares of worlds and of sets, the road, and what pairs do beyond."""
    moves = read_moves(["mandate", "boundaries"], here)
    found = rank(here, moves, True, 6, 16, folder=tmp_path, workers=2)
    names = [plan.name for plan in found.plans]
    assert names == [
        "nothing",
        "mandate=decides",
        "boundaries=can_refuse",
        "mandate=decides+boundaries=can_refuse",
    ]
    gained = found.here.gained("control")
    assert found.effects("control")[0].estimate == pytest.approx(gained[1].mean())
    beyond = found.interactions("control")[3]
    assert beyond.estimate == pytest.approx((gained[3] - gained[1] - gained[2]).mean())
    share = found.holds("burnout", 1)
    assert share.raw == pytest.approx(
        (found.over_sets.gained("burnout")[1].reshape(4, 16).mean(0) < 0).mean()
    )
    road, lever = found.road(1), lever_table()["mandate"]
    assert road.hours == lever.hours_per_person and road.once > lever.euros
    cost = found.here.gained("cost")[1].mean() * WEEKS / 52
    assert road.weekly * WEEKS + lever.euros == pytest.approx(cost)


def test_an_organisation_without_moves_is_refused(here, monkeypatch):
    """There is nothing to rank."""
    monkeypatch.setattr("experiments.advise.levers.moves_of", lambda _: ())
    with pytest.raises(InputError, match="no lever changes anything here"):
        rank(here)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_ranks_levers(tmp_path, capsys, language):
    """An answer, a table and a figure, in both languages; the same as JSON."""
    args = ["levers", "baseline", "mandate", "testing", "--replicates", "4"]
    args += ["--sets", "4", "--weeks", "12", "--quiet", "--output", str(tmp_path)]
    assert call([*args, "--language", language, "--pairs"]) == 0
    told = capsys.readouterr().out
    words = lever_words()["mandate"]["decides"]
    assert words[language] in told and "{" not in told and "nan" not in told
    assert (tmp_path / "levers.png").stat().st_size > 10_000
    assert (tmp_path / "answer.txt").read_text() in told
    assert call([*args, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert len(document["levers"]) == 2 * len(OUTCOMES)


def test_the_cost_is_told_before_it_starts(tmp_path, capsys):
    """So many runs as are then lived: doing nothing and one move, and three plans."""
    out = ["--weeks", "16", "--output", str(tmp_path)]
    few = ["--replicates", "10", "--sets", "8"]
    assert call(["levers", "baseline", "mandate", *few, *out]) == 0
    assert "84 runs of 16 weeks: about" in capsys.readouterr().err
    assert call(["plan", "baseline", "mandate", "testing", *few, *out]) == 0
    assert "486 runs of 16 weeks: about" in capsys.readouterr().err


def test_outcomes_are_named_together_or_one_by_one(tmp_path, capsys):
    """Both ways give the same; what is unknown is told all at once."""
    args = ["levers", "baseline", "mandate", "--replicates", "4", "--sets", "0"]
    args += ["--weeks", "12", "--quiet", "--output", str(tmp_path), "--outcomes"]
    assert call([*args, "lead_quality,burnout"]) == 0
    together = capsys.readouterr().out
    assert call([*args, "lead_quality", "--outcomes", "burnout"]) == 0
    assert capsys.readouterr().out == together
    assert call([*args, "lead_qualty", "--outcomes", "burnot"]) == 2
    told = capsys.readouterr().err
    assert "did you mean lead_quality?" in told and "did you mean burnout?" in told


def test_each_organisation_has_its_results(tmp_path, monkeypatch):
    """The usual folder has one for each scenario, so that none replaces another's."""
    monkeypatch.chdir(tmp_path)
    few = ["mandate", "--replicates", "4", "--sets", "0", "--weeks", "8", "--quiet"]
    for name in ("assigned", "baseline"):
        assert call(["levers", name, *few]) == 0
        assert (tmp_path / "results" / "levers" / name / "answer.txt").exists()


def test_moves_before_the_scenario_are_told(tmp_path, capsys):
    """With the command as it is meant; and one move has no order."""
    out = ["--output", str(tmp_path)]
    assert call(["plan", "testing", "kpis", "self.toml", *out]) == 2
    assert "moves: self.toml testing kpis" in capsys.readouterr().err
    assert call(["plan", "baseline", "testing", *out]) == 2
    assert "1 move has no order" in capsys.readouterr().err


def test_the_command_refuses_wrong_moves(tmp_path, capsys):
    """With exit code 2 and nothing written."""
    out = tmp_path / "out"
    assert call(["levers", "baseline", "owned", "--output", str(out)]) == 2
    assert "orgsim list --levers" in capsys.readouterr().err
    assert call(["levers", "baseline", "mandat", "--output", str(out)]) == 2
    assert "did you mean mandate?" in capsys.readouterr().err and not out.exists()
