"""Languages: what is said is written in English and looked up in a gettext catalogue; figures are put in after that."""

from dataclasses import dataclass, field
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from data.sentences import Sentence

FOLDER = Path(__file__).parent / "translations"
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


@dataclass(frozen=True)
class Language:
    """A language and its phrases."""

    code: str
    phrases: NullTranslations = field(compare=False, repr=False)

    def say(self, text: str, /, **values: object) -> str:
        """Say a text; `values` fill its {places}."""
        said = self.phrases.gettext(text)
        return said.format(**values) if values else said

    def say_number(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say a text about a number of things, which also fills {number}."""
        return self.phrases.ngettext(one, many, number).format(number=number, **values)

    def tell(self, sentence: str) -> str:
        """Say what was made in English by `data`, with the sentences among its values; what is no `Sentence` stays as it is."""
        if not isinstance(sentence, Sentence):
            return sentence
        values = {name: self.tell(value) if isinstance(value, str) else value for name, value in sentence.values.items()}
        if sentence.many:
            return self.phrases.ngettext(sentence.template, sentence.many, sentence.values["number"]).format(**values)
        return self.phrases.gettext(sentence.template).format(**values)

    def word(self, kind: str, text: str) -> str:
        """Say a word that stands in a table; `kind` tells which column."""
        return self.phrases.pgettext(kind, text)

    def knows(self, kind: str, text: str) -> bool:
        """Tell whether a word of a table has been translated."""
        return self.word(kind, text) != text


def mark(text: str) -> str:
    """Mark a constant text for translation; it is said later."""
    return text


ENGLISH = Language("en", NullTranslations())


@lru_cache
def language_of(code: str) -> Language:
    """Return the language of a code; every other one than Chinese is English."""
    if code != "zh":
        return ENGLISH
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (FOLDER / "zh.po").open("rb") as file:
        catalogue = read_po(file, locale="zh")
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language("zh", GNUTranslations(compiled))


def code_of_locale(locale: str | None) -> str:
    """Return the language for what a browser prefers ('zh-CN', 'de'), English if it is none of ours."""
    code = (locale or "").split("-")[0].casefold()
    return code if code in LANGUAGE_NAMES else "en"
