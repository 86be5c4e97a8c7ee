"""Check a scenario against the schema: keep what is valid, report the rest."""

from typing import Any

from pydantic import BaseModel, ValidationError

from simulation.scenario_draws import unknown_problems
from simulation.scenario_errors import Problem, choices, key_text, nearest, shown
from simulation.scenario_files import TomlDocument
from simulation.scenario_schema import document_model
from simulation.tables import former_numbers

MOST_LISTED = 12
MOST = 200
UNKNOWN = "unknown"
WHOLE = {UNKNOWN: 3, "title": 1, "question": 1, "leave": 1}
"""Length of the path to a value that is dropped as a whole if a part of it is wrong:
an array, or a text in two languages."""


def checked(document: TomlDocument) -> tuple[dict, list[Problem]]:
    """Return the valid part of a document, and a problem for each invalid part."""
    data = dict(document.data)
    problems: list[Problem] = []
    for _ in range(3):
        try:
            model = document_model().model_validate(data)
            written = model.model_dump(exclude_unset=True)
            return written, problems + unknown_problems(document, written)
        except ValidationError as failed:
            errors = failed.errors(include_url=False)
            problems += [_problem(document, data, error) for error in errors[:MOST]]
            problems += [Problem("many more mistakes")] * (len(errors) > MOST)
            wrong = {_existing(data, error["loc"]) for error in errors}
            data = _without(data, {x[: WHOLE.get(x[0], len(x))] for x in wrong})
    return {}, problems


WRONG = {
    "extra_forbidden": "unknown key",
    "missing": "is missing",
    "literal_error": "unknown setting",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "int_type": "must be a whole number",
    "greater_than_equal": "too low",
    "less_than_equal": "too high",
    "multiple_of": "must be 0 or 1",
    "string_type": "must be text",
    "string_too_short": "is empty",
    "string_too_long": "is too long",
    "string_unicode": "holds what no document can hold: half a character",
    "model_type": "must be a table",
    "list_type": "must be an array of tables",
    "too_long": "has too many elements",
}
WRONG_IN_UNKNOWN = WRONG | {
    "list_type": "must be an array",
    "too_short": "has too few elements",
}


def _problem(document: TomlDocument, data: dict, error: Any) -> Problem:
    loc, kind = error["loc"], error["type"]
    there = _existing(data, loc)
    if kind != "missing":
        loc = there
    unknown = kind == "extra_forbidden"
    if unknown and loc[-1] in former_numbers():
        return Problem(
            "is a number of an earlier version",
            key_text(loc),
            shown(error["input"]),
            f"now: {former_numbers()[loc[-1]]}",
            **document.place(there),
        )
    allowed, near = _unknown(loc) if unknown else _allowed(loc, error["input"])
    if kind == "string_too_long":
        allowed = f"at most {error['ctx']['max_length']} characters"
    wrong = WRONG_IN_UNKNOWN if loc[0] == UNKNOWN else WRONG
    return Problem(
        wrong.get(kind, error["msg"]),
        key_text(loc),
        "" if kind == "missing" else shown(error["input"]),
        allowed,
        near,
        **document.place(there),
    )


def _existing(data: Any, loc: tuple) -> tuple:
    """Return the part of a path that exists in the document."""
    for depth, part in enumerate(loc):
        inside = isinstance(data, dict) and part in data
        if not inside and not (isinstance(data, list) and isinstance(part, int)):
            return loc[:depth]
        data = data[part]
    return loc


def _model_at(loc: tuple) -> type[BaseModel]:
    model = document_model()
    for part in loc:
        if isinstance(part, str):
            annotation: Any = model.model_fields[part].annotation
            model = getattr(annotation, "__args__", (annotation,))[0]
    return model


def _unknown(loc: tuple) -> tuple[str, str]:
    """Return the keys that are allowed in place of an unknown one, and the nearest."""
    *table, name = loc
    known = list(_model_at(tuple(table)).model_fields)
    home = _home(name)
    there = f"{home}.{name}" if home else ""
    near = nearest(name, known, 0.8) or there or nearest(name, known)
    few = len(known) <= MOST_LISTED
    allowed = choices(known) if few else f"a name that `{_listing(table)}` prints"
    return allowed, near


def _home(name: str) -> str:
    parts = ("levers", "structure", "parameters", "organisation", "run")
    return next((p for p in parts if name in _model_at((p,)).model_fields), "")


def _listing(table: list) -> str:
    last = table[-1] if table else ""
    named = {"levers": "levers", "effort": "levers", "parameters": "parameters"}
    option = " --" + named.get(last, "numbers")
    return "orgsim check --schema" if last == "organisation" else f"orgsim list{option}"


def _allowed(loc: tuple, received: object) -> tuple[str, str]:
    """Return the values that a known field allows, and the setting nearest to ours."""
    if loc[:1] == (UNKNOWN,) and len(loc) > 2:
        return _allowed_of_several(loc, received)
    if not loc or isinstance(loc[-1], int):
        return "", ""
    field = _model_at(loc[:-1]).model_fields.get(loc[-1])
    if field is None:
        return "", ""
    settings = getattr(field.annotation, "__args__", ())
    if settings and isinstance(settings[0], str):
        near = nearest(received, settings)
        return choices(settings), shown(near) if near else ""
    limits = {k: v for m in field.metadata for k, v in _limits(m)}
    if "ge" in limits:
        return f"{limits['ge']:g} to {limits['le']:g}", ""
    return ("" if "max_length" in limits else field.description or ""), ""


def _allowed_of_several(loc: tuple, received: object) -> tuple[str, str]:
    """Return the same for an array of settings, a range, or an element of either."""
    allowed, near = _allowed(loc[1:3], received)
    if len(loc) == 4:
        return allowed, near
    several = "an array of one or more of" if loc[1] == "levers" else "[low, high] from"
    return f"{several} {allowed}", ""


def _limits(constraint: object) -> list[tuple[str, Any]]:
    names = ("ge", "le", "max_length")
    return [(n, getattr(constraint, n)) for n in names if hasattr(constraint, n)]


def _without(data: Any, wrong: set[tuple]) -> Any:
    """Return a copy of `data` without the values at the `wrong` paths.

    A change with a mistake is kept as an empty one, so that the numbering of the others
    stays the same.
    """
    if isinstance(data, list):
        bad = {loc[0] for loc in wrong}
        return [{"week": 0} if i in bad else x for i, x in enumerate(data)]
    inner: dict[Any, set[tuple]] = {}
    for key, *rest in wrong:
        inner.setdefault(key, set()).add(tuple(rest))
    return {
        key: _without(value, inner[key]) if key in inner else value
        for key, value in data.items()
        if () not in inner.get(key, ())
    }
