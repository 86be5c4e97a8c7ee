"""Random organisations by number: head counts, people tables, graphs, structures.

They depend on this file alone, so that what was founded of them can be saved.
"""

import random

from simulation.scenario import resolve, scenario_from
from simulation.state import DEPARTMENTS, DOMAINS, ROLES

HEADS = {
    "marketeers": 14,
    "communicators": 8,
    "sales": 8,
    "product": 4,
    "finance": 4,
    "hr": 4,
    "customer_success": 4,
    "externals": 4,
}
STRUCTURE = {
    "mixed_teams": (0, 1),
    "team_hours": (0, 12),
    "marketing_communication_hours": (0, 8),
    "marketing_sales_hours": (0, 8),
    "departments_hours": (0, 8),
    "insight_hours": (0, 8),
    "second_line": (0, 1),
    "second_line_hours": (0, 8),
    "spop_hours": (0, 24),
    "champion_hours": (0, 32),
    "informal_ties": (0, 4),
}
PARAMETERS = {
    "team_size": (2, 30),
    "cross_partners": (1, 20),
    "informal_near": (1, 8),
    "informal_team": (1, 8),
    "informal_closure": (1, 8),
    "informal_hours": (0.1, 1),
    "imported_hours": (0.5, 3),
    "line_contact_hours": (0.1, 2),
    "other_team_hours": (0, 4),
}
KINDS = ("heads", "heads", "many heads", "people", "graph", "people and graph")


def organised(number, folder):
    """Return the resolved scenario of a number; its files are written to `folder`."""
    draw = random.Random(number)
    kind = KINDS[number % len(KINDS)]
    organisation = {
        "bundle_size": draw.randint(2, 8),
        "span_of_control": draw.randint(2, 12),
        "choices_per_person": draw.choice([0.1, 0.8, 1.6, 6.0]),
    }
    if "heads" in kind:
        organisation |= heads(draw, 7 if kind == "many heads" else 1)
    names = [f"p-{k}" for k in range(draw.randint(3, 70))]
    if "people" in kind:
        organisation["people"] = people_file(draw, folder, names)
    if "graph" in kind:
        organisation["network"] = graph_file(draw, folder, names)
    weeks = draw.sample(range(3), draw.randint(0, 2))
    return resolve(
        scenario_from(
            {
                "organisation": organisation,
                "structure": numbers(draw, STRUCTURE),
                "parameters": numbers(draw, PARAMETERS),
                "changes": [
                    {"week": week, "structure": numbers(draw, STRUCTURE)}
                    for week in weeks
                ],
                "as_is": "self",
                "run": {"weeks": 4, "warm_up_weeks": 2},
            },
            f"organisation {number}",
        )
    )


def numbers(draw, ranges):
    """Return values of some numbers, often at the ends of their ranges."""
    return {
        name: draw.choice([*ranges[name], draw.uniform(*ranges[name])])
        for name in ranges
        if draw.random() < 0.5
    }


def heads(draw, times):
    """Return head counts, of some groups none."""
    counts = {
        name: draw.randint(0, times * most) if draw.random() < 0.8 else 0
        for name, most in HEADS.items()
    }
    return counts if sum(counts.values()) >= 3 else heads(draw, times)


def people_file(draw, folder, names):
    """Write a table of people and return its path."""
    lines = ["name,role,team,manager,hours,department,domain"]
    for k, name in enumerate(names):
        few = names[: max(1, k // 5)]
        manager = draw.choice(few) if k and draw.random() < 0.95 else ""
        role = draw.choice(ROLES)
        department = draw.choice(DEPARTMENTS[: draw.choice([4, 8])])
        usual = {"marketeer": "marketing", "communicator": "communication"}
        team = draw.choice(["T1", "T2", "North", ""])
        hours = draw.choice([8, 24, 32.5, 36, 40])
        home, domain = usual.get(role, department), draw.choice(DOMAINS)
        lines.append(f"{name},{role},{team},{manager},{hours},{home},{domain}")
    path = folder / "people.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def graph_file(draw, folder, names):
    """Write a table of ties, some with hours, some with weights; return its path."""
    lines = ["a,b,layer,hours,weight", f"{names[0]},{names[1]},,1,1"]
    for _ in range(draw.randint(2, 5 * len(names))):
        a, b = draw.choice(names), draw.choice(names)
        hours = draw.choice(["", f"{draw.uniform(0, 5):.2f}"])
        weight = draw.choice(["", "0", f"{draw.uniform(0, 9):.2f}"])
        lines.append(f"{a},{b},{draw.choice(['', 'mail'])},{hours},{weight}")
    path = folder / "ties.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)
