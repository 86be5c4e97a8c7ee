"""`orgsim calibrate DATA`: fit a scenario to the data of your own organisation."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.frame import Frame, Options
from experiments.cli.mapped import mapping_beside, read_mapped
from experiments.files.file_names import short_name

if TYPE_CHECKING:
    from experiments.fit.own_data.data import Data
    from experiments.imports.mapping import ImportMapping
    from experiments.imports.weekly.reading import WeeklyImport
    from experiments.show.document import Document


def fit_to(options: Options, frame: Frame) -> "Document":
    """Fit a scenario to data; return the document of the fit.

    What was understood of the data is told first; with `dry_run` that is all.
    """
    from experiments.fit.own_data.fitted import FitDesign, fit
    from experiments.fit.own_data.text import document_of, weeks_text
    from experiments.imports.weekly.document import understood_section, weekly_document
    from experiments.words.layout import wrapped
    from simulation.scenario import read

    resolved = read(options.scenario)
    weekly = None
    if _is_weekly_file(options):
        data = _own_file(options.data[0])
        texts: Sequence[str] = [weeks_text(data, frame.language)]
    else:
        weekly, data = _exports(options, frame)
        texts = understood_section(weekly, frame.language).sentences
    stem = Path(options.data[0]).stem
    if options.dry_run:
        frame.place(Path("results") / short_name(f"{stem}-understood"))
        return weekly_document(data, texts, frame.language)
    frame.say(lambda: "\n".join(wrapped(text) for text in texts))
    folder = frame.place(Path("results") / short_name(f"{stem}-{resolved.name}"))
    design = FitDesign(options.draws, options.seed, options.weeks)
    fitted = fit(data, resolved, folder, design, frame.workers, frame.progress)
    document = document_of(fitted, folder, frame.language)
    if weekly is None:
        return document
    section = understood_section(weekly, frame.language)
    return replace(document, sections=(*document.sections, section))


def _is_weekly_file(options: Options) -> bool:
    """Return whether the data are one file as orgsim itself has them, or an example."""
    from experiments.fit.own_data.example import EXAMPLES
    from experiments.imports.weekly.weekly_tables import is_own_file

    first, *others = options.data
    return not others and (first in EXAMPLES or is_own_file(Path(first)))


def _own_file(data: str) -> "Data":
    from experiments.errors import InputError, did_you_mean
    from experiments.fit.own_data.data import read_data
    from experiments.fit.own_data.example import EXAMPLE, EXAMPLES

    if data not in EXAMPLES and not Path(data).suffix and not Path(data).exists():
        hint = did_you_mean(data, EXAMPLES)
        wrong = f"{data}: no such file; allowed: a .csv file, or {EXAMPLES[0]}{hint}"
        raise InputError(wrong)
    return read_data(EXAMPLE if data in EXAMPLES else data)


def _exports(options: Options, frame: Frame) -> "tuple[WeeklyImport, Data]":
    """Return what was understood of exports, and their data."""
    from experiments.imports.weekly.mapping_rules import WeeklyRules
    from experiments.imports.weekly.reading import WeeklyImport, read_weekly
    from experiments.imports.weekly.understood import understood

    paths = [Path(one) for one in options.data]

    def read(mapping: "ImportMapping | None") -> WeeklyImport:
        return read_weekly(paths, mapping, frame.language)

    found = read_mapped(
        read,
        options.mapping or mapping_beside(paths[0]),
        WeeklyRules(),
        frame,
        "weekly_mapping_head",
        lambda found: understood(found, frame.language),
    )
    assert found.data
    return found, found.data
