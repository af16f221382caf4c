"""What a program may want to know of a long run while it lasts: a line of JSON an event, to standard error, if asked for."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

LOGGER = "sourcecast"
STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes time, level, event and whatever the code adds, such as the run."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record on one line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        added = {name: value for name, value in vars(record).items() if name not in STANDARD}
        line = {"time": time, "level": record.levelname.casefold(), "event": record.getMessage(), **added}
        return json.dumps(line, ensure_ascii=False, default=str)


@contextmanager
def log_lines(verbose: bool) -> Iterator[None]:
    """Write the events of our own code as lines if `verbose`; without it nothing is written."""
    logger = logging.getLogger(LOGGER)
    if not verbose:
        yield
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    level = logger.level
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)
