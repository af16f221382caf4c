"""What is said about one target."""

from dataclasses import replace

import pytest

from app.language import ENGLISH, language_of
from app.sentences import (
    PeerRecord,
    aim_words,
    basis_sentence,
    effort_sentence,
    elsewhere_sentence,
    growth_sentence,
    measure_words,
    names_of,
    peer_sentence,
    series_words,
    target_sentence,
    weight_sentence,
)
from data import Catalogue
from forecast.episodes import Elsewhere
from scenarios import TargetAssessment

CHINESE = language_of("zh")

NAMES = {"contract_value_signed": "signed outsourcing contracts", "employees": "outsourcing employees"}

SUZHOU = TargetAssessment(
    "suzhou-contract_value_signed-total-2015", "Suzhou", "contract_value_signed", "total", 2015, 15e9, None, "USD", "level",
    "assessed", "exact", "Suzhou|contract_value_signed|total|USD", None,
    probability=0.32, probability_error=0.0071, probability_low=0.1, probability_high=0.58,
    required_growth=38.9, observed_growth=56.8, data_weight=0.3, stale=False, source="003", line=4581,
)  # fmt: skip
GROWTH = (-1.8, 3.4, 11.4, 18.9, 26.3, 86.6)


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


def test_a_sum_and_a_rank_are_not_taken_for_levels() -> None:
    total = replace(SUZHOU, kind="cumulative")
    assert aim_words(total, NAMES) == f"{aim_words(SUZHOU, NAMES)}, over the years"
    rank = replace(SUZHOU, kind="rank", unit="count", value=3.0)
    assert aim_words(rank, NAMES).startswith("rank 3 in ")
    assert (
        aim_words(replace(rank, measure="model_city_rank"), {"model_city_rank": "rank among the model cities"})
        == "3 rank among the model cities"
    )


def test_odds_are_told_with_both_uncertainties() -> None:
    assert target_sentence(SUZHOU, NAMES) == (
        "Suzhou meets USD 15 billion of signed outsourcing contracts by 2015 in 32 of 100 simulated futures. Other plausible assumptions "
        "about growth give 10 to 58; the number of simulated futures alone leaves ±0.7."
    )


def test_the_same_is_told_in_chinese() -> None:
    names = {"Suzhou": "苏州", "contract_value_signed": "服务外包合同签约额"}
    assert target_sentence(SUZHOU, names, CHINESE) == (
        "苏州在100种模拟的未来中有32种实现“2015年服务外包合同签约额US$150亿”。其他合理的增长假设给出10至58种；模拟次数有限本身带来±0.7的误差。"
    )


def test_where_one_year_is_known_only_a_range_is_told() -> None:
    sentence = target_sentence(replace(SUZHOU, data_weight=0.0, observed_growth=None), NAMES)
    assert "in 10 to 58 of 100 simulated futures" in sentence
    assert "one year is known of this figure" in sentence
    # A single number would pretend that the place's own growth is known.
    assert "32 of 100" not in sentence


def test_the_growth_needed_is_set_against_the_growth_achieved() -> None:
    assert growth_sentence(SUZHOU) == "It needs 38.9 % growth a year; the last known growth was 56.8 %."
    assert growth_sentence(replace(SUZHOU, observed_growth=None)) == "It needs 38.9 % growth a year; no growth of its own is known."
    old = growth_sentence(replace(SUZHOU, stale=True))
    assert old.endswith(" The last known figure was more than two years old when the target was stated.")


def test_the_record_of_comparable_places_is_told() -> None:
    assert peer_sentence(PeerRecord(3, 40, 1)) == "Of 40 growth rates known of comparable figures, 3 were at least as high."
    assert peer_sentence(PeerRecord(3, 40, 3)).endswith(" Most are of a single year; here it takes 3 years in a row.")
    assert elsewhere_sentence(PeerRecord(3, 40, 3)) == ""
    kept = elsewhere_sentence(PeerRecord(3, 40, 3, Elsewhere("services", "a table", 3, 22, 895, 23, *GROWTH)))
    assert kept == "Elsewhere, in the 3 years after a boom (exports of other countries): 23 of 895 grew as fast on average."
    once = elsewhere_sentence(PeerRecord(3, 40, 1, Elsewhere("fdi", "a table", 1, 40, 9, 2, *GROWTH)))
    assert once == "Elsewhere, in the year after a boom (foreign investment of other countries): 2 of 9 grew as fast."
    assert peer_sentence(PeerRecord(0, 0, 3)) == "No growth of comparable places is known."


@pytest.mark.parametrize(
    ("even", "likely", "words"),
    [
        (9.0, 26.4, "9.0 percentage points more growth each year would make it 50 of 100, 26.4 points 80 of 100."),
        (0.0, 7.3, "It is likelier than not; 7.3 percentage points more growth each year would make it 80 of 100."),
        (0.0, 0.0, "It is met in more than 80 of 100 futures without any more growth."),
        (None, None, ""),
    ],
)
def test_the_effort_is_told(even: float | None, likely: float | None, words: str) -> None:
    assert effort_sentence(replace(SUZHOU, extra_growth_50=even, extra_growth_80=likely)) == words


def test_what_its_own_figures_tell_is_said_where_they_tell_something() -> None:
    assert weight_sentence(SUZHOU).startswith("Its own figures settle 30 of 100 parts")
    assert weight_sentence(replace(SUZHOU, data_weight=0.0)) == ""
    assert "no other place" in weight_sentence(replace(SUZHOU, data_weight=1.0))


def test_where_a_target_stands_and_how_it_is_measured_is_told() -> None:
    one = replace(
        SUZHOU, printed="USD 15 billion", reason="read as the total", source_change=-0.19, source_dropped="000",
        alternatives=[{"assessed_by": "Suzhou|contract_value_signed|offshore|USD", "probability": 0.4}],
    )  # fmt: skip
    assert basis_sentence(one, NAMES, {"003": "A report"}) == (
        "Printed “USD 15 billion” in A report (document 003), line 4581. Measured by Suzhou, signed outsourcing contracts (USD). Read as the "
        "total. Measured by Suzhou, offshore signed outsourcing contracts (USD) it would be 40 of 100. Without the figure 000 the "
        "odds would change by -19 of 100."
    )
    assert "the nearest figure there is" in basis_sentence(replace(one, match="proxy"), NAMES, {})
    assert basis_sentence(replace(SUZHOU, source="own.csv", line=4), NAMES, {}).startswith("From own.csv, row 4.")


def test_chinese_counts_firms_and_things_by_their_word() -> None:
    firms = replace(SUZHOU, measure="enterprises", unit="count", value=300.0)
    assert aim_words(firms, {"enterprises": "服务外包企业"}, CHINESE) == "服务外包企业300家"
    assert aim_words(replace(firms, measure="contracts"), {"contracts": "服务外包合同数"}, CHINESE) == "服务外包合同数300个"


def test_names_come_in_the_language_and_a_users_own_name_is_its_own(catalogue: Catalogue) -> None:
    assert names_of(catalogue, ENGLISH)["Xi'an"] == "Xi'an"
    chinese = names_of(catalogue, CHINESE)
    assert (chinese["Xi'an"], chinese["employees"]) == ("西安", "服务外包从业人员")
    places = catalogue.places.assign(name_zh="")
    assert names_of(replace(catalogue, places=places), CHINESE)["Xi'an"] == "Xi'an"


@pytest.mark.parametrize("status", ["withheld", "no_baseline", "not_quantified", "due_passed"])
def test_without_odds_the_reason_is_told_and_no_number(status: str) -> None:
    # Even where odds were computed: a withheld target shows none.
    sentence = target_sentence(replace(SUZHOU, status=status, reason="already passed."), NAMES)
    assert sentence == "Suzhou, USD 15 billion of signed outsourcing contracts by 2015: no odds are given: already passed."


def test_without_a_due_year_or_reason_the_sentence_still_reads() -> None:
    sentence = target_sentence(replace(SUZHOU, status="no_baseline", due=None, reason=None), NAMES)
    assert sentence == "Suzhou, USD 15 billion of signed outsourcing contracts: no odds are given: no series measures it."
