"""The app in a real browser: links, languages, files, keys and what strangers may try; nothing leaves the machine, and axe finds no fault."""

import re
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.app.browsing import PATIENCE, Visitor


def test_a_link_restores_everything_in_another_browser(address: str, browser: object) -> None:
    first = Visitor(browser)
    first.open(f"{address}/place?place=Guangzhou&measure=contract_value_signed&scope=offshore&currency=CNY&lang=zh")
    first.page.get_by_text("由USD按各年平均汇率换算").wait_for(timeout=PATIENCE)
    asked = parse_qs(urlsplit(first.page.url).query)
    assert (asked["place"], asked["scope"], asked["currency"], asked["lang"]) == (["Guangzhou"], ["offshore"], ["CNY"], ["zh"])
    second = Visitor(browser, locale="de-DE")
    second.open(first.page.url)
    assert second.page.get_by_role("heading", level=1).inner_text() == first.page.get_by_role("heading", level=1).inner_text()
    second.page.get_by_text("由USD按各年平均汇率换算").wait_for(timeout=PATIENCE)
    for visitor in (first, second):
        visitor.check()
        visitor.page.close()


@pytest.mark.parametrize(("locale", "title"), [("zh-CN", "方法与局限"), ("fr-FR", "Method and limits")])
def test_the_browsers_language_is_spoken_where_we_know_it(address: str, browser: object, locale: str, title: str) -> None:
    visitor = Visitor(browser, locale=locale)
    visitor.open(f"{address}/method")
    assert visitor.page.get_by_role("heading", level=1).inner_text() == title
    visitor.check()
    visitor.page.close()


@pytest.mark.parametrize(
    ("path", "width", "names"),
    [
        ("compare", 390, ("Place", "What was known")),
        ("place", 390, ("What was known", "Measure")),
        ("", 390, ("What was known",)),
        ("", 1280, ("What was known",)),
    ],
)
def test_boxes_show_their_words_whole(address: str, browser: object, path: str, width: int, names: tuple[str, ...]) -> None:
    visitor = Visitor(browser, width)
    visitor.open(f"{address}/{path}?lang=en")
    boxes = [visitor.page.get_by_role("combobox", name=re.compile(name)) for name in names]
    assert [box.evaluate("one => one.scrollWidth <= one.clientWidth") for box in boxes] == [True] * len(names)
    visitor.check()
    visitor.page.close()


TOLD = """words => {
    const boxes = document.querySelectorAll('[data-testid=stSelectbox], [data-testid=stMultiSelect], [data-testid=stSlider]');
    const told = [...boxes].map(one => [one.textContent, one.querySelector('input')?.value].join(' '));
    return words.every(word => told.some(one => one.includes(word)));
}"""


def boxes_tell(visitor: Visitor, words: tuple[str, ...]) -> None:
    """Wait until the boxes of the page, which comes piece by piece, show all these words, and see that they stay."""
    visitor.page.wait_for_function(TOLD, arg=words, timeout=PATIENCE)
    visitor.settle()
    assert visitor.page.evaluate(TOLD, words)


@pytest.mark.parametrize(
    ("path", "chosen", "in_chinese"),
    [
        (
            "?order=unlikely&status=assessed&places=Suzhou&vintage=9999-12-31",
            ("Least likely first", "With odds", "Suzhou", "everything known"),
            ("可能性小的在前", "给出可能性的目标", "苏州", "全部已知资料"),
        ),
        (
            "place?place=Guangzhou&measure=contract_value_signed&scope=offshore&currency=CNY",
            ("Guangzhou 广州", "signed outsourcing contracts", "offshore", "CNY"),
            ("广州 Guangzhou", "服务外包合同签约额", "离岸", "CNY"),
        ),
        (
            "what-if?scenario=stagnation",
            ("Suzhou", "each target as of"),
            ("苏州", "各目标按其文献的时点"),
        ),
        ("what-matters?weighed=stagnation&lever=talent", ("Stagnation", "people trained"), ("停滞", "每年培训并留下的人员")),
        ("compare?scenarios=stagnation,best-peer", ("Stagnation", "As the best peers"), ("停滞", "向最佳同类看齐")),
        ("data?table=rulings&places=Wuxi", ("Rulings on misprints", "Wuxi"), ("对误印与矛盾的裁定", "无锡")),
    ],
)
def test_a_switch_of_language_keeps_every_choice_and_tells_it_in_that_language(
    address: str, browser: object, path: str, chosen: tuple[str, ...], in_chinese: tuple[str, ...]
) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/{path}{'&' if '?' in path else '?'}lang=en")
    for name, words in (("中文", in_chinese), ("English", chosen)):
        visitor.page.get_by_text(name, exact=True).click()
        boxes_tell(visitor, words)
    visitor.check()
    visitor.page.close()


def test_the_place_and_what_was_known_go_along_to_every_page(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/place?lang=en&place=Wuxi&vintage=9999-12-31")
    for name, path in (("What-if", "what-if"), ("Compare", "compare"), ("Place", "place")):
        visitor.page.get_by_role("link", name=name, exact=True).click()
        visitor.page.wait_for_url(f"**/{path}?**", timeout=PATIENCE)
        boxes_tell(visitor, ("Wuxi", "everything known"))
        assert "place=Wuxi" in visitor.page.url
    visitor.check()
    visitor.page.close()


def test_charts_and_tables_can_be_taken_away(address: str, browser: object) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/place?place=Suzhou")
    page = visitor.page
    page.get_by_text("The chart as a table, and files to take away").last.click()
    for label, start in (
        ("Chart as PNG", b"\x89PNG"),
        ("Chart as SVG", b"<svg"),
        ("Table as CSV", b"\xef\xbb\xbf"),
        ("Table as XLSX", b"PK"),
    ):
        button = page.get_by_role("button", name=label).and_(page.locator(":visible")).last
        with page.expect_download(timeout=PATIENCE) as waiting:
            button.click()
        assert Path(waiting.value.path()).read_bytes().startswith(start)
    # Streamlit's own file of a table would be run by a spreadsheet, so that it is not offered.
    page.locator("[data-testid=stDataFrame]").last.hover()
    offered = page.locator("[data-testid=stElementToolbarButton] button")
    assert offered.count() > 1
    assert not [
        one.get_attribute("aria-label")
        for one in offered.all()
        if one.is_visible() and "CSV" in str(one.get_attribute("aria-label"))
    ]
    visitor.check()
    page.close()


@pytest.mark.parametrize(("name", "first", "later"), [("what-if", "Undo", "Growth"), ("compare", "Place", "Table as CSV")])
def test_the_keyboard_goes_through_a_page_in_the_order_in_which_it_is_read(
    address: str, browser: object, name: str, first: str, later: str
) -> None:
    visitor = Visitor(browser)
    visitor.open(f"{address}/{name}?lang=en&scenario=stagnation&scenarios=baseline,stagnation")
    page = visitor.page
    page.evaluate("document.querySelector('h1').scrollIntoView(); window.reached = []")
    page.evaluate("document.addEventListener('focusin', event => window.reached.push(event.target))")
    for _ in range(60):
        page.keyboard.press("Tab")
    backwards = page.evaluate(
        """() => reached.filter((one, n) => n > 0 && one.isConnected && reached[n - 1].isConnected && !reached.slice(0, n).includes(one)
            && (reached[n - 1].compareDocumentPosition(one) & Node.DOCUMENT_POSITION_PRECEDING)).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert backwards == []
    labels = page.evaluate("reached.map(one => one.getAttribute('aria-label') || one.innerText || '')")
    roles = page.evaluate("reached.map(one => one.getAttribute('role') || one.tagName)")
    assert any(first in label for label in labels)
    assert len({*roles} & {"slider", "combobox", "BUTTON", "tab"}) >= 2
    unseen = page.evaluate(
        "reached.filter(one => { const box = one.getBoundingClientRect(); return box.width * box.height == 0 }).length"
    )
    assert unseen == 0
    visitor.check()
    page.close()


@pytest.mark.parametrize(("width", "language"), [(390, "zh"), (1280, "en")])
def test_who_moves_a_lever_sees_what_it_does(address: str, browser: object, width: int, language: str) -> None:
    """On a narrow screen the odds stay at its foot, and cover nothing that cannot be scrolled into view."""
    visitor = Visitor(browser, width)
    visitor.open(f"{address}/what-if?lang={language}&place=Suzhou")
    page, odds = visitor.page, visitor.page.locator(".st-key-always-seen")
    before = odds.inner_text()
    page.get_by_role("slider").first.press("ArrowRight")
    visitor.settle()
    assert odds.inner_text() != before
    slider, box = page.get_by_role("slider").first.bounding_box(), odds.bounding_box()
    assert 0 < slider["y"] < box["y"] + box["height"] <= 900
    narrow = width < 768
    assert odds.evaluate("one => getComputedStyle(one).position") == ("fixed" if narrow else "static")
    if narrow:
        assert slider["y"] + slider["height"] < box["y"]
        assert (box["y"] + box["height"], box["height"] <= 300) == (900, True)
        last = page.get_by_text("情景文件" if language == "zh" else "The scenario as a file").last
        page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 1e6)")
        page.wait_for_timeout(300)
        end = last.bounding_box()
        assert end["y"] + end["height"] < box["y"]
        page.set_viewport_size(
            {"width": width, "height": 300}
        )  # the sentences are higher than a third of it, and a key reaches them
        page.wait_for_function("document.querySelector('.st-key-always-seen').tabIndex == 0", timeout=PATIENCE)
        assert odds.bounding_box()["height"] <= 100
    visitor.check()
    page.close()


def test_a_file_of_fifty_megabytes_is_refused_in_the_browser_and_by_the_server(
    address: str, browser: object, tmp_path: Path
) -> None:
    file = tmp_path / "big.csv"
    file.write_bytes(b"place,measure,period,value\n" + b"Suzhou,employees,2010,1\n" * 2_100_000)
    visitor = Visitor(browser)
    visitor.open(f"{address}/data?lang=en")
    page = visitor.page
    page.locator("input[type=file]").set_input_files(file)
    said = page.get_by_text("File must be 20.0MB or smaller")
    said.wait_for(timeout=PATIENCE)
    box = said.bounding_box()
    assert min(box["width"] / 100, box["height"] / 10) > 1  # it is there for the eye too
    visitor.picture("upload-of-50-MB")
    assert "used on all pages" not in page.inner_text("body")
    visitor.check()
    page.close()
    request = urllib.request.Request(f"{address}/_stcore/upload_file/nobody/file", data=b"x" * 21_000_000, method="PUT")  # noqa: S310
    with pytest.raises((urllib.error.HTTPError, urllib.error.URLError)):
        urllib.request.urlopen(request, timeout=60)  # noqa: S310  (our own server)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("place,measure,period,value\n![x](http://elsewhere.example/x.png),employees,2010,5\n", "⚠ ![x]"),
        ("place,measure,period,value\nSuzhou,employees,soon,<img src=http://elsewhere.example/y>\n", "⚠ <img"),
        (
            "place,measure,period,value\n:material/home: &lt;i&gt; $x$ :smile: -> b,employees,2010,5\n",
            "material/home: &lt;i&gt; $x$ :smile: -\u2060> b",  # a sign that is not seen keeps it from being an arrow
        ),
        ("place,measure,![x](http://elsewhere.example/x.png),value\nSuzhou,employees,2010,5\n", "heading '![x]"),
    ],
)
def test_nothing_that_an_upload_smuggles_in_is_asked_for(
    address: str, browser: object, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "figures.csv"
    file.write_text(text, encoding="utf-8")
    visitor = Visitor(browser)
    visitor.open(f"{address}/data?lang=en")
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.get_by_text(said).first.wait_for(timeout=PATIENCE)
    visitor.settle()
    assert visitor.page.locator("img[src*=elsewhere], a[href*=elsewhere]").count() == 0
    visitor.check()
    # Were it not for that, the page itself would not let a picture of elsewhere in.
    refused = visitor.page.evaluate(
        """() => new Promise(done => {
            document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective));
            document.body.append(Object.assign(new Image(), {src: 'http://elsewhere.example/z.png'}));
            setTimeout(() => done('nothing'), 5000);
        })"""
    )
    assert refused == "img-src"
    visitor.page.close()


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("what-if?scenario=" + "A" * 20_000, "more than 6000 letters"),
        ("compare?scenarios=baseline,<script>alert(1)</script>", "damaged"),
        ("what-if?seen=<img%20src=x%20onerror=alert(1)>", "not say legibly"),
        ("place?place=[here](http://elsewhere.example)", "what is not known here"),
    ],
)
def test_a_tampered_link_is_named_and_nothing_of_it_is_run(address: str, browser: object, path: str, said: str) -> None:
    visitor = Visitor(browser)
    opened = []
    visitor.page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    visitor.open(f"{address}/{path}&lang=en")
    visitor.page.get_by_text(said).first.wait_for(timeout=PATIENCE)
    assert opened == []
    assert visitor.page.locator("a[href*='elsewhere.example']").count() == 0
    visitor.check()
    visitor.page.close()


@pytest.mark.parametrize(
    ("width", "language", "button", "target"),
    [
        (1280, "en", "Find out what matters", "suzhou-contract_value_signed-total-2015"),
        (390, "zh", "找出关键因素", "wuxi-outsourcing_revenue-total-2020"),
    ],
)
def test_what_matters_is_found_out_and_stays_accessible(
    address: str, browser: object, width: int, language: str, button: str, target: str
) -> None:
    """What was found for one visitor is kept for all, so each asks for a target of their own."""
    visitor = Visitor(browser, width)
    visitor.open(f"{address}/what-matters?target={target}&lang={language}")
    visitor.page.get_by_role("button", name=button).click()
    visitor.page.locator("canvas, svg.marks").first.wait_for(timeout=PATIENCE)
    visitor.settle()
    visitor.picture(f"what-matters-found-{width}-{language}")
    assert visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= width
    assert visitor.untold(language) == []
    assert visitor.violations() == []
    visitor.check()
    visitor.page.close()
