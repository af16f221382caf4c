"""The generated page of places is up to date, and its sums are those of the tables."""

from app.place_counts import PAGE, places_page
from data import load_catalogue


def test_the_page_is_what_the_tables_give() -> None:
    catalogue = load_catalogue()
    page = places_page(catalogue)
    assert PAGE.read_text(encoding="utf-8") == page
    sums = [int(cell.strip(" *")) for cell in page.splitlines()[-1].split("|")[3:7]]
    assert sums[:3] == [len(catalogue.facts), len(catalogue.targets), len(catalogue.rulings)]
    assert sums[3] > 100
