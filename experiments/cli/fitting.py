"""`orgsim calibrate DATA.csv`: fit a scenario to the data of your own organisation."""

from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.frame import Frame, Options
from experiments.files.file_names import short_name

if TYPE_CHECKING:
    from experiments.show.document import Document


def fit_to(options: Options, frame: Frame) -> "Document":
    """Fit a scenario to a data file; return the document of the fit."""
    from experiments.errors import InputError, did_you_mean
    from experiments.fit.own_data.data import read_data
    from experiments.fit.own_data.example import EXAMPLE, EXAMPLES
    from experiments.fit.own_data.fitted import fit
    from experiments.fit.own_data.text import document_of, weeks_text
    from experiments.words.layout import wrapped
    from simulation.scenario import read

    data, resolved = options.data, read(options.scenario)
    if data not in EXAMPLES and not Path(data).suffix and not Path(data).exists():
        hint = did_you_mean(data, EXAMPLES)
        wrong = f"{data}: no such file; allowed: a .csv file, or {EXAMPLES[0]}{hint}"
        raise InputError(wrong)
    read_in = read_data(EXAMPLE if data in EXAMPLES else data)
    frame.say(lambda: wrapped(weeks_text(read_in, frame.language)))
    usual = short_name(f"{Path(data).stem}-{resolved.name}")
    folder = frame.place(Path("results") / usual)
    effort = (options.draws, options.seed, options.weeks)
    found = fit(read_in, resolved, folder, *effort, frame.workers, frame.progress)
    return document_of(found, folder, frame.language)
