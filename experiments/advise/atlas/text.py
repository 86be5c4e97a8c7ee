"""An atlas as a document."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.advise.atlas.combinations import KEPT, TRADED, Atlas
from experiments.advise.atlas.effects import interactions, main_effects, shapley_shares
from experiments.advise.atlas.steps import Front, Orders, next_steps
from experiments.advise.levers_document import dates
from experiments.advise.moves import codes_of
from experiments.advise.pictures import effects_picture
from experiments.show.document import Document, Picture, Section, Table
from experiments.show.parts import document, section
from experiments.statistics.intervals import Interval, t_interval
from experiments.statistics.paired import good_sign
from experiments.statistics.verdicts import Verdict, verdict_on
from experiments.words import phrases
from experiments.words.numerals import change, level, number, percent, say
from simulation.outcomes import HEADLINES, OUTCOMES

MOST_NAMES = 3
MOST_PAIRS = 5
MOST_FRONT = 12


def document_of(
    atlas: Atlas,
    front: Front,
    orders: Sequence[Orders],
    language: str = "en",
    explorer: str = "",
) -> Document:
    """Return a document: the whole, shares, next steps, orders and trade-offs.

    `explorer` is the explorer's page, which goes with the document.
    """
    effects = effects_table(atlas)
    sentences = [_whole(atlas, name, language) for name in HEADLINES]
    sentences += [_next(atlas, name, language) for name in HEADLINES]
    sentences += [order_text(atlas, one, language) for one in orders]
    today = atlas.lived.design.today
    return document(
        say("atlas_title", language, scenario=today.title[language]),
        say("atlas_question", language),
        language,
        (
            section(
                "answer",
                language,
                sentences=tuple(sentences),
                pictures=(_picture(atlas, effects, language),),
            ),
            Section(
                "effects",
                say("atlas_effects", language),
                tables=_effects(atlas, effects, language),
            ),
            _pairs(atlas, language),
            _front(atlas, front, language),
            section("method", language, sentences=(note_of(atlas, language),)),
        ),
        codes=codes_of(language),
        numbers={
            "effects": effects,
            "states": states_table(atlas, front),
            "interactions": interactions_table(atlas),
            "orders": orders_table(orders),
        },
        attachments={"explorer.html": explorer} if explorer else {},
    )


def note_of(atlas: Atlas, language: str) -> str:
    """Return what was simulated, and what is not known."""
    design = atlas.lived.design
    text = say(
        "atlas_note",
        language,
        states=number(atlas.states, language),
        worlds=design.replicates,
        weeks=design.today.weeks,
        seed=str(design.seed),
    )
    return " ".join([text, *phrases.not_known([design.today], language)])


def move_words(atlas: Atlas, move: int, language: str = "en") -> str:
    """Return the situation after a move, in words."""
    return atlas.moves[move].words(language)


def _whole(atlas: Atlas, outcome: str, language: str) -> str:
    """Return the effect of all moves on an outcome, and the moves with most of it."""
    one, values = OUTCOMES[outcome], atlas.of(outcome)
    shares = shapley_shares(atlas, outcome)
    order = sorted(shares, key=lambda i: -abs(shares[i].estimate))
    sure = [i for i in order if shares[i].known and not shares[i].spans_zero]
    shares_told = [
        f"“{move_words(atlas, i, language)}” ({change(shares[i], one, language)})"
        for i in sure[:MOST_NAMES]
    ]
    text = say(
        "atlas_whole",
        language,
        what=one.label[language],
        today=level(t_interval(values[0]), one, language),
        all=level(t_interval(values[-1]), one, language),
        change=change(t_interval(values[-1] - values[0]), one, language),
    )
    if shares_told:
        text += " " + say(
            "atlas_most", language, moves=phrases.names(shares_told, language)
        )
    return text


def _next(atlas: Atlas, outcome: str, language: str) -> str:
    """Return a sentence on the best next step from today."""
    one, steps = OUTCOMES[outcome], next_steps(atlas, outcome)
    best = steps[0]
    sign = good_sign(one.good)
    helps = best.effect.low > 0 if sign > 0 else best.effect.high < 0
    what = one.label[language]
    if not helps:
        return say("atlas_no_step", language, what=what)
    return say(
        "atlas_step",
        language,
        what=what,
        move=move_words(atlas, best.move, language),
        change=change(best.effect, one, language),
    )


def order_text(atlas: Atlas, orders: Orders, language: str = "en") -> str:
    """Return a sentence on the best order of moves, against all at once."""
    one = OUTCOMES[orders.outcome]
    ranked = dict(orders.ranked())
    best = next(k for k, _ in orders.ranked() if k > 1)
    apart = orders.apart(best, 1)
    said = verdict_on(apart, one.smallest_difference)
    ahead = good_sign(one.good) * apart.estimate > 0
    words = {Verdict.UNCLEAR: "same", Verdict.CLEAR: "better" if ahead else "worse"}
    text = say(
        "atlas_order",
        language,
        what=one.label[language],
        order=dates(orders.lived.design.plans[best], language),
        change=change(ranked[best], one, language),
        at_once=change(ranked[1], one, language),
        verdict=say(f"atlas_order_{words.get(said, 'equal')}", language),
    )
    if orders.left_out:
        out = [f"“{move_words(atlas, i, language)}”" for i in orders.left_out]
        text += " " + say(
            "atlas_left_out", language, moves=phrases.names(out, language)
        )
    return text


def _effects(atlas: Atlas, numbers: pd.DataFrame, language: str) -> tuple[Table, ...]:
    """Return tables of average effects and shares, one for each headline outcome."""
    tables = []
    for name in HEADLINES:
        one = OUTCOMES[name]
        effects, shares = main_effects(atlas, name), shapley_shares(atlas, name)
        sign = good_sign(one.good)
        order = sorted(shares, key=lambda i: -sign * shares[i].estimate)
        heads = [say(key, language) for key in ("atlas_average", "atlas_share")]
        rows = [
            (
                move_words(atlas, i, language),
                change(effects[i], one, language),
                change(shares[i], one, language),
            )
            for i in order
        ]
        title = one.label[language]
        data = numbers[numbers["outcome"] == name]
        tables.append(
            Table(f"effects-{name}", title, (title, *heads), tuple(rows), data)
        )
    last = replace(tables[-1], note=say("atlas_effects_note", language))
    return (*tables[:-1], last)


def _pairs(atlas: Atlas, language: str) -> Section:
    """Return a section of pairs whose moves surely strengthen or weaken each other."""
    rows, data = [], []
    for name in HEADLINES:
        pairs = interactions(atlas, name)
        sure = [pair for pair, x in pairs.items() if x.known and not x.spans_zero]
        sure.sort(key=lambda pair: -abs(pairs[pair].estimate))
        for i, j in sure[:MOST_PAIRS]:
            pair = (
                f"{move_words(atlas, i, language)} × {move_words(atlas, j, language)}"
            )
            one = OUTCOMES[name]
            label = one.label[language]
            rows.append((f"{label}: {pair}", change(pairs[i, j], one, language)))
            moves = f"{atlas.moves[i]} {atlas.moves[j]}"
            beyond = pairs[i, j].columns("interaction")
            data.append({"outcome": name, "pair": moves, **beyond})
    title = say("atlas_pairs", language)
    if not rows:
        return Section("pairs", title, (say("atlas_no_pairs", language),))
    heads = (title, say("atlas_beyond", language))
    table = Table("pairs", title, heads, tuple(rows), pd.DataFrame(data))
    return Section("pairs", title, tables=(table,))


def _front(atlas: Atlas, front: Front, language: str) -> Section:
    """Return a section of the combinations on the trade-off front, by move numbers."""
    labels = [OUTCOMES[x].label[language] for x in front.outcomes]
    title = say("atlas_front", language)
    rows = []
    best = list(zip(front.states, front.sureness, strict=True))[:MOST_FRONT]
    for state, sure in best:
        values = [
            level(_mean(atlas, x, state), OUTCOMES[x], language) for x in front.outcomes
        ]
        chosen = [str(i + 1) for i in range(len(atlas.moves)) if state >> i & 1]
        name = " ".join(chosen) or say("levers_nothing", language)
        rows.append((name, *values, percent(sure, language)))
    moves = [
        f"{i + 1} {move_words(atlas, i, language)}" for i in range(len(atlas.moves))
    ]
    whole = len(best) == len(front.states)
    note = say(
        "atlas_front_all" if whole else "atlas_front_text",
        language,
        n=len(front.states),
        states=number(atlas.states, language),
        shown=len(best),
        moves="; ".join(moves),
    )
    heads = (title, *labels, say("atlas_sure", language))
    states = states_table(atlas, front)
    data = states[states["state"].isin([state for state, _ in best])]
    table = Table("front", title, heads, tuple(rows), data)
    return Section("front", say("atlas_trade_offs", language), (note,), (table,))


def _mean(atlas: Atlas, outcome: str, state: int) -> Interval:
    return t_interval(atlas.of(outcome)[state])


def _picture(atlas: Atlas, numbers: pd.DataFrame, language: str) -> Picture:
    """Return a figure of each move's Shapley share of the way to all moves."""
    shares = {name: shapley_shares(atlas, name) for name in HEADLINES}
    first = shares[HEADLINES[0]]
    order = sorted(first, key=lambda i: -first[i].estimate)
    intervals = {name: [found[i] for i in order] for name, found in shares.items()}
    titles = [move_words(atlas, i, language) for i in order]

    heading, caption = (say(f"atlas_{key}", language) for key in ("axis", "caption"))
    return effects_picture(
        "effects", heading, caption, intervals, titles, numbers, language
    )


def states_table(atlas: Atlas, found: Front) -> pd.DataFrame:
    """Return a row for each combination: its moves and the mean of each outcome."""
    front = set(found.states)
    columns: dict[str, object] = {
        "state": np.arange(atlas.states),
        "on_front": [state in front for state in range(atlas.states)],
    }
    for i, move in enumerate(atlas.moves):
        columns[str(move)] = atlas.has(i).astype(int)
    for name in KEPT:
        values = atlas.of(name)
        gained = values - values[:1]
        intervals = [t_interval(row) for row in gained]
        columns[name] = [t_interval(row).estimate for row in values]
        columns[f"{name}_gain"] = [x.estimate for x in intervals]
        columns[f"{name}_gain_low"] = [x.low for x in intervals]
        columns[f"{name}_gain_high"] = [x.high for x in intervals]
    return pd.DataFrame(columns)


def effects_table(atlas: Atlas) -> pd.DataFrame:
    """Return average effects and Shapley shares of each move on each outcome."""
    rows = []
    for name in KEPT:
        effects, shares = main_effects(atlas, name), shapley_shares(atlas, name)
        for i, move in enumerate(atlas.moves):
            rows.append(
                {
                    "outcome": name,
                    "move": str(move),
                    **effects[i].columns("average"),
                    **shares[i].columns("share"),
                }
            )
    return pd.DataFrame(rows)


def interactions_table(atlas: Atlas) -> pd.DataFrame:
    """Return the interaction of each two moves on each headline and traded outcome."""
    rows = [
        {
            "outcome": name,
            "move": str(atlas.moves[i]),
            "beside": str(atlas.moves[j]),
            **interval.columns("interaction"),
        }
        for name in dict.fromkeys((*HEADLINES, *TRADED))
        for (i, j), interval in interactions(atlas, name).items()
    ]
    return pd.DataFrame(rows)


def orders_table(orders: Sequence[Orders]) -> pd.DataFrame:
    """Return a row for each plan of each outcome: its gain over doing nothing."""
    rows = [
        {
            "outcome": one.outcome,
            "plan": one.lived.design.plans[k].name,
            "weeks": " ".join(str(week) for week, _ in one.lived.design.plans[k].moves),
            **interval.columns("gain"),
        }
        for one in orders
        for k, interval in one.ranked()
    ]
    return pd.DataFrame(rows)
