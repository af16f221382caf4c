"""A page of Streamlit served for a measurement, in a process of its own."""

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from app.serving import SETTINGS, flag, streamlit_command

EMPTY = Path(__file__).with_name("empty_page.py")
ROOT = EMPTY.parents[1]
APP = ROOT / "app" / "streamlit_app.py"


@contextmanager
def served(script: Path, *, as_it_comes: bool = False) -> Iterator[tuple[str, int]]:
    """Serve a script with the settings of the app, or with those that Streamlit has by itself.

    Gives its address and the number of the process, which has just been started.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(script) if part == str(APP) else part for part in streamlit_command(port)]
    if as_it_comes:
        kept = [part for name in ("server.headless", "browser.gatherUsageStats") for part in flag(name, SETTINGS[name])]
        command = [*command[: command.index("--server.port") + 2], *kept]
    with TemporaryDirectory() as elsewhere:  # settings are also read from the folder that a server is started in
        folder = elsewhere if as_it_comes else ROOT
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  (our own command)
        try:
            yield f"http://127.0.0.1:{port}", process.pid
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_healthy(address: str) -> None:
    """Wait until a server answers, looking every 20 milliseconds."""
    for _ in range(3000):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()  # noqa: S310  (our own server)
            return
        except OSError:
            time.sleep(0.02)
    raise RuntimeError(f"no answer from {address}")


def memory(process: int) -> float:
    """Return the memory of a process in MiB (resident set)."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
