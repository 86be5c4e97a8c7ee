"""Signs fixed by construction: complete, well-formed, and not contradicted by runs."""

import math
from dataclasses import replace

import pytest

from experiments.science.signs import (
    PAGE,
    by_construction,
    fixed_signs,
    page,
    read_signs,
)
from experiments.statistics.paired import paired_difference
from simulation.measures import summarise
from simulation.model import simulate
from simulation.scenario import read, vary
from simulation.tables import lever_table

AT_HIRING = ("marketing_staff", "profiles", "hiring", "phase", "sector")
"""Levers that act through who is hired, or describe the world: set from the start."""


def test_the_page_is_that_of_the_list():
    """`python -m experiments.science.signs` has been run since the list changed."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_setting_has_been_worked_through():
    """A lever or setting that is missing or unknown is refused, all at once."""
    fixed_signs()
    wrong = {"mandate": {"rules": {}, "decides": {"joy": {"sign": "0"}}}}
    with pytest.raises(ValueError, match="absent: has no entry") as refused:
        read_signs(wrong)
    for text in ("mandate.rules: unknown setting", "joy: unknown outcome", "sign '0'"):
        assert text in str(refused.value)


def test_moves_between_settings_find_their_signs():
    """Going back turns a sign; settings that stay bring none to bear."""
    levers = {name: lever.baseline for name, lever in lever_table().items()}
    decides = levers | {"mandate": "decides"}
    (sign,) = by_construction(levers, decides, "control")
    assert (sign.lever, sign.sign) == ("mandate", 1)
    assert by_construction(decides, levers, "control")[0].sign == -1
    assert not by_construction(levers, decides, "lead_quality")
    assert not by_construction(decides, decides, "control")


def _scenario(lever, setting):
    scenario = vary(read("baseline"), levers={lever: setting})
    if lever in AT_HIRING:
        start = replace(scenario.stages[-1], week=-scenario.warm_up_weeks)
        scenario = replace(scenario, stages=(start,))
    return scenario


@pytest.mark.slow
def test_no_run_contradicts_a_fixed_sign():
    """None of the listed signs comes out the other way, beyond its interval."""
    worlds, runs, contradicted = 10, {}, []
    for r in range(worlds):
        runs["", "", r] = summarise(simulate(read("baseline"), 1, r, None).series)
    for sign in fixed_signs():
        key = sign.lever, sign.setting
        for r in range(worlds):
            if (*key, r) not in runs:
                series = simulate(_scenario(*key), 1, r, None).series
                runs[*key, r] = summarise(series)
        before = [runs["", "", r][sign.outcome] for r in range(worlds)]
        after = [runs[*key, r][sign.outcome] for r in range(worlds)]
        found = paired_difference(before, after, level=0.99)
        furthest = found.high if sign.sign > 0 else -found.low
        if not math.isnan(furthest) and furthest < 0:
            contradicted.append((*key, sign.outcome, found.estimate))
    assert not contradicted
