"""Rows that are kept as they come: whatever happens, none is lost or made again."""

from dataclasses import replace

import fake_calls
import numpy as np
import pytest

from experiments.errors import InputError
from experiments.explore.points import PointsProblem
from experiments.run.row_cache import RowCache, fingerprint, fingerprints, work_through
from simulation.scenario import read, vary

SETTINGS = {"seed": 1, "sets": 8}
CALLS = {str(x): (x,) for x in range(1, 6)}


def kept_in(folder, function=fake_calls.row_of, **settings):
    """Return rows kept in a folder under the usual settings, or others."""
    return RowCache(folder, "rows", function, {**SETTINGS, **settings})


def counting(made):
    """Return a function that notes what it makes."""
    return fake_calls.noting(made)


def test_rows_survive_and_are_not_made_again(tmp_path):
    """A second call makes only what is new, and gives rows in the order of calls."""
    made = []
    first = {name: CALLS[name] for name in ("4", "2")}
    found = work_through(kept_in(tmp_path, counting(made)), first, 1)
    assert found == {"4": {"square": 16}, "2": {"square": 4}}
    found = work_through(kept_in(tmp_path, counting(made)), CALLS, 1)
    assert list(found) == list(CALLS) and found["5"] == {"square": 25}
    assert made == [4, 2, 1, 3, 5]
    assert work_through(kept_in(tmp_path, counting(made)), CALLS, 1) == found
    assert len(made) == 5


def test_a_row_is_on_disk_as_soon_as_it_is_added(tmp_path):
    """Another reader sees each row at once, also values that are not numbers."""
    kept = kept_in(tmp_path)
    assert not kept.path.exists() and kept.rows == {}
    rows = {"a": {"x": [1.5, None, float("inf")]}, "é\n\u2028": {"name": "één\nregel"}}
    for k, (name, row) in enumerate(rows.items()):
        kept.add(name, (k,), row)
        assert kept_in(tmp_path).rows == dict(list(rows.items())[: k + 1])


def test_a_line_cut_anywhere_costs_that_row_only(tmp_path):
    """After a kill in the middle of writing, later rows are sound and none is lost."""
    kept = kept_in(tmp_path)
    for x in (1, 2, 3):
        kept.add(str(x), (x,), fake_calls.row_of(x))
    whole = kept.path.read_bytes()
    start = whole[:-1].rfind(b"\n") + 1
    before = {str(x): fake_calls.row_of(x) for x in (1, 2)}
    made_of = fingerprint((3,)).encode()
    assert whole[start:] == b'["3", "' + made_of + b'", {"square": 9}]\n'
    for cut in range(start, len(whole)):
        kept.path.write_bytes(whole[:cut])
        made = []
        there = kept_in(tmp_path, counting(made))
        lost = cut < len(whole) - 1  # without its newline the last row is still whole
        assert there.rows == (before if lost else {**before, "3": {"square": 9}}), cut
        found = work_through(there, CALLS, 1)
        assert made == ([3, 4, 5] if lost else [4, 5]), cut
        assert kept_in(tmp_path).rows == found, cut
        assert found == {name: fake_calls.row_of(*x) for name, x in CALLS.items()}


def test_other_settings_are_kept_apart(tmp_path):
    """Each setting has a file of its own, whatever the order in which it is written."""
    kept_in(tmp_path).add("1", (1,), {"square": 1})
    assert kept_in(tmp_path, seed=2).rows == {}
    assert kept_in(tmp_path, rule="x").rows == {}
    assert RowCache(tmp_path, "other", fake_calls.row_of, SETTINGS).rows == {}
    turned = dict(reversed(SETTINGS.items()))
    assert RowCache(tmp_path, "rows", fake_calls.row_of, turned).rows == {
        "1": {"square": 1}
    }


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_call_is_told_and_the_others_are_kept(tmp_path, workers):
    """The error names the row, and says what happened and where."""
    kept = kept_in(tmp_path, fake_calls.fails_at_3)
    with pytest.raises(RuntimeError, match="three is too much") as caught:
        work_through(kept, CALLS, workers)
    assert str(caught.value).startswith("3: Traceback")
    assert "fails_at_3" in str(caught.value)
    assert kept_in(tmp_path).rows.keys() == CALLS.keys() - {"3"}
    assert work_through(kept_in(tmp_path), CALLS, 1)["3"]


def test_a_killed_worker_is_told(tmp_path):
    """What a dead process took with it is named; what was made before stays."""
    with pytest.raises(RuntimeError, match=r"^3: the process that ran it died"):
        work_through(kept_in(tmp_path, fake_calls.row_that_dies_at_3), CALLS, 2)
    there = kept_in(tmp_path).rows
    assert there.keys() == CALLS.keys() - {"3"}


def test_progress_counts_what_was_there(tmp_path):
    """Rows that are kept count as done from the start."""
    kept_in(tmp_path).add("1", (1,), {"square": 1})
    told = []
    work_through(kept_in(tmp_path), CALLS, 1, lambda *x: told.append(x))
    assert told == [(k, 5) for k in range(1, 6)]


def test_a_folder_that_cannot_be_is_told(tmp_path):
    """A file in the place of the folder is about what the user gave."""
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InputError, match="choose another --output"):
        kept_in(tmp_path / "taken").add("1", (1,), {})
    assert (tmp_path / "taken").read_text() == "a file"


def test_a_row_is_taken_only_where_its_arguments_are_the_same(tmp_path):
    """A name says nothing about what a row was made of."""
    made = []
    for x, rows in ((3, [3]), (3, [3]), (4, [3, 4]), (4, [3, 4]), (3, [3, 4, 3])):
        kept = kept_in(tmp_path, counting(made))
        assert work_through(kept, {"point": (x,)}, 1) == {"point": {"square": x * x}}
        assert made == rows


def test_files_count_by_their_contents(tmp_path):
    """Other contents behind the same path are other arguments; another path is not."""
    people, file = tmp_path / "people.csv", tmp_path / "one.toml"
    rows = "name;role\nAnn;marketeer\nBo;sales\nCy;finance\n"
    people.write_text(rows)
    file.write_text('title = "One"\norganisation = { people = "people.csv" }\n')
    first = fingerprint((read(file), 1)), fingerprint({"at": people})
    people.write_text(rows.replace("Bo;sales", "Bo;hr"))
    assert fingerprint((read(file), 1)) != first[0]
    assert fingerprint({"at": people}) != first[1]
    other = tmp_path / "elsewhere"
    other.mkdir()
    (other / "staff.csv").write_text(rows)
    text = file.read_text().replace("people.csv", "staff.csv")
    (other / "one.toml").write_text(text)
    assert fingerprint((read(other / "one.toml"), 1)) == first[0]


def test_every_argument_counts():
    """Weeks, settings, points and numbers of whatever kind; numpy's as Python's."""
    base = read("baseline")
    different = [
        (base,),
        (replace(base, weeks=base.weeks + 1),),
        (vary(base, levers={"mandate": "decides"}),),
        (base, 1),
        (base, 1.5),
        (base, None),
        (base, {"x": 1}),
        (base, [1, 2]),
        (base, [2, 1]),
        (PointsProblem((base,), ("burnout",)),),
        (PointsProblem((base,), ("burnout",), seed=2),),
    ]
    assert len({fingerprint(one) for one in different}) == len(different)
    named = {str(k): one for k, one in enumerate([*different, (), *different])}
    each = {name: fingerprint(arguments) for name, arguments in named.items()}
    assert fingerprints(named) == each
    assert fingerprint((np.int64(3), np.float64(0.5))) == fingerprint((3, 0.5))
    assert fingerprint(np.array([1, 2])) == fingerprint((1, 2))
