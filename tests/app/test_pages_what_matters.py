"""The page What matters: computed when asked for, kept, and told by the address."""

from tests.app.test_pages import opened, texts

JOBS = "suzhou-contract_value_signed-total-2015"


def test_it_is_computed_when_asked_for_and_kept() -> None:
    page = opened("what_matters", target=JOBS)
    assert page.selectbox(key="target").value == JOBS
    assert not page.header or "What moves the odds" not in [one.value for one in page.header]
    next(button for button in page.button if button.label == "Find out what matters").click().run()
    headers = [one.value for one in page.header]
    assert headers == ["What moves the odds", "When is it missed?", "Which figure would help most?", "How much would be enough?"]
    assert "the target is missed in" in texts(page)
    again = opened("what_matters", target=JOBS, lang="zh")
    assert [one.value for one in again.header][:2] == ["什么影响可能性", "什么情况下会错过？"]


def test_every_lever_says_how_much_is_enough_or_that_it_does_not_count() -> None:
    page = opened("what_matters", target=JOBS)
    for lever in ("growth", "programme", "talent", "fdi", "ceiling", "target"):
        page.selectbox(key="lever").set_value(lever).run()
        assert not page.exception
        told = texts(page) + "".join(one.value for one in page.info)
        assert any(words in told for words in ("of 100 (between", "No amount reaches", "This lever does not move"))
    assert page.query_params["lever"] == "target"
    for wanted in ("5", "95"):
        page.select_slider(key="wanted").set_value(wanted).run()
        assert not page.exception
        assert page.query_params["wanted"] == wanted


def test_the_odds_wanted_stand_in_the_address_and_outlast_another_page() -> None:
    page = opened("what_matters", target=JOBS, wanted="60")
    assert (page.select_slider(key="wanted").value, page.query_params["wanted"]) == ("60", "60")
    for name in ("method", "what_matters"):
        page.switch_page(f"screens/{name}_page.py").run()
    assert (page.select_slider(key="wanted").value, page.query_params["wanted"]) == ("60", "60")
    page = opened("what_matters", target=JOBS, wanted="200")
    assert page.select_slider(key="wanted").value == "80"
    assert any("200" in one.value for one in page.warning)


def test_a_tampered_link_is_said_and_nothing_else_happens() -> None:
    page = opened("what_matters", target="nowhere-2015", weighed="<script>", lever="magic")
    assert page.selectbox(key="target").value != "nowhere-2015"
    assert any("nowhere-2015" in one.value for one in page.warning)
