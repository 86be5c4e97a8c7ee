"""People fall ill, leave, are replaced, and newcomers ramp up."""

import numpy as np
import pytest
from worlds import chance_of, plain, scenario

from simulation.binding import bind
from simulation.model import Organisation
from simulation.rules import staffing, work
from simulation.state import (
    KNOWN,
    NEXT_KNOWN,
    ON_LEAVE,
    OWN,
    VACANT,
    VALUE,
    WISHED,
    WORKING,
)

HEADS = {"marketeers": 20, "communicators": 6, "sales": 8, "product": 6}


def test_leave_lasts_forty_weeks_on_average():
    """Leaves last 12 weeks and an exponential rest of 28 on average."""
    state = Organisation(scenario(HEADS)).state
    lengths = []
    for week in range(60):
        state.firm.week[0] = week
        for i in range(len(state.people)):
            lengths.append(
                plain(staffing._leave_length)(
                    state.people[i], state.firm[0], state.parameters
                )
            )
    error = np.std(lengths) / np.sqrt(len(lengths))
    assert min(lengths) >= 12
    assert abs(np.mean(lengths) - 40) < 4 * error + 0.5  # whole weeks
    assert abs(np.std(lengths) - 28) < 4 * 28 * np.sqrt(2 / len(lengths)) + 0.5


def test_who_is_ill_comes_back_in_time():
    """In a run people stay away for whole leaves and return to the same seat."""
    what = scenario(
        HEADS,
        150,
        0,
        parameters={"leave_hazard": 0.02, "leave_exhaustion": 0.0, "quit_hazard": 0.0},
    )
    model = Organisation(what)
    since, lengths = {}, []
    while model.week < 150:
        model.step()
        status = model.state.people.status
        for i in np.flatnonzero(status == ON_LEAVE):
            since.setdefault(i, model.week)
        for i in [i for i in since if status[i] != ON_LEAVE]:
            lengths.append(model.week - since.pop(i))
    assert len(lengths) > 20 and min(lengths) >= 12
    assert (model.state.people.generation == 0).all()


def test_newcomers_ramp_up_in_half_a_year():
    """At the pace of usual work, among settled peers, 90 % after 16 to 26 weeks."""
    state = Organisation(scenario()).state
    people, p = state.people, state.parameters[0]
    people.slowness[3], people.experience_near[3] = 0.0, 500.0
    people.experience[3] = p.experience_brought
    usual = work.productivity(people, 3, state.skill, state.parameters)
    settled = usual * people.unit_cost[3]
    outputs = []
    for _ in range(52):
        output = work.productivity(people, 3, state.skill, state.parameters) / settled
        outputs.append(output)
        hours = people.contract[3] * p.routine_load + p.improving_hours / 2
        people.experience[3] += hours * output / p.hours_per_deliverable
    assert outputs[0] < 0.6
    assert 16 <= np.argmax(np.array(outputs) >= 0.9) <= 26


@pytest.fixture(scope="module")
def leavers():
    """Return a model in which many left, with the weeks that seats stayed vacant."""
    model = Organisation(scenario(HEADS, 90, 0, parameters={"quit_hazard": 0.02}))
    model.weeks_vacant = []
    since = {}
    while model.week < 90:
        model.step()
        status = model.state.people.status
        for i in np.flatnonzero(status == VACANT):
            since.setdefault(i, model.week)
        for i in [i for i in since if status[i] != VACANT]:
            model.weeks_vacant.append(model.week - since.pop(i))
    return model


def test_vacancies_last_six_to_fourteen_weeks(leavers):
    """Seats stay vacant for 6 to 14 weeks, with all lengths about equally likely."""
    weeks = np.array(leavers.weeks_vacant)
    assert len(weeks) > 40
    assert weeks.min() >= 6 and weeks.max() <= 14
    assert abs(weeks.mean() - 10) < 4 * np.sqrt(8**2 / 12 / len(weeks)) + 0.5


def test_joiners_and_leavers_balance(leavers):
    """Who left and did not come back yet is who is missing now."""
    series = leavers.series
    vacant = (leavers.state.people.status == VACANT).sum()
    assert series.leavers.sum() - series.joiners.sum() == vacant
    assert leavers.state.people.generation.sum() == series.joiners.sum()


def test_newcomers_know_little():
    """A newcomer believes something about half of the own items, and of no others."""
    model = Organisation(scenario(HEADS, structure={"written_share": 0.0}))
    state, people = model.state, model.state.people
    people.leaving[:] = 1
    go = bind(staffing.come_and_go, state)
    everyone = range(len(people))
    for i in everyone:
        go(i)
    assert (people.status == VACANT).all() and not state.beliefs[:, KNOWN].any()
    state.firm.week[0] = 20
    for i in everyone:
        go(i)
    assert (people.status == WORKING).all() and (people.tenure == 0).all()
    known, own = state.beliefs[:, KNOWN], state.beliefs[:, OWN]
    assert not (known & ~own).any()
    n, k = int(np.bitwise_count(own).sum()), int(np.bitwise_count(known).sum())
    assert abs(k - n / 2) < 4 * np.sqrt(n / 4)
    assert len(set(people.who)) == len(people) and (people.who != people.seat).all()


def test_newcomers_do_not_inherit_control():
    """A newcomer's share of own decisions is not that of whoever sat there before."""
    model = Organisation(scenario(HEADS))
    state, people = model.state, model.state.people
    people.own_share[:] = people.chosen_share[:] = 0.987
    people.leaving[:] = 1
    go = bind(staffing.come_and_go, state)
    for week in (0, 20):
        state.firm.week[0] = week
        for i in range(len(people)):
            go(i)
    assert (people.own_share != 0.987).all() and (people.chosen_share != 0.987).all()


def quit_chance(state, i):
    """Return the weekly chance that person i gives notice."""
    gives_notice = plain(staffing.gives_notice)
    return chance_of(lambda u: gives_notice(state.people[i], u, state.parameters))


def test_the_hazard_of_leaving_falls_smoothly_with_tenure():
    """From (1 + new) times to once the hazard of those long in service, no step."""
    state = Organisation(scenario()).state
    person, p = state.people[3], state.parameters[0]
    chances = []
    for tenure in range(0, 520, 13):
        person.tenure = tenure
        chances.append(quit_chance(state, 3) / np.exp(person.intention))
    chances = np.array(chances)
    assert (np.diff(chances) < 0).all()
    assert chances[0] == pytest.approx(p.quit_hazard * (1 + p.quit_new))
    early = chances[:-1] - p.quit_hazard
    late = chances[1:] - p.quit_hazard
    np.testing.assert_allclose(late / early, np.exp(-13 / p.quit_tenure_weeks), 1e-6)


def test_exhaustion_reaches_leaving_by_withdrawal_and_intention():
    """Each follows the one before by a factor exp(-1 / tau) a week."""
    state = Organisation(scenario()).state
    person, p = state.people[3], state.parameters[0]
    person.exhaustion, person.withdrawal, person.intention = 1.0, 0.0, 0.0
    person.motivation, person.values = 0.7, state.firm[0].values
    person.hours_routine = person.contract
    withdrawal = intention = 0.0
    for _ in range(30):
        plain(staffing.withdraw)(person, state.skill, 3, state.firm, state.parameters)
        withdrawal += (1 - withdrawal) * (1 - np.exp(-1 / p.withdrawal_weeks))
        aim = p.quit_withdrawal * withdrawal - 0.2 * p.quit_motivation
        aim -= 0.25 * p.quit_values
        intention += (aim - intention) * (1 - np.exp(-1 / p.intention_weeks))
    assert person.withdrawal == pytest.approx(withdrawal)
    assert person.intention == pytest.approx(intention)
    before = quit_chance(state, 3)
    person.intention += 0.3
    assert quit_chance(state, 3) / before == pytest.approx(np.exp(0.3))


def sick_weeks(strained, weeks=4000):
    """Return the share of each week's hours that one person of that X is ill."""
    state = Organisation(scenario()).state
    state.people.exhaustion[2], state.people.fatigue[2] = strained, 0.0
    lost = []
    for week in range(weeks):
        state.firm.week[0] = week
        state.people.hours_sick[2] = 0.0
        staffing.call_in_sick(state.people, 2, state.firm, state.parameters)
        lost.append(state.people.hours_sick[2] / state.people.contract[2])
    return np.array(lost), state.parameters[0]


def test_all_are_ill_for_some_days_at_times():
    """Spells begin at the hazard and last a day and an exponential rest, some long."""
    lost, p = sick_weeks(0.0, 40_000)
    first = (lost > 0) & np.append(True, lost[:-1] < 1)
    spells = first.sum()
    free = (lost == 0).sum() + spells
    assert abs(spells - free * p.sick_hazard) < 4 * np.sqrt(free * p.sick_hazard)
    days = 5 * lost.sum() / spells
    rests = np.array([p.sick_days - 1, 5 * p.sick_long_weeks])
    shares = np.array([1 - p.sick_long_share, p.sick_long_share])
    spread = np.sqrt(shares @ (2 * rests**2) - (shares @ rests) ** 2)
    assert abs(days - 1 - shares @ rests) < 4 * spread / np.sqrt(spells)
    assert lost.max() == 1 and lost[lost > 0].min() < 0.3


def test_the_strained_are_ill_more_often():
    """Ordinary illness rises with what people feel."""
    assert sick_weeks(1.0)[0].sum() > 1.5 * sick_weeks(-0.5)[0].sum() > 0


def test_a_burnout_leaves_a_trace():
    """Whoever goes on burn-out leave is as vulnerable as can be from then on."""
    state = Organisation(scenario(parameters={"leave_hazard": 0.1})).state
    state.people.scar[:] = 0.1
    for i in range(len(state.people)):
        staffing.stay_or_leave(
            state.people, state.skill, i, state.firm, state.parameters
        )
    away = state.people.status == ON_LEAVE
    assert away.any() and not away.all()
    assert (state.people.scar[away] == 1).all()
    assert (state.people.scar[~away] == 0.1).all()


def test_experience_from_elsewhere_is_weak_and_old():
    """It is right by chance, and beyond it as far as markets agree and stood still."""
    state = Organisation(scenario()).state
    now, p = state.structure[0], state.parameters[0]
    right = plain(staffing.right_elsewhere)
    for drift, weeks in ((0.0, 104), (0.006, 0), (0.006, 104)):
        now.market_drift, p.newcomer_age_weeks = drift, weeks
        agree = p.newcomer_similar * np.exp(-2 * drift * now.market_turbulence * weeks)
        assert right(now, state.parameters) == pytest.approx(0.5 + agree / 2)
    assert 0.5 < right(now, state.parameters) < 0.6


def test_newcomers_are_right_as_often_as_that():
    """Of what newcomers believe about own items a share `right` is so."""
    for share in (0.0, 0.6, 1.0):
        state = Organisation(scenario(HEADS, structure={"written_share": 0.0})).state
        state.beliefs[:, KNOWN] = state.beliefs[:, NEXT_KNOWN] = 0
        for i in range(len(state.people)):
            staffing.learn_at_arrival(
                state.people,
                state.beliefs,
                state.market,
                state.strategy,
                i,
                share,
                state.firm,
                state.parameters,
            )
        known = state.beliefs[:, KNOWN]
        agree = known & ~(state.beliefs[:, VALUE] ^ state.market[WISHED])
        n, k = (int(np.bitwise_count(x).sum()) for x in (known, agree))
        assert n > 30 and abs(k - share * n) <= 4 * np.sqrt(n * share * (1 - share))


def test_founders_have_served_as_long_as_leavers_let_them():
    """Their tenures are those of an organisation in which people came and went."""
    state = Organisation(scenario({"marketeers": 200, "sales": 200})).state
    p = state.parameters[0]
    weeks = np.arange(1560)
    early = p.quit_tenure_weeks * (1 - np.exp(-weeks / p.quit_tenure_weeks))
    stay = np.exp(-p.quit_hazard * (weeks + p.quit_new * early))
    below = np.cumsum(stay) / stay.sum()
    tenure = state.people.tenure
    for t in (52, 104, 260, 520):
        share, n = below[t], len(tenure)
        assert abs((tenure <= t).mean() - share) < 4 * np.sqrt(share * (1 - share) / n)


def test_hiring_for_values_brings_people_nearer():
    """With fit f newcomers' values lie within 1 - f of the distance to the aim."""
    state = Organisation(scenario(HEADS)).state
    n = len(state.people)
    for fit in (0.0, 0.8, 1.0):
        for i in range(n):
            plain(staffing.draw_person)(
                state.people,
                state.skill,
                i,
                0.7,
                0.2,
                fit,
                0.3,
                state.firm,
                state.parameters,
            )
        if fit == 0.0:
            drawn = state.people.values.copy()
        np.testing.assert_allclose(
            state.people.values - 0.3, (1 - fit) * (drawn - 0.3), atol=1e-12
        )
    assert abs(drawn.mean() - 0.5) < 4 * np.sqrt(1 / 12 / n)
