"""From scenarios as written to complete numbers, stage by stage.

Layers are applied in this order, and the last to name a number wins:

1. the published structure table;
2. the files of the chain, from the root to the scenario itself: of each file first its
   levers, in the order of the lever table, then its [structure];
3. the dated changes, week by week.

So a number set in [structure] stays until a later file or change names it, directly or
through a lever. The `changes` of a file replace those of the files it is based on, and
so does its `leave`. The
as-is is resolved in the same way from its own chain, without its changes; organisation,
parameters and run are always the scenario's own. The unknowns of a file replace what it
writes: by their middle here, and by what is drawn in a world.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from simulation import tables
from simulation.characters import one_line
from simulation.scenario_draws import Drawn, middle, unknown_of, with_draws
from simulation.scenario_errors import shown
from simulation.scenario_values import (
    DEFAULT_RUN,
    DEFAULT_WORK,
    HEADS,
    PARAMETER_TABLE,
    SETS,
    Leaver,
    OrganisationSize,
    ResolvedScenario,
    Scenario,
    Stage,
    Values,
)

Draw = Callable[[Mapping[str, Any]], Drawn]
"""Function from the tables of a file to the values that replace what it writes."""
NOTHING: Drawn = Values({})
SETS_SOURCE = "sets of parameters"


def resolve(scenario: Scenario) -> ResolvedScenario:
    """Return the scenario with every number filled in, and the source of each."""
    bare = with_draws(scenario)
    run = {**DEFAULT_RUN, **scenario.table("run")}
    organisation = scenario.organisation()
    parameters, sources = parameters_of(bare)
    return ResolvedScenario(
        name=scenario.name,
        title=_words(scenario, "title", scenario.name),
        question=_words(scenario, "question", ""),
        organisation=_organisation(organisation),
        parameters=parameters,
        parameter_sources=sources,
        stages=tuple(stages_of(bare, run["warm_up_weeks"])),
        weeks=run["weeks"],
        warm_up_weeks=run["warm_up_weeks"],
        people_file=_file(scenario, organisation, "people"),
        network_file=_file(scenario, organisation, "network"),
        scenario=scenario,
        unknown=unknown_of(bare),
        leavers=tuple(Leaver(**one) for one in scenario.leavers()),
    )


def idle_levers(structure: Mapping[str, float]) -> dict[str, str]:
    """Return the levers that have no effect under `structure`, each with a reason."""
    idle = {}
    for lever in tables.lever_table().values():
        for name, threshold in lever.idle_when.items():
            if structure[name] <= threshold:
                why = f"{name} is {structure[name]:g}, not above {threshold:g}"
                idle[lever.name] = why
    return idle


class _Layers:
    """Structural numbers and levers while one layer after another is applied."""

    def __init__(self) -> None:
        self.structure = {n: row.value for n, row in tables.STRUCTURE.items()}
        self.sources = dict.fromkeys(self.structure, "structure.toml")
        self.levers = {n: x.baseline for n, x in tables.lever_table().items()}

    def lay(
        self, written: Mapping[str, Any], where: str, drawn: Drawn = NOTHING
    ) -> None:
        """Apply the levers and then the numbers of one file or change."""
        unknown = drawn.get("levers", {})
        named = {**written.get("levers", {}), **unknown}
        for name, lever in tables.lever_table().items():
            if name in named:
                table = "unknown.levers" if name in unknown else "levers"
                source = f"{where}: {table}.{name} = {shown(named[name])}"
                self.set(lever.settings[named[name]], source)
                self.levers[name] = named[name]
        self.set(written.get("structure", {}), f"{where}: [structure]")
        self.set(drawn.get("structure", {}), f"{where}: [unknown]")

    def set(self, numbers: Mapping[str, float], source: str) -> None:
        """Overwrite these numbers, and no others."""
        for name, value in numbers.items():
            self.structure[name] = float(value) + 0.0
            self.sources[name] = source

    def stage(self, week: int, hours: float = 0.0, euros: float = 0.0) -> Stage:
        """Return the present numbers as the stage that begins in `week`."""
        structure, sources = Values(self.structure), Values(self.sources)
        return Stage(week, structure, sources, Values(self.levers), hours, euros)


def _chain_layers(scenario: Scenario, draw: Draw) -> _Layers:
    layers = _Layers()
    for link in scenario.chain:
        layers.lay(link.written, link.document.source, draw(link.written))
    return layers


def stages_of(
    scenario: Scenario, warm_up_weeks: int, draw: Draw = middle
) -> Iterable[Stage]:
    """Yield the as-is, and then a stage for each week in which a number changes."""
    stage = _chain_layers(scenario.as_is, draw).stage(-warm_up_weeks)
    yield stage
    layers = _chain_layers(scenario, draw)
    effort = scenario.table("effort")
    for week, changes in sorted(_changes(scenario).items()):
        for change, source in changes:
            layers.lay(change, source)
        if layers.structure != stage.structure:
            stage = layers.stage(week, *_effort(stage.levers, layers.levers, effort))
            yield stage


def _changes(scenario: Scenario) -> dict[int, list[tuple[Mapping, str]]]:
    """Return the dated changes by week, in file order; always with week 0."""
    weeks: dict[int, list[tuple[Mapping, str]]] = {0: []}
    where = scenario.last("changes").document.source
    for change in scenario.changes():
        source = f"{where}: changes week {change['week']}"
        weeks.setdefault(change["week"], []).append((change, source))
    return weeks


def _effort(
    before: Mapping[str, str], after: Mapping[str, str], own: Mapping[str, Mapping]
) -> tuple[float, float]:
    """Return the effort of the changed levers: hours per person, and euros."""
    hours = euros = 0.0
    for lever in tables.lever_table().values():
        if before[lever.name] != after[lever.name] and not lever.context:
            given = own.get(lever.name, {})
            hours += given.get("hours_per_person", lever.hours_per_person)
            euros += given.get("euros", lever.euros)
    return float(hours), float(euros)


def parameters_of(scenario: Scenario, draw: Draw = middle) -> tuple[Values, Values]:
    """Return every parameter, and the source of each."""
    values = {name: row.value for name, row in tables.PARAMETERS.items()}
    sources = dict.fromkeys(values, PARAMETER_TABLE)
    for link in scenario.chain:
        written, drawn = link.written.get("parameters", {}), draw(link.written)
        where = link.document.source
        for source, numbers in (
            (SETS_SOURCE, drawn[SETS]),
            (f"{where}: [parameters]", written),
            (f"{where}: [unknown]", drawn["parameters"]),
        ):
            for name, value in numbers.items():
                values[name] = float(value) + 0.0
                sources[name] = source
    return Values(values), Values(sources)


def _organisation(written: Mapping[str, Any]) -> OrganisationSize:
    heads = dict.fromkeys(HEADS, 0) if "people" in written else dict(HEADS)
    known = heads | dict(DEFAULT_WORK)
    values = known | {name: written[name] for name in known if name in written}
    for name in ("contract_hours_per_week", "choices_per_person"):
        values[name] = float(values[name])
    return OrganisationSize(**values)


def _file(scenario: Scenario, organisation: Mapping, key: str) -> Path | None:
    """Return the path of a file that a scenario file names, relative to that file."""
    if key not in organisation:
        return None
    named = [x for x in scenario.chain if key in x.written.get("organisation", {})]
    path = named[-1].document.path
    return ((path.parent if path else Path()) / organisation[key]).resolve()


def _words(scenario: Scenario, key: str, default: str) -> Values:
    """Return a text in each language as it is shown, without invisible characters."""
    written = scenario.written.get(key) or {"en": default, "nl": default}
    return Values({language: one_line(text) for language, text in written.items()})
