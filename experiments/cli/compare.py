"""`orgsim compare A B ...`: scenarios over the same worlds, and what differs."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from experiments.cli.frame import Options, command
from experiments.cli.options import study_options

if TYPE_CHECKING:
    from simulation.scenario import ResolvedScenario


@command(
    "compare",
    click.argument("scenarios", nargs=-1, required=True, metavar="A B ..."),
    *study_options,
)
def compare(options: Options) -> int:
    """Run scenarios over the same simulated worlds and tell what differs.

    The first is what the others are compared with. A scenario is a file or the name
    of one that ships; see `orgsim list`. Answer, tables, figures and weekly series go
    to a folder in results/. By default worlds are added until the verdicts on the
    headline outcomes are settled (at most 400). More than 21 scenarios get 20 worlds;
    text and figures then show only the best of them, and files have all.
    """
    from experiments.science.evidence.sets import read_over

    scenarios = options.scenarios
    if len(scenarios) < 2:
        raise click.UsageError("Name two scenarios or more; for one: orgsim run.")
    from experiments.cli.scenario_runs import run_and_tell
    from experiments.compare.comparison import FEW_WORLDS, MOST_SHOWN, compare
    from experiments.compare.reading import read_all

    if len(scenarios) <= MOST_SHOWN + 1:
        return run_and_tell(compare, scenarios, options)
    many = read_all(read_over(scenarios, options.over_sets))
    if not options.quiet:
        worlds = options.replicates or FEW_WORLDS
        how = (options.weeks, options.workers, options.language)
        click.echo(_cost_of_many(many, worlds, *how), err=True)
    return run_and_tell(compare, scenarios, options, many)


def _cost_of_many(
    scenarios: "Sequence[ResolvedScenario]",
    replicates: int,
    weeks: int | None,
    workers: int | None,
    language: str,
) -> str:
    """Return the time and memory that many scenarios take, and how they are shown."""
    from experiments.run.costs import seconds_of, span_of
    from experiments.run.runner import memory_of, to_one_horizon
    from experiments.words.layout import wrapped
    from experiments.words.numerals import number, say

    base, *_ = to_one_horizon(scenarios, weeks)
    runs = len(scenarios) * replicates
    unit, span = span_of(seconds_of(base, runs, runs, workers))
    counts = {"count": len(scenarios), "worlds": replicates, "runs": runs}
    texts = {key: number(x, language) for key, x in counts.items()}
    texts["weeks"] = number(base.weeks, language)
    texts["span"] = say(f"span_{unit}", language, n=number(span, language))
    memory = memory_of(runs, base.weeks) / 1e9
    texts["memory"] = number(memory, language, 1 if memory < 10 else 0)
    return wrapped(say("many_cost", language, **texts))
