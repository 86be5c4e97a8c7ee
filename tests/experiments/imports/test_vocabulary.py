"""Titles and departments by the meaning of their words."""

import csv

import pytest
from machine import ROOT

from experiments.imports import heads, vocabulary
from experiments.imports.vocabulary import (
    department_of,
    has_left,
    is_outside,
    is_vacant,
    kinds_of_work,
    leads,
    plain,
    work_of,
)
from experiments.imports.words import words
from simulation.state import DEPARTMENTS, DOMAINS, ROLES

TITLES = ROOT / "tests" / "experiments" / "imports" / "exports" / "titles.csv"


def test_titles_in_four_languages_have_their_work():
    """All 259 titles of a list, 200 of them Dutch and English."""
    with TITLES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong = {}
    for row in rows:
        work = work_of(row["title"])
        own = work and kinds_of_work()[work].department
        if row["department"] != ("other" if work == "other" else own):
            wrong[row["title"]] = work
    assert len(rows) == 259 and not wrong


@pytest.mark.parametrize(
    ("title", "without", "with_reports"),
    [
        ("Campagnemanager", False, True),
        ("Marketing manager", False, True),
        ("Directeur", True, True),
        ("Hoofd verkoop", True, True),
        ("Team manager", True, True),
        ("Teammanager", True, True),
        ("Vertriebsleiterin", True, True),
        ("Projektleiter", False, True),
        ("Gebietsleiter", False, True),
        ("Art director", False, True),
        ("Managing director", True, True),
        ("Directiesecretaresse", False, False),
        ("Management assistant", False, True),
        ("Product owner", False, True),
        ("Owner", True, True),
        ("Chef de service", True, True),
        ("Marketeer", False, False),
    ],
)
def test_managers_lead_if_somebody_reports_to_them(title, without, with_reports):
    """Directors and heads always do; assistants of managers only with reports."""
    assert leads(title, False) is without
    assert leads(title, True) is with_reports


@pytest.mark.parametrize(
    ("name", "department"),
    [
        ("Marketing & Communicatie", "marketing"),
        ("Corporate Communications", "communication"),
        ("Commercie", "sales"),
        ("Personeelszaken", "hr"),
        ("P&O", "hr"),
        ("ICT", "product"),
        ("R&D", "product"),
        ("Geschäftsführung", "management"),
        ("Buchhaltung", "finance"),
        ("Service client", "customer_success"),
        ("Juridische Zaken", "other"),
        ("Facilitair Bedrijf", "other"),
        ("Team Content", "marketing"),
        ("Zwaluw", None),
    ],
)
def test_departments_have_their_meaning(name, department):
    """Those that the model lacks are `other`; what says nothing is not guessed."""
    assert department_of(name) == department


def test_letters_alike_are_not_meaning_alike():
    """A fire guard is no brand manager, external communication no outsider."""
    assert work_of("Brandwacht") is None
    assert work_of("Key Account Manager") == "sales"
    assert work_of("Accountant") == "finance"
    assert not is_outside("Manager externe communicatie")
    assert is_outside("Freelance tekstschrijver") and is_outside("ZZP'er")
    assert is_vacant("Vacature marketeer") and not is_vacant("Vacan, Anna")
    assert has_left("Uit dienst") and not has_left("In dienst")


def test_works_are_those_of_the_model():
    """Roles, departments and domains all exist, and so do those of the table."""
    for work in kinds_of_work().values():
        assert work.role in ROLES and work.department in DEPARTMENTS
        assert work.domain is None or work.domain in DOMAINS
    table = vocabulary._table()
    assert {row["work"] for row in table["titles"]} <= set(kinds_of_work())
    found = {row["department"] for row in table["departments"]}
    assert found == {*DEPARTMENTS, "other"}


def test_words_of_the_tables_are_plain():
    """What is compared with plain text is written so, or it would never fit."""
    for kind in heads._table().keys() - {"counting", "often"}:
        every = [word for group in heads._heads(kind).values() for word in group]
        assert len(every) == len(set(every))
        assert [plain(x) for x in every] == [x.removesuffix(" %") for x in every]
    groups = [*vocabulary._title_words(), *vocabulary._department_words()]
    for group in [*groups, *vocabulary._leading_words()]:
        for word in group.patterns:
            bare = word.replace("*", "").removeprefix("=")
            assert plain(bare) == " ".join(bare.split())


def test_the_words_of_imports_are_in_both_languages():
    """With the same values to fill in."""
    from string import Formatter

    for key, texts in words().items():
        assert set(texts) == {"en", "nl"}, key
        english, dutch = (
            {part[1] for part in Formatter().parse(text) if part[1]}
            for text in texts.values()
        )
        assert english == dutch, key
