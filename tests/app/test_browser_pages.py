"""Every page in a real browser, on a wide and a narrow screen and in both languages: it fits, and axe finds no fault.

It is a file of its own because tests in several processes are dealt out by file.
"""

import pytest

from tests.app.browsing import Visitor

PAGES = (
    "",
    "place",
    "what-if?scenario=stagnation",
    "compare?scenarios=baseline,stagnation,best-peer,back-to-trend",
    "what-matters",
    "track-record",
    "data",
    "method",
)
WIDTHS = (1280, 390)
LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_fits_the_screen_and_asks_nobody_else(
    address: str, browser: object, name: str, width: int, language: str
) -> None:
    visitor = Visitor(browser, width)
    visitor.open(f"{address}/{name}{'&' if '?' in name else '?'}lang={language}")
    assert visitor.page.evaluate("document.documentElement.lang") == language
    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    visitor.picture(f"{name.partition('?')[0] or 'overview'}-{width}-{language}")
    assert visitor.violations() == []
    assert visitor.untold(language) == []
    visitor.check()
    visitor.page.close()
