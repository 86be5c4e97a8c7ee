"""Who meets whom, from tables of ties, e-mails, meetings and surveys."""

import pytest

from experiments.imports.mapping import ImportMapping
from experiments.imports.translating import read_import
from experiments.imports.words import ImportProblem

PEOPLE = (
    "Nr;Naam;E-mail;Functie;Afdeling;Leidinggevende;Uren\n"
    "1;Ann Top;ann@x.org;Directeur;Directie;;40\n"
    "2;Bos, Bo;bo@x.org;Marketeer;Marketing;Ann Top;40\n"
    "3;Cas Doe;cas@x.org;Verkoper;Verkoop;Ann Top;40\n"
    "4;Dee Fin;dee@x.org;Controller;Financiën;Ann Top;40\n"
)


@pytest.fixture
def take(tmp_path):
    """Return a function that imports the four people with a network."""

    def read(text, language="en", name="net.csv", **said):
        (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
        values = {("contacts", key): value for key, value in said.items()}
        mapping = ImportMapping(values)
        return read_import(tmp_path / "people.csv", tmp_path / name, mapping, language)

    return read


def hours(found):
    return {
        (edge.a.split()[0], edge.b.split()[0]): edge.hours for edge in found.graph.edges
    }


@pytest.mark.parametrize(
    "header",
    ["Van;Naar;Uren", "From;To;Hours", "Von;An;Stunden", "De;Vers;Heures", "a;b;hours"],
)
def test_lists_of_ties_have_any_usual_header(header, take):
    """People are found by name in either order, by address and by number."""
    found = take(f"{header}\nAnn Top;Bo Bos;2\ncas@x.org;1;3,5\n")
    assert found.points == ()
    assert hours(found) == {("Ann", "Bos,"): 2, ("Ann", "Cas"): 3.5}


def test_counts_ask_what_they_count_and_over_how_many_weeks(take):
    """Both at once; nothing is guessed."""
    table = "Van;Naar;Aantal\nAnn Top;Bo Bos;60\nBo Bos;Ann Top;60\n"
    found = take(table)
    assert [point.key for point in found.points] == [
        ("contacts", "kind"),
        ("contacts", "weeks"),
    ]
    found = take(table, kind="emails", weeks=10)
    assert hours(found) == {("Ann", "Bos,"): 120 * 5 / 60 / 10}
    assert take(table, kind="ties").graph.edges[0].weight == 60


def test_emails_to_several_people_are_shared_out_over_them(take):
    """One row a message, with dates that tell the weeks; outsiders are left out."""
    rows = "Afzender;Ontvangers;Verzonden\n"
    rows += "ann@x.org;bo@x.org; cas@x.org\n".replace("; ", ", ").replace("\n", "")
    rows += ";2026-01-05 09:00\n"
    rows += "Ann <ann@x.org>;bo@x.org;2026-01-18\nbo@x.org;press@other.org;2026-01-06\n"
    found = take(rows)
    assert found.contacts.kind == "emails" and found.contacts.weeks == 2
    each = 5 / 60 / 2
    assert hours(found) == {
        ("Ann", "Bos,"): pytest.approx(1.5 * each, rel=1e-5),
        ("Ann", "Cas"): pytest.approx(0.5 * each, rel=1e-5),
    }
    assert found.contacts.outsiders == {"press@other.org": 4}


def test_time_in_a_meeting_is_shared_out_over_the_others(take):
    """As in the model's templates: each spends the duration with all others."""
    rows = 'Organizer;Attendees;Duration (min);Date\nAnn Top;"Bo Bos;Cas Doe";60;'
    rows += "2026-01-05\nAnn Top;Dee Fin;30;2026-01-09\n"
    found = take(rows)
    assert found.contacts.kind == "meetings"
    assert hours(found) == {
        ("Ann", "Bos,"): 0.5,
        ("Ann", "Cas"): 0.5,
        ("Bos,", "Cas"): 0.5,
        ("Ann", "Dee"): 0.5,
    }


def test_answers_of_a_survey_are_ties(take):
    """With how often in words of either language, or several colleagues in a row."""
    rows = "Respondent;Met wie werkt u?;Hoe vaak\nAnn Top;Bo Bos;Dagelijks\n"
    rows += "Bo Bos;Ann Top;Wekelijks\nCas Doe;Ann Top;Nooit\n"
    assert hours(take(rows)) == {("Ann", "Bos,"): 2}
    rows = "Name;Who do you work with 1;Who do you work with 2\n"
    rows += "Ann Top;Bo Bos;Cas Doe\nDee Fin;Ann Top;\n"
    found = take(rows)
    assert set(hours(found)) == {("Ann", "Bos,"), ("Ann", "Cas"), ("Ann", "Dee")}
    with pytest.raises(ImportProblem, match=r"csv:2: how often: received 'Ooit'"):
        take("Respondent;Collega;Frequentie\nAnn Top;Bo Bos;Ooit\n")


def test_names_of_nobody_in_a_list_are_asked_about(take):
    """They are never left out silently; if nobody is known, the file is refused."""
    rows = "Van;Naar;Uren\nAnn Top;Bo Bos;1\nAnn Top;Zed Wie;1\n"
    (point,) = take(rows).points
    assert point.key == ("contacts", "outsiders")
    found = take(rows, outsiders="leave out")
    assert found.contacts.outsiders == {"Zed Wie": 3}
    with pytest.raises(ImportProblem, match="niemand hierin staat in de tabel"):
        take("Van;Naar;Uren\nXi;Yo;1\n", language="nl")


def test_graph_files_are_read_as_they_are(take):
    """A GraphML with addresses for names."""
    text = (
        '<graphml><graph edgedefault="undirected"><node id="ann@x.org"/>'
        '<node id="bo@x.org"/><edge source="ann@x.org" target="bo@x.org"/>'
        "</graph></graphml>"
    )
    assert set(hours(take(text, name="net.graphml"))) == {("Ann", "Bos,")}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("Van;Naar;Uren\nAnn Top;Bo Bos;tien\n", "net.csv:2: received 'tien'"),
        ("Van;Naar;Uren\nAnn Top;Bo Bos;70\n", "at most 60"),
        (";Ann Top;Bo Bos\nAnn Top;0;1\nBo Bos;1;0\n", "is a matrix of who with whom"),
        ("Van;Naar;Uren\nAnn Top;Ann Top;1\n", "no contact between different people"),
    ],
)
def test_wrong_networks_are_told_with_their_line(rows, said, take):
    """What was received and what is allowed."""
    with pytest.raises(ImportProblem, match=said):
        take(rows)


def test_columns_that_cannot_be_guessed_are_asked_for_and_mapped(take):
    """By their heads, with all heads as answers."""
    rows = "Eerste;Tweede;Tijd\nAnn Top;Bo Bos;2\n"
    found = take(rows)
    assert [point.key[-1] for point in found.points] == ["a", "b"]
    assert found.points[0].allowed == ("Eerste", "Tweede", "Tijd")


def test_a_network_alone_makes_an_organisation(tmp_path):
    """People are placed by the rule for graphs without a table."""
    path = tmp_path / "mails.csv"
    rows = "".join(f"p{k};p{(k * 7 + 1) % 20};2\n" for k in range(20))
    path.write_text(f"Van;Naar;Uren\n{rows}", encoding="utf-8")
    found = read_import(None, path)
    assert len(found.people) == 20 and found.staff is None
