"""What every command says to the terminal: tables to standard output, notes and progress to standard error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:  # pandas comes with it
    from data import Catalogue

TABLE_WIDTH = 130


def console() -> Console:
    """Return the terminal, or a wide page when the output goes to a file; a bracket in a name is a bracket, not markup."""
    return Console(width=None if sys.stdout.isatty() else TABLE_WIDTH, markup=False, emoji=False)


def measure_names(catalogue: "Catalogue") -> dict[str, str]:
    """Return the English name of every measure."""
    return dict(zip(catalogue.measures["measure"], catalogue.measures["name_en"], strict=True))


def notes(lines: tuple[str, ...], quiet: bool) -> None:
    """Print notes about the user's data to standard error."""
    for line in () if quiet else lines:
        print(f"note: {line}", file=sys.stderr)


@contextmanager
def progress(title: str, quiet: bool) -> Iterator[Callable[[float], None]]:
    """Show progress on standard error, in a terminal only and not before a second has passed."""
    if quiet or not sys.stderr.isatty():
        yield lambda _share: None
        return
    from rich.progress import Progress

    started = monotonic()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=1.0, visible=False)
        yield lambda share: bar.update(task, completed=share, visible=monotonic() - started > 1.0)
