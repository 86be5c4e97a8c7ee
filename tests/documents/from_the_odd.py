"""Submodels written anew from docs/ODD.md alone: draws, strain, learning.

Nothing here comes from the rules of the model. `w` is a world: a mapping from the names
of section 2.1 to numpy arrays; `p` and `s` are parameters and structural numbers by
name (`s` by version). Lists of planes are boolean arrays with one entry per lane.
"""

import math

import numpy as np
from scipy.stats import norm

MASK = 2**32 - 1
WORKING, ON_LEAVE, VACANT = 0, 1, 2
SALES_ROLE, LEADER_ROLE = 3, 0


# --- draws (appendix) --------------------------------------------------------------


def philox(counter, key):
    """Return four words of ten rounds of Philox4x32."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            (p1 >> 32) ^ c1 ^ k0,
            p1 & MASK,
            (p0 >> 32) ^ c3 ^ k1,
            p0 & MASK,
        )
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c0, c1, c2, c3


def key_of(seed, replicate):
    """Return the key of a world."""
    counter = (seed % 2**32, seed // 2**32, replicate, 0)
    words = philox(counter, (0x6F726773, 0x696D0000))
    return words[0] + 2**32 * words[1]


def two_words(key, purpose, week, who, what, slot=0):
    """Return A and B of an address."""
    counter = (who, what, (week + 2**20) % 2**32, purpose * 2**24 + slot)
    w0, w1, w2, w3 = philox(counter, (key % 2**32, key // 2**32))
    return w0 * 2**32 + w1, w2 * 2**32 + w3


def pair(*address):
    """Return two uniform numbers of an address."""
    return tuple((word // 2**12 + 0.5) / 2**52 for word in two_words(*address))


def uniform(*address):
    """Return the uniform number of an address."""
    return pair(*address)[0]


def normal(*address):
    """Return the standard normal number of an address."""
    return norm.ppf(uniform(*address))


def word(key, purpose, week, who, what, probability):
    """Return for each of 64 lanes whether it happens."""
    happens, undecided = np.zeros(64, bool), np.ones(64, bool)
    if probability >= 1:
        return undecided
    rest, slot = max(probability, 0.0), 0
    while rest > 0 and undecided.any():
        for draw in two_words(key, purpose, week, who, what, slot):
            bits = np.array([draw >> lane & 1 for lane in range(64)], bool)
            digit, rest = divmod(2 * rest, 1)
            if digit:
                happens |= undecided & ~bits
                undecided &= bits
            else:
                undecided &= ~bits
        slot += 1
    return happens


# --- 7.14 strain -------------------------------------------------------------------


def themes(mask):
    """Return the set of themes of a mask."""
    return {theme for theme in range(16) if mask >> theme & 1}


def agreement(w, picture, line, stated_size):
    """Return how much of what a line approves a picture covers."""
    approved = w["enacted"][line]
    best = np.sort(approved)[::-1][:stated_size].sum()
    if best <= 0.05:
        return 0.5
    return min(1.0, sum(approved[theme] for theme in themes(picture)) / best)


def clarity_and_conflict(w, p, s, i):
    """Return clarity and conflict of someone at work."""
    me = w["people"][i]
    line = i if me["leader"] < 0 else me["leader"]
    clear, conflict = agreement(w, me["picture"], line, w["stated_size"]), 0.0
    other = me["project_leader"]
    if other >= 0 and me["second_rank"] < s["second_line"]:
        one, two = (themes(w["people"][x]["stated"]) for x in (line, other))
        apart = 1 - len(one & two) / len(one | two) if one | two else 0.0
        conflict = p["conflict_lines"] * apart * min(1.0, 2 * me["torn"])
        if s["conflicts_settled"] < 0.5:
            second = agreement(w, me["picture"], other, w["stated_size"])
            clear = min(clear, second)
    if me["leader"] >= 0 and me["last_report"] > me["first_report"]:
        one, two = themes(w["people"][line]["stated"]), themes(me["stated"])
        apart = 1 - len(one & two) / len(one | two) if one | two else 0.0
        conflict += p["conflict_levels"] * apart
    return me["clarity"] + 0.25 * (clear - me["clarity"]), conflict


def level(w, p, i, clarity, conflict):
    """Return D, C, S and n of someone at work."""
    me = w["people"][i]
    skill = w["skill"][i, me["domain"]]
    redone = (me["hours_rework"] + me["hours_duplicate"]) / max(1, me["hours_total"])
    d = (
        2 * p["demands_load"] * me["load"]
        + p["demands_conflict"] * conflict
        + p["demands_unclear"] * (1 - clarity)
        + p["demands_rework"] * redone
        + p["demands_waiting"] * (1 - math.exp(-0.5 * me["waiting"]))
        + p["demands_exhaustion"] * me["exhaustion"]
        + p["demands_episodes"] * me["episode"]
        + p["demands_spread"] * me["felt_demands"]
    )
    room = p["control_decides"] * me["own_share"] * (1 - 0.5 * me["overruled"])
    room += p["control_chooses"] * me["chosen_share"]
    c = 0.3 + min(1, 0.5 + skill) * room + p["control_spread"] * me["felt_control"]
    c += p["control_moves"] * me["latitude"]
    s = p["support_leader"] * (1 - math.exp(-2 * (me["talked"] + me["listened"])))
    s += p["support_safety"] * me["safety"] + p["support_spread"] * me["felt_support"]
    s += p["support_moves"] * me["relation"]
    zd = (d - p["demands_mean"]) / p["demands_sd"]
    zc = (c - p["control_mean"]) / p["control_sd"]
    zs = (s - p["support_mean"]) / p["support_sd"]
    n = p["strain_demands"] * zd - p["strain_control"] * zc - p["strain_support"] * zs
    n += p["strain_both"] * max(0, zd) * max(0, -zc)
    n -= p["resources_buffer"] * max(0, zd) * (zc + zs) / 2
    n += p["strain_exhaustion"] * me["exhaustion"]
    met = [(t["contact"], o) for t, o in meetings(w, i) if t["contact"] > 0]
    if met:
        hours = sum(h for h, _ in met)
        mean = sum(h * w["people"][o]["exhaustion"] for h, o in met) / hours
        n += p["contagion"] * (mean - me["exhaustion"])
    return d, c, s, n


def meetings(w, i):
    """Return (tie, other person) of all ties of a person, in order of ties."""
    ties = w["ties"]
    mine = [t for t in ties if i in (t["a"], t["b"])]
    return [(t, t["b"] if t["a"] == i else t["a"]) for t in mine]


def strain(w, p, s):
    """Return by name what a week of strain makes of everybody."""
    people = w["people"]
    names = (
        *("clarity", "conflict", "demands", "control", "support"),
        *("fatigue", "exhaustion", "score"),
    )
    after = {name: people[name].copy() for name in names}
    for i, me in enumerate(people):
        if me["status"] != VACANT:
            n = -p["rest"] * (1 - me["scar"])
            if me["status"] == WORKING:
                clear = clarity_and_conflict(w, p, s[me["version"]], i)
                d, c, support, n = level(w, p, i, *clear)
                for name, value in zip(names, (*clear, d, c, support), strict=False):
                    after[name][i] = value
            z = normal(w["key"], 33, w["week"], int(me["who"]), 0)
            fatigue = n + (me["fatigue"] - n) * math.exp(-1 / p["fatigue_weeks"])
            fatigue += p["strain_noise"] * z
            aim = fatigue + p["vulnerability"] * me["trait"]
            aim += p["strain_life"] * me["life"] + p["sensitization"] * me["scar"]
            keep = math.exp(-1 / p["exhaustion_weeks"])
            after["fatigue"][i] = fatigue
            after["exhaustion"][i] = aim + (me["exhaustion"] - aim) * keep
    for i, me in enumerate(people):
        z = normal(w["key"], 34, w["week"], int(me["who"]), 0)
        felt = after["exhaustion"][i] + p["score_fatigue"] * after["fatigue"][i]
        felt += p["score_error"] * z
        x = p["score_intercept"] + p["score_slope"] * felt
        after["score"][i] = 1 + 6 / (1 + math.exp(-x))
    return after


# --- 7.11 results ------------------------------------------------------------------


class Learning:
    """What a phase of learning makes of beliefs: held and next planes."""

    def __init__(self, w, p, s):
        self.w, self.p, self.s = w, p, s
        self.known, self.value = w["known"], w["value"]
        self.evidence = w["evidence"]
        self.next_evidence = w["evidence"].copy()
        self.progress = w["people"]["progress"].copy()
        self.attention = w["choices"]["attention"].copy()
        self.reading = w["choices"]["reading"].copy()
        self.feedback = w["choices"]["feedback"].copy()
        self.picture = w["people"]["next_picture"].copy()

    def believe(self, i, lane, shown, steps, limit):
        """Move evidence towards what was shown, step by step, up to a limit."""
        direction = 1 if shown else -1
        for _ in range(int(self.p[steps])):
            now = self.next_evidence[i, lane] * direction
            if now < self.p[limit]:
                self.next_evidence[i, lane] += direction

    def as_wish(self, i, lane, shown):
        """Return what a result says of a choice as a wish, by the picture of mates."""
        depends, journey = self.w["choices"][lane]["depends"], self.journey(lane)
        seen = [m for k, m in enumerate(journey) if depends >> k & 1]
        return bool(shown) != bool(self.w["seen"][i, seen].sum() % 2)

    def journey(self, lane):
        """Return the items of a choice's journey, itself included, in their order."""
        choice = self.w["choices"][lane]
        return self.w["mates"][choice["first_mate"] : choice["last_mate"]]

    def own_result(self, i, lane, shown, good, chance, draw, steps):
        """Take in what a result says is wished of an own item."""
        if draw < chance:
            self.believe(i, lane, shown, steps, "evidence_limit")
        memory = self.p["progress_memory"]
        self.progress[i] += memory * ((1.0 if good else 0.0) - self.progress[i])

    def past(self, lane, weeks):
        """Return what was wanted and executed of a choice some weeks ago."""
        k = (self.w["week"] - int(weeks)) % 16
        return self.w["past_wanted"][k][lane], self.w["past_executed"][k][lane]

    def results(self):
        """Let results arrive at everybody at work."""
        self.reading[self.w["choices"]["exists"] == 1] = 0
        for i, me in enumerate(self.w["people"]):
            if me["status"] == WORKING:
                own = np.flatnonzero(self.w["choices"]["executor"] == i)
                for lane in own[self.w["choices"]["exists"][own] == 1]:
                    self.results_of(i, int(lane), len(own))
        return self

    def results_of(self, i, lane, own_items):
        """Let what is known of one own item arrive."""
        w, p, me = self.w, self.p, self.w["people"][i]
        s, choice = self.s[me["version"]], self.w["choices"][lane]
        age = max(0, w["week"] - choice["launched"])
        floor = p["result_floor"]
        fresh = floor + (1 - floor) * math.exp(-age / p["fresh_weeks"])
        met = fresh if w["visible"][lane] == w["executed"][lane] else 0.0
        self.attention[lane] += (met - self.attention[lane]) / p["attention_weeks"]
        address = (w["week"], int(me["who"]), lane)
        skill = min(1.0, 0.5 + 0.7 * w["skill"][i, choice["domain"]])
        if me["maker"]:
            u, v = pair(w["key"], 20, *address)
            if u < s["own_channel_results"] * fresh:
                right = v < p["own_channel_accuracy"]
                shown = w["visible"][lane] == right
                good = shown == self.past(lane, s["own_channel_lag_weeks"])[1]
                draw = uniform(w["key"], 20, *address, 1)
                kind = "evidence_own_channel"
                self.own_result(i, lane, shown, good, skill, draw, kind)
        self.funnel(i, lane, fresh, skill, own_items)
        if choice["verdict"]:
            good = choice["verdict"] == 1
            shown = good == (choice["executed"] == 1)
            wish = self.as_wish(i, lane, shown)
            self.reading[lane] = 2 if wish else 1
            self.own_result(i, lane, wish, good, 1.0, 0.0, "evidence_before_after")
        weight = 0.1 * choice["feedback"]
        if weight > 0:
            u, v = pair(w["key"], 22, *address)
            self.feedback[lane] = 0
            if u >= math.exp(-p["feedback_step"] * weight):
                wanted, executed = self.past(lane, 1)
                shown = wanted == (v < p["customer_accuracy"])
                wish = self.as_wish(i, lane, shown)
                self.reading[lane] = 2 if wish else 1
                good, kind = shown == executed, "evidence_funnel"
                self.own_result(i, lane, wish, good, 1.0, 0.0, kind)

    def funnel(self, i, lane, fresh, skill, own_items):
        """Let a whole-funnel result arrive, and tell of another item too."""
        w, p, me = self.w, self.p, self.w["people"][i]
        s, address = self.s[me["version"]], (w["week"], int(me["who"]), lane)
        sales = me["role"] == SALES_ROLE
        rate = p["customers_heard"] if sales else p["others_results"]
        rate = s["funnel_results"] if me["maker"] else rate
        asked = p["reflection_rate"] * me["talked"] * s["talks_about_learning"]
        rate += (1 - rate) * min(0.5, asked / own_items)
        u, v = pair(w["key"], 21, *address)
        if u >= rate * fresh:
            return
        lag = 1 if sales else s["funnel_lag_weeks"]
        choices = w["choices"]
        journey = self.journey(lane)
        rest = [self.past(m, lag)[0] == self.past(m, lag)[1] for m in journey]
        rest = [r for r, m in zip(rest, journey, strict=True) if m != lane]
        share = np.mean(rest) if rest else 1.0
        accuracy = 0.5 + (p["funnel_accuracy"] - 0.5) * (0.3 + 0.7 * share)
        accuracy = p["customer_accuracy"] if sales else accuracy
        wanted, executed = self.past(lane, lag)
        shown = wanted == (v < accuracy)
        self.reading[lane] = 2 if self.as_wish(i, lane, shown) else 1
        draw = uniform(w["key"], 21, *address, 1)
        good, kind = shown == executed, "evidence_funnel"
        wish = self.as_wish(i, lane, shown)
        self.own_result(i, lane, wish, good, skill, draw, kind)
        which, right, step = (uniform(w["key"], 21, *address, k) for k in (2, 3, 4))
        other = journey[int(which * len(journey))]
        if other != lane:
            shown = self.past(other, lag)[0] == (right < accuracy)
            shown = self.as_wish(i, other, shown)
            skill = w["skill"][i, choices[other]["domain"]]
            if step < min(1.0, 0.25 + 3 * skill):
                self.believe(i, other, shown, "evidence_funnel", "evidence_limit")

    # --- 7.16 talk -----------------------------------------------------------------

    def talks(self):
        """Let everybody at work learn from colleagues met."""
        active = self.active_ties()
        for i, me in enumerate(self.w["people"]):
            met = [(k, o) for k, o in self.met(i) if active[k]][:15]
            if me["status"] == WORKING and met:
                self.picture_of(i, [o for _, o in met])
                takes_in = self.understood(i)
                for number in range(self.known.shape[1] // 64):
                    self.adopt(i, met, number, takes_in)
        return self

    def understood(self, i):
        """Return of which of 64 lanes a person understands what is said this week."""
        w, skill = self.w, self.w["skill"][i]
        who = int(w["people"][i]["who"])
        domains = np.zeros(16, bool)
        for d, level in enumerate(skill):
            domains[d] = uniform(w["key"], 75, w["week"], who, d) < 0.25 + 3 * level
        return np.tile(domains, 4)

    def met(self, i):
        """Return (tie, other person) of a person's ties, in order of ties."""
        ties = self.w["ties"]
        return [
            (k, int(t["b"] if t["a"] == i else t["a"]))
            for k, t in enumerate(ties)
            if i in (t["a"], t["b"]) and t["a"] != t["b"]
        ]

    def active_ties(self):
        """Return for each tie whether knowledge passes this week."""
        w, people = self.w, self.w["people"]
        active = []
        for t in w["ties"]:
            h = t["contact"]
            chance = (1 - math.exp(-h)) ** (1 + self.p["tie_complexity"])
            seats = int(people[t["a"]]["seat"]), int(people[t["b"]]["seat"])
            u = uniform(w["key"], 24, w["week"], *seats)
            active.append(h > 0 and u < chance)
        return active

    def picture_of(self, i, met):
        """Let the picture of a clearer colleague override."""
        w, me = self.w, self.w["people"][i]
        address = (w["key"], 32, w["week"], int(me["who"]))
        if me["role"] == LEADER_ROLE:
            return
        if uniform(*address, 3) < self.p["picture_from_peers"]:
            peer = w["people"][met[int(len(met) * uniform(*address, 6))]]
            if peer["clarity"] > me["clarity"]:
                self.picture[i] = peer["picture"]

    def openness(self, tie, i, j):
        """Return how much can pass from j to i."""
        one, two = self.w["skill"][i], self.w["skill"][j]
        total = np.maximum(one, two).sum()
        overlap = np.minimum(one, two).sum() / total if total > 0 else 0.0
        floor = self.p["overlap_floor"]
        me, other = self.w["people"][i], self.w["people"][j]
        guarded = 0.0
        if me["team"] != other["team"]:
            guarded = max(me["territory"], other["territory"])
        understood = floor + (1 - floor) * overlap
        return tie["trust"] * understood * (0.5 + 0.5 * me["safety"]) * (1 - guarded)

    def adopt(self, i, met, number, takes_in):
        """Adopt majorities of those met in one word of 64 choices."""
        w, lanes = self.w, np.arange(64 * number, 64 * number + 64)
        yes, no, openly = np.zeros(64, int), np.zeros(64, int), []
        for k, j in met:
            counts = self.known[j, lanes]
            if self.p["heeds_evidence"] >= 0.5:
                mine, theirs = (np.abs(self.evidence[k, lanes]) for k in (i, j))
                counts = theirs > mine
            counts = counts & takes_in
            if counts.any():
                yes += counts & self.value[j, lanes]
                no += counts & ~self.value[j, lanes]
                openly.append(self.openness(w["ties"][k], i, j))
        step = self.p["talk_step"] * (np.mean(openly) if openly else 0.0)
        who = int(w["people"][i]["who"])
        taken = word(w["key"], 25, w["week"], who, number, step)
        for lane in lanes[taken]:
            up, down = yes[lane % 64], no[lane % 64]
            same = self.known[i, lane] and self.value[i, lane] == (up > down)
            if up != down and not (same and self.p["evidence_limit"] < 2):
                self.believe(i, lane, bool(up > down), "evidence_heard", "heard_limit")
