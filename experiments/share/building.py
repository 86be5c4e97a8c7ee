"""Build the page: tables, organisation, questions and the model in one HTML file."""

import base64
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from experiments.advise.moves import lever_words
from experiments.browser import embedded, filled
from experiments.browser import tables as shared
from experiments.browser.bundling import bundled
from experiments.compare import settling
from experiments.compare.reading import SIDE
from experiments.imports.plain_files import SCENARIO_FILE
from experiments.share.choices import check_leavers, choice_base, file_of
from experiments.share.drawing import draws_of
from experiments.share.heads import heads_of, organisation_text, without_people
from experiments.share.questions import GROUPS, OWN, base_of, lever_groups, questions
from experiments.words.number_words import name_of, unit_of
from experiments.words.numerals import say
from simulation.compiled import model_version
from simulation.organisation import draw_chart
from simulation.outcomes import HEADLINES, LANGUAGES, OUTCOMES
from simulation.scenario import ResolvedScenario
from simulation.scenario_places import SHIPPED
from simulation.tables import STRUCTURE
from simulation.version import results_version
from simulation.webassembly.organisations import organisation_of

HERE = Path(__file__).parent
MODEL = files("simulation.webassembly")
BROWSER = Path(__file__).parents[1] / "browser"
ALSO = ("wrong_stock", "margin", "change_cost")
"""Outcomes that the page needs beside those of its table."""
DRAWN = ("lead_quality", "wrong_stock", "burnout")
EUROS = {"deal_value": (0, 200_000, 1_000), "cost_hour": (10, 200, 1)}
"""Parameters that a user sets as own money: lowest, highest, step."""
HORIZON = {"low": 26, "high": 208, "step": 26}
"""Weeks ahead that a user can choose."""
HEADS = {"marketeers": (1, 60), "communicators": (0, 40), "sales": (0, 60)}
DEPARTMENTS = ("management", "marketing", "communication", "sales", "other")


NAMES = ("as-is.toml", "to-be.toml")
"""Names of the scenario files that a page saves."""


@dataclass(frozen=True)
class PageTools:
    """What a server adds to the page: markup of a menu and dialogs, style, modules."""

    menu: str = ""
    dialogs: str = ""
    style: str = ""
    modules: tuple[Path, ...] = ()


NO_TOOLS = PageTools()


@cache
def page_words() -> dict[str, dict[str, str]]:
    """Return the words of the page: language -> key -> text."""
    rows = tomllib.loads((HERE / "words.toml").read_text(encoding="utf-8"))
    return {x: {key: texts[x] for key, texts in rows.items()} for x in LANGUAGES}


def share_page(
    scenarios: Sequence[ResolvedScenario],
    language: str = "en",
    seed: int = 1,
    with_people: bool = True,
) -> str:
    """Return a page that runs the model, on the organisation of the first scenario.

    The scenarios in which something changes are its first questions. Unless
    `with_people`, people of files are left out: an organisation of the same head counts
    is shown. Raises `InputError` for scenarios that differ from it in more than levers
    and dated numbers.
    """
    if not with_people:
        heads = heads_of(scenarios[0])
        scenarios = [without_people(one, heads) for one in scenarios]
    base = base_of(scenarios[0])
    data = page_data(base, questions(base, list(scenarios)), language, seed)
    if not with_people:
        data |= {
            "basedOn": SCENARIO_FILE,
            "files": {SCENARIO_FILE: organisation_text(base)},
        }
    return html_of(data, language)


def html_of(data: Any, language: str, tools: PageTools = NO_TOOLS) -> str:
    """Return the page with its data, its model and its scripts in one file."""
    module = (MODEL / "model.wasm").read_bytes()
    script = bundled([*_page_modules(), *tools.modules])
    parts = {
        "LANGUAGE": language,
        "STYLE": (HERE / "page.css").read_text(encoding="utf-8") + tools.style,
        "CONNECT": "'self' blob:" if tools.modules else "blob:",
        "MENU": tools.menu,
        "DIALOGS": tools.dialogs,
        "DATA": embedded(data),
        "MODULE": base64.b64encode(module).decode(),
        "WORKER": embedded(bundled(_worker_modules())),
        "SCRIPT": script.replace("</script", "<\\/script"),
    }
    return filled((HERE / "page.html").read_text(encoding="utf-8"), parts)


def _worker_modules() -> list[Path]:
    model = [Path(str(MODEL / name)) for name in ("model.mjs", "founding.mjs")]
    return [*model, BROWSER / "measures.mjs", HERE / "worker.mjs"]


def _page_modules() -> list[Path]:
    names = ("measures", "statistics", "words", "charts", "resolving")
    own = (
        *("state", "dom", "results", "telling", "pool", "scenario_files", "choosing"),
        *(
            "running",
            "pins",
            "controls",
            "levers",
            "keeping",
            "steps",
            "parts",
            "holding",
        ),
        *("behind", "answer", "page"),
    )
    shared_modules = [BROWSER / f"{name}.mjs" for name in names]
    return [*shared_modules, *(HERE / f"{name}.mjs" for name in own)]


def page_data(
    base: ResolvedScenario, asked: list[dict[str, Any]], language: str, seed: int
) -> dict[str, Any]:
    """Return all that the page computes with and tells, as plain JSON values."""
    shown = [x for x in OUTCOMES if x in (*HEADLINES, *SIDE)]
    entries = [
        shared.outcome_entry(OUTCOMES[name]) | {"shown": name in shown}
        for name in OUTCOMES
        if name in (*shown, *ALSO)
    ]
    groups = [OWN, *GROUPS]
    check_leavers(base)
    return {
        "version": results_version(),
        "model": model_version(),
        "language": language,
        "title": dict(base.title),
        "words": page_words(),
        "sentences": shared.sentence_words(),
        "quantiles": shared.quantiles(),
        "columns": shared.series_columns(),
        "outcomes": entries,
        "outcomeGroups": {
            one["group"]: {x: say(f"group_{one['group']}", x) for x in LANGUAGES}
            for one in entries
        },
        "drawn": list(DRAWN),
        "levers": [_lever(one) for one in shared.lever_entries()],
        "leverGroups": lever_groups(),
        "numbers": _numbers(),
        "questions": asked,
        "groups": groups,
        "base": choice_base(base),
        "organisation": organisation_of(replace(base, unknown=None)),
        "draws": draws_of(base, seed),
        "people": len(draw_chart(base).seats),
        "heads": _heads(base),
        "euros": {
            name: {"value": base.parameters[name], "low": low, "step": step}
            | {"high": max(high, 2 * base.parameters[name])}
            for name, (low, high, step) in EUROS.items()
        },
        "worlds": {
            "first": settling.FIRST_WORLDS,
            "most": settling.MOST_WORLDS,
            "fewest_more": settling.FEWEST_MORE,
            "spare": settling.SPARE,
            "person_weeks": settling.MOST_PERSON_WEEKS,
        },
        "horizon": _horizon(base.weeks),
        "weeks": base.weeks,
        "seed": seed,
        "departments": list(DEPARTMENTS),
        "complaintsAbove": base.parameters["complaints_above"],
        **_files(base),
    }


def _lever(entry: dict[str, Any]) -> dict[str, Any]:
    words = lever_words().get(entry["name"])
    if words is None:
        return entry
    settings = {one["name"]: dict(words[one["name"]]) for one in entry["settings"]}
    return entry | {"words": {"name": dict(words["name"]), "settings": settings}}


def _numbers() -> dict[str, dict[str, Any]]:
    """Return the structural numbers that can be set, in words, with their ranges."""
    return {
        name: {
            "words": {x: name_of(name, x) for x in LANGUAGES},
            "unit": {x: unit_of(name, x) for x in LANGUAGES},
            "low": row.low,
            "high": row.high,
        }
        for name, row in STRUCTURE.items()
    }


def _heads(base: ResolvedScenario) -> dict[str, dict[str, int]] | None:
    """Return the head counts that the page can change; None if seats are given."""
    if base.people_file or base.network_file or base.leavers:
        return None
    values = {name: getattr(base.organisation, name) for name in HEADS}
    return {
        name: {"value": values[name], "low": low, "high": max(high, 2 * values[name])}
        for name, (low, high) in HEADS.items()
    }


def _horizon(weeks: int) -> dict[str, int]:
    """Return the weeks ahead that a user can choose, with those of the organisation."""
    low, high = min(HORIZON["low"], weeks), max(HORIZON["high"], weeks)
    step = HORIZON["step"] if (weeks - low) % HORIZON["step"] == 0 else 1
    return {"low": low, "high": high, "step": step}


def _files(base: ResolvedScenario) -> dict[str, Any]:
    """Return what saved scenario files build on, and files that come with them."""
    written = file_of(base)
    path = written.document.path
    told: dict[str, Any] = {
        "names": NAMES,
        "dated": bool(written.changes()),
        "today": {x: say("app_as_is_title", x) for x in LANGUAGES},
    }
    if path is not None and path.parent == SHIPPED:
        return told | {"basedOn": written.name, "files": {}}
    text = path.read_text(encoding="utf-8") if path else ""
    return told | {"basedOn": SCENARIO_FILE, "files": {SCENARIO_FILE: text}}
