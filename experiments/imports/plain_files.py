"""An imported organisation as the files that scenarios name.

People are P01, P02, ... and teams T1, T2, ..., unless names are asked for.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace

from experiments.files.table_files import not_a_formula
from experiments.fit.interview.answer_files import in_both, toml
from simulation.graph_files import CommunicationGraph
from simulation.people_table import COLUMNS, PersonRow, pseudonyms

PEOPLE_FILE = "people.csv"
NETWORK_FILE = "network.csv"
SCENARIO_FILE = "organisation.toml"
NETWORK_COLUMNS = ("a", "b", "layer", "hours", "weight")
Organisation = tuple[tuple[PersonRow, ...], CommunicationGraph | None]
"""People, and the graph among them if there is one."""


def hidden(
    people: Sequence[PersonRow], graph: CommunicationGraph | None
) -> Organisation:
    """Return people and graph with pseudonyms for people and numbers for teams."""
    names = {person.name for person in people}
    called = pseudonyms(names | set(graph.names if graph else ()))
    teams = pseudonyms(person.team for person in people)
    rows = tuple(
        replace(
            person,
            name=called[person.name],
            manager=called[person.manager] if person.manager else None,
            team=f"T{int(teams[person.team][1:])}",
        )
        for person in people
    )
    if graph is None:
        return rows, None
    edges = [
        replace(edge, a=a, b=b)
        for edge in graph.edges
        for a, b in [sorted((called[edge.a], called[edge.b]))]
    ]
    known = tuple(sorted(called[name] for name in graph.names))
    return rows, CommunicationGraph(known, tuple(edges), graph.notes)


def people_text(people: Iterable[PersonRow]) -> str:
    """Return people as the table that scenarios name, in the order of names."""
    rows = [
        (
            *(person.name, person.role, person.team, person.manager or ""),
            *(f"{person.hours:g}", person.department, person.domain or ""),
        )
        for person in sorted(people, key=lambda person: person.name)
    ]
    return table_text(tuple(COLUMNS), rows)


def network_text(graph: CommunicationGraph) -> str:
    """Return a graph as the list of ties that scenarios name."""
    rows = []
    for edge in sorted(graph.edges, key=lambda edge: (edge.a, edge.b, edge.layer)):
        values = ["" if v is None else f"{v:.12g}" for v in (edge.hours, edge.weight)]
        rows.append((edge.a, edge.b, edge.layer, *values))
    return table_text(NETWORK_COLUMNS, rows)


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return rows of texts as CSV in which no spreadsheet finds a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([not_a_formula(cell) for cell in row] for row in rows)
    return text.getvalue()


def organisation_texts(
    organisation: Organisation,
    words: dict[str, dict[str, str]],
    has_table: bool = True,
) -> dict[str, str]:
    """Return the files of an organisation by name: scenario, people and network.

    `words` has title and question in both languages. Without a table, people follow
    from the graph.
    """
    people, graph = organisation
    files: dict[str, str] = {}
    named: dict[str, str] = {}
    if has_table:
        files[PEOPLE_FILE], named["people"] = people_text(people), PEOPLE_FILE
    if graph is not None:
        files[NETWORK_FILE], named["network"] = network_text(graph), NETWORK_FILE
    lines = [f"{key} = {in_both(texts)}" for key, texts in words.items()]
    lines += ['based_on = "baseline"', 'as_is = "self"', "", "[organisation]"]
    lines += [f"{key} = {toml(name)}" for key, name in named.items()]
    return {SCENARIO_FILE: "\n".join(lines) + "\n", **files}
