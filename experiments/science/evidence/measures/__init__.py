"""Statistics of people that published patterns are about, measured on a panel.

Each measure takes `People` and returns a number, nan if there is nobody to measure.
There is one file per subject.
"""

from collections.abc import Callable, Mapping

from experiments.science.evidence.measures import (
    correlates,
    leadership,
    learning,
    leaving,
    strain,
    teams,
    work,
)
from experiments.science.evidence.people import People

Measure = Callable[[People], float]

MEASURES: Mapping[str, Measure] = correlates.MEASURES | {
    measure.__name__: measure
    for measure in (
        strain.complaints,
        strain.complaints_trend,
        strain.pressure_ratio,
        strain.demands_ratio,
        strain.control_ratio,
        strain.support_ratio,
        strain.retest_quarter,
        strain.retest_year,
        strain.retest_two_years,
        strain.retest_five_years,
        strain.retest_falls,
        strain.strain_performance,
        strain.stress_to_strain,
        strain.strain_to_stress,
        strain.strain_comes_first,
        strain.sick_ratio,
        strain.leave_days,
        strain.on_leave,
        strain.job_features,
        strain.demands_control,
        teams.likeness,
        teams.likeness_of_support,
        teams.hours_score_persons,
        teams.hours_score_six,
        teams.hours_score_ten,
        teams.hours_score_twenty,
        teams.turnover_performance,
        leaving.leaving,
        leaving.strain_leaving,
        leaving.leaving_by_tenure,
        leaving.leaving_falls,
        leaving.leaving_step,
        leadership.absent_motivation,
        leadership.absent_strain,
        leadership.absent_performance,
        leadership.absent_mediated,
        leadership.detail_strain,
        leadership.detail_performance,
        leadership.can_name_falls,
        leadership.can_name_staff,
        leadership.can_name_middle,
        learning.ramp_weeks,
        learning.cost_per_doubling,
        learning.breadth_taken_over,
        learning.diversity_taken_over,
        learning.errors_of_experience,
        work.primary_duties,
        work.primary_duties_odd_jobs,
        work.pursued,
        work.answered_within_hour,
        work.never_answered,
        work.answer_hours,
    )
}
"""Measures of a panel, by the name under which `patterns.toml` calls them."""
