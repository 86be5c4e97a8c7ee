"""The model's own learning rules reproduce March (1991) and Fang et al. (2010)."""

import json

import numpy as np
import pytest
import reference_fang
import reference_march

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.science.docking import dock, fang, fang_steps, groups, march, panels
from experiments.science.docking.march_steps import CODE
from experiments.science.docking.published import shapes, values
from simulation.chance import stream_key
from simulation.rules import strategy, talk

SMALL = {"groups": 12, "size": 6, "dimensions": 30, "periods": 40}


def apart(ours, theirs):
    """Return how many standard errors two samples of means lie apart, per column."""
    variance = [x.var(axis=0, ddof=1) / len(x) for x in (ours, theirs)]
    spread = np.sqrt(sum(variance))
    difference = np.abs(ours.mean(axis=0) - theirs.mean(axis=0))
    return np.divide(
        difference, spread, out=np.zeros_like(spread), where=difference > 0
    )


@pytest.fixture(scope="module")
def marched():
    """March's model at a few replicates, with all its points."""
    return dock("march", replicates=100, seed=1)


def test_the_rules_are_the_models_own():
    """What is docked are the functions that organisations live by, not copies."""
    for name in ("weigh_voices", "adopt_code", "socialise"):
        assert getattr(march, name) is getattr(strategy, name)
    assert fang.choose_exchanges is talk.choose_exchanges
    assert fang_steps.talk is talk.talk


@pytest.mark.parametrize(
    "setting",
    [
        march.MarchSetting(0.1, 0.5, periods=60),
        march.MarchSetting(0.9, 0.9, periods=60),
        march.MarchSetting(0.5, 0.1, periods=60),
        march.MarchSetting(0.9, p3=0.1, periods=60),
        march.MarchSetting(0.5, p3=0.1, p4=0.02, periods=60),
    ],
)
def test_march_as_an_independent_program_has_it(setting):
    """The code knows as much as in plain numpy, after 2, 5, 20 and 60 periods."""
    rng = np.random.default_rng(7)
    at = [2, 5, 20, 60]
    s = setting
    ours = np.array([march.run(s, 1, k)[0][at, CODE] for k in range(400)])
    theirs = np.array(
        [
            reference_march.run(rng, s.p1, s.p2, s.p3, s.p4, s.periods)[at]
            for _ in range(150)
        ]
    )
    assert (apart(ours, theirs) < 4).all()


@pytest.mark.parametrize(("beta", "s"), [(0.0, 1), (0.1, 2), (0.3, 3), (1.0, 1)])
@pytest.mark.parametrize(("p3", "p4"), [(0.0, 0.0), (0.02, 0.02)])
def test_fang_as_an_independent_program_has_it(beta, s, p3, p4):
    """Mean payoff is that of plain numpy, after 0, 3, 10 and 40 periods."""
    rng = np.random.default_rng(8)
    at = [0, 3, 10, 40]
    setting = fang.FangSetting(beta, s, p3, p4, **SMALL)
    ours = np.array([fang.run(setting, 1, k)[0][at] for k in range(200)])
    sizes = (SMALL["groups"], SMALL["size"], SMALL["dimensions"], SMALL["periods"])
    theirs = np.array(
        [reference_fang.run(rng, beta, s, *sizes, p3, p4)[at] for _ in range(60)]
    )
    assert (apart(ours, theirs) < 4).all()


def test_march_gives_the_published_numbers(marched):
    """All 27 means of the replication of Figure 1 agree with ours."""
    known = marched.points.dropna(subset="published")
    assert len(known) == 27
    assert (known["agrees"] == "yes").sum() >= 26


def test_march_has_the_published_shapes(marched):
    """Each published ordering is there, its interval above 0; all runs settle."""
    assert list(marched.shapes["agrees"]) == ["yes"] * len(shapes("march"))
    assert marched.cut_off == 0


def test_fang_has_the_published_shapes():
    """A few links beat isolation and random ties at the end, not at the start."""
    settings = [fang.FangSetting(beta, 3, periods=300) for beta in (0.0, 0.1, 1.0)]
    runs = [np.array([fang.run(x, 1, k)[0] for k in range(20)]) for x in settings]
    isolated, few, random = (run[:, [20, 300]].mean(axis=0) for run in runs)
    assert isolated[0] < few[0] < random[0]
    assert isolated[1] < random[1] < few[1]


def test_points_have_what_is_published():
    """Every published place is one of the points, and named once."""
    for model, points in panels.POINTS.items():
        places = [point.place for point in points()]
        assert len(set(places)) == len(places)
        assert set(values(model)) <= set(places)
        for shape in shapes(model):
            assert shape.more in places and shape.less in places


@pytest.mark.parametrize("beta", [0.0, 0.2, 1.0])
def test_ties_move_between_groups(beta):
    """As many ties stay as were, none doubled, nobody with more than can be weighed."""
    ties, _ = groups.wired(40, 7, beta, stream_key(1, 0))
    pairs = set(zip(ties.a.tolist(), ties.b.tolist(), strict=True))
    assert len(pairs) == len(ties) == 40 * 21
    assert np.bincount(np.concatenate([ties.a, ties.b])).max() <= talk.MOST_VOTES
    moved = np.mean(ties.a // 7 != ties.b // 7)
    assert abs(moved - beta) <= 4 * np.sqrt(beta * (1 - beta) / len(ties))


@pytest.mark.parametrize(("s", "paid"), [(1, 5), (2, 4), (3, 3), (5, 1)])
def test_payoff_comes_in_whole_blocks(s, paid):
    """Of six dimensions the third is wrong; the last block may be smaller."""
    right = np.array([[0b111011]], np.uint64)
    assert fang_steps.payoff(right, s, 6) == paid


def test_the_command_writes_what_it_tells(tmp_path, capsys):
    """Tables, figures and a caption are there, and the JSON document is whole."""
    args = ["dock", "march", "--replicates", "5", "--quiet", "--language", "nl"]
    assert call([*args, "--json", "--output", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["march"]["replicates"] == 5 and told["march-shapes"]
    names = {path.name for path in tmp_path.iterdir()}
    tables = {"manifest.json", "march-points.csv", "march-shapes.csv"}
    tables |= {"answer.txt", "march.txt", "march.csv"}
    assert names == tables | {f"march.{x}" for x in ("svg", "png", "pdf")}


def test_a_mistyped_model_is_named(capsys):
    """The nearest model is told."""
    assert call(["dock", "mrach"]) == 2
    assert "did you mean march?" in capsys.readouterr().err


@pytest.mark.parametrize(("model", "replicates"), [("nk", 5), ("march", 1)])
def test_what_cannot_be_docked(model, replicates):
    """Unknown models and single runs are refused before anything runs."""
    with pytest.raises(InputError):
        dock(model, replicates)
