"""The pictures of docs/cases.md. Run `python -m app.case_pictures` after the odds have changed."""

from functools import lru_cache
from pathlib import Path

import pandas as pd

from app.charts import fan_chart
from app.language import ENGLISH
from app.numbers import amount
from app.place_tables import fan_table, history_table, view_in
from app.report_blocks import CHART_HEIGHT, CHART_WIDTH, Picture
from data import load_catalogue
from forecast import Belief, believe
from forecast.routing import answer_auto

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
VINTAGE_2013, VINTAGE_2017 = "2013-12-31", "2017-12-31"


@lru_cache
def beliefs(known_by: str) -> Belief:
    """Return what is believed at a date."""
    return believe(load_catalogue(), known_by)


def picture(key: str, known_by: str, due: int, level: float, words: str) -> Picture:
    """Draw the futures of a series up to the year of an aim, with the aim."""
    belief = beliefs(known_by)
    one = belief.find(key)
    if one is None:
        raise ValueError(f"series {key} is not known by {known_by}")
    view = view_in([one], one.key.unit, load_catalogue().exchange_rates, due)
    fan = fan_table(view, answer_auto(belief, one, due).prediction)
    flags = pd.DataFrame([(due, level, words, True)], columns=["year", "level", "label", "odds"])
    chart = fan_chart(fan, history_table(view), flags, "", ENGLISH)
    return Picture(chart.properties(width=CHART_WIDTH, height=CHART_HEIGHT), words)


def pictures() -> dict[str, Picture]:
    """Return the picture of each case by its name."""
    guangzhou = beliefs(VINTAGE_2013).find("Guangzhou|contract_value_signed|total|USD")
    grown = 1.35**8 * guangzhou.series.level(2012) if guangzhou else 0.0
    return {
        "suzhou": picture("Suzhou|contract_value_signed|total|USD", VINTAGE_2013, 2015, 15e9, "USD 15 billion"),
        "hangzhou": picture("Hangzhou|contract_value_signed|offshore|USD", VINTAGE_2017, 2020, 8.4e9, "USD 8.4 billion"),
        "guangzhou": picture(
            "Guangzhou|contract_value_signed|total|USD", VINTAGE_2013, 2020, grown, f"35 % a year: {amount(grown, 'USD')}"
        ),
    }


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in pictures().items():
        (FOLDER / f"{name}.svg").write_text(drawn.svg(), encoding="utf-8")


if __name__ == "__main__":
    main()
