"""Starting the Streamlit app with the settings that keep it on this machine, wherever it is started from."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

from data import InputFault

# The same as .streamlit/config.toml, which only counts when the app is started from the project's folder.
SETTINGS = {
    "server.headless": "true",
    "server.address": "127.0.0.1",
    "server.allowedHosts": "127.0.0.1,localhost",
    "server.fileWatcherType": "none",
    "server.maxUploadSize": "20",
    "browser.gatherUsageStats": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorLinks": "false",
    "client.showErrorDetails": "none",
    "runner.postScriptGC": "false",
    "theme.base": "light",
    "theme.primaryColor": "#1f5a7a",
    "theme.textColor": "#0b0d10",
    "theme.linkColor": "#1f5a7a",
}


def streamlit_command(port: int) -> list[str]:
    """Return the command that serves the app on this machine only."""
    script = Path(__file__).with_name("streamlit_app.py")
    flags = [part for name, value in SETTINGS.items() for part in flag(name, value)]
    return [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), *flags]


def flag(name: str, value: str) -> list[str]:
    """Write one setting as options of the command line; a list repeats the option."""
    return [part for one in value.split(",") for part in (f"--{name}", one)]


def serve(port: int) -> None:
    """Serve the app until it is interrupted."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise InputFault(f"--port: {port} is in use on this machine; choose another one") from None
    print(f"Sourcecast is at http://127.0.0.1:{port} (Ctrl+C ends it)", file=sys.stderr)
    process = subprocess.Popen(streamlit_command(port))  # noqa: S603  (our own command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())  # whoever ends us must not leave the server behind
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait()
        raise
    if code > 0:
        raise RuntimeError(f"the app ended with code {code}")
