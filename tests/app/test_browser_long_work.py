"""Work that takes seconds shows how far it is and can be cancelled; then the page is whole, and what is computed next is right."""

from pathlib import Path

import pytest

from app.cached_runs import BACKTEST_MODELS, PATHS
from app.downloads import table_bytes
from app.language import ENGLISH, language_of
from app.matters_tables import change_words
from app.record_tables import score_table
from app.sentences import names_of
from data import Catalogue
from forecast.backtest import YEARS, backtest
from forecast.backtest_summary import summarise
from forecast.models import MODELS
from scenarios import sensitivity
from scenarios.scenario import BASELINE
from tests.app.browsing import PATIENCE, Visitor


def cancel(visitor: Visitor, start: str, cancelled: str) -> None:
    """Start the work, see its progress, cancel it; nothing of it is left but the button that starts it."""
    page = visitor.page
    page.get_by_role("button", name=start, exact=True).click()
    page.get_by_role("progressbar").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name=cancelled, exact=True).click()
    page.get_by_role("button", name=cancelled, exact=True).wait_for(state="detached", timeout=PATIENCE)
    visitor.settle()
    assert page.get_by_role("progressbar").count() == 0
    assert page.get_by_role("button", name=start, exact=True).count() == 1
    visitor.check()


def test_the_backtest_can_be_cancelled_and_run_again(address: str, browser: object, catalogue: Catalogue) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/track-record?lang=en")
    cancel(visitor, "Run the test", "Cancel")
    visitor.picture("backtest-cancelled")
    page = visitor.page
    page.get_by_role("button", name="Run the test").click()
    page.get_by_role("heading", name="Calibration").wait_for(timeout=PATIENCE)
    visitor.settle()
    with page.expect_download(timeout=PATIENCE) as waiting:
        page.get_by_role("button", name="Table as CSV").first.click()
    rows = summarise(backtest(catalogue, models={name: MODELS[name] for name in BACKTEST_MODELS}))
    assert Path(waiting.value.path()).read_bytes() == table_bytes(score_table(rows, YEARS, ENGLISH), "csv")
    visitor.check()
    page.close()


@pytest.mark.parametrize(
    ("code", "start", "cancelled"), [("en", "Find out what matters", "Cancel"), ("zh", "找出关键因素", "取消")]
)
def test_what_matters_can_be_cancelled_and_asked_again(
    address: str, browser: object, catalogue: Catalogue, code: str, start: str, cancelled: str
) -> None:
    target = {"en": "suzhou-employees-total-2015", "zh": "changsha-employees-total-2015"}[
        code
    ]  # what one visitor found is kept for all
    visitor = Visitor(browser, 390)
    visitor.open(f"{address}/what-matters?lang={code}&target={target}")
    page = visitor.page
    cancel(visitor, start, cancelled)
    page.get_by_role("heading", level=2, name=language_of(code).say("How much would be enough?")).wait_for(timeout=PATIENCE)
    page.get_by_role("button", name=start).click()
    page.locator("canvas, svg.marks").first.wait_for(timeout=PATIENCE)
    visitor.settle()
    spoken = language_of(code)
    found = sensitivity(catalogue, BASELINE, target, known_by="document", paths=PATHS)
    assert change_words(found, names_of(catalogue, spoken), spoken) in page.inner_text("body")
    visitor.check()
    page.close()
