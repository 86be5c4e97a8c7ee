"""Mistakes in the user's own files, in the words of the page.

Refusals by the page itself are in either language. Messages of the simulation's readers
are English and stay as they are, with file and line; advice is put above them.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.errors import InputError
from experiments.words.numerals import say

Problem = tuple[str, Mapping[str, str | int]]
"""A key of words without `app_`, and its values."""
ADVICE = {
    "kind": ("unknown kind of file",),
    "empty": ("is empty", "no people below the header"),
    "utf8": ("is not UTF-8", "is binary"),
    "large": ("too large", "too many people", "too many ties"),
    "table": ("is not a table", "too many cells", "is a row in one cell"),
    "header": ("stands above the header",),
    "numbers": ("thousands or decimals?",),
    "safety": ("refused for safety",),
    "page": ("all that a page can change", "on one page all scenarios are of"),
    "titles": ("unknown role",),
    "blank": ("no role, and none follows", "no department, and none follows"),
    "department": ("unknown department",),
    "domain": ("unknown domain",),
    "managers": ("unknown manager", "manager of oneself", "circle of managers"),
    "totals": ("a row of totals",),
    "names": ("empty name", "name already on line", "two people with one name"),
    "fte": (": hours look like FTE",),
    "hours": (": hours; ",),
    "strangers": (
        *("not in the people table", "nobody is in the people table"),
        "tie of unknown person",
    ),
}
"""What to do (the end of a key of words), by what readers say."""
LINES = r"(?P<n>\d+)(?: \(lines (?P<lines>[\d,. -]+)\))?"
NOTES = {
    "alone": rf"people without ties: {LINES}",
    "loops": rf"self-loops dropped: {LINES}",
    "groups": rf"groups, which are no people: {LINES}",
    "group_ties": rf"ties of groups, not used: {LINES}",
    "hyperedges": rf"hyperedges of more than two, not used: {LINES}",
    "bare": r"nodes without a label, named by id: (?P<n>\d+)",
    "graphs": r"graphs in one file: (?P<n>\d+), all read",
    "unquoted": rf"labels of several words without quotes: {LINES}",
    "addresses": r"addresses in other capitals, one person each: (?P<n>\d+)",
    "numbers": r"numbers such as 1\.0 that are names such as 1: (?P<n>\d+)",
    "capitals": r"names that differ in capitals only, kept apart: (?P<n>\d+)",
    "table_capitals": r"names in other capitals than in the table: (?P<n>\d+)",
    "spellings": r"names that are written in several ways: (?P<n>\d+)",
    "spare_nodes": r"not used of nodes: (?P<what>.+)",
    "spare_edges": r"not used of edges: (?P<what>.+)",
    "spare_file": r"not used of the file: (?P<what>.+)",
    "column": r"column '(?P<what>.+)' is not used",
    "many_hours": rf"people with more than (?P<most>\d+) hours a week: {LINES}",
    "two_weeks": r"everybody has (?P<n>[\d.]+) hours a week: halve them if .+",
    "day": r"nobody has more than (?P<most>\d+) hours: multiply them if .+",
    "merged": r"(?P<n>\d+) listed ties merged into (?P<left>\d+)",
    "larger": r"(?P<n>\d+) ties listed with different values: largest kept",
    "parts": r"groups without ties between them: (?P<n>\d+)",
    "headers": r"line (?P<line>\d+) has heads once more; it is not read",
    "header": r"the header is line (?P<line>\d+); above it is not read",
    "utf16": r"read as UTF-16",
    "latin": r"read as Windows-1252, as line (?P<line>\d+) is not UTF-8: .*",
    "timed": r"(?P<n>\d+) of (?P<all>\d+) ties have hours",
    "weighed": r"(?P<n>\d+) of (?P<all>\d+) ties have weights",
    "several": r"(?P<what>\w+) given several times, .+: " + LINES,
}
"""What readers note (the end of a key of words), by its pattern."""


class TranslatedError(InputError):
    """Problems in the words of the table of labels, in any language.

    Integers among the values are written as each language does.
    """

    def __init__(self, *said: Problem) -> None:
        self.said = said
        super().__init__("\n".join(self.words("en")))

    def words(self, language: str) -> list[str]:
        """Return the problems in a language."""
        return [worded(problem, language) for problem in self.said]


def worded(problem: str | Problem, language: str) -> str:
    """Return a problem in a language; text stays as it is."""
    if isinstance(problem, str):
        return problem
    key, values = problem
    return say(f"app_{key}", language, **values)


def error_of(key: str, **values: str | int) -> TranslatedError:
    """Return an error with one problem.

    >>> str(error_of("load_many", n=1000, most=20))
    '1,000 files; at most 20 are allowed'
    """
    return TranslatedError((key, values))


def problems_of(
    error: Exception,
    language: str = "en",
    hide: Path | None = None,
) -> list[str]:
    """Return the lines of an input error, without the folder to `hide`."""
    lines = error.words(language) if isinstance(error, TranslatedError) else None
    problems = str(error).splitlines() if lines is None else lines
    return problems if hide is None else [plainly(x, hide) for x in problems]


def plainly(problem: str, folder: Path) -> str:
    """Return a problem without the folder of a request, which users need not see.

    >>> plainly("/tmp/a/own/as-is.toml:3: wrong", Path("/tmp/a"))
    'as-is.toml:3: wrong'
    """
    head, found, rest = problem.partition(f"{folder}/")
    inside, slash, last = rest.partition("/")
    if slash and " " not in inside and ":" not in inside:
        rest = last
    return f"{head}{rest}" if found else problem


def advised(error: Exception, problems: Sequence[str], language: str) -> list[str]:
    """Return advice about the problems of a file, and below it the problems."""
    if isinstance(error, TranslatedError):
        return list(problems)
    keys = [
        key
        for key, parts in ADVICE.items()
        if any(part in problem for part in parts for problem in problems)
    ]
    lines = [say(f"app_advice_{key}", language) for key in keys or ["other"]]
    return [*lines, say("app_advice_detail", language), *problems]


def note_words(note: str, language: str) -> str:
    """Return a reader's note in a language, if the table of labels has words for it."""
    for key, pattern in NOTES.items():
        if found := re.fullmatch(pattern, note):
            values = found.groupdict()
            lines = values.pop("lines", None)
            text = say(f"app_noted_{key}", language, **values)
            where = say("app_noted_lines", language, lines=lines) if lines else ""
            return f"{text} {where}".strip()
    return note
