"""The method in words: steps, equations, limits, assumptions and the glossary."""

from collections.abc import Mapping

import pandas as pd

from app.language import Language, mark
from forecast.priors import FamilyPrior

STEPS = (
    mark("**Read.** Every figure is kept as printed, with its wording (“more than”, “nearly”) and its digits: each means a range, not a point."),
    mark("**Put together.** Levels, growth rates, shares and multiples of one place are solved together into yearly levels, each with its "
         "uncertainty. Misprints and contradictions are ruled on, openly."),
    mark("**Learn growth.** One to three years of one place tell little. Figures that grow alike (contracts and revenue; people and firms; "
         "foreign investment) share a common boom that fades, and each place departs from it a little."),
    mark("**Simulate.** Thousands of possible futures are drawn, good and bad years for all places together and for each alone."),
    mark("**Compare.** The odds of a target are the share of futures that reach it by its year. Only what had been published when the target "
         "was stated is used, unless you choose otherwise."),
)  # fmt: skip
EQUATIONS = (
    (mark("Log growth of a place in a year: a long-run mean, the common boom of its family, a lasting and a passing difference of the place."),
     r"g_{c,t} = m + F_t + d_c + a_{c,t}"),
    (mark("The boom fades by a factor each year and is hit by shocks that all places share; the passing difference does the same for one place."),
     r"F_{t+1} = \lambda F_t + \varepsilon_{t+1}, \; a_{c,t+1} = \varphi\, a_{c,t} + \eta_{c,t+1}"),
    (mark("The level after some years is the last known one, carried on by growth, with the noise of a single year."),
     r"\ln L_{c,T+h} = \ln L_{c,T} + \sum_{j=1}^{h} g_{c,T+j} + v_{c,T+h}"),
    (mark("The odds of a target are a share of N futures; the error of that count is the ± beside it."),
     r"P = \frac{1}{N}\sum_{n=1}^{N} \mathbf{1}\{L^{(n)} \ge \text{target}\}"),
)  # fmt: skip
LIMITS = (
    mark("Most figures are of one year, 2012, at the height of a boom. They cannot tell how fast it fades; that is taken from booms elsewhere and "
         "from judgement, and the range beside the odds shows how much hangs on it."),
    mark("The documents cannot show whether the odds are right: too few years are known twice. The track record says so."),
    mark("Registered contracts and self-declared revenue differ, often five times. A target on one is never judged by the other."),
    mark("Odds are withheld where they would mislead: another basis, no year, a target already passed, growth that nobody ever had."),
    mark("Policies, crises and changes of definition after the last figure are not foreseen. The odds serve planning talks, not bets."),
)  # fmt: skip
WORDS = (
    (mark("Place"), mark("A nation, province, city or park.")),
    (mark("Measure"), mark("What is counted: signed contracts, executed contracts, employees, foreign investment used, …")),
    (mark("Scope"), mark("Which part of it: total, offshore, onshore, a branch.")),
    (mark("Fact"), mark("One stated figure with its wording, digits, source and date.")),
    (mark("Ruling"), mark("A documented judgement on a misprint or a conflict.")),
    (mark("Series"), mark("The yearly levels of one measure of one place, each with an uncertainty.")),
    (mark("Target"), mark("A stated aim with a due year.")),
    (mark("Family"), mark("Measures that grow alike and learn from each other.")),
    (mark("Origin"), mark("The last year known of a series.")),
    (mark("Vintage"), mark("Only what had been published by a date.")),
    (mark("Possible future"), mark("One simulated course of the coming years.")),
    (mark("Odds"), mark("The share of possible futures in which a target is met.")),
    (mark("Proxy"), mark("The nearest figure there is, where the one aimed at is not known.")),
)


def glossary(language: Language) -> pd.DataFrame:
    """Return the words and what they mean."""
    return pd.DataFrame(
        [(language.say(word), language.say(meaning)) for word, meaning in WORDS],
        columns=[language.say("Word"), language.say("Meaning")],
    )


def priors(by_family: Mapping[str, FamilyPrior], language: Language) -> pd.DataFrame:
    """Return every assumption of every family with its origin."""
    say = language.say
    return pd.DataFrame(
        [
            {
                say("Family"): language.word("family", family),
                say("Assumption"): language.word("assumption name", one.name),
                say("Value"): f"{one.value:.3g}" + (f" ± {one.sd:.3g}" if one.sd else ""),
                say("Taken from"): language.word("assumption origin", one.origin),
                say("Why"): language.word("assumption reason", one.reason),
            }
            for family, prior in by_family.items()
            for one in prior.assumptions
        ]
    )
