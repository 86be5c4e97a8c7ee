"""`orgsim calibrate DATA.csv`: fit a scenario to the data of one's own organisation."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from experiments.files.file_names import short_name

if TYPE_CHECKING:
    from experiments.fit.own_data.fitted import Fit


def fit_to(
    data: str,
    scenario: str,
    draws: int,
    weeks: int | None,
    seed: int,
    output: Path | None,
    workers: int | None,
    as_json: bool,
    language: str,
    style: str,
    quiet: bool,
) -> int:
    """Fit a scenario to a file of data, and write and tell what was found."""
    from experiments.cli.study import check_writable, tell
    from experiments.errors import InputError, did_you_mean
    from experiments.files.progress import Progress
    from experiments.fit.own_data.data import read_data
    from experiments.fit.own_data.example import EXAMPLE, EXAMPLES
    from experiments.fit.own_data.files import save
    from experiments.fit.own_data.fitted import fit
    from experiments.fit.own_data.text import weeks_text
    from experiments.words.layout import wrapped
    from simulation.scenario import read

    resolved = read(scenario)
    if data not in EXAMPLES and not Path(data).suffix and not Path(data).exists():
        hint = did_you_mean(data, EXAMPLES)
        wrong = f"{data}: no such file; allowed: a .csv file, or {EXAMPLES[0]}{hint}"
        raise InputError(wrong)
    read_in = read_data(EXAMPLE if data in EXAMPLES else data)
    if not quiet:
        click.echo(wrapped(weeks_text(read_in, language)), err=True)
    usual = short_name(f"{Path(data).stem}-{resolved.name}")
    folder = output or Path("results") / usual
    check_writable(folder)
    with Progress("calibrate", quiet) as progress:
        found = fit(read_in, resolved, folder, draws, seed, weeks, workers, progress)
    text = save(found, folder, language, style)
    return tell(text, _document(found, folder), folder, as_json, language)


def _document(found: "Fit", folder: Path) -> dict[str, Any]:
    from experiments.fit.own_data.files import SCENARIO
    from experiments.fit.own_data.posterior import held
    from experiments.fit.own_data.text import weeks_text

    low, high = (found.prior.values(x) for x in found.posterior.interval())
    pinned = {
        name: [float(low[k]), float(high[k])]
        for k, name in enumerate(found.prior.names)
        if found.pinned[k]
    }
    return {
        "verdict": found.check.verdict,
        "weeks": weeks_text(found.data),
        "statistics": len(found.check.statistics),
        "outside": int(found.check.out.sum()),
        "pinned_down": pinned,
        "told": int(found.learned.told.sum()),
        "unknown": len(found.prior.names),
        "truths_held": held(found.ranks) if found.ranks.size else None,
        "scenario": str(folder / SCENARIO),
    }
