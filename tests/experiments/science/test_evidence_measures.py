"""Statistics of people: each gives the known answer of a panel that was made for it."""

import itertools
import math

import numpy as np
import pytest
from scipy import stats

from experiments.science.evidence.measures import (
    MEASURES,
    leadership,
    learning,
    strain,
    teams,
    work,
)
from experiments.science.evidence.measures import leaving as exits
from experiments.science.evidence.measures import panel as common
from experiments.science.evidence.people import FIELDS, People, people_of
from experiments.science.evidence.population import population
from simulation.outcomes import SERIES_RECORD
from simulation.state import ON_LEAVE, VACANT, WORKING

USUAL = {"status": WORKING, "tenure": 500, "productivity": 1.0, "score": 2.0}
"""What people of a panel are where nothing else is said; all else is 0."""
AWAITED = {
    "hours_sick": {"sick_ratio"},
    "taken_over": {"breadth_taken_over", "diversity_taken_over"},
    "leads_answered": {"never_answered", "answer_hours"},
}
"""Measures that are not known until the model keeps these fields."""
OVER, UNDER = 4.0, 2.0
"""Scores of those with complaints, and of those without."""
MANY = 20_000


class Blank(dict):
    """Weeks of a panel: fields that nobody filled in are as usual."""

    def __init__(self, shape, fields):
        super().__init__(
            {name: np.broadcast_to(x, shape) for name, x in fields.items()}
        )
        self.shape = shape

    def __missing__(self, field):
        return np.full(self.shape, USUAL.get(field, 0))


def panel(
    seats,
    weeks,
    organisation=0,
    role="maker",
    maker=True,
    steering=(),
    levers=(),
    **fields,
):
    """Return the people of a panel by hand: fields are broadcast to (seats, weeks)."""
    who = [np.broadcast_to(x, (seats,)) for x in (organisation, role, maker)]
    settings = tuple({"steering": x} for x in steering or ("direction",))
    levers = tuple(levers) or settings
    series = np.zeros((len(levers), weeks), SERIES_RECORD)
    blank = Blank((seats, weeks), fields)
    seat = np.array([f"seat-{k:06}" for k in range(seats)])
    return People(who[0], seat, who[1], who[1], who[2], blank, levers, series)


def column(*values):
    """Return one value for each seat, to be the same in all weeks."""
    return np.array(values)[:, None]


def noise(*shape, seed=1):
    """Return standard normal numbers."""
    return np.random.default_rng(seed).standard_normal(shape)


def wandering(seats, weeks, stability, seed=1):
    """Return scores that follow a stationary autoregression of a given weekly r."""
    shocks = noise(seats, weeks, seed=seed)
    score = shocks.copy()
    for w in range(1, weeks):
        score[:, w] = stability * score[:, w - 1]
        score[:, w] += math.sqrt(1 - stability**2) * shocks[:, w]
    return score


def test_every_measure_is_a_number_of_people_that_live():
    """In a small population that the model lives, each measure finds its fields."""
    people = people_of(population(16, 3, weeks=280, warm_up_weeks=52), 3, workers=1)
    found = {name: measure(people) for name, measure in MEASURES.items()}
    unknown = {name for name, x in found.items() if not math.isfinite(x)}
    waiting = {field for field in AWAITED if field not in FIELDS}
    assert unknown <= {x for field in waiting for x in AWAITED[field]}, found


def test_who_is_employed():
    """No externals and no empty seats; those on leave are employed."""
    status = column(WORKING, ON_LEAVE, VACANT, WORKING)
    people = panel(4, 3, status=status, external=column(0, 0, 0, 1))
    assert common.employed(people)[:, 0].tolist() == [True, True, False, False]


def test_complaints_are_the_mean_of_yearly_waves():
    """Two of four, then one of three, an external and an empty seat left out."""
    score = np.full((6, 104), UNDER)
    score[[0, 1, 4, 5], 0] = OVER
    score[[0, 4], 52] = OVER
    score[:, 1:52] = score[:, 53:] = OVER  # no wave is taken then
    status = np.full((6, 104), WORKING)
    status[[3, 5], 52:] = VACANT
    external = column(0, 0, 0, 0, 1, 0)
    status[5] = VACANT
    people = panel(6, 104, score=score, status=status, external=external)
    assert strain.complaints(people) == pytest.approx((2 / 4 + 1 / 3) / 2)


def test_the_trend_of_complaints_is_that_of_a_year():
    """A share that grows by one percent point a quarter grows by four a year."""
    score = np.full((100, 53), UNDER)
    for quarter in range(5):
        score[: 10 + quarter, 13 * quarter] = OVER
    assert strain.complaints_trend(panel(100, 53, score=score)) == pytest.approx(0.04)


def test_complaints_by_group():
    """A group with 20 % against 8 % of the rest has 2.5 times as many."""
    felt, score = np.arange(100)[:, None], np.full(100, UNDER)
    score[:10], score[50:54] = OVER, OVER
    people = panel(100, 40, score=score[:, None])
    wide = np.broadcast_to(felt, (100, 40))
    assert strain.complaints_ratio(people, wide, 0.5) == pytest.approx(0.20 / 0.08)
    nobody = panel(100, 40, score=column(*[OVER] * 50, *[UNDER] * 50))
    assert math.isnan(strain.complaints_ratio(nobody, wide, 0.5))


@pytest.mark.parametrize(
    ("measure", "field", "ratio"),
    [
        (strain.pressure_ratio, "pressure", 0.2 / 0.1),
        (strain.demands_ratio, "demands", 0.2 / 0.1),
        (strain.control_ratio, "control", (10 / 45) / (4 / 55)),
        (strain.support_ratio, "support", 0.5 / (9 / 90)),
    ],
)
def test_surveys_compare_their_own_groups(measure, field, ratio):
    """The top 40 % on pressure, low 45 % on control, lowest tenth on support."""
    over = {
        "pressure": [*range(6), *range(60, 68)],  # 8 of the upper 40, 6 of the rest
        "demands": [*range(6), *range(60, 68)],
        "control": [*range(10), *range(45, 49)],
        "support": [*range(5), *range(10, 19)],
    }[field]
    score = np.full(100, UNDER)
    score[over] = OVER
    people = panel(100, 40, score=score[:, None], **{field: np.arange(100.0)[:, None]})
    assert measure(people) == pytest.approx(ratio)


def test_pressure_is_that_of_the_last_quarter():
    """The wave and the twelve weeks before it count, and no others."""
    pressure = np.zeros((100, 40))
    pressure[:, :13] = np.arange(100)[:, None] / 50  # the wave is in week 12
    pressure[:, 13] = -1000 * np.arange(100)
    score = np.full(100, UNDER)
    score[60:68], score[:6] = OVER, OVER
    people = panel(100, 40, pressure=pressure, score=score[:, None])
    assert strain.pressure_ratio(people) == pytest.approx(2)


@pytest.mark.parametrize(
    ("measure", "weeks"),
    [
        (strain.retest_quarter, 13),
        (strain.retest_year, 52),
        (strain.retest_two_years, 104),
        (strain.retest_five_years, 260),
    ],
)
def test_stability_is_that_of_an_autoregression(measure, weeks):
    """With a weekly r of 0.99 the correlation over w weeks is 0.99 to the power w."""
    people = panel(MANY, weeks + 8, score=wandering(MANY, weeks + 8, 0.99))
    assert measure(people) == pytest.approx(0.99**weeks, abs=0.02)


def test_stability_falls_by_its_least_step():
    """Of an autoregression that is the step from two years to five, or an earlier."""
    people = panel(MANY // 4, 270, score=wandering(MANY // 4, 270, 0.999))
    known = [0.999**weeks for weeks in strain.LAGS]
    least = min(a - b for a, b in itertools.pairwise(known))
    assert strain.retest_falls(people) == pytest.approx(least, abs=0.02)
    still = panel(500, 270, score=noise(500, 1))
    assert strain.retest_falls(still) == pytest.approx(0)


def test_successors_are_other_people():
    """A successor's score is not compared with that of who sat there before."""
    score = wandering(MANY, 40, 0.99)
    seats = np.arange(MANY) % 2 == 0
    generation = np.zeros((MANY, 40), int)
    generation[seats, 8:] = 1
    score[seats, 8:] = noise(seats.sum(), 1, seed=2)
    people = panel(MANY, 40, score=score, generation=generation)
    kept = common.same(people, 0, 13)
    assert kept.tolist() == (~seats).tolist()
    r = np.corrcoef(score[~seats, 0], score[~seats, 13])[0, 1]
    first = panel(MANY, 14, score=score[:, :14], generation=generation[:, :14])
    assert strain.retest(first, 13) == pytest.approx(r)


def test_correlations_are_those_of_scipy():
    """Pearson's r; nan where one of the two does not vary or hardly anybody is left."""
    x, y = noise(2, 30)
    assert common.correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)
    assert math.isnan(common.correlation(x, np.ones(30)))
    assert math.isnan(common.correlation(x[:2], y[:2]))


def test_strain_goes_with_performance_of_the_quarter_before():
    """Performance is averaged over 13 weeks; who was on leave then is left out."""
    score, done = noise(200, 60), noise(200, 60, seed=2)
    status = np.full((200, 60), WORKING)
    status[:50, 2], status[60:70, 13] = ON_LEAVE, ON_LEAVE
    people = panel(200, 60, score=score, performance=done, status=status)
    away = np.zeros(200, bool)
    away[:50] = True  # weeks 0 to 12 are the quarter; 13 lies outside
    r = stats.pearsonr(score[~away, 12], done[~away, :13].mean(1)).statistic
    assert strain.strain_performance(people) == pytest.approx(r)


def test_leaving_is_a_yearly_rate_of_makers():
    """Two in four seats over half a year are one a year; others do not count."""
    leaving = np.zeros((6, 26), int)
    leaving[0, 3] = leaving[1, 9] = leaving[4, 5] = leaving[5, 5] = 1
    maker = np.array([True] * 5 + [False])
    external = column(0, 0, 0, 0, 1, 0)
    people = panel(6, 26, leaving=leaving, maker=maker, external=external)
    assert exits.leaving(people) == pytest.approx(1.0)


def test_who_leaves_within_a_year():
    """Notice of the same person counts, from the week itself up to the last week."""
    leaving = np.zeros((5, 80), int)
    generation = np.zeros((5, 80), int)
    leaving[0, 10] = leaving[1, 61] = leaving[2, 62] = leaving[3, 9] = 1
    leaving[4, 30], generation[4, 20:] = 1, 1  # it is the successor who leaves
    people = panel(5, 80, leaving=leaving, generation=generation)
    found = exits.leaves_within(people, 10)
    assert found.tolist() == [True, True, False, False, False]


def test_strain_goes_with_leaving_in_the_year_after():
    """A biserial correlation, without those who leave at the wave itself."""
    score, weeks = noise(400, 1)[:, 0], 53
    goes = score + noise(400, 1, seed=2)[:, 0] > 1
    late = np.zeros((400, weeks), int)
    late[np.flatnonzero(goes), 1 + np.flatnonzero(goes) % 52] = 1
    late[:20] = 0
    late[:20, 0] = 1
    people = panel(400, weeks, score=score[:, None], leaving=late)
    found = exits.biserial(score[20:], goes[20:])
    assert found > 0.4 and exits.strain_leaving(people) == pytest.approx(found)


@pytest.mark.parametrize("rare", [0.5, 1.2, 2.0])
def test_the_biserial_r_does_not_hang_on_how_rare_an_event_is(rare):
    """An r of 0.3 with what lies behind it, wherever the threshold is."""
    x = noise(20 * MANY)
    behind = 0.3 * x + math.sqrt(1 - 0.09) * noise(20 * MANY, seed=2)
    assert exits.biserial(x, behind > rare) == pytest.approx(0.3, abs=0.02)
    assert math.isnan(exits.biserial(x, behind > 99))


def test_spells_are_those_seen_whole():
    """Leaves that began before or end after the panel are left out."""
    away = np.zeros((5, 30), bool)
    away[0, :4] = away[0, 7:12] = away[0, 20:22] = away[0, 28:] = True
    away[1, :] = True
    away[2, :9] = True
    away[3, 29] = True
    people = panel(5, 30, status=np.where(away, ON_LEAVE, WORKING))
    assert strain.spells(people) == [5, 2]
    assert strain.leave_days(people) == pytest.approx(7 * 3.5)
    assert math.isnan(strain.leave_days(panel(5, 30)))
    assert strain.on_leave(people) == away.mean()


def test_those_with_complaints_are_ill_so_many_times_as_long():
    """A fifth of their hours and ten weeks of leave against a twentieth of others'."""
    status = np.full((40, 103), WORKING)
    status[:10, 1:11] = ON_LEAVE  # within the year up to the wave in week 51
    ill = column(*[8.0] * 20, *[2.0] * 20) * np.ones(103)
    score = column(*[OVER] * 20, *[UNDER] * 20)
    fields = {"hours_contract": 40.0 * np.ones((40, 103)), "hours_sick": ill}
    people = panel(40, 103, score=score, status=status, **fields)
    long = (10 * 1.0 + 42 * 0.2) / 52
    found = strain.sick_ratio(people)
    assert found == pytest.approx(((long + 0.2) / 2) / 0.05)


def test_newcomers_ramp_up():
    """Output of 0.5 and 0.03 a week more reaches 90 % of peers' in week 14."""
    tenure = np.tile(np.arange(1, 41), (6, 1))
    output = np.minimum(1.0, 0.5 + 0.03 * tenure)
    tenure[3:], output[3:] = 300, 1.0
    people = panel(6, 40, tenure=tenure, productivity=output)
    assert learning.ramp_weeks(people) == 14
    slow = panel(6, 40, tenure=tenure, productivity=np.where(tenure < 99, 0.5, 1.0))
    assert learning.ramp_weeks(slow) == 52


def test_costs_fall_with_what_a_newcomer_has_done():
    """Costs of 0.8 to the power of doublings, of people of any pace, are found back."""
    weeks, came = 150, 10
    done = np.zeros((3, weeks))
    hours = np.zeros((3, weeks))
    for seat, pace in enumerate((1.0, 3.0, 0.4)):
        for month in range((weeks - came) // 4):
            span = slice(came + 4 * month, came + 4 * month + 4)
            done[seat, span] = pace
            before = 4 * pace * (month + 0.5)
            hours[seat, span] = pace * (5 + seat) * 0.8 ** math.log2(before)
    generation = np.zeros((3, weeks), int)
    generation[:2, came:] = 1
    hours[2], done[2] = 9, 1  # has always been there: no newcomer
    fields = {"hours_routine": hours, "deliverables": done, "generation": generation}
    people = panel(3, weeks, **fields)
    assert learning.cost_per_doubling(people) == pytest.approx(0.8)
    leaders = panel(3, weeks, role="leader", **fields)
    assert math.isnan(learning.cost_per_doubling(leaders))


def test_newcomers_are_successors_in_sight():
    """From the first week in which the seat is filled, for two years at most."""
    generation = np.zeros((2, 200), int)
    generation[0, 20:], generation[0, 180:] = 1, 2
    status = np.full((2, 200), WORKING)
    status[0, 20:25] = VACANT
    people = panel(2, 200, generation=generation, status=status)
    assert list(learning.newcomers(people)) == [(0, 25, 129), (0, 180, 200)]


def test_breadth_and_diversity_go_with_what_is_taken_over():
    """Broad people take over more; teams of different specialists less."""
    size, members = 40, 4
    n = 2 * size * members
    broad = np.arange(n) < size * members
    team = np.arange(n) // members
    mixed = team % 2 == 0
    domain = np.where(mixed, np.arange(n) % members, 0)
    taken = np.where(broad, 3.0, np.where(mixed, 1.0, 2.0)) + 0.1 * noise(n)
    levers = ({"profiles": "t_shaped"}, {"profiles": "specialist"})
    people = panel(
        n,
        110,
        organisation=np.where(broad, 0, 1),
        levers=levers,
        team=team[:, None],
        domain=domain[:, None],
        taken_over=taken[:, None],
    )
    r = stats.pointbiserialr(broad, taken).statistic
    assert learning.breadth_taken_over(people) == pytest.approx(r)
    means = taken[~broad].reshape(size, members).mean(1)
    blau = np.where(mixed[~broad].reshape(size, members)[:, 0], 0.75, 0.0)
    known = stats.pearsonr(blau, means).statistic
    assert known < -0.9 and learning.diversity_taken_over(people) == pytest.approx(
        known
    )


def test_errors_of_the_experienced_against_those_of_newcomers():
    """A tenth wrong after four years, a fifth in the first half year: half as many."""
    tenure = column(300, 10, 100)
    people = panel(3, 4, tenure=tenure, right=column(9, 8, 1), wrong=column(1, 2, 9))
    assert learning.errors_of_experience(people) == pytest.approx(0.5)


def test_pursuit_leaves_partners_out():
    """Leads of partners are neither pursued nor handed over in this share."""
    people = panel(3, 4)
    levers = [{"sales_partnership": x} for x in ("two_departments", "partners")]
    series = np.zeros((2, 4), SERIES_RECORD)
    series["leads_handed"], series["leads_pursued"] = 10, [[3] * 4, [9] * 4]
    there = People(*list(vars(people).values())[:6], tuple(levers), series)
    assert work.pursued(there) == pytest.approx(0.3)


def test_absence_and_detail_are_set_against_other_steering():
    """Correlations of a setting, of people with a leader; detail against direction."""
    steering = ("absent", "detail", "direction")
    where = np.arange(300) % 3
    motivation, score, done = noise(3, 300, 1)
    leader = np.where(np.arange(300) < 30, -1, 0)[:, None]
    led = np.arange(300) >= 30
    people = panel(
        300,
        40,
        organisation=where,
        steering=steering,
        motivation=motivation,
        score=score,
        performance=done,
        leader=leader,
    )

    def r(setting, y, kept):
        return stats.pointbiserialr(where[kept] == setting, y[kept, 0]).statistic

    present = led & (where != 0)
    assert leadership.absent_motivation(people) == pytest.approx(r(0, motivation, led))
    assert leadership.absent_strain(people) == pytest.approx(r(0, score, led))
    assert leadership.absent_performance(people) == pytest.approx(r(0, done, led))
    assert leadership.detail_strain(people) == pytest.approx(r(1, score, present))
    assert leadership.detail_performance(people) == pytest.approx(r(1, done, present))


@pytest.mark.parametrize("direct", [0.0, 0.3, 1.2])
def test_the_share_through_clarity_and_pressure_is_known(direct):
    """Indirect effects of 0.4 and 0.2 beside a direct one: the share follows."""
    absent = np.arange(MANY) % 2 == 0
    clarity = -0.8 * absent + noise(MANY)
    pressure = 0.4 * absent + noise(MANY, seed=2)
    score = direct * absent - 0.5 * clarity + 0.5 * pressure + noise(MANY, seed=3)
    fields = {"clarity": clarity, "pressure": pressure, "score": score}
    people = panel(
        MANY,
        27,
        organisation=np.where(absent, 0, 1),
        steering=("absent", "direction"),
        **{name: x[:, None] for name, x in fields.items()},
    )
    share = leadership.absent_mediated(people)
    assert share == pytest.approx(0.6 / (0.6 + direct), abs=0.05)


def test_cross_lagged_slopes_are_those_of_two_waves():
    """Those of numpy on standardised waves; one direction is there, the other not."""
    demands, score, *late = noise(6, MANY)
    weeks = {name: np.zeros((MANY, 113)) for name in ("demands", "score")}
    status = np.full((MANY, 113), WORKING)
    status[:50, 0], status[50:100, 52], status[100:150, 104] = [ON_LEAVE] * 3
    weeks["demands"][:, 0], weeks["score"][:, 0] = demands, 0.5 * demands + score
    for w in (0, 52):
        now = [weeks[name][:, w] for name in ("demands", "score")]
        weeks["score"][:, w + 52] = 0.3 * now[0] + 0.6 * now[1] + late.pop()
        weeks["demands"][:, w + 52] = 0.7 * now[0] + late.pop()
    people = panel(MANY, 113, status=status, **weeks)
    slopes = []
    for w in (0, 52):
        kept = (status[:, [w, w + 52]] == WORKING).all(1)
        first = [stats.zscore(weeks[name][kept, w]) for name in ("demands", "score")]
        later = stats.zscore(weeks["score"][kept, w + 52])
        slopes.append(np.linalg.lstsq(np.column_stack(first), later, rcond=None)[0][0])
    assert strain.stress_to_strain(people) == pytest.approx(np.mean(slopes))
    assert np.mean(slopes) > 0.15
    assert strain.strain_to_stress(people) == pytest.approx(0, abs=0.02)
    gap = strain.strain_to_stress(people) - strain.stress_to_strain(people)
    assert strain.strain_comes_first(people) == gap


def test_icc_follows_from_the_f_of_scipy():
    """ICC(1) = (F - 1) / (F - 1 + n0), also where groups differ in size."""
    sizes = [2, 3, 5, 8, 13]
    groups = np.repeat(np.arange(5), sizes)
    values = noise(5)[groups] + noise(len(groups), seed=2)
    f = stats.f_oneway(*[values[groups == k] for k in range(5)]).statistic
    total = sum(sizes)
    n0 = (total - sum(n * n for n in sizes) / total) / 4
    assert teams.icc(values, groups) == pytest.approx((f - 1) / (f - 1 + n0))
    assert teams.icc(groups.astype(float), groups) == pytest.approx(1)


def test_teams_of_two_organisations_are_different_teams():
    """Members share a fifth of the variance; numbers of teams come again elsewhere."""
    number = np.arange(MANY) // 8
    shared = math.sqrt(0.2) * noise(MANY // 8)[number]
    support = shared + math.sqrt(0.8) * noise(MANY, seed=2)
    people = panel(
        MANY,
        3,
        organisation=number // 5,
        steering=("direction",) * (MANY // 40),
        team=(number % 5)[:, None],
        support=support[:, None],
        score=noise(MANY, 1, seed=3),
    )
    assert teams.likeness_of_support(people) == pytest.approx(0.2, abs=0.02)
    assert teams.likeness(people) == pytest.approx(0, abs=0.02)


def test_newcomers_leave_so_many_times_as_often():
    """One in 20 person-weeks of the first two years, one in 40 after: twice."""
    tenure = np.tile(np.arange(100, 108), (10, 1))  # half of the weeks lie before 104
    leaving = np.zeros((10, 8), int)
    leaving[[0, 1], [0, 3]], leaving[2, 4] = 1, 1
    assert exits.leaving_by_tenure(
        panel(10, 8, tenure=tenure, leaving=leaving)
    ) == pytest.approx((2 / 40) / (1 / 40))


def test_leaving_falls_year_by_year():
    """Ten, five, four, four and two of a hundred: ratios of 2, 1.25, 1 and 2."""
    tenure = np.tile(np.arange(5 * 52), (100, 1))
    gone = np.zeros((100, 5 * 52), int)
    for year, count in enumerate((10, 5, 4, 4, 2)):
        gone[:count, 52 * year + 20] = 1
    people = panel(100, 5 * 52, tenure=tenure, leaving=gone)
    assert exits.leaving_falls(people) == pytest.approx(1)
    assert exits.leaving_step(people) == pytest.approx(2)


def test_who_can_name_three_priorities():
    """All of the top, half of the middle, a quarter of staff led by the middle."""
    role = np.array(["leader"] * 5 + ["maker"] * 5 + ["leader"] * 2)
    led = column(-1, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0)
    named = column(4, 3, 2, 4, 0, 4, 0, 2, 2, 4, 3, 0)
    organisation = np.array([0] * 10 + [1] * 2)
    levers = (
        {"strategy_shared": "top", "departments": "without_strategy"},
        {"strategy_shared": "makers", "departments": "without_strategy"},
    )
    people = panel(
        12,
        3,
        organisation=organisation,
        role=role,
        levers=levers,
        leader=led,
        under_top=led == 0,
        named=named,
    )
    assert leadership.can_name(people, organisation == 0) == pytest.approx(
        {"top": 1, "middle": 0.5, "staff": 0.25}
    )
    assert leadership.can_name_falls(people) == pytest.approx(0.25)
    assert leadership.can_name_staff(people) == pytest.approx(0.25)
    assert leadership.can_name_middle(people) == pytest.approx(0.5)


def test_answers_to_leads():
    """Shares are of all leads handed over; hours of those that were answered."""
    people = panel(
        2,
        2,
        leads_answered=np.array([[1.0, 2.0], [7.0, 0.0]]),
        leads_within_hour=np.array([[1.0, 0.0], [1.0, 0.0]]),
        answer_hours=np.array([[0.5, 30.0], [69.5, 0.0]]),
    )
    people.series["leads_handed"] = [[9, 7]]
    assert work.answered_within_hour(people) == pytest.approx(2 / 16)
    assert work.never_answered(people) == pytest.approx(6 / 16)
    assert work.answer_hours(people) == pytest.approx(10)


def test_groups_hold_people_that_belong_together():
    """Of one organisation, neighbours in department and team; those left over not."""
    organisation = np.array([0] * 7 + [1] * 5)
    team = np.array([2, 1, 1, 2, 1, 2, 3, 0, 0, 0, 0, 0])[:, None]
    people = panel(12, 1, organisation=organisation, team=team)
    found = teams.groups_of(people, np.arange(12) != 9, 0, 3)
    assert found.tolist() == [[1, 2, 4], [0, 3, 5], [7, 8, 10]]
    assert len(teams.groups_of(people, np.zeros(12, bool), 0, 3)) == 0


@pytest.mark.parametrize(
    ("measure", "size"),
    [
        (teams.hours_score_persons, 1),
        (teams.hours_score_six, 6),
        (teams.hours_score_ten, 10),
        (teams.hours_score_twenty, 20),
    ],
)
def test_what_teams_share_shows_when_they_are_averaged(measure, size):
    """Hours and strain share a part within teams of 60, all else is a person's own."""
    people_there = 60 * 300
    team = np.arange(people_there) // 60
    shared = noise(300)[team]
    hours, score = (shared + 3 * noise(people_there, seed=k) for k in (2, 3))
    people = panel(
        people_there,
        40,
        organisation=team,
        steering=("direction",) * (team[-1] + 1),
        hours_over=36 * hours[:, None],
        contract=np.full((people_there, 1), 36.0),
        score=score[:, None],
    )
    means = [x.reshape(-1, size).mean(1) for x in (hours, score)]
    known = stats.pearsonr(*means).statistic
    assert abs(known - 1 / (1 + 9 / size)) < 0.1  # what is shared comes through
    assert measure(people) == pytest.approx(known)


def test_turnover_and_performance_of_units():
    """One r over teams and years; small teams are left out."""
    team = np.repeat([0, 1, 2, 3], [5, 5, 5, 3])
    gone, done = np.zeros((18, 104), int), np.zeros((18, 104))
    leavers = {(0, 0): 2, (0, 1): 1, (1, 0): 0, (1, 1): 1, (2, 0): 1, (2, 1): 0}
    for (unit, year), count in leavers.items():
        seats = np.flatnonzero(team == unit)
        gone[seats[:count], 52 * year + 5] = 1
        done[seats, 52 * year : 52 * year + 52] = 1 - 0.1 * count + 0.03 * unit
    gone[15:, 3], done[15:] = 1, 9
    people = panel(18, 104, team=team[:, None], leaving=gone, performance=done)
    x = [leavers[key] / 5 for key in leavers]
    y = [1 - 0.1 * leavers[key] + 0.03 * key[0] for key in leavers]
    known = stats.pearsonr(x, y).statistic
    assert teams.turnover_performance(people) == pytest.approx(known)


def test_waves_are_yearly():
    """With room before and after; none where there is no room."""
    people = panel(1, 416)
    assert list(common.waves(people)) == [0, 52, 104, 156, 208, 260, 312, 364]
    assert list(common.waves(people, 12, 52)) == [12, 64, 116, 168, 220, 272, 324]
    assert not list(common.waves(panel(1, 20), 20))
    assert math.isnan(common.mean_known([]))


def test_primary_duties_are_deliverables_and_items():
    """Hours of makers at work: 15 of 40 and 25 of 40; others are left out."""
    people = panel(
        4,
        2,
        maker=np.array([True, True, False, True]),
        status=column(WORKING, WORKING, WORKING, ON_LEAVE),
        hours_routine=column(10.0, 20.0, 40.0, 40.0),
        hours_items=column(5.0, 5.0, 0.0, 0.0),
        hours_total=column(40.0, 40.0, 40.0, 40.0),
    )
    assert work.primary_duties(people) == pytest.approx(0.5)


def test_job_features_tell_their_share_of_variance():
    """Five features make up half of the variance of the score."""
    names = ("demands", "control", "support", "clarity", "conflict")
    found = noise(6, MANY, 1)
    score = found[:5].sum(0) / math.sqrt(5) + found[5]
    people = panel(MANY, 3, score=score, **dict(zip(names, found[:5], strict=True)))
    assert strain.job_features(people) == pytest.approx(0.5, abs=0.02)
    r = stats.pearsonr(found[0][:, 0], found[1][:, 0]).statistic
    assert strain.demands_control(people) == pytest.approx(r)


def test_odd_jobs_are_many_where_nobody_refuses_and_posts_are_broad():
    """Only organisations with both settings count."""
    pairs = [
        (a, b)
        for a in ("cannot_refuse", "can_refuse")
        for b in ("junior", "all_rounder")
    ]
    levers = [{"boundaries": a, "marketing_staff": b} for a, b in pairs]
    people = panel(
        4,
        2,
        organisation=np.arange(4),
        levers=levers,
        hours_routine=column(9.0, 12.0, 9.0, 9.0),
        hours_items=column(1.0, 2.0, 1.0, 1.0),
        hours_total=column(*[40.0] * 4),
    )
    assert work.primary_duties_odd_jobs(people) == pytest.approx(14 / 40)


def test_the_order_of_seats_does_not_matter():
    """Measures are of people, not of where they stand in the panel."""
    people = people_of(population(6, 5, weeks=120, warm_up_weeks=30), 5, workers=1)
    turn = np.random.default_rng(1).permutation(people.size[0])
    turned = People(
        *(getattr(people, x)[turn] for x in list(vars(people))[:5]),
        {name: x[turn] for name, x in people.weeks.items()},
        people.levers,
        people.series,
    )
    for name, measure in MEASURES.items():
        assert measure(turned) == pytest.approx(measure(people), nan_ok=True), name
