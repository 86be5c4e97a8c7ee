"""Exports as systems really write them: columns, totals, vacancies, second headers."""

from datetime import date

import pytest

from experiments.cli.command_line import call
from experiments.imports.heads import CONTACTS, guessed_columns
from experiments.imports.mapping_files import mapping_text, read_mapping
from experiments.imports.mapping_rules import PeopleRules
from experiments.imports.translating import read_import
from experiments.imports.understood import understood
from experiments.imports.vocabulary import department_of, leads, work_of

DAY = date(2026, 11, 29)


@pytest.fixture
def take(tmp_path):
    """Return a function that imports a table of people."""

    def read(text, mapping=None):
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return read_import(path, mapping=mapping, today=DAY)

    return read


def managers(found):
    assert found.points == ()
    return {person.name: person.manager for person in found.people}


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (
            "Medewerker;Naam;Functie;Afdeling;Leidinggevende;Naam leidinggevende",
            "1001;Bo;CEO;Directie;;\n1002;Al;Verkoper;Verkoop;1001;Bo\n"
            "1003;Cy;Verkoper;Verkoop;;Al",
        ),
        (
            "Compte;Nom complet;Fonction;Service;Responsable",
            "bo1;Bo;PDG;Direction;NO_MANAGER\nal2;Al;Vendeur;Ventes;bo1\n"
            "cy3;Cy;Vendeur;Ventes;AL2",
        ),
    ],
)
def test_the_column_that_managers_are_named_by_is_found(header, rows, take):
    """By what is in it, whatever its head says; a second column of managers helps."""
    found = take(f"{header}\n{rows}\n")
    assert managers(found) == {"Bo": None, "Al": "Bo", "Cy": "Al"}


@pytest.mark.parametrize("nobody", ["NO_MANAGER", "N/A", "-", "geen", "keiner", "—"])
def test_nobody_manages_whom_nobody_is_named_for(nobody, take):
    """In the words of any system, without a question."""
    rows = "Naam;Functie;Afdeling;Leidinggevende\nBo;CEO;Directie;{}\n"
    found = take(rows.format(nobody) + "Al;Verkoper;Verkoop;Bo\n")
    assert managers(found) == {"Bo": None, "Al": "Bo"}


def test_departments_are_words_not_codes(take):
    """A code does not win; a manager behind the name of a team is left away."""
    found = take(
        "Worker,Business Title,Cost Center,Supervisory Organization,Manager\n"
        "Wei Zhang,VP Engineering,CC616,Engineering,\n"
        "Jan Bos,Engineer,CC617,Platform (Wei Zhang),Wei Zhang\n"
        "Eva Vos,Engineer,CC617,Platform (EMEA),Wei Zhang\n"
    )
    teams = {person.name: person.team for person in found.people}
    assert teams == {
        "Wei Zhang": "Engineering",
        "Jan Bos": "Platform",
        "Eva Vos": "Platform (EMEA)",
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9;Tester (Unfilled);;Tester;IT;40", "vacancies"),
        (";Vakant;;Tester;IT;40", "vacancies"),
        ("9;Pim;Offene Stelle;Tester;IT;40", "vacancies"),
        ("9;Pim;Open;Tester;IT;40", "vacancies"),
        ("Total;43;;;;1580", "totals"),
        ("Total;36 employees;;;;", "totals"),
        ("Totaal;;;;;1434,00", "totals"),
        (";;;;;152", "totals"),
        ("Aantal medewerkers: 2;;;;;", "totals"),
    ],
)
def test_rows_that_are_no_people_are_left_out_and_told(row, reason, take):
    """Nothing is asked about them."""
    people = "Nr;Naam;Status;Functie;Afdeling;Uren\n1;Bo;Actief;CEO;Directie;40\n"
    people += "2;N.B. Open;Actief;Tester;IT;36\n"
    found = take(f"{people}{row}\n")
    assert found.points == () and found.staff.left_out == {reason: (4,)}
    assert [person.name for person in found.people] == ["Bo", "N.B. Open"]
    assert any("left out: 1 (line 4)" in text for text in understood(found, "en"))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_row_of_technical_names_is_not_read(order, take):
    """Above or below the readable header; which line it is, is told."""
    heads = (
        "USERID;FIRSTNAME;LASTNAME;TITLE;DEPARTMENT;Xyz",
        "ID utilisateur;Prénom;Nom;Fonction;Département;Responsable",
    )
    rows = "bo1;Bo;Un;PDG;Direction;\nal2;Al;Deux;Vendeur;Ventes;bo1\n"
    found = take(f"{heads[order[0]]}\n{heads[order[1]]}\n{rows}")
    assert managers(found) == {"Bo Un": None, "Al Deux": "Bo Un"}
    text = f"line {order[0] + 1} holds heads of columns once more"
    assert any(text in told for told in understood(found, "en"))


@pytest.mark.parametrize(
    ("title", "work", "leading"),
    [
        ("Gebietsverkaufsleiter", "sales", False),
        ("Verkaufsleiter", "sales", True),
        ("Lagerist", "other", False),
        ("Productiemedewerker", "other", False),
        ("Productontwikkelaar", "product", False),
    ],
)
def test_titles_of_sales_and_stores(title, work, leading):
    """Who sells in an area leads nobody; production is no product development."""
    assert (work_of(title), leads(title, False)) == (work, leading)


def test_a_french_service_is_a_department():
    """Of general services, of trade, or of customers."""
    names = ("Services généraux", "Service commercial", "Service client")
    found = [department_of(name) for name in names]
    assert found == ["other", "sales", "customer_success"]


@pytest.mark.parametrize(
    "head",
    [
        *("Messages (last 90 days)", "Total messages", "Messages sent"),
        *("Verzonden berichten", "Gesendete Nachrichten", "Courriels envoyés"),
    ],
)
def test_counts_are_found_by_a_word_in_the_head(head):
    """In four languages."""
    found = guessed_columns(CONTACTS, ["Sender", "Recipient", head])
    assert found == {"a": 0, "b": 1, "count": 2}


@pytest.mark.parametrize("head", ["Message ID", "Date of messages", "Mails size (kB)"])
def test_what_is_no_count_is_not_read_as_one(head):
    """A number, a date or a size."""
    assert "count" not in guessed_columns(CONTACTS, ["Sender", "Recipient", head])


def read_network(tmp_path, head, mapping=None):
    people, network = tmp_path / "p.csv", tmp_path / "n.csv"
    rows = "Naam;Functie;Afdeling\nBo;CEO;Directie\nAl;Verkoper;Verkoop\n"
    people.write_text(rows, encoding="utf-8")
    network.write_text(f"Sender;Recipient;{head}\nBo;Al;120;7\n", encoding="utf-8")
    return read_import(people, network, mapping, today=DAY)


def test_counts_count_over_the_weeks_of_their_head(tmp_path):
    """The weeks are suggested; a column that is not used is told."""
    found = read_network(tmp_path, "Messages (13 weeks);Score of Bo")
    (point,) = found.points
    assert point.key == ("contacts", "weeks") and point.suggestion == "13"
    mapping = found.mapping.with_value(point.key, 13.0)
    found = read_network(tmp_path, "Messages (13 weeks);Score of Bo", mapping)
    (tie,) = found.graph.edges
    assert tie.hours == pytest.approx(120 * 5 / 60 / 13, rel=1e-5)
    assert any("not used: Score of Bo" in text for text in understood(found, "en"))


def test_a_column_of_numbers_is_asked_for_where_none_counts(tmp_path):
    """It is never left out silently; "none" is an answer."""
    found = read_network(tmp_path, "Abc;Def")
    point = found.points[0]
    assert point.key == ("contacts", "columns", "count")
    assert point.allowed == ("Abc", "Def", "none") and point.understood("geen")
    mapping = found.mapping.with_value(point.key, "none")
    assert [x.key[-1] for x in read_network(tmp_path, "Abc;Def", mapping).points] == [
        "weeks"
    ]


def test_columns_that_are_chosen_lose_what_was_guessed(take, tmp_path):
    """A field may have another column, or none; words of both languages."""
    text = "Naam;Functie;Afdeling;Rol\nBo;CEO;Directie;Verkoper\n"
    place = tmp_path / "m.toml"
    place.write_text('[columns]\ntitle = "Rol"\ndepartment = "geen"\n', "utf-8")
    mapping = read_mapping(place, "nl", PeopleRules("nl"))
    (person,) = take(text, mapping).people
    assert (person.role, person.department) == ("sales", "sales")


def test_a_mapping_in_either_language_means_the_same(tmp_path):
    """As it is written in Dutch, it is read in English."""
    place, texts = tmp_path / "m.toml", {}
    for language, words in (
        ("en", ("leader", "leave out", "other work", "nobody", "emails")),
        ("nl", ("leidinggevende", "weglaten", "ander werk", "niemand", "e-mails")),
    ):
        leader, out, other, nobody, emails = words
        place.write_text(
            f'unknown_managers = "{nobody}"\n[titles]\nA = "{leader}"\nB = "{out}"\n'
            f'C = "{other}"\n[contacts]\nkind = "{emails}"\n',
            "utf-8",
        )
        texts[language] = read_mapping(place, language, PeopleRules(language))
    assert texts["en"] == texts["nl"]
    dutch = mapping_text(texts["en"], (), {}, "nl")
    assert 'A = "leidinggevende"' in dutch and 'unknown_managers = "niemand"' in dutch
    place.write_text(dutch, "utf-8")
    assert read_mapping(place, "en", PeopleRules()).values == texts["en"].values


def test_what_was_open_goes_from_the_mapping_once_it_is_resolved(tmp_path, capsys):
    """As a mended export does; what was answered stays."""
    path, place = tmp_path / "p.csv", tmp_path / "p-mapping.toml"
    rows = "Naam;Functie;Afdeling;Leidinggevende\nBo;CEO;Directie;{}\n"
    path.write_text(rows.format("Zed"), encoding="utf-8")
    asked = ["import", str(path), "--output", str(tmp_path / "out")]
    assert call(asked) == 2 and 'unknown_managers = "?"' in place.read_text("utf-8")
    path.write_text(rows.format(""), encoding="utf-8")
    assert call(asked) == 0 and "unknown_managers" not in place.read_text("utf-8")
    capsys.readouterr()
