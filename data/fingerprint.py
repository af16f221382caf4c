"""A name for the content of the tables, by which results can be traced to what they rest on."""

import hashlib

from data.catalogue import TABLE_COLUMNS, Catalogue


def fingerprint(catalogue: Catalogue) -> str:
    """Return the SHA-256 of all tables, a user's own figures included, as 64 hexadecimal digits; equal tables have equal ones."""
    digest = hashlib.sha256()
    for table in TABLE_COLUMNS:
        digest.update(f"{table}\n".encode())
        digest.update(getattr(catalogue, table).to_csv(index=False, lineterminator="\n").encode())
    return digest.hexdigest()
