"""Exports of people and contacts that a page sends, read as by `orgsim import`.

A request brings the files, the mapping as it was answered last, and new answers. The
answer has what was understood, the points that are still open, and the mapping as a
file to keep. People have pseudonyms in all that is answered.
"""

import base64
import binascii
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from experiments.app.sent_files import shown
from experiments.fit.troubles import error_of
from experiments.imports.columns import people_columns
from experiments.imports.contact_columns import contact_columns, is_matrix
from experiments.imports.document import import_document
from experiments.imports.heads import CONTACTS, PEOPLE
from experiments.imports.mapping import (
    NO_COLUMN,
    ImportMapping,
    Key,
    OpenPoint,
    named,
    no_mapping,
)
from experiments.imports.mapping_files import mapping_text, read_mapping
from experiments.imports.mapping_rules import CONTACT_FIELDS, PEOPLE_FIELDS, PeopleRules
from experiments.imports.sheets import SUFFIXES as TABLES
from experiments.imports.sheets import Sheet, read_sheet
from experiments.imports.translating import Import, read_import
from experiments.imports.understood import understood
from experiments.imports.words import ImportProblem, Troubles, said
from experiments.show.document import Document
from simulation.graph_formats import READERS

MOST_FILE = 10_000_000
KINDS = {"people": TABLES, "network": tuple(dict.fromkeys((*TABLES, *READERS)))}
"""Kinds of files and their suffixes."""
COLUMNS: Mapping[str, tuple[Key, tuple[str, ...]]] = {
    "people": (("columns",), PEOPLE_FIELDS),
    "network": (("contacts", "columns"), CONTACT_FIELDS),
}
"""Where a mapping has the columns of each kind of file, and their fields."""
MAPPING_FILE = "mapping.toml"
MOST_ANSWERS = 5_000


def understood_export(
    data: Mapping[str, Any], language: str, folder: Path
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is understood of an export, and the organisation's files.

    There are no files while points are open. Raises `InputError` with all problems.
    """
    if all(data.get(kind) is None for kind in KINDS):
        raise error_of("import_none")
    people, network = (_kept(data.get(kind), kind, folder) for kind in KINDS)
    mapping = _mapping(data, folder, language)
    imported = read_import(people, network, mapping, language)
    imported = _answered(imported, data.get("answers"), (people, network), language)
    text = mapping_text(imported.mapping, imported.points, imported.guesses, language)
    answer: dict[str, Any] = {
        "understood": list(understood(imported, language)),
        "points": [_point(point, language) for point in imported.points],
        "mapping": text,
        "network": [],
    }
    if imported.points:
        return answer, {}
    document = import_document(imported, language)
    answer["network"] = _told(document)
    return answer, {name: str(text) for name, text in document.attachments.items()}


def export_columns(
    data: Mapping[str, Any], language: str, folder: Path
) -> dict[str, Any]:
    """Return, by kind of file, its heads and which of them each field is read from.

    A kind is None without a table of rows: no file, a graph, or a matrix, whose heads
    are names of people. Fields without a column have an empty head.
    """
    mapping = _mapping(data, folder, language) or no_mapping(date.today())
    answer: dict[str, Any] = {}
    for kind, name in (("people", PEOPLE), ("network", CONTACTS)):
        path = _kept(data.get(kind), kind, folder)
        answer[kind] = None
        if path and path.suffix.lower() in TABLES:
            sheet = read_sheet(path, name)
            if kind == "people" or not is_matrix(sheet):
                answer[kind] = _shown_columns(sheet, kind, mapping, language)
    return answer


def _shown_columns(
    sheet: Sheet, kind: str, mapping: ImportMapping, language: str
) -> dict[str, Any]:
    table, fields = COLUMNS[kind]
    troubles = Troubles(language)  # of heads that are not there; the import tells them
    if kind == "people":
        columns = people_columns(sheet, mapping.columns(*table), troubles)
    else:
        columns, _ = contact_columns(sheet, mapping, troubles)
    return {
        "heads": list(dict.fromkeys(head for head in sheet.header if head)),
        "fields": [
            {
                "field": field,
                "label": said(f"field_{field}", language),
                "head": sheet.header[columns[field]] if field in columns else "",
            }
            for field in fields
        ],
    }


def _kept(sent: Any, kind: str, folder: Path) -> Path | None:
    """Write a file that was sent into a folder; return its path, None without one."""
    if sent is None:
        return None
    name, content = (
        (sent.get("name"), sent.get("content"))
        if isinstance(sent, Mapping)
        else ("", 0)
    )
    if not isinstance(name, str) or not isinstance(content, str):
        raise error_of("import_none")
    name = shown(name.replace("\\", "/").rpartition("/")[2])
    if Path(name).suffix.lower() not in KINDS[kind]:
        allowed = ", ".join(KINDS[kind])
        raise error_of("import_kind", file=name, allowed=allowed)
    try:
        body = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise error_of("import_none") from None
    if len(body) > MOST_FILE:
        raise error_of("large", most=MOST_FILE)
    place = folder / kind
    place.mkdir()
    (place / name).write_bytes(body)
    return place / name


def _mapping(
    data: Mapping[str, Any], folder: Path, language: str
) -> ImportMapping | None:
    """Return the mapping that was sent, with the columns that were chosen."""
    sent, chosen = data.get("mapping"), _chosen(data.get("columns"))
    mapping = None
    if sent is not None and sent != "":
        if not isinstance(sent, str):
            raise error_of("import_none")
        path = folder / MAPPING_FILE
        path.write_text(sent, encoding="utf-8")
        mapping = read_mapping(path, language, PeopleRules(language))
    for key, head in chosen.items():
        mapping = (mapping or no_mapping(date.today())).with_value(key, head)
    return mapping


def _chosen(sent: Any) -> dict[Key, str]:
    """Return the heads that were chosen for fields; others are left out."""
    tables = sent if isinstance(sent, Mapping) else {}
    return {
        (*table, field): tables[kind][field] or NO_COLUMN
        for kind, (table, fields) in COLUMNS.items()
        for field in fields
        if isinstance(tables.get(kind), Mapping)
        and isinstance(tables[kind].get(field), str)
    }


def _answered(
    found: Import, answers: Any, files: tuple[Path | None, Path | None], language: str
) -> Import:
    """Return the import with answers to its open points; others are left out."""
    rows = answers if isinstance(answers, list) else []
    given = {
        tuple(row["key"]): row["answer"]
        for row in rows[:MOST_ANSWERS]
        if isinstance(row, Mapping)
        and isinstance(row.get("answer"), str)
        and isinstance(row.get("key"), list)
        and all(isinstance(x, str) for x in row["key"])
    }
    mapping, wrong = found.mapping, []
    for point in found.points:
        if point.key not in given:
            continue
        value = point.understood(given[point.key]) if given[point.key] else None
        if value is None:
            what = f"{point.question(language)} {given[point.key][:60]!r}"
            wrong.append(f"{what}: {_allowed(point, language)}")
            continue
        is_work = point.key[0] in ("titles", "departments")
        mapping = mapping.with_value(point.key, named(str(value)) if is_work else value)
    if wrong:
        raise ImportProblem("\n".join(wrong))
    return read_import(*files, mapping, language) if mapping != found.mapping else found


def _allowed(point: OpenPoint, language: str) -> str:
    return ", ".join(point.shown(language)) or f"{point.low:g} - {point.high:g}"


def _point(point: OpenPoint, language: str) -> dict[str, Any]:
    return {
        "key": list(point.key),
        "question": point.question(language),
        "allowed": list(point.allowed),
        "shown": list(point.shown(language)),
        "suggestion": point.suggestion,
        "low": point.low,
        "high": point.high,
    }


def _told(document: Document) -> list[str]:
    """Return the sentences on the network."""
    rest = [one for one in document.sections if one.name != "understood"]
    return [sentence for one in rest for sentence in one.sentences]
