"""The ledger of rulings beside what the checks find: every finding needs a ruling, and no ruling outlives its finding."""

from dataclasses import dataclass

from data.arithmetic import Finding, arithmetic_findings
from data.catalogue import Catalogue
from data.outliers import outlier_findings
from data.records import Fact, Target, records

READING = "reading"  # in the column `finding`: a doubt that only a reader of the sentence can have


@dataclass(frozen=True)
class Ruling:
    """One judgement with the figure it is about.

    Attributes
    ----------
    about : str
        Id of the fact or target.
    verdict : str
        keep, correct (another value is used), exclude (not used) or widen (used with less trust).
    evidence : tuple of str
        Ids of the other facts that it rests on.
    findings : tuple of str
        Names of the computed findings that it answers; empty for a doubt about a sentence.
    """

    ruling: str
    about: str
    verdict: str
    place: str
    measure: str
    scope: str
    period: str
    printed: str
    corrected_value: float | None
    source: str
    line: int
    reason: str
    evidence: tuple[str, ...]
    findings: tuple[str, ...]


def findings(catalogue: Catalogue) -> list[Finding]:
    """Recompute everything that the checks find between the facts."""
    return [*arithmetic_findings(catalogue), *outlier_findings(catalogue)]


def rulings(catalogue: Catalogue) -> list[Ruling]:
    """Return the ledger, each ruling with the figure it is about."""
    subjects: dict[str, Fact | Target] = {fact.fact: fact for fact in records(catalogue.facts, Fact)}
    subjects |= {target.target: target for target in records(catalogue.targets, Target)}
    ledger = []
    for row in catalogue.rulings.to_dict("records"):
        about = subjects.get(row["fact"] or row["target"])
        if about is None:  # without the bundled facts
            continue
        ledger.append(
            Ruling(
                row["ruling"],
                row["fact"] or row["target"],
                row["verdict"],
                about.place,
                about.measure,
                about.scope,
                about.period if isinstance(about, Fact) else f"{about.due:.0f}",
                about.printed,
                row["corrected_value"] if row["verdict"] == "correct" else None,
                about.source,
                int(about.line),
                row["reason"],
                tuple(name for name in row["evidence"].split(";") if name),
                answered(row["finding"]),
            )
        )
    return ledger


def answered(names: str) -> tuple[str, ...]:
    """Return the findings named in a cell of the ledger."""
    return () if names == READING else tuple(names.split(";"))


def ruling_faults(catalogue: Catalogue, computed: list[Finding]) -> list[str]:
    """List findings without a ruling, rulings whose finding is gone, and names that point nowhere."""
    ledger = catalogue.rulings
    found = {one.finding: one for one in computed}
    ruled = {name for names in ledger["finding"] for name in answered(names)}
    faults = [
        f"new finding {name}: {one.text}; rulings.csv has no ruling on it" for name, one in found.items() if name not in ruled
    ]
    faults += [f"rulings.csv: the finding {name!r} is no longer there" for name in sorted(ruled - set(found))]
    facts, targets = set(catalogue.facts["fact"]), set(catalogue.targets["target"])
    faults += [f"rulings.csv: unknown fact {fact!r}" for fact in ledger["fact"] if fact and fact not in facts]
    faults += [f"rulings.csv: unknown target {target!r}" for target in ledger["target"] if target and target not in targets]
    evidence = [name for names in ledger["evidence"] for name in names.split(";") if name]
    return faults + [f"rulings.csv: unknown evidence {name!r}" for name in evidence if name not in facts]
