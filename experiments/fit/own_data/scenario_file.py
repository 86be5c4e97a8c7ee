"""The scenario file of a fit: the organisation with its posterior."""

from collections.abc import Mapping
from pathlib import Path

from experiments.errors import InputError
from experiments.fit.interview.answer_files import toml
from experiments.fit.own_data.fitted import Fit
from experiments.scenario_files.new_scenario import reference
from experiments.words.numerals import say
from simulation.scenario import Scenario

DRAWS = "posterior.csv"
SCENARIO = "fitted.toml"


def scenario_text(fit: Fit, file: Path) -> str:
    """Return the text of a fit's scenario file, for `file` beside its draws."""
    base = fit.scenario.scenario
    if base is None:
        raise InputError(f"{fit.scenario.name}: has no scenario to be based on")
    title = {
        language: say("fit_title", language, title=text)
        for language, text in fit.scenario.title.items()
    }
    lines = [
        *(f"# {line}" for line in say(f"fit_toml_{fit.check.verdict}").splitlines()),
        f"title = {_table(title)}",
        *_question(fit.scenario.question),
        f"based_on = {toml(reference(base, file))}",
        *['as_is = "self"'] * _always_so(base),
        "",
        "[unknown]",
        f"draws = {toml(DRAWS)}",
    ]
    return "\n".join(lines) + "\n"


def _always_so(base: Scenario) -> bool:
    """Return whether a scenario is its own as-is; the fitted one then is too."""
    return base.as_is is base


def _question(texts: Mapping[str, str]) -> list[str]:
    return [f"question = {_table(texts)}"] if all(texts.values()) else []


def _table(texts: Mapping[str, str]) -> str:
    inner = ", ".join(f"{key} = {toml(text)}" for key, text in texts.items())
    return f"{{ {inner} }}"
