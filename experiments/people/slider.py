"""The graph of people with a slider over time, as a self-contained HTML fragment.

The fragment needs no network. It has no ids, so that several fit on one page. It takes
the colours of text and background from its page, light or dark. Without its script, and
in print, it shows the last week.
"""

import base64
import html
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.browser import embedded, filled
from experiments.people import naming
from experiments.people.colours import COLOURS, ramp, shade
from experiments.people.groups import drawable, means
from experiments.people.layout import SQUARE, Layout, Outline, layout
from experiments.people.marks import WIDTHS, classes, explained, hours_told, size
from experiments.people.privacy import PERSONAL, Group, groups_of, hidden, shown
from experiments.people.recorded import Recording, WorldRecording
from experiments.people.text import note
from experiments.words.numerals import labels, say
from simulation.state import ON_LEAVE, VACANT

TEMPLATE = Path(__file__).with_name("slider.html")
MOST_DESK = 255
WORDS = {
    "week": "people_week",
    "none": "missing",
    "more": "people_more",
    "tip": "people_tip",
    "tip_mean": "people_tip_mean",
}
"""What the script calls the words that it fills in, and their keys."""
UNIT_REMS = 2.6
"""Width of a unit of the page on a screen, at most."""
LINE_UNITS = 0.09
"""Width of a line of width 1, in units of the page."""


def slider_html(recording: Recording, language: str = "en") -> str:
    """Return a fragment in which a reader chooses the week and the colouring.

    People of real organisations are called by role and number, unless `privacy.hidden`
    was asked to keep their names. Too many people are drawn as groups.
    """
    recording = drawable(hidden(recording))
    page = layout(recording)
    sides = [_side(one, recording, page, language) for one in recording.lived]
    parts = {
        "LANGUAGE": language,
        "TITLE": html.escape(say("people_page_title", language)),
        "WEEK": html.escape(say("people_slider", language)),
        "LAST": str(recording.weeks),
        "COLOURED": html.escape(say("people_coloured", language)),
        "OPTIONS": _options(recording, language),
        "SIDES": "".join(sides),
        "SCALE": _scale(),
        "MARKS": _marks(recording, language),
        "NOTE": html.escape(note(recording, language)),
        "DATA": packed(recording, page, language),
    }
    return filled(TEMPLATE.read_text(encoding="utf-8"), parts)


def page_html(fragment: str, language: str = "en") -> str:
    """Return a page that opens from disk, with only this fragment."""
    title = html.escape(say("people_page_title", language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>:root {{ color-scheme: light dark; }}\n"
        "body { font: 16px/1.45 system-ui, sans-serif; max-width: 80rem;"
        " margin: 0 auto; padding: 1rem; }</style></head>\n"
        f"<body><h1>{title}</h1>\n{fragment}</body></html>\n"
    )


def packed(recording: Recording, page: Layout, language: str = "en") -> str:
    """Return the data of the script, as JSON; arrays are bytes in base64.

    `values[name]`, `status` and `desk` are ordered by week, then by node. `events` are
    triples of 16-bit numbers (week, tie, width 0 to 3) in order of week. `pairs` are
    the ends of ties.
    """
    grouped, named = recording.grouped, recording.named
    kind = "groups" if grouped else "named" if named else ""
    spoken = "people_spoken" + (f"_{kind}" if kind else "")
    data = {
        "locale": {"en": "en-GB", "nl": "nl-NL"}[language],
        "ramp": list(ramp()),
        "words": {name: labels()[key][language] for name, key in WORDS.items()}
        | {"spoken": labels()[spoken][language]},
        "colours": {name: _colour(name, language) for name in shown(named)},
        "sides": [_data(one, recording, page, language) for one in recording.lived],
    }
    return embedded(data)


def _colour(name: str, language: str) -> Mapping[str, Any]:
    colour = COLOURS[name]
    return {
        "name": say(f"people_name_{name}", language),
        "scale": say(f"people_scale_{name}", language),
        "low": colour.low,
        "high": colour.high,
        "decimals": colour.decimals,
        "more": colour.open_ended,
        "personal": name in PERSONAL,
    }


def _data(
    world: WorldRecording, recording: Recording, page: Layout, language: str
) -> Mapping[str, Any]:
    colours = shown(recording.named)
    of = groups_of(world.nodes)
    where = [group or Group("all") for group in of]
    data: dict[str, Any] = {
        "title": world.scenario.title[language],
        "at": [_point(page.at[node.seat]) for node in world.nodes],
        "who": [naming.seat(node, recording, language) for node in world.nodes],
        "where": [naming.group(group, language) for group in where],
        "pairs": world.ties.ravel().tolist(),
        "events": _base64(events(world, recording.grouped).astype("<u2")),
        "values": {x: _base64(COLOURS[x].coded(world.values[x])) for x in colours},
        "status": _base64(world.status.astype(np.uint8)),
        "desk": _base64(np.minimum(world.desk, MOST_DESK).astype(np.uint8)),
    }
    if recording.pseudonymous and not recording.grouped:
        groups = list(dict.fromkeys(where))
        member = np.array([[float(group == x) for group in groups] for x in of])
        data["group"] = [groups.index(group) for group in where]
        data["groups"] = {
            name: [
                _base64(COLOURS[name].coded(means(world.values[name], member)[:, k]))
                for k in range(len(groups))
            ]
            for name in colours
            if name in PERSONAL
        }
    return data


def events(world: WorldRecording, grouped: bool = False) -> np.ndarray:
    """Return each change in the drawn width of a tie: (week, tie, width), by week."""
    drawn = classes(world.hours, grouped)
    before = np.vstack([np.zeros_like(drawn[:1]), drawn[:-1]])
    weeks, ties = np.nonzero(drawn != before)
    return np.stack([weeks, ties, drawn[weeks, ties]], 1)


def _base64(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()


def _point(place: tuple[float, float]) -> str:
    return " ".join(f"{x:.2f}" for x in place)


def _side(
    world: WorldRecording, recording: Recording, page: Layout, language: str
) -> str:
    """Return the drawing of one scenario in the last week."""
    title = html.escape(world.scenario.title[language])
    label = say("people_drawing", language, scenario=world.scenario.title[language])
    parts = [_outline(box, page, language) for box in page.boxes]
    parts.append(f'<g class="ties">{_ties(world, recording, page)}</g>')
    parts += [_who(world, k, page) for k in range(len(world.nodes))]
    view = f"-0.2 -0.2 {page.width + 0.4:.2f} {page.height + 0.4:.2f}"
    wide = UNIT_REMS * page.width
    return (
        f'<figure><figcaption>{title}</figcaption><p class="said" aria-live="polite">'
        f'</p><svg class="graph" viewBox="{view}" style="max-width:{wide:.0f}rem"'
        f' role="img"'
        f' aria-label="{html.escape(label)}">{"".join(parts)}</svg></figure>'
    )


def _outline(box: Outline, page: Layout, language: str) -> str:
    kind = "team" if box.team else "home"
    place = (box.left + 0.1, box.top + 0.1, box.width - 0.2, box.height - 0.2)
    x, y, w, h = (f"{z:.2f}" for z in place)
    text = f'<rect class="{kind}" x="{x}" y="{y}" width="{w}" height="{h}" rx=".3"/>'
    em = page.em * (0.8 if box.team else 1.0)
    middle = f"{box.left + box.width / 2:.2f}"
    for k, line in enumerate(box.heading(language).split("\n")):
        if line:
            foot = f"{box.top + 0.15 + (k + 0.9) * em:.2f}"
            text += (
                f'<text x="{middle}" y="{foot}" font-size="{em:.2f}">'
                f"{html.escape(line)}</text>"
            )
    return text


def _ties(world: WorldRecording, recording: Recording, page: Layout) -> str:
    drawn = classes(world.hours[-1], recording.grouped)
    paths = []
    for k, width in enumerate(WIDTHS, 1):
        ends = [
            f"M{_point(page.at[world.nodes[a].seat])}L{_point(page.at[world.nodes[b].seat])}"
            for a, b in world.ties[drawn == k]
        ]
        opacity = 0.2 + 0.15 * k
        look = f'stroke-width="{LINE_UNITS * width:.3f}" stroke-opacity="{opacity:.2f}"'
        paths.append(f'<path {look} d="{"".join(ends)}"/>')
    return "".join(paths)


def _who(world: WorldRecording, k: int, page: Layout) -> str:
    """Return a person or group in the last week; the script updates other weeks."""
    node = world.nodes[k]
    name = next(iter(world.values))
    value = world.values[name][-1, k]
    known = bool(np.isfinite(value))
    face = shade(float(COLOURS[name].share(value))) if known else "transparent"
    away = {ON_LEAVE: " away", VACANT: " empty"}.get(int(world.status[-1, k]), "")
    s = f"{SQUARE:.2f}"
    shape = f'<circle class="node" r="{size(node):.2f}" style="fill:{face}"/>'
    if node.leads:
        double = f"{2 * SQUARE:.2f}"
        shape = (
            f'<rect class="node" x="-{s}" y="-{s}" width="{double}"'
            f' height="{double}" style="fill:{face}"/>'
        )
    count = '<text y=".19" font-size=".52"></text>' if node.leads else ""
    cross = _cross(s)
    place = _point(page.at[node.seat])
    return (
        f'<g class="who{away}" transform="translate({place})"><title></title>'
        f"{shape}{cross}{count}</g>"
    )


def _options(recording: Recording, language: str) -> str:
    names = shown(recording.named)
    return "".join(
        f'<option value="{name}">{html.escape(say(f"people_name_{name}", language))}'
        "</option>"
        for name in names
    )


def _scale() -> str:
    shades = ",".join(ramp()[::4])
    return (
        '<span class="low"></span><span class="ramp" style="background:'
        f'linear-gradient(to right,{shades})"></span><span class="high"></span>'
        ' <span class="what"></span>'
    )


def _marks(recording: Recording, language: str) -> str:
    """Return the legend of shapes, marks and lines."""
    circle, square = '<circle class="node" r=".36"/>', _square()
    drawn = {
        "person": circle,
        "leader": square,
        "desk": f'{square}<text y=".19" font-size=".52">2</text>',
        "leave": circle + _cross(".30"),
        "empty": circle,
        "absent": circle,
        "group": circle,
    }
    looks = {"leave": "away", "empty": "empty", "absent": "empty"}
    parts = [
        _mark(drawn[x], looks.get(x, ""), say(f"people_mark_{x}", language))
        for x in explained(recording)
    ]
    for k, width in enumerate(WIDTHS):
        look = f"stroke-width:{LINE_UNITS * width:.3f}"
        line = f'<path class="node" style="{look}" d="M-.6 0H.6"/>'
        parts.append(_mark(line, "", hours_told(k, recording.grouped, language)))
    return "".join(parts)


def _cross(s: str) -> str:
    line = f'd="M-{s} -{s}L{s} {s}M-{s} {s}L{s} -{s}"'
    return f'<path class="edge" {line}/><path class="cross" {line}/>'


def _square() -> str:
    return '<rect class="node" x="-.36" y="-.36" width=".72" height=".72"/>'


def _mark(drawing: str, look: str, text: str) -> str:
    return (
        '<span><svg class="mark" viewBox="-.7 -.5 1.4 1" aria-hidden="true">'
        f'<g class="{look}" style="fill:none">{drawing}</g></svg>'
        f" {html.escape(text)}</span>"
    )
