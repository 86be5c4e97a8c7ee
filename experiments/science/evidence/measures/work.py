"""Hours on primary duties, and answers to leads."""

import numpy as np

from experiments.science.evidence.measures.panel import employed, ratio
from experiments.science.evidence.people import People
from simulation.state import WORKING

ODD_JOBS = {
    "boundaries": ("cannot_refuse",),
    "marketing_staff": ("all_rounder",),
}
"""Where makers have many odd jobs."""


def primary_duties(people: People, kept: np.ndarray | None = None) -> float:
    """Return the share of makers' hours spent on deliverables and items.

    Overtime is included; it is worked on deliverables.
    """
    here = people.maker[:, None] & employed(people) & (people["status"] == WORKING)
    if kept is not None:
        here &= kept[:, None]
    primary = people["hours_routine"] + people["hours_over"] + people["hours_items"]
    return ratio(primary[here].sum(), people["hours_total"][here].sum())


def primary_duties_odd_jobs(people: People) -> float:
    """Return the primary share where makers cannot refuse and have odd jobs besides."""
    kept = [people.with_setting(lever, *there) for lever, there in ODD_JOBS.items()]
    return primary_duties(people, np.logical_and.reduce(kept))


def pursued(people: People) -> float:
    """Return the share of marketing's leads that sales pursue without partnership."""
    apart = [row["sales_partnership"] == "two_departments" for row in people.levers]
    series = people.series[np.flatnonzero(apart)]
    return ratio(series["leads_pursued"].sum(), series["leads_handed"].sum())


def answered_within_hour(people: People) -> float:
    """Return the share of leads handed to sales that are answered within an hour."""
    handed = people.series["leads_handed"].sum()
    return ratio(people["leads_within_hour"].sum(), handed)


def never_answered(people: People) -> float:
    """Return the share of leads handed to sales that nobody ever answers."""
    handed = people.series["leads_handed"].sum()
    return 1 - ratio(people["leads_answered"].sum(), handed)


def answer_hours(people: People) -> float:
    """Return the mean hours until an answer, over the leads that are answered."""
    return ratio(people["answer_hours"].sum(), people["leads_answered"].sum())
