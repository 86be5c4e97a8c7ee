"""What a world teaches, and what it does not: three sentences at the end of a story."""

from collections.abc import Sequence

from experiments.story.causes import LOST
from experiments.story.ledger import Figures
from experiments.story.parting import Apart, matters, shown
from experiments.story.telling import Teller
from experiments.words.numerals import number
from experiments.words.phrases import names


def conclusion(
    tellers: Sequence[Teller],
    worlds: Sequence[Figures],
    apart: Sequence[Apart],
    known: int,
) -> list[str]:
    """Return how it went, what came of it, and what that does not say."""
    first = tellers[0]
    if len(tellers) == 1:
        return [_how(tellers, worlds), first.say("end_no_forecast_alone")]
    return [
        _how(tellers, worlds),
        _came_of_it(tellers, apart),
        _not_said(tellers, apart, known),
    ]


def _how(tellers: Sequence[Teller], worlds: Sequence[Figures]) -> str:
    """Return what people did to the items in each world, and what lost most."""
    sentences = [
        teller.say("how_world", title=teller.title, **_counts(teller, one))
        for teller, one in zip(tellers, worlds, strict=True)
    ]
    return tellers[0].say("how_worlds", told="; ".join(sentences))


def _counts(teller: Teller, figures: Figures) -> dict[str, object]:
    """Return the numbers of a world that a sentence tells."""
    waited = figures["work"]["waited"]
    return {
        "waited": "–" if waited is None else number(waited, teller.language, 1),
        "decided": round(figures["work"]["decided"] or 0),
        "launched": round(figures["work"]["launched"] or 0),
        "won": round(figures["items"]["fit_won"] or 0),
        "lost": round(figures["items"]["fit_lost"] or 0),
        "lost_by": _most_lost(teller, figures),
        "start": round(figures["items"]["fit_start"] or 0),
        "end": round(figures["items"]["fit_end"] or 0),
    }


def _most_lost(teller: Teller, figures: Figures) -> str:
    """Return the cause by which work lost most, with its number; empty for none."""
    name = max(LOST, key=lambda x: figures["lost"][f"lost_{x}"] or 0)
    many = round(figures["lost"][f"lost_{name}"] or 0)
    return (
        teller.say("how_most", n=many, why=teller.say(f"most_{name}")) if many else ""
    )


def _came_of_it(tellers: Sequence[Teller], apart: Sequence[Apart]) -> str:
    """Return in what the second is better or worse, or no different, with sizes."""
    first, second = tellers
    language = first.language
    found = {
        way: [x for x in apart if x.way == way] for way in ("better", "worse", "same")
    }
    sentences = []
    for way in ("better", "worse"):
        clauses = [
            first.say(
                "came_one",
                what=x.outcome.in_sentence[language],
                second=shown(x.here[1], x.outcome, language),
                first=shown(x.here[0], x.outcome, language),
                matters=matters(x.outcome, language),
            )
            for x in found[way]
        ]
        if clauses:
            sentences.append(first.say(f"came_{way}", whats=names(clauses, language)))
    if found["same"]:
        whats = [x.outcome.in_sentence[language] for x in found["same"]]
        sentences.append(first.say("came_same", whats=names(whats, language)))
    return first.say("came", title=second.title, told="; ".join(sentences))


def _not_said(tellers: Sequence[Teller], apart: Sequence[Apart], known: int) -> str:
    """Return that one world is an illustration, and in how many it is otherwise."""
    first, second = tellers
    sentences = [
        first.say(
            "not_said_one",
            what=x.outcome.in_sentence[first.language],
            better=x.better or first.say("in_none"),
            worse=x.worse or first.say("in_none"),
        )
        for x in apart
        if x.outcome.headline
    ]
    commands = " ".join(x.log.scenario.name for x in tellers)
    return first.say(
        "not_said",
        worlds=known,
        title=second.title,
        told=names(sentences, first.language),
        commands=commands,
    )
