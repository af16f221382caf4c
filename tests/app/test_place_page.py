"""The page of a place, run without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import app

SCRIPT = Path(app.__file__).with_name("streamlit_app.py")


@pytest.fixture(scope="module")
def page() -> AppTest:
    return AppTest.from_file(str(SCRIPT), default_timeout=120).run()


def sentences(page: AppTest) -> list[str]:
    return [box.value for box in page.info]


def test_opens_on_suzhou_with_a_sentence_for_each_assessed_target(page: AppTest) -> None:
    assert not page.exception
    assert page.title[0].value.startswith("Suzhou")
    signed = next(text for text in sentences(page) if "USD 15 billion" in text)
    assert signed.startswith("Suzhou meets USD 15 billion of signed outsourcing contracts by 2015 in ")
    assert "of 100 futures (±" in signed
    assert signed.endswith("it needs 38.9 % a year, it had 56.8 % last.")


def test_every_target_says_where_it_is_printed_and_what_measures_it(page: AppTest) -> None:
    captions = [one.value for one in page.caption]
    assert any(
        "Printed “USD 15 billion” in document 003, line 4581. Measured by Suzhou, signed outsourcing contracts" in c
        for c in captions
    )


def test_a_target_without_a_series_is_listed_with_the_reason(page: AppTest) -> None:
    assert any("90 outsourcing enterprises" in one.value and "no odds are given:" in one.value for one in page.markdown)


def test_the_slider_raises_the_odds_and_names_those_without_it(page: AppTest) -> None:
    before = next(text for text in sentences(page) if "USD 15 billion" in text)
    page.slider(key="extra").set_value(10.0).run()
    after = next(text for text in sentences(page) if "USD 15 billion" in text)
    page.slider(key="extra").set_value(0.0).run()
    share = int(before.split(" in ")[1].split()[0])
    assert int(after.split(" in ")[1].split()[0]) > share
    assert after.endswith(f"Without the extra growth it was {share} of 100.")
    assert next(text for text in sentences(page) if "USD 15 billion" in text) == before


@pytest.mark.parametrize("place", ["Hangzhou", "Xuzhou", "Wuxi iPark", "Jiangxi", "Hong Kong", "Tianjin Development Zone"])
def test_every_kind_of_place_can_be_shown(page: AppTest, place: str) -> None:
    page.selectbox(key="place").set_value(place).run()
    assert not page.exception
    assert page.title[0].value.startswith(place)
