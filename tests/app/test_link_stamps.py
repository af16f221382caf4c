"""What a link was made with: it comes back from the address, and what has changed since is said, neither more nor less."""

from dataclasses import replace

import pytest

from app.language import ENGLISH, language_of
from app.link_stamps import read_stamp, short, stamp_of, stamp_text, what_changed
from data import InputFault

DATA = "0123456789abcdef" * 4
ODDS = {"suzhou-employees": (0.314, None), "suzhou-contracts": (0.006, 1.0)}
AIMS = {"suzhou-employees": "300,000 employees by 2015", "suzhou-contracts": "USD 15 billion of contracts by 2015"}
TEXT = stamp_text(stamp_of(DATA, ODDS))


def told(text: str = TEXT, data: str = DATA, odds: dict[str, tuple[float | None, ...]] = ODDS, titles: tuple[str, ...] = ()) -> str:
    return what_changed(text, data, odds, AIMS, titles, ENGLISH)


def test_a_stamp_comes_back_from_the_address() -> None:
    assert read_stamp(TEXT) == stamp_of(DATA, ODDS)
    assert read_stamp(TEXT).odds[short("suzhou-employees")] == (31, None)
    assert all(letter.isalnum() or letter in "~.-+" for letter in TEXT)
    assert read_stamp(stamp_text(stamp_of(DATA, {}))).odds == {}


def test_nothing_is_said_where_nothing_has_changed() -> None:
    assert told() == ""
    assert told(odds=ODDS | {"suzhou-employees": (0.3149, None)}) == ""  # the same number of a hundred


def test_odds_data_and_version_that_differ_are_named() -> None:
    moved = told(odds=ODDS | {"suzhou-employees": (0.332, 0.5)}, data="f" * 64, titles=("Baseline", "Push"))
    assert "300,000 employees by 2015, Baseline: 31 of 100 when the link was made, 33 now." in moved
    assert "300,000 employees by 2015, Push: none of 100 when the link was made, 50 now." in moved
    assert "USD 15 billion" not in moved
    assert "(then 01234567, now ffffffff)" in moved
    assert "version" not in moved
    older = told(stamp_text(replace(stamp_of(DATA, ODDS), version="0.0.9")))
    assert "It was made with version 0.0.9 of Sourcecast; this is version" in older
    assert "by hand" not in older


def test_a_number_changed_by_hand_and_other_targets_are_noticed() -> None:
    assert "may have been changed by hand" in told(TEXT.replace(".31.", ".90."))
    fewer = {"suzhou-contracts": (0.006, 1.0)}
    assert "Other targets have odds than then." in told(odds=fewer, data="f" * 64)


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "0.1.0",
        TEXT + "~",
        TEXT + ".31]",
        "[a](http://b)~01234567",
        TEXT.replace(".31.", ".310."),
        "0.1.0~01234567" + "~5be1a0.31" * 500,
    ],
)
def test_what_is_no_stamp_is_refused_and_never_shown(text: str) -> None:
    with pytest.raises(InputFault, match="legibly"):
        read_stamp(text)
    assert told(text) == "The link does not say legibly what it was made with, so what has changed since cannot be told."


def test_many_changes_are_cut_and_said_in_chinese() -> None:
    odds = {f"target {number}": (0.1,) for number in range(9)}
    later = dict.fromkeys(odds, (0.2,))
    text = stamp_text(stamp_of(DATA, odds))
    said = what_changed(text, DATA, later, {name: name for name in odds}, [], language_of("zh"))
    assert said.count("现在20种") == 6
    assert "另有3个" in said
    assert "版本" in said
