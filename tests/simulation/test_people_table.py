from collections import Counter

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import people_for_graph
from simulation.graph_files import CommunicationGraph, Edge, read_graph
from simulation.people_for_graph import HEAD_COUNTS, people_for
from simulation.people_table import (
    PeopleError,
    PersonRow,
    graph_among,
    pseudonyms,
    read_people,
)
from simulation.state import CHANNELS, DEPARTMENTS, DOMAINS, ROLES
from simulation.titles import MAKERS_WITHOUT_REPORTS, TITLES, TITLES_OF

HEADER = "name,role,team,manager,hours\n"


@pytest.fixture
def read(tmp_path):
    """Return a function that reads text as a people table."""

    def read_text(text, name="people.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return read_people(tmp_path / name).people

    return read_text


@pytest.fixture
def refusal(read):
    """Return a function that gives the problems for which a table is refused."""

    def refuse(text):
        with pytest.raises(PeopleError) as caught:
            read(text)
        return caught.value.problems

    return refuse


def graph_of(pairs):
    names = tuple(sorted({name for pair in pairs for name in pair}))
    edges = tuple(Edge(*sorted(pair), "work") for pair in pairs)
    return CommunicationGraph(names, edges)


def test_a_table_is_read(read):
    """Rows become people with role, department, domain, team, manager and hours."""
    people = read(HEADER + "Ann,CEO,,,40\nBob,Verkoper,Noord,Ann,36\n")
    assert people == (
        PersonRow("Ann", "leader", "management", None, "management", None, 40.0),
        PersonRow("Bob", "sales", "sales", "sales", "Noord", "Ann", 36.0),
    )
    assert [person.line for person in people] == [2, 3]


def test_a_dutch_spreadsheet_is_read(read):
    """Semicolons, a byte order mark, Dutch headers and decimal commas are read."""
    (person,) = read("\ufeffNaam;Functie;Team;Leidinggevende;Uren\nZoë;HR;;;28,5\n")
    assert (person.name, person.department, person.hours) == ("Zoë", "hr", 28.5)


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("marketeer", ("marketeer", "marketing", "social")),
        ("Sales Rep", ("sales", "sales", "sales")),
        ("manager", ("leader", "management", None)),
        ("P&O", ("colleague", "hr", "hr")),
        ("finance", ("colleague", "finance", "finance")),
        ("product", ("colleague", "product", "product")),
        ("Customer-Success", ("colleague", "customer_success", "customer_success")),
        ("communicatie", ("communicator", "communication", "communication")),
        ("E-mail marketeer", ("marketeer", "marketing", "email")),
        ("ZZP'er", ("external", "marketing", None)),
        ("Marketing manager", ("marketeer", "marketing", "social")),
    ],
)
def test_titles_map_to_a_place(read, title, place):
    """Common English and Dutch titles map to role, department and domain."""
    (person,) = read(f"{HEADER}Ann,{title},,,36\n")
    assert (person.role, person.department, person.domain) == place


def test_every_title_maps_to_known_words():
    """The table of titles names only roles, departments and domains of the model."""
    for role, department, domain in TITLES.values():
        assert role in ROLES
        assert department in (*DEPARTMENTS, None)
        assert domain in (*DOMAINS, None)
    assert {*ROLES, *(text.replace("_", " ") for text in DEPARTMENTS)} <= set(TITLES)
    assert MAKERS_WITHOUT_REPORTS.keys() <= TITLES.keys()


def test_each_title_stands_under_one_place():
    """No title is listed twice."""
    listed = ",".join(TITLES_OF.values()).split(",")
    assert len(listed) == len(TITLES)


def test_an_empty_role_follows_from_reports_or_team(read):
    """Without a role, one with reports leads the team; another makes for it."""
    boss, maker = read(HEADER + "Ann,,Sales,,36\nBob,,Sales,Ann,36\n")
    assert (boss.role, boss.department) == ("leader", "sales")
    assert (maker.role, maker.department) == ("sales", "sales")


def test_a_stated_role_stands(read):
    """A maker who has reports stays a maker; a marketing manager with them leads."""
    text = "Ann,marketeer,,,36\nBob,marketeer,,Ann,36\n"
    text += "Cor,marketing manager,,,36\nDee,marketeer,,Cor,36\n"
    roles = [person.role for person in read(HEADER + text)]
    assert roles == ["marketeer", "marketeer", "leader", "marketeer"]


def test_stated_department_and_domain_stand(read):
    """A stated department and domain win over those of the title."""
    header = HEADER.strip() + ",department,domain\n"
    ann, bob = read(header + "Ann,PR,,,36,Marketing,\nBob,marketeer,,,36,,Events\n")
    assert (ann.department, ann.domain) == ("marketing", "communication")
    assert (bob.department, bob.domain) == ("marketing", "events")


def test_general_titles_take_the_department_of_the_team(read):
    """A leader, colleague or external belongs to the department of the team's name."""
    text = (
        "Ann,leader,Sales,,36\nBob,colleague,Finance,,36\nCor,extern,Communicatie,,8\n"
    )
    departments = [person.department for person in read(HEADER + text)]
    assert departments == ["sales", "finance", "communication"]


def test_marketeers_get_channels_in_turn(read):
    """Marketeers without a channel get one after another, in the order of the table."""
    rows = "".join(f"P{n},marketeer,,,36\n" for n in range(8))
    domains = [person.domain for person in read(HEADER + rows)]
    assert domains == [*CHANNELS, *CHANNELS[:2]]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("", "no people below the header"),
        ("Ann,verkopr,,,36\n", ":2: unknown role; received 'verkopr'; allowed"),
        ("Ann,verkopr,,,36\n", "nearest 'verkoper'"),
        ("Ann,,,,36\n", ":2: no role, and none follows"),
        ("Ann,colleague,,,36\n", ":2: no department, and none follows"),
        ("Ann,hr,,,36\nAnn,hr,,,36\n", ":3: name already on line 2; received 'Ann'"),
        (" ,hr,,,36\n", ":2: empty name"),
        ("Anna,hr,,,36\nBob,hr,,Ana,36\n", "unknown manager; received 'Ana'"),
        ("Anna,hr,,,36\nBob,hr,,Ana,36\n", "nearest 'Anna'"),
        ("Ann,hr,,Ann,36\n", ":2: manager of oneself"),
        (
            "Ann,hr,,Bob,36\nBob,hr,,Cor,36\nCor,hr,,Ann,36\n",
            "Ann -> Bob -> Cor -> Ann",
        ),
        (
            "Ann,hr,,,-4\n",
            ":2: hours; received '-4'; allowed contract hours a week",
        ),
        ("Ann,hr,,,0\n", ":2: hours; received '0'; allowed contract hours a week"),
        ("Ann,hr,,,\n", ":2: hours; received ''"),
        ("Ann,hr,,,full\n", ":2: hours; received 'full'"),
        ("Ann,hr,,,81\n", ":2: hours; received '81'"),
        ("Ann,hr,,,36,x\n", ":2: too many cells"),
    ],
)
def test_bad_rows_are_refused_with_the_reason(rows, words, refusal):
    """Each kind of bad row is refused with line, received, allowed and nearest."""
    assert words in "\n".join(refusal(HEADER + rows))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,role,team,hours\nAnn,hr,,36\n", ":1: no column manager"),
        ("name,role,team,manger,hours\nAnn,hr,,,36\n", "nearest 'manager'"),
        (HEADER.strip() + ",departement\nAnn,hr,,,36,hr\n", "nearest 'department'"),
        (
            HEADER.strip() + ",department\nAnn,hr,,,36,finnance\n",
            "unknown department; received 'finnance'",
        ),
        (
            HEADER.strip() + ",domain\nAnn,hr,,,36,socail\n",
            "nearest 'social'",
        ),
    ],
)
def test_bad_columns_are_refused_with_the_nearest(text, words, refusal):
    """Missing and misspelt columns, departments and domains are told."""
    assert words in "\n".join(refusal(text))


def test_columns_that_are_not_used_are_noted(tmp_path):
    """As those of a list of ties are."""
    text = HEADER.strip() + ",Salary\nAnn,hr,,,36,1\n"
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")
    notes = read_people(tmp_path / "people.csv").notes
    assert notes == ("column 'Salary' is not used",)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (
            "First Name,Last Name,Email,Position,SupervisorEmail,Department,StartDate",
            "people.csv:1: columns have other names; rename 'Email' to 'name',"
            " 'Position' to 'role', 'Department' to 'team', 'SupervisorEmail' to"
            " 'manager'; add 'hours'",
        ),
        (
            "First Name,Last Name,Job Title,Team,Reports To,FTE",
            "put 'First Name' and 'Last Name' together as 'name'; put 'FTE' times the"
            " hours of a full week in a column 'hours'; rename 'Job Title' to 'role',"
            " 'Reports To' to 'manager'",
        ),
        (
            "Employee #,First Name,Last Name,Job Title,Team,Reporting to,"
            "Standard Hours Per Week,FTE",
            "put 'First Name' and 'Last Name' together as 'name'; rename 'Job Title'"
            " to 'role', 'Reporting to' to 'manager', 'Standard Hours Per Week' to"
            " 'hours'",
        ),
        (
            "Worker,Business Title,Supervisory Organization,Worker's Manager,Uren",
            "rename 'Worker' to 'name', 'Business Title' to 'role', 'Supervisory"
            " Organization' to 'team', \"Worker's Manager\" to 'manager'",
        ),
        (
            "EmployeeID;JobTitle;Dept;ManagerID;StandardHours",
            "rename 'EmployeeID' to 'name', 'JobTitle' to 'role', 'Dept' to 'team',"
            " 'ManagerID' to 'manager', 'StandardHours' to 'hours'",
        ),
        (
            "Voornaam;Achternaam;Functietitel;Afdeling;Leidinggevende;Contracturen",
            "put 'Voornaam' and 'Achternaam' together as 'name'; rename 'Functietitel'"
            " to 'role', 'Afdeling' to 'team', 'Contracturen' to 'hours'",
        ),
    ],
)
def test_columns_of_other_systems_are_told_how_to_name(header, words, refusal):
    """What is needed, and which of their columns is likely to be it."""
    text = f"{header}\n" + ("a;" if ";" in header else "a,") * 5 + "a\n"
    assert words in "\n".join(refusal(text))


def test_each_circle_of_managers_is_told_once(refusal):
    """Two circles, with people below them, give two problems."""
    rows = "A,hr,,B,36\nB,hr,,A,36\nC,hr,,A,36\nD,hr,,E,36\nE,hr,,D,36\nF,hr,,C,36\n"
    problems = refusal(HEADER + rows)
    assert [text.rpartition("received ")[2] for text in problems] == [
        "'A -> B -> A'",
        "'D -> E -> D'",
    ]


def test_all_problems_at_once(refusal):
    """One reading tells every problem of the table."""
    assert len(refusal(HEADER + "Ann,x,,,36\n,hr,,,36\nBob,hr,,Zed,99\n")) == 4


def test_wrong_file_is_a_people_error(tmp_path):
    """Files that are no CSV text are refused as people tables, not as graphs."""
    for name in ("people.xlsx", "missing.csv"):
        with pytest.raises(PeopleError):
            read_people(tmp_path / name)
    (tmp_path / "empty.csv").touch()
    with pytest.raises(PeopleError, match="is empty"):
        read_people(tmp_path / "empty.csv")


@given(st.lists(st.text(max_size=5), unique=True, max_size=120), st.text(max_size=5))
@settings(max_examples=50)
def test_pseudonyms_are_stable(names, salt):
    """Pseudonyms are P01 and on, one for each name, in whatever order names come."""
    first = pseudonyms(names, salt)
    assert first == pseudonyms(reversed(names), salt)
    width = 3 if len(names) > 99 else 2
    assert sorted(first.values()) == [f"P{n + 1:0{width}}" for n in range(len(names))]


def test_salt_changes_pseudonyms():
    """Another salt numbers the same people otherwise; the numbers themselves hold."""
    names = [f"name {n}" for n in range(30)]
    assert pseudonyms(names, "one") != pseudonyms(names, "two")
    assert pseudonyms(["Ann", "Bob", "Cor"], "x") == pseudonyms(
        ["Cor", "Ann", "Bob"], "x"
    )


def test_people_and_graph_agree(read):
    """A name of the graph that the table lacks is refused with the nearest."""
    people = read(HEADER + "Anna,hr,,,36\nBob,hr,,,36\nCor,hr,,,36\n")
    graph = graph_among(people, graph_of([("Anna", "Bob")]))
    assert graph.notes == ("people without ties: 1 (lines 4)",)
    with pytest.raises(PeopleError, match=r"received 'Ana'; .*; nearest 'Anna'"):
        graph_among(people, graph_of([("Ana", "Bob")]))


def test_numbers_and_addresses_name_the_same_people(read):
    """Spreadsheets and R write 1 as 1.0, and mail does not know capitals."""
    people = read(HEADER + "1,ceo,,,40\n2,hr,,1.0,40\n3,hr,,1.0,36\n")
    assert [person.manager for person in people] == [None, "1", "1"]
    people = read(HEADER + "Ann@x.org,ceo,,,40\nbob@x.org,hr,,ann@X.org,40\n")
    assert people[1].manager == "Ann@x.org"
    people = read(HEADER + "Ann,ceo,,,40\nBob,hr,,ANN,40\n")
    assert people[1].manager == "Ann"


def test_an_address_twice_is_one_person_twice(refusal):
    """Whatever its capitals; two names that differ in capitals are two people."""
    rows = "Ann@x.org,hr,,,36\nann@x.org,hr,,,36\n"
    assert "name already on line 2" in "\n".join(refusal(HEADER + rows))
    rows = "Ann,hr,,,36\nann,hr,,,36\nBob,hr,,ANN,36\n"
    assert "unknown manager; received 'ANN'" in "\n".join(refusal(HEADER + rows))


def test_a_graph_takes_the_names_of_the_table(read):
    """In other capitals, where one person only can be meant."""
    people = read(HEADER + "Ann,hr,,,36\nBob@x.org,hr,,,36\nCor,hr,,,36\n")
    graph = graph_among(people, graph_of([("ann", "bob@X.org"), ("Cor", "ann")]))
    assert [(edge.a, edge.b) for edge in graph.edges] == [
        ("Ann", "Bob@x.org"),
        ("Ann", "Cor"),
    ]
    assert graph.names == ("Ann", "Bob@x.org", "Cor")
    assert graph.notes == ("names in other capitals than in the table: 2",)
    with pytest.raises(PeopleError, match="received 'ann'"):
        graph_among(people, graph_of([("Ann", "ann"), ("Cor", "ann")]))


def test_strangers_are_told_with_the_file_and_line_of_the_graph(read, tmp_path):
    """All of them; where nobody is known, that is told once, with names of both."""
    people = read(HEADER + "1,hr,,,36\n2,hr,,,36\n")
    path = tmp_path / "ties.csv"
    path.write_text("a,b\n1,2\n2.0,3\n3,4\n", encoding="utf-8")
    with pytest.raises(PeopleError) as caught:
        graph_among(people, read_graph(path))
    assert caught.value.problems == tuple(
        f"{path}:{line}: not in the people table; received '{name}'; allowed a name of"
        " the table"
        for line, name in ((3, "3"), (4, "4"))
    )
    path.write_text("a,b\nn0,n1\n", encoding="utf-8")
    with pytest.raises(PeopleError) as caught:
        graph_among(people, read_graph(path))
    (problem,) = caught.value.problems
    assert problem.startswith(
        f"{path}: nobody is in the people table; received 'n0, n1'"
    )
    assert "names of the table, such as 1, 2" in problem


def groups_of(size, number):
    """Return a graph of cliques in a ring, each tied to a hub."""
    graph = networkx.connected_caveman_graph(number, size)
    hub = number * size
    graph.add_edges_from((hub, at) for at in range(hub))
    return graph_of([(f"p{a:04}", f"p{b:04}") for a, b in graph.edges])


def test_people_for_a_graph_alone():
    """The best connected leads, departments have their shares, large ones a leader."""
    graph = groups_of(size=8, number=5)
    people = people_for(graph)
    assert tuple(person.name for person in people) == graph.names
    (top,) = [person for person in people if person.manager is None]
    assert (top.name, top.role) == ("p0040", "leader")
    counts = Counter(person.department for person in people)
    assert counts["marketing"] == 13
    assert counts["sales"] == 8
    leads = {person.department for person in people if person.role == "leader"}
    assert leads == {"management", "marketing", "sales", "product"}


def test_communities_stay_together():
    """Departments the size of the communities are the communities."""
    people = people_for(groups_of(8, 3), {"marketing": 1, "sales": 1, "hr": 1})
    by_name = {person.name: person.department for person in people}
    for start in range(0, 24, 8):
        assert len({by_name[f"p{at:04}"] for at in range(start, start + 8)}) == 1


@pytest.mark.parametrize("size", [2, 3, 5, 7, 40])
def test_small_graphs_run_too(size):
    """From two people on there is a leader and a marketeer, and all have a place."""
    people = people_for(graph_of([("a", f"b{n}") for n in range(size - 1)]))
    assert len(people) == size
    assert {"leader", "marketeer"} <= {person.role for person in people}
    names = {person.name for person in people}
    assert all(person.manager in names for person in people if person.manager)
    assert all(person.domain in DOMAINS for person in people if person.role != "leader")


def test_large_graphs_are_cut_by_neighbourhood(monkeypatch):
    """Above the limit for communities people still all get a place, the same twice."""
    monkeypatch.setattr(people_for_graph, "MOST_IN_COMMUNITIES", 10)
    graph = groups_of(8, 5)
    people = people_for(graph)
    assert tuple(person.name for person in people) == graph.names
    assert people == people_for(graph)


def test_shares_add_up():
    """A split gives every person a place, near the proportions asked for."""
    for size in range(1, 90):
        counts = people_for_graph._split(size, HEAD_COUNTS)
        assert sum(counts.values()) == size
        exact = size * HEAD_COUNTS["marketing"] / sum(HEAD_COUNTS.values())
        assert abs(counts["marketing"] - exact) < 1
