"""Pages measure, compare and say what Python does, over thousands of results."""

import json
import math
import subprocess
from pathlib import Path

import machine
import numpy as np
import pytest
from numpy.testing import assert_allclose

from experiments.browser.tables import (
    TOGETHER,
    lever_entries,
    outcome_entry,
    quantiles,
    sentence_words,
    series_columns,
)
from experiments.compare.over_time import detour, on_the_way
from experiments.share.choices import PageChoice, choice_base
from experiments.statistics.intervals import t_interval
from experiments.statistics.paired import (
    compare,
    good_sign,
    level_together,
    paired_difference,
)
from experiments.statistics.verdicts import (
    clear_sign,
    is_settled,
    verdict_on,
    worlds_to_settle,
)
from experiments.words import phrases
from experiments.words.outcome_text import pair_texts
from simulation.ensemble import simulate
from simulation.measures import summarise, weekly
from simulation.outcomes import LANGUAGES, OUTCOMES
from simulation.scenario import read
from simulation.tables import STRUCTURE, lever_table

HERE = Path(__file__).parent
DETOURED = ("lead_quality", "burnout", "ownership")
WEEKS_AHEAD = (20, 26, 52, 104, 208)
HOURS = ("testing_hours", "team_hours", "side_work_hours", "marketing_sales_hours")


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Return a function that answers cases in Node."""
    folder = tmp_path_factory.mktemp("answers")
    tables = {
        "outcomes": [outcome_entry(one) for one in OUTCOMES.values()],
        "levers": lever_entries(),
        "quantiles": quantiles(),
        "words": sentence_words(),
        "columns": series_columns(),
    }
    node = machine.program("node")
    (folder / "tables.json").write_text(json.dumps(tables))

    def answer(cases):
        (folder / "cases.json").write_text(json.dumps(cases))
        files = (HERE / "answer.mjs", folder / "tables.json", folder / "cases.json")
        done = subprocess.run([node, *files], capture_output=True, check=True)
        return json.loads(done.stdout)

    return answer


def plain(values):
    """Return numbers for JSON, null where missing."""
    return [x if math.isfinite(x) else None for x in map(float, values)]


def random_pair(draw):
    """Return two samples of the same worlds: of many sizes, skewed, some missing."""
    n = int(draw.choice([1, 2, 3, 9, 12, 19, 20, 21, 64, 130, 200, 399]))
    scale = 10.0 ** draw.uniform(-4, 6)
    shared = draw.gamma(draw.choice([0.2, 1.0, 20.0]), size=n)
    apart = draw.normal(draw.choice([0, 0, 0.02, 0.3]), 10.0 ** draw.uniform(-4, 0), n)
    a, b = scale * shared, scale * (shared + apart)
    if draw.random() < 0.1:
        b = a + (draw.random() < 0.5) * 0.01
    for side in (a, b):
        if draw.random() < 0.2:
            side[draw.random(n) < 0.3] = math.nan
    return a, b


def numbers(values):
    """Return what Node gives, with its missing numbers."""
    return [math.nan if x == "nan" else x for x in values]


def test_intervals_verdicts_and_texts_are_python_s(answered):
    """Three thousand random comparisons: numbers to rounding, texts to the letter."""
    draw = np.random.default_rng(11)
    cases, expected = [], []
    for _ in range(3000):
        name, language = draw.choice(sorted(OUTCOMES)), str(draw.choice(LANGUAGES))
        a, b = random_pair(draw)
        together = int(draw.choice(TOGETHER))
        expected.append((a, b, OUTCOMES[name], together, language))
        cases.append(
            {"kind": "compared", "outcome": name, "a": plain(a), "b": plain(b)}
            | {"together": together, "language": language}
        )
    for found, (a, b, outcome, together, language) in zip(
        answered(cases), expected, strict=True
    ):
        one = compare(a, b)
        d = one.difference
        if together > 1:
            d = t_interval(b - a, level_together(together))
            one = type(one)(**{**vars(one), "difference": d})
        ends = (one.a.estimate, one.b.estimate, d.estimate, d.low, d.high, d.sd)
        size = max(abs(x) for x in ends if math.isfinite(x)) if d.n else 1
        assert_allclose(numbers(found["ends"]), ends, rtol=1e-9, atol=1e-12 * size)
        matters = outcome.smallest_difference
        assert found["verdict"] == verdict_on(d, matters)
        assert found["settled"] == is_settled(d, matters)
        needed = worlds_to_settle(d, matters) or 0
        assert found["needed"] == pytest.approx(needed, rel=1e-9)
        sign = 0 if outcome.good == "neutral" else clear_sign(d, matters)
        good = sign == good_sign(outcome.good)
        assert found["side"] == ("" if not sign else "good" if good else "bad")
        texts = found["texts"]
        assert tuple(texts[x] for x in ("a", "b", "difference")) == tuple(
            pair_texts(one, outcome, language)
        )
        assert found["word"] == phrases.judgement(d, outcome, language)


def test_detours_are_python_s(answered):
    """Six hundred pairs that differ before the end or not: found and told alike."""
    draw = np.random.default_rng(14)
    cases, expected = [], []
    for _ in range(600):
        language, name = str(draw.choice(LANGUAGES)), str(draw.choice(DETOURED))
        worlds, weeks = int(draw.integers(2, 40)), int(draw.choice(WEEKS_AHEAD))
        matters = OUTCOMES[name].smallest_difference
        base = draw.gamma(3.0, 0.05, (worlds, weeks))
        dip = matters * draw.choice([0, 1, 3, -5]) * (np.arange(weeks) // 13 == 1)
        other = base + dip + draw.normal(0, matters, (worlds, weeks))
        other[draw.random(other.shape) < 0.05] = math.nan
        found = detour(name, base, other)
        expected.append(
            found and [found.first, found.last, on_the_way(found, language)]
        )
        rows = {"base": base, "other": other}
        cases.append(
            {"kind": "detour", "outcome": name, "language": language}
            | {key: [plain(row) for row in x] for key, x in rows.items()}
        )
    assert answered(cases) == expected
    assert sum(one is not None for one in expected) > 100


def test_sentences_are_python_s(answered):
    """A thousand random answers on one to four outcomes, letter by letter."""
    draw = np.random.default_rng(12)
    cases, expected = [], []
    for _ in range(1000):
        language = str(draw.choice(LANGUAGES))
        chosen = draw.choice(sorted(OUTCOMES), int(draw.integers(1, 5)), replace=False)
        pairs = {str(name): random_pair(draw) for name in chosen}
        found = {name: paired_difference(*pair) for name, pair in pairs.items()}
        expected.append(phrases.headline("Trying it", found, language, "Today"))
        rows = [[name, plain(a), plain(b)] for name, (a, b) in pairs.items()]
        cases.append(
            {"kind": "told", "language": language, "pairs": rows}
            | {"scenario": "Trying it", "base": "Today"}
        )
    assert answered(cases) == expected


def test_outcomes_are_measured_as_in_python(answered):
    """All outcomes of lived worlds, week by week and as one number."""
    names = ("baseline", "owned", "steered_on_direction")
    lived = [
        simulate(read(name), seed=3, replicate=r) for r in (0, 5) for name in names
    ]
    cases, expected = [], []
    for k, run in enumerate(lived):
        baseline = lived[k - k % 3].series if k % 3 else None
        flat = [
            None if x is None else plain(x.view(float).reshape(-1))
            for x in (run.series, run.probe, baseline)
        ]
        cases.append(
            dict(zip(("series", "probe", "baseline"), flat, strict=True))
            | {"kind": "measured", "shock_week": run.shock_week}
        )
        one = summarise(
            run.series, run.probe, baseline=baseline, shock_week=run.shock_week
        )
        expected.append([(one[name], weekly(run.series, name)) for name in OUTCOMES])
    for found, wanted in zip(answered(cases), expected, strict=True):
        for (value, weeks), (number, series) in zip(found, wanted, strict=True):
            assert_allclose(numbers([value]), [number], rtol=1e-12)
            assert_allclose(numbers(weeks), series, rtol=1e-9, atol=1e-9)


def random_choice(draw):
    """Return random levers of the as-is, and moves and numbers by week."""
    table = lever_table()

    def setting(name):
        return str(draw.choice(list(table[name].settings)))

    some = [str(x) for x in draw.choice(sorted(table), 4, replace=False)]
    weeks = [0, *(int(x) for x in draw.integers(0, 60, 2))]
    plan = {(w, str(n)) for w in weeks for n in draw.choice(sorted(table), 3)}
    numbers = []
    for name in draw.choice(HOURS, 2, replace=False):
        row = STRUCTURE[str(name)]
        numbers.append([int(draw.choice(weeks)), str(name), (row.low + row.high) / 2])
    return {
        "levers": {name: setting(name) for name in some},
        "plan": sorted([w, n, setting(n)] for w, n in plan),
        "numbers": sorted(numbers),
    }


def test_levers_become_the_same_stages(answered):
    """Two hundred random choices on shipped organisations, each number of each."""
    draw = np.random.default_rng(13)
    cases, expected = [], []
    for _ in range(200):
        base = read(str(draw.choice(["baseline", "integrated_small", "owned"])))
        choice = random_choice(draw)
        cases.append({"kind": "resolved", "base": choice_base(base), "choice": choice})
        rows = (tuple(map(tuple, choice[x])) for x in ("plan", "numbers"))
        expected.append(PageChoice(choice["levers"], *rows).scenarios(base)[1])
    for found, to_be in zip(answered(cases), expected, strict=True):
        assert len(found["toBe"]) == len(to_be.stages)
        assert found["asIs"] == found["toBe"][:1]
        for stage, wanted in zip(found["toBe"], to_be.stages, strict=True):
            assert stage["week"] == wanted.week
            assert stage["structure"] == dict(wanted.structure)
            assert stage["levers"] == dict(wanted.levers)
            assert stage["hours"] == wanted.hours_per_person
            assert stage["euros"] == wanted.euros
