"""Levels, forecasts and draws as netCDF with the conventions of CF: periods with their bounds, units, the manifest as global attributes.

Levels and forecasts have a file a scenario or model, with a variable for each measure, scope and unit (place, period, quantile); draws have a
file a block, with a variable for each series (period, path), so that no more than a block is in memory.
"""

import json
import re
from collections.abc import Container, Mapping
from datetime import date
from itertools import chain, count
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from data.exchange import written
from forecast.forecast_table import quantile_name
from forecast.prediction import QUANTILE_LEVELS
from scenarios.run_store import Manifest, files_of
from scenarios.run_tables import tables_in

CONVENTIONS = "CF-1.11"
START = date(2000, 1, 1)
QUANTITY = ["measure", "scope", "unit"]
LONGEST_NAME = 200  # bytes; the library of netCDF reads 256, and what is longer it cuts within a letter
Variable = tuple[tuple[str, ...], np.ndarray, dict[str, str]]


def write_netcdf_files(folder: Path, manifest: Manifest) -> None:
    """Write what a run has of levels, forecasts and draws; `folder` lies in that of the run."""
    for table in ("levels", "forecasts"):
        parts = dict.fromkeys(entry["of"] for entry in manifest["blocks"] if files_of({"blocks": [entry]}, table))
        for number, of in enumerate(parts, start=1):
            frame = pd.concat(one.to_pandas() for one in tables_in(folder.parent, files_of(manifest, table, of)))
            write(folder / f"{table}-{number:04d}.nc", quantile_set(frame, manifest, of))
    for path in files_of(manifest, "draws"):
        (table,) = tables_in(folder.parent, [path])
        write(folder / f"draws-{Path(path).stem}.nc", draw_set(table.to_pandas(), manifest))


def write(path: Path, dataset: xr.Dataset) -> None:
    """Write a file whole or not at all; levels compress well."""
    encoding = {name: {"zlib": True, "complevel": 4} for name, one in dataset.data_vars.items() if one.dtype.kind == "f"}
    with written(path) as draft:
        dataset.to_netcdf(draft, engine="h5netcdf", encoding=encoding)


def quantile_set(frame: pd.DataFrame, manifest: Manifest, of: str) -> xr.Dataset:
    """Lay levels or forecasts out by place, period and quantile, the mean beside."""
    frame = frame.astype(dict.fromkeys(("place", "period", *QUANTITY), str))
    places, periods = sorted(set(frame["place"])), sorted(set(frame["period"]))
    names = [quantile_name(level) for level in QUANTILE_LEVELS]
    variables: dict[str, Variable] = {}
    for found, rows in frame.groupby(QUANTITY):
        key = tuple(map(str, found))
        at = (pd.Categorical(rows["place"], places).codes, pd.Categorical(rows["period"], periods).codes)
        quantiles = np.full((len(places), len(periods), len(names)), np.nan)
        quantiles[at] = rows[names].to_numpy()
        means = np.full((len(places), len(periods)), np.nan)
        means[at] = rows["mean"].to_numpy()
        name, said = named(variables, key), " ".join(key[:2])
        attributes = {"units": key[2], "measure": key[0], "scope": key[1]}
        variables[name] = (("place", "period", "quantile"), quantiles, {"long_name": f"quantiles of {said}"} | attributes)
        variables[f"{name}_mean"] = (
            ("place", "period"), means, {"long_name": f"mean of {said}", "cell_methods": "realization: mean"} | attributes,
        )  # fmt: skip
    levels = ("quantile", list(QUANTILE_LEVELS), {"long_name": "probability that the level is not above", "units": "1"})
    dataset = xr.Dataset(variables, coords={"place": places, "quantile": levels} | times(periods), attrs=attributes_of(manifest))
    return dataset.assign_attrs({"scenario_or_model": of})


def draw_set(frame: pd.DataFrame, manifest: Manifest) -> xr.Dataset:
    """Lay the futures of some series out by period and path."""
    keys = ["scenario", "place", *QUANTITY]
    frame = frame.astype(dict.fromkeys((*keys, "period"), str))
    periods = sorted(set(frame["period"]))
    paths = int(frame["path"].max()) + 1
    variables: dict[str, Variable] = {}
    for found, rows in frame.groupby(keys, sort=False):
        key = tuple(map(str, found))
        levels = np.full((len(periods), paths), np.nan, np.float32)
        levels[pd.Categorical(rows["period"], periods).codes, rows["path"]] = rows["level"]
        said = dict(zip(keys, key, strict=True))
        attributes = {"long_name": f"level of {said['measure']}, {said['scope']}, in {said['place']}", "units": said.pop("unit")}
        variables[named(variables, key[1:])] = (("period", "path"), levels, attributes | said)
    number = (
        "path",
        np.arange(paths, dtype=np.int32),
        {"long_name": "number of the future", "standard_name": "realization", "units": "1"},
    )
    return xr.Dataset(variables, coords={"path": number} | times(periods), attrs=attributes_of(manifest))


def named(taken: Container[str], key: tuple[str, ...]) -> str:
    """Name a variable after what it is about, in letters, digits and underscores, so that neither it nor its mean is named like another."""
    name = re.sub(r"\W+", "_", "_".join(key)).strip("_").casefold()
    name = name if name[0].isalpha() else f"v_{name}"
    name = name.encode()[:LONGEST_NAME].decode(errors="ignore")  # of the last letter there may be a part
    names = chain([name], (f"{name}_{number}" for number in count(2)))
    return next(one for one in names if one not in taken and f"{one}_mean" not in taken)


def times(periods: list[str]) -> dict[str, object]:
    """Return the coordinates of years, quarters or months: their names, first days, and bounds."""
    starts = [days(period) for period in periods]
    said = {"long_name": "first day of the period", "standard_name": "time", "units": f"days since {START}", "calendar": "standard"}
    return {
        "period": ("period", periods, {"long_name": "year, quarter or month"}),
        "time": ("period", [start for start, _ in starts], said | {"bounds": "time_bounds"}),
        "time_bounds": (("period", "bound"), starts),
    }


def days(period: str) -> tuple[int, int]:
    """Return the first day of a period and the day after its last one, in days since the start of 2000."""
    year, (first, months) = int(period[:4]), (1, 12)
    if period[4:5] == "Q":
        first, months = 3 * int(period[5:]) - 2, 3
    elif period[4:5] == "-":
        first, months = int(period[5:]), 1
    over, last = divmod(first - 1 + months, 12)
    return (date(year, first, 1) - START).days, (date(year + over, last + 1, 1) - START).days


def attributes_of(manifest: Mapping[str, object]) -> dict[str, str]:
    """Return the manifest as global attributes, without its list of files."""
    request, model = manifest["request"], manifest["model"]
    kept = {name: value for name, value in manifest.items() if name not in ("blocks", "tables", "timing")}
    return {
        "Conventions": CONVENTIONS,
        "title": request["title"],  # type: ignore[index]
        "source": f"sourcecast {model['version']}",  # type: ignore[index]
        "run": str(manifest["run"]),
        "manifest": json.dumps(kept, ensure_ascii=False, sort_keys=True),
    }
