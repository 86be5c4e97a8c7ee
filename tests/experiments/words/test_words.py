"""Sentences say what the intervals carry, in both languages, whatever the numbers."""

import math
import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.statistics.paired import Interval
from experiments.words import phrases
from simulation.outcomes import OUTCOMES

ANY = st.floats(allow_nan=True, allow_infinity=True)
LANGUAGE = st.sampled_from(phrases.LANGUAGES)
OUTCOME = st.sampled_from(sorted(OUTCOMES))


def interval(estimate, low, high, n=50, dropped=0):
    """Return an interval with made-up trimmings."""
    return Interval(estimate, low, high, 0.95, n, dropped, 1.0, "t")


QUALITY = interval(0.11, 0.09, 0.13)
BURNOUT = interval(0.005, -0.01, 0.02)
WIDE = interval(0.01, -0.05, 0.06)


def test_both_languages_are_complete():
    """Every entry has both languages, with the same names to fill in."""
    for key, texts in phrases.labels().items():
        assert set(texts) == set(phrases.LANGUAGES), key
        fields = [
            {field for _, field, _, _ in string.Formatter().parse(text) if field}
            for text in texts.values()
        ]
        assert fields[0] == fields[1], key
        assert all(texts.values()), key


def test_every_group_of_outcomes_has_a_name():
    """Tables can head each group of outcomes in both languages."""
    for outcome in OUTCOMES.values():
        assert phrases.say(f"group_{outcome.group}", "nl")


SLIGHT = interval(-0.01, -0.012, -0.007)


def test_clear_effects_have_the_scenario_as_subject():
    """First what the scenario does; then in which outcomes nothing relevant differs."""
    found = {"lead_quality": QUALITY, "burnout": BURNOUT}
    assert phrases.headline("Owning the work", found) == (
        "Owning the work raises lead quality by 11 points (9 to 13). No relevant"
        " difference in burnout."
    )
    assert phrases.headline("Eigenaarschap", found, "nl") == (
        "Eigenaarschap verhoogt de leadkwaliteit met 11 procentpunt (9 tot 13). Geen"
        " relevant verschil in de burn-outklachten."
    )


def test_slight_effects_say_what_would_matter():
    """What surely differs, but by too little, is told as that, with its unit."""
    assert phrases.headline("It", {"burnout": SLIGHT}) == (
        "It makes no difference that matters. Burnout: slightly lower (−1.0 points),"
        " less than the 2 points that matter."
    )
    assert phrases.headline("Het", {"burnout": SLIGHT}, "nl") == (
        "Het maakt geen verschil dat ertoe doet. Burn-out: iets lager"
        " (−1,0 procentpunt), minder dan de 2 procentpunt die ertoe doen."
    )


def test_a_slight_effect_never_looks_as_large_as_what_matters():
    """One that would round to it has another figure."""
    near = {"burnout": interval(0.0197, 0.014, 0.025)}
    assert "(+1.97 points), less than the 2 points" in phrases.headline("It", near)


def test_too_few_worlds_are_told_once():
    """Where no outcome has an interval there is one sentence, and no verdict."""
    none = {x: interval(0.1, math.nan, math.nan) for x in ("burnout", "lead_quality")}
    assert phrases.headline("A", none, base="B") == (
        "There are too few simulated worlds to tell A from B."
    )


def test_the_weeks_that_outcomes_are_of_are_told():
    """Of those of the last half year only, where there are more weeks than that."""
    names = ["lead_quality", "learning_speed", "burnout"]
    assert phrases.of_last_weeks(names, 104) == (
        "Means over the last 26 weeks (weeks 78 to 103): lead quality and burnout."
    )
    assert phrases.of_last_weeks(names, 26) == ""
    assert phrases.of_last_weeks(["learning_speed"], 104, "nl") == ""


def test_unclear_effects_say_between_what():
    """What spans zero widely comes last, with both ends of what is possible."""
    found = {
        "burnout": WIDE,
        "learning_speed": interval(-4.2, -6.1, -2.3),
        "lead_quality": QUALITY,
    }
    text = phrases.headline("Owning the work", found)
    assert (
        "shortens the time to relearn after a market shift by 4 weeks (2 to 6)" in text
    )
    assert text.endswith(
        "Effect on burnout still unclear: between 5 points lower and 6 points higher."
    )
    weeks = {"learning_speed": interval(1, -9, 11)}
    assert phrases.headline("Het", weeks, "nl") == (
        "Het: nog geen duidelijk effect. Effect op de leertijd na een"
        " marktverschuiving nog onduidelijk: tussen 9 weken korter en 11 weken langer."
    )


def test_nothing_compared_is_said():
    """Without any outcome there is one sentence."""
    assert phrases.headline("B", {}) == "Nothing was compared for B."


def test_judgement_knows_which_way_is_good():
    """More burnout is worse, more lead quality better, more meetings only higher."""
    said = {x: phrases.judgement(QUALITY, OUTCOMES[x]) for x in OUTCOMES}
    assert said["lead_quality"] == "better"
    assert said["burnout"] == "worse"
    assert said["meetings"] == "higher"
    burnout = OUTCOMES["burnout"]
    assert phrases.judgement(WIDE, burnout, "nl") == "onduidelijk"
    assert phrases.judgement(BURNOUT, burnout) == "no relevant difference"
    assert phrases.judgement(SLIGHT, burnout) == "slightly better"


def test_units():
    """Shares change in points, money in euros, one lead is not leads."""
    revenue = interval(123456, 100234, 145678)
    money = OUTCOMES["revenue"]
    assert phrases.change(QUALITY, OUTCOMES["burnout"]) == "+11 points (9 to 13)"
    assert phrases.change(revenue, money, "nl") == (
        "+120.000 euro per jaar (100.000 tot 150.000)"
    )
    assert phrases.effect(revenue, money) == (
        "raises revenue by 120,000 euros a year (100,000 to 150,000)"
    )
    lead = phrases.change(interval(-1, -3, 1), OUTCOMES["fitting_leads"])
    assert lead == "−1 lead a week (−3 to 1)"


def test_rounding_keeps_what_the_interval_carries():
    """Digits follow the half-width; an excluded zero stays visible."""
    assert phrases.decimals_carried(interval(0.0612, 0.0411, 0.0822)) == 2
    assert phrases.decimals_carried(interval(1234, 1034, 1434)) == -2
    assert phrases.decimals_carried(interval(2, 0.4, 3.6)) == 1
    assert phrases.decimals_carried(interval(2, -0.4, 4.4)) == 0
    level = phrases.level(interval(0.5149, 0.4911, 0.5311), OUTCOMES["lead_quality"])
    assert level == "51% (49 to 53)"


@pytest.mark.parametrize("noise", [0.0, 1e-12])
def test_without_spread_the_decimals_are_those_of_what_matters(noise):
    """A few worlds that say the same do not carry six decimals, nor do tiny numbers."""

    def told(name, value, write=phrases.change):
        spread = noise * abs(value)
        found = interval(value, value - spread, value + spread, n=3)
        return write(found, OUTCOMES[name])

    assert told("cost", 52_000.0) == "+52,000 euros a year (52,000 to 52,000)"
    assert told("burnout", -6e-6) == "0 points (0 to 0)"
    assert told("burnout", 6e-6) == "0 points (0 to 0)"
    assert told("motivation", -6e-6).endswith("(0.00 to 0.00)")
    assert told("lead_quality", 0.6212, phrases.level) == "62% (62 to 62)"


def test_no_figures_below_a_hundredth_of_what_matters():
    """Many worlds do not make digits that nobody needs."""
    found = interval(0.01234567, 0.01234561, 0.01234573, n=10_000)
    assert phrases.change(found, OUTCOMES["burnout"]) == "+1.23 points (1.23 to 1.23)"


def test_a_narrow_interval_still_carries_its_figures():
    """What is measured finely is told finely, also below what matters."""
    found = interval(0.0031, 0.0028, 0.0034, n=1000)
    assert phrases.change(found, OUTCOMES["burnout"]) == "+0.31 points (0.28 to 0.34)"


@pytest.mark.parametrize(
    ("value", "decimals", "english", "dutch"),
    [
        (1234.5, 1, "1,234.5", "1.234,5"),
        (-1234567.891, 2, "−1,234,567.89", "−1.234.567,89"),
        (-0.04, 1, "0.0", "0,0"),
        (1249, -2, "1,200", "1.200"),
        (math.nan, 3, "unknown", "onbekend"),
        (-math.inf, 0, "−without end", "−zonder einde"),
    ],
)
def test_numbers(value, decimals, english, dutch):
    """Numbers are written as each language does, without a locale."""
    assert phrases.number(value, "en", decimals) == english
    assert phrases.number(value, "nl", decimals) == dutch


@given(st.floats(-1e12, 1e12), st.integers(0, 6))
def test_dutch_numbers_read_back(value, decimals):
    """A Dutch number, read back, is the rounded value."""
    text = phrases.number(value, "nl", decimals)
    assert re.fullmatch(r"−?\d{1,3}(\.\d{3})*(,\d+)?", text)
    read = float(text.replace("−", "-").replace(".", "").replace(",", "."))
    assert read == pytest.approx(round(value, decimals), abs=10.0**-decimals)


@given(ANY, ANY, ANY, OUTCOME, LANGUAGE)
@settings(max_examples=200, deadline=None)
def test_nothing_crashes(estimate, low, high, name, language):
    """Zero, tiny, huge, missing and upside-down numbers all become sentences."""
    found, outcome = interval(estimate, low, high), OUTCOMES[name]
    text = phrases.headline("B", {name: found}, language)
    assert text.startswith("B") or " B " in text or " B." in text
    assert text.endswith(".") and "nan" not in text.split()
    for write in (phrases.change, phrases.level, phrases.effect, phrases.judgement):
        assert write(found, outcome, language)
    assert phrases.quantity(estimate, outcome, language)
    assert phrases.describe("B", {name: found}, language).startswith("B ")
    assert phrases.note(found, language)


def test_lists_of_names():
    """None, one, two and many names read as a list."""
    assert phrases.names([]) == ""
    assert phrases.names(["a"]) == "a"
    assert phrases.names(["a", "b", "c"], "nl", "or") == "a, b of c"


def test_ranking_of_many_scenarios():
    """The best is named with those that may be as good, the many are counted."""
    titles = [f"S{i}" for i in range(20)]
    quality = OUTCOMES["lead_quality"]
    assert phrases.ranking(titles, [3], quality) == (
        "Of twenty scenarios, S3 comes out best on lead quality."
    )
    assert "S3 and S4" not in phrases.ranking(titles, [3, 4], quality)
    dutch = phrases.ranking(titles, [3, 4], quality, "nl")
    assert dutch.endswith("; mogelijk even goed: S4.")
    many = phrases.ranking(titles, range(9), quality)
    assert many.endswith("S4 and four others may be as good.")
    assert phrases.ranking(titles, range(20), quality) == (
        "None of the twenty scenarios is clearly best on lead quality."
    )
    assert phrases.ranking(titles[:1], [0], quality).startswith("There is one scenario")
    assert phrases.ranking([], [], quality).startswith("There are no scenarios")


def test_describe_and_note():
    """One scenario is described by its levels, and the note says what they are."""
    text = phrases.describe("Now", {"lead_quality": interval(0.51, 0.49, 0.53)}, "nl")
    assert text == "Now eindigt met de leadkwaliteit op 51% (49 tot 53)."
    assert phrases.describe("Now", {}) == "Nothing was measured for Now."
    assert "over 50 simulated worlds (2 without" in phrases.note(
        interval(1, 0, 2, 50, 2)
    )
    assert "Simulatie, geen voorspelling" in phrases.note(interval(1, 0, 2), "nl")


def test_unknown_language_is_refused():
    """Another language is an error that names those there are."""
    with pytest.raises(ValueError, match="'fr' is not one of en, nl"):
        phrases.say("and", "fr")
