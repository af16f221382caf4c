"""The facts behind a belief, so that it can be formed again without some of them, solving and pooling only what they touch."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from types import MappingProxyType

from data import Catalogue, Fact
from data.records import records
from forecast.belief import UNKNOWN_FAMILY, Belief, family_belief, series_belief
from forecast.equations import Context, context_of
from forecast.pooling import Witnesses, conclude, hear, replaced
from forecast.reconstruction import reconstruct_facts
from forecast.series import SeriesKey
from forecast.siblings import siblings_by_measure

Quantity = tuple[str, str]  # place and measure


@dataclass(frozen=True, eq=False)
class Evidence:
    """The facts of one vintage and the belief that rests on them.

    Attributes
    ----------
    group : dict
        For each place and measure the first of those that share equations with it: they are solved together.
    groups : dict
        The facts of all that is solved together, by that first one.
    heard : dict
        For each family what its series say.
    """

    belief: Belief
    facts: tuple[Fact, ...]
    context: Context
    group: dict[Quantity, Quantity]
    groups: dict[Quantity, list[Fact]]
    heard: dict[str, Witnesses]

    def without(self, left_out: Collection[Fact], keys: Collection[SeriesKey]) -> Belief:
        """Return what would be believed about some series had these facts not been stated; a series that no level is left of is missing.

        The belief is that of `believe` without the facts, to rounding, but holds only `keys` and their families. Rulings stay: they are
        judgements about other facts.
        """
        touched = {self.group[fact.place, fact.measure] for fact in left_out}
        names = {fact.fact for fact in left_out}
        rest = [fact for group in sorted(touched) for fact in self.groups[group] if fact.fact not in names]
        solved = reconstruct_facts(rest, self.context)
        families, members, siblings = {}, [], {}
        for name in sorted({self.context.family[key.measure] for key in keys}):
            heard = self.heard[name]
            changed = [n for n, one in enumerate(heard.series) if self.group[one.key.place, one.key.measure] in touched]
            instead = [one for one in solved if self.context.family[one.key.measure] == name]
            if len(changed) == len(heard.series) and not instead:
                continue
            pooled = conclude(replaced(heard, changed, instead))
            families[name] = family_belief(pooled, heard.prior)
            members += [
                series_belief(one, pooled.member(number), pooled)
                for number, one in enumerate(pooled.witnesses.series)
                if one.key in keys
            ]
            if name == UNKNOWN_FAMILY:
                siblings = siblings_by_measure(pooled.witnesses.series)
        ordered = tuple(sorted(members, key=lambda one: one.key))
        return replace(self.belief, families=MappingProxyType(families), series=ordered, siblings=MappingProxyType(siblings))


def evidence_of(catalogue: Catalogue, belief: Belief) -> Evidence:
    """Gather the facts of the vintage of a belief; the catalogue is the one that it was formed from."""
    known = catalogue.known_by(belief.vintage)
    context = context_of(known)
    facts = tuple(fact for fact in records(known.facts, Fact) if context.family.get(fact.measure))
    heard = {
        name: hear([one.series for one in belief.series if one.family == name], belief.nations, belief.priors[name])
        for name in belief.families
    }
    group = solved_together(facts, context)
    groups: dict[Quantity, list[Fact]] = defaultdict(list)
    for fact in facts:
        groups[group[fact.place, fact.measure]].append(fact)
    return Evidence(belief, facts, context, group, groups, heard)


def solved_together(facts: Iterable[Fact], context: Context) -> dict[Quantity, Quantity]:
    """Group places and measures: all scopes of one are solved together, and a share with what it is a share of."""
    group: dict[Quantity, set[Quantity]] = {}
    for fact in facts:
        own = (fact.place, fact.measure)
        whole = context.whole(fact) if fact.kind == "share" else None
        joined = {own} if whole is None else {own, whole[:2]}
        merged = joined.union(*(group.get(one, set()) for one in joined))
        group |= dict.fromkeys(merged, merged)
    return {one: min(together) for one, together in group.items()}
