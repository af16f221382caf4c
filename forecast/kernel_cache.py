"""Where compiled kernels are kept: a writable folder named by what they were compiled from."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from uuid import uuid4

ROOMS = ("data", "forecast", "scenarios", "app", "benchmarks")


def prepare_kernel_cache() -> None:
    """Point numba to a cache folder of our own; must run before the first kernel is imported.

    The folder is that of NUMBA_CACHE_DIR, or else stands in SOURCECAST_CACHE, the user's cache folder, or a folder of the user's in the
    temporary one: the first of these that can be written to. Its name is a hash of all kernel files, numba's version and the kind of
    processor, because numba does not notice a changed helper in another file. Where nothing can be written nothing is kept, and
    every start compiles.
    """
    from numba import __version__
    from numba.core import config
    from numba.core.caching import Cache, IndexDataCacheFile
    from numba.core.dispatcher import Dispatcher

    # Two processes that fill a cache at the same moment would both take the next free number, and one would then run what the other compiled
    # for other types. With a name of its own for every entry, one of them merely compiles again another time.
    IndexDataCacheFile._data_name = lambda self, _number: self._data_name_pattern.replace("{number:d}", uuid4().hex)
    # A disk that fills up while code is saved costs another compilation, not the run.
    Cache._guard_against_spurious_io_errors = lambda _self: suppress(OSError)
    folder = next(filter(is_writable, candidates(__version__)), None)
    if folder is None:
        # numba refuses to compile what it is told to keep and cannot
        Dispatcher.enable_caching = lambda _self: None  # type: ignore[method-assign, assignment]
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    config.reload_config()


def candidates(numba_version: str) -> Iterator[Path]:
    """Yield the folders where compiled code may be kept, the preferred one first."""
    if "NUMBA_CACHE_DIR" in os.environ:
        yield Path(os.environ["NUMBA_CACHE_DIR"])
    name = Path("kernels", kernels_hash(numba_version))
    if "SOURCECAST_CACHE" in os.environ:
        yield Path(os.environ["SOURCECAST_CACHE"]) / name
    with suppress(RuntimeError):  # a user without a home
        yield user_caches() / "sourcecast" / name
    with suppress(OSError):  # there is none, or a stranger has taken the name: what lies there would be run
        yield own_temporary_folder() / name


def kernels_hash(numba_version: str) -> str:
    """Return a hash of all kernel files and of what they are compiled by and for."""
    root = Path(__file__).parent.parent
    digest = blake2b(f"{numba_version} {platform.machine()} {platform.python_version()}".encode(), digest_size=8)
    for path in sorted(path for room in ROOMS for path in (root / room).glob("*_kernels.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def user_caches() -> Path:
    """Return the folder where the programs of this user keep what can be made again."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def own_temporary_folder() -> Path:
    """Return a folder in the temporary one that only this user can write to.

    Raises
    ------
    OSError
        If it cannot be made, or is somebody else's.
    """
    user = os.getuid() if sys.platform != "win32" else "user"
    folder = Path(tempfile.gettempdir(), f"sourcecast-{user}")
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if sys.platform != "win32" and (folder.is_symlink() or state.st_uid != user or state.st_mode & 0o022):
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def is_writable(folder: Path) -> bool:
    """Make a folder if need be and tell whether files can be written there; permissions alone do not tell on every file system."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True
