"""Whatever is wrong with a scenario is told in Chinese: only keys, kinds, names and what stands in the file keep their letters."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings

from app.kept_scenarios import FULL, NAME_OF_PRESET, NAME_TAKEN, NO_NAME, unpacked
from app.language import ENGLISH, language_of
from app.reasons import fault_words
from app.scenario_links import DAMAGED, TOO_LONG, linked_scenario
from data import Catalogue, InputFault
from data.faults import FAULTS_SHOWN, file_faults
from data.sentences import Sentence, phrased
from forecast.belief import Belief
from scenarios import Scenario, assess_targets, check_names, compile_scenario, load_scenario, read_scenario
from scenarios.fields import FAMILIES, UNITS
from scenarios.quantities import DISTRIBUTIONS
from scenarios.scenario import KINDS, ScenarioFile
from scenarios.scenario_files import LONGEST_CHAIN, PRESETS
from scenarios.yaml_words import PARSER_WORDS, parser_sentence
from tests.made_up import aim, catalogue_of, level
from tests.scenarios.questions import question, scenario_of
from tests.scenarios.scenario_examples import links, read, with_term
from tests.scenarios.test_scenario_faults import FAULTS, NO_FILES, broken, one_fault
from tests.scenarios.test_scenario_names import UNKNOWN

CHINESE = language_of("zh")
CJK = re.compile("[\u4e00-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2,}")
MODELS = (ScenarioFile, *(model for kinds in KINDS.values() for model in kinds.values()))
KEYS = (field.alias or name for model in MODELS for name, field in model.model_fields.items())
ARGUMENTS = "low mode high mean sd start end value probability Hangzhou Wuxi"  # as they stand in [low, mode, high]
SIGNS = (
    "YAML UTF URI ZIP kB yaml zip mine link sourcecast data list show PLACE targets format json title mild recession best_peer "
    "True False None inf"
)
KNOWN = {
    word
    for text in (*KEYS, *KINDS, *DISTRIBUTIONS, *FAMILIES, *UNITS, *PRESETS, *(kind for kinds in KINDS.values() for kind in kinds), ARGUMENTS, SIGNS)
    for word in LETTERS.findall(text)
} | {"all", "CNY", "USD", "HKD"}  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
# The modules of which a page may hear what is wrong; what others raise is said by the command line alone.
HEARD = (
    "app/kept_scenarios", "app/scenario_links", "scenarios/asked", "scenarios/assumptions", "scenarios/compilation", "scenarios/fields",
    "scenarios/levers", "scenarios/prepared", "scenarios/question", "scenarios/scenario", "scenarios/scenario_faults", "scenarios/scenario_files",
    "scenarios/scenario_names", "scenarios/scenario_yaml",
)  # fmt: skip


def sentences_in(value: object) -> Iterator[Sentence]:
    if isinstance(value, Sentence):
        yield value
        for one in value.values.values():
            yield from sentences_in(one)


def assert_told_in_chinese(fault: InputFault, own: str = "", more: frozenset[str] = frozenset()) -> None:
    """Every sentence has a translation, and no word is left that is neither known nor the user's own."""
    assert fault.sentences
    assert "\n".join(fault.sentences) == str(fault) == fault_words(fault.sentences, ENGLISH)
    for sentence in fault.sentences:
        assert isinstance(sentence, Sentence), sentence
        for one in sentences_in(sentence):
            told = CHINESE.phrases.ngettext(one.template, one.many, 2) if one.many else CHINESE.phrases.gettext(one.template)
            assert told not in (one.template, one.many), one
        said = fault_words([sentence], CHINESE)
        assert CJK.search(said)
        assert len(said.splitlines()) == 1
        left = set(LETTERS.findall(re.sub(r"\\x\w\w|\\u\w{4}|\\U\w{8}|\\[nrt]", " ", said))) - KNOWN - more
        assert not {word for word in left if word not in own}, (said, left)


@pytest.fixture(scope="module")
def names(catalogue: Catalogue) -> frozenset[str]:
    """The words of the names that a suggestion may tell."""
    tables = ((catalogue.places, "place"), (catalogue.places, "name_en"), (catalogue.measures, "measure"),
              (catalogue.measures, "name_en"), (catalogue.facts, "scope"), (catalogue.targets, "scope"),
              (catalogue.targets, "target"))  # fmt: skip
    return frozenset(word for table, column in tables for name in table[column].unique() for word in LETTERS.findall(name))


def refused(content: str | bytes, catalogue: Catalogue | None = None) -> InputFault | None:
    try:
        read_scenario("mine.yaml", content if isinstance(content, bytes) else content.encode(), catalogue)
    except InputFault as fault:
        return fault
    return None


@pytest.mark.parametrize("number", range(len(FAULTS)))
def test_every_fault_of_a_file(number: int) -> None:
    content, _ = FAULTS[number]
    fault = refused(content)
    assert fault
    assert_told_in_chinese(fault, content.decode("utf-8", "replace") if isinstance(content, bytes) else content)


@pytest.mark.parametrize(("section", "kind", "changes", "said"), UNKNOWN)
def test_every_name_that_is_not_known(
    catalogue: Catalogue, names: frozenset[str], section: str, kind: str, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(InputFault) as fault:
        check_names(read(with_term(section, kind, **changes)), catalogue)
    assert_told_in_chinese(fault.value, f"{changes} One", names)


def test_two_names_of_one_thing_and_a_circle_that_names_close(catalogue: Catalogue) -> None:
    growth = [with_term("levers", "growth", places=place)["levers"][0] for place in ("Suzhou", "苏州")]
    circle = links(("服务外包从业人员", "contract_value_signed", 0), ("contract_value_signed", "employees", 0))
    for scenario in (read({"title": "T", "levers": growth}), circle):
        with pytest.raises(InputFault) as fault:
            check_names(scenario, catalogue)
        assert_told_in_chinese(fault.value)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(broken())
def test_what_is_wrong_with_a_mutated_file(catalogue: Catalogue, names: frozenset[str], content: bytes) -> None:
    for fault in (refused(content), refused(content, catalogue)):
        if fault:
            assert_told_in_chinese(fault, content.decode("utf-8", "replace"), names)


@settings(derandomize=True, deadline=None, max_examples=300)
@given(one_fault())
def test_a_field_that_cannot_be(faulty: tuple[str, str]) -> None:
    fault = refused(faulty[0])
    assert fault
    assert_told_in_chinese(fault, faulty[0])


def test_what_is_wrong_with_bases(tmp_path: Path) -> None:
    files = {f"{number}.yaml": f"title: '{number}'\nbase: {number - 1}.yaml\n" for number in range(1, LONGEST_CHAIN + 1)}
    files |= {
        "0.yaml": "title: '0'\n",
        "mine.yaml": "title: A\nbase: b.yaml\n",
        "b.yaml": "title: B\nbase: mine.yaml\n",
        "gone.yaml": "title: A\nbase: stagnaton\n",
        "one.yaml": "title: B\nassumptions:\n - link: {from: a, to: b, elasticity: 1}\n",
        "circle.yaml": "title: A\nbase: one.yaml\nassumptions:\n - link: {from: b, to: a, elasticity: 1}\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for name in ("mine.yaml", "gone.yaml", "circle.yaml", f"{LONGEST_CHAIN}.yaml"):
        with pytest.raises(InputFault) as fault:
            load_scenario(tmp_path / name)
        assert_told_in_chinese(fault.value, f"{tmp_path} {' '.join(files)} stagnaton")
    fault_here = refused("title: A\nbase: /etc/passwd\n")
    assert fault_here
    assert fault_words(fault_here.sentences, CHINESE).startswith(
        "mine.yaml：第2行：base：写的是'/etc/passwd'；此处允许：baseline, "
    )


@pytest.mark.parametrize(("name", "said"), NO_FILES)
def test_what_is_no_file(name: str, said: str) -> None:
    """Of a file that cannot be read the words of the machine are told as they are."""
    with pytest.raises(InputFault) as fault:
        load_scenario(name)
    assert_told_in_chinese(fault.value, name + said)


@pytest.mark.parametrize(
    "terms",
    [
        [{"places": ["Wuxi", "Suzhou"], "coefficient": 0.5}, {"places": ["Suzhou", "Hangzhou"], "coefficient": 0.6}],
        [{"coefficient": {"uniform": [0.2, 0.4]}}, {"places": ["Wuxi", "Suzhou"], "coefficient": 0.3}],
    ],
)
def test_correlations_that_do_not_go_together(catalogue: Catalogue, belief_2013: Belief, terms: list[dict]) -> None:
    with pytest.raises(InputFault) as fault:
        compile_scenario(scenario_of(assumptions=[{"correlation": one} for one in terms]), catalogue, belief_2013)
    assert_told_in_chinese(fault.value, str(terms))


def test_a_target_that_a_scenario_moves_to_a_year_that_is_known(catalogue: Catalogue, belief_2013: Belief) -> None:
    target = "suzhou-contract_value_signed-total-2015"
    moved = scenario_of(levers=[{"target": {"target": target, "due": 2010}}])
    with pytest.raises(InputFault) as fault:
        question(catalogue, belief_2013, target, moved)
    said = fault_words(fault.value.sentences, CHINESE)
    assert re.fullmatch(f"目标{target}不给出可能性：期限为2010年，而序列止于\\d{{4}}年", said)


def test_a_target_of_the_users_that_is_due_already() -> None:
    facts = [level("Suzhou", "contract_value_executed", year, 1e9 * (year - 2010)) for year in (2011, 2012)]
    late = aim(
        "Suzhou", "contract_value_executed", 2012, 2e9, source="mine.csv", assessed_by="Suzhou|contract_value_executed|total|USD"
    )
    with pytest.raises(InputFault) as fault:
        assess_targets(catalogue_of(facts, [late]), known_by="latest")
    assert_told_in_chinese(fault.value, f"{late.target} mine.csv")


def test_links_archives_and_names(catalogue: Catalogue) -> None:
    assert_told_in_chinese(InputFault(NO_NAME, NAME_OF_PRESET, NAME_TAKEN, FULL, DAMAGED, TOO_LONG))
    for text in ("eNowhere", "A" * 7000):
        with pytest.raises(InputFault) as fault:
            linked_scenario(text, catalogue)
        assert_told_in_chinese(fault.value)
    with pytest.raises(InputFault) as fault:
        unpacked("no.zip", b"PK\3\4")
    assert_told_in_chinese(fault.value, "no.zip")


def test_every_line_of_many_faults_is_told_and_those_left_out_are_counted() -> None:
    fault = file_faults("many.yaml", [phrased("empty")] * (FAULTS_SHOWN + 10))
    assert len(fault.sentences) == FAULTS_SHOWN + 1
    assert fault_words(fault.sentences, CHINESE).splitlines()[-2:] == ["many.yaml：空", "many.yaml：另有10处问题"]
    assert str(file_faults("a", ["b"] * (FAULTS_SHOWN + 1))).endswith("\na: and 1 more fault")


@pytest.mark.parametrize("words", PARSER_WORDS)
def test_the_words_of_the_parser_are_known_with_what_it_found(words: str) -> None:
    said = words.format(sign="'\\t'", bracket="']'", mark="' '", number=8)
    sentence = parser_sentence(said)
    assert sentence == said
    assert sentence.template == words
    assert "{" not in CHINESE.tell(sentence)


def test_words_of_the_parser_that_nobody_knows_are_told_as_its_words() -> None:
    sentence = parser_sentence("something {new} went wrong")
    assert sentence == "something {new} went wrong"
    assert CHINESE.tell(sentence) == "解析程序的原话是“something {new} went wrong”"


@pytest.mark.parametrize("name", HEARD)
def test_no_fault_that_a_page_may_show_is_plain_text(name: str) -> None:
    """Whoever writes a fault without `phrased` writes it for readers of English alone."""
    said_by = {"InputFault", "file_faults", "within", "instead_of"} | ({"refused"} if name != "scenarios/asked" else set())
    calls = [node for node in ast.walk(ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    said = [one for call in calls if {getattr(call.func, "id", ""), getattr(call.func, "attr", "")} & said_by for one in call.args]
    plain = [one for one in said if isinstance(one, ast.JoinedStr) or isinstance(getattr(one, "value", None), str)]
    assert not [ast.unparse(one) for one in plain]


def test_a_good_scenario_has_no_fault() -> None:
    assert refused("title: T\n") is None
    assert isinstance(read_scenario("mine.yaml", b"title: T\n"), Scenario)
