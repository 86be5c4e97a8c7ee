"""What a fit leaves: a scenario with what is now known, its draws, tables and words."""

import json
from collections.abc import Mapping
from pathlib import Path

from experiments.errors import InputError
from experiments.files.table_files import write_csv
from experiments.fit.own_data.figures import draw
from experiments.fit.own_data.fitted import (
    Fit,
    draws_table,
    statistics_table,
    unknowns_table,
    weekly_table,
)
from experiments.fit.own_data.text import as_text
from experiments.scenario_files.new_scenario import reference
from experiments.show.folder import staged
from experiments.words.numerals import say
from simulation.scenario import Scenario

DRAWS = "posterior.csv"
SCENARIO = "fitted.toml"


def save(fit: Fit, folder: Path, language: str = "en", style: str = "slide") -> str:
    """Write everything into `folder`, and return the answer in words."""
    text = as_text(fit, language)
    with staged(folder) as aside:
        write_csv(draws_table(fit), aside / DRAWS)
        write_csv(unknowns_table(fit), aside / "unknowns.csv")
        write_csv(statistics_table(fit), aside / "statistics.csv")
        write_csv(weekly_table(fit), aside / "weekly.csv")
        toml = scenario_text(fit, folder / SCENARIO)
        (aside / SCENARIO).write_text(toml, encoding="utf-8")
        (aside / "answer.txt").write_text(text + "\n", encoding="utf-8")
        draw(fit, aside, language, style)
    return text


def scenario_text(fit: Fit, file: Path) -> str:
    """Return the scenario file of a fit, to be written to `file` beside its draws."""
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
        f"based_on = {_quoted(reference(base, file))}",
        *['as_is = "self"'] * _always_so(base),
        "",
        "[unknown]",
        f"draws = {_quoted(DRAWS)}",
    ]
    return "\n".join(lines) + "\n"


def _always_so(base: Scenario) -> bool:
    """Tell whether a scenario is its own as-is, so that what was fitted is one too."""
    return base.as_is is base


def _question(texts: Mapping[str, str]) -> list[str]:
    return [f"question = {_table(texts)}"] if all(texts.values()) else []


def _table(texts: Mapping[str, str]) -> str:
    inner = ", ".join(f"{key} = {_quoted(text)}" for key, text in texts.items())
    return f"{{ {inner} }}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
