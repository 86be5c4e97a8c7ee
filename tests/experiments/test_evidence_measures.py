"""Statistics of people: each gives the known answer of a panel that was made for it."""

import math

import numpy as np
import pytest
from scipy import stats

from experiments.evidence import measures
from experiments.evidence.measures import MEASURES
from experiments.evidence.people import People, people_of
from experiments.evidence.population import population
from simulation.outcomes import SERIES_RECORD
from simulation.state import ON_LEAVE, VACANT, WORKING

USUAL = {"status": WORKING, "tenure": 500, "productivity": 1.0, "score": 2.0}
"""What people of a panel are where nothing else is said; all else is 0."""
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
    seats, weeks, organisation=0, role="maker", maker=True, steering=(), **fields
):
    """Return the people of a panel by hand: fields are broadcast to (seats, weeks)."""
    who = [np.broadcast_to(x, (seats,)) for x in (organisation, role, maker)]
    levers = tuple({"steering": x} for x in steering or ("direction",))
    series = np.zeros((len(levers), weeks), SERIES_RECORD)
    blank = Blank((seats, weeks), fields)
    seat = np.array([f"seat-{k}" for k in range(seats)])
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
    people = people_of(population(16, 3, weeks=130, warm_up_weeks=52), 3, workers=1)
    found = {name: measure(people) for name, measure in MEASURES.items()}
    assert all(math.isfinite(x) for x in found.values()), found


def test_who_is_employed():
    """No externals and no empty seats; those on leave are employed."""
    status = column(WORKING, ON_LEAVE, VACANT, WORKING)
    people = panel(4, 3, status=status, external=column(0, 0, 0, 1))
    assert measures.employed(people)[:, 0].tolist() == [True, True, False, False]


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
    assert measures.complaints(people) == pytest.approx((2 / 4 + 1 / 3) / 2)


def test_complaints_by_group():
    """A group with 20 % against 8 % of the rest has 2.5 times as many."""
    score = np.full(100, UNDER)
    score[:10], score[50:54] = OVER, OVER
    people = panel(100, 9, score=score[:, None])
    ratio = measures.complaints_ratio(people, np.arange(100) < 50)
    assert ratio == pytest.approx(0.20 / 0.08)
    nobody = panel(100, 9, score=column(*[OVER] * 50, *[UNDER] * 50))
    assert math.isnan(measures.complaints_ratio(nobody, np.arange(100) < 50))


def test_pressure_and_control_compare_the_groups_of_the_survey():
    """The top 40 % on demands, the low 45 % on control, each against the rest."""
    felt = np.arange(100)[:, None]
    score = np.full(100, UNDER)
    score[60:68], score[:6] = OVER, OVER  # 8 of the upper 40, 6 of the lower 60
    people = panel(100, 5, demands=felt, score=score[:, None])
    assert measures.pressure_ratio(people) == pytest.approx(0.2 / 0.1)
    score = np.full(100, UNDER)
    score[:9], score[45:50] = OVER, OVER  # 9 of the lower 45, 5 of the upper 55
    people = panel(100, 5, control=felt, score=score[:, None])
    assert measures.control_ratio(people) == pytest.approx((9 / 45) / (5 / 55))


@pytest.mark.parametrize(
    ("measure", "weeks"),
    [
        (measures.retest, 13),
        (measures.stability_one_year, 52),
        (measures.stability_two_years, 104),
    ],
)
def test_stability_is_that_of_an_autoregression(measure, weeks):
    """With a weekly r of 0.99 the correlation over w weeks is 0.99 to the power w."""
    people = panel(MANY, 112, score=wandering(MANY, 112, 0.99))
    assert measure(people) == pytest.approx(0.99**weeks, abs=0.02)


def test_successors_are_other_people():
    """A successor's score is not compared with that of who sat there before."""
    score = wandering(MANY, 40, 0.99)
    seats = np.arange(MANY) % 2 == 0
    generation = np.zeros((MANY, 40), int)
    generation[seats, 8:] = 1
    score[seats, 8:] = noise(seats.sum(), 1, seed=2)
    people = panel(MANY, 40, score=score, generation=generation)
    kept = measures.same(people, 0, 13)
    assert kept.tolist() == (~seats).tolist()
    r = np.corrcoef(score[~seats, 0], score[~seats, 13])[0, 1]
    first = panel(MANY, 14, score=score[:, :14], generation=generation[:, :14])
    assert measures.retest(first) == pytest.approx(r)


def test_correlations_are_those_of_scipy():
    """Pearson's r; nan where one of the two does not vary or hardly anybody is left."""
    x, y = noise(2, 30)
    assert measures.correlation(x, y) == pytest.approx(stats.pearsonr(x, y).statistic)
    assert math.isnan(measures.correlation(x, np.ones(30)))
    assert math.isnan(measures.correlation(x[:2], y[:2]))


def test_strain_goes_with_performance_of_the_quarter_before():
    """Performance is averaged over 13 weeks; who was on leave then is left out."""
    score, done = noise(200, 60), noise(200, 60, seed=2)
    status = np.full((200, 60), WORKING)
    status[:50, 20], status[50:60, 17], status[60:70, 31] = ON_LEAVE, ON_LEAVE, ON_LEAVE
    people = panel(200, 60, score=score, performance=done, status=status)
    away = np.zeros(200, bool)
    away[:50] = True  # weeks 18 to 30 are the quarter; 17 and 31 lie outside
    r = stats.pearsonr(score[~away, 30], done[~away, 18:31].mean(1)).statistic
    assert measures.strain_performance(people) == pytest.approx(r)


def test_leaving_is_a_yearly_rate_of_makers():
    """Two in four seats over half a year are one a year; others do not count."""
    leaving = np.zeros((6, 26), int)
    leaving[0, 3] = leaving[1, 9] = leaving[4, 5] = leaving[5, 5] = 1
    maker = np.array([True] * 5 + [False])
    external = column(0, 0, 0, 0, 1, 0)
    people = panel(6, 26, leaving=leaving, maker=maker, external=external)
    assert measures.leaving(people) == pytest.approx(1.0)


def test_who_leaves_within_a_year():
    """Notice of the same person counts, from the week itself up to the last week."""
    leaving = np.zeros((5, 80), int)
    generation = np.zeros((5, 80), int)
    leaving[0, 10] = leaving[1, 61] = leaving[2, 62] = leaving[3, 9] = 1
    leaving[4, 30], generation[4, 20:] = 1, 1  # it is the successor who leaves
    people = panel(5, 80, leaving=leaving, generation=generation)
    found = measures.leaves_within(people, 10)
    assert found.tolist() == [True, True, False, False, False]


def test_strain_goes_with_leaving_in_the_year_after():
    """A point-biserial correlation, without those who leave at the wave itself."""
    score, weeks = noise(400, 1)[:, 0], 53
    goes = score + noise(400, 1, seed=2)[:, 0] > 1
    leaving = np.zeros((400, weeks), int)
    leaving[np.flatnonzero(goes), 1 + np.flatnonzero(goes) % 52] = 1
    leaving[:20] = 0
    leaving[:20, 0] = 1
    people = panel(400, weeks, score=score[:, None], leaving=leaving)
    r = stats.pointbiserialr(goes[20:], score[20:]).statistic
    assert r > 0.4 and measures.strain_leaving(people) == pytest.approx(r)


def test_spells_are_those_seen_whole():
    """Leaves that began before or end after the panel are left out."""
    away = np.zeros((5, 30), bool)
    away[0, :4] = away[0, 7:12] = away[0, 20:22] = away[0, 28:] = True
    away[1, :] = True
    away[2, :9] = True
    away[3, 29] = True
    people = panel(5, 30, status=np.where(away, ON_LEAVE, WORKING))
    assert measures.spells(people) == [5, 2]
    assert measures.leave_days(people) == pytest.approx(7 * 3.5)
    assert math.isnan(measures.leave_days(panel(5, 30)))
    assert measures.on_leave(people) == away.mean()


def test_newcomers_ramp_up():
    """Output of 0.5 and 0.03 a week more reaches 92.5 % of peers' in week 15."""
    tenure = np.tile(np.arange(1, 41), (6, 1))
    output = np.minimum(1.0, 0.5 + 0.03 * tenure)
    tenure[3:], output[3:] = 300, 1.0
    people = panel(6, 40, tenure=tenure, productivity=output)
    assert measures.ramp_weeks(people) == 15
    slow = panel(6, 40, tenure=tenure, productivity=np.where(tenure < 99, 0.5, 1.0))
    assert measures.ramp_weeks(slow) == 52


def test_pursuit_leaves_partners_out():
    """Leads of partners are neither pursued nor handed over in this share."""
    people = panel(3, 4)
    levers = [{"sales_partnership": x} for x in ("two_departments", "partners")]
    series = np.zeros((2, 4), SERIES_RECORD)
    series["leads_handed"], series["leads_pursued"] = 10, [[3] * 4, [9] * 4]
    there = People(*list(vars(people).values())[:6], tuple(levers), series)
    assert measures.pursued(there) == pytest.approx(0.3)


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
    assert measures.absent_satisfaction(people) == pytest.approx(r(0, motivation, led))
    assert measures.absent_performance(people) == pytest.approx(r(0, done, led))
    assert measures.detail_strain(people) == pytest.approx(r(1, score, present))
    assert measures.detail_performance(people) == pytest.approx(r(1, done, present))


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
    share = measures.absent_mediated(people)
    assert share == pytest.approx(0.6 / (0.6 + direct), abs=0.05)


def test_cross_lagged_slopes_are_those_of_two_waves():
    """Those of numpy on standardised waves; one direction is there, the other not."""
    kept = np.arange(MANY) >= 100
    demands, score = noise(2, MANY)
    score = 0.5 * demands + score
    later = 0.3 * demands + 0.6 * score + noise(MANY, seed=2)
    weeks = {
        name: noise(MANY, 61, seed=k) for k, name in enumerate(("demands", "score"))
    }
    weeks["demands"][:, 4], weeks["score"][:, 4] = demands, score
    weeks["score"][:, 56] = later
    weeks["demands"][:, 56] = 0.7 * demands + noise(MANY, seed=3)
    status = np.full((MANY, 61), WORKING)
    status[:50, 4], status[50:100, 56] = ON_LEAVE, ON_LEAVE
    people = panel(MANY, 61, status=status, **weeks)
    matrix = np.column_stack([stats.zscore(x[kept]) for x in (demands, score)])
    expected = np.linalg.lstsq(matrix, stats.zscore(later[kept]), rcond=None)[0][0]
    assert measures.stress_to_strain(people) == pytest.approx(expected)
    known = 0.3 / math.sqrt(0.6**2 * 2 + 1)  # sd of later: 0.6 demands + 0.6 e + 1
    assert expected == pytest.approx(known, abs=0.02)
    assert measures.strain_to_stress(people) == pytest.approx(0, abs=0.02)


def test_icc_follows_from_the_f_of_scipy():
    """ICC(1) = (F - 1) / (F - 1 + n0), also where groups differ in size."""
    sizes = [2, 3, 5, 8, 13]
    groups = np.repeat(np.arange(5), sizes)
    values = noise(5)[groups] + noise(len(groups), seed=2)
    f = stats.f_oneway(*[values[groups == k] for k in range(5)]).statistic
    total = sum(sizes)
    n0 = (total - sum(n * n for n in sizes) / total) / 4
    assert measures.icc(values, groups) == pytest.approx((f - 1) / (f - 1 + n0))
    assert measures.icc(groups.astype(float), groups) == pytest.approx(1)


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
    assert measures.likeness_of_support(people) == pytest.approx(0.2, abs=0.02)
    assert measures.likeness(people) == pytest.approx(0, abs=0.02)


def test_newcomers_leave_so_many_times_as_often():
    """One in 20 person-weeks of the first two years, one in 40 after: twice."""
    tenure = np.tile(np.arange(100, 108), (10, 1))  # half of the weeks lie before 104
    leaving = np.zeros((10, 8), int)
    leaving[[0, 1], [0, 3]], leaving[2, 4] = 1, 1
    assert measures.leaving_by_tenure(
        panel(10, 8, tenure=tenure, leaving=leaving)
    ) == pytest.approx((2 / 40) / (1 / 40))


def test_leaders_can_name_three_priorities():
    """Of leaders below the top: neither the top itself nor makers are asked."""
    role = np.array(["leader"] * 5 + ["maker"] * 2)
    leader = column(-1, 0, 0, 0, 0, 1, 1)
    named = column(4, 3, 2, 4, 0, 4, 4)
    assert measures.can_name(panel(7, 3, role=role, leader=leader, named=named)) == 0.5


def test_answers_to_leads():
    """Shares are of all leads handed over, hours of those that were answered."""
    people = panel(
        2,
        2,
        leads_answered=np.array([[1.0, 2.0], [7.0, 0.0]]),
        leads_within_hour=np.array([[1.0, 0.0], [1.0, 0.0]]),
        answer_hours=np.array([[0.5, 30.0], [69.5, 0.0]]),
    )
    series = np.zeros((1, 2), SERIES_RECORD)
    series["leads_handed"], series["leads_answered"] = [[9, 7]], [[8, 2]]
    there = People(*list(vars(people).values())[:7], series)
    assert measures.answered_within_hour(there) == pytest.approx(2 / 16)
    assert measures.never_answered(there) == pytest.approx(6 / 16)
    assert measures.answer_hours(there) == pytest.approx(10)


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
    assert measures.primary_duties(people) == pytest.approx(0.5)


def test_job_features_tell_their_share_of_variance():
    """Five features make up half of the variance of the score."""
    names = ("demands", "control", "support", "clarity", "conflict")
    found = noise(6, MANY, 1)
    score = found[:5].sum(0) / math.sqrt(5) + found[5]
    people = panel(MANY, 3, score=score, **dict(zip(names, found[:5], strict=True)))
    assert measures.job_features(people) == pytest.approx(0.5, abs=0.02)
    r = stats.pearsonr(found[0][:, 0], found[1][:, 0]).statistic
    assert measures.demands_control(people) == pytest.approx(r)


def test_the_learning_curve_is_a_power_law():
    """Output that grows as t to the power -log2(0.8) costs 20 % less a doubling."""
    tenure = np.tile(np.arange(1, 31), (4, 1))
    output = tenure ** -math.log2(0.8)
    people = panel(4, 30, tenure=tenure, productivity=output)
    assert measures.learning_curve(people) == pytest.approx(0.2)


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
