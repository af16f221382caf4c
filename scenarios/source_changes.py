"""By how much the odds of a target change when one source is dropped (METHOD D8): a figure, or a document with all its figures.

No futures are simulated: both odds, with and without the source, are the closed form of forecast/prediction.py.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from math import log1p

from data import Catalogue, Fact, Target
from forecast.belief import Belief, SeriesBelief
from forecast.evidence import evidence_of
from forecast.routing import answer_auto
from scenarios.aims import Aim, aimed_log_level

MOST_SERIES = 500  # of a vintage; one source among more moves little, and to form all beliefs again without each would take hours
UNCHANGED = 1e-9  # what rounding leaves of a belief formed again

Change = tuple[float | None, str | None]


def source_changes(
    catalogue: Catalogue, belief: Belief, asked: Sequence[tuple[Target, Aim]], extra_growth: float = 0.0
) -> dict[str, Change]:  # fmt: skip
    """Return for each target the largest change of its probability, as a signed share, and the source that was dropped.

    Dropped are, one at a time, the facts that the target's series rests on, and the documents and files of the vintage; the belief is formed
    again without them. A source without which no level of the series is left does not count, as the only document of most series. Both are
    None where no other source matters, and where more than `MOST_SERIES` series are believed in.

    Parameters
    ----------
    catalogue : Catalogue
        The one that the belief was formed from.
    belief : Belief
        Of the vintage.
    asked : sequence of (target, aim)
        Each target with the level that its series must reach.
    extra_growth : float
        Percentage points a year added to the growth of every series.
    """
    if not asked or len(belief.series) > MOST_SERIES:
        return {}
    evidence = evidence_of(catalogue, belief)
    before = {row.target: probability(belief, aim.one, row, aim, extra_growth) for row, aim in asked}
    changes: dict[str, Change] = {row.target: (None, None) for row, _ in asked}
    resting: dict[str, list[tuple[Target, Aim]]] = defaultdict(list)
    for row, aim in asked:
        for fact in aim.one.series.facts:
            resting[fact].append((row, aim))
    sources: dict[str, list[Fact]] = defaultdict(list)
    for one in evidence.facts:
        sources[one.source].append(one)
    drops = [(one.fact, [one], resting[one.fact]) for one in evidence.facts if one.fact in resting]
    drops += [(source, sources[source], list(asked)) for source in sorted(sources)]
    for name, dropped, concerned in drops:
        without = evidence.without(dropped, {aim.one.key for _, aim in concerned})
        for row, aim in concerned:
            left = without.find(str(aim.one.key))
            change = 0.0 if left is None else probability(without, left, row, aim, extra_growth) - before[row.target]
            if abs(change) > max(UNCHANGED, abs(changes[row.target][0] or 0.0)):
                changes[row.target] = (change, name)
    return changes


def probability(belief: Belief, one: SeriesBelief, row: Target, aim: Aim, extra_growth: float) -> float:
    """Return the closed form of the odds that `one`, the series of an aim as it is believed in, reaches what the target asks."""
    rate = aim.conversion
    log_level, _ = aimed_log_level(row, one, aim.due, rate.log_rate if rate else 0.0)
    assert log_level is not None  # noqa: S101  (an aim has a level, and no source changes its kind or unit)
    prediction = answer_auto(belief, one, aim.due).prediction
    if rate:
        doubt = rate.convention_sd**2 + rate.yearly_sd**2 * max(aim.due - rate.rate_year, 0)
        prediction = replace(prediction, variance=prediction.variance + doubt)
    lever = (aim.due - one.series.origin) * log1p(extra_growth / 100)
    return prediction.probability_at_least(log_level - lever, aim.due)
