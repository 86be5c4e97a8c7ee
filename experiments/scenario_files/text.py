"""The output of `orgsim list` and `orgsim show`, in English and Dutch.

In both languages numbers are written as in a scenario file.
"""

from collections.abc import Mapping
from dataclasses import asdict

import click

from experiments.scenario_files.description import (
    Difference,
    ShippedScenario,
    differences,
)
from experiments.words.numerals import say
from experiments.words.phrases import not_known
from experiments.words.plain_tables import print_table
from simulation.scenario import ResolvedScenario, Stage, idle_levers
from simulation.scenario_draws import is_switch, row_of
from simulation.tables import lever_table

Words = Mapping[str, str]

WORDS: Mapping[str, Words] = {
    "en": {
        "starting_points": "Starting points",
        "several": "Several conditions at once",
        "numbers": "Numbers set directly",
        "over_time": "Over time",
        "based_on": "Based on",
        "as_is": "Before week 0",
        "followed": "Followed for",
        "weeks": "weeks",
        "organisation": "Organisation, leaders on top",
        "levers": "Levers",
        "structure": "Structural numbers",
        "leave": "Leavers",
        "parameters": "Parameters",
        "differs": "that differ from",
        "nothing": "Nothing differs from",
        "before": "before",
        "week": "week",
        "from_week": "from week",
        "effort": "Effort of the change",
        "per_person": "hours per person",
        "euros": "euros",
        "idle": "Idle levers",
        "name": "name",
        "setting": "setting",
        "value": "value",
        "source": "where from",
    },
    "nl": {
        "starting_points": "Vertrekpunten",
        "several": "Meerdere voorwaarden tegelijk",
        "numbers": "Rechtstreeks gezette getallen",
        "over_time": "In de tijd",
        "based_on": "Gebaseerd op",
        "as_is": "Vóór week 0",
        "followed": "Gevolgd gedurende",
        "weeks": "weken",
        "organisation": "Organisatie, leidinggevenden komen erbij",
        "levers": "Knoppen",
        "structure": "Structuurgetallen",
        "leave": "Vertrekkers",
        "parameters": "Parameters",
        "differs": "die verschillen van",
        "nothing": "Niets verschilt van",
        "before": "vooraf",
        "week": "week",
        "from_week": "vanaf week",
        "effort": "Inspanning van de verandering",
        "per_person": "uur per persoon",
        "euros": "euro",
        "idle": "Knoppen zonder uitwerking",
        "name": "naam",
        "setting": "stand",
        "value": "waarde",
        "source": "waarvandaan",
    },
}


def print_shipped(rows: list[ShippedScenario], language: str) -> None:
    """Print the names and questions of scenarios under a heading for each group."""
    for group in dict.fromkeys(row.group for row in rows):
        click.echo(_group_heading(group, language))
        inside = [(r.name, r.question[language]) for r in rows if r.group == group]
        print_table(("", ""), inside, indent=2)


def _group_heading(group: str, language: str) -> str:
    lever = lever_table().get(group)
    return f"{group} ({lever.condition})" if lever else WORDS[language][group]


def print_scenario(
    resolved: ResolvedScenario,
    other: ResolvedScenario | None,
    everything: bool,
    language: str,
) -> None:
    """Print the values of a resolved scenario, and its differences from another one.

    Without another one, or with `everything`, all numbers are printed.
    """
    words = WORDS[language]
    _print_head(resolved, words, language)
    if other:
        _print_differences(resolved, other, words)
    if everything or not other:
        _print_all(resolved, words)
    _print_unknown(resolved, words, language)
    _print_effort(resolved, words)
    _print_idle(resolved.stages, words)


def _print_head(resolved: ResolvedScenario, words: Words, language: str) -> None:
    scenario = resolved.scenario
    click.echo(f"{resolved.name}: {resolved.title[language]}")
    if resolved.question[language]:
        click.echo(resolved.question[language])
    if scenario and scenario.base:
        click.echo(f"{words['based_on']}: {scenario.base.name}")
    if scenario:
        weeks = f"{resolved.warm_up_weeks} {words['weeks']}"
        click.echo(f"{words['as_is']} ({weeks}): {scenario.as_is.name}")
    click.echo(f"{words['followed']} {resolved.weeks} {words['weeks']}")
    click.echo(f"{words['organisation']}: {_people(resolved)}")
    if resolved.leavers:
        texts = [f"{who} ({words['week']} {week})" for week, who in resolved.leavers]
        click.echo(f"{words['leave']}: {', '.join(texts)}")


def _people(resolved: ResolvedScenario) -> str:
    counts = {} if resolved.people_file else asdict(resolved.organisation)
    files = [str(x) for x in (resolved.people_file, resolved.network_file) if x]
    return ", ".join([f"{name} {value:g}" for name, value in counts.items()] + files)


def _print_differences(
    resolved: ResolvedScenario, other: ResolvedScenario, words: Words
) -> None:
    found = differences(resolved, other)
    if not found:
        click.echo(f"\n{words['nothing']} {other.name}.")
    for table in ("organisation", "levers", "structure", "leave", "parameters"):
        rows = [_cells(x, words) for x in found if x.table == table]
        if rows:
            click.echo(f"\n{words[table]} {words['differs']} {other.name}")
            columns = (words["from_week"], words["name"], other.name, resolved.name)
            print_table((*columns, words["source"]), rows, indent=2)


def _cells(row: Difference, words: Words) -> tuple[str, ...]:
    week = words["before"] if row.week is None else str(row.week)
    return (week, row.name, _text(row.other), _text(row.value), row.source)


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value or "-")


def _print_all(resolved: ResolvedScenario, words: Words) -> None:
    sources = resolved.parameter_sources
    for stage in resolved.stages:
        click.echo(f"\n{words['levers']}, {words['from_week']} {stage.week}")
        print_table((words["name"], words["setting"]), list(stage.levers.items()), 2)
        click.echo(f"\n{words['structure']}, {words['from_week']} {stage.week}")
        _print_numbers(stage.structure, stage.sources, words)
    click.echo(f"\n{words['parameters']}")
    _print_numbers(resolved.parameters, sources, words)


def _print_numbers(values: Mapping[str, float], sources: Words, words: Words) -> None:
    rows = [(name, f"{value:g}", sources[name]) for name, value in values.items()]
    print_table((words["name"], words["value"], words["source"]), rows, indent=2)


def _print_unknown(resolved: ResolvedScenario, words: Words, language: str) -> None:
    unknown = resolved.unknown
    if unknown is None:
        return
    click.echo(f"\n{' '.join(not_known([resolved], language))}")
    rows = [(k, _may_be(k, x, language)) for k, x in unknown.settings.items()]
    print_table((words["name"], say("not_known_settings", language)), rows, indent=2)
    files = {str(draws.path): len(draws.rows) for draws in unknown.draws}
    for file, count in files.items():
        click.echo("  " + say("not_known_draws", language, file=file, n=str(count)))


def _may_be(name: str, values: tuple, language: str) -> str:
    """Return the possible settings, or the range, of an unknown in words."""
    table, _, row = name.partition(".")
    texts = [_text(value) for value in values]
    if table == "levers" or is_switch(row_of(table, row)):
        return say("not_known_one_of", language, settings=", ".join(texts))
    low, high = texts
    return say("not_known_between", language, low=low, high=high)


def _print_effort(resolved: ResolvedScenario, words: Words) -> None:
    changed = resolved.stages[1:]
    if changed:
        click.echo(f"\n{words['effort']}")
    for stage in changed:
        effort = f"{stage.hours_per_person:g} {words['per_person']}"
        euros = f"{stage.euros:.0f} {words['euros']}"
        click.echo(f"  {words['week']} {stage.week}: {effort}, {euros}")


def _print_idle(stages: tuple[Stage, ...], words: Words) -> None:
    lines = [
        f"  {words['from_week']} {stage.week}: {name}, {why}"
        for stage in stages
        for name, why in idle_levers(stage.structure).items()
    ]
    if lines:
        click.echo("\n".join([f"\n{words['idle']}", *lines]))
