"""Files are there whole or as they were, whatever ends their writer."""

import os
import signal
import sys

import pytest
from kills import every_kill, in_child

from simulation import whole_files
from simulation.whole_files import (
    ASIDE,
    aside_folder,
    making,
    scratch_folder,
    sweep,
    write_file,
)


def names_in(folder):
    """Return the names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_kill_at_any_moment_leaves_the_old_file_or_the_new_one(tmp_path):
    """At each change of the disk; what is left beside it is swept."""
    file = tmp_path / "a.txt"
    seen = set()

    def start():
        file.write_text("old")

    for _ in every_kill(start, lambda: write_file(file, "new" * 9)):
        seen.add(file.read_text())
        sweep(tmp_path)
        assert names_in(tmp_path) == ["a.txt"]
    assert seen == {"old", "new" * 9}


def test_a_failing_write_leaves_nothing(tmp_path, monkeypatch):
    """When the move fails there is no file and no remainder of one."""

    def fail(*_):
        raise OSError("disk")

    monkeypatch.setattr(whole_files.os, "replace", fail)
    with pytest.raises(OSError, match="disk"):
        write_file(tmp_path / "g.mpx", b"x")
    assert names_in(tmp_path) == []


def test_what_is_no_file_is_not_replaced(tmp_path):
    """A folder, a pipe and a device stay; a link leads to what is written."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "folder", tmp_path / "pipe", "/dev/null"):
        with pytest.raises(OSError, match="no file to be replaced"):
            write_file(path, "x")
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_new_files_have_the_rights_of_any_other(tmp_path):
    """Those that the umask leaves, as another user expects."""
    (tmp_path / "plain").touch()
    write_file(tmp_path / "whole", "x")
    with aside_folder(tmp_path) as aside:
        rights = aside.stat().st_mode & 0o777
    (tmp_path / "folder").mkdir()
    assert rights == (tmp_path / "folder").stat().st_mode & 0o777
    whole, plain = (tmp_path / name for name in ("whole", "plain"))
    assert whole.stat().st_mode == plain.stat().st_mode
    with scratch_folder() as private:
        assert private.stat().st_mode & 0o777 == 0o700
    assert not private.exists()


def test_what_a_living_writer_makes_is_not_swept(tmp_path):
    """Neither of this process nor of another; as soon as that is killed it is."""
    with aside_folder(tmp_path) as mine:
        (mine / "half").write_text("x")
        assert sweep(tmp_path) == 0 and (mine / "half").exists()
    assert names_in(tmp_path) == []
    ready, end = os.pipe()

    def write():
        with aside_folder(tmp_path) as aside:
            (aside / "half").write_text("x")
            os.write(end, b"x")
            signal.pause()

    child = in_child(write)
    assert os.read(ready, 1) == b"x"
    assert sweep(tmp_path) == 0 and len(names_in(tmp_path)) == 1
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert sweep(tmp_path) == 1 and names_in(tmp_path) == []


def test_where_nothing_can_be_locked_age_tells(tmp_path, monkeypatch):
    """Only what is older than a day is swept then."""
    monkeypatch.setattr(whole_files, "fcntl", None)
    (tmp_path / f"{ASIDE}new").write_text("x")
    old = tmp_path / f"{ASIDE}old"
    old.mkdir()
    (old / "half").write_text("x")
    os.utime(old, (0, 0))
    assert sweep(tmp_path) == 1
    assert names_in(tmp_path) == [f"{ASIDE}new"]


def test_a_sweep_takes_nothing_else(tmp_path):
    """Files of users stay, also where a link has the name of what is swept."""
    (tmp_path / ".writing-mine").write_text("mine")
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "mine").write_text("mine")
    (tmp_path / f"{ASIDE}link").symlink_to(tmp_path / "target")
    assert sweep(tmp_path) == 0
    assert (tmp_path / "target" / "mine").exists()
    assert (tmp_path / ".writing-mine").exists()


def test_a_made_file_takes_its_place_when_all_went_well(tmp_path):
    """With an error there is nothing; other parts on the way are gone."""
    with making(tmp_path / "t.csv") as whole:
        (whole.parent / "part").write_text("x")
        whole.write_text("all")
    assert names_in(tmp_path) == ["t.csv"]
    with pytest.raises(ZeroDivisionError), making(tmp_path / "u.csv") as whole:
        whole.write_text("half")
        raise ZeroDivisionError
    assert names_in(tmp_path) == ["t.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="users have a home there")
def test_a_user_without_a_home_has_a_cache(monkeypatch, tmp_path):
    """No HOME and no such user: machine code goes to a folder that goes again."""
    import pwd

    from simulation import cache_folders

    def unknown(_):
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    for name in ("HOME", "XDG_CACHE_HOME", "ORGSIM_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(whole_files.tempfile, "tempdir", None)
    folder = cache_folders.writable.__wrapped__(cache_folders.cache_root() / "version")
    assert folder.parent == tmp_path
