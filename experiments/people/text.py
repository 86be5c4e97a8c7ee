"""The graph of people as sentences, captions and tables."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from experiments.people import naming
from experiments.people.colours import COLOURS
from experiments.people.groups import means
from experiments.people.marks import HOURS
from experiments.people.privacy import Group, groups_of
from experiments.people.recorded import Recording, WorldRecording
from experiments.statistics.small_groups import LEAST
from experiments.words import phrases
from experiments.words.numerals import number, percent, say
from simulation.state import ON_LEAVE, VACANT, WORKING

STATUS = {WORKING: "working", ON_LEAVE: "on leave", VACANT: "empty"}
MIDDLE = (0.1, 0.5, 0.9)


def answer(recording: Recording, week: int, language: str = "en") -> list[str]:
    """Return sentences on who burns out, where work waits and how ownership spreads.

    They are about one week, for each scenario. Burn-out and ownership are left out if
    people are shown with names. `recording` must be of people, not of groups.
    """
    sentences = []
    for one in recording.lived:
        parts = [
            _burnout(one, week, language),
            _waiting(one, recording, week, language),
        ]
        sentences.append(" ".join([*parts, _ownership(one, week, language)]).strip())
    return [*sentences, note(recording, language)]


def note(recording: Recording, language: str = "en") -> str:
    """Return which world a picture shows, and how people in it are protected."""
    kind = "named" if recording.named else "hidden" if recording.real else "nobody"
    said = say("people_note", language, **_world(recording))
    return f"{said} {say(f'people_note_{kind}', language)}"


def _world(recording: Recording) -> dict[str, str]:
    return {"seed": str(recording.seed), "world": str(recording.world)}


def complaints(world: WorldRecording, week: int) -> float:
    """Return the share of employees whose score indicates burn-out complaints."""
    score, employed = world.values["burnout"][week], world.employed[week]
    above = world.scenario.parameters["complaints_above"]
    return float((score[employed] > above).mean()) if employed.any() else float("nan")


def _burnout(world: WorldRecording, week: int, language: str) -> str:
    if "burnout" not in world.values:
        return ""
    if world.employed[week].sum() < LEAST:
        return say("people_answer_few", language)
    most = ""
    if worst := _highest(world, "burnout", week):
        group, score = naming.group(worst[0], language), number(worst[1], language, 1)
        most = say("people_answer_most", language, group=group, score=score)
    return say(
        "people_answer_burnout",
        language,
        weeks=number(week, language),
        share=percent(complaints(world, week), language),
        scenario=world.scenario.title[language],
        leave=number(float((world.status[week] == ON_LEAVE).sum()), language),
        most=most,
    )


def _waiting(
    world: WorldRecording, recording: Recording, week: int, language: str
) -> str:
    desk = world.desk[week]
    total = int(desk.sum())
    if not total:
        return say("people_answer_waiting_none", language)
    who = naming.seat(world.nodes[int(desk.argmax())], recording, language)
    if total == 1:
        return say("people_answer_waiting_one", language, who=who)
    most, n = number(float(desk.max()), language), number(total, language)
    return say("people_answer_waiting", language, n=n, most=most, who=who)


def _ownership(world: WorldRecording, week: int, language: str) -> str:
    if "ownership" not in world.values:
        return ""
    values = world.values["ownership"][week]
    there = values[np.isfinite(values)]
    if len(there) < LEAST:
        return ""
    low, median, high = (
        number(float(x), language, 2) for x in np.quantile(there, MIDDLE)
    )
    most = ""
    if best := _highest(world, "ownership", week):
        group, mean = naming.group(best[0], language), number(best[1], language, 2)
        most = say("people_answer_highest", language, group=group, mean=mean)
    return say(
        "people_answer_ownership",
        language,
        median=median,
        low=low,
        high=high,
        most=most,
    )


def _highest(world: WorldRecording, name: str, week: int) -> tuple[Group, float] | None:
    """Return the group with the highest mean; None below two groups or if unknown."""
    of = groups_of(world.nodes)
    groups = list(dict.fromkeys(group for group in of if group is not None))
    if len(groups) < 2:
        return None
    member = np.array([[float(group == x) for group in groups] for x in of])
    highest = means(world.values[name][week][None], member)[0]
    if not np.isfinite(highest).any():
        return None
    k = int(np.nanargmax(highest))
    return groups[k], float(highest[k])


def caption(
    recording: Recording,
    seats: int,
    weeks: Sequence[int],
    colour: str,
    file: str,
    language: str = "en",
) -> str:
    """Return a draft caption of a picture of `seats` seats."""
    titles = [f"“{one.scenario.title[language]}”" for one in recording.lived]
    at = phrases.names([number(week, language) for week in weeks], language)
    hours = HOURS[recording.grouped][0]
    text = say(
        "people_caption_groups" if recording.grouped else "people_caption",
        language,
        titles=phrases.names(titles, language),
        weeks=say("people_weeks", language, weeks=at),
        n=number(seats, language),
        what=say(f"people_name_{colour}", language),
        scale=say(f"people_scale_{colour}", language),
        hours=number(hours, language, 0 if hours >= 1 else 1),
        file=file,
        **_world(recording),
    )
    return textwrap.fill(text, 88) + "\n"


def people_table(
    recording: Recording, weeks: Sequence[int], colour: str
) -> pd.DataFrame:
    """Return a row for each scenario, week, and seat or group, as drawn.

    `team` is the group of five or more that the seat belongs to.
    """
    parts = []
    for one in recording.lived:
        of = groups_of(one.nodes)
        for week in weeks:
            shown = COLOURS[colour].name
            table = pd.DataFrame(
                {
                    "scenario": one.scenario.name,
                    "week": week,
                    "seat": [node.seat for node in one.nodes],
                    "role": [node.role for node in one.nodes],
                    "team": ["-".join(x for x in group or () if x) for group in of],
                    "people": [node.people for node in one.nodes],
                    "status": [STATUS[int(x)] for x in one.status[week]],
                    shown: one.values[shown][week],
                    "proposals_waiting": one.desk[week],
                }
            )
            parts.append(table)
    return pd.concat(parts, ignore_index=True)


def ties_table(recording: Recording, weeks: Sequence[int]) -> pd.DataFrame:
    """Return a row for each scenario, week and tie that is drawn, with its hours."""
    parts = []
    for one in recording.lived:
        names = np.array([node.seat for node in one.nodes], object)
        for week in weeks:
            hours = one.hours[week]
            drawn = hours >= HOURS[recording.grouped][0]
            a, b = one.ties[drawn].T
            columns: Mapping[str, object] = {
                "scenario": one.scenario.name,
                "week": week,
                "a": names[a],
                "b": names[b],
                "hours": hours[drawn],
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)
