"""Exports of people and contacts that a page sends, read as by `orgsim import`.

A request brings the files, the mapping as it was answered last, and new answers. The
answer has what was understood, the points that are still open, and the mapping as a
file to keep. People have pseudonyms in all that is answered.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.app.sent_files import shown
from experiments.fit.troubles import told
from experiments.imports.document import import_document
from experiments.imports.mapping import ImportMapping, OpenPoint, named
from experiments.imports.mapping_files import mapping_text, read_mapping
from experiments.imports.mapping_rules import PeopleRules
from experiments.imports.sheets import SUFFIXES as TABLES
from experiments.imports.translating import Import, read_import
from experiments.imports.understood import understood
from experiments.imports.words import ImportProblem
from experiments.show.document import Document
from simulation.graph_formats import READERS

MOST_FILE = 10_000_000
KINDS = {"people": TABLES, "network": tuple(dict.fromkeys((*TABLES, *READERS)))}
"""Kinds of files and their suffixes."""
MAPPING_FILE = "mapping.toml"
MOST_ANSWERS = 5_000


def understood_export(
    data: Mapping[str, Any], language: str, folder: Path
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return what is understood of an export, and the organisation's files.

    There are no files while points are open. Raises `InputError` with all problems.
    """
    if all(data.get(kind) is None for kind in KINDS):
        raise told("import_none")
    people, network = (_kept(data.get(kind), kind, folder) for kind in KINDS)
    mapping = _mapping(data.get("mapping"), folder, language)
    found = read_import(people, network, mapping, language)
    found = _answered(found, data.get("answers"), (people, network), language)
    text = mapping_text(found.mapping, found.points, found.guesses, language)
    answer: dict[str, Any] = {
        "understood": list(understood(found, language)),
        "points": [_point(point, language) for point in found.points],
        "mapping": text,
        "network": [],
    }
    if found.points:
        return answer, {}
    document = import_document(found, language)
    answer["network"] = _told(document)
    return answer, {name: str(text) for name, text in document.attachments.items()}


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
        raise told("import_none")
    name = shown(name.replace("\\", "/").rpartition("/")[2])
    if Path(name).suffix.lower() not in KINDS[kind]:
        allowed = ", ".join(KINDS[kind])
        raise told("import_kind", file=name, allowed=allowed)
    try:
        body = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise told("import_none") from None
    if len(body) > MOST_FILE:
        raise told("large", most=MOST_FILE)
    place = folder / kind
    place.mkdir()
    (place / name).write_bytes(body)
    return place / name


def _mapping(sent: Any, folder: Path, language: str) -> ImportMapping | None:
    if sent is None or sent == "":
        return None
    if not isinstance(sent, str):
        raise told("import_none")
    path = folder / MAPPING_FILE
    path.write_text(sent, encoding="utf-8")
    return read_mapping(path, language, PeopleRules(language))


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
            wrong.append(f"{what}: {_allowed(point)}")
            continue
        is_work = point.key[0] in ("titles", "departments")
        mapping = mapping.with_value(point.key, named(str(value)) if is_work else value)
    if wrong:
        raise ImportProblem("\n".join(wrong))
    return read_import(*files, mapping, language) if mapping != found.mapping else found


def _allowed(point: OpenPoint) -> str:
    return ", ".join(point.allowed) or f"{point.low:g} - {point.high:g}"


def _point(point: OpenPoint, language: str) -> dict[str, Any]:
    return {
        "key": list(point.key),
        "question": point.question(language),
        "allowed": list(point.allowed),
        "suggestion": point.suggestion,
        "low": point.low,
        "high": point.high,
    }


def _told(document: Document) -> list[str]:
    """Return the sentences on the network."""
    rest = [one for one in document.sections if one.name != "understood"]
    return [sentence for one in rest for sentence in one.sentences]
