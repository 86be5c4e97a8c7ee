"""The text of a new scenario file, with the present values in comments."""

import json
import os
from dataclasses import asdict
from pathlib import Path

from simulation.scenario import ResolvedScenario, Scenario, load, resolve
from simulation.tables import lever_table

HEAD = """\
# A scenario for orgsim. Lines that begin with # tell what holds now: take the # away
# from a line and change its value. Check the file with: orgsim check {file}
title = {{ en = {title}, nl = {title} }}
question = {{ en = "What if ...?", nl = "Wat als ...?" }}
based_on = {based_on}
# as_is = "self"            # if it has always been like this: no change at week 0
"""
TAIL = """
[structure]                 # any number that `orgsim list --numbers` prints
# testing_hours = 3

# [[changes]]               # what is switched on later
# week = 26
# levers = { channels = "multidisciplinary" }

# [[leave]]                 # who leaves in a week: a seat, a role or "bridge"
# week = 26
# who = "bridge"

[run]
"""


def new_scenario(name: str, based_on: str, file: Path) -> str:
    """Return the text of a scenario for `file`, based on another one.

    Raises `ScenarioError` if that other one is missing or invalid.
    """
    base = load(based_on)
    resolved = resolve(base)
    head = HEAD.format(
        file=file, title=_quoted(name), based_on=_quoted(reference(base, file))
    )
    run = {"weeks": resolved.weeks, "warm_up_weeks": resolved.warm_up_weeks}
    return head + _organisation(resolved) + _levers(resolved) + TAIL + _commented(run)


def reference(base: Scenario, file: Path) -> str:
    """Return the name of a base in `file`: a shipped name, or a relative path."""
    from simulation.scenario_places import SHIPPED

    path = base.document.path
    if path is None or path.resolve().parent == SHIPPED.resolve():
        return base.name
    return Path(os.path.relpath(path.resolve(), file.parent.resolve())).as_posix()


def _organisation(resolved: ResolvedScenario) -> str:
    files = '# people = "people.csv"      # or a table of people instead of counts\n'
    values = {} if resolved.people_file else asdict(resolved.organisation)
    head = "\n[organisation]              # leaders come on top\n"
    return head + _commented(values) + files


def _levers(resolved: ResolvedScenario) -> str:
    lines = []
    for name, setting in resolved.stages[-1].levers.items():
        lever = lever_table()[name]
        others = ", ".join(x for x in lever.settings if x != setting)
        line = f'# {name} = "{setting}"'
        lines.append(f"{line:<40}# {lever.question} Or: {others}\n")
    return "\n[levers]\n" + "".join(lines)


def _commented(values: dict) -> str:
    return "".join(f"# {name} = {value}\n" for name, value in values.items())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
