"""Files that belong together: of one run or of the one before, whatever kills."""

import json
import os
import signal
from pathlib import Path

import pytest
from kills import every_kill, in_child

from experiments.cli.command_line import call
from experiments.files import whole_folders
from experiments.files.whole_folders import (
    MANIFEST,
    differing,
    manifest_in,
    tidy,
    together,
    write_manifest,
)
from experiments.show.folder import staged

OLD = {"answer.txt": "old", "table.csv": "old,1", "only-old.csv": "1"}
NEW = {"answer.txt": "new", "table.csv": "new,2", "figure.svg": "<svg/>"}


def put(folder, files, **told):
    """Put files of one run into a folder, with a manifest."""
    with staged(folder) as aside:
        for name, text in files.items():
            (aside / name).write_text(text)
        write_manifest(aside, {"of": files["answer.txt"], **told})


def files_in(folder):
    """Return the texts of all plain files but the manifest."""
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    plain = [x for x in found if x.is_file() and x.name != MANIFEST]
    return {path.name: path.read_text() for path in plain}


def hidden(folder):
    """Return what writers left in a folder or beside it."""
    places = (folder, folder.parent)
    return [x for place in places for x in place.glob(".orgsim-*")]


def test_a_kill_at_any_moment_leaves_all_old_files_or_all_new_ones(tmp_path):
    """Where the folder is the results' own, it is one or the other at each moment."""
    folder = tmp_path / "out"
    seen = []

    def start():
        put(folder, OLD)
        assert files_in(folder) == OLD and not hidden(folder)

    for _ in every_kill(start, lambda: put(folder, NEW)):
        found = files_in(folder)
        assert found in (OLD, NEW)
        assert manifest_in(folder)["of"] == found["answer.txt"]
        assert differing(folder) == {}
        seen.append(found)
    assert OLD in seen and NEW in seen


def test_a_kill_at_any_moment_leaves_a_new_folder_or_none(tmp_path):
    """Also where an empty folder is there already."""
    for made in (False, True):
        folder = tmp_path / str(made)

        def start(folder=folder, made=made):
            if folder.exists():
                put(folder, OLD)  # sweeps
                for path in folder.iterdir():
                    path.unlink()
                folder.rmdir()
            if made:
                folder.mkdir()

        def write(folder=folder):
            put(folder, NEW)

        for _ in every_kill(start, write):
            assert files_in(folder) in ({}, NEW)
            assert (folder / MANIFEST).exists() == bool(files_in(folder))


@pytest.mark.parametrize("why", ["other files", "no swap", "here"])
def test_in_a_folder_with_other_files_a_manifest_is_of_its_files(
    tmp_path, monkeypatch, why
):
    """There is none while files are of two runs; the next command completes them."""
    folder = tmp_path / "out"
    mine = {}
    if why == "other files":
        mine = {"notes.md": "mine"}
    elif why == "no swap":
        monkeypatch.setattr(whole_folders, "_exchange", lambda *_: False)
    folder.mkdir()
    if why == "here":
        monkeypatch.chdir(folder)
    before = folder.stat().st_ino
    mixed = 0

    def start():
        put(folder, OLD)
        for name, text in mine.items():
            (folder / name).write_text(text)

    for _ in every_kill(start, lambda: put(folder, NEW)):
        if (folder / MANIFEST).exists():
            found = files_in(folder)
            assert found in (OLD | mine, NEW | mine)
            assert manifest_in(folder)["of"] == found["answer.txt"]
            assert differing(folder) == {}
        else:
            mixed += 1
            assert list(folder.glob(".orgsim-ready-*"))
        if tidy(folder, own=True):
            assert files_in(folder) == NEW | mine
        assert files_in(folder) in (OLD | mine, NEW | mine)
        assert differing(folder) == {} and not hidden(folder)
    assert mixed > 3
    if why == "here":
        assert folder.stat().st_ino == before


def test_ctrl_c_while_files_are_put_in_place_completes_them(tmp_path, monkeypatch):
    """The command is interrupted afterwards."""
    folder = tmp_path / "out"
    put(folder, OLD)
    (folder / "notes.md").write_text("mine")
    real, calls = os.replace, []

    def interrupted(*paths):
        calls.append(paths)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*paths)

    monkeypatch.setattr(whole_folders.os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        put(folder, NEW)
    assert files_in(folder) == NEW | {"notes.md": "mine"}
    assert differing(folder) == {} and not hidden(folder)


def test_files_that_join_others_keep_the_manifest(tmp_path):
    """A page beside results is listed with them; what replaces one is not theirs."""
    folder = tmp_path / "out"
    put(folder, OLD, seed=7)
    with staged(folder) as aside:
        (aside / "report.html").write_text("<html>")
    told = manifest_in(folder)
    assert told["seed"] == 7 and set(told["files"]) == {*OLD, "report.html"}
    with staged(folder) as aside:
        (aside / "answer.txt").write_text("of another command")
    told = manifest_in(folder)
    assert "seed" not in told and set(told["files"]) == {*OLD, "report.html"}
    assert differing(folder) == {}
    put(folder, NEW)
    assert files_in(folder) == NEW


def test_files_are_put_together_within_others(tmp_path):
    """What goes with a page is made in the folder in which the page is made."""
    with together(tmp_path / "out") as aside:
        (aside / "page.html").write_text("<html>")
        with together(aside) as beside:
            (beside / "slides.pptx").write_text("slides")
    assert files_in(tmp_path / "out") == {
        "page.html": "<html>",
        "slides.pptx": "slides",
    }
    assert not hidden(tmp_path / "out")


def test_what_does_not_belong_together_is_told(tmp_path):
    """A file that changed since, and one that is gone."""
    put(tmp_path / "out", OLD)
    (tmp_path / "out" / "table.csv").write_text("old,2")
    (tmp_path / "out" / "only-old.csv").unlink()
    assert set(differing(tmp_path / "out")) == {"table.csv", "only-old.csv"}


def test_folders_of_results_are_checked(tmp_path, capsys):
    """`orgsim results check` tells each file that is not of its manifest's run."""
    for name in ("a", "b/c"):
        put(tmp_path / "results" / name, OLD)
    check = ["results", "check", str(tmp_path / "results")]
    assert call(check) == 0
    assert "2 of 2 folders" in capsys.readouterr().out
    (tmp_path / "results" / "b" / "c" / "table.csv").write_text("of another run")
    assert call([*check, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["folders"]
    assert {Path(x).name: list(y) for x, y in told.items()} == {
        "a": [],
        "c": ["table.csv"],
    }
    assert call(["results", "check", str(tmp_path / "nothing")]) == 2


def test_a_manifest_lists_plain_names_only(tmp_path):
    """One that was written by hand leads to no file outside its folder."""
    folder = tmp_path / "out"
    put(folder, OLD)
    (tmp_path / "mine.txt").write_text("mine")
    told = manifest_in(folder)
    told["files"]["../mine.txt"] = "0"
    (folder / MANIFEST).write_text(json.dumps(told))
    assert manifest_in(folder) == {}
    put(folder, NEW)
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_folders_of_others_are_never_put_aside(tmp_path):
    """A folder with a folder, a link or the current one in it keeps its identity."""
    for name in ("sub", "link", "parent"):
        folder = tmp_path / name
        put(folder, OLD)
        before = folder.stat().st_ino
        if name == "link":
            (tmp_path / "answer").write_text("linked")
            (folder / "answer.txt").unlink()
            (folder / "answer.txt").symlink_to(tmp_path / "answer")
        else:
            (folder / "kept").mkdir()
            (folder / "kept" / "rows.jsonl").write_text("[]")
        put(folder, NEW)
        assert folder.stat().st_ino == before
    assert (tmp_path / "sub" / "kept" / "rows.jsonl").read_text() == "[]"
    assert (tmp_path / "answer").read_text() == "linked"


def test_rights_of_a_folder_outlive_its_replacement(tmp_path):
    """A folder that only its owner may read stays so."""
    put(tmp_path / "out", OLD)
    (tmp_path / "out").chmod(0o700)
    put(tmp_path / "out", NEW)
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


def test_two_that_write_at_once_leave_the_files_of_one(tmp_path):
    """Processes that put results into one folder take turns."""
    folder = tmp_path / "out"
    put(folder, OLD)
    (folder / "notes.md").write_text("mine")
    texts = [{name: f"{name} {k}" for name in ("answer.txt", "b")} for k in range(4)]

    def write(files):
        for _ in range(8):
            put(folder, files)

    children = [in_child(lambda files=files: write(files)) for files in texts]
    for child in children:
        os.waitpid(child, 0)
    assert files_in(folder) in [x | {"notes.md": "mine"} for x in texts]
    assert differing(folder) == {} and not hidden(folder)


def test_what_a_living_command_makes_is_left_alone(tmp_path):
    """Another command on the same folder neither sweeps nor completes it."""
    folder = tmp_path / "out"
    put(folder, OLD)
    ready, end = os.pipe()

    def write():
        with together(folder) as aside:
            (aside / "half.txt").write_text("x")
            os.write(end, b"x")
            signal.pause()

    child = in_child(write)
    os.read(ready, 1)
    put(folder, NEW)
    assert files_in(folder) == NEW and len(hidden(folder)) == 1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    tidy(folder, own=True)
    assert not hidden(folder)
