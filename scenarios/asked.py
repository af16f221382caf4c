"""What a vintage is asked: each stated target made an aim of the series that measures it, or the reason why that cannot be done."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from math import exp, inf, isnan

from data import Catalogue, InputFault, Target
from data.sentences import phrased
from forecast.belief import Belief
from forecast.currency import MONEY, conversion
from forecast.episodes import class_growth, episodes, episodes_elsewhere
from forecast.gates import gate_of_record
from forecast.routing import own_weight
from scenarios.aims import PATH_KINDS, Aim, aimed_log_level, base_year, change_of, ends_of, growth_readings, middle_of, path_aim
from scenarios.assessment import LATEST, TargetAssessment, blank_assessment
from scenarios.fields import UNITS
from scenarios.path_aims import PathAim

ANOTHER_BASIS_RATIO, ANOTHER_BASIS_YEARS = 3.0, 3  # METHOD D0.8
STALE_YEARS = 2


@dataclass(frozen=True, eq=False)
class Asked:
    """The targets of one vintage: what is known of each before any simulation, and what is to be simulated, by target.

    `stated` holds each target with the value that its odds are for, `others` its aims on alternative series, `ends` those at the ends of a
    loosely worded figure, `readings` what else its growth may mean.
    """

    answers: list[TargetAssessment] = field(default_factory=list)
    stated: dict[str, Target] = field(default_factory=dict)
    aims: dict[str, Aim | PathAim] = field(default_factory=dict)
    others: dict[str, list[Aim | PathAim]] = field(default_factory=dict)
    ends: dict[str, list[Aim | PathAim]] = field(default_factory=dict)
    readings: dict[str, dict[str, PathAim]] = field(default_factory=dict)

    def every(self) -> list[Aim | PathAim]:
        """All aims, target by target."""
        found: list[Aim | PathAim] = []
        for target, aim in self.aims.items():
            found += [aim, *self.others[target], *self.ends[target], *self.readings[target].values()]
        return found


def gather(catalogue: Catalogue, belief: Belief, rows: Sequence[Target]) -> Asked:
    """Turn the targets of one vintage into aims, or say why that cannot be done.

    Raises
    ------
    InputFault
        If a target of the user's is due at or before the last year known of its series.
    """
    documents = set(catalogue.sources["source"])
    known = catalogue.known_by(belief.vintage)
    asked = Asked()
    for stated in rows:
        row, blank = middle_of(stated), blank_assessment(stated, belief.vintage)
        aim, answer = aim_of(row, blank, belief, known)
        if answer.status == "due_passed" and row.source not in documents:
            raise InputFault(
                phrased(
                    "{file}, row {row:.0f}: the target {target} is due in {due:.0f}, but its series ends in {year}; a due year after that is needed",
                    file=row.source, row=row.line, target=row.target, due=row.due,
                    year=answer.reason.split()[-1] if answer.reason else "?",
                )
            )  # fmt: skip
        asked.answers.append(answer)
        if aim is None:
            continue
        second = [
            aim_of(row, blank.with_fields(assessed_by=name), belief, known)[0] for name in row.alternatives.split(";") if name
        ]
        ends = [level_of(end, blank.with_fields(assessed_by=str(aim.one.key)), belief, known)[0] for end in ends_of(stated)]
        asked.stated[row.target], asked.aims[row.target] = row, aim
        asked.others[row.target] = [other for other in second if other is not None]
        asked.ends[row.target] = [end for end in ends if isinstance(end, Aim | PathAim)]
        asked.readings[row.target] = growth_readings(row, aim) if isinstance(aim, Aim) else {}
    return asked


def aim_of(row: Target, blank: TargetAssessment, belief: Belief, known: Catalogue) -> tuple[Aim | PathAim | None, TargetAssessment]:
    """Turn a target into an aim whose odds can be given, or say why that cannot be done."""
    aim, blank = level_of(row, blank, belief, known)
    if aim is None:
        return None, blank
    one = aim.one
    weight = own_weight(belief, one, aim.horizon)
    seen = {
        "required_growth": aim.required_growth,
        "observed_growth": one.series.last_growth(),
        "data_weight": weight,
        "stale": int(belief.vintage[:4]) - one.series.origin > STALE_YEARS if belief.vintage < LATEST else False,
        **record(belief, aim),
    }
    why = why_withheld(row, aim, belief, weight)
    if why:
        instead = class_growth(belief.family_of(one), aim.horizon, aim.required_growth)
        return None, blank.with_fields(status="withheld", reason=why, reference_class=[asdict(told) for told in instead], **seen)
    said = "; ".join(part for part in (row.reason, aim.assumed) if part)
    return aim, blank.with_fields(status="assessed", reason=said or None, **seen)


def level_of(
    row: Target, blank: TargetAssessment, belief: Belief, known: Catalogue
) -> tuple[Aim | PathAim | None, TargetAssessment]:  # fmt: skip
    """Find the series that measures a target and what it must reach, or say why none does."""

    def refused(status: str, reason: str, **more: object) -> tuple[None, TargetAssessment]:
        return None, blank.with_fields(status=status, reason=reason, **more)

    if isnan(row.value) or row.unit == "":
        return refused("not_quantified", row.reason or "no figure is stated")
    name = blank.assessed_by or (default_series(row) if row.match == "exact" else None)
    if name is None:
        return refused("no_baseline", row.reason or "no series measures it")
    units = MONEY if row.unit in MONEY else UNITS if names_no_unit(row) else ()
    candidates = (name, *("|".join((*name.split("|")[:3], unit)) for unit in units))
    one = next((found for candidate in candidates if (found := belief.find(candidate))), None)
    if one is None:
        return refused("no_baseline", f"no level of {name} is known in this vintage", assessed_by=None, match="none")
    blank = blank.with_fields(assessed_by=str(one.key))
    if isnan(row.due):
        required = row.value if row.kind == "average_growth" else None
        instead = [asdict(told) for told in class_growth(belief.family_of(one), None, required)]
        reason = row.withheld or "no year is stated by which it should be reached"
        return refused("withheld", reason, required_growth=required, reference_class=instead)
    due, origin, rates = int(row.due), one.series.origin, known.exchange_rates
    if due <= origin:
        return refused("due_passed", f"it was due by {due}; its series ends in {origin}")
    money = row.unit if row.unit in MONEY else one.key.unit
    rate = conversion(rates, one.key.unit, money, row.source, until=due) if one.key.unit in MONEY else None
    if one.key.unit in MONEY and rate is None:
        return refused("no_baseline", f"no exchange rate between {one.key.unit} and {row.unit} is known in this vintage")
    if row.kind in PATH_KINDS:
        told = path_aim(row, one, due, belief, known, rate)
        return (told, blank) if isinstance(told, PathAim) else refused("no_baseline", told)
    log_level, assumed = aimed_log_level(row, one, due, rate.log_rate if rate else 0.0)
    if log_level is None:
        return refused("no_baseline", row.reason or assumed)
    years = due - base_year(row, one) if row.kind == "average_growth" else 0
    return Aim(row.target, one, due, log_level, rate, assumed, change_of(row, years)), blank


def why_withheld(row: Target, aim: Aim | PathAim, belief: Belief, weight: float) -> str | None:
    """Say why the odds of a target would mislead (METHOD D0.8, D10); None if they would not."""
    if row.withheld:
        return "; ".join(part for part in (row.withheld, row.reason) if part)
    origin, before = aim.one.series.origin, f"{row.reason}; " if row.reason else ""
    if isinstance(aim, Aim):
        ratio = exp(aim.log_level - float(aim.one.series.log_level[-1]))
        if ratio <= 1.0:
            return f"already passed: the last known level, of {origin}, is {1 / ratio:.2f} times the target"
        if ratio > ANOTHER_BASIS_RATIO and aim.horizon <= ANOTHER_BASIS_YEARS:
            several = f"the target is {ratio:.1f} times the level of {origin} within {aim.horizon} years"
            return f"{before}{several}: it must stand on another basis"
    elif aim.already_passed:
        return f"already passed: the years known up to {origin} fill the sum"
    required = aim.required_growth
    thin = gate_of_record(belief, aim.one, -inf if required is None else required, weight)
    return f"{before}{thin}" if thin else None


def record(belief: Belief, aim: Aim | PathAim) -> dict[str, int | None]:
    """Count the episodes of the aim's length in the record and after booms elsewhere, and those that grew at least as fast as it requires."""
    required = aim.required_growth
    counts: dict[str, int | None] = dict.fromkeys(("episodes_as_fast", "episodes", "elsewhere_as_fast", "elsewhere"))
    if required is None:
        return counts
    if (grown := episodes(belief, aim.one, aim.horizon)).size:
        counts |= {"episodes_as_fast": int((grown >= required).sum()), "episodes": grown.size}
    if (after_booms := episodes_elsewhere(belief.family_of(aim.one), aim.horizon, required)) is not None:
        counts |= {"elsewhere_as_fast": after_booms.as_fast, "elsewhere": after_booms.episodes}
    return counts


def names_no_unit(row: Target) -> bool:
    """Tell whether a target does not say in what its series is counted: growth, a multiple, a share or a rank."""
    return row.unit in ("percent", "ratio") or row.kind == "rank"


def default_series(row: Target) -> str:
    """Name the series with the target's own place, measure, scope and unit; in dollars first where it names none."""
    return f"{row.place}|{row.measure}|{row.scope}|{'USD' if names_no_unit(row) else row.unit}"
