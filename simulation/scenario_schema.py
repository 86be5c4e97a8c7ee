"""The schema of scenario files, built from the published tables.

Every lever is a field whose allowed values are its settings. Every structural number
and parameter is a field with the range given in its table.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import GenericAlias
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    create_model,
)
from pydantic_core import PydanticCustomError

from simulation import tables
from simulation.characters import fault_of
from simulation.scenario_values import DEFAULT_RUN, DEFAULT_WORK, HEADS

ONE_LINE = r"^[^\x00-\x1f\x7f-\x9f]+$"
"""The rule for texts as far as a JSON schema can state it; `fault_of` has all of it."""
NOT_SHOWABLE = "not_showable"
LONGEST_TEXT, LONGEST_QUESTION, LONGEST_PATH = 300, 2500, 4000


class ScenarioTable(BaseModel):
    """A table of a scenario: unknown keys are errors, values are never converted."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def json_schema() -> dict:
    """Return the JSON schema of scenario files, for editors that check and complete."""
    schema = _without_nulls(document_model().model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _without_nulls(schema: Any) -> Any:
    """Return a schema without the null defaults of optional fields."""
    if isinstance(schema, list):
        return [_without_nulls(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {k: _without_nulls(v) for k, v in schema.items() if v is not None}


def document_model() -> type[BaseModel]:
    """Return the pydantic model of a scenario file for the current lever table."""
    levers = tables.lever_table().values()
    rows = ((x.name, x.question, tuple(x.settings), x.context) for x in levers)
    return _document_model(tuple(rows))


@lru_cache(maxsize=8)
def _document_model(rows: tuple) -> type[BaseModel]:
    levers = _levers(rows)
    structure = _numbers("Structure", "Structural numbers.", tables.STRUCTURE.values())
    parameters = _numbers("Parameters", "Parameters.", tables.PARAMETERS.values())
    changes: Any = GenericAlias(list, _change(levers, structure))
    leavers: Any = GenericAlias(list, _leaver())
    fields = {
        "title": _words("title, in one language for both or in English and Dutch"),
        "question": _words("the question that this scenario answers", LONGEST_QUESTION),
        "based_on": _text("scenario to start from: a shipped name or a file"),
        "as_is": _text("scenario that holds during the warm-up, or self"),
        "organisation": (_organisation(), None),
        "levers": (levers, None),
        "structure": (structure, None),
        "parameters": (parameters, None),
        "unknown": (_unknown(rows), None),
        "changes": (Annotated[changes, Field(max_length=1000)], None),
        "leave": (Annotated[leavers, Field(max_length=1000)], None),
        "run": (_run(), None),
        "effort": (_efforts(rows), None),
    }
    return _table("Scenario", "A what-if for orgsim: data only.", fields)


def _table(name: str, meaning: str, fields: dict[str, Any]) -> type[BaseModel]:
    return create_model(name, __base__=ScenarioTable, __doc__=meaning, **fields)


def _whole(low: int, high: int, default: Any, meaning: str) -> Any:
    """Return the type and default of a field that holds a whole number."""
    limits = Field(ge=low, le=high, strict=True, description=meaning)
    return (Annotated[int, limits], default)


def _number(
    low: float, high: float, default: Any, meaning: str, step: float | None = None
) -> Any:
    """Return the type and default of a field that holds a finite number."""
    limits = Field(
        ge=low,
        le=high,
        multiple_of=step,
        strict=True,
        allow_inf_nan=False,
        description=meaning,
    )
    return (Annotated[float, limits], default)


def _text(meaning: str, longest: int = LONGEST_PATH, default: Any = None) -> Any:
    """Return the type and default of a field that holds one line of text."""
    limits = Field(
        min_length=1,
        max_length=longest,
        strict=True,
        description=meaning,
        json_schema_extra={"pattern": ONE_LINE},
    )
    return (Annotated[str, limits, AfterValidator(_showable)], default)


def _showable(text: str) -> str:
    """Return text unchanged; raise an error if no document can show it."""
    if fault := fault_of(text):
        raise PydanticCustomError(NOT_SHOWABLE, fault)
    return text


def _organisation() -> type[BaseModel]:
    fields = {
        role: _whole(0, 5000, count, f"number of people: {role}; leaders come on top")
        for role, count in HEADS.items()
    }
    work = DEFAULT_WORK
    hours, span = work["contract_hours_per_week"], work["span_of_control"]
    each, size = work["choices_per_person"], work["bundle_size"]
    fields |= {
        "contract_hours_per_week": _number(1, 60, hours, "contract hours per person"),
        "span_of_control": _whole(2, 100, span, "most people who report to one leader"),
        "choices_per_person": _number(0.1, 20, each, "choices of the offer per person"),
        "bundle_size": _whole(2, 8, size, "choices that only pay when all of them fit"),
        "people": _text("CSV file of people, relative to this file; not with counts"),
        "network": _text("file of a real communication graph, relative to this file"),
    }
    return _table("Organisation", "Who works there; leaders come on top.", fields)


def _run() -> type[BaseModel]:
    weeks, warm_up = DEFAULT_RUN["weeks"], DEFAULT_RUN["warm_up_weeks"]
    fields = {
        "weeks": _whole(1, 2600, weeks, "weeks after the switch"),
        "warm_up_weeks": _whole(0, 1040, warm_up, "weeks before it, under the as-is"),
    }
    return _table("Run", "How long the organisation is followed.", fields)


def _efforts(rows: tuple) -> type[BaseModel]:
    fields = {
        "hours_per_person": _number(0, 2000, 0.0, "hours once, for each person"),
        "euros": _number(0, 1e9, 0.0, "euros once, for the organisation"),
    }
    effort = _table("Effort", "What changing one lever takes.", fields)
    own = {name: (effort, None) for name, _, _, context in rows if not context}
    return _table("Efforts", "Efforts that replace those of the lever table.", own)


def _levers(rows: tuple) -> type[BaseModel]:
    fields = {
        name: (Annotated[Literal[settings], Field(description=question)], settings[0])
        for name, question, settings, _ in rows
    }
    meaning = "Named settings; docs/levers.md tells what each one changes."
    return _table("Levers", meaning, fields)


def _numbers(name: str, meaning: str, rows: Iterable[tables.Number]) -> type[BaseModel]:
    fields = {}
    for row in rows:
        text = f"{row.meaning} ({row.unit})"
        fields[row.name] = _number(row.low, row.high, row.value, text, _step(row))
    return _table(name, meaning, fields)


def _step(row: tables.Number) -> float | None:
    return 1.0 if row.unit == "0 or 1" else None


def _unknown(rows: tuple) -> type[BaseModel]:
    """Return the table [unknown]: settings, ranges, or draws in a file."""
    settings = {
        name: (_several(Literal[choices], 1, len(choices), question), None)
        for name, question, choices, _ in rows
    }
    structure, parameters = (
        _table(name, meaning, {row.name: _between(row) for row in table.values()})
        for name, meaning, table in (
            ("UnknownStructure", "Structural numbers not known.", tables.STRUCTURE),
            ("UnknownParameters", "Parameters not known.", tables.PARAMETERS),
        )
    )
    levers = _table("UnknownLevers", "Levers of which one of these holds.", settings)
    fields = {
        "levers": (levers, None),
        "structure": (structure, None),
        "parameters": (parameters, None),
        "draws": _text("CSV file of draws, relative to this file"),
    }
    return _table("Unknown", "What is not known; each world draws it.", fields)


def _between(row: tables.Number) -> Any:
    """Return the type and default of a range for a number of a table."""
    end, _ = _number(row.low, row.high, None, row.unit, _step(row))
    return (_several(end, 2, 2, f"lowest and highest: {row.meaning}"), None)


def _several(kind: Any, fewest: int, most: int, meaning: str) -> Any:
    """Return the type of an array of values of one kind."""
    array: Any = GenericAlias(list, kind)
    limits = Field(min_length=fewest, max_length=most, description=meaning)
    return Annotated[array, limits]


def _change(levers: type[BaseModel], structure: type[BaseModel]) -> type[BaseModel]:
    fields = {
        "week": _whole(0, 2599, ..., "week in which the change begins, from 0"),
        "levers": (levers, None),
        "structure": (structure, None),
    }
    return _table("Change", "What is switched on at a later week.", fields)


def _leaver() -> type[BaseModel]:
    fields = {
        "week": _whole(0, 2599, ..., "week from which on the person is gone, from 0"),
        "who": _text("a seat, a role, or bridge: who bridges most", LONGEST_TEXT, ...),
    }
    return _table("Leave", "Somebody who leaves in a given week.", fields)


def _words(meaning: str, longest: int = LONGEST_TEXT) -> Any:
    """Return the type and default of a text: one for both languages or one for each."""
    one: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": longest}
    two = {
        "type": "object",
        "properties": {"en": one, "nl": one},
        "required": ["en", "nl"],
        "additionalProperties": False,
    }
    fields = {code: _text(code, longest, ...) for code in ("en", "nl")}
    words: Any = _table("Words", "A text in both languages.", fields)
    annotation = Annotated[
        words,
        BeforeValidator(_in_both),
        WithJsonSchema({"anyOf": [one, two], "description": meaning}),
        Field(description="text, or a table with en and nl"),
    ]
    return (annotation, None)


def _in_both(value: object) -> Mapping | object:
    return {"en": value, "nl": value} if isinstance(value, str) else value
