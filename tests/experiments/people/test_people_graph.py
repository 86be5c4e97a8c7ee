"""The graph of people: what is recorded, where it stands, and who is told apart."""

import base64
import json
import math
import re
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.charts.style import STYLES, drawing_in, save
from experiments.cli.command_line import call
from experiments.errors import InputError
from experiments.people import text
from experiments.people.colours import COLOURS, ramp, shade
from experiments.people.groups import drawable, group_table
from experiments.people.layout import RADIUS, SQUARE, layout
from experiments.people.making import read_weeks, request_of
from experiments.people.picture import ink_on, picture
from experiments.people.privacy import groups_of, hidden
from experiments.people.recorded import FIELDS, Node, record
from experiments.people.slider import page_html, slider_html
from experiments.statistics.small_groups import LEAST
from simulation.ensemble.worlds import Job, live_world
from simulation.founding import Founder
from simulation.model import Organisation
from simulation.scenario import read, vary
from simulation.state import VACANT

WEEKS = 8
PEOPLE = """name,role,team,manager,hours
Zoë Quist,ceo,board,,36
Bram Vos,head of marketing,marketing,Zoë Quist,36
Ada Bos,marketeer,Team Vos,Bram Vos,36
Bea Dam,marketeer,Team Vos,Bram Vos,36
Cas Eik,marketeer,Team Vos,Bram Vos,36
Dirk Fok,marketeer,Team Vos,Bram Vos,32
Els Gal,marketeer,Team Vos,Bram Vos,32
Fien Hop,marketeer,Duo,Bram Vos,36
Gijs Iep,marketeer,Duo,Bram Vos,36
Hans Jol,sales,sales,Zoë Quist,36
Ina Kok,sales,sales,Zoë Quist,36
Jan Lam,controller,finance,Zoë Quist,36
Kim Mol,hr,hr,Zoë Quist,36
"""
NAMES = [line.split(",")[0] for line in PEOPLE.splitlines()[1:]]


@pytest.fixture(scope="module")
def two():
    """One world of two scenarios that begin alike, for eight weeks."""
    return record([read("assigned"), read("owned")], WEEKS)


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A scenario whose people come from a table."""
    folder = tmp_path_factory.mktemp("real")
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    file = folder / "ours.toml"
    file.write_text(
        'title = "Ours"\nquestion = "What if?"\nbased_on = "baseline"\n'
        '[organisation]\npeople = "people.csv"\n'
    )
    return file


# --- what is recorded ----------------------------------------------------------------


def test_recorded_values_are_those_of_the_panel(two):
    """After w weeks stands what the ensemble's panel has at the end of week w - 1."""
    fields = tuple(FIELDS.values())
    for one in two.lived:
        scenario = replace(one.scenario, weeks=WEEKS)
        job = Job(Founder(scenario), 1, 0, WEEKS, None, (*fields, "status"))
        panel = live_world(job).panel
        assert np.array_equal(one.status[1:], panel["status"])
        there = panel["status"] != VACANT
        others = np.array([not node.leads for node in one.nodes])
        for name, field in FIELDS.items():
            shown = there & others if name == "waiting" else there
            assert np.array_equal(one.values[name][1:][shown], panel[field][shown])
            assert np.isnan(one.values[name][1:][~there]).all()


def test_recorded_values_are_those_of_mesa(two):
    """People, ties and desks are those of the model that lives person by person."""
    one = two.lived[1]
    model = Organisation(replace(one.scenario, weeks=WEEKS), seed=1)
    for week in (0, WEEKS):
        model.run(until=week)
        names = {node.seat: k for k, node in enumerate(one.nodes)}
        for _, data in model.graph.nodes(data=True):
            assert data["score"] > 0
        for seat, data in model.graph.nodes(data=True):
            k = names[seat]
            if one.status[week, k] != VACANT:
                assert one.values["burnout"][week, k] == data["score"]
                assert one.values["ownership"][week, k] == data["ownership"]
        pairs = {
            frozenset((one.nodes[a].seat, one.nodes[b].seat)): hours
            for (a, b), hours in zip(one.ties, one.hours[week], strict=True)
        }
        ties = model.state.ties
        for tie in ties[ties.contact > 0]:
            ends = (model.person(int(tie.a)).name, model.person(int(tie.b)).name)
            assert pairs[frozenset(ends)] == tie.contact
        desks = [0] * len(one.nodes)
        for choice in model.state.choices:
            if choice.exists and choice.stage == 2:
                desks[choice.decider] += 1
        assert one.desk[week].tolist() == desks


def test_complaints_are_those_of_the_weekly_record(two):
    """The share in the answer is the share that the model itself observes."""
    for one in two.lived:
        job = Job(Founder(replace(one.scenario, weeks=WEEKS)), 1, 0, WEEKS)
        row = live_world(job).series[WEEKS - 1]
        share = row["employees_complaints"] / row["employees"]
        assert text.complaints(one, WEEKS) == pytest.approx(share)


def test_scenarios_share_the_world_they_begin_in(two):
    """Both start from the same people in the same state."""
    first, second = two.lived
    assert first.nodes == second.nodes
    for name in FIELDS:
        assert np.array_equal(first.values[name][0], second.values[name][0], True)


# --- where everyone stands -----------------------------------------------------------


def overlaps(page):
    """Return pairs of outlines that meet and of which neither lies in the other."""
    return [
        (a, b)
        for a, b in combinations(page.boxes, 2)
        if meet(a, b) and not (within(a, b) or within(b, a))
    ]


def meet(a, b):
    """Tell whether two outlines have a common part."""
    across = min(a.left + a.width, b.left + b.width) - max(a.left, b.left)
    down = min(a.top + a.height, b.top + b.height) - max(a.top, b.top)
    return across > 1e-6 and down > 1e-6


def within(a, b):
    """Tell whether a team's outline lies in that of its own department."""
    inside = b.left <= a.left and a.left + a.width <= b.left + b.width + 1e-6
    upright = b.top <= a.top and a.top + a.height <= b.top + b.height + 1e-6
    return inside and upright and a.department == b.department and not b.team


def holds(box, point):
    """Tell whether a point lies in an outline, with room for a person around it."""
    x, y = point
    r = RADIUS
    return (
        box.left + r <= x <= box.left + box.width - r
        and box.top + r <= y <= box.top + box.height - r
    )


@pytest.mark.parametrize("marketeers", [1, 3, 12, 60, 180])
def test_nothing_overlaps(marketeers):
    """People, outlines and headings keep clear of one another, few or many."""
    scenario = vary(read("baseline"), organisation={"marketeers": marketeers})
    recording = record([scenario], 1)
    page = layout(recording)
    places = np.array(list(page.at.values()))
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    nearest = apart[np.triu_indices(len(places), 1)].min()
    assert nearest > RADIUS + math.sqrt(2) * SQUARE
    assert overlaps(page) == []
    homes = {box.department: box for box in page.boxes if not box.team}
    for node in recording.lived[0].nodes:
        assert holds(homes[node.department], page.at[node.seat])
    for box in page.boxes:
        em = page.em * (0.8 if box.team else 1.0)
        lines = box.heading("en").count("\n") + 1
        foot = box.top + 0.1 + lines * em if box.named else box.top
        for place in page.at.values():
            above = place[1] - SQUARE < foot and place[1] > box.top
            beside = not box.left < place[0] < box.left + box.width
            assert beside or not above


def test_layout_is_the_same_each_time_and_for_both_languages(two):
    """The same places from the same recording; those of one scenario in all weeks."""
    assert layout(two) == layout(record([read("assigned"), read("owned")], WEEKS))
    assert set(layout(two).at) == {node.seat for node in two.lived[0].nodes}


# --- who may be told apart -----------------------------------------------------------


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")),
        min_size=1,
        max_size=40,
    )
)
def test_groups_have_five_or_more(places):
    """Whatever the teams, no group is smaller, and teams do not leave departments."""
    nodes = [Node(str(k), "colleague", d, t) for k, (d, t) in enumerate(places)]
    groups = groups_of(nodes)
    if len(nodes) < LEAST:
        assert groups == [None] * len(nodes)
        return
    assert all(groups.count(group) >= LEAST for group in groups)
    for node, group in zip(nodes, groups, strict=True):
        assert group.department in (node.department, "others", "all")
    apart = [
        replace(n, department=g.department, team=g.team)
        for n, g in zip(nodes, groups, strict=True)
    ]
    assert groups_of(apart) == groups


def test_names_of_real_people_are_in_no_file(real, tmp_path, capsys):
    """Nothing that is written or printed has a name of a person or of a team."""
    assert (
        call(["graph", str(real), "--output", str(tmp_path), "--weeks-total", "4"]) == 0
    )
    told = capsys.readouterr().out
    # Packed files hold three letters of a name by chance; the SVG has what they draw.
    texts = [x for x in tmp_path.iterdir() if x.suffix not in (".png", ".pdf")]
    written = [file.read_text(encoding="utf-8") for file in texts]
    assert len(written) > 6 and any(x.suffix == ".svg" for x in texts)
    for name in [*NAMES, "Team Vos", "Duo", "Vos", "Quist"]:
        assert name not in told
        assert not any(name in content for content in written), name
    table = pd.read_csv(tmp_path / "ours-burnout.csv")
    assert {"marketeer-1", "sales-2"} <= set(table["seat"])
    assert table[table["week"] == 4].groupby("team").size().min() >= LEAST


def test_with_names_nothing_personal_is_coloured(real, tmp_path, capsys):
    """Burnout is refused with a reason; waiting has names and no burn-out leave."""
    args = [
        "graph",
        str(real),
        "--output",
        str(tmp_path),
        "--weeks-total",
        "4",
        "--names",
    ]
    assert call([*args, "--colour", "burnout"]) == 2
    assert "waiting, strategy" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert call(args) == 0
    table = pd.read_csv(tmp_path / "ours-waiting.csv")
    assert set(NAMES) == set(table["seat"])
    assert set(table["status"]) <= {"working", "empty"}
    every = "".join(file.read_text() for file in tmp_path.glob("*.csv"))
    assert not re.search("burnout|ownership|clarity|on leave", every)


def test_values_of_groups_are_means_of_those_there(two):
    """A group's row is the mean of its people; fewer than five there are not told."""
    one = two.lived[0]
    table = group_table(two, [WEEKS])
    rows = table[table["scenario"] == "assigned"].set_index("department")
    sales = [k for k, node in enumerate(one.nodes) if node.department == "sales"]
    scores = one.values["burnout"][WEEKS, sales]
    assert rows.loc["sales", "burnout"] == pytest.approx(np.nanmean(scores))
    assert rows["seats"].sum() == len(one.nodes)
    assert rows.loc["communication", "seats"] == LEAST


def test_too_many_people_are_drawn_in_groups():
    """Above three hundred seats groups stand for people; proposals are kept."""
    scenario = vary(read("baseline"), organisation={"marketeers": 300})
    people = record([scenario], 2)
    groups = drawable(people)
    assert groups.grouped and len(groups.lived[0].nodes) < 20
    assert sum(node.people for node in groups.lived[0].nodes) == len(
        people.lived[0].nodes
    )
    assert groups.lived[0].desk.sum() == people.lived[0].desk.sum()
    layout(groups)


# --- pictures ------------------------------------------------------------------------


def luminance(colour):
    """Return the relative luminance of a colour (WCAG 2.1)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    ]
    return float(np.dot(linear, (0.2126, 0.7152, 0.0722)))


def test_the_ramp_reads_in_grey():
    """Each step is darker than the one before, and counts on it can be read."""
    grey = [luminance(colour) for colour in ramp()]
    assert all(a > b for a, b in pairwise(grey))
    assert grey[0] - grey[-1] > 0.8
    for colour in ramp():
        other = 1.0 if ink_on(colour) == "white" else 0.0
        high, low = sorted((luminance(colour), other), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5
    assert shade(0.0) == ramp()[0] and shade(1.0) == ramp()[-1]


@pytest.mark.parametrize("style", ["slide", "nature", "jasss"])
@pytest.mark.parametrize("colour", ["burnout", "waiting"])
def test_no_texts_overlap_or_leave_the_page(two, style, colour):
    """Every text lies on the page and clear of all others, in Dutch."""
    page = layout(two)
    with drawing_in(STYLES[style]):
        figure = picture(two, page, (0, 4, 8), colour, STYLES[style], "nl")
        figure.draw_without_rendering()
        boxes = texts_of(figure)
    whole = figure.bbox
    for words, box in boxes:
        assert whole.x0 <= box.x0 and box.x1 <= whole.x1, words
        assert whole.y0 <= box.y0 and box.y1 <= whole.y1, words
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), (one, other)


def texts_of(figure):
    """Return the words and the extent of each text of a figure."""
    texts = [t for legend in figure.legends for t in legend.texts]
    for axes in figure.axes:
        texts += [axes._left_title, *axes.texts, axes.xaxis.label, axes.yaxis.label]
        texts += axes.get_xticklabels()
    return [(t.get_text(), t.get_window_extent()) for t in texts if t.get_text()]


def test_same_bytes(two, tmp_path):
    """SVG, PNG and PDF come out the same each time."""
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        with drawing_in(STYLES["jasss"]):
            figure = picture(two, layout(two), (0, 8), "burnout", STYLES["jasss"])
            save(figure, folder, "graph")
    for suffix in ("svg", "png", "pdf"):
        one, other = (tmp_path / x / f"graph.{suffix}" for x in "ab")
        assert one.read_bytes() == other.read_bytes()


def test_codes_are_read_back_within_half_a_step():
    """Bytes over the range of a colour give the value back; none has its own byte."""
    values = np.array([1.0, 2.345, 5.0, 6.5, np.nan])
    colour = COLOURS["burnout"]
    coded = colour.coded(values)
    back = colour.low + coded[:4] / 254 * (colour.high - colour.low)
    assert np.allclose(back[:3], values[:3], atol=0.5 * 4 / 254)
    assert coded[3:].tolist() == [254, 255]


# --- the command ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "word"), [("en", "no forecast"), ("nl", "geen voorspelling")]
)
def test_command_tells_and_leaves_files(tmp_path, capsys, language, word):
    """Sentences on standard output; picture, data and captions in the folder."""
    args = ["graph", "assigned", "owned", "--weeks-total", "4", "--language", language]
    assert call([*args, "--output", str(tmp_path), "--colour", "ownership"]) == 0
    told = capsys.readouterr().out
    assert word in told.replace("\n", " ")
    name = "assigned-vs-owned-ownership"
    for suffix in (".svg", ".png", ".pdf", ".csv", "-ties.csv", "-groups.csv"):
        assert (tmp_path / f"{name}{suffix}").exists()
    for tongue in ("en", "nl"):
        caption = (tmp_path / f"{name}-caption-{tongue}.txt").read_text()
        assert "42" in caption and "seed 1" in caption
    table = pd.read_csv(tmp_path / f"{name}.csv")
    assert sorted(set(table["week"])) == [0, 1, 2, 4]
    assert len(table) == 2 * 4 * 42


def test_json_is_one_document(tmp_path, capsys):
    """With --json standard output holds one document."""
    args = [
        "graph",
        "baseline",
        "--weeks-total",
        "2",
        "--json",
        "--output",
        str(tmp_path),
    ]
    assert call(args) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["answer"]) == 2 and found["groups"][0]["seats"] >= LEAST


@pytest.mark.parametrize(
    ("args", "messages"),
    [
        (["baseline", "--weeks", "0,105"], ["'105'", "0 to 104", "--weeks-total"]),
        (["baseline", "--weeks", "0,x", "--colour", "burnot"], ["'x'", "mean burnout"]),
        (["baseline", "--weeks", ""], ["weeks"]),
        (["baseline", "--colour", "mood"], ["allowed: burnout, ownership"]),
        (["baselin"], ["baseline"]),
        (["baseline", "baseline"], ["named twice"]),
        (["baseline", "owned", "assigned"], ["one scenario or two"]),
        (["baseline", "--names"], ["no names"]),
        (["baseline", "--world", "-1"], ["--world"]),
    ],
)
def test_wrong_input_ends_with_2(tmp_path, capsys, args, messages):
    """All mistakes are told at once, with what is allowed, and nothing is written."""
    assert call(["graph", *args, "--output", str(tmp_path / "out")]) == 2
    out, err = capsys.readouterr()
    assert not out and not (tmp_path / "out").exists()
    assert all(message in err for message in messages), err


def test_a_bad_people_table_is_told_with_its_line(real, tmp_path, capsys):
    """What is wrong in a table of people is told as everywhere."""
    bad = tmp_path / "ours.toml"
    bad.write_text(real.read_text())
    (tmp_path / "people.csv").write_text(PEOPLE.replace(",Bram Vos,32", ",Nobody,32"))
    assert call(["graph", str(bad), "--output", str(tmp_path / "out")]) == 2
    assert "unknown manager" in capsys.readouterr().err


def test_weeks_by_default_spread_over_the_horizon():
    """Of two years the start, half a year, a year and the end."""
    assert read_weeks(None, 104) == (0, 26, 52, 104)
    assert read_weeks(None, 1) == (0, 1)
    with pytest.raises(InputError, match="room for"):
        read_weeks(",".join(map(str, range(13))), 104)
    assert request_of([read("baseline")], weeks="52, 0").weeks == (0, 52)


# --- the slider ----------------------------------------------------------------------


def data_of(fragment):
    """Return what the script of a fragment reads."""
    found = re.search(r'<script type="application/json">(.*?)</script>', fragment, re.S)
    return json.loads(found.group(1))


def unpacked(text, kind=np.uint8):
    """Return the numbers of packed bytes."""
    return np.frombuffer(base64.b64decode(text), kind)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_fragment_reads_back(two, language):
    """Values, status, desks and ties are those recorded, within half a step."""
    data = data_of(slider_html(two, language))
    for side, one in zip(data["sides"], two.lived, strict=True):
        shape = (WEEKS + 1, len(one.nodes))
        assert side["title"] == one.scenario.title[language]
        assert np.array_equal(unpacked(side["status"]).reshape(shape), one.status)
        assert np.array_equal(unpacked(side["desk"]).reshape(shape), one.desk)
        for name, colour in COLOURS.items():
            codes = unpacked(side["values"][name]).reshape(shape)
            there = np.isfinite(one.values[name])
            assert np.array_equal(codes == 255, ~there)
            wide = colour.high - colour.low
            back = colour.low + codes / 254 * wide
            wanted = np.clip(one.values[name], colour.low, colour.high)
            assert np.abs(back - wanted)[there].max() <= 0.5001 * wide / 254
        events = unpacked(side["events"], "<u2").reshape(-1, 3)
        width = np.zeros(len(one.ties), int)
        for week in range(WEEKS + 1):
            for _, tie, drawn in events[events[:, 0] == week]:
                width[tie] = drawn
            hours = one.hours[week]
            steps = [
                np.sum(hours[t] >= np.array([0.1, 0.5, 1.0])) for t in range(len(width))
            ]
            assert width.tolist() == steps


def test_the_fragment_stands_alone():
    """Two years of 42 people under two scenarios are small, and ask for nothing."""
    recording = record([read("assigned"), read("owned")])
    fragment = slider_html(recording)
    assert len(fragment.encode()) < 400_000
    assert not re.search(r"(src|href)=|https?:|url\(|@import|fetch\(", fragment)
    assert not re.search(r"\sid=", fragment)
    assert "__" not in re.sub(r"<script type.*?</script>", "", fragment, flags=re.S)


@pytest.mark.parametrize("place", ["DATA", "SIDES", "NOTE", "LAST"])
def test_titles_cannot_break_out_of_the_page(place):
    """Markup, the beginning of a script and places of the template stay text."""
    title = f"A__{place}__<img src=x onerror=alert(1)></script><!--<script>"
    text = {"en": title, "nl": title}
    scenario = replace(read("baseline"), title=text, weeks=2)
    fragment = slider_html(record([scenario]))
    assert fragment.count("<script") == 2 and "<img" not in fragment
    [side] = data_of(fragment)["sides"]
    assert side["title"] == title


def test_what_is_personal_is_not_written_of_real_people(real, tmp_path):
    """Data and page have the mean of the group for each, and nobody on leave."""
    assert (
        call(["graph", str(real), "--output", str(tmp_path), "--weeks-total", "4"]) == 0
    )
    table = pd.read_csv(tmp_path / "ours-burnout.csv")
    assert table.groupby(["week", "team"], dropna=False)["burnout"].nunique().max() == 1
    assert set(table["status"]) <= {"working", "empty"}
    lived = hidden(record([read(real)], WEEKS))
    shown = drawable(lived)
    for one, drawn in zip(lived.lived, shown.lived, strict=True):
        there = np.isfinite(drawn.values["burnout"][WEEKS])
        assert there.any() and len(set(one.values["burnout"][WEEKS][there])) > 5
        assert len(set(drawn.values["burnout"][WEEKS][there].round(9))) <= 2
    assert all(
        np.allclose(a.values[x], b.values[x], rtol=1e-12, equal_nan=True)
        for a, b in zip(shown.lived, drawable(shown).lived, strict=True)
        for x in a.values
    )


def test_tooltips_of_real_people_tell_the_group(real):
    """Of what is personal a tooltip has the mean of five or more, and no name."""
    shown = hidden(record([read(real)], WEEKS))
    data = data_of(slider_html(shown))
    [side] = data["sides"]
    assert all(side["group"].count(k) >= LEAST for k in side["group"])
    assert set(side["groups"]) == {"burnout", "ownership", "clarity"}
    one = shown.lived[0]
    group = np.array(side["group"]) == side["group"][0]
    mean = np.nanmean(one.values["ownership"][:, group], axis=1)
    codes = unpacked(side["groups"]["ownership"][side["group"][0]])
    assert np.allclose(codes / 254, mean, atol=0.51 / 254)
    named = data_of(slider_html(hidden(record([read(real)], WEEKS), named=True)))
    assert set(named["colours"]) == {"waiting", "strategy"}
    assert "groups" not in named["sides"][0]
    unasked = slider_html(record([read(real)], WEEKS))
    assert not any(name in unasked for name in NAMES)


def test_slider_in_a_browser(browser, two, tmp_path):
    """From the keyboard; twice on one page; no errors and no requests."""
    page_file = tmp_path / "page.html"
    fragment = slider_html(two)
    page_file.write_text(page_html(fragment + fragment), encoding="utf-8")
    page = browser.new_page()
    problems, asked = [], []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_file.as_uri())
    page.locator("input[type=range]").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    page.locator("select").first.select_option("ownership")
    said = page.locator(".said").all_text_contents()
    fills = page.locator(".who .node").evaluate_all("all => all.map(x => x.style.fill)")
    page.close()
    assert not problems and asked == [page_file.as_uri()]
    assert said[0].startswith("After 5 weeks, Assigned work: mean ownership")
    assert said[2].startswith("After 8 weeks, Assigned work: mean burnout score")
    one = two.lived[0]
    mean = np.nanmean(one.values["ownership"][5])
    told = float(re.search(r"ownership ([\d.]+)", said[0]).group(1))
    assert told == pytest.approx(mean, abs=0.0051)
    value = one.values["ownership"][5, 0]
    code = round(value * 254)
    red, green, blue = (int(shade(code / 254)[k : k + 2], 16) for k in (1, 3, 5))
    assert fills[0] == f"rgb({red}, {green}, {blue})"
