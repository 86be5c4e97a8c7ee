"""Commands about scenarios: list what ships, show, check and write new ones."""

import json
import os
from pathlib import Path
from typing import Any

import click

as_json = click.option("--json", "as_json", is_flag=True, help="Print one document.")
in_language = click.option(
    "--language",
    type=click.Choice(["en", "nl"]),
    default="en",
    show_default=True,
    help="Language of titles and headings.",
)


class WrongInput(click.ClickException):
    """Input that cannot be used; nothing was written."""

    exit_code = 2


@click.command("list")
@click.option("--levers", is_flag=True, help="List levers and their settings instead.")
@click.option("--numbers", is_flag=True, help="List structural numbers instead.")
@click.option("--parameters", is_flag=True, help="List parameters instead.")
@as_json
@in_language
def list_scenarios(
    levers: bool, numbers: bool, parameters: bool, as_json: bool, language: str
) -> None:
    """List the scenarios that ship, with the question that each one answers."""
    from simulation import tables

    if levers:
        _list_levers(as_json)
    elif numbers or parameters:
        rows = tables.PARAMETERS if parameters else tables.STRUCTURE
        _list_numbers(rows.values(), as_json)
    else:
        _list_shipped(as_json, language)


def _list_shipped(as_json: bool, language: str) -> None:
    from experiments.scenario_files.description import shipped
    from experiments.scenario_files.text import print_shipped

    rows = shipped()
    if as_json:
        _print_json(
            [
                {
                    "name": row.name,
                    "group": row.group,
                    "title": dict(row.title),
                    "question": dict(row.question),
                }
                for row in rows
            ]
        )
        return
    print_shipped(rows, language)


def _list_levers(as_json: bool) -> None:
    from experiments.words.plain_tables import print_table
    from simulation.tables import lever_table

    levers = lever_table().values()
    if as_json:
        _print_json(
            [
                {
                    "name": lever.name,
                    "condition": lever.condition,
                    "question": lever.question,
                    "settings": {k: dict(v) for k, v in lever.settings.items()},
                    "baseline": lever.baseline,
                    "context": lever.context,
                    "hours_per_person": lever.hours_per_person,
                    "euros": lever.euros,
                }
                for lever in levers
            ]
        )
        return
    rows = [(x.name, x.condition, ", ".join(x.settings), x.question) for x in levers]
    columns = ("lever", "condition", "settings, the baseline's first", "question")
    print_table(columns, rows)


def _list_numbers(rows: Any, as_json: bool) -> None:
    from dataclasses import asdict

    from experiments.words.plain_tables import print_table

    if as_json:
        _print_json([asdict(row) for row in rows])
        return
    cells = [
        (x.name, f"{x.value:g}", f"{x.low:g} to {x.high:g}", x.unit, x.meaning)
        for x in rows
    ]
    print_table(("name", "value", "range", "unit", "meaning"), cells)


@click.command("show")
@click.argument("scenario")
@click.option("--against", help="Compare with this scenario, not with the base.")
@click.option("--all", "everything", is_flag=True, help="Print all of it.")
@as_json
@in_language
def show(
    scenario: str, against: str | None, everything: bool, as_json: bool, language: str
) -> None:
    """Print what a scenario resolves to, and where each number comes from."""
    from experiments.scenario_files.description import base_of, description
    from experiments.scenario_files.text import print_scenario
    from simulation.scenario import read

    resolved = read(scenario)
    other = read(against) if against else base_of(resolved)
    if as_json:
        _print_json(description(resolved, other))
        return
    print_scenario(resolved, other, everything, language)


@click.command("check")
@click.argument("files", nargs=-1)
@click.option("--schema", is_flag=True, help="Print the JSON schema of scenario files.")
@as_json
def check(files: tuple[str, ...], schema: bool, as_json: bool) -> None:
    """Report every mistake in scenario files; exit with 2 if there is one."""
    from simulation.scenario import json_schema

    if schema:
        _print_json(json_schema())
        return
    if not files:
        raise WrongInput("Name at least one scenario file, or --schema.")
    found = {name: _problems(name) for name in files}
    if as_json:
        _print_json(found)
    else:
        for name, problems in found.items():
            click.echo("\n".join(problems) or _sound(name))
    if any(found.values()):
        click.get_current_context().exit(2)


def _sound(name: str) -> str:
    """Return a message: the file is valid, notes on its people, and its unknowns."""
    from experiments.words.phrases import not_known
    from simulation.scenario import read

    scenario = read(name)
    ok = " ".join([f"{name}: ok", *(f"({x})" for x in not_known([scenario]))])
    return "\n  ".join([ok, *_notes(scenario)])


def _problems(name: str) -> list[str]:
    from simulation.scenario import ScenarioError, read

    try:
        _notes(read(name))
    except ScenarioError as error:
        return str(error).splitlines()
    return []


def _notes(scenario) -> tuple[str, ...]:
    """Return the notes on a scenario's people and graph files, as in a run.

    Raises `ScenarioError` for what is wrong in them, and for leavers not there.
    """
    from simulation.founding import Founder
    from simulation.organisation import draw_chart
    from simulation.scenario import Problem, ScenarioError
    from simulation.text_files import FileError

    if not (scenario.people_file or scenario.network_file or scenario.leavers):
        return ()
    try:
        chart = draw_chart(scenario)
        if scenario.leavers:
            Founder(scenario, chart)
        return chart.notes
    except FileError as error:
        problems = [Problem(text) for text in error.problems]
        raise ScenarioError(problems) from error


@click.command("new")
@click.argument("name")
@click.option("--based-on", default="baseline", show_default=True, help="Start here.")
@click.option("--output", type=click.Path(path_type=Path), help="File to write.")
def new(name: str, based_on: str, output: Path | None) -> None:
    """Write a scenario NAME with comments, to start from."""
    from experiments.errors import output_told
    from experiments.scenario_files.new_scenario import new_scenario
    from simulation.whole_files import write_file

    name = name.removesuffix(".toml")
    if not name.isprintable() or not name.strip():
        raise WrongInput("Give the scenario a name of visible characters.")
    if output is None and Path(name).name != name:
        raise WrongInput(f"{name} is no plain name; say where with --output FILE.")
    file = output or Path(f"{name}.toml")
    text = new_scenario(name, based_on, file)
    with output_told(file):
        if os.path.lexists(file):
            raise WrongInput(f"{file} exists already; it was left as it is.")
        write_file(file, text)
    click.echo(f"Wrote {file}. Next: orgsim check {file}")


def _print_json(document: Any) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))
