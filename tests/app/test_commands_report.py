"""`sourcecast report`: files whole or not at all, and bad input in one sentence."""

import errno
from pathlib import Path

import pytest

from app.report_html import can_print
from app.reports import report_bytes
from data import exchange
from tests.app.cli_runs import assert_refused, run
from tests.app.reporting import report
from tests.conftest import require


def wuxi(out: Path, *more: object) -> tuple[object, ...]:
    return ("report", "--place", "Wuxi", "--paths", 200, "--out", out, *more)


@pytest.mark.parametrize("ending", ["html", "pdf", "docx", "xlsx"])
def test_a_report_is_written_and_nothing_else(ending: str, tmp_path: Path) -> None:
    require(ending != "pdf" or can_print(), "the library Pango")
    out = tmp_path / f"wuxi.{ending}"
    done = run(*wuxi(out))
    assert (done.code, done.err) == (0, "")
    assert done.out == f"1 place written to {out}\n"
    assert [one.name for one in tmp_path.iterdir()] == [out.name]
    assert out.read_bytes()[:4] == {"html": b"<!DO", "pdf": b"%PDF"}.get(ending, b"PK\x03\x04")


def test_places_language_and_scenario_are_named_without_regard_to_case(tmp_path: Path) -> None:
    out = tmp_path / "two.HTML"
    done = run("report", "Baseline", "--place", "无锡", "--place", "suzhou", "--language", "ZH", "--paths", 200, "--out", out)
    assert (done.code, done.err) == (0, "")
    text = out.read_text(encoding="utf-8")
    assert '<html lang="zh-Hans">' in text
    assert text.index("无锡 Wuxi") < text.index("苏州 Suzhou")


def test_a_scenario_is_told_beside_the_baseline(tmp_path: Path) -> None:
    out = tmp_path / "suzhou.html"
    done = run("report", "Talent-push", "--place", "Suzhou", "--paths", 500, "--out", out, "--quiet")
    assert (done.code, done.err) == (0, "")
    text = out.read_text(encoding="utf-8")
    for words in (
        "Scenario: Talent push",
        "without and with the scenario",
        "talent: outsourcing employees",
        "dashed and grey: the baseline",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "wuxi.doc"), ("--out", "'wuxi.doc'", ".html, .pdf, .docx, .xlsx")),
        (("--out", "wuxi"), ("--out", "'wuxi'", "allowed")),
        (("--out", "nowhere/wuxi.pdf"), ("--out", "a folder that exists")),
        (("--out", "wuxi.pdf", "--place", "Wuxxi"), ("'Wuxxi'", "did you mean Wuxi?")),
        (("--out", "wuxi.pdf", "--language", "fr"), ("--language", "'fr'", "allowed: en, zh")),
        (("stagnatio", "--out", "wuxi.pdf"), ("'stagnatio'", "did you mean stagnation?")),
        (("--out", "all.html", "--known-by", "1990-01-01"), ("--known-by", "'1990-01-01'", "a later date")),
        (("--out", "wuxi.pdf", "--paths", 0), ("--paths", "1 or more")),
        ((), ("--out", "sourcecast report --help")),
    ],
)
def test_bad_input_is_refused_before_anything_is_written(
    arguments: tuple[object, ...], said: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(run("report", *arguments), *said)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "wuxi.xlsx"
    out.write_bytes(b"old")
    whole = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        whole(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert_refused(run(*wuxi(out)), "wuxi.xlsx: cannot be written: No space left on device")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("wuxi.xlsx", b"old")]


def test_an_interruption_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(exchange.os, "replace", interrupted)
    done = run(*wuxi(tmp_path / "wuxi.xlsx"))
    assert (done.code, done.out) == (130, "")
    assert list(tmp_path.iterdir()) == []


def test_progress_runs_from_none_to_all() -> None:
    told: list[float] = []
    report_bytes(report(), "html", told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) >= 3
