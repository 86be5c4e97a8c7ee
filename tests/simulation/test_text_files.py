"""Files of text as they come: encodings, separators, titles, pipes and absurd sizes."""

import os

import pytest

from simulation import text_files
from simulation.regular_files import content_of, unusable
from simulation.text_files import (
    FileError,
    Findings,
    nearest,
    quoted,
    read_table,
    read_text,
    table_rows,
)

COLUMNS = {"a": ("name", "naam"), "b": ("hours", "uren"), "c": ("team",)}


@pytest.fixture
def text_of(tmp_path):
    """Return a function that gives the text of a file with these bytes, and notes."""

    def read(data, suffix=".csv"):
        path = tmp_path / f"t{suffix}"
        path.write_bytes(data)
        found = Findings(str(path))
        return read_text(path, (suffix,), FileError, found), found.notes

    return read


def rows_of(text):
    """Return the rows of a table, what is wrong with it, and notes."""
    found = Findings("t.csv")
    rows = list(read_table(text, COLUMNS, ("a", "b"), found))
    return rows, [problem for _, problem in found.problems], found.notes


# --- encodings ------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_text_in_utf_8_needs_no_note(text_of, encoding):
    """With and without a byte order mark."""
    assert text_of("naam\nZoë\n".encode(encoding)) == ("naam\nZoë\n", [])


@pytest.mark.parametrize("order", ["le", "be"])
def test_text_in_utf_16_is_read_by_its_mark(text_of, order):
    """As Excel saves what it calls Unicode text."""
    data = "\ufeffnaam\turen\r\nZoë ✓\t36\r\n".encode(f"utf-16-{order}")
    assert text_of(data) == ("naam\turen\r\nZoë ✓\t36\r\n", ["read as UTF-16"])


def test_what_cannot_be_utf_8_is_read_as_windows_1252(text_of):
    """As Excel saves CSV; the note tells the line and what to do."""
    text, (note,) = text_of("naam\nAnn\nZoë – “x” €\n".encode("cp1252"))
    assert text == "naam\nAnn\nZoë – “x” €\n"
    assert note.startswith("read as Windows-1252, as line 3 is not UTF-8")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("Zoë\nChlo".encode() + b"\xe9\n", ":2: is not UTF-8 text"),
        ("Zoë".encode()[:-1] + "ë".encode(), "is not UTF-8 text"),
        (b"Zo\xeb\x01\n", "is not UTF-8 text"),
        (b"Zo\x81\n", "is not UTF-8 text; received 'byte 0x81'"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"\xff\xfea", "is no text in UTF-16"),
        (b"\xff\xfea\0\0\0", "is no text in UTF-16"),
        ("naam\n".encode("utf-16-le"), "is binary, or text in UTF-16"),
        (b"\xff\xfe \0\n\0", "is empty"),
    ],
)
def test_what_is_surely_neither_is_refused(text_of, data, words):
    """Letters in two encodings, control characters, half a letter, no text."""
    with pytest.raises(FileError) as caught:
        text_of(data)
    assert words in caught.value.problems[0]


@pytest.mark.parametrize("name", ["ISO-8859-1", "windows-1252"])
def test_xml_is_read_as_what_it_says(text_of, name):
    """Without a word about it XML is UTF-8, and must be."""
    body = "<graphml>Zoë</graphml>".encode("latin-1")
    head = f'<?xml version="1.0" encoding="{name}"?>'.encode()
    assert "Zoë" in text_of(head + body, ".graphml")[0]
    for head in (b"", b'<?xml version="1.0" encoding="iso-8859-2"?>'):
        with pytest.raises(FileError, match="is not UTF-8 text"):
            text_of(head + body, ".graphml")


# --- what is no regular file ------------------------------------------------------


def test_pipes_and_devices_are_refused_unread(tmp_path):
    """Opening or reading one would last for ever."""
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    for name in ("pipe.csv", "zero.csv"):
        with pytest.raises(FileError, match="is no regular file"):
            read_text(tmp_path / name, (".csv",), FileError)
        with pytest.raises(OSError, match="is no regular file"):
            content_of(tmp_path / name, 1000)
        assert unusable(tmp_path / name, 1000) == "is no regular file"


def test_a_file_that_grew_is_refused(tmp_path):
    """The limit holds for what is read, whatever the size was before."""
    (tmp_path / "a").write_bytes(b"x" * 10)
    assert content_of(tmp_path / "a", 10) == b"x" * 10
    with pytest.raises(OSError, match="is larger than 9 bytes"):
        content_of(tmp_path / "a", 9)


# --- tables ---------------------------------------------------------------------


@pytest.mark.parametrize("given", ["sep=;", 'sep=";"', "SEP=;", '"sep=;"', "sep=;;;"])
def test_a_first_line_tells_what_parts_cells(given):
    """Also where the header holds more of another separator; lines count from it."""
    text = f"{given}\nname;hours;team\nAnn;36;x,y,z\n"
    rows, problems, notes = rows_of(text)
    assert rows == [(3, {"a": "Ann", "b": "36", "c": "x,y,z"})]
    assert not problems and not notes


@pytest.mark.parametrize("separator", ["\t", "|", ":"])
def test_other_separators_that_a_first_line_tells(separator):
    """A tab, bar or colon."""
    text = f"sep={separator}\nname{separator}hours\nAnn{separator}36\n"
    assert rows_of(text)[0] == [(3, {"a": "Ann", "b": "36"})]


def test_lines_of_titles_above_the_header_are_noted():
    """The header is the line with the most heads; lines keep their numbers."""
    text = 'Headcount, 2024\n"As of 1, 2",,\n\nNaam;Uren;Team\nAnn;36;x\n'
    rows, problems, notes = rows_of(text)
    assert rows == [(5, {"a": "Ann", "b": "36", "c": "x"})] and not problems
    assert notes == ["the header is line 4; above it is not read"]


def test_rows_above_the_header_are_no_titles():
    """What is as wide as the header may be data, and is never passed over."""
    rows, problems, _ = rows_of("Ann;36;x\nNaam;Uren;Team\nBob;36;x\n")
    assert not rows
    (problem,) = problems
    assert problem.startswith("t.csv:1: stands above the header; received 'Ann;36;x'")
    assert "header of line 2 first" in problem


def test_a_header_of_one_known_head_stays_the_first_line():
    """Of a table without a header nothing is passed over."""
    _, problems, notes = rows_of("x;y\nname;z\n")
    assert "t.csv:1: no column a; received 'x, y'" in problems[0]
    assert not any("above" in note for note in notes)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,hours\n" + "y" * 1001 + ",1\n", ":2: a is too long; received 'yyy"),
        ("name,hours\n" + "y" * 200_000 + ",1\n", ":2: is not a table"),
        ("name,hours" + ",x" * 2000 + "\nAnn,1\n", ":1: too large a table"),
        (
            "name,hours\n" + "Ann,1\n" * 12,
            "too large a table; allowed 1000 columns, 10",
        ),
    ],
)
def test_absurd_tables_are_refused(text, words, monkeypatch):
    """Cells, columns and rows have an end, and messages are short."""
    found = Findings("t.csv")
    list(read_table(text, COLUMNS, ("a", "b"), found, most=10))
    (problem,) = {problem for _, problem in found.problems}
    assert words in problem and len(problem) < 300


def test_quotes_that_never_end_are_told():
    """A stray quotation mark takes the rest of the file into one cell."""
    found = Findings("t.csv")
    list(table_rows('name,hours\n"Ann,36\n' + "Bob,36\n" * 10, found))
    assert "is not a table" in found.problems[0][1]


# --- messages -------------------------------------------------------------------


def test_messages_are_short_and_of_one_line():
    """Long texts are cut, control characters are written out, also of file names."""
    found = Findings("a\x1b[31m\n.csv")
    found.fault(1, "no\rname", "x\x07" * 10_000_000, "y" * 10_000, ["x" * 10_000_000])
    (text,) = [text for _, text in found.problems]
    assert text.isprintable() and len(text) < 1300
    assert "a\\x1b[31m\\n.csv:1: no\\rname; received" in text
    assert "... (20000000 characters)" in text
    assert quoted("x") == "'x'" and quoted(3) == "3"


def test_the_nearest_is_looked_for_among_so_many_only(monkeypatch):
    """Thousands of strangers among thousands of names cost no minutes."""
    asked = []
    monkeypatch.setattr(text_files, "nearest", lambda *of: asked.append(of))
    found = Findings("g.csv")
    for _ in range(100):
        found.fault(1, "unknown", "x", known=[f"n{k}" for k in range(20_000)])
    assert len(asked) == 2
    assert nearest("Annn", ["Ann", "Bob"]) == "Ann"


def test_more_problems_than_are_kept_are_counted(monkeypatch):
    """A file of millions of mistakes fills no memory."""
    monkeypatch.setattr(text_files, "MOST_PROBLEMS", 3)
    found = Findings("g.csv")
    for line in range(1, 11):
        found.fault(line, "wrong")
    with pytest.raises(FileError) as caught:
        found.raise_as(FileError)
    assert caught.value.problems[3:] == ("g.csv: 7 more problems",)


def test_blank_cells_at_the_end_of_rows_are_no_cells():
    """Spreadsheets write them for columns that once were filled."""
    found = Findings("t.csv")
    rows = list(table_rows("a;b;;\n1;2;;;;\n3;;;\n;;;;\n", found))
    assert rows == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["3"])]
    assert not found.problems


def test_bars_part_cells():
    """As databases write them."""
    rows = table_rows("a|b|c\n1,5|2|3\n", Findings("t.csv"))
    assert [cells for _, cells in rows] == [["a", "b", "c"], ["1,5", "2", "3"]]


def test_rows_in_quotes_are_told():
    """As spreadsheets write a table that was opened as one column."""
    found = Findings("t.csv")
    assert not list(table_rows('"name,role,team"\n"Ann,ceo,x"\n', found))
    assert found.problems[0][1].startswith("t.csv:1: is a row in one cell; received")
