"""What is not known, and which answer is worth finding out, as a part of a report."""

from experiments.compare.comparison import Comparison
from experiments.report.sections import ReportOptions, section
from experiments.show.document import Section
from experiments.statistics.information import FEWEST
from experiments.words.numerals import say
from experiments.worth import tables, text
from experiments.worth.finding import ChoiceWorth, is_open, judging, worth_of

MOST_ROWS = 6
"""Questions in the table."""


def worth_here(study: Comparison) -> ChoiceWorth | None:
    """Return what is worth finding out; None if all is known, or worlds are too few.

    The choice is between all scenarios of a study, by its headline outcomes and margin.
    """
    runs = (study.whole or study).runs
    by = judging((*study.headlines, "margin"))
    if not is_open(runs.scenarios) or len(runs.worlds) < FEWEST:
        return None
    found = worth_of(runs, by)
    return found if found.ranked else None


def worth(
    found: ChoiceWorth | None, study: Comparison, asked: ReportOptions
) -> Section:
    """Return what is worth finding out, and what would flip the choice."""
    language = asked.language
    if found is None:
        return section("worth", language)
    table = tables.summary_table(found, language, MOST_ROWS)
    together = text.together_told(found, language)
    worlds = len(study.runs.worlds)
    return section(
        "worth",
        language,
        sentences=(*text.sentences(found, language), *([together] if together else [])),
        tables=(table,) if table.rows else (),
        source=say("report_source_worth", language, study=asked.study, n=worlds),
        finding=text.finding(found, language),
        sheet="assumptions",
    )


def worth_asking(found: ChoiceWorth | None, language: str) -> tuple[str, ...]:
    """Return the questions whose answers improve the choice, the best first."""
    paying = [one for one in found.ranked if one.pays] if found else []
    return tuple(one.question.words[language] for one in paying[: text.MOST_NAMED])


def how_to_find_out(study: Comparison, language: str) -> tuple[str, ...]:
    """Return what to do to be told what is worth finding out; () if it is told."""
    if not is_open(study.runs.scenarios):
        return (say("next_interview", language),)
    if len(study.runs.worlds) < FEWEST:
        return (say("find_out_few", language, least=FEWEST),)
    return ()
