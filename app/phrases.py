"""Every phrase that the app says, for the catalogues in translations/. Run `python -m app.phrases` after changing one: it lists what is missing."""

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from pydantic import BaseModel

from app.language import FOLDER
from app.record_tables import MODEL_NAMES
from data import Catalogue, load_catalogue
from data.rulings import rulings
from forecast import Belief, believe
from forecast.priors import PRIORS
from scenarios.assumptions import ASSUMPTIONS
from scenarios.levers import LEVERS
from scenarios.quantities import DISTRIBUTIONS
from scenarios.scenario import ScenarioFile
from scenarios.yaml_words import PARSER_SIGNS, PARSER_WORDS

KEYWORDS = {"say": None, "mark": None, "say_number": (1, 2), "phrased": None, "phrased_number": (1, 2)}
FACT_KINDS = ("level", "growth", "average_growth", "multiple", "sum", "share")

Phrase = tuple[str, str]  # kind ('' for a text of the code), text


def texts_of_code() -> Iterator[Phrase]:
    """Give the texts in the files of the app, and those of the sentences that `data` and `scenarios` make."""
    from babel.messages.extract import extract_from_file

    app = Path(__file__).parent
    rooms = (sorted(app.rglob("*.py")), *(sorted((app.parent / room).glob("*.py")) for room in ("data", "scenarios")))
    for path in chain.from_iterable(rooms):
        for _, texts, *_ in extract_from_file("python", str(path), keywords=KEYWORDS):
            yield "", texts[0] if isinstance(texts, tuple) else texts


def texts_of_faults() -> Iterator[Phrase]:
    """Give what faults of scenarios say that stands in no sentence of the code: what a missing field means, and what the parser says."""
    models: tuple[type[BaseModel], ...] = (ScenarioFile, *LEVERS.values(), *ASSUMPTIONS.values())
    for field in chain.from_iterable(model.model_fields.values() for model in models):
        if field.is_required():
            yield "", field.description or ""
    yield from (("", text) for text in (*PARSER_WORDS, *PARSER_SIGNS))


def words_of_tables(catalogue: Catalogue, belief: Belief) -> Iterator[Phrase]:
    """Give the words and reasons in the tables that the pages show: scopes, reasons, rulings, and names of kinds and models."""
    scopes = {one.key.scope for one in belief.series} | set(catalogue.targets["scope"])
    yield from (("scope", scope) for scope in sorted(scopes))
    reasons = {reason.rstrip(".") for column in ("reason", "withheld") for reason in catalogue.targets[column] if reason}
    yield from (("reason", reason) for reason in sorted(reasons))
    yield from (("ruling", one.reason) for one in rulings(catalogue))
    yield from (("kind", kind) for kind in FACT_KINDS)
    yield from (("model", name) for name in MODEL_NAMES)
    yield from (("family", family) for family in PRIORS)
    yield from (("term", kind) for kind in (*LEVERS, *ASSUMPTIONS))
    terms = [*LEVERS.values(), *ASSUMPTIONS.values()]
    fields = [field.alias or name for term in terms for name, field in term.model_fields.items() if name not in term.address]
    yield from (("field", name) for name in dict.fromkeys(fields))
    yield from (("distribution", name) for name in DISTRIBUTIONS)
    assumptions = [one for prior in PRIORS.values() for one in prior.assumptions]
    for kind in ("origin", "name", "reason"):
        yield from ((f"assumption {kind}", text) for text in sorted({getattr(one, kind) for one in assumptions}))


def phrases() -> list[Phrase]:
    """Return every phrase once, in a fixed order."""
    catalogue = load_catalogue()
    return list(dict.fromkeys([*texts_of_code(), *texts_of_faults(), *words_of_tables(catalogue, believe(catalogue))]))


def missing(language: str) -> list[Phrase]:
    """Return the phrases without a translation."""
    from babel.messages.pofile import read_po

    path = FOLDER / f"{language}.po"
    known = set()
    if path.exists():
        with path.open("rb") as file:
            known = {
                (message.context or "", message.id if isinstance(message.id, str) else message.id[0])
                for message in read_po(file, locale=language)
                if message.string and message.id
            }
    return [phrase for phrase in phrases() if phrase not in known]


if __name__ == "__main__":
    for kind, text in missing("zh"):
        print(f"{kind}\t{text}")  # noqa: T201
