"""What is said about one stated target: the fields of `sourcecast targets --format json`."""

from dataclasses import asdict, dataclass, field
from math import isnan
from typing import Any

from data import Target

LATEST = "9999-12-31"


@dataclass(frozen=True)
class TargetAssessment:
    """One stated target and what can be said about it; the fields are those of `sourcecast targets --format json`.

    Probabilities are shares; growth is percent a year; extra growth percentage points: p points multiply each year's growth factor by
    (1 + p/100). `median`, `q10` and `q90` are levels of the series in the due year, in the target's unit. `source_change` is the largest
    change of the probability when one source is dropped, and `source_dropped` that source: a fact, or a document or file with all its facts.

    A range, "about" and "nearly" leave the figure open: `probability` is for its middle, `probability_lower_value` and
    `probability_upper_value` for its ends. `readings` are the odds of a growth target by what its growth may mean, the first the one
    assumed. `expected_shortfall`: percent below the target, on average over the futures that miss it. `episodes` counts the stretches of as
    many years in the record of the family, `episodes_as_fast` those that grew at least as required; `elsewhere` and `elsewhere_as_fast` are
    the same of the reference class, after booms of other countries. `reference_class` stands in place of withheld odds, empty otherwise: how
    that class grew over the same span (fields of `forecast.episodes.Elsewhere`), or over several where no year is stated. `source_change`
    and `source_dropped` are told of the baseline alone.
    `warnings` are those of levers that lead the series of the target out of the record.
    """

    target: str
    place: str
    measure: str
    scope: str
    due: int | None
    value: float | None
    value_high: float | None
    unit: str
    kind: str
    status: str
    match: str
    assessed_by: str | None
    reason: str | None
    probability: float | None = None
    probability_error: float | None = None
    probability_low: float | None = None
    probability_high: float | None = None
    median: float | None = None
    q10: float | None = None
    q90: float | None = None
    required_growth: float | None = None
    observed_growth: float | None = None
    extra_growth_50: float | None = None
    extra_growth_80: float | None = None
    first_likely_year: int | None = None
    data_weight: float | None = None
    vintage: str | None = None
    stale: bool | None = None
    alternatives: list[dict[str, float | str]] = field(default_factory=list)
    source: str = ""
    line: int | None = None
    printed: str = ""
    source_change: float | None = None
    source_dropped: str | None = None
    probability_lower_value: float | None = None
    probability_upper_value: float | None = None
    readings: list[dict[str, float | str]] = field(default_factory=list)
    expected_shortfall: float | None = None
    episodes_as_fast: int | None = None
    episodes: int | None = None
    warnings: list[str] = field(default_factory=list)
    elsewhere_as_fast: int | None = None
    elsewhere: int | None = None
    reference_class: list[dict[str, Any]] = field(default_factory=list)

    def with_fields(self, **more: Any) -> "TargetAssessment":
        """Return the assessment with some fields filled in.

        Raises
        ------
        TypeError
            If there is no such field.
        """
        if unknown := more.keys() - vars(self).keys():
            raise TypeError(f"no fields of an assessment: {', '.join(sorted(unknown))}")
        filled = object.__new__(TargetAssessment)  # a frozen class of so many fields takes ten times as long to make anew
        filled.__dict__.update(vars(self), **more)
        return filled

    def as_record(self) -> dict[str, object]:
        """Return the fields as a dictionary in their fixed order."""
        return asdict(self)


def blank_assessment(row: Target, vintage: str) -> TargetAssessment:
    """Copy a target's own columns; everything to be computed stays empty."""
    return TargetAssessment(
        row.target, row.place, row.measure, row.scope, whole(row.due), number(row.value), number(row.value_high), row.unit, row.kind,
        "no_baseline", row.match or "none", row.assessed_by or None, row.reason or None,
        vintage=vintage if vintage < LATEST else "latest", source=row.source, line=whole(row.line), printed=row.printed,
    )  # fmt: skip


def number(value: float) -> float | None:
    """Return None for NaN."""
    return None if isnan(value) else float(value)


def whole(value: float) -> int | None:
    """Return an integer, None for NaN."""
    return None if isnan(value) else int(value)
