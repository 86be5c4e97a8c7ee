"""Organisations that a page opens: shipped, of files, archives and interviews."""

import io
import json
import zipfile

import numpy as np
import pytest

from experiments.app import sent_files
from experiments.app.loading import MOST_PEOPLE
from experiments.errors import InputError
from experiments.share.questions import base_of
from simulation.outcomes import LANGUAGES
from simulation.scenario import read
from simulation.webassembly.organisations import organisation_of

SELF = 'title = "{}"\nbased_on = "{}"\nas_is = "self"\n'


def opened(client, files):
    """Return the organisation that files make."""
    found = client.post("/api/scenarios", json={"files": files})
    assert found.status_code == 200, found.text
    return found.json()


@pytest.mark.parametrize("name", ["transition", "integrated_large"])
def test_what_ships_opens_as_its_as_is(client, name):
    """With its people and levers, and what changes as the first question."""
    found = client.get(f"/api/organisations/{name}").json()
    base = base_of(read(name))
    assert found["organisation"] == json.loads(json.dumps(organisation_of(base)))
    assert found["base"]["levers"] == base.stages[0].levers
    assert (found["basedOn"], found["files"]) == (base.name, {})
    asked = [one["id"] for one in found["questions"] if one["group"] == "own"]
    assert asked == ([name] if len(read(name).stages) > 1 else [])


def test_saved_files_open_as_what_was_chosen(client, files):
    """Today is the as-is file; moves, dates and weeks come back."""
    found = opened(client, files)
    choice = found["questions"][0]["choice"]
    assert choice["plan"] == [[0, "mandate", "decides"], [10, "testing", "room"]]
    assert (found["weeks"], found["basedOn"]) == (24, "as-is.toml")
    assert found["files"] == {"as-is.toml": files["as-is.toml"]}
    assert not set(found["names"]) & set(found["files"])


def test_a_file_keeps_its_own_weeks(client):
    """Also where its as-is has fewer; changes late in them are not lost."""
    text = 'title = "Late"\nbased_on = "baseline"\n[run]\nweeks = 400\n'
    text += '[[changes]]\nweek = 300\nlevers = {mandate = "decides"}\n'
    found = opened(client, {"late.toml": text})
    assert found["weeks"] == 400 <= found["horizon"]["high"]
    assert found["questions"][0]["choice"]["plan"] == [[300, "mandate", "decides"]]


def test_dates_of_an_organisation_are_its_question(client):
    """It goes on as it is today; files that are saved leave its dates out."""
    text = SELF.format("Own", "baseline")
    text += '[[changes]]\nweek = 30\nlevers = {mandate = "decides"}\n'
    found = opened(client, {"own.toml": text})
    assert found["dated"] and found["title"]["en"] == "Own"
    assert found["files"] == {"own.toml": text}
    assert found["questions"][0]["choice"]["plan"] == [[30, "mandate", "decides"]]


@pytest.mark.parametrize("name", ["baseline", "owned"])
def test_a_file_may_be_called_like_one_that_ships(client, name):
    """What is built on is the one that is meant."""
    own = opened(client, {f"{name}.toml": SELF.format("Mine", name)})
    assert own["basedOn"] == f"{name}.toml" and list(own["files"]) == [own["basedOn"]]
    text = f'title = "Mine"\nbased_on = "{name}"\n[levers]\nkpis = "whole_funnel"\n'
    asked = opened(client, {"baseline.toml": text})
    assert (asked["basedOn"], asked["files"]) == ("baseline", {})


def test_only_the_files_that_are_needed_come_back(client):
    """Those that the organisation builds on, however many there are between."""
    files = {
        "near.toml": SELF.format("A", "far.toml"),
        "far.toml": SELF.format("B", "baseline"),
        "spare.csv": "a,b\n",
    }
    found = opened(client, files)
    assert set(found["files"]) == {"near.toml", "far.toml"}


def test_what_is_not_known_stays_unknown(client):
    """Worlds draw it, and the page says what it is."""
    text = SELF.format("Own", "baseline")
    text += '[unknown.levers]\nmandate = ["executes", "decides"]\n'
    draws = opened(client, {"own.toml": text})["draws"]
    column = draws["columns"].index(["levers", "mandate"])
    assert {row[column] for row in draws["rows"]} == {"executes", "decides"}


def test_markup_in_titles_is_text(client):
    """It comes back as it is, in JSON."""
    nasty = "</script><script>alert(1)</script>"
    found = opened(client, {"a.toml": SELF.format(nasty, "baseline")})
    assert found["title"]["en"] == nasty


HEADS = 'based_on = "owned"\n[organisation]\nmarketeers = {}\n'


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.toml": 'based_on = "/etc/passwd"'}, "was not loaded with it"),
        ({"a.toml": 'based_on = "../../b.toml"'}, "was not loaded with it"),
        (
            {"a.toml": 'based_on = "baseline"\n[organisation]\npeople = "/etc/passwd"'},
            "organisation.people: '/etc/passwd' was not loaded",
        ),
        (
            {"a.toml": 'based_on = "baseline"\n[unknown]\ndraws = "/etc/hosts"'},
            "unknown.draws: '/etc/hosts' was not loaded",
        ),
        ({"a.toml": 'based_on = "ownd"'}, "did you mean owned"),
        ({"a.toml": 'based_on = "a.toml"'}, "goes round in a circle"),
        ({"../a.toml": 'based_on = "owned"'}, "no plain name"),
        ({"a/b.toml": 'based_on = "owned"'}, "no plain name"),
        ({".a.toml": 'based_on = "owned"'}, "no plain name"),
        ({"😀" * 95 + ".toml": 'based_on = "owned"'}, "no plain name"),
        ({"a.exe": "x", "b.toml": 'based_on = "owned"'}, "unknown kind of file"),
        ({"a.toml": ""}, "holds nothing"),
        ({"a.toml": "title = "}, "a.toml:1:"),
        ({"a.toml": 5}, "is binary"),
        ({"a.toml": 'based_on = "owned"\nx = "\0"'}, "is binary"),
        ({"a.toml": ".".join("a" * 20_000) + " = 1"}, "too deeply"),
        ({"a.csv": "a,b"}, "no scenario file"),
        ({f"{k}.toml": "" for k in range(21)}, "at most 20"),
        ({}, "choose one or more"),
        (["a.toml"], "choose one or more"),
        ({"a.toml": 'based_on = "owned"', "b.toml": 'based_on = "owned"'}, "several"),
        ({"a.toml": 'based_on = "owned"\n[run]\nweeks = 1000'}, "got 1,000"),
        ({"a.toml": HEADS.format(5)}, "show levers and numbers that change"),
        ({"a.toml": 'as_is = "self"\n' + HEADS.format(2001)}, "at most 2,000 on the"),
        (
            {"a.toml": 'based_on = "owned"\n[effort.mandate]\neuros = 5'},
            "show levers and numbers that change",
        ),
    ],
)
def test_files_that_cannot_be_opened_are_refused_with_the_reason(refusal, files, said):
    """Files elsewhere on this machine, wrong names, kinds, sizes and contents."""
    text = refusal("scenarios", {"files": files})
    assert said in text
    assert refusal("scenarios", {"files": files}, "nl") != text


def test_all_mistakes_of_a_file_are_told_once(refusal):
    """As orgsim check tells them, each with its line, below advice."""
    text = 'based_on = "baseline"\n[levers]\nmandate = "decide"\n[structure]\nx = 1\n'
    got = refusal("scenarios", {"files": {"mine.toml": text}}).splitlines()
    assert [x.split(": ")[0] for x in got[-2:]] == ["mine.toml:3:1", "mine.toml:5:1"]
    assert "decides" in got[-2] and "as they are" in got[0] and len(got) == 4


NONSENSE = [
    *(b"", b"x", b"[]", b"null", b'"x"', b"[" * 5000, b"1e999", b"\xff\xfe"),
    *(b'{"files": {"a.toml": "\\ud800"}}', b'{"x": ' + b"9" * 5000 + b"}"),
]


@pytest.mark.parametrize(
    "path", ["scenarios", "interview", "import", "documents/data.csv"]
)
@pytest.mark.parametrize("body", NONSENSE, ids=range(len(NONSENSE)))
def test_what_is_no_table_is_refused(refusal, path, body):
    """Nothing, other kinds of JSON, endless depth and digits, halves of letters."""
    assert refusal(path, body) == "What was sent is not JSON."


@pytest.mark.parametrize("name", ["nobody", "self", "%00", "own" * 100])
def test_an_organisation_that_does_not_ship_is_told(client, name):
    """In the language of the page."""
    for language in LANGUAGES:
        head = {"accept-language": language}
        got = client.get(f"/api/organisations/{name}", headers=head)
        said = {"en": "no such organisation", "nl": "zo'n organisatie is er niet"}
        assert got.status_code == 404 and said[language] in got.json()["problems"][0]


# --- archives -------------------------------------------------------------------------


def archive(files):
    """Return an archive with files by name."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as one:
        for name, content in files:
            one.writestr(name, content)
    return made.getvalue()


def test_an_archive_opens_as_its_files(client, files):
    """A note on how to run them may lie beside."""
    packed = archive([*files.items(), ("README.txt", "orgsim compare")])
    got = client.post("/api/scenarios/archive", content=packed)
    assert got.json() == opened(client, files)


GOOD = ("a.toml", 'based_on = "owned"')
MILLION = b"x" * 1_000_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"PK\3\4 and no more", "cannot be read"),
        (archive([GOOD])[:-30], "cannot be read"),
        (archive([(f"{k}.toml", "x = 1") for k in range(30)]), "at most 20"),
        (archive([(f"{k}.toml", MILLION) for k in range(13)]), "too large"),
        (archive([GOOD, ("../b.toml", "")]), "no plain name"),
        (archive([GOOD, ("folder/b.toml", "")]), "no plain name"),
        (archive([GOOD, ("/etc/b.toml", "")]), "no plain name"),
        (archive([GOOD, ("b.zip", archive([GOOD]))]), "b.zip: unknown kind of file"),
        (archive([("b.csv", "a,b")]), "no scenario file"),
        (archive([GOOD, ("b.csv", b"\xff\xfe")]), "b.csv: is binary"),
        (archive([GOOD, ("b.csv", b"a\0b")]), "b.csv: is binary"),
        (archive([("a.toml", 'based_on = "/etc/passwd"')]), "was not loaded with it"),
    ],
    ids=lambda value: value if isinstance(value, str) else len(value),
)
def test_archives_that_cannot_be_opened_are_refused(refusal, content, said):
    """Broken ones, too many or too large files, folders, archives in archives."""
    text = refusal("scenarios/archive", content)
    assert said in text and refusal("scenarios/archive", content, "nl") != text


def test_locked_archives_and_two_files_of_one_name_are_refused():
    """The flag tells encryption; a second file of a name could be anything."""
    content = bytearray(archive([GOOD]))
    for start, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        content[content.index(start) + flags] |= 1
    with pytest.raises(InputError, match="is encrypted"):
        sent_files.files_in(bytes(content))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as one:
        one.writestr(*GOOD)
    with pytest.raises(InputError, match="packed in an unusual way"):
        sent_files.files_in(made.getvalue())
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = archive([GOOD, GOOD])
    with pytest.raises(InputError, match="more than once"):
        sent_files.files_in(twice)


def test_bombs_are_refused_before_they_are_unpacked(monkeypatch):
    """By the sizes that the archive tells, and while reading where it lies."""
    bomb = bytearray(archive([("a.toml", b"0" * 50_000_000)]))
    assert len(bomb) < 100_000
    read_parts = []
    monkeypatch.setattr(
        zipfile.ZipExtFile, "read", lambda *x: read_parts.append(x) or b""
    )
    with pytest.raises(InputError, match="too large when unpacked"):
        sent_files.files_in(bytes(bomb))
    assert not read_parts
    monkeypatch.undo()
    place = bomb.index(b"PK\1\2") + 24
    bomb[place : place + 4] = (1_000).to_bytes(4, "little")
    with pytest.raises(InputError):
        sent_files.files_in(bytes(bomb))


def test_broken_archives_never_fail():
    """Whatever byte is wrong, files come out or a reason does."""
    good = archive([GOOD, ("b.csv", "a,b\n" * 50)])
    chance = np.random.default_rng(0)
    for _ in range(500):
        content = bytearray(good)
        for at in chance.integers(0, len(good), 3):
            content[at] = chance.integers(0, 256)
        try:
            assert sent_files.files_in(bytes(content))
        except InputError as error:
            assert str(error)


def test_bodies_that_are_too_large_are_refused_while_they_come(refusal):
    """Nothing beyond the limit is kept."""
    big = b"x" * (sent_files.MOST_BYTES + 1)
    assert "12,000,000" in refusal("scenarios/archive", big, status=413)
    text = '{"files": {"a.toml": "' + "x" * sent_files.MOST_BYTES * 2 + '"}}'
    assert "too large" in refusal("scenarios", text.encode(), status=413)


# --- the interview --------------------------------------------------------------------


def test_an_interview_makes_an_organisation(client):
    """What is answered is set, what is not is open."""
    asked = client.get("/api/interview").json()
    decides = next(x for x in asked if "decide" in x["words"]["en"] and x["answers"])
    good = {decides["id"]: decides["answers"][0]["key"], "marketeers": "9"}
    found = client.post("/api/interview", json={"answers": good}).json()
    drawn = [name for table, name in found["draws"]["columns"] if table == "levers"]
    assert found["heads"]["marketeers"]["value"] == 9
    assert len(drawn) > 10 and "mandate" not in drawn, good
    again = opened(client, found["files"])
    assert again["draws"] == found["draws"] and again["people"] == found["people"]


def test_wrong_answers_are_told_all_at_once(refusal):
    """With the question and what is allowed, in the language of the page."""
    wrong = {"marketeers": "-5", "sales": 10**400, "colour": "red", "<b>": [1]}
    text = refusal("interview", {"answers": wrong})
    assert len(text.splitlines()) == 4 and text.count("; allowed: ") == 2
    dutch = refusal("interview", {"answers": wrong}, "nl")
    assert dutch.count("; toegestaan: ") == 2 and "<b>: zo'n vraag" in dutch


@pytest.mark.parametrize(
    "given", ["inf", "1e999", 1e300, [1], {}, None, True, "9" * 999]
)
def test_an_amount_must_be_a_number_in_range(refusal, given):
    """Whatever kind of value comes instead."""
    text = refusal("interview", {"answers": {"marketeers": given}})
    assert "a whole number from 0 to 5,000" in text


@pytest.mark.parametrize("answers", [None, [], "x", 5])
def test_answers_must_be_a_table(refusal, answers):
    """And nothing else."""
    assert "must be a table" in refusal("interview", {"answers": answers})


def test_too_many_people_are_told(refusal):
    """The command line takes more."""
    text = refusal("interview", {"answers": {"marketeers": str(MOST_PEOPLE)}}, "nl")
    assert "op de pagina hoogstens 2.000" in text
