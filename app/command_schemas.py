"""JSON schemas of what the smaller commands print with `--format json`; those of targets and forecasts stand in `output_schemas.py`."""

from app.output_schemas import (
    CHANGE,
    COUNT,
    FORECAST_FIELDS,
    NUMBER,
    SHARE,
    TARGET_FIELDS,
    TEXT,
    YEAR,
    Outputs,
    Schema,
    one_of,
    open_to_null,
    record_schema,
    said,
)  # fmt: skip

TEXTS = {"type": "array", "items": TEXT}
SERIES = dict.fromkeys(("place", "measure", "scope", "unit"), TEXT)
LEVEL_FIELDS: dict[str, Schema] = {
    **{name: one for name, one in FORECAST_FIELDS.items() if name not in ("observed", "model")},
    "warnings": said(TEXTS, "Levers that lead growth out of the record."),
}
PART = record_schema(
    {
        "section": one_of("levers", "assumptions"),
        "term": TEXT,
        "part": said(CHANGE, "Its share of the whole change."),
        "error": open_to_null(NUMBER),
        "alone": said(CHANGE, "The change by it alone."),
    }
)
COMPARISON_FIELDS: dict[str, Schema] = {
    "scenario": TEXT,
    **{
        name: TARGET_FIELDS[name]
        for name in ("target", "place", "measure", "scope", "due", "value", "unit", "probability", "probability_error")
    },
    "difference": said(open_to_null(CHANGE), "Against the first scenario."),
    "difference_error": said(open_to_null(NUMBER), "Error of the mean of paired differences."),
    "baseline": open_to_null(SHARE),
    "baseline_assumed": said(open_to_null(SHARE), "The assumptions without the levers."),
    "levers_alone": open_to_null(SHARE),
    "parts": {"type": "array", "items": PART},
    "interaction": said(open_to_null(CHANGE), "What the whole change has beyond the sum of what each term does alone."),
    "data_weight": TARGET_FIELDS["data_weight"],
    "warnings": TEXTS,
}
SOLUTION_FIELDS: dict[str, Schema] = {
    "target": TEXT,
    "lever": TEXT,
    "amount": said(open_to_null(NUMBER), "In `unit`; null where no amount suffices."),
    "unit": TEXT,
    "probability": said(SHARE, "Of a fresh simulation with another seed and the amount found."),
    "probability_error": SHARE,
    "wanted": SHARE,
    "amount_low": said(open_to_null(NUMBER), "Its odds lie two Monte Carlo errors below the wanted ones."),
    "amount_high": said(open_to_null(NUMBER), "Its odds lie two Monte Carlo errors above."),
    "baseline": said(SHARE, "The odds without the lever."),
    "answer": TEXT,
}
JOINT_FIELDS: dict[str, Schema] = {
    "vintage": TEXT,
    "place": said(open_to_null(TEXT), "The place that meets all its targets; null for numbers of places."),
    "places_met": said(open_to_null(COUNT), "How many places meet all theirs."),
    "targets": COUNT,
    **dict.fromkeys(("probability", "probability_error", "probability_low", "probability_high"), SHARE),
    "product": said(open_to_null(SHARE), "The odds if the targets did not hang together."),
}
RULES = ("naive", "drift", "last_growth", "pooled_mean")
BACKTEST_FIELDS: dict[str, Schema] = {
    "hidden": said(TEXT, "What was hidden: years, places, or the reference panel."),
    "model": TEXT,
    "group": TEXT,
    "value": open_to_null(TEXT),
    **{name: open_to_null(COUNT) for name in ("n", "years")},
    **{name: open_to_null(NUMBER) for name in ("crps", "log_score", "interval_score_80", "interval_score_95")},
    **{f"coverage_{level}{end}": open_to_null(SHARE) for level in ("80", "95") for end in ("", "_low", "_high")},
    "pit_p": open_to_null(SHARE),
    "inflation": open_to_null(NUMBER),
    "events": open_to_null(COUNT),
    "brier": open_to_null(SHARE),
    **{f"{what}_{rule}": open_to_null(NUMBER) for rule in RULES for what in ("gain_on", "gain_error_on")},
    "withheld": open_to_null(TEXT),
}
INFLUENCE_FIELDS: dict[str, Schema] = {
    **SERIES,
    "family": TEXT,
    "points": said(COUNT, "Years known."),
    "data_weight": TARGET_FIELDS["data_weight"],
    "growth_change": said(open_to_null(NUMBER), "Points a year by which the family's growth changes without it."),
    "fade_change": open_to_null(NUMBER),
}
LINK_FIELDS: dict[str, Schema] = {
    **dict.fromkeys(("from_measure", "to_measure", "scope"), TEXT),
    "elasticity": said(NUMBER, "Percent more of the second measure in cities with one percent more of the first."),
    "error": said(NUMBER, "Its standard error."),
    "cities": TEXTS,
    **dict.fromkeys(("first_year", "last_year"), YEAR),
    "scatter": said(NUMBER, "Standard deviation of ln of the second measure about the line."),
    "explained": said(SHARE, "Share of its variance that the line explains."),
    "yaml": said(TEXT, "The estimate as an assumption of a scenario file."),
}
LISTING_FIELDS: dict[str, Schema] = {
    "kind": one_of("place", "measure"),
    "name": TEXT,
    "name_zh": TEXT,
    **dict.fromkeys(("facts", "targets", "rulings", "series"), COUNT),
}
KNOWN_FIELDS: dict[str, Schema] = {
    **SERIES,
    "period": {"type": "string", "pattern": r"^\d{4}$"},
    "level": NUMBER,
    "low": said(NUMBER, "Lower end of the 80 % interval."),
    "high": said(NUMBER, "Its upper end."),
    "basis": one_of("stated", "derived"),
    "facts": TEXTS,
    "set_aside": TEXTS,
    "conflicts": TEXTS,
    "chi_square": open_to_null(NUMBER),
    "freedom": COUNT,
}
RULING_FIELDS: dict[str, Schema] = {
    "ruling": TEXT,
    "about": said(TEXT, "A fact or a target."),
    "verdict": one_of("keep", "correct", "exclude", "widen"),
    **dict.fromkeys(("place", "measure", "scope", "period", "printed"), TEXT),
    "corrected_value": open_to_null(NUMBER),
    "source": TEXT,
    "line": open_to_null({"type": "integer", "minimum": 1}),
    "reason": TEXT,
    "evidence": TEXTS,
    "findings": TEXTS,
}
OUTPUTS: Outputs = {
    "simulate": (1, "A record a series and coming year, as printed by `sourcecast simulate --format json`.", LEVEL_FIELDS),
    "compare": (1, "A record a scenario and target, as printed by `sourcecast compare --format json`.", COMPARISON_FIELDS),
    "solve": (1, "One record, as printed by `sourcecast solve --format json`.", SOLUTION_FIELDS),
    "joint": (1, "A record a place or number of places, as printed by `sourcecast targets --joint --format json`.", JOINT_FIELDS),
    "backtest": (1, "A record a model and group, as printed by `sourcecast backtest --format json`.", BACKTEST_FIELDS),
    "influence": (1, "A record a series, as printed by `sourcecast influence --format json`.", INFLUENCE_FIELDS),
    "links": (1, "A record a scope, as printed by `sourcecast links --format json`.", LINK_FIELDS),
    "data-list": (1, "A record a place or measure, as printed by `sourcecast data list --format json`.", LISTING_FIELDS),
    "data-show": (1, "A record a series and year, as printed by `sourcecast data show --format json`.", KNOWN_FIELDS),
    "data-rulings": (1, "A record a ruling, as printed by `sourcecast data rulings --format json`.", RULING_FIELDS),
}
