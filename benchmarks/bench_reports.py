"""Reports as PDF beside the setting of the same page alone: of one place in a program that has made one before, and a book of all places.

The report of a place counts from the facts on: assessing its targets, sentences, charts and the setting of pages, as when a planner asks the
app for it. The book is a command, from the start of the program to its end.
"""

import os
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import pytest

from app.language import ENGLISH
from app.report_blocks import chapters
from app.report_content import Run, gather
from app.report_html import html_text, pdf_bytes
from app.reports import report_bytes
from benchmarks.turns import medians, wait_out
from data import load_catalogue
from forecast import believe
from scenarios import TargetAssessment, assess_targets

ROOT = Path(__file__).resolve().parents[1]
QUICK = os.environ.get("SOURCECAST_QUICK_BENCH") == "1"
ROUNDS = 1 if QUICK else 7
PLACE, PATHS, SEED, KNOWN_BY = "Suzhou", 10_000, 1, "document"
PEER = "WeasyPrint alone, the same page"


@pytest.fixture(scope="module")
def report_of_a_place() -> dict[str, float]:
    """Median seconds of the whole and of setting its page; the first turn, which is not counted, warms the program up."""
    catalogue = load_catalogue()
    belief_of = lru_cache(lambda known_by: believe(catalogue, known_by))

    def assessed() -> list[TargetAssessment]:
        return assess_targets(catalogue, known_by=KNOWN_BY, paths=PATHS, seed=SEED, places=[PLACE])

    def told(found: list[TargetAssessment]):
        return gather(catalogue, found, belief_of, Run(KNOWN_BY, PATHS, SEED), ENGLISH, [PLACE])

    once = told(assessed())
    page = html_text(once, chapters(once))
    work = {"ours": lambda: report_bytes(told(assessed()), "pdf"), "peer": lambda: pdf_bytes(page)}
    return medians(work, ROUNDS)


@pytest.mark.parametrize("side", ["ours", "peer"])
def test_a_report_of_a_place(benchmark, report_of_a_place: dict[str, float], side: str) -> None:
    benchmark.extra_info.update(name="report of one place", side=side, peer_name=PEER, unit="s", work=1e9)
    wait_out(benchmark, report_of_a_place[side])


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """Seconds of the command that writes the book, and of setting its page alone."""
    folder = tmp_path_factory.mktemp("book")

    def written(ending: str) -> Path:
        out = folder / f"book.{ending}"
        command = [sys.executable, "-m", "app.cli", "report", "--out", str(out), "--quiet"]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (our own command)
        return out

    page = written("html").read_text(encoding="utf-8")
    return medians({"ours": lambda: written("pdf"), "peer": lambda: pdf_bytes(page)}, 1)


@pytest.mark.skipif(QUICK, reason="takes minutes")
@pytest.mark.parametrize("side", ["ours", "peer"])
def test_a_book_of_all_places(benchmark, book: dict[str, float], side: str) -> None:
    benchmark.extra_info.update(name="report of all places", side=side, peer_name=PEER, unit="s", work=1e9)
    wait_out(benchmark, book[side])
