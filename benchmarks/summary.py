"""Run the benchmarks and write `.benchmarks/summary.json`: ours beside the peer of the same run, as a ratio of medians.

    python benchmarks/summary.py [--quick]

A ratio above 1 means that ours is ahead. `--quick` runs small sizes, to see that everything works.
"""

import json
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".benchmarks"
Row = dict[str, object]


def summarise(benchmarks: list[dict]) -> list[Row]:
    """Pair ours and peer by their name, or by the name before the comma; medians in the unit that the benchmark names.

    A benchmark whose result is no time gives it as `value`.
    """
    per_work = {}
    peers = {}
    for one in benchmarks:
        info = one["extra_info"]
        value = info["value"] if "value" in info else 1e9 * one["stats"]["median"] / info["work"]
        if info["side"] == "ours":
            per_work[info["name"]] = (value, info)
        else:
            peers[info["name"]] = value
    rows = []
    for name, (ours, info) in per_work.items():
        peer = peers[name if name in peers else name.rsplit(", ", 1)[0]]
        rows.append(
            {"name": name, "unit": info["unit"], "ours": ours, "peer": peer, "peer_name": info["peer_name"], "ratio": peer / ours}
        )
    return rows


# The least ratio that lets a change pass, far enough below what was measured on a busy machine (docs/performance.md) for noise not to alarm.
LEAST = {
    "simulation, 1 thread": 6.0,
    "simulation over floor, 1 thread": 0.4,
    "shocks, Philox and normal law": 1.8,
    "few paths": 60.0,
    "forecasts, auto": 2.0,
    "logistic fits": 35.0,
    "start, help": 2.0,
    "start, targets": 0.25,
}
PAGE = ROOT / "docs" / "performance.md"
TABLE = "<!-- what follows is written by make bench -->"


def write_page(rows: list[Row]) -> None:
    """Replace the table of docs/performance.md."""
    lines = ["| what | ours | unit | beside | its figure | ratio |", "|---|---:|---|---|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['name']} | {row['ours']:.3g} | {row['unit']} | {row['peer_name']} | {row['peer']:.3g} | {row['ratio']:.3g} |"
        )
    before = PAGE.read_text(encoding="utf-8").split(TABLE)[0]
    PAGE.write_text(before + TABLE + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


def too_slow(rows: list[Row]) -> list[str]:
    """Say which ratios fell below the least that is allowed."""
    ratios = {str(row["name"]): float(str(row["ratio"])) for row in rows}
    return [
        f"{name}: {ratios[name]:.2f} found, at least {least:g} is wanted"
        for name, least in LEAST.items()
        if name in ratios and ratios[name] < least
    ]


def main(quick: bool) -> int:
    """Run, write the summary and print it; returns pytest's exit code."""
    FOLDER.mkdir(exist_ok=True)
    report = FOLDER / "last.json"
    report.unlink(missing_ok=True)
    os.environ["SOURCECAST_QUICK_BENCH"] = "1" if quick else "0"
    arguments = [
        str(ROOT / "benchmarks"), "-q", "-o", "python_files=bench_*.py", "-o", "addopts=--import-mode=importlib", "-p", "no:cacheprovider",
        f"--benchmark-json={report}", "--benchmark-columns=median,iqr,rounds",
    ]  # fmt: skip
    code = pytest.main(arguments)
    if code:
        return int(code)
    rows = summarise(json.loads(report.read_text(encoding="utf-8"))["benchmarks"])
    target = FOLDER / "summary.json"
    partial = target.with_suffix(".partial")
    partial.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    partial.replace(target)
    for row in rows:
        print(
            f"{row['name']}: {row['ours']:.2f} {row['unit']}, {row['peer_name']} {row['peer']:.2f}: {row['ratio']:.1f} times as fast"
        )
    if not quick:
        write_page(rows)
    slow = too_slow(rows)
    print(*slow, sep="\n", file=sys.stderr)
    return int(bool(slow))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main("--quick" in sys.argv[1:]))
