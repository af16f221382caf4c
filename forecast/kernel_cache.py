"""Where compiled kernels are kept: a writable folder named by what they were compiled from."""

import os
import platform
import tempfile
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path


def prepare_kernel_cache() -> None:
    """Point numba to a cache folder of our own; must run before numba is first imported.

    The folder's name is a hash of all kernel files, numba's version and the processor, because numba does not notice
    a changed helper in another file. A folder that the user has set stays.
    """
    if "NUMBA_CACHE_DIR" in os.environ:
        return
    root = Path(__file__).parent.parent
    digest = blake2b(digest_size=8)
    for path in sorted(root.glob("*/*_kernels.py")):
        digest.update(path.read_bytes())
    digest.update(f"{version('numba')} {platform.machine()} {platform.processor()} {platform.python_version()}".encode())
    for base in (Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")), Path(tempfile.gettempdir())):
        folder = base / "sourcecast" / "kernels" / digest.hexdigest()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            os.environ["NUMBA_CACHE_DIR"] = str(folder)
            return
