"""Tables of a user's own, written for tests."""

import pytest
from hypothesis import strategies as st

from data import InputFault, load_catalogue
from data.catalogue import bundled_catalogue
from data.records import Fact, Target, records
from data.sentences import Sentence
from data.text_tables import TEXTS, WORKBOOKS
from data.user_files import add_user_data

BUNDLED = bundled_catalogue()
BARE = load_catalogue(bundled=False)
HEADER = "place,measure,period,value\n"
AIMS = "place,measure,due,value\n"
NEW_PLACES = "place,name_en,name_zh,kind,parent,region,latitude,longitude\n"
NEW_MEASURES = "measure,name_en,name_zh,family,quantity,flow_or_stock,definition\n"
VALUES = st.floats(1e-6, 1e15)


def tidy(folder, text, name="own.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def tables(folder, **texts):
    own = folder / "own"
    own.mkdir(exist_ok=True)
    for name, text in texts.items():
        tidy(own, text, f"{name}.csv")
    return own


def facts_of(path):
    return records(add_user_data(BARE, path).facts, Fact)


def targets_of(path):
    return records(add_user_data(BARE, path).targets, Target)


def refusal(path, catalogue=BARE):
    with pytest.raises(InputFault) as fault:
        add_user_data(catalogue, path)
    if path.suffix in (
        *TEXTS,
        *WORKBOOKS,
    ):  # such files come by the app too, which must be able to translate all that is said of them
        assert all(isinstance(sentence, Sentence) for sentence in fault.value.cells.values() or fault.value.sentences)
    return str(fault.value)
