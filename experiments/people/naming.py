"""Names of seats, teams, groups and departments in a language."""

from experiments.people.privacy import Group
from experiments.people.recorded import Node, Recording
from experiments.words.numerals import labels, number, say


def department(name: str, language: str = "en") -> str:
    """Return the name of a department or of pooled departments."""
    return say(f"people_department_{name}", language)


def team(name: str, language: str = "en") -> str:
    """Return the name of a team: from the table of words, a number, or as given."""
    if f"people_team_{name}" in labels():
        return say(f"people_team_{name}", language)
    if name[:1] == "P" and name[1:].isdecimal():
        return say("people_team_number", language, n=number(int(name[1:]), language))
    return name


def group(group: Group, language: str = "en") -> str:
    """Return the name of a group: its department and, if it has one, its team."""
    whole = department(group.department, language)
    return f"{whole}: {team(group.team, language)}" if group.team else whole


def seat(node: Node, recording: Recording, language: str = "en") -> str:
    """Return the name of a seat: its own name if shown, else role and number."""
    if recording.named:
        return node.seat
    if node.role == "group":
        return group(Group(node.department, node.team), language)
    role = say(f"people_role_{node.role}", language)
    last = node.seat.rpartition("-")[2]
    if last.isdecimal():
        where = f" ({department(node.department, language)})"
        text = where if node.role in ("colleague", "leader") else ""
        return f"{role} {last}{text}"
    return f"{role} ({department(node.department, language)})"
