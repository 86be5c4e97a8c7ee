"""No command waits for a pipe or reads a device: whatever is named is refused."""

import os

import pytest

from experiments.cli.command_line import call

OWN = 'title = "Own"\nbased_on = "baseline"\nas_is = "self"\n'


@pytest.fixture(params=["pipe", "device", "folder"])
def strange(request, tmp_path, monkeypatch):
    """Return a function that puts what is no regular file at a name, in a folder."""
    monkeypatch.chdir(tmp_path)

    def put(name):
        if request.param == "pipe":
            os.mkfifo(name)
        elif request.param == "device":
            os.symlink("/dev/zero", name)
        else:
            os.mkdir(name)
        return name

    return put


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("data.csv", "calibrate data.csv"),
        ("s.toml", "check s.toml"),
        ("s.toml", "compare baseline s.toml"),
        ("s.toml", "study s.toml"),
        ("s.toml", "report s.toml"),
        ("a.toml", "interview --answers a.toml"),
        ("t.pptx", "report baseline owned --with slides --template t.pptx"),
    ],
)
def test_what_is_named_on_the_command_line(strange, capsys, name, command):
    """Exit code 2, and the name of the file in the message."""
    strange(name)
    assert call(command.split()) == 2
    told = capsys.readouterr()
    assert name in told.out + told.err


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("p.csv", '[organisation]\npeople = "p.csv"\n'),
        ("g.graphml", '[organisation]\nnetwork = "g.graphml"\n'),
        ("d.csv", '[unknown]\ndraws = "d.csv"\n'),
    ],
)
def test_what_a_scenario_names(strange, capsys, tmp_path, name, table):
    """The scenario tells where it names it."""
    strange(name)
    (tmp_path / "own.toml").write_text(OWN + table, encoding="utf-8")
    assert call(["check", "own.toml"]) == 2
    told = capsys.readouterr()
    assert name in told.out + told.err


def test_messages_of_commands_show_control_characters(tmp_path, monkeypatch, capsys):
    """What a file holds does not reach the terminal as it is."""
    monkeypatch.chdir(tmp_path)
    text = "week,leads\n" + "\n".join(f"{k},\x1b[31m{k}" for k in range(9))
    (tmp_path / "d\x1b[2J.csv").write_text(text, encoding="utf-8")
    assert call(["calibrate", "d\x1b[2J.csv"]) == 2
    err = capsys.readouterr().err
    assert "\x1b" not in err and "\\x1b[31m1" in err and "d\\x1b[2J.csv:3" in err


def test_a_folder_that_is_no_store(strange, capsys, tmp_path):
    """What stands in the place of a store's own file is not waited for."""
    (tmp_path / "runs").mkdir()
    strange("runs/store.json")
    assert call(["results", "list", "--store", "runs"]) == 2
    assert "choose another --store" in capsys.readouterr().err


def test_answers_that_never_end_are_refused(tmp_path, monkeypatch, capsys):
    """Answers may be piped in, but not without end."""
    monkeypatch.chdir(tmp_path)
    with open("/dev/zero", encoding="utf-8") as endless:
        monkeypatch.setattr("sys.stdin", endless)
        assert call(["interview"]) == 2
    assert "more than 1,000,000 characters" in capsys.readouterr().err
