"""The method in words."""

from app.language import ENGLISH, language_of
from app.method_text import glossary, priors
from forecast.priors import PRIORS


def test_every_assumption_is_shown_with_its_origin() -> None:
    table = priors(PRIORS, ENGLISH)
    assert len(table) == sum(len(prior.assumptions) for prior in PRIORS.values())
    assert (table["Taken from"] != "").all()
    assert set(priors(PRIORS, language_of("zh"))["类别"]) == {"合同与收入", "人员与企业", "外资", "其他"}


def test_the_glossary_explains_each_word_once() -> None:
    assert glossary(ENGLISH)["Word"].is_unique
    assert (glossary(language_of("zh"))["含义"].str.len() > 5).all()
