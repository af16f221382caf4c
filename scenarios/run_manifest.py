"""What a run rests on, as plain values: data, version, request and platform; a hash of it is the run's name."""

import json
import platform
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from data import Catalogue
from data.fingerprint import fingerprint
from scenarios.batch import Request

MANIFEST_VERSION = 3
SCHEMA = f"urn:sourcecast:schema:manifest:{MANIFEST_VERSION}"
ROOMS = ("data", "forecast", "scenarios")
LIBRARIES = ("numba", "numpy", "pandas", "pyarrow", "scipy", "statsmodels")
IDENTITY = ("schema", "data", "model", "request", "platform")
NAME_LENGTH = 12
Values = dict[str, object]


@cache
def code_hash() -> str:
    """Return a hash of the program that computes the numbers, with what it has learned: versions differ in it even if they share a number."""
    root = Path(__file__).parent.parent
    digest = sha256()
    for room in ROOMS:
        for path in sorted(path for path in (root / room).iterdir() if path.suffix in (".py", ".json")):
            digest.update(f"{room}/{path.name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def program() -> Values:
    """Return what computes: the version of the program, and what it runs on."""
    return {
        "model": {"version": version("sourcecast"), "code": code_hash()},
        "platform": {
            "system": platform.system(),
            "machine": platform.machine(),
            "python": platform.python_version(),
            "libraries": {name: version(name) for name in LIBRARIES},
        },
    }


def identity(catalogue: Catalogue, request: Request) -> Values:
    """Return what decides every number of a run; two runs with equal identity have equal tables, to the byte."""
    data = {"hash": fingerprint(catalogue), "facts": len(catalogue.facts), "targets": len(catalogue.targets)}
    return {"schema": SCHEMA, "data": data, "request": request.content(), **program()}


def run_name(what: Mapping[str, object]) -> str:
    """Return the name of a run: the first digits of the hash of its identity."""
    return sha256(json_bytes(what)).hexdigest()[:NAME_LENGTH]


def is_run_name(text: str) -> bool:
    """Tell whether a text has the form of the name of a run."""
    return len(text) == NAME_LENGTH and set(text) <= set("0123456789abcdef")


def json_bytes(values: object) -> bytes:
    """Write values as JSON, equal ones as equal bytes."""
    return (json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n").encode()
