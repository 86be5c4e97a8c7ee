"""The document of an import: what was understood, and measures of its network."""

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.figure import Figure

from experiments.charts.style import BLACK, BLUE, GREY, Style, new_figure, write_numbers
from experiments.imports.measures import (
    NetworkMeasures,
    averaged,
    betweenness,
    groups_by_name,
    measure,
    shown_bridges,
)
from experiments.imports.meeting import real_network, template_networks
from experiments.imports.plain_files import Organisation, hidden, organisation_texts
from experiments.imports.translating import Import
from experiments.imports.understood import counts_table, understood
from experiments.imports.words import said, words
from experiments.people import naming
from experiments.people.privacy import Group
from experiments.show.document import Document, Picture, Section, Table
from experiments.show.parts import document
from experiments.statistics.small_groups import LEAST
from experiments.words.numerals import number, percent, say

MOST_BRIDGES = 12
"""Pairs of groups that the text has room for; the file has them all."""
MOST_NAMED = 10
COUNTS = ("brokers", "isolated", "overloaded", "single")


def import_document(found: Import, language: str, named: bool = False) -> Document:
    """Return the document of a complete import, with the files that scenarios name.

    People and teams have pseudonyms, unless they are to be `named`; then there is also
    a table of measures by person.
    """
    has_table = found.staff is not None
    plainly: Organisation = (found.people, found.graph)
    organisation = plainly if named else hidden(*plainly)
    texts = {key: dict(words()[f"own_{key}"]) for key in ("title", "question")}
    read = Section(
        "understood",
        said("section_understood", language),
        understood(found, language),
        (counts_table(found, language),),
    )
    network, numbers = _network(organisation, language, named)
    return document(
        said("document_title", language),
        said("document_question", language),
        language,
        (read, *network),
        numbers=numbers,
        attachments=organisation_texts(organisation, texts, has_table),
    )


def _network(
    organisation: Organisation, language: str, named: bool
) -> tuple[tuple[Section, ...], dict[str, pd.DataFrame]]:
    """Return the sections and tables on the network, if it has enough people."""
    people, graph = organisation
    title = said("section_network", language)
    if graph is None:
        return (), {}
    if len(people) < LEAST:
        return (Section("network", title, (say("people_answer_few", language),)),), {}
    groups = groups_by_name(people)
    network = real_network(organisation)
    real = measure(network, groups)
    templates = template_networks(organisation)
    usual = averaged([measure(x, groups) for x in templates])
    inward, bridged = (
        _inward_table(real, usual, language),
        _bridges(real, usual, language),
    )
    counts = _counts(real, usual, language)
    tables = (counts, inward, bridged)
    numbers = {table.name: table.data for table in tables}
    section = Section(
        "network",
        title,
        _sentences(real, usual, language),
        tables,
        (_picture(real, usual, language),) if len(real.inward) > 1 else (),
    )
    if not named:
        return (section,), numbers
    table = _by_person(network, organisation, language)
    last = Section("named", said("section_named", language), (), (table,))
    return (section, last), {**numbers, "network-people": table.data}


def _sentences(
    real: NetworkMeasures, usual: NetworkMeasures, language: str
) -> tuple[str, ...]:
    sentences = [
        said(
            "answer_brokers",
            language,
            n=round(real.brokers),
            people=real.people,
            share=percent(real.brokers / real.people, language),
            usual=number(usual.brokers, language, 1),
        ),
        said(
            "answer_overloaded",
            language,
            n=round(real.overloaded),
            many=number(usual.overloaded, language, 1),
            share=percent(real.busiest, language),
            usual=percent(usual.busiest, language),
        ),
        said(
            "answer_isolated",
            language,
            n=round(real.isolated),
            usual=number(usual.isolated, language, 1),
        ),
    ]
    there = {group: x for group, x in real.inward.items() if x is not None}
    if len(there) > 1:
        most = min(there, key=lambda group: there[group])
        values = {
            "group": naming.group(most, language),
            "value": _index(there[most], language),
            "usual": _index(usual.inward.get(most), language),
        }
        sentences.append(said("answer_inward", language, **values))
    return (
        *sentences,
        said("network_note", language, least=LEAST, worlds=usual.worlds),
    )


def _index(value: float | None, language: str) -> str:
    if value is None:
        return said("none", language)
    return number(value, language, 2)


def _counts(real: NetworkMeasures, usual: NetworkMeasures, language: str) -> Table:
    """Return the measures of the whole network beside those of the template."""
    rows = [
        (
            said(f"measure_{name}", language),
            number(getattr(real, name), language),
            number(getattr(usual, name), language, 1),
        )
        for name in COUNTS
    ]
    rows.append(
        (
            said("measure_busiest", language),
            percent(real.busiest, language),
            percent(usual.busiest, language),
        )
    )
    measures = (*COUNTS, "busiest")
    data = pd.DataFrame(
        {
            "measure": measures,
            "here": [float(getattr(real, name)) for name in measures],
            "template": [float(getattr(usual, name)) for name in measures],
        }
    )
    columns = ("measure", "here", "template")
    return _table("measures", "measures", columns, rows, data, language)


def _table(
    name: str,
    key: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, ...]],
    data: pd.DataFrame,
    language: str,
) -> Table:
    """Return a table; its title, heads and note are those of `key` and `columns`."""
    heads = tuple(said(f"column_{x}", language) for x in columns)
    title, note = (said(f"{key}_{x}", language, least=LEAST) for x in ("title", "note"))
    return Table(name, title, heads, tuple(rows), data, note)


def _inward_table(
    real: NetworkMeasures, usual: NetworkMeasures, language: str
) -> Table:
    """Return the E-I index of each team beside that of the template."""
    rows = [
        (
            naming.group(group, language),
            _index(value, language),
            _index(usual.inward.get(group), language),
        )
        for group, value in _ordered(real)
    ]
    data = pd.DataFrame(
        [
            (group.department, group.team, value, usual.inward.get(group))
            for group, value in _ordered(real)
        ],
        columns=["department", "team", "ei_index", "template"],
    )
    columns = ("group", "here", "template")
    return _table("teams", "inward", columns, rows, data, language)


def _ordered(real: NetworkMeasures) -> list[tuple[Group, float | None]]:
    return sorted(real.inward.items(), key=lambda x: (x[1] is None, x[1] or 0.0, x[0]))


def _bridges(real: NetworkMeasures, usual: NetworkMeasures, language: str) -> Table:
    """Return the hours between groups; where few carry them, nothing of them."""
    shown = shown_bridges(real.bridges)
    rows, data = [], []
    order = sorted(real.bridges.items(), key=lambda x: (x[1].carriers, x[0]))
    for pair, bridge in order:
        there = usual.bridges.get(pair)
        usual_hours = there.hours if there else 0.0
        is_shown = pair in shown
        rows.append(
            (
                " – ".join(naming.group(group, language) for group in pair),
                number(bridge.hours, language, 1)
                if is_shown
                else said("few", language),
                number(usual_hours, language, 1),
                number(bridge.carriers, language)
                if is_shown
                else said("few", language),
            )
        )
        names = ["-".join(x for x in group if x) for group in pair]
        hours = bridge.hours if is_shown else None
        data.append((*names, hours, usual_hours, bridge.carriers if is_shown else None))
    columns = ("pair", "hours", "template", "carriers")
    frame = pd.DataFrame(data, columns=["a", "b", "hours", "template", "carriers"])
    return _table("bridges", "bridges", columns, rows[:MOST_BRIDGES], frame, language)


def _by_person(network, organisation: Organisation, language: str) -> Table:
    """Return measures by person, for who asked for names."""
    people, _ = organisation
    between = betweenness(network)
    departments = {x.name: x.department for x in people}
    rows = []
    for name in network:
        hours = dict(network[name])
        total = sum(x["hours"] for x in hours.values())
        outside = sum(
            x["hours"] for y, x in hours.items() if departments[y] != departments[name]
        )
        rows.append((name, between[name], len(hours), total, outside))
    columns = ["name", "betweenness", "contacts", "hours", "hours_outside"]
    data = pd.DataFrame(rows, columns=columns)
    data = data.sort_values(["betweenness", "name"], ascending=[False, True])
    data = data.reset_index(drop=True)
    texts = tuple(
        (
            row.name,
            percent(row.betweenness, language, 1),
            number(row.contacts, language),
            number(row.hours, language, 1),
            number(row.hours_outside, language, 1),
        )
        for row in data.head(MOST_NAMED).itertuples(index=False, name="Row")
    )
    return _table("network-people", "named", columns, texts, data, language)


def _picture(real: NetworkMeasures, usual: NetworkMeasures, language: str) -> Picture:
    """Return a picture of how inward each team is, here and in the template."""
    order: Sequence[tuple[Group, float | None]] = _ordered(real)[::-1]

    def draw(style: Style) -> Figure:
        figure = new_figure(style, style.font / 72 * (2.0 * len(order) + 6))
        axes = figure.subplots()
        _draw_dots(axes, order, usual.inward, language)
        write_numbers(axes.xaxis, language, ticks=5)
        axes.set_xlabel(said("inward_axis", language))
        return figure

    data = _inward_table(real, usual, language).data
    values = {"people": real.people, "worlds": usual.worlds}
    caption = said("inward_caption", language, **values)
    return Picture("inward", said("inward_title", language), caption, draw, data)


def _draw_dots(
    axes,
    order: Sequence[tuple[Group, float | None]],
    usual: Mapping[Group, float | None],
    language: str,
) -> None:
    """Draw a dot for each team and an open square for the template, and name both."""
    for row, (group, value) in enumerate(order):
        there = usual.get(group)
        if value is not None and there is not None:
            axes.plot([there, value], [row, row], color=GREY, linewidth=1, zorder=0)
        if there is not None:
            axes.plot(there, row, "s", color=BLACK, markerfacecolor="white")
        if value is not None:
            axes.plot(value, row, "o", color=BLUE)
    top = len(order) - 0.35
    for text, key, colour in (("●", "here", BLUE), ("□", "template", BLACK)):
        place = -1.0 if key == "here" else 0.0
        label = f"{text} {said(f'column_{key}', language)}"
        axes.text(place, top, label, color=colour, verticalalignment="bottom")
    axes.set_yticks(
        range(len(order)), [naming.group(group, language) for group, _ in order]
    )
    axes.set_xlim(-1.08, 1.08)
    axes.set_ylim(-0.6, len(order) + 0.4)
