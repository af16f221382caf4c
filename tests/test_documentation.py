"""Every example in README is run, and every command and option stands in it or in the help."""

import doctest
import re
import shlex
from pathlib import Path

import pytest

from app.case_pictures import pictures
from app.cli import main
from data import load_catalogue
from data.rulings import findings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CASES = (ROOT / "docs" / "cases.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", README, flags=re.DOTALL)
# Blocks of one case share a folder: they are run together.
STORIES = [
    "".join(re.findall(r"```console\n(.*?)```", case, flags=re.DOTALL)) for case in re.split(r"^## ", CASES, flags=re.MULTILINE)[1:]
]


def examples(block: str) -> list[tuple[str, list[str]]]:
    """Split a block into its commands, each with the output printed below it."""
    found: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            found.append((line[2:], []))
        elif line.strip():
            found[-1][1].append(line)
    return found


def squeezed(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("block", BLOCKS + STORIES, ids=range(len(BLOCKS + STORIES)))
def test_the_commands_of_the_readme_and_the_cases_do_what_they_say(
    block: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command, printed in examples(block):
        name, *arguments = shlex.split(command)
        if name == "cat":
            Path(arguments[0]).parent.mkdir(exist_ok=True)
            Path(arguments[0]).write_text("\n".join(printed) + "\n", encoding="utf-8")
            continue
        assert name == "sourcecast"
        monkeypatch.setattr("sys.argv", ["sourcecast", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        output = capsys.readouterr().out
        assert ended.value.code in (0, None), command
        assert output.strip() or command.startswith("sourcecast data check"), command
        for line in printed:
            assert squeezed(line) in squeezed(output), command


def test_there_are_examples() -> None:
    assert sum(len(examples(block)) for block in BLOCKS) >= 8
    assert [len(examples(story)) >= 2 for story in STORIES] == [True] * 3


@pytest.mark.parametrize(("page", "least"), [("README.md", 5), ("docs/tutorial.md", 30)])
def test_the_python_of_a_page_gives_what_it_says(page: str, least: int) -> None:
    results = doctest.testfile(str(ROOT / page), module_relative=False)
    assert results.attempted >= least
    assert results.failed == 0


def test_the_pictures_of_the_cases_are_those_that_are_drawn() -> None:
    drawn = pictures()
    assert sorted(re.findall(r"\(pictures/(.*)\.svg\)", CASES)) == sorted(drawn)
    for name, one in drawn.items():
        assert (ROOT / "docs" / "pictures" / f"{name}.svg").read_text(encoding="utf-8") == one.svg(), name


COMMANDS = [
    "targets",
    "forecast",
    "simulate",
    "compare",
    "influence",
    "links",
    "solve",
    "sensitivity",
    "backtest",
    "app",
    "report",
    "schema",
    *(f"data {name}" for name in ("list", "show", "check", "import", "export", "rulings")),
    *(f"runs {name}" for name in ("list", "show", "diff", "delete")),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_stands_in_the_readme(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"sourcecast {command}" in README or f"`{command}" in README
    monkeypatch.setattr("sys.argv", ["sourcecast", *command.split(), "--help"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize("word", ["setup", "run", "test", "app", "bench", "accuracy-dev", "accuracy", "lint", "check"])
def test_every_task_of_the_makefile_is_explained(word: str) -> None:
    texts = README + (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert re.search(rf"^{word}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert word == "lint" or f"make {word}" in texts


def test_the_counts_in_the_texts_are_those_of_the_tables() -> None:
    catalogue = load_catalogue()
    facts, ledger = len(catalogue.facts), catalogue.rulings
    assert f"{len(ledger)} rulings answer" in README
    assert f"{facts:,} figures" in README
    data = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert f"Each of the {facts + len(catalogue.targets):,} figures of both tables" in data
    assert f"It finds {len(findings(catalogue))};" in data
    assert f"by {(ledger['finding'] != 'reading').sum()} rulings" in " ".join(data.split())
    verdicts = ", ".join(f"{word} {(ledger['verdict'] == word).sum()}" for word in ("keep", "exclude", "widen", "correct"))
    assert f"Verdicts: {verdicts}." in data
