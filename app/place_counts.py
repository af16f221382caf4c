"""Writes docs/places.md: what is known of each place. Run `python -m app.place_counts` after changing a table."""

from pathlib import Path

from app.fact_tables import listing
from data import Catalogue, load_catalogue

PAGE = Path(__file__).resolve().parents[1] / "docs" / "places.md"
COLUMNS = ("facts", "targets", "rulings", "series")


def places_page(catalogue: Catalogue) -> str:
    """Return the page: places with the number of facts, targets, rulings and reconstructed series, and the sums."""
    kinds = dict(zip(catalogue.places["place"], catalogue.places["kind"], strict=True))
    rows = [row for row in listing(catalogue) if row["kind"] == "place"]
    lines = ["# Places", "", "Written by `python -m app.place_counts`; `sourcecast data list` shows the same.", ""]
    lines += ["| place | kind | facts | targets | rulings | series |", "|---|---|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(f"| {row['name']} | {kinds[str(row['name'])]} | {' | '.join(str(row[column]) for column in COLUMNS)} |")
    sums = [sum(int(str(row[column])) for row in rows) for column in COLUMNS]
    lines.append(f"| **{len(rows)} places** | | {' | '.join(f'**{number}**' for number in sums)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(places_page(load_catalogue()), encoding="utf-8")
