"""What is said about one target."""

from dataclasses import replace

import pytest

from app.sentences import aim_words, measure_words, series_words, target_sentence
from scenarios import TargetAssessment

NAMES = {"contract_value_signed": "signed outsourcing contracts", "employees": "outsourcing employees"}

SUZHOU = TargetAssessment(
    "suzhou-contract_value_signed-total-2015", "Suzhou", "contract_value_signed", "total", 2015, 15e9, None, "USD", "level",
    "assessed", "exact", "Suzhou|contract_value_signed|total|USD", None,
    probability=0.32, probability_error=0.0071, probability_low=0.1, probability_high=0.58,
    required_growth=38.9, observed_growth=56.8, data_weight=0.3, stale=False, source="003", line=4581,
)  # fmt: skip


def test_the_scope_is_named_before_the_measure_unless_it_is_the_total() -> None:
    assert measure_words("employees", "total", NAMES) == "outsourcing employees"
    assert measure_words("employees", "offshore_ito", NAMES) == "offshore ITO outsourcing employees"
    # A measure that only the user knows is read from its code.
    assert measure_words("call_centre_seats", "bpo", NAMES) == "BPO call centre seats"


def test_a_series_names_its_currency_and_no_other_unit() -> None:
    assert series_words("Suzhou|contract_value_signed|offshore|CNY", NAMES) == "Suzhou, offshore signed outsourcing contracts (CNY)"
    assert series_words("Xi'an|employees|total|persons", NAMES) == "Xi'an, outsourcing employees"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "USD 15 billion of signed outsourcing contracts"),
        ({"value": None}, "signed outsourcing contracts"),
        ({"value_high": 20e9}, "USD 15 billion to USD 20 billion of signed outsourcing contracts"),
        (
            {"kind": "average_growth", "value": 35.0, "unit": "percent"},
            "35 % average growth a year of signed outsourcing contracts",
        ),
        ({"kind": "multiple", "value": 4.0, "unit": "ratio"}, "a 4-fold rise of signed outsourcing contracts"),
        ({"kind": "share", "value": 60.0, "unit": "percent"}, "a share of 60 % in signed outsourcing contracts"),
        ({"measure": "employees", "value": 300_000.0, "unit": "persons"}, "300,000 outsourcing employees"),
    ],
)
def test_the_aim_is_said_by_its_kind(changes: dict[str, object], words: str) -> None:
    assert aim_words(replace(SUZHOU, **changes), NAMES) == words


def test_odds_are_told_with_both_uncertainties_and_the_growth_needed() -> None:
    assert target_sentence(SUZHOU, NAMES) == (
        "Suzhou meets USD 15 billion of signed outsourcing contracts by 2015 in 32 of 100 futures "
        "(±0.7; between 10 and 58 as growth assumptions vary); it needs 38.9 % a year, it had 56.8 % last."
    )


def test_where_one_year_is_known_only_a_range_is_told() -> None:
    sentence = target_sentence(replace(SUZHOU, data_weight=0.0, observed_growth=None), NAMES)
    assert "in 10 to 58 of 100 futures" in sentence
    assert "one year is known of Suzhou" in sentence
    # A single number would pretend that the place's own growth is known.
    assert "32 of 100" not in sentence
    assert "it had" not in sentence


def test_an_old_last_figure_is_said() -> None:
    assert "last known figure was old" not in target_sentence(SUZHOU, NAMES)
    assert target_sentence(replace(SUZHOU, stale=True), NAMES).endswith(
        "; the last known figure was old when the target was stated."
    )


@pytest.mark.parametrize("status", ["withheld", "no_baseline", "not_quantified", "due_passed"])
def test_without_odds_the_reason_is_told_and_no_number(status: str) -> None:
    # Even where odds were computed: a withheld target shows none.
    sentence = target_sentence(replace(SUZHOU, status=status, reason="already passed."), NAMES)
    assert sentence == "Suzhou, USD 15 billion of signed outsourcing contracts by 2015: no odds are given: already passed."


def test_without_a_due_year_or_reason_the_sentence_still_reads() -> None:
    sentence = target_sentence(replace(SUZHOU, status="no_baseline", due=None, reason=None), NAMES)
    assert sentence == "Suzhou, USD 15 billion of signed outsourcing contracts: no odds are given: no series measures it."
