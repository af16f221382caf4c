"""What is said about one target, in one plain sentence."""

from app.numbers import amount, error_in_hundred, in_hundred, percent
from scenarios import TargetAssessment

ACRONYMS = {"ito", "bpo", "kpo", "it", "cmm", "cmmi", "cmmi3", "cmmi5", "usd", "cny"}


def measure_words(measure: str, scope: str, names: dict[str, str]) -> str:
    """Name what is counted: 'offshore signed outsourcing contracts'."""
    name = names.get(measure, measure.replace("_", " "))
    words = " ".join(word.upper() if word in ACRONYMS else word for word in scope.split("_"))
    return name if scope == "total" else f"{words} {name}"


def series_words(key: str, names: dict[str, str]) -> str:
    """Name a series by its key: "Xi'an, outsourcing exports (USD)"."""
    place, measure, scope, unit = key.split("|")
    money = f" ({unit})" if unit in ("USD", "CNY", "HKD") else ""
    return f"{place}, {measure_words(measure, scope, names)}{money}"


def aim_words(assessment: TargetAssessment, names: dict[str, str]) -> str:
    """Say what is aimed at: 'USD 15 billion of signed outsourcing contracts'."""
    what = measure_words(assessment.measure, assessment.scope, names)
    if assessment.value is None:
        return what
    value = amount(assessment.value, assessment.unit)
    if assessment.value_high is not None:
        value += f" to {amount(assessment.value_high, assessment.unit)}"
    if assessment.kind == "average_growth":
        return f"{value} average growth a year of {what}"
    if assessment.kind == "multiple":
        return f"a {assessment.value:g}-fold rise of {what}"
    if assessment.kind == "share":
        return f"a share of {value} in {what}"
    joiner = " of " if assessment.unit in ("USD", "CNY", "HKD") else " "
    return f"{value}{joiner}{what}"


def target_sentence(assessment: TargetAssessment, names: dict[str, str]) -> str:
    """Tell the odds of a target with both uncertainties and the growth it needs, or why no odds are given."""
    aim = aim_words(assessment, names)
    by = f" by {assessment.due}" if assessment.due else ""
    if assessment.status != "assessed" or assessment.probability is None:
        return f"{assessment.place}, {aim}{by}: no odds are given: {plain_reason(assessment.reason)}."
    low, high = in_hundred(assessment.probability_low or 0.0), in_hundred(assessment.probability_high or 0.0)
    if assessment.data_weight == 0:
        odds = (
            f"in {low} to {high} of 100 futures as growth assumptions vary (a range only: one year is known of {assessment.place}, "
            "its growth is that of comparable places)"
        )
    else:
        odds = (
            f"in {in_hundred(assessment.probability)} of 100 futures (±{error_in_hundred(assessment.probability_error or 0.0)}; "
            f"between {low} and {high} as growth assumptions vary)"
        )
    needs = f"it needs {percent(assessment.required_growth)} a year"
    had = "" if assessment.observed_growth is None else f", it had {percent(assessment.observed_growth)} last"
    stale = "; the last known figure was old when the target was stated" if assessment.stale else ""
    return f"{assessment.place} meets {aim}{by} {odds}; {needs}{had}{stale}."


def plain_reason(reason: str | None) -> str:
    """Fit a reason into a sentence."""
    return (reason or "no series measures it").rstrip(".")
