"""The audit from outside: parameters in, outcomes out, and four ways to rebuild."""

import json

import numpy as np
import pytest

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.science.audit import audited, turns
from experiments.science.audit.rebuilding import other_seed, relabelled_chart
from experiments.science.audit.robustness import ScenarioContrast, robustness, verdict
from experiments.statistics.intervals import t_interval
from simulation.ensemble import simulate
from simulation.ensemble.live import phase_lines
from simulation.founding import Founder
from simulation.organisation import draw_chart
from simulation.outcomes import OUTCOMES, SERIES_RECORD
from simulation.rules import strain as strain_rules
from simulation.scenario import read, vary
from simulation.state import INFORMAL, LAYERS, LINE, MEETING, TEAM
from simulation.week import EVERYONE

SHORT = {"weeks": 30, "replicates": 3}
HEADLINES = ("lead_quality", "learning_speed", "burnout")


def bits(outcomes):
    """Return outcomes as bytes, so that nan equals nan."""
    return {name: values.tobytes() for name, values in outcomes.items()}


@pytest.fixture(scope="module")
def plain():
    """Outcomes of the baseline as it is, in many worlds."""
    return audited(replicates=60, outcomes=HEADLINES)


def test_seats_are_what_the_ensemble_gives():
    """Without anything asked for, the audit gives what runs of the scenario give."""
    found = audited("owned", weeks=104, replicates=2, outcomes=["burnout"])
    run = simulate(read("owned"), replicate=1)
    last = run.series[-26:]
    share = np.mean(last["makers_complaints"] / last["makers"])
    assert found["burnout"].shape == (2,)
    assert found["burnout"][1] == pytest.approx(share)


@pytest.mark.parametrize("order", ["reversed", "shuffled"])
@pytest.mark.parametrize("scenario", ["owned", "matrix_small", "quarterly_evaluation"])
def test_order_of_turns_changes_no_bit(scenario, order):
    """Phases are synchronous: whoever acts first, every outcome has the same bits."""
    assert bits(audited(scenario, order=order, **SHORT)) == bits(
        audited(scenario, **SHORT)
    )


def test_turns_are_dealt_out():
    """Each order is a permutation of the seats, and not that of the seats."""
    state = Founder(read("baseline")).found(1, 0)
    size = len(state.people)
    dealt = []
    for order in turns.RANKS:
        life = turns._Life(
            state.copy(), np.zeros(1, SERIES_RECORD), turns.week_in(order)
        )
        life.until(-51)
        dealt.append(life._arrays[-2].tolist())
    assert dealt[0] == list(range(size))[::-1]
    assert sorted(dealt[1]) == list(range(size)) != dealt[1]


def test_an_order_that_matters_would_be_found(monkeypatch):
    """Where exhaustion counts at once instead of after the phase, turns do matter."""
    head, loop = turns.week_source().splitlines()[:2]
    each = "        for i in range(people.shape[0]):"
    strain = phase_lines(EVERYONE, (strain_rules.strain, strain_rules.settle))[1:]
    week = [head, loop, each, *("        " + line for line in strain)]
    week += ["        firm[0].week += 1"]
    monkeypatch.setattr(turns, "week_source", lambda: "\n".join(week))
    founder, felt = Founder(read("baseline")), []
    for order in turns.RANKS:
        state = founder.found(1, 0)
        state.ties.contact[:] = 1.0
        state.parameters.contagion = 0.1
        nothing = np.zeros(1, SERIES_RECORD)
        turns._Life(state, nothing, turns.week_in.__wrapped__(order)).until(-48)
        felt.append(state.people.exhaustion)
    assert not np.array_equal(*felt)
    assert felt[0] == pytest.approx(felt[1], abs=0.1)


def test_only_one_loop_can_be_rearranged():
    """With `only`, one loop over people has another order: to find who is to blame."""
    whole = turns.source_in("reversed").count("turns[j]")
    assert turns.source_in("reversed", only=3).count("turns[j]") == 1 < whole


@pytest.mark.parametrize("other", [{"relabelled": 1}, {"stream": 1}])
def test_other_draws_are_other_worlds_alike_in_distribution(plain, other):
    """Relabelled people and other streams give other worlds, but no other means."""
    found = audited(replicates=60, outcomes=HEADLINES, **other)
    for name, values in plain.items():
        one, two = t_interval(values), t_interval(found[name])
        error = np.hypot(one.sd / np.sqrt(one.n), two.sd / np.sqrt(two.n))
        assert found[name].tobytes() != values.tobytes()
        assert abs(one.estimate - two.estimate) < 4 * error


def test_relabelling_moves_keys_and_nothing_else():
    """The same seats with the same keys among them, in another order of records."""
    what = read("baseline")
    before, after = draw_chart(what), relabelled_chart(what, 2)
    assert sorted(x.key for x in before.seats) == [x.key for x in after.seats]
    assert {x.name: x.manager for x in before.seats} == {
        x.name: x.manager for x in after.seats
    }
    assert [x.name for x in before.seats] != [x.name for x in after.seats]
    assert before.choices == after.choices
    assert relabelled_chart(what, 3).seats != after.seats
    assert relabelled_chart(what, 0) == before


def test_streams_are_seeds_of_their_own():
    """Stream 0 is the seed itself; others are seeds that no two streams share."""
    seeds = [other_seed(seed, stream) for seed in range(3) for stream in range(50)]
    assert [other_seed(seed, 0) for seed in range(3)] == [0, 1, 2]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**63 for seed in seeds)


def contact(scenario):
    """Return contact hours a week per person by layer, and the number of seats."""
    state = Founder(scenario).found(1, 0)
    size = len(state.people)
    layers = state.ties.layer
    hours = [state.hours[0][layers == k].sum() for k in range(len(LAYERS))]
    return 2 * np.array(hours) / size, state


def test_scale_doubles_heads_and_keeps_density():
    """Twice the heads, as many hours and informal ties per person, as many choices."""
    what = read("baseline")
    names = ("marketeers", "communicators", "sales", "product", "externals")
    heads = {name: 2 * getattr(what.organisation, name) for name in names}
    heads |= {"finance": 4, "hr": 4, "customer_success": 6}
    (one, small), (two, large) = contact(what), contact(vary(what, organisation=heads))
    assert len(large.people) == pytest.approx(2 * len(small.people), abs=3)
    found = audited("baseline", scale=2, weeks=1, replicates=1, outcomes=["ownership"])
    same = audited(
        vary(what, organisation=heads), weeks=1, replicates=1, outcomes=["ownership"]
    )
    assert bits(found) == bits(same)
    for layer in (LINE, TEAM, MEETING, INFORMAL):
        assert two[layer] == pytest.approx(one[layer], rel=0.25)
    assert two.sum() == pytest.approx(one.sum(), rel=0.1)
    assert large.firm["items"][0] == pytest.approx(2 * small.firm["items"][0], rel=0.05)


def test_parameters_go_in_and_outcomes_come_out():
    """Numbers of one's own change what comes out, and no others do."""
    before = audited(**SHORT)
    assert tuple(before) == tuple(OUTCOMES)
    harder = audited(parameters={"score_intercept": -0.5}, **SHORT)
    assert harder["burnout"].mean() > before["burnout"].mean()
    tested = audited(
        structure={"testing_hours": 6}, levers={"mandate": "decides"}, **SHORT
    )
    assert tested["ownership"].mean() > before["ownership"].mean()
    assert bits(audited(parameters={}, levers={}, **SHORT)) == bits(before)


def test_the_same_arguments_give_the_same_bytes():
    """Neither the number of threads nor a second call changes a bit."""
    asked = {"relabelled": 3, "stream": 2, "scale": 2, "order": "shuffled"} | SHORT
    first = bits(audited("owned", workers=1, **asked))
    assert first == bits(audited("owned", workers=3, **asked))
    asked["order"] = "seats"
    assert first == bits(audited("owned", workers=2, **asked))


def test_all_mistakes_are_told_at_once():
    """Every wrong argument with what was received, what is allowed, what is near."""
    with pytest.raises(InputError) as caught:
        audited(
            "baseline",
            parameters={"restt": 1},
            levers={"mandate": "decide"},
            weeks=0,
            seed=-1,
            replicates=2.5,
            order="revered",
            stream=True,
            outcomes=["burnot"],
        )
    told = str(caught.value)
    for part in (
        "seed: must be a whole number (got -1); allowed 0 to",
        "replicates: must be a whole number (got 2.5)",
        "stream: must be a whole number (got True)",
        "order: unknown name (got 'revered'); did you mean reversed?",
        "outcomes: unknown name (got 'burnot'); did you mean burnout?",
        "parameters.restt: unknown key (got 1)",
        "did you mean rest?",
        'did you mean "decides"?',
        "run.weeks: too low (got 0)",
    ):
        assert part in told


def test_people_of_ones_own_cannot_be_multiplied(tmp_path):
    """A table of people has no head counts to double."""
    rows = "name,role,department\nann,leader,marketing\nbob,marketeer,marketing\n"
    (tmp_path / "people.csv").write_text(rows + "cat,sales,sales\n")
    text = 'title = "Own"\nquestion = "Who?"\nbased_on = "baseline"\n'
    (tmp_path / "own.toml").write_text(f'{text}[organisation]\npeople = "people.csv"\n')
    with pytest.raises(InputError, match="scale: own has people or a graph of its own"):
        audited(tmp_path / "own.toml", scale=2)


def test_verdicts():
    """Same within what matters, differs beyond zero, unclear otherwise."""
    values = np.array([1.0, 1.1, 0.9, 1.0])
    assert verdict(t_interval(values), 2.0) == "same"
    assert verdict(t_interval(values), 0.5) == "differs"
    assert verdict(t_interval(values - 1.0), 0.01) == "unclear"
    assert verdict(t_interval(values[:1]), 2.0) == "unclear"


def test_robustness_refuses_what_is_not_there():
    """All unknown scenarios and outcomes at once."""
    with pytest.raises(InputError) as caught:
        robustness([ScenarioContrast("ownd", "assignd", ("burnot",))])
    for near in ("did you mean burnout?", "did you mean owned?", "assigned?"):
        assert near in str(caught.value)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_command_prints_and_writes_a_table(tmp_path, capsys, language):
    """Sentences and a table on screen, numbers in files, the same bytes each time."""
    args = ["robustness", "--replicates", "2", "--weeks", "3", "--language", language]
    args += ["--output", str(tmp_path / "out"), "--quiet"]
    assert call(args) == 0
    said = capsys.readouterr().out
    assert "Reversed: all 20 effects" in said or "Omgekeerd: alle 20" in said
    rows = (tmp_path / "out" / "robustness.csv").read_bytes()
    assert rows.count(b"\n") == 1 + 20 * 5
    assert call([*args, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["robustness"]
    assert {row["verdict"] for row in found if row["implementation"] == "reversed"} == {
        "same"
    }
    assert (tmp_path / "out" / "robustness.csv").read_bytes() == rows
