"""JSON schemas of what the commands print with `--format json`; a changed field is a new version and an entry in the changelog."""

from typing import Any

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT, NUMBER, SHARE = {"type": "string"}, {"type": "number"}, {"type": "number", "minimum": 0, "maximum": 1}
YEAR = {"type": "integer", "minimum": 1900, "maximum": 2199}
PERIOD = {"type": "string", "pattern": r"^\d{4}(Q[1-4]|-\d{2})?$"}
CHANGE = {"type": "number", "minimum": -1, "maximum": 1}


def open_to_null(schema: Schema) -> Schema:
    """Allow null, which stands where a field is not defined."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(*words: str) -> Schema:
    """Allow these words only."""
    return {"enum": list(words)}


def said(schema: Schema, description: str) -> Schema:
    """Add what a field means."""
    return {**schema, "description": description}


ALTERNATIVE = {
    "type": "object",
    "properties": {
        "assessed_by": said(TEXT, "Another plausible series."),
        "probability": said(SHARE, "P(target) on it."),
        "probability_low": SHARE,
        "probability_high": SHARE,
    },
    "required": ["assessed_by", "probability", "probability_low", "probability_high"],
    "additionalProperties": False,
}
READING = ALTERNATIVE | {
    "properties": {
        "reading": said(TEXT, "What the growth may mean: average over the span, every year, the last year."),
        "probability": SHARE,
        "probability_low": SHARE,
        "probability_high": SHARE,
    },
    "required": ["reading", "probability", "probability_low", "probability_high"],
}
COUNT = {"type": "integer", "minimum": 0}
CLASS_FIELDS: dict[str, Schema] = {
    "of": said(
        one_of("services", "people", "fdi"), "The class: exports, employment or foreign direct investment of other countries."
    ),
    "source": said(TEXT, "Where its figures are from."),
    "years": said({"type": "integer", "minimum": 1}, "Length of the stretches."),
    "starts": said(COUNT, "Calendar years in which they begin."),
    "episodes": said(COUNT, "All stretches."),
    "as_fast": said(
        open_to_null(COUNT), "Those that grew at least as required; null where no such growth is known, or over another span."
    ),
    **{f"q{percent}": said(NUMBER, f"Growth, percent a year: {percent} % quantile.") for percent in (10, 25, 50, 75, 90)},
    "fastest": said(NUMBER, "The fastest of them, percent a year."),
}
CLASS_ROW = {"type": "object", "properties": CLASS_FIELDS, "required": list(CLASS_FIELDS), "additionalProperties": False}
TARGET_FIELDS: dict[str, Schema] = {
    "target": said(TEXT, "Name of the target."),
    "place": TEXT,
    "measure": TEXT,
    "scope": TEXT,
    "due": said(open_to_null(YEAR), "Year by which it should be reached."),
    "value": said(open_to_null(NUMBER), "What is aimed at, in `unit`."),
    "value_high": said(open_to_null(NUMBER), "Upper end of a range."),
    "unit": TEXT,
    "kind": one_of("level", "average_growth", "multiple", "share", "count", "cumulative", "rank"),
    "status": one_of("assessed", "withheld", "no_baseline", "not_quantified", "due_passed"),
    "match": one_of("exact", "proxy", "none"),
    "assessed_by": said(open_to_null(TEXT), "The series that measures it: place|measure|scope|unit."),
    "reason": said(open_to_null(TEXT), "Why there are no odds, or how the target was read."),
    "probability": said(open_to_null(SHARE), "Share of futures in which the target is met."),
    "probability_error": said(open_to_null(SHARE), "Its Monte Carlo error."),
    "probability_low": said(open_to_null(SHARE), "10 % quantile over plausible parameters."),
    "probability_high": said(open_to_null(SHARE), "90 % quantile over plausible parameters."),
    "median": said(open_to_null(NUMBER), "Median level in the due year, in `unit`."),
    "q10": open_to_null(NUMBER),
    "q90": open_to_null(NUMBER),
    "required_growth": said(open_to_null(NUMBER), "Percent a year from the origin to the target."),
    "observed_growth": said(open_to_null(NUMBER), "Percent a year, the last known."),
    "extra_growth_50": said(open_to_null(NUMBER), "Percentage points a year to be added for even odds."),
    "extra_growth_80": said(open_to_null(NUMBER), "Percentage points a year to be added for four in five."),
    "first_likely_year": said(open_to_null(YEAR), "First year in which it is likelier than not."),
    "data_weight": said(open_to_null(SHARE), "1: own data alone, 0: the family's alone."),
    "vintage": said(open_to_null(TEXT), "Only what had been published by this date was used; 'latest': everything."),
    "stale": said(
        open_to_null({"type": "boolean"}), "The last known figure was more than two years old when the target was stated."
    ),
    "alternatives": {"type": "array", "items": ALTERNATIVE},
    "source": TEXT,
    "line": open_to_null({"type": "integer", "minimum": 1}),
    "printed": said(TEXT, "The figure as printed."),
    "source_change": said(open_to_null(CHANGE), "Largest change of the probability when one source is dropped."),
    "source_dropped": said(open_to_null(TEXT), "That source."),
    "probability_lower_value": said(open_to_null(SHARE), "P(target) at the lower end of a loosely worded figure."),
    "probability_upper_value": said(open_to_null(SHARE), "P(target) at its upper end."),
    "readings": {"type": "array", "items": READING},
    "expected_shortfall": said(open_to_null(NUMBER), "Percent below the target, on average over the futures that miss it."),
    "episodes_as_fast": said(open_to_null(COUNT), "Stretches of as many years in the record that grew at least as required."),
    "episodes": said(open_to_null(COUNT), "All such stretches."),
    "warnings": {"type": "array", "items": TEXT},
    "elsewhere_as_fast": said(
        open_to_null(COUNT), "Stretches of as many years after booming years in other countries that grew at least as required."
    ),
    "elsewhere": said(open_to_null(COUNT), "All such stretches: the reference class of the family."),
    "reference_class": said(
        {"type": "array", "items": CLASS_ROW},
        "In place of withheld odds: how the reference class grew over that span; empty otherwise.",
    ),
}
QUANTILES = ("025", *(f"{percent:02d}" for percent in range(5, 100, 5)), "975")
FORECAST_FIELDS: dict[str, Schema] = {
    "place": TEXT,
    "measure": TEXT,
    "scope": TEXT,
    "unit": TEXT,
    "period": said(PERIOD, "Year, quarter (2012Q3) or month (2012-09)."),
    "mean": open_to_null(NUMBER),
    **{f"q{digits}": said(open_to_null(NUMBER), f"0.{digits} quantile.") for digits in QUANTILES},
    "observed": said(open_to_null(NUMBER), "The level, of a period that is known."),
    "model": TEXT,
}


def record_schema(fields: dict[str, Schema]) -> Schema:
    """Describe a record with these fields, all of them and no others."""
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


def records_of(fields: dict[str, Schema]) -> Schema:
    """Describe a list of records."""
    return {"type": "array", "items": record_schema(fields)}


COUNTED = open_to_null(SHARE)
SWING_FIELDS: dict[str, Schema] = {
    "thing": TEXT,
    "kind": one_of("belief", "coming", "lever", "assumption"),
    "unit": said(TEXT, "Of `low` and `high`."),
    "low": said(open_to_null(NUMBER), "10 % point; null where a term is left out."),
    "high": said(open_to_null(NUMBER), "90 % point; null where a term is there."),
    "probability_at_low": SHARE,
    "error_at_low": SHARE,
    "probability_at_high": SHARE,
    "error_at_high": SHARE,
    "swing": said(CHANGE, "The second less the first."),
    "swing_error": SHARE,
}
VARIANCE_FIELDS: dict[str, Schema] = {
    "group": said(TEXT, "Random numbers that are known or not together."),
    "outcome": one_of("level", "met"),
    "first": said(NUMBER, "Share of the variance that knowing the group takes away."),
    "first_low": said(NUMBER, "95 % interval."),
    "first_high": NUMBER,
    "total": said(NUMBER, "Share that is left when all others are known."),
    "total_low": NUMBER,
    "total_high": NUMBER,
}
CONDITION_FIELDS: dict[str, Schema] = {"thing": TEXT, "unit": TEXT, "low": open_to_null(NUMBER), "high": open_to_null(NUMBER)}
MISSES_FIELDS: dict[str, Schema] = {
    "sentence": TEXT,
    "missed": said(SHARE, "Share of all futures that miss the target."),
    "conditions": records_of(CONDITION_FIELDS),
    "density": said(COUNTED, "Share of the futures under these conditions that miss it."),
    "density_error": COUNTED,
    "coverage": said(COUNTED, "Share of all misses that lie under these conditions."),
    "coverage_error": COUNTED,
    "size": said(COUNTED, "Share of all futures that are under these conditions."),
}
FIGURE_FIELDS: dict[str, Schema] = {
    "place": TEXT,
    "measure": TEXT,
    "scope": TEXT,
    "unit": TEXT,
    "year": YEAR,
    "why": one_of("next", "earlier", "place", "family"),
    "change": said(SHARE, "Expected absolute change of the probability when the figure becomes known."),
    "change_error": SHARE,
    "variance_removed": said(SHARE, "Expected fall of the variance of met or not."),
    "variance_removed_error": SHARE,
    "variance_share": said(SHARE, "Share of that variance."),
}
SENSITIVITY_FIELDS: dict[str, Schema] = {
    "target": TEXT,
    "scenario": TEXT,
    "series": said(TEXT, "The series that measures it: place|measure|scope|unit."),
    "due": YEAR,
    "probability": SHARE,
    "probability_error": SHARE,
    "data_weight": said(
        SHARE, "1: own data alone, 0: the family's alone; then the level of the odds would mislead, and swings do not."
    ),
    "swings": records_of(SWING_FIELDS),
    "variance_shares": records_of(VARIANCE_FIELDS),
    "misses": records_of(MISSES_FIELDS),
    "figures": records_of(FIGURE_FIELDS),
    "notes": {"type": "array", "items": TEXT},
}
Outputs = dict[str, tuple[int, str, dict[str, Schema]]]
OUTPUTS: Outputs = {
    "targets": (3, "A record a target, as printed by `sourcecast targets --format json`.", TARGET_FIELDS),
    "forecast": (1, "A record a series and period, as printed by `sourcecast forecast --format json`.", FORECAST_FIELDS),
    "sensitivity": (1, "One object, as printed by `sourcecast sensitivity --format json`.", SENSITIVITY_FIELDS),
}
ONE_OBJECT = ("sensitivity",)


def headed(name: str, version: int, description: str, schema: Schema) -> Schema:
    """Give a schema its name, whose `$id` ends in the version."""
    head = {"$schema": DIALECT, "$id": f"urn:sourcecast:schema:{name}:{version}", "title": f"Sourcecast {name}"}
    return {**head, "description": description, **schema}


def output_schema(name: str, outputs: Outputs = OUTPUTS) -> Schema:
    """Return the JSON schema of one of `outputs`: a list of records, or a single one."""
    version, description, fields = outputs[name]
    return headed(name, version, description, record_schema(fields) if name in ONE_OBJECT else records_of(fields))
