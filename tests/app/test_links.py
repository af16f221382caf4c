"""The state of a page in its address: a link is heard, a widget just moved is not overruled by an older address."""

from streamlit.testing.v1 import AppTest


def script() -> None:
    import streamlit as st

    from app import links

    links.adopt()
    letters = ("a", "b", "c")
    one = st.selectbox("one", letters, key=links.one_of("one", letters, "a"))
    some = st.multiselect("some", letters, key=links.some_of("some", letters))
    st.write(links.in_vain())
    if "interrupted" not in st.session_state:
        links.write({"one": one, "some": some})


def opened(**address: str) -> AppTest:
    page = AppTest.from_function(script)
    for name, text in address.items():
        page.query_params[name] = text
    return page.run()


def state(page: AppTest) -> tuple[object, object]:
    return page.selectbox[0].value, page.multiselect[0].value


def test_a_link_sets_the_widgets_and_widgets_the_address() -> None:
    page = opened(one="b", some="c,a")
    assert state(page) == ("b", ["c", "a"])
    page.multiselect[0].set_value(["b"]).run()
    assert (page.query_params["one"], page.query_params["some"]) == ("b", "b")
    page.multiselect[0].set_value([]).run()
    assert "some" not in page.query_params


def test_the_way_back_restores_the_address_before() -> None:
    page = opened(one="b")
    page.selectbox[0].set_value("c").run()
    page.query_params["one"] = "b"
    assert state(page.run()) == ("b", [])


def test_an_older_address_does_not_overrule_a_widget_just_moved() -> None:
    page = opened(one="b", some="a")
    page.query_params.clear()
    page.query_params["one"] = "a"
    page.selectbox[0].set_value("c").run()
    assert state(page) == ("c", ["a"])
    assert page.query_params["one"] == "c"


def test_a_widget_moved_there_and_back_before_the_first_answer_stays_as_it_was_moved_last() -> None:
    page = opened(one="a")
    page.selectbox[0].set_value("b").run()
    page.session_state["interrupted"] = True
    page.selectbox[0].set_value("a").run()
    del page.session_state["interrupted"]
    page.query_params["one"] = "a"  # what the browser shows until it hears of b
    page.selectbox[0].set_value("b").run()
    assert (state(page), page.query_params["one"]) == (("b", []), "b")
    page.query_params["one"] = "a"  # and now the way back
    assert state(page.run()) == ("a", [])


def test_what_is_not_allowed_is_left_out_and_named_once() -> None:
    page = opened(one="z", some="a,y")
    assert state(page) == ("a", ["a"])
    assert page.json[0].value == '["z", "y"]'
    assert page.run().json[0].value == "[]"


def worded_script() -> None:
    import streamlit as st

    from app import links

    if "in other words" in st.session_state:
        st.session_state["one"], st.session_state["some"] = "B in other words", ["c", "A in other words"]
    letters = ("a", "b", "c")
    one = st.selectbox("one", letters, key=links.one_of("one", letters, "a"))
    some = st.multiselect("some", letters, key=links.some_of("some", letters))
    st.write([one, *some])


def test_words_that_are_no_choice_leave_the_choice_before() -> None:
    """A box may tell its choice in the words of the language before, if it is asked while the page is on its way."""
    page = AppTest.from_function(worded_script).run()
    page.selectbox[0].set_value("b")
    page.multiselect[0].set_value(["c", "a"]).run()
    page.session_state["in other words"] = True
    assert page.run().json[0].value == '["b", "c", "a"]'


def followed_script() -> None:
    import streamlit as st

    from app import links

    links.adopt()
    one = st.selectbox("one", ("a", "b"), key=links.one_of("one", ("a", "b"), "a"))
    st.write(links.followed("seen", one))
    links.write({"one": one, "seen": f"now {one}"})


def test_what_a_link_says_is_heard_as_long_as_the_page_shows_what_it_showed() -> None:
    page = AppTest.from_function(followed_script)
    page.query_params["one"], page.query_params["seen"] = "b", "then"
    assert page.run().markdown[0].value == "then"
    assert page.query_params["seen"] == "now b"
    assert page.run().markdown[0].value == "then"
    page.selectbox[0].set_value("a").run()
    assert not page.markdown or page.markdown[0].value == ""
    page.selectbox[0].set_value("b").run()
    assert page.markdown[0].value == "then"
