"""Exports in the style of other systems become people that the simulator reads."""

import csv
from datetime import date

import openpyxl
import pytest
from machine import ROOT

from experiments.imports.document import import_document
from experiments.imports.plain_files import hidden, organisation_texts
from experiments.imports.translating import read_import
from experiments.imports.understood import understood
from experiments.imports.words import ImportProblem
from simulation.people_table import read_people

HERE = ROOT / "tests" / "experiments" / "imports" / "exports"
EXAMPLE = ROOT / "docs" / "guides" / "example_people.csv"
DAY = date(2026, 3, 1)

TRUTH = {
    "workday.csv": """
        Grace Obi leader management 40
        Liam Walsh (On Leave) leader marketing 40
        Priya Nair marketeer marketing 40
        Tom Reyes marketeer marketing 32
        Ana Costa marketeer marketing 40
        Kofi Mensah communicator communication 40
        Ruth Blake leader sales 40
        Omar Haddad sales sales 40
        Mei Lin sales sales 40
        Ivan Petrov colleague product 40
        Sara Lund colleague product 40
        Nina Falk colleague finance 40
        Ben Ortiz colleague hr 40
        Jo Park colleague finance 40
        Sam Fox external marketing 16""",
    "bamboohr.csv": """
        Adler, Nora leader management 40
        Brandt, Will leader marketing 40
        Chu, Ivy marketeer marketing 40
        Diaz, Leo marketeer marketing 40
        Egan, Pat marketeer marketing 40
        Ford, Amy communicator communication 40
        Gray, Max leader sales 40
        Hale, Zoe colleague customer_success 40
        Ives, Tom sales sales 40
        Jung, Kim colleague finance 40
        Kerr, Lou colleague product 40""",
    "personio.csv": """
        Jürgen Groß leader management 40
        Katja Weiß leader marketing 40
        Öznur Kaya marketeer marketing 38.5
        Lena Vogt marketeer marketing 38.5
        Paul Sommer marketeer marketing 20
        Ute Krämer communicator communication 40
        Rolf Beck leader sales 40
        Heike Lang sales sales 30
        Timo Fuchs sales sales 40
        Anja Hahn colleague customer_success 35
        Marco Keller colleague product 40
        Doris Roth colleague finance 40
        Silke Arndt colleague hr 32
        Bernd Jahn colleague finance 40""",
    "afas.csv": """
        Henk de Graaf leader management 36
        Marieke van den Berg leader marketing 36
        Joëlle Martens marketeer marketing 32
        Bas Kramer marketeer marketing 24
        Els Visser leader sales 36
        Ton ter Horst sales sales 36
        Ria Smits sales sales 28
        Karel Bosman leader finance 36
        Ank Peeters colleague finance 20
        Wim Zeeman colleague finance 40
        José Alvarez colleague hr 24""",
    "sap.txt": """
        Ingrid Schäfer leader management 40
        Karsten Möller leader marketing 40
        Deniz Yıldız marketeer marketing 40
        Pia Lorenz marketeer marketing 20
        Udo Haas communicator communication 40
        Britta Seidel sales sales 32
        Olaf Franke colleague product 40
        Rita Günther colleague finance 30
        Axel Pohl colleague finance 40
        Maja Engel colleague hr 40""",
}
"""By export: name, role, department and hours of everyone who works there."""
LEFT_OUT = {
    "workday.csv": {"leavers": (20,)},
    "bamboohr.csv": {"leavers": (13,), "vacancies": (14,)},
    "personio.csv": {"coming": (16,), "leavers": (17,)},
    "afas.csv": {"leavers": (14,), "vacancies": (15,), "totals": (16,)},
    "sap.txt": {"leavers": (13,), "vacancies": (14,)},
}
FRENCH = [
    ["Effectif au 31/01/2026"],
    [],
    [
        *("Matricule", "Nom", "Prénom", "Intitulé du poste", "Service"),
        *("Matricule responsable", "Taux d'activité", "Date de sortie"),
    ],
    [1, "Durand", "Anne", "Directrice générale", "Direction", None, 1, None],
    [2, "Petit", "Luc", "Responsable marketing", "Marketing", 1, 1, None],
    [3, "Roux", "Chloé", "Chargée de communication", "Communication", 1, 0.8, None],
    [4, "Noël", "Éric", "Rédacteur web", "Marketing", 2, 0.5, None],
    [5, "Morel", "Léa", "Comptable", "Finance", 1, 1, None],
    [6, "Blanc", "Guy", "Commercial", "Ventes", 1, 1, date(2020, 6, 30)],
]


def told(people):
    return {x.name: (x.role, x.department, x.hours) for x in people}


def expected(text):
    rows = (line.rsplit(maxsplit=3) for line in text.strip().splitlines())
    return {name.strip(): (role, where, float(h)) for name, role, where, h in rows}


@pytest.mark.parametrize("file", TRUTH)
def test_exports_of_five_systems_are_read_without_a_question(file):
    """Headers, encodings, titles, managers, hours and leavers in four languages."""
    found = read_import(HERE / file, today=DAY)
    assert found.points == ()
    assert told(found.people) == expected(TRUTH[file])
    assert found.staff.left_out == LEFT_OUT[file]


def test_managers_are_found_however_they_are_written():
    """By number, by "Last, First" with an infix, by name with a number behind it."""
    above = {
        file: {x.name: x.manager for x in read_import(HERE / file, today=DAY).people}
        for file in TRUTH
    }
    assert above["afas.csv"]["Joëlle Martens"] == "Marieke van den Berg"
    assert above["workday.csv"]["Tom Reyes"] == "Liam Walsh (On Leave)"
    assert above["personio.csv"]["Öznur Kaya"] == "Katja Weiß"
    assert above["sap.txt"]["Rita Günther"] == "Ingrid Schäfer"
    assert above["bamboohr.csv"]["Chu, Ivy"] == "Brandt, Will"


def test_a_workbook_of_excel_is_read_below_its_title(tmp_path):
    """In French, on the second sheet, with numbers and dates as Excel has them."""
    path = tmp_path / "effectif.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["Confidentiel"])
    sheet = book.create_sheet("Effectif")
    for row in FRENCH:
        sheet.append(row)
    book.save(path)
    found = read_import(path, today=DAY)
    assert told(found.people) == {
        "Anne Durand": ("leader", "management", 40),
        "Luc Petit": ("leader", "marketing", 40),
        "Chloé Roux": ("communicator", "communication", 32),
        "Éric Noël": ("marketeer", "marketing", 20),
        "Léa Morel": ("colleague", "finance", 40),
    }
    assert found.staff.left_out == {"leavers": (9,)}


def test_the_dutch_export_of_45_people_is_read_as_they_are():
    """Every role and department is right, and every channel that a title names."""
    with (HERE / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["name"]: row for row in csv.DictReader(file)}
    found = read_import(EXAMPLE, today=DAY)
    assert found.points == () and len(found.people) == len(truth) == 45
    for person in found.people:
        row = truth[person.name]
        assert (person.role, person.department) == (row["role"], row["department"])
        assert not row["domain"] or person.domain == row["domain"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_make_no_difference(encoding, tmp_path):
    """UTF-16 is read without its mark too."""
    text = EXAMPLE.read_bytes().decode("cp1252")
    (tmp_path / "people.csv").write_bytes(text.encode(encoding))
    found = read_import(tmp_path / "people.csv", today=DAY)
    assert found.people == read_import(EXAMPLE, today=DAY).people


def test_who_reports_to_somebody_who_left_reports_to_the_next_above(tmp_path):
    """A leaver between two people is jumped over."""
    path = tmp_path / "p.csv"
    path.write_text(
        "Naam,Functie,Afdeling,Leidinggevende,Datum uit dienst\n"
        "Ann Top,Directeur,Directie,,\n"
        "Bo Weg,Hoofd marketing,Marketing,Ann Top,2020-01-01\n"
        "Cas Doe,Marketeer,Marketing,Bo Weg,\n",
        encoding="utf-8",
    )
    found = read_import(path, today=DAY)
    assert {x.name: x.manager for x in found.people} == {
        "Ann Top": None,
        "Cas Doe": "Ann Top",
    }


def test_without_managers_lines_follow_from_who_leads(tmp_path):
    """That this is an assumption is told."""
    path = tmp_path / "p.csv"
    path.write_text(
        "Name,Title,Department\nA,CEO,Board\nB,Head of marketing,Marketing\n"
        "C,SEO specialist,Marketing\nD,Recruiter,HR\n",
        encoding="utf-8",
    )
    found = read_import(path, today=DAY)
    above = {x.name: x.manager for x in found.people}
    assert above == {"A": None, "B": "A", "C": "B", "D": "A"}
    assert any("an assumption" in x for x in understood(found, "en"))


def test_two_people_of_one_name_are_kept_apart(tmp_path):
    """By number, or else by line; the manager is the one of the same department."""
    path = tmp_path / "p.csv"
    rows = "Nr,Naam,Functie,Afdeling,Leidinggevende\n1,Ann,Directeur,Directie,\n"
    rows += "2,Jan Bos,Hoofd verkoop,Verkoop,1\n3,Jan Bos,Marketeer,Marketing,2\n"
    rows += "4,Eva,Verkoper,Verkoop,Jan Bos\n"
    path.write_text(rows, encoding="utf-8")
    above = {x.name: x.manager for x in read_import(path, today=DAY).people}
    assert list(above) == ["Ann", "Jan Bos (2)", "Jan Bos (3)", "Eva"]
    assert above["Eva"] == "Jan Bos (2)"
    bare = "".join(f"{line.partition(',')[2]}\n" for line in rows.splitlines())
    bare = bare.replace("Directie,1", "Directie,").replace(",1\n", ",Ann\n")
    path.write_text(bare.replace(",2\n", ",Ann\n"), encoding="utf-8")
    names = [x.name for x in read_import(path, today=DAY).people]
    assert names == ["Ann", "Jan Bos (3)", "Jan Bos (4)", "Eva"]


def test_which_of_two_namesakes_is_asked_and_answered(tmp_path):
    """Where no department decides; without names of people in the question."""
    path = tmp_path / "p.csv"
    rows = "Nr,Naam,Functie,Afdeling,Leidinggevende\n1,Ann,Directeur,Directie,\n"
    rows += "2,Jan Bos,Hoofd verkoop,Verkoop,1\n3,Jan Bos,Marketeer,Marketing,2\n"
    rows += "4,Eva,Recruiter,HR,Jan Bos\n5,Bo,Recruiter,HR,Jan Bos\n"
    path.write_text(rows, encoding="utf-8")
    found = read_import(path, today=DAY)
    (point,) = found.points
    assert point.allowed == ("line 3", "line 4") and point.lines == (5, 6)
    assert "Regel 3 Hoofd verkoop, Verkoop; 4 Marketeer" in point.question("nl")
    assert "Jan" not in point.question("nl") and point.understood("regel 4") == "line 4"
    mapping = found.mapping.with_value(point.key, "line 4")
    people = read_import(path, mapping=mapping, today=DAY).people
    assert {x.manager for x in people if x.name in ("Eva", "Bo")} == {"Jan Bos (3)"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["received 'veel'; allowed a number", "in a circle", "at most 80"]),
        ("nl", ["kreeg 'veel'; toegestaan: een getal", "in een kring", "hoogstens 80"]),
    ],
)
def test_all_mistakes_are_told_at_once_with_lines(language, said, tmp_path):
    """In the language that was asked for."""
    path = tmp_path / "p.csv"
    path.write_text(
        "Naam;Functie;Afdeling;Leidinggevende;Uren\n"
        "Ann;Marketeer;Marketing;Bo;32\nBo;Marketeer;Marketing;Ann;veel\n"
        "Cas;Marketeer;Marketing;;160\n;;Marketing;;36\n",
        encoding="utf-8",
    )
    with pytest.raises(ImportProblem) as caught:
        read_import(path, language=language, today=DAY)
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0].rpartition(":")[2] for line in lines] == list("2345")
    for text in said:
        assert text in str(caught.value)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", b"", "is empty"),
        ("p.csv", b"Naam;Functie\n", "no people below the header"),
        ("p.xlsx", b"PK\3\4 no workbook", "is no workbook of Excel"),
        ("p.xls", b"x", "unknown kind of file"),
        ("p.csv", b"Naam;Functie\na;b;c;d\n", "too many cells"),
        ("none.csv", None, "no such file"),
    ],
)
def test_files_that_are_no_tables_are_refused(name, content, said, tmp_path):
    """With the file, and in Dutch with what to do above it."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImportProblem, match=said):
        read_import(path, today=DAY)
    with pytest.raises(ImportProblem, match="In detail, in het Engels"):
        read_import(path, language="nl", today=DAY)


def test_what_is_written_reads_back_and_holds_no_names(tmp_path):
    """Neither does the document, also not in its tables."""
    found = read_import(EXAMPLE, today=DAY)
    document = import_document(found, "nl")
    for name, text in document.attachments.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    back = read_people(tmp_path / "people.csv").people
    assert len(back) == 45 and {x.name[0] for x in back} == {"P"}
    everything = str(document)
    for person in found.people:
        assert person.name not in everything
    named = import_document(found, "nl", named=True)
    assert "Renée Bakker" in named.attachments["people.csv"]


def test_a_formula_in_a_name_is_none_in_what_is_written(tmp_path):
    """Spreadsheets work nothing out."""
    path = tmp_path / "p.csv"
    path.write_text('Naam,Functie\n"=1+1",Directeur\n', encoding="utf-8")
    found = read_import(path, today=DAY)
    words = {key: {"en": "a", "nl": "b"} for key in ("title", "question")}
    texts = organisation_texts((found.people, None), words)
    assert "'=1+1" in texts["people.csv"]
    assert hidden(found.people, None)[0][0].name == "P01"
