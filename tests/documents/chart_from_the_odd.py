"""The chart and the ties written anew from section 7.0 of docs/ODD.md alone.

Nothing here comes from the model. `heads` are head counts and what else stands under
[organisation], `p` parameters, `s` structural numbers by name, `draw` returns the
uniform number of (purpose, week, who, what).
"""

import hashlib
import math
from collections import defaultdict
from itertools import combinations

CHANNELS = ["social", "search", "email", "content", "events", "website"]
OTHERS = ["product", "finance", "hr", "customer_success"]
DOMAINS = [*CHANNELS, "communication", "sales", *OTHERS]
DEPARTMENTS = ["management", "marketing", "communication", "sales", *OTHERS]
ROLES = ["leader", "marketeer", "communicator", "sales", "colleague", "external"]
LINE, TEAM, MEETING, PROJECT, JOURNEY, INFORMAL, _, BROKER = range(8)


def key_of_seat(name):
    """Return the key of a seat."""
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=4).digest()
    return int.from_bytes(digest, "little")


def seats(heads):
    """Return the seats in order of keys, from head counts."""
    found = [_seat("management-1", "leader", "management", "product", "management")]
    departments = {name: [] for name in DEPARTMENTS[1:]}
    for k in range(heads["marketeers"]):
        one = CHANNELS[k % 6]
        where = ("marketeer", "marketing", one, one)
        departments["marketing"].append(_seat(f"marketeers-{k + 1}", *where))
    groups = [("communicators", "communicator", "communication")]
    groups += [("sales", "sales", "sales"), *((x, "colleague", x) for x in OTHERS)]
    for group, role, home in groups:
        for k in range(heads[group]):
            where = (role, home, home, home)
            departments[home].append(_seat(f"{group}-{k + 1}", *where))
    for k in range(heads["externals"]):
        where = ("external", "marketing", CHANNELS[k % 6], "agency")
        departments["marketing"].append(_seat(f"externals-{k + 1}", *where))
    for name, members in departments.items():
        found += line(name, members, heads["span_of_control"])
    return sorted(found, key=lambda seat: seat["seat"])


def _seat(name, role, department, domain, team):
    """Return a seat without a manager."""
    return {
        "name": name,
        "seat": key_of_seat(name),
        "role": role,
        "department": department,
        "domain": domain,
        "team": team,
        "manager": None,
    }


def line(name, members, span):
    """Return the members of a department with their leaders."""
    if len(members) < 4:
        for member in members:
            member["manager"] = "management-1"
        return members
    where = ("leader", name, members[0]["domain"], name)
    head = _seat(f"{name}-lead", *where)
    head["manager"] = "management-1"
    placed = [head]
    members = sorted(members, key=lambda member: member["team"])
    while len(members) > span:
        m, n = len(members), math.ceil(len(members) / span)
        above = [_seat(f"{name}-lead-{len(placed) + k}", *where) for k in range(n)]
        for k, member in enumerate(members):
            member["manager"] = above[k * n // m]["name"]
        placed += members
        members = above
    for member in members:
        member["manager"] = head["name"]
    return placed + members


def natural(name):
    """Return by what names are sorted in natural order."""
    before, _, number = name.rpartition("-")
    return (before, int(number)) if number.isdecimal() else (name, 0)


class Chart:
    """Who is who: indices are places in the order of people."""

    def __init__(self, heads, p):
        self.people = seats(heads)
        self.p = p
        at = {one["name"]: i for i, one in enumerate(self.people)}
        self.leader = [at.get(one["manager"], -1) for one in self.people]
        self.top = at["management-1"]
        self.marketing = self.of_h("marketing")
        self.h = self.marketing + self.of_h("communication")
        self.heads = {x: self.head(x) for x in ("marketing", "communication")}
        first = self.h[0] if self.h else -1
        head = self.heads["marketing"]
        self.champion, self.broker = head if head >= 0 else first, first
        self._choices(heads)

    def of_h(self, department):
        """Return a department's part of H."""
        found = [
            i
            for i, one in enumerate(self.people)
            if one["department"] == department
            and one["role"] not in ("leader", "external")
        ]
        people = self.people
        return sorted(
            found, key=lambda i: (people[i]["domain"], natural(people[i]["name"]))
        )

    def head(self, department):
        """Return the head of a department, or -1."""
        for i, one in enumerate(self.people):
            above = self.people[self.leader[i]]["department"]
            if one["department"] == department and one["role"] == "leader":
                if self.leader[i] < 0 or above != department:
                    return i
        return -1

    def mixed(self, members):
        """Return the mixed teams of a list."""
        size = len(members)
        r = max(1, round(size / max(2, math.floor(self.p["team_size"]))))
        home = {i: self.people[i]["department"] for i in members}
        names = sorted(set(home.values()))
        least = min(names, key=list(home.values()).count, default=None)
        first = [i for i in members if home[i] == least and len(names) > 1][:r]
        teams = [[i] for i in first] + [[] for _ in range(r - len(first))]
        left = [i for i in members if i not in first]
        for k, team in enumerate(teams):
            while len(team) < size // r + (k < size % r):
                team.append(self._joins(team, left))
                left.remove(team[-1])
        return teams

    def _joins(self, team, left):
        """Return who of those left joins a team."""
        does = defaultdict(set)
        for _, _, journey, executor in self.choices:
            does[executor].add(journey)
        there = {self.people[i]["domain"] for i in team}

        def merits(i):
            lacks = self.people[i]["domain"] not in there
            shared = sum(len(does[i] & does[j]) for j in team)
            return shared > 0, lacks, shared, -left.index(i)

        return max(left, key=merits)

    def ranks(self, teams):
        """Return the rank of each in a list of teams, by person."""
        order = [i for team in teams for i in sorted(team)]
        return {i: k / len(order) for k, i in enumerate(order)}

    def mix_ranks(self):
        """Return the rank of each in H of marketing, and of leaders, by person."""
        teams = self.mixed(self.marketing)
        ranks = self.ranks(teams)
        of = {i: k for k, team in enumerate(teams) for i in team}
        for i in range(len(self.people)):
            group = self.most([of.get(j) for j in self.group(i)])
            if group is not None:
                ranks[i] = min(ranks[j] for j in self.group(i) if of.get(j) == group)
        return ranks

    def second_ranks(self):
        """Return the rank of each in H, by person."""
        return self.ranks(self.mixed(self.h))

    def group(self, i):
        """Return whom a leader leads and belongs to; nobody for others."""
        people = self.people
        return [
            j
            for j, leader in enumerate(self.leader)
            if leader == i
            and people[i]["role"] == "leader"
            and people[j]["department"] == people[i]["department"]
            and people[j]["role"] not in ("leader", "external")
            and j not in self.leader
        ]

    def most(self, teams):
        """Return what is there most often, the first of equals."""
        return max(teams, key=teams.count, default=None)

    def rows(self):
        """Return by name what 2.1 says that the chart fixes of people."""
        people, size = self.people, len(self.people)
        mix, second = self.mix_ranks(), self.second_ranks()
        rows = {
            "seat": [one["seat"] for one in people],
            "role": [ROLES.index(one["role"]) for one in people],
            "own_department": [DEPARTMENTS.index(x["department"]) for x in people],
            "domain": [DOMAINS.index(one["domain"]) for one in people],
            "seat_external": [int(one["role"] == "external") for one in people],
            "maker": [int(x["department"] in self.heads) for x in people],
            "leader_separate": self.leader,
            "leader_integrated": [self.integrated(i) for i in range(size)],
            "project_leader": [self.second(i) for i in range(size)],
            "mix_rank": [mix.get(i, 2) for i in range(size)],
            "second_rank": [second.get(i, 2) for i in range(size)],
        }
        rows["team_channel"], rows["team_mixed"] = self.teams()
        return rows

    def integrated(self, i):
        """Return the leader with one department."""
        head = self.heads["marketing"]
        here = self.people[i]["department"] == "communication"
        if head >= 0 and here:
            if i == self.heads["communication"] or self.leader[i] == self.top:
                return head
        return self.leader[i]

    def second(self, i):
        """Return the leader of the second line."""
        if i not in self.h:
            return -1
        here = self.people[i]["department"]
        other = "marketing" if here == "communication" else "communication"
        one = self.heads[other] if self.heads[other] >= 0 else self.top
        return -1 if one in (i, self.leader[i]) else one

    def teams(self):
        """Return the numbers of the two teams of each person."""
        mixed = {i: k for k, t in enumerate(self.mixed(self.marketing)) for i in t}
        numbers, rows = {}, ([], [])
        for i in range(len(self.people)):
            who = self.group(i) or [i]
            own = self.most([self.triple(j) for j in who])
            other = self.most([mixed.get(j, self.triple(j)) for j in who])
            for row, team in zip(rows, (own, other), strict=True):
                row.append(numbers.setdefault(team, len(numbers)))
        return rows

    def triple(self, i):
        """Return what tells one team within a line from another."""
        one = self.people[i]
        return (one["department"], one["team"], self.leader[i])

    def reports(self, i):
        """Return all who report or can report to a person."""
        rows = self.rows()
        names = ("leader_separate", "leader_integrated", "project_leader")
        size = range(len(self.people))
        return [j for j in size if i in {rows[name][j] for name in names}]

    # --- choices ---------------------------------------------------------------------

    def workers(self, department):
        """Return who executes in a department, in natural order."""
        there = [i for i, x in enumerate(self.people) if x["department"] == department]
        there.sort(key=lambda i: natural(self.people[i]["name"]))
        return [i for i in there if self.people[i]["role"] != "leader"] or there

    def _choices(self, heads):
        """Deal the choices out: (lane, domain, journey, executor) in order of lanes."""
        rate = heads["choices_per_person"] / 1.6
        found = []
        for d, domain in enumerate(DOMAINS):
            if d < 6:
                there = self.workers("marketing")
                executors = [i for i in there if self.people[i]["domain"] == domain]
                if there and not executors:
                    executors = [there[d % len(there)]]
                many = 3 * rate * len(there) / 6
            else:
                executors = self.workers(domain)
                many = (2 if domain == "communication" else 1) * rate * len(executors)
            for o in range(max(1, round(many)) if executors else 0):
                found.append((16 * o + d, d, executors[o % len(executors)]))
        journeys = max(1, math.ceil(len(found) / heads["bundle_size"]))
        dealt = [(c, d, k % journeys, i) for k, (c, d, i) in enumerate(found)]
        self.choices = sorted(dealt)
        self.themes = min(16, journeys)
        stated = self.p["stated_themes"] * self.themes / 16
        self.stated_size = max(1, round(stated))

    # --- ties ------------------------------------------------------------------------

    def ties(self, s, draw):
        """Return (a, b, hours, layer) of all ties of a firm with one way of working."""
        self.contact = defaultdict(lambda: defaultdict(float))
        for i, leader in enumerate(self.leader):
            if leader >= 0:
                self._add(i, leader, LINE, self.p["line_contact_hours"])
        self._teams(s)
        self._formal(s)
        self._informal(s, draw)
        journeys = defaultdict(set)
        for _, _, journey, executor in self.choices:
            journeys[journey].add(executor)
        for people in journeys.values():
            for pair in combinations(sorted(people), 2):
                self.contact[pair]
        found = []
        for pair in sorted(self.contact):
            layers = self.contact[pair]
            most = max(layers.values(), default=0)
            layer = min((x for x in layers if layers[x] == most), default=JOURNEY)
            found.append((*pair, sum(layers.values()), layer))
        return found

    def _add(self, a, b, layer, hours):
        if a != b and min(a, b) >= 0 and hours > 0:
            self.contact[min(a, b), max(a, b)][layer] += hours

    def _group(self, members, hours, layer):
        for a, b in combinations(members, 2):
            self._add(a, b, layer, hours / (len(members) - 1))

    def _teams(self, s):
        ranks = self.mix_ranks()
        mixed = {i for i in self.marketing if ranks[i] < s["mixed_teams"]}
        groups = defaultdict(list)
        for i in range(len(self.people)):
            if i not in mixed:
                groups[self.triple(i)].append(i)
        for (department, *_), members in groups.items():
            makers = department in self.heads
            hours = s["team_hours"] if makers else self.p["other_team_hours"]
            self._group(members, hours, TEAM)
        for team in self.mixed(self.marketing):
            self._group([i for i in team if i in mixed], s["team_hours"], TEAM)

    def _formal(self, s):
        size = range(len(self.people))
        sales = [i for i in size if self.people[i]["role"] == "sales"]
        others = [i for i in size if self.people[i]["department"] in OTHERS]
        product = [i for i in others if self.people[i]["department"] == "product"]
        leaders = [i for i in size if self.people[i]["role"] == "leader"]
        communication = self.h[len(self.marketing) :]
        self._link(communication, s["marketing_communication_hours"])
        self._link(sales, s["marketing_sales_hours"])
        self._link(others, s["departments_hours"])
        head = self.heads["marketing"]
        self._share(head, sales + product, s["insight_hours"])
        ranks = self.second_ranks()
        for team in self.mixed(self.h):
            inside = [i for i in team if ranks[i] < s["second_line"]]
            self._group(inside, s["second_line_hours"], PROJECT)
        near = [self.top, *self.heads.values(), *self.h]
        self._share(self.broker, near, s["spop_hours"])
        self._share(self.champion, leaders + self.h + sales, s["champion_hours"])

    def _link(self, right, hours):
        many, few = self.marketing, right
        if len(few) > len(many):
            many, few = few, many
        if few:
            c = min(math.floor(self.p["cross_partners"]), len(few))
            e = min(hours, 6 * len(few) / len(many))
            for k, a in enumerate(many):
                for step in range(c):
                    self._add(a, few[(k + step) % len(few)], MEETING, e / c)

    def _share(self, one, others, hours):
        met = set(others) - {one, -1}
        for i in met:
            self._add(one, i, BROKER, hours / len(met))

    def _informal(self, s, draw):
        size = len(self.people)
        ranks, teams = self.mix_ranks(), list(zip(*self.teams(), strict=True))
        self.team = [teams[i][ranks.get(i, 2) < s["mixed_teams"]] for i in range(size)]
        known = defaultdict(set)
        pairs = [x for x, by in self.contact.items() if sum(by.values()) >= 0.1]
        pairs += self._picks(s, draw, None)
        for a, b in pairs:
            known[a].add(b)
            known[b].add(a)
        for i, j in self._picks(s, draw, known):
            self._add(i, j, INFORMAL, self.p["informal_hours"])

    def _picks(self, s, draw, known):
        """Return whom each person picks, with closure if it is told who knows whom."""
        found = []
        for i, one in enumerate(self.people):
            scores = []
            for j, other in enumerate(self.people):
                weight = 1.0
                if one["department"] == other["department"]:
                    weight *= self.p["informal_near"]
                    if self.team[i] == self.team[j]:
                        weight *= self.p["informal_team"]
                if known and known[i] & known[j]:
                    weight *= self.p["informal_closure"]
                if j != i:
                    u = draw(44, 0, one["seat"], other["seat"])
                    scores.append((u ** (1 / weight), j))
            scores.sort(reverse=True)
            found += [(i, j) for _, j in scores[: math.floor(s["informal_ties"])]]
        return found
