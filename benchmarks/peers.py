"""Models of statsforecast beside ours. It needs an older pandas, so it lives in an environment of its own (`make peers`, peers.lock).

Asked from outside, `peer_quantiles` and `peer_seconds` run this file in that environment; histories and answers pass through a temporary
folder. All is one series after the other on one processor.
"""

import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

import numpy as np

PYTHON = Path(__file__).resolve().parents[1] / ".venv-peers" / "bin" / "python"
PEERS = ("Naive", "RWD", "DynamicOptimizedTheta", "AutoETS")
POOLED_SD, POOLED_POWER = 0.039, 0.87  # of ln(level) h years ahead, around the last value: what a peer that fails is replaced by
NARROWEST = 1e-4  # of the level: a narrower interval has no width


def ask(task: str, name: str, histories: list[np.ndarray], ahead: int, levels: Sequence[float]) -> np.ndarray | None:
    """Run a task in the peers' environment; None if it does not stand."""
    if not PYTHON.exists():
        return None
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "given.npz", Path(folder) / "found.npy"
        lengths = np.array([len(one) for one in histories])
        np.savez(given, every=np.concatenate(histories), lengths=lengths, ahead=ahead, levels=np.array(levels))
        subprocess.run([PYTHON, __file__, task, name, given, found], check=True)  # noqa: S603  (a fixed command)
        return np.asarray(np.load(found))


def peer_quantiles(
    name: str, histories: list[np.ndarray], ahead: int, levels: Sequence[float], *, logarithms: bool
) -> np.ndarray | None:  # fmt: skip
    """Quantiles (m, q, ahead) by one model; where it fails, those of the last value with a pooled sd."""
    from scipy.special import ndtri

    given = [np.log(one) for one in histories] if logarithms else histories
    found = ask("forecast", name, given, ahead, levels)
    if found is None:
        return None
    last = np.array([one[-1] for one in histories])[:, None, None]
    found = np.exp(found) if logarithms else np.maximum(found, 0.01 * last)
    plain = last * np.exp(ndtri(np.array(levels))[None, :, None] * POOLED_SD * np.arange(1, ahead + 1) ** POOLED_POWER)
    width = found[:, -1] - found[:, 0]
    failed = ~np.isfinite(found).all(axis=(1, 2)) | (width < NARROWEST * np.abs(last[:, 0])).any(axis=1)
    return np.where(failed[:, None, None], plain, found)


def peer_seconds(name: str, histories: list[np.ndarray], ahead: int, levels: Sequence[float]) -> float | None:
    """Seconds of one warm call of statsforecast's batch interface for all histories, the best of three; None without the environment."""
    found = ask("time", name, histories, ahead, levels)
    return None if found is None else float(found.min())


class FileRun(NamedTuple):
    """What a program that forecasts a file took from its start to its end [s], and its peak memory [MB]."""

    seconds: float
    megabytes: float


def peer_of_file(figures: Path, ahead: int, jobs: int) -> FileRun:
    """Have RandomWalkWithDrift forecast every series of a tidy file, by so many processes; the environment must stand."""
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        done = subprocess.run(  # noqa: S603  (a fixed command)
            [PYTHON, __file__, "file", figures, str(ahead), str(jobs), Path(folder) / "found.csv"],
            check=True,
            stdout=subprocess.PIPE,
        )
        return FileRun(perf_counter() - began, int(done.stdout) / 1024)


def forecast_file(figures: Path, ahead: int, jobs: int, found: Path) -> None:
    """Read, forecast and write a file, in the environment of statsforecast; the peak memory in kB is printed."""
    import pandas as pd
    from statsforecast import StatsForecast
    from statsforecast.models import RandomWalkWithDrift

    rows = pd.read_csv(figures)
    series = pd.DataFrame({"unique_id": rows["place"] + "|" + rows["measure"], "ds": rows["period"], "y": rows["value"]})
    made = StatsForecast(models=[RandomWalkWithDrift()], freq=1, n_jobs=jobs).forecast(df=series, h=ahead, level=[80, 95])
    made.to_csv(found)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    print(status.split("VmHWM:")[1].split()[0])


def inside(task: str, name: str, given: Path, found: Path) -> None:
    """Do a task, in the environment of statsforecast."""
    import pandas as pd
    import statsforecast.models as models
    from statsforecast import StatsForecast

    content = np.load(given)
    histories = np.split(content["every"], np.cumsum(content["lengths"])[:-1])
    ahead, levels = int(content["ahead"]), content["levels"]
    make = {
        "Naive": models.Naive,
        "RWD": models.RandomWalkWithDrift,
        "DynamicOptimizedTheta": lambda: models.DynamicOptimizedTheta(season_length=1),
        "AutoETS": lambda: models.AutoETS(season_length=1),
    }[name]
    widths = sorted({round(float(abs(200 * level - 100)), 6) for level in levels if level != 0.5})
    if task == "time":
        rows = pd.DataFrame(
            {
                "unique_id": np.repeat(np.arange(len(histories)), content["lengths"]),
                "ds": np.concatenate([np.arange(len(one)) for one in histories]),
                "y": content["every"],
            }
        )
        seconds = []
        for _ in range(4):
            began = perf_counter()
            StatsForecast(models=[make()], freq=1, n_jobs=1).forecast(df=rows, h=ahead, level=[80, 95])
            seconds.append(perf_counter() - began)
        np.save(found, np.array(seconds[1:]))
        return
    every = np.full((len(histories), len(levels), ahead), np.nan)
    for number, history in enumerate(histories):
        try:
            answer = make().forecast(y=history.astype(np.float64), h=ahead, level=widths)
        except Exception:  # noqa: S112  (a peer that fails is replaced by the plain model)
            continue
        for row, level in enumerate(levels):
            width = round(float(abs(200 * level - 100)), 6)
            side = "mean" if level == 0.5 else f"{'lo' if level < 0.5 else 'hi'}-{width:g}"
            every[number, row] = answer[side] if side in answer else answer[side.replace(f"{width:g}", f"{width}")]
    np.save(found, every)


if __name__ == "__main__":
    if sys.argv[1] == "file":
        forecast_file(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
    else:
        inside(sys.argv[1], sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
