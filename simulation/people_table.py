"""People of an organisation: read from a table, or mapped from a graph alone.

A table is CSV text with the columns name, role, team, manager and hours, and if one
likes department and domain. Whatever is written to results names people by pseudonym.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import cycle
from pathlib import Path

from simulation.graph_files import (
    CommunicationGraph,
    FileError,
    Findings,
    as_networkx,
    clean_name,
    read_table,
    read_text,
)
from simulation.state import CHANNELS, DEPARTMENTS, DOMAINS

MOST_HOURS = 80
FULL_TIME_HOURS = 36.0
UNIT_WITH_LEADER = 6
"""People in a department from which one of them leads it, when mapped from a graph."""
MOST_IN_COMMUNITIES = 500
"""People above which neighbourhoods replace communities, which take minutes to find."""

COLUMNS = {
    "name": ("name", "naam"),
    "role": ("role", "rol", "title", "functie"),
    "team": ("team",),
    "manager": ("manager", "leidinggevende"),
    "hours": ("hours", "uren"),
    "department": ("department", "afdeling"),
    "domain": ("domain", "domein"),
}
NEEDED = ("name", "role", "team", "manager", "hours")

HEAD_COUNTS = {
    "marketing": 12,
    "sales": 8,
    "product": 6,
    "communication": 4,
    "customer_success": 4,
    "finance": 3,
    "hr": 2,
}
"""Proportions in which people of a graph are split over departments (assumption)."""

TITLES_OF = {
    (
        "leader",
        "management",
        None,
    ): "leader, leiding, manager, management, ceo, cto, coo,"
    " director, managing director, directeur, directie, founder, oprichter, owner,"
    " eigenaar, team lead, teamleider, head, hoofd, managementteam, board",
    ("leader", "marketing", None): "cmo, head of marketing, marketing director,"
    " marketing manager, marketingmanager, hoofd marketing, marketing lead",
    ("leader", "communication", None): "head of communication, head of communications,"
    " communication manager, communications manager, communicatiemanager,"
    " hoofd communicatie",
    ("leader", "sales", None): "sales manager, salesmanager, head of sales,"
    " sales director, verkoopleider, hoofd verkoop, hoofd sales",
    ("leader", "product", None): "head of product, cpo, hoofd product",
    ("leader", "finance", None): "cfo, head of finance, hoofd financien",
    ("leader", "hr", None): "hr manager, head of hr, hoofd hr, chro",
    ("leader", "customer_success", None): "head of customer success,"
    " customer success lead, hoofd klantenservice",
    ("marketeer", "marketing", None): "marketeer, marketer, marketing,"
    " marketing specialist, marketing employee, marketingmedewerker, growth marketer,"
    " junior marketeer, marketing trainee, brand manager, marketing assistant",
    ("marketeer", "marketing", "social"): "social, social media, social media manager,"
    " social media marketer, social media specialist, community manager",
    ("marketeer", "marketing", "search"): "search, seo, sea, seo specialist,"
    " sea specialist, search marketer, performance marketer",
    ("marketeer", "marketing", "email"): "email, email marketer, email marketeer,"
    " e mail marketeer, crm marketer",
    ("marketeer", "marketing", "content"): "content, content marketer, copywriter,"
    " content marketeer, content creator, tekstschrijver, designer, vormgever",
    ("marketeer", "marketing", "events"): "events, event manager, event marketer,"
    " evenementen, evenementenmanager",
    (
        "marketeer",
        "marketing",
        "website",
    ): "website, webmaster, web editor, webredacteur, web developer",
    ("communicator", "communication", "communication"): "communicator, communication,"
    " communications, communicatie, communicatieadviseur, communicatiemedewerker,"
    " communication adviser, communications officer, pr, press officer, woordvoerder,"
    " public relations, internal communication, interne communicatie",
    ("sales", "sales", "sales"): "sales, sales rep, sales representative, verkoop,"
    " verkoper, verkoopster, account manager, accountmanager, account executive,"
    " business developer, sdr, bdr, vertegenwoordiger, binnendienst, buitendienst",
    ("colleague", "product", "product"): "product, product manager, productmanager,"
    " product owner, developer, ontwikkelaar, engineer, r d, operations, productie",
    ("colleague", "finance", "finance"): "finance, financien, controller, accountant,"
    " administratie, administration, boekhouder, boekhouding, bookkeeper,"
    " office manager, officemanager",
    ("colleague", "hr", "hr"): "hr, human resources, hr adviser, hr adviseur, p o,"
    " personeelszaken, recruiter, people and culture",
    ("colleague", "customer_success", "customer_success"): "customer success,"
    " customer success manager, klantsucces, customer service, support, klantenservice,"
    " customer support, service desk",
    ("colleague", None, None): "colleague, collega, employee, medewerker",
    ("external", "marketing", None): "external, extern, freelancer, zzp er, agency,"
    " bureau, consultant, adviseur, contractor",
}
Place = tuple[str | None, str | None, str | None]
NOWHERE: Place = (None, None, None)
TITLES: dict[str, Place] = {
    title.strip(): place
    for place, text in TITLES_OF.items()
    for title in text.split(",")
}
MAKERS_WITHOUT_REPORTS = {
    "marketing manager": "marketeer",
    "marketingmanager": "marketeer",
    "communication manager": "communicator",
    "communications manager": "communicator",
    "communicatiemanager": "communicator",
}
"""Titles that lead where someone reports to them, and else are of one who makes."""


class PeopleError(FileError):
    """All that is wrong with a table of people, or between it and a graph."""


@dataclass(frozen=True)
class PersonRow:
    """One person: seat in the organisation and contract hours a week (above 0, to 80).

    `role`, `department` and `domain` are those of `simulation.state`. Leaders,
    externals and colleagues in management or marketing may have no domain of their own.
    `manager` is a name in the table or None.
    """

    name: str
    role: str
    department: str
    domain: str | None
    team: str
    manager: str | None
    hours: float
    line: int | None = field(default=None, compare=False)


def read_people(path: str | Path) -> tuple[PersonRow, ...]:
    """Return the people in the CSV file at `path`, in its order.

    Titles, English or Dutch, map to role, department and domain by `TITLES`, whatever
    their case; a stated department or domain stands, and titles that fit any unit take
    the department that the team is named for. Without a title a person whom others
    name as manager is a leader, and another has the usual role of the department or
    team. A stated role stands, also for a maker with reports. Marketeers without a
    channel get one in turn; an empty team is the department. Raises PeopleError with
    all problems found.
    """
    found = Findings(str(path))
    text = read_text(path, (".csv",), PeopleError)
    rows = dict(read_table(text, COLUMNS, NEEDED, found))
    if not rows and not found.problems:
        found.fault(None, "no people below the header", allowed="one row for each")
    cells = {
        line: {key: clean_name(row[key]) for key in row} for line, row in rows.items()
    }
    lines = _lines_of(cells, found)
    _check_managers(cells, lines, found)
    leading = {row["manager"] for row in cells.values()} - {""}
    people = [_person(line, row, leading, found) for line, row in cells.items()]
    found.raise_as(PeopleError)
    return _with_channels(people)


def pseudonyms(names: Iterable[str], salt: str = "") -> dict[str, str]:
    """Return P01, P02, ... for `names`, numbered in the order of a hash with `salt`.

    The numbers tell nothing of the alphabet, do not depend on the order of `names`, and
    are the same in every run for the same set of names and salt.
    """

    def address(name: str) -> bytes:
        return blake2b(f"{salt}\0{name}".encode()).digest()

    ordered = sorted(set(names), key=lambda name: (address(name), name))
    width = max(2, len(str(len(ordered))))
    return {name: f"P{at:0{width}}" for at, name in enumerate(ordered, 1)}


def check_people_and_graph(
    people: Sequence[PersonRow], graph: CommunicationGraph
) -> tuple[str, ...]:
    """Return notes on people without ties; raise PeopleError for unknown names."""
    found = Findings("graph")
    names = {person.name for person in people}
    for name in graph.names:
        if name not in names:
            found.fault(None, "not in the people table", name, known=names)
    found.raise_as(PeopleError)
    tied = {name for edge in graph.edges for name in (edge.a, edge.b)}
    alone = [person for person in people if person.name not in tied]
    where = ", ".join(str(person.line) for person in alone if person.line)
    where = f" (lines {where})" if where else ""
    return (f"people without ties: {len(alone)}{where}",) if alone else ()


# --- from cells to people -------------------------------------------------------


def _lines_of(cells: Mapping[int, dict[str, str]], found: Findings) -> dict[str, int]:
    """Return the line of each name."""
    lines: dict[str, int] = {}
    for line, row in cells.items():
        name = row["name"]
        if not name:
            found.fault(line, "empty name")
        elif name in lines:
            found.fault(line, f"name already on line {lines[name]}", name, "once")
        lines.setdefault(name, line)
    return lines


def _check_managers(cells, lines: dict[str, int], found: Findings) -> None:
    above = {row["name"]: row["manager"] for row in cells.values()}
    for line, row in cells.items():
        name, manager = row["name"], row["manager"]
        if manager and manager == name:
            found.fault(line, "manager of oneself", name, "another person or nobody")
        elif manager and manager not in lines:
            found.fault(line, "unknown manager", manager, "a name in the table", lines)
    for circle in _circles(above):
        text = " -> ".join([*circle, circle[0]])
        found.fault(lines[circle[0]], "circle of managers", text)


def _circles(above: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield each circle of two or more people who manage each other, once."""
    done: set[str] = set()
    for start in above:
        path: dict[str, None] = {}
        name = start
        while name in above and name not in done and name not in path:
            path[name] = None
            name = above[name]
        if name in path and above[name] != name:
            chain = list(path)
            yield chain[chain.index(name) :]
        done.update(path)


def _person(line: int, row: dict[str, str], leading: set[str], found) -> PersonRow:
    role, department, domain = _place(line, row, row["name"] in leading, found)
    hours = found.number(row["hours"], "hours", line, MOST_HOURS)
    if hours == 0 or not row["hours"]:
        allowed = f"a number above 0, at most {MOST_HOURS}"
        found.fault(line, "hours", row["hours"], allowed)
    team = row["team"] or department
    manager = row["manager"] or None
    return PersonRow(
        row["name"], role, department, domain, team, manager, hours or 0.0, line
    )


def _place(line: int, row, leads: bool, found) -> tuple[str, str, str | None]:
    """Return role, department and domain of the person on a row."""
    stated = _department(line, row.get("department", ""), found)
    unit = TITLES.get(_plain(row["team"]), NOWHERE)
    role, usual, domain = _by_title(row["role"], leads, stated, unit)
    if row["role"] and not role:
        found.fault(line, "unknown role", row["role"], "a role or title", TITLES)
    anywhere = role == "external" or usual in (None, "management")
    department = stated or (anywhere and unit[1]) or usual
    if not row["role"] and not role:
        found.fault(line, "no role, and none follows from the team", row["team"])
    elif role and not department and not row.get("department"):
        found.fault(line, "no department, and none follows from the team", row["team"])
    if not role or not department:
        return "", "", None
    return role, department, _domain(line, row, role, department, domain, found)


def _by_title(title: str, leads: bool, stated: str | None, unit: Place) -> Place:
    """Return role, department and domain by title, or without one by the unit."""
    title = _plain(title)
    if not title and leads:
        return "leader", unit[1] or "management", None
    if not title:
        return TITLES[_plain(stated)] if stated else unit
    role, department, domain = TITLES.get(title, NOWHERE)
    if role == "leader" and not leads:
        role = MAKERS_WITHOUT_REPORTS.get(title, role)
    return role, department, domain


def _department(line: int, text: str, found: Findings) -> str | None:
    if not text:
        return None
    department = TITLES.get(_plain(text), NOWHERE)[1]
    if not department:
        allowed = ", ".join(DEPARTMENTS)
        found.fault(line, "unknown department", text, allowed, DEPARTMENTS)
    return department


def _domain(line, row, role, department, usual, found) -> str | None:
    """Return the stated domain, or the usual one of the title or the department."""
    if text := row.get("domain"):
        if (domain := _plain(text).replace(" ", "_")) in DOMAINS:
            return domain
        found.fault(line, "unknown domain", text, ", ".join(DOMAINS), DOMAINS)
    own = role not in ("leader", "external", "marketeer") and department in DOMAINS
    return usual or (department if own else None)


def _plain(title: str) -> str:
    """Return a title in lower case, without accents on e or signs between words."""
    plain = title.casefold().translate(str.maketrans("éèëïö", "eeeio"))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())


def _with_channels(people: Iterable[PersonRow]) -> tuple[PersonRow, ...]:
    """Give marketeers without a domain one channel after another, in their order."""
    turns = cycle(CHANNELS)
    return tuple(
        replace(person, domain=next(turns))
        if person.role == "marketeer" and person.domain is None
        else person
        for person in people
    )


# --- people for a graph without a table ------------------------------------------


def people_for(
    graph: CommunicationGraph,
    head_counts: Mapping[str, int] | None = None,
    hours: float = FULL_TIME_HOURS,
) -> tuple[PersonRow, ...]:
    """Return a person for each name in `graph`, by a fixed rule, sorted by name.

    The best connected person (most contacts, then first by name) leads the whole. The
    others stand in the order of their communities, largest first, and by name within
    one; departments are cut from that order in the proportions of `head_counts`. In a
    department of six or more the best connected leads it; the others report to that
    person, or else to the leader of the whole. Everyone has contract `hours`.
    """
    union = as_networkx(graph)
    contacts = {name: union.degree(name) for name in graph.names}
    top = _best_connected(graph.names, contacts)
    order = [name for name in _by_neighbourhood(union, contacts) if name != top]
    shares = dict(head_counts or HEAD_COUNTS)
    people = [PersonRow(top, "leader", "management", None, "management", None, hours)]
    start = 0
    for department, size in _split(len(order), shares).items():
        members = order[start : start + size]
        people += _department_of(members, department, top, contacts, hours)
        start += size
    return tuple(sorted(_with_channels(people), key=lambda person: person.name))


def _best_connected(names: Iterable[str], contacts: Mapping[str, int]) -> str:
    return min(names, key=lambda name: (-contacts[name], name))


def _department_of(members, department, top, contacts, hours) -> Iterator[PersonRow]:
    role, _, domain = TITLES[_plain(department)]
    lead = None
    if len(members) >= UNIT_WITH_LEADER:
        lead = _best_connected(members, contacts)
        yield PersonRow(lead, "leader", department, None, department, top, hours)
    for name in members:
        if name != lead:
            manager = lead or top
            yield PersonRow(
                name, str(role), department, domain, department, manager, hours
            )


def _split(size: int, shares: Mapping[str, int]) -> dict[str, int]:
    """Return `size` people split in proportion to `shares`, by largest remainder."""
    total = sum(shares.values())
    counts = {key: size * share // total for key, share in shares.items()}
    rest = sorted(shares, key=lambda key: -(size * shares[key] % total))
    short = size - sum(counts.values())
    return Counter(counts) + Counter(rest[:short])


def _by_neighbourhood(union, contacts: Mapping[str, int]) -> list[str]:
    """Return all names so that those who know each other stand together.

    By community (greedy modularity), or for large graphs breadth first from the best
    connected. Nodes become numbers first: sets of texts have no stable order.
    """
    import networkx

    names = sorted(union)
    numbered = networkx.relabel_nodes(
        union, {name: at for at, name in enumerate(names)}
    )
    if len(names) <= MOST_IN_COMMUNITIES:
        groups = networkx.community.greedy_modularity_communities(numbered)
        return [names[at] for group in _largest_first(groups) for at in group]
    order: dict[str, None] = {}
    for root in sorted(names, key=lambda name: (-contacts[name], name)):
        if root not in order:
            tree = networkx.bfs_tree(union, root, sort_neighbors=sorted)
            order |= dict.fromkeys(tree)
    return list(order)


def _largest_first(groups: Iterable[Iterable[int]]) -> list[list[int]]:
    return sorted((sorted(group) for group in groups), key=lambda g: (-len(g), g))
