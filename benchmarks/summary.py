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
    """Pair ours and peer by the name before the comma; medians in the unit that the benchmark names."""
    per_work = {}
    peers = {}
    for one in benchmarks:
        info = one["extra_info"]
        value = 1e9 * one["stats"]["median"] / info["work"]
        if info["side"] == "ours":
            per_work[info["name"]] = (value, info)
        else:
            peers[info["name"]] = value
    rows = []
    for name, (ours, info) in per_work.items():
        peer = peers[name.split(",")[0]]
        rows.append(
            {"name": name, "unit": info["unit"], "ours": ours, "peer": peer, "peer_name": info["peer_name"], "ratio": peer / ours}
        )
    return rows


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
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main("--quick" in sys.argv[1:]))
