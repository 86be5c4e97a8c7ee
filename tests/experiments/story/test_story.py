"""The story of a world: what is told, of which world, and of whom it is not told."""

import csv
import json
import re
import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.people.privacy import LEAST, groups_of, hidden
from experiments.people.recorded import record
from experiments.story import hiding, lead_fates
from experiments.story.absences import absences
from experiments.story.causes import GAINED, LOST, causes_of
from experiments.story.chronicle import MOST_TOLD, chapters, spans, told_of
from experiments.story.events import TOPICS, Event, Log
from experiments.story.following import MOST_FOLLOWED, followed, suiting_weeks
from experiments.story.funnel import usual_of
from experiments.story.ledger import LEADS_LOST, figures, fit_balance, ledger
from experiments.story.making import ON_ONE_PAGE, one_page, story_document
from experiments.story.noteworthy import MOST_NAMED, ORDER, WEIGHTS, Notes, listed
from experiments.story.observing import observe
from experiments.story.parting import apart_in, people
from experiments.story.picking import (
    OUTCOMES,
    WorldOutcomes,
    claimed,
    failing_world,
    failures,
    median_world,
    read_world,
)
from experiments.story.request import EventChoice, read_kinds, read_span, request_of
from experiments.story.telling import Teller
from experiments.story.wishes import wishes_of
from experiments.story.words import words
from simulation.outcomes import HEADLINES, LANGUAGES, SERIES_RECORD
from simulation.scenario import read, vary

WEEKS = 40
PEOPLE = """name,role,team,manager,hours
Zoë Quist,ceo,board,,36
Bram Vos,head of marketing,marketing,Zoë Quist,36
Ada Bos,marketeer,Team Vos,Bram Vos,36
Bea Dam,marketeer,Team Vos,Bram Vos,36
Cas Eik,marketeer,Team Vos,Bram Vos,36
Dirk Fok,marketeer,Team Vos,Bram Vos,32
Els Gal,marketeer,Team Vos,Bram Vos,32
Fien Hop,marketeer,Duo,Bram Vos,36
Hans Jol,sales,sales,Zoë Quist,36
Ina Kok,sales,sales,Zoë Quist,36
Jan Lam,controller,finance,Zoë Quist,36
Kim Mol,hr,hr,Zoë Quist,36
"""
NAMES = [line.split(",")[0] for line in PEOPLE.splitlines()[1:]]


def short(name, weeks=WEEKS):
    """Return a shipped scenario that is lived for some weeks."""
    return vary(read(name), name, run={"weeks": weeks})


def tellers_of(scenarios, language="en", world=3):
    """Return who tells a world of each scenario, and customers' wishes."""
    shown = hidden(record(scenarios, None, 1, world))
    logs = [observe(one, 1, world) for one in scenarios]
    tellers = [Teller(log, shown, k, language) for k, log in enumerate(logs)]
    return tellers, [wishes_of(log) for log in logs]


@pytest.fixture(scope="module")
def two():
    """Who tells a world of two scenarios, and customers' wishes in each."""
    return tellers_of([short("assigned"), short("owned")])


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A scenario whose people come from a table."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    file = folder / "ours.toml"
    file.write_text(
        'title = "Ours"\nquestion = "What if?"\nbased_on = "baseline"\n'
        '[organisation]\npeople = "people.csv"\n[run]\nweeks = 60\n'
        "[parameters]\nleave_hazard = 0.004\nquit_hazard = 0.006\n"
    )
    return file


# --- wishes and leads ----------------------------------------------------------------


def made_up(*events, weeks=30):
    """Return a log of these events, of one item that Ada makes."""
    series = np.zeros(weeks, SERIES_RECORD).view(np.recarray)
    return Log(read("baseline"), 1, 0, events, series, (0,), ("Ada",))


def test_a_wish_is_followed_from_seeing_to_doing():
    """Seen by its executor, decided, launched; what others learn counts nothing."""
    log = made_up(
        Event(3, "", "wish", "Ada", "", 0, "outdated", 0.0),
        Event(4, "", "learned", "Bea", "", 0, "talk"),
        Event(6, "", "learned", "Ada", "", 0, "results"),
        Event(12, "", "decided", "Zoë", "Ada", 0, "approved", 5.0),
        Event(12, "", "fit_won", "Ada", "", 0, "launch"),
        Event(20, "", "wish", "Ada", "", 0, "vindicated", 1.0),
        Event(22, "", "wish", "Ada", "", 0, "outdated", 0.0),
    )
    first, second, third = wishes_of(log)
    assert (first.seen, first.done, first.desk, first.done_after) == (6, 12, 5.0, 9)
    assert (first.end, first.again, first.how) == (20, True, "launch")
    assert second.met and second.known and second.done_after == 0
    assert (third.done, third.end, third.again) == (None, 30, False)
    assert third.done_after == 8


def test_a_wait_that_began_before_the_wish_counts_from_the_wish():
    """A proposal may have waited already when customers changed their minds."""
    log = made_up(
        Event(10, "", "wish", "Ada", "", 0, "outdated", 0.0),
        Event(12, "", "decided", "Zoë", "Ada", 0, "approved", 7.0),
    )
    assert wishes_of(log)[0].desk == 2.0


def test_absences_last_until_somebody_is_there():
    """Illness until the return, an empty seat until the newcomer, or to the end."""
    log = made_up(
        Event(2, "", "ill", "Ada"),
        Event(5, "", "left", "Bea"),
        Event(9, "", "returned", "Ada"),
    )
    assert [tuple(x) for x in absences(log)] == [("Ada", 2, 9), ("Bea", 5, None)]


def test_a_lost_lead_would_have_been_won_otherwise(two):
    """Why a lead was lost agrees with what is known of it: misfits did not fit."""
    log = two[0][0].log
    fits = {event.other: event.value for event in log.of("lead_in")}
    for event in log.of("lead_lost"):
        if event.reason == "misfit" and event.other in fits:
            assert fits[event.other] == 0.0
    late = [event.value for event in log.of("lead_lost") if event.reason == "late"]
    assert all(hours > 0 for hours in late)
    assert lead_fates.TRUSTING == 1.0


# --- the chronicle -------------------------------------------------------------------


@given(st.integers(1, 400))
def test_months_divide_the_weeks(weeks):
    """Each week is in one month, in order, and four quarters are a year."""
    months = [month for quarter in spans(weeks) for month in quarter]
    told = [week for first, last in months for week in range(first, last + 1)]
    assert told == list(range(weeks))
    assert len(spans(weeks)) == -(-weeks // 13)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_month_tells_what_weighs_most(two, language):
    """At most four things over both worlds, the heaviest ones, in order, in words."""
    tellers = [replace(teller, language=language) for teller in two[0]]
    sides = [Notes(*pair) for pair in zip(tellers, two[1], strict=True)]
    usual = usual_of(tellers[0].log)
    for chapter in chapters(tellers, two[1]):
        assert len(chapter.headings) == 2
        for month in chapter.months:
            span = (month.first, month.last)
            there = {x.about for notes in sides for x in notes.of(*span)}
            found = told_of(sides, *span, usual)
            told = {about for one in found for about in one}
            assert len(told) <= MOST_TOLD and told - {"leads"} <= there
            least = min((WEIGHTS[x] for x in told), default=100)
            left = there - told
            assert not left or len(told) == MOST_TOLD
            assert all(WEIGHTS[x] <= least for x in left)
            for one in found:
                assert list(one) == sorted(one, key=ORDER.index)
            assert month.lines
            texts = " ".join(text for _, text in month.lines)
            assert not re.search(r"[{}]|\bnan\b|None", texts)
    assert set(WEIGHTS) == set(ORDER)


def test_what_is_the_same_in_both_is_told_once(two):
    """A world beside itself has no lines of its own, and one heading."""
    (first, _), (mine, _) = two
    for chapter in chapters([first, first], [mine, mine]):
        assert len(set(chapter.headings)) == 1
        assert {side for month in chapter.months for side, _ in month.lines} == {None}
        assert all(row[1] == row[2] for row in chapter.rows)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_a_list_names_and_counts_as_many_as_it_says(two, parts):
    """The names and the number of others make the number of different things."""
    n, text = listed([f"“item {x}”" for x in parts], two[0][0])
    named = text.count("“")
    others = re.search(r"(\d+) others", text)
    assert n == len(set(parts)) == named + (int(others[1]) if others else 0)
    assert named <= MOST_NAMED + 1


def test_what_suits_customers_adds_up_in_each_quarter(two):
    """What customers and work did to the items at the start makes those at the end."""
    for teller in two[0]:
        ends = []
        for chapter in chapters(two[0], two[1]):
            fit = fit_balance(teller.log, chapter.first, chapter.last)
            moved = fit["given"] - fit["taken"] + fit["won"] - fit["lost"]
            assert fit["start"] + moved + fit["mates"] == fit["end"]
            assert not ends or ends[-1] == fit["start"]
            ends.append(fit["end"])
        items = teller.log.series["items"]
        assert ends[-1] == round(float(teller.log.series.market_fit[-1] * items[-1]))


def test_the_ledger_adds_up(two):
    """Each change by work has one cause; each lead is won, lost or in hand."""
    for teller, wishes in zip(*two, strict=True):
        found, series = figures(teller.log, wishes, False), teller.log.series
        items, leads = found["items"], found["leads"]
        assert sum(found["gained"].values()) == items["fit_won"]
        assert sum(found["lost"].values()) == items["fit_lost"]
        in_hand = leads["handed"] + leads["before"] - leads["after"]
        for stage, ways in LEADS_LOST.items():
            in_hand -= sum(leads[f"{kind}_{why}"] for kind, why in ways)
            assert in_hand == leads[stage] == series[f"leads_{stage}"].sum()
        work, money = found["work"], found["money"]
        assert work["decided"] == series.decisions.sum()
        waited = series.decision_weeks.sum() / series.decisions.sum()
        assert work["waited"] == pytest.approx(waited)
        assert work["made"] <= work["hoped"]
        assert money["deals"] == leads["won"] + money["inbound"]
        assert money["margin"] * 1000 == pytest.approx(
            series.revenue.sum() - series.cost.sum()
        )


def test_each_cause_has_words(two):
    """Whatever a cause, rows, reasons and the conclusion can tell it."""
    told = words()
    assert all(f"row_gained_{x}" in told and f"why_{x}" in told for x in GAINED)
    for name in LOST:
        keys = (f"row_lost_{name}", f"why_{name}", f"because_{name}", f"most_{name}")
        assert all(key in told for key in keys)
    for teller in two[0]:
        for event, cause in causes_of(teller.log, teller.private):
            assert cause in (GAINED if event.kind == "fit_won" else LOST)


def test_every_row_of_the_ledger_has_words(two):
    """In both languages, with a heading for each group and a cell for each world."""
    sums = [figures(x.log, y, False) for x, y in zip(*two, strict=True)]
    for language in LANGUAGES:
        tellers = [replace(teller, language=language) for teller in two[0]]
        table = ledger(tellers, sums)
        assert all(len(row) == 3 and row[0] for row in table.rows)
        assert len(table.data) == len(table.rows)


def work_on(reason, maker="Ada", *known):
    """Return the cause of a launch by a maker in week 9, after these events."""
    life = [
        *known,
        Event(7, "", "started", maker, "Ada", 0, "own"),
        *([Event(8, "", "decided", "Zoë", "Ada", 0, reason, 1.0)] if reason else ()),
        Event(9, "", "launched", maker, "", 0, "misfits"),
        Event(9, "", "fit_lost", "Ada", "", 0, "launch"),
    ]
    life.sort(key=lambda x: x.week)
    ((_, cause),) = causes_of(made_up(*life), False)
    return cause


def test_why_work_did_harm():
    """The leader, somebody else, or what the maker knew when the work began."""
    learned = Event(2, "", "learned", "Ada", "", 0, "results")
    outdated = Event(3, "", "wish", "Ada", "", 0, "outdated", 0.0)
    misled = Event(4, "", "misled", "Ada", "", 0, "talk")
    late = Event(8, "", "learned", "Ada", "", 0, "results")
    assert work_on("overruled", "Bea", learned) == "overruled"
    assert work_on("approved", "Bea", learned) == "others"
    assert work_on("", "Ada") == "guess"
    assert work_on("approved", "Ada", learned) == "mates"
    assert work_on("", "Ada", learned, outdated) == "outdated"
    assert work_on("", "Ada", learned, misled) == "misled"
    assert work_on("", "Ada", learned, outdated, late) == "outdated"


def test_the_items_followed_differ_most(two):
    """No item that is left out differs in more weeks than one that is followed."""
    tellers = two[0]
    sides = [suiting_weeks(teller.log) for teller in tellers]
    both = [item for item in sides[0] if item in sides[1]]
    apart = [abs(int(sides[0][x].sum()) - int(sides[1][x].sum())) for x in both]
    texts = followed(tellers)
    assert 0 < len(texts) <= MOST_FOLLOWED
    told = [[int(x) for x in re.findall(r"(\d+) \(“", text)] for text in texts]
    sizes = [abs(a - b) for a, b in told]
    assert sizes == sorted(sizes, reverse=True)
    beyond = sorted(apart, reverse=True)[len(texts) :]
    assert not beyond or sizes[-1] >= beyond[0]
    assert not any(re.search(r"[{}]|\bnan\b|None", text) for text in texts)


def test_a_world_does_not_differ_from_itself(two):
    """Nobody leaves in one alone, no item is followed, no outcome differs."""
    first = two[0][0]
    same = " ".join(people([first, first]))
    assert "Only in" not in same
    assert followed([first, first]) == []
    worlds = worlds_of([0.5, 0.6, 0.7], [0.5, 0.6, 0.7])
    for x in apart_in(worlds, 1, 3):
        assert (x.way, x.better, x.worse) == ("same", 0, 0)


def test_better_and_worse_worlds_are_counted_by_what_matters():
    """The second scenario is better in one world and worse in another."""
    worlds = worlds_of([0.5, 0.5, 0.5, 0.5], [0.6, 0.4, 0.5, 0.51])
    quality = apart_in(worlds, 0, 4)[OUTCOMES.index(HEADLINES[0])]
    assert (quality.way, quality.better, quality.worse) == ("better", 1, 1)


def test_every_line_of_a_week_has_words(two):
    """Whatever happens, in both languages, without anything left to fill in."""
    for language in LANGUAGES:
        teller = replace(two[0][0], language=language)
        lines = [line for week in range(WEEKS) for line in teller.week(week)]
        assert {topic for topic, _, _ in lines} <= set(TOPICS)
        for _, text, _ in lines:
            assert text.endswith(".") and not re.search(r"[{}]", text)


def test_words_fill_in_the_same_in_both_languages():
    """Each text has both languages, with the same names to fill in."""
    for key, texts in words().items():
        assert set(texts) == set(LANGUAGES), key
        filled = {
            language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
            for language, text in texts.items()
        }
        assert filled["en"] == filled["nl"], key


# --- which world ---------------------------------------------------------------------


def worlds_of(base, policy=None):
    """Return worlds with these values of the first headline outcome, all else equal."""
    sides = [base] if policy is None else [base, policy]
    values = np.ones((len(sides), len(base), len(OUTCOMES)))
    for side, column in enumerate(sides):
        values[side, :, OUTCOMES.index(HEADLINES[0])] = column
    return WorldOutcomes((read("assigned"), read("owned"))[: len(sides)], 1, values)


def test_the_median_world_is_the_nearest_to_the_median():
    """The first of those that are equally near; unknown values count nothing."""
    assert median_world(worlds_of([0.1, 0.9, 0.5, 0.5, 0.3])) == 2
    worlds = worlds_of([0.1, 0.9, 0.4, 0.2, 0.3])
    assert median_world(worlds) == 4
    worlds.values[0, 4, OUTCOMES.index(HEADLINES[1])] = np.nan
    assert median_world(worlds) == 4


def test_an_answer_fails_where_it_is_worse_by_what_matters():
    """The middle one of the failing worlds is told, the mildest is listed first."""
    base = np.full(40, 0.5)
    policy = base + np.linspace(0.05, 0.15, 40)
    policy[[3, 17, 30]] = (0.46, 0.45, 0.47)
    worlds = worlds_of(base, policy)
    assert failures(worlds)[HEADLINES[0]] == [30, 3, 17]
    assert claimed(worlds) == (HEADLINES[0],)
    assert failing_world(worlds) == (3, HEADLINES[0])


def test_an_answer_that_never_fails_is_refused():
    """With what was asked, how many worlds there are, and what to do."""
    with pytest.raises(InputError, match=r"in none of 6 worlds .*--replicates"):
        failing_world(worlds_of(np.full(6, 0.5), np.full(6, 0.9)))


@pytest.mark.parametrize("given_", ["-1", "medain", "1.5", "", "²", "9999999999999"])
def test_other_worlds_are_refused(given_):
    """With what was received and what is allowed."""
    with pytest.raises(InputError, match="allowed: a number from 0 to"):
        read_world(given_, 2)


def test_all_mistakes_are_told_at_once():
    """World, kinds, weeks and names, each with the nearest or what is allowed."""
    with pytest.raises(InputError) as caught:
        events = EventChoice(kinds=["leeds"], weeks="9-3")
        request_of([read("owned")], "failing", events=events, named=True)
    told = str(caught.value)
    for part in ("name both", "did you mean leads?", "'9-3'", "head counts"):
        assert part in told


def test_parts_of_the_table_are_read():
    """Topics stand for their kinds; one week or some weeks."""
    assert read_kinds(["people,wish", "wish"]) == (*TOPICS["people"], "wish")
    assert read_span("7", 20) == (7, 7)
    assert read_span(" 0-12 ", 20) == (0, 12)
    assert read_span(None, 20) == (0, 19)


# --- of whom nothing is told ---------------------------------------------------------


def test_nothing_personal_of_real_people_is_told_of_a_seat(real):
    """Beliefs, illness and sales are told of groups of five or more, without names."""
    scenario = read(real)
    log = observe(scenario, 1, 0)
    recording = record([scenario], None, 1, 0)
    shown = hidden(recording)
    told = hiding.hide_people(log, recording.lived[0], shown.lived[0], shown.real)
    assert log.of("ill") and log.of("left") and log.of("learned")
    seats = {node.seat for node in shown.lived[0].nodes}
    assert not told.of("ill", "returned", "left", "joined")
    for event in told.of(*hiding.OF_GROUPS, "away", "back", "sick"):
        assert event.who not in seats
    groups = groups_of(shown.lived[0].nodes)
    assert all(event.who for event in told.of("away", "back", "learned", "misled"))
    for event in told.of("away", "back", *hiding.OF_GROUPS):
        if not event.who:
            continue
        of = [x for x in groups if hiding.group_name(x) == event.who]
        assert len(of) >= LEAST
    assert {x.phase for x in told.of("away", "back")} == {""}
    assert len(told.of("away")) == len(log.of("ill", "left"))
    assert not set(NAMES) & {x for e in told.events for x in (e.who, e.other)}


def test_files_name_nobody_unless_asked(real, tmp_path):
    """Neither page nor text nor table; with --names seats have names, groups do not."""
    for flags, named in ([], False), (["--names"], True):
        folder = tmp_path / str(named)
        options = ["--world", "0", "--replicates", "5", "--quiet", *flags]
        assert call(["story", str(real), "--output", str(folder), *options]) == 0
        text = "".join(
            (folder / name).read_text(encoding="utf-8")
            for name in ("chronicle.txt", "chronicle.html", "events.csv", "weeks.csv")
        )
        assert any(name in text for name in NAMES) == named
        with (folder / "events.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            if row["kind"] in (*hiding.OF_GROUPS, "away", "back"):
                assert row["who"] not in NAMES
        assert not {"ill", "left", "returned", "joined"} & {x["kind"] for x in rows}


# --- the command and its page --------------------------------------------------------


@pytest.fixture(scope="module")
def document():
    """The story of a world of two scenarios."""
    asked = request_of([short("assigned"), short("owned")], "2", 6)
    return story_document(asked, "nl", 1)


def test_the_document_has_page_table_and_chronicle(document):
    """Every quarter is a section; the table has all events of both scenarios."""
    names = [one.name for one in document.sections]
    assert tuple(names[: len(ON_ONE_PAGE)]) == ON_ONE_PAGE
    shown = one_page(document)
    assert [x.name for x in shown.sections] == [*ON_ONE_PAGE, "more"]
    assert [x for x in names if x.startswith("quarter")] == [
        f"quarter-{k}" for k in range(1, 5)
    ]
    table = document.numbers["events"]
    assert set(table["scenario"]) == {"assigned", "owned"}
    assert set(table["world"]) == {2}
    assert "<h3>Kwartaal 1" in document.attachments["chronicle.html"]


def test_the_same_command_writes_the_same(document):
    """The story is a function of its request: the page is the same, byte for byte."""
    asked = request_of([short("assigned"), short("owned")], "2", 6)
    again = story_document(asked, "nl", 2)
    assert again.attachments == document.attachments
    assert again.numbers["events"].equals(document.numbers["events"])


def test_the_table_keeps_what_was_asked_for(capsys, tmp_path):
    """A topic, a seat, some weeks; who is unknown is refused with the nearest."""
    scenario = tmp_path / "short.toml"
    scenario.write_text(
        'title = "Short"\nquestion = "What?"\nbased_on = "assigned"\n'
        "[run]\nweeks = 12\n"
    )
    options = ["--world", "1", "--replicates", "5", "--output", str(tmp_path / "out")]
    command = ["story", str(scenario), "--quiet", *options]
    command += ["--kind", "decisions", "--week", "0-9", "--who"]
    assert call([*command, "marketeers-3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["world"] == 1
    with (tmp_path / "out" / "events.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows and {row["kind"] for row in rows} <= set(TOPICS["decisions"])
    assert all("marketeers-3" in (row["who"], row["other"]) for row in rows)
    assert {int(row["week"]) for row in rows} <= set(range(10))
    assert call([*command, "marketers-3"]) == 2
    assert "did you mean marketeers-3?" in capsys.readouterr().err


def test_the_page_plays_the_weeks(browser, document, tmp_path):
    """Months move the slider, filters hide lines, playing moves on; no errors."""
    file = tmp_path / "chronicle.html"
    file.write_text(document.attachments["chronicle.html"], encoding="utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 844})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto(file.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    slider = page.locator(".orgsim-people input[type=range]")
    month = page.locator(".month").nth(4)
    month.locator("button").click()
    first = month.get_attribute("data-first")
    assert slider.input_value() == first
    assert "now" in month.get_attribute("class")
    assert f"Week {first}" in page.locator(".told b").first.inner_text()
    before = page.locator(".told li").count()
    page.locator("fieldset input[value=decisions]").uncheck()
    assert page.locator(".told li").count() < before
    page.locator(".play").click()
    page.wait_for_function(
        "first => Number(document.querySelector('.orgsim-people input').value) > first",
        arg=int(first),
    )
    assert wrong == []
